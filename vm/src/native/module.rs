//! What the tables of native modules and types are made of, and how arguments reach a native function.

use std::marker::PhantomData;
use std::ops::Deref;

use super::convert::{FromArg, IntoValue, Place};
use super::cx::Cx;
use crate::object::call::Args as CallArgs;
use crate::object::kind::{NativeType, Obj};
use crate::object::native::{Named, bind_named, parameters};
use crate::object::ty::{TypeDef, TypeObj};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::records::{Fields, Maker};
use crate::value::Value;
use crate::vm::Vm;

/// `True`, as a default in a signature.
#[allow(non_upper_case_globals, reason = "Python's name")]
pub const True: bool = true;
/// `False`, as a default in a signature.
#[allow(non_upper_case_globals, reason = "Python's name")]
pub const False: bool = false;

/// The object that a method was called on: its body, and itself as a value.
pub struct This<'a, T> {
    body: &'a T,
    value: &'a Value,
}

impl<T> Clone for This<'_, T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for This<'_, T> {}

/// Asks a slot's function of the object that the slot is asked for. Where that is one of the very kind there is nothing to do behind the
/// function, which can be all of what is called.
#[inline(always)]
pub fn ask<T: NativeType, R>(vm: &Vm, this: &Value, slot: impl Fn(&Cx, This<'_, T>) -> Res<R>) -> Res<R> {
    let cx = Cx::of(vm);
    match this.own_body() {
        Some(body) => slot(cx, This { body, value: this }),
        None => ask_otherwise(cx, this, slot),
    }
}

/// The same of a kind that begins with that one, or extends a builtin type; `TypeError` of anything else.
#[cold]
#[inline(never)]
fn ask_otherwise<T: NativeType, R>(
    cx: &Cx,
    this: &Value,
    slot: impl Fn(&Cx, This<'_, T>) -> Res<R>,
) -> Res<R> {
    slot(cx, This::expect(cx, this)?)
}

impl<'a, T: NativeType> This<'a, T> {
    /// The object, if it is an instance of the type.
    #[inline(always)]
    pub fn of(cx: &Cx, value: &'a Value) -> Option<This<'a, T>> {
        T::receive(cx, value).map(|body| This { body, value })
    }
    /// The same where it must be.
    #[inline(always)]
    pub fn expect(cx: &Cx, value: &'a Value) -> Res<This<'a, T>> {
        match This::of(cx, value) {
            Some(this) => Ok(this),
            None => Err(wrong_receiver::<T>(cx, value)),
        }
    }
    /// The object.
    #[inline(always)]
    pub fn value(self) -> &'a Value {
        self.value
    }
    /// The object as one that is owned, of its type.
    #[inline(always)]
    pub fn object(self) -> Obj<T> {
        Obj::of_receiver(self.value)
    }
    /// A new reference to it.
    #[inline(always)]
    pub fn to_value(self) -> Value {
        self.value.clone()
    }
}

/// A member of a type that extends a builtin one: a word behind the builtin's fields.
pub struct Member<T>(u16, PhantomData<T>);

impl<T> Clone for Member<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Member<T> {}

impl<T> Member<T> {
    /// The member of a number, from 0.
    pub const fn number(number: u16) -> Member<T> {
        Member(number, PhantomData)
    }
}

impl<T: NativeType> This<'_, T> {
    /// The value of a member, a new reference; nothing if it was never set.
    pub fn member(self, cx: &Cx, member: Member<T>) -> Option<Value> {
        cx.vm().native_member(T::KIND, member.0, self.value)?.bound().cloned()
    }
    /// Sets a member. The old value may die, which may run Python.
    pub fn set_member(self, cx: &Cx, member: Member<T>, value: Value) {
        if let Some(place) = cx.vm().native_member(T::KIND, member.0, self.value) {
            place.set(value);
        }
    }
}

/// Whether a value is an instance of a type that extends a builtin one.
pub fn extends<T: NativeType>(cx: &Cx, value: &Value) -> bool {
    cx.vm().native_type(T::KIND).is_ok_and(|ty| cx.vm().type_of(value).is_subtype(ty))
}

#[cold]
#[inline(never)]
fn wrong_receiver<T: NativeType>(cx: &Cx, value: &Value) -> crate::raised::Raised {
    let kind = T::KIND.def.name;
    cx.type_error(format_args!(
        "descriptor requires a '{kind}' object but received a '{}'",
        cx.type_name(value)
    ))
}

impl<T> Deref for This<'_, T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        self.body
    }
}

impl<'a, T: NativeType> FromArg<'a> for This<'a, T> {
    #[inline(always)]
    fn from_arg(cx: &'a Cx, arg: &'a Value, place: &Place) -> Res<This<'a, T>> {
        This::of(cx, arg).ok_or(()).map_err(|()| place.must_be(cx, T::KIND.def.name, arg))
    }
}

/// Arguments as they came, for a function that takes any number of them.
#[derive(Clone, Copy)]
pub struct Args<'a>(CallArgs<'a>);

