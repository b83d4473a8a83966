//! `partial`: a function with some arguments given; and `Placeholder`, which stands for those that are not.

use std::cell::Cell;

use ryokan_vm::native::*;

native_type! {
    /// A function with some of its arguments given.
    ///
    /// Placeholder among them stands for an argument that is given later, by position.
    "functools.partial" = pub struct Partial { func: Slot, args: Slot, keywords: Slot, holes: Cell<usize> }
    flags: SUBCLASS, DICT, WEAKREF;
    shows: "(func, /, *args, **keywords)";
    new(*args, **names) = new;
    call(*args, **names) = call;
    slots { repr = repr; get = get; }
    members {
        /// the function
        func = |_, this: This<Partial>| this.func.get();
        /// the arguments that are given by position
        args = |_, this: This<Partial>| this.args.get();
        /// the arguments that are given by name
        keywords = |_, this: This<Partial>| this.keywords.get();
    }
    methods {
        /// How pickle makes it again.
        __reduce__() = reduce;
        /// Takes what __reduce__ gave.
        __setstate__(state: &Value, /) = setstate;
    }
    class_methods {
        /// The class with a type argument.
        __class_getitem__(object: &Value, /) = class_getitem;
    }
}

native_type! {
    /// The type of Placeholder.
    "functools._PlaceholderType" = pub struct PlaceholderType {}
    new(*args, **names) = new_placeholder;
    slots { repr = repr_placeholder; }
    methods {
        /// Its name.
        __reduce__() = reduce_placeholder;
    }
}

native_state! {
    struct State { placeholder: Maybe }
}

type Part<'a> = This<'a, Partial>;

/// The one placeholder.
pub fn placeholder(cx: &Cx) -> Res {
    let state = cx.state::<State>()?;
    if let Some(there) = state.placeholder.get() {
        return Ok(there);
    }
    let made = cx.new(PlaceholderType {})?.into_value();
    state.placeholder.set(Some(made.clone()));
    Ok(made)
}
fn new_placeholder(cx: &Cx, _: &Value, args: Args) -> Res {
    if !args.positional().is_empty() || args.named_count() > 0 {
        return Err(cx.type_error("PlaceholderType takes no arguments"));
    }
    placeholder(cx)
}
fn repr_placeholder(_: &Cx, _: This<PlaceholderType>) -> &'static str {
    "Placeholder"
}
fn reduce_placeholder(_: &Cx, _: This<PlaceholderType>) -> &'static str {
    "Placeholder"
}
fn is_hole(value: &Value) -> bool {
    value.body::<PlaceholderType>().is_some()
}

// ---- making one ------------------------------------------------------------------------------------------------------

/// Given arguments with holes filled by others, and those that are left behind them.
fn filled(cx: &Cx, given: &[Value], more: &[Value]) -> Res<Vector<Value>> {
    let mut all = cx.vector(given.len() + more.len())?;
    let mut more = more.iter();
    for value in given {
        let filler = if is_hole(value) { more.next() } else { None };
        all.push(filler.unwrap_or(value).clone());
    }
    all.extend(more.cloned());
    Ok(all)
}

/// The parts of a partial that may be taken into another one: not if it has attributes of its own.
fn parts_of(cx: &Cx, func: &Value) -> Res<Option<(Value, Tuple, Dict)>> {
    let Some(part) = func.body::<Partial>() else { return Ok(None) };
    if !cx.instance_dict(func)?.is_empty() {
        return Ok(None);
    }
    match (Tuple::of(&part.args.get()), part.keywords.dict()) {
        (Some(args), Some(keywords)) => Ok(Some((part.func.get(), args, keywords))),
        _ => Ok(None),
    }
}

fn new(cx: &Cx, class: &Value, args: Args) -> Res {
    let [func, given @ ..] = args.positional() else {
        return Err(cx.type_error("type 'partial' takes at least one argument"));
    };
    if !cx.is_callable(func) {
        return Err(cx.type_error("the first argument must be callable"));
    }
    if given.last().is_some_and(is_hole) {
        return Err(cx.type_error("trailing Placeholders are not allowed"));
    }
    if args.named().any(|(_, value)| is_hole(value)) {
        return Err(cx.type_error("Placeholder cannot be passed as a keyword argument"));
    }
    let (func, all, keywords) = match parts_of(cx, func)? {
        Some((func, inner, keywords)) => (func, filled(cx, inner.as_slice(), given)?, keywords.copy(cx)?),
        None => (func.clone(), filled(cx, &[], given)?, Dict::new(cx)?),
    };
    for (name, value) in args.named() {
        keywords.set(cx, name, value)?;
    }
    let holes = all.iter().filter(|value| is_hole(value)).count();
    let tuple = Tuple::from_fn(cx, all.len(), |at| all[at].clone())?;
    cx.new_of(class, Partial {
        func: Slot::new(func),
        args: Slot::new(tuple.into_value()),
        keywords: Slot::new(keywords.into_value()),
        holes: Cell::new(holes),
    })
}

