//! `range`: an arithmetic progression of ints of any size, and its iterators.
//!
//! ```text
//! Range          [header][start][stop][step][length]      four exact ints
//! RangeIter      [header][next: i64][step: i64][left: i64] what the loop advances itself, without a call
//! LongRangeIter  [header][next][step][left]                where some number does not fit in 64 bits
//! ```
//!
//! A `RangeIter` some of whose numbers fit in 64 bits and in no word counts what is left below zero: the loop, which looks
//! whether more than nothing is left, leaves it to `advance`.
//!
//! `next + left * step` never leaves 64 bits while items are left; behind the last item `next` may wrap.

use std::cell::Cell;

use dashu_int::{IBig, Sign};
use ryokan_alloc::Header;
use ryokan_bytecode::CompareOp;

use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, member, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::{Raised, Res};
use crate::types::int::{floor_div_rem, is_exact_int, is_int};
use crate::types::slice::{Slice, big_indices};
use crate::value::{Value, Word};
use crate::vm::Vm;

/// The payload of `range`.
#[repr(C)]
pub struct Range {
    head: Header,
    /// The first item, if there is any.
    pub start: Value,
    /// Where it ends, not included.
    pub stop: Value,
    /// The difference of two items; not zero.
    pub step: Value,
    /// How many items.
    pub length: Value,
}

object! {
    Range {
        tracked: false,
        values: [start, stop, step, length],
    }
}

/// The payload of `range_iterator`. The loop reads and writes it itself.
#[repr(C)]
pub struct RangeIter {
    head: Header,
    /// The next item, if any is left.
    pub next: Cell<i64>,
    /// The difference of two items.
    pub step: i64,
    /// How many items are left; as a negative number if some item is no immediate.
    pub left: Cell<i64>,
}

const _: () = assert!(size_of::<RangeIter>() == 32);

object! {
    RangeIter {
        tracked: false,
        values: [],
        plain: [next, step, left],
    }
}

/// The payload of `longrange_iterator`.
#[repr(C)]
pub struct LongRangeIter {
    head: Header,
    next: Value,
    step: Value,
    left: Value,
}

object! {
    LongRangeIter {
        tracked: false,
        values: [next, step, left],
    }
}

impl RangeIter {
    /// How many items are left.
    fn count(&self) -> u64 {
        self.left.get().unsigned_abs()
    }
    /// The next item.
    #[inline]
    pub fn advance(&self) -> Option<i64> {
        let left = self.left.get();
        if left == 0 {
            return None;
        }
        self.left.set(left - left.signum());
        let item = self.next.get();
        self.next.set(item.wrapping_add(self.step));
        Some(item)
    }
    /// The next item as an immediate; nothing at the end, or if none holds it, and then it is still to come.
    #[inline]
    pub fn advance_word(&self) -> Option<Word> {
        let word = Word::try_int(self.next.get())?;
        self.advance().map(|_| word)
    }
}

/// How many items lie between two 64-bit ends.
fn small_length(start: i64, stop: i64, step: i64) -> u64 {
    let span =
        if step > 0 { i128::from(stop) - i128::from(start) } else { i128::from(start) - i128::from(stop) };
    if span <= 0 { 0 } else { ((span - 1) / i128::from(step.unsigned_abs()) + 1) as u64 }
}

fn big_length(start: &IBig, stop: &IBig, step: &IBig) -> IBig {
    let backwards = step.sign() == Sign::Negative;
    let (span, step) = if backwards { (start - stop, -step) } else { (stop - start, step.clone()) };
    if span.sign() == Sign::Negative || span.is_zero() {
        return IBig::ZERO;
    }
    (span - IBig::ONE) / step + IBig::ONE
}

impl Range {
    /// Start, step and length if all items, and the step behind the last, fit in 64 bits.
    fn small(&self, vm: &Vm) -> Option<(i64, i64, u64)> {
        let (start, stop, step) = (vm.as_i64(&self.start)?, vm.as_i64(&self.stop)?, vm.as_i64(&self.step)?);
        let length = small_length(start, stop, step);
        // Below 2^63 items: len() can tell, and an index cannot overflow.
        i64::try_from(length).ok()?;
        Some((start, step, length))
    }
    /// Start, step and length.
    fn big(&self, vm: &Vm) -> (IBig, IBig, IBig) {
        let part = |value: &Value| vm.to_big(value).unwrap_or(IBig::ZERO);
        (part(&self.start), part(&self.step), part(&self.length))
    }
}

