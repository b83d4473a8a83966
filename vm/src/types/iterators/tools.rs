//! `enumerate`, `zip`, `map`, `filter`, `reversed`.

use std::cell::Cell;

use ryokan_alloc::Header;
use ryokan_bytecode::BinaryOp;

use super::{HINT_DOC, REDUCE_DOC, STATE_DOC, is_end, itself, reduced, state_index, this};
use crate::object::Layout;
use crate::object::call::Args;
use crate::object::kind::Pair;
use crate::object::native::{Call, Method, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::{Raised, Res};
use crate::types::dict::Dict;
use crate::types::plain::quick_truth;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// The items of a tuple in a field; none if the collector has taken it.
fn items(tuple: &Value) -> &[Value] {
    tuple.get::<Tuple>().map_or(&[], Tuple::items)
}

/// A field; None if the collector has taken it.
fn field(slot: &Value) -> Value {
    slot.bound().cloned().unwrap_or(Value::NONE)
}

const STRICT_DOC: &str = "Says whether all iterables have the same length, as pickle asks.";

/// `(class, args)`, and True behind them if it is strict.
fn with_strict(vm: &Vm, value: &Value, args: Value, strict: bool) -> Res {
    let mut parts = vec![vm.type_of(value).to_value(), args];
    if strict {
        parts.push(Value::TRUE);
    }
    vm.new_tuple(parts)
}

/// The value of `strict`, the only name that a call may use.
fn strict_arg(vm: &Vm, kind: &str, args: Args<'_>) -> Res<bool> {
    let mut strict = false;
    if args.names.len() > 1 {
        let given = args.names.len();
        return Err(vm.type_error(format_args!("{kind}() takes at most 1 keyword argument ({given} given)")));
    }
    for (name, value) in args.names.iter().zip(args.named) {
        if vm.text(name) != "strict" {
            return Err(vm.unexpected_keyword(kind, name, &["strict"]));
        }
        strict = vm.truth(value)?;
    }
    Ok(strict)
}

/// Refuses named arguments, unless the class has an `__init__` of its own, which may take them.
fn no_names(vm: &Vm, kind: &str, class: &Value, args: Args<'_>) -> Res<()> {
    if args.names.is_empty() || !vm.same_attr(vm.expect_type(class)?, &vm.types.object, &vm.names.__init__) {
        return Ok(());
    }
    Err(vm.type_error(format_args!("{kind}() takes no keyword arguments")))
}

/// A tuple of an iterator of each value.
fn iterators(vm: &Vm, sources: &[Value]) -> Res {
    let mut list = Vec::with_capacity(sources.len());
    for source in sources {
        list.push(vm.iter(source)?);
    }
    vm.new_tuple(list)
}

/// The error of a strict `zip` or `map`: argument `at` (counting from 0) is not as long as those before it.
#[cold]
fn uneven(vm: &Vm, kind: &str, at: usize, how: &str) -> Raised {
    let before = if at == 1 { String::from(" 1") } else { format!("s 1-{at}") };
    vm.value_error(format_args!("{kind}() argument {} is {how} than argument{before}", at + 1))
}

/// What the next items of both iterators of an exact `zip` of two are, for who takes a pair apart; `Whole` of anything else. Runs Python;
/// raises what that raises.
pub fn next_zipped(vm: &Vm, iterator: &Value) -> Res<Pair> {
    let Some(walk) = iterator.exact::<Zip>() else { return Ok(Pair::Whole) };
    let [a, b] = items(&walk.iterators) else { return Ok(Pair::Whole) };
    if walk.strict.get() {
        return Ok(Pair::Whole);
    }
    let Some(x) = vm.next_here(a)? else { return Ok(Pair::End) };
    Ok(vm.next_here(b)?.map_or(Pair::End, |y| Pair::Of(x, y)))
}

/// The next item of every iterator, or `None` when one is at its end; then the rest is checked, if it is strict.
fn next_of_all(vm: &Vm, kind: &str, iterators: &[Value], strict: bool) -> Res<Option<Vec<Value>>> {
    let mut row = Vec::with_capacity(iterators.len());
    for (at, iterator) in iterators.iter().enumerate() {
        match vm.next(iterator)? {
            Some(item) => row.push(item),
            None if !strict => return Ok(None),
            None if at > 0 => return Err(uneven(vm, kind, at, "shorter")),
            None => {
                for (at, other) in iterators.iter().enumerate().skip(1) {
                    if vm.next(other)?.is_some() {
                        return Err(uneven(vm, kind, at, "longer"));
                    }
                }
                return Ok(None);
            }
        }
    }
    Ok(Some(row))
}

// ---- enumerate -------------------------------------------------------------------------------------------------------

/// The payload of `enumerate`.
#[repr(C)]
pub struct Enumerate {
    head: Header,
    /// Where the items come from.
    pub iterator: Value,
    /// The next number, while it is small.
    pub count: Cell<i64>,
    /// The next number, once it is not.
    pub big: Value,
}
object! {
    Enumerate {
        tracked: true,
        values: [iterator, big],
        plain: [count],
        clear: |this| {
            this.iterator.set(Value::UNBOUND);
            this.big.set(Value::UNBOUND);
        },
    }
}

/// `enumerate`
pub static ENUMERATE_TYPE: TypeDef = TypeDef {
    name: "enumerate",
    layout: Layout::Enumerate,
    flags: TypeFlags::BASETYPE,
    doc: "Pairs of a count (from start, which is 0 unless given) and an item of an iterable.",
    slots: Slots { new: Some(enumerate_new), iter: Some(itself), next: Some(enumerate_next), ..Slots::NONE },
    methods: ENUMERATE_METHODS,
    ..TypeDef::EMPTY
};

static ENUMERATE_METHODS: &[Method] = &[
    method("__reduce__", "($self, /)", Call::One(enumerate_reduce), REDUCE_DOC),
    crate::types::generic_alias::CLASS_GETITEM,
];

fn enumerate_reduce(vm: &Vm, value: &Value) -> Res {
    let walk: &Enumerate = this(value);
    let count = walk.big.bound().cloned().map_or_else(|| vm.int(walk.count.get()), Ok)?;
    let args = vm.new_tuple(vec![field(&walk.iterator), count])?;
    vm.new_tuple(vec![vm.type_of(value).to_value(), args])
}

fn enumerate_new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    if args.len() > 2 {
        let given = args.len();
        return Err(vm.type_error(format_args!("enumerate() takes at most 2 arguments ({given} given)")));
    }
    let mut bound = [args.pos.first(), args.pos.get(1)];
    for (name, value) in args.names.iter().zip(args.named) {
        let text = vm.text(name);
        match text.as_str() {
            "iterable" if bound[0].is_none() => bound[0] = Some(value),
            "start" if bound[1].is_none() => bound[1] = Some(value),
            _ => {
                // A subclass is told of it in other words.
                if class.word() != vm.types.enumerate.value().word() {
                    return Err(vm.unexpected_keyword("enumerate", name, &["iterable", "start"]));
                }
                return Err(
                    vm.type_error(format_args!("'{text}' is an invalid keyword argument for enumerate()"))
                );
            }
        }
    }
    let Some(iterable) = bound[0] else {
        return Err(vm.type_error("enumerate() missing required argument 'iterable'"));
    };
    let start = match bound[1] {
        None => Value::small(0),
        Some(start) => match vm.slots(start).index() {
            Some(index) => index.call(vm, start)?,
            None => {
                let kind = vm.type_name(start);
                return Err(
                    vm.type_error(format_args!("'{kind}' object cannot be interpreted as an integer"))
                );
            }
        },
    };
    let iterator = vm.iter(iterable)?;
    let word = crate::types::int::unbox_word(start.word());
    let (count, big) = if word.is_int() { (word.int(), Value::UNBOUND) } else { (0, start) };
    vm.new_of_class(class, |head| Enumerate { head, iterator, count: Cell::new(count), big })
}

