//! Calls of classes in general, and which `__init__` they run.

use super::At;
use super::callees::{construct, python_init};
use super::calls::{Pushed, finish};
use crate::object::Layout;
use crate::object::call::Args;
use crate::object::ty::{TypeFlags, TypeObj};
use crate::raised::Res;
use crate::types::function::Function;
use crate::value::Value;
use crate::vm::Vm;

/// The `__init__`, written in Python, that a call of a plain class runs on a plain instance, as its MRO says.
#[cold]
pub fn find_init(vm: &Vm, ty: &TypeObj) -> Option<Value> {
    let plain = |ty: &TypeObj| ty.slots().new();
    if ty.layout != Layout::Instance
        || !ty.has(TypeFlags::HEAP)
        || ty.has(TypeFlags::ABSTRACT)
        || plain(ty) != plain(&vm.types.object)
    {
        return None;
    }
    let init = ty.lookup(vm, &vm.names.__init__)?;
    init.exact::<Function>().is_some().then_some(init)
}

/// A call of a class whose metaclass is `type`.
pub fn call_of_class(at: At<'_>) -> Res<*mut u64> {
    let (vm, base) = (at.vm, at.a());
    if vm.breaker.is_raised() {
        super::tracing::service_and_go_on(vm)?;
        if vm.tracing.is_on() {
            return super::calls::traced_call(at);
        }
    }
    let absent = usize::from(at.reg(base + 1).is_unbound());
    let args = at.regs(base + 1 + absent, at.b() + 1 - absent);
    if absent == 1
        && let Some(init) = python_init(vm, at.reg(base))
    {
        let pushed = construct(&at, base, at.b(), &[], init)?;
        return finish(&at, pushed, base, at.c());
    }
    vm.check_stack()?;
    let result = crate::types::type_type::call(vm, at.reg(base), Args::pos(args));
    for slot in args.iter().rev() {
        drop(slot.take());
    }
    finish(&at, Pushed::Result(result?), base, at.c())
}
