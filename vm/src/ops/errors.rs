//! Raising, unwinding, handling.
//!
//! Unwinding looks the failing instruction up in the code's handler table. A frame without a handler is popped, and its
//! locals move into its entry of the traceback, where a debugger (and the exact moment of `__del__`) expects them.

pub use super::run::unwind;
use ryokan_bytecode::{Code, InstrIndex, Op};

use super::{At, helper};
use crate::object::ty::TypeObj;
use crate::raised::{Raised, Res};
use crate::running::RunCode;
use crate::types::exceptions::is_exception_class;
use crate::types::exceptions::{self, Exception};
use crate::types::function::Function;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// A handler is entered after the cap refused something: the heap hears whether it handles that, and at which level.
#[cold]
#[inline(never)]
fn note_handled(vm: &Vm) {
    if is_refusal(vm, &vm.thread.raised) {
        vm.heap().refusal_handled(vm.thread.stacks.depth());
    } else if !is_refusal(vm, &vm.thread.handled) {
        vm.heap().refusal_forgotten();
    }
}

fn is_refusal(vm: &Vm, raised: &Value) -> bool {
    raised.has::<Exception>() && vm.is_instance(raised, &vm.exc.MemoryError)
}

/// The outermost handler of a refusal has ended: the heap takes its room back.
#[cold]
#[inline(never)]
fn end_leniency(vm: &Vm) {
    if !is_refusal(vm, &vm.thread.handled) {
        vm.heap().end_leniency();
    }
}

/// Unwinds to the frame that handles the exception; gives the handler's unit, or null if the run's boundary was reached.
#[inline(never)]
pub fn find_handler(vm: &Vm) -> *mut u64 {
    let mut again = vm.thread.reraising.replace(false);
    loop {
        let frame = vm.thread.stacks.top();
        if frame.is_record() {
            super::specials::failed(vm);
            continue;
        }
        if frame.is_boundary() {
            vm.thread.stacks.set_unit(std::ptr::null_mut());
            return std::ptr::null_mut();
        }
        let function: &Function = frame.function();
        let run: &RunCode = frame.run();
        let code = run.object();
        let noted = vm.thread.error_instr.replace(InstrIndex::NONE);
        let instr = if noted == InstrIndex::NONE { run.instr_at(frame.pc) } else { noted };
        if !again {
            crate::types::traceback::add_entry(vm, function, instr);
        } else if !passes_on(&code.code, instr) {
            crate::types::traceback::raised_again(vm, instr);
        }
        let reraised = std::mem::replace(&mut again, false);
        super::tracing::raised(vm, instr, reraised);
        let metered = vm.meter.is_on();
        if metered {
            vm.settle(run, frame.pc, instr);
        }
        if let Some(handler) = code.code.handler(instr).filter(|_| !vm.meter.is_exhausted()) {
            super::tracing::handled(vm, instr);
            crate::types::traceback::watch(vm);
            if vm.heap().has_refused() {
                note_handled(vm);
            }
            let keep = run.locals + handler.depth as usize;
            let at = At { vm, pc: frame.pc, fp: frame.fp };
            at.regs(keep, run.registers - keep).iter().rev().for_each(|slot| drop(slot.take()));
            at.reg(keep).set(vm.thread.raised.take());
            return if metered {
                vm.enter_handler(run, frame.pc, handler.target)
            } else {
                run.form(frame.pc).target(handler.target)
            };
        }
        super::tracing::unwound(vm, instr);
        if let Some(generator) = frame.generator() {
            super::awaiting::failed(vm, generator);
            let instr = crate::types::traceback::end_of_top(vm, instr);
            crate::types::traceback::keep_object(
                vm,
                crate::types::frame::generator_ends(generator, || instr),
            );
        }
        if frame.extra == crate::stack::WATCHED {
            // Entries of exceptions that it handled before share its object with the newest one.
            crate::types::traceback::watch(vm);
            crate::types::traceback::keep_watched(vm, crate::types::traceback::end_of_top(vm, instr));
        }
        let locals = At { vm, pc: frame.pc, fp: frame.fp }.regs(0, run.locals);
        crate::types::traceback::keep_locals(vm, locals.iter().map(Value::take).collect());
        vm.pop_frame();
    }
}

/// Whether an instruction passes an exception on as one of the place where it came up: at the end of a handler that another exception
/// has left, and of a `with`.
fn passes_on(code: &Code, instr: InstrIndex) -> bool {
    code.op_at(instr) == Some(Op::Reraise) && code.instrs[instr.index()].arg() != 0
}

helper! {
    raise, 1, raise_value;
    push_exc_info, 1, push_handled;
    pop_except, 1, pop_handled;
    reraise, 1, raise_again;
    check_exc_match, 1, matches;
    check_eg_match, 1, split_group;
    prep_reraise_star, 1, join_groups;
    with_except_start, 1, call_exit;
}

