//! Calling handlers: what they are told, as values.

use ryokan_vm::native::*;

use super::drive::{self, flush};
use super::errors::Code;
use super::events::{Event, Ids, Model};
use super::parser::{Parser, on};
use super::settings::handler;

/// What ends a document: an error in it, or something of Python's.
pub enum Said {
    Wrong(Code),
    Raised(Raised),
}
impl From<Code> for Said {
    fn from(code: Code) -> Said {
        Said::Wrong(code)
    }
}
impl From<Raised> for Said {
    fn from(raised: Raised) -> Said {
        Said::Raised(raised)
    }
}

/// Calls the handler of an event, or the one for all others with its text. Runs Python.
pub fn dispatch(cx: &Cx, this: This<Parser>, event: Event, raw: Option<String>) -> Result<(), Said> {
    match event {
        Event::Switch => return Ok(this.machine.with(cx, |machine| machine.switch(cx))??),
        Event::Encoding(name) => return drive::encoding(cx, &this.machine, &name),
        Event::Text(text) if !handler(&this, on::CHARACTER_DATA).is_none() => {
            return Ok(drive::text(cx, this, &text)?);
        }
        _ => {}
    }
    let at = slot_of(&event);
    let found = at.map_or(Value::NONE, |at| handler(&this, at));
    if found.is_none() {
        // An element that is one tag is told as text only if nobody is told of its end either.
        let told = drive::is_empty_tag(&event) && !handler(&this, on::END_ELEMENT).is_none();
        if let (Some(raw), false) = (raw, told) {
            tell_raw(cx, this, &raw)?;
        }
        return match event {
            Event::NotStandalone | Event::External { .. } => drive::answer(cx, &this.machine, true),
            _ => Ok(()),
        };
    }
    flush(cx, this)?;
    // Telling text may have taken the handler away.
    let found = at.map_or(Value::NONE, |at| handler(&this, at));
    let asks = matches!(event, Event::NotStandalone | Event::External { .. });
    if found.is_none() {
        return if asks { drive::answer(cx, &this.machine, true) } else { Ok(()) };
    }
    let args = arguments(cx, this, event)?;
    let said = cx.call(&found, &args[..])?;
    if asks {
        let said = cx.long(&said)?;
        return drive::answer(cx, &this.machine, said != 0);
    }
    Ok(())
}

/// Calls the handler for what has none of its own.
fn tell_raw(cx: &Cx, this: This<Parser>, raw: &str) -> Res<()> {
    let mut found = handler(&this, on::DEFAULT_EXPAND);
    if found.is_none() {
        found = handler(&this, on::DEFAULT);
    }
    if found.is_none() {
        return Ok(());
    }
    flush(cx, this)?;
    cx.work_on_bytes(raw.len())?;
    cx.call(&found, (raw,)).map(drop)
}

fn slot_of(event: &Event) -> Option<usize> {
    Some(match event {
        Event::XmlDecl { .. } => on::XML_DECL,
        Event::StartDoctype { .. } => on::START_DOCTYPE,
        Event::EndDoctype => on::END_DOCTYPE,
        Event::Element { .. } => on::ELEMENT,
        Event::Attlist { .. } => on::ATTLIST,
        Event::Entity { .. } => on::ENTITY,
        Event::Unparsed { .. } => on::UNPARSED,
        Event::Notation { .. } => on::NOTATION,
        Event::NotStandalone => on::NOT_STANDALONE,
        Event::External { .. } => on::EXTERNAL,
        Event::Skipped { .. } => on::SKIPPED,
        Event::Start { .. } => on::START_ELEMENT,
        Event::End { .. } => on::END_ELEMENT,
        Event::Pi { .. } => on::PI,
        Event::Comment(_) => on::COMMENT,
        Event::StartCdata => on::START_CDATA,
        Event::EndCdata => on::END_CDATA,
        Event::StartNamespace { .. } => on::START_NAMESPACE,
        Event::EndNamespace { .. } => on::END_NAMESPACE,
        Event::Encoding(_) | Event::Switch | Event::Text(_) | Event::Other => return None,
    })
}

