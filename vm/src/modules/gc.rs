//! `gc`: the collector seen from a script.
//!
//! `gc.is_tracked` answers by CPython's rules. `gc.callbacks` and `gc.garbage` are lists of the collector's.

use std::cell::Cell;

use ryokan_alloc::{HeaderFlags, ObjPtr};

use crate::collect::DebugFlags;
use crate::modules::add;
use crate::object::call::Args;
use crate::object::native::{Call, Method, NativeFunction, method};
use crate::object::ty::{TypeFlags, TypeObj};
use crate::object::{Layout, layout_of};
use crate::raised::Res;
use crate::types::descriptors::SlotWrapper;
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// `gc.__doc__`
pub const DOC: &str = "The collector of reference cycles: when it runs, what it knows, and what it has done.";

/// The rows.
pub static FUNCTIONS: &[Method] = &[
    method(
        "collect",
        "(generation=2)",
        Call::Slice(collect),
        "Frees unreachable cycles now and returns how many objects it found. ValueError if\ngeneration is \
         not 0, 1 or 2.",
    ),
    method(
        "disable",
        "()",
        Call::Slice(|vm, _| switch(vm, false)),
        "Cycles are collected only when collect() is called, from now on.",
    ),
    method(
        "enable",
        "()",
        Call::Slice(|vm, _| switch(vm, true)),
        "Cycles are collected from time to time, as the thresholds say.",
    ),
    method(
        "isenabled",
        "()",
        Call::Slice(|vm, _| Ok(Value::bool(vm.heap().gc_enabled()))),
        "Whether cycles are collected without a call of collect().",
    ),
    method(
        "get_threshold",
        "()",
        Call::Slice(get_threshold),
        "The three thresholds, as set_threshold() takes them.",
    ),
    method(
        "set_threshold",
        "(threshold0, threshold1=<unrepresentable>, threshold2=<unrepresentable>, /)",
        Call::Full(|vm, args| match args.names {
            [] => set_threshold(vm, args.pos),
            _ => Err(vm.type_error("set_threshold() takes no keyword arguments")),
        }),
        "How many new objects start a collection, and how often the older generations join\nin. A first \
         number of 0 stops it.",
    ),
    method(
        "get_count",
        "()",
        Call::Slice(get_count),
        "How far each of the three generations is on its way to its threshold.",
    ),
    method(
        "get_stats",
        "()",
        Call::Slice(get_stats),
        "A dict for each generation: its collections so far, the objects they freed, and\nthose they could \
         not.",
    ),
    method(
        "get_objects",
        "(generation=None)",
        Call::Slice(get_objects),
        "A new list of the objects that the collector watches, without that list itself.",
    ),
    method(
        "get_referrers",
        "(*objs)",
        Call::Full(|vm, args| get_referrers(vm, objects_of(vm, "get_referrers", args)?)),
        "A list of the watched objects that hold a reference to one of the arguments.",
    ),
    method(
        "get_referents",
        "(*objs)",
        Call::Full(|vm, args| get_referents(vm, objects_of(vm, "get_referents", args)?)),
        "A list of the objects to which the arguments hold references.",
    ),
    method(
        "is_tracked",
        "(obj, /)",
        Call::One(is_tracked),
        "Whether the collector watches an object. It does not watch those that cannot be part of a cycle.",
    ),
    method(
        "is_finalized",
        "(obj, /)",
        Call::One(is_finalized),
        "Whether the object's finalizer has been called.",
    ),
    method(
        "freeze",
        "()",
        Call::Slice(freeze),
        "Lets no collection look at what is watched now: it is of the permanent generation.",
    ),
    method("unfreeze", "()", Call::Slice(unfreeze), "Gives the permanent generation back to the oldest one."),
    method(
        "get_freeze_count",
        "()",
        Call::Slice(|vm, _| vm.int(vm.gc_generations().1 as i64)),
        "How many objects are of the permanent generation.",
    ),
    method(
        "get_debug",
        "()",
        Call::Slice(|vm, _| vm.int(i64::from(vm.collector.debug.get().bits()))),
        "The flags that set_debug() has set.",
    ),
    method(
        "set_debug",
        "(flags, /)",
        Call::One(set_debug),
        "Sets what the collector reports and keeps: a sum of the DEBUG_ constants, 0 for nothing.",
    ),
];

/// Adds the lists and the flags.
pub fn fill(vm: &Vm, dict: &Dict) -> Res<()> {
    for (name, list) in [("garbage", &vm.collector.garbage), ("callbacks", &vm.collector.callbacks)] {
        if list.is_unbound() {
            list.set(vm.new_list(Vec::new())?);
        }
        add(vm, dict, name, list.clone())?;
    }
    let flags = [
        ("DEBUG_STATS", DebugFlags::STATS.bits()),
        ("DEBUG_COLLECTABLE", DebugFlags::COLLECTABLE.bits()),
        ("DEBUG_UNCOLLECTABLE", DebugFlags::UNCOLLECTABLE.bits()),
        ("DEBUG_SAVEALL", DebugFlags::SAVEALL.bits()),
        ("DEBUG_LEAK", DebugFlags::LEAK.bits()),
    ];
    for (name, value) in flags {
        add(vm, dict, name, Value::small(i64::from(value)))?;
    }
    Ok(())
}

