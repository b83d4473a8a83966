//! `_tuplegetter`: a field of a named tuple, as a descriptor of its class.

use std::cell::Cell;

use ryokan_vm::native::*;

native_type! {
    "collections._tuplegetter" = pub struct TupleGetter { index: Cell<i64>, doc: Slot }
    new(index: i64, doc: Value, /) = new;
    slots { repr = repr; get = get; set = set; }
    attributes {
        /// what the field is
        __doc__ = doc, set_doc;
    }
    methods {
        /// How copy and pickle make the descriptor again.
        __reduce__() = reduce;
    }
}

type Getter<'a> = This<'a, TupleGetter>;

fn new(cx: &Cx, class: &Value, index: i64, doc: Value) -> Res {
    cx.new_of(class, TupleGetter { index: Cell::new(index), doc: Slot::new(doc) })
}

fn get(cx: &Cx, this: Getter, instance: Option<&Value>, _: &Value) -> Res {
    let Some(instance) = instance.filter(|instance| !instance.is_none()) else { return Ok(this.to_value()) };
    let index = this.index.get();
    let Some(tuple) = Tuple::of(instance) else {
        return Err(cx.type_error(format_args!(
            "descriptor for index '{index}' for tuple subclasses doesn't apply to '{}' object",
            cx.type_name(instance)
        )));
    };
    let item = usize::try_from(index).ok().and_then(|index| tuple.get(index));
    item.ok_or(()).map_err(|()| cx.index_error("tuple index out of range"))
}

fn set(cx: &Cx, _: Getter, _: &Value, value: Option<&Value>) -> Res<()> {
    let what = if value.is_some() { "set" } else { "delete" };
    Err(cx.attribute_error(format_args!("can't {what} attribute")))
}

fn doc(_: &Cx, this: Getter) -> Value {
    this.doc.get()
}

fn set_doc(_: &Cx, this: Getter, value: Option<&Value>) -> Res<()> {
    this.doc.set(value.cloned().unwrap_or(Value::NONE));
    Ok(())
}

fn repr(cx: &Cx, this: Getter) -> Res {
    let doc = cx.repr(&this.doc.get())?;
    let mut text = StrWriter::new(cx);
    text.push_str(&cx.class_name(this.value()))?;
    text.push_str(&format!("({}, ", this.index.get()))?;
    text.push_str(&doc)?;
    text.push_str(")")?;
    text.finish()
}

fn reduce(cx: &Cx, this: Getter) -> Res {
    (cx.class_of(this.value()), (this.index.get(), this.doc.get())).into_value(cx)
}
