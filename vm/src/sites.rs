//! Sites: where in a program memory is asked for, while `tracemalloc` wants to know.
//!
//! The heap keeps a number for each block (`ryokan_alloc`, `traces.rs`); here is what the number stands for, a traceback: the topmost frames,
//! as many as were asked for, each a file and a line, and how many frames there were in all. Equal tracebacks are one.
//!
//! ```text
//!   site n                    tracebacks[n - 1]
//!   its frames                frames[first .. first + len], the innermost first
//!   a frame's file            files[frame.file]; equal texts are one
//!   by_hash -> next -> ..     those whose hashes are the same
//!   known[hash of a pc]       what is known of an instruction that was asked for
//! ```
//!
//! The heap knows a place again by the instructions that the frames stand at (`places.rs` there), and asks here only for others. Threads that
//! end, and codes that die, if they are many, take what is known along (`Vm::forget_places`).
//!
//! A function that calls itself in several ways has as many stacks as calls. For a heap report, which shows them to people, they are *folded*
//! where the heap has met many that begin alike: such a stack ends with the first function that was in it already, and when that does not
//! suffice, with the second frame. Stacks in which no function is twice stay whole, as do those of `tracemalloc`.
//!
//! What is kept is charged to the heap: twice what an entry takes, since a collection has at most twice the room that it needs.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

use ryokan_bytecode::Op;

use crate::stack::Frame;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// A traceback has at most so many frames.
pub const MOST_FRAMES: u16 = u16::MAX;

/// So many instructions' lines are kept.
const LINES: usize = 1024;

/// So many codes that have died keep their units, and so many of them.
const BURIED: usize = 64;
const BURIED_UNITS: usize = 1 << 15;

/// So many strs are known to be which file.
const FILES: usize = 64;

/// So many frames of a stack are searched for a function that is there twice.
const SEARCHED: usize = 16;

/// From so many stacks on that begin alike, two frames of each are kept.
const CROWDED: u32 = 16;

/// The end of a list of entries with the same hash.
const NONE: u32 = u32::MAX;

/// A place: a file by its number, and a line.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Line {
    file: u32,
    line: u32,
}

#[derive(Clone, Copy)]
struct Traceback {
    first: u32,
    len: u16,
    /// How many frames there were; [`FOLDED`] if nobody knows.
    total: u16,
    next: u32,
}

/// The number of frames of a stack that was cut where a function calls itself.
const FOLDED: u16 = 0;

/// A file, and the next one with its hash.
struct File {
    name: Value,
    next: u32,
}

/// An instruction that was asked for.
#[derive(Clone, Copy)]
struct Known {
    /// The address of its unit.
    pc: usize,
    line: Line,
    /// Whether it stands before the beginning of its code.
    early: bool,
}

/// What is a hash already.
#[derive(Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[derive(Default)]
struct Tables {
    hasher: RandomState,
    files: Vec<File>,
    files_by_hash: HashMap<u64, u32>,
    frames: Vec<Line>,
    tracebacks: Vec<Traceback>,
    by_hash: HashMap<u64, u32, BuildHasherDefault<Same>>,
    /// Instructions, by their pc.
    known: Vec<Known>,
    /// Names of files, by their addresses: the str's word, and the file's number.
    named: Vec<(Word, u32)>,
    /// Units of codes that have died since places were forgotten, and how many they are: so long nothing else lies there.
    buried: Vec<Box<[u64]>>,
    buried_units: usize,
    /// The frames that are being looked for.
    sought: Vec<Line>,
    /// What was charged, in bytes.
    charged: usize,
}

/// What is known of the places where memory was asked for.
#[derive(Default)]
pub struct Sites {
    /// How many frames of a traceback are kept; 0 stands for 1, where nobody has said it.
    limit: Cell<u16>,
    tables: RefCell<Tables>,
}

/// What an entry of a table by hash takes.
const BY_HASH_BYTES: usize = size_of::<(u64, u32)>() + 1;

impl Tables {
    /// Charges `bytes`, and the same again for the room that collections have beyond what they hold.
    fn charge(&mut self, bytes: usize, charge: &mut dyn FnMut(usize) -> bool) -> Option<()> {
        charge(2 * bytes).then(|| self.charged += 2 * bytes)
    }

    /// The number of a file.
    fn file(&mut self, vm: &Vm, name: &Value, charge: &mut dyn FnMut(usize) -> bool) -> Option<u32> {
        let at = (name.word().within_arena() / 8) as usize % FILES;
        if let Some((word, number)) = self.named.get(at)
            && *word == name.word()
        {
            return Some(*number);
        }
        let number = self.file_of(vm, name, charge)?;
        if self.named.is_empty() {
            self.named.try_reserve_exact(FILES).ok()?;
            self.named.resize(FILES, (Word::UNBOUND, 0));
        }
        self.named[at] = (name.word(), number);
        Some(number)
    }

