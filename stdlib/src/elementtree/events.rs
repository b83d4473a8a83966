//! What the parser does with each event.

use ryokan_vm::native::*;

use super::builder::{self, TreeBuilder};
use super::parser::{COMMENT, DATA, DOCTYPE, END, END_NS, PI, START, START_NS, XmlParser, error};
use crate::pyexpat::drive;
use crate::pyexpat::errors::Code;
use crate::pyexpat::events::{Event, Wants};
use crate::pyexpat::values::Said;

/// Does what all events tell that are there. When something of Python's has failed, the rest is read, and nobody is told of it.
pub fn run(cx: &Cx, this: This<XmlParser>) -> Result<(), Said> {
    let Some(before) = this.machine.with(cx, |machine| machine.begin())? else { return Ok(()) };
    let target = this.target.get();
    let builder = target.body::<TreeBuilder>().filter(|_| this.builds.get());
    let mut failed = None;
    loop {
        let wants = Wants {
            raw: this.declared.get(),
            expand: true,
            start: true,
            end: true,
            start_doctype: true,
            ..Wants::default()
        };
        let next = match (drive::next(cx, &this.machine, wants), failed.take()) {
            (Ok(next), known) => {
                failed = known;
                next
            }
            // What failed first is what is raised.
            (Err(later), Some(first)) => {
                if let Said::Raised(later) = later {
                    drop(cx.take_raised(later));
                }
                return Err(cx.raise_value(first).into());
            }
            (Err(said), None) => return Err(said),
        };
        let Some((event, raw)) = next else { break };
        let done = match event {
            Event::Switch => this.machine.with(cx, |machine| machine.switch(cx))?.map_err(Said::from),
            Event::Encoding(name) => drive::encoding(cx, &this.machine, &name),
            Event::NotStandalone | Event::External { .. } => {
                drive::answer(cx, &this.machine, true)?;
                if failed.is_none() { undeclared(cx, this, builder, raw).map_err(Said::from) } else { Ok(()) }
            }
            _ if failed.is_some() => Ok(()),
            event => tell(cx, this, builder, event, raw).map_err(Said::from),
        };
        match done {
            Ok(()) => {}
            Err(Said::Raised(raised)) => failed = Some(cx.take_raised(raised)),
            Err(wrong) => return Err(wrong),
        }
    }
    this.machine.with(cx, |machine| machine.note_rest(before))?;
    match failed {
        Some(failed) => Err(cx.raise_value(failed).into()),
        None => Ok(()),
    }
}

/// Does what an event tells: for a tree that is built here, or by a method of the target. Runs Python.
fn tell(
    cx: &Cx,
    this: This<XmlParser>,
    builder: Option<&TreeBuilder>,
    event: Event,
    raw: Option<String>,
) -> Res<()> {
    let call = |method: usize| this.method(method).filter(|_| builder.is_none());
    match event {
        Event::Start { name, attributes, .. } => start(cx, this, builder, &name, &attributes),
        Event::End { name } => {
            if let Some(builder) = builder {
                return builder.end(cx).map(drop);
            }
            let Some(end) = call(END) else { return Ok(()) };
            cx.call(&end, (universal(cx, this, &name)?,)).map(drop)
        }
        Event::Text(text) => {
            cx.work_on_bytes(text.len())?;
            data(cx, this, builder, text.into_value(cx)?)
        }
        Event::Comment(text) => match (builder, call(COMMENT)) {
            (Some(builder), _) => builder.comment(cx, text.into_value(cx)?).map(drop),
            (None, Some(comment)) => cx.call(&comment, (text,)).map(drop),
            _ => Ok(()),
        },
        Event::Pi { target, data } => match (builder, call(PI)) {
            (Some(builder), _) => builder.pi(cx, target.into_value(cx)?, data.into_value(cx)?).map(drop),
            (None, Some(pi)) => cx.call(&pi, (target, data)).map(drop),
            _ => Ok(()),
        },
        Event::StartNamespace { prefix, uri } => {
            let (prefix, uri) = (prefix.unwrap_or_default(), uri.unwrap_or_default());
            match (builder, call(START_NS)) {
                (Some(builder), _) if builder.wants(builder::START_NS) => {
                    builder.tell(cx, builder::START_NS, (prefix, uri).into_value(cx)?)
                }
                (None, Some(start_ns)) => cx.call(&start_ns, (prefix, uri)).map(drop),
                _ => Ok(()),
            }
        }
        Event::EndNamespace { prefix } => match (builder, call(END_NS)) {
            (Some(builder), _) => builder.tell(cx, builder::END_NS, Value::NONE),
            (None, Some(end_ns)) => cx.call(&end_ns, (prefix.unwrap_or_default(),)).map(drop),
            _ => Ok(()),
        },
        Event::StartDoctype { name, system, public, .. } => {
            this.declared.set(true);
            doctype(cx, this, name, system, public)
        }
        _ => undeclared(cx, this, builder, raw),
    }
}

