//! The slots and methods of `dict`.

use ryokan_bytecode::{BinaryOp, CompareOp};

use super::Dict;
use crate::object::call::Args;
use crate::object::kind::Pair;
use crate::object::native::{Call, Method, class_method, method};
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::dict_views as views;
use crate::types::iterators::next_zipped;
use crate::types::list::List;
use crate::types::plain::items_at_hand;
use crate::types::set::{FrozenSet, Set, any_set};
use crate::types::str::build::StrBuilder;
use crate::types::tuple::same_or_equal;
use crate::value::Value;
use crate::vm::Vm;

/// `dict`
pub static TYPE: TypeDef = TypeDef {
    name: "dict",
    layout: Layout::Dict,
    construct: Some(|vm, args| match args {
        [] => Some(vm.new_dict().map(Ref::into_value)),
        [source] => source.exact::<Dict>().map(|dict| dict.copy(vm).map(Ref::into_value)),
        _ => None,
    }),
    flags: TypeFlags::BASETYPE.union(TypeFlags::MAPPING).union(TypeFlags::MATCH_SELF),
    doc: "dict()\ndict(mapping)\ndict(pairs)\ndict(**names)\n\nValues by their keys, in the order in which \
          keys were added. It begins empty, or\nwith what a mapping or an iterable of (key, value) pairs \
          holds, and the names given.",
    slots: Slots {
        new: Some(|vm, class, _| vm.new_of_class(class, Dict::new)),
        init: Some(|vm, this, args| update_with(vm, this, "dict", args)),
        repr: Some(repr),
        len: Some(|_, this| Ok(dict(this).len())),
        iter: Some(views::iterate::<{ views::KEYS }>),
        getitem: Some(getitem),
        setitem: Some(setitem),
        contains: Some(contains),
        compare: Some(compare),
        number: numbers(&[(BinaryOp::Or, or)]),
        in_place: numbers(&[(BinaryOp::Or, or_in_place)]),
        ..Slots::NONE
    },
    methods: METHODS,
    write: Some(write),
    ..TypeDef::EMPTY
};

fn dict(value: &Value) -> &Dict {
    value.get().expect("a method of dict is called with a dict")
}

/// The repr of a dict, as the class `dict` writes it.
pub fn repr(vm: &Vm, this: &Value) -> Res {
    vm.written(this, write)
}

fn write(vm: &Vm, this: &Value, text: &mut StrBuilder<'_>) -> Res<()> {
    let written = vm.repr_guard(this, || {
        if dict(this).is_empty() {
            return text.push_str("{}");
        }
        text.push_str("{")?;
        let mut from = 0;
        while let Some((at, entry)) = dict(this).next_entry(from) {
            let (key, value) = (entry.key.look(), entry.value.look());
            if from > 0 {
                text.push_str(", ")?;
            }
            from = at + 1;
            vm.push_repr(&key, text)?;
            text.push_str(": ")?;
            vm.push_repr(&value, text)?;
        }
        text.push_str("}")
    })?;
    written.map_or_else(|| text.push_str("{...}"), Ok)
}

fn contains(vm: &Vm, this: &Value, key: &Value) -> Res<bool> {
    Ok(dict(this).find_key(vm, key)?.is_some())
}
fn getitem(vm: &Vm, this: &Value, key: &Value) -> Res {
    if let Some(value) = dict(this).get_item(vm, key)? {
        return Ok(value);
    }
    if this.exact::<Dict>().is_none()
        && let Some(value) = vm.call_special(this, &vm.names.__missing__, &[key.clone()])?
    {
        return Ok(value);
    }
    Err(vm.key_error(key))
}

fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> Res<()> {
    match value {
        Some(value) => dict(this).set_item(vm, key, value.clone()),
        None => match dict(this).del_item(vm, key)? {
            Some(_) => Ok(()),
            None => Err(vm.key_error(key)),
        },
    }
}

fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (CompareOp::Eq | CompareOp::Ne, Some(x), Some(y)) = (op, a.get::<Dict>(), b.get::<Dict>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    Ok(Value::bool(equal(vm, x, y)? == (op == CompareOp::Eq)))
}

