//! Building containers, strings, slices and functions; unpacking.

use ryokan_bytecode::{Conversion, FunctionPart};

use super::moves::jump_unless_counted;
use super::{At, a, b, c, helper, jump_next, put, reg, switch};
use crate::object::Layout;
use crate::object::Ref;
use crate::raised::{Raised, Res};
use crate::running::families::{LOOKS, TARGET};
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::list::List;
use crate::types::plain::items_at_hand;
use crate::types::set::Set;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::{Value, Word};
use crate::vm::Vm;

helper! {
    tuple, 1, make_tuple;
    list, 1, make_list;
    row, 1, make_row;
    set, 1, make_set;
    map, 1, make_map;
    string, 1, make_string;
    interpolation, 1, make_interpolation;
    template, 1, make_template;
    list_append_slow, 1, append;
    list_extend, 1, extend;
    set_add_slow, 1, add;
    set_update, 1, update_set;
    map_add, 1, add_pair;
    dict_update, 1, update_dict;
    dict_merge, 1, merge;
    list_to_tuple, 1, freeze;
    unpack_slow, 1, unpack_share;
    unpack_peek_slow, 1, unpack_copy;
    unpack_ex, 1, unpack_middle;
    convert, 1, conversion;
    format, 1, format_simple;
    format_spec, 1, format_with;
    slice, 1, make_slice;
    function, 1, make_function;
    function_part, 1, set_part;
    type_form, 1, make_type_form;
}

fn items<'a>(at: &At<'a>, count: usize) -> &'a [Value] {
    at.regs(at.b(), count)
}
fn moved(at: &At<'_>, count: usize) -> Res<Vec<Value>> {
    let mut list = Vec::new();
    if list.try_reserve_exact(count).is_err() {
        return Err(at.vm.no_memory());
    }
    list.extend(items(at, count).iter().map(Value::take));
    Ok(list)
}

fn make_tuple(at: At<'_>) -> Res<()> {
    let made = at.vm.take_tuple(items(&at, at.c()))?;
    at.give(made)
}
fn make_list(at: At<'_>) -> Res<()> {
    let slots = items(&at, at.c());
    let list = at.vm.new_list_with_capacity(slots.len())?;
    for slot in slots {
        list.push(at.vm, slot.take())?;
    }
    at.give(list.into_value())
}
/// Room of a list that nobody sees and a loop fills.
const ROOM: usize = 8;
fn make_row(at: At<'_>) -> Res<()> {
    at.give(at.vm.new_list_with_capacity(ROOM)?.into_value())
}
fn make_set(at: At<'_>) -> Res<()> {
    let made = at.vm.new_set()?;
    for slot in items(&at, at.c()) {
        made.add(at.vm, slot.take())?;
    }
    at.give(made.into_value())
}
fn make_map(at: At<'_>) -> Res<()> {
    let made = at.vm.new_dict()?;
    for pair in items(&at, at.c() * 2).chunks(2) {
        let hash = at.vm.key_hash(&pair[0])?;
        made.insert(at.vm, pair[0].take(), hash, pair[1].take())?;
    }
    at.give(made.into_value())
}
fn make_string(at: At<'_>) -> Res<()> {
    let slots = items(&at, at.c());
    let parts: Vec<&Value> = slots.iter().collect();
    let made = crate::types::str::build::concat_strs(at.vm, &parts)?;
    for slot in slots {
        drop(slot.take());
    }
    at.give(made)
}
fn make_interpolation(at: At<'_>) -> Res<()> {
    let (conversion, has_spec) = (at.c() >> 1, at.c() & 1);
    let parts = moved(&at, 2 + has_spec)?;
    at.give(crate::modules::template::interpolation(at.vm, parts, conversion)?)
}
fn make_template(at: At<'_>) -> Res<()> {
    let parts = moved(&at, 2)?;
    at.give(crate::modules::template::template(at.vm, parts)?)
}
fn make_type_form(at: At<'_>) -> Res<()> {
    let form = at.c() as u32;
    let args = moved(&at, ryokan_bytecode::TypeForm::args(form) as usize)?;
    at.give(crate::modules::typing::build(at.vm, form, &args)?)
}

/// `a.append(b)`, emptying the temporary `b`.
pub unsafe extern "C" fn list_append(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the verifier has proved that `a` holds a list made by BUILD_LIST; operands are registers.
    unsafe {
        let target = reg(fp, a(pc));
        if target.is_ptr() && target.shape() == Layout::List.shape() {
            let list = &*(target.0 as *const List);
            let word = reg(fp, b(pc));
            if list.try_push_word(word) {
                put(fp, b(pc), Word::UNBOUND);
                jump_next!(pc.wrapping_add(1), fp, consts, vm)
            }
        }
        list_append_slow(pc, fp, consts, vm)
    }
}

