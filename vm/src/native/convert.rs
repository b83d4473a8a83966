//! From Python's values to Rust's and back: what parameters and results of native functions may be.
//!
//! | parameter | takes | otherwise |
//! |---|---|---|
//! | [`Value`] | anything | |
//! | `&Value` | anything; only looked at, and the caller's | |
//! | `i32`, `u32`, `i64`, `u64`, `usize`, `u8` | an int, through `__index__` (runs Python) | `TypeError`, `OverflowError` |
//! | [`Clamped`] | the same, the nearest number that fits | `TypeError` |
//! | [`Bound`] | the same, as a place that may count from the end | `TypeError` |
//! | [`Given`] | anything, and knows whether it was given | |
//! | [`Int`](super::Int) | an int of any size, through `__index__`; lends its digits | `TypeError` |
//! | [`Big`] | the same, a copy | `TypeError` |
//! | `f64` | a real number, through `__float__` and `__index__` (runs Python) | `TypeError`, `OverflowError` |
//! | `bool` | the truth of anything (runs Python) | |
//! | [`Text`] | a str | `TypeError` |
//! | [`Iter`] | an iterable (runs Python) | `TypeError` |
//! | `&T` of a native type | an instance of it | `TypeError` |
//! | `Option<T>` | None, or what `T` takes | as `T` |
//!
//! Errors are CPython's, and name function and parameter as it does.

use dashu_int::IBig;

use super::cx::{Cx, Iter};
use crate::object::kind::{NativeType, Obj};
use crate::raised::{Raised, Res};
use crate::types::str::{Str, Text};
use crate::value::Value;

/// Which argument of which function is converted: for messages.
#[derive(Clone, Copy)]
pub struct Place {
    /// The function's name.
    pub function: &'static str,
    /// The parameter's name; empty if it can only be given by position, when `position` names it.
    pub parameter: &'static str,
    /// From 1, `self` left out.
    pub position: u8,
    /// Whether the function takes but this one.
    pub alone: bool,
}

impl Place {
    /// `TypeError: f() argument 1 must be str, not int`
    #[cold]
    pub fn must_be(&self, cx: &Cx, what: &str, given: &Value) -> Raised {
        let kind = cx.arg_name(given);
        let Place { function, parameter, position, alone } = self;
        match (parameter.is_empty(), alone) {
            (true, true) => cx.type_error(format_args!("{function}() argument must be {what}, not {kind}")),
            (true, _) => {
                cx.type_error(format_args!("{function}() argument {position} must be {what}, not {kind}"))
            }
            _ => {
                cx.type_error(format_args!("{function}() argument '{parameter}' must be {what}, not {kind}"))
            }
        }
    }
}

/// A type of parameters. The argument's slot belongs to the call, and outlives it.
pub trait FromArg<'a>: Sized {
    /// Converts an argument.
    fn from_arg(cx: &'a Cx, arg: &'a Value, place: &Place) -> Res<Self>;
}

impl<'a> FromArg<'a> for Value {
    #[inline(always)]
    fn from_arg(_: &'a Cx, arg: &'a Value, _: &Place) -> Res<Value> {
        Ok(arg.take())
    }
}

impl<'a> FromArg<'a> for &'a Value {
    #[inline(always)]
    fn from_arg(_: &'a Cx, arg: &'a Value, _: &Place) -> Res<&'a Value> {
        Ok(arg)
    }
}

impl<'a, T: NativeType> FromArg<'a> for &'a T {
    #[inline(always)]
    fn from_arg(cx: &'a Cx, arg: &'a Value, place: &Place) -> Res<&'a T> {
        arg.body().ok_or(()).map_err(|()| place.must_be(cx, T::KIND.def.name, arg))
    }
}

impl<'a, T: FromArg<'a>> FromArg<'a> for Option<T> {
    #[inline(always)]
    fn from_arg(cx: &'a Cx, arg: &'a Value, place: &Place) -> Res<Option<T>> {
        if arg.is_none() { Ok(None) } else { T::from_arg(cx, arg, place).map(Some) }
    }
}

macro_rules! from_arg {
    ($($ty:ty: |$cx:ident, $arg:ident, $place:pat_param| $convert:expr;)*) => { $(
        impl<'a> FromArg<'a> for $ty {
            #[inline]
            fn from_arg($cx: &'a Cx, $arg: &'a Value, $place: &Place) -> Res<$ty> {
                $convert
            }
        }
    )* };
}

/// A number that must not be negative and fit `T`.
fn unsigned<T: TryFrom<i128>>(cx: &Cx, arg: &Value, kind: &str) -> Res<T> {
    let number = cx.vm().index_big(arg)?;
    if number < IBig::ZERO {
        return Err(cx.overflow_error("can't convert negative int to unsigned"));
    }
    let fits = i128::try_from(&number).ok().and_then(|n| T::try_from(n).ok());
    fits.ok_or(())
        .map_err(|()| cx.overflow_error(format_args!("Python int too large to convert to C {kind}")))
}

