//! `StringIO`: a stream of text in memory.
//!
//! As long as text is only written at the end, it is kept in pieces, which are joined when somebody asks. Otherwise it is a row of code
//! points.

use std::cell::{Cell, RefCell};

use ryokan_vm::native::*;

use super::base::TextIOBase;
use super::newline::{Seen, Translation};
use super::{Size, offset, whence};

native_type! {
    /// StringIO(initial_value='', newline='\n')
    ///
    /// A stream of text in memory, which can be read and written. newline is as for open().
    "_io.StringIO" = pub struct StringIO(TextIOBase) {
        pieces: Values, points: RefCell<Option<Vector<u32>>>, length: Cell<usize>, at: Cell<usize>, state: Cell<State>,
        newline: Slot, translates: Cell<bool>, universal: Cell<bool>, translation: Translation,
    }
    flags: SUBCLASS, DICT, WEAKREF;
    shows: "(initial_value='', newline='\\n')";
    new(*args, **names) = new;
    init(initial_value: Value = Value::NONE => "''", newline: Given = Given(None) => "'\\n'") = init;
    slots { next = next; }
    getters {
        /// whether the stream is closed
        closed = closed;
        /// which ends of lines were met: None, a str, or a tuple of several
        newlines = newlines;
        /// False: there is nothing to flush
        line_buffering = line_buffering;
    }
    methods {
        /// Lets the text go.
        close();
        /// The whole text, whatever the position.
        getvalue();
        /// At most size characters, all that are left if size is negative.
        read(size: Size = Size(-1) => "-1", /);
        /// The next line with its end, cut off after size characters.
        readline(size: Size = Size(-1) => "-1", /);
        /// The position.
        tell();
        /// Cuts the text off at a position, or at the current one.
        truncate(pos: Value = Value::NONE => "None", /);
        /// Goes to a position and returns it; with whence 1 or 2 only to here (1) or to the end (2).
        seek(pos: &Value, whence: Value = Value::NONE => "0", /);
        /// Writes a text at the position; returns how many characters.
        write(s: Value, /);
        /// True, unless the stream is closed.
        seekable() = able;
        /// True, unless the stream is closed.
        readable() = able;
        /// True, unless the stream is closed.
        writable() = able;
        /// What pickle keeps: the text, the ends of lines, the position, and the attributes.
        __getstate__() = getstate;
        /// Puts the stream into the state that __getstate__() gave.
        __setstate__(state: &Value, /) = setstate;
    }
}

type Mem<'a> = This<'a, StringIO>;

/// How a stream stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unmade,
    /// The text lies in pieces, and the position is its end.
    Pieces,
    /// It is a row of code points.
    Points,
    Closed,
}

fn new(cx: &Cx, class: &Value, _: Args) -> Res {
    let made = StringIO {
        pieces: Values::default(),
        points: RefCell::new(None),
        length: Cell::new(0),
        at: Cell::new(0),
        state: Cell::new(State::Unmade),
        newline: Slot::default(),
        translates: Cell::new(false),
        universal: Cell::new(false),
        translation: Translation::default(),
    };
    cx.new_of(class, made)
}

/// What `newline` may be: `\n` if it is not given, None or a str.
fn init(cx: &Cx, this: Mem, initial: Value, newline: Given) -> Res<()> {
    let newline = match newline.0 {
        None => cx.intern("\n")?,
        Some(newline) => newline,
    };
    if !newline.is_none() {
        if !cx.is_str(&newline) {
            let kind = cx.type_name(&newline);
            return Err(cx.type_error(format_args!("newline must be str or None, not {kind}")));
        }
        if !matches!(cx.str(&newline)?.as_str(), "" | "\n" | "\r" | "\r\n") {
            let shown = cx.repr(&newline)?;
            return Err(cx.value_error(format_args!("illegal newline value: {shown}")));
        }
    }
    if !initial.is_none() && !cx.is_str(&initial) {
        let kind = cx.type_name(&initial);
        return Err(cx.type_error(format_args!("initial_value must be str or None, not {kind}")));
    }
    this.state.set(State::Unmade);
    this.translates.set(newline.is_none());
    this.universal.set(newline.is_none() || cx.len(&newline)? == 0);
    this.translation.held.set(false);
    this.translation.seen.set(Seen::default());
    this.newline.set(newline);
    this.pieces.clear();
    *this.points.borrow_mut() = None;
    this.length.set(0);
    this.at.set(0);
    this.state.set(State::Pieces);
    if !initial.is_none() && cx.len(&initial)? > 0 {
        write(cx, this, initial)?;
        realize(cx, this)?;
    }
    this.at.set(0);
    if this.length.get() > 0 { realize(cx, this) } else { Ok(()) }
}