fn enumerate_next(vm: &Vm, value: &Value) -> Res<Option<Value>> {
    let walk: &Enumerate = this(value);
    if walk.iterator.is_unbound() {
        return Ok(None);
    }
    let Some(item) = vm.next(&walk.iterator)? else { return Ok(None) };
    let number = if walk.big.is_unbound() {
        let count = walk.count.get();
        walk.count.set(count + 1);
        vm.int(count)?
    } else {
        let number = walk.big.clone();
        walk.big.set(vm.binary_op(&number, &Value::small(1), BinaryOp::Add)?);
        number
    };
    vm.new_pair(number, item).map(Some)
}

// ---- zip -------------------------------------------------------------------------------------------------------------

/// The payload of `zip`.
#[repr(C)]
pub struct Zip {
    head: Header,
    iterators: Value,
    strict: Cell<bool>,
}
object! {
    Zip {
        tracked: true,
        values: [iterators],
        plain: [strict],
        clear: |this| this.iterators.set(Value::UNBOUND),
    }
}

impl Zip {
    /// The iterators of a plain `zip` of two.
    #[inline(always)]
    pub fn pair(&self) -> Option<&[Value; 2]> {
        if self.strict.get() { None } else { items(&self.iterators).try_into().ok() }
    }
}

/// `zip`
pub static ZIP_TYPE: TypeDef = TypeDef {
    name: "zip",
    layout: Layout::Zip,
    flags: TypeFlags::BASETYPE,
    doc: "Tuples of an item of each iterable, until the shortest ends. With strict=True, iterables of unequal length \
          raise a ValueError.",
    slots: Slots { new: Some(zip_new), iter: Some(itself), next: Some(zip_next), ..Slots::NONE },
    methods: ZIP_METHODS,
    ..TypeDef::EMPTY
};

