//! Calls of what is no Python function: native functions, and classes, which make a new object and the frame of its `__init__`,
//! with nothing on the native stack between. And the frames of special methods that an instruction asks (`specials.rs`).

use super::calls::{CALL_UNITS, Pushed, any_call, fill, fits, push_python};
use super::inits::{call_of_class, find_init};
use super::moves::jump_overwrite;
use super::{At, a, b, c, jump_next, put, reg, switch};
use crate::object::Layout;
use crate::object::native::{Call, NativeFunction};
use crate::object::ty::{TypeFlags, TypeObj};
use crate::raised::Res;
use crate::running::ops::RunOp;
use crate::stack::Frame;
use crate::types::function::Function;
use crate::types::int::unbox_word;
use crate::types::list::List;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// A call of a native function.
pub unsafe extern "C" fn native_call(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the caller has looked at the callee's shape; operands are registers of the frame.
    unsafe {
        match (*(reg(fp, a(pc)).0 as *const NativeFunction)).def.call {
            Call::Push(_) => push_call(pc, fp, consts, vm),
            Call::Float(..) | Call::Quick(..) => answering_call(pc, fp, consts, vm),
            Call::Put(..) => put_call(pc, fp, consts, vm),
            Call::Pull(..) => pull_call(pc, fp, consts, vm),
            Call::Take(..) => take_call(pc, fp, consts, vm),
            _ => direct_call(pc, fp, consts, vm),
        }
    }
}

/// What a native function gives for so many arguments from `first` on; nothing if it must be called in the general way.
#[inline(always)]
fn enter(vm: &Vm, native: &NativeFunction, args: &[Value]) -> Res {
    if native.this.is_unbound() && !fits(vm, native, args) {
        return Ok(Value::UNBOUND);
    }
    vm.check_stack()?;
    if matches!(native.def.call, Call::Watch(_)) {
        return Ok(Value::UNBOUND);
    }
    vm.call_positional(native, args)
}

/// What [`call_directly`] says of a call that must be made in the general way. (No unit is there.)
const GENERAL: *mut u64 = std::ptr::without_provenance_mut(8);

/// Calls the native function that the top frame stands at a call of. Where the frame goes on; null if there is an error, or [`GENERAL`].
#[inline(never)]
unsafe fn call_directly(pc: *mut u64, fp: *mut Value, vm: *const Vm) -> *mut u64 {
    // SAFETY: the handler has looked at the callee's shape, whose register keeps it; the arguments are registers of the top frame, which
    // stay while it does.
    unsafe {
        let (vm, base) = (&*vm, a(pc));
        (*vm.thread.stacks.frame.get()).pc = pc;
        let native = &*(reg(fp, base).0 as *const NativeFunction);
        let bound = native.this.word();
        let mut absent = usize::from(reg(fp, base + 1).is_unbound());
        if !bound.is_unbound() {
            if absent == 0 || bound.needs_box() {
                return GENERAL;
            }
            bound.incref();
            put(fp, base + 1, bound);
            absent = 0;
        }
        let args = std::slice::from_raw_parts(fp.add(base + 1 + absent), b(pc) + 1 - absent);
        end_call(vm, fp, args, enter(vm, native, args))
    }
}

/// Ends a call that the top frame stands at, with what the callee has given for arguments in registers: its result; an error; or nothing,
/// if it must be called in the general way. Where the frame goes on; null if there is an error, or [`GENERAL`].
#[inline(always)]
unsafe fn end_call(vm: &Vm, fp: *mut Value, args: &[Value], given: Res) -> *mut u64 {
    let Ok(result) = given else { return std::ptr::null_mut() };
    if result.is_unbound() {
        return GENERAL;
    }
    // The arguments that the callee did not move are given up, the last first, as a frame's locals would be; then the callee.
    args.iter().rev().for_each(Value::give_up);
    // SAFETY: the frame is the top one and stands at the call. (The callee may have let it go on in another form.)
    unsafe {
        let pc = (*vm.thread.stacks.frame.get()).pc;
        (*fp.add(a(pc))).give_up();
        (*fp.add(c(pc))).set(result);
        pc.add(CALL_UNITS)
    }
}

