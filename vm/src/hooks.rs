//! What the heap asks of its VM: to visit what an object refers to, to say its size, and to let it die.
//!
//! An object dies when its count reaches zero. One that is exactly of a builtin type is finished and freed at once; an instance
//! first runs its finalizer, which may bring it back, then gives up its slots, its payload, and its class at the last.

use std::ffi::c_void;

use ryokan_alloc::{
    Death, Header, HeaderFlags, Heap, HeapReport, Hooks, Inexact, KINDS, ObjPtr, ShapeId, Trail, Visit,
};

use crate::object::layout::{FIXED_SHAPES, Layout, LayoutOps};
use crate::object::shape::EXT_AT_END;
use crate::object::shape::Shape;
use crate::object::ty::{TypeFlags, TypeObj};
use crate::object::{Object, Ref, SHAPE_INDEX_BITS, ShapeBits};
use crate::stack::Frame;
use crate::types::dict::Dict;
use crate::types::generator::{Generator, has_ended};
use crate::types::layouts;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::types::weakref::bury;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;
use crate::vm::breaker::BreakerFlags;

/// Visits every value that an object owns: its payload's, and the slots behind it.
pub fn trace_object(vm: &Vm, ptr: ObjPtr, visit: &mut dyn FnMut(&Value)) {
    // SAFETY: the object is live and of that layout; an instance of a class written in Python holds the class.
    unsafe {
        let id = ptr.as_ref().shape();
        if id.is_fixed() {
            // Exactly of a builtin type: there is nothing but the payload.
            return (Layout::ops_of(ptr).trace)(ptr, visit);
        }
        let shape = vm.shapes.get(id);
        if id.is_of(Layout::Instance) {
            instance_slots(ptr, shape).iter().for_each(&mut *visit);
        } else {
            (Layout::ops_of(ptr).trace)(ptr, visit);
            vm.slots_behind(ptr).iter().for_each(&mut *visit);
        }
        if (*shape.ty.get()).has(TypeFlags::HEAP) {
            visit(&Borrowed::new((*shape.ty.get()).word()));
        }
    }
}

/// What lies behind the header of an instance whose payload is nothing else.
#[inline(always)]
unsafe fn instance_slots<'a>(ptr: ObjPtr, shape: &Shape) -> &'a [Value] {
    let count = shape.words().saturating_sub(1);
    // SAFETY: the caller's object is live and of that shape, which says how many words it has, header included.
    unsafe { std::slice::from_raw_parts(ptr.as_ptr().cast::<Value>().add(1), count) }
}

#[inline(always)]
fn visit_slots(slots: &[Value], visit: &mut dyn Visit) {
    visit.many(Value::words_of(slots));
}

unsafe fn trace(context: *mut c_void, ptr: ObjPtr, visit: &mut dyn Visit) {
    // SAFETY: the context is the Vm that set the hooks, and outlives its heap's work.
    let vm = unsafe { &*context.cast::<Vm>() };
    // SAFETY: the object is live, and its shape says what it is; the commonest kinds are visited without the detour of a second closure.
    unsafe {
        let id = ptr.as_ref().shape();
        if id == Layout::List.shape() {
            return visit_slots((*ptr.as_ptr().cast::<List>()).items(), visit);
        }
        if Layout::Tuple.is_exact(id) {
            return visit_slots((*ptr.as_ptr().cast::<Tuple>()).items(), visit);
        }
        if id == Layout::Dict.shape() {
            for entry in (*ptr.as_ptr().cast::<Dict>()).entries() {
                entry.key.object().into_iter().for_each(|ptr| visit.one(ptr));
                entry.value.object().into_iter().for_each(|ptr| visit.one(ptr));
            }
            return;
        }
        let shape = vm.shapes.get(id);
        let ty = shape.ty.get();
        if id.is_of(Layout::Instance) && (*ty).has(TypeFlags::HEAP) {
            visit_slots(instance_slots(ptr, shape), visit);
            return visit.one((*ty).word().ptr());
        }
    }
    trace_object(vm, ptr, &mut |value| {
        if let Some(ptr) = value.object() {
            visit.one(ptr);
        }
    });
}

unsafe fn size(context: *mut c_void, ptr: ObjPtr) -> usize {
    // SAFETY: the context is the Vm that set the hooks, and outlives its heap's work.
    unsafe { (*context.cast::<Vm>()).object_bytes(ptr) }
}

unsafe fn reclaim(context: *mut c_void) -> usize {
    // SAFETY: the context is the Vm that set the hooks, and outlives its heap's work.
    let vm = unsafe { &*context.cast::<Vm>() };
    let mut bytes = 0;
    vm.each_thread(&mut |_, thread| bytes += thread.stacks.reclaim());
    bytes + vm.reclaim_stack()
}

