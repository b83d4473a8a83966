//! What finds one match after the other: scanners, and iterators over matches.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::matches::{self, Match};
use super::pattern::Pattern;
use super::subject::{How, Run, Subject};

native_type! {
    "_sre.SRE_Scanner" = pub struct Scanner {
        pattern: Obj<Pattern>,
        string: Slot,
        /// Bytes are lent as long as the scanner lives.
        lent: BufferSlot,
        pos: Cell<usize>,
        end: Cell<usize>,
        start: Cell<usize>,
        must_advance: Cell<bool>,
        over: Cell<bool>,
        busy: Cell<bool>,
    }
    members {
        /// the pattern
        pattern = |_, this: This<Scanner>| this.pattern.value().clone();
    }
    methods {
        /// The match where the last one ended, or None.
        match() = next_here;
        /// The next match, or None.
        search() = next_match;
    }
}

/// `Pattern.scanner`
pub fn scanner(cx: &Cx, this: This<Pattern>, string: &Value, pos: i64, endpos: i64) -> Res<Obj<Scanner>> {
    let run = Run::new(cx, &this, string, pos, endpos)?;
    let (pos, end) = (run.pos, run.end);
    let lent = match run.subject {
        Subject::Text(_) | Subject::Bytes(_) => BufferSlot::default(),
        Subject::Lent(_) => BufferSlot::new(Buffer::of(cx, string)?),
    };
    cx.new(Scanner {
        pattern: this.object(),
        string: Slot::new(string.clone()),
        lent,
        pos: Cell::new(pos),
        end: Cell::new(end),
        start: Cell::new(pos),
        must_advance: Cell::new(false),
        over: Cell::new(false),
        busy: Cell::new(false),
    })
}

/// `Pattern.finditer`
pub fn finditer(cx: &Cx, this: This<Pattern>, string: &Value, pos: i64, endpos: i64) -> Res {
    let scanner = scanner(cx, this, string, pos, endpos)?.into_value();
    let search = cx.attr(&scanner, "search")?;
    cx.call(&cx.builtin("iter")?, (search, ()))
}

fn step(cx: &Cx, this: This<Scanner>, how: How) -> Res<Option<Obj<Match>>> {
    if this.busy.get() {
        return Err(cx.value_error("regular expression scanner already executing"));
    }
    if this.over.get() {
        return Ok(None);
    }
    this.busy.set(true);
    let found = find(cx, this, how);
    this.busy.set(false);
    found
}

fn find(cx: &Cx, this: This<Scanner>, how: How) -> Res<Option<Obj<Match>>> {
    let string = this.string.get();
    let (pos, end) = (this.pos.get() as i64, this.end.get() as i64);
    let mut run = Run::new(cx, &this.pattern, &string, pos, end)?;
    run.resume(this.start.get(), this.must_advance.get());
    if !run.find(how)? {
        this.over.set(true);
        // The bytes are let go with the scanner.
        run.end()?;
        return Ok(None);
    }
    let found = matches::of(cx, this.pattern.clone(), &string, &run)?;
    run.advance();
    let (start, must_advance) = run.next();
    this.start.set(start);
    this.must_advance.set(must_advance);
    run.end()?;
    Ok(Some(found))
}
fn next_here(cx: &Cx, this: This<Scanner>) -> Res<Option<Obj<Match>>> {
    step(cx, this, How::Here)
}
fn next_match(cx: &Cx, this: This<Scanner>) -> Res<Option<Obj<Match>>> {
    step(cx, this, How::Search)
}
