//! Named tuples as CPython's C code makes them: `sys.version_info`, `time.struct_time`.
//!
//! Such a type is a builtin subclass of `tuple` whose items also have names, which stand in `__match_args__`. Its fields are members,
//! words of the object, and fields that are no items ([`Fields::hidden`]) lie behind those that are.

use crate::object::behind::RECORD_WORDS;
use crate::object::call::Args;
use crate::object::native::{Call, Method, Named, bind_named, method};
use crate::object::slots::{CallWith, Slots};
use crate::object::ty::{TypeDef, TypeFlags, TypeObj};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::classes::class::new_builtin;
use crate::types::descriptors::Member;
use crate::types::dict::Dict;
use crate::types::str::build::StrBuilder;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

fn repr(vm: &Vm, this: &Value) -> Res {
    let ty = record_type(vm, this);
    let (names, shown) = names_of(vm, ty);
    let mut out = StrBuilder::new(vm);
    out.push_str(&format!("{}(", ty.full_name(vm)))?;
    for (at, name) in names.iter().take(shown).enumerate() {
        if at > 0 {
            out.push_str(", ")?;
        }
        out.push_value(name)?;
        out.push_str("=")?;
        let item = this.get::<Tuple>().and_then(|tuple| tuple.items().get(at)).cloned();
        out.push_value(&vm.repr(&item.unwrap_or(Value::NONE))?)?;
    }
    out.push_str(")")?;
    out.finish()
}

/// The builtin type of records that an object is an instance of.
fn record_type<'a>(vm: &'a Vm, this: &'a Value) -> &'a TypeObj {
    let mut ty = vm.type_of(this);
    while ty.has(TypeFlags::HEAP)
        && let Some(base) = ty.base.get::<TypeObj>()
    {
        ty = base;
    }
    ty
}

/// The fields of a builtin type of records.
#[derive(Clone, Copy)]
pub struct Fields {
    /// Those that are items. One whose name begins with an underscore has no name: it is shown by what follows that, which a hidden
    /// field may be called; unless that is given it has the item's value.
    pub items: &'static [&'static str],
    /// Those that are attributes only: None where they are not given.
    pub hidden: &'static [&'static str],
}

/// Whether a record is one of `sys`, or of the builtins. The other records can be given attributes.
const fn is_of_sys(name: &str) -> bool {
    let name = name.as_bytes();
    let mut at = 0;
    while at < name.len() && name[at] != b'.' {
        at += 1;
    }
    at == name.len() || (at == 3 && name[0] == b's' && name[1] == b'y' && name[2] == b's')
}

/// What a type of records makes an instance of when it is called.
#[derive(Clone, Copy)]
pub enum Maker {
    /// A sequence of the items.
    Sequence,
    /// The items, each an argument.
    Fields,
    /// Nothing: there are no other instances than those that the interpreter makes.
    Interpreter,
}

/// The description of a builtin type of records: `module.name`.
pub const fn def(name: &'static str, doc: &'static str, maker: Maker) -> TypeDef {
    let (new, methods): (Option<CallWith<Value>>, _) = match maker {
        Maker::Sequence => (Some(new), METHODS),
        Maker::Fields => (Some(new_of_fields), METHODS_OF_FIELDS),
        Maker::Interpreter => (None, METHODS),
    };
    TypeDef {
        name,
        layout: Layout::Tuple,
        flags: TypeFlags::FIELDS
            .union(TypeFlags::SEQUENCE)
            .union(if new.is_some() { TypeFlags::empty() } else { TypeFlags::NO_NEW })
            .union(if is_of_sys(name) { TypeFlags::empty() } else { TypeFlags::MUTABLE }),
        doc,
        slots: Slots { new, repr: Some(repr), ..Slots::NONE },
        methods,
        ..TypeDef::EMPTY
    }
}

const REDUCE_DOC: &str = "What pickle needs: the class, and what it is called with.";
const REPLACE: Method = method(
    "__replace__",
    "($self, /, **changes)",
    Call::Full(replace),
    "A record that differs in the given fields.",
);
static METHODS: &[Method] = &[method("__reduce__", "($self, /)", Call::One(reduce), REDUCE_DOC), REPLACE];
static METHODS_OF_FIELDS: &[Method] =
    &[method("__reduce__", "($self, /)", Call::One(reduce_of_fields), REDUCE_DOC), REPLACE];

