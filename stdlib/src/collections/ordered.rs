//! `OrderedDict`: a dict whose order can be changed.
//!
//! A dict keeps an order already; here its entries can be moved to either end, two of them are equal only if their order is, and
//! an iterator stops with an error when a key has come, gone or moved.

use ryokan_vm::native::*;

use super::ordered_views::{Ends, Keys, Items, Values, Walk, walk};

native_type! {
    /// A dict whose order can be changed: keys move to either end, and are taken from either.
    "collections.OrderedDict" = pub struct OrderedDict: dict {}
    flags: SUBCLASS, DICT, WEAKREF;
    init(*args, **names) = init;
    slots { repr = repr; iter = iter; compare = compare; setitem = set_item; }
    number { Or = or; }
    in_place { Or = or_in_place; }
    methods {
        /// The size in memory, in bytes.
        __sizeof__() = size_of;
        /// How copy and pickle make the dict again.
        __reduce__() = reduce;
        /// The key's value. A missing key is added first, with the default.
        setdefault(key: Value, default: Value = Value::NONE => "None") = set_default;
        /// Takes a key out and returns its value. A missing one gives the default, or KeyError without it.
        pop(key: Value, default: Given = Given(None) => "<unrepresentable>");
        /// Takes out the last key, or the first if last is false, and returns it with its value as a pair. KeyError if there is none.
        popitem(last: bool = True) = pop_item;
        /// A view of the keys, which follows every change. It compares and combines like a set.
        keys();
        /// A view of the values, which follows every change.
        values();
        /// A view of the (key, value) pairs, which follows every change. It compares like a set.
        items();
        /// Sets keys to the values that a mapping, an iterable of pairs, or the names given have for them.
        update(*args, **kwargs);
        /// Empties the dict.
        clear();
        /// A new dict of the same class with the same keys and values.
        copy();
        /// An iterator over the keys, from the last to the first.
        __reversed__() = reversed;
        /// Moves a key to the end, or to the beginning if last is false. KeyError if it is missing.
        move_to_end(key: Value, last: bool = True);
    }
    class_methods {
        /// A dict that has the items of an iterable as keys, and the same value for each of them.
        fromkeys(iterable: &Value, value: Value = Value::NONE => "None") = from_keys;
    }
}

type Ordered<'a> = This<'a, OrderedDict>;

/// The object as the dict that it is.
fn dict(cx: &Cx, this: Ordered) -> Res<Dict> {
    Dict::of(this.value()).ok_or(()).map_err(|()| cx.system_error("bad argument to internal function"))
}

/// Whether no method of a subclass is to be asked.
fn is_exact(cx: &Cx, this: Ordered) -> bool {
    cx.is_exact::<OrderedDict>(this.value())
}

/// `self[key] = value`, by the method of the class.
fn put(cx: &Cx, this: Ordered, key: &Value, value: &Value) -> Res<()> {
    match is_exact(cx, this) {
        true => set_item(cx, this, key, Some(value)),
        false => cx.set_item(this.value(), key, value),
    }
}

fn set_item(cx: &Cx, this: Ordered, key: &Value, value: Option<&Value>) -> Res<()> {
    let (dict, hash) = (dict(cx, this)?, cx.hash(key)?);
    match value {
        Some(value) => dict.insert(cx, key.clone(), hash, value.clone()),
        None => match dict.place_of(cx, key, hash)?.and_then(|place| dict.take_at(place)) {
            Some(_) => Ok(()),
            None => Err(cx.key_error(key.clone())),
        },
    }
}

// ---- update ----------------------------------------------------------------------------------------------------------

fn init(cx: &Cx, this: Ordered, args: Args) -> Res<()> {
    let given = args.positional().len();
    if given > 1 {
        return Err(cx.type_error(format_args!("expected at most 1 argument, got {given}")));
    }
    update_with(cx, this, args)
}

fn update(cx: &Cx, this: Ordered, args: Args) -> Res<()> {
    let given = args.positional().len();
    if given > 1 {
        return Err(
            cx.type_error(format_args!("update() takes at most 1 positional argument ({given} given)"))
        );
    }
    update_with(cx, this, args)
}

fn update_with(cx: &Cx, this: Ordered, args: Args) -> Res<()> {
    if let Some(source) = args.positional().first() {
        update_from(cx, this, source)?;
    }
    args.named().try_for_each(|(name, value)| put(cx, this, name, value))
}

