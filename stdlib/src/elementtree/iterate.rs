//! Walking over an element and all that is below it.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::element::Element;

native_type! {
    "_elementtree._element_iterator" = pub struct Walk {
        /// The element where it begins, as long as it was not met.
        root: Maybe,
        /// The elements that are open, from the first one down, and which child of each comes next.
        open: Values,
        next: Values,
        /// The tag that is looked for; None for all.
        tag: Slot,
        /// It is about texts.
        texts: Cell<bool>,
    }
    slots { iter = itself; next = step; }
}

fn walk(cx: &Cx, this: This<Element>, tag: Value, texts: bool) -> Res<Obj<Walk>> {
    cx.new(Walk {
        root: Maybe::new(this.to_value()),
        open: Values::default(),
        next: Values::default(),
        tag: Slot::new(tag),
        texts: Cell::new(texts),
    })
}

pub fn iter(cx: &Cx, this: This<Element>, tag: Value) -> Res<Obj<Walk>> {
    let all = Str::of(&tag).is_some_and(|tag| tag.ascii() == Some("*"))
        || Bytes::of(&tag).is_some_and(|tag| tag.as_slice() == b"*");
    walk(cx, this, if all { Value::NONE } else { tag }, false)
}
pub fn iter_text(cx: &Cx, this: This<Element>) -> Res<Obj<Walk>> {
    walk(cx, this, Value::NONE, true)
}

/// What is met next.
enum Met {
    /// An element that begins.
    Begin(Value),
    /// One that has ended, and has a tail.
    End(Value),
    Nothing,
}

/// Goes on by a step: into the next child, or out of an element without another one.
fn advance(cx: &Cx, this: This<Walk>) -> Res<Met> {
    let met = match this.root.take() {
        Some(root) => root,
        None => {
            let Some(last) = this.open.len().checked_sub(1) else { return Ok(Met::Nothing) };
            let at = this.next.get(last).and_then(|at| cx.small_int(&at)).unwrap_or_default();
            let child = this.open.look(last).and_then(|open| open.body::<Element>()?.children.get(at as usize));
            let Some(child) = child else {
                let ended = this.open.pop_back().unwrap_or_default();
                drop(this.next.pop_back());
                // The element where it began has a tail that is not in it.
                return Ok(if last == 0 { Met::Nothing } else { Met::End(ended) });
            };
            drop(this.next.replace(last, (at + 1).into_value(cx)?));
            child
        }
    };
    this.open.push_back(cx, met.clone())?;
    this.next.push_back(cx, Value::small(0))?;
    Ok(Met::Begin(met))
}

fn step(cx: &Cx, this: This<Walk>) -> Res<Option<Value>> {
    loop {
        cx.work(1)?;
        let (element, begins) = match advance(cx, this)? {
            Met::Begin(element) => (element, true),
            Met::End(element) => (element, false),
            Met::Nothing => return Ok(None),
        };
        let Some(body) = element.body::<Element>() else { continue };
        if this.texts.get() {
            let tag = body.tag.look();
            let text = match begins {
                false => body.tail.get(),
                // What a comment or a processing instruction says is no text.
                true if !tag.is_none() && !cx.is_str(&tag) => continue,
                true => body.text.get(),
            };
            if !text.is_none() && cx.truth(&text)? {
                return Ok(Some(text));
            }
        } else if begins {
            let (wanted, tag) = (this.tag.get(), body.tag.get());
            if wanted.is_none() || cx.same_or_equal(&tag, &wanted)? {
                return Ok(Some(element));
            }
        }
    }
}
