//! Locals that may be unbound, cells, globals, and the namespaces of modules and classes; attributes of `super()`, and the special
//! methods that `with` calls.
//!
//! A global's load keeps, in the two units behind it, the version of the keys of the globals (and of the builtins) and the
//! address of the value's slot: while the versions stand, the tables of both dicts stay where they are.

use super::attrs::ATTR_UNITS;
use super::moves::{jump_overwrite, jump_unless_counted};
use super::{At, a, b, c, helper, jump_next, put, reg};
use crate::object::Layout;
use crate::object::ty::TypeObj;
use crate::raised::{Raised, Res};
use crate::running::ops::RunOp;
use crate::types::cell::CellObj;
use crate::types::dict::Dict;
use crate::types::str::Text;
use crate::types::super_type;
use crate::types::tuple::Tuple;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// Fails if the local `a` is unbound.
pub unsafe extern "C" fn check_bound(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the operand is a register.
    unsafe {
        if reg(fp, a(pc)).is_unbound() {
            return unbound(pc, fp, consts, vm);
        }
        jump_next!(pc.wrapping_add(1), fp, consts, vm)
    }
}

helper! {
    unbound, 1, raise_unbound;
    delete_fast, 1, delete_local;
    make_cell, 1, cell;
    copy_free_slow, 1, free;
    load_closure, 1, closure;
    load_deref_slow, 1, deref;
    load_deref_peek_slow, 1, deref_peek;
    store_deref, 1, set_deref;
    delete_deref, 1, empty;
    load_dict_or_deref, 1, dict_or_deref;
    load_locals, 1, locals;
    store_name, 1, set_name;
    delete_name, 1, remove_name;
    store_global, 1, set_global;
    delete_global, 1, remove_global;
    load_dict_or_global, 1, dict_or_global;
    setup_annotations, 1, annotations;
    load_common, 1, common;
    load_build_class, 1, build_class;
    load_global_slow, 3, global;
    load_global_peek_slow, 3, global_peek;
    load_name_slow, 3, name;
    load_name_peek_slow, 3, name_peek;
}

fn raise_unbound(at: At<'_>) -> Res<()> {
    Err(unbound_local(&at, at.a()))
}
fn unbound_local(at: &At<'_>, local: usize) -> Raised {
    let name = &at.code().locals[local];
    let text = at.vm.text(name);
    at.vm.unbound_local(format_args!(
        "cannot access local variable '{text}' where it is not associated with a value"
    ))
}
fn delete_local(at: At<'_>) -> Res<()> {
    let slot = at.reg(at.a());
    if slot.is_unbound() {
        return Err(unbound_local(&at, at.a()));
    }
    drop(slot.take());
    Ok(())
}

// ---- cells -----------------------------------------------------------------------------------------------------------

fn cell(at: At<'_>) -> Res<()> {
    let slot = at.reg(at.a());
    let made = at.vm.new_cell(Value::UNBOUND)?;
    if let Some(cell) = made.get::<CellObj>() {
        cell.content.set(slot.take());
    }
    slot.set(made);
    Ok(())
}
fn free(at: At<'_>) -> Res<()> {
    let closure = at.function().closure.clone();
    let cells = closure.get::<Tuple>().map_or(&[][..], Tuple::items);
    if cells.len() != at.b() {
        return Err(at.vm.system_error("a function's closure does not fit its code"));
    }
    for (i, cell) in cells.iter().enumerate() {
        at.reg(at.a() + i).set(cell.clone());
    }
    Ok(())
}
/// Cells of the closure go to the registers from `a` on, `b` of them.
pub unsafe extern "C" fn copy_free(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers, which hold nothing yet; a shape says what the payload is.
    unsafe {
        let closure = (*(*(*vm).thread.stacks.frame.get()).func).closure.word();
        if closure.is_ptr() && Layout::Tuple.is_exact(closure.shape()) {
            let cells = (*(closure.0 as *const Tuple)).items();
            if cells.len() == b(pc) && (0..cells.len()).all(|at| !reg(fp, a(pc) + at).is_ptr()) {
                for (at, cell) in cells.iter().enumerate() {
                    let word = cell.word();
                    word.incref();
                    put(fp, a(pc) + at, word);
                }
                jump_next!(pc.wrapping_add(1), fp, consts, vm)
            }
        }
        copy_free_slow(pc, fp, consts, vm)
    }
}