fn raise_value(at: At<'_>) -> Res<()> {
    let (vm, first) = (at.vm, at.b());
    match at.c() {
        0 => {
            let current = vm.thread.handled.clone();
            if current.is_none() {
                return Err(vm.runtime_error("No active exception to reraise"));
            }
            vm.thread.raised.set(current);
            vm.thread.reraising.set(true);
            Err(Raised(()))
        }
        1 => {
            let value = at.reg(first).take();
            Err(exceptions::raise_object(vm, value, None))
        }
        _ => {
            let (value, cause) = (at.reg(first).take(), at.reg(first + 1).take());
            Err(exceptions::raise_object(vm, value, Some(cause)))
        }
    }
}
fn push_handled(at: At<'_>) -> Res<()> {
    let first = at.a();
    let exception = at.reg(first).take();
    let previous = at.vm.thread.handled.replace(exception.clone());
    // What a generator's caller handles is none of its own: it may be resumed by another one before this is put back.
    let inherited = at.vm.thread.stacks.top().generator().is_some_and(|generator| {
        generator.handling.set(generator.handling.get().wrapping_add(1));
        generator.handling.get() == 1 && generator.caller_handled.word() == previous.word()
    });
    at.reg(first).set(if inherited { Value::NONE } else { previous });
    at.reg(first + 1).set(exception);
    Ok(())
}
fn pop_handled(at: At<'_>) -> Res<()> {
    handle_again(at.vm, at.reg(at.b()).take());
    Ok(())
}
/// What was handled before is handled again.
pub(super) fn handle_again(vm: &Vm, mut previous: Value) {
    if let Some(generator) = vm.thread.stacks.top().generator() {
        generator.handling.set(generator.handling.get().wrapping_sub(1));
        if previous.is_none() && !generator.caller_handled.is_unbound() {
            previous = generator.caller_handled.clone();
        }
    }
    vm.thread.handled.set(previous);
    if vm.heap().is_lenient() {
        end_leniency(vm);
    }
}
fn raise_again(at: At<'_>) -> Res<()> {
    let exception = at.reg(at.b()).take();
    at.vm.thread.raised.set(exception);
    at.vm.thread.reraising.set(true);
    Err(Raised(()))
}

/// Whether every class named by an `except` clause is an exception class.
fn check_kind(vm: &Vm, kind: &Value, star: bool) -> Res<()> {
    let one = |class: &Value| -> Res<()> {
        if !is_exception_class(class) {
            return Err(
                vm.type_error("catching classes that do not inherit from BaseException is not allowed")
            );
        }
        let groups = |ty: &TypeObj| ty.is_subtype(&vm.exc.BaseExceptionGroup);
        if star && class.get::<TypeObj>().is_some_and(groups) {
            return Err(
                vm.type_error("catching ExceptionGroup with except* is not allowed. Use except instead.")
            );
        }
        Ok(())
    };
    match kind.get::<Tuple>() {
        Some(tuple) => tuple.items().iter().try_for_each(one),
        None => one(kind),
    }
}
fn matches(at: At<'_>) -> Res<()> {
    let (exception, kind) = (at.reg(at.a()), at.reg(at.a() + 1));
    check_kind(at.vm, kind, false)?;
    let answer = exceptions::matches(at.vm, exception, kind);
    kind.set(Value::bool(answer));
    Ok(())
}
fn split_group(at: At<'_>) -> Res<()> {
    let (exception, kind) = (at.reg(at.a()), at.reg(at.a() + 1));
    check_kind(at.vm, kind, true)?;
    let (rest, matched) = exceptions::split_for_star(at.vm, exception, kind)?;
    if !matched.is_none() {
        at.vm.thread.handled.set(matched.clone());
    }
    exception.set(rest);
    kind.set(matched);
    Ok(())
}
fn join_groups(at: At<'_>) -> Res<()> {
    let first = at.b();
    let (original, list) = (at.reg(first).take(), at.reg(first + 1).take());
    at.give(exceptions::prep_reraise_star(at.vm, &original, &list)?)
}
fn call_exit(at: At<'_>) -> Res<()> {
    let (vm, first) = (at.vm, at.a());
    let exception = at.reg(first + 3).clone();
    let (exit, this) = (at.reg(first), at.reg(first + 1));
    let class = vm.type_of(&exception).to_value();
    let traceback = exception.get::<Exception>().map_or(Value::NONE, |e| e.traceback.clone());
    let mut args = Vec::with_capacity(4);
    if let Some(this) = this.bound() {
        args.push(this.clone());
    }
    args.extend([class, exception, traceback]);
    let result = vm.call(exit, &args)?;
    at.reg(first + 4).set(result);
    Ok(())
}
