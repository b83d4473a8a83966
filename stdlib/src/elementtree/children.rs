//! Elements as sequences of their children.

use ryokan_vm::native::*;

use super::element::{Element, expect};
use crate::array::slice_of;

pub fn count(_: &Cx, this: This<Element>) -> Res<usize> {
    Ok(this.children.len())
}

/// Adds a child as the last one. `TypeError` if it is no element.
pub fn append(cx: &Cx, parent: &Element, child: Value) -> Res<()> {
    expect(cx, &child)?;
    parent.children.push_back(cx, child)
}

/// The items of an iterable. Runs Python; `TypeError`.
fn items_of(cx: &Cx, iterable: &Value, otherwise: &str) -> Res<Vector<Value>> {
    let list = match List::exact(iterable) {
        Some(list) => list,
        None => List::from_iterable(cx, iterable).map_err(|raised| {
            // Only what cannot be walked over at all is said otherwise.
            if cx.is_raised(&raised, "TypeError") && cx.aside(|| !can_walk(cx, iterable)) {
                drop(cx.take_raised(raised));
                return cx.type_error(otherwise);
            }
            raised
        })?,
    };
    // A list may change; what was taken out of it may not.
    let mut items = cx.vector(list.len())?;
    items.extend((0..list.len()).filter_map(|at| list.get(at)));
    cx.work(items.len() as u64)?;
    Ok(items)
}
/// The same, each of which must be an element.
pub fn elements_of(cx: &Cx, iterable: &Value, otherwise: &str) -> Res<Vector<Value>> {
    let items = items_of(cx, iterable, otherwise)?;
    items.iter().try_for_each(|item| expect(cx, item))?;
    Ok(items)
}
fn can_walk(cx: &Cx, value: &Value) -> bool {
    cx.iter(value).map_err(|raised| drop(cx.take_raised(raised))).is_ok()
}

pub fn extend(cx: &Cx, this: This<Element>, elements: Value) -> Res<()> {
    let elements = elements_of(cx, &elements, "'elements' must be an iterable")?;
    this.children.reserve(cx, elements.len())?;
    for element in elements.iter() {
        this.children.push_back(cx, element.clone())?;
    }
    Ok(())
}

pub fn insert(cx: &Cx, this: This<Element>, index: Value, subelement: Value) -> Res<()> {
    let index = match cx.index_i128(&index)?.and_then(|index| i64::try_from(index).ok()) {
        Some(index) => index,
        None => return Err(cx.overflow_error("Python int too large to convert to C ssize_t")),
    };
    if subelement.body::<Element>().is_none() {
        let kind = cx.arg_name(&subelement);
        let message = format_args!("insert() argument 2 must be xml.etree.ElementTree.Element, not {kind}");
        return Err(cx.type_error(message));
    }
    let at = Bound(index).among(this.children.len());
    this.children.insert(cx, at, subelement)
}

pub fn remove(cx: &Cx, this: This<Element>, subelement: Value) -> Res<()> {
    if subelement.body::<Element>().is_none() {
        let kind = cx.arg_name(&subelement);
        let message = format_args!("remove() argument must be xml.etree.ElementTree.Element, not {kind}");
        return Err(cx.type_error(message));
    }
    let mut at = 0;
    loop {
        let Some(child) = this.children.get(at) else {
            return Err(cx.value_error("Element.remove(x): element not found"));
        };
        cx.work(1)?;
        if cx.same_or_equal(&child, &subelement)? {
            break;
        }
        at += 1;
    }
    // Comparing may have taken it away already.
    drop(this.children.remove(at));
    Ok(())
}

/// The index of a child that a key means. `TypeError`, `IndexError`.
fn index_of(cx: &Cx, this: This<Element>, key: &Value, what: &str) -> Res<usize> {
    if !cx.has_index(key) {
        return Err(cx.type_error("element indices must be integers"));
    }
    let index = cx.sequence_index(key)?;
    let len = this.children.len();
    let at = if index < 0 { index.saturating_add(len as i64) } else { index };
    let at = usize::try_from(at).ok().filter(|at| *at < len);
    at.ok_or(()).map_err(|()| cx.index_error(format_args!("child {what}index out of range")))
}

pub fn get_item(cx: &Cx, this: This<Element>, key: &Value) -> Res {
    let Some((start, step, count)) = slice_of(cx, key, || Ok(this.children.len()))? else {
        let at = index_of(cx, this, key, "")?;
        return Ok(this.children.get(at).unwrap_or_default());
    };
    let list = List::new(cx, count)?;
    for index in 0..count as i64 {
        cx.work(1)?;
        if let Some(child) = this.children.get((start + index * step) as usize) {
            list.push(cx, child)?;
        }
    }
    Ok(list.into_value())
}

pub fn set_item(cx: &Cx, this: This<Element>, key: &Value, value: Option<&Value>) -> Res<()> {
    if cx.is_slice(key) {
        return set_slice(cx, this, key, value);
    }
    let at = index_of(cx, this, key, "assignment ")?;
    let Some(value) = value else {
        drop(this.children.remove(at));
        return Ok(());
    };
    expect(cx, value)?;
    drop(this.children.replace(at, value.clone()));
    Ok(())
}

/// Puts elements in the place of those that a slice means.
fn set_slice(cx: &Cx, this: This<Element>, key: &Value, value: Option<&Value>) -> Res<()> {
    let Some((start, step, count)) = slice_of(cx, key, || Ok(this.children.len()))? else { return Ok(()) };
    let Some(value) = value else { return replace(cx, this, (start, step, count), None) };
    let new = items_of(cx, value, "assignment expects an iterable")?;
    let given = new.len();
    if step != 1 && given != count {
        let message = format_args!("attempt to assign sequence of size {given} to extended slice of size {count}");
        return Err(cx.value_error(message));
    }
    new.iter().try_for_each(|item| expect(cx, item))?;
    if step == 1 {
        return replace(cx, this, (start, step, count), Some(&new));
    }
    for (index, element) in new.iter().enumerate() {
        drop(this.children.replace((start + index as i64 * step) as usize, element.clone()));
    }
    Ok(())
}

/// Takes the children of a slice away, and puts others where the first of them was. Python may have run since the slice was read: what is
/// not there any more is left out.
fn replace(
    cx: &Cx,
    this: This<Element>,
    (start, step, count): (i64, i64, usize),
    new: Option<&[Value]>,
) -> Res<()> {
    let (new, len) = (new.unwrap_or_default(), this.children.len());
    cx.work((len + new.len()) as u64)?;
    let (first, stride) = match step {
        1.. => (start, step),
        _ => (start + (count as i64 - 1) * step, -step),
    };
    let (first, stride) = (first.clamp(0, len as i64) as usize, stride as usize);
    let goes = |at: usize| at >= first && (at - first).is_multiple_of(stride) && (at - first) / stride < count;
    let mut kept = cx.vector(len + new.len())?;
    for at in 0..=len {
        if at == first {
            kept.extend(new.iter().cloned());
        }
        match this.children.get(at) {
            Some(child) if !goes(at) => kept.push(child),
            _ => {}
        }
    }
    // Those that are gone may die when all is in place.
    this.children.assign(cx, &kept)
}
