//! Looking at objects: where they lie, who holds them, what they hold. No count changes by it, and no Python runs.

use ryokan_alloc::{ARENA_BYTES, HeaderFlags, SLOT_BYTES};

use super::number;
use crate::census::numbering::Numbering;
use crate::census::picture::{Limits, Picture, Target};
use crate::census::report::{Format, Occasion, Report};
use crate::census::{brief as briefly, draw as drawing, holds, never_dies, paths, size_of, tables};
use crate::hooks::trace_object;
use crate::modules::add;
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

/// What a drawing shows.
const LIMITS: Limits = Limits { objects: 80, fields: 14 };

/// Where an object lies: arena, pool and block by their numbers.
fn place(vm: &Vm, value: &Value, dict: &Dict) -> Res<()> {
    let address = value.object().map_or(0, |object| object.addr().get());
    let mut found = None;
    vm.heap().each_slot(&mut |slot, _| {
        if slot.address == address & !(SLOT_BYTES - 1) {
            found = Some(*slot);
        }
    });
    let Some(slot) = found else { return Ok(()) };
    let none = |known: Option<usize>| known.map_or(Value::NONE, number);
    let pool = slot.pool.then_some(slot.address % ARENA_BYTES / SLOT_BYTES);
    let block = slot.pool.then(|| (address - slot.first_block) / slot.block_bytes);
    add(vm, dict, "arena", none(slot.arena.map(|arena| arena as usize)))?;
    add(vm, dict, "pool", none(pool))?;
    add(vm, dict, "block", none(block))?;
    add(vm, dict, "size_class", none(slot.pool.then_some(slot.block_bytes)))
}

/// The flags of a header, by name.
fn flags(vm: &Vm, value: &Value) -> Res {
    let mut names = Vec::new();
    if let Some(header) = value.header() {
        let known = [
            (never_dies(value), "immortal"),
            (header.has(HeaderFlags::TRACKED), "tracked"),
            (header.is_frozen(), "frozen"),
            (header.is_settled(), "settled"),
            (header.has(HeaderFlags::FINALIZED), "finalized"),
            (header.has(HeaderFlags::WEAKREFS), "weakly referenced"),
            (value.get::<Str>().is_some_and(Str::is_interned), "interned"),
        ];
        names.extend(known.iter().filter(|(is, _)| *is).map(|(_, name)| *name));
    } else if value.word().is_number() {
        names.push(if value.word().needs_box() { "unboxed" } else { "small int" });
    }
    vm.new_tuple(names.into_iter().map(|name| vm.intern(name)).collect::<Res<Vec<_>>>()?)
}

/// The attributes of a shape, in the order of their slots.
fn shape(vm: &Vm, value: &Value) -> Res {
    let Some(header) = value.header() else { return Ok(Value::NONE) };
    let shape = vm.shapes.get(header.shape());
    if shape.dict_mode {
        return vm.intern("dict");
    }
    let names = shape.names().into_iter().map(|name| Borrowed::new(name).clone()).collect();
    if shape.first == 0 || shape.count == 0 { Ok(Value::NONE) } else { vm.new_tuple(names) }
}

pub(super) fn room(vm: &Vm, value: &Value) -> Res {
    let dict = vm.new_dict()?;
    let size = size_of(value);
    add(vm, &dict, "type", vm.str(&briefly::type_name(vm, value))?)?;
    add(vm, &dict, "value", vm.str(&briefly::brief(vm, value))?)?;
    add(vm, &dict, "boxed", Value::bool(value.word().is_ptr()))?;
    let counted = value.header().filter(|_| !never_dies(value));
    add(vm, &dict, "refcount", counted.map_or(Value::NONE, |header| number(header.refs() as usize)))?;
    add(vm, &dict, "bytes", number(size.total()))?;
    add(vm, &dict, "buffer_bytes", number(size.buffer))?;
    add(vm, &dict, "cpython_bytes", number(vm.whole_size_in_cpython(value)))?;
    for name in ["arena", "pool", "block", "size_class"] {
        add(vm, &dict, name, Value::NONE)?;
    }
    place(vm, value, &dict)?;
    let generation = value.header().filter(|header| header.has_generation());
    let generation = generation.map_or(Value::NONE, |header| number(usize::from(header.generation())));
    add(vm, &dict, "generation", generation)?;
    add(vm, &dict, "flags", flags(vm, value)?)?;
    add(vm, &dict, "shape", shape(vm, value)?)?;
    let line = match tables::place(vm, vm.site_of(value)) {
        Some((file, line)) => vm.new_tuple(vec![vm.str(&file)?, number(line as usize)])?,
        None => Value::NONE,
    };
    add(vm, &dict, "line", line)?;
    Ok(dict.into_value())
}

pub(super) fn brief(vm: &Vm, value: &Value) -> Res {
    vm.str(&briefly::brief(vm, value))
}

pub(super) fn cpython_size(vm: &Vm, value: &Value) -> Res {
    vm.int(vm.whole_size_in_cpython(value) as i64)
}

/// Pays for a walk over the whole heap.
fn pay(vm: &Vm) -> Res<()> {
    vm.work(vm.heap().used_bytes() as u64 / 64)
}

/// A dict of names with counts and bytes.
fn sums<'a>(vm: &Vm, rows: impl Iterator<Item = (&'a String, &'a tables::Sum)>) -> Res {
    let dict = vm.new_dict()?;
    for (name, sum) in rows {
        let pair = vm.new_tuple(vec![number(sum.count as usize), number(sum.bytes as usize)])?;
        dict.set_name(vm, &vm.intern(name)?, pair)?;
    }
    Ok(dict.into_value())
}