/// Goes on after a call that a helper has made, where it says; by `$general` if that must make it.
macro_rules! jump_outcome {
    ($vm:expr, $outcome:expr, $general:path) => {{
        let outcome: *mut u64 = $outcome;
        let (pc, fp, consts) = super::state($vm);
        if outcome.is_null() {
            return super::errors::unwind(pc, fp, consts, $vm);
        }
        if outcome == GENERAL {
            return $general(pc, fp, consts, $vm);
        }
        jump_next!(outcome, fp, consts, $vm)
    }};
}

/// A call of any other native function.
#[inline(never)]
unsafe extern "C" fn direct_call(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above; the frame is the top one, also after the call.
    unsafe {
        if (*vm).breaker.is_raised() {
            return any_native_call(pc, fp, consts, vm);
        }
        jump_outcome!(vm, call_directly(pc, fp, vm), any_native_call)
    }
}

macro_rules! at_once_call {
    ($(#[$doc:meta])* $name:ident, $takes:literal, $kind:ident($way:ty), |$at_once:ident, $this:ident| $work:expr) => {
        $(#[$doc])*
        #[inline(never)]
        unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            #[inline(never)]
            unsafe fn work($at_once: $way, $this: *const Value) -> Option<Value> {
                // SAFETY: by the handler; the registers hold the object, and behind it the item.
                unsafe { $work }
            }
            // SAFETY: as above.
            unsafe {
                let base = a(pc);
                let callee = reg(fp, base);
                let this = reg(fp, base + 1);
                let native = &*(callee.0 as *const NativeFunction);
                let Call::$kind(at_once, _) = native.def.call else {
                    return direct_call(pc, fp, consts, vm);
                };
                // Neither the object nor the function must die of the call.
                if b(pc) != $takes
                    || !this.is_ptr()
                    || this.refs() == 1
                    || callee.refs() == 1
                    || (*vm).breaker.is_raised()
                    || !native.this.is_unbound()
                {
                    return direct_call(pc, fp, consts, vm);
                }
                (*(*vm).thread.stacks.frame.get()).pc = pc;
                let result = work(at_once, fp.add(base + 1));
                let (pc, fp, consts) = super::state(vm);
                let Some(result) = result else { return direct_call(pc, fp, consts, vm) };
                let base = a(pc);
                for at in [base, base + 1] {
                    let _ = reg(fp, at).ptr().as_ref().decref();
                    put(fp, at, Word::UNBOUND);
                }
                jump_overwrite!(pc, CALL_UNITS, fp, consts, vm, c(pc), result.into_word())
            }
        }
    };
}

at_once_call! {
    /// A call of a method that may put an item into its object at once. What falls out dies here, perhaps, and Python may run.
    put_call, 1, Put(fn(&Value, &Value) -> Option<Value>), |at_once, this| {
        at_once(&*this, &*this.add(1)).map(|out| {
            drop(out);
            Value::NONE
        })
    }
}
at_once_call! {
    /// A call of a method that may pull an item out of its object at once.
    pull_call, 0, Pull(fn(&Value) -> Option<Value>), |at_once, this| at_once(&*this)
}
at_once_call! {
    /// The same of one that may be told which item.
    take_call, 0, Take(fn(&Value) -> Option<Value>), |at_once, this| at_once(&*this)
}

/// A call of a native function that may answer at once.
#[inline(never)]
unsafe extern "C" fn answering_call(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        let base = a(pc);
        let callee = reg(fp, base);
        let native = &*(callee.0 as *const NativeFunction);
        if reg(fp, base + 1).is_unbound() && callee.refs() != 1 && !(*vm).breaker.is_raised() {
            let count = b(pc);
            if let Call::Quick(1, function, _) = native.def.call
                && count == 1
            {
                let x = reg(fp, base + 2);
                if x.is_ptr() && x.refs() == 1 {
                    return direct_call(pc, fp, consts, vm);
                }
                let result = answer_at_once(vm, function, x, Word::UNBOUND);
                if result.is_unbound() {
                    return direct_call(pc, fp, consts, vm);
                }
                if x.is_ptr() {
                    let _ = x.ptr().as_ref().decref();
                }
                put(fp, base + 2, Word::UNBOUND);
                let _ = callee.ptr().as_ref().decref();
                put(fp, base, Word::UNBOUND);
                jump_overwrite!(pc, CALL_UNITS, fp, consts, vm, c(pc), result)
            }
            let (x, y) = (reg(fp, base + 2), if count == 2 { reg(fp, base + 3) } else { Word::UNBOUND });
            let dies = |word: Word, refs: u32| word.is_ptr() && word.refs() == refs;
            let result = match native.def.call {
                _ if dies(x, 1) || dies(y, 1) || (x == y && dies(x, 2)) => Word::UNBOUND,
                Call::Float(function, _) if count == 1 => match float_arg(x) {
                    Some(x) => apply(function, x),
                    None => Word::UNBOUND,
                },
                Call::Quick(takes, function, _) if count == usize::from(takes) => {
                    answer_at_once(vm, function, x, y)
                }
                _ => Word::UNBOUND,
            };
            if !result.is_unbound() {
                if x.is_ptr() {
                    let _ = x.ptr().as_ref().decref();
                }
                put(fp, base + 2, Word::UNBOUND);
                if count == 2 {
                    if y.is_ptr() {
                        let _ = y.ptr().as_ref().decref();
                    }
                    put(fp, base + 3, Word::UNBOUND);
                }
                let _ = callee.ptr().as_ref().decref();
                put(fp, base, Word::UNBOUND);
                jump_overwrite!(pc, CALL_UNITS, fp, consts, vm, c(pc), result)
            }
        }
        direct_call(pc, fp, consts, vm)
    }
}

