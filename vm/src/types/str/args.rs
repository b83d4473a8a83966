//! What the methods of str and of the bytes types do with their arguments.

use super::codec::{Codec, encode_as};
use super::errors::Errors;
use super::{Str, Text};
use crate::object::call::Args;
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// The str that a method was called on.
#[inline]
pub fn text(this: &Value) -> &Str {
    this.get().expect("a method of str is called with a str")
}

/// An argument that may have been left out.
#[inline]
pub fn given(args: &[Value], at: usize) -> Option<&Value> {
    args.get(at).and_then(Value::bound)
}

/// An argument that may have been left out, or be None, which means the same.
#[inline]
pub fn given_value(args: &[Value], at: usize) -> Option<&Value> {
    given(args, at).filter(|value| !value.is_none())
}

/// An argument that must be a str: `find() argument 1 must be str, not int`.
pub fn str_arg<'a>(vm: &Vm, value: &'a Value, what: &str) -> Res<&'a Str> {
    match value.get::<Str>() {
        Some(text) => Ok(text),
        None => {
            let kind = vm.arg_name(value);
            Err(vm.type_error(format_args!("{what} must be str, not {kind}")))
        }
    }
}

/// The same where C takes a text that ends with a null: `ValueError` if there is one in it, `UnicodeEncodeError` if there are lone
/// surrogates.
pub fn c_text(vm: &Vm, value: &Value, what: &str) -> Res<Text> {
    str_arg(vm, value, what)?;
    let text = vm.text(value);
    if !text.is_exact() {
        encode_as(vm, value, Codec::Utf8, Errors::named("strict"))?;
    }
    match text.contains('\0') {
        true => Err(vm.value_error("embedded null character")),
        false => Ok(text),
    }
}

/// The same for an argument with a default.
pub fn optional_str<'a>(vm: &Vm, args: &'a [Value], at: usize, what: &str) -> Res<Option<&'a Str>> {
    given(args, at).map(|value| str_arg(vm, value, what)).transpose()
}

/// An int, or what has `__index__`, as a size.
pub fn size(vm: &Vm, value: &Value) -> Res<i64> {
    match vm.as_i64(value) {
        Some(number) => Ok(number),
        None => vm.index_i64(value),
    }
}

/// The same, with a default.
pub fn optional_size(vm: &Vm, args: &[Value], at: usize, default: i64) -> Res<i64> {
    given(args, at).map_or(Ok(default), |value| size(vm, value))
}

/// A start or an end in the sense of slices: an index of any size, or None.
fn slice_index(vm: &Vm, args: &[Value], at: usize, default: i64) -> Res<i64> {
    match given(args, at) {
        None => Ok(default),
        Some(value) if value.is_none() => Ok(default),
        Some(value) => match vm.as_i64(value) {
            Some(number) => Ok(number),
            None if vm.slots(value).index().is_none() => {
                Err(vm.type_error("slice indices must be integers or None or have an __index__ method"))
            }
            None => vm.index_clamped(value),
        },
    }
}

/// The optional arguments `start` and `end` at the indices `at` and `at + 1`, as they were given.
pub fn bounds(vm: &Vm, args: &[Value], at: usize) -> Res<(i64, i64)> {
    Ok((slice_index(vm, args, at, 0)?, slice_index(vm, args, at + 1, i64::MAX)?))
}

/// The part of a sequence that bounds name; `None` if it ends before it starts.
pub fn part_of((start, end): (i64, i64), len: usize) -> Option<(usize, usize)> {
    let len = len as i64;
    let end = if end > len {
        len
    } else if end < 0 {
        (end + len).max(0)
    } else {
        end
    };
    let start = if start < 0 { (start + len).max(0) } else { start };
    (start <= end).then_some((start as usize, end as usize))
}

/// Binds the arguments of a constructor to its parameters, all of which may be named, and the first `required` of which may
/// not be left out.
pub fn bind<const N: usize>(
    vm: &Vm,
    name: &str,
    args: Args<'_>,
    parameters: [&str; N],
    required: usize,
) -> Res<[Value; N]> {
    if args.len() > N {
        let plural = if N == 1 { "" } else { "s" };
        let count = args.len();
        return Err(if name == "str" && args.names.is_empty() {
            vm.type_error(format_args!("{name} expected at most {N} argument{plural}, got {count}"))
        } else {
            vm.type_error(format_args!("{name}() takes at most {N} argument{plural} ({count} given)"))
        });
    }
    let bound = [const { Value::UNBOUND }; N];
    for (slot, value) in bound.iter().zip(args.pos) {
        slot.set(value.take());
    }
    let mut wrong = None;
    for (given, value) in args.names.iter().zip(args.named) {
        let key = vm.text(given);
        match parameters.iter().position(|p| *p == key.as_str()) {
            Some(at) if bound[at].is_unbound() => bound[at].set(value.take()),
            found => wrong = wrong.or(Some((given, found))),
        }
    }
    // What is missing is said before what is wrong.
    if let Some(at) = bound[..required].iter().position(Value::is_unbound) {
        let parameter = parameters[at];
        return Err(
            vm.type_error(format_args!("{name}() missing required argument '{parameter}' (pos {})", at + 1))
        );
    }
    match wrong {
        None => Ok(bound),
        Some((given, Some(at))) => Err(vm.type_error(format_args!(
            "argument for {name}() given by name ('{}') and position ({})",
            vm.text(given),
            at + 1
        ))),
        Some((given, None)) => Err(vm.unexpected_keyword(name, given, &parameters)),
    }
}

/// An index into a sequence; `None` if the key is no index at all.
pub fn index_of(vm: &Vm, key: &Value) -> Res<Option<i64>> {
    if let Some(at) = vm.as_i64(key) {
        return Ok(Some(at));
    }
    if vm.slots(key).index().is_none() {
        return Ok(None);
    }
    match vm.as_i64(&vm.index(key)?) {
        Some(at) => Ok(Some(at)),
        None => {
            Err(vm
                .index_error(format_args!("cannot fit '{}' into an index-sized integer", vm.type_name(key))))
        }
    }
}

/// How often to repeat a sequence; `None` if the value is no int.
pub fn repeat_count(vm: &Vm, count: &Value) -> Res<Option<i64>> {
    if let Some(number) = vm.as_i64(count) {
        return Ok(Some(number));
    }
    if vm.slots(count).index().is_none() {
        return Ok(None);
    }
    match vm.as_i64(&vm.index(count)?) {
        Some(number) => Ok(Some(number)),
        None => Err(vm.overflow_error(format_args!(
            "cannot fit '{}' into an index-sized integer",
            vm.type_name(count)
        ))),
    }
}
