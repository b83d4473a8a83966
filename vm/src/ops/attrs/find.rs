//! Where attributes are: who finds out what a load can remember, and fills its cache.

use super::forms::{AWAY, BINDS, EXT, PEEKS, WRAPPED};
use super::{ATTR_UNITS, CLASS, LOAD, METHOD, PLACE};
use crate::object::Layout;
use crate::object::shape::{EXT_AT_END, Shape};
use crate::object::ty::{TypeNumber, TypeObj};
use crate::ops::At;
use crate::ops::callees::{ATTRIBUTE, ask};
use crate::raised::Res;
use crate::running::ops::RunOp;
use crate::types::classes::trampoline;
use crate::types::descriptors::{GetSetObj, Member};
use crate::types::dict::Dict;
use crate::types::function::{CLASS_METHOD_TYPE, Function, STATIC_METHOD_TYPE};
use crate::types::module::Module;
use crate::types::property::Property;
use crate::value::Value;
use crate::vm::Vm;

/// The slot of `name` in instances of the owner's shape, if a plain load would find it there.
pub fn cacheable_slot(vm: &Vm, owner: &Value, name: &Value) -> Option<u16> {
    let shape = vm.shape_of(owner).filter(|_| vm.caches())?;
    let ty = vm.type_of(owner);
    if !vm.finds_plainly(ty) {
        return None;
    }
    if let Some(found) = ty.lookup(vm, name)
        && vm.slots(&found).set().is_some()
    {
        // A member of `__slots__` is in a slot too: while it is set, at least.
        return found.exact::<Member>().filter(|m| m.fits(ty)).and_then(Member::word_index);
    }
    if shape.ext == 0 || shape.ext == EXT_AT_END || shape.dict_mode {
        return None;
    }
    shape.find(name.word())
}

/// Where a load finds its attribute.
pub(super) enum Where {
    /// In a slot of the instance.
    Slot(u16),
    /// In one of the forms of `forms.rs`: what its guard compares, and its entry.
    Form(RunOp, u64, u64),
}

/// Where a load finds `name`, if that can be cached.
fn find(vm: &Vm, owner: &Value, name: &Value) -> Option<Where> {
    if let Some(slot) = cacheable_slot(vm, owner, name) {
        return Some(Where::Slot(slot));
    }
    let shape = vm.shape_of(owner).filter(|_| vm.caches())?;
    let ty = vm.type_of(owner);
    if let Some(module) = owner.exact::<Module>() {
        return in_module(vm, module, name);
    }
    if let Some(class) = owner.get::<TypeObj>() {
        return of_class(vm, class, ty, name);
    }
    let guard = vm.guard(shape.id);
    // What a function has in its dict stands behind the descriptors of its type.
    let is_function = std::ptr::eq(ty, &*vm.types.function);
    if !vm.finds_plainly(ty) && !is_function {
        return hook(vm, ty, shape, name);
    }
    let place = ty.find_place(name).map(|(_, slot)| slot);
    if let Some(place) = place
        && vm.slots(place).set().is_some()
    {
        // Where a getter raises `AttributeError`, a `__getattr__` is asked.
        let hooked = ty.slots().getattr().is_some_and(trampoline::is_getattr);
        return if hooked { None } else { computed(vm, ty, place, guard, name) };
    }
    if shape.ext == EXT_AT_END || is_function {
        return None;
    }
    if let Some(place) = place
        && !vm.is_plain_attribute(place)
    {
        // What the instance has itself stands before it.
        if shape.dict_mode || shape.find(name.word()).is_some() {
            return None;
        }
        let native = |place: &Value| place.word().shape() == Layout::NativeFunction.second();
        if place.exact::<Function>().is_none() && !(place.object().is_some() && native(place)) {
            return None;
        }
        let found = ty.lookup(vm, name)?;
        return Some(Where::Form(RunOp::LoadAttrBound, guard, found.word().0));
    }
    if shape.dict_mode {
        let dict = vm.ext_slot(owner)?.get::<Dict>()?;
        let number = dict.find_name(name).filter(|_| name.get::<crate::types::str::Str>().is_some())?;
        let number = u32::try_from(number).ok()?;
        // Nothing that the type has stands before it; the guard holds that, for the lookup was one that caches know of.
        ty.lookup(vm, name);
        return Some(Where::Form(RunOp::LoadAttrHint, guard, u64::from(number) | u64::from(shape.ext) << 32));
    }
    if shape.find(name.word()).is_some() {
        return None;
    }
    let Some(place) = vm.plain_place(ty, name) else { return hook(vm, ty, shape, name) };
    vm.remember(shape.id, name, PLACE, place as u64);
    Some(Where::Form(RunOp::LoadAttrPlace, guard, place as u64))
}

