//! Calls and returns.
//!
//! A call's operands: `a` the register of the callable (then self, then the arguments), `b` how many arguments, `c` where the
//! result goes. The callee's frame begins at its first argument. The caller's record keeps the call as its position, so that
//! a return finds there where the result goes, and how long the call is.

use ryokan_bytecode::InstrIndex;

use super::callees::{class_call, construct, native_call, python_init};
use super::{At, a, b, jump_next, put, reg, switch};
use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::NativeFunction;
use crate::object::ty::{TypeFlags, TypeObj};
use crate::raised::Res;
use crate::running::RunCode;
use crate::running::ops::RunOp;
use crate::stack::Frame;
use crate::types::classes::trampoline;
use crate::types::dict::Dict;
use crate::types::function::{BoundMethod, Function};
use crate::types::tuple::Tuple;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// Units of every call.
pub const CALL_UNITS: usize = 3;

/// Pushes the frame of a function whose arguments are in place, if it takes exactly so many and nothing else; otherwise
/// jumps to the slow path.
macro_rules! jump_enter {
    ($pc:expr, $fp:expr, $consts:expr, $vm:expr, $callee:expr, $first:expr, $count:expr, $slow:path) => {{
        let function = $callee.0 as *const Function;
        let run: *const RunCode = (*function).run.get();
        if run.is_null() || (*run).simple_args != $count as i64 || (*$vm).breaker.is_raised() {
            return $slow($pc, $fp, $consts, $vm);
        }
        jump_into!($pc, $fp, $consts, $vm, function, run, $first, $count, $slow)
    }};
}

/// Pushes the frame of a function whose first locals are in place, so many of them.
macro_rules! jump_into {
    ($pc:expr, $fp:expr, $consts:expr, $vm:expr, $function:expr, $run:expr, $first:expr, $count:expr, $slow:path) => {{
        let (function, run): (*const Function, *const RunCode) = ($function, $run);
        let first: *mut Value = $first;
        let stacks = &(*$vm).thread.stacks;
        let frame = stacks.frame.get();
        let callee_frame = frame.add(1);
        if !stacks.holds(first, (*run).registers) {
            return far_call($pc, $fp, $consts, $vm);
        }
        if callee_frame >= stacks.frame_limit.get() {
            return $slow($pc, $fp, $consts, $vm);
        }
        (*frame).pc = $pc;
        let consts = (*run).first_const();
        callee_frame.write(Frame::plain((*run).entry(), first, consts, function, run));
        stacks.frame.set(callee_frame);
        let mut local = first.cast::<Word>().add($count);
        let end = first.cast::<Word>().add((*run).locals);
        while local < end {
            // Volatile: a loop of one or two rounds is not worth vector instructions.
            local.write_volatile(Word::UNBOUND);
            local = local.add(1);
        }
        jump_next!((*run).entry(), first, consts, $vm)
    }};
}

/// The same of a function that has defaults for the arguments that are not given.
#[inline(never)]
unsafe extern "C" fn call_filled(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the handler has looked: the callee is a function. What is behind the arguments are registers, where the stack holds them,
    // and dead.
    unsafe {
        let function = reg(fp, a(pc)).0 as *const Function;
        let run: *const RunCode = (*function).run.get();
        let absent = usize::from(reg(fp, a(pc) + 1).is_unbound());
        let (first, count) = (fp.add(a(pc) + 1 + absent), b(pc) + 1 - absent);
        let stacks = &(*vm).thread.stacks;
        if run.is_null()
            || (*run).simple_args <= count as i64
            || (*vm).breaker.is_raised()
            || !stacks.holds(first, (*run).registers)
            || stacks.frame.get().add(1) >= stacks.frame_limit.get()
            || !fill(function, first, count, (*run).simple_args as usize)
        {
            return call_slow(pc, fp, consts, vm);
        }
        jump_into!(pc, fp, consts, vm, function, run, first, (*run).simple_args as usize, call_slow)
    }
}

