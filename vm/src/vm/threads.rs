//! The threads of an interpreter: who there is, who runs, and how one follows another.
//!
//! Each thread has a *seat*. The state of the thread that runs lies in [`Vm::thread`]; the others' lie in their seats. Who has got
//! the lock finds in place what the last one left there: the two are exchanged then (`Vm::sit`), so a program of one thread never
//! moves anything.
//!
//! ```text
//!   Vm::thread is the resident's state, whose seat holds an empty one
//!   every other seat holds its thread's own state
//! ```
//!
//! What a thread of the system does with a Vm it does between getting the lock and letting go of it. So `Rc` and `Cell` need no
//! atomics: one thread at a time touches them, and the lock's mutex orders what they do.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ryokan_alloc::ObjPtr;

use super::breaker::BreakerFlags;
use super::gate::Gate;
use super::lock::Lock;
use super::runtime::{Refusal, Runtime};
use super::{CURRENT, Entered, ThreadState, Vm, stack_pointer};
use crate::object::kind::Cx;
use crate::raised::{Raised, Res};
use crate::stack::{Frame, Stacks};

/// The native stack of a thread, unless `_thread.stack_size` says otherwise; addresses, which become memory as they are used.
const STACK_BYTES: usize = 16 << 20;
/// What of it the interpreter leaves to the system and to Rust.
const STACK_RESERVE: usize = 512 << 10;
/// What a thread is charged for: the part of its native stack that each one uses, and the rest.
const THREAD_BYTES: usize = FIRST_STACK + (32 << 10);
/// How much of its native stack a thread uses for that. More of it is charged as it is used.
const FIRST_STACK: usize = 96 << 10;
/// What starting a thread counts for, in instructions.
const START_WORK: u64 = 500;
/// How often the main thread, while it waits, looks whether a signal has come in: handlers cannot wake it.
const LOOK_EACH: Duration = Duration::from_millis(50);

/// A thread's place in its interpreter.
pub struct Seat {
    /// `_thread.get_ident()`: a number that is never used again.
    pub ident: u64,
    /// `_thread.get_native_id()`
    native_id: Cell<u64>,
    state: ThreadState,
}

/// The threads of an interpreter.
pub struct Threads {
    /// The lock.
    pub lock: Arc<Lock>,
    main: RefCell<Rc<Seat>>,
    resident: RefCell<Rc<Seat>>,
    seats: RefCell<Vec<Rc<Seat>>>,
    last_ident: Cell<u64>,
    /// `_thread.stack_size`; 0 is the usual one.
    pub stack_bytes: Cell<usize>,
    /// `_thread._count`: threads that were started and have not ended.
    pub running: Cell<usize>,
    /// The threads that `_thread._shutdown` waits for, with the gates that open at their ends.
    pub joined_at_end: RefCell<Vec<(u64, Arc<Gate>)>>,
    /// The living objects of `_thread._local`, not owned.
    pub locals: RefCell<HashSet<ObjPtr>>,
    /// Whether the interpreter ends: no thread is started any more.
    ending: Cell<bool>,
}

/// Why a thread was not started.
pub enum NotStarted {
    /// An exception is on its way.
    Raised(Raised),
    /// The system has no more threads, or no more addresses.
    Refused,
    /// The interpreter ends.
    Ending,
}

/// What a new thread of the system is given.
struct Start {
    vm: *const Vm,
    lock: Arc<Lock>,
    seat: Rc<Seat>,
    stack_bytes: usize,
    work: Box<dyn FnOnce(&Vm)>,
}

// SAFETY: it is made by who holds the lock, and taken apart by a thread that has got it; in between nobody looks into it.
unsafe impl Send for Start {}

impl Start {
    /// The life of a thread. If the interpreter ends before its turn has come, it never has one.
    fn run(self) {
        let Start { vm, lock, seat, stack_bytes, work } = self;
        lock.acquire(false);
        // SAFETY: the lock was given, so the Vm has not been closed, and cannot be freed before it is let go of.
        let vm = unsafe { &*vm };
        let entered = vm.enter();
        vm.sit(&seat);
        seat.native_id.set(vm.host.native_thread_id().unwrap_or(seat.ident));
        let limit = stack_pointer().saturating_sub(stack_bytes.saturating_sub(STACK_RESERVE));
        vm.begin_stack(limit, FIRST_STACK);
        work(vm);
        vm.stand_up(&seat);
        drop(seat);
        drop(entered);
        lock.release();
    }
}

