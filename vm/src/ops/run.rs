//! Entering and leaving the loop, freeing what handlers let go, and returns: a frame is left, its registers die, and the caller
//! goes on with the result. And the units that count what runs (`fuel.rs`).

use ryokan_alloc::Heap;
use ryokan_bytecode::CodeFlags;

use super::attrs::ATTR_UNITS;
use super::calls::CALL_UNITS;
use super::moves::jump_overwrite;
use super::specials::answer_other;
use super::{At, a, b, c, far, helper, jump_next, jump_resume, put, reg, switch};
use crate::object::call::Args;
use crate::raised::{Raised, Res};
use crate::running::families::{ARITH, COMPARE, KR, RK};
use crate::running::ops::RunOp;
use crate::stack::{Frame, WATCHED};
use crate::types::function::Function;
use crate::types::generator::Generator;
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
        // SAFETY: by the handler. `__del__` may run here: the frame's position is the last unit of the instruction that let go, for the
        // one at `pc` has not begun. (Only a first instruction has none before it.)
        unsafe {
            let run = (*vm).thread.stacks.top().run();
            let stands = if std::ptr::eq(pc, run.form(pc).entry()) { pc } else { pc.sub(1) };
            let _ = At::new(stands, fp, vm);
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

/// The record of a boundary with one register.
pub fn boundary_of(register: *mut Value) -> Frame {
    Frame::boundary(BOUNDARY.as_ptr().cast_mut(), register, Word::from_int(1))
}

/// The first step of a run.
unsafe extern "C" fn begin(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    jump_next!(pc, fp, consts, vm)
}

impl Vm {
    /// Pushes the boundary of a run from Rust, with `count` registers for its use; gives the first of them. Runs no Python;
    /// `MemoryError`, and as [`Vm::check_stack`].
    pub fn push_boundary(&self, count: usize) -> Res<*mut Value> {
        self.check_stack()?;
        let fp = self.thread.stacks.free_registers();
        if !self.registers_available(fp, count + 8) {
            return Err(self.no_memory());
        }
        let frame = self.push_uncounted_frame()?;
        // SAFETY: `push_uncounted_frame` gives a record to fill.
        unsafe {
            let registers = Word::from_int(count as i64);
            frame.write(Frame::boundary(BOUNDARY.as_ptr().cast_mut(), fp, registers));
        }
        Ok(fp)
    }

    /// The record above the top one, made the top; see [`Vm::extend_frames`]. Runs no Python and raises as that.
    pub fn push_frame(&self) -> Res<*mut Frame> {
        let frame = self.thread.stacks.frame.get().wrapping_add(1);
        if frame >= self.thread.stacks.frame_limit.get() {
            self.extend_frames(frame)?;
        }
        self.thread.stacks.frame.set(frame);
        Ok(frame)
    }

    /// Pops the top frame and empties its registers. Runs Python where what they held dies.
    pub fn pop_frame(&self) {
        let frame = self.thread.stacks.frame.get();
        // SAFETY: there is a frame above the bottom one; its registers below its extent are words.
        unsafe {
            self.thread.stacks.forget(&*frame);
            let count =
                if (*frame).is_boundary() { (*frame).boundary_registers() } else { (*frame).run().registers };
            // A module's or class body's namespace, or the function of an `__init__`.
            let owned = (*frame).extra.is_ptr() && (*frame).generator().is_none();
            let object = if owned && !(*frame).is_boundary() {
                crate::types::frame::take(self, &*frame)
            } else {
                None
            };
            crate::types::frame::namespace_ends(self, &*frame, object.as_ref());
            for at in (0..count).rev() {
                drop((*(*frame).fp.add(at)).take());
            }
            if owned {
                drop(Value::from_word(std::mem::replace(&mut (*frame).extra, Word::UNBOUND)));
            }
            self.thread.stacks.frame.set(frame.sub(1));
        }
    }

    /// Pops the boundary of a run, which is the top frame and owns nothing but what its registers hold.
    fn pop_boundary(&self) {
        let frame = self.thread.stacks.frame.get();
        // SAFETY: as in `pop_frame`.
        unsafe {
            self.thread.stacks.forget(&*frame);
            for at in (0..(*frame).boundary_registers()).rev() {
                drop((*(*frame).fp.add(at)).take());
            }
            self.thread.stacks.frame.set(frame.sub(1));
        }
    }

    /// Runs from the top frame's instruction until the boundary under it is reached; gives the result left there. Runs Python; raises
    /// what the code raises.
    pub fn run_to_boundary(&self) -> Res {
        let result = self.run_above();
        self.pop_boundary();
        result
    }

    /// The same; the boundary stays, with an empty register. Runs Python; raises what the code raises.
    #[inline(always)]
    pub fn run_above(&self) -> Res {
        // SAFETY: the top frame was prepared by the caller: its pc is the entry of its lowered code.
        unsafe {
            let frame = self.thread.stacks.frame.get();
            begin((*frame).pc, (*frame).fp, (*frame).consts, self);
        }
        self.result_at_boundary()
    }

    /// Unwinds the exception on its way from the top frame's position, and runs on if somebody handles it. Runs Python; raises the
    /// exception if nobody does, and what is raised by who does.
    pub fn run_raised(&self) -> Res {
        // SAFETY: the top frame is whole and stands at a unit of its code.
        unsafe {
            let frame = self.thread.stacks.frame.get();
            unwind((*frame).pc, (*frame).fp, (*frame).consts, self);
        }
        let result = self.result_at_boundary();
        self.pop_frame();
        result
    }

    /// Either the boundary is the top frame again and its register 0 holds the result, or an error ended the run, which left the
    /// boundary's position at the end.
    #[inline(always)]
    fn result_at_boundary(&self) -> Res {
        let top = self.thread.stacks.frame.get();
        // SAFETY: a boundary has at least one register.
        unsafe {
            debug_assert!((*top).is_boundary());
            let failed = (*top).pc.is_null();
            (*top).pc = BOUNDARY.as_ptr().cast_mut();
            let result = (*(*top).fp).take();
            if failed { Err(Raised(())) } else { Ok(result) }
        }
    }

    /// What a function gives that has run before and takes exactly these arguments, which are moved, where there is room: the records of the
    /// boundary and of the function are written at once. None if it must be called in the general way: then nothing has happened. Runs
    /// Python; raises what the function raises.
    #[inline(always)]
    fn call_at_once(&self, callee: &Value, function: &Function, args: &[Value]) -> Option<Res> {
        let stacks = &self.thread.stacks;
        // SAFETY: a function's running form lives as long as its code, which it owns; the caller holds the function.
        let run = unsafe { function.run.get().as_ref() }?;
        let boundary = stacks.frame.get().wrapping_add(1);
        if run.simple_args != args.len() as i64
            || run.creates.is_some()
            || self.breaker.is_raised()
            || self.tracing.is_on()
            || boundary.wrapping_add(1) >= stacks.frame_limit.get()
        {
            return None;
        }
        self.enough_stack()?;
        let base = stacks.free_registers();
        // Register 0 is the callable's place and the result's; 1 is self; the function's own begin behind.
        if !stacks.holds(base, run.registers + args.len() + 11) {
            return None;
        }
        // SAFETY: the stack holds both records and all registers, which are dead.
        unsafe {
            let first = base.add(2);
            put(base, 0, callee.clone().into_word());
            put(base, 1, Word::UNBOUND);
            for (at, value) in args.iter().enumerate() {
                put(first, at, value.take().into_word());
            }
            for at in args.len()..run.locals {
                put(first, at, Word::UNBOUND);
            }
            let (pc, registers) = (BOUNDARY.as_ptr().cast_mut(), Word::from_int(args.len() as i64 + 3));
            boundary.write(Frame::boundary(pc, base, registers));
            let frame = boundary.add(1);
            frame.write(Frame::plain(run.entry(), first, run.first_const(), function, run));
            stacks.frame.set(frame);
        }
        Some(self.run_to_boundary())
    }

    /// Calls a Python function from Rust, moving the arguments. Runs Python; raises what the function raises, `TypeError` for arguments
    /// that it does not take, and as [`Vm::check_stack`].
    pub fn call_function(&self, callee: &Value, args: Args<'_>) -> Res {
        let function: &Function = callee.get().expect("the caller has looked");
        if args.named.is_empty() {
            if let Some(given) = self.call_at_once(callee, function, args.pos) {
                return given;
            }
            if let Some(made) = super::generators::made_at_once(self, callee, args.pos)? {
                return Ok(made);
            }
        }
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

    /// Runs a module's, class body's or `exec`'s code with a namespace; empty cells for free variables come from `closure`. Runs
    /// Python; raises what the code raises, `TypeError` if it wants arguments, and as [`Vm::check_stack`].
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
                    if !body.code().flags().intersects(CodeFlags::MAKES_GENERATOR) {
                        (*frame).extra = namespace.clone().into_word();
                        return self.run_to_boundary();
                    }
                    // A generator's frame ends as soon as it has made the generator.
                    let made = self.run_to_boundary()?;
                    if let Some(generator) = made.get::<Generator>()
                        && !namespace.is(&body.globals)
                        && generator.flag() == CodeFlags::COROUTINE
                    {
                        generator.finalizer.set(namespace.clone());
                    }
                    Ok(made)
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

// ---- returns -----------------------------------------------------------------------------------------------

/// Leaves the frame with a word that the caller gets; `leave_slow` takes over where an object dies on the way. Whatever was
/// given up until then has left its register empty.
macro_rules! jump_leave_with {
    ($pc:expr, $fp:expr, $vm:expr, $word:expr) => {{
        let word: Word = $word;
        let stacks = &(*$vm).thread.stacks;
        let frame = stacks.frame.get();
        // The last local goes first, as in CPython.
        let mut local = $fp.cast::<Word>().add((*(*frame).run).locals);
        while local > $fp.cast() {
            local = local.sub(1);
            let held = *local;
            if held.is_ptr() {
                let header = held.ptr().as_ref();
                if header.refs() == 1 {
                    return leave_slow(word, $pc, $fp, $vm);
                }
                let _ = header.decref();
                *local = Word::UNBOUND;
            }
        }
        if !(*frame).extra.is_unbound() {
            return leave_slow(word, $pc, $fp, $vm);
        }
        let caller = frame.sub(1);
        let (call, to) = ((*caller).pc, (*caller).fp);
        let callee = reg(to, a(call));
        if callee.is_ptr() {
            if callee.refs() == 1 {
                return leave_slow(word, $pc, $fp, $vm);
            }
            let _ = callee.ptr().as_ref().decref();
        }
        put(to, a(call), Word::UNBOUND);
        stacks.frame.set(caller);
        jump_overwrite!(call, CALL_UNITS, to, (*caller).consts, $vm, c(call), word)
    }};
}

/// Leaves the frame with the value of register `a`.
pub unsafe extern "C" fn return_value(pc: *mut u64, fp: *mut Value, _: *const Value, vm: *const Vm) {
    // SAFETY: the operand is a register; the caller's record is below.
    unsafe {
        let word = reg(fp, a(pc));
        put(fp, a(pc), Word::UNBOUND);
        jump_leave_with!(pc, fp, vm, word)
    }
}

/// Leaves the frame with constant `a`.
pub unsafe extern "C" fn return_const(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        let word = super::konst(consts, a(pc));
        word.incref();
        jump_leave_with!(pc, fp, vm, word)
    }
}

#[inline(always)]
unsafe fn leave_slow(word: Word, pc: *mut u64, fp: *mut Value, vm: *const Vm) {
    // SAFETY: the value waits where the collector does not look, but nothing runs before `leave` takes it.
    unsafe {
        (*vm).dead.set(word);
        leave(pc, fp, std::ptr::null(), vm)
    }
}

/// Leaves the frame with the word that was noted; any local may die.
#[cold]
#[inline(never)]
unsafe extern "C" fn leave(pc: *mut u64, fp: *mut Value, _: *const Value, vm: *const Vm) {
    // SAFETY: by the handlers above.
    unsafe {
        let word = (*vm).dead.replace(Word::UNBOUND);
        leave_with_deaths(word, pc, fp, vm)
    }
}

#[inline(always)]
unsafe fn leave_with_deaths(word: Word, pc: *mut u64, fp: *mut Value, vm: *const Vm) {
    // SAFETY: by the handlers above.
    unsafe {
        let stacks = &(*vm).thread.stacks;
        let frame = stacks.frame.get();
        // Where `__del__` of what dies here, and an object of the frame, see it stand.
        (*frame).pc = pc;
        let mut word = word;
        if (*frame).extra == WATCHED {
            if *pc.cast::<u16>() == RunOp::Return as u16 && a(pc) < (*(*frame).run).locals {
                // The local that is returned is one of those that are kept.
                put(fp, a(pc), word);
                word = (*fp.add(a(pc))).clone().into_word();
            }
            crate::types::traceback::keep_watched(&*vm, (*(*frame).run).instr_at(pc));
        }
        let locals = (*(*frame).run).locals;
        let mut at = locals;
        while at > 0 {
            at -= 1;
            let local = reg(fp, at);
            if local.is_ptr() {
                put(fp, at, Word::UNBOUND);
                local.decref();
            }
        }
        if !(*frame).extra.is_unbound() {
            end_namespace(&*vm, frame);
        }
        let caller = frame.sub(1);
        stacks.frame.set(caller);
        let (pc, fp) = ((*caller).pc, (*caller).fp);
        let (base, dst) = (a(pc), c(pc));
        let old = reg(fp, dst);
        put(fp, dst, word);
        if dst != base {
            let callee = reg(fp, base);
            put(fp, base, Word::UNBOUND);
            callee.decref();
        }
        old.decref();
        jump_next!(pc.add(CALL_UNITS), fp, (*caller).consts, vm)
    }
}

// ---- returns of special methods that an instruction asked (`specials.rs`) ---------------------------------------

macro_rules! answer {
    ($($(#[$doc:meta])* $name:ident, $len:expr;)*) => {$(
        $(#[$doc])*
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: the top frame is a record, whose registers are at `fp`; under it stands the asker.
            unsafe {
                let stacks = &(*vm).thread.stacks;
                let frame = stacks.frame.get();
                let function = (*frame).extra;
                let owner = reg(fp, 0);
                if function.refs() == 1 || (owner.is_ptr() && owner.refs() == 1) {
                    return answer_other(pc, fp, consts, vm);
                }
                if owner.is_ptr() {
                    let _ = owner.ptr().as_ref().decref();
                    put(fp, 0, Word::UNBOUND);
                }
                let _ = function.ptr().as_ref().decref();
                (*frame).extra = Word::UNBOUND;
                let result = reg(fp, 1);
                put(fp, 1, Word::UNBOUND);
                let asker = frame.sub(1);
                stacks.frame.set(asker);
                stacks.forget_boundary();
                let (pc, fp, consts) = ((*asker).pc, (*asker).fp, (*asker).consts);
                jump_overwrite!(pc, $len, fp, consts, vm, a(pc), result)
            }
        }
    )*};
}
/// The result of an operator or a comparison, whose operands are given up; anything else is `answer_other`'s.
pub unsafe extern "C" fn answer_looked_at(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as in `answer!`; the asker's operands are registers of its frame, where its opcode says so.
    unsafe {
        let stacks = &(*vm).thread.stacks;
        let frame = stacks.frame.get();
        let asker = frame.sub(1);
        let (at, to) = ((*asker).pc, (*asker).fp);
        let op = usize::from(*at.cast::<u16>());
        let function = (*frame).extra;
        let result = reg(fp, 1);
        let value_of = |base: usize, end: usize| base <= op && op < end;
        if function.refs() == 1
            || result == Word::NOT_IMPLEMENTED
            || !(value_of(ARITH.base(), ARITH.end()) || value_of(COMPARE.base(), COMPARE.end()))
        {
            return answer_other(pc, fp, consts, vm);
        }
        let mode = if op >= COMPARE.base() { COMPARE.parts(op as u16)[1] } else { ARITH.parts(op as u16)[1] };
        let locals = (*(*asker).run).locals;
        let (x_at, y_at) = (b(at), c(at));
        let x = if mode != KR && x_at >= locals { reg(to, x_at) } else { Word::UNBOUND };
        let y = if mode != RK && y_at >= locals { reg(to, y_at) } else { Word::UNBOUND };
        let dies = |word: Word| word.is_ptr() && word.refs() == 1;
        if dies(x) || dies(y) || (x == y && x.is_ptr()) {
            return answer_other(pc, fp, consts, vm);
        }
        // (Numbers may stay in temporaries that are dead.)
        for (word, place) in [(x, x_at), (y, y_at)] {
            if word.is_ptr() {
                let _ = word.ptr().as_ref().decref();
                put(to, place, Word::UNBOUND);
            }
        }
        let _ = function.ptr().as_ref().decref();
        (*frame).extra = Word::UNBOUND;
        put(fp, 1, Word::UNBOUND);
        stacks.frame.set(asker);
        stacks.forget_boundary();
        jump_overwrite!(at, 1, to, (*asker).consts, vm, a(at), result)
    }
}

answer! {
    /// The attribute that a load asked for.
    answer_attr, ATTR_UNITS;
    /// The result of an instruction of one unit.
    answer, 1;
}

/// A module's or class body's frame ends: its object, if it has one, is told, and its namespace let go.
#[cold]
#[inline(never)]
unsafe fn end_namespace(vm: &Vm, frame: *mut Frame) {
    // SAFETY: the frame is of a module or class body, is the top one, and owns its namespace.
    unsafe {
        let object = crate::types::frame::take(vm, &*frame);
        crate::types::frame::namespace_ends(vm, &*frame, object.as_ref());
        drop(Value::from_word(std::mem::replace(&mut (*frame).extra, Word::UNBOUND)));
    }
}

/// An exception is on its way: goes on at its handler, or ends the run.
#[cold]
#[inline(never)]
pub unsafe extern "C" fn unwind(_: *mut u64, _: *mut Value, _: *const Value, vm: *const Vm) {
    // SAFETY: the live Vm.
    let to = super::errors::find_handler(unsafe { &*vm });
    if to.is_null() {
        return;
    }
    jump_resume!(to, vm)
}

// ---- counting units ----------------------------------------------------------------------------------------

/// Charges what an edge costs: the unit's upper half.
pub unsafe extern "C" fn count(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the handler's own arguments.
    unsafe {
        let fuel = (*vm).meter.fuel.get() - far(pc) as i64;
        (*vm).meter.fuel.set(fuel);
        if fuel < 0 {
            return low(pc, fp, consts, vm);
        }
        jump_next!(pc.add(1), fp, consts, vm)
    }
}

/// Charges what an edge costs, and says whose it is.
pub unsafe extern "C" fn tally(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    #[inline(never)]
    unsafe fn charge(vm: *const Vm, amount: i64) {
        // SAFETY: the live Vm.
        unsafe { (*vm).profile_charge(amount) }
    }
    // SAFETY: as above.
    unsafe {
        charge(vm, far(pc) as i64);
        count(pc, fp, consts, vm)
    }
}

/// A block begins: counts it, in the unit behind.
pub unsafe extern "C" fn block(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        *pc.add(1) += 1;
        jump_next!(pc.add(2), fp, consts, vm)
    }
}

switch! {
    low, begin_steps;
    change_over, into_steps;
}
fn begin_steps(at: At<'_>) -> Res<*mut u64> {
    // SAFETY: pc points to a unit.
    at.vm.begin_steps(at.pc, unsafe { far(at.pc) } as i64)
}
fn into_steps(at: At<'_>) -> Res<*mut u64> {
    let steps = at.code().ensure_steps(at.vm)?;
    let run = at.run();
    // A form has stubs of its own: what is met in one goes on where its jump leads.
    let pc = if run.is_stub(at.pc) { run.behind_charge(at.pc) } else { at.pc };
    Ok(run.translate(steps, pc, false))
}

helper! { step, 1, one_step; }
fn one_step(at: At<'_>) -> Res<()> {
    at.vm.step(at.c() as i64, at.b() as i64)
}
