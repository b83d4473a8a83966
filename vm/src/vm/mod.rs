//! The VM's state, and how it is born.
//!
//! One `Vm` is one interpreter: a heap, the builtin types, the interned names, the stack of registers and the stack of
//! frames. Everything takes `&Vm`: fields that change are cells, because Python code runs in the middle of anything.
//!
//! While a Vm works it is the *current* one of the thread of the system that runs it ([`current`]): dropping a value needs no context
//! for that reason.
//!
//! | file | what |
//! |---|---|
//! | `config.rs`, `names.rs`, `make.rs` | how a VM is made; the strs that it needs; making objects |
//! | `lookup.rs`, `errors.rs` | the type of a value, and cached lookups on types; raising |
//! | `native_stack.rs` | how far a thread's native stack may reach, and who pays for it |
//! | `thread.rs`, `threads.rs` | what belongs to a thread; who there is, who runs, how one follows another |
//! | `lock.rs`, `breaker.rs` | who may run; what wants the attention of who runs |
//! | `fixed.rs`, `reports.rs` | runs that are the same each time; who is told of refused memory |
//! | `runtime.rs` | further interpreters, which scripts make |
//! | `gate.rs`, `imports.rs` | what threads wait for; modules that one thread imports and another wants |
//!
//! # What a method says
//!
//! Every method of `Vm` says whether Python may run in it, and what it raises. Where Python runs, anything may have changed afterwards;
//! where other threads run meanwhile, that is as much.
//!
//! - One whose result is no [`Res`](crate::raised::Res) raises nothing, and runs no Python unless it says so. One that gives a
//!   [`Raised`](crate::raised::Raised) has raised what it names, or `MemoryError` in its place.
//! - One that gives a `Res` says both; `tests/tidy/told.rs` sees to that. Where it runs no Python, it names all that it raises; where it
//!   does and says no more, it raises what that raises.
//! - `MemoryError` is what [`Vm::no_memory`] raises: in its place `InstructionLimit`, where it is the limit of instructions that refuses
//!   large blocks.
//! - Making an object runs no finalizer: what the collector has to do for that waits for the breaker ([`Vm::service`]).
//! - What dies may run Python (`__del__`, the callback of a weak reference). A method says so where it takes from an object what that
//!   holds, or puts something else there. That a value dies which a method was given and, failing, does not keep, goes without saying.

use std::cell::{Cell, OnceCell, RefCell, UnsafeCell};
use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::Arc;

use ryokan_alloc::{Budget, Common, Config, Heap, InternTable, ObjPtr, ShapeId};

use crate::charge::Charge;
use crate::counts::Counts;
use crate::fuel::Meter;
use crate::hooks::{counted_dealloc, hooks, quick_hooks};
use crate::host::Host;
use crate::object::layout::Layout;
use crate::object::shape::Shapes;
use crate::object::slots::DUNDERS;
use crate::profile::Profile;
use crate::sites::Sites;
use crate::stack::Stacks;
use crate::stress::Stress;
use crate::types::Types;
use crate::types::exceptions::ExcTypes;
use crate::types::weakref::WeakTable;
use crate::value::{Value, Word};

pub mod breaker;
mod config;
pub mod deadline;
mod errors;
pub mod fixed;
pub mod gate;
mod imports;
pub mod lock;
mod lookup;
mod make;
mod names;
mod native_stack;
pub mod reports;
pub mod runtime;
pub mod signals;
mod thread;
pub mod threads;
pub mod tracing;

pub use config::VmConfig;
pub use lookup::{PLACES, Remembered, is_worth_keeping};
pub use names::Names;
pub use thread::{LastTraced, ThreadState};

use crate::object::ty::Remembrance;
use breaker::{Breaker, Hand};
use config::hash_key;
use imports::{Importlib, Imports};
use lookup::TYPE_CACHE_SIZE;
use threads::Threads;

thread_local! {
    static CURRENT: Cell<*const Vm> = const { Cell::new(std::ptr::null()) };
}

/// The Vm that works on this thread: for what is done on behalf of a value, with no Vm at hand.
///
/// # Safety
/// A Vm is entered, and stays so as long as the reference is used.
#[inline(always)]
pub unsafe fn current<'a>() -> &'a Vm {
    let vm = CURRENT.with(Cell::get);
    debug_assert!(!vm.is_null());
    // SAFETY: set by `Vm::enter` for as long as the Vm works, which is now.
    unsafe { &*vm }
}