impl Threads {
    /// The threads of a new interpreter: the one that makes it, which holds the lock.
    pub(super) fn new() -> Threads {
        let main =
            Rc::new(Seat { ident: 1, native_id: Cell::new(1), state: ThreadState::new(Stacks::none(), 0) });
        Threads {
            lock: Lock::new(),
            resident: RefCell::new(main.clone()),
            seats: RefCell::new(vec![main.clone()]),
            main: RefCell::new(main),
            last_ident: Cell::new(1),
            stack_bytes: Cell::new(0),
            running: Cell::new(0),
            joined_at_end: RefCell::default(),
            locals: RefCell::default(),
            ending: Cell::new(false),
        }
    }
    /// The ident of the thread that runs.
    pub fn ident(&self) -> u64 {
        self.resident.borrow().ident
    }
    /// The ident of the thread that made the interpreter.
    pub fn main_ident(&self) -> u64 {
        self.main.borrow().ident
    }
    /// Whether the main thread runs.
    pub fn is_main(&self) -> bool {
        Rc::ptr_eq(&self.resident.borrow(), &self.main.borrow())
    }
    /// The idents of all threads.
    pub fn idents(&self) -> Vec<u64> {
        self.seats.borrow().iter().map(|seat| seat.ident).collect()
    }
    /// Whether there are others than the main thread.
    pub fn are_several(&self) -> bool {
        self.seats.borrow().len() > 1
    }
    /// How many deaths are under way in threads that do not run.
    pub(crate) fn deaths_under_way(&self) -> u32 {
        let mut depth = 0;
        self.waiting(&mut |seat| depth += seat.state.release_depth.get());
        depth
    }
    /// Visits the state of every thread that does not run.
    fn waiting(&self, visit: &mut dyn FnMut(&Seat)) {
        let resident = self.resident.borrow();
        self.seats.borrow().iter().filter(|seat| !Rc::ptr_eq(seat, &resident)).for_each(|seat| visit(seat));
    }
}

/// A Vm that no thread owns: who visits it does so as [`Visit`] says.
#[derive(Clone, Copy)]
pub(super) struct Home(*const Vm);

// SAFETY: an address, which is followed only by a visit.
unsafe impl Send for Home {}

impl Home {
    /// A Vm that was made for scripts, and is ready, goes where others find it. The thread that has made it lets go of its lock.
    pub(super) fn move_in(vm: Box<Vm>, ends_without: bool) {
        vm.end_stack();
        let (place, lock) = (vm.place.clone(), vm.threads.lock.clone());
        let home = Home(Box::into_raw(vm));
        lock.release();
        place.runtime.add(&place, lock, Some(home), ends_without);
    }
}

/// A thread of another interpreter works in this one, in the seat of its main thread.
pub(super) struct Visit {
    home: Home,
    runtime: Arc<Runtime>,
    id: i64,
    lock: Arc<Lock>,
    entered: Option<Entered>,
}

impl Visit {
    /// Waits for the lock of an interpreter in which nobody else is at work, on a native stack that must not reach below `limit`. The
    /// thread has no Vm meanwhile.
    pub(super) fn begin(runtime: &Arc<Runtime>, id: i64, limit: usize) -> Result<Visit, Refusal> {
        let (home, lock, deadline) = runtime.begin(id)?;
        lock.acquire(true);
        let mut visit = Visit { home, runtime: runtime.clone(), id, lock, entered: None };
        let vm = visit.vm();
        let entered = vm.enter();
        let main = vm.threads.main.borrow().clone();
        vm.sit(&main);
        vm.begin_stack(limit, FIRST_STACK);
        vm.take_deadline(deadline);
        visit.entered = Some(entered);
        Ok(visit)
    }
    /// The Vm.
    pub(super) fn vm(&self) -> &Vm {
        // SAFETY: the runtime says that it runs, and for nobody else: it is not freed before this visit ends. This thread has the lock.
        unsafe { &*self.home.0 }
    }
    /// Ends it. Whether nobody needs the interpreter any more.
    pub(super) fn leave(mut self) -> bool {
        self.go()
    }
    fn go(&mut self) -> bool {
        let vm = self.vm();
        vm.end_stack();
        vm.heap().give_rest_back();
        self.entered = None;
        self.lock.release();
        self.runtime.end(self.id)
    }
    /// Frees the Vm, which is at its end; unless a thread of it is still somewhere: what that does without the lock may look at memory of
    /// its heap, and the Vm stays as it is.
    pub(super) fn end(mut self) {
        let vm = self.vm();
        vm.end_threads();
        vm.end_stack();
        vm.meter.leave();
        let is_alone = !vm.threads.are_several();
        self.entered = None;
        if is_alone {
            // SAFETY: `Home::move_in` took it out of its box; this visit was the only one, and none begins any more, for it still runs.
            drop(unsafe { Box::from_raw(self.home.0.cast_mut()) });
        }
        self.runtime.leave(self.id);
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        if self.entered.is_some() {
            // Something has panicked.
            self.go();
        }
    }
}