/// Whether two dicts have equal values for the same keys.
pub fn equal(vm: &Vm, a: &Dict, b: &Dict) -> Res<bool> {
    if a.len() != b.len() {
        return Ok(false);
    }
    let mut from = 0;
    while let Some((at, entry)) = a.next_entry(from) {
        from = at + 1;
        // A copy has the same at the same place. (Numbers that are no objects may be no numbers, which are not equal.)
        let same = |x: &Value, y: &Value| x.word() == y.word() && (x.word().is_ptr() || x.word().is_int());
        let twin = b.all_entries().get(at);
        if twin.is_some_and(|twin| same(&twin.key, &entry.key) && same(&twin.value, &entry.value)) {
            continue;
        }
        let (key, hash) = (entry.key.look(), entry.hash);
        // Held: looking the key up may run code that empties the entry.
        let value = entry.value.look();
        let Some(other) = b.find(vm, &key, hash)? else { return Ok(false) };
        if !same_or_equal(vm, &value, &b.all_entries()[other].value)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn or(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (Some(left), Some(_)) = (a.get::<Dict>(), b.get::<Dict>()) else { return Ok(Value::NOT_IMPLEMENTED) };
    let made = left.copy(vm)?;
    made.update(vm, b)?;
    Ok(made.into_value())
}

fn or_in_place(vm: &Vm, this: &Value, other: &Value) -> Res {
    update_from(vm, dict(this), other)?;
    Ok(this.clone())
}

// ---- update ----------------------------------------------------------------------------------------------------------

/// `dict(..)` and `dict.update(..)`
pub fn update_with(vm: &Vm, this: &Value, name: &str, args: Args<'_>) -> Res<()> {
    match args.pos {
        [] => {}
        [source] => update_from(vm, dict(this), source)?,
        more => {
            let given = more.len();
            return Err(vm.type_error(format_args!("{name} expected at most 1 argument, got {given}")));
        }
    }
    for (name, value) in args.names.iter().zip(args.named) {
        dict(this).set_item(vm, name, value.take())?;
    }
    Ok(())
}

/// From a mapping (whatever has `keys`) or an iterable of pairs.
fn update_from(vm: &Vm, target: &Dict, source: &Value) -> Res<()> {
    let plain = source.exact::<Dict>().is_some();
    if plain || vm.get_attr_opt(source, &vm.names.keys)?.is_some() {
        target.update(vm, source)
    } else {
        merge_pairs(vm, target, source)
    }
}

/// Adds the entries of a dict; those whose keys are there replace the values only if `replace`.
pub fn merge(vm: &Vm, target: &Dict, source: &Dict, replace: bool) -> Res<()> {
    if std::ptr::eq(target, source) || source.is_empty() {
        return Ok(());
    }
    vm.work_on_bytes(source.len() * 64)?;
    if target.copy_table(vm, source)? {
        return Ok(());
    }
    let fresh = target.is_empty();
    target.reserve(vm, if fresh { source.len() } else { 0 })?;
    let size = source.len();
    let mut from = 0;
    while let Some((at, entry)) = source.next_entry(from) {
        from = at + 1;
        let (key, value, hash) = (entry.key.clone(), entry.value.clone(), entry.hash);
        if fresh && target.len() < size && target.all_entries().len() == target.len() {
            // The keys of one dict differ from each other: no need to look, unless code ran meanwhile.
            target.push_new(vm, hash, key, value)?;
            continue;
        }
        match target.find(vm, &key, hash)? {
            Some(at) if replace => target.all_entries()[at].value.set(value),
            Some(_) => {}
            None => target.push_new(vm, hash, key, value)?,
        }
        if source.len() != size {
            return Err(vm.runtime_error("dict mutated during update"));
        }
    }
    Ok(())
}

/// The items of a pair. What cannot be iterated over says in a note which pair it was.
fn pair_of(vm: &Vm, item: &Value, count: usize) -> Res<Ref<List>> {
    let fails = vm.slots(item).iter().is_none() && vm.slots(item).getitem().is_none();
    let found = if fails { Err(vm.type_error("object is not iterable")) } else { vm.list_of(item) };
    found.or_else(|raised| {
        if !vm.raised_is(&raised, &vm.exc.TypeError) {
            return Err(raised);
        }
        let exception = vm.take_raised(raised);
        let note = format!("Cannot convert dictionary update sequence element #{count} to a sequence");
        crate::types::exceptions::add_note(vm, &exception, &note)?;
        Err(vm.raise_value(exception))
    })
}

/// Adds (key, value) pairs.
fn merge_pairs(vm: &Vm, target: &Dict, source: &Value) -> Res<()> {
    let iterator = vm.iter(source)?;
    let mut count = 0usize;
    loop {
        let (key, value) = match next_zipped(vm, &iterator)? {
            Pair::Of(key, value) => (key, value),
            Pair::End => return Ok(()),
            Pair::Whole => match vm.next(&iterator)? {
                Some(item) => parts_of(vm, &item, count)?,
                None => return Ok(()),
            },
        };
        let hash = vm.key_hash(&key)?;
        target.insert(vm, key, hash, value)?;
        count += 1;
    }
}

/// The key and the value that an item is.
fn parts_of(vm: &Vm, item: &Value, count: usize) -> Res<(Value, Value)> {
    if let Some([key, value]) = items_at_hand(item) {
        return Ok((key.clone(), value.clone()));
    }
    let pair = pair_of(vm, item, count)?;
    if pair.len() != 2 {
        let len = pair.len();
        return Err(vm.value_error(format_args!(
            "dictionary update sequence element #{count} has length {len}; 2 is required"
        )));
    }
    Ok((pair.slot(0).take(), pair.slot(1).take()))
}

impl Dict {
    /// `self.update(mapping)`, of a dict or whatever has `keys` and `__getitem__`.
    pub fn update(&self, vm: &Vm, mapping: &Value) -> Res<()> {
        if let Some(source) = mapping.get::<Dict>() {
            // A subclass with an iteration of its own is asked by its methods.
            if vm.slots(mapping).iter() == vm.types.dict.slots().iter() {
                return merge(vm, self, source, true);
            }
        }
        for key in vm.collect(&vm.mapping_keys(mapping)?)? {
            let value = vm.get_item(mapping, &key)?;
            self.set_item(vm, &key, value)?;
        }
        Ok(())
    }
}

// ---- methods ---------------------------------------------------------------------------------------------------------

static METHODS: &[Method] = &[
    crate::types::generic_alias::CLASS_GETITEM,
    method(
        "__contains__",
        "($self, key, /)",
        Call::Two(|vm, this, key| contains(vm, this, key).map(Value::bool)),
        "Whether there is a value under the key.",
    ),
    method("__getitem__", "($self, key, /)", Call::Two(getitem), "What self[key] gives."),
    class_method(
        "fromkeys",
        "($type, iterable, value=None, /)",
        Call::Slice(fromkeys),
        "A dict that has the items of an iterable as keys, and the same value for each of them.",
    ),
    method(
        "get",
        "($self, key, default=None, /)",
        Call::Slice(get),
        "The key's value; the default if the key is missing.",
    ),
    method(
        "setdefault",
        "($self, key, default=None, /)",
        Call::Slice(setdefault),
        "The key's value. A missing key is added first, with the default.",
    ),
    method(
        "pop",
        "($self, key, default=<unrepresentable>, /)",
        Call::Slice(pop),
        "Takes a key out and returns its value. A missing one gives the default, or KeyError without it.",
    ),
    method(
        "popitem",
        "($self, /)",
        Call::One(popitem),
        "Takes out the key that was added last, and returns it with its value as a pair.\nKeyError if there \
         is none.",
    ),
    method(
        "keys",
        "($self, /)",
        Call::One(views::view::<{ views::KEYS }>),
        "A view of the keys, which follows every change. It compares and combines like a set.",
    ),
    method(
        "items",
        "($self, /)",
        Call::One(views::view::<{ views::ITEMS }>),
        "A view of the (key, value) pairs, which follows every change. It compares like a set.",
    ),
    method(
        "values",
        "($self, /)",
        Call::One(views::view::<{ views::VALUES }>),
        "A view of the values, which follows every change.",
    ),
    method(
        "update",
        "($self, /, *args, **kwargs)",
        Call::Full(update),
        "Sets keys to the values that a mapping, an iterable of pairs, or the names given have for them.",
    ),
    method("clear", "($self, /)", Call::One(clear), "Empties the dict."),
    method(
        "copy",
        "($self, /)",
        Call::One(|vm, this| dict(this).copy(vm).map(Ref::into_value)),
        "A new dict with the same keys and values.",
    ),
    method(
        "__reversed__",
        "($self, /)",
        Call::One(views::iterate::<{ views::KEYS_BACK }>),
        "An iterator over the keys, the last that was added first.",
    ),
];

fn fromkeys(vm: &Vm, args: &[Value]) -> Res {
    let value = args.get(2).and_then(Value::bound).cloned().unwrap_or(Value::NONE);
    let made = vm.call(&args[0], &[])?;
    if let Some(target) = made.exact::<Dict>() {
        let source = &args[1];
        if target.is_empty() {
            if let Some(source) = source.exact::<Dict>() {
                target.reserve(vm, source.len())?;
                let mut from = 0;
                while let Some((at, entry)) = source.next_entry(from) {
                    from = at + 1;
                    target.insert(vm, entry.key.clone(), entry.hash, value.clone())?;
                }
                return Ok(made);
            }
            let plain = source.exact::<Set>().is_some() || source.exact::<FrozenSet>().is_some();
            if let Some(set) = any_set(source).filter(|_| plain) {
                target.reserve(vm, set.len())?;
                let mut from = 0;
                while let Some((key, hash, next)) = set.share_from(from) {
                    from = next;
                    target.insert(vm, key, hash, value.clone())?;
                }
                return Ok(made);
            }
        }
        let iterator = vm.iter(source)?;
        while let Some(key) = vm.next(&iterator)? {
            target.set_item(vm, &key, value.clone())?;
        }
        return Ok(made);
    }
    let iterator = vm.iter(&args[1])?;
    while let Some(key) = vm.next(&iterator)? {
        vm.set_item(&made, &key, &value)?;
    }
    Ok(made)
}

fn default_of(args: &[Value]) -> Option<&Value> {
    args.get(2).and_then(Value::bound)
}

fn get(vm: &Vm, args: &[Value]) -> Res {
    match dict(&args[0]).get_item(vm, &args[1])? {
        Some(value) => Ok(value),
        None => Ok(default_of(args).map_or(Value::NONE, Value::take)),
    }
}

fn setdefault(vm: &Vm, args: &[Value]) -> Res {
    let this = dict(&args[0]);
    let hash = vm.key_hash(&args[1])?;
    if let Some(at) = this.find(vm, &args[1], hash)? {
        return Ok(this.all_entries()[at].value.clone());
    }
    let value = default_of(args).cloned().unwrap_or(Value::NONE);
    this.push_new(vm, hash, args[1].clone(), value.clone())?;
    Ok(value)
}

fn pop(vm: &Vm, args: &[Value]) -> Res {
    let this = dict(&args[0]);
    // An empty dict does not ask for the hash.
    if !this.is_empty()
        && let Some((_, value)) = this.del_item(vm, &args[1])?
    {
        return Ok(value);
    }
    match default_of(args) {
        Some(default) => Ok(default.take()),
        None => Err(vm.key_error(&args[1])),
    }
}

fn popitem(vm: &Vm, this: &Value) -> Res {
    let dict = dict(this);
    let Some(last) = dict.last_entry() else {
        return Err(vm.key_error(&vm.str("popitem(): dictionary is empty")?));
    };
    let (key, value) = dict.kill(last);
    dict.forget_end();
    vm.new_pair(key, value)
}

fn update(vm: &Vm, args: Args<'_>) -> Res {
    let (this, rest) = args.pos.split_first().expect("a method gets its object");
    update_with(vm, this, "update", Args { pos: rest, ..args })?;
    Ok(Value::NONE)
}

fn clear(_: &Vm, this: &Value) -> Res {
    dict(this).clear_all();
    Ok(Value::NONE)
}