/// What a handler is called with.
fn arguments(cx: &Cx, this: This<Parser>, event: Event) -> Res<Vec<Value>> {
    let name = |text: &str| interned(cx, this, text);
    let maybe = |text: &Option<String>| text.as_deref().map_or(Ok(Value::NONE), &name);
    let plain = |text: Option<String>| text.into_value(cx);
    let number = |flag: bool| Value::small(i64::from(flag));
    Ok(match event {
        Event::XmlDecl { version, encoding, standalone } => {
            vec![plain(version)?, plain(encoding)?, Value::small(standalone.into())]
        }
        Event::StartDoctype { name: doctype, system, public, internal } => {
            vec![name(&doctype)?, maybe(&system)?, maybe(&public)?, number(internal)]
        }
        Event::Element { name: element, model } => vec![name(&element)?, model_of(cx, &model, 0)?],
        Event::Attlist { element, attribute, kind, default, required } => {
            let (element, attribute) = (name(&element)?, name(&attribute)?);
            vec![element, attribute, kind.into_value(cx)?, plain(default)?, number(required)]
        }
        Event::Entity { name: entity, param, value, ids } => {
            let Ids { base, system, public, notation } = ids;
            let (base, system) = (maybe(&base)?, maybe(&system)?);
            let (public, notation) = (maybe(&public)?, maybe(&notation)?);
            vec![name(&entity)?, number(param), plain(value)?, base, system, public, notation]
        }
        Event::Unparsed { name: entity, ids } => {
            let (base, system) = (maybe(&ids.base)?, maybe(&ids.system)?);
            vec![name(&entity)?, base, system, maybe(&ids.public)?, maybe(&ids.notation)?]
        }
        Event::Notation { name: notation, ids } => {
            vec![name(&notation)?, maybe(&ids.base)?, maybe(&ids.system)?, maybe(&ids.public)?]
        }
        Event::External { context, ids } => {
            vec![plain(context)?, maybe(&ids.base)?, maybe(&ids.system)?, maybe(&ids.public)?]
        }
        Event::Skipped { name: entity, param } => vec![name(&entity)?, number(param)],
        Event::Start { name: element, attributes, specified, .. } => {
            let count = if this.specified.get() { specified } else { attributes.len() };
            vec![name(&element)?, attributes_of(cx, this, &attributes[..count])?]
        }
        Event::End { name: element } => vec![name(&element)?],
        Event::Pi { target, data } => vec![name(&target)?, data.into_value(cx)?],
        Event::Comment(text) => vec![text.into_value(cx)?],
        Event::StartNamespace { prefix, uri } => vec![maybe(&prefix)?, maybe(&uri)?],
        Event::EndNamespace { prefix } => vec![maybe(&prefix)?],
        _ => Vec::new(),
    })
}

/// A name: the same object for equal ones.
fn interned(cx: &Cx, this: This<Parser>, text: &str) -> Res {
    let value = text.into_value(cx)?;
    match Dict::of(&this.intern.get()) {
        None => Ok(value),
        Some(dict) => match dict.get(cx, &value)? {
            Some(known) => Ok(known),
            None => {
                dict.set(cx, &value, &value)?;
                Ok(value)
            }
        },
    }
}

fn attributes_of(cx: &Cx, this: This<Parser>, attributes: &[(String, String)]) -> Res {
    if this.ordered.get() {
        let list = List::new(cx, attributes.len() * 2)?;
        for (name, value) in attributes {
            list.push(cx, interned(cx, this, name)?)?;
            list.push(cx, value.as_str())?;
        }
        return Ok(list.into_value());
    }
    let dict = Dict::new(cx)?;
    for (name, value) in attributes {
        let name = interned(cx, this, name)?;
        dict.set(cx, &name, value.as_str())?;
    }
    Ok(dict.into_value())
}

/// A part of a model and what is below it. `RecursionError`.
fn model_of(cx: &Cx, model: &Model, at: usize) -> Res {
    cx.check_stack()?;
    cx.work(4)?;
    let part = &model[at];
    let below = Tuple::try_from_fn(cx, part.below.len(), |index| model_of(cx, model, part.below[index]))?;
    (part.kind, part.quantifier, part.name.clone(), below).into_value(cx)
}