/// A call of `list.append`, or of a list's own one.
#[inline(never)]
unsafe extern "C" fn push_call(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as in `native_call`; a shape says what the payload is.
    unsafe {
        let base = a(pc);
        let callee = reg(fp, base);
        // The function must not die of the call.
        if b(pc) != 1 || callee.refs() == 1 || (*vm).breaker.is_raised() {
            return direct_call(pc, fp, consts, vm);
        }
        let given = reg(fp, base + 1);
        let bound = (*(callee.0 as *const NativeFunction)).this.word();
        let this = if given.is_unbound() { bound } else { given };
        // Nor may a list that only the call holds.
        let lives_on = bound.is_unbound() && this.is_ptr() && this.refs() != 1;
        if !given.is_unbound() && !lives_on {
            return direct_call(pc, fp, consts, vm);
        }
        if !this.is_ptr()
            || this.shape() != Layout::List.shape()
            || !(*(this.0 as *const List)).try_push_word(reg(fp, base + 2))
        {
            return direct_call(pc, fp, consts, vm);
        }
        put(fp, base + 2, Word::UNBOUND);
        if given.is_ptr() {
            let _ = given.ptr().as_ref().decref();
        }
        put(fp, base + 1, Word::UNBOUND);
        let _ = callee.ptr().as_ref().decref();
        put(fp, base, Word::UNBOUND);
        jump_overwrite!(pc, CALL_UNITS, fp, consts, vm, c(pc), Word::NONE)
    }
}

/// A number as a float, boxed or not, if that is exact.
#[inline(always)]
fn float_arg(arg: Word) -> Option<f64> {
    // SAFETY: an argument is alive.
    unsafe { super::arith::float_of(arg).or_else(|| super::arith::float_of(unbox_word(arg))) }
}

/// What a function answers at once, if it does.
#[inline(never)]
unsafe fn answer_at_once(vm: *const Vm, function: fn(&Vm, Word, Word) -> Word, x: Word, y: Word) -> Word {
    // SAFETY: handlers are entered with the live Vm.
    function(unsafe { &*vm }, x, y)
}

/// What a function of a float answers, if that is an immediate.
#[inline(never)]
fn apply(function: fn(f64) -> Option<f64>, x: f64) -> Word {
    function(x).and_then(Word::try_float).unwrap_or(Word::UNBOUND)
}

switch! {
    any_native_call, call_of_native;
}