/// `a.add(b)`, emptying the temporary `b`.
pub unsafe extern "C" fn set_add(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers; a shape says what the payload is.
    unsafe {
        let (target, word) = (reg(fp, a(pc)), reg(fp, b(pc)));
        if target.is_ptr()
            && target.shape() == Layout::Set.shape()
            && word.is_int()
            && (*(target.0 as *const Set)).add_at_once(word)
        {
            put(fp, b(pc), Word::UNBOUND);
            jump_next!(pc.wrapping_add(1), fp, consts, vm)
        }
        set_add_slow(pc, fp, consts, vm)
    }
}

fn target<'a, T: crate::object::Object>(at: &At<'a>) -> Res<&'a T> {
    match at.reg(at.a()).get::<T>() {
        Some(target) => Ok(target),
        None => Err(at.vm.system_error("a container under construction is not what it was")),
    }
}
fn append(at: At<'_>) -> Res<()> {
    let value = at.reg(at.b()).take();
    target::<List>(&at)?.push(at.vm, value)
}
fn extend(at: At<'_>) -> Res<()> {
    let value = at.reg(at.b()).take();
    let list = target::<List>(&at)?;
    if at.vm.slots(&value).iter().is_none() && at.vm.slots(&value).getitem().is_none() {
        let kind = at.vm.type_name(&value);
        return Err(at.vm.type_error(format_args!("Value after * must be an iterable, not {kind}")));
    }
    list.extend(at.vm, &value)
}
fn add(at: At<'_>) -> Res<()> {
    let value = at.reg(at.b()).take();
    target::<Set>(&at)?.add(at.vm, value)
}
fn update_set(at: At<'_>) -> Res<()> {
    let value = at.reg(at.b()).take();
    target::<Set>(&at)?.update(at.vm, &value)
}
fn add_pair(at: At<'_>) -> Res<()> {
    let (key, value) = (at.reg(at.b()).take(), at.reg(at.b() + 1).take());
    let hash = at.vm.key_hash(&key)?;
    target::<Dict>(&at)?.insert(at.vm, key, hash, value)
}
fn update_dict(at: At<'_>) -> Res<()> {
    let value = at.reg(at.b()).take();
    let dict = target::<Dict>(&at)?;
    if !value.has::<Dict>() && at.vm.get_attr_opt(&value, &at.vm.names.keys)?.is_none() {
        return Err(at.vm.type_error(format_args!("'{}' object is not a mapping", at.vm.type_name(&value))));
    }
    dict.update(at.vm, &value)
}
fn merge(at: At<'_>) -> Res<()> {
    let vm = at.vm;
    let value = at.reg(at.b()).take();
    let dict = target::<Dict>(&at)?;
    // The callable stands three below the dict.
    let callable = || vm.callable_name(at.reg(at.a() - 3));
    let again = |key: &Value| -> Raised {
        match vm.to_str(key) {
            Ok(name) => vm.type_error(format_args!(
                "{} got multiple values for keyword argument '{}'",
                callable(),
                vm.text(&name)
            )),
            Err(raised) => raised,
        }
    };
    // A subclass with an iteration of its own is asked by its methods.
    let plain = vm.slots(&value).iter() == vm.types.dict.slots().iter();
    let value = match Ref::<Dict>::from_value(value) {
        Ok(source) if plain && source.entries().all(|entry| vm.is_str(&entry.key)) => {
            for entry in source.entries() {
                if dict.get_name(&entry.key).is_some() {
                    return Err(again(&entry.key));
                }
                dict.set_name(vm, &entry.key, entry.value.clone())?;
            }
            return Ok(());
        }
        other => other.map_or_else(|value| value, Ref::into_value),
    };
    let Some(_) = vm.get_attr_opt(&value, &vm.names.keys)? else {
        let kind = vm.type_name(&value);
        return Err(
            vm.type_error(format_args!("{} argument after ** must be a mapping, not {kind}", callable()))
        );
    };
    for key in vm.collect(&vm.mapping_keys(&value)?)? {
        let item = vm.get_item(&value, &key)?;
        // (The call sees to it that keys are strs.)
        if dict.get_item(vm, &key)?.is_some() {
            return Err(again(&key));
        }
        dict.set_item(vm, &key, item)?;
    }
    Ok(())
}
fn freeze(at: At<'_>) -> Res<()> {
    let list = at.take(at.b());
    let made = match list.get::<List>() {
        Some(items) => {
            let (slots, moves) = (items.items(), list.word().refs() == 1);
            if moves {
                at.vm.take_tuple(slots)?
            } else {
                at.vm.tuple_from_iter(slots.len(), |i| slots[i].clone())?
            }
        }
        None => return Err(at.vm.system_error("not a list")),
    };
    at.give(made)
}

