//! The interpreters of one program: the first one, which is there before the program, and those that scripts make.
//!
//! Each has a heap, a lock and threads of its own, and nothing of one is ever referred to from another. What they know of each other
//! is a [`Runtime`]: who there is, who is at work, and what modules keep for all of them ([`InCommon`]), numbers and bytes that belong to no
//! heap. It lies behind one mutex, which is held for a few steps at a time and never while Python runs.
//!
//! Whoever has work for another interpreter does it himself: his thread lets go of its own interpreter, takes the lock of the other one
//! and the seat of its main thread (`threads.rs`). So only one at a time is at work there, as one may be the main thread; the
//! interpreter's own threads run on besides.
//!
//! ```text
//! a member runs   == one thread is at work in it, or frees it, or it is the first
//! a member's Vm is freed only by the thread for which it runs, after it has left the list
//! ```

use std::any::Any;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use super::breaker::BreakerFlags;
use super::lock::Lock;
use super::threads::{Home, Visit};
use super::{Vm, VmConfig, stack_pointer};
use crate::host::Host;
use crate::raised::{Raised, Res};

/// What making an interpreter counts for, in instructions. (Starting the library takes more.)
const MAKE_WORK: u64 = 200_000;
/// The native stack that is to be left where another interpreter begins.
const ROOM: usize = 256 << 10;
/// `WHENCE_RUNTIME`, `WHENCE_STDLIB`: who has made an interpreter.
const WHENCE: [i64; 2] = [1, 5];

/// How the first interpreter of a program is given company.
pub trait Maker: Send + Sync {
    /// How one is made. Its cap and its limit are parts of the first one's.
    fn config(&self) -> VmConfig;
    /// The world of one: it allows what that of the first one does.
    fn host(&self) -> Box<dyn Host>;
    /// Starts one: its library, and `__main__`. Runs Python; raises what that raises.
    fn start(&self, vm: &Vm) -> Res<()>;
    /// Ends one, before it is freed. Runs Python; what that raises is reported.
    fn finish(&self, vm: &Vm);
}

/// Which lock an interpreter has, as its configuration names it. Here each has its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gil {
    /// What is the default.
    Default,
    /// One with others.
    Shared,
    /// One of its own.
    Own,
}

/// What an interpreter may do: `PyInterpreterConfig`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rights {
    /// Whether it has the allocator of the first one, as its configuration says. Here each has its own.
    pub main_obmalloc: bool,
    /// `os.fork`
    pub fork: bool,
    /// `os.execv`
    pub exec: bool,
    /// Starting threads.
    pub threads: bool,
    /// Starting threads that may outlive it.
    pub daemon_threads: bool,
    /// Whether it refuses modules that cannot be in several interpreters. There are none here.
    pub check_extensions: bool,
    /// Its lock.
    pub gil: Gil,
}

impl Rights {
    /// What the first interpreter may do.
    pub const FIRST: Rights = Rights {
        main_obmalloc: true,
        fork: true,
        exec: true,
        threads: true,
        daemon_threads: true,
        check_extensions: false,
        gil: Gil::Own,
    };
}

/// What modules keep for all interpreters. No thread looks at it but with the runtime locked.
pub trait InCommon: Any + Send {
    /// An interpreter has ended.
    fn interpreter_ended(&mut self, id: i64);
}

/// Why an interpreter is not to be had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// There is none of this number.
    NotThere,
    /// Somebody is at work in it.
    Runs,
}

/// What others may know of an interpreter.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its number; the first one's is 0.
    pub id: i64,
    /// Who has made it, as `_interpreters` numbers that.
    pub whence: i64,
    /// What it may do.
    pub rights: Rights,
    /// Whether somebody is at work in it.
    pub runs: bool,
}

struct Member {
    known: Known,
    lock: Arc<Lock>,
    /// Nothing: it is the first one, which somebody else frees.
    home: Option<Home>,
    /// Whether its lock is held so that nothing of it runs.
    rests: bool,
    /// Who has said that he needs it; and whether it ends when nobody does any more.
    refs: u64,
    ends_without: bool,
    /// Nobody does any more, and somebody is at work in it.
    is_left: bool,
}

#[derive(Default)]
struct State {
    last: i64,
    members: Vec<Member>,
    common: Vec<Box<dyn InCommon>>,
    deadline: Option<Instant>,
}

