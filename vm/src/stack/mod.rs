//! The two stacks: registers, and frames.
//!
//! ```text
//! registers:  .. | caller's locals, temporaries | callable self a0 a1 ..          |
//!                                                 callee's fp ----^ a0 a1 locals temporaries | ..
//! ```
//!
//! A call's arguments are evaluated into the caller's top temporaries and become the callee's locals in place. Only a
//! generator's registers lie elsewhere, in the generator: what it calls gets its arguments moved to the register stack. A frame
//! record says where a frame stands while it is not the running one; the running one's pc, fp and constants are in machine
//! registers.
//!
//! Both stacks are addresses reserved once. They are taken into use by chunks, each charged to the heap; what lies above the
//! top frame goes back to the system when the heap runs short ([`Stacks::reclaim`]).
//!
//! Each thread has its own; those of the thread that runs lie in the `Vm`, and at a switch everything in them is exchanged.
//!
//! ```text
//!   charged      == ready bytes of registers from base on, and frames_ready frames
//!   frame_limit  == min(recursion_end, frames_ready)      what a call looks at
//! ```
//!
//! Invariants: a dead temporary never holds a pointer, and neither does any register above the top frame. Every
//! register that is ready holds a word (never 0).

mod limit;

use std::cell::{Cell, RefCell};
use std::mem::MaybeUninit;

use memmap2::{MmapMut, MmapOptions};

use ryokan_bytecode::InstrIndex;

use crate::raised::Res;
use crate::running::RunCode;
use crate::running::ops::RunOp;
use crate::types::code::CodeObj;
use crate::types::function::Function;
use crate::types::generator::Generator;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// Registers reserved: 256 MiB of addresses. Fewer where the system grants no more.
const REGISTERS: usize = 1 << 25;
/// Frames reserved, for so many registers.
const FRAMES: usize = REGISTERS / 8;
/// Registers are taken into use by so many at a time.
const CHUNK: usize = 4096;
/// Frames are: 56 KiB, fourteen pages.
const FRAME_CHUNK: usize = 1024;
/// So many records lie under the bottom frame, all zeroes, and are never used: who looks below a frame sees nobody (`Trail`). A whole number of
/// pages.
const UNDER: usize = FRAME_CHUNK;
const _: () = assert!(UNDER >= ryokan_alloc::Trail::UNDER);
/// No call's arguments and no frame's registers reach so far above the top frame.
const REACH: usize = 1 << 16;
/// Frames beyond the recursion limit that are kept for raising `RecursionError`.
const SPARE_FRAMES: usize = 64;

/// A frame that does not run at the moment (or the running one, whose `pc` is what it was at its last call).
#[repr(C)]
pub struct Frame {
    /// The instruction it stands at.
    pub pc: *mut u64,
    /// Its registers.
    pub fp: *mut Value,
    /// Its constants.
    pub consts: *const Value,
    /// Its function; null for the boundary under a call from Rust. Kept alive by the caller's register.
    pub func: *const Function,
    /// The running form that it runs: its function may have got another code meanwhile.
    pub run: *const RunCode,
    /// A generator (borrowed) if it is one's frame, a namespace (owned) in a module or class body, [`WATCHED`], or nothing.
    pub extra: Word,
    /// Of a generator's frame, and of a boundary: the first register of the stack that is free above it, once somebody has looked for it; null
    /// until then. It stays so while the frame does, for nothing below it changes.
    pub free: MaybeUninit<Cell<*mut Value>>,
}

/// What a frame's `extra` is once an entry of a traceback may want its locals when it returns.
pub const WATCHED: Word = Word::TRUE;

