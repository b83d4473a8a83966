//! Telling trace functions, profile functions and tools of `sys.monitoring` what happens.
//!
//! Who asks is in `vm/tracing.rs`. The units of the traced form tell of instructions: that a line begins, that a frame is entered
//! or left, that a branch was taken. Calls tell of themselves, and so does unwinding. While one is told, nothing that it does is told of.
//!
//! How a frame goes over to its traced form is in `traced.rs`.

use ryokan_bytecode::{InstrIndex, LocalKind, Op};

use super::At;
use super::calls::Pushed;
use super::errors;
pub use super::traced::{go_on_traced, go_on_watched, resume_traced, service_and_go_on};
use super::traced::{note, traced_entry};
use super::watching::{count_step, is_quiet, tell_of_exception, tell_of_line};
use crate::object::native::NativeFunction;
use crate::object::ty::{TypeFlags, TypeObj};
use crate::raised::{Raised, Res};
use crate::running::{BEGINS, LEAVES_K};
use crate::types::code::{CodeObj, is_empty};
use crate::types::exceptions::Exception;
use crate::types::frame::{self, FrameObj};
use crate::types::function::{BoundMethod, Function};
use crate::types::tuple::Tuple;
use crate::value::{Borrowed, Value};
use crate::vm::Vm;
use crate::vm::breaker::BreakerFlags;
use crate::vm::tracing::{Event, Events, TOOLS};

// ---- telling ---------------------------------------------------------------------------------------------------------

/// Does something of which nothing is told.
fn quietly<T>(vm: &Vm, work: impl FnOnce() -> T) -> T {
    vm.thread.in_event.set(vm.thread.in_event.get() + 1);
    let done = work();
    vm.thread.in_event.set(vm.thread.in_event.get() - 1);
    done
}

/// Calls a trace or profile function about the top frame.
fn call_hook(vm: &Vm, hook: &Value, kind: &str, argument: &Value) -> Res {
    let frame = frame::of_record(vm, vm.thread.stacks.top())?;
    let kind = vm.intern(kind)?;
    quietly(vm, || vm.call(hook, &[frame, kind, argument.clone()]))
}

/// A trace function has raised: it is called no more.
fn end_trace(vm: &Vm, object: Option<&Value>) {
    drop(vm.thread.trace_function.replace(Value::NONE));
    if let Some(frame) = object.and_then(|object| object.get::<FrameObj>()) {
        drop(frame.trace.replace(Value::NONE));
    }
    vm.tracing_changed();
}

/// Whether the top frame stands at a `yield`, of which it may be sent elsewhere, too.
fn is_at_yield(vm: &Vm) -> bool {
    let top = vm.thread.stacks.top();
    top.run().object().code.op_at(top.run().instr_at(top.pc)) == Some(Op::YieldValue)
}

/// Tells the trace function of the top frame.
fn tell_local(vm: &Vm, kind: &str, argument: &Value) -> Res<()> {
    if vm.thread.trace_function.is_none() {
        return Ok(());
    }
    let Some(object) = frame::has_object(vm, vm.thread.stacks.top()) else { return Ok(()) };
    let Some(frame) = object.get::<FrameObj>() else { return Ok(()) };
    let wanted = match kind {
        "line" => frame.trace_lines.get(),
        "opcode" => frame.trace_opcodes.get(),
        _ => true,
    };
    let hook = frame.trace.clone();
    if hook.is_none() || !wanted {
        return Ok(());
    }
    if kind == "line" || kind == "return" && is_at_yield(vm) {
        vm.thread.at_line.set(vm.thread.stacks.top());
    }
    let told = call_hook(vm, &hook, kind, argument);
    vm.thread.at_line.set(std::ptr::null());
    match told {
        Ok(next) => {
            if !next.is_none() {
                drop(frame.trace.replace(next));
            }
            Ok(())
        }
        Err(raised) => {
            end_trace(vm, Some(&object));
            Err(raised)
        }
    }
}