/// A call of a native function with positional arguments in registers.
fn call_of_native(at: At<'_>) -> Res<*mut u64> {
    let (vm, base) = (at.vm, at.a());
    let callee = at.reg(base);
    // SAFETY: the handler has looked at the shape; the register keeps the function alive.
    let native = unsafe { &*(callee.word().0 as *const NativeFunction) };
    if vm.breaker.is_raised() {
        super::tracing::service_and_go_on(vm)?;
        if vm.tracing.is_on() {
            return super::calls::traced_call(at);
        }
    }
    let this = at.reg(base + 1);
    let bound = !native.this.is_unbound();
    let mut absent = this.is_unbound();
    if bound {
        if !absent {
            return any_call(at);
        }
        this.set(native.this.clone());
        absent = false;
    }
    let args = at.regs(base + 1 + usize::from(absent), at.b() + 1 - usize::from(absent));
    if !bound && !fits(vm, native, args) {
        return any_call(at);
    }
    vm.check_stack()?;
    let result = vm.call_positional(native, args);
    // Arguments that the callee did not move are given up, the last first, as a frame's locals would be.
    for slot in args.iter().rev() {
        if !slot.is_unbound() {
            drop(slot.take());
        }
    }
    let result = result?;
    drop(callee.take());
    at.reg(at.c()).set(result);
    super::tracing::go_on_watched(vm, at.at(CALL_UNITS as isize))
}

// ---- classes ---------------------------------------------------------------------------------------------------------

/// Calls the builtin class that the top frame stands at a call of, if what it gives is known at once. As [`call_directly`].
#[inline(never)]
unsafe fn construct_at_once(pc: *mut u64, fp: *mut Value, vm: *const Vm) -> *mut u64 {
    // SAFETY: the handler has looked at the callee's shape, whose register keeps it; the arguments are registers of the top frame, which
    // stay while it does.
    unsafe {
        let (vm, base) = (&*vm, a(pc));
        (*vm.thread.stacks.frame.get()).pc = pc;
        let class = &*(reg(fp, base).0 as *const TypeObj);
        let Some(construct) = class.def.and_then(|def| def.construct) else { return GENERAL };
        let absent = usize::from(reg(fp, base + 1).is_unbound());
        let args = std::slice::from_raw_parts(fp.add(base + 1 + absent), b(pc) + 1 - absent);
        let Some(given) = construct(vm, args) else { return GENERAL };
        end_call(vm, fp, args, given)
    }
}

/// Makes an instance of the class that the top frame stands at a call of, and pushes the frame of its `__init__`, if that is known and
/// takes what is given as it is: what [`construct`] does, with nothing that could be refused but the instance's memory. As
/// [`call_directly`].
#[inline(never)]
unsafe fn construct_plainly(pc: *mut u64, fp: *mut Value, vm: *const Vm) -> *mut u64 {
    // SAFETY: the handler has looked at the callee's shape, whose register keeps the class; no type has changed since the function
    // was found in its MRO. Two records are free above the top one, and the registers that the function needs behind its arguments.
    unsafe {
        let (vm, base) = (&*vm, a(pc));
        let caller = vm.thread.stacks.frame.get();
        (*caller).pc = pc;
        let (class, place) = (&*(reg(fp, base).0 as *const TypeObj), fp.add(base));
        let (epoch, init) = class.init_cache.get();
        if epoch != vm.epoch.get() || init.is_unbound() || !reg(fp, base + 1).is_unbound() {
            return GENERAL;
        }
        let (stacks, body) = (&vm.thread.stacks, &*(init.0 as *const Function));
        let (run, given) = (body.run.get(), b(pc) + 1);
        let (record, first) = (caller.add(1), place.add(1));
        let fits =
            !run.is_null() && (*run).simple_args == given as i64 && stacks.holds(first, (*run).registers);
        if !fits || record.add(1) >= stacks.frame_limit.get() {
            return GENERAL;
        }
        let Ok(made) = vm.new_instance(class) else { return std::ptr::null_mut() };
        let made = made.into_word();
        made.incref();
        put(fp, base + 1, made);
        // The instance holds its class.
        let _ = reg(fp, base).ptr().as_ref().decref();
        put(fp, base, made);
        init.incref();
        record.write(Frame::boundary(CONSTRUCTOR.as_ptr().cast_mut(), place, init));
        for local in given..(*run).locals {
            put(first, local, Word::UNBOUND);
        }
        let entry = (*run).entry();
        let frame = record.add(1);
        frame.write(Frame::plain(entry, first, (*run).first_const(), body, run));
        stacks.frame.set(frame);
        entry
    }
}