impl Frame {
    /// A frame of a function whose registers lie on the stack.
    #[inline(always)]
    pub fn plain(
        pc: *mut u64,
        fp: *mut Value,
        consts: *const Value,
        func: *const Function,
        run: *const RunCode,
    ) -> Frame {
        Frame { pc, fp, consts, func, run, extra: Word::UNBOUND, free: MaybeUninit::uninit() }
    }
    /// A record that is no function's frame.
    pub fn boundary(pc: *mut u64, fp: *mut Value, extra: Word) -> Frame {
        // That of a constructor which a generator calls has the generator's registers.
        let free = MaybeUninit::new(Cell::new(std::ptr::null_mut()));
        Frame { extra, free, ..Frame::plain(pc, fp, std::ptr::null(), std::ptr::null(), std::ptr::null()) }
    }
    /// Whether it is the boundary under a call from Rust.
    pub fn is_boundary(&self) -> bool {
        self.func.is_null()
    }
    /// Whether it is the record under an `__init__` that a class's call runs, or under a special method that an instruction asks: a
    /// boundary within a run, whose `extra` owns the function.
    pub fn is_record(&self) -> bool {
        self.is_boundary() && self.extra.is_ptr()
    }
    /// Whether it counts for the recursion limit: functions do, and the construction of an instance.
    fn is_counted(&self) -> bool {
        !self.is_boundary() || self.is_record() && self.finisher() == RunOp::Constructed as u16
    }
    /// The opcode of the handler that finishes what a record is about.
    fn finisher(&self) -> u16 {
        // SAFETY: a record stands at a call of its own, three units before that handler, or at the handler while that runs.
        unsafe {
            let op = *self.pc.cast::<u16>();
            if op == RunOp::Call as u16 { *self.pc.add(3).cast() } else { op }
        }
    }
    /// The function.
    pub fn function(&self) -> &Function {
        debug_assert!(!self.is_boundary());
        // SAFETY: the caller's register (or the generator) keeps the function alive while the frame is.
        unsafe { &*self.func }
    }
    /// The running form.
    pub fn run(&self) -> &RunCode {
        debug_assert!(!self.is_boundary());
        // SAFETY: a frame is pushed with a running form, which stays while it runs (`Vm::retire_code`).
        unsafe { &*self.run }
    }
    /// The registers of its locals; none of a boundary. They are not to be looked at across calls that may end the frame.
    pub fn locals(&self) -> &[Value] {
        if self.is_boundary() {
            return &[];
        }
        // SAFETY: whoever sees a frame sees it on the stack, where its registers are its own, and begin with its locals.
        unsafe { std::slice::from_raw_parts(self.fp, self.run().locals) }
    }
    /// The namespace of a module's or class body's frame. That of a module that awaits has one of its own only if it is not its globals.
    pub fn namespace(&self) -> Option<&Value> {
        if self.is_boundary() || !self.extra.is_ptr() {
            return None;
        }
        if let Some(generator) = self.generator() {
            return generator.namespace();
        }
        // SAFETY: `extra` is a slot of the frame's record, which owns the namespace; a Value is such a word.
        Some(unsafe { &*std::ptr::from_ref(&self.extra).cast::<Value>() })
    }
    /// The generator whose frame it is.
    pub fn generator(&self) -> Option<&Generator> {
        if self.is_boundary() {
            return None;
        }
        // SAFETY: a frame's `extra` is empty, a namespace that it owns, or a generator that whoever resumed it holds.
        unsafe { self.extra.get::<Generator>() }
    }
    /// A boundary's registers: what the call from Rust put there; the instance and the result under an `__init__`.
    pub fn boundary_registers(&self) -> usize {
        if self.extra.is_int() { self.extra.int() as usize } else { 2 }
    }
}

/// The addresses of both.
struct Reserved {
    registers: MmapMut,
    frames: MmapMut,
}

/// The two stacks of a thread.
pub struct Stacks {
    reserved: RefCell<Option<Reserved>>,
    /// How many bytes of registers are reserved, from `base` on.
    registers_bytes: Cell<usize>,
    /// The bottom frame, and for how many frames there is room.
    frames_base: Cell<*mut Frame>,
    frames_reserved: Cell<usize>,
    /// The top frame.
    pub frame: Cell<*mut Frame>,
    /// Frames must stay below this.
    pub frame_limit: Cell<*mut Frame>,
    /// The recursion limit, in frames of Python.
    limit: Cell<usize>,
    /// How many boundaries are known to be on the stack; never more than there are.
    boundaries: Cell<usize>,
    /// By how many frames the limit gives way at the moment.
    beyond: Cell<usize>,
    /// Where the limit is for so many.
    recursion_end: Cell<*mut Frame>,
    /// How many frames are charged.
    frames_ready: Cell<usize>,
    /// How many registers above the top frame hold arguments of a call whose frame is not pushed yet.
    held: Cell<usize>,
    /// Where the registers begin: behind `2 * REACH` of them that are never used. So nothing that lies before the mapping (a
    /// generator's registers) seems to end within it.
    base: Cell<*mut Value>,
    /// How many bytes of registers may be used.
    ready: Cell<usize>,
}