/// Tells the trace function of the thread that a frame is entered: what it gives is that of the frame.
fn tell_call(vm: &Vm) -> Res<()> {
    let hook = vm.thread.trace_function.clone();
    if hook.is_none() {
        return Ok(());
    }
    let object = frame::of_record(vm, vm.thread.stacks.top())?;
    vm.thread.at_call.set(vm.thread.stacks.top());
    let told = call_hook(vm, &hook, "call", &Value::NONE);
    vm.thread.at_call.set(std::ptr::null());
    match told {
        Ok(local) => {
            if let Some(frame) = object.get::<FrameObj>().filter(|_| !local.is_none()) {
                drop(frame.trace.replace(local));
            }
            Ok(())
        }
        Err(raised) => {
            end_trace(vm, Some(&object));
            Err(raised)
        }
    }
}

/// Tells the profile function.
fn tell_profile(vm: &Vm, kind: &str, argument: &Value) -> Res<()> {
    let hook = vm.thread.profile_function.clone();
    if hook.is_none() {
        return Ok(());
    }
    call_hook(vm, &hook, kind, argument).map(drop).inspect_err(|_| {
        drop(vm.thread.profile_function.replace(Value::NONE));
        vm.tracing_changed();
    })
}

/// What some tool asks for in a code.
fn asked(vm: &Vm, code: &CodeObj) -> Events {
    let everywhere = vm.tracing.global_events();
    if !vm.tracing.local.get() {
        return everywhere;
    }
    (0..TOOLS).fold(everywhere, |all, tool| all | code.tool_events(vm, tool))
}

/// Whether a tool wants to be told of an event at an instruction.
fn wants(vm: &Vm, code: &CodeObj, tool: usize, event: Event, instr: InstrIndex) -> bool {
    if !(vm.tracing.tools[tool].events.get() | code.tool_events(vm, tool)).contains(event.alone()) {
        return false;
    }
    let mut monitors = code.monitors.borrow_mut();
    let Some(monitors) = monitors.as_mut() else { return true };
    if monitors.restarts != vm.tracing.restarts.get() {
        monitors.restarts = vm.tracing.restarts.get();
        monitors.disabled.clear();
    }
    !monitors.disabled.contains(&(tool, instr, event))
}

/// Tells the tools of an event in the top frame: what comes behind the code in their arguments is given.
fn tell_tools(vm: &Vm, event: Event, instr: InstrIndex, given: &[Value]) -> Res<()> {
    let code_value = vm.thread.stacks.top().run().object().as_value();
    let Some(code) = code_value.get::<CodeObj>() else { return Ok(()) };
    if !asked(vm, code).contains(event.alone()) {
        return Ok(());
    }
    for tool in (0..TOOLS).rev() {
        let callback = vm.tracing.tools[tool].callbacks[event as usize].clone();
        if callback.is_unbound() || !wants(vm, code, tool, event, instr) {
            continue;
        }
        let mut arguments = vec![code_value.clone()];
        arguments.extend(given.iter().cloned());
        // A tool that is told of a place may send the frame elsewhere from there.
        if event.is_of_place() {
            vm.thread.at_line.set(vm.thread.stacks.top());
        }
        let answer = quietly(vm, || vm.call(&callback, &arguments));
        vm.thread.at_line.set(std::ptr::null());
        let answer = answer?;
        if !answer.is(&vm.tracing.disable) || answer.is_unbound() {
            continue;
        }
        if !Events::LOCAL.contains(event.alone()) {
            vm.tracing.tools[tool].callbacks[event as usize].set(Value::UNBOUND);
            let name = event.name();
            return Err(vm.value_error(format_args!("Cannot disable {name} events. Callback removed.")));
        }
        let restarts = vm.tracing.restarts.get();
        let mut monitors = code.monitors.borrow_mut();
        let monitors = monitors.get_or_insert_with(Default::default);
        monitors.restarts = restarts;
        monitors.disabled.insert((tool, instr, event));
    }
    Ok(())
}

fn offset(instr: InstrIndex) -> Value {
    Value::small(crate::types::code::tables::offset(instr))
}

