//! The collector's Python side: weak references, finalizers and clearing, in PEP 442's order.
//!
//! The heap finds what only refers to itself (`ryokan_alloc::cycles`); here that garbage is taken apart: every `__del__` runs
//! once, what it resurrected is let go, and the rest is cleared, which frees it by its counts.
//!
//! The list of the garbage is memory that a full heap refuses. Then the heap frees what has no finalizer by itself
//! (`ryokan_alloc::quiet`), and finalizers run a batch at a time: what has had its own is freed the same way.

use std::cell::Cell;
use std::fmt;
use std::ptr::NonNull;
use std::time::Instant;

use ryokan_alloc::{HeaderFlags, Heap, ObjPtr, Refused};

use crate::object::slots::{Finalizer, Guarded};
use crate::object::{Layout, layout_of};
use crate::raised::Res;
use crate::types::code::CodeObj;
use crate::types::dict::Dict;
use crate::types::exceptions::unraisable_message;
use crate::types::function::Function;
use crate::types::list::List;
use crate::types::weakref::{WeakRef, bury, bury_garbage, bury_in_silence};
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

bitflags::bitflags! {
    /// What the collector is to report and keep: the flags of `gc.set_debug`.
    #[derive(Clone, Copy, PartialEq, Eq, Default)]
    pub struct DebugFlags: i32 {
        /// Each collection tells how it went.
        const STATS = 1;
        /// What is found is told.
        const COLLECTABLE = 2;
        /// What is found and cannot be freed is told: there is no such thing.
        const UNCOLLECTABLE = 4;
        /// What is found is put into `gc.garbage` instead of being freed.
        const SAVEALL = 32;
        /// What a program that leaks wants to know.
        const LEAK = Self::COLLECTABLE.bits() | Self::UNCOLLECTABLE.bits() | Self::SAVEALL.bits();
        /// Numbers that mean nothing are kept.
        const _ = !0;
    }
}

/// What the collector remembers.
pub struct Collector {
    running: Cell<bool>,
    /// `gc.set_debug`
    pub debug: Cell<DebugFlags>,
    /// `gc.callbacks` and `gc.garbage`, whatever the module's names stand for later; nothing until it is imported.
    pub callbacks: Value,
    pub garbage: Value,
}

impl Default for Collector {
    fn default() -> Collector {
        let (callbacks, garbage) = (Value::UNBOUND, Value::UNBOUND);
        Collector { running: Cell::new(false), debug: Cell::default(), callbacks, garbage }
    }
}

/// Collects what is due, if anything is.
pub fn collect_due(vm: &Vm) {
    if let Some(generation) = vm.heap().generation_due() {
        collect(vm, generation);
    }
}

/// Collects a generation and the younger ones, and tells `gc.callbacks`; gives how many objects were found unreachable. Nothing happens
/// while that is under way.
pub fn collect(vm: &Vm, generation: usize) -> usize {
    collect_as(vm, |vm| {
        tell_callbacks(vm, "start", generation, 0);
        let found = take_garbage(vm, generation);
        tell_callbacks(vm, "stop", generation, found);
        found
    })
}

/// Collects all, while an interpreter ends; nobody is told.
pub fn collect_at_end(vm: &Vm) {
    collect_as(vm, |vm| take_garbage(vm, 2));
}

/// Collects, unless that is under way, whatever exception is on its way.
fn collect_as(vm: &Vm, way: impl FnOnce(&Vm) -> usize) -> usize {
    if vm.collector.running.replace(true) {
        return 0;
    }
    let pending = vm.thread.raised.take();
    let found = way(vm);
    vm.thread.raised.set(pending);
    vm.collector.running.set(false);
    found
}

/// Tells `gc.callbacks` that a collection starts or stops; what they raise is nobody's.
fn tell_callbacks(vm: &Vm, phase: &str, generation: usize, collected: usize) {
    // They may change the list.
    let callback =
        |at: usize| vm.collector.callbacks.get::<List>().and_then(|list| list.items().get(at).cloned());
    if callback(0).is_none() {
        return;
    }
    let made = || -> Res<(Value, Value)> {
        let info = vm.new_dict()?;
        for (name, number) in [("generation", generation), ("collected", collected), ("uncollectable", 0)] {
            info.set_name(vm, &vm.intern(name)?, vm.int(number as i64)?)?;
        }
        Ok((vm.str(phase)?, info.into_value()))
    };
    let told = made().map(|(phase, info)| {
        let mut at = 0;
        while let Some(callback) = callback(at) {
            if let Err(raised) = vm.call(&callback, &[phase.clone(), info.clone()]) {
                let exception = vm.take_raised(raised);
                unraisable_message(vm, &exception, "while calling GC callback", &callback);
            }
            at += 1;
        }
    });
    if let Err(raised) = told {
        drop(vm.take_raised(raised));
    }
}