/// A thread does something without the lock. It takes the lock again when this is dropped, be it that the work has panicked.
struct Out<'a> {
    vm: &'a Vm,
    lock: Arc<Lock>,
    seat: Rc<Seat>,
    main: bool,
    entered: *const Vm,
}

impl Drop for Out<'_> {
    fn drop(&mut self) {
        self.lock.acquire(self.main);
        CURRENT.set(self.entered);
        self.vm.sit(&self.seat);
    }
}

/// What work without the lock has of its Vm: a way back. It stays on its thread.
pub struct Away<'a, K: ?Sized> {
    vm: &'a Vm,
    kept: &'a K,
    out: Cell<Option<Out<'a>>>,
}

impl<K: ?Sized> Away<'_, K> {
    /// Takes the lock for as long as `then` runs, with what was kept for it. Other threads have run meanwhile, and run afterwards. No
    /// object gets out: that `then` and what it gives are `Send` sees to that.
    pub fn back<R: Send>(&self, then: impl FnOnce(&Cx, &K) -> R + Send) -> R {
        let out = self.out.take();
        // Who is back already, further down the stack, stays so.
        let was_out = out.is_some();
        drop(out);
        let done = then(Cx::of(self.vm), self.kept);
        if was_out {
            self.out.set(Some(self.vm.go_out()));
        }
        done
    }
}

impl Vm {
    /// Visits the state of every thread, with its ident; the one that runs comes first.
    pub fn each_thread(&self, visit: &mut dyn FnMut(u64, &ThreadState)) {
        visit(self.threads.ident(), &self.thread);
        self.threads.waiting(&mut |seat| visit(seat.ident, &seat.state));
    }

    /// Looks for a frame on the stacks of all threads, boundaries included.
    pub fn find_frame(&self, mut wanted: impl FnMut(&Frame) -> bool) -> Option<&Frame> {
        if let Some(found) = self.thread.stacks.iter().find(|frame| wanted(frame)) {
            return Some(found);
        }
        if !self.threads.are_several() {
            return None;
        }
        let mut found: Option<*const Frame> = None;
        self.threads.waiting(&mut |seat| {
            if found.is_none() {
                found = seat.state.stacks.iter().find(|frame| wanted(frame)).map(std::ptr::from_ref);
            }
        });
        // SAFETY: the record stays on its thread's stack while that thread waits, and the caller looks at it as at any record: not
        // across what may run Python.
        found.map(|record| unsafe { &*record })
    }

    /// The frame under one on the stack of the same thread, boundaries left out.
    pub fn frame_under(&self, record: *const Frame) -> Option<&Frame> {
        let mut found: Option<*const Frame> = None;
        self.each_thread(&mut |_, thread| {
            let mut frames = thread.stacks.iter().skip_while(|frame| !std::ptr::eq(*frame, record)).skip(1);
            found = found.or_else(|| frames.find(|frame| !frame.is_boundary()).map(std::ptr::from_ref));
        });
        // SAFETY: as above.
        found.map(|record| unsafe { &*record })
    }

    /// Makes a frame, of whichever thread, keep its locals when it ends: see [`Stacks::watch`].
    pub fn watch_frame(&self, record: *const Frame) -> bool {
        let mut watched = false;
        self.each_thread(&mut |_, thread| watched |= thread.stacks.watch(record));
        watched
    }

    /// Whether some frame on the stacks of all threads is such a one.
    pub fn any_frame(&self, wanted: impl FnMut(&Frame) -> bool) -> bool {
        self.find_frame(wanted).is_some()
    }

