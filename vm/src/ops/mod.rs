//! Handlers of the running form, and the table that dispatch goes through.
//!
//! A handler is `unsafe extern "C" fn(pc, fp, consts, vm)` and ends by calling the next one in tail position, which LLVM turns
//! into a jump. Four state arguments fit in registers; a local whose address escapes would spoil the jump. So handlers hold
//! scalars only, and anything more lives in a *helper*: an ordinary `#[inline(never)]` function that gets an [`At`] and
//! returns one word. Slow paths are cold handlers, entered by a jump too.
//!
//! | macro | the handler |
//! |---|---|
//! | `helper!` | calls a helper, goes on after `n` units |
//! | `switch!` | calls a helper that may push or pop frames and says where to go on |
//! | `jump_next!` | goes on at a unit |
//!
//! Safety, of every handler: `pc` points to a unit of the top frame's lowered code, `fp` and `consts` are that frame's, `vm` is live.
//!
//! One file a group; a row of `running/ops.rs` names the function.

#![allow(clippy::missing_safety_doc, reason = "one contract for all handlers: the page above")]

pub mod arith;
pub mod attrs;
pub mod awaiting;
pub mod build;
pub mod callees;
pub mod calls;
pub mod compare;
pub mod control;
pub mod errors;
pub mod generators;
pub mod imports;
mod inits;
pub mod items;
pub mod matching;
pub mod moves;
pub mod names;
pub mod operators;
pub mod origin;
pub mod run;
mod slices;
pub mod specials;
mod stores;
mod traced;
pub mod tracing;
mod watching;

use crate::object::{Layout, ShapeBits};
use crate::raised::Res;
use crate::running::families::{
    ARITH, COMPARE, COMPARE_JUMP, FLOATS, KR, OPCODES, RK, STORE, SUBSCRIPT, TRUTH_JUMP,
};
use crate::running::ops::{RunOp, for_each_run_op};
use crate::running::{FAR, RunCode};
pub use crate::running::{a, b, c, far, near};
use crate::types::code::CodeObj;
use crate::types::function::Function;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

/// What every handler is.
pub type Handler = unsafe extern "C" fn(*mut u64, *mut Value, *const Value, *const Vm);

macro_rules! handlers {
    (
        $($op:ident => $way:ident($($given:ident = $given_to:path),*) $([$($form:ident = $form_of:path),*])?;)*
        _ => [$($shared:ident = $shared_by:path),*]
    ) => {
        /// Handlers of the opcodes that are of no family.
        const SINGLE: [Handler; RunOp::ALL.len()] = [$($($given_to,)* $($($form_of,)*)?)* $($shared_by),*];
    };
}
for_each_run_op!(handlers);

const fn build_table() -> [Handler; OPCODES] {
    let mut table = [control::exit as Handler; OPCODES];
    let groups: [(usize, usize, &[Handler]); 8] = [
        (0, SINGLE.len(), &SINGLE),
        (ARITH.base(), ARITH.end(), arith::HANDLERS.as_flattened()),
        (COMPARE.base(), COMPARE.end(), compare::VALUES.as_flattened()),
        (COMPARE_JUMP.base(), COMPARE_JUMP.end(), compare::JUMPS.as_flattened().as_flattened()),
        (TRUTH_JUMP.base(), TRUTH_JUMP.end(), compare::TRUTHS.as_flattened()),
        (FLOATS.base(), FLOATS.end(), arith::FLOATS.as_flattened()),
        (SUBSCRIPT.base(), SUBSCRIPT.end(), items::LOADS.as_flattened().as_flattened().as_flattened()),
        (STORE.base(), STORE.end(), items::STORES.as_flattened().as_flattened()),
    ];
    let mut rows = groups.as_slice();
    // Each group begins where the one before ends, has a handler for each of its opcodes, and the last one ends the table.
    let mut at = 0;
    while let [(base, end, handlers), rest @ ..] = rows {
        assert!(
            *base == at && *end == at + handlers.len(),
            "a family's handlers are not those that its sizes say"
        );
        let mut number = 0;
        while number < handlers.len() {
            table[at] = handlers[number];
            (at, number) = (at + 1, number + 1);
        }
        rows = rest;
    }
    assert!(at == OPCODES, "a family has no handlers");
    table
}

/// Handlers by opcode.
pub static TABLE: [Handler; OPCODES] = build_table();

/// The word in a register.
#[inline(always)]
pub unsafe fn reg(fp: *mut Value, index: usize) -> Word {
    // SAFETY: operands are registers of the frame.
    unsafe { *fp.cast::<Word>().add(index) }
}
/// Writes a register without looking at what was there.
#[inline(always)]
pub unsafe fn put(fp: *mut Value, index: usize, word: Word) {
    // SAFETY: as above.
    unsafe { *fp.cast::<Word>().add(index) = word }
}
/// A constant's word.
#[inline(always)]
pub unsafe fn konst(consts: *const Value, index: usize) -> Word {
    // SAFETY: operands are constants of the code.
    unsafe { *consts.cast::<Word>().add(index) }
}