from_arg! {
    i64: |cx, arg, _| cx.vm().index_i64(arg);
    i32: |cx, arg, _| cx.vm().index_c_int(arg);
    u32: |cx, arg, _| unsigned(cx, arg, "unsigned int");
    u64: |cx, arg, _| unsigned(cx, arg, "unsigned long");
    usize: |cx, arg, _| match cx.vm().index_i64(arg)? {
        n if n < 0 => Err(cx.value_error("value must be positive")),
        n => Ok(n as usize),
    };
    u8: |cx, arg, _| match cx.vm().index_i64(arg)? {
        n if n < 0 => Err(cx.overflow_error("unsigned byte integer is less than minimum")),
        n => u8::try_from(n).map_err(|_| cx.overflow_error("unsigned byte integer is greater than maximum")),
    };
    f64: |cx, arg, _| cx.vm().as_f64(arg);
    bool: |cx, arg, _| cx.vm().truth(arg);
    Iter: |cx, arg, _| cx.iter(arg);
    Text: |cx, arg, place| match arg.get::<Str>() {
        Some(_) => Ok(cx.vm().text(arg)),
        None => Err(place.must_be(cx, "str", arg)),
    };
    Given: |_cx, arg, _| Ok(Given(Some(arg.take())));
    Bound: |cx, arg, _| {
        if cx.vm().slots(arg).index().is_none() {
            return Err(cx.type_error("slice indices must be integers or have an __index__ method"));
        }
        cx.vm().index_clamped(arg).map(Bound)
    };
    Clamped: |cx, arg, _| cx.vm().index_clamped(arg).map(Clamped);
    Big: |cx, arg, _| cx.vm().index_big(arg).map(Big);
}

/// What the caller gave, None included, or nothing: for parameters without a default that could be written.
#[derive(Default)]
pub struct Given(pub Option<Value>);

/// Where a search begins or ends, as slices count: from the end if it is negative.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bound(pub i64);

impl Bound {
    /// The place that it means among so many items.
    pub fn among(self, len: usize) -> usize {
        let at = if self.0 < 0 { self.0.saturating_add(len as i64) } else { self.0 };
        at.clamp(0, len as i64) as usize
    }
}

/// An int, or the nearest that fits 64 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Clamped(pub i64);

/// An int of any size.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Big(pub IBig);

/// What becomes a value: results of native functions, arguments of calls.
pub trait IntoValue {
    /// Makes it one. `MemoryError`.
    fn into_value(self, cx: &Cx) -> Res;
}

impl IntoValue for Value {
    #[inline(always)]
    fn into_value(self, _: &Cx) -> Res {
        Ok(self)
    }
}

impl IntoValue for &Value {
    #[inline(always)]
    fn into_value(self, _: &Cx) -> Res {
        Ok(self.clone())
    }
}

/// A function that may raise.
impl<T: IntoValue> IntoValue for Res<T> {
    #[inline(always)]
    fn into_value(self, cx: &Cx) -> Res {
        self?.into_value(cx)
    }
}

/// None, or the value.
impl<T: IntoValue> IntoValue for Option<T> {
    #[inline(always)]
    fn into_value(self, cx: &Cx) -> Res {
        self.map_or(Ok(Value::NONE), |value| value.into_value(cx))
    }
}

impl<T: NativeType> IntoValue for Obj<T> {
    #[inline(always)]
    fn into_value(self, _: &Cx) -> Res {
        Ok(Obj::into_value(self))
    }
}

impl<T: NativeType> IntoValue for &Obj<T> {
    fn into_value(self, _: &Cx) -> Res {
        Ok(self.value().clone())
    }
}

macro_rules! into_value {
    ($($ty:ty: |$value:ident, $cx:ident| $make:expr;)*) => { $(
        impl IntoValue for $ty {
            #[inline]
            fn into_value(self, $cx: &Cx) -> Res {
                let $value = self;
                $make
            }
        }
    )* };
}

into_value! {
    (): |_unit, _cx| Ok(Value::NONE);
    bool: |truth, _cx| Ok(Value::bool(truth));
    u8: |n, _cx| Ok(Value::small(i64::from(n)));
    i32: |n, _cx| Ok(Value::small(i64::from(n)));
    u32: |n, _cx| Ok(Value::small(i64::from(n)));
    i64: |n, cx| cx.vm().int(n);
    u64: |n, cx| cx.vm().int_from_u64(n);
    usize: |n, cx| cx.vm().int_from_u64(n as u64);
    i128: |n, cx| cx.vm().int_from_i128(n);
    f64: |x, cx| cx.vm().float(x);
    IBig: |n, cx| cx.vm().int_from_big(n);
    Big: |n, cx| cx.vm().int_from_big(n.0);
    &str: |text, cx| cx.vm().str(text);
    String: |text, cx| cx.vm().str(&text);
    Text: |text, cx| cx.vm().str(text.as_str());
    std::fmt::Arguments<'_>: |text, cx| cx.vm().display(text);
    &[u8]: |bytes, cx| cx.vm().bytes(bytes);
    Iter: |iterator, _cx| Ok(iterator.into_value());
}