/// See the module's page.
#[derive(Default)]
pub struct Runtime {
    state: Mutex<State>,
    maker: OnceLock<Arc<dyn Maker>>,
}

/// An interpreter's place among the others.
#[derive(Clone)]
pub struct Place {
    /// All of them.
    pub runtime: Arc<Runtime>,
    /// Its number.
    pub id: i64,
    /// What it may do.
    pub rights: Rights,
}

impl Place {
    /// That of a first interpreter.
    pub(super) fn first() -> Place {
        Place { runtime: Arc::default(), id: 0, rights: Rights::FIRST }
    }
}

impl State {
    fn find(&mut self, id: i64) -> Result<&mut Member, Refusal> {
        self.members.iter_mut().find(|member| member.known.id == id).ok_or(Refusal::NotThere)
    }
    fn ended(&mut self, id: i64) {
        self.common.iter_mut().for_each(|common| common.interpreter_ended(id));
    }
}

impl Runtime {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an interpreter, which does not run unless it is the first.
    pub(super) fn add(&self, place: &Place, lock: Arc<Lock>, home: Option<Home>, ends_without: bool) {
        let (id, is_first) = (place.id, home.is_none());
        let known =
            Known { id, whence: WHENCE[usize::from(!is_first)], rights: place.rights, runs: is_first };
        self.state().members.push(Member {
            known,
            lock,
            home,
            rests: false,
            refs: 0,
            ends_without,
            is_left: false,
        });
    }

    /// All interpreters, by their numbers.
    pub fn all(&self) -> Vec<Known> {
        self.state().members.iter().map(|member| member.known).collect()
    }
    /// One of them.
    pub fn known(&self, id: i64) -> Result<Known, Refusal> {
        self.state().find(id).map(|member| member.known)
    }

    /// Looks at what a module keeps for all interpreters, made at first use. `look` runs while nobody else looks: it is short, and
    /// does nothing that could wait.
    pub fn in_common<T: InCommon + Default, R>(&self, look: impl FnOnce(&mut T) -> R) -> R {
        let mut state = self.state();
        let at = state.common.iter().position(|common| (&**common as &dyn Any).is::<T>());
        let at = at.unwrap_or_else(|| {
            state.common.push(Box::<T>::default());
            state.common.len() - 1
        });
        let common: &mut dyn Any = &mut *state.common[at];
        look(common.downcast_mut().expect("it was looked for by its type"))
    }

    /// From now on somebody is at work in an interpreter: its Vm, and its lock.
    pub(super) fn begin(&self, id: i64) -> Result<(Home, Arc<Lock>, Option<Instant>), Refusal> {
        let mut state = self.state();
        let deadline = state.deadline;
        let member = state.find(id)?;
        let (false, Some(home)) = (member.known.runs, member.home) else { return Err(Refusal::Runs) };
        member.known.runs = true;
        Ok((home, member.lock.clone(), deadline))
    }
    /// He has done his work. Whether nobody needs the interpreter any more.
    pub(super) fn end(&self, id: i64) -> bool {
        let mut state = self.state();
        let Ok(member) = state.find(id) else { return false };
        member.known.runs = false;
        member.is_left
    }
    /// An interpreter leaves: what it has put anywhere has nobody behind it any more.
    pub(super) fn leave(&self, id: i64) {
        let mut state = self.state();
        state.members.retain(|member| member.known.id != id);
        state.ended(id);
    }

    /// Somebody needs an interpreter; it ends when nobody does any more, if `ends_without` says so.
    pub fn hold(&self, id: i64, ends_without: bool) -> Result<(), Refusal> {
        let mut state = self.state();
        let member = state.find(id)?;
        member.refs += 1;
        member.ends_without |= ends_without;
        member.is_left = false;
        Ok(())
    }
    /// He does not any more: whether nobody does, and it is to end.
    fn let_go(&self, id: i64) -> Result<bool, Refusal> {
        let mut state = self.state();
        let member = state.find(id)?;
        let was_held = member.refs > 0;
        member.refs = member.refs.saturating_sub(1);
        let is_left = was_held && member.refs == 0 && member.ends_without;
        member.is_left |= is_left;
        Ok(is_left)
    }

