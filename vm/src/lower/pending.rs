//! The abstract stack of the lowering: what is known of each slot, and how many wait for what.
//!
//! Nearly every instruction asks whether globals or swapped temporaries are pending. The counts answer, so that an instruction
//! costs the same however deep the stack is.

use std::ops::Index;

/// What the abstract stack knows of a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StackValue {
    /// In its temporary.
    Temp,
    /// In the temporary of another depth: swapped there, and not moved yet.
    At(u16),
    /// The value of a local, not loaded yet; `last` if the local is dead after this load.
    Local { local: u16, last: bool },
    /// A constant of the code.
    Const(u32),
    /// A small int.
    Small(u16),
    /// Also the value of the slot below, for a jump on its truth that comes next.
    Shown,
    /// The absent self of a call.
    Null,
    /// A global, not looked up yet; `at` is its load's instruction.
    Global { name: u32 },
}

/// See the module's page.
#[derive(Default)]
pub struct Pending {
    slots: Vec<StackValue>,
    /// How many slots are [`StackValue::Global`].
    globals: usize,
    /// How many are [`StackValue::At`].
    swaps: usize,
    /// How many are [`StackValue::Local`].
    locals: usize,
}

impl Pending {
    /// A stack of so many values in their temporaries.
    pub fn of_temps(depth: usize) -> Pending {
        Pending { slots: vec![StackValue::Temp; depth], ..Pending::default() }
    }
    fn count(&mut self, slot: StackValue) -> Option<&mut usize> {
        match slot {
            StackValue::Global { .. } => Some(&mut self.globals),
            StackValue::At(_) => Some(&mut self.swaps),
            StackValue::Local { .. } => Some(&mut self.locals),
            _ => None,
        }
    }
    /// How many slots there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }
    /// Pushes a slot.
    pub fn push(&mut self, slot: StackValue) {
        if let Some(n) = self.count(slot) {
            *n += 1;
        }
        self.slots.push(slot);
    }
    /// Pushes values in their temporaries.
    pub fn push_temps(&mut self, count: usize) {
        self.slots.extend(std::iter::repeat_n(StackValue::Temp, count));
    }
    /// Changes a slot.
    pub fn set(&mut self, depth: usize, slot: StackValue) {
        let old = std::mem::replace(&mut self.slots[depth], slot);
        if let Some(n) = self.count(old) {
            *n -= 1;
        }
        if let Some(n) = self.count(slot) {
            *n += 1;
        }
    }
    /// Takes the top slots away.
    pub fn pop(&mut self, count: usize) {
        for _ in 0..count {
            if let Some(slot) = self.slots.pop()
                && let Some(n) = self.count(slot)
            {
                *n -= 1;
            }
        }
    }
    /// The depth at which a value waits that belongs into the temporary of another.
    pub fn waits_in(&self, depth: usize) -> Option<usize> {
        if self.swaps == 0 {
            return None;
        }
        self.slots.iter().position(|slot| *slot == StackValue::At(depth as u16))
    }
    /// The depths of all slots of swapped temporaries.
    pub fn swapped(&self) -> Vec<usize> {
        self.depths(self.swaps, |slot| matches!(slot, StackValue::At(_)))
    }
    /// The depths of all globals that are not looked up yet.
    pub fn globals(&self) -> Vec<usize> {
        self.depths(self.globals, |slot| matches!(slot, StackValue::Global { .. }))
    }
    /// The depths of all loads of a local that are pending.
    pub fn loads_of(&self, local: u16) -> Vec<usize> {
        self.depths(self.locals, |slot| matches!(slot, StackValue::Local { local: l, .. } if l == local))
    }
    fn depths(&self, count: usize, is: impl Fn(StackValue) -> bool) -> Vec<usize> {
        if count == 0 {
            return Vec::new();
        }
        (0..self.slots.len()).filter(|depth| is(self.slots[*depth])).collect()
    }
}

impl Index<usize> for Pending {
    type Output = StackValue;
    fn index(&self, depth: usize) -> &StackValue {
        &self.slots[depth]
    }
}