fn check(cx: &Cx, this: Mem) -> Res<()> {
    match this.state.get() {
        State::Unmade => Err(cx.value_error("I/O operation on uninitialized object")),
        State::Closed => Err(cx.value_error("I/O operation on closed file")),
        _ => Ok(()),
    }
}
fn closed(cx: &Cx, this: Mem) -> Res<bool> {
    if this.state.get() == State::Unmade {
        return Err(cx.value_error("I/O operation on uninitialized object"));
    }
    Ok(this.state.get() == State::Closed)
}
fn able(cx: &Cx, this: Mem) -> Res<bool> {
    check(cx, this).map(|()| true)
}
fn line_buffering(cx: &Cx, this: Mem) -> Res<bool> {
    check(cx, this).map(|()| false)
}
fn newlines(cx: &Cx, this: Mem) -> Res {
    check(cx, this)?;
    if this.universal.get() { this.translation.seen.get().into_value(cx) } else { Ok(Value::NONE) }
}
fn close(cx: &Cx, this: Mem) -> Res<()> {
    let _ = cx;
    this.state.set(State::Closed);
    *this.points.borrow_mut() = None;
    this.pieces.clear();
    Ok(())
}

/// The pieces as one text, which takes their place.
fn joined(cx: &Cx, this: Mem) -> Res {
    match this.pieces.len() {
        0 => cx.intern(""),
        1 => Ok(this.pieces.get(0).unwrap_or(Value::NONE)),
        count => {
            let mut out = StrWriter::new(cx);
            for at in 0..count {
                cx.work(1)?;
                let Some(piece) = this.pieces.get(at) else { break };
                out.push_value(&piece)?;
            }
            let text = out.finish()?;
            this.pieces.clear();
            this.pieces.push_back(cx, text.clone())?;
            Ok(text)
        }
    }
}

/// Makes a row of code points of the pieces.
fn realize(cx: &Cx, this: Mem) -> Res<()> {
    if this.state.get() != State::Pieces {
        return Ok(());
    }
    let text = joined(cx, this)?;
    cx.work_on_bytes(this.length.get() * 4)?;
    let points = cx.code_points(&text)?;
    *this.points.borrow_mut() = Some(points);
    this.pieces.clear();
    this.state.set(State::Points);
    Ok(())
}

/// The text between two places of the row.
fn part(cx: &Cx, this: Mem, from: usize, to: usize) -> Res {
    let points = this.points.borrow();
    match points.as_ref().and_then(|points| points.get(from..to)) {
        Some(points) => cx.str_of_points(points),
        None => cx.intern(""),
    }
}

fn getvalue(cx: &Cx, this: Mem) -> Res {
    check(cx, this)?;
    if this.state.get() == State::Pieces { joined(cx, this) } else { part(cx, this, 0, this.length.get()) }
}

fn read(cx: &Cx, this: Mem, size: Size) -> Res {
    check(cx, this)?;
    let (at, length) = (this.at.get(), this.length.get());
    let left = length.saturating_sub(at);
    let count = usize::try_from(size.0).map_or(left, |size| size.min(left));
    if count == 0 {
        return cx.intern("");
    }
    if this.state.get() == State::Pieces && at == 0 && count == length {
        this.at.set(length);
        return joined(cx, this);
    }
    realize(cx, this)?;
    cx.work_on_bytes(count)?;
    this.at.set(at + count);
    part(cx, this, at, at + count)
}