    /// Does `work` without the lock: other threads may run meanwhile, and change anything. `work` has no Vm and reaches no object; that
    /// it is `Send` sees to that.
    pub fn blocking<T>(&self, work: impl FnOnce() -> T + Send) -> T {
        let out = self.go_out();
        let done = work();
        drop(out);
        done
    }
    /// The same of work that comes back now and then, with the lock, to what is `kept` for it: see [`Away::back`].
    pub fn blocking_with<K: ?Sized, T>(&self, kept: &K, work: impl FnOnce(&Away<'_, K>) -> T + Send) -> T {
        let away = Away { vm: self, kept, out: Cell::new(Some(self.go_out())) };
        let done = work(&away);
        drop(away);
        done
    }
    /// Lets go of the lock, until what it gives is dropped.
    fn go_out(&self) -> Out<'_> {
        let seat = self.threads.resident.borrow().clone();
        let out = Out {
            vm: self,
            lock: self.threads.lock.clone(),
            seat,
            main: self.threads.is_main(),
            entered: CURRENT.replace(std::ptr::null()),
        };
        self.settle_stack();
        self.heap().give_rest_back();
        out.lock.release();
        out
    }

    /// Makes a second process by `fork`, which says whether this is the new one. There only the thread that runs is left, and is the
    /// main one.
    pub fn fork<T>(&self, fork: impl FnOnce() -> (T, bool)) -> T {
        let mut is_child = false;
        let done = self.place.runtime.alone(self.place.id, || {
            let done = self.threads.lock.alone(|| {
                let (done, child) = fork();
                is_child = child;
                (done, child)
            });
            (done, is_child)
        });
        if is_child {
            let resident = self.threads.resident.borrow().clone();
            // What the others had is not let go of: they are in the middle of what they do.
            for seat in self.threads.seats.borrow_mut().drain(..).filter(|seat| !Rc::ptr_eq(seat, &resident))
            {
                std::mem::forget(seat);
            }
            self.threads.seats.borrow_mut().push(resident.clone());
            std::mem::forget(self.threads.main.replace(resident));
            self.threads.running.set(0);
            self.threads.joined_at_end.borrow_mut().clear();
        }
        done
    }

    /// Waits until `wait` says that what is waited for has come, or a deadline has passed; gives what it said last. It is called
    /// without the lock, and given how long it may wait at most. Other threads run meanwhile. Runs Python (handlers of signals) and
    /// raises as [`Vm::handle_signals`].
    pub fn wait_for(
        &self,
        deadline: Option<Instant>,
        mut wait: impl FnMut(Option<Duration>) -> bool + Send,
    ) -> Res<bool> {
        let lock = self.threads.lock.clone();
        let main = self.hears_signals();
        let looks = main || self.deadline.is_set();
        loop {
            self.handle_signals()?;
            let come = self.blocking(|| {
                loop {
                    let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
                    let most =
                        if looks { Some(left.map_or(LOOK_EACH, |left| left.min(LOOK_EACH))) } else { left };
                    if wait(most) {
                        return Some(true);
                    }
                    if deadline.is_some_and(|at| at <= Instant::now()) {
                        return Some(false);
                    }
                    if lock.shows(BreakerFlags::TIME)
                        || main && (lock.shows(BreakerFlags::INTERRUPT) || lock.is_interrupted())
                    {
                        return None;
                    }
                }
            });
            if let Some(come) = come {
                return Ok(come);
            }
        }
    }

    /// `KeyboardInterrupt` if a signal has come in and the main thread runs; `TimeLimit` if the time has come. Runs no Python.
    pub fn check_signals(&self) -> Res<()> {
        if self.breaker.asks(BreakerFlags::TIME) {
            self.check_time()?;
        }
        if self.hears_signals() && self.breaker.lower(BreakerFlags::INTERRUPT) {
            return self.check_interrupt();
        }
        Ok(())
    }

    /// Lets the main thread behave as if Ctrl-C had come in: at once, if it is the one that runs. Runs Python (handlers of signals) and
    /// raises as [`Vm::handle_signals`].
    pub fn interrupt_main(&self) -> Res<()> {
        self.simulate_signal(super::signals::SIGINT);
        self.handle_signals()
    }

    /// The breaker says that a signal has come in: leaves it to the main thread, if another one runs.
    pub(crate) fn pass_signal(&self) {
        self.threads.lock.note_interrupt();
    }

    /// Lets another thread run that has waited for its turn, and comes back when this one's has come.
    #[cold]
    #[inline(never)]
    pub(crate) fn give_way(&self) {
        self.settle_stack();
        let seat = self.threads.resident.borrow().clone();
        self.threads.lock.give_way();
        self.sit(&seat);
    }

