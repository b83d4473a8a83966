//! The two stacks: registers, and frames.
//!
//! ```text
//! registers:  .. | caller's locals, temporaries | callable self a0 a1 ..          |
//!                                                 callee's fp ----^ a0 a1 locals temporaries | ..
//! ```
//!
//! A call's arguments are evaluated into the caller's top temporaries and become the callee's locals in place. A frame
//! record says where a frame stands while it is not the running one; the running one's pc, fp and constants are in machine
//! registers. Both stacks are reserved once, grow only in what of them is in use, and that part is charged to the heap.
//!
//! Invariants: a dead temporary never holds a pointer, and neither does any register above the top frame. Every
//! register below `registers_limit` holds a word (never 0).

use std::cell::Cell;

use memmap2::{MmapMut, MmapOptions};

use crate::lower::RunCode;
use crate::types::function::Function;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// Registers reserved: 256 MiB of addresses, of which only the used part takes memory.
const REGISTERS: usize = 1 << 25;
/// Frames reserved.
const FRAMES: usize = 1 << 22;
/// Registers are taken into use by so many at a time.
const CHUNK: usize = 4096;

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
    /// A generator (borrowed) if it is one's frame, a namespace (owned) in a module or class body, or nothing.
    pub extra: Word,
}

impl Frame {
    /// Whether it is the boundary under a call from Rust.
    pub fn is_boundary(&self) -> bool {
        self.func.is_null()
    }
    /// Whether it is the record under an `__init__` that a class's call runs: a boundary whose `extra` owns the function.
    pub fn is_constructor(&self) -> bool {
        self.is_boundary() && self.extra.is_ptr()
    }
    /// The function.
    pub fn function(&self) -> &Function {
        debug_assert!(!self.is_boundary());
        // SAFETY: the caller's register (or the generator) keeps the function alive while the frame is.
        unsafe { &*self.func }
    }
    /// The running form.
    pub fn run(&self) -> &RunCode {
        // SAFETY: a frame is only pushed for a function that has been lowered.
        unsafe { &*self.function().run.get() }
    }
}

/// The two stacks of a Vm.
pub struct Stacks {
    registers: MmapMut,
    frames: MmapMut,
    /// The top frame.
    pub frame: Cell<*mut Frame>,
    /// Frames must stay below this: the recursion limit.
    pub frame_limit: Cell<*mut Frame>,
    /// Registers must stay below this.
    pub registers_limit: Cell<*mut Value>,
}

impl Stacks {
    /// Reserves both; `None` if the system refuses.
    pub fn new() -> Option<Stacks> {
        let map = |bytes| MmapOptions::new().len(bytes).no_reserve_swap().map_anon().ok();
        let mut registers = map(REGISTERS * 8)?;
        let mut frames = map(FRAMES * size_of::<Frame>())?;
        let base = registers.as_mut_ptr().cast::<Value>();
        let first = frames.as_mut_ptr().cast::<Frame>();
        // SAFETY: the mapping is large enough for one frame.
        unsafe {
            first.write(Frame {
                pc: std::ptr::null_mut(),
                fp: base,
                consts: std::ptr::null(),
                func: std::ptr::null(),
                extra: Word::UNBOUND,
            });
        }
        Some(Stacks {
            registers,
            frames,
            frame: Cell::new(first),
            // The bottom one and the boundary under the main module do not count.
            frame_limit: Cell::new(first.wrapping_add(1002)),
            registers_limit: Cell::new(base),
        })
    }

    fn registers_base(&self) -> *mut Value {
        self.registers.as_ptr().cast_mut().cast()
    }
    fn frames_base(&self) -> *mut Frame {
        self.frames.as_ptr().cast_mut().cast()
    }
    /// How many frames there are, boundaries included.
    pub fn depth(&self) -> usize {
        (self.frame.get() as usize - self.frames_base() as usize) / size_of::<Frame>()
    }
    /// Sets the recursion limit, in frames.
    pub fn set_limit(&self, frames: usize) {
        self.frame_limit.set(self.frames_base().wrapping_add(frames.min(FRAMES - 16) + 2));
    }
    /// The frames from the top down, boundaries included, the bottom one excluded.
    pub fn iter(&self) -> impl Iterator<Item = &Frame> {
        let (top, base) = (self.frame.get(), self.frames_base());
        // SAFETY: frames between base and top are initialised.
        (0..self.depth()).map(move |i| unsafe { &*top.sub(i) }).take_while(move |f| !std::ptr::eq(*f, base))
    }
    /// The top frame.
    pub fn top(&self) -> &Frame {
        // SAFETY: there is always the bottom frame.
        unsafe { &*self.frame.get() }
    }
    /// The first register above the top frame.
    pub fn free_registers(&self) -> *mut Value {
        let top = self.top();
        let used = if top.is_boundary() { top.boundary_registers() } else { top.run().registers };
        top.fp.wrapping_add(used)
    }
}

impl Frame {
    /// A boundary's registers: what the call from Rust put there; the instance and the result under an `__init__`.
    pub fn boundary_registers(&self) -> usize {
        if self.extra.is_int() { self.extra.int() as usize } else { 2 }
    }
}

impl Vm {
    /// Makes sure that `count` registers from `from` on may be used; `false` if there is no room or no memory.
    #[cold]
    #[inline(never)]
    pub fn extend_registers(&self, from: *mut Value, count: usize) -> bool {
        let base = self.stacks.registers_base();
        let need = (from as usize - base as usize) / 8 + count;
        if need + CHUNK > REGISTERS {
            return false;
        }
        let mut limit = (self.stacks.registers_limit.get() as usize - base as usize) / 8;
        while limit < need {
            if !self.heap().charge(CHUNK * 8) {
                return false;
            }
            for at in limit..limit + CHUNK {
                // SAFETY: within the mapping.
                unsafe { base.add(at).cast::<u64>().write(Word::UNBOUND.0) };
            }
            limit += CHUNK;
            self.stacks.registers_limit.set(base.wrapping_add(limit));
        }
        true
    }

    /// Whether `count` registers from `from` on may be used, extending if need be.
    #[inline(always)]
    pub fn registers_available(&self, from: *mut Value, count: usize) -> bool {
        from.wrapping_add(count) <= self.stacks.registers_limit.get() || self.extend_registers(from, count)
    }
}