/// What the native stack keeps for the death of one object.
const DEATH_BYTES: usize = 128 << 10;

/// So many deaths nest at most while no finalizer is under way.
const MOST_NESTED: u32 = 2000;

/// How many finalizers may be under way in each other before one more fails for want of stack instead of waiting: a finalizer that
/// makes objects of its own kind would go on for ever.
const MAX_FINALIZERS: u32 = 25;

unsafe fn defers(context: *mut c_void, ptr: ObjPtr) -> bool {
    // SAFETY: the context is the Vm that set the hooks, and outlives its heap's work; the object's block is still there.
    unsafe {
        let vm = &*context.cast::<Vm>();
        let short = vm.thread.native.is_short(DEATH_BYTES);
        // Stack that was used once stays resident: where no finalizer could tell, a chain waits much earlier.
        if vm.thread.finalizers.get() == 0 && vm.heap().release_depth() >= MOST_NESTED {
            return true;
        }
        let fails = || {
            let ty = vm.shapes.get(ptr.as_ref().shape()).ty.get().as_ref();
            vm.thread.finalizers.get() > MAX_FINALIZERS
                && !ptr.as_ref().has(HeaderFlags::FINALIZED)
                && ty.is_some_and(|ty| ty.slots().del().is_some())
        };
        short && !fails()
    }
}

unsafe fn inert(context: *mut c_void, ptr: ObjPtr) -> bool {
    // SAFETY: the context is the Vm that set the hooks, and outlives its heap's work.
    unsafe { &*context.cast::<Vm>() }.is_inert(ptr)
}

unsafe fn clear(context: *mut c_void, ptr: ObjPtr) {
    // SAFETY: the context is the Vm that set the hooks, and outlives its heap's work; the heap holds the object.
    unsafe { crate::collect::clear(&*context.cast::<Vm>(), ptr) }
}

unsafe fn press(context: *mut c_void) {
    // SAFETY: the context is the Vm that set the hooks, and outlives its heap's work.
    let vm = unsafe { &*context.cast::<Vm>() };
    vm.breaker.raise(BreakerFlags::COLLECT);
}

unsafe fn site(
    context: *mut c_void,
    charge: &mut dyn FnMut(usize) -> bool,
    crowd: u32,
) -> Option<(u32, Option<usize>)> {
    // SAFETY: the context is the Vm that set the hooks, and outlives its heap's work.
    let vm = unsafe { &*context.cast::<Vm>() };
    vm.sites.here(vm, charge, crowd)
}

/// What a heap is given whose objects all die by one function.
pub(crate) fn hooks(dealloc: unsafe fn(*mut c_void, ObjPtr)) -> Hooks {
    let (deaths, uncommon) = (Hooks::NO_DEATHS, Hooks::ALL);
    Hooks { deaths, uncommon, dealloc, trace, size, reclaim, defers, inert, clear, press, site }
}

/// What a heap is given that nobody counts.
pub(crate) fn quick_hooks() -> Hooks {
    Hooks { deaths: &DEATHS, uncommon: UNCOMMON, ..hooks(dealloc) }
}

/// What of a header's word says that an object is not plain: bits of its shape's index, and a weak reference.
const UNCOMMON: u32 = {
    let more = (1 << SHAPE_INDEX_BITS) - FIXED_SHAPES;
    Header::word_of(ShapeId::new(more), HeaderFlags::WEAKREFS)
};
const _: () = assert!(FIXED_SHAPES.is_power_of_two() && KINDS == 1 << (24 - SHAPE_INDEX_BITS));

/// How plain objects die, by their layouts.
static DEATHS: [Death; KINDS] = {
    let mut all = layouts::deaths();
    all[Layout::Generator as usize] = generator_death;
    all
};

/// A generator that has ended is as plain as anything; another one may have something to run.
unsafe fn generator_death(heap: *mut Heap, ptr: ObjPtr) {
    // SAFETY: the object is dead, and a generator.
    unsafe {
        if has_ended(ptr) {
            return LayoutOps::death::<Generator>(heap, ptr);
        }
        Heap::let_die(heap, ptr, |heap| Heap::die_in_general(heap, ptr));
    }
}

unsafe fn dealloc(context: *mut c_void, ptr: ObjPtr) {
    // SAFETY: the context is the Vm that set the hooks, and outlives its heap's work.
    let vm = unsafe { &*context.cast::<Vm>() };
    // SAFETY: nobody refers to the object any more, whose block is there until it is freed.
    unsafe {
        if let Some((shape, class)) = vm.simple_instance(ptr) {
            return vm.free_instance(ptr, shape, class);
        }
    }
    vm.dealloc(ptr);
}

