//! The repr of nodes: as deep as a reader can take in, and of long lists the ends.

use crate::native::*;
use crate::vm::Vm;

/// How many levels of nodes are shown.
const LEVELS: u32 = 3;
/// Of longer lists, the first and the last item are shown.
const ITEMS: usize = 2;

/// `repr(node)`
pub fn repr(vm: &Vm, this: &Value) -> Res {
    let cx = Cx::of(vm);
    let mut out = StrWriter::new(cx);
    node(cx, this, LEVELS, &mut out)?;
    out.finish()
}

fn node(cx: &Cx, this: &Value, levels: u32, out: &mut StrWriter<'_>) -> Res<()> {
    let class = cx.type_name(this);
    cx.check_stack()?;
    let shown = match levels {
        0 => None,
        _ => cx.repr_once(this, || fields(cx, this, levels, out).map(|()| Value::NONE))?,
    };
    if shown.is_none() {
        out.push_str(class.as_str())?;
        out.push_str("(...)")?;
    }
    Ok(())
}

fn fields(cx: &Cx, this: &Value, levels: u32, out: &mut StrWriter<'_>) -> Res<()> {
    let fields = cx.attr(&cx.class_of(this), "_fields")?;
    out.push_str(cx.type_name(this).as_str())?;
    out.push_str("(")?;
    for at in 0..cx.len(&fields)? {
        let name = cx.item_at(&fields, at as i64)?;
        let value = cx.vm().get_attr(this, &name)?;
        if at > 0 {
            out.push_str(", ")?;
        }
        out.push_str(cx.str(&name)?.as_str())?;
        out.push_str("=")?;
        let items = match (List::of(&value), Tuple::of(&value)) {
            (Some(list), _) => Some((Tuple::from_iterable(cx, list.value())?, ["[", "]"])),
            (None, Some(tuple)) => Some((tuple, ["(", ")"])),
            (None, None) => None,
        };
        match items {
            Some((items, brackets)) if !items.is_empty() => sequence(cx, &items, brackets, levels - 1, out)?,
            _ => one(cx, &value, levels - 1, out)?,
        }
    }
    out.push_str(")")
}

fn sequence(cx: &Cx, items: &Tuple, brackets: [&str; 2], levels: u32, out: &mut StrWriter<'_>) -> Res<()> {
    out.push_str(brackets[0])?;
    let len = items.len();
    for (at, item) in items.as_slice().iter().enumerate() {
        if len > ITEMS && at != 0 && at + 1 != len {
            if at == 1 {
                out.push_str(", ...")?;
            }
            continue;
        }
        if at > 0 {
            out.push_str(", ")?;
        }
        one(cx, item, levels, out)?;
    }
    out.push_str(brackets[1])
}

fn one(cx: &Cx, value: &Value, levels: u32, out: &mut StrWriter<'_>) -> Res<()> {
    if super::is_node(cx.vm(), value)? {
        return node(cx, value, levels, out);
    }
    out.push_str(cx.repr(value)?.as_str())
}