/// Makes a builtin type of records.
pub fn builtin(vm: &Vm, def: &'static TypeDef, fields: Fields) -> Res<Ref<TypeObj>> {
    let ty = new_builtin(vm, def, &vm.types.tuple)?;
    let dict = ty.dict();
    for (at, field) in (0..).zip(fields.items.iter().chain(fields.hidden)) {
        let (key, name) = (vm.intern(field)?, vm.intern(field.trim_start_matches('_'))?);
        let index = RECORD_WORDS + at;
        let member = vm.new_object(|head| Member::read_only(head, ty.to_value(), name.clone(), index))?;
        dict.set_name(vm, &key, member.into_value())?;
    }
    let (items, hidden) = (fields.items.len(), fields.hidden.len());
    let unnamed = fields.items.iter().filter(|field| field.starts_with('_')).count();
    let counts = [("n_sequence_fields", items), ("n_fields", items + hidden), ("n_unnamed_fields", unnamed)];
    for (key, count) in counts {
        dict.set_name(vm, &vm.intern(key)?, Value::small(count as i64))?;
    }
    let named = fields.items.iter().filter(|field| !field.starts_with('_'));
    let names = named.map(|field| vm.intern(field)).collect::<Res<Vec<_>>>()?;
    dict.set_name(vm, &vm.names.__match_args__, vm.new_tuple(names)?)?;
    Ok(ty)
}

/// The names of a type's fields, and how many of them are items.
fn names_of(vm: &Vm, ty: &TypeObj) -> (Vec<Value>, usize) {
    let members = ty.dict().entries().filter_map(|entry| entry.value.exact::<Member>());
    let names = members.map(|member| member.name().clone()).collect();
    (names, count_of(vm, ty, "n_sequence_fields"))
}

/// One of the numbers that a type of records has.
fn count_of(vm: &Vm, ty: &TypeObj, key: &str) -> usize {
    let found = vm.intern(key).ok().and_then(|key| ty.dict().get_name(&key).cloned());
    found.and_then(|count| vm.as_i64(&count)).map_or(0, |count| count as usize)
}

/// The values of all fields of a record, hidden ones too.
fn values_of(vm: &Vm, this: &Value) -> (Vec<Value>, Vec<Value>, usize) {
    let (names, shown) = names_of(vm, vm.type_of(this));
    let values = (0..names.len()).map(|at| vm.word_slot(this, RECORD_WORDS + at as u16).clone()).collect();
    (names, values, shown)
}

/// `struct_time(sequence, dict={})`: the dict has what of the hidden fields the sequence has not.
fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let named = Named { short: "structseq", shown: "structseq", signature: "(sequence, dict=None)" };
    let bound = bind_named(vm, &named, args)?;
    let ty = vm.expect_type(class)?;
    let (names, shown) = names_of(vm, ty);
    let kind = ty.full_name(vm);
    if vm.slots(&bound[0]).iter().is_none() && vm.slots(&bound[0]).getitem().is_none() {
        return Err(vm.type_error("constructor requires a sequence"));
    }
    let given = vm.list_of(&bound[0])?;
    let dict = bound.get(1).and_then(Value::bound);
    let Some(dict) = dict.map_or(Some(None), |dict| dict.get::<Dict>().map(Some)) else {
        return Err(vm.type_error(format_args!("{kind}() takes a dict as second arg, if any")));
    };
    let len = given.len();
    let wrong = match (len < shown, len > names.len()) {
        _ if shown == names.len() && len != shown => Some(("", shown)),
        (true, _) => Some(("at least ", shown)),
        (_, true) => Some(("at most ", names.len())),
        _ => None,
    };
    if let Some((how, right)) = wrong {
        let an = if how.is_empty() { "a" } else { "an" };
        return Err(
            vm.type_error(format_args!("{kind}() takes {an} {how}{right}-sequence ({len}-sequence given)"))
        );
    }
    let mut found = 0;
    let mut values: Vec<Value> = (0..len).map(|at| given.slot(at).take()).collect();
    for name in &names[len..] {
        let value = dict.and_then(|dict| dict.get_name(name));
        found += usize::from(value.is_some());
        values.push(value.map_or(Value::NONE, Value::clone));
    }
    for at in shown..names.len() {
        let unnamed = (0..shown).find(|item| names[*item].is(&names[at]));
        if let Some(item) = unnamed.filter(|_| values[at].is_none()) {
            values[at] = values[item].clone();
        }
    }
    if dict.is_some_and(|dict| dict.len() > found) {
        return Err(vm.type_error(format_args!("{kind}() got duplicate or unexpected field name(s)")));
    }
    vm.make_tuple(ty.root.get(), shown, [names.len() - shown, 0], |at| values[at].take())
}