fn closure(at: At<'_>) -> Res<()> {
    at.give(at.reg(at.c()).clone())
}
/// What a cell holds.
pub fn content<'a>(at: &At<'a>, index: usize) -> Res<&'a Value> {
    let Some(cell) = at.reg(index).get::<CellObj>() else {
        return Err(at.vm.system_error("a cell variable without a cell"));
    };
    if cell.content.is_unbound() { Err(empty_cell(at, index)) } else { Ok(&cell.content) }
}
fn empty_cell(at: &At<'_>, index: usize) -> Raised {
    let name = &at.code().locals[index];
    let text = at.vm.text(name);
    if at.code().code.locals[index].kind == ryokan_bytecode::LocalKind::Free {
        let raised = at.vm.name_error(format_args!(
            "cannot access free variable '{text}' where it is not associated with a value in enclosing scope"
        ));
        crate::types::exceptions::note_name(at.vm, name);
        raised
    } else {
        at.vm.unbound_local(format_args!(
            "cannot access local variable '{text}' where it is not associated with a value"
        ))
    }
}
fn deref(at: At<'_>) -> Res<()> {
    let value = content(&at, at.c())?.clone();
    at.give(value)
}
fn deref_peek(at: At<'_>) -> Res<()> {
    let value = peek(content(&at, at.c())?);
    at.give(value)
}
macro_rules! load_cell {
    ($name:ident, $slow:ident, $share:expr) => {
        /// `a` = the content of the cell `c`
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: operands are registers; a shape says what the payload is.
            unsafe {
                let cell = reg(fp, c(pc));
                if cell.is_ptr() && cell.shape() == Layout::Cell.shape() {
                    let word = (*(cell.0 as *const CellObj)).content.word();
                    if word.is_unbound() {
                        return $slow(pc, fp, consts, vm);
                    }
                    jump_unless_counted!(word, $share, $slow(pc, fp, consts, vm));
                    jump_overwrite!(pc, 1, fp, consts, vm, a(pc), word)
                }
                $slow(pc, fp, consts, vm)
            }
        }
    };
}
load_cell!(load_deref, load_deref_slow, true);
load_cell!(load_deref_peek, load_deref_peek_slow, false);

/// A copy that is only looked at: a number's bits, or a reference.
fn peek(value: &Value) -> Value {
    if value.word().is_number() { Value::immediate(value.word()) } else { value.clone() }
}
fn set_deref(at: At<'_>) -> Res<()> {
    let value = at.take(at.b());
    match at.reg(at.a()).get::<CellObj>() {
        Some(cell) => {
            cell.content.set(value);
            Ok(())
        }
        None => Err(at.vm.system_error("a cell variable without a cell")),
    }
}
fn empty(at: At<'_>) -> Res<()> {
    content(&at, at.a())?;
    if let Some(cell) = at.reg(at.a()).get::<CellObj>() {
        drop(cell.content.take());
    }
    Ok(())
}
fn dict_or_deref(at: At<'_>) -> Res<()> {
    let name = &at.code().locals[at.c()];
    let mapping = at.take(at.b());
    match at.vm.get_name_opt(&mapping, name)? {
        Some(value) => at.give(value),
        None => {
            let value = content(&at, at.c())?.clone();
            at.give(value)
        }
    }
}

// ---- namespaces --------------------------------------------------------------------------------------------------------

/// The namespace of a module or class body; the globals in a function.
pub fn namespace<'a>(at: &At<'a>) -> &'a Value {
    at.vm.thread.stacks.top().namespace().unwrap_or(&at.function().globals)
}

fn locals(at: At<'_>) -> Res<()> {
    at.give(namespace(&at).clone())
}
fn set_name(at: At<'_>) -> Res<()> {
    let value = at.take(at.b());
    let (target, name) = (namespace(&at), at.name(at.c()));
    match target.exact::<Dict>() {
        Some(dict) => dict.set_name(at.vm, name, value),
        None => at.vm.set_item(target, name, &value),
    }
}
fn remove_name(at: At<'_>) -> Res<()> {
    let (target, name) = (namespace(&at), at.name(at.a()));
    let gone = match target.exact::<Dict>() {
        Some(dict) => dict.remove_name(name).is_some(),
        None => match at.vm.del_item(target, name) {
            Ok(()) => true,
            // Whatever it raises, the name is not there.
            Err(raised) => {
                drop(at.vm.take_raised(raised));
                false
            }
        },
    };
    if gone { Ok(()) } else { Err(at.vm.undefined_name(name)) }
}

fn set_global(at: At<'_>) -> Res<()> {
    let value = at.take(at.b());
    at.function().globals().set_name(at.vm, at.name(at.c()), value)
}
fn remove_global(at: At<'_>) -> Res<()> {
    let name = at.name(at.a());
    match at.function().globals().remove_name(name) {
        Some(_) => Ok(()),
        None => Err(at.vm.undefined_name(name)),
    }
}

