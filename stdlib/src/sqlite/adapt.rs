//! Adapters, which make objects that can be stored, and converters, which make objects of what was stored.

use ryokan_vm::native::*;

use super::State;
use super::errors::misuse;

native_type! {
    /// What adapters and __conform__ are asked for: an object that can be stored.
    "sqlite3.PrepareProtocol" = pub struct PrepareProtocol {}
    flags: SUBCLASS;
    new(*args, **names) = new_protocol;
}

fn new_protocol(cx: &Cx, class: &Value, _: Args<'_>) -> Res {
    cx.new_of(class, PrepareProtocol {})
}

/// A dict of the state.
fn table(cx: &Cx, slot: &Slot) -> Res<Dict> {
    slot.dict().ok_or(()).map_err(|()| cx.system_error("_sqlite3 is not imported"))
}

pub fn register_adapter(cx: &Cx, kind: Value, adapter: Value) -> Res<()> {
    let state = cx.state::<State>()?;
    if is_base(cx, &kind)? {
        state.base_adapted.set(true);
    }
    let key = (&kind, cx.class::<PrepareProtocol>()?).into_value(cx)?;
    table(cx, &state.adapters)?.set(cx, &key, adapter)
}

/// Whether a class is one of those whose instances are stored as they are.
fn is_base(cx: &Cx, class: &Value) -> Res<bool> {
    for name in ["int", "float", "str", "bytearray"] {
        if cx.builtin(name)?.is(class) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub fn register_converter(cx: &Cx, typename: &Value, converter: Value) -> Res<()> {
    if !cx.is_str(typename) {
        let kind = cx.arg_name(typename);
        return Err(cx.type_error(format_args!("register_converter() argument 1 must be str, not {kind}")));
    }
    let name = cx.call_method(typename, "upper", ())?;
    let state = cx.state::<State>()?;
    table(cx, &state.converters)?.set(cx, &name, converter)
}

/// The converter of a type's name, if there is one. Runs Python.
pub fn converter(cx: &Cx, name: &[u8]) -> Res<Option<Value>> {
    let name = cx.decode(name, Codec::Utf8, "strict", true)?.0;
    let name = cx.call_method(&name, "upper", ())?;
    table(cx, &cx.state::<State>()?.converters)?.get(cx, &name)
}

pub fn adapt_args(cx: &Cx, args: Args<'_>) -> Res {
    args.count(cx, "adapt", 1, 3)?;
    let given = args.positional();
    let protocol = match given.get(1) {
        Some(protocol) => protocol.clone(),
        None => cx.class::<PrepareProtocol>()?,
    };
    adapt(cx, &given[0], &protocol, given.get(2))
}

/// Makes a value one that can be stored, if it is not so by itself. Runs Python.
pub fn prepared(cx: &Cx, value: &Value) -> Res {
    let plain = matches!(cx.plain(value), Plain::Int | Plain::Float | Plain::Str | Plain::ByteArray);
    if plain && !cx.state::<State>()?.base_adapted.get() {
        return Ok(value.clone());
    }
    adapt(cx, value, &cx.class::<PrepareProtocol>()?, Some(value))
}

/// What an object is under a protocol: by its adapter, by the protocol's own `__adapt__`, by the object's `__conform__`; or the other
/// object. Runs Python; `ProgrammingError`.
fn adapt(cx: &Cx, object: &Value, protocol: &Value, other: Option<&Value>) -> Res {
    let state = cx.state::<State>()?;
    let key = (cx.class_of(object), protocol).into_value(cx)?;
    if let Some(adapter) = table(cx, &state.adapters)?.get(cx, &key)? {
        return cx.call(&adapter, (object,));
    }
    for (owner, name, argument) in [(protocol, "__adapt__", object), (object, "__conform__", protocol)] {
        let Some(method) = cx.attr_opt(owner, name)? else { continue };
        match cx.call(&method, (argument,)) {
            Ok(adapted) if adapted.is_none() => {}
            Ok(adapted) => return Ok(adapted),
            Err(raised) => drop(cx.catch(raised, "TypeError")?),
        }
    }
    match other {
        Some(other) => Ok(other.clone()),
        None => Err(misuse(cx, "can't adapt")),
    }
}
