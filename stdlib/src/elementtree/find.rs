//! Looking for elements: a tag is looked for among the children here, a path by `xml.etree.ElementPath`.

use ryokan_vm::native::*;

use super::element::Element;

/// Whether it is a path and not a tag.
fn is_path(path: &Value) -> bool {
    let Some(text) = Str::of(path) else {
        let Some(bytes) = Bytes::of(path) else { return true };
        return steps(bytes.as_slice().iter().map(|byte| u32::from(*byte)));
    };
    let chars = text.chars();
    let at = |index: usize| if index < text.len() { chars.at(index) } else { 0 };
    let wild = at(1) == u32::from(b'}') || at(1) == u32::from(b'*') && at(2) == u32::from(b'}');
    text.len() >= 3 && at(0) == u32::from(b'{') && wild || steps(chars.iter())
}
/// Whether something of a path stands outside of braces.
fn steps(chars: impl Iterator<Item = u32>) -> bool {
    let mut outside = true;
    for c in chars {
        match u8::try_from(c) {
            Ok(b'{') => outside = false,
            Ok(b'}') => outside = true,
            Ok(b'/' | b'*' | b'[' | b'@' | b'.') if outside => return true,
            _ => {}
        }
    }
    false
}

/// Calls a function of `ElementPath`. Runs Python.
fn by_path(cx: &Cx, function: &str, args: impl Arguments) -> Res {
    let module = cx.import("xml.etree.ElementPath")?;
    cx.call_method(&module, function, args)
}

/// The next child with a tag, from a place on, and the place behind it. Runs Python.
fn next_child(cx: &Cx, this: This<Element>, tag: &Value, from: usize) -> Res<Option<(Value, usize)>> {
    let mut at = from;
    while let Some(child) = this.children.get(at) {
        at += 1;
        cx.work(1)?;
        let found = child.body::<Element>().map(|child| child.tag.get());
        if let Some(found) = found
            && cx.same_or_equal(&found, tag)?
        {
            return Ok(Some((child, at)));
        }
    }
    Ok(None)
}

pub fn find(cx: &Cx, this: This<Element>, path: Value, namespaces: Value) -> Res {
    if !namespaces.is_none() || is_path(&path) {
        return by_path(cx, "find", (this.to_value(), path, namespaces));
    }
    Ok(next_child(cx, this, &path, 0)?.map_or(Value::NONE, |(child, _)| child))
}

pub fn find_text(cx: &Cx, this: This<Element>, path: Value, default: Value, namespaces: Value) -> Res {
    if !namespaces.is_none() || is_path(&path) {
        return by_path(cx, "findtext", (this.to_value(), path, default, namespaces));
    }
    let Some((child, _)) = next_child(cx, this, &path, 0)? else { return Ok(default) };
    match child.body::<Element>().map(|child| child.text.get()) {
        Some(text) if !text.is_none() => Ok(text),
        _ => cx.intern(""),
    }
}

pub fn find_all(cx: &Cx, this: This<Element>, path: Value, namespaces: Value) -> Res {
    if !namespaces.is_none() || is_path(&path) {
        return by_path(cx, "findall", (this.to_value(), path, namespaces));
    }
    let (list, mut from) = (List::new(cx, 0)?, 0);
    while let Some((child, behind)) = next_child(cx, this, &path, from)? {
        list.push(cx, child)?;
        from = behind;
    }
    Ok(list.into_value())
}

pub fn iter_find(cx: &Cx, this: This<Element>, path: Value, namespaces: Value) -> Res {
    by_path(cx, "iterfind", (this.to_value(), path, namespaces))
}
