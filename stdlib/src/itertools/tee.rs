//! `tee`: several iterators over the items of one.
//!
//! The items lie in blocks, each of which knows the next: whoever is ahead fills them, and a block dies when the last one has left
//! it.
//!
//! ```text
//! Tee { block, at } ----> TeeData [0..57] ----> TeeData [57..114] ----> ..
//! ```

use std::cell::Cell;

use ryokan_vm::native::*;

/// Items in a block.
const BLOCK: usize = 57;

native_type! {
    /// An iterator that can be copied: each copy gives the items that follow, at its own pace.
    "itertools._tee" = pub struct Tee {
        block: Slot,
        /// The index in the block of the item that comes next.
        at: Cell<usize>,
    }
    flags: WEAKREF;
    new(iterable: &Value, /) = new_tee;
    slots { iter = itself; next = tee_next; }
    methods {
        /// An iterator over the same items from here on.
        __copy__() = copied;
    }
}

native_type! {
    /// A block of items that the iterators of one tee() share: _tee_dataobject(iterable, values, next, /).
    "itertools._tee_dataobject" = pub struct TeeData {
        source: Source,
        items: [Maybe; BLOCK],
        len: Cell<usize>,
        next: Maybe,
        /// Whether the source is being asked.
        asking: Cell<bool>,
    }
    new(*args) = new_block;
}

impl TeeData {
    /// The item at an index, if it is there.
    #[inline]
    fn item(&self, at: usize) -> Option<Value> {
        if at < self.len.get() { self.items.get(at)?.get() } else { None }
    }
    /// Draws the item at an index, if it is the next one, there is room for it, and no Python runs.
    #[inline]
    fn draw_plain(&self, cx: &Cx, at: usize) -> Option<Value> {
        let place = self.items.get(at).filter(|_| at == self.len.get() && !self.asking.get())?;
        let item = self.source.next_plain(cx)?;
        place.set(Some(item.clone()));
        self.len.set(at + 1);
        Some(item)
    }
    fn empty(source: Value) -> TeeData {
        TeeData {
            source: Source::new(Iter::over(source)),
            items: [const { Maybe::EMPTY }; BLOCK],
            len: Cell::new(0),
            next: Maybe::EMPTY,
            asking: Cell::new(false),
        }
    }
}

/// Makes a block as it is given: full if there is a next one.
fn new_block(cx: &Cx, class: &Value, args: Args) -> Res {
    args.no_keywords(cx, "teedataobject")?;
    args.count(cx, "teedataobject", 3, 3)?;
    let [source, items, next] = args.positional() else {
        return Err(cx.system_error("three arguments were counted"));
    };
    let Some(items) = List::of(items) else {
        let kind = cx.arg_name(items);
        return Err(cx.type_error(format_args!("teedataobject() argument 2 must be list, not {kind}")));
    };
    let len = items.len();
    let fits = len <= BLOCK && (next.is_none() || (len == BLOCK && Obj::<TeeData>::from_value(next.clone()).is_ok()));
    if !fits {
        return Err(cx.value_error("Invalid arguments"));
    }
    let body = TeeData::empty(source.clone());
    for (at, place) in body.items.iter().enumerate().take(len) {
        place.set(items.get(at));
    }
    body.len.set(len);
    body.next.set(Some(next.clone()).filter(|next| !next.is_none()));
    cx.new_of(class, body)
}

/// `tee(iterable, n)`
pub fn tee(cx: &Cx, iterable: &Value, n: i64) -> Res {
    let Ok(n) = usize::try_from(n) else { return Err(cx.value_error("n must be >= 0")) };
    if n > isize::MAX as usize / 8 {
        return Err(cx.no_memory());
    }
    let mut tees = cx.vector(n)?;
    if n > 0 {
        let first = tee_over(cx, iterable)?;
        tees.push(first.value().clone());
        for _ in 1..n {
            cx.work(1)?;
            tees.push(copy_of(cx, &first)?.into_value());
        }
    }
    Tuple::from_fn(cx, n, |at| std::mem::take(&mut tees[at])).map(Tuple::into_value)
}

/// A tee over an iterable: a copy, if its iterator is one already.
fn tee_over(cx: &Cx, iterable: &Value) -> Res<Obj<Tee>> {
    match Obj::<Tee>::from_value(cx.iter(iterable)?.into_value()) {
        Ok(tee) => copy_of(cx, &tee),
        Err(source) => {
            let block = cx.new(TeeData::empty(source))?;
            cx.new(Tee { block: Slot::new(block.into_value()), at: Cell::new(0) })
        }
    }
}

fn copy_of(cx: &Cx, tee: &Tee) -> Res<Obj<Tee>> {
    cx.new(Tee { block: Slot::new(tee.block.get()), at: tee.at.clone() })
}

/// `_tee(iterable)`
fn new_tee(cx: &Cx, _class: &Value, iterable: &Value) -> Res<Obj<Tee>> {
    tee_over(cx, iterable)
}

fn copied(cx: &Cx, this: This<Tee>) -> Res<Obj<Tee>> {
    copy_of(cx, &this)
}

fn tee_next(cx: &Cx, this: This<Tee>) -> Res<Option<Value>> {
    let at = this.at.get();
    if let Some(Some(item)) =
        this.block.body(|block: &TeeData| block.item(at).or_else(|| block.draw_plain(cx, at)))
    {
        this.at.set(at + 1);
        return Ok(Some(item));
    }
    next_of_source(cx, this)
}

/// The same of an item that is not there yet, or in the next block.
#[inline(never)]
fn next_of_source(cx: &Cx, this: This<Tee>) -> Res<Option<Value>> {
    let mut block = this.block.get();
    if this.at.get() >= BLOCK {
        block = next_block(cx, &block)?;
        this.block.set(block.clone());
        this.at.set(0);
    }
    let Some(items) = This::<TeeData>::of(cx, &block) else { return Ok(None) };
    let item = item_at(cx, items, this.at.get())?;
    if item.is_some() {
        this.at.set(this.at.get() + 1);
    }
    Ok(item)
}

/// The block behind one, made when the first iterator gets there.
#[inline(never)]
fn next_block(cx: &Cx, block: &Value) -> Res {
    let Some(full) = This::<TeeData>::of(cx, block) else { return Ok(Value::NONE) };
    if let Some(next) = full.next.get() {
        return Ok(next);
    }
    let next = cx.new(TeeData::empty(full.source.iterator().map_or(Value::NONE, Iter::into_value)))?.into_value();
    full.next.set(Some(next.clone()));
    Ok(next)
}

/// The item at an index: one that is there, or the next of the source.
#[inline]
fn item_at(cx: &Cx, block: This<TeeData>, at: usize) -> Res<Option<Value>> {
    if let Some(item) = block.item(at) {
        return Ok(Some(item));
    }
    if block.asking.replace(true) {
        return Err(cx.runtime_error("cannot re-enter the tee iterator"));
    }
    let item = block.source.next(cx);
    block.asking.set(false);
    let item = item?;
    if let (Some(item), Some(place)) = (&item, block.items.get(block.len.get())) {
        place.set(Some(item.clone()));
        block.len.set(block.len.get() + 1);
    }
    Ok(item)
}