/// Puts a function's defaults behind `count` arguments, so that there are as many as it takes; whether it has so many.
///
/// # Safety
/// The registers behind the arguments are dead, as many as the function takes.
#[inline(never)]
pub unsafe fn fill(function: *const Function, first: *mut Value, count: usize, takes: usize) -> bool {
    // SAFETY: the function is alive, and the registers are dead.
    unsafe {
        let defaults = (*function).defaults.exact::<Tuple>().map_or(&[][..], Tuple::items);
        // Of too many, the last ones count.
        let Some(from) = (defaults.len() + count).checked_sub(takes) else { return false };
        for (at, value) in (count..takes).zip(&defaults[from..]) {
            put(first, at, value.clone().into_word());
        }
        true
    }
}

/// Calls what is no Python function: a native function at once, anything else by the slow path.
macro_rules! jump_enter_other {
    ($pc:expr, $fp:expr, $consts:expr, $vm:expr, $callee:expr) => {{
        if $callee.is_ptr() {
            let shape = $callee.shape();
            if Layout::NativeFunction.is_exact(shape) {
                return native_call($pc, $fp, $consts, $vm);
            }
            if shape == Layout::Type.shape() {
                return class_call($pc, $fp, $consts, $vm);
            }
        }
        return call_slow($pc, $fp, $consts, $vm);
    }};
}

/// `c = a(args)`
pub unsafe extern "C" fn call(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers of the frame; a function's shape says what its payload is.
    unsafe {
        let callee = reg(fp, a(pc));
        put(fp, a(pc) + 1, Word::UNBOUND);
        if callee.is_ptr() && callee.shape() == Layout::Function.shape() {
            jump_enter!(pc, fp, consts, vm, callee, fp.add(a(pc) + 2), b(pc), call_filled)
        }
        jump_enter_other!(pc, fp, consts, vm, callee)
    }
}

/// `c = a(self, args)`, where self may be absent.
pub unsafe extern "C" fn call_method(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        let callee = reg(fp, a(pc));
        if callee.is_ptr() && callee.shape() == Layout::Function.shape() {
            if reg(fp, a(pc) + 1).is_unbound() {
                return call(pc, fp, consts, vm);
            }
            jump_enter!(pc, fp, consts, vm, callee, fp.add(a(pc) + 1), b(pc) + 1, call_filled)
        }
        jump_enter_other!(pc, fp, consts, vm, callee)
    }
}

/// `c = global(args)`: looks the global up, and caches where it is.
pub unsafe extern "C" fn call_global(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the handler's own arguments.
    unsafe { call_global_slow(pc, fp, consts, vm) }
}

/// The low bits of a fused call's third unit are the address of the global's slot; the high ones its name.
const NAME_SHIFT: u32 = 48;

/// A global of the module, cached: the second unit holds the version of the keys.
pub unsafe extern "C" fn call_global_cached(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: while the version stands, the slot is where it was.
    unsafe {
        let function = (*(*vm).thread.stacks.frame.get()).func;
        let globals = (*function).globals.word().0 as *const Dict;
        if (*globals).version() == *pc.add(1).cast::<u32>() {
            let callee = *((*pc.add(2) & ((1 << NAME_SHIFT) - 1)) as *const Word);
            callee.incref();
            put(fp, a(pc), callee);
            put(fp, a(pc) + 1, Word::UNBOUND);
            if callee.is_ptr() && callee.shape() == Layout::Function.shape() {
                jump_enter!(pc, fp, consts, vm, callee, fp.add(a(pc) + 2), b(pc), call_filled)
            }
            jump_enter_other!(pc, fp, consts, vm, callee)
        }
        call_global_slow(pc, fp, consts, vm)
    }
}