impl Vm {
    /// `range(start, stop, step)` of exact ints. Runs no Python; `MemoryError`, and `ValueError` if `step` is 0.
    pub fn new_range(&self, start: Value, stop: Value, step: Value) -> Res {
        let length = match (self.as_i64(&start), self.as_i64(&stop), self.as_i64(&step)) {
            (_, _, Some(0)) => return Err(self.value_error("range() arg 3 must not be zero")),
            (Some(a), Some(b), Some(c)) => self.int_from_u64(small_length(a, b, c))?,
            _ => {
                let part = |value: &Value| self.to_big(value).unwrap_or(IBig::ZERO);
                self.int_from_big(big_length(&part(&start), &part(&stop), &part(&step)))?
            }
        };
        Ok(self.new_object(|head| Range { head, start, stop, step, length })?.into_value())
    }

    /// An iterator over less than 2^63 numbers, which fit in 64 bits.
    fn new_range_iter(&self, next: i64, step: i64, length: u64) -> Res {
        let left = length as i64;
        let last = next.wrapping_add(step.wrapping_mul(left - 1));
        let fits = Word::try_int(next).and(Word::try_int(last)).is_some();
        let left = Cell::new(if fits { left } else { -left });
        let made = self.new_object(|head| RangeIter { head, next: Cell::new(next), step, left })?;
        Ok(made.into_value())
    }

    fn new_long_range_iter(&self, next: IBig, step: IBig, left: IBig) -> Res {
        let (next, step, left) =
            (self.int_from_big(next)?, self.int_from_big(step)?, self.int_from_big(left)?);
        Ok(self.new_object(|head| LongRangeIter { head, next, step, left })?.into_value())
    }
}

