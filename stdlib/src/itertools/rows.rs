//! `batched`, `pairwise`, `zip_longest`: tuples of items that belong together.

use std::cell::Cell;

use ryokan_vm::native::*;

// ---- batched ---------------------------------------------------------------------------------------------------------

native_type! {
    /// Tuples of n items that follow each other in an iterable; the last one may have fewer.
    ///
    /// If strict, one with fewer raises a ValueError.
    "itertools.batched" = pub struct Batched { source: Source, size: usize, strict: bool }
    flags: SUBCLASS;
    new(iterable: &Value, n: i64, *, strict: bool = False) = batched;
    slots { iter = itself; next = batched_next; }
}

/// As many items as a tuple may have.
const MOST: usize = isize::MAX as usize / 8;

fn batched(cx: &Cx, class: &Value, iterable: &Value, n: i64, strict: bool) -> Res {
    if n < 1 {
        return Err(cx.value_error("n must be at least one"));
    }
    let source = Source::new(cx.iter(iterable)?);
    cx.new_of(class, Batched { source, size: n as usize, strict })
}

fn batched_next(cx: &Cx, this: This<Batched>) -> Res<Option<Value>> {
    if this.source.has_ended() {
        return Ok(None);
    }
    if this.size >= MOST {
        return Err(cx.no_memory());
    }
    if let Some(row) = this.source.row(cx, this.size)? {
        return Ok(Some(row.into_value()));
    }
    let mut row = Row::default();
    while row.len() < this.size {
        match this.source.next(cx) {
            Ok(Some(item)) => row.push(cx, item)?,
            Ok(None) => break,
            Err(raised) => {
                this.source.end();
                return Err(raised);
            }
        }
    }
    if row.len() < this.size {
        if row.len() == 0 || this.strict {
            this.source.end();
        }
        if row.len() == 0 {
            return Ok(None);
        }
        if this.strict {
            return Err(cx.value_error("batched(): incomplete batch"));
        }
    }
    row.into_tuple(cx).map(Some)
}

// ---- pairwise --------------------------------------------------------------------------------------------------------

native_type! {
    /// Pairs of an item of an iterable and the one behind it.
    "itertools.pairwise" = pub struct Pairwise {
        source: Source,
        /// The item that begins the next pair.
        last: Maybe,
        given: Again,
    }
    flags: SUBCLASS;
    new(iterable: Iter, /) = pairwise;
    slots { iter = itself; next = pairwise_next; }
    at_once { pairs = pairwise_pair; }
}

fn pairwise(cx: &Cx, class: &Value, iterable: Iter) -> Res {
    cx.new_of(class, Pairwise { source: Source::new(iterable), last: Maybe::default(), given: Again::default() })
}

fn pairwise_next(cx: &Cx, this: This<Pairwise>) -> Res<Option<Value>> {
    match pairwise_pair(cx, this)? {
        Pair::Of(first, second) => this.given.row(cx, [first, second]).map(Some),
        _ => Ok(None),
    }
}

fn pairwise_pair(cx: &Cx, this: This<Pairwise>) -> Res<Pair> {
    if this.last.is_some()
        && let Some(second) = this.source.next_plain(cx)
        && let Some(first) = this.last.replace(second.clone())
    {
        return Ok(Pair::Of(first, second));
    }
    any_pair(cx, this)
}

/// The same where there is no first item yet, or asking for the second one may come back here.
#[inline(never)]
fn any_pair(cx: &Cx, this: This<Pairwise>) -> Res<Pair> {
    let pair = next_pair(cx, this);
    if let Ok(Some((first, second))) = pair {
        return Ok(Pair::Of(first, second));
    }
    this.source.end();
    this.last.set(None);
    pair.map(|_| Pair::End)
}

fn next_pair(cx: &Cx, this: This<Pairwise>) -> Res<Option<(Value, Value)>> {
    let first = match this.last.get() {
        Some(first) => first,
        None => {
            let Some(first) = this.source.next(cx)? else { return Ok(None) };
            this.last.set(Some(first.clone()));
            first
        }
    };
    let Some(second) = this.source.next(cx)? else { return Ok(None) };
    this.last.set(Some(second.clone()));
    Ok(Some((first, second)))
}

// ---- zip_longest -----------------------------------------------------------------------------------------------------

native_type! {
    /// Tuples of an item of each iterable, until the longest ends: where one has ended, fillvalue stands for its items.
    "itertools.zip_longest" = pub struct ZipLongest {
        /// The first iterators, and the others; those that have ended are let go: None among the others.
        first: [Source; ZipLongest::FIRST],
        others: Values,
        /// How many there are.
        count: usize,
        /// How many have not.
        active: Cell<usize>,
        fill: Slot,
        given: Again,
    }
    flags: SUBCLASS;
    new(*iterables, **names) = zip_longest;
    slots { iter = itself; next = zip_longest_next; }
    at_once { pairs = zip_longest_pair; }
}

fn zip_longest(cx: &Cx, class: &Value, args: Args) -> Res {
    let fill = args.get_named(cx, "fillvalue");
    if args.named_count() > usize::from(fill.is_some()) {
        return Err(cx.type_error("zip_longest() got an unexpected keyword argument"));
    }
    let (first, others) = (<[Source; ZipLongest::FIRST]>::default(), Values::default());
    for (at, iterable) in args.positional().iter().enumerate() {
        let iterator = cx.iter(iterable)?;
        match first.get(at) {
            Some(source) => source.set(iterator),
            None => others.push_back(cx, iterator.into_value())?,
        }
    }
    let count = args.positional().len();
    let fill = Slot::new(fill.map_or(Value::NONE, Value::clone));
    cx.new_of(class, ZipLongest { first, others, count, active: Cell::new(count), fill, given: Again::default() })
}