/// The same for a VM that counts.
pub(crate) unsafe fn counted_dealloc(context: *mut c_void, ptr: ObjPtr) {
    // SAFETY: the context is the Vm that set the hooks, and outlives its heap's work.
    let vm = unsafe { &*context.cast::<Vm>() };
    if !vm.is_plain(ptr) {
        return vm.dealloc_other(ptr);
    }
    // SAFETY: the object is live but for its count.
    unsafe {
        vm.shapes.get(ptr.as_ref().shape()).count_death(ptr);
        vm.dealloc_plain(ptr);
    }
}

impl Vm {
    /// Whether an object is exactly of a builtin type, with no more to it than its payload and nothing to run when it dies.
    #[inline(always)]
    fn is_plain(&self, ptr: ObjPtr) -> bool {
        // SAFETY: the caller keeps the object, or it is dying.
        let header = unsafe { ptr.as_ref() };
        let shape = header.shape();
        // (A coroutine's shape is none of the fixed ones, for its registers lie behind it.)
        let plain = if shape.is_of(Layout::Generator) { has_ended(ptr) } else { shape.is_fixed() };
        plain && !header.has(HeaderFlags::WEAKREFS)
    }

    /// Whether an object may be cleared and freed in the middle of native work: nothing runs then, and nothing that work could be
    /// about changes. A generator that is not at its end may hold a `finally`, and one that runs is being worked on; a class
    /// unregisters itself with its bases, its shapes and the caches.
    pub(crate) fn is_inert(&self, ptr: ObjPtr) -> bool {
        let layout = crate::object::layout_of(ptr);
        // SAFETY: the object is live; its shape's type lives as long.
        let (header, ty) = unsafe {
            let header = ptr.as_ref();
            (header, self.shapes.get(header.shape()).ty.get().as_ref())
        };
        let at_rest = layout != Layout::Type as u32 && (layout != Layout::Generator as u32 || has_ended(ptr));
        at_rest
            && !header.has(HeaderFlags::WEAKREFS)
            && ty.is_some_and(|ty| ty.slots().del().is_none() || header.has(HeaderFlags::FINALIZED))
    }

    /// The attribute slots behind an object's payload.
    ///
    /// # Safety
    /// The object is live and whole, and stays so, of this very shape, as long as the slots are used.
    pub unsafe fn slots_behind<'a>(&self, ptr: ObjPtr) -> &'a [Value] {
        // SAFETY: the object is live, and its shape says how many words lie behind the payload: values from its birth on.
        unsafe {
            let shape = self.shapes.get(ptr.as_ref().shape());
            if shape.first == 0 {
                return &[];
            }
            let payload = Layout::ops_of(ptr).size;
            let start = if shape.ext == EXT_AT_END || Layout::is_native(ptr) {
                payload(ptr).div_ceil(8)
            } else {
                Layout::ops_of(ptr).payload_bytes / 8
            };
            let end = if shape.ext == EXT_AT_END { start + 1 } else { shape.words() };
            std::slice::from_raw_parts(ptr.as_ptr().cast::<Value>().add(start), end - start)
        }
    }

    /// Looks at every object that is alive. `look` makes and frees none: it counts, compares, and takes references.
    pub(crate) fn each_living(&self, look: &mut dyn FnMut(&Value)) {
        // SAFETY: no object is half made between instructions; those who call are in this crate and make and free none.
        unsafe { self.heap().for_each_object(&mut |ptr| look(&Borrowed::new(Word::from_ptr(ptr)))) }
    }

    /// Lets the heap trace blocks, for places of which so many frames make a difference, or fewer where stacks crowd, if it `folds`; false if
    /// there is no memory.
    pub(crate) fn trace_blocks(&self, frames: usize, folds: bool) -> bool {
        let top = self.thread.stacks.frame.as_ptr().cast_const().cast();
        let trail = Trail { top };
        const { assert!(size_of::<Frame>() == Trail::STRIDE) };
        // SAFETY: the running thread's top frame is always there, at this place, and begins with its position. What lies below it stays
        // as long as it does, or is another thread's, whose end is told of (`Vm::forget_places`); enough lies below the bottom one.
        unsafe { self.heap().start_traces(Some(trail), frames, folds) }
    }

    /// The number of the place where an object's memory was asked for; 0 if that is not traced, or if it is a number without an object.
    pub(crate) fn site_of(&self, value: &Value) -> u32 {
        // SAFETY: the value holds the object, which is of this heap.
        value.object().map_or(0, |ptr| unsafe { self.heap().site_of(ptr) })
    }