// ---- unpacking -----------------------------------------------------------------------------------------------------

/// The items of an exact tuple or list of the right length.
#[inline(always)]
fn exact_items(source: &Value, count: usize) -> Option<&[Value]> {
    items_at_hand(source).filter(|items| items.len() == count)
}

macro_rules! unpack_handler {
    ($name:ident, $slow:ident, $share:expr) => {
        /// `a, a+1, .. = b`: the first item goes to the last of these temporaries. The source is `a` itself, or a local.
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: operands are registers.
            unsafe {
                let (first, count) = (a(pc), c(pc));
                let source = reg(fp, b(pc));
                let Some((items, len)) = items_of(source) else { return $slow(pc, fp, consts, vm) };
                if len != count {
                    return $slow(pc, fp, consts, vm);
                }
                let owned = b(pc) == first;
                let header = source.ptr().as_ref();
                // The last reference: the items are moved out of it.
                let moves = owned && header.refs() == 1;
                let (mut from, mut to) = (items, fp.cast::<Word>().add(first + count));
                let end = items.add(count);
                if count == 0 && owned {
                    put(fp, first, Word::UNBOUND);
                }
                if moves {
                    while from != end {
                        to = to.sub(1);
                        *to = *from;
                        *from.cast_mut() = Word::UNBOUND;
                        from = from.add(1);
                    }
                    let _ = header.decref();
                    super::run::set_dead(vm, source);
                    return super::run::release_dead(pc.wrapping_add(1), fp, consts, vm);
                }
                while from != end {
                    to = to.sub(1);
                    let word = *from;
                    // The slow path does it all again, and gives up what was put here.
                    jump_unless_counted!(word, $share, $slow(pc, fp, consts, vm));
                    *to = word;
                    from = from.add(1);
                }
                if owned {
                    let _ = header.decref();
                }
                jump_next!(pc.wrapping_add(1), fp, consts, vm)
            }
        }
    };
}
unpack_handler!(unpack, unpack_slow, true);
unpack_handler!(unpack_peek, unpack_peek_slow, false);

/// The items of an exact tuple or list, and how many.
#[inline(always)]
unsafe fn items_of(source: Word) -> Option<(*const Word, usize)> {
    if !source.is_ptr() {
        return None;
    }
    // SAFETY: a shape says what the payload is.
    unsafe {
        let shape = source.shape();
        let items = if Layout::Tuple.is_exact(shape) {
            (*(source.0 as *const Tuple)).items()
        } else if shape == Layout::List.shape() {
            (*(source.0 as *const List)).items()
        } else {
            return None;
        };
        Some((items.as_ptr().cast(), items.len()))
    }
}

