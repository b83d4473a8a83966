//! What the buffered streams have in common: the raw stream, a buffer of bytes that were read ahead, and one of bytes that are still to
//! be written. Each operation is one thread's at a time, and none begins inside another.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use ryokan_vm::native::*;

use super::super::base;
use super::super::file::{self, FileIO};
use super::super::{DEFAULT_BUFFER_SIZE, offset};

/// The state of a buffered stream.
pub struct Core {
    /// The raw stream.
    pub raw: Slot,
    state: Cell<State>,
    /// Whether the stream is about to die.
    pub finalizing: Cell<bool>,
    /// Whether it reads, and whether it writes.
    pub reads: Cell<bool>,
    pub writes: Cell<bool>,
    /// How large its buffers are.
    pub size: Cell<usize>,
    /// What was read ahead: `ahead[from..to]` is still to be given.
    pub ahead: RefCell<Option<Vector<u8>>>,
    pub from: Cell<usize>,
    pub to: Cell<usize>,
    /// What is still to be written.
    pub pending: RefCell<Option<Vector<u8>>>,
    /// Where the raw stream is, if that is known.
    pub place: Cell<Option<i64>>,
    owner: Cell<u64>,
    waiting: Cell<u32>,
    gate: RefCell<Option<Arc<(Mutex<()>, Condvar)>>>,
}

ryokan_vm::traced! { Core: [raw] }

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Unmade,
    Ready,
    Detached,
}

impl Default for Core {
    fn default() -> Core {
        Core {
            raw: Slot::default(),
            state: Cell::default(),
            finalizing: Cell::default(),
            reads: Cell::default(),
            writes: Cell::default(),
            size: Cell::new(DEFAULT_BUFFER_SIZE),
            ahead: RefCell::new(None),
            from: Cell::default(),
            to: Cell::default(),
            pending: RefCell::new(None),
            place: Cell::default(),
            owner: Cell::default(),
            waiting: Cell::default(),
            gate: RefCell::new(None),
        }
    }
}

/// A buffered stream of ours.
pub trait Buffered: NativeType {
    /// What it has in common with the others.
    fn core(&self) -> &Core;
}

/// One thread works with a stream, until this is dropped.
pub struct Locked<'a>(&'a Core);

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        self.0.owner.set(0);
        if self.0.waiting.get() > 0
            && let Some(gate) = self.0.gate.borrow().as_ref()
        {
            gate.1.notify_one();
        }
    }
}

/// How long at most a thread waits before it looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

impl Core {
    /// Begins: a raw stream, and the size of the buffers.
    pub fn begin(&self, cx: &Cx, raw: &Value, size: i64, reads: bool, writes: bool) -> Res<()> {
        self.state.set(State::Unmade);
        let Some(size) = usize::try_from(size).ok().filter(|size| *size > 0) else {
            return Err(cx.value_error("buffer size must be strictly positive"));
        };
        self.size.set(size);
        self.reads.set(reads);
        self.writes.set(writes);
        self.from.set(0);
        self.to.set(0);
        self.place.set(None);
        drop(self.ahead.take());
        drop(self.pending.take());
        self.raw.set(raw.clone());
        self.state.set(State::Ready);
        Ok(())
    }
    /// Nothing was made of it: its `__init__` has failed.
    pub fn unmake(&self) {
        self.state.set(State::Unmade);
    }
    /// Parts from the raw stream.
    pub fn detach(&self) -> Value {
        self.state.set(State::Detached);
        self.raw.replace(Value::NONE)
    }
    /// `ValueError` unless it has a raw stream.
    #[inline]
    pub fn check(&self, cx: &Cx) -> Res<()> {
        match self.state.get() {
            State::Ready => Ok(()),
            State::Detached => Err(cx.value_error("raw stream has been detached")),
            State::Unmade => Err(cx.value_error("I/O operation on uninitialized object")),
        }
    }
    /// Whether the raw stream is closed. Runs Python.
    #[inline]
    pub fn is_closed(&self, cx: &Cx) -> Res<bool> {
        let raw = self.raw.get();
        match raw.body::<FileIO>() {
            Some(file) if cx.is_exact::<FileIO>(&raw) => Ok(file.is_closed()),
            _ => base::is_closed(cx, &raw),
        }
    }
    /// `ValueError` if it is closed and nothing is left of what was read ahead.
    #[inline]
    pub fn check_open(&self, cx: &Cx, message: &str) -> Res<()> {
        self.check(cx)?;
        if self.is_closed(cx)? && self.left() == 0 { Err(cx.value_error(message)) } else { Ok(()) }
    }