    /// The alarm of a limit of time was rung, which is that of all.
    pub(super) fn ring(&self) {
        self.state().members.iter().for_each(|member| member.lock.raise(BreakerFlags::TIME));
    }
    /// The moment at which what runs is to end.
    pub(super) fn set_deadline(&self, at: Option<Instant>) {
        self.state().deadline = at;
    }
    /// Ctrl-C, on behalf of an interpreter that hears no signals.
    pub(super) fn interrupt_first(&self) {
        let state = self.state();
        if let Some(first) = state.members.iter().find(|member| member.home.is_none()) {
            first.lock.raise(BreakerFlags::INTERRUPT);
        }
    }

    /// Does `work` while nobody else looks at any of this. If it says that this is another process now, one interpreter is left: the
    /// others have no threads there.
    pub(super) fn alone<T>(&self, id: i64, work: impl FnOnce() -> (T, bool)) -> T {
        let mut state = self.state();
        let (done, is_other) = work();
        if is_other {
            let gone: Vec<Member> = state.members.extract_if(.., |member| member.known.id != id).collect();
            for member in gone {
                state.ended(member.known.id);
                // Its lock may be in the middle of something.
                std::mem::forget(member);
            }
        }
        done
    }

    /// Nothing runs in any but the first one until [`Runtime::wake`] is called: each gives its lock away as soon as it can.
    fn rest(&self) {
        // (Waiting for a lock, one must not keep others from what they do with this.)
        let awake = |member: &&Member| !member.rests && member.home.is_some();
        let next =
            || self.state().members.iter().find(awake).map(|member| (member.known.id, member.lock.clone()));
        while let Some((id, lock)) = next() {
            let held = lock.acquire_open();
            match self.state().find(id) {
                Ok(member) => member.rests = true,
                Err(_) if held => lock.release(),
                Err(_) => {}
            }
        }
    }
    /// They go on.
    fn wake(&self) {
        for member in self.state().members.iter_mut().filter(|member| member.rests) {
            member.rests = false;
            member.lock.release_open();
        }
    }

    /// Those in which somebody is at work stop, and stay as they are; the first one, whose end it is, excepted.
    fn abandon(&self) {
        for member in self.state().members.extract_if(.., |member| member.home.is_some()) {
            member.lock.abandon();
        }
    }
}

impl Vm {
    /// Lets scripts make further interpreters.
    pub fn allow_interpreters(&self, maker: Arc<dyn Maker>) {
        // (It is set once.)
        let _ = self.place.runtime.maker.set(maker);
    }

    /// Whether it is the first one of its program, which alone hears signals.
    pub fn is_first(&self) -> bool {
        self.place.id == 0
    }

    /// Whether the thread that runs is the one that hears signals.
    pub fn hears_signals(&self) -> bool {
        self.threads.is_main() && self.is_first()
    }

    /// Makes an interpreter, which ends when nobody needs it, if `ends_without` says so; gives its number, or nothing if none can be
    /// made. Runs Python in the new one, and other threads in this; raises as [`Vm::work`], `MemoryError`, and `RecursionError` where
    /// too little native stack is left.
    pub fn make_interpreter(&self, rights: Rights, ends_without: bool) -> Res<Option<i64>> {
        // (What is done without the lock borrows nothing of this Vm, which may be freed meanwhile.)
        let Some(maker) = self.place.runtime.maker.get().cloned() else { return Ok(None) };
        self.work(MAKE_WORK)?;
        let limit = self.room_for_another()?;
        let (common, tank) = (self.heap().share(), self.meter.share());
        let id = {
            let mut state = self.place.runtime.state();
            state.last += 1;
            state.last
        };
        let place = Place { runtime: self.place.runtime.clone(), id, rights };
        let made = self.blocking(move || {
            let bytes = stack_pointer().saturating_sub(limit);
            let config = VmConfig { native_stack_bytes: bytes, memory_limit: None, ..maker.config() };
            let vm = Vm::new_in(&config, maker.host(), place.clone(), Some(common)).ok_or(true)?;
            let entered = vm.enter();
            // What the library makes lives until the end: the collector would look at it for nothing.
            vm.heap().set_gc_enabled(false);
            vm.heap().set_volume_limit(u64::MAX);
            let started = vm.meter.without_limit(|| maker.start(&vm));
            vm.heap().set_gc_enabled(true);
            vm.heap().forget_volume();
            vm.heap().set_volume_limit(vm.meter.volume_limit());
            if let Err(raised) = started {
                let why = vm.take_raised(raised);
                return Err(vm.is_instance(&why, &vm.exc.MemoryError));
            }
            vm.begin_counts();
            if let Some(tank) = tank {
                vm.meter.join(tank);
            }
            vm.heap().set_fail_alloc(config.fail_alloc);
            drop(entered);
            Home::move_in(vm, ends_without);
            Ok(())
        });
        match made {
            Ok(()) => Ok(Some(id)),
            Err(true) => Err(self.no_memory()),
            Err(false) => Ok(None),
        }
    }