static ZIP_METHODS: &[Method] = &[
    method("__reduce__", "($self, /)", Call::One(zip_reduce), REDUCE_DOC),
    method("__setstate__", "($self, object, /)", Call::Two(zip_go), STRICT_DOC),
];

fn zip_reduce(vm: &Vm, value: &Value) -> Res {
    let walk: &Zip = this(value);
    let args = walk.iterators.bound().unwrap_or(&vm.empty_tuple).clone();
    with_strict(vm, value, args, walk.strict.get())
}
fn zip_go(vm: &Vm, value: &Value, state: &Value) -> Res {
    let strict = vm.truth(state)?;
    this::<Zip>(value).strict.set(strict);
    Ok(Value::NONE)
}

fn zip_new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let strict = strict_arg(vm, "zip", args)?;
    let iterators = iterators(vm, args.pos)?;
    vm.new_of_class(class, |head| Zip { head, iterators, strict: Cell::new(strict) })
}

fn zip_next(vm: &Vm, value: &Value) -> Res<Option<Value>> {
    let walk: &Zip = this(value);
    match items(&walk.iterators) {
        [] => Ok(None),
        [a, b] if !walk.strict.get() => {
            let Some(x) = vm.next(a)? else { return Ok(None) };
            let Some(y) = vm.next(b)? else { return Ok(None) };
            vm.new_pair(x, y).map(Some)
        }
        all => match next_of_all(vm, "zip", all, walk.strict.get())? {
            Some(row) => vm.new_tuple(row).map(Some),
            None => Ok(None),
        },
    }
}

// ---- map -------------------------------------------------------------------------------------------------------------

/// The payload of `map`.
#[repr(C)]
pub struct Map {
    head: Header,
    function: Value,
    iterators: Value,
    strict: Cell<bool>,
}
object! {
    Map {
        tracked: true,
        values: [function, iterators],
        plain: [strict],
        clear: |this| {
            this.function.set(Value::UNBOUND);
            this.iterators.set(Value::UNBOUND);
        },
    }
}

/// `map`
pub static MAP_TYPE: TypeDef = TypeDef {
    name: "map",
    layout: Layout::Map,
    flags: TypeFlags::BASETYPE,
    doc: "What a function answers for an item of each iterable, until the shortest ends. With strict=True, iterables of \
          unequal length raise a ValueError.",
    slots: Slots { new: Some(map_new), iter: Some(itself), next: Some(map_next), ..Slots::NONE },
    methods: MAP_METHODS,
    ..TypeDef::EMPTY
};