    /// Lets nobody else work with the stream. `RuntimeError` if this thread does already, further down the stack.
    #[inline]
    pub fn lock(&self, cx: &Cx, stream: &Value) -> Res<Locked<'_>> {
        let me = cx.thread_ident();
        if self.owner.get() != 0 {
            self.wait(cx, stream, me)?;
        }
        self.owner.set(me);
        Ok(Locked(self))
    }
    #[cold]
    fn wait(&self, cx: &Cx, stream: &Value, me: u64) -> Res<()> {
        if self.owner.get() == me {
            let shown = cx.repr(stream)?;
            return Err(cx.runtime_error(format_args!("reentrant call inside {shown}")));
        }
        let gate = self.gate.borrow_mut().get_or_insert_with(Arc::default).clone();
        self.waiting.set(self.waiting.get() + 1);
        let mut done = Ok(());
        while self.owner.get() != 0 && done.is_ok() {
            cx.blocking(|| {
                let held = gate.0.lock().unwrap_or_else(PoisonError::into_inner);
                drop(gate.1.wait_timeout(held, LOOK_AGAIN));
            });
            done = cx.check_signals();
        }
        self.waiting.set(self.waiting.get() - 1);
        done
    }

    // ---- the raw stream ----------------------------------------------------------------------------------------------

    /// Reads from the raw stream, once; nothing if it has none yet. Runs Python.
    pub fn read_raw(&self, cx: &Cx, into: &mut [u8]) -> Res<Option<usize>> {
        let raw = self.raw.get();
        let read = match raw.body::<FileIO>() {
            Some(file) if cx.is_exact::<FileIO>(&raw) => file.read_some(cx, into)?,
            _ => read_by_call(cx, &raw, into)?,
        };
        self.moved(read);
        Ok(read)
    }
    /// Writes to the raw stream, once; nothing if it takes none yet. Runs Python.
    pub fn write_raw(&self, cx: &Cx, bytes: &[u8]) -> Res<Option<usize>> {
        let raw = self.raw.get();
        let written = match raw.body::<FileIO>() {
            Some(file) if cx.is_exact::<FileIO>(&raw) => file.write_some(cx, bytes)?,
            _ => write_by_call(cx, &raw, bytes)?,
        };
        self.moved(written);
        Ok(written)
    }
    fn moved(&self, by: Option<usize>) {
        if let (Some(place), Some(by)) = (self.place.get(), by) {
            self.place.set(Some(place + by as i64));
        }
    }
    /// Goes to a place in the raw stream. Runs Python.
    pub fn seek_raw(&self, cx: &Cx, target: i64, whence: i32) -> Res<i64> {
        self.place.set(None);
        let raw = self.raw.get();
        let at = match This::<FileIO>::of(cx, &raw) {
            Some(file) if cx.is_exact::<FileIO>(&raw) => file::seek_to(cx, file, target, whence)?,
            _ => offset(cx, &cx.call_method(&raw, "seek", (target, whence))?)?,
        };
        self.placed(cx, at)
    }
    /// Asks the raw stream where it is. Runs Python.
    pub fn tell_raw(&self, cx: &Cx) -> Res<i64> {
        self.place.set(None);
        let raw = self.raw.get();
        let at = match This::<FileIO>::of(cx, &raw) {
            Some(file) if cx.is_exact::<FileIO>(&raw) => file::seek_to(cx, file, 0, 1)?,
            _ => offset(cx, &cx.call_method(&raw, "tell", ())?)?,
        };
        self.placed(cx, at)
    }
    fn placed(&self, cx: &Cx, at: i64) -> Res<i64> {
        if at < 0 {
            return Err(cx.raise_os(format_args!("Raw stream returned invalid position {at}")));
        }
        self.place.set(Some(at));
        Ok(at)
    }
    /// Where the raw stream is, asked only if that is not known.
    pub fn raw_place(&self, cx: &Cx) -> Res<i64> {
        self.place.get().map_or_else(|| self.tell_raw(cx), Ok)
    }

    // ---- reading ahead -----------------------------------------------------------------------------------------------

    /// How many bytes were read ahead and not given yet.
    #[inline]
    pub fn left(&self) -> usize {
        self.to.get() - self.from.get()
    }
    /// Looks at them. No Python may run in there.
    #[inline]
    pub fn look<R>(&self, then: impl FnOnce(&[u8]) -> R) -> R {
        match self.ahead.borrow().as_ref() {
            Some(buffer) => then(&buffer[self.from.get()..self.to.get()]),
            None => then(&[]),
        }
    }
    /// So many of them are given.
    #[inline]
    pub fn give(&self, count: usize) {
        self.from.set(self.from.get() + count);
    }
    /// Forgets them.
    pub fn forget_ahead(&self) {
        self.from.set(0);
        self.to.set(0);
    }
    /// Reads ahead, once, behind what is still there; how many bytes, or nothing if there are none yet. Runs Python.
    pub fn fill(&self, cx: &Cx) -> Res<Option<usize>> {
        let mut buffer = match self.ahead.take() {
            Some(buffer) => buffer,
            None => {
                let mut buffer = cx.vector(self.size.get())?;
                buffer.resize(self.size.get(), 0);
                buffer
            }
        };
        let (from, to) = (self.from.get(), self.to.get());
        buffer.copy_within(from..to, 0);
        self.from.set(0);
        self.to.set(to - from);
        let read = self.read_raw(cx, &mut buffer[to - from..]);
        // A stream that was closed meanwhile keeps nothing.
        *self.ahead.borrow_mut() = Some(buffer);
        if let Ok(Some(count)) = read {
            self.to.set(to - from + count);
        }
        read
    }
    /// Goes back in the raw stream to where the next byte to be given stands. Runs Python.
    pub fn undo_ahead(&self, cx: &Cx) -> Res<()> {
        let left = self.left();
        if left > 0 {
            self.seek_raw(cx, -(left as i64), 1)?;
        }
        self.forget_ahead();
        Ok(())
    }
}

