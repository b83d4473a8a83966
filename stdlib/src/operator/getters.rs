//! `itemgetter`, `attrgetter` and `methodcaller`.

use ryokan_vm::native::*;

native_type! {
    /// Gives an item of what it is called with; a tuple of items, if there are several.
    "operator.itemgetter" = pub struct ItemGetter { items: Tuple }
    shows: "(item, /, *items)";
    new(*args, **names) = new_items;
    call(*args, **names) = get_items;
    slots { repr = repr_items; }
    methods {
        /// How pickle makes it again.
        __reduce__() = reduce_items;
    }
}

native_type! {
    /// Gives an attribute of what it is called with; a tuple of attributes, if there are several. Dots lead to attributes of attributes.
    "operator.attrgetter" = pub struct AttrGetter {
        names: Tuple,
        /// Each a name, or a tuple of the names between dots.
        paths: Tuple,
    }
    shows: "(attr, /, *attrs)";
    new(*args, **names) = new_attrs;
    call(*args, **names) = get_attrs;
    slots { repr = repr_attrs; }
    methods {
        /// How pickle makes it again.
        __reduce__() = reduce_attrs;
    }
}

native_type! {
    /// Calls a method of what it is called with.
    "operator.methodcaller" = pub struct MethodCaller { name: Slot, args: Tuple, names: Slot }
    shows: "(name, /, *args, **kwargs)";
    new(*args, **names) = new_caller;
    call(*args, **names) = call_method;
    slots { repr = repr_caller; }
    methods {
        /// How pickle makes it again.
        __reduce__() = reduce_caller;
    }
}

/// The only argument of a call.
#[inline]
fn only<'a>(cx: &Cx, function: &str, args: Args<'a>) -> Res<&'a Value> {
    match args.positional() {
        [only] if args.named_count() == 0 => Ok(only),
        given => {
            args.no_keywords(cx, function)?;
            let count = given.len();
            Err(cx.type_error(format_args!("{function} expected 1 argument, got {count}")))
        }
    }
}

/// The arguments of `__new__`, at least one.
fn asked<'a>(cx: &Cx, function: &str, args: Args<'a>) -> Res<&'a [Value]> {
    args.no_keywords(cx, function)?;
    if args.positional().is_empty() {
        return Err(cx.type_error(format_args!("{function} expected 1 argument, got 0")));
    }
    Ok(args.positional())
}

fn tuple_of(cx: &Cx, values: &[Value]) -> Res<Tuple> {
    Tuple::from_fn(cx, values.len(), |at| values[at].clone())
}

/// One value alone, or a tuple of several: each made of one of as many parts. Runs Python.
fn one_or_all(cx: &Cx, parts: &Tuple, get: impl Fn(&Value) -> Res) -> Res {
    if let [only] = parts.as_slice() {
        return get(only);
    }
    let mut found = cx.vector(parts.len())?;
    for part in parts.as_slice() {
        found.push(get(part)?);
    }
    Ok(tuple_of(cx, &found)?.into_value())
}

/// `name(value, ..)`, as reprs show it.
fn shown(cx: &Cx, this: &Value, function: &str, values: &[Value], names: Option<Dict>) -> Res {
    let shown = cx.repr_once(this, || {
        let mut text = StrWriter::new(cx);
        text.push_str(&format!("operator.{function}("))?;
        for (at, value) in values.iter().enumerate() {
            text.push_str(if at > 0 { ", " } else { "" })?;
            text.push_str(&cx.repr(value)?)?;
        }
        let mut from = 0;
        while let Some((next, name, value)) = names.as_ref().and_then(|names| names.next_item(from)) {
            text.push_str(", ")?;
            text.push_value(&name)?;
            text.push_str("=")?;
            text.push_str(&cx.repr(&value)?)?;
            from = next;
        }
        text.push_str(")")?;
        text.finish()
    })?;
    shown.map_or_else(|| format_args!("operator.{function}(...)").into_value(cx), Ok)
}

// ---- items -----------------------------------------------------------------------------------------------------------

fn new_items(cx: &Cx, class: &Value, args: Args) -> Res {
    let items = tuple_of(cx, asked(cx, "itemgetter", args)?)?;
    cx.new_of(class, ItemGetter { items })
}
fn get_items(cx: &Cx, this: This<ItemGetter>, args: Args) -> Res {
    let owner = only(cx, "itemgetter", args)?;
    one_or_all(cx, &this.items, |key| match Int::exact_small(key) {
        Some(index) if index >= 0 => cx.item_at(owner, index),
        _ => cx.item(owner, key),
    })
}
fn repr_items(cx: &Cx, this: This<ItemGetter>) -> Res {
    shown(cx, this.value(), "itemgetter", this.items.as_slice(), None)
}
fn reduce_items(cx: &Cx, this: This<ItemGetter>) -> Res {
    (cx.class_of(this.value()), this.items.value()).into_value(cx)
}