impl<'a> Args<'a> {
    /// Of a call.
    pub fn of(args: CallArgs<'a>) -> Args<'a> {
        Args(args)
    }
    /// The positional ones.
    pub fn positional(self) -> &'a [Value] {
        self.0.pos
    }
    /// A positional one, given away: it can be asked for once. None if there are fewer.
    pub fn take(self, at: usize) -> Value {
        self.0.pos.get(at).map_or(Value::NONE, Value::take)
    }
    /// How many are named.
    pub fn named_count(self) -> usize {
        self.0.names.len()
    }
    /// The named ones.
    pub fn named(self) -> impl Iterator<Item = (&'a Value, &'a Value)> {
        self.0.names.iter().zip(self.0.named)
    }
    /// The one of a name.
    pub fn get_named(self, cx: &Cx, name: &str) -> Option<&'a Value> {
        self.named().find(|(given, _)| cx.vm().text(given) == name).map(|(_, value)| value)
    }
    /// `TypeError` if any is named.
    pub fn no_keywords(self, cx: &Cx, function: &str) -> Res<()> {
        if self.0.names.is_empty() {
            return Ok(());
        }
        Err(cx.type_error(format_args!("{function}() takes no keyword arguments")))
    }
    /// The same in a `__new__`: a subclass with an `__init__` of its own may be called with names, which are for that.
    pub fn no_keywords_of<T: NativeType>(self, cx: &Cx, class: &Value, function: &str) -> Res<()> {
        if self.0.names.is_empty() || has_own_init::<T>(cx, class) {
            return Ok(());
        }
        self.no_keywords(cx, function)
    }
    /// `TypeError` if one is named otherwise than a function knows.
    pub fn known_names(self, cx: &Cx, function: &str, known: &[&str]) -> Res<()> {
        match self.0.names.iter().find(|name| !known.contains(&cx.vm().text(name).as_str())) {
            Some(name) => Err(cx.vm().unexpected_keyword(function, name, known)),
            None => Ok(()),
        }
    }
    /// `TypeError` if there are fewer or more positional ones.
    pub fn count(self, cx: &Cx, function: &str, least: usize, most: usize) -> Res<()> {
        let given = self.0.pos.len();
        if (least..=most).contains(&given) {
            return Ok(());
        }
        let (bound, how) = match (least == most, given < least) {
            (true, _) => (least, ""),
            (_, true) => (least, "at least "),
            _ => (most, "at most "),
        };
        let s = if bound == 1 { "" } else { "s" };
        Err(cx.type_error(format_args!("{function} expected {how}{bound} argument{s}, got {given}")))
    }
    /// Without the first so many positional ones.
    pub fn behind(self, count: usize) -> Args<'a> {
        Args(CallArgs { pos: self.0.pos.get(count..).unwrap_or(&[]), ..self.0 })
    }
    /// With no more than the first so many positional ones.
    pub fn first(self, count: usize) -> Args<'a> {
        Args(CallArgs { pos: self.0.pos.get(..count).unwrap_or(self.0.pos), ..self.0 })
    }
    /// As the VM has them.
    pub(crate) fn into_call(self) -> CallArgs<'a> {
        self.0
    }
    /// Calls something with them. Runs Python.
    pub fn call(self, cx: &Cx, callable: &Value) -> Res {
        cx.vm().call_args(callable, self.0)
    }
}

/// Hands a call's slots out in the order of the parameters.
pub struct Taker<'a> {
    slots: std::slice::Iter<'a, Value>,
    position: u8,
}

impl<'a> Taker<'a> {
    /// Over bound slots.
    #[inline(always)]
    pub fn new(slots: &'a [Value]) -> Taker<'a> {
        Taker { slots: slots.iter(), position: 0 }
    }
    /// The next parameter's argument, if the caller gave one.
    #[inline(always)]
    pub fn given(&mut self) -> Option<&'a Value> {
        self.position += 1;
        self.slots.next().and_then(Value::bound)
    }
    /// The next parameter's argument, which was asked for.
    #[inline(always)]
    pub fn required(&mut self, cx: &Cx) -> Res<&'a Value> {
        self.given().ok_or(()).map_err(|()| cx.system_error("an argument that is asked for is missing"))
    }
    /// The place of the argument that was handed out last.
    #[inline(always)]
    pub fn place(&self, function: &'static str, parameter: &'static str) -> Place {
        Place { function, parameter, position: self.position, alone: false }
    }
}

/// Slots for the arguments of a call that are not plainly positional ones in the right number.
#[cold]
#[inline(never)]
pub fn bind(cx: &Cx, function: &'static str, signature: &'static str, args: CallArgs<'_>) -> Res<Vec<Value>> {
    bind_named(cx.vm(), &Named { short: function, shown: function, signature }, args)
}

/// The same for a `__new__`: a class with an `__init__` of its own may be called with names that `__new__` does not know.
#[cold]
#[inline(never)]
pub fn bind_new<T: NativeType>(
    cx: &Cx,
    class: &Value,
    function: &'static str,
    signature: &'static str,
    args: CallArgs<'_>,
) -> Res<Vec<Value>> {
    let list = parameters(signature).unwrap_or_default();
    let takes_names = list.iter().any(|p| p.keyword);
    let own_init = !takes_names && has_own_init::<T>(cx, class);
    let args = if own_init { CallArgs::pos(args.pos) } else { args };
    if list.is_empty() && !args.pos.is_empty() {
        return Err(cx.type_error(format_args!("{function}() takes no positional arguments")));
    }
    // A class that is called with one argument counts as those with more do, other than functions.
    if let [only] = &list[..]
        && !takes_names
        && args.names.is_empty()
    {
        Args(args).count(cx, function, usize::from(!only.optional), 1)?;
    }
    bind(cx, function, signature, args)
}