    /// The same by what it is called.
    fn file_of(&mut self, vm: &Vm, name: &Value, charge: &mut dyn FnMut(usize) -> bool) -> Option<u32> {
        let text = vm.text(name);
        let hash = self.hasher.hash_one(&*text);
        let first = self.files_by_hash.get(&hash).copied().unwrap_or(NONE);
        let mut at = first;
        while let Some(file) = self.files.get(at as usize) {
            if file.name.is(name) || *vm.text(&file.name) == *text {
                return Some(at);
            }
            at = file.next;
        }
        self.charge(size_of::<File>() + BY_HASH_BYTES, charge)?;
        self.files.try_reserve(1).ok()?;
        self.files_by_hash.try_reserve(1).ok()?;
        let number = self.files.len() as u32;
        self.files.push(File { name: name.clone(), next: first });
        self.files_by_hash.insert(hash, number);
        Some(number)
    }

    /// The number of the traceback that is sought.
    fn traceback(&mut self, total: u16, charge: &mut dyn FnMut(usize) -> bool) -> Option<u32> {
        let mut hash = u64::from(total);
        for line in &self.sought {
            hash = (hash ^ u64::from(line.file) << 32 ^ u64::from(line.line))
                .wrapping_mul(0x9E37_79B9_7F4A_7C15);
            hash ^= hash >> 29;
        }
        let first = self.by_hash.get(&hash).copied().unwrap_or(NONE);
        let mut at = first;
        while let Some(known) = self.tracebacks.get(at as usize) {
            let frames = &self.frames[known.first as usize..][..known.len as usize];
            if known.total == total && *frames == *self.sought {
                return Some(at + 1);
            }
            at = known.next;
        }
        let len = self.sought.len();
        self.charge(size_of::<Traceback>() + len * size_of::<Line>() + BY_HASH_BYTES, charge)?;
        self.tracebacks.try_reserve(1).ok()?;
        self.frames.try_reserve(len).ok()?;
        self.by_hash.try_reserve(1).ok()?;
        let (number, begin) = (self.tracebacks.len() as u32, u32::try_from(self.frames.len()).ok()?);
        self.frames.extend_from_slice(&self.sought);
        self.tracebacks.push(Traceback { first: begin, len: len as u16, total, next: first });
        self.by_hash.insert(hash, number);
        Some(number + 1)
    }

    /// What is known of the instruction that a frame stands at.
    #[inline(always)]
    fn known(&mut self, vm: &Vm, frame: &Frame, charge: &mut dyn FnMut(usize) -> bool) -> Option<Known> {
        match self.known.get(frame.pc.addr() / 8 % LINES) {
            Some(known) if known.pc == frame.pc.addr() => Some(*known),
            _ => self.learn(vm, frame, charge),
        }
    }

    #[inline(never)]
    fn learn(&mut self, vm: &Vm, frame: &Frame, charge: &mut dyn FnMut(usize) -> bool) -> Option<Known> {
        let (code, instr) = (frame.run().object(), frame.run().instr_at(frame.pc));
        let line =
            Line { file: self.file(vm, &code.filename, charge)?, line: code.code.position(instr).line };
        let mut until = code.code.instrs.iter().take(instr.index() + 1);
        let early = frame.generator().is_none() && !until.any(|i| i.op() == Some(Op::Resume));
        let known = Known { pc: frame.pc.addr(), line, early };
        if self.known.is_empty() {
            self.charge(LINES * size_of::<Known>() / 2, charge)?;
            self.known.try_reserve_exact(LINES).ok()?;
            self.known.resize(LINES, Known { pc: 0, ..known });
        }
        self.known[known.pc / 8 % LINES] = known;
        Some(known)
    }

    fn bytes(&self) -> usize {
        self.known.capacity() * size_of::<Known>()
            + self.files.capacity() * size_of::<File>()
            + (self.frames.capacity() + self.sought.capacity()) * size_of::<Line>()
            + self.tracebacks.capacity() * size_of::<Traceback>()
            + (self.files_by_hash.capacity() + self.by_hash.capacity()) * BY_HASH_BYTES
    }
}

impl Sites {
    /// How many frames of a traceback are kept.
    pub fn limit(&self) -> u16 {
        self.limit.get().max(1)
    }

    /// How much memory the tracebacks take, in bytes.
    pub fn bytes(&self) -> usize {
        self.tables.borrow().bytes()
    }