fn start(
    cx: &Cx,
    this: This<XmlParser>,
    builder: Option<&TreeBuilder>,
    name: &str,
    attributes: &[(String, String)],
) -> Res<()> {
    let method = match builder {
        Some(_) => None,
        None => match this.method(START) {
            None => return Ok(()),
            method => method,
        },
    };
    let tag = universal(cx, this, name)?;
    let mut attrib = None;
    if !attributes.is_empty() || builder.is_none() {
        let dict = Dict::new(cx)?;
        for (name, value) in attributes {
            cx.work_on_bytes(value.len())?;
            dict.set(cx, &universal(cx, this, name)?, value.as_str())?;
        }
        attrib = Some(dict.into_value());
    }
    match (builder, method) {
        (Some(builder), _) => builder.start(cx, tag, attrib).map(drop),
        (None, Some(start)) => cx.call(&start, (tag, attrib)).map(drop),
        _ => Ok(()),
    }
}

fn data(cx: &Cx, this: This<XmlParser>, builder: Option<&TreeBuilder>, text: Value) -> Res<()> {
    match (builder, this.method(DATA)) {
        (Some(builder), _) => builder.text(cx, text),
        (None, Some(data)) => cx.call(&data, (text,)).map(drop),
        _ => Ok(()),
    }
}

fn doctype(
    cx: &Cx,
    this: This<XmlParser>,
    name: String,
    system: Option<String>,
    public: Option<String>,
) -> Res<()> {
    if let Some(doctype) = this.method(DOCTYPE) {
        return cx.call(&doctype, (name, public, system)).map(drop);
    }
    if cx.attr_opt(this.value(), "doctype")?.is_some() {
        let message = "The doctype() method of XMLParser is ignored.  Define doctype() method on the TreeBuilder target.";
        cx.warn("RuntimeWarning", message)?;
    }
    Ok(())
}

/// The name as elements have it, the same object for equal ones: with its namespace in braces.
fn universal(cx: &Cx, this: This<XmlParser>, name: &str) -> Res {
    let key = name.into_value(cx)?;
    let Some(names) = this.names.dict() else { return Ok(key) };
    if let Some(known) = names.get(cx, &key)? {
        return Ok(known);
    }
    let value = if name.contains('}') { format_args!("{{{name}").into_value(cx)? } else { key.clone() };
    names.set(cx, &key, &value)?;
    Ok(value)
}

/// Puts the value of an entity that the document does not declare, if that is what stands there. `ParseError` if there is none.
fn undeclared(
    cx: &Cx,
    this: This<XmlParser>,
    builder: Option<&TreeBuilder>,
    raw: Option<String>,
) -> Res<()> {
    let Some(raw) = raw.filter(|raw| raw.starts_with('&') && raw.len() > 1) else { return Ok(()) };
    let name = raw.trim_start_matches('&').trim_end_matches(';');
    let known = match this.entity.dict() {
        Some(entities) => entities.get_str(cx, name)?,
        None => None,
    };
    match known {
        Some(value) => data(cx, this, builder, value),
        None => {
            let message = format!("undefined entity {raw}");
            Err(error(cx, this, Code::UndefinedEntity, Some(&message)))
        }
    }
}