/// Who is asked for what an instance of a shape does not have, or for anything: a `__getattr__` or `__getattribute__` of Python's.
fn hook(vm: &Vm, ty: &TypeObj, shape: &Shape, name: &Value) -> Option<Where> {
    if shape.ext == EXT_AT_END || !ty.slots().getattr().is_some_and(trampoline::is_getattr) {
        return None;
    }
    let hook = ty.lookup(vm, &vm.names.__getattr__);
    let method = if !vm.finds_plainly(ty) {
        // What it does not find, a `__getattr__` is asked for.
        ty.lookup(vm, &vm.names.__getattribute__).filter(|_| hook.is_none())?
    } else {
        // The guard holds that nobody has the name: the lookup is one that caches know of.
        hook.filter(|_| !shape.dict_mode && ty.lookup(vm, name).is_none())?
    };
    method.exact::<Function>()?;
    Some(Where::Form(RunOp::LoadAttrHook, vm.guard(shape.id), method.word().0))
}

fn in_module(vm: &Vm, module: &Module, name: &Value) -> Option<Where> {
    // What `module` itself has, `__dict__` and `__annotations__`, stands before it.
    if vm.types.module.lookup(vm, name).is_some_and(|found| vm.slots(&found).set().is_some()) {
        return None;
    }
    let place = std::ptr::from_ref(module.dict().get_name(name)?);
    let version = u64::from(module.dict().ensure_version(vm));
    (version != 0).then_some(Where::Form(RunOp::LoadAttrModule, version, place as u64))
}

/// An attribute that a class has as a value, or that its base has; nothing of its metaclass is before it.
fn of_class(vm: &Vm, class: &TypeObj, meta: &TypeObj, name: &Value) -> Option<Where> {
    if meta.slots().getattr() != vm.types.r#type.slots().getattr() || class.number == TypeNumber::NONE {
        return None;
    }
    if let Some((_, found)) = meta.find_place(name)
        && vm.slots(found).set().is_some()
    {
        return computed(vm, meta, found, vm.guard(class.word().shape()), name);
    }
    let guard = vm.class_guard(class);
    let place = match vm.plain_place(class, name) {
        Some(place) => place,
        // A function is not bound to a class that it is reached through.
        None => {
            let (dict, slot) = class.find_place(name)?;
            slot.exact::<Function>().filter(|_| dict.ensure_version(vm) != 0)?;
            class.lookup(vm, name)?;
            std::ptr::from_ref(slot)
        }
    };
    vm.remember(class.number, name, CLASS, place as u64);
    Some(Where::Form(RunOp::LoadAttrClass, guard, place as u64))
}