/// A call of a class whose metaclass is `type`.
pub unsafe extern "C" fn class_call(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the caller has looked at the callee's shape; operands are registers of the frame, which is the top one.
    unsafe {
        if (*vm).breaker.is_raised() {
            return any_class_call(pc, fp, consts, vm);
        }
        if (*(reg(fp, a(pc)).0 as *const TypeObj)).has(TypeFlags::HEAP) {
            return program_class_call(pc, fp, consts, vm);
        }
        jump_outcome!(vm, construct_at_once(pc, fp, vm), any_class_call)
    }
}

/// The same of a class that a program has made.
#[inline(never)]
unsafe extern "C" fn program_class_call(pc: *mut u64, fp: *mut Value, _: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe { jump_outcome!(vm, construct_plainly(pc, fp, vm), any_class_call) }
}

/// The `__init__`, written in Python, that a call of a plain class runs on a plain instance.
#[inline]
pub fn python_init(vm: &Vm, callee: &Value) -> Option<Value> {
    let ty = callee.exact::<TypeObj>()?;
    let (epoch, found) = ty.init_cache.get();
    if epoch == vm.epoch.get() {
        // SAFETY: no type has changed since the function was found in its MRO.
        return (!found.is_unbound()).then(|| unsafe { Value::from_ptr(found.ptr()) });
    }
    let init = find_init(vm, ty);
    if vm.caches() {
        ty.init_cache.set((vm.epoch.get(), init.as_ref().map_or(Word::UNBOUND, Value::word)));
    }
    init
}

/// What the record under an `__init__` stands at: a call whose result goes to register 1, then `constructed`.
static CONSTRUCTOR: [u64; 4] = [RunOp::Call as u64 | 1 << 16 | 1 << 48, 0, 0, RunOp::Constructed as u64];

/// Makes an instance and pushes the frame of its `__init__`, with a record under it that keeps the instance.
pub fn construct(at: &At<'_>, base: usize, count: usize, names: &[Value], init: Value) -> Res<Pushed> {
    let vm = at.vm;
    let callee = at.reg(base);
    let made = vm.new_instance(callee.get::<TypeObj>().expect("the caller has looked"))?;
    at.reg(base + 1).set(made.clone());
    callee.set(made);
    let frame = vm.push_frame()?;
    let function = init.word();
    // SAFETY: `push_frame` gives a record to fill; the instance and its copy lie in registers `base` and `base + 1`, the arguments
    // behind.
    unsafe {
        let place = std::ptr::from_ref(callee).cast_mut();
        frame.write(Frame::boundary(CONSTRUCTOR.as_ptr().cast_mut(), place, init.into_word()));
        let first = std::ptr::from_ref(at.reg(base + 1)).cast_mut();
        let body = &*(function.0 as *const Function);
        let run = body.run.get();
        let given = count + 1;
        if names.is_empty()
            && !run.is_null()
            && (*run).simple_args >= given as i64
            && vm.thread.stacks.holds(first, (*run).registers)
            && ((*run).simple_args == given as i64 || fill(body, first, given, (*run).simple_args as usize))
        {
            // The common case of `push_python`.
            if let Ok(frame) = vm.push_frame() {
                for local in (*run).simple_args as usize..(*run).locals {
                    put(first, local, Word::UNBOUND);
                }
                let (pc, consts) = ((*run).entry(), (*run).first_const());
                frame.write(Frame::plain(pc, first, consts, body, run));
                return Ok(Pushed::Frame(pc));
            }
            drop(vm.thread.raised.take());
        }
        let pushed = push_python(vm, body, first, count + 1 - names.len(), names);
        if pushed.is_err() {
            vm.pop_frame();
        }
        pushed
    }
}