/// How long the next line is, of at most so many code points.
fn line_length(this: Mem, text: &str, points: &[u32]) -> usize {
    let (lf, cr) = (u32::from('\n'), u32::from('\r'));
    let find = |c: u32| points.iter().position(|point| *point == c);
    let found = match text {
        _ if this.translates.get() => find(lf).map(|at| at + 1),
        "" => points.iter().position(|c| *c == lf || *c == cr).map(|at| {
            if points[at] == cr && points.get(at + 1) == Some(&lf) { at + 2 } else { at + 1 }
        }),
        "\r\n" => points.windows(2).position(|pair| pair == [cr, lf]).map(|at| at + 2),
        "\r" => find(cr).map(|at| at + 1),
        _ => find(lf).map(|at| at + 1),
    };
    found.unwrap_or(points.len())
}

fn next_line(cx: &Cx, this: Mem, limit: i64) -> Res {
    realize(cx, this)?;
    let (at, length) = (this.at.get(), this.length.get());
    if at >= length {
        return cx.intern("");
    }
    let end = usize::try_from(limit).map_or(length, |limit| length.min(at.saturating_add(limit)));
    let newline = this.newline.get();
    let text = if newline.is_none() { String::new() } else { cx.str(&newline)?.to_string() };
    let count = match this.points.borrow().as_ref().and_then(|points| points.get(at..end)) {
        Some(points) => line_length(this, &text, points),
        None => 0,
    };
    cx.work_on_bytes(count)?;
    this.at.set(at + count);
    part(cx, this, at, at + count)
}
fn readline(cx: &Cx, this: Mem, size: Size) -> Res {
    check(cx, this)?;
    next_line(cx, this, size.0)
}
fn next(cx: &Cx, this: Mem) -> Res<Option<Value>> {
    check(cx, this)?;
    let line = if cx.is_exact::<StringIO>(this.value()) {
        next_line(cx, this, -1)?
    } else {
        let line = cx.call_method(this.value(), "readline", ())?;
        if !cx.is_str(&line) {
            let kind = cx.type_name(&line);
            return Err(cx.raise_os(format_args!("readline() should have returned a str object, not '{kind}'")));
        }
        line
    };
    Ok(if Str::of(&line).is_none_or(|line| line.is_empty()) { None } else { Some(line) })
}

fn write(cx: &Cx, this: Mem, text: Value) -> Res<usize> {
    let Some(given) = Str::of(&text) else {
        let kind = cx.type_name(&text);
        return Err(cx.type_error(format_args!("string argument expected, got '{kind}'")));
    };
    check(cx, this)?;
    let size = given.len();
    if size > 0 {
        let text = translated(cx, this, text)?;
        put(cx, this, text)?;
    }
    Ok(size)
}

/// The text with the ends of lines that the stream has.
fn translated(cx: &Cx, this: Mem, text: Value) -> Res {
    let text = if this.universal.get() {
        this.translation.pass(cx, text, this.translates.get(), true)?
    } else {
        text
    };
    let newline = this.newline.get();
    if newline.is_none() {
        return Ok(text);
    }
    match cx.str(&newline)?.as_str() {
        end @ ("\r" | "\r\n") => cx.call_method(&text, "replace", ("\n", end)),
        _ => Ok(text),
    }
}