/// A builtin, cached: the second unit holds both versions.
pub unsafe extern "C" fn call_builtin(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above, for both dicts.
    unsafe {
        let function = (*(*vm).thread.stacks.frame.get()).func;
        let globals = (*function).globals.word().0 as *const Dict;
        let builtins = (*function).builtins.word().0 as *const Dict;
        let cache = pc.add(1).cast::<u32>();
        if (*globals).version() == *cache && (*builtins).version() == *cache.add(1) {
            let callee = *((*pc.add(2) & ((1 << NAME_SHIFT) - 1)) as *const Word);
            callee.incref();
            put(fp, a(pc), callee);
            put(fp, a(pc) + 1, Word::UNBOUND);
            jump_enter_other!(pc, fp, consts, vm, callee)
        }
        call_global_slow(pc, fp, consts, vm)
    }
}

switch! {
    far_call, call_from_afar;
    call_slow, any_call;
    call_maker, make;
    call_global_slow, global_call;
    call_kw, named_call;
    call_ex, spread_call;
}

/// What became of a call.
pub enum Pushed {
    /// A frame was pushed; go on at its entry.
    Frame(*mut u64),
    /// It is done.
    Result(Value),
}

/// A plain call from a generator's frame, or where the stack must grow.
fn call_from_afar(at: At<'_>) -> Res<*mut u64> {
    let (vm, base) = (at.vm, at.a());
    let absent = usize::from(at.reg(base + 1).is_unbound());
    let args = at.regs(base + 1 + absent, at.b() + 1 - absent);
    // SAFETY: the handler has looked: the callee is a function that has a running form and takes so many arguments.
    let function = unsafe { &*(at.reg(base).word().0 as *const Function) };
    // SAFETY: as above.
    let run = unsafe { &*function.run.get() };
    if let Some(cells) = run.creates
        && let Some(generator) = super::awaiting::of_call(vm, at.reg(base), run, cells, args)?
    {
        drop(at.reg(base).take());
        at.reg(at.c()).set(generator);
        return Ok(at.at(CALL_UNITS as isize));
    }
    let first = vm.thread.stacks.free_registers();
    if vm.thread.stacks.is_own(at.fp) || !vm.thread.stacks.holds(first, run.registers) {
        return any_call(at);
    }
    let frame = vm.push_frame()?;
    // SAFETY: `push_frame` gives a record to fill; the registers are ready and hold no pointers.
    unsafe {
        for (i, arg) in args.iter().enumerate() {
            put(first, i, arg.take().into_word());
        }
        for local in args.len()..run.locals {
            put(first, local, Word::UNBOUND);
        }
        let (pc, consts) = (run.entry(), run.first_const());
        frame.write(Frame::plain(pc, first, consts, function, run));
        Ok(pc)
    }
}

/// A call of a generator expression's function, whose generator is made without a frame for the function, if it can be.
fn make(at: At<'_>) -> Res<*mut u64> {
    let base = at.a();
    if !at.vm.breaker.is_raised()
        && !at.reg(base + 1).is_unbound()
        && let Some(made) = super::generators::made_at_once(at.vm, at.reg(base), at.regs(base + 1, 1))?
    {
        drop(at.reg(base).take());
        at.reg(at.c()).set(made);
        return Ok(at.at(CALL_UNITS as isize));
    }
    any_call(at)
}

fn global_call(at: At<'_>) -> Res<*mut u64> {
    // SAFETY: a call has two more units.
    let index = unsafe { *at.pc.add(2) >> NAME_SHIFT };
    let name = at.name(index as usize);
    let found =
        super::names::find_global(&at, name, false).inspect_err(|_| at.vm.move_error_to_load(&at, name))?;
    if let Some(place) = super::names::cache_global(&at, name)
        && place.slot >> NAME_SHIFT == 0
    {
        let op = if place.builtin { RunOp::CallBuiltin } else { RunOp::CallGlobalCached };
        // SAFETY: as above.
        unsafe {
            *at.pc.add(1) = place.versions;
            *at.pc.add(2) = place.slot | index << NAME_SHIFT;
            *at.pc.cast::<u16>() = op as u16;
        }
    }
    at.reg(at.a()).set(found);
    at.reg(at.a() + 1).set(Value::UNBOUND);
    any_call(at)
}

