//! Feeding a parser, and calling handlers with what it tells.

use ryokan_vm::native::*;

use super::errors::Code;
use super::events::{Event, Wants};
use super::machine::Machine;
use super::parser::{Parser, on};
use super::settings::handler;
use super::values::{self, Said};

/// So many bytes of a file are read at once.
const READ: i64 = 2048;
/// What a byte costs, by eight.
const COST: usize = 24;

pub fn parse(cx: &Cx, this: This<Parser>, data: Value, last: bool) -> Res<i64> {
    if this.busy.get() {
        return Err(cx.runtime_error("cannot call Parse() from within a handler"));
    }
    let data = if cx.is_str(&data) {
        let encoded = cx.call_method(&data, "encode", ("utf-8",))?;
        this.machine.with(cx, |machine| {
            if !machine.started {
                machine.protocol = Some("utf-8".to_string());
            }
        })?;
        Buffer::of(cx, &encoded)?
    } else {
        Buffer::of(cx, &data)?
    };
    feed(cx, this, &data, last)?;
    Ok(1)
}

pub fn parse_file(cx: &Cx, this: This<Parser>, file: Value) -> Res<i64> {
    if this.busy.get() {
        return Err(cx.runtime_error("cannot call ParseFile() from within a handler"));
    }
    let Some(read) = cx.attr_opt(&file, "read")? else {
        return Err(cx.type_error("argument must have 'read' attribute"));
    };
    loop {
        let bytes = cx.call(&read, (READ,))?;
        if Bytes::of(&bytes).is_none() && !cx.is_bytearray(&bytes) {
            let kind = cx.type_name(&bytes);
            return Err(cx.type_error(format_args!("read() did not return a bytes object (type={kind})")));
        }
        let data = Buffer::of(cx, &bytes)?;
        if data.len() > READ as usize {
            let len = data.len();
            let message = format_args!("read() returned too much data: {READ} bytes requested, {len} returned");
            return Err(cx.value_error(message));
        }
        let last = data.is_empty();
        feed(cx, this, &data, last)?;
        if last {
            return Ok(1);
        }
    }
}

/// Feeds bytes, and calls handlers with what they tell.
fn feed(cx: &Cx, this: This<Parser>, data: &Buffer, last: bool) -> Res<()> {
    if let Some(code) = over(cx, &this.machine)? {
        return Err(this.error(cx, code as i64, None));
    }
    take(cx, &this.machine, data, last)?;
    this.busy.set(true);
    let done = run(cx, this);
    this.busy.set(false);
    match done {
        Err(Said::Raised(raised)) => {
            for at in 0..on::COUNT {
                drop(this.handlers.replace(at, Value::NONE));
            }
            Err(raised)
        }
        Err(Said::Wrong(Code::NoRoom)) => Err(cx.no_memory()),
        Err(Said::Wrong(code)) => {
            this.machine.with(cx, |machine| machine.failed = Some(code))?;
            Err(this.error(cx, code as i64, None))
        }
        Ok(()) => flush(cx, this),
    }
}

fn run(cx: &Cx, this: This<Parser>) -> Result<(), Said> {
    let Some(before) = this.machine.with(cx, |machine| machine.begin())? else { return Ok(()) };
    while let Some((event, raw)) = next(cx, &this.machine, wants_of(this))? {
        values::dispatch(cx, this, event, raw)?;
    }
    this.machine.with(cx, |machine| machine.note_rest(before))?;
    Ok(())
}

/// Why no more can be fed: something was wrong, or the document has ended.
pub fn over(cx: &Cx, machine: &Own<Machine>) -> Res<Option<Code>> {
    machine.with(cx, |machine| {
        if machine.is_over() && machine.failed.is_none() {
            machine.failed = Some(Code::Finished);
        }
        machine.failed
    })
}
/// Takes bytes, to be read.
pub fn take(cx: &Cx, machine: &Own<Machine>, data: &Buffer, last: bool) -> Res<()> {
    cx.work_on_bytes(data.len().saturating_mul(COST))?;
    let room = machine.with(cx, |machine| {
        data.read(|bytes| machine.feed(cx, bytes, last))?;
        Ok(machine.room())
    })??;
    cx.room_for_bytes(room)
}
/// The next event, and how it stands in the document, if that is wanted; nothing where all that was fed has been read.
pub fn next(
    cx: &Cx,
    machine: &Own<Machine>,
    wants: Wants,
) -> Result<Option<(Event, Option<String>)>, Said> {
    let next = machine.with(cx, |machine| -> Res<_> {
        machine.settle(cx)?;
        if machine.has_entities() {
            machine.most = room_for_value(cx);
        }
        Ok(machine.next(wants))
    })??;
    cx.work(8)?;
    Ok(next?)
}