impl Vm {
    /// How many objects are of each generation, and how many are frozen.
    pub(crate) fn gc_generations(&self) -> ([usize; 3], usize) {
        let (mut counts, mut frozen) = ([0; 3], 0);
        self.each_living(&mut |value| {
            let Some(header) = value.header() else { return };
            if is_known(self, value) {
                counts[usize::from(header.generation())] += 1;
            }
            frozen += usize::from(header.is_frozen());
        });
        (counts, frozen)
    }
}

fn freeze(vm: &Vm, _: &[Value]) -> Res {
    vm.freeze_objects(true);
    Ok(Value::NONE)
}

fn unfreeze(vm: &Vm, _: &[Value]) -> Res {
    vm.freeze_objects(false);
    Ok(Value::NONE)
}

fn collect(vm: &Vm, args: &[Value]) -> Res {
    let generation = match args.first().filter(|a| !a.is_unbound()) {
        Some(number) => vm.index_c_int(number)?,
        None => 2,
    };
    let Ok(generation @ 0..=2) = usize::try_from(generation) else {
        return Err(vm.value_error("invalid generation"));
    };
    let found = crate::collect::collect(vm, generation);
    vm.int(found as i64)
}

fn switch(vm: &Vm, on: bool) -> Res {
    vm.heap().set_gc_enabled(on);
    Ok(Value::NONE)
}

fn three(vm: &Vm, numbers: [u32; 3]) -> Res {
    vm.new_tuple(numbers.iter().map(|n| Value::small(i64::from(*n))).collect())
}
fn get_threshold(vm: &Vm, _: &[Value]) -> Res {
    three(vm, vm.heap().thresholds())
}
fn get_count(vm: &Vm, _: &[Value]) -> Res {
    three(vm, vm.heap().counts)
}
fn set_threshold(vm: &Vm, args: &[Value]) -> Res {
    if !(1..=3).contains(&args.len()) {
        return Err(vm.type_error("gc.set_threshold requires 1 to 3 arguments"));
    }
    for (at, value) in args.iter().enumerate().filter(|(_, v)| !v.is_unbound()) {
        let number = vm.index(value)?;
        let number = vm.index_long(&number)?;
        let mut thresholds = vm.heap().thresholds();
        thresholds[at] = u32::try_from(number.max(0)).unwrap_or(u32::MAX);
        vm.heap().set_thresholds(thresholds);
    }
    Ok(Value::NONE)
}
fn get_stats(vm: &Vm, _: &[Value]) -> Res {
    let mut list = Vec::new();
    for stats in vm.heap().gc_stats {
        let dict = vm.new_dict()?;
        let parts = [
            ("collections", stats.collections),
            ("collected", stats.collected),
            ("uncollectable", stats.uncollectable),
        ];
        for (name, value) in parts {
            add(vm, &dict, name, Value::small(value as i64))?;
        }
        list.push(dict.into_value());
    }
    vm.new_list(list)
}

/// Every live object that passes.
fn objects(vm: &Vm, keep: &dyn Fn(&Value) -> bool) -> Res {
    let (mut walked, mut count) = (0u64, 0);
    vm.each_living(&mut |value| {
        walked += 1;
        count += usize::from(keep(value));
    });
    work_on_objects(vm, walked)?;
    // Made before the second walk; what the heap may have collected for it is fewer objects, not more.
    let list = vm.new_list_with_capacity(count + 1)?;
    vm.each_living(&mut |value| {
        if value.word() != list.value().word() && keep(value) {
            list.share_if_room(value);
        }
    });
    Ok(list.into_value())
}

/// Pays for a walk over so many objects.
fn work_on_objects(vm: &Vm, objects: u64) -> Res<()> {
    vm.work(objects / 4)
}

/// Whether the collector knows an object in CPython's eyes, and a script may see it.
fn is_known(vm: &Vm, value: &Value) -> bool {
    value.header().is_some_and(|header| header.has_generation() && !header.is_condemned())
        && !vm.is_class_dict(value.word())
        && tracked(vm, value)
}

fn get_objects(vm: &Vm, args: &[Value]) -> Res {
    let generation = match args.first().filter(|a| !a.is_unbound() && !a.is_none()) {
        Some(number) => {
            if vm.slots(number).index().is_none() {
                let kind = vm.type_name(number);
                return Err(vm.type_error(format_args!("argument should be integer or None, not '{kind}'")));
            }
            let number = vm.index(number)?;
            let number = vm
                .as_i64(&number)
                .ok_or(())
                .map_err(|()| vm.overflow_error("cannot fit 'int' into an index-sized integer"))?;
            if number < -1 {
                return Err(vm.value_error("generation parameter cannot be negative"));
            }
            if number > 2 {
                return Err(vm.value_error(
                    "generation parameter must be less than the number of available generations (3)",
                ));
            }
            u8::try_from(number).ok()
        }
        None => None,
    };
    let keep = |value: &Value| {
        is_known(vm, value)
            && generation.is_none_or(|g| value.header().is_some_and(|header| header.generation() == g))
    };
    objects(vm, &keep)
}