static MAP_METHODS: &[Method] = &[
    method("__reduce__", "($self, /)", Call::One(map_reduce), REDUCE_DOC),
    method("__setstate__", "($self, object, /)", Call::Two(map_go), STRICT_DOC),
];

fn map_reduce(vm: &Vm, value: &Value) -> Res {
    let walk: &Map = this(value);
    let mut args = vec![field(&walk.function)];
    args.extend(items(&walk.iterators).iter().cloned());
    with_strict(vm, value, vm.new_tuple(args)?, walk.strict.get())
}
fn map_go(vm: &Vm, value: &Value, state: &Value) -> Res {
    let strict = vm.truth(state)?;
    this::<Map>(value).strict.set(strict);
    Ok(Value::NONE)
}

fn map_new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let strict = strict_arg(vm, "map", args)?;
    let [function, sources @ ..] = args.pos else {
        return Err(vm.type_error("map() must have at least two arguments."));
    };
    if sources.is_empty() {
        return Err(vm.type_error("map() must have at least two arguments."));
    }
    let iterators = iterators(vm, sources)?;
    let function = function.take();
    vm.new_of_class(class, |head| Map { head, function, iterators, strict: Cell::new(strict) })
}

fn map_next(vm: &Vm, value: &Value) -> Res<Option<Value>> {
    let walk: &Map = this(value);
    match items(&walk.iterators) {
        [] => Ok(None),
        [one] => match vm.next_here(one)? {
            Some(item) => vm.call(&walk.function, &[item]).map(Some),
            None => Ok(None),
        },
        all => match next_of_all(vm, "map", all, walk.strict.get())? {
            Some(row) => vm.call(&walk.function, &row).map(Some),
            None => Ok(None),
        },
    }
}

// ---- filter ----------------------------------------------------------------------------------------------------------

/// The payload of `filter`.
#[repr(C)]
pub struct Filter {
    head: Header,
    /// None asks for the item's own truth.
    function: Value,
    iterator: Value,
}
object! {
    Filter {
        tracked: true,
        values: [function, iterator],
        clear: |this| {
            this.function.set(Value::UNBOUND);
            this.iterator.set(Value::UNBOUND);
        },
    }
}

/// `filter`
pub static FILTER_TYPE: TypeDef = TypeDef {
    name: "filter",
    layout: Layout::Filter,
    flags: TypeFlags::BASETYPE,
    doc: "The items of an iterable for which a function answers true; or, without a function, those that are true.",
    slots: Slots { new: Some(filter_new), iter: Some(itself), next: Some(filter_next), ..Slots::NONE },
    methods: FILTER_METHODS,
    ..TypeDef::EMPTY
};

static FILTER_METHODS: &[Method] =
    &[method("__reduce__", "($self, /)", Call::One(filter_reduce), REDUCE_DOC)];

fn filter_reduce(vm: &Vm, value: &Value) -> Res {
    let walk: &Filter = this(value);
    let args = vm.new_tuple(vec![field(&walk.function), field(&walk.iterator)])?;
    vm.new_tuple(vec![vm.type_of(value).to_value(), args])
}

fn filter_new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    no_names(vm, "filter", class, args)?;
    let [function, source] = args.pos else {
        return Err(vm.type_error(format_args!("filter expected 2 arguments, got {}", args.pos.len())));
    };
    let iterator = vm.iter(source)?;
    let is_bool = function.word() == vm.types.bool.value().word();
    let function = if is_bool { Value::NONE } else { function.take() };
    vm.new_of_class(class, |head| Filter { head, function, iterator })
}

