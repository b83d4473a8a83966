//! `chain`, `islice`: one iterable behind the other, and a stretch of one.

use std::cell::Cell;

use ryokan_vm::native::*;

// ---- chain -----------------------------------------------------------------------------------------------------------

native_type! {
    /// The items of the first iterable, then those of the second, and so on.
    "itertools.chain" = pub struct Chain {
        /// Where the iterables come from.
        iterables: Source,
        /// The iterator of the one whose turn it is.
        active: Source,
    }
    flags: SUBCLASS;
    new(*iterables) = chain;
    slots { iter = itself; next = chain_next; }
    at_once { rest = chain_rest; }
    class_methods {
        /// The same of the iterables that an iterable gives, each asked for when its turn comes.
        from_iterable(iterable: Iter, /);
        /// The class with arguments in brackets: what kind of items there are.
        __class_getitem__(object: &Value, /) = class_getitem;
    }
}

fn chain(cx: &Cx, class: &Value, args: Args) -> Res {
    args.no_keywords_of::<Chain>(cx, class, "chain")?;
    let given = args.positional();
    let iterables = Tuple::from_fn(cx, given.len(), |at| args.take(at))?;
    from_iterable(cx, class, cx.iter(iterables.value())?)
}

fn from_iterable(cx: &Cx, class: &Value, iterables: Iter) -> Res {
    cx.new_of(class, Chain { iterables: Source::new(iterables), active: Source::default() })
}

fn class_getitem(cx: &Cx, class: &Value, object: &Value) -> Res {
    cx.generic_alias(class, object)
}

fn chain_next(cx: &Cx, this: This<Chain>) -> Res<Option<Value>> {
    match this.active.next_plain(cx) {
        None => chain_other(cx, this),
        item => Ok(item),
    }
}

/// The same of any iterator, which may be at its end.
#[inline(never)]
fn chain_other(cx: &Cx, this: This<Chain>) -> Res<Option<Value>> {
    match this.active.next(cx) {
        Ok(None) => next_of_next(cx, this),
        item => item,
    }
}

/// The first item behind the iterable whose turn it was, which is at its end.
#[inline(never)]
fn next_of_next(cx: &Cx, this: This<Chain>) -> Res<Option<Value>> {
    loop {
        this.active.end();
        if this.iterables.has_ended() || !next_iterable(cx, this)? {
            return Ok(None);
        }
        if let Some(item) = this.active.next(cx)? {
            return Ok(Some(item));
        }
    }
}

/// All items that are still to come.
fn chain_rest(cx: &Cx, this: This<Chain>, list: &List) -> Res<()> {
    loop {
        if let Some(active) = this.active.iterator() {
            list.extend_with(cx, active)?;
        }
        this.active.end();
        if this.iterables.has_ended() || !next_iterable(cx, this)? {
            return Ok(());
        }
    }
}

/// Begins the next iterable, if there is one. After an error there is none any more.
fn next_iterable(cx: &Cx, this: This<Chain>) -> Res<bool> {
    let begun = match this.iterables.next(cx) {
        Ok(Some(iterable)) => cx.iter(&iterable).map(Some),
        Ok(None) => Ok(None),
        Err(raised) => Err(raised),
    };
    match begun {
        Ok(Some(iterator)) => {
            this.active.set(iterator);
            Ok(true)
        }
        other => {
            let end = other.map(|_| false);
            this.iterables.end();
            end
        }
    }
}

// ---- islice ----------------------------------------------------------------------------------------------------------

native_type! {
    /// The items of an iterable from start on, every step-th, up to stop: islice(iterable, stop) or
    /// islice(iterable, start, stop[, step]).
    "itertools.islice" = pub struct ISlice {
        source: Source,
        /// The index of the item that the source gives next.
        at: Cell<i64>,
        /// The index of the item that is wanted next.
        next: Cell<i64>,
        /// The index of the first that is not; i64::MAX if all are.
        stop: Cell<i64>,
        step: Cell<i64>,
    }
    flags: SUBCLASS;
    new(*args) = islice;
    slots { iter = itself; next = islice_next; }
}