/// How many bytes a value may take for a while.
fn room_for_value(cx: &Cx) -> usize {
    [1 << 30, 1 << 26, 1 << 23, 1 << 20].into_iter().find(|&bytes| has_room(cx, bytes)).unwrap_or(1 << 12)
}
fn has_room(cx: &Cx, bytes: usize) -> bool {
    cx.room_for_bytes(bytes * 2).map_err(|raised| drop(cx.take_raised(raised))).is_ok()
}

/// What is asked of the parser, by the handlers that there are.
fn wants_of(this: This<Parser>) -> Wants {
    let has = |at| !this.handlers.look(at).is_none_or(|handler| handler.is_none());
    Wants {
        raw: has(on::DEFAULT) || has(on::DEFAULT_EXPAND),
        expand: this.expand.get(),
        start: has(on::START_ELEMENT),
        end: has(on::END_ELEMENT),
        external: has(on::EXTERNAL),
        skipped: has(on::SKIPPED),
        not_standalone: has(on::NOT_STANDALONE),
        start_doctype: has(on::START_DOCTYPE),
        end_doctype: has(on::END_DOCTYPE),
        element: has(on::ELEMENT),
        attlist: has(on::ATTLIST),
        entity: has(on::ENTITY),
        unparsed: has(on::UNPARSED),
        notation: has(on::NOTATION),
    }
}

// ---- text ------------------------------------------------------------------------------------------------------------

/// Tells text that waits. Runs Python.
pub fn flush(cx: &Cx, this: This<Parser>) -> Res<()> {
    let text = this.buffer.with(cx, |buffer| buffer.as_mut().map(std::mem::take))?;
    match text {
        Some(text) if !text.is_empty() => tell_text(cx, this, &text),
        _ => Ok(()),
    }
}
fn tell_text(cx: &Cx, this: This<Parser>, text: &str) -> Res<()> {
    let handler = handler(&this, on::CHARACTER_DATA);
    if handler.is_none() {
        return Ok(());
    }
    let was = this.busy.replace(true);
    let done = cx.call(&handler, (text,));
    this.busy.set(was);
    done.map(drop)
}
/// Tells text, or lets it wait for more. Runs Python.
pub fn text(cx: &Cx, this: This<Parser>, text: &str) -> Res<()> {
    cx.work_on_bytes(text.len())?;
    let used = this.buffer.with(cx, |buffer| buffer.as_ref().map(String::len))?;
    let Some(used) = used else { return tell_text(cx, this, text) };
    let most = this.buffer_size.get();
    if used + text.len() > most {
        flush(cx, this)?;
        if handler(&this, on::CHARACTER_DATA).is_none() {
            return Ok(());
        }
    }
    // The handler may have changed all of that.
    let waits = text.len() <= this.buffer_size.get();
    let kept = this.buffer.with(cx, |buffer| match buffer {
        Some(buffer) if waits => {
            buffer.push_str(text);
            true
        }
        _ => false,
    })?;
    if kept { Ok(()) } else { tell_text(cx, this, text) }
}

/// The characters that the bytes of an encoding stand for. Runs Python; `LookupError`, `ValueError`.
pub fn table_of(cx: &Cx, name: &str) -> Res<Box<[Option<char>; 256]>> {
    let all: Vec<u8> = (0..=255).collect();
    let text = cx.call_method(&(&all[..]).into_value(cx)?, "decode", (name, "replace"))?;
    let points = cx.code_points(&text)?;
    if points.len() != 256 {
        return Err(cx.value_error("multi-byte encodings are not supported"));
    }
    let mut table = Box::new([None; 256]);
    for (place, &point) in table.iter_mut().zip(&points) {
        *place = char::from_u32(point).filter(|&c| c != '\u{FFFD}');
    }
    Ok(table)
}

/// What an event with a handler that is to say something leads to.
pub fn answer(cx: &Cx, machine: &Own<Machine>, goes_on: bool) -> Result<(), Said> {
    Ok(machine.with(cx, |machine| machine.answer(goes_on))??)
}
/// The encoding is asked for.
pub fn encoding(cx: &Cx, machine: &Own<Machine>, name: &str) -> Result<(), Said> {
    let table = table_of(cx, name);
    let known = match table {
        Ok(table) => machine.with(cx, |machine| machine.answer_encoding(cx, Some(table)))??,
        Err(raised) => {
            machine.with(cx, |machine| machine.failed = Some(Code::UnknownEncoding))?;
            return Err(raised.into());
        }
    };
    if known { Ok(()) } else { Err(Said::Wrong(Code::UnknownEncoding)) }
}
/// Whether an event of this kind is one of an element that is one tag.
pub fn is_empty_tag(event: &Event) -> bool {
    matches!(event, Event::Start { empty: true, .. })
}
