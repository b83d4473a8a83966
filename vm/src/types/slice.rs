//! `slice`: three values, and what they mean for a sequence of a given length.

use dashu_int::{IBig, Sign};
use ryokan_alloc::Header;
use ryokan_bytecode::CompareOp;

use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, member, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::TypeDef;
use crate::raised::{Raised, Res};
use crate::types::str::StrBuilder;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `slice`.
#[repr(C)]
pub struct Slice {
    head: Header,
    /// `start`, or None.
    pub start: Value,
    /// `stop`, or None.
    pub stop: Value,
    /// `step`, or None.
    pub step: Value,
}

const _: () = assert!(size_of::<Slice>() == 32);

object! {
    Slice {
        tracked: true,
        values: [start, stop, step],
    }
}

impl Slice {
    fn parts(&self) -> [&Value; 3] {
        [&self.start, &self.stop, &self.step]
    }
}

/// An index of a slice, clamped to 64 bits.
fn clamped(vm: &Vm, value: &Value) -> Res<i64> {
    if let Some(n) = vm.as_i64(value) {
        return Ok(n);
    }
    if !crate::types::int::is_int(value) && vm.slots(value).index().is_none() {
        return Err(not_an_index(vm));
    }
    vm.index_clamped(value)
}

fn not_an_index(vm: &Vm) -> Raised {
    vm.type_error("slice indices must be integers or None or have an __index__ method")
}

impl Vm {
    /// A new slice. Runs no Python; `MemoryError`.
    pub fn new_slice(&self, start: Value, stop: Value, step: Value) -> Res {
        Ok(self.new_object(|head| Slice { head, start, stop, step })?.into_value())
    }
}

impl Slice {
    /// The parts as numbers, each converted once: first the step, then start and stop. ValueError if the step is zero.
    ///
    /// An `__index__` may change the sequence that is sliced: its length is read afterwards, for [`Bounds::within`].
    pub fn unpack(&self, vm: &Vm) -> Res<Bounds> {
        let step = if self.step.is_none() { 1 } else { clamped(vm, &self.step)?.max(-i64::MAX) };
        if step == 0 {
            return Err(vm.value_error("slice step cannot be zero"));
        }
        let start = match self.start.is_none() {
            true if step < 0 => i64::MAX,
            true => 0,
            false => clamped(vm, &self.start)?,
        };
        let stop = match self.stop.is_none() {
            true if step < 0 => i64::MIN,
            true => i64::MAX,
            false => clamped(vm, &self.stop)?,
        };
        Ok(Bounds { start, stop, step })
    }
}

/// The parts of a slice as numbers, before they meet a sequence.
#[derive(Clone, Copy)]
pub struct Bounds {
    start: i64,
    stop: i64,
    step: i64,
}

impl Bounds {
    /// Which items of a sequence of `len` they name.
    pub fn within(self, len: usize) -> Walk {
        let [start, stop] = self.ends(len as i64);
        let step = self.step;
        let count = if step == 1 {
            (stop - start).max(0) as u64
        } else if step == -1 {
            (start - stop).max(0) as u64
        } else if step < 0 && stop < start {
            (start - stop - 1) as u64 / step.unsigned_abs() + 1
        } else if step > 0 && start < stop {
            (stop - start - 1) as u64 / step as u64 + 1
        } else {
            0
        };
        Walk { start, step, count: count as usize }
    }
    /// Start and stop within a sequence of `len` items: from 0 to `len`, or backwards from `len - 1` to -1.
    fn ends(self, len: i64) -> [i64; 2] {
        let (least, most) = if self.step < 0 { (-1, len - 1) } else { (0, len) };
        [self.start, self.stop].map(|n| {
            let n = if n < 0 { n.saturating_add(len) } else { n };
            n.clamp(least, most)
        })
    }
    /// Start, stop and step for a sequence of `len` items, as `slice.indices` gives them.
    pub fn indices(self, len: usize) -> [i64; 3] {
        let [start, stop] = self.ends(len as i64);
        [start, stop, self.step]
    }
}

/// Which items a slice takes.
#[derive(Clone, Copy)]
pub struct Walk {
    /// The index of the first item, if there is any; else where items would be put in.
    pub start: i64,
    /// The distance of two items.
    pub step: i64,
    /// How many items.
    pub count: usize,
}

impl Walk {
    /// The index of an item, counted along the walk.
    #[inline(always)]
    pub fn at(self, number: usize) -> usize {
        (self.start + number as i64 * self.step) as usize
    }
    /// Whether a sequence of `len` items has them all.
    pub fn fits(self, len: usize) -> bool {
        self.count == 0 || (self.at(0) < len && self.at(self.count - 1) < len)
    }
    /// The same items from the lowest index to the highest.
    pub fn upwards(self) -> Walk {
        match self.step < 0 && self.count > 0 {
            true => Walk { start: self.at(self.count - 1) as i64, step: -self.step, count: self.count },
            false => self,
        }
    }
    /// The indices of items that stand side by side.
    pub fn range(self) -> std::ops::Range<usize> {
        debug_assert!(self.step == 1);
        self.start as usize..self.start as usize + self.count
    }
}

