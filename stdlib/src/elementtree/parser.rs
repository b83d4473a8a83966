//! The parser, whose target is a builder of trees, or anything else that has some of its methods.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::ERROR;
use super::builder::{EVENTS, TreeBuilder};
use super::events;
use crate::pyexpat::drive;
use crate::pyexpat::errors::{self, Code};
use crate::pyexpat::machine::Machine;
use crate::pyexpat::namespaces::Namespaces;
use crate::pyexpat::values::Said;

native_type! {
    "xml.etree.ElementTree.XMLParser" = pub struct XmlParser {
        pub machine: Own<Machine>,
        /// `__init__` was called.
        ready: Cell<bool>,
        pub target: Slot,
        /// Values of entities that the document does not declare.
        pub entity: Slot,
        /// Names as they are told, and as elements have them: a dict.
        pub names: Slot,
        /// The methods of the target, by their numbers; None for those that it has not.
        pub methods: Values,
        /// The target is a builder of trees, and not of a subclass: no method of it is called.
        pub builds: Cell<bool>,
        /// A document type was told: there may be entities that are not declared.
        pub declared: Cell<bool>,
        pub busy: Cell<bool>,
    }
    flags: SUBCLASS;
    new(*args, **names) = new;
    init(*, target: Value = Value::NONE => "None", encoding: Value = Value::NONE => "None") = init;
    getters {
        /// Which Expat it is like.
        version = |_, _: This<XmlParser>| "Expat 2.9.0";
    }
    members {
        /// Values of entities that the document does not declare.
        entity = |_, this: This<XmlParser>| this.entity.get();
        /// What is told of everything in the document.
        target = |_, this: This<XmlParser>| this.target.get();
    }
    methods {
        /// Takes more of a document.
        feed(data: Value, /);
        /// Ends the document, and gives what the target makes of it.
        close();
        /// Reads what was held back.
        flush();
        /// Reads a document from a file, and gives what the target makes of it.
        _parse_whole(file: Value, /) = parse_whole;
        /// Says which events a queue is given, by their names.
        _setevents(events_queue: Value, events_to_report: Value = Value::NONE => "None", /) = set_events;
    }
}

/// The methods of a target, by their numbers.
const METHODS: [&str; 9] =
    ["start", "data", "end", "comment", "pi", "close", "doctype", "start_ns", "end_ns"];
pub const START: usize = 0;
pub const DATA: usize = 1;
pub const END: usize = 2;
pub const COMMENT: usize = 3;
pub const PI: usize = 4;
pub const CLOSE: usize = 5;
pub const DOCTYPE: usize = 6;
pub const START_NS: usize = 7;
pub const END_NS: usize = 8;

impl XmlParser {
    /// A method of the target, if it has it.
    pub fn method(&self, at: usize) -> Option<Value> {
        self.methods.get(at).filter(|method| !method.is_none())
    }
}

/// What reads a document in an encoding, or in the one that it tells.
fn machine_for(cx: &Cx, encoding: Option<String>) -> Res<Machine> {
    Machine::new(cx, encoding, Some(Namespaces::new(Some('}'))))
}

fn new(cx: &Cx, class: &Value, _: Args) -> Res {
    cx.new_of(class, XmlParser {
        machine: Own::new(machine_for(cx, None)?),
        ready: Cell::new(false),
        target: Slot::default(),
        entity: Slot::default(),
        names: Slot::default(),
        methods: Values::default(),
        builds: Cell::new(false),
        declared: Cell::new(false),
        busy: Cell::new(false),
    })
}

fn init(cx: &Cx, this: This<XmlParser>, target: Value, encoding: Value) -> Res<()> {
    if !encoding.is_none() && !cx.is_str(&encoding) {
        let kind = cx.arg_name(&encoding);
        let message = format_args!("XMLParser() argument 'encoding' must be str or None, not {kind}");
        return Err(cx.type_error(message));
    }
    let encoding = match encoding.is_none() {
        true => None,
        false => Some(String::from_python(cx, &encoding)?),
    };
    if encoding.as_ref().is_some_and(|encoding| encoding.contains('\0')) {
        return Err(cx.value_error("embedded null character"));
    }
    let target = match target.is_none() {
        true => cx.new(TreeBuilder::new())?.into_value(),
        false => target,
    };
    let mut methods = cx.vector(METHODS.len())?;
    for name in METHODS {
        methods.push(cx.attr_opt(&target, name)?.unwrap_or(Value::NONE));
    }
    let machine = machine_for(cx, encoding)?;
    let (entity, names) = (Dict::new(cx)?.into_value(), Dict::new(cx)?.into_value());
    this.machine.with(cx, |place| *place = machine)?;
    this.ready.set(true);
    this.builds.set(cx.is_exact::<TreeBuilder>(&target));
    this.declared.set(false);
    this.target.set(target);
    this.entity.set(entity);
    this.names.set(names);
    this.methods.assign(cx, &methods)
}

/// `ValueError` before `__init__`.
fn check(cx: &Cx, this: This<XmlParser>) -> Res<()> {
    if this.ready.get() {
        return Ok(());
    }
    Err(cx.value_error("XMLParser.__init__() wasn't called"))
}