/// Does something with the Vm that works on this thread, if one does.
pub fn with_current(then: impl FnOnce(&Vm)) {
    if !CURRENT.with(Cell::get).is_null() {
        // SAFETY: one is entered, and stays so while `then` runs.
        then(unsafe { current() });
    }
}

/// About where the native stack ends now. The register is read, where we know it, for a sanitizer may keep locals elsewhere.
#[inline(always)]
pub fn stack_pointer() -> usize {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a register is copied, and nothing else.
    unsafe {
        let pointer;
        std::arch::asm!("mov {}, rsp", out(reg) pointer, options(nomem, nostack, preserves_flags));
        pointer
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: a register is copied, and nothing else.
    unsafe {
        let pointer;
        std::arch::asm!("mov {}, sp", out(reg) pointer, options(nomem, nostack, preserves_flags));
        pointer
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        let marker = 0u8;
        std::ptr::from_ref(&marker) as usize
    }
}

/// Makes a Vm the current one until it is dropped.
pub struct Entered(*const Vm);

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.with(|c| c.set(self.0));
    }
}

/// What the VM knows of the filters of warnings.
pub struct Warnings {
    /// Moves when they change: what a registry knows is void then.
    pub version: Cell<u32>,
    /// Which thread changes them (0: none), and how often it has said so.
    pub lock: Cell<(u64, u32)>,
    /// What `warnings` had at its last use of each, or what `_warnings` began with; empty before that was imported.
    pub filters: Value,
    /// What was shown that is to be shown once.
    pub once_registry: Value,
    /// What becomes of a warning for which there is no filter.
    pub default_action: Value,
}

impl Default for Warnings {
    fn default() -> Warnings {
        let [filters, once_registry, default_action] = [const { Value::UNBOUND }; 3];
        Warnings { version: Cell::new(0), lock: Cell::new((0, 0)), filters, once_registry, default_action }
    }
}