/// `range`
pub static TYPE: TypeDef = TypeDef {
    name: "range",
    layout: Layout::Range,
    flags: TypeFlags::SEQUENCE,
    doc: "range(stop)\nrange(start, stop)\nrange(start, stop, step)\n\nThe integers from start, or 0, in \
          steps of step, or 1, as far as they stay before\nstop. A negative step counts down; ValueError \
          for a step of 0.\n\nA range stores these three numbers only, however long it is; its items are \
          made when\nthey are asked for.",
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        bool: Some(|vm, value| Ok(vm.as_i64(&this(value).length) != Some(0))),
        len: Some(len),
        iter: Some(iter),
        getitem: Some(getitem),
        contains: Some(contains),
        compare: Some(compare),
        new: Some(new),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    construct: Some(|vm, args| match args {
        [] => None,
        args => Some(new(vm, &Value::NONE, Args::pos(args))),
    }),
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &Range {
    value.get().expect("a method of range is called with a range")
}

fn new(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    if !args.names.is_empty() {
        return Err(vm.type_error("range() takes no keyword arguments"));
    }
    let part = |value: &Value| if is_exact_int(value) { Ok(value.take()) } else { vm.index(value) };
    match args.pos {
        [stop] => vm.new_range(Value::small(0), part(stop)?, Value::small(1)),
        [start, stop] => vm.new_range(part(start)?, part(stop)?, Value::small(1)),
        [start, stop, step] => vm.new_range(part(start)?, part(stop)?, part(step)?),
        [] => Err(vm.type_error("range expected at least 1 argument, got 0")),
        _ => Err(vm.type_error(format_args!("range expected at most 3 arguments, got {}", args.pos.len()))),
    }
}

fn repr(vm: &Vm, value: &Value) -> Res {
    let range = this(value);
    let text = |part: &Value| vm.repr(part).map(|shown| vm.text(&shown));
    let (start, stop) = (text(&range.start)?, text(&range.stop)?);
    match vm.as_i64(&range.step) {
        Some(1) => vm.display(format_args!("range({start}, {stop})")),
        _ => vm.display(format_args!("range({start}, {stop}, {})", text(&range.step)?)),
    }
}

/// The hash of (length, start, step), with None for what does not matter.
fn hash(vm: &Vm, value: &Value) -> Res<i64> {
    let range = this(value);
    let length = vm.as_i64(&range.length);
    let start = if length == Some(0) { Value::NONE } else { range.start.clone() };
    let step = if matches!(length, Some(0 | 1)) { Value::NONE } else { range.step.clone() };
    vm.hash(&vm.new_tuple(vec![range.length.clone(), start, step])?)
}

fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (CompareOp::Eq | CompareOp::Ne, Some(other)) = (op, b.get::<Range>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let equal = match (this(a).small(vm), other.small(vm)) {
        (Some(x), Some(y)) => same_items(x.2 == 0, x.2 == 1, x.2 == y.2, x.0 == y.0, x.1 == y.1),
        _ => {
            let ((s, t, n), (u, v, m)) = (this(a).big(vm), other.big(vm));
            same_items(n.is_zero(), n.is_one(), n == m, s == u, t == v)
        }
    };
    Ok(Value::bool(equal == (op == CompareOp::Eq)))
}

fn same_items(empty: bool, single: bool, lengths: bool, starts: bool, steps: bool) -> bool {
    lengths && (empty || (starts && (single || steps)))
}

fn len(vm: &Vm, value: &Value) -> Res<usize> {
    match vm.as_i64(&this(value).length) {
        Some(length) => Ok(length as usize),
        None => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
    }
}

fn iter(vm: &Vm, value: &Value) -> Res {
    // Where an end lies behind the last int of 64 bits, it is walked the long way.
    let ends = |(start, step, length): &(i64, i64, u64)| {
        i64::try_from(i128::from(*start) + i128::from(*step) * i128::from(*length)).is_ok()
    };
    match this(value).small(vm).filter(ends) {
        Some((start, step, length)) => vm.new_range_iter(start, step, length),
        None => {
            let (start, step, length) = this(value).big(vm);
            vm.new_long_range_iter(start, step, length)
        }
    }
}

fn out_of_range(vm: &Vm) -> Raised {
    vm.index_error("range object index out of range")
}

fn getitem(vm: &Vm, value: &Value, key: &Value) -> Res {
    let range = this(value);
    if let Some(slice) = key.get::<Slice>() {
        return slice_of(vm, range, slice);
    }
    if !is_int(key) && vm.slots(key).index().is_none() {
        return Err(vm.type_error(format_args!(
            "range indices must be integers or slices, not {}",
            vm.type_name(key)
        )));
    }
    if let (Some((start, step, length)), Some(index)) = (range.small(vm), vm.as_i64(key)) {
        let index = if index < 0 { index + length as i64 } else { index };
        if index < 0 || index as u64 >= length {
            return Err(out_of_range(vm));
        }
        return vm.int_from_i128(i128::from(start) + i128::from(step) * i128::from(index));
    }
    let (start, step, length) = range.big(vm);
    let index = vm.index_big(key)?;
    let index = if index.sign() == Sign::Negative { index + &length } else { index };
    if index.sign() == Sign::Negative || index >= length {
        return Err(out_of_range(vm));
    }
    vm.int_from_big(start + step * index)
}

fn slice_of(vm: &Vm, range: &Range, slice: &Slice) -> Res {
    let parts = [&slice.start, &slice.stop, &slice.step];
    // The least number of 64 bits is no step of a sequence's slice.
    let short = |value: &&Value| value.is_none() || vm.as_i64(value).is_some_and(|n| n != i64::MIN);
    if let (Some((start, step, length)), true) = (range.small(vm), parts.iter().all(short)) {
        let [first, last, stride] = slice.unpack(vm)?.indices(length as usize);
        let at = |index: i64| vm.int_from_i128(i128::from(start) + i128::from(step) * i128::from(index));
        return vm.new_range(at(first)?, at(last)?, vm.int_from_i128(i128::from(step) * i128::from(stride))?);
    }
    let (start, step, length) = range.big(vm);
    let (first, last, stride) = big_indices(vm, slice, &length)?;
    let at = |index: IBig| vm.int_from_big(&start + &step * index);
    vm.new_range(at(first)?, at(last)?, vm.int_from_big(&step * stride)?)
}

/// Where an int stands in a range.
fn position(vm: &Vm, range: &Range, item: &Value) -> Option<IBig> {
    if let (Some((start, step, length)), Some(item)) = (range.small(vm), vm.as_i64(item)) {
        let distance = i128::from(item) - i128::from(start);
        let (index, rest) = (distance / i128::from(step), distance % i128::from(step));
        return (rest == 0 && (0..i128::from(length)).contains(&index)).then(|| IBig::from(index));
    }
    let (start, step, length) = range.big(vm);
    let (index, rest) = floor_div_rem(&(vm.to_big(item)? - start), &step);
    (rest.is_zero() && index.sign() == Sign::Positive && index < length).then_some(index)
}

/// Whether a value is compared as a number, without asking it.
fn is_plain_int(value: &Value) -> bool {
    is_exact_int(value) || matches!(value.word(), Word::TRUE | Word::FALSE)
}

/// How many items equal a value that may have its own mind about equality, and where the first one is.
fn search(vm: &Vm, value: &Value, item: &Value, first_only: bool) -> Res<(i64, Option<i64>)> {
    let (items, mut at, mut count, mut first) = (iter(vm, value)?, 0, 0, None);
    while let Some(candidate) = vm.next(&items)? {
        if vm.equal(&candidate, item)? {
            count += 1;
            first = first.or(Some(at));
            if first_only {
                break;
            }
        }
        at += 1;
    }
    Ok((count, first))
}

fn contains(vm: &Vm, value: &Value, item: &Value) -> Res<bool> {
    if is_plain_int(item) {
        return Ok(position(vm, this(value), item).is_some());
    }
    Ok(search(vm, value, item, true)?.0 != 0)
}

static GETSET: &[GetSet] = &[
    member("start", |_, value| Ok(this(value).start.clone()), ""),
    member("stop", |_, value| Ok(this(value).stop.clone()), ""),
    member("step", |_, value| Ok(this(value).step.clone()), ""),
];

static METHODS: &[Method] = &[
    method(
        "__reversed__",
        "($self, /)",
        Call::One(reversed),
        "An iterator over the numbers from the last to the first.",
    ),
    method("__reduce__", "($self, /)", Call::One(reduce), ""),
    method("count", "($self, object, /)", Call::Two(count), "1 if the number is in the range, otherwise 0."),
    method(
        "index",
        "($self, object, /)",
        Call::Two(index),
        "At which index the number stands. ValueError if it is not in the range.",
    ),
];

fn reversed(vm: &Vm, value: &Value) -> Res {
    let range = this(value);
    if let Some((start, step, length)) = range.small(vm)
        && let Some(back) = step.checked_neg()
        && let Ok(last) = i64::try_from(i128::from(start) + i128::from(step) * (i128::from(length) - 1))
    {
        return vm.new_range_iter(last, back, length);
    }
    let (start, step, length) = range.big(vm);
    vm.new_long_range_iter(&start + &step * (&length - IBig::ONE), -step, length)
}

fn reduce(vm: &Vm, value: &Value) -> Res {
    let range = this(value);
    let parts = vm.new_tuple(vec![range.start.clone(), range.stop.clone(), range.step.clone()])?;
    vm.new_tuple(vec![vm.type_of(value).to_value(), parts])
}

fn count(vm: &Vm, value: &Value, item: &Value) -> Res {
    if is_plain_int(item) {
        return vm.int(i64::from(position(vm, this(value), item).is_some()));
    }
    vm.int(search(vm, value, item, false)?.0)
}

fn index(vm: &Vm, value: &Value, item: &Value) -> Res {
    if is_plain_int(item) {
        return match position(vm, this(value), item) {
            Some(at) => vm.int_from_big(at),
            None => Err(vm.value_error("range.index(x): x not in range")),
        };
    }
    match search(vm, value, item, true)?.1 {
        Some(at) => vm.int(at),
        None => Err(vm.value_error("sequence.index(x): x not in sequence")),
    }
}

// ---- the iterators -----------------------------------------------------------------------------------------------

/// `range_iterator`
pub static ITER_TYPE: TypeDef = TypeDef {
    name: "range_iterator",
    layout: Layout::RangeIter,
    flags: TypeFlags::NO_NEW,
    slots: Slots { iter: Some(|_, value| Ok(value.clone())), next: Some(next), ..Slots::NONE },
    methods: ITER_METHODS,
    ..TypeDef::EMPTY
};

/// `longrange_iterator`
pub static LONG_ITER_TYPE: TypeDef = TypeDef {
    name: "longrange_iterator",
    layout: Layout::LongRangeIter,
    flags: TypeFlags::NO_NEW,
    slots: Slots { iter: Some(|_, value| Ok(value.clone())), next: Some(long_next), ..Slots::NONE },
    methods: LONG_ITER_METHODS,
    ..TypeDef::EMPTY
};

fn short(value: &Value) -> &RangeIter {
    value.get().expect("a method of range_iterator is called with one")
}

fn long(value: &Value) -> &LongRangeIter {
    value.get().expect("a method of longrange_iterator is called with one")
}

fn next(vm: &Vm, value: &Value) -> Res<Option<Value>> {
    short(value).advance().map(|item| vm.int(item)).transpose()
}

impl LongRangeIter {
    fn parts(&self, vm: &Vm) -> [IBig; 3] {
        [&self.next, &self.step, &self.left].map(|part| vm.to_big(part).unwrap_or(IBig::ZERO))
    }
    /// Moves on by some items.
    fn skip(&self, vm: &Vm, by: IBig) -> Res<()> {
        let [next, step, left] = self.parts(vm);
        let (next, left) = (vm.int_from_big(next + step * &by)?, vm.int_from_big(left - by)?);
        self.next.set(next);
        self.left.set(left);
        Ok(())
    }
}

fn long_next(vm: &Vm, value: &Value) -> Res<Option<Value>> {
    let iter = long(value);
    if vm.as_i64(&iter.left) == Some(0) {
        return Ok(None);
    }
    let item = iter.next.clone();
    iter.skip(vm, IBig::ONE)?;
    Ok(Some(item))
}

static ITER_METHODS: &[Method] = &[
    method(
        "__length_hint__",
        "($self, /)",
        Call::One(|vm, value| vm.int_from_u64(short(value).count())),
        "How many numbers are still to come.",
    ),
    method("__reduce__", "($self, /)", Call::One(reduce_short), "How pickle makes the iterator again."),
    method(
        "__setstate__",
        "($self, object, /)",
        Call::Two(set_short),
        "Goes to the item of this index, as pickle asks.",
    ),
];

static LONG_ITER_METHODS: &[Method] = &[
    method(
        "__length_hint__",
        "($self, /)",
        Call::One(|_, value| Ok(long(value).left.clone())),
        "How many numbers are still to come.",
    ),
    method("__reduce__", "($self, /)", Call::One(reduce_long), "How pickle makes the iterator again."),
    method(
        "__setstate__",
        "($self, object, /)",
        Call::Two(set_long),
        "Goes to the item of this index, as pickle asks.",
    ),
];

/// `(iter, (range(..),), None)`
fn reduced(vm: &Vm, next: IBig, step: IBig, left: IBig) -> Res {
    let stop = &next + &step * left;
    let range = vm.new_range(vm.int_from_big(next)?, vm.int_from_big(stop)?, vm.int_from_big(step)?)?;
    let args = vm.new_tuple(vec![range])?;
    vm.new_tuple(vec![vm.builtin_of_caller("iter")?, args, Value::NONE])
}

fn reduce_short(vm: &Vm, value: &Value) -> Res {
    let iter = short(value);
    reduced(vm, iter.next.get().into(), iter.step.into(), iter.count().into())
}

fn reduce_long(vm: &Vm, value: &Value) -> Res {
    let [next, step, left] = long(value).parts(vm);
    reduced(vm, next, step, left)
}

fn set_short(vm: &Vm, value: &Value, state: &Value) -> Res {
    let iter = short(value);
    let skip = vm.index_long(state)?.max(0).min(iter.left.get().saturating_abs());
    iter.next.set(iter.next.get().wrapping_add(iter.step.wrapping_mul(skip)));
    iter.left.set(iter.left.get() - iter.left.get().signum() * skip);
    Ok(Value::NONE)
}

fn set_long(vm: &Vm, value: &Value, state: &Value) -> Res {
    if !std::ptr::eq(vm.type_of(state), &*vm.types.int) {
        return Err(vm.type_error(format_args!("state must be an int, not {}", vm.type_name(state))));
    }
    let iter = long(value);
    let skip = vm.index_big(state)?.max(IBig::ZERO).min(iter.parts(vm)[2].clone());
    iter.skip(vm, skip)?;
    Ok(Value::NONE)
}