/// Arguments of a call: a tuple of up to six things that become values, or a slice of values, which are given away.
pub trait Arguments {
    /// Makes slots of them, which the call may empty.
    fn pass<R>(self, cx: &Cx, call: impl FnOnce(&[Value]) -> Res<R>) -> Res<R>;
}

macro_rules! arguments {
    ($(($($name:ident $at:tt),*))*) => { $(
        impl<$($name: IntoValue),*> Arguments for ($($name,)*) {
            #[inline]
            fn pass<R>(self, _cx: &Cx, call: impl FnOnce(&[Value]) -> Res<R>) -> Res<R> {
                call(&[$(self.$at.into_value(_cx)?),*])
            }
        }
        /// As a tuple.
        impl<$($name: IntoValue),*> IntoValue for ($($name,)*) {
            #[inline]
            fn into_value(self, cx: &Cx) -> Res {
                self.pass(cx, |items| cx.vm().take_tuple(items))
            }
        }
    )* };
}

arguments! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
}

impl Arguments for () {
    #[inline]
    fn pass<R>(self, _: &Cx, call: impl FnOnce(&[Value]) -> Res<R>) -> Res<R> {
        call(&[])
    }
}

impl Arguments for &[Value] {
    #[inline]
    fn pass<R>(self, _: &Cx, call: impl FnOnce(&[Value]) -> Res<R>) -> Res<R> {
        call(self)
    }
}

/// What a value can become when it leaves the interpreter: Rust's own data, which refers to nothing of it.
pub trait FromPython: Sized {
    /// Converts a value. Runs Python where the table of parameters says so; `TypeError`, `OverflowError`.
    fn from_python(cx: &Cx, value: &Value) -> Res<Self>;
}

/// A result in messages.
const RESULT: Place = Place { function: "result", parameter: "", position: 1, alone: true };

macro_rules! from_python {
    ($($ty:ty),*) => { $(
        impl FromPython for $ty {
            fn from_python(cx: &Cx, value: &Value) -> Res<$ty> {
                <$ty>::from_arg(cx, value, &RESULT)
            }
        }
    )* };
}
from_python!(i64, i32, u32, u64, usize, u8, f64, bool, Clamped, Big);

impl FromPython for () {
    fn from_python(_: &Cx, _: &Value) -> Res<()> {
        Ok(())
    }
}

impl FromPython for String {
    fn from_python(cx: &Cx, value: &Value) -> Res<String> {
        Text::from_arg(cx, value, &RESULT).map(|text| text.to_string())
    }
}

/// None, or the value.
impl<T: FromPython> FromPython for Option<T> {
    fn from_python(cx: &Cx, value: &Value) -> Res<Option<T>> {
        if value.is_none() { Ok(None) } else { T::from_python(cx, value).map(Some) }
    }
}

/// The items of an iterable. (What is collected is outside of the heap's budget.)
impl<T: FromPython> FromPython for Vec<T> {
    fn from_python(cx: &Cx, value: &Value) -> Res<Vec<T>> {
        let (items, mut list) = (cx.iter(value)?, Vec::new());
        while let Some(item) = items.next(cx)? {
            list.try_reserve(1).map_err(|_| cx.no_memory())?;
            list.push(T::from_python(cx, &item)?);
        }
        Ok(list)
    }
}

/// The items of a mapping, in its order.
impl<V: FromPython> FromPython for std::collections::BTreeMap<String, V> {
    fn from_python(cx: &Cx, value: &Value) -> Res<Self> {
        let items = cx.iter(&cx.call_method(value, "items", ())?)?;
        let mut map = Self::new();
        while let Some(item) = items.next(cx)? {
            let (key, value) = FromPython::from_python(cx, &item)?;
            map.insert(key, value);
        }
        Ok(map)
    }
}

macro_rules! tuples_from_python {
    ($(($count:literal: $($name:ident $at:tt),*))*) => { $(
        /// A sequence of as many items.
        impl<$($name: FromPython),*> FromPython for ($($name,)*) {
            fn from_python(cx: &Cx, value: &Value) -> Res<Self> {
                let len = cx.len(value)?;
                if len != $count {
                    return Err(cx.value_error(format_args!("{} items expected, got {len}", $count)));
                }
                Ok(($($name::from_python(cx, &cx.item_at(value, $at)?)?,)*))
            }
        }
    )* };
}
tuples_from_python! {
    (1: A 0)
    (2: A 0, B 1)
    (3: A 0, B 1, C 2)
    (4: A 0, B 1, C 2, D 3)
}

/// As a list.
impl<T: IntoValue> IntoValue for Vec<T> {
    fn into_value(self, cx: &Cx) -> Res {
        let list = super::List::new(cx, self.len())?;
        for item in self {
            list.push(cx, item)?;
        }
        Ok(list.into_value())
    }
}