macro_rules! unpack_to_locals {
    ($name:ident, $slow:ident, $share:expr) => {
        /// Locals = `b`, in order; their numbers stand four to a unit behind.
        ///
        /// Values that die wait in the temporaries behind the source's, and so does a source of which this is the last
        /// reference: its items are moved out of it.
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: operands are registers; a frame has four more than its stack needs.
            unsafe {
                let (first, count) = (a(pc), c(pc));
                let source = reg(fp, b(pc));
                let Some((items, len)) = items_of(source) else { return $slow(pc, fp, consts, vm) };
                if len != count {
                    return $slow(pc, fp, consts, vm);
                }
                let owned = b(pc) == first;
                let header = source.ptr().as_ref();
                let moves = owned && header.refs() == 1;
                let targets = pc.add(1).cast::<u16>();
                let mut dead = usize::from(moves);
                let mut at = 0;
                while at < count {
                    let word = *items.add(at);
                    if word.is_ptr() {
                        if !moves {
                            word.ptr().as_ref().incref();
                        }
                    } else if $share && !moves && *targets.add(at) & LOOKS == 0 && word.needs_box() {
                        // The slow path does it all again: those that were given are given once more.
                        return $slow(pc, fp, consts, vm);
                    }
                    if moves {
                        *items.cast_mut().add(at) = Word::UNBOUND;
                    }
                    let slot = fp.cast::<Word>().add(usize::from(*targets.add(at) & TARGET));
                    let old = *slot;
                    *slot = word;
                    if old.is_ptr() {
                        let header = old.ptr().as_ref();
                        if header.refs() == 1 {
                            put(fp, first + 1 + at, old);
                            dead = 1;
                        } else {
                            let _ = header.decref();
                        }
                    }
                    at += 1;
                }
                if dead != 0 {
                    return drop_temps(pc, fp, consts, vm);
                }
                if owned {
                    put(fp, first, Word::UNBOUND);
                    let _ = header.decref();
                }
                jump_next!(pc.wrapping_add(1 + count.div_ceil(4)), fp, consts, vm)
            }
        }
    };
}
macro_rules! unpack_run {
    ($name:ident, $general:ident, $share:expr) => {
        /// The same for locals that follow each other, where neither they nor the items hold objects. The first local stands behind.
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: operands are registers.
            unsafe {
                let count = c(pc);
                let source = reg(fp, b(pc));
                let Some((items, len)) = items_of(source) else { return $general(pc, fp, consts, vm) };
                if len != count || b(pc) == a(pc) {
                    return $general(pc, fp, consts, vm);
                }
                let to = fp.cast::<Word>().add(usize::from(*pc.add(1).cast::<u16>() & TARGET));
                let copies = |at: usize| {
                    let word = *items.add(at);
                    if word.is_ptr() || (*to.add(at)).is_ptr() || ($share && word.needs_box()) {
                        return false;
                    }
                    *to.add(at) = word;
                    true
                };
                let mut at = 0;
                while at + 2 <= count {
                    // The general form does it all again.
                    if !(copies(at) && copies(at + 1)) {
                        return $general(pc, fp, consts, vm);
                    }
                    at += 2;
                }
                if at < count && !copies(at) {
                    return $general(pc, fp, consts, vm);
                }
                jump_next!(pc.wrapping_add(1 + count.div_ceil(4)), fp, consts, vm)
            }
        }
    };
}
unpack_run!(unpack_run, unpack_locals, true);
unpack_run!(unpack_run_peek, unpack_locals_peek, false);
unpack_to_locals!(unpack_locals, unpack_locals_slow, true);
unpack_to_locals!(unpack_locals_peek, unpack_locals_peek_slow, false);

switch! {
    unpack_locals_slow, unpack_share_to_locals;
    unpack_locals_peek_slow, unpack_copy_to_locals;
    drop_temps, drop_unpacked;
}

/// Gives up what an unpacking left in its temporaries.
fn drop_unpacked(at: At<'_>) -> Res<*mut u64> {
    let (first, count) = (at.a(), at.c());
    if at.b() == first {
        drop(at.reg(first).take());
    }
    for i in 0..count {
        drop(at.reg(first + 1 + i).take());
    }
    Ok(at.at(1 + count.div_ceil(4) as isize))
}

/// Unpacks into temporaries, and moves them to the locals.
fn to_locals(at: &At<'_>, copies: bool) -> Res<*mut u64> {
    unpack_with(at, copies)?;
    let (first, count) = (at.a(), at.c());
    for i in 0..count {
        // SAFETY: the units behind hold `count` numbers of locals.
        let target = unsafe { usize::from(*at.pc.add(1).cast::<u16>().add(i) & TARGET) };
        let value = at.reg(first + count - 1 - i).take();
        at.reg(target).set(value);
    }
    Ok(at.at(1 + count.div_ceil(4) as isize))
}
fn unpack_share_to_locals(at: At<'_>) -> Res<*mut u64> {
    to_locals(&at, false)
}
fn unpack_copy_to_locals(at: At<'_>) -> Res<*mut u64> {
    to_locals(&at, true)
}