/// A call of anything with positional arguments in registers.
pub fn any_call(at: At<'_>) -> Res<*mut u64> {
    if at.vm.breaker.is_raised() {
        super::tracing::service_and_go_on(at.vm)?;
        if at.vm.tracing.is_on() {
            return traced_call(at);
        }
    }
    let pushed = dispatch(&at, at.a(), at.b(), &[])?;
    finish(&at, pushed, at.a(), at.c())
}

/// The same while somebody traces, who is told of it. The caller goes on in its traced form.
#[cold]
pub fn traced_call(at: At<'_>) -> Res<*mut u64> {
    let at = At { pc: super::tracing::go_on_traced(at.vm, at.pc)?, ..at };
    let base = at.a();
    let absent = at.reg(base + 1).is_unbound();
    let first = if absent { base + 2 } else { base + 1 };
    let argument = (at.b() + usize::from(!absent) > 0).then(|| at.reg(first).clone());
    let told = super::tracing::call_begins(&at, at.reg(base), argument, false)?;
    let args = held(told.is_some(), at.regs(first, at.b() + base + 2 - first));
    let pushed = super::tracing::call_ends(&at, told, dispatch(&at, base, at.b(), &[]))?;
    drop(args);
    finish(&at, pushed, base, at.c())
}

/// What stays until somebody has been told of a call's end.
fn held(told: bool, args: &[Value]) -> Vec<Value> {
    if told { args.to_vec() } else { Vec::new() }
}

/// Goes on after a call that is done, or at the entry of the frame that was pushed.
pub fn finish(at: &At<'_>, pushed: Pushed, base: usize, dst: usize) -> Res<*mut u64> {
    match pushed {
        Pushed::Frame(entry) => Ok(entry),
        Pushed::Result(value) => {
            at.reg(base).set(Value::UNBOUND);
            at.reg(dst).set(value);
            super::tracing::go_on_watched(at.vm, at.at(CALL_UNITS as isize))
        }
    }
}

/// Calls what is in register `base` with `count` arguments behind it, the last of them named by `names`.
fn dispatch(at: &At<'_>, base: usize, count: usize, names: &[Value]) -> Res<Pushed> {
    let vm = at.vm;
    let callee = at.reg(base);
    // A bound method becomes a function and its self.
    if at.reg(base + 1).is_unbound()
        && let Some(method) = callee.exact::<BoundMethod>()
    {
        let (function, this) = (method.function.clone(), method.this.clone());
        at.reg(base + 1).set(this);
        callee.set(function);
    }
    // An instance whose class has a `__call__` of Python's becomes that function and its self.
    else if at.reg(base + 1).is_unbound()
        && vm.type_of(callee).has(TypeFlags::HEAP)
        && let Some(function) = own_call(vm, callee)
    {
        let this = callee.take();
        at.reg(base + 1).set(this);
        callee.set(function);
    }
    let absent = at.reg(base + 1).is_unbound();
    if absent && let Some(init) = python_init(vm, callee) {
        return construct(at, base, count, names, init);
    }
    let (skip, count) = if absent { (2, count) } else { (1, count + 1) };
    let args = at.regs(base + skip, count);
    if let Some(function) = callee.exact::<Function>() {
        // SAFETY: the arguments lie in the caller's top temporaries.
        return unsafe { push_python(vm, function, args.as_ptr().cast_mut(), count - names.len(), names) };
    }
    let result = if let Some(native) = callee.exact::<NativeFunction>()
        && native.this.is_unbound()
        && fits(vm, native, args)
    {
        vm.check_stack()?;
        vm.call_native(native, Args::split(args, names))
    } else {
        vm.call_args(callee, Args::split(args, names))
    };
    // Arguments that the callee did not move are given up, the last first, as a frame's locals would be.
    for slot in args.iter().rev() {
        drop(slot.take());
    }
    result.map(Pushed::Result)
}