// ---- instructions ----------------------------------------------------------------------------------------------------

/// A unit of the traced form.
pub fn step(at: At<'_>) -> Res<*mut u64> {
    let vm = at.vm;
    if !vm.tracing.is_on() {
        return Ok(at.at(1));
    }
    vm.breaker.raise(BreakerFlags::TRACE);
    if is_quiet(vm) {
        return Ok(at.at(1));
    }
    let instr = at.run().instr_at(at.pc);
    if at.a() == usize::from(BEGINS) {
        begins(vm, at.code(), instr)?;
    } else {
        let value = match at.a() == usize::from(LEAVES_K) {
            true => at.run().consts.get(at.b()).map_or(Value::NONE, |word| Borrowed::new(*word).clone()),
            false => at.reg(at.b()).clone(),
        };
        leaves(vm, at.code(), instr, &value)?;
    }
    let jump = vm.thread.jump_to.replace(InstrIndex::NONE);
    if jump == InstrIndex::NONE { Ok(at.at(1)) } else { jumped(&at, instr, jump) }
}

/// The frame goes on elsewhere (`f_lineno` was set), with so much of its stack as is needed there. Any variable may be taken for bound.
fn jumped(at: &At<'_>, from: InstrIndex, to: InstrIndex) -> Res<*mut u64> {
    let (run, vm) = (at.run(), at.vm);
    let Some(unit) = run.form(at.pc).first_unit(to) else { return Ok(at.at(1)) };
    let stacks = frame::jump::Stacks::of(&at.code().code);
    let registers = at.regs(run.locals, run.registers - run.locals);
    let depth = stacks.depth_at(to) as usize;
    let ready =
        |(place, register): (usize, &Value)| !register.is_unbound() || stacks.may_be_null(from, place as u32);
    // (What a running form has not put on its stack yet is not there for others.)
    if depth > registers.len() || !registers[..depth].iter().enumerate().all(ready) {
        return Err(vm.value_error("incompatible stacks"));
    }
    let mut top = stacks.depth_at(from) as usize;
    for is_exception in stacks.dropped(from, to) {
        top -= 1;
        let value = registers.get(top).map_or(Value::UNBOUND, Value::take);
        if is_exception && !value.is_unbound() {
            errors::handle_again(vm, value);
        }
    }
    for temporary in registers[depth..].iter().rev() {
        drop(temporary.take());
    }
    for (register, local) in at.regs(0, run.locals).iter().zip(&at.code().code.locals) {
        if register.is_unbound() && local.kind == LocalKind::Plain {
            register.set(Value::NONE);
        }
    }
    Ok(unit)
}

/// An instruction begins.
fn begins(vm: &Vm, code: &CodeObj, instr: InstrIndex) -> Res<()> {
    count_step(vm)?;
    let Some(op) = code.code.op_at(instr) else { return Ok(()) };
    // Nobody hears of what makes a generator, or a frame's cells.
    let first = code.code.instrs.iter().position(|instr| instr.op() == Some(Op::Resume));
    if first.is_some_and(|first| instr.index() < first) {
        return Ok(());
    }
    let depth = vm.thread.stacks.depth();
    let line = code.code.position(instr).line;
    if op == Op::Resume {
        let again = code.code.instrs[instr.index()].arg() != 0;
        // The first line of a function begins even if it is the function's own.
        note(vm, depth, instr, if again { line } else { 0 });
        let event = if again { Event::PyResume } else { Event::PyStart };
        tell_tools(vm, event, instr, &[offset(instr)])?;
        tell_call(vm)?;
        return tell_profile(vm, "call", &Value::NONE);
    }
    let last = vm.thread.last_traced.borrow().get(depth).copied().unwrap_or_default();
    if matches!(op, Op::EndSend | Op::EndAsyncFor) {
        if op == Op::EndAsyncFor {
            note(vm, depth, instr, last.line);
        }
        return Ok(());
    }
    note(vm, depth, instr, if line == 0 { last.line } else { line });
    let back = code.code.op_at(last.instr) == Some(Op::JumpBackward);
    tell_jump(vm, code, last.instr, instr)?;
    let opens = line == 0 && instr == InstrIndex(1) && is_empty(&code.code);
    if opens || line != 0 && line != last.line && !follows_loop(code, last.instr, instr, line) {
        // The line of a function itself begins once more only for who hears of its entry.
        let same = !opens && last.line == 0 && code.code.position(last.instr).line == line;
        if !same || asked(vm, code).contains(Events::PY_START) {
            tell_tools(vm, Event::Line, instr, &[Value::small(i64::from(line))])?;
        }
        if !opens {
            tell_of_line(vm, line);
        }
        tell_local(vm, "line", &Value::NONE)?;
    } else if line != 0 && back && op != Op::Send {
        // A loop on one line begins that line again.
        tell_of_line(vm, line);
        tell_local(vm, "line", &Value::NONE)?;
    }
    tell_tools(vm, Event::Instruction, instr, &[offset(instr)])?;
    tell_local(vm, "opcode", &Value::NONE)
}

