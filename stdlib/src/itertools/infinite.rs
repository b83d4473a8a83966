//! `count`, `cycle`, `repeat`: iterators that need not end.

use std::cell::Cell;

use ryokan_vm::native::*;

// ---- count -----------------------------------------------------------------------------------------------------------

native_type! {
    /// Numbers from start on, step apart.
    "itertools.count" = pub struct Count {
        /// The next number and the step, while both are ints and fit.
        next: Cell<i64>,
        by: Cell<i64>,
        /// The same as objects, once they are not; `step` is None until then.
        number: Slot,
        step: Slot,
    }
    flags: SUBCLASS;
    new(start: Value = Value::small(0) => "0", step: Value = Value::small(1) => "1") = count;
    slots { iter = itself; next = count_next; repr = count_repr; }
}

/// A number that is counted without an object: an int. One that is counted by 1 may be of a subclass, too, which it loses.
fn plain_int(cx: &Cx, value: &Value, by_one: bool) -> Option<i64> {
    if by_one || cx.is_exact_int(value) { cx.small_int(value) } else { None }
}

fn count(cx: &Cx, class: &Value, start: Value, step: Value) -> Res {
    if !cx.is_numeric(&start) || !cx.is_numeric(&step) {
        return Err(cx.type_error("a number is required"));
    }
    let by_one = cx.small_int(&step) == Some(1);
    let plain = plain_int(cx, &start, by_one).zip(plain_int(cx, &step, by_one));
    let body = match plain {
        Some((next, by)) => {
            Count { next: Cell::new(next), by: Cell::new(by), number: Slot::default(), step: Slot::default() }
        }
        None => Count {
            next: Cell::new(0),
            by: Cell::new(0),
            number: Slot::new(start),
            step: Slot::new(step),
        },
    };
    cx.new_of(class, body)
}

fn count_next(cx: &Cx, this: This<Count>) -> Res<Option<Value>> {
    if this.step.is_none() {
        let number = this.next.get();
        match number.checked_add(this.by.get()) {
            Some(next) => this.next.set(next),
            None => leave_words(cx, this)?,
        }
        return number.into_value(cx).map(Some);
    }
    let number = this.number.look();
    let next = cx.binary(BinaryOp::Add, &number, &this.step.get())?;
    this.number.set(next);
    Ok(Some(number))
}

/// The next number does not fit a word any more.
#[cold]
fn leave_words(cx: &Cx, this: This<Count>) -> Res<()> {
    let step = this.by.get().into_value(cx)?;
    let next = i128::from(this.next.get()) + i128::from(this.by.get());
    this.number.set(next.into_value(cx)?);
    this.step.set(step);
    Ok(())
}

fn count_repr(cx: &Cx, this: This<Count>) -> Res<String> {
    let name = cx.short_type_name(this.value());
    if this.step.is_none() {
        let next = this.next.get();
        return Ok(match this.by.get() {
            1 => format!("{name}({next})"),
            by => format!("{name}({next}, {by})"),
        });
    }
    let step = this.step.get();
    let number = cx.repr(&this.number.get())?;
    if cx.small_int(&step) == Some(1) {
        return Ok(format!("{name}({number})"));
    }
    Ok(format!("{name}({number}, {})", cx.repr(&step)?))
}

// ---- cycle -----------------------------------------------------------------------------------------------------------

native_type! {
    /// The items of an iterable again and again: they are kept as they come.
    "itertools.cycle" = pub struct Cycle {
        /// Where the first round comes from.
        source: Source,
        kept: Values,
        at: Cell<usize>,
    }
    flags: SUBCLASS;
    new(iterable: Iter, /) = cycle;
    slots { iter = itself; next = cycle_next; }
}

fn cycle(cx: &Cx, class: &Value, iterable: Iter) -> Res {
    cx.new_of(class, Cycle { source: Source::new(iterable), kept: Values::default(), at: Cell::new(0) })
}

fn cycle_next(cx: &Cx, this: This<Cycle>) -> Res<Option<Value>> {
    if this.source.has_ended() {
        return Ok(next_kept(&this));
    }
    first_round(cx, this)
}

/// The next of the items that were kept, if there are any.
#[inline(always)]
fn next_kept(this: &Cycle) -> Option<Value> {
    let at = this.at.get();
    this.at.set(if at + 1 < this.kept.len() { at + 1 } else { 0 });
    this.kept.get(at)
}

/// The same in the first round, and where that ends.
#[inline(never)]
fn first_round(cx: &Cx, this: This<Cycle>) -> Res<Option<Value>> {
    if !this.source.has_ended() {
        if let Some(item) = this.source.next(cx)? {
            this.kept.push_back(cx, item.clone())?;
            return Ok(Some(item));
        }
        this.source.end();
        this.at.set(0);
    }
    Ok(next_kept(&this))
}

// ---- repeat ----------------------------------------------------------------------------------------------------------

native_type! {
    /// One object again and again: times times, or for ever.
    "itertools.repeat" = pub struct Repeat {
        object: Slot,
        /// How often it is still to come; -1 is for ever.
        left: Cell<i64>,
    }
    flags: SUBCLASS;
    new(object: Value, times: Times = Times(None) => "None") = repeat;
    slots { iter = itself; next = repeat_next; repr = repeat_repr; }
    methods {
        /// How many items are left; TypeError if there is no end.
        __length_hint__() = repeat_hint;
    }
}

/// A number of times, if one is given.
struct Times(Option<i64>);

impl<'a> FromArg<'a> for Times {
    fn from_arg(cx: &'a Cx, arg: &'a Value, _: &Place) -> Res<Times> {
        cx.index(arg).map(|times| Times(Some(times)))
    }
}

fn repeat(cx: &Cx, class: &Value, object: Value, times: Times) -> Res {
    let left = times.0.map_or(-1, |times| times.max(0));
    cx.new_of(class, Repeat { object: Slot::new(object), left: Cell::new(left) })
}

fn repeat_next(_: &Cx, this: This<Repeat>) -> Res<Option<Value>> {
    match this.left.get() {
        0 => return Ok(None),
        left if left > 0 => this.left.set(left - 1),
        _ => {}
    }
    Ok(Some(this.object.get()))
}

fn repeat_repr(cx: &Cx, this: This<Repeat>) -> Res<String> {
    let name = cx.short_type_name(this.value());
    let object = cx.repr(&this.object.get())?;
    Ok(match this.left.get() {
        -1 => format!("{name}({object})"),
        left => format!("{name}({object}, {left})"),
    })
}

fn repeat_hint(cx: &Cx, this: This<Repeat>) -> Res<i64> {
    match this.left.get() {
        -1 => Err(cx.type_error("len() of unsized object")),
        left => Ok(left),
    }
}