/// A data descriptor of the owner's type.
fn computed(vm: &Vm, ty: &TypeObj, found: &Value, guard: u64, name: &Value) -> Option<Where> {
    let form = if let Some(getter) = found.exact::<GetSetObj>().filter(|get| get.serves(ty)) {
        Where::Form(RunOp::LoadAttrGet, guard, std::ptr::from_ref(getter) as u64)
    } else {
        let function = found.exact::<Property>().map(|property| &property.getter)?;
        function.exact::<Function>()?;
        Where::Form(RunOp::LoadAttrProperty, guard, std::ptr::from_ref(found.get::<Property>()?) as u64)
    };
    // The guard holds what was found, for the lookup was one that caches know of.
    ty.lookup(vm, name);
    Some(form)
}

fn load_with(at: &At<'_>, cached: [RunOp; 2], peeks: bool) -> Res<*mut u64> {
    let (owner, name) = (at.reg(at.b()), at.name(at.c()));
    match find(at.vm, owner, name) {
        Some(Where::Slot(slot)) => {
            let shape = owner.word().shape();
            at.cache(cached[usize::from(at.is_temp(at.b()))], at.vm.guard(shape), u64::from(slot));
            at.vm.remember(shape, name, LOAD, u64::from(slot));
            if peeks {
                let held = at.vm.word_slot(owner, slot);
                if held.word().is_number() && !held.is_unbound() {
                    let value = Value::immediate(held.word());
                    return found(at, value);
                }
            }
        }
        Some(Where::Form(op, guard, entry)) => {
            let away = if at.is_temp(at.b()) && at.a() != at.b() { AWAY } else { 0 };
            let peeks = if peeks { PEEKS } else { 0 };
            at.cache(op, guard, entry | away | peeks);
        }
        None => return ask_hook(at, owner, name),
    }
    let value = at.vm.get_attr(owner, name)?;
    found(at, value)
}

/// Gives what was found, and gives up the owner.
fn found(at: &At<'_>, value: Value) -> Res<*mut u64> {
    at.release(at.b());
    at.give(value)?;
    Ok(at.at(ATTR_UNITS as isize))
}

/// A `__getattribute__` of Python's, or a `__getattr__` where nothing else is found, is asked by a frame.
fn ask_hook(at: &At<'_>, owner: &Value, name: &Value) -> Res<*mut u64> {
    let (vm, ty) = (at.vm, at.vm.type_of(owner));
    let asks = ty.slots().getattr().is_some_and(trampoline::is_getattr);
    let has = |name: &Value| if asks { ty.lookup(vm, name) } else { None };
    let hook = has(&vm.names.__getattr__);
    let method = if !vm.finds_plainly(ty) {
        // What it does not find, a `__getattr__` is asked for.
        has(&vm.names.__getattribute__).filter(|_| hook.is_none())
    } else if hook.is_some() {
        match vm.find_attr(owner, name) {
            Ok(Some(value)) => return found(at, value),
            Ok(None) => {}
            Err(raised) if vm.raised_is(&raised, &vm.exc.AttributeError) => drop(vm.take_raised(raised)),
            Err(raised) => return Err(raised),
        }
        hook
    } else {
        None
    };
    if let Some(entry) = method.and_then(|method| push_hook(at, &method)) {
        return Ok(entry);
    }
    let value = vm.get_attr(owner, name)?;
    found(at, value)
}

/// Pushes the frame of a hook that is asked for the attribute of a load, and gives up the owner; nothing if that cannot be done so.
pub(super) fn push_hook(at: &At<'_>, hook: &Value) -> Option<*mut u64> {
    let owner = at.reg(at.b());
    // (The register is the asker's, of whose frame nobody knows any more when it has asked.)
    let owns = at.is_temp(at.b());
    let entry = ask(at, hook, [owner.clone(), at.name(at.c()).clone()], &ATTRIBUTE).ok()?;
    if owns {
        drop(owner.take());
    }
    Some(entry)
}

pub(super) fn load(at: At<'_>) -> Res<*mut u64> {
    load_with(&at, [RunOp::LoadAttrSlot, RunOp::LoadAttrSlotT], false)
}
pub(super) fn load_peek(at: At<'_>) -> Res<*mut u64> {
    load_with(&at, [RunOp::LoadAttrSlotPeek, RunOp::LoadAttrSlotTPeek], true)
}