/// Puts a text at the position.
fn put(cx: &Cx, this: Mem, text: Value) -> Res<()> {
    let Some(given) = Str::of(&text) else { return Ok(()) };
    let (at, count) = (this.at.get(), given.len());
    let Some(end) = at.checked_add(count) else { return Err(cx.overflow_error("new position too large")) };
    if this.state.get() == State::Pieces {
        if at == this.length.get() {
            this.pieces.push_back(cx, given.plain(cx)?)?;
            this.length.set(end);
            this.at.set(end);
            return Ok(());
        }
        realize(cx, this)?;
    }
    cx.work_on_bytes(count)?;
    let mut points = match this.points.take() {
        Some(points) => points,
        None => cx.vector(count)?,
    };
    let more = end.saturating_sub(points.len());
    let room = cx.reserve(&mut points, more);
    if room.is_ok() {
        if end > points.len() {
            points.resize(end, 0);
        }
        for (place, c) in points[at..end].iter_mut().zip(given.chars().iter()) {
            *place = c;
        }
        this.length.set(points.len());
        this.at.set(end);
    }
    *this.points.borrow_mut() = Some(points);
    room
}

fn tell(cx: &Cx, this: Mem) -> Res<usize> {
    check(cx, this)?;
    Ok(this.at.get())
}
fn truncate(cx: &Cx, this: Mem, size: Value) -> Res<i64> {
    check(cx, this)?;
    let size = if size.is_none() { this.at.get() as i64 } else { Size::of(cx, &size)?.0 };
    let Ok(length) = usize::try_from(size) else {
        return Err(cx.value_error(format_args!("Negative size value {size}")));
    };
    if length < this.length.get() {
        realize(cx, this)?;
        if let Some(points) = this.points.borrow_mut().as_mut() {
            points.truncate(length);
        }
        this.length.set(length);
    }
    Ok(size)
}
fn seek(cx: &Cx, this: Mem, pos: &Value, from: Value) -> Res<usize> {
    let (pos, from) = (offset(cx, pos)?, whence(cx, &from)?);
    check(cx, this)?;
    if !(0..=2).contains(&from) {
        return Err(cx.value_error(format_args!("Invalid whence ({from}, should be 0, 1 or 2)")));
    }
    if from == 0 && pos < 0 {
        return Err(cx.value_error(format_args!("Negative seek position {pos}")));
    }
    if from != 0 && pos != 0 {
        return Err(cx.raise_os("Can't do nonzero cur-relative seeks"));
    }
    let at = match from {
        0 => pos as usize,
        1 => this.at.get(),
        _ => this.length.get(),
    };
    this.at.set(at);
    Ok(at)
}

fn getstate(cx: &Cx, this: Mem) -> Res {
    let text = getvalue(cx, this)?;
    let newline = this.newline.get();
    let dict = cx.instance_dict(this.value())?;
    let dict = if dict.is_empty() { Value::NONE } else { cx.call_method(dict.value(), "copy", ())? };
    (text, newline, this.at.get(), dict).into_value(cx)
}
fn setstate(cx: &Cx, this: Mem, state: &Value) -> Res<()> {
    // One that was only made, as pickle does, is begun by this.
    if this.state.get() == State::Closed {
        check(cx, this)?;
    }
    let class = cx.type_name(this.value());
    let parts = match Tuple::of(state) {
        Some(parts) if parts.len() >= 4 => parts,
        _ => {
            let kind = cx.type_name(state);
            return Err(cx.type_error(format_args!(
                "{class}.__setstate__ argument should be 4-tuple, got {kind}"
            )));
        }
    };
    let [text, newline, at, dict, ..] = parts.as_slice() else { return Err(cx.system_error("four items")) };
    if !text.is_none() && !cx.is_str(text) {
        let kind = cx.type_name(text);
        return Err(cx.type_error(format_args!("first item of state should be a str or None, not {kind}")));
    }
    init(cx, this, Value::NONE, Given(Some(newline.clone())))?;
    // The text has its ends of lines already.
    if !text.is_none() {
        put(cx, this, text.clone())?;
        realize(cx, this)?;
    }
    if !cx.is_int(at) {
        let kind = cx.type_name(at);
        return Err(cx.type_error(format_args!("third item of state must be an integer, got {kind}")));
    }
    let Ok(at) = usize::try_from(cx.index(at)?) else {
        return Err(cx.value_error("position value cannot be negative"));
    };
    this.at.set(at);
    super::set_dict(cx, this.value(), dict, &class)
}