/// The `__call__` of an instance, if it is a function of Python's.
fn own_call(vm: &Vm, callee: &Value) -> Option<Value> {
    let ty = vm.type_of(callee);
    if !ty.slots().call().is_some_and(trampoline::is_call) {
        return None;
    }
    ty.lookup(vm, &vm.names.__call__).filter(|found| found.exact::<Function>().is_some())
}

/// Whether a method of a builtin type is called with an instance of it; a function of a module takes anything.
#[inline(always)]
pub fn fits(vm: &Vm, native: &NativeFunction, args: &[Value]) -> bool {
    match native.owner.get::<TypeObj>() {
        Some(owner) => args
            .first()
            .is_some_and(|this| std::ptr::eq(vm.type_of(this), owner) || vm.is_instance(this, owner)),
        None => true,
    }
}

/// Pushes the frame of a Python function whose arguments stand at `first`: `positional` of them, then the named ones. Arguments
/// are moved; on failure they stay where they are (or are gone).
///
/// # Safety
/// `first` and the registers behind it are above everything in use, or the top temporaries of a generator, from where the arguments are
/// moved to the register stack.
pub unsafe fn push_python(
    vm: &Vm,
    function: &Function,
    first: *mut Value,
    positional: usize,
    names: &[Value],
) -> Res<Pushed> {
    let run = function.code().ensure_run(vm)?;
    function.run.set(run);
    let given = positional + names.len();
    let in_place = vm.thread.stacks.is_own(first);
    let from = first;
    let first = if in_place { first } else { vm.thread.stacks.free_registers() };
    if !vm.registers_available(first, run.registers.max(given) + names.len() + 4) {
        return Err(vm.no_memory());
    }
    // SAFETY: the registers are available; those behind the arguments hold no pointers.
    unsafe {
        if !in_place {
            for at in 0..given {
                put(first, at, reg(from, at));
                put(from, at, Word::UNBOUND);
            }
        }
        if names.is_empty() && run.simple_args == positional as i64 {
            for at in given..run.locals {
                put(first, at, Word::UNBOUND);
            }
        } else {
            let registers = std::slice::from_raw_parts(first, run.locals.max(given));
            crate::bind::bind(vm, function, registers, positional, names)?;
        }
        let frame = match vm.push_frame() {
            Ok(frame) => frame,
            Err(raised) => {
                for at in 0..run.locals {
                    drop((*first.add(at)).take());
                }
                return Err(raised);
            }
        };
        let entry = if vm.tracing.is_on() { vm.traced_entry(run) } else { run.entry() };
        frame.write(Frame::plain(entry, first, run.first_const(), function, run));
        Ok(Pushed::Frame(entry))
    }
}

#[cold]
fn traced_named_call(at: At<'_>, names: &[Value]) -> Res<*mut u64> {
    let at = At { pc: super::tracing::go_on_traced(at.vm, at.pc)?, ..at };
    let (base, count) = (at.a(), at.b());
    let first = if at.reg(base + 1).is_unbound() { base + 2 } else { base + 1 };
    let told = super::tracing::call_begins(&at, at.reg(base), Some(at.reg(first).clone()), false)?;
    let args = held(told.is_some(), at.regs(first, count + base + 2 - first));
    let pushed = super::tracing::call_ends(&at, told, dispatch(&at, base, count, names))?;
    drop(args);
    finish(&at, pushed, base, at.c())
}

fn named_call(at: At<'_>) -> Res<*mut u64> {
    let (base, count) = (at.a(), at.b());
    let names = at.reg(base + 2 + count).take();
    let list = names.get::<Tuple>().map_or(&[][..], Tuple::items);
    if at.vm.tracing.is_on() {
        return traced_named_call(at, list);
    }
    let pushed = dispatch(&at, base, count, list)?;
    finish(&at, pushed, base, at.c())
}