fn get_referrers(vm: &Vm, targets: &[Value]) -> Res {
    let mut targets: Vec<ObjPtr> = targets.iter().filter_map(Value::object).collect();
    targets.sort_unstable();
    let looks = Cell::new(0u64);
    let keep = |value: &Value| {
        let Some(ptr) = value.object().filter(|_| is_known(vm, value)) else { return false };
        let mut refers = false;
        crate::hooks::trace_object(vm, ptr, &mut |value| {
            looks.set(looks.get() + 1);
            refers |= value.object().is_some_and(|p| targets.binary_search(&p).is_ok());
        });
        refers
    };
    let found = objects(vm, &keep)?;
    vm.work(looks.get() / 32 * u64::from(1 + targets.len().max(1).ilog2()))?;
    Ok(found)
}

/// The arguments of a function that takes any number of them. `TypeError` for a named one.
fn objects_of<'a>(vm: &Vm, function: &str, args: Args<'a>) -> Res<&'a [Value]> {
    match args.names {
        [] => Ok(args.pos),
        _ => Err(vm.type_error(format_args!("gc.{function}() takes no keyword arguments"))),
    }
}

/// What a builtin function or method, or a method that stands for a slot, refers to in CPython; nothing of what is none of them.
fn referents_of_native(vm: &Vm, source: &Value) -> Res<Option<Vec<Value>>> {
    if let Some(function) = source.get::<NativeFunction>() {
        if function.owner.has::<TypeObj>() {
            return Ok(function.this.bound().map(|this| vec![this.clone()]));
        }
        let module = vm.get_attr(source, &vm.names.__self__)?;
        let owner = function.owner.clone();
        return Ok(Some([module, owner].into_iter().filter(|value| !value.is_none()).collect()));
    }
    let Some(wrapper) = source.get::<SlotWrapper>() else { return Ok(None) };
    let (Some(this), Some(class)) = (wrapper.this.bound(), wrapper.owner.get::<TypeObj>()) else {
        return Ok(None);
    };
    let row = class.dict().get_name(&vm.intern(wrapper.name)?).cloned();
    Ok(Some(row.into_iter().chain([this.clone()]).collect()))
}

fn get_referents(vm: &Vm, sources: &[Value]) -> Res {
    let mut found = Vec::new();
    for source in sources {
        let Some(ptr) = source.object() else { continue };
        if !collectable(ptr) {
            continue;
        }
        if let Some(known) = referents_of_native(vm, source)? {
            found.extend(known);
            continue;
        }
        if let Some(dict) = source.get::<Dict>()
            && dict.entries().all(|e| e.key.exact::<Str>().is_some())
        {
            // The keys of such a dict are no business of the collector in CPython.
            found.extend(dict.entries().map(|e| e.value.clone()));
            continue;
        }
        let class_last = vm.type_of(source).has(TypeFlags::HEAP).then(|| vm.type_of(source).to_value());
        let mut show = |value: &Value| {
            if let Some(value) = value.bound().filter(|value| !vm.is_class_dict(value.word())) {
                found.push(value.clone());
            }
        };
        match source.get::<TypeObj>() {
            Some(class) => class.shown().into_iter().for_each(show),
            None => crate::hooks::trace_object(vm, ptr, &mut show),
        }
        found.extend(class_last);
    }
    vm.new_list(found)
}

/// Whether objects of such a layout take part in collections in CPython.
fn collectable(ptr: ObjPtr) -> bool {
    let layout = layout_of(ptr) as usize;
    layout == Layout::Tuple as usize || (layout != Layout::Code as usize && Layout::ops_of(ptr).tracked)
}

/// CPython's answer to whether an object is tracked.
fn tracked(vm: &Vm, value: &Value) -> bool {
    let Some(ptr) = value.object() else { return false };
    let ty = vm.type_of(value);
    if let Some(class) = value.get::<TypeObj>() {
        return class.has(TypeFlags::HEAP);
    }
    if ty.has(TypeFlags::HEAP) {
        return true;
    }
    if let Some(tuple) = value.exact::<Tuple>() {
        let watched =
            value.header().is_some_and(|header| header.has(HeaderFlags::TRACKED) || header.is_frozen());
        return !tuple.items().is_empty() && watched;
    }
    layout_of(ptr) != Layout::Instance as u32 && collectable(ptr)
}

fn is_tracked(vm: &Vm, value: &Value) -> Res {
    Ok(Value::bool(tracked(vm, value)))
}
fn is_finalized(_: &Vm, value: &Value) -> Res {
    Ok(Value::bool(value.header().is_some_and(|header| header.has(HeaderFlags::FINALIZED))))
}

fn set_debug(vm: &Vm, flags: &Value) -> Res {
    vm.collector.debug.set(DebugFlags::from_bits_retain(vm.index_c_int(flags)?));
    Ok(Value::NONE)
}