impl ZipLongest {
    const FIRST: usize = 3;
}

fn zip_longest_next(cx: &Cx, this: This<ZipLongest>) -> Res<Option<Value>> {
    if this.active.get() == 0 {
        return Ok(None);
    }
    match zip_longest_pair(cx, this)? {
        Pair::Of(first, second) => return this.given.row(cx, [first, second]).map(Some),
        Pair::End => return Ok(None),
        Pair::Whole => {}
    }
    if this.count == 3 {
        let Some(first) = item_or_fill(cx, this, 0)? else { return Ok(None) };
        let Some(second) = item_or_fill(cx, this, 1)? else { return Ok(None) };
        let Some(third) = item_or_fill(cx, this, 2)? else { return Ok(None) };
        return this.given.row(cx, [first, second, third]).map(Some);
    }
    let mut row = Row::default();
    for at in 0..this.count {
        let Some(item) = item_or_fill(cx, this, at)? else { return Ok(None) };
        row.push(cx, item)?;
    }
    row.into_given(cx, &this.given).map(Some)
}

fn zip_longest_pair(cx: &Cx, this: This<ZipLongest>) -> Res<Pair> {
    if this.count != 2 {
        return Ok(Pair::Whole);
    }
    if this.active.get() == 0 {
        return Ok(Pair::End);
    }
    let Some(first) = item_or_fill(cx, this, 0)? else { return Ok(Pair::End) };
    let Some(second) = item_or_fill(cx, this, 1)? else { return Ok(Pair::End) };
    Ok(Pair::Of(first, second))
}

/// What stands for an iterator in a row; nothing if it was the last one to end.
#[inline(always)]
fn item_or_fill(cx: &Cx, this: This<ZipLongest>, at: usize) -> Res<Option<Value>> {
    let Some(source) = this.first.get(at) else { return other_item_or_fill(cx, this, at - ZipLongest::FIRST) };
    match source.next_plain(cx) {
        None => any_item_or_fill(cx, this, source),
        item => Ok(item),
    }
}

/// The same of any iterator that lies in the body, which may have ended.
#[inline(never)]
fn any_item_or_fill(cx: &Cx, this: This<ZipLongest>, source: &Source) -> Res<Option<Value>> {
    if source.has_ended() {
        return Ok(Some(this.fill.get()));
    }
    match source.next(cx) {
        Ok(None) => {
            let fill = fill_for_ended(this);
            if fill.is_some() {
                source.end();
            }
            Ok(fill)
        }
        Err(raised) => {
            // After an error there are no more rows.
            this.active.set(0);
            Err(raised)
        }
        item => item,
    }
}

/// The same of an iterator that does not lie in the body.
#[inline(never)]
fn other_item_or_fill(cx: &Cx, this: This<ZipLongest>, at: usize) -> Res<Option<Value>> {
    let Some(source) = this.others.get(at).filter(|source| !source.is_none()) else {
        return Ok(Some(this.fill.get()));
    };
    match Iter::over(source).next(cx) {
        Ok(None) => {
            let fill = fill_for_ended(this);
            if fill.is_some() {
                drop(this.others.replace(at, Value::NONE));
            }
            Ok(fill)
        }
        Err(raised) => {
            this.active.set(0);
            Err(raised)
        }
        item => item,
    }
}

/// One more iterator has ended: what stands for its items, unless it was the last one.
fn fill_for_ended(this: This<ZipLongest>) -> Option<Value> {
    let left = this.active.get().saturating_sub(1);
    this.active.set(left);
    (left > 0).then(|| this.fill.get())
}

// ---- rows ------------------------------------------------------------------------------------------------------------

/// A tuple that is being gathered.
#[derive(Default)]
struct Row {
    /// The first items, while there are few.
    few: [Value; Row::FEW],
    /// All of them, once there are not.
    many: Option<Vector<Value>>,
    len: usize,
}

impl Row {
    const FEW: usize = 4;

    fn len(&self) -> usize {
        self.len
    }
    #[inline]
    fn push(&mut self, cx: &Cx, item: Value) -> Res<()> {
        match self.few.get_mut(self.len) {
            Some(place) => *place = item,
            None => self.push_behind(cx, item)?,
        }
        self.len += 1;
        Ok(())
    }
    #[inline(never)]
    fn push_behind(&mut self, cx: &Cx, item: Value) -> Res<()> {
        let many = match &mut self.many {
            Some(many) => many,
            none => none.insert(cx.vector(8 * Row::FEW)?),
        };
        if self.len == Row::FEW {
            many.extend(self.few.iter_mut().map(std::mem::take));
        }
        cx.reserve(many, 1)?;
        many.push(item);
        Ok(())
    }
    /// The tuple, or the one that was given before, filled again. What was in that dies when it is whole.
    #[inline]
    fn into_given(mut self, cx: &Cx, given: &Again) -> Res {
        let items = self.many.as_deref_mut().unwrap_or(&mut self.few);
        given.tuple(cx, items.get(..self.len).unwrap_or_default())
    }
    #[inline]
    fn into_tuple(mut self, cx: &Cx) -> Res {
        let items = self.many.as_deref_mut().unwrap_or(&mut self.few);
        let item = |at| items.get_mut(at).map(std::mem::take).unwrap_or_default();
        Ok(Tuple::from_fn(cx, self.len, item)?.into_value())
    }
}
