//! The collector's Python side: weak references, finalizers and clearing, in PEP 442's order.
//!
//! The heap finds what only refers to itself (`ryokan_alloc::cycles`); here that garbage is taken apart: every `__del__` runs
//! once, what it resurrected is let go, and the rest is cleared, which frees it by its counts.
//!
//! The list of the garbage is memory that a full heap refuses. Then the heap frees what has no finalizer by itself
//! (`ryokan_alloc::quiet`), and finalizers run a batch at a time: what has had its own is freed the same way.

use std::cell::Cell;
use std::ptr::NonNull;

use ryokan_alloc::{HeaderFlags, Heap, ObjPtr, Refused};

use crate::object::Layout;
use crate::object::slots::{Finalizer, Guarded};
use crate::types::code::CodeObj;
use crate::types::function::Function;
use crate::types::weakref::{WeakRef, bury, bury_garbage};
use crate::value::{Value, Word};
use crate::vm::Vm;

/// What the collector remembers.
#[derive(Default)]
pub struct Collector {
    running: Cell<bool>,
}

/// Collects what is due, if anything is.
pub fn collect_due(vm: &Vm) {
    if let Some(generation) = vm.heap().generation_due() {
        collect(vm, generation);
    }
}

/// Collects a generation and the younger ones; gives how many objects were found unreachable.
pub fn collect(vm: &Vm, generation: usize) -> usize {
    if vm.collector.running.replace(true) {
        return 0;
    }
    let pending = vm.thread.raised.take();
    let found = match take_apart(vm, generation) {
        Ok(found) => found,
        // Young garbage can wait: looking at the whole heap so often would take too long.
        Err(Refused) if generation < 2 => 0,
        Err(Refused) => take_apart_by_batches(vm),
    };
    // SAFETY: between instructions, as the rest; the heap is not borrowed.
    unsafe { Heap::release_waiting(NonNull::from(vm.heap())) };
    vm.thread.raised.set(pending);
    pay(vm, generation);
    vm.heap().soften(generation == 2);
    vm.collector.running.set(false);
    found
}

/// Whether anything that is alive has something to do when it dies: a finalizer that has not run, or a weak reference with a callback.
/// What is `spared` does not count, and neither do callbacks by which tables of the library forget what is dead.
pub fn is_anyone_to_hear(vm: &Vm, spared: &[Value]) -> bool {
    let mut heard = false;
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

fn take_apart(vm: &Vm, generation: usize) -> Result<usize, Refused> {
    // SAFETY: the VM's objects are whole between instructions, and every counted reference is traced.
    let mut garbage = unsafe { vm.heap().find_garbage(generation)? };
    bury_garbage(vm, garbage.objects());
    for &ptr in garbage.objects() {
        // SAFETY: the garbage list holds a reference to each.
        unsafe { finalize(vm, ptr) };
    }
    // SAFETY: what has no other reference left is only held by the list.
    unsafe { Heap::release_freed(&mut garbage) };
    // SAFETY: the list holds what it names, whatever the finalizers did to the graph.
    let isolated = unsafe { vm.heap().still_garbage(&mut garbage) };
    let mut found = 0;
    if isolated.is_ok() {
        found = garbage.len();
        for &ptr in garbage.objects() {
            // SAFETY: the garbage list holds a reference to each.
            unsafe { clear(vm, ptr) };
        }
    }
    vm.heap().gc_stats[generation].collected += found;
    // SAFETY: the list is given back whole.
    unsafe { Heap::release_garbage(garbage) };
    isolated.map(|_| found)
}