/// Whether an instruction begins no line, though control comes to it from another: it stands behind a loop that ends on its line, as where a
/// comprehension's result is stored.
fn follows_loop(code: &CodeObj, from: InstrIndex, instr: InstrIndex, line: u32) -> bool {
    match code.code.op_at(from) {
        Some(Op::ForIter) => instr.index().checked_sub(1).map(InstrIndex::of).is_some_and(|before| {
            code.code.op_at(before) == Some(Op::JumpBackward) && code.code.position(before).line == line
        }),
        Some(Op::EndAsyncFor) => code.code.position(from).line == line,
        _ => false,
    }
}

/// Control went from one instruction to another: if that was a jump or a branch, tools are told.
fn tell_jump(vm: &Vm, code: &CodeObj, from: InstrIndex, to: InstrIndex) -> Res<()> {
    let jumps = Events::JUMP | Events::BRANCH_LEFT | Events::BRANCH_RIGHT;
    if !asked(vm, code).intersects(jumps) {
        return Ok(());
    }
    let jumps = |at| code.code.op_at(at).map(Op::flags).filter(|flags| flags.jumps);
    // What runs as one with a jump stands before it.
    let mut near = (from.0..from.0.saturating_add(4)).map(InstrIndex);
    let found = near.find_map(|at| jumps(at).map(|flags| (at, flags)));
    let Some((jump, flags)) = found else { return Ok(()) };
    if (from < to && to <= jump) || (from == to && from != jump) {
        return Ok(());
    }
    let target = InstrIndex(code.code.instrs[jump.index()].arg());
    let event = match (flags.ends, to == target) {
        (true, _) => Event::Jump,
        (false, true) => Event::BranchRight,
        (false, false) => Event::BranchLeft,
    };
    tell_tools(vm, event, jump, &[offset(jump), offset(to)])
}

/// The frame is left with a value.
fn leaves(vm: &Vm, code: &CodeObj, instr: InstrIndex, value: &Value) -> Res<()> {
    let yields = code.code.op_at(instr) == Some(Op::YieldValue);
    let event = if yields { Event::PyYield } else { Event::PyReturn };
    tell_tools(vm, event, instr, &[offset(instr), value.clone()])?;
    tell_local(vm, "return", value)?;
    tell_profile(vm, "return", value)
}

// ---- calls -----------------------------------------------------------------------------------------------------------

/// What was told of a call's beginning.
pub struct Told {
    callable: Value,
    argument: Value,
    instr: InstrIndex,
    /// What a profile function is told of, if it is told.
    native: Option<Value>,
}