// ---- methods that are called at once ---------------------------------------------------------------------------

pub(super) fn load_bound(at: At<'_>) -> Res<()> {
    let vm = at.vm;
    let (src, dst) = (at.b(), at.a());
    let (owner, name) = (at.reg(src), at.name(at.c()));
    let ty = vm.type_of(owner);
    let plain = ty.slots().getattr() == vm.types.object.slots().getattr();
    if plain
        && let Some(found) = ty.lookup(vm, name)
        && vm.is_method_like(&found)
        && vm.own_attr(owner, name)?.is_none()
    {
        let shape =
            vm.shape_of(owner).filter(|s| vm.caches() && s.ext != EXT_AT_END && !owner.has::<Module>());
        if let Some(shape) = shape {
            let (entry, temp) = (found.word().0, u64::from(at.is_temp(src)));
            if shape.dict_mode {
                let entry = entry | u64::from(shape.ext) << EXT | temp;
                at.cache(RunOp::LoadMethodHint, vm.guard(shape.id), entry);
            } else {
                at.cache(RunOp::LoadMethodCached, vm.guard(shape.id), entry | temp);
                vm.remember(shape.id, name, METHOD, entry);
            }
        }
        let this = at.take(src);
        at.reg(dst + 1).set(this);
        at.reg(dst).set(found);
        return Ok(());
    }
    cache_other(&at, owner, name);
    let value = vm.get_attr(owner, name)?;
    at.release(src);
    at.reg(dst + 1).set(Value::UNBOUND);
    at.reg(dst).set(value);
    Ok(())
}

/// Caches the function that a class or a module has, if that is where the method comes from.
fn cache_other(at: &At<'_>, owner: &Value, name: &Value) {
    let vm = at.vm;
    let found = if let Some(module) = owner.exact::<Module>() {
        function_of_module(vm, module, name).map(|(version, place)| (RunOp::LoadMethodModule, version, place))
    } else if let Some(class) = owner.get::<TypeObj>() {
        function_of_class(vm, class, vm.type_of(owner), name)
            .map(|(guard, entry)| (RunOp::LoadMethodClass, guard, entry))
    } else {
        None
    };
    if let Some((op, guard, entry)) = found {
        at.cache(op, guard, entry | u64::from(at.is_temp(at.b())));
    }
}

/// The version of a module's keys, and where it has a name.
fn function_of_module(vm: &Vm, module: &Module, name: &Value) -> Option<(u64, u64)> {
    if !vm.caches() || vm.types.module.lookup(vm, name).is_some() {
        return None;
    }
    let place = std::ptr::from_ref(module.dict().get_name(name)?);
    let version = u64::from(module.dict().ensure_version(vm));
    (version != 0).then_some((version, place as u64))
}

/// What a class gives for a name that it has as a function, a static or a class method; nothing of its metaclass is before it.
fn function_of_class(vm: &Vm, class: &TypeObj, meta: &TypeObj, name: &Value) -> Option<(u64, u64)> {
    let plain = meta.slots().getattr() == vm.types.r#type.slots().getattr();
    if !vm.caches() || !plain || class.number == TypeNumber::NONE {
        return None;
    }
    if meta.lookup(vm, name).is_some_and(|found| vm.slots(&found).set().is_some()) {
        return None;
    }
    let found = class.lookup(vm, name)?;
    let kind = vm.type_of(&found).def.map(std::ptr::from_ref);
    let flags = if kind == Some(&raw const CLASS_METHOD_TYPE) {
        WRAPPED | BINDS
    } else if kind == Some(&raw const STATIC_METHOD_TYPE) {
        WRAPPED
    } else {
        found.exact::<Function>().map(|_| 0)?
    };
    Some((vm.class_guard(class), found.word().0 | flags))
}
