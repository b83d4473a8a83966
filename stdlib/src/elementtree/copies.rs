//! Copying and pickling elements.

use ryokan_vm::native::*;

use super::children::{append, elements_of};
use super::element::Element;

pub fn copy(cx: &Cx, this: This<Element>) -> Res<Obj<Element>> {
    let made = cx.new(Element::new(this.tag.get(), this.attrib.get()))?;
    made.text.set(this.text.get());
    made.tail.set(this.tail.get());
    made.children.extend_from_values(cx, &this.children)?;
    Ok(made)
}

/// A deep copy of a value. What cannot change is its own. Runs Python.
fn deep(cx: &Cx, value: Value, memo: &Value) -> Res {
    if value.is_none() || Str::exact(&value).is_some() || cx.is_exact_int(&value) {
        return Ok(value);
    }
    if cx.is_exact::<Element>(&value)
        && let (Some(element), Some(memo)) = (This::<Element>::of(cx, &value), Dict::of(memo))
    {
        let known = memo.get(cx, &cx.id(&value).into_value(cx)?)?;
        return match known {
            Some(known) => Ok(known),
            None => deepcopy_with(cx, element, &memo),
        };
    }
    let module = cx.import("copy")?;
    cx.call_method(&module, "deepcopy", (value, memo))
}

pub fn deepcopy(cx: &Cx, this: This<Element>, memo: Value) -> Res {
    match Dict::of(&memo) {
        Some(memo) => deepcopy_with(cx, this, &memo),
        None => {
            let kind = cx.arg_name(&memo);
            Err(cx.type_error(format_args!("__deepcopy__() argument must be dict, not {kind}")))
        }
    }
}

fn deepcopy_with(cx: &Cx, this: This<Element>, memo: &Dict) -> Res {
    cx.check_stack()?;
    let tag = deep(cx, this.tag.get(), memo.value())?;
    let attrib = match this.attrib.get() {
        Some(attrib) => Some(deep_attributes(cx, attrib, memo.value())?),
        None => None,
    };
    let made = cx.new(Element::new(tag, attrib))?;
    made.text.set(deep(cx, this.text.get(), memo.value())?);
    made.tail.set(deep(cx, this.tail.get(), memo.value())?);
    let mut at = 0;
    while let Some(child) = this.children.get(at) {
        cx.work(1)?;
        append(cx, &made, deep(cx, child, memo.value())?)?;
        at += 1;
    }
    memo.set(cx, &cx.id(this.value()).into_value(cx)?, made.value())?;
    Ok(made.into_value())
}

/// A deep copy of attributes: of strs alone it is a copy of the dict.
fn deep_attributes(cx: &Cx, attrib: Value, memo: &Value) -> Res {
    if let Some(dict) = Dict::exact(&attrib) {
        let (mut from, mut plain) = (0, true);
        while let Some((at, key, value)) = dict.next_item(from) {
            plain = plain && Str::exact(&key).is_some() && Str::exact(&value).is_some();
            from = at;
        }
        if plain {
            return Ok(dict.copy(cx)?.into_value());
        }
    }
    deep(cx, attrib, memo)
}

// ---- pickling -------------------------------------------------------------------------------------------------------

pub fn get_state(cx: &Cx, this: This<Element>) -> Res<Dict> {
    let children = List::new(cx, this.children.len())?;
    let mut at = 0;
    while let Some(child) = this.children.get(at) {
        children.push(cx, child)?;
        at += 1;
    }
    let state = Dict::new(cx)?;
    state.set_str(cx, "tag", this.tag.get())?;
    state.set_str(cx, "_children", children)?;
    let attrib = match this.attrib.get() {
        Some(attrib) => attrib,
        None => Dict::new(cx)?.into_value(),
    };
    state.set_str(cx, "attrib", attrib)?;
    state.set_str(cx, "text", this.text.get())?;
    state.set_str(cx, "tail", this.tail.get())?;
    Ok(state)
}

const STATE: [&str; 5] = ["tag", "attrib", "text", "tail", "_children"];

pub fn set_state(cx: &Cx, this: This<Element>, state: Value) -> Res<()> {
    let Some(state) = Dict::exact(&state) else {
        let shown = cx.repr(&state)?;
        let shown: String = shown.chars().take(200).collect();
        return Err(cx.type_error(format_args!("Don't know how to unpickle \"{shown}\" as an Element")));
    };
    let mut from = 0;
    while let Some((at, name, _)) = state.next_item(from) {
        let text = cx.str(&name)?;
        if !STATE.contains(&text.as_str()) {
            let message = format_args!("this function got an unexpected keyword argument '{text}'");
            return Err(cx.type_error(message));
        }
        from = at;
    }
    let part = |name: &str| state.get_str(cx, name);
    let Some(tag) = part("tag")? else { return Err(cx.type_error("tag may not be NULL")) };
    let children = match part("_children")? {
        None => cx.vector(0)?,
        Some(children) if List::of(&children).is_none() => {
            return Err(cx.type_error("'_children' is not a list"));
        }
        Some(children) => elements_of(cx, &children, "'_children' is not a list")?,
    };
    let (attrib, text, tail) = (part("attrib")?, part("text")?, part("tail")?);
    this.children.assign(cx, &children)?;
    this.tag.set(tag);
    this.text.set(text.unwrap_or(Value::NONE));
    this.tail.set(tail.unwrap_or(Value::NONE));
    this.attrib.set(attrib);
    Ok(())
}