fn get(cx: &Cx, this: Part, instance: Option<&Value>, _: &Value) -> Res {
    match instance.filter(|instance| !instance.is_none()) {
        Some(instance) => cx.bind(this.value(), instance),
        None => Ok(this.to_value()),
    }
}
fn class_getitem(cx: &Cx, class: &Value, item: &Value) -> Res {
    cx.generic_alias(class, item)
}

// ---- calling it ------------------------------------------------------------------------------------------------------

fn call(cx: &Cx, this: Part, args: Args) -> Res {
    let (func, given, keywords) = (this.func.get(), this.args.get(), this.keywords.dict());
    let (Some(given), Some(keywords)) = (Tuple::of(&given), keywords) else { return args.call(cx, &func) };
    let (holes, count) = (this.holes.get(), args.positional().len());
    if count < holes {
        return Err(cx.type_error(format_args!(
            "missing positional arguments in 'partial' call; expected at least {holes}, got {count}"
        )));
    }
    let mut all = if holes > 0 {
        filled(cx, given.as_slice(), args.positional())?
    } else {
        let mut all = cx.vector(given.len() + count + keywords.len() + args.named_count())?;
        all.extend(given.as_slice().iter().chain(args.positional()).cloned());
        all
    };
    let names = if keywords.is_empty() {
        let mut names = cx.vector(args.named_count())?;
        cx.reserve(&mut all, args.named_count())?;
        for (name, value) in args.named() {
            names.push(name.clone());
            all.push(value.clone());
        }
        names
    } else {
        let merged = if args.named_count() == 0 { keywords } else { keywords.copy(cx)? };
        for (name, value) in args.named() {
            merged.set(cx, name, value)?;
        }
        let (mut names, mut from) = (cx.vector(merged.len())?, 0);
        cx.reserve(&mut all, merged.len())?;
        let room = merged.len();
        while let Some((next, name, value)) = merged.next_item(from)
            && names.len() < room
        {
            if !cx.is_str(&name) {
                return Err(cx.type_error("keywords must be strings"));
            }
            names.push(cx.intern_value(name)?);
            all.push(value);
            from = next;
        }
        names
    };
    cx.call_named(&func, &all, &names)
}

// ---- showing and pickling it -----------------------------------------------------------------------------------------

fn repr(cx: &Cx, this: Part) -> Res {
    let shown = cx.repr_once(this.value(), || {
        let class = cx.class_of(this.value());
        let module = cx.attr(&class, "__module__")?;
        let mut text = StrWriter::new(cx);
        text.push_str(&cx.str(&module)?)?;
        text.push_str(".")?;
        text.push_value(&cx.attr(&class, "__qualname__")?)?;
        text.push_str("(")?;
        text.push_str(&cx.repr(&this.func.get())?)?;
        if let Some(args) = Tuple::of(&this.args.get()) {
            for value in args.as_slice() {
                text.push_str(", ")?;
                text.push_str(&cx.repr(value)?)?;
            }
        }
        let mut from = 0;
        while let Some((next, name, value)) = this.keywords.dict().and_then(|names| names.next_item(from)) {
            text.push_str(", ")?;
            text.push_str(&cx.str(&name)?)?;
            text.push_str("=")?;
            text.push_str(&cx.repr(&value)?)?;
            from = next;
        }
        text.push_str(")")?;
        text.finish()
    })?;
    shown.map_or_else(|| "...".into_value(cx), Ok)
}

fn reduce(cx: &Cx, this: Part) -> Res {
    let own = cx.instance_dict(this.value())?;
    let own = if own.is_empty() { Value::NONE } else { own.into_value() };
    let func = this.func.get();
    let state = (&func, this.args.get(), this.keywords.get(), own).into_value(cx)?;
    (cx.class_of(this.value()), (&func,), state).into_value(cx)
}

fn setstate(cx: &Cx, this: Part, state: &Value) -> Res<()> {
    let invalid = || cx.type_error("invalid partial state");
    let state = Tuple::of(state).ok_or(()).map_err(|()| invalid())?;
    let [func, args, keywords, own] = state.as_slice() else { return Err(invalid()) };
    let (Some(given), named) = (Tuple::of(args), Dict::of(keywords)) else { return Err(invalid()) };
    if !cx.is_callable(func) || (named.is_none() && !keywords.is_none()) {
        return Err(invalid());
    }
    if given.as_slice().last().is_some_and(is_hole) {
        return Err(cx.type_error("trailing Placeholders are not allowed"));
    }
    let exact = match Tuple::exact(args) {
        Some(exact) => exact,
        None => Tuple::from_fn(cx, given.len(), |at| given.get(at).unwrap_or_default())?,
    };
    let named = match named {
        Some(named) => named.copy(cx)?,
        None => Dict::new(cx)?,
    };
    let attributes = cx.instance_dict(this.value())?;
    let own = Dict::of(own);
    this.holes.set(exact.as_slice().iter().filter(|value| is_hole(value)).count());
    this.func.set(func.clone());
    this.args.set(exact.into_value());
    this.keywords.set(named.into_value());
    attributes.clear();
    own.map_or(Ok(()), |own| attributes.merge(cx, &own))
}