impl Stacks {
    /// Makes a frame keep its locals for whoever watches it, when it ends. A frame without locals of its own is not watched: a
    /// module's or class body's, and a generator's, whose locals are the generator's.
    pub fn watch(&self, record: *const Frame) -> bool {
        // SAFETY: only the address is compared until the frame is found among those on the stack, which may be written.
        unsafe {
            let Some(found) = self.iter().find(|frame| std::ptr::eq(*frame, record)) else { return false };
            let may = found.extra.is_unbound() || found.extra == WATCHED;
            if may && !found.is_boundary() {
                (*record.cast_mut()).extra = WATCHED;
            }
            may && !found.is_boundary()
        }
    }
    /// Those of nobody: no addresses.
    pub fn none() -> Stacks {
        Stacks {
            reserved: RefCell::default(),
            registers_bytes: Cell::new(0),
            frames_base: Cell::new(std::ptr::null_mut()),
            frames_reserved: Cell::new(0),
            frame: Cell::new(std::ptr::null_mut()),
            frame_limit: Cell::new(std::ptr::null_mut()),
            limit: Cell::new(0),
            boundaries: Cell::new(0),
            beyond: Cell::new(0),
            recursion_end: Cell::new(std::ptr::null_mut()),
            frames_ready: Cell::new(0),
            held: Cell::new(0),
            base: Cell::new(std::ptr::null_mut()),
            ready: Cell::new(0),
        }
    }
    /// Reserves both for the main thread; `None` if the system refuses.
    pub fn new() -> Option<Stacks> {
        // A process with few addresses (`ulimit -v`) gets smaller stacks.
        let reserved = (0..4).find_map(|fewer| {
            let both = Reserved::part(2 * fewer)?;
            // As much must be left for all else; the smallest stacks take what there is.
            (fewer == 3 || reserve((REGISTERS * 8) >> (2 * fewer)).is_some()).then_some(both)
        })?;
        Some(Stacks::of(reserved, 1000))
    }
    /// Reserves both for one more thread, a sixteenth of what the main one has at most; `None` if the system refuses.
    pub fn for_thread(limit: usize) -> Option<Stacks> {
        let reserved = [4, 6].into_iter().find_map(Reserved::part)?;
        Some(Stacks::of(reserved, limit))
    }
    fn of(mut reserved: Reserved, limit: usize) -> Stacks {
        let stacks = Stacks::none();
        let base = reserved.registers.as_mut_ptr().cast::<Value>().wrapping_add(2 * REACH);
        let first = reserved.frames.as_mut_ptr().cast::<Frame>().wrapping_add(UNDER);
        // SAFETY: the mapping is large enough for some chunks of frames.
        unsafe {
            first.write(Frame::boundary(std::ptr::null_mut(), base, Word::UNBOUND));
        }
        stacks.registers_bytes.set(reserved.registers.len() - 2 * REACH * 8);
        stacks.frames_reserved.set(reserved.frames.len() / size_of::<Frame>() - UNDER);
        stacks.frames_base.set(first);
        stacks.frame.set(first);
        stacks.base.set(base);
        stacks.reserved.replace(Some(reserved));
        stacks.set_limit(limit);
        stacks
    }
    /// Exchanges everything with the stacks of another thread.
    pub fn exchange(&self, other: &Stacks) {
        // Named one by one: a new field is not forgotten.
        let Stacks {
            reserved,
            registers_bytes,
            frames_base,
            frames_reserved,
            frame,
            frame_limit,
            limit,
            boundaries,
            beyond,
            recursion_end,
            frames_ready,
            held,
            base,
            ready,
        } = self;
        reserved.swap(&other.reserved);
        registers_bytes.swap(&other.registers_bytes);
        frames_base.swap(&other.frames_base);
        frames_reserved.swap(&other.frames_reserved);
        frame.swap(&other.frame);
        frame_limit.swap(&other.frame_limit);
        limit.swap(&other.limit);
        boundaries.swap(&other.boundaries);
        beyond.swap(&other.beyond);
        recursion_end.swap(&other.recursion_end);
        frames_ready.swap(&other.frames_ready);
        held.swap(&other.held);
        base.swap(&other.base);
        ready.swap(&other.ready);
    }
    /// Takes the addresses and all that lies there; what stays are the stacks of nobody.
    pub fn take(&self) -> Stacks {
        let taken = Stacks::none();
        taken.exchange(self);
        taken
    }
    /// What of both is charged to the heap, in bytes.
    pub fn charged(&self) -> usize {
        self.ready.get() + self.frames_ready.get() * size_of::<Frame>()
    }

