//! `defaultdict`: a dict that makes the values of missing keys.

use ryokan_vm::native::*;

native_type! {
    /// defaultdict(default_factory=None, /, [...])
    ///
    /// A dict that calls default_factory, without arguments, for the value of a key that is looked up and missing, and keeps the value.
    /// What follows the factory is as for dict.
    "collections.defaultdict" = pub struct DefaultDict: dict { default_factory }
    flags: SUBCLASS;
    init(*args, **names) = init;
    slots { repr = repr; }
    number { Or = or; }
    attributes {
        /// what is called for the value of a missing key; None if nothing is
        default_factory = factory, set_factory;
    }
    methods {
        /// Called for a missing key: makes a value, keeps it under the key and returns it. KeyError if there is no factory.
        __missing__(key: Value, /) = missing;
        /// A defaultdict with the same keys, values and factory.
        copy();
        /// A defaultdict with the same keys, values and factory.
        __copy__() = copy;
        /// How copy and pickle make the dict again.
        __reduce__() = reduce;
    }
    class_methods {
        /// The class with type arguments, as defaultdict[str, int] is written.
        __class_getitem__(object: &Value, /) = class_getitem;
    }
}

type DefDict<'a> = This<'a, DefaultDict>;

fn init(cx: &Cx, this: DefDict, args: Args) -> Res<()> {
    let factory = args.positional().first().cloned().unwrap_or(Value::NONE);
    if !factory.is_none() && !cx.is_callable(&factory) {
        return Err(cx.type_error("first argument must be callable or None"));
    }
    this.set_member(cx, DefaultDict::default_factory, factory);
    dict(cx, this.value())?.update_with(cx, args.behind(1))
}

/// The object as the dict that it is.
fn dict(cx: &Cx, value: &Value) -> Res<Dict> {
    Dict::of(value).ok_or(()).map_err(|()| cx.system_error("bad argument to internal function"))
}

fn factory(cx: &Cx, this: DefDict) -> Value {
    this.member(cx, DefaultDict::default_factory).unwrap_or(Value::NONE)
}

fn set_factory(cx: &Cx, this: DefDict, value: Option<&Value>) -> Res<()> {
    this.set_member(cx, DefaultDict::default_factory, value.cloned().unwrap_or(Value::NONE));
    Ok(())
}

fn missing(cx: &Cx, this: DefDict, key: Value) -> Res {
    let factory = factory(cx, this);
    if factory.is_none() {
        return Err(cx.key_error(key));
    }
    let value = cx.call(&factory, ())?;
    // What the factory itself put there meanwhile stays.
    dict(cx, this.value())?.get_or_set(cx, key, value)
}

fn repr(cx: &Cx, this: DefDict) -> Res {
    let items = dict(cx, this.value())?.repr(cx)?;
    let factory = factory(cx, this);
    let made_by = cx.repr_once(&factory, || cx.repr(&factory)?.into_value(cx))?;
    let mut text = StrWriter::new(cx);
    text.push_str(&cx.class_name(this.value()))?;
    text.push_str("(")?;
    match made_by {
        Some(made_by) => text.push_value(&made_by)?,
        None => text.push_str("...")?,
    }
    text.push_str(", ")?;
    text.push_value(&items)?;
    text.push_str(")")?;
    text.finish()
}

/// A new one of the same class, with the same factory and the keys and values of a mapping.
fn like(cx: &Cx, this: DefDict, items: &Value) -> Res {
    cx.call(&cx.class_of(this.value()), (factory(cx, this), items))
}

fn copy(cx: &Cx, this: DefDict) -> Res {
    like(cx, this, this.value())
}

fn or(cx: &Cx, left: &Value, right: &Value) -> Res {
    let (this, other) = match This::<DefaultDict>::of(cx, left) {
        Some(this) => (this, right),
        None => (This::expect(cx, right)?, left),
    };
    if Dict::of(other).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let made = like(cx, this, left)?;
    dict(cx, &made)?.update(cx, right)?;
    Ok(made)
}

fn reduce(cx: &Cx, this: DefDict) -> Res {
    let factory = factory(cx, this);
    let args = match factory.is_none() {
        true => Tuple::from_fn(cx, 0, |_| Value::NONE)?.into_value(),
        false => (factory,).into_value(cx)?,
    };
    let items = cx.call_method(this.value(), "items", ())?;
    (cx.class_of(this.value()), args, Value::NONE, Value::NONE, cx.iter(&items)?).into_value(cx)
}

fn class_getitem(cx: &Cx, class: &Value, item: &Value) -> Res {
    cx.generic_alias(class, item)
}
