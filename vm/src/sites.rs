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
//! ```
//!
//! What is kept is charged to the heap: twice what an entry takes, since a collection has at most twice the room that it needs.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

use ryokan_bytecode::Op;

use crate::value::{Value, Word};
use crate::vm::Vm;

/// A traceback has at most so many frames.
pub const MOST_FRAMES: u16 = u16::MAX;

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
    total: u16,
    next: u32,
}

/// A file, and the next one with its hash.
struct File {
    name: Value,
    next: u32,
}

#[derive(Default)]
struct Tables {
    hasher: RandomState,
    files: Vec<File>,
    files_by_hash: HashMap<u64, u32>,
    frames: Vec<Line>,
    tracebacks: Vec<Traceback>,
    by_hash: HashMap<u64, u32>,
    /// The last file that was asked for: the str's word, which `files` holds, and its number.
    last_file: Option<(Word, u32)>,
    /// The number of the last traceback that was asked for.
    last: u32,
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
        if let Some((word, number)) = self.last_file
            && word == name.word()
        {
            return Some(number);
        }
        let text = vm.text(name);
        let hash = self.hasher.hash_one(&*text);
        let first = self.files_by_hash.get(&hash).copied().unwrap_or(NONE);
        let mut at = first;
        while let Some(file) = self.files.get(at as usize) {
            if file.name.is(name) || *vm.text(&file.name) == *text {
                if file.name.is(name) {
                    self.last_file = Some((name.word(), at));
                }
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
        // What asks again and again is often one place.
        if let Some(known) = self.tracebacks.get((self.last as usize).wrapping_sub(1))
            && known.total == total
            && self.frames[known.first as usize..][..known.len as usize] == *self.sought
        {
            return Some(self.last);
        }
        let found = self.find_traceback(total, charge);
        self.last = found.unwrap_or(0);
        found
    }

    /// The same of another one than the last.
    fn find_traceback(&mut self, total: u16, charge: &mut dyn FnMut(usize) -> bool) -> Option<u32> {
        let hash = {
            let mut state = self.hasher.build_hasher();
            (total, &self.sought).hash(&mut state);
            std::hash::Hasher::finish(&state)
        };
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

    fn bytes(&self) -> usize {
        self.files.capacity() * size_of::<File>()
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

    /// The number of the place where the running thread is. None: no memory to remember it. (As [`ryokan_alloc::Hooks`] say.)
    pub(crate) fn here(&self, vm: &Vm, charge: &mut dyn FnMut(usize) -> bool) -> Option<u32> {
        // A block that is asked for while a place is looked up has no place.
        let Ok(mut tables) = self.tables.try_borrow_mut() else { return Some(0) };
        let tables = &mut *tables;
        let (limit, mut total) = (self.limit() as usize, 0usize);
        tables.sought.clear();
        for frame in vm.thread.stacks.iter().filter(|frame| !frame.is_boundary()) {
            let code = frame.run().object();
            let instr = frame.run().instr_at(frame.pc);
            // A frame that has not come to its beginning is not seen.
            let begun =
                || code.code.instrs.iter().take(instr.index() + 1).any(|i| i.op() == Some(Op::Resume));
            if total == 0 && frame.generator().is_none() && !begun() {
                continue;
            }
            total += 1;
            if tables.sought.len() < limit {
                let line = code.code.position(instr).line;
                let file = tables.file(vm, &code.filename, charge)?;
                tables.sought.try_reserve(1).ok()?;
                tables.sought.push(Line { file, line });
            }
        }
        tables.traceback(total.min(usize::from(u16::MAX)) as u16, charge)
    }

    /// The frames of a traceback, the innermost first, each a file and a line; and how many there were.
    pub fn frames(&self, site: u32) -> (Vec<(Value, u32)>, u16) {
        let tables = self.tables.borrow();
        let Some(known) = (site as usize).checked_sub(1).and_then(|at| tables.tracebacks.get(at)) else {
            return (Vec::new(), 0);
        };
        let frames = &tables.frames[known.first as usize..][..known.len as usize];
        let named = |line: &Line| (tables.files[line.file as usize].name.clone(), line.line);
        (frames.iter().map(named).collect(), known.total)
    }
}

impl Vm {
    /// Traces every allocation from now on, with so many frames of the tracebacks (1 to [`MOST_FRAMES`]). Does nothing if that is done
    /// already.
    pub fn start_tracing_memory(&self, frames: u16) {
        if !self.heap().is_tracing() {
            self.sites.limit.set(frames);
            self.heap().start_traces();
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