/// `__init__` has returned: its class's caller gets the instance.
pub unsafe extern "C" fn constructed(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the top frame is a constructor's record: it owns the function, and its register 0 is the register of the callable in
    // the caller, which stands at the call.
    unsafe {
        let stacks = &(*vm).thread.stacks;
        let frame = stacks.frame.get();
        let function = (*frame).extra;
        if reg(fp, 1) != Word::NONE || function.refs() == 1 {
            return constructed_slow(pc, fp, consts, vm);
        }
        let _ = function.ptr().as_ref().decref();
        (*frame).extra = Word::UNBOUND;
        let made = reg(fp, 0);
        put(fp, 0, Word::UNBOUND);
        put(fp, 1, Word::UNBOUND);
        let caller = frame.sub(1);
        stacks.frame.set(caller);
        let (call, to) = ((*caller).pc, (*caller).fp);
        jump_overwrite!(call, CALL_UNITS, to, (*caller).consts, vm, c(call), made)
    }
}

switch! {
    any_class_call, call_of_class;
    constructed_slow, hand_over;
}
/// The same where `__init__` has returned something, or its function dies.
fn hand_over(at: At<'_>) -> Res<*mut u64> {
    let vm = at.vm;
    let result = at.reg(1).take();
    if !result.is_none() {
        let kind = vm.type_name(&result);
        // The record is popped by the unwinding.
        return Err(vm.type_error(format_args!("__init__() should return None, not '{kind}'")));
    }
    let made = at.reg(0).take();
    vm.pop_frame();
    let caller = vm.thread.stacks.top();
    // SAFETY: the caller stands at the call of the class.
    unsafe {
        let (pc, fp) = (caller.pc, caller.fp);
        (*fp.add(c(pc))).set(made);
        Ok(pc.add(CALL_UNITS))
    }
}

// ---- special methods that an instruction asks ------------------------------------------------------------------

/// What a record stands at: a call whose result goes to register 1, then the handler that finishes.
pub type Answer = [u64; 4];

const fn answered_by(op: RunOp) -> Answer {
    [RunOp::Call as u64 | 1 << 16 | 1 << 48, 0, 0, op as u64]
}
/// The result is the attribute that a load asked for.
pub static ATTRIBUTE: Answer = answered_by(RunOp::AnswerAttr);
/// The result is that of an instruction of one unit, whose operands are given up.
pub static RESULT: Answer = answered_by(RunOp::Answer);
/// The result is looked at: [`finish`](super::calls::finish).
pub static LOOKED_AT: Answer = answered_by(RunOp::AnswerOther);

/// Pushes the frame of a function of Python's, with its arguments; gives its entry. If that cannot be done so, gives the arguments back.
#[inline]
pub fn ask<const N: usize>(
    at: &At<'_>,
    function: &Value,
    args: [Value; N],
    answer: &'static Answer,
) -> Result<*mut u64, [Value; N]> {
    let vm = at.vm;
    let stacks = &vm.thread.stacks;
    let Some(body) = function.exact::<Function>() else { return Err(args) };
    let run = body.run.get();
    let place = stacks.free_registers();
    let frame = stacks.frame.get();
    // SAFETY: a function's running form lives as long as its code, which it owns. Both frames have room, and the registers are ready,
    // and hold no pointers.
    unsafe {
        if run.is_null()
            || (*run).simple_args != N as i64
            || vm.breaker.is_raised()
            || vm.tracing.is_on()
            || frame.wrapping_add(2) >= stacks.frame_limit.get()
            || !stacks.holds(place, (*run).registers + 1)
        {
            return Err(args);
        }
        let keeps = std::ptr::eq(answer, &raw const ATTRIBUTE);
        put(place, 0, if keeps { args[0].clone().into_word() } else { Word::UNBOUND });
        let first = place.add(1);
        let words = args.map(Value::into_word);
        first.cast::<[Word; N]>().write(words);
        for local in N..(*run).locals {
            put(first, local, Word::UNBOUND);
        }
        let owned = function.clone().into_word();
        frame.add(1).write(Frame::boundary(answer.as_ptr().cast_mut(), place, owned));
        let (entry, consts) = ((*run).entry(), (*run).first_const());
        frame.add(2).write(Frame::plain(entry, first, consts, body, run));
        stacks.frame.set(frame.add(2));
        Ok(entry)
    }
}
