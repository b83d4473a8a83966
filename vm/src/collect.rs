//! The collector's Python side: weak references, finalizers and clearing, in PEP 442's order.
//!
//! The heap finds what only refers to itself (`ryokan_alloc::cycles`); here that garbage is taken apart: every `__del__` runs
//! once, what it resurrected is let go, and the rest is cleared, which frees it by its counts.

use std::cell::Cell;

use ryokan_alloc::{Heap, Refused, flag};

use crate::object::Layout;
use crate::raised::Res;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// What the collector remembers.
#[derive(Default)]
pub struct Collector {
    running: Cell<bool>,
}

/// Collects what is due, if anything is. A collection that there is no memory for is done another time.
pub fn collect_due(vm: &Vm) {
    if let Some(generation) = vm.heap().generation_due()
        && let Err(raised) = collect(vm, generation)
    {
        drop(vm.take_raised(raised));
    }
}

/// Collects a generation and the younger ones; gives how many objects were found unreachable. `MemoryError` if there is no
/// memory for the list of them: everything is as before then.
pub fn collect(vm: &Vm, generation: usize) -> Res<usize> {
    if vm.collector.running.replace(true) {
        return Ok(0);
    }
    let pending = vm.raised.take();
    let found = take_apart(vm, generation);
    vm.raised.set(pending);
    vm.collector.running.set(false);
    found.map_err(|Refused| vm.no_memory())
}

fn take_apart(vm: &Vm, generation: usize) -> Result<usize, Refused> {
    // SAFETY: the VM's objects are whole between instructions, and every counted reference is traced.
    let mut garbage = unsafe { vm.heap().find_garbage(generation)? };
    for &ptr in garbage.objects() {
        // SAFETY: the garbage list holds a reference to each.
        unsafe {
            if ptr.as_ref().has(flag::FINALIZED) {
                continue;
            }
            if let Some(del) = vm.type_of_word(Word::from_ptr(ptr)).slots().del() {
                ptr.as_ref().set_flag(flag::FINALIZED);
                let value = Value::from_ptr(ptr);
                del.call(vm, &value);
            }
        }
    }
    // SAFETY: nobody else holds what is released.
    unsafe { Heap::release_freed(&mut garbage) };
    // SAFETY: as above; the finalizers may have changed the graph.
    let isolated = unsafe { vm.heap().still_garbage(&mut garbage) };
    let mut found = 0;
    if isolated.is_ok() {
        found = garbage.len();
        for &ptr in garbage.objects() {
            // SAFETY: as above.
            unsafe {
                for slot in vm.slots_behind(ptr) {
                    slot.set(Value::UNBOUND);
                }
                (Layout::ops_of(ptr).clear)(ptr);
            }
        }
    }
    vm.heap().gc_stats[generation].collected += found;
    // SAFETY: the list is given back whole.
    unsafe { Heap::release_garbage(garbage) };
    isolated.map(|_| found)
}