fn take_garbage(vm: &Vm, generation: usize) -> usize {
    let begun = vm.collector.debug.get().contains(DebugFlags::STATS).then(|| tell_begin(vm, generation));
    let found = match take_apart(vm, generation) {
        Ok(found) => found,
        // Young garbage can wait: looking at the whole heap so often would take too long.
        Err(Refused) if generation < 2 => 0,
        Err(Refused) => take_apart_by_batches(vm),
    };
    // SAFETY: between instructions, as the rest; the heap is not borrowed.
    unsafe { Heap::release_waiting(NonNull::from(vm.heap())) };
    if let Some(begun) = begun {
        let seconds = begun.elapsed().as_secs_f64();
        tell(vm, format_args!("gc: done, {found} unreachable, 0 uncollectable, {seconds:.4}s elapsed\n"));
    }
    pay(vm, generation);
    vm.heap().soften(generation == 2);
    found
}

/// Whether anything that is alive has something to do when it dies: a finalizer that has not run, or a weak reference with a callback;
/// or somebody is told of collections.
/// What is `spared` does not count, and neither do callbacks by which tables of the library forget what is dead.
pub fn is_anyone_to_hear(vm: &Vm, spared: &[Value]) -> bool {
    let mut heard = vm.collector.callbacks.get::<List>().is_some_and(|list| !list.items().is_empty());
    vm.each_living(&mut |value| {
        // SAFETY: the object is alive.
        let finalizes = |ptr| unsafe { finalizer(vm, ptr) }.is_some();
        let called = value.get::<WeakRef>().and_then(WeakRef::pending_callback);
        heard |= called.is_some_and(|callback| !tidies(callback))
            || value.object().is_some_and(finalizes) && !spared.iter().any(|spared| spared.is(value));
    });
    heard
}

/// Whether a callback is a function of the library that knows nothing but its arguments: it takes a dead key out of a table.
fn tidies(callback: &Value) -> bool {
    let function = callback.get::<Function>().filter(|function| function.closure.is_none());
    function.and_then(|function| function.code.get::<CodeObj>()).is_some_and(CodeObj::is_of_library)
}

/// Writes to `sys.stderr`; what goes wrong there is nobody's.
fn tell(vm: &Vm, what: fmt::Arguments<'_>) {
    if let Err(raised) = vm.to_stderr(|out| out.write_fmt(what)) {
        drop(vm.take_raised(raised));
    }
}

/// Tells of a collection that begins, and when that is.
#[cold]
fn tell_begin(vm: &Vm, generation: usize) -> Instant {
    let ([young, middle, old], frozen) = vm.gc_generations();
    tell(
        vm,
        format_args!(
            "gc: collecting generation {generation}...\ngc: objects in each generation: {young} {middle} {old}\n\
             gc: objects in permanent generation: {frozen}\n"
        ),
    );
    Instant::now()
}

/// Charges a collection: for the objects that were looked at and, where it was all of them, for the storage that they have.
fn pay(vm: &Vm, generation: usize) {
    let bytes = if generation == 2 { vm.heap().used_bytes() as u64 } else { 0 };
    vm.spend(vm.heap().examined() as u64 / 4 + bytes / 4096);
}

/// How many finalizers run between two looks at the heap: half a megabyte of pointers, outside it. Fewer where the system has no
/// more.
const BATCH: usize = 1 << 16;
const LEAST: usize = 256;

/// Collects everything without a list of it. Finalizers of later batches see objects that those of earlier ones are cleared from,
/// but never one of their own that is cleared: what a finalizer can still reach is kept.
#[cold]
fn take_apart_by_batches(vm: &Vm) -> usize {
    let mut least = [None::<ObjPtr>; LEAST];
    let mut large: Vec<Option<ObjPtr>> = Vec::new();
    if large.try_reserve_exact(BATCH).is_ok() {
        large.resize(BATCH, None);
    }
    let batch = if large.is_empty() { &mut least[..] } else { &mut large[..] };
    let mut found = 0;
    loop {
        // SAFETY: the VM's objects are whole between instructions, and every counted reference is traced; finalizers and clearing come
        // when the heap's own work is done, and each object of a batch is held until then.
        unsafe {
            found += vm.heap().collect_quietly();
            let count = vm.heap().some_garbage(batch, |ptr| finalizer(vm, ptr).is_some());
            batch[..count].iter().flatten().for_each(|ptr| bury(vm, *ptr));
            for ptr in batch[..count].iter_mut().filter_map(Option::take) {
                finalize(vm, ptr);
                drop(Value::from_word(Word::from_ptr(ptr)));
            }
            if count > 0 {
                continue;
            }
            // No finalizer is left to run: what the heap does not free by itself (classes) is taken apart here.
            let count = vm.heap().some_garbage(batch, |ptr| !vm.is_inert(ptr));
            batch[..count].iter().flatten().for_each(|ptr| bury(vm, *ptr));
            for ptr in batch[..count].iter_mut().filter_map(Option::take) {
                clear(vm, ptr);
                drop(Value::from_word(Word::from_ptr(ptr)));
            }
            if count == 0 {
                return found;
            }
            found += count;
        }
    }
}