    /// The number of the arena that an object lies in; none if its block has a mapping of its own.
    pub(crate) fn arena_of(&self, object: ObjPtr) -> Option<u32> {
        // SAFETY: who has the pointer holds the object.
        unsafe { Heap::arena_of(object) }
    }

    /// Freezes what the collector tracks, or thaws what is frozen.
    pub(crate) fn freeze_objects(&self, frozen: bool) {
        // SAFETY: no object is half made where a script can ask for it: between instructions.
        unsafe { if frozen { self.heap().freeze() } else { self.heap().thaw() } }
    }

    /// Lets the builtin types' dicts and what lies in them settle, and the functions of modules: called at the end of the boot, all that there
    /// are so far last as long as the VM.
    pub(crate) fn settle_what_lasts(&self) {
        const LASTING: u128 = 1 << Layout::NativeFunction as u32
            | 1 << Layout::SlotWrapper as u32
            | 1 << Layout::ClassMethodDescriptor as u32
            | 1 << Layout::GetSet as u32
            | 1 << Layout::Member as u32;
        // SAFETY: the heap gives live objects.
        let kind = |ptr: ObjPtr| unsafe { ptr.as_ref() }.kind();
        let lasts = |ptr| LASTING >> kind(ptr) & 1 == 1 || self.is_class_dict(Word::from_ptr(ptr));
        // SAFETY: nothing runs here, and the answer makes no object.
        unsafe { self.heap().settle(lasts) }
    }

    /// All objects of a layout that are alive.
    pub fn living<T: Object>(&self) -> Vec<Ref<T>> {
        let mut found = Vec::new();
        self.each_living(&mut |value| found.extend(value.get().map(Ref::from_payload)));
        found
    }

    /// Checks every invariant of the heap; what is wrong otherwise.
    pub fn verify(&self) -> Result<HeapReport, String> {
        // What dies in other threads is dying for the heap, too.
        let depth = self.heap().release_depth();
        self.heap().set_release_depth(depth + self.threads.deaths_under_way());
        // SAFETY: the VM set the hooks, and no object is half made or half freed where this can be called: between instructions.
        let report = unsafe { self.heap().verify() };
        self.heap().set_release_depth(depth);
        report
    }

    /// The same, and which objects' counts differ from what objects and roots refer to.
    pub(crate) fn verify_counts(&self) -> Result<(HeapReport, Vec<Inexact>), String> {
        // SAFETY: the VM set the hooks, and nothing is half made between instructions.
        unsafe {
            self.heap().verify_exact(&mut |visit| {
                self.trace_roots(&mut |value| value.object().into_iter().for_each(&mut *visit))
            })
        }
    }

    /// The bytes that an object's block was asked for.
    ///
    /// # Safety
    /// The object is whole.
    unsafe fn object_bytes(&self, ptr: ObjPtr) -> usize {
        let ops = Layout::ops_of(ptr);
        // SAFETY: the object is whole, and of the layout that its header says.
        let (payload, behind) = unsafe { ((ops.size)(ptr), self.slots_behind(ptr).len()) };
        if behind == 0 { payload } else { payload.next_multiple_of(8) + behind * 8 }
    }

    /// Frees an object whose count is zero.
    #[inline(always)]
    fn dealloc(&self, ptr: ObjPtr) {
        if !self.is_plain(ptr) {
            return self.dealloc_other(ptr);
        }
        // SAFETY: the object is live but for its count: nobody else refers to it.
        unsafe { self.dealloc_plain(ptr) }
    }

    /// The same for one that is plain.
    #[inline(always)]
    unsafe fn dealloc_plain(&self, ptr: ObjPtr) {
        // SAFETY: nobody refers to the object any more, and nothing lies behind its payload.
        unsafe {
            if ptr.as_ref().has(HeaderFlags::TRACKED) {
                self.heap().untrack(ptr);
            }
            (Layout::ops_of(ptr).dealloc)(self.heap(), ptr);
        }
    }

    /// The same for what is not exactly of a builtin type, or has a finalizer or weak references.
    #[inline(never)]
    fn dealloc_other(&self, ptr: ObjPtr) {
        // SAFETY: nobody refers to the object any more, whose block is there until it is freed here.
        unsafe {
            let Some((shape, class)) = self.simple_instance(ptr) else {
                return if self.is_plain_exception(ptr) {
                    self.free_object(ptr)
                } else {
                    self.dealloc_instance(ptr)
                };
            };
            if self.meter.is_on() {
                shape.count_death(ptr);
            }
            self.free_instance(ptr, shape, class);
        }
    }