    /// This thread has got the lock: its state comes into place.
    fn sit(&self, seat: &Rc<Seat>) {
        let before = self.threads.resident.replace(seat.clone());
        if !Rc::ptr_eq(&before, seat) {
            self.thread.release_depth.set(self.heap().release_depth());
            self.thread.exchange(&before.state);
            self.thread.exchange(&seat.state);
            self.heap().set_release_depth(self.thread.release_depth.get());
        }
        if Rc::ptr_eq(seat, &self.threads.main.borrow()) && self.threads.lock.take_interrupt() {
            self.breaker.raise(BreakerFlags::INTERRUPT);
        }
    }

    /// Starts a thread that does `work`, once its turn has come; gives its ident. Charges it to the heap. Runs no Python; raises as
    /// [`Vm::work`], and `MemoryError`.
    pub fn start_thread(&self, work: impl FnOnce(&Vm) + 'static) -> Result<u64, NotStarted> {
        let threads = &self.threads;
        if threads.ending.get() {
            return Err(NotStarted::Ending);
        }
        self.work(START_WORK).map_err(NotStarted::Raised)?;
        if !self.heap().charge(THREAD_BYTES) {
            return Err(NotStarted::Raised(self.no_memory()));
        }
        let started = self.spawn(Box::new(work));
        match &started {
            Some(_) => threads.running.set(threads.running.get() + 1),
            None => self.heap().uncharge(THREAD_BYTES),
        }
        started.ok_or(NotStarted::Refused)
    }

    fn spawn(&self, work: Box<dyn FnOnce(&Vm)>) -> Option<u64> {
        let threads = &self.threads;
        let stacks = Stacks::for_thread(self.sys.recursion_limit.get())?;
        let ident = threads.last_ident.get() + 1;
        let seat = Rc::new(Seat { ident, native_id: Cell::new(ident), state: ThreadState::new(stacks, 0) });
        let stack_bytes = match threads.stack_bytes.get() {
            0 => STACK_BYTES,
            bytes => bytes + STACK_RESERVE,
        };
        let start = Start { vm: self, lock: threads.lock.clone(), seat: seat.clone(), stack_bytes, work };
        let thread = std::thread::Builder::new().stack_size(stack_bytes);
        // The seat is there before its thread asks for it, which cannot be before this one lets go of the lock.
        threads.seats.borrow_mut().push(seat.clone());
        if thread.spawn(move || start.run()).is_err() {
            threads.seats.borrow_mut().retain(|other| !Rc::ptr_eq(other, &seat));
            return None;
        }
        threads.last_ident.set(ident);
        Some(ident)
    }

    /// The thread that runs ends: gives up what it holds.
    fn stand_up(&self, seat: &Rc<Seat>) {
        let state = &self.thread;
        for value in [&state.raised, &state.handled, &state.context].into_iter().chain(&state.async_hooks) {
            drop(value.take());
        }
        self.heap().uncharge(state.stacks.charged() + state.native.charged() + THREAD_BYTES);
        // Nothing of Python runs in this thread any more, and nothing is made for it.
        self.forget_places();
        drop(state.stacks.take());
        self.threads.seats.borrow_mut().retain(|other| !Rc::ptr_eq(other, seat));
        self.threads.running.set(self.threads.running.get() - 1);
    }

    /// The native id of the thread that runs.
    pub fn native_thread_id(&self) -> u64 {
        let resident = self.threads.resident.borrow().clone();
        if self.threads.is_main()
            && let Some(id) = self.host.native_thread_id()
        {
            resident.native_id.set(id);
        }
        resident.native_id.get()
    }

    /// The native id of the thread of an ident, while it runs.
    pub fn native_id_of(&self, ident: u64) -> Option<u64> {
        if ident == self.threads.ident() {
            return Some(self.native_thread_id());
        }
        let seats = self.threads.seats.borrow();
        seats.iter().find(|seat| seat.ident == ident).map(|seat| seat.native_id.get())
    }

    /// The interpreter ends: no thread is started any more, and from now on only the main one runs. Others stop where they are, or
    /// where they take the lock again; what they hold is never given up.
    pub fn end_threads(&self) {
        self.threads.ending.set(true);
        self.threads.lock.close();
    }

    /// Gives the addresses of stopped threads back: nothing of them runs again.
    pub(super) fn forget_threads(&self) {
        self.forget_places();
        self.threads.waiting(&mut |seat| drop(seat.state.stacks.take()));
    }
}
