//! `types.SimpleNamespace`: an object with whatever attributes it is given. `sys.implementation` is one.

use crate::native::*;

crate::native_type! {
    /// An object whose attributes are those that it was called with; it shows them, and equals another that has the same.
    "types.SimpleNamespace" = pub struct SimpleNamespace {}
    flags: SUBCLASS, DICT;
    new(*args, **names) = new_namespace;
    init(*args, **names) = fill;
    slots { repr = repr; compare = compare; }
    methods {
        /// How pickle makes it again.
        __reduce__() = reduce;
        /// Another with the same attributes, some of them changed.
        __replace__(*args, **changes) = replaced;
    }
}

fn new_namespace(cx: &Cx, class: &Value, _: Args) -> Res {
    cx.new_of(class, SimpleNamespace {})
}

fn fill(cx: &Cx, this: This<SimpleNamespace>, args: Args) -> Res<()> {
    args.count(cx, "SimpleNamespace", 0, 1)?;
    let own = cx.instance_dict(this.value())?;
    if let [given] = args.positional() {
        let given = match Dict::exact(given) {
            Some(dict) => dict,
            None => {
                let dict = Dict::new(cx)?;
                cx.call_method(dict.value(), "update", (given,))?;
                dict
            }
        };
        cx.work_on_bytes(given.len() * 32)?;
        let mut at = 0;
        while let Some((next, key, _)) = given.next_item(at) {
            if !cx.is_str(&key) {
                return Err(cx.type_error("keywords must be strings"));
            }
            at = next;
        }
        own.merge(cx, &given)?;
    }
    for (name, value) in args.named() {
        own.set(cx, name, value)?;
    }
    Ok(())
}

fn repr(cx: &Cx, this: This<SimpleNamespace>) -> Res {
    let name = match cx.is_exact::<SimpleNamespace>(this.value()) {
        true => Text::from("namespace"),
        false => cx.class_name(this.value()),
    };
    let shown = cx.repr_once(this.value(), || {
        let mut out = StrWriter::new(cx);
        out.push_str(&name)?;
        out.push_str("(")?;
        let (own, mut at, mut first) = (cx.instance_dict(this.value())?, 0, true);
        while let Some((next, key, value)) = own.next_item(at) {
            at = next;
            if !cx.is_str(&key) || cx.str(&key)?.is_empty() {
                continue;
            }
            if !first {
                out.push_str(", ")?;
            }
            first = false;
            out.push_value(&key)?;
            out.push_str("=")?;
            out.push_str(&cx.repr(&value)?)?;
        }
        out.push_str(")")?;
        out.finish()
    })?;
    match shown {
        Some(shown) => Ok(shown),
        None => format_args!("{}(...)", name.as_str()).into_value(cx),
    }
}

fn compare(cx: &Cx, this: This<SimpleNamespace>, other: &Value, op: CompareOp) -> Res {
    if This::<SimpleNamespace>::of(cx, other).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (own, others) = (cx.instance_dict(this.value())?, cx.instance_dict(other)?);
    cx.compare(own.value(), op, others.value())
}

fn reduce(cx: &Cx, this: This<SimpleNamespace>) -> Res {
    let none = Tuple::from_fn(cx, 0, |_| Value::NONE)?;
    (cx.class_of(this.value()), none, cx.instance_dict(this.value())?).into_value(cx)
}

fn replaced(cx: &Cx, this: This<SimpleNamespace>, args: Args) -> Res {
    if !args.positional().is_empty() {
        return Err(cx.type_error("__replace__() takes no positional arguments"));
    }
    let made = cx.call(&cx.class_of(this.value()), ())?;
    if This::<SimpleNamespace>::of(cx, &made).is_none() {
        let (class, got) = (cx.full_type_name(this.value()), cx.full_type_name(&made));
        return Err(cx.type_error(format_args!(
            "expect types.SimpleNamespace type, but {class}() returned '{got}' object"
        )));
    }
    let (own, new) = (cx.instance_dict(this.value())?, cx.instance_dict(&made)?);
    new.merge(cx, &own)?;
    for (name, value) in args.named() {
        new.set(cx, name, value)?;
    }
    Ok(made)
}