const BAD_STOP: &str = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
const BAD_INDICES: &str = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
const BAD_STEP: &str = "Step for islice() must be a positive integer or None.";

/// The number of an argument; -1 stands for whatever is none.
fn number(cx: &Cx, arg: &Value) -> Res<i64> {
    match cx.index(arg) {
        Ok(number) => Ok(number),
        Err(raised) => cx.catch(raised, "BaseException").map(|_| -1),
    }
}

/// Where a slice ends: no number is no end.
fn stop_of(cx: &Cx, arg: &Value) -> Res<i64> {
    if arg.is_none() {
        return Ok(i64::MAX);
    }
    match number(cx, arg)? {
        -1 => Err(cx.value_error(BAD_STOP)),
        stop => Ok(stop),
    }
}

fn islice(cx: &Cx, class: &Value, args: Args) -> Res {
    args.no_keywords_of::<ISlice>(cx, class, "islice")?;
    args.count(cx, "islice", 2, 4)?;
    let (iterable, start, stop, step) = match args.positional() {
        [iterable, stop] => (iterable, None, stop, None),
        [iterable, start, stop, step @ ..] => (iterable, Some(start), stop, step.first()),
        _ => return Err(cx.system_error("two to four arguments were counted")),
    };
    let [start, step] = [start, step].map(|given| given.filter(|given| !given.is_none()));
    let start = start.map_or(Ok(0), |start| number(cx, start))?;
    let stop = stop_of(cx, stop)?;
    if start < 0 || stop < 0 {
        return Err(cx.value_error(BAD_INDICES));
    }
    let step = step.map_or(Ok(1), |step| number(cx, step))?;
    if step < 1 {
        return Err(cx.value_error(BAD_STEP));
    }
    let source = Source::new(cx.iter(iterable)?);
    let [at, next, stop, step] = [0, start, stop, step].map(Cell::new);
    cx.new_of(class, ISlice { source, at, next, stop, step })
}

fn islice_next(cx: &Cx, this: This<ISlice>) -> Res<Option<Value>> {
    let at = this.at.get();
    if at < this.next.get() || at >= this.stop.get() {
        return skip(cx, this);
    }
    match this.source.next_plain(cx) {
        None => islice_other(cx, this),
        item => {
            one_given(this, at);
            Ok(item)
        }
    }
}

/// One item was given, and it was the one at an index.
#[inline(always)]
fn one_given(this: This<ISlice>, at: i64) {
    this.at.set(at + 1);
    this.next.set(this.next.get().saturating_add(this.step.get()).min(this.stop.get()));
}

/// The same of any iterator, which may be at its end.
#[inline(never)]
fn islice_other(cx: &Cx, this: This<ISlice>) -> Res<Option<Value>> {
    let item = this.source.next(cx);
    if !matches!(item, Ok(Some(_))) {
        this.source.end();
        return item;
    }
    one_given(this, this.at.get());
    item
}

/// The same where items are skipped first, or the slice is at its end.
#[inline(never)]
fn skip(cx: &Cx, this: This<ISlice>) -> Res<Option<Value>> {
    let item = islice_item(cx, this);
    if !matches!(item, Ok(Some(_))) {
        this.source.end();
    }
    item
}

fn islice_item(cx: &Cx, this: This<ISlice>) -> Res<Option<Value>> {
    let stop = this.stop.get();
    while this.at.get() < this.next.get() {
        if this.source.next(cx)?.is_none() {
            return Ok(None);
        }
        this.at.set(this.at.get().saturating_add(1));
    }
    if this.at.get() >= stop {
        return Ok(None);
    }
    let Some(item) = this.source.next(cx)? else { return Ok(None) };
    one_given(this, this.at.get());
    Ok(Some(item))
}