/// Whether a word is an instance of a class of Python's that has no builtin base: nothing can be told of it at once.
#[inline(always)]
pub fn is_instance(word: Word) -> bool {
    word.is_ptr() && word.shape().is_of(Layout::Instance)
}

/// Position, registers and constants of the top frame, from its record: a handler that reads them after a call need not keep its own.
#[inline(always)]
pub unsafe fn state(vm: *const Vm) -> (*mut u64, *mut Value, *const Value) {
    // SAFETY: the top frame is whole.
    unsafe {
        let frame = (*vm).thread.stacks.frame.get();
        ((*frame).pc, (*frame).fp, (*frame).consts)
    }
}

/// Goes on at a unit.
macro_rules! jump_next {
    ($pc:expr, $fp:expr, $consts:expr, $vm:expr) => {{
        let pc: *mut u64 = $pc;
        // SAFETY: pc points to a unit of lowered code, whose opcode is in the table.
        #[allow(unused_unsafe, reason = "used within unsafe blocks and outside")]
        return unsafe {
            let handler = *$crate::ops::TABLE.as_ptr().add(usize::from(*pc.cast::<u16>()));
            handler(pc, $fp, $consts, $vm)
        };
    }};
}
pub(crate) use jump_next;

/// Goes on at a unit of the top frame, whose registers are read from its record.
macro_rules! jump_resume {
    ($pc:expr, $vm:expr) => {{
        let pc: *mut u64 = $pc;
        // SAFETY: the top frame is whole.
        #[allow(unused_unsafe, reason = "as in jump_next!")]
        unsafe {
            let frame = (*$vm).thread.stacks.frame.get();
            $crate::ops::jump_next!(pc, (*frame).fp, (*frame).consts, $vm)
        }
    }};
}
pub(crate) use jump_resume;

/// Where a helper is called from: the VM, the instruction, the registers.
#[derive(Clone, Copy)]
pub struct At<'a> {
    /// The VM.
    pub vm: &'a Vm,
    /// The instruction.
    pub pc: *mut u64,
    /// The registers.
    pub fp: *mut Value,
}

impl<'a> At<'a> {
    /// Notes the instruction in the frame's record.
    #[inline(always)]
    pub unsafe fn new(pc: *mut u64, fp: *mut Value, vm: *const Vm) -> At<'a> {
        // SAFETY: handlers are only entered with the live Vm and its top frame.
        unsafe {
            (*(*vm).thread.stacks.frame.get()).pc = pc;
            At { vm: &*vm, pc, fp }
        }
    }
    /// The operand.
    pub fn a(&self) -> usize {
        // SAFETY: pc points to a unit.
        unsafe { a(self.pc) }
    }
    /// The operand.
    pub fn b(&self) -> usize {
        // SAFETY: as above.
        unsafe { b(self.pc) }
    }
    /// The operand.
    pub fn c(&self) -> usize {
        // SAFETY: as above.
        unsafe { c(self.pc) }
    }
    /// The opcode.
    pub fn opcode(&self) -> u16 {
        // SAFETY: as above.
        unsafe { *self.pc.cast::<u16>() }
    }
    /// The distance in the second unit of an instruction that has one.
    pub fn near(&self) -> isize {
        // SAFETY: as above.
        unsafe { near(self.pc.add(1)) }
    }
    /// The guard and the entry of an instruction that has an inline cache, in the two units behind it.
    pub fn cached(&self) -> (u64, u64) {
        // SAFETY: as above; such an instruction has more than two units behind it.
        unsafe { (*self.pc.add(1), *self.pc.add(2)) }
    }
    /// Fills the inline cache of an instruction that has one, and makes it one of another opcode.
    pub fn cache(&self, op: RunOp, guard: u64, entry: u64) {
        // SAFETY: as above.
        unsafe {
            *self.pc.add(1) = guard;
            *self.pc.add(2) = entry;
            *self.pc.cast::<u16>() = op as u16;
        }
    }
    /// A register.
    pub fn reg(&self, index: usize) -> &'a Value {
        // SAFETY: operands are registers of the frame, which stays while the helper runs.
        unsafe { &*self.fp.add(index) }
    }
    /// Consecutive registers.
    pub fn regs(&self, first: usize, count: usize) -> &'a [Value] {
        // SAFETY: as above.
        unsafe { std::slice::from_raw_parts(self.fp.add(first), count) }
    }
    /// The function.
    pub fn function(&self) -> &'a Function {
        // SAFETY: the top frame's function lives while the frame does.
        unsafe { &*self.vm.thread.stacks.top().func }
    }
    /// Its code.
    pub fn code(&self) -> &'a CodeObj {
        self.run().object()
    }
    /// Its running form.
    pub fn run(&self) -> &'a RunCode {
        // SAFETY: the top frame is not a boundary, and its running form stays while it runs.
        unsafe { &*self.vm.thread.stacks.top().run }
    }
    /// A name of the code.
    pub fn name(&self, index: usize) -> &'a Value {
        &self.code().names[self.wide(index)]
    }
    /// An operand of the unit, or that of the stack instruction, if the unit has no room for it.
    pub fn wide(&self, operand: usize) -> usize {
        if operand == usize::from(FAR) { self.run().far_operand(self.pc) } else { operand }
    }
    /// Whether a register is a temporary.
    pub fn is_temp(&self, index: usize) -> bool {
        index >= self.run().locals
    }
    /// The value of a register: moved out of a temporary, shared with a local.
    pub fn take(&self, index: usize) -> Value {
        if self.is_temp(index) { self.reg(index).take() } else { self.reg(index).clone() }
    }
    /// Gives up what a temporary still holds; nothing for a local.
    pub fn release(&self, index: usize) {
        if self.is_temp(index) {
            drop(self.reg(index).take());
        }
    }
    /// Calls `then` with the two operands as values, wherever the mode says that they are.
    pub fn with_operands<T>(&self, mode: usize, then: impl FnOnce(&Value, &Value) -> T) -> T {
        let (x, y) = (self.b(), self.c());
        let lent_x = (mode == KR).then(|| Borrowed::new(self.run().consts[x]));
        let lent_y = (mode == RK).then(|| Borrowed::new(self.run().consts[y]));
        let left: &Value = lent_x.as_deref().unwrap_or_else(|| self.reg(x));
        then(left, lent_y.as_deref().unwrap_or_else(|| self.reg(y)))
    }
    /// Gives up the two operands where they are in temporaries.
    #[inline]
    pub fn release_operands(&self, mode: usize) {
        let (locals, x, y) = (self.run().locals, self.b(), self.c());
        if mode != KR && x >= locals {
            self.reg(x).give_up();
        }
        if mode != RK && y >= locals {
            self.reg(y).give_up();
        }
    }
    /// Puts the result in the destination, register `a`.
    pub fn give(&self, value: Value) -> Res<()> {
        self.reg(self.a()).set(value);
        Ok(())
    }
    /// Goes on at an instruction `distance` units away.
    pub fn at(&self, distance: isize) -> *mut u64 {
        self.pc.wrapping_offset(distance)
    }
}