    /// Does `work` in another interpreter, as its main thread; other threads run in this one meanwhile. Nothing of the one gets into the other: that
    /// `work` and what it gives are `Send` sees to that. Runs Python there; raises nothing here but `RecursionError`, where too little
    /// native stack is left.
    pub fn in_interpreter<T: Send>(
        &self,
        id: i64,
        work: impl FnOnce(&Vm) -> T + Send,
    ) -> Res<Result<T, Refusal>> {
        let limit = self.room_for_another()?;
        let runtime = self.place.runtime.clone();
        Ok(self.blocking(move || {
            let visit = Visit::begin(&runtime, id, limit)?;
            let done = work(visit.vm());
            if visit.leave() {
                // Whoever needed it has said meanwhile that he does not.
                let _ = end(&runtime, id, limit);
            }
            Ok(done)
        }))
    }

    /// Ends an interpreter, if nobody is at work in it. Runs Python there, and other threads here; raises nothing but `RecursionError`,
    /// where too little native stack is left.
    pub fn end_interpreter(&self, id: i64) -> Res<Result<(), Refusal>> {
        let limit = self.room_for_another()?;
        let runtime = self.place.runtime.clone();
        Ok(self.blocking(move || end(&runtime, id, limit)))
    }

    /// Somebody does not need an interpreter any more: it ends if nobody does, at once or when the work in it is done. Runs Python
    /// there, and raises as [`Vm::end_interpreter`].
    pub fn let_interpreter_go(&self, id: i64) -> Res<Result<(), Refusal>> {
        match self.place.runtime.let_go(id) {
            Ok(true) => match self.end_interpreter(id)? {
                Err(Refusal::NotThere) => Ok(Err(Refusal::NotThere)),
                Ok(()) | Err(Refusal::Runs) => Ok(Ok(())),
            },
            Ok(false) => Ok(Ok(())),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Whether it is the first one, and there are others.
    pub fn has_others(&self) -> bool {
        self.is_first() && self.place.runtime.state().members.len() > 1
    }

    /// The first interpreter ends, and all others with it: those in which somebody is at work stop, and stay as they are. Runs Python in
    /// them, and other threads here.
    pub fn end_other_interpreters(&self) {
        let runtime = &self.place.runtime;
        for known in runtime.all().iter().filter(|known| known.id != self.place.id) {
            if let Err(raised) = self.end_interpreter(known.id) {
                drop(self.take_raised(raised));
            }
        }
        self.leave_others();
    }

    /// Nothing runs in the other interpreters until [`Vm::wake_others`] is called: for who works with this one only now and then.
    pub fn rest_others(&self) {
        if self.has_others() {
            self.place.runtime.rest();
        }
    }
    /// They go on.
    pub fn wake_others(&self) {
        if self.has_others() {
            self.place.runtime.wake();
        }
    }

    /// Its end: if it is the first one, those that are left stop.
    pub(super) fn leave_others(&self) {
        if self.is_first() {
            self.place.runtime.abandon();
        }
    }

    /// How far the native stack may reach that another interpreter is to run on.
    fn room_for_another(&self) -> Result<usize, Raised> {
        self.check_stack()?;
        let limit = self.thread.native.lowest();
        if stack_pointer().saturating_sub(limit) < ROOM {
            return Err(self.recursion_error("too little stack is left for another interpreter"));
        }
        Ok(limit)
    }
}

/// Ends and frees an interpreter.
fn end(runtime: &Arc<Runtime>, id: i64, limit: usize) -> Result<(), Refusal> {
    let visit = Visit::begin(runtime, id, limit)?;
    if let Some(maker) = runtime.maker.get() {
        maker.finish(visit.vm());
    }
    visit.end();
    Ok(())
}