pub(super) fn census(vm: &Vm, _: &[Value]) -> Res {
    pay(vm)?;
    sums(vm, tables::by_type(vm).iter())
}

pub(super) fn lines(vm: &Vm, _: &[Value]) -> Res {
    pay(vm)?;
    // What is made here is none of the program's memory.
    vm.heap().pause_traces();
    let made = list_lines(vm);
    vm.heap().resume_traces();
    made
}

fn list_lines(vm: &Vm) -> Res {
    let list = vm.new_list(Vec::new())?;
    let Some(rows) = list.get::<crate::types::list::List>() else { return Ok(list) };
    for line in tables::by_line(vm) {
        let row = vec![
            vm.str(&line.file)?,
            number(line.line as usize),
            number(line.blocks.count as usize),
            number(line.blocks.bytes as usize),
            sums(vm, line.types.iter())?,
        ];
        rows.push(vm, vm.new_tuple(row)?)?;
    }
    Ok(list)
}

pub(super) fn path_to(vm: &Vm, value: &Value) -> Res {
    let Some(object) = value.object() else { return Ok(Value::NONE) };
    pay(vm)?;
    let numbering = Numbering::of(vm).ok_or(()).map_err(|()| vm.no_memory())?;
    let found = paths::find(vm, &numbering, &[object], usize::MAX).filter(|found| found.whole);
    let found = found.ok_or(()).map_err(|()| vm.no_memory())?;
    drop(numbering);
    let Some(path) = found.paths.into_iter().next().flatten() else { return Ok(Value::NONE) };
    let mut steps = Vec::new();
    // The references are taken before anything is made that could free what was found.
    let held: Vec<Value> = path.steps.iter().map(|(_, object)| vm.holding(*object)).collect();
    for (at, ((how, _), object)) in path.steps.iter().zip(held).enumerate() {
        let how = if at == 0 { &path.root } else { how };
        // A class's own dict is shown to nobody.
        let object = if vm.is_class_dict(object.word()) { Value::NONE } else { object };
        steps.push(vm.new_tuple(vec![vm.str(how)?, object])?);
    }
    vm.new_tuple(vec![vm.str(&path.text())?, vm.new_list(steps)?])
}

pub(super) fn holders(vm: &Vm, value: &Value) -> Res {
    let list = vm.new_list(Vec::new())?;
    let (Some(object), Some(rows)) = (value.object(), list.get::<crate::types::list::List>()) else {
        return Ok(list);
    };
    pay(vm)?;
    let mut found: Vec<Value> = Vec::new();
    let mut full = false;
    vm.each_living(&mut |holder| {
        let Some(ptr) =
            holder.object().filter(|_| !holder.header().is_some_and(ryokan_alloc::Header::is_condemned))
        else {
            return;
        };
        let mut holds = false;
        trace_object(vm, ptr, &mut |slot| holds |= slot.object() == Some(object));
        full |= holds && found.try_reserve(1).is_err();
        if holds && !full {
            found.push(holder.clone());
        }
    });
    if full {
        return Err(vm.no_memory());
    }
    let mut roots: Vec<String> = Vec::new();
    holds::each_named_root(vm, &mut |held, name| {
        if held == object {
            roots.push(name());
        }
    });
    for holder in found {
        let Some(ptr) = holder.object() else { continue };
        let how = vm.str(&holds::how(vm, ptr, object))?;
        let seen = if vm.is_class_dict(holder.word()) { Value::NONE } else { holder };
        rows.push(vm, vm.new_tuple(vec![how, seen])?)?;
    }
    for root in roots {
        rows.push(vm, vm.new_tuple(vec![vm.str(&root)?, Value::NONE])?)?;
    }
    Ok(list)
}

pub(super) fn draw(vm: &Vm, objects: &Value) -> Res {
    let Some(objects) = objects.get::<Tuple>() else { return Err(vm.type_error("draw() takes a tuple")) };
    let (mut picture, roots) = Picture::of(vm, objects.items(), LIMITS);
    for root in &roots {
        // The tuple's own reference is none of the program's.
        if let Target::Object(at) = root {
            let refs = &mut picture.objects[*at].refs;
            *refs = refs.map(|refs| refs.saturating_sub(1));
        }
    }
    vm.str(&drawing::svg(&picture, &roots))
}

pub(super) fn heap_report(vm: &Vm, format: &Value) -> Res {
    let format = format.get::<Str>().map(Str::to_text).and_then(|name| Format::named(&name));
    let Some(format) = format else {
        return Err(vm.value_error("the format must be 'txt', 'json' or 'html'"));
    };
    pay(vm)?;
    let report = Report::of(vm, Occasion::Asked);
    vm.str(&report.write(format))
}

pub(super) fn limit_instructions(vm: &Vm, more: &Value) -> Res {
    let more = if more.is_none() { None } else { Some(vm.index_long(more)?) };
    if more.is_some_and(|more| more < 0) {
        return Err(vm.value_error("the limit must not be negative"));
    }
    if more.is_some() && vm.meter.is_on() {
        return Err(vm.runtime_error("a run whose instructions are counted has no limit within it"));
    }
    let before = vm.limit_steps(more.map(|more| more as u64));
    let left = before.and_then(|left| Word::try_int(left.min(i64::MAX as u64) as i64));
    Ok(left.map_or(Value::NONE, Value::immediate))
}

pub(super) fn report_on_signal(vm: &Vm, _: &[Value]) -> Res {
    vm.wish_for_report(crate::vm::reports::Wish::Signal);
    Ok(Value::NONE)
}