/// Looks a name up in globals and builtins, for a consumer that keeps it or only looks at it. Globals of a class that derives
/// from `dict` are asked by their `__getitem__`.
pub fn find_global(at: &At<'_>, name: &Value, peeks: bool) -> Res {
    let function = at.function();
    match find_in(at.vm, &function.globals, name, peeks)? {
        Some(found) => Ok(found),
        None => find_builtin(at, name, peeks),
    }
}
fn find_builtin(at: &At<'_>, name: &Value, peeks: bool) -> Res {
    let builtins = &at.function().builtins;
    if let Some(found) = find_in(at.vm, builtins, name, peeks)? {
        return Ok(found);
    }
    at.vm.builtin_behind(builtins, name)?.ok_or_else(|| at.vm.undefined_name(name))
}
fn find_in(vm: &Vm, mapping: &Value, name: &Value, peeks: bool) -> Res<Option<Value>> {
    match mapping.exact::<Dict>() {
        Some(dict) => Ok(dict.get_name(name).map(|found| if peeks { peek(found) } else { found.clone() })),
        None => vm.get_name_opt(mapping, name),
    }
}

/// Where a global was found, for a cache.
pub struct FoundGlobal {
    /// The keys versions: of the globals below, of the builtins above (0 if the globals have it).
    pub versions: u64,
    /// The address of the value's slot.
    pub slot: u64,
    /// Whether the builtins have it.
    pub builtin: bool,
}

/// Where a name is, if that can be cached.
pub fn cache_global(at: &At<'_>, name: &Value) -> Option<FoundGlobal> {
    let function = at.function();
    let (globals, builtins) = (function.globals.exact::<Dict>()?, function.builtins.exact::<Dict>()?);
    let version = |dict: &Dict| Some(u64::from(dict.ensure_version(at.vm))).filter(|v| *v != 0);
    // SAFETY: the entry was found just now.
    let slot = |dict: &Dict, entry| unsafe { &raw const dict.entry_unchecked(entry as u32).value as u64 };
    let own = version(globals)?;
    if let Some(entry) = globals.find_name(name) {
        return Some(FoundGlobal { versions: own, slot: slot(globals, entry), builtin: false });
    }
    let entry = builtins.find_name(name)?;
    let versions = own | version(builtins)? << 32;
    Some(FoundGlobal { versions, slot: slot(builtins, entry), builtin: true })
}

fn fill_global(at: &At<'_>, name: &Value, module: RunOp) {
    if let Some(place) = cache_global(at, name) {
        // SAFETY: a global's load has two more units.
        unsafe {
            *at.pc.add(1) = place.versions;
            *at.pc.add(2) = place.slot;
            *at.pc.cast::<u16>() =
                if place.builtin { RunOp::LoadGlobalBuiltin as u16 } else { module as u16 };
        }
    }
}

fn global(at: At<'_>) -> Res<()> {
    let name = at.name(at.b());
    let value = find_global(&at, name, false)?;
    fill_global(&at, name, RunOp::LoadGlobalModule);
    at.give(value)
}
fn global_peek(at: At<'_>) -> Res<()> {
    let name = at.name(at.b());
    let value = find_global(&at, name, true)?;
    fill_global(&at, name, RunOp::LoadGlobalModulePeek);
    at.give(value)
}

/// Loads a global, and caches where it is.
pub unsafe extern "C" fn load_global(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the handler's own arguments.
    unsafe { load_global_slow(pc, fp, consts, vm) }
}
/// The same for a consumer that only looks.
pub unsafe extern "C" fn load_global_peek(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe { load_global_peek_slow(pc, fp, consts, vm) }
}

/// The globals and builtins of the running function.
#[inline(always)]
unsafe fn dicts(vm: *const Vm) -> (*const Dict, *const Dict) {
    // SAFETY: the top frame's function is alive, and its globals and builtins are dicts.
    unsafe {
        let function = (*(*vm).thread.stacks.frame.get()).func;
        ((*function).globals.word().0 as *const Dict, (*function).builtins.word().0 as *const Dict)
    }
}

macro_rules! cached_global {
    ($name:ident, $slow:ident, $share:expr) => {
        /// A global of the module, cached.
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: while the version stands, the slot is where it was.
            unsafe {
                let (globals, _) = dicts(vm);
                if (*globals).version() == *pc.add(1).cast::<u32>() {
                    let word = *(*pc.add(2) as *const Word);
                    jump_unless_counted!(word, $share, $slow(pc, fp, consts, vm));
                    jump_overwrite!(pc, 3, fp, consts, vm, a(pc), word)
                }
                $slow(pc, fp, consts, vm)
            }
        }
    };
}
cached_global!(load_global_module, load_global_slow, true);
cached_global!(load_global_module_peek, load_global_peek_slow, false);

/// A builtin, cached.
pub unsafe extern "C" fn load_global_builtin(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: as above, for both dicts.
    unsafe {
        let (globals, builtins) = dicts(vm);
        let versions = pc.add(1).cast::<u32>();
        if (*globals).version() == *versions && (*builtins).version() == *versions.add(1) {
            let word = *(*pc.add(2) as *const Word);
            jump_unless_counted!(word, true, load_global_slow(pc, fp, consts, vm));
            jump_overwrite!(pc, 3, fp, consts, vm, a(pc), word)
        }
        load_global_slow(pc, fp, consts, vm)
    }
}