/// From a dict, whatever has `keys`, whatever has `items`, or an iterable of pairs.
fn update_from(cx: &Cx, this: Ordered, source: &Value) -> Res<()> {
    if let Some(source) = Dict::exact(source) {
        return update_from_dict(cx, this, &source);
    }
    if let Some(keys) = cx.attr_opt(source, "keys")? {
        let keys = cx.iter(&cx.call(&keys, ())?)?;
        while let Some(key) = keys.next(cx)? {
            let value = cx.item(source, &key)?;
            put(cx, this, &key, &value)?;
        }
        return Ok(());
    }
    match cx.attr_opt(source, "items")? {
        Some(items) => update_from_pairs(cx, this, &cx.call(&items, ())?),
        None => update_from_pairs(cx, this, source),
    }
}

/// From a dict as it is now: what the classes' methods do to it meanwhile does not count.
fn update_from_dict(cx: &Cx, this: Ordered, source: &Dict) -> Res<()> {
    let target = dict(cx, this)?;
    if target.is_empty() && is_exact(cx, this) {
        return target.merge(cx, source);
    }
    let source = source.copy(cx)?;
    let mut from = 0;
    while let Some((next, key, value)) = source.next_item(from) {
        put(cx, this, &key, &value)?;
        from = next;
    }
    cx.work((from / 8) as u64)
}

fn update_from_pairs(cx: &Cx, this: Ordered, pairs: &Value) -> Res<()> {
    let pairs = cx.iter(pairs)?;
    while let Some(pair) = pairs.next(cx)? {
        let (key, value) = unpack(cx, &pair)?;
        put(cx, this, &key, &value)?;
    }
    Ok(())
}

fn unpack(cx: &Cx, pair: &Value) -> Res<(Value, Value)> {
    if let Some(tuple) = Tuple::exact(pair)
        && tuple.len() == 2
        && let (Some(key), Some(value)) = (tuple.get(0), tuple.get(1))
    {
        return Ok((key, value));
    }
    let items = cx.iter(pair)?;
    let few = |least| cx.value_error(format_args!("need more than {least} value{} to unpack", if least == 1 { "" } else { "s" }));
    let key = items.next(cx)?.ok_or(()).map_err(|()| few(0))?;
    let value = items.next(cx)?.ok_or(()).map_err(|()| few(1))?;
    match items.next(cx)? {
        None => Ok((key, value)),
        Some(_) => Err(cx.value_error("too many values to unpack (expected 2)")),
    }
}

fn or(cx: &Cx, left: &Value, right: &Value) -> Res {
    let (this, other) = match This::<OrderedDict>::of(cx, left) {
        Some(this) => (this, right),
        None => (This::expect(cx, right)?, left),
    };
    if Dict::of(other).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let made = cx.call(&cx.class_of(this.value()), (left,))?;
    match This::of(cx, &made) {
        Some(new) => update_from(cx, new, right)?,
        None => drop(cx.call_method(&made, "update", (right,))?),
    }
    Ok(made)
}

fn or_in_place(cx: &Cx, this: Ordered, other: &Value) -> Res {
    update_from(cx, this, other)?;
    Ok(this.to_value())
}

fn from_keys(cx: &Cx, class: &Value, iterable: &Value, value: Value) -> Res {
    let made = cx.call(class, ())?;
    let keys = cx.iter(iterable)?;
    while let Some(key) = keys.next(cx)? {
        cx.set_item(&made, &key, &value)?;
    }
    Ok(made)
}

fn copy(cx: &Cx, this: Ordered) -> Res {
    let (dict, exact) = (dict(cx, this)?, is_exact(cx, this));
    let made = cx.call(&cx.class_of(this.value()), ())?;
    if exact
        && dict.has_plain_keys(cx)
        && let Some(new) = This::<OrderedDict>::of(cx, &made)
    {
        update_from_dict(cx, new, &dict)?;
        return Ok(made);
    }
    let changes = dict.changes();
    let mut next = dict.first();
    while let Some(place) = next {
        let Some(key) = dict.key_at(place) else { break };
        let value = cx.item(this.value(), &key)?;
        cx.set_item(&made, &key, value)?;
        if dict.changes() != changes {
            return Err(cx.changed_during_iteration("OrderedDict"));
        }
        next = dict.after(place);
    }
    Ok(made)
}

// ---- keys ------------------------------------------------------------------------------------------------------------

fn set_default(cx: &Cx, this: Ordered, key: Value, default: Value) -> Res {
    if is_exact(cx, this) {
        return dict(cx, this)?.get_or_set(cx, key, default);
    }
    if cx.contains(this.value(), &key)? {
        return cx.item(this.value(), &key);
    }
    cx.set_item(this.value(), &key, &default)?;
    Ok(default)
}

fn pop(cx: &Cx, this: Ordered, key: Value, default: Given) -> Res {
    let (dict, hash) = (dict(cx, this)?, cx.hash(&key)?);
    let found = dict.place_of(cx, &key, hash)?.and_then(|place| dict.take_at(place));
    match (found, default.0) {
        (Some((_, value)), _) => Ok(value),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(cx.key_error(key)),
    }
}