fn filter_next(vm: &Vm, value: &Value) -> Res<Option<Value>> {
    let walk: &Filter = this(value);
    if walk.iterator.is_unbound() {
        return Ok(None);
    }
    while let Some(item) = vm.next_here(&walk.iterator)? {
        let keep = match walk.function.is_none() {
            true => quick_truth(&item).map_or_else(|| vm.truth(&item), Ok)?,
            false => vm.truth(&vm.call(&walk.function, &[item.clone()])?)?,
        };
        if keep {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

// ---- reversed --------------------------------------------------------------------------------------------------------

/// The payload of `reversed`.
#[repr(C)]
pub struct Reversed {
    head: Header,
    source: Value,
    /// How many items are still to come.
    left: Cell<usize>,
}
object! {
    Reversed {
        tracked: true,
        values: [source],
        plain: [left],
        clear: |this| this.source.set(Value::UNBOUND),
    }
}

/// `reversed`
pub static REVERSED_TYPE: TypeDef = TypeDef {
    name: "reversed",
    layout: Layout::Reversed,
    flags: TypeFlags::BASETYPE,
    doc: "The items of a sequence from the last to the first.",
    slots: Slots { new: Some(reversed_new), iter: Some(itself), next: Some(reversed_next), ..Slots::NONE },
    methods: REVERSED_METHODS,
    ..TypeDef::EMPTY
};

static REVERSED_METHODS: &[Method] = &[
    method("__length_hint__", "($self, /)", Call::One(reversed_hint), HINT_DOC),
    method("__reduce__", "($self, /)", Call::One(reversed_reduce), REDUCE_DOC),
    method("__setstate__", "($self, object, /)", Call::Two(reversed_go), STATE_DOC),
];

fn reversed_reduce(vm: &Vm, value: &Value) -> Res {
    let (walk, class) = (this::<Reversed>(value), vm.type_of(value).to_value());
    match walk.source.bound() {
        Some(source) => reduced(vm, class, source.clone(), Some(walk.left.get() as i64 - 1)),
        None => reduced(vm, class, vm.empty_tuple.clone(), None),
    }
}

fn reversed_go(vm: &Vm, value: &Value, state: &Value) -> Res {
    let index = state_index(vm, state)?;
    let walk: &Reversed = this(value);
    if let Some(source) = walk.source.bound().cloned() {
        let len = vm.length(&source)?;
        let left = index.clamp(-1, i64::MAX - 1) + 1;
        walk.left.set(len.min(left as usize));
    }
    Ok(Value::NONE)
}

fn reversed_new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    no_names(vm, "reversed", class, args)?;
    let [source] = args.pos else {
        return Err(vm.type_error(format_args!("reversed expected 1 argument, got {}", args.pos.len())));
    };
    let not_reversible = || {
        let kind = vm.type_name(source);
        Err(vm.type_error(format_args!("'{kind}' object is not reversible")))
    };
    if vm.type_of(source).lookup(vm, &vm.names.__reversed__).is_some_and(|found| found.is_none()) {
        return not_reversible();
    }
    if let Some(answer) = vm.call_special(source, &vm.names.__reversed__, &[])? {
        return Ok(answer);
    }
    let unordered = source.has::<Dict>() || source.has::<crate::types::mappingproxy::MappingProxy>();
    if vm.slots(source).getitem().is_none() || unordered || vm.is_keyed(source) {
        return not_reversible();
    }
    let left = vm.length(source)?;
    let source = source.take();
    vm.new_of_class(class, |head| Reversed { head, source, left: Cell::new(left) })
}

fn reversed_next(vm: &Vm, value: &Value) -> Res<Option<Value>> {
    let walk: &Reversed = this(value);
    let left = walk.left.get();
    if left == 0 || walk.source.is_unbound() {
        walk.source.set(Value::UNBOUND);
        return Ok(None);
    }
    match vm.item_at(&walk.source.clone(), left as i64 - 1) {
        Ok(item) => {
            walk.left.set(left - 1);
            Ok(Some(item))
        }
        Err(raised) => {
            is_end(vm, raised)?;
            walk.left.set(0);
            walk.source.set(Value::UNBOUND);
            Ok(None)
        }
    }
}

fn reversed_hint(vm: &Vm, value: &Value) -> Res {
    let walk: &Reversed = this(value);
    if walk.source.is_unbound() {
        return Ok(Value::small(0));
    }
    let len = vm.length(&walk.source.clone())?;
    let left = walk.left.get();
    vm.int_from_u64(if len < left { 0 } else { left as u64 })
}