/// Raises what is wrong with the document, where the last event stands.
#[cold]
pub fn error(cx: &Cx, this: This<XmlParser>, code: Code, message: Option<&str>) -> Raised {
    let make = || -> Res {
        let at = this.machine.with(cx, |machine| machine.event)?;
        let what = message.or_else(|| errors::text(code as i64)).unwrap_or("unknown error");
        let text = format!("{what}: line {}, column {}", at.line, at.column);
        let made = cx.call(&cx.class_of_key(&ERROR)?, (text,))?;
        cx.set_attr(&made, "code", code as i64)?;
        cx.set_attr(&made, "position", (at.line, at.column))?;
        Ok(made)
    };
    match make() {
        Ok(made) => cx.raise_value(made),
        Err(raised) => raised,
    }
}

/// Feeds bytes, and does what they tell. Runs Python; `ParseError`.
fn parse(cx: &Cx, this: This<XmlParser>, data: &Value, last: bool) -> Res<()> {
    if this.busy.get() {
        return Err(cx.runtime_error("cannot feed a parser from within a method of its target"));
    }
    let data = Buffer::of(cx, data)?;
    if let Some(code) = drive::over(cx, &this.machine)? {
        return Err(error(cx, this, code, None));
    }
    drive::take(cx, &this.machine, &data, last)?;
    this.busy.set(true);
    let done = events::run(cx, this);
    this.busy.set(false);
    match done {
        Ok(()) => Ok(()),
        Err(Said::Raised(raised)) => Err(raised),
        Err(Said::Wrong(Code::NoRoom)) => Err(cx.no_memory()),
        Err(Said::Wrong(code)) => {
            this.machine.with(cx, |machine| machine.failed = Some(code))?;
            Err(error(cx, this, code, None))
        }
    }
}

/// The bytes of a str in UTF-8, which is the encoding of the document then.
fn utf8(cx: &Cx, this: This<XmlParser>, text: &Value, errors: &str) -> Res {
    let bytes = cx.encode(text, Codec::Utf8, errors)?;
    this.machine.with(cx, |machine| {
        if !machine.started {
            machine.protocol = Some("utf-8".to_string());
        }
    })?;
    Ok(bytes)
}

fn feed(cx: &Cx, this: This<XmlParser>, data: Value) -> Res<()> {
    check(cx, this)?;
    let data = if cx.is_str(&data) { utf8(cx, this, &data, "strict")? } else { data };
    parse(cx, this, &data, false)
}

/// Ends the document.
fn end(cx: &Cx, this: This<XmlParser>) -> Res<()> {
    parse(cx, this, &(&b""[..]).into_value(cx)?, true)
}
/// The tree, if it was built here.
fn built(this: This<XmlParser>) -> Option<Value> {
    if !this.builds.get() {
        return None;
    }
    this.target.body(TreeBuilder::root)
}

fn close(cx: &Cx, this: This<XmlParser>) -> Res {
    check(cx, this)?;
    end(cx, this)?;
    match (built(this), this.method(CLOSE)) {
        (Some(root), _) => Ok(root),
        (None, Some(close)) => cx.call(&close, ()),
        (None, None) => Ok(Value::NONE),
    }
}

fn flush(cx: &Cx, this: This<XmlParser>) -> Res<()> {
    check(cx, this)?;
    let deferral =
        |now: bool| this.machine.with(cx, |machine| std::mem::replace(&mut machine.deferral, now));
    let was = deferral(false)?;
    let done = parse(cx, this, &(&b""[..]).into_value(cx)?, false);
    deferral(was)?;
    done
}

/// So many bytes of a file are read at once.
const READ: i64 = 64 << 10;

fn parse_whole(cx: &Cx, this: This<XmlParser>, file: Value) -> Res {
    check(cx, this)?;
    let read = cx.attr(&file, "read")?;
    loop {
        let data = cx.call(&read, (READ,))?;
        let bytes = match Str::exact(&data) {
            Some(text) if text.is_empty() => break,
            Some(_) => utf8(cx, this, &data, "surrogatepass")?,
            None if Bytes::exact(&data).is_some_and(|bytes| !bytes.as_slice().is_empty()) => data,
            None => break,
        };
        parse(cx, this, &bytes, false)?;
    }
    end(cx, this)?;
    Ok(built(this).unwrap_or(Value::NONE))
}

fn set_events(cx: &Cx, this: This<XmlParser>, queue: Value, wanted: Value) -> Res<()> {
    check(cx, this)?;
    let target = this.target.get();
    let Some(builder) = target.body::<TreeBuilder>().filter(|_| this.builds.get()) else {
        return Err(cx.type_error("event handling only supported for ElementTree.TreeBuilder targets"));
    };
    builder.append.set(Some(cx.attr(&queue, "append")?));
    builder.names.assign(cx, &[const { Value::NONE }; EVENTS.len()])?;
    if wanted.is_none() {
        drop(builder.names.replace(super::builder::END, cx.intern("end")?));
        return Ok(());
    }
    let wanted = List::from_iterable(cx, &wanted).map_err(|raised| match cx.catch(raised, "TypeError") {
        Ok(_) => cx.type_error("events must be a sequence"),
        Err(raised) => raised,
    })?;
    for at in 0..wanted.len() {
        let Some(name) = wanted.get(at) else { break };
        let text = match (Str::of(&name), Bytes::of(&name)) {
            (Some(_), _) => cx.str(&name)?.to_string(),
            (_, Some(bytes)) => String::from_utf8_lossy(bytes.as_slice()).into_owned(),
            _ => return Err(cx.value_error("invalid events sequence")),
        };
        match EVENTS.iter().position(|known| *known == text) {
            Some(event) => drop(builder.names.replace(event, name)),
            None => return Err(cx.value_error(format_args!("unknown event '{text}'"))),
        }
    }
    Ok(())
}
