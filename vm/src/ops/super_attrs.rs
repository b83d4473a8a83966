//! Attributes of `super()`, and the special methods that `with` calls.

use super::attrs::{ATTR_UNITS, guard};
use super::{At, a, b, helper, jump_next, put, reg};
use crate::object::ty::TypeObj;
use crate::raised::Res;
use crate::types::super_type;
use crate::value::{Value, Word};
use crate::vm::Vm;

helper! {
    load_super_attr, 1, load_super;
    load_super_method_slow, ATTR_UNITS, load_super_bound;
    load_special, 1, special;
}

fn load_super(at: At<'_>) -> Res<()> {
    let first = at.b();
    let [factory, class, this] = [at.reg(first), at.reg(first + 1), at.reg(first + 2)];
    let value = super_type::load(at.vm, factory, class, this, at.name(at.c()))?;
    (first..first + 3).for_each(|i| at.release(i));
    at.give(value)
}
/// `a, a+1 = method and self` of `super(b+1, b+2).name`, where `b` holds what the name `super` means. The units behind hold the guard
/// of self's shape, the class, and the method.
pub unsafe extern "C" fn load_super_method(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: while the guard holds, self's class and its MRO are as they were, and that keeps class and method alive.
    unsafe {
        let first = b(pc);
        let (factory, class, this) = (reg(fp, first), reg(fp, first + 1), reg(fp, first + 2));
        if this.is_ptr()
            && *pc.add(1) == guard(vm, this.shape())
            && *pc.add(2) == class.0
            && factory == (*vm).types.super_type.word()
            && class.refs() != 1
        {
            let method = Word(*pc.add(3));
            method.incref();
            // Both live on: the builtin, and a class that an instance has.
            let _ = factory.ptr().as_ref().decref();
            let _ = class.ptr().as_ref().decref();
            put(fp, first + 2, Word::UNBOUND);
            put(fp, a(pc), method);
            put(fp, a(pc) + 1, this);
            jump_next!(pc.wrapping_add(ATTR_UNITS), fp, consts, vm)
        }
        load_super_method_slow(pc, fp, consts, vm)
    }
}
fn load_super_bound(at: At<'_>) -> Res<()> {
    let (vm, first) = (at.vm, at.b());
    let [factory, class, this] = [at.reg(first), at.reg(first + 1), at.reg(first + 2)];
    let (callable, bound) = super_type::load_method(vm, factory, class, this, at.name(at.c()))?;
    // A method of an instance's own MRO; anything else is looked up again.
    let own = |class: &TypeObj| vm.type_of(this).is_subtype(class) && this.get::<TypeObj>().is_none();
    let own = class.get::<TypeObj>().is_some_and(own);
    if !bound.is_unbound() && own && vm.caches() && this.word().is_ptr() {
        // SAFETY: a load of a super method has three more units.
        unsafe {
            *at.pc.add(1) = guard(vm, this.word().shape());
            *at.pc.add(2) = class.word().0;
            *at.pc.add(3) = callable.word().0;
        }
    }
    (first..first + 3).for_each(|i| at.release(i));
    at.reg(at.a()).set(callable);
    at.reg(at.a() + 1).set(bound);
    Ok(())
}
fn special(at: At<'_>) -> Res<()> {
    use crate::object::call::Special as Found;
    use ryokan_bytecode::Special;
    let vm = at.vm;
    let which = Special::from_arg(at.c() as u32).unwrap_or(Special::Enter);
    let name = vm.intern(which.text())?;
    let owner = at.reg(at.b());
    let Some(found) = vm.lookup_special(owner, &name)? else {
        let kind = vm.type_name(owner);
        let (manager, missed) = match which {
            Special::Enter | Special::Exit => ("context manager", which.text()),
            Special::AsyncEnter | Special::AsyncExit => ("asynchronous context manager", which.text()),
        };
        let message =
            format!("'{kind}' object does not support the {manager} protocol (missed {missed} method)");
        return Err(vm.type_error(message));
    };
    let this = at.reg(at.b()).take();
    match found {
        Found::Unbound(function) => {
            at.reg(at.a()).set(function);
            at.reg(at.a() + 1).set(this);
        }
        Found::Bound(callable) => {
            at.reg(at.a()).set(callable);
            at.reg(at.a() + 1).set(Value::UNBOUND);
        }
    }
    Ok(())
}