/// A handler that calls a helper `fn(At) -> Res<()>` and goes on after `$len` units.
macro_rules! helper {
    ($($name:ident, $len:expr, $helper:path;)*) => {$(
        #[doc = concat!("Calls `", stringify!($helper), "`.")]
        #[cold]
        #[inline(never)]
        pub unsafe extern "C" fn $name(
            pc: *mut u64,
            fp: *mut $crate::value::Value,
            consts: *const $crate::value::Value,
            vm: *const $crate::vm::Vm,
        ) {
            #[inline(never)]
            unsafe fn call(pc: *mut u64, fp: *mut $crate::value::Value, vm: *const $crate::vm::Vm) -> bool {
                // SAFETY: by the handler.
                $helper(unsafe { $crate::ops::At::new(pc, fp, vm) }).is_ok()
            }
            // SAFETY: the handler's own arguments.
            if unsafe { call(pc, fp, vm) } {
                $crate::ops::jump_next!(pc.wrapping_add($len), fp, consts, vm)
            }
            // SAFETY: as above.
            return unsafe { $crate::ops::errors::unwind(pc, fp, consts, vm) };
        }
    )*};
}
pub(crate) use helper;

/// A handler that calls a helper `fn(At) -> Res<*mut u64>`, which may change the top frame, and goes on where it says.
macro_rules! switch {
    ($($name:ident, $helper:path;)*) => {$(
        #[doc = concat!("Calls `", stringify!($helper), "`.")]
        #[cold]
        #[inline(never)]
        pub unsafe extern "C" fn $name(
            pc: *mut u64,
            fp: *mut $crate::value::Value,
            consts: *const $crate::value::Value,
            vm: *const $crate::vm::Vm,
        ) {
            #[inline(never)]
            unsafe fn call(pc: *mut u64, fp: *mut $crate::value::Value, vm: *const $crate::vm::Vm) -> *mut u64 {
                // SAFETY: by the handler.
                $helper(unsafe { $crate::ops::At::new(pc, fp, vm) }).unwrap_or(std::ptr::null_mut())
            }
            // SAFETY: the handler's own arguments.
            let to = unsafe { call(pc, fp, vm) };
            if !to.is_null() {
                $crate::ops::jump_resume!(to, vm)
            }
            // SAFETY: as above.
            return unsafe { $crate::ops::errors::unwind(pc, fp, consts, vm) };
        }
    )*};
}
pub(crate) use switch;