/// One interpreter. See the module's page.
pub struct Vm {
    /// What belongs to the thread that runs.
    pub thread: ThreadState,
    /// The threads, and their lock.
    pub threads: Threads,
    /// Its place among the interpreters of its program.
    pub place: runtime::Place,
    /// The imports under way.
    imports: Imports,
    /// Shapes of all objects.
    pub shapes: Shapes,
    /// Interned names.
    pub names: Names,
    /// The names of [`DUNDERS`], in its order; interned and immortal, too.
    pub dunders: Box<[Value]>,
    /// A dict whose entries are those names, in that order.
    pub(crate) dunder_numbers: Value,
    /// Builtin types.
    pub types: Types,
    /// Exception types.
    pub exc: ExcTypes,
    /// What wants the loop's attention at the next back edge or call: see [`breaker`].
    pub breaker: Breaker,
    /// Moves when a cached lookup on a type may have become wrong; `u32::MAX` is the last (see [`Vm::caches`]).
    pub epoch: Cell<u32>,
    /// The moment at which what runs is to end.
    pub(crate) deadline: deadline::Deadline,
    /// The filters of warnings: when they change, and who changes them.
    pub warnings: Warnings,
    /// The next version of a dict's keys.
    pub next_keys_version: Cell<u32>,
    /// Where the count of changes of a dict's next new table begins: apart, so that a table cannot be taken for its predecessor.
    pub next_table: Cell<u32>,
    /// The object whose last reference a handler gave up, on its way to be freed.
    pub dead: Cell<Word>,
    interned: UnsafeCell<InternTable>,
    /// The key of str hashes.
    pub hash_key: (u64, u64),
    /// `sys.modules`
    pub modules: Value,
    /// The dict of `builtins`.
    pub builtins: Value,
    /// The objects of `Common`, as they were at first, by their numbers.
    pub commons: [Value; ryokan_bytecode::Common::ALL.len()],
    /// The code of a program that is in no file, its text and what it is called: a tuple, until `linecache` is imported and told.
    pub(crate) untold: Value,
    /// The literals of the program's text, while it runs: CPython's parser holds them too.
    pub literals: RefCell<Option<(Vec<Value>, Charge)>>,
    /// The dict of `sys`.
    pub sys_dict: Value,
    /// The registered codecs and error handlers, once there are some.
    pub codecs: Value,
    /// A MemoryError made beforehand.
    memory_error: Value,
    /// Whether a MemoryError is being made.
    making_memory_error: Cell<bool>,
    /// Whom to ask for files, output, clock, compilation.
    pub host: Box<dyn Host>,
    /// Entries of tracebacks that watch a frame on the stack, not owned.
    pub watching: RefCell<Vec<ObjPtr>>,
    /// Frame objects of frames on the stack, not owned.
    pub watched_frames: RefCell<Vec<Value>>,
    /// Whether chance is fixed: see `fixed.rs`.
    pub(crate) fixed: fixed::Fixed,
    /// Who is told of refused memory.
    reports: reports::Reports,
    /// Who traces what.
    pub tracing: tracing::Tracing,
    /// The empty bytes object, and behind it those of one byte, once they are made.
    pub short_bytes: Box<[Value]>,
    /// Where attributes are, by shape and name: the second chance of the inline caches.
    pub places: Box<[Remembered; PLACES]>,
    /// The cache of lookups on types.
    type_cache: Box<[Remembrance]>,
    /// The shape of the dicts of types, once there is one.
    pub(crate) class_dict_shape: Cell<ShapeId>,
    /// Whether the VM ends, and what its objects know of each other is void.
    pub(crate) closing: Cell<bool>,
    /// The empty tuple.
    pub empty_tuple: Value,
    /// The empty str.
    pub empty_str: Value,
    /// The strs of one Latin-1 character.
    pub latin1: Box<[Value]>,
    /// Who is told of signals.
    pub signals: signals::Signals,
    /// What `sys` keeps.
    pub sys: SysState,
    /// CPython's import system, if it runs.
    pub importlib: Importlib,
    /// What of the library has been read.
    pub(crate) units: crate::types::code::Units,
    /// Who refers weakly to what.
    pub weak: WeakTable,
    /// The state of the collector's Python side.
    pub collector: crate::collect::Collector,
    /// In which order what has a finalizer was made.
    pub(crate) ages: crate::ages::Ages,
    /// What a metered run has done.
    pub counts: Counts,
    /// What counts instructions.
    pub meter: Meter,
    /// Where instructions or time went: see `profile.rs`.
    pub profile: Profile,
    /// Where memory is asked for: see `sites.rs`.
    pub sites: Sites,
    /// How it is stressed: see `stress.rs`.
    pub stress: Stress,
    /// Codes that were replaced while they ran: what runs refers to them for as long as it likes.
    pub(crate) retired: RefCell<Vec<Value>>,
    /// Types that native modules have made, and their state.
    pub natives: crate::object::kind::Natives,
    /// The last field: what the others refer to lies in it.
    heap: UnsafeCell<Box<Heap>>,
}

/// So many digits an int and its text are made into each other with, if nothing else is said.
pub const DEFAULT_MAX_STR_DIGITS: usize = 4300;
/// The least such limit.
pub const LEAST_MAX_STR_DIGITS: usize = 640;

/// What `dlopen` is told as a rule: Linux's `RTLD_NOW`.
const RTLD_NOW: i32 = 2;

/// What the functions of `sys` set and remember.
pub struct SysState {
    /// `sys.setrecursionlimit`
    pub recursion_limit: Cell<usize>,
    /// `sys.set_int_max_str_digits`
    pub int_max_str_digits: Cell<usize>,
    /// `-v`: how much is told of imports.
    pub verbose: Cell<u8>,
    /// `-X dev`
    pub dev_mode: Cell<bool>,
    /// `sys.setdlopenflags`
    pub dlopen_flags: Cell<i32>,
    /// `-X no_debug_ranges`: positions are lines alone.
    pub lines_alone: Cell<bool>,
    /// `-b`: bytes that are taken for a text are warned of.
    pub bytes_warning: Cell<bool>,
    /// `-X cpu_count`
    pub cpu_count: Cell<Option<u32>>,
    /// `sys.is_finalizing`
    pub finalizing: Cell<bool>,
    /// The folder that the command has put in front of `sys.path`, whose modules may hide those of the library.
    pub first_path: OnceCell<String>,
}