fn unpack_share(at: At<'_>) -> Res<()> {
    unpack_with(&at, false)
}
fn unpack_copy(at: At<'_>) -> Res<()> {
    unpack_with(&at, true)
}
fn unpack_with(at: &At<'_>, copies: bool) -> Res<()> {
    let (vm, first, count) = (at.vm, at.a(), at.c());
    let source = at.take(at.b());
    let give = |slot: usize, item: &Value| {
        let value =
            if copies && item.word().is_number() { Value::immediate(item.word()) } else { item.clone() };
        at.reg(slot).set(value);
    };
    if let Some(items) = exact_items(&source, count) {
        for (i, item) in items.iter().enumerate() {
            give(first + count - 1 - i, item);
        }
        return Ok(());
    }
    if vm.slots(&source).iter().is_none() && vm.slots(&source).getitem().is_none() {
        return Err(
            vm.type_error(format_args!("cannot unpack non-iterable {} object", vm.type_name(&source)))
        );
    }
    let iterator = vm.iter(&source)?;
    for i in 0..count {
        match vm.next(&iterator)? {
            Some(item) => at.reg(first + count - 1 - i).set(item),
            None => {
                return Err(
                    vm.value_error(format_args!("not enough values to unpack (expected {count}, got {i})"))
                );
            }
        }
    }
    if vm.next(&iterator)?.is_some() {
        let known = source.exact::<Tuple>().is_some()
            || source.exact::<List>().is_some()
            || source.exact::<Dict>().is_some();
        let got = if known { format!(", got {}", vm.length(&source)?) } else { String::new() };
        return Err(vm.value_error(format_args!("too many values to unpack (expected {count}{got})")));
    }
    Ok(())
}
fn unpack_middle(at: At<'_>) -> Res<()> {
    let (vm, first) = (at.vm, at.a());
    let counts = at.wide(at.c());
    let (before, after) = (counts & 255, counts >> 8);
    let source = at.take(at.b());
    if vm.slots(&source).iter().is_none() && vm.slots(&source).getitem().is_none() {
        return Err(
            vm.type_error(format_args!("cannot unpack non-iterable {} object", vm.type_name(&source)))
        );
    }
    let own = if items_at_hand(&source).is_some() { None } else { Some(vm.listed(&source)?) };
    // Nothing runs from here on.
    let items = own.as_ref().map_or_else(|| items_at_hand(&source).unwrap_or_default(), |list| list.items());
    let len = items.len();
    if len < before + after {
        return Err(vm.value_error(format_args!(
            "not enough values to unpack (expected at least {}, got {len})",
            before + after
        )));
    }
    let middle = vm.new_list_from(&items[before..len - after])?;
    let total = before + 1 + after;
    for (i, item) in items[..before].iter().enumerate() {
        at.reg(first + total - 1 - i).set(item.clone());
    }
    at.reg(first + after).set(middle);
    for (i, item) in items[len - after..].iter().enumerate() {
        at.reg(first + after - 1 - i).set(item.clone());
    }
    Ok(())
}

// ---- text, slices, functions -----------------------------------------------------------------------------------------

fn conversion(at: At<'_>) -> Res<()> {
    let value = at.reg(at.b());
    let text = match Conversion::from_arg(at.c() as u32) {
        Some(Conversion::Repr) => at.vm.repr(value)?,
        Some(Conversion::Ascii) => at.vm.ascii(value)?,
        _ => at.vm.to_str(value)?,
    };
    at.release(at.b());
    at.give(text)
}
fn format_simple(at: At<'_>) -> Res<()> {
    let value = at.reg(at.b());
    if value.exact::<Str>().is_some() {
        let value = at.take(at.b());
        return at.give(value);
    }
    let text = at.vm.format(value, &at.vm.empty_str.clone())?;
    at.release(at.b());
    at.give(text)
}
fn format_with(at: At<'_>) -> Res<()> {
    let (value, spec) = (at.reg(at.b()).take(), at.reg(at.b() + 1).take());
    at.give(at.vm.format(&value, &spec)?)
}
fn make_slice(at: At<'_>) -> Res<()> {
    let parts = items(&at, at.c());
    let step = parts.get(2).map_or(Value::NONE, Value::take);
    at.give(at.vm.new_slice(parts[0].take(), parts[1].take(), step)?)
}
fn make_function(at: At<'_>) -> Res<()> {
    let (code, maker) = (at.reg(at.b()).take(), at.function());
    let made = at.vm.new_function_with(&code, &maker.globals, maker.builtins.clone())?;
    at.give(made.into_value())
}
fn set_part(at: At<'_>) -> Res<()> {
    let first = at.a();
    let (value, function) = (at.reg(first).take(), at.reg(first + 1).take());
    if let Some(body) = function.get::<Function>() {
        match FunctionPart::from_arg(at.c() as u32) {
            Some(FunctionPart::Defaults) => body.defaults.set(value),
            Some(FunctionPart::KwDefaults) => body.kwdefaults.set(value),
            Some(FunctionPart::Closure) => body.closure.set(value),
            _ => crate::types::annotations::attach(at.vm, body, value)?,
        }
    }
    at.reg(first).set(function);
    Ok(())
}