    /// Whether so many registers from `from` on are ready, of the stack. There are no more than `2 * REACH` of them.
    #[inline(always)]
    pub fn holds(&self, from: *mut Value, count: usize) -> bool {
        (from as usize).wrapping_sub(self.base.get() as usize).wrapping_add(count * 8) <= self.ready.get()
    }
    /// Whether a register lies on the stack.
    pub fn is_own(&self, register: *mut Value) -> bool {
        (register as usize).wrapping_sub(self.base.get() as usize) < self.registers_bytes.get()
    }
    /// How many frames there are, boundaries included.
    pub fn depth(&self) -> usize {
        (self.frame.get() as usize - self.frames_base.get() as usize) / size_of::<Frame>()
    }
    /// Visits what registers and frames hold.
    pub fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        if self.frame.get().is_null() {
            return;
        }
        let used = self.free_registers() as usize - self.base.get() as usize;
        // The bottom frame may stand where no register is ready yet.
        let used = if used <= self.ready.get() { used / size_of::<Value>() } else { 0 };
        // SAFETY: registers below the top frame's end are words.
        unsafe { std::slice::from_raw_parts(self.base.get(), used) }.iter().for_each(&mut *visit);
        for frame in self.iter().filter(|f| f.extra.is_ptr()) {
            if frame.generator().is_none() {
                visit(&crate::value::Borrowed::new(frame.extra));
            }
        }
    }
    /// Does something while so many registers above the top frame hold arguments, which lie there though memory gets short.
    pub fn holding<T>(&self, count: usize, work: impl FnOnce() -> T) -> T {
        let before = self.held.replace(count);
        let done = work();
        self.held.set(before);
        done
    }
    /// Gives the pages far above the top frame back to the system; how many charged bytes they were.
    pub fn reclaim(&self) -> usize {
        let mut bytes = 0;
        let reserved = self.reserved.borrow();
        let Some(Reserved { registers, frames }) = &*reserved else { return 0 };
        let used = (self.free_registers() as usize - self.base.get() as usize) / 8 + REACH + self.held.get();
        let (keep, limit) = (used.next_multiple_of(CHUNK), self.ready.get() / 8);
        if keep < limit {
            discard(registers, (2 * REACH + keep) * 8, (limit - keep) * 8);
            self.ready.set(keep * 8);
            bytes += (limit - keep) * 8;
        }
        let (keep, ready) =
            ((self.depth() + SPARE_FRAMES).next_multiple_of(FRAME_CHUNK), self.frames_ready.get());
        if keep < ready {
            discard(frames, (UNDER + keep) * size_of::<Frame>(), (ready - keep) * size_of::<Frame>());
            self.frames_ready.set(keep);
            self.refresh();
            bytes += (ready - keep) * size_of::<Frame>();
        }
        bytes
    }
    /// The frames from the top down, boundaries included, the bottom one excluded.
    pub fn iter(&self) -> impl Iterator<Item = &Frame> {
        let top = self.frame.get();
        // SAFETY: frames between base and top are initialised.
        (0..self.depth()).map(move |i| unsafe { &*top.sub(i) })
    }
    /// The top frame.
    pub fn top(&self) -> &Frame {
        // SAFETY: there is always the bottom frame.
        unsafe { &*self.frame.get() }
    }
    /// Says at which unit the top frame stands.
    pub fn set_unit(&self, unit: *mut u64) {
        // SAFETY: as above.
        unsafe { (*self.frame.get()).pc = unit };
    }
    /// The frame so many below the top one.
    pub fn below_top(&self, depth: usize) -> &Frame {
        assert!(depth <= self.depth(), "no such frame");
        // SAFETY: frames between base and top are initialised.
        unsafe { &*self.frame.get().sub(depth) }
    }
    /// Lets a frame, so many below the top one, go on in another form of its code when it is returned to; gives where.
    pub(crate) fn go_on_in(&self, depth: usize, steps: &RunCode) -> *mut u64 {
        let frame = self.below_top(depth);
        // Whoever is called reads in the record where to return to.
        let pc = frame.run().translate(steps, frame.pc, true);
        // SAFETY: the frame was just found. Its record is written through the pointer that all are, and nobody writes that of a frame
        // that is not the top one.
        unsafe { (*self.frame.get().sub(depth)).pc = pc };
        pc
    }
    /// The top frame, which ends, stands at an instruction from now on.
    pub(crate) fn stand_at(&self, instr: InstrIndex) {
        let top = self.top();
        if let Some(unit) = top.run().form(top.pc).first_unit(instr) {
            // SAFETY: the top frame; a unit of its code.
            unsafe { (*self.frame.get()).pc = unit };
        }
    }
    /// Nobody wants the locals of the top frame any more.
    pub(crate) fn unwatch_top(&self) {
        if self.top().extra == WATCHED {
            // SAFETY: the top frame; the word that is replaced owns nothing.
            unsafe { (*self.frame.get()).extra = Word::UNBOUND };
        }
    }
    /// The first register above the top frame (above the next one below it, where that is a generator's).
    pub fn free_registers(&self) -> *mut Value {
        let top = self.top();
        if self.is_own(top.fp) {
            return self.end_of(top);
        }
        // SAFETY: a generator's frame lies above the one that resumed it.
        let below = unsafe { &*self.frame.get().sub(1) };
        if self.is_own(below.fp) { self.end_of(below) } else { self.free_above_generators() }
    }
    /// The first register above a frame whose registers lie on the stack.
    fn end_of(&self, frame: &Frame) -> *mut Value {
        let used = if frame.is_boundary() { frame.boundary_registers() } else { frame.run().registers };
        frame.fp.wrapping_add(used)
    }
    /// [`Stacks::free_registers`] where generators' frames are on top, as many as delegate to each other. What is found is noted, so
    /// that a frame is passed by once.
    #[cold]
    #[inline(never)]
    fn free_above_generators(&self) -> *mut Value {
        // SAFETY: `free` is written when a frame is pushed whose registers do not lie on the stack.
        let noted = |frame: &Frame| unsafe { frame.free.assume_init_ref().get() };
        let mut passed = 0;
        let mut found = self.base.get();
        for frame in self.iter() {
            if self.is_own(frame.fp) {
                found = self.end_of(frame);
                break;
            }
            if !noted(frame).is_null() {
                found = noted(frame);
                break;
            }
            passed += 1;
        }
        for frame in self.iter().take(passed) {
            // SAFETY: `free` is written when a frame is pushed whose registers do not lie on the stack.
            unsafe { frame.free.assume_init_ref().set(found) };
        }
        found
    }
}