    /// Visits the names of files.
    pub fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.tables.borrow().files.iter().for_each(|file| visit(&file.name));
    }

    /// The number of the place where the running thread is, and how many records under the top one make a difference to it; fewer, if a
    /// crowd is spoken of and a function calls itself. None: no memory to remember it. (As [`ryokan_alloc::Hooks`] say.)
    pub(crate) fn here(
        &self,
        vm: &Vm,
        charge: &mut dyn FnMut(usize) -> bool,
        crowd: u32,
    ) -> Option<(u32, Option<usize>)> {
        // A block that is asked for while a place is looked up has no place.
        let Ok(mut tables) = self.tables.try_borrow_mut() else { return Some((0, None)) };
        let tables = &mut *tables;
        let (limit, mut total, mut below) = (self.limit() as usize, 0usize, 0);
        let mut fold = Fold::of(crowd);
        tables.sought.clear();
        tables.sought.try_reserve(limit.min(vm.thread.stacks.depth())).ok()?;
        let mut frames = vm.thread.stacks.iter().enumerate().filter(|(_, frame)| !frame.is_boundary());
        while total < limit
            && let Some((depth, frame)) = frames.next()
        {
            let known = tables.known(vm, frame, charge)?;
            // A frame that has not come to its beginning is not seen.
            if known.early && total == 0 {
                continue;
            }
            tables.sought.push(known.line);
            (total, below) = (total + 1, depth);
            fold.look(frame, depth);
        }
        let mut total = (total + frames.count()).min(usize::from(u16::MAX)) as u16;
        if let Some((frames, records)) = fold.cut {
            tables.sought.truncate(frames);
            (total, below) = (FOLDED, records);
        }
        let site = tables.traceback(total, charge)?;
        Some((site, Some(below)))
    }

    /// Whether a traceback was cut where a function calls itself.
    pub fn is_folded(&self, site: u32) -> bool {
        let tables = self.tables.borrow();
        let known = (site as usize).checked_sub(1).and_then(|at| tables.tracebacks.get(at));
        known.is_some_and(|known| known.total == FOLDED && known.len > 0)
    }

    /// The frames of a traceback, the innermost first, each a file and a line; and how many there were, or are kept of one that was cut.
    pub fn frames(&self, site: u32) -> (Vec<(Value, u32)>, u16) {
        let tables = self.tables.borrow();
        let Some(known) = (site as usize).checked_sub(1).and_then(|at| tables.tracebacks.get(at)) else {
            return (Vec::new(), 0);
        };
        let frames = &tables.frames[known.first as usize..][..known.len as usize];
        let named = |line: &Line| (tables.files[line.file as usize].name.clone(), line.line);
        (frames.iter().map(named).collect(), if known.total == FOLDED { known.len } else { known.total })
    }
}

/// Where a stack is cut, if such stacks crowd and a function is in it twice.
struct Fold {
    crowd: u32,
    /// The codes of frames.
    seen: [*const (); SEARCHED],
    count: usize,
    /// How many frames are left, and how many records under the top one these take: in the first two records, and as it is cut.
    two: Option<(usize, usize)>,
    cut: Option<(usize, usize)>,
}

impl Fold {
    fn of(crowd: u32) -> Fold {
        Fold { crowd, seen: [std::ptr::null(); SEARCHED], count: 0, two: None, cut: None }
    }

    /// The next frame that is kept, so many records under the top one.
    fn look(&mut self, frame: &Frame, depth: usize) {
        if self.crowd == 0 || self.cut.is_some() || self.count == SEARCHED {
            return;
        }
        let code = std::ptr::from_ref(frame.run().object()).cast();
        let again = self.seen[..self.count].contains(&code);
        self.seen[self.count] = code;
        self.count += 1;
        let here = Some((self.count, depth));
        if depth <= 1 {
            self.two = here;
        }
        if again {
            self.cut = if self.crowd > CROWDED { self.two } else { here };
        }
    }
}

impl Vm {
    /// Traces every allocation from now on, with so many frames of the tracebacks (1 to [`MOST_FRAMES`]); those of functions that call
    /// themselves may be cut, if it `folds`. Does nothing if that is done already. False: there is no memory.
    pub fn start_tracing_memory(&self, frames: u16, folds: bool) -> bool {
        if !self.heap().is_tracing() {
            self.sites.limit.set(frames);
            return self.trace_blocks(usize::from(frames), folds);
        }
        true
    }

    /// A code dies. Places that are known stand in its units: these are kept until there are many of such, so that not each death takes along
    /// what is known.
    pub(crate) fn bury(&self, units: Box<[u64]>) {
        if !self.heap().is_tracing() {
            return;
        }
        let mut full = true;
        if let Ok(mut tables) = self.sites.tables.try_borrow_mut() {
            // (The name of its file may die with it.)
            tables.named.clear();
            if tables.buried.len() < BURIED && tables.buried.try_reserve(1).is_ok() {
                tables.buried_units += units.len();
                tables.buried.push(units);
                full = tables.buried_units > BURIED_UNITS;
            }
        }
        if full {
            self.forget_places();
        }
    }

    /// Codes or threads are gone: what is known of places is void.
    pub(crate) fn forget_places(&self) {
        if self.heap().is_tracing() {
            self.heap().forget_places();
            if let Ok(mut tables) = self.sites.tables.try_borrow_mut() {
                tables.known.iter_mut().for_each(|known| known.pc = 0);
                tables.named.clear();
                tables.buried.clear();
                tables.buried_units = 0;
            }
        }
    }

    /// Ends that, and forgets what was traced.
    pub fn stop_tracing_memory(&self) {
        self.heap().stop_traces();
        self.forget_sites();
    }

    /// Forgets what was traced.
    pub fn clear_memory_traces(&self) {
        self.heap().clear_traces();
        self.forget_sites();
    }

    fn forget_sites(&self) {
        let tables = std::mem::take(&mut *self.sites.tables.borrow_mut());
        self.heap().uncharge(tables.charged);
    }
}
