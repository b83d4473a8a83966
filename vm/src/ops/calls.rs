//! Calls and returns.
//!
//! A call's operands: `a` the register of the callable (then self, then the arguments), `b` how many arguments, `c` where the
//! result goes. The callee's frame begins at its first argument. The caller's record keeps the call as its position, so that
//! a return finds there where the result goes, and how long the call is.

use super::construct::{class_call, construct, python_init};
use super::moves::jump_overwrite;
use super::{At, a, b, c, jump_next, put, reg, switch};
use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, NativeFunction};
use crate::object::ty::TypeObj;
use crate::raised::Res;
use crate::running::RunCode;
use crate::running::ops::RunOp;
use crate::stack::Frame;
use crate::types::dict::Dict;
use crate::types::function::{BoundMethod, Function};
use crate::types::int::unbox_word;
use crate::types::list::List;
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
        if run.is_null() || (*run).simple_args != $count as i64 || (*$vm).breaker.get() != 0 {
            return $slow($pc, $fp, $consts, $vm);
        }
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
        let consts = (*run).consts.as_ptr();
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

/// Calls what is no Python function: a native function at once, anything else by the slow path.
macro_rules! jump_enter_other {
    ($pc:expr, $fp:expr, $consts:expr, $vm:expr, $callee:expr) => {{
        if $callee.is_ptr() {
            let shape = $callee.shape();
            if shape == Layout::NativeFunction.shape() {
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
            jump_enter!(pc, fp, consts, vm, callee, fp.add(a(pc) + 2), b(pc), call_slow)
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
            jump_enter!(pc, fp, consts, vm, callee, fp.add(a(pc) + 1), b(pc) + 1, call_slow)
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
                jump_enter!(pc, fp, consts, vm, callee, fp.add(a(pc) + 2), b(pc), call_slow)
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

/// A call of a native function.
unsafe extern "C" fn native_call(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the caller has looked at the callee's shape; operands are registers of the frame.
    unsafe {
        match (*(reg(fp, a(pc)).0 as *const NativeFunction)).def.call {
            Call::Push(_) => push_call(pc, fp, consts, vm),
            Call::Float(..) | Call::Quick(..) => answering_call(pc, fp, consts, vm),
            _ => any_native_call(pc, fp, consts, vm),
        }
    }
}

/// A call of a native function that may answer at once.
#[inline(never)]
unsafe extern "C" fn answering_call(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        let base = a(pc);
        let callee = reg(fp, base);
        let native = &*(callee.0 as *const NativeFunction);
        if reg(fp, base + 1).is_unbound() && callee.refs() != 1 && (*vm).breaker.get() == 0 {
            let count = b(pc);
            let (x, y) = (reg(fp, base + 2), if count == 2 { reg(fp, base + 3) } else { Word::UNBOUND });
            let dies = |word: Word, refs: u32| word.is_ptr() && word.refs() == refs;
            let result = match native.def.call {
                _ if dies(x, 1) || dies(y, 1) || (x == y && dies(x, 2)) => Word::UNBOUND,
                Call::Float(function, _) if count == 1 => match float_arg(x) {
                    Some(x) => apply(function, x),
                    None => Word::UNBOUND,
                },
                Call::Quick(takes, function, _) if count == usize::from(takes) => ask(vm, function, x, y),
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
        any_native_call(pc, fp, consts, vm)
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
        if b(pc) != 1 || callee.refs() == 1 || (*vm).breaker.get() != 0 {
            return any_native_call(pc, fp, consts, vm);
        }
        let given = reg(fp, base + 1);
        let bound = (*(callee.0 as *const NativeFunction)).this.word();
        let this = if given.is_unbound() { bound } else { given };
        // Nor may a list that only the call holds.
        let lives_on = bound.is_unbound() && this.is_ptr() && this.refs() != 1;
        if !given.is_unbound() && !lives_on {
            return any_native_call(pc, fp, consts, vm);
        }
        if !this.is_ptr()
            || this.shape() != Layout::List.shape()
            || !(*(this.0 as *const List)).try_push_word(reg(fp, base + 2))
        {
            return any_native_call(pc, fp, consts, vm);
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
unsafe fn ask(vm: *const Vm, function: fn(&Vm, Word, Word) -> Word, x: Word, y: Word) -> Word {
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
    far_call, call_from_afar;
    call_slow, any_call;
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
    let first = vm.thread.stacks.free_registers();
    if vm.thread.stacks.is_own(at.fp) || !vm.thread.stacks.holds(first, run.registers) {
        return any_call(at);
    }
    if let Some(cells) = run.creates
        && let Some(generator) = super::generators::of_call(vm, at.reg(base), run, cells, args)?
    {
        drop(at.reg(base).take());
        at.reg(at.c()).set(generator);
        return Ok(at.at(CALL_UNITS as isize));
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
        let (pc, consts) = (run.entry(), run.consts.as_ptr());
        frame.write(Frame::plain(pc, first, consts, function, run));
        Ok(pc)
    }
}

/// A call of a native function with positional arguments in registers.
fn call_of_native(at: At<'_>) -> Res<*mut u64> {
    let (vm, base) = (at.vm, at.a());
    let callee = at.reg(base);
    // SAFETY: the handler has looked at the shape; the register keeps the function alive.
    let native = unsafe { &*(callee.word().0 as *const NativeFunction) };
    if vm.breaker.get() != 0 {
        super::control::service(vm)?;
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
    Ok(at.at(CALL_UNITS as isize))
}

fn global_call(at: At<'_>) -> Res<*mut u64> {
    // SAFETY: a call has two more units.
    let index = unsafe { *at.pc.add(2) >> NAME_SHIFT };
    let name = at.name(index as usize);
    let found =
        super::names::find_global(&at, name).inspect_err(|_| at.vm.move_error_to_load(&at, name))?.clone();
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
fn any_call(at: At<'_>) -> Res<*mut u64> {
    if at.vm.breaker.get() != 0 {
        super::control::service(at.vm)?;
    }
    let pushed = dispatch(&at, at.a(), at.b(), &[])?;
    finish(&at, pushed, at.a(), at.c())
}

/// Goes on after a call that is done, or at the entry of the frame that was pushed.
pub fn finish(at: &At<'_>, pushed: Pushed, base: usize, dst: usize) -> Res<*mut u64> {
    match pushed {
        Pushed::Frame(entry) => Ok(entry),
        Pushed::Result(value) => {
            at.reg(base).set(Value::UNBOUND);
            at.reg(dst).set(value);
            Ok(at.at(CALL_UNITS as isize))
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

/// Whether a method of a builtin type is called with an instance of it; a function of a module takes anything.
#[inline(always)]
fn fits(vm: &Vm, native: &NativeFunction, args: &[Value]) -> bool {
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
        frame.write(Frame::plain(run.entry(), first, run.consts.as_ptr(), function, run));
        Ok(Pushed::Frame(run.entry()))
    }
}

fn named_call(at: At<'_>) -> Res<*mut u64> {
    let (base, count) = (at.a(), at.b());
    let names = at.reg(base + 2 + count).take();
    let list = names.get::<Tuple>().map_or(&[][..], Tuple::items);
    let pushed = dispatch(&at, base, count, list)?;
    finish(&at, pushed, base, at.c())
}

/// `a = b(*args, **mapping)`: callable, null, args, mapping or null. One unit long.
fn spread_call(at: At<'_>) -> Res<*mut u64> {
    let (vm, base) = (at.vm, at.b());
    let callee = at.reg(base).take();
    let spread = at.reg(base + 2).take();
    let mapping = at.reg(base + 3).take();
    if vm.slots(&spread).iter().is_none() && vm.slots(&spread).getitem().is_none() {
        let name = vm.callable_name(&callee);
        return Err(vm.type_error(format_args!(
            "{name} argument after * must be an iterable, not {}",
            vm.type_name(&spread)
        )));
    }
    let mut slots = vm.collect(&spread)?;
    drop(spread);
    let mut names = vm.vector(0)?;
    if let Some(dict) = mapping.get::<Dict>() {
        vm.reserve(&mut slots, dict.len())?;
        vm.reserve(&mut names, dict.len())?;
        for entry in dict.entries() {
            if !vm.is_str(&entry.key) {
                return Err(vm.type_error("keywords must be strings"));
            }
            names.push(vm.intern_value(entry.key.clone())?);
            slots.push(entry.value.clone());
        }
    }
    drop(mapping);
    let result = vm.call_args(&callee, Args::split(&slots, &names))?;
    at.give(result)?;
    Ok(at.at(1))
}

impl Vm {
    /// How messages name a callable: `f()`.
    pub fn callable_name(&self, callable: &Value) -> String {
        let name = self.qualified_name(callable).unwrap_or_else(|raised| {
            drop(self.take_raised(raised));
            None
        });
        name.unwrap_or_else(|| match self.to_str(callable) {
            Ok(shown) => self.text(&shown).to_string(),
            Err(raised) => {
                drop(self.take_raised(raised));
                format!("{} object", self.type_name(callable))
            }
        })
    }
    /// `module.qualname()`, if it has a qualified name.
    fn qualified_name(&self, callable: &Value) -> Res<Option<String>> {
        let Some(name) = self.get_attr_opt(callable, &self.names.__qualname__)? else { return Ok(None) };
        let name = self.to_str(&name)?;
        let module = self.get_attr_opt(callable, &self.names.__module__)?.unwrap_or(Value::NONE);
        let shown = !module.is_none() && self.text(&module) != "builtins";
        let module = if shown { format!("{}.", self.text(&self.to_str(&module)?)) } else { String::new() };
        Ok(Some(format!("{module}{}()", self.text(&name))))
    }

    /// A global that a fused call could not find: the error belongs to the load.
    fn move_error_to_load(&self, at: &At<'_>, name: &Value) {
        let code = &at.code().code;
        let call = at.run().instr_at(at.pc) as usize;
        let load = (0..call).rev().find(|i| {
            let instr = code.instrs[*i];
            instr.op() == Some(ryokan_bytecode::Op::LoadGlobal)
                && at.code().names[instr.arg() as usize].word() == name.word()
        });
        if let Some(load) = load {
            self.thread.error_instr.set(load as u32);
        }
    }
}