// ---- attributes ------------------------------------------------------------------------------------------------------

/// A name between dots, as the VM knows it.
fn interned(cx: &Cx, text: &Str, from: usize, to: usize) -> Res {
    let part = text.slice(cx, from, to)?;
    match Str::of(&part) {
        // What no text of Rust's can be is a name, too.
        Some(name) if !name.is_ascii() && name.chars().iter().any(|c| char::from_u32(c).is_none()) => Ok(part),
        _ => cx.intern(&cx.str(&part)?),
    }
}

fn new_attrs(cx: &Cx, class: &Value, args: Args) -> Res {
    let names = tuple_of(cx, asked(cx, "attrgetter", args)?)?;
    let paths = List::new(cx, names.len())?;
    for name in names.as_slice() {
        let Some(text) = Str::of(name) else { return Err(cx.type_error("attribute name must be a string")) };
        let len = text.len();
        let dots: Vec<usize> = (0..len).filter(|at| text.chars().at(*at) == u32::from(b'.')).collect();
        if dots.is_empty() {
            paths.push(cx, interned(cx, &text, 0, len)?)?;
            continue;
        }
        let (parts, mut from) = (List::new(cx, dots.len() + 1)?, 0);
        for dot in dots.into_iter().chain([len]) {
            parts.push(cx, interned(cx, &text, from, dot)?)?;
            from = dot + 1;
        }
        paths.push(cx, Tuple::from_iterable(cx, parts.value())?)?;
    }
    let paths = Tuple::from_iterable(cx, paths.value())?;
    cx.new_of(class, AttrGetter { names, paths })
}
fn get_attrs(cx: &Cx, this: This<AttrGetter>, args: Args) -> Res {
    let owner = only(cx, "attrgetter", args)?;
    one_or_all(cx, &this.paths, |path| match Tuple::exact(path) {
        None => cx.attr_of(owner, path),
        Some(parts) => parts.as_slice().iter().try_fold(owner.clone(), |owner, name| cx.attr_of(&owner, name)),
    })
}
fn repr_attrs(cx: &Cx, this: This<AttrGetter>) -> Res {
    shown(cx, this.value(), "attrgetter", this.names.as_slice(), None)
}
fn reduce_attrs(cx: &Cx, this: This<AttrGetter>) -> Res {
    (cx.class_of(this.value()), this.names.value()).into_value(cx)
}

// ---- methods ---------------------------------------------------------------------------------------------------------

fn new_caller(cx: &Cx, class: &Value, args: Args) -> Res {
    let [name, given @ ..] = args.positional() else {
        return Err(cx.type_error("methodcaller needs at least one argument, the method name"));
    };
    let Some(text) = Str::of(name) else { return Err(cx.type_error("method name must be a string")) };
    let name = interned(cx, &text, 0, text.len())?;
    let names = Dict::new(cx)?;
    for (name, value) in args.named() {
        names.set(cx, name, value)?;
    }
    let args = tuple_of(cx, given)?;
    cx.new_of(class, MethodCaller { name: Slot::new(name), args, names: Slot::new(names.into_value()) })
}
fn call_method(cx: &Cx, this: This<MethodCaller>, args: Args) -> Res {
    let owner = only(cx, "methodcaller", args)?;
    let method = cx.attr_of(owner, &this.name.get())?;
    let Some(named) = this.names.dict() else { return cx.call(&method, this.args.as_slice()) };
    let (mut slots, mut names) = (cx.vector(this.args.len() + named.len())?, cx.vector(named.len())?);
    slots.extend(this.args.as_slice().iter().cloned());
    let mut from = 0;
    while let Some((next, name, value)) = named.next_item(from) {
        names.push(name);
        slots.push(value);
        from = next;
    }
    cx.call_named(&method, &slots, &names)
}
fn repr_caller(cx: &Cx, this: This<MethodCaller>) -> Res {
    let mut values = cx.vector(this.args.len() + 1)?;
    values.push(this.name.get());
    values.extend(this.args.as_slice().iter().cloned());
    shown(cx, this.value(), "methodcaller", &values, this.names.dict())
}
fn reduce_caller(cx: &Cx, this: This<MethodCaller>) -> Res {
    let (class, name) = (cx.class_of(this.value()), this.name.get());
    let named = this.names.dict().filter(|names| !names.is_empty());
    let Some(named) = named else {
        let mut values = cx.vector(this.args.len() + 1)?;
        values.push(name);
        values.extend(this.args.as_slice().iter().cloned());
        return (class, tuple_of(cx, &values)?).into_value(cx);
    };
    let partial = cx.attr(&cx.import("functools")?, "partial")?;
    let given = List::new(cx, 2)?;
    given.push(cx, class)?;
    given.push(cx, name)?;
    (cx.call_spread(&partial, &given, &named)?, this.args.value()).into_value(cx)
}