    /// Whether an object is an exception of a builtin class, which shares its layout with others, and nobody hears of its death, nor
    /// counts it.
    ///
    /// # Safety
    /// The object's block is there.
    unsafe fn is_plain_exception(&self, ptr: ObjPtr) -> bool {
        // SAFETY: as the caller promises.
        let header = unsafe { ptr.as_ref() };
        if !header.shape().is_of(Layout::Exception) || header.has(HeaderFlags::WEAKREFS) || self.meter.is_on()
        {
            return false;
        }
        let class = self.shapes.get(header.shape()).bound_class();
        !class.has(TypeFlags::HEAP) && class.slots().del().is_none()
    }

    /// Lets go what a dead object holds, and frees its block.
    ///
    /// # Safety
    /// Nobody refers to the object any more, whose block is there.
    #[inline(always)]
    unsafe fn free_object(&self, ptr: ObjPtr) {
        // SAFETY: as the caller promises; the payload is used no more once it is finished.
        unsafe {
            if ptr.as_ref().has(HeaderFlags::TRACKED) {
                self.heap().untrack(ptr);
            }
            let (ops, behind) = (Layout::ops_of(ptr), self.slots_behind(ptr));
            let payload = (ops.size)(ptr);
            let bytes =
                if behind.is_empty() { payload } else { payload.next_multiple_of(8) + behind.len() * 8 };
            for slot in behind {
                slot.set(Value::UNBOUND);
            }
            (ops.finish)(ptr);
            self.heap().free_object(ptr.cast(), bytes);
        }
    }

    /// The shape and the class of an instance of a class of Python's that has no payload of a builtin type, nothing to run when it dies, and
    /// no weak reference.
    ///
    /// # Safety
    /// The object's block is there, and its class lives as long as what is given is used.
    #[inline(always)]
    unsafe fn simple_instance(&self, ptr: ObjPtr) -> Option<(&Shape, &TypeObj)> {
        // SAFETY: as the caller promises.
        let header = unsafe { ptr.as_ref() };
        if !header.shape().is_of(Layout::Instance) || header.has(HeaderFlags::WEAKREFS) {
            return None;
        }
        let shape = self.shapes.get(header.shape());
        let class = shape.bound_class();
        (class.has(TypeFlags::HEAP) && class.slots().del().is_none()).then_some((shape, class))
    }

    /// Frees an instance of a class of Python's that has no payload of a builtin type, nothing to run, and no weak reference.
    ///
    /// # Safety
    /// The object is dead, of that shape, and the class is its own.
    #[inline(always)]
    unsafe fn free_instance(&self, ptr: ObjPtr, shape: &Shape, class: &TypeObj) {
        // SAFETY: as the caller promises.
        unsafe {
            self.heap().untrack(ptr);
            let slots = instance_slots(ptr, shape);
            for slot in slots {
                slot.give_up();
            }
            self.heap().free_object(ptr.cast(), 8 + slots.len() * 8);
            // It was held by the instance; let go last.
            class.word().decref();
        }
    }

    /// The same for instances of classes, and what has a finalizer.
    fn dealloc_instance(&self, ptr: ObjPtr) {
        // SAFETY: the object is live but for its count, which is zero: nobody else refers to it.
        unsafe {
            let header = ptr.as_ref();
            // While the VM is being born, a str may die before there is a type of strs.
            let mut ty = self.shapes.get(header.shape()).ty.get().as_ref();
            if let Some(del) = ty.and_then(|ty| ty.slots().del())
                && !header.has(HeaderFlags::FINALIZED)
            {
                header.set_refs(1);
                header.set_flag(HeaderFlags::FINALIZED);
                self.ages.forget(self, ptr);
                let value = std::mem::ManuallyDrop::new(Value::from_word(Word::from_ptr(ptr)));
                del.call(self, &value);
                // Somebody may have stored it: then it lives on.
                if header.refs() > 1 {
                    let _ = header.decref();
                    return;
                }
                header.set_refs(0);
                // It may have another class now.
                ty = self.shapes.get(header.shape()).ty.get().as_ref();
            }
            if self.meter.is_on() {
                // The finalizer may have given the object attributes.
                self.shapes.get(header.shape()).count_death(ptr);
            }
            if header.has(HeaderFlags::WEAKREFS) {
                self.heap().untrack(ptr);
                bury(self, ptr);
            }
            self.free_object(ptr);
            // An instance of a class written in Python holds the class; let go last.
            if let Some(ty) = ty.filter(|ty| ty.has(TypeFlags::HEAP)) {
                ty.word().decref();
            }
        }
    }
}