/// `c = a(*args, **mapping)`: callable, null, args, mapping or null.
fn spread_call(at: At<'_>) -> Res<*mut u64> {
    let (vm, base) = (at.vm, at.a());
    let callee = at.reg(base);
    let spread = at.reg(base + 2).take();
    let mapping = at.reg(base + 3).take();
    let spread = if spread.exact::<Tuple>().is_some() { spread } else { spread_tuple(vm, callee, &spread)? };
    let args = spread.get::<Tuple>().map_or(&[][..], Tuple::items);
    let mut names = vm.vector(0)?;
    let mut named = vm.vector(0)?;
    if let Some(dict) = mapping.get::<Dict>() {
        vm.reserve(&mut named, dict.len())?;
        vm.reserve(&mut names, dict.len())?;
        for entry in dict.entries() {
            if !vm.is_str(&entry.key) {
                return Err(vm.type_error("keywords must be strings"));
            }
            names.push(vm.intern_value(entry.key.clone())?);
            named.push(entry.value.clone());
        }
    }
    drop(mapping);
    if !vm.tracing.is_on() {
        let this = callee.exact::<BoundMethod>().map(|method| &method.this);
        let function = callee.exact::<BoundMethod>().map_or(callee, |method| &method.function);
        if let Some(function) = function.exact::<Function>() {
            // The callee stays in its register until it returns.
            let pushed = push_spread(vm, function, this, args, &named, &names)?;
            return finish(&at, pushed, base, at.c());
        }
    }
    let told = if vm.tracing.is_on() {
        super::tracing::call_begins(&at, callee, args.iter().chain(named.iter()).next().cloned(), true)?
    } else {
        None
    };
    let mut slots = vm.vector(args.len() + named.len())?;
    slots.extend(args.iter().cloned());
    slots.extend(named.iter().map(Value::take));
    drop(spread);
    let callee = callee.clone();
    let result = vm.call_args(&callee, Args::split(&slots, &names));
    let pushed = super::tracing::call_ends(&at, told, result.map(Pushed::Result))?;
    finish(&at, pushed, base, at.c())
}

/// The tuple of what `*` spreads, which is none yet. Runs Python.
#[cold]
fn spread_tuple(vm: &Vm, callee: &Value, spread: &Value) -> Res {
    if vm.slots(spread).iter().is_none() && vm.slots(spread).getitem().is_none() {
        let name = vm.callable_name(callee);
        return Err(vm.type_error(format_args!(
            "{name} argument after * must be an iterable, not {}",
            vm.type_name(spread)
        )));
    }
    let items = vm.collect(spread)?;
    vm.take_tuple(&items)
}

/// Pushes the frame of a function of Python's for arguments that lie elsewhere: on free registers, to which they are copied.
fn push_spread(
    vm: &Vm,
    function: &Function,
    this: Option<&Value>,
    args: &[Value],
    named: &[Value],
    names: &[Value],
) -> Res<Pushed> {
    let first = vm.thread.stacks.free_registers();
    let positional = args.len() + usize::from(this.is_some());
    let count = positional + named.len() + 4;
    if !vm.registers_available(first, count) {
        return Err(vm.no_memory());
    }
    // SAFETY: the registers are available, also while numbers are boxed and the rest becomes a tuple, and hold no pointers.
    vm.thread.stacks.holding(count, || unsafe {
        let given = this.into_iter().chain(args).map(Value::clone).chain(named.iter().map(Value::take));
        for (at, value) in given.enumerate() {
            put(first, at, value.into_word());
        }
        let pushed = push_python(vm, function, first, positional, names);
        if pushed.is_err() {
            for at in 0..positional + named.len() {
                drop((*first.add(at)).take());
            }
        }
        pushed
    })
}

impl Vm {
    /// A global that a fused call could not find: the error belongs to the load.
    fn move_error_to_load(&self, at: &At<'_>, name: &Value) {
        let code = &at.code().code;
        let call = at.run().instr_at(at.pc).index();
        let load = (0..call).rev().find(|i| {
            let instr = code.instrs[*i];
            instr.op() == Some(ryokan_bytecode::Op::LoadGlobal)
                && at.code().names[instr.arg() as usize].word() == name.word()
        });
        if let Some(load) = load {
            self.thread.error_instr.set(InstrIndex::of(load));
        }
    }
}