/// What must run before an object is cleared.
///
/// # Safety
/// The object is alive.
unsafe fn finalizer(vm: &Vm, ptr: ObjPtr) -> Option<Guarded<Finalizer>> {
    // SAFETY: the object is alive.
    if unsafe { ptr.as_ref().has(HeaderFlags::FINALIZED) } {
        return None;
    }
    vm.type_of_word(Word::from_ptr(ptr)).slots().del()
}

/// Runs an object's finalizer, if it has one that has not run.
///
/// # Safety
/// The object is alive, and held by the caller.
unsafe fn finalize(vm: &Vm, ptr: ObjPtr) {
    // SAFETY: the caller holds the object.
    unsafe {
        if let Some(del) = finalizer(vm, ptr) {
            ptr.as_ref().set_flag(HeaderFlags::FINALIZED);
            vm.ages.forget(vm, ptr);
            let value = Value::from_ptr(ptr);
            del.call(vm, &value);
        }
    }
}

/// Takes from an object what it refers to.
///
/// # Safety
/// The object is alive, and held by the caller.
pub(crate) unsafe fn clear(vm: &Vm, ptr: ObjPtr) {
    // SAFETY: the caller holds the object, whose shape stays: its own finalizer has run, and what dies with a slot and still has one
    // is no garbage, so that it does not reach the object.
    unsafe {
        for slot in vm.slots_behind(ptr) {
            slot.set(Value::UNBOUND);
        }
        (Layout::ops_of(ptr).clear)(ptr);
    }
}

/// The dict of an instance's attributes, if nobody but the instance and the list of the garbage has it: CPython has none then.
fn hidden_dict(vm: &Vm, ptr: ObjPtr) -> Option<ObjPtr> {
    if layout_of(ptr) != Layout::Instance as u32 {
        return None;
    }
    let instance = Borrowed::new(Word::from_ptr(ptr));
    vm.shape_of(&instance).filter(|shape| shape.dict_mode)?;
    let dict = vm.ext_slot(&instance)?;
    let alone = dict.header().is_some_and(|header| header.refs() == 2);
    dict.object().filter(|_| alone && dict.has::<Dict>())
}

/// Puts an object into `gc.garbage`. False: there is no such list, or no memory.
fn save(vm: &Vm, object: Value) -> bool {
    let saved = vm.collector.garbage.get::<List>().map(|list| list.push(vm, object));
    match saved {
        Some(Err(raised)) => {
            drop(vm.take_raised(raised));
            false
        }
        saved => saved.is_some(),
    }
}

/// Does with garbage what `gc.set_debug` says; whether it is kept.
#[cold]
fn report(vm: &Vm, garbage: &[ObjPtr]) -> bool {
    let debug = vm.collector.debug.get();
    let mut hidden: Vec<ObjPtr> = garbage.iter().filter_map(|ptr| hidden_dict(vm, *ptr)).collect();
    hidden.sort_unstable();
    let mut kept = debug.contains(DebugFlags::SAVEALL);
    for &ptr in garbage.iter().filter(|ptr| hidden.binary_search(ptr).is_err()) {
        let value = Borrowed::new(Word::from_ptr(ptr));
        if debug.contains(DebugFlags::COLLECTABLE) {
            tell(vm, format_args!("gc: collectable <{} {ptr:p}>\n", vm.type_name(&value)));
        }
        kept = kept && save(vm, (*value).clone());
    }
    kept
}

fn take_apart(vm: &Vm, generation: usize) -> Result<usize, Refused> {
    // SAFETY: the VM's objects are whole between instructions, and every counted reference is traced.
    let mut garbage = unsafe { vm.heap().find_garbage(generation)? };
    bury_garbage(vm, garbage.objects());
    let aged = vm.ages.in_order(vm, garbage.objects());
    for &ptr in aged.iter().chain(garbage.objects()) {
        // SAFETY: the garbage list holds a reference to each. (What has had its finalizer has it no second time.)
        unsafe { finalize(vm, ptr) };
    }
    drop(aged);
    // SAFETY: what has no other reference left is only held by the list.
    unsafe { Heap::release_freed(&mut garbage) };
    // SAFETY: the list holds what it names, whatever the finalizers did to the graph.
    let isolated = unsafe { vm.heap().still_garbage(&mut garbage) };
    let mut found = 0;
    if isolated.is_ok() {
        // Finalizers may have made references that would show what is taken apart.
        bury_in_silence(vm, garbage.objects());
        let hidden = garbage.objects().iter().filter(|ptr| hidden_dict(vm, **ptr).is_some()).count();
        found = garbage.len() - hidden;
        let keeps = vm.collector.debug.get() != DebugFlags::empty() && report(vm, garbage.objects());
        for &ptr in garbage.objects().iter().filter(|_| !keeps) {
            // SAFETY: the garbage list holds a reference to each.
            unsafe { clear(vm, ptr) };
        }
    }
    vm.heap().gc_stats[generation].collected += found;
    // SAFETY: the list is given back whole.
    unsafe { Heap::release_garbage(garbage) };
    isolated.map(|_| found)
}