fn pop_item(cx: &Cx, this: Ordered, last: bool) -> Res {
    let dict = dict(cx, this)?;
    let place = if last { dict.last() } else { dict.first() };
    match place.and_then(|place| dict.take_at(place)) {
        Some(pair) => pair.into_value(cx),
        None => Err(cx.key_error("dictionary is empty".into_value(cx)?)),
    }
}

fn move_to_end(cx: &Cx, this: Ordered, key: Value, last: bool) -> Res<()> {
    let dict = dict(cx, this)?;
    if dict.is_empty() {
        return Err(cx.key_error(key));
    }
    let hash = cx.hash(&key)?;
    match dict.place_of(cx, &key, hash)? {
        Some(place) => dict.move_to_end(cx, place, last),
        None => Err(cx.key_error(key)),
    }
}

fn clear(cx: &Cx, this: Ordered) -> Res<()> {
    dict(cx, this)?.clear();
    Ok(())
}

// ---- iteration, comparison, representation ---------------------------------------------------------------------------

fn iter(cx: &Cx, this: Ordered) -> Res {
    walk(cx, dict(cx, this)?, Walk::Keys, Ends::FirstToLast)
}

fn reversed(cx: &Cx, this: Ordered) -> Res {
    walk(cx, dict(cx, this)?, Walk::Keys, Ends::LastToFirst)
}

fn keys(cx: &Cx, this: Ordered) -> Res {
    dict(cx, this)?.view::<Keys>(cx, View::Keys)
}

fn values(cx: &Cx, this: Ordered) -> Res {
    dict(cx, this)?.view::<Values>(cx, View::Values)
}

fn items(cx: &Cx, this: Ordered) -> Res {
    dict(cx, this)?.view::<Items>(cx, View::Items)
}

fn compare(cx: &Cx, this: Ordered, other: &Value, op: CompareOp) -> Res {
    let (CompareOp::Eq | CompareOp::Ne, Some(that)) = (op, Dict::of(other)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let dict = dict(cx, this)?;
    if dict.certainly_same(&that) {
        return Ok(Value::bool(op == CompareOp::Eq));
    }
    let mut equal = dict.equal(cx, &that)?;
    if equal && This::<OrderedDict>::of(cx, other).is_some() {
        equal = same_order(cx, &dict, &that)?;
    }
    Ok(Value::bool(equal == (op == CompareOp::Eq)))
}

fn same_order(cx: &Cx, a: &Dict, b: &Dict) -> Res<bool> {
    let changes = (a.changes(), b.changes());
    let (mut x, mut y) = (a.first(), b.first());
    while let (Some(i), Some(j)) = (x, y) {
        let (Some(left), Some(right)) = (a.key_at(i), b.key_at(j)) else { break };
        let equal = cx.same_or_equal(&left, &right)?;
        if (a.changes(), b.changes()) != changes {
            return Err(cx.changed_during_iteration("OrderedDict"));
        }
        if !equal {
            return Ok(false);
        }
        (x, y) = (a.after(i), b.after(j));
    }
    Ok(x.is_none() && y.is_none())
}

fn repr(cx: &Cx, this: Ordered) -> Res {
    let name = cx.class_name(this.value());
    if dict(cx, this)?.is_empty() {
        return format_args!("{name}()").into_value(cx);
    }
    let shown = cx.repr_once(this.value(), || {
        let plain = Dict::new(cx)?;
        plain.update(cx, this.value())?;
        let mut text = StrWriter::new(cx);
        text.push_str(&name)?;
        text.push_str("(")?;
        text.push_value(&plain.repr(cx)?)?;
        text.push_str(")")?;
        text.finish()
    })?;
    shown.map_or_else(|| "...".into_value(cx), Ok)
}

fn size_of(cx: &Cx, this: Ordered) -> Res<usize> {
    let dict = dict(cx, this)?;
    // CPython's: a longer head, a node for each key, and a pointer to one for each slot of the index.
    let slots = match dict.len() {
        0 => 0,
        len => (len * 3).div_ceil(2).next_power_of_two().max(8),
    };
    Ok(dict.size_of(cx) + 64 + 8 * slots + 32 * dict.len())
}

fn reduce(cx: &Cx, this: Ordered) -> Res {
    let state = cx.call_method(this.value(), "__getstate__", ())?;
    let items = cx.call_method(this.value(), "items", ())?;
    let none = Tuple::from_fn(cx, 0, |_| Value::NONE)?;
    (cx.class_of(this.value()), none, state, Value::NONE, cx.iter(&items)?).into_value(cx)
}