/// A call begins in the top frame; of a method whose arguments are those of a sequence (`spreads`) no profile function is told.
pub fn call_begins(
    at: &At<'_>,
    callable: &Value,
    argument: Option<Value>,
    spreads: bool,
) -> Res<Option<Told>> {
    let vm = at.vm;
    if is_quiet(vm) {
        return Ok(None);
    }
    // (Whoever asks for an argument's count shall not find it held here for nobody.)
    if vm.thread.profile_function.is_none() && !asked(vm, at.code()).intersects(Events::AT_CALLS) {
        return Ok(None);
    }
    let (callable, instr) = (callable.clone(), at.run().instr_at(at.pc));
    // (A method without its object is shown to no profile function.)
    let lone = argument.is_none()
        && callable.get::<NativeFunction>().is_some_and(|f| f.this.is_unbound() && f.owner.has::<TypeObj>());
    let argument = argument.unwrap_or_else(|| vm.tracing.missing.bound().cloned().unwrap_or(Value::NONE));
    tell_tools(vm, Event::Call, instr, &[offset(instr), callable.clone(), argument.clone()])?;
    let mut native = None;
    let hidden = lone || spreads && callable.has::<BoundMethod>();
    if !vm.thread.profile_function.is_none() && !hidden {
        native = super::watching::native_shown(vm, &callable, &argument)?;
        if let Some(shown) = &native {
            tell_profile(vm, "c_call", shown)?;
        }
    }
    Ok(Some(Told { callable, argument, instr, native }))
}

/// It is done, or has pushed a frame.
pub fn call_ends(at: &At<'_>, told: Option<Told>, result: Res<Pushed>) -> Res<Pushed> {
    let vm = at.vm;
    let result = result.map(|pushed| match pushed {
        Pushed::Frame(plain) => Pushed::Frame(traced_entry(vm, plain)),
        done => done,
    });
    let Some(told) = told else { return result };
    let Told { callable, argument, instr, native } = told;
    let method = callable.get::<BoundMethod>().map(|method| &method.function);
    let python = method.unwrap_or(&callable).has::<Function>();
    if python || matches!(result, Ok(Pushed::Frame(_))) || is_quiet(vm) {
        return result;
    }
    let (event, shown) = match result {
        Ok(_) => (Event::CReturn, "c_return"),
        Err(_) => (Event::CRaise, "c_exception"),
    };
    let pending = vm.thread.raised.take();
    tell_tools(vm, event, instr, &[offset(instr), callable, argument])?;
    if let Some(native) = native {
        tell_profile(vm, shown, &native)?;
    }
    vm.thread.raised.set(pending);
    result
}

// ---- exceptions ------------------------------------------------------------------------------------------------------

/// Tells of the exception on its way; what is raised meanwhile takes its place.
fn tell_of_raised(vm: &Vm, tell: impl FnOnce(&Value) -> Res<()>) {
    if is_quiet(vm) {
        return;
    }
    let pending = vm.thread.raised.take();
    if tell(&pending).is_ok() {
        vm.thread.raised.set(pending);
    }
}

/// An exception came up in the top frame, or came to it, or is raised again there.
pub fn raised(vm: &Vm, instr: InstrIndex, again: bool) {
    if is_quiet(vm) {
        return;
    }
    tell_of_raised(vm, |exception| {
        tell_of_exception(vm, exception, again);
        let event = if again { Event::Reraise } else { Event::Raise };
        tell_tools(vm, event, instr, &[offset(instr), exception.clone()])?;
        if again {
            return Ok(());
        }
        let traceback = exception.get::<Exception>().map_or(Value::NONE, |e| e.traceback.clone());
        let class = vm.type_of(exception).to_value();
        let parts = vm.new_tuple(vec![class, exception.clone(), traceback])?;
        tell_local(vm, "exception", &parts)
    });
}

/// An exception is thrown into the generator whose frame is the top one.
pub fn thrown(vm: &Vm) {
    let instr = vm.thread.stacks.top().run().instr_at(vm.thread.stacks.top().pc);
    tell_of_raised(vm, |exception| {
        tell_tools(vm, Event::PyThrow, instr, &[offset(instr), exception.clone()])?;
        tell_call(vm)?;
        tell_profile(vm, "call", &Value::NONE)
    });
}