fn find_name(at: &At<'_>, peeks: bool) -> Res {
    let (target, name) = (namespace(at), at.name(at.b()));
    if let Some(found) = find_in(at.vm, target, name, peeks)? {
        return Ok(found);
    }
    find_behind(at, name, peeks)
}
/// What a name means that the namespace does not have. The globals are asked as a dict here, whatever their class.
fn find_behind(at: &At<'_>, name: &Value, peeks: bool) -> Res {
    let function = at.function();
    if let Some(found) = function.globals().get_name(name) {
        return Ok(if peeks { peek(found) } else { found.clone() });
    }
    find_builtin(at, name, peeks)
}
fn name(at: At<'_>) -> Res<()> {
    let value = find_name(&at, false)?;
    // In a module body the namespace is the globals: the name may be cached like a global.
    if namespace(&at).word() == at.function().globals.word() {
        fill_global(&at, at.name(at.b()), RunOp::LoadGlobalModule);
    }
    at.give(value)
}
fn name_peek(at: At<'_>) -> Res<()> {
    let value = find_name(&at, true)?;
    if namespace(&at).word() == at.function().globals.word() {
        fill_global(&at, at.name(at.b()), RunOp::LoadGlobalModulePeek);
    }
    at.give(value)
}
/// Looks a name up in the namespace, globals, builtins.
pub unsafe extern "C" fn load_name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the handler's own arguments.
    unsafe { load_name_slow(pc, fp, consts, vm) }
}
/// The same for a consumer that only looks.
pub unsafe extern "C" fn load_name_peek(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe { load_name_peek_slow(pc, fp, consts, vm) }
}

fn dict_or_global(at: At<'_>) -> Res<()> {
    let name = at.name(at.c());
    let mapping = at.take(at.b());
    let value = match at.vm.get_name_opt(&mapping, name)? {
        Some(value) => value,
        None => find_global(&at, name, false)?,
    };
    at.give(value)
}
fn annotations(at: At<'_>) -> Res<()> {
    let target = namespace(&at);
    let name = &at.vm.names.__annotations__;
    if at.vm.get_name_opt(target, name)?.is_none() {
        let fresh = at.vm.new_dict()?.into_value();
        at.vm.set_item(target, name, &fresh)?;
    }
    Ok(())
}
impl Vm {
    /// An object of `Common`, by its number.
    #[inline(always)]
    pub(super) fn common(&self, number: u32) -> &Value {
        &self.commons[number as usize]
    }
}

fn common(at: At<'_>) -> Res<()> {
    at.give(at.vm.common(at.c() as u32).clone())
}
fn build_class(at: At<'_>) -> Res<()> {
    let name = &at.vm.names.__build_class__;
    match at.vm.builtin_of(&at.function().builtins, name)? {
        Some(found) => at.give(found),
        None => Err(at.vm.name_error("__build_class__ not found")),
    }
}

// ---- `super()` and `with` ----------------------------------------------------------------------------------

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
            && *pc.add(1) == (*vm).guard(this.shape())
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
            *at.pc.add(1) = vm.guard(this.word().shape());
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
    let name = match which {
        Special::Enter => &vm.names.__enter__,
        Special::Exit => &vm.names.__exit__,
        Special::AsyncEnter => &vm.names.__aenter__,
        Special::AsyncExit => &vm.names.__aexit__,
    };
    let owner = at.reg(at.b());
    let Some(found) = vm.lookup_special(owner, name)? else {
        let full = vm.type_of(owner).full_name(vm);
        let kind = full.strip_prefix("__main__.").map_or(full.clone(), |name| Text::written(vm, name));
        let (manager, missed) = match which {
            Special::Enter | Special::Exit => ("context manager", which.text()),
            Special::AsyncEnter | Special::AsyncExit => ("asynchronous context manager", which.text()),
        };
        // One of the other kind is named.
        let (others, other, keyword) = match which {
            Special::Enter | Special::Exit => {
                (["__aenter__", "__aexit__"], "asynchronous context manager", "async with")
            }
            _ => (["__enter__", "__exit__"], "context manager", "with"),
        };
        let mut has = true;
        for other in others {
            let found = vm.type_of(owner).lookup(vm, &vm.intern(other)?);
            has &= found.is_some_and(|found| vm.slots(&found).get().is_some());
        }
        let message =
            format_args!("'{kind}' object does not support the {manager} protocol (missed {missed} method)");
        return Err(match has {
            true => vm.type_error(format_args!(
                "{message} but it supports the {other} protocol. Did you mean to use '{keyword}'?"
            )),
            false => vm.type_error(message),
        });
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
