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

/// The elements of an iterable, each of which must be one. Runs Python; `TypeError`.
pub fn elements_of(cx: &Cx, iterable: &Value, otherwise: &str) -> Res<Vector<Value>> {
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
    // A list may change; what was looked at may not.
    let mut elements = cx.vector(list.len())?;
    for at in 0..list.len() {
        if let Some(element) = list.get(at) {
            expect(cx, &element)?;
            elements.push(element);
        }
    }
    cx.work(elements.len() as u64)?;
    Ok(elements)
}
fn can_walk(cx: &Cx, value: &Value) -> bool {
    cx.iter(value).map_err(|raised| drop(cx.take_raised(raised))).is_ok()
}

pub fn extend(cx: &Cx, this: This<Element>, elements: Value) -> Res<()> {
    for element in elements_of(cx, &elements, "'elements' must be an iterable")?.iter() {
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
    let is_it = |at: &usize| this.children.look(*at).is_some_and(|child| child.is(&subelement));
    let mut found = (0..this.children.len()).find(is_it);
    let mut at = 0;
    while found.is_none() {
        let Some(child) = this.children.get(at) else { break };
        cx.work(1)?;
        if cx.holds(&child, CompareOp::Eq, &subelement)? {
            found = Some(at);
        }
        at += 1;
    }
    match found.and_then(|at| this.children.remove(at)) {
        Some(child) => {
            drop(child);
            Ok(())
        }
        None => Err(cx.value_error("Element.remove(x): element not found")),
    }
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
    let Some((start, step, count)) = slice_of(cx, key, this.children.len())? else {
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
    let new = match value {
        Some(value) => elements_of(cx, value, "assignment expects an iterable")?,
        None => cx.vector(0)?,
    };
    // Python has run: the children are those that there are now.
    let Some((start, step, count)) = slice_of(cx, key, this.children.len())? else { return Ok(()) };
    let given = new.len();
    if step != 1 && value.is_some() && given != count {
        let message = format_args!("attempt to assign sequence of size {given} to extended slice of size {count}");
        return Err(cx.value_error(message));
    }
    cx.work((this.children.len() + given) as u64)?;
    if step != 1 && value.is_some() {
        for index in 0..count {
            let at = (start + index as i64 * step) as usize;
            drop(this.children.replace(at, new[index].clone()));
        }
        return Ok(());
    }
    let (first, stride) = match step {
        1.. => (start, step),
        _ => (start + (count as i64 - 1) * step, -step),
    };
    let (first, stride) = (first as usize, stride as usize);
    let goes = |at: usize| count > 0 && at >= first && (at - first) % stride == 0 && (at - first) / stride < count;
    let (mut kept, mut gone) = (cx.vector(this.children.len() + given)?, cx.vector(count)?);
    for at in 0..=this.children.len() {
        if at == first && value.is_some() {
            kept.extend(new.iter().cloned());
        }
        match this.children.get(at) {
            Some(child) if goes(at) => gone.push(child),
            Some(child) => kept.push(child),
            None => {}
        }
    }
    this.children.clear();
    for child in kept.iter() {
        this.children.push_back(cx, child.clone())?;
    }
    // They may die now, when all is in place.
    drop(gone);
    Ok(())
}