/// Addresses that are used bit by bit.
fn reserve(bytes: usize) -> Option<MmapMut> {
    let map = MmapOptions::new().len(bytes).no_reserve_swap().map_anon().ok()?;
    #[cfg(target_os = "linux")]
    // As for arenas: a huge page would be resident where one small one is charged.
    let _ = map.advise(memmap2::Advice::NoHugePage);
    Some(map)
}

impl Reserved {
    /// Both, of the full size divided by a power of two.
    fn part(log2: usize) -> Option<Reserved> {
        let (registers, frames) = ((REGISTERS * 8) >> log2, (FRAMES * size_of::<Frame>()) >> log2);
        Some(Reserved { registers: reserve(registers)?, frames: reserve(frames)? })
    }
}

/// Gives pages back; they read as zeroes when they are touched again.
fn discard(map: &MmapMut, from: usize, bytes: usize) {
    #[cfg(target_os = "linux")]
    // SAFETY: the range lies in the mapping, and nobody needs what is in it. A refusal leaves it resident.
    let _ = unsafe { map.unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, from, bytes) };
    #[cfg(not(target_os = "linux"))]
    let _ = (map, from, bytes);
}

impl RunCode {
    /// The code that it is the running form of, which owns it.
    pub fn object<'a>(&self) -> &'a CodeObj {
        // SAFETY: nobody has a running form whose code is gone.
        unsafe { &*self.owner.cast() }
    }
}