/// What a loop of the top frame gets next from what it goes over.
#[inline(always)]
pub fn next_of_loop(vm: &Vm, iterator: &Value) -> Res<Option<Value>> {
    match vm.next_or_stop(iterator) {
        Err(raised) => end_of_loop(vm, iterator, raised),
        result => result,
    }
}

/// What an error there means: the loop's end, if it is a `StopIteration`, of which is told. (Builtins that end without a value raise
/// nothing.)
#[cold]
#[inline(never)]
fn end_of_loop(vm: &Vm, iterator: &Value, raised: Raised) -> Res<Option<Value>> {
    if vm.tracing.is_on() {
        iterator_raised(vm, iterator)?;
    }
    vm.end_or_error(raised)
}

fn iterator_raised(vm: &Vm, iterator: &Value) -> Res<()> {
    let builtin = !vm.type_of(iterator).has(TypeFlags::HEAP);
    let without_value = vm
        .thread
        .raised
        .get::<Exception>()
        .is_some_and(|stop| stop.args.get::<Tuple>().is_none_or(|args| args.items().is_empty()));
    if !vm.raised_is(&Raised(()), &vm.exc.StopIteration) || builtin && without_value {
        return Ok(());
    }
    stopped(vm)
}

/// What the top frame asks for its next value has raised a `StopIteration`, which goes no further; an error if what is told of it raises.
#[cold]
pub fn stopped(vm: &Vm) -> Res<()> {
    let top = vm.thread.stacks.top();
    raised(vm, top.run().instr_at(top.pc), false);
    if vm.raised_is(&Raised(()), &vm.exc.StopIteration) { Ok(()) } else { Err(Raised(())) }
}

/// The generator that a loop of the top frame goes over has ended with a value. Where somebody asks for branches, a loop
/// hears of that as of what any iterator raises, if there is a value.
#[cold]
pub fn loop_ended(vm: &Vm, value: &Value) -> Res<()> {
    let ways = Events::BRANCH_LEFT | Events::BRANCH_RIGHT;
    if is_quiet(vm) {
        return Ok(());
    }
    if vm.thread.trace_function.is_none()
        && !asked(vm, vm.thread.stacks.top().run().object()).intersects(ways)
    {
        return delegate_ended(vm, value);
    }
    if value.is_none() {
        return Ok(());
    }
    vm.thread.raised.set(vm.new_exception(&vm.exc.StopIteration, vec![value.clone()])?);
    stopped(vm)?;
    drop(vm.take_raised(Raised(())));
    Ok(())
}

/// What the top frame delegated to has ended with a value: it hears of that as of an exception.
#[cold]
pub fn delegate_ended(vm: &Vm, value: &Value) -> Res<()> {
    if is_quiet(vm) {
        return Ok(());
    }
    let given = if value.is_none() { Vec::new() } else { vec![value.clone()] };
    let stop = vm.new_exception(&vm.exc.StopIteration, given)?;
    let instr = vm.thread.stacks.top().run().instr_at(vm.thread.stacks.top().pc);
    tell_tools(vm, Event::StopIteration, instr, &[offset(instr), stop.clone()])?;
    let parts = vm.new_tuple(vec![vm.type_of(&stop).to_value(), stop.clone(), Value::NONE])?;
    tell_local(vm, "exception", &parts)
}

/// The top frame handles it.
pub fn handled(vm: &Vm, instr: InstrIndex) {
    tell_of_raised(vm, |exception| {
        tell_tools(vm, Event::ExceptionHandled, instr, &[offset(instr), exception.clone()])
    });
}

/// The top frame ends by it.
pub fn unwound(vm: &Vm, instr: InstrIndex) {
    if is_quiet(vm) {
        return;
    }
    let instr = crate::types::traceback::end_of_top(vm, instr);
    vm.thread.stacks.stand_at(instr);
    tell_of_raised(vm, |exception| {
        tell_tools(vm, Event::PyUnwind, instr, &[offset(instr), exception.clone()])?;
        tell_local(vm, "return", &Value::NONE)?;
        tell_profile(vm, "return", &Value::NONE)
    });
}