/// `readinto` of a raw stream that is not ours.
fn read_by_call(cx: &Cx, raw: &Value, into: &mut [u8]) -> Res<Option<usize>> {
    let buffer = ByteArray::new(cx, &[])?;
    buffer.resize(cx, into.len())?;
    let view = cx.call(&cx.builtin("memoryview")?, (buffer.value(),))?;
    let answer = cx.call_method(raw, "readinto", (view,))?;
    if answer.is_none() {
        return Ok(None);
    }
    let most = into.len();
    let count = match cx.index(&answer) {
        Ok(count) => count,
        Err(raised) if cx.is_raised(&raised, "TypeError") => {
            let first = cx.take_raised(raised);
            return Err(cx.because(cx.raise_os("raw readinto() failed"), first));
        }
        Err(raised) => return Err(raised),
    };
    match usize::try_from(count) {
        Ok(count) if count <= most && count <= buffer.len() => {
            buffer.read(|bytes| into[..count].copy_from_slice(&bytes[..count]));
            Ok(Some(count))
        }
        _ => Err(cx.raise_os(format_args!(
            "raw readinto() returned invalid length {count} (should have been between 0 and {most})"
        ))),
    }
}

/// `write` of a raw stream that is not ours.
fn write_by_call(cx: &Cx, raw: &Value, bytes: &[u8]) -> Res<Option<usize>> {
    let copy = Bytes::new(cx, bytes)?;
    let view = cx.call(&cx.builtin("memoryview")?, (copy,))?;
    let answer = cx.call_method(raw, "write", (view,))?;
    if answer.is_none() {
        return Ok(None);
    }
    // What is no number is as wrong as one that is out of range.
    let (count, most) = match cx.index(&answer) {
        Ok(count) => (count, bytes.len()),
        Err(raised) => {
            drop(cx.catch(raised, "Exception")?);
            (-1, bytes.len())
        }
    };
    match usize::try_from(count) {
        Ok(count) if count <= most => Ok(Some(count)),
        _ => Err(cx.raise_os(format_args!(
            "raw write() returned invalid length {count} (should have been between 0 and {most})"
        ))),
    }
}