impl Vm {
    /// Makes a frame beyond `frame_limit` possible: `RecursionError` at the limit, `MemoryError` if the heap refuses. Runs no Python.
    #[cold]
    #[inline(never)]
    pub fn extend_frames(&self, frame: *mut Frame) -> Res<()> {
        let stacks = &self.thread.stacks;
        while frame >= stacks.frame_limit.get() {
            if frame >= stacks.recursion_end.get() {
                if stacks.recount() {
                    continue;
                }
                return Err(stacks.beyond_limit(|| self.recursion_error("maximum recursion depth exceeded")));
            }
            self.ready_frames()?;
        }
        Ok(())
    }

    /// Makes one more chunk of frames ready.
    fn ready_frames(&self) -> Res<()> {
        let stacks = &self.thread.stacks;
        if !self.heap().charge(FRAME_CHUNK * size_of::<Frame>()) {
            return Err(self.no_memory());
        }
        stacks.frames_ready.set(stacks.frames_ready.get() + FRAME_CHUNK);
        stacks.refresh();
        Ok(())
    }

    /// The record above the top one for a generator that goes on, or for the boundary of a run, made the top. The recursion limit is for
    /// calls: a chain of generators may be longer, as long as there is room for the records. Runs no Python; `RecursionError` if there
    /// is none, `MemoryError` if the heap refuses.
    #[inline]
    pub fn push_uncounted_frame(&self) -> Res<*mut Frame> {
        let stacks = &self.thread.stacks;
        let frame = stacks.frame.get().wrapping_add(1);
        if frame >= stacks.frame_limit.get() {
            self.extend_uncounted(frame)?;
        }
        stacks.frame.set(frame);
        Ok(frame)
    }

    #[cold]
    #[inline(never)]
    fn extend_uncounted(&self, frame: *mut Frame) -> Res<()> {
        let stacks = &self.thread.stacks;
        let place = stacks.frames_base.get();
        while frame >= place.wrapping_add(stacks.frames_ready.get()) {
            if stacks.frames_ready.get() + 2 * FRAME_CHUNK > stacks.frames_reserved.get() {
                return Err(stacks.beyond_limit(|| self.recursion_error("maximum recursion depth exceeded")));
            }
            self.ready_frames()?;
        }
        Ok(())
    }

    /// Makes sure that `count` registers from `from` on may be used; `false` if there is no room or no memory.
    #[cold]
    #[inline(never)]
    pub fn extend_registers(&self, from: *mut Value, count: usize) -> bool {
        let base = self.thread.stacks.base.get();
        let need = (from as usize).wrapping_sub(base as usize) / 8 + count;
        if need + CHUNK > self.thread.stacks.registers_bytes.get() / 8 {
            return false;
        }
        let mut limit = self.thread.stacks.ready.get() / 8;
        while limit < need {
            if !self.heap().charge(CHUNK * 8) {
                return false;
            }
            for at in limit..limit + CHUNK {
                // SAFETY: within the mapping.
                unsafe { base.add(at).cast::<u64>().write(Word::UNBOUND.0) };
            }
            limit += CHUNK;
            self.thread.stacks.ready.set(limit * 8);
        }
        true
    }

    /// Whether `count` registers from `from` on may be used, extending if need be.
    #[inline(always)]
    pub fn registers_available(&self, from: *mut Value, count: usize) -> bool {
        self.thread.stacks.holds(from, count) || self.extend_registers(from, count)
    }
}