/// Whether a subclass of a native type has an `__init__` of its own.
fn has_own_init<T: NativeType>(cx: &Cx, class: &Value) -> bool {
    class.get::<TypeObj>().is_some_and(|class| {
        cx.vm().native_type(T::KIND).is_ok_and(|base| class.slots().init() != base.slots().init())
    })
}

/// The namespace of a module while it is filled.
pub struct Filler<'a> {
    cx: &'a Cx,
    dict: &'a Dict,
}

impl<'a> Filler<'a> {
    /// Of a module's dict.
    pub fn new(vm: &'a Vm, dict: &'a Dict) -> Filler<'a> {
        Filler { cx: Cx::of(vm), dict }
    }
    /// The context.
    pub fn cx(&self) -> &'a Cx {
        self.cx
    }
    /// Adds a name.
    pub fn add(&self, name: &str, value: impl IntoValue) -> Res<()> {
        let value = value.into_value(self.cx)?;
        self.dict.set_name(self.cx.vm(), &self.cx.vm().intern(name)?, value)
    }
    /// What has a name so far.
    pub fn get(&self, name: &str) -> Res<Option<Value>> {
        Ok(self.dict.get_name(&self.cx.vm().intern(name)?).cloned())
    }
    /// Gives what has one name another one, too.
    pub fn alias(&self, name: &str, of: &str) -> Res<()> {
        let found = self.dict.get_name(&self.cx.vm().intern(of)?).cloned();
        self.add(name, found.unwrap_or(Value::NONE))
    }
    /// Gives a native type an attribute, before anybody sees the type.
    pub fn add_to_type<T: NativeType>(&self, name: &str, value: impl IntoValue) -> Res<()> {
        let (vm, value) = (self.cx.vm(), value.into_value(self.cx)?);
        vm.native_type(T::KIND)?.dict().set_name(vm, &vm.intern(name)?, value)
    }
    /// Adds what the table of another module lists: a part of this one, for a module that takes more than a file. Runs what its `fill`
    /// runs.
    pub fn include(&self, part: &'static crate::modules::NativeModule) -> Res<()> {
        crate::modules::add_functions(self.cx.vm(), self.dict, part.name, part.functions)?;
        (part.fill)(self.cx.vm(), self.dict)
    }
    /// Adds a native type under its own name.
    pub fn add_type<T: NativeType>(&self) -> Res<()> {
        self.add(short_name(T::KIND.def.name), self.cx.class::<T>()?)
    }
}

/// A class of exceptions: `module.name`, with a builtin base.
pub fn new_exception_class(vm: &Vm, full: &'static str, base: &str, doc: &str) -> Res {
    let (module, name) = full.rsplit_once('.').unwrap_or(("builtins", full));
    vm.new_exception_class(module, name, vm.expect_type(&vm.builtin(base)?)?, doc)
}

/// A class of records.
pub fn new_record_class(vm: &Vm, def: &'static TypeDef, fields: Fields) -> Res {
    Ok(crate::types::records::builtin(vm, def, fields)?.into_value())
}

/// What a type of records with these marks makes an instance of.
pub const fn maker(marks: &[&str]) -> Maker {
    match marks {
        [] => Maker::Sequence,
        [mark] if mark.len() == "spread".len() => Maker::Fields,
        [mark] if mark.len() == "uncalled".len() => Maker::Interpreter,
        _ => panic!("a type of records can be marked `uncalled` or `spread`"),
    }
}

/// What a doc comment says, without the space that begins each of its lines: bytes, and how many of them count.
pub const fn clean<const N: usize>(raw: &str) -> ([u8; N], usize) {
    let (bytes, mut out, mut len, mut at) = (raw.as_bytes(), [0; N], 0, 0);
    let mut begins = true;
    while at < bytes.len() {
        if !(begins && bytes[at] == b' ') {
            out[len] = bytes[at];
            len += 1;
        }
        begins = bytes[at] == b'\n';
        at += 1;
    }
    while len > 0 && out[len - 1] == b'\n' {
        len -= 1;
    }
    (out, len)
}

/// Those bytes as a text.
pub const fn text_of(bytes: &[u8], len: usize) -> &str {
    match std::str::from_utf8(bytes.split_at(len).0) {
        Ok(text) => text,
        Err(_) => panic!("a doc comment is UTF-8, and only spaces were left out"),
    }
}

/// The part of a type's name behind its module.
pub const fn short_name(full: &'static str) -> &'static str {
    let bytes = full.as_bytes();
    let mut at = bytes.len();
    while at > 0 && bytes[at - 1] != b'.' {
        at -= 1;
    }
    full.split_at(at).1
}
