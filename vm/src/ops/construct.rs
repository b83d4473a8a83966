//! Calls of classes: a new object and the frame of its `__init__`, with nothing on the native stack between.

use super::calls::{CALL_UNITS, Pushed, finish, push_python};
use super::moves::jump_overwrite;
use super::{At, c, put, reg, switch};
use crate::object::Layout;
use crate::object::call::Args;
use crate::object::ty::{TypeObj, type_flag};
use crate::raised::Res;
use crate::running::ops::RunOp;
use crate::stack::Frame;
use crate::types::function::Function;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// A call of a class whose metaclass is `type`.
fn call_of_class(at: At<'_>) -> Res<*mut u64> {
    let (vm, base) = (at.vm, at.a());
    if vm.breaker.get() != 0 {
        super::control::service(vm)?;
    }
    if at.reg(base + 1).is_unbound()
        && let Some(init) = python_init(vm, at.reg(base))
    {
        let pushed = construct(&at, base, at.b(), &[], init)?;
        return finish(&at, pushed, base, at.c());
    }
    let absent = usize::from(at.reg(base + 1).is_unbound());
    let args = at.regs(base + 1 + absent, at.b() + 1 - absent);
    vm.check_stack()?;
    let result = crate::types::type_type::call(vm, at.reg(base), Args::pos(args));
    for slot in args.iter().rev() {
        drop(slot.take());
    }
    finish(&at, Pushed::Result(result?), base, at.c())
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

#[cold]
fn find_init(vm: &Vm, ty: &TypeObj) -> Option<Value> {
    let plain = |ty: &TypeObj| ty.slots().new();
    if ty.layout != Layout::Instance
        || !ty.has(type_flag::HEAP)
        || ty.has(type_flag::ABSTRACT)
        || plain(ty) != plain(&vm.types.object)
    {
        return None;
    }
    let init = ty.lookup(vm, &vm.names.__init__)?;
    init.exact::<Function>().is_some().then_some(init)
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
            && (*run).simple_args == given as i64
            && vm.thread.stacks.holds(first, (*run).registers)
        {
            // The common case of `push_python`.
            if let Ok(frame) = vm.push_frame() {
                for local in given..(*run).locals {
                    put(first, local, Word::UNBOUND);
                }
                let (pc, consts) = ((*run).entry(), (*run).consts.as_ptr());
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
    class_call, call_of_class;
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