/// `sched_param(sched_priority)`: each item is an argument.
fn new_of_fields(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let ty = vm.expect_type(class)?;
    let (names, shown) = names_of(vm, ty);
    let (given, short) = (args.pos.len() + args.named.len(), vm.text(&ty.name));
    if given > shown {
        let s = if shown == 1 { "" } else { "s" };
        return Err(
            vm.type_error(format_args!("{short}() takes at most {shown} argument{s} ({given} given)"))
        );
    }
    let mut values = Vec::new();
    for (at, name) in names.iter().enumerate().take(shown) {
        let named = || args.names.iter().position(|known| known.is(name)).map(|place| &args.named[place]);
        let Some(value) = args.pos.get(at).or_else(named) else {
            let (name, place) = (vm.text(name), at + 1);
            let message = format_args!("{short}() missing required argument '{name}' (pos {place})");
            return Err(vm.type_error(message));
        };
        values.push(value.clone());
    }
    vm.make_tuple(ty.root.get(), shown, [names.len() - shown, 0], |at| values[at].take())
}

fn reduce_of_fields(vm: &Vm, this: &Value) -> Res {
    let (_, mut values, shown) = values_of(vm, this);
    values.truncate(shown);
    vm.new_pair(vm.type_of(this).to_value(), vm.new_tuple(values)?)
}

fn reduce(vm: &Vm, this: &Value) -> Res {
    let (names, mut values, shown) = values_of(vm, this);
    let hidden = vm.new_dict()?;
    for (name, value) in names.iter().zip(&values).skip(shown) {
        hidden.set_name(vm, name, value.clone())?;
    }
    values.truncate(shown);
    let args = vm.new_pair(vm.new_tuple(values)?, hidden.into_value())?;
    vm.new_pair(vm.type_of(this).to_value(), args)
}

fn replace(vm: &Vm, args: Args<'_>) -> Res {
    let Some((this, [])) = args.pos.split_first() else {
        return Err(vm.type_error("__replace__() takes no positional arguments"));
    };
    let ty = vm.type_of(this);
    if !ty.has(TypeFlags::FIELDS) || !this.has::<Tuple>() {
        return Err(vm.type_error("descriptor '__replace__' requires a record"));
    }
    if count_of(vm, ty, "n_unnamed_fields") > 0 {
        return Err(vm.type_error(format_args!(
            "__replace__() is not supported for {} because it has unnamed field(s)",
            ty.full_name(vm)
        )));
    }
    let (names, values, shown) = values_of(vm, this);
    let mut unknown = Vec::new();
    for (name, value) in args.names.iter().zip(args.named) {
        match names.iter().position(|known| known.is(name)) {
            Some(at) => values[at].set(value.clone()),
            None => unknown.push(name.clone()),
        }
    }
    if !unknown.is_empty() {
        let shown = vm.repr(&vm.new_list(unknown)?)?;
        return Err(vm.type_error(format_args!("Got unexpected field name(s): {}", vm.text(&shown))));
    }
    vm.make_tuple(ty.root.get(), shown, [names.len() - shown, 0], |at| values[at].take())
}

/// An instance: a value for each item and for hidden fields, of which the last may be left out.
pub fn record(vm: &Vm, class: &Value, mut values: Vec<Value>) -> Res {
    let ty = vm.expect_type(class)?;
    let (names, shown) = names_of(vm, ty);
    if !(shown..=names.len()).contains(&values.len()) {
        return Err(vm.system_error(format_args!("{} has {} fields", ty.full_name(vm), names.len())));
    }
    values.resize_with(names.len(), || Value::NONE);
    vm.make_tuple(ty.root.get(), shown, [names.len() - shown, 0], |at| values[at].take())
}