impl Default for SysState {
    fn default() -> SysState {
        SysState {
            recursion_limit: Cell::new(1000),
            int_max_str_digits: Cell::new(DEFAULT_MAX_STR_DIGITS),
            verbose: Cell::new(0),
            dev_mode: Cell::new(false),
            dlopen_flags: Cell::new(RTLD_NOW),
            lines_alone: Cell::new(false),
            bytes_warning: Cell::new(false),
            cpu_count: Cell::new(None),
            finalizing: Cell::new(false),
            first_path: OnceCell::new(),
        }
    }
}

/// Gives up what objects own outside the heap (code, big numbers, tables of types) and then the heap as a whole: no object is
/// freed by itself any more, and nothing of Python runs.
impl Drop for Vm {
    fn drop(&mut self) {
        unsafe fn ignore(_: *mut c_void, _: ObjPtr) {}
        let context = std::ptr::from_ref(self).cast_mut().cast();
        self.leave_others();
        self.end_threads();
        self.closing.set(true);
        self.heap().set_hooks(hooks(ignore), context);
        let entered = self.enter();
        let mut objects: Vec<ObjPtr> = Vec::new();
        // SAFETY: the closure makes nothing in the heap. Each object is finished once; its header stays, for the counts of
        // whoever still refers to it.
        unsafe {
            self.heap().for_each_object(&mut |ptr| {
                if objects.try_reserve(1).is_ok() {
                    objects.push(ptr);
                }
            });
            for ptr in objects {
                (Layout::ops_of(ptr).finish)(ptr);
            }
        }
        self.forget_threads();
        drop(entered);
    }
}

impl VmConfig {
    /// Down to where the native stack may be used.
    fn native_limit(&self) -> usize {
        stack_pointer().saturating_sub(self.native_stack_bytes)
    }
}

impl Vm {
    /// An interpreter, or `None` if the cap is too small for one.
    pub fn new(config: &VmConfig, host: Box<dyn Host>) -> Option<Box<Vm>> {
        let vm = Vm::new_in(config, host, runtime::Place::first(), None)?;
        vm.place.runtime.add(&vm.place, vm.threads.lock.clone(), None, false);
        Some(vm)
    }

    /// An interpreter in a place of its program, whose heap shares a cap with others; the same.
    fn new_in(
        config: &VmConfig,
        host: Box<dyn Host>,
        place: runtime::Place,
        common: Option<Arc<Common>>,
    ) -> Option<Box<Vm>> {
        let vm = Vm::unborn(config, host, place, common)?;
        let context = std::ptr::from_ref::<Vm>(&vm).cast_mut().cast::<c_void>();
        vm.heap().set_hooks(quick_hooks(), context);
        // SAFETY: the Vm is boxed, and closes its lock, which drops the hand, before it goes.
        vm.threads.lock.ask_at(unsafe { Hand::on(&vm.breaker) });
        vm.boot_at_rest().ok()?;
        vm.begin(config);
        Some(vm)
    }