/// `slice.indices` for a length of any size: start, stop, step.
pub fn big_indices(vm: &Vm, slice: &Slice, length: &IBig) -> Res<(IBig, IBig, IBig)> {
    let part = |value: &Value| -> Res<IBig> {
        if !crate::types::int::is_int(value) && vm.slots(value).index().is_none() {
            return Err(not_an_index(vm));
        }
        vm.index_big(value)
    };
    let step = if slice.step.is_none() { IBig::ONE } else { part(&slice.step)? };
    if step.is_zero() {
        return Err(vm.value_error("slice step cannot be zero"));
    }
    let backwards = step.sign() == Sign::Negative;
    let (least, most) =
        if backwards { (IBig::NEG_ONE, length - IBig::ONE) } else { (IBig::ZERO, length.clone()) };
    let within = |value: &Value| -> Res<IBig> {
        let n = part(value)?;
        let n = if n.sign() == Sign::Negative { n + length } else { n };
        Ok(if n < least {
            least.clone()
        } else if n > most {
            most.clone()
        } else {
            n
        })
    };
    let start = match slice.start.is_none() {
        true => {
            if backwards {
                most.clone()
            } else {
                least.clone()
            }
        }
        false => within(&slice.start)?,
    };
    let stop = match slice.stop.is_none() {
        true => {
            if backwards {
                least.clone()
            } else {
                most.clone()
            }
        }
        false => within(&slice.stop)?,
    };
    Ok((start, stop, step))
}

/// `slice`
pub static TYPE: TypeDef = TypeDef {
    name: "slice",
    layout: Layout::Slice,
    doc: "slice(stop)\nslice(start, stop)\nslice(start, stop, step)\n\nThe bounds of a part of a sequence, \
          as x[start:stop:step] hands them to x. What is left out is None.",
    slots: Slots {
        repr: Some(|vm, this| vm.written(this, write)),
        hash: Some(hash),
        compare: Some(compare),
        new: Some(new),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    write: Some(write),
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &Slice {
    value.get().expect("a method of slice is called with a slice")
}

fn new(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    if !args.names.is_empty() {
        return Err(vm.type_error("slice() takes no keyword arguments"));
    }
    match args.pos {
        [stop] => vm.new_slice(Value::NONE, stop.take(), Value::NONE),
        [start, stop] => vm.new_slice(start.take(), stop.take(), Value::NONE),
        [start, stop, step] => vm.new_slice(start.take(), stop.take(), step.take()),
        [] => Err(vm.type_error("slice expected at least 1 argument, got 0")),
        _ => Err(vm.type_error(format_args!("slice expected at most 3 arguments, got {}", args.pos.len()))),
    }
}

fn write(vm: &Vm, value: &Value, text: &mut StrBuilder<'_>) -> Res<()> {
    let [start, stop, step] = this(value).parts();
    for (before, part) in [("slice(", start), (", ", stop), (", ", step)] {
        text.push_str(before)?;
        vm.push_repr(part, text)?;
    }
    text.push_str(")")
}

/// CPython's mix of the parts' hashes (xxHash's rounds).
fn hash(vm: &Vm, value: &Value) -> Res<i64> {
    const PRIMES: [u64; 3] =
        [11_400_714_785_074_694_791, 14_029_467_366_897_019_727, 2_870_177_450_012_600_261];
    let mut sum = PRIMES[2];
    for part in this(value).parts() {
        let lane = vm.hash(part)? as u64;
        sum = sum.wrapping_add(lane.wrapping_mul(PRIMES[1])).rotate_left(31).wrapping_mul(PRIMES[0]);
    }
    Ok(if sum == u64::MAX { 1_546_275_796 } else { sum as i64 })
}

fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let Some(other) = b.get::<Slice>() else { return Ok(Value::NOT_IMPLEMENTED) };
    if a.is(b) {
        return Ok(Value::bool(matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge)));
    }
    let tuple = |slice: &Slice| vm.new_tuple(slice.parts().into_iter().cloned().collect());
    vm.compare(&tuple(this(a))?, &tuple(other)?, op)
}

static GETSET: &[GetSet] = &[
    member("start", |_, value| Ok(this(value).start.clone()), ""),
    member("stop", |_, value| Ok(this(value).stop.clone()), ""),
    member("step", |_, value| Ok(this(value).step.clone()), ""),
];

static METHODS: &[Method] = &[
    method(
        "indices",
        "($self, object, /)",
        Call::Two(indices),
        "The numbers (start, stop, step) that range() needs to visit this part of a sequence\nwith so many \
         items.\n\nWhat is None is filled in; what lies outside is moved to the nearer end. ValueError\nif \
         the length is negative.",
    ),
    method("__reduce__", "($self, /)", Call::One(reduce), "How pickle makes the slice again."),
];

fn indices(vm: &Vm, value: &Value, length: &Value) -> Res {
    let length = vm.index_big(length)?;
    if length.sign() == Sign::Negative {
        return Err(vm.value_error("length should not be negative"));
    }
    let (start, stop, step) = big_indices(vm, this(value), &length)?;
    vm.new_tuple(vec![vm.int_from_big(start)?, vm.int_from_big(stop)?, vm.int_from_big(step)?])
}

fn reduce(vm: &Vm, value: &Value) -> Res {
    let parts = vm.new_tuple(this(value).parts().into_iter().cloned().collect())?;
    vm.new_tuple(vec![vm.type_of(value).to_value(), parts])
}

/// What start, stop and step mean for a sequence of `len` items, if each is None or a small int and the step is not zero.
pub fn small_walk(parts: &[Value], len: usize) -> Option<Walk> {
    let part = |value: &Value, missing: i64| match value.word() {
        _ if value.is_none() => Some(missing),
        word if word.is_int() => Some(word.int()),
        _ => None,
    };
    let step = part(&parts[2], 1).filter(|step| *step != 0)?;
    let start = part(&parts[0], if step < 0 { i64::MAX } else { 0 })?;
    let stop = part(&parts[1], if step < 0 { i64::MIN } else { i64::MAX })?;
    Some(Bounds { start, stop, step }.within(len))
}
