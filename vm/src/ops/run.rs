//! Entering and leaving the loop, and freeing what handlers let go.

use ryokan_alloc::Heap;
use ryokan_bytecode::CodeFlags;

use super::{At, jump_next};
use crate::object::call::Args;
use crate::raised::{Raised, Res};
use crate::running::ops::RunOp;
use crate::stack::Frame;
use crate::types::function::Function;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// Notes the object whose last reference a handler gave up.
#[inline(always)]
pub unsafe fn set_dead(vm: *const Vm, word: Word) {
    // SAFETY: handlers are entered with the live Vm.
    unsafe { (*vm).dead.set(word) }
}

/// Frees the noted object, and goes on at `pc`.
#[cold]
#[inline(never)]
pub unsafe extern "C" fn release_dead(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    #[inline(never)]
    unsafe fn free(pc: *mut u64, fp: *mut Value, vm: *const Vm) {
        // SAFETY: by the handler. `__del__` may run here: the frame's position is the instruction that is next.
        unsafe {
            let _ = At::new(pc, fp, vm);
            let dead = (*vm).dead.replace(Word::UNBOUND);
            Heap::release(dead.ptr());
        }
    }
    // SAFETY: the handler's own arguments.
    unsafe { free(pc, fp, vm) };
    jump_next!(pc, fp, consts, vm)
}

/// What a boundary stands at: a call that leaves its result in register 0, then the end of the run.
static BOUNDARY: [u64; 4] = [RunOp::Call as u64, 0, 0, RunOp::Exit as u64];

/// The first step of a run.
unsafe extern "C" fn begin(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    jump_next!(pc, fp, consts, vm)
}

impl Vm {
    /// Pushes the boundary of a run from Rust, with `count` registers for its use; gives the first of them.
    pub fn push_boundary(&self, count: usize) -> Res<*mut Value> {
        self.check_stack()?;
        let fp = self.thread.stacks.free_registers();
        if !self.registers_available(fp, count + 8) {
            return Err(self.no_memory());
        }
        let frame = self.push_frame()?;
        // SAFETY: `push_frame` gives a record to fill.
        unsafe {
            let registers = Word::from_int(count as i64);
            frame.write(Frame::boundary(BOUNDARY.as_ptr().cast_mut(), fp, registers));
        }
        Ok(fp)
    }

    /// The record above the top one, made the top; see [`Vm::extend_frames`].
    pub fn push_frame(&self) -> Res<*mut Frame> {
        let frame = self.thread.stacks.frame.get().wrapping_add(1);
        if frame >= self.thread.stacks.frame_limit.get() {
            self.extend_frames(frame)?;
        }
        self.thread.stacks.frame.set(frame);
        Ok(frame)
    }

    /// Pops the top frame and empties its registers.
    pub fn pop_frame(&self) {
        let frame = self.thread.stacks.frame.get();
        // SAFETY: there is a frame above the bottom one; its registers below its extent are words.
        unsafe {
            if (*frame).is_boundary() && (*frame).extra.is_int() {
                self.thread.stacks.forget_boundary();
            }
            let count =
                if (*frame).is_boundary() { (*frame).boundary_registers() } else { (*frame).run().registers };
            // A module's or class body's namespace, or the function of an `__init__`.
            let owned = (*frame).extra.is_ptr() && (*frame).generator().is_none();
            for at in (0..count).rev() {
                drop((*(*frame).fp.add(at)).take());
            }
            if owned {
                drop(Value::from_word(std::mem::replace(&mut (*frame).extra, Word::UNBOUND)));
            }
            self.thread.stacks.frame.set(frame.sub(1));
        }
    }

    /// Runs from the top frame's instruction until the boundary under it is reached; gives the result left there.
    pub fn run_to_boundary(&self) -> Res {
        // SAFETY: the top frame was prepared by the caller: its pc is the entry of its lowered code.
        unsafe {
            let frame = self.thread.stacks.frame.get();
            begin((*frame).pc, (*frame).fp, (*frame).consts, self);
        }
        // Either the boundary is the top frame again and its register 0 holds the result, or an error ended the run, which left
        // the boundary's position at the end.
        let top = self.thread.stacks.top();
        debug_assert!(top.is_boundary());
        // SAFETY: a boundary has at least one register.
        let result = unsafe { (*top.fp).take() };
        let failed = top.pc.is_null();
        self.pop_frame();
        if failed { Err(Raised(())) } else { Ok(result) }
    }

    /// Calls a Python function from Rust, moving the arguments.
    pub fn call_function(&self, callee: &Value, args: Args<'_>) -> Res {
        let function: &Function = callee.get().expect("the caller has looked");
        let count = args.pos.len() + args.named.len();
        let base = self.push_boundary(count + 3)?;
        // Register 0 is the callable's place and the result's; 1 is self; the arguments follow.
        // SAFETY: the boundary has `count + 3` registers, all empty.
        unsafe {
            (*base).set(callee.clone());
            for (i, value) in args.pos.iter().chain(args.named).enumerate() {
                (*base.add(2 + i)).set(value.take());
            }
            // A call's operands as if BOUNDARY had them: base 0, result 0.
            match super::calls::push_python(self, function, base.add(2), args.pos.len(), args.names) {
                Ok(super::calls::Pushed::Frame(entry)) => {
                    (*self.thread.stacks.frame.get()).pc = entry;
                    self.run_to_boundary()
                }
                Ok(super::calls::Pushed::Result(value)) => {
                    self.pop_frame();
                    Ok(value)
                }
                Err(raised) => {
                    self.pop_frame();
                    Err(raised)
                }
            }
        }
    }

    /// Runs a module's, class body's or `exec`'s code with a namespace; empty cells for free variables come from `closure`.
    pub fn run_code(&self, function: &Value, namespace: &Value) -> Res {
        let body: &Function = function.get().expect("made by the caller");
        let base = self.push_boundary(3)?;
        // SAFETY: as above.
        unsafe {
            (*base).set(function.clone());
            let pushed = super::calls::push_python(self, body, base.add(2), 0, &[]);
            match pushed {
                Ok(super::calls::Pushed::Frame(entry)) => {
                    let frame = self.thread.stacks.frame.get();
                    (*frame).pc = entry;
                    // A generator's frame ends as soon as it has made the generator.
                    if !body.code().flags().intersects(CodeFlags::MAKES_GENERATOR) {
                        (*frame).extra = namespace.clone().into_word();
                    }
                    self.run_to_boundary()
                }
                Ok(super::calls::Pushed::Result(value)) => {
                    self.pop_frame();
                    Ok(value)
                }
                Err(raised) => {
                    self.pop_frame();
                    Err(raised)
                }
            }
        }
    }
}