    /// All of its parts, in which there is nothing yet.
    fn unborn(
        config: &VmConfig,
        host: Box<dyn Host>,
        place: runtime::Place,
        common: Option<Arc<Common>>,
    ) -> Option<Box<Vm>> {
        let mut heap = Heap::new(Config { limit_bytes: config.memory_limit, fail_alloc: None });
        common.into_iter().for_each(|common| heap.join(common));
        // SAFETY: the heap is boxed and lives as long as the table, in the same Vm.
        let interned = unsafe { InternTable::new(NonNull::from(&mut *heap)) };
        Some(Box::new(Vm {
            thread: ThreadState::new(Stacks::new()?, config.native_limit()),
            threads: Threads::new(),
            place,
            imports: Imports::default(),
            heap: UnsafeCell::new(heap),
            shapes: Shapes::new(),
            names: Names::empty(),
            dunders: DUNDERS.iter().map(|_| Value::UNBOUND).collect(),
            dunder_numbers: Value::UNBOUND,
            types: Types::empty(),
            exc: ExcTypes::empty(),
            breaker: Breaker::default(),
            epoch: Cell::new(1),
            warnings: Warnings::default(),
            deadline: deadline::Deadline::default(),
            next_keys_version: Cell::new(1),
            next_table: Cell::new(0),
            dead: Cell::new(Word::UNBOUND),
            interned: UnsafeCell::new(interned),
            hash_key: hash_key(config.hash_seed),
            modules: Value::UNBOUND,
            builtins: Value::UNBOUND,
            commons: [Value::UNBOUND; ryokan_bytecode::Common::ALL.len()],
            untold: Value::UNBOUND,
            literals: RefCell::default(),
            sys_dict: Value::UNBOUND,
            codecs: Value::NONE,
            memory_error: Value::UNBOUND,
            making_memory_error: Cell::new(false),
            host,
            watching: RefCell::default(),
            watched_frames: RefCell::default(),
            fixed: fixed::Fixed::default(),
            reports: reports::Reports::default(),
            tracing: tracing::Tracing::default(),
            short_bytes: (0..257).map(|_| Value::UNBOUND).collect(),
            places: Box::new(std::array::from_fn(|_| Remembered::default())),
            type_cache: (0..TYPE_CACHE_SIZE).map(|_| Remembrance::default()).collect(),
            class_dict_shape: Cell::new(ShapeId::NONE),
            closing: Cell::new(false),
            empty_tuple: Value::UNBOUND,
            empty_str: Value::UNBOUND,
            latin1: (0..256).map(|_| Value::UNBOUND).collect(),
            signals: signals::Signals::default(),
            sys: SysState::default(),
            importlib: Importlib::default(),
            units: crate::types::code::Units::default(),
            weak: WeakTable::default(),
            collector: crate::collect::Collector::default(),
            ages: crate::ages::Ages::default(),
            counts: Counts::default(),
            meter: Meter::new(config.counts(), config.max_instructions),
            profile: Profile::new(config.profile),
            sites: Sites::default(),
            stress: config.stress,
            natives: crate::object::kind::Natives::default(),
            retired: RefCell::default(),
        }))
    }

    /// Fills a new VM; the collector waits.
    fn boot_at_rest(&self) -> crate::raised::Res<()> {
        let _entered = self.enter();
        self.heap().keep_still(true);
        let born = self.boot();
        self.settle_what_lasts();
        self.heap().keep_still(false);
        born
    }

    /// The VM is born: from now on it counts, is stressed, and may be refused memory.
    fn begin(&self, config: &VmConfig) {
        if self.meter.is_on() {
            let context = std::ptr::from_ref(self).cast_mut().cast();
            self.heap().set_hooks(hooks(counted_dealloc), context);
        }
        self.meter.begin();
        self.stress.begin(self);
        self.heap().set_volume_limit(self.meter.volume_limit());
        self.begin_main_stack();
        if let Some(n) = config.fail_alloc {
            self.heap().set_fail_alloc(Some(n));
        }
    }

    /// Makes this the thread's current Vm.
    pub fn enter(&self) -> Entered {
        Entered(CURRENT.with(|c| c.replace(self)))
    }

    /// The heap. The reference is for one call at a time.
    #[inline(always)]
    #[allow(
        clippy::mut_from_ref,
        reason = "one thread at a time, and the heap calls nobody back while it is borrowed"
    )]
    pub fn heap(&self) -> &mut Heap {
        // SAFETY: one thread works on a Vm at a time, the one that has the lock. A caller uses the borrow for one call of the heap, and no such call calls back into the VM
        // in a way that borrows it again: `Heap::release`, which runs code, takes no such borrow.
        unsafe { &mut *self.heap.get() }
    }

    /// The heap, as what belongs to its objects and to calls of the Vm draws on it: none of that outlives the Vm.
    pub(crate) fn budget(&self) -> Budget {
        // SAFETY: objects go before their heap, and calls end before their Vm does; both are used by the thread that works on it.
        unsafe { Budget::new(NonNull::from(self.heap())) }
    }

    /// The intern table.
    #[inline(always)]
    #[allow(clippy::mut_from_ref, reason = "one thread at a time, used for one call")]
    pub fn interned(&self) -> &mut InternTable {
        // SAFETY: callers use it for one call, and the table calls back only to compare strs.
        unsafe { &mut *self.interned.get() }
    }
}
