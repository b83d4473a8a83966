//! The VM's state, and how it is born.
//!
//! One `Vm` is one interpreter: a heap, the builtin types, the interned names, the stack of registers and the stack of
//! frames. Everything takes `&Vm`: fields that change are cells, because Python code runs in the middle of anything.
//!
//! While a Vm works it is the *current* one of its thread ([`current`]): dropping a value needs no context for that reason.

use std::cell::{Cell, RefCell, UnsafeCell};
use std::ffi::c_void;
use std::fmt::Display;
use std::ptr::NonNull;

use ryokan_alloc::{Config, Header, Heap, InternTable, ObjPtr, flag};

use crate::counts::Counts;
use crate::fuel::{Count, Meter};
use crate::hooks::{counted_dealloc, dealloc, hooks};
use crate::host::Host;
use crate::object::layout::Layout;
use crate::object::shape::Shapes;
use crate::object::slots::{DUNDERS, Live};
use crate::object::ty::TypeObj;
use crate::object::underway::Underway;
use crate::object::{Object, Ref};
use crate::profile::{self, Profile};
use crate::raised::{Raised, Res};
use crate::stack::Stacks;
use crate::stress::Stress;
use crate::types::exceptions::ExcTypes;
use crate::types::{
    Types,
    str::{Str, Text},
};
use crate::value::{Value, Word};

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

/// Makes a Vm the current one until it is dropped.
pub struct Entered(*const Vm);

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.with(|c| c.set(self.0));
    }
}

macro_rules! names {
    ($($name:ident)*) => {
        /// Strs that the VM itself needs, interned and immortal.
        #[allow(non_snake_case, missing_docs)]
        pub struct Names { $(pub $name: Value,)* }
        impl Names {
            const fn empty() -> Names { Names { $($name: Value::UNBOUND,)* } }
            pub(crate) fn fill(&self, vm: &Vm) -> Res<()> {
                $(self.$name.set(vm.intern(stringify!($name))?); vm.make_immortal(&self.$name);)*
                Ok(())
            }
        }
    };
}

names! {
    __abs__ __abstractmethods__ __add__ __all__ __and__ __annotate__ __annotations__ __await__ __bases__ __bool__ __build_class__
    __builtins__ __bytes__ __call__ __cause__ __ceil__ __class__ __class_getitem__ __classcell__ __closure__ __code__ __complex__
    __contains__ __context__ __debug__ __defaults__ __del__ __delattr__ __delete__ __delitem__ __dict__ __dir__ __doc__
    __enter__ __eq__ __exit__ __file__ __float__ __floor__ __floordiv__ __format__ __ge__ __get__ __getattr__
    __getattribute__ __getitem__ __getnewargs__ __getstate__ __globals__ __gt__ __hash__ __iadd__ __import__ __index__ __init__
    __init_subclass__ __instancecheck__ __int__ __invert__ __isabstractmethod__ __iter__ __kwdefaults__ __le__ __len__ __length_hint__
    __loader__ __lt__ __main__ __match_args__ __missing__ __module__ __mod__ __mro_entries__ __mul__ __name__ __ne__ __neg__ __new__ __next__
    __notes__ __or__ __orig_bases__ __orig_class__ __package__ __path__ __pos__ __pow__ __prepare__ __qualname__ __radd__ __reduce__
    __reduce_ex__ __repr__ __reversed__ __round__ __self__ __set__ __set_name__ __setattr__ __setitem__ __sizeof__ __slots__ __spec__
    __firstlineno__ __static_attributes__ __str__ __sub__ __subclasscheck__ __subclasshook__ __suppress_context__ __text_signature__ __traceback__
    __trunc__ __type_params__ __value__ __weakref__ __wrapped__ __aenter__ __aexit__ __aiter__ __anext__
    append args builtins close co_name default encoding end errors file flush key keys items values msg name
    obj object path print_file_and_line filename lineno offset text end_lineno end_offset reverse send sep start stop step stdin stdout stderr strict
    throw value write mro metaclass modules real imag errno strerror filename2 code join get update
    exceptions message code_ add source ryokan sys string name_from
}

/// One interpreter. See the module's page.
pub struct Vm {
    /// Shapes of all objects.
    pub shapes: Shapes,
    /// Interned names.
    pub names: Names,
    /// The names of [`DUNDERS`](crate::object::slots::DUNDERS), in its order; interned and immortal, too.
    pub dunders: Box<[Value]>,
    /// Builtin types.
    pub types: Types,
    /// Exception types.
    pub exc: ExcTypes,
    /// Registers and frames.
    pub stacks: Stacks,
    /// What wants the loop's attention at the next back edge or call: bits of [`breaker`].
    pub breaker: Cell<u32>,
    /// Moves when a cached lookup on a type may have become wrong; `u32::MAX` is the last (see [`Vm::caches`]).
    pub epoch: Cell<u32>,
    /// The next version of a dict's keys.
    pub next_keys_version: Cell<u32>,
    /// The exception on its way; see `Raised`.
    pub raised: Value,
    /// Whether the exception on its way is raised again: it gets no new entry in its traceback for this frame.
    pub reraising: Cell<bool>,
    /// The instruction that the next traceback entry names, if it is not the frame's position.
    pub error_instr: Cell<u32>,
    /// The exception being handled, or None.
    pub handled: Value,
    /// The object whose last reference a handler gave up, on its way to be freed.
    pub dead: Cell<Word>,
    interned: UnsafeCell<InternTable>,
    /// The key of str hashes.
    pub hash_key: (u64, u64),
    /// `sys.modules`
    pub modules: Value,
    /// The dict of `builtins`.
    pub builtins: Value,
    /// The dict of `sys`.
    pub sys_dict: Value,
    /// A MemoryError made beforehand.
    memory_error: Value,
    /// Whether a MemoryError is being made.
    making_memory_error: Cell<bool>,
    /// Whom to ask for files, output, clock, compilation.
    pub host: Box<dyn Host>,
    /// The lowest address that the native stack may reach.
    pub(crate) native_limit: Cell<usize>,
    /// Below which address [`Vm::check_stack`] looks closer: below every one where calls are paid for.
    pub(crate) native_watch: Cell<usize>,
    /// Objects whose repr is under way.
    pub repr_active: RefCell<Underway>,
    /// Entries of tracebacks that watch a frame on the stack, not owned.
    pub watching: RefCell<Vec<ObjPtr>>,
    /// Frame objects of frames on the stack, not owned.
    pub watched_frames: RefCell<Vec<ObjPtr>>,
    /// The empty bytes object, and behind it those of one byte, once they are made.
    pub short_bytes: Box<[Value]>,
    /// Where attributes are, by shape and name: the second chance of the inline caches.
    pub places: Box<[Remembered]>,
    /// The cache of lookups on types.
    type_cache: Box<[TypeCacheEntry]>,
    /// The shape of the dicts of types, once there is one.
    pub(crate) class_dict_shape: Cell<u32>,
    /// How many finalizers are under way.
    pub(crate) finalizers: Cell<u32>,
    /// Whether the VM ends, and what its objects know of each other is void.
    pub(crate) closing: Cell<bool>,
    /// `sys.setrecursionlimit`
    pub recursion_limit: Cell<usize>,
    /// The empty tuple.
    pub empty_tuple: Value,
    /// The empty str.
    pub empty_str: Value,
    /// The strs of one Latin-1 character.
    pub latin1: Box<[Value]>,
    /// `sys.set_asyncgen_hooks`: what is told of new asynchronous generators, and what ends them.
    pub async_hooks: [Value; 2],
    /// The class of what `sys.get_asyncgen_hooks` gives, once it was asked for.
    pub async_hooks_class: Value,
    /// The state of the collector's Python side.
    pub collector: crate::collect::Collector,
    /// `sys.argv` and the like, as the command gives them.
    pub argv: RefCell<Vec<String>>,
    /// What a metered run has done.
    pub counts: Counts,
    /// What counts instructions.
    pub meter: Meter,
    /// Where instructions or time went: see `profile.rs`.
    pub profile: Profile,
    /// How it is stressed: see `stress.rs`.
    pub stress: Stress,
    /// `ryokan.InstructionLimit`, once it is wanted.
    pub instruction_limit: Value,
    /// Codes that were replaced while they ran: what runs refers to them for as long as it likes.
    pub(crate) retired: RefCell<Vec<Value>>,
    /// `sys.set_int_max_str_digits`
    pub int_max_str_digits: Cell<usize>,
    /// Types that native modules have made, and their state.
    pub natives: crate::object::kind::Natives,
    /// The last field: what the others refer to lies in it.
    heap: UnsafeCell<Box<Heap>>,
}

/// Gives up what objects own outside the heap (code, big numbers, tables of types) and then the heap as a whole: no object is
/// freed by itself any more, and nothing of Python runs.
impl Drop for Vm {
    fn drop(&mut self) {
        unsafe fn ignore(_: *mut c_void, _: ObjPtr) {}
        let context = std::ptr::from_ref(self).cast_mut().cast();
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
        drop(entered);
    }
}

/// Bits of `Vm::breaker`.
pub mod breaker {
    /// A collection is due.
    pub const COLLECT: u32 = 1;
    /// A signal came in.
    pub const INTERRUPT: u32 = 2;
    /// The clock of a profile has ticked.
    pub const SAMPLE: u32 = 4;
    /// Native work is to be paid for.
    pub const OWED: u32 = 8;
}

/// What an inline cache would hold for a shape and a name: see `ops/attrs.rs`.
#[derive(Default)]
pub struct Remembered {
    /// Shape and epoch.
    pub guard: Cell<u64>,
    /// The name's word, and what is looked for in its low bits.
    pub name: Cell<u64>,
    /// The cache's second word.
    pub entry: Cell<u64>,
    /// The name, which lives as long as it may be taken for another at its address.
    pub keeps: Value,
}

/// How many places are remembered.
pub const PLACES: usize = 2048;

/// What was found for a name on a type. While the epoch stands, the class that has the value keeps it; the name is kept here, lest
/// another at its address be taken for it.
#[derive(Default)]
struct TypeCacheEntry {
    ty: Cell<usize>,
    name: Value,
    epoch: Cell<u32>,
    found: Cell<u64>,
}

/// Longer names are not worth what they keep.
const MAX_CACHED_NAME: usize = 100;

const TYPE_CACHE_SIZE: usize = 1024;

/// How many classes a lookup passes for the price of an instruction.
const CLASSES_A_UNIT: u64 = 4;

/// Whether a table may keep a name for what it knows of it.
pub fn is_worth_keeping(name: &Value) -> bool {
    name.get::<Str>().is_some_and(|text| text.is_interned() && text.len() <= MAX_CACHED_NAME)
}

/// How a Vm is made.
pub struct VmConfig {
    /// Cap on the heap's bytes.
    pub memory_limit: Option<usize>,
    /// Refuse the Nth allocation.
    pub fail_alloc: Option<u64>,
    /// How to run so that bugs show.
    pub stress: Stress,
    /// What is profiled.
    pub profile: Option<profile::By>,
    /// What is counted.
    pub count: Count,
    /// How many instructions may be executed: see `fuel.rs`.
    pub max_instructions: Option<u64>,
    /// Native stack that may be used from where the Vm is made.
    pub native_stack_bytes: usize,
    /// The key of str hashes; `None` picks one at random.
    pub hash_seed: Option<u64>,
}

impl Default for VmConfig {
    fn default() -> Self {
        VmConfig {
            memory_limit: None,
            fail_alloc: None,
            stress: Stress::default(),
            profile: None,
            count: Count::Off,
            max_instructions: None,
            native_stack_bytes: 1 << 20,
            hash_seed: None,
        }
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

impl Vm {
    /// An interpreter, or `None` if the cap is too small for one.
    pub fn new(config: &VmConfig, host: Box<dyn Host>) -> Option<Box<Vm>> {
        // Whose instructions they are is asked of the units that count them.
        let count = match (config.profile, config.count) {
            (Some(profile::By::Instructions), Count::Off) => Count::Total,
            (_, count) => count,
        };
        let mut heap = Heap::new(Config { limit_bytes: config.memory_limit, fail_alloc: None });
        // SAFETY: the heap is boxed and lives as long as the table, in the same Vm.
        let interned = unsafe { InternTable::new(NonNull::from(&mut *heap)) };
        let native_limit = stack_pointer().saturating_sub(config.native_stack_bytes);
        let vm = Box::new(Vm {
            heap: UnsafeCell::new(heap),
            shapes: Shapes::new(),
            names: Names::empty(),
            dunders: DUNDERS.iter().map(|_| Value::UNBOUND).collect(),
            types: Types::empty(),
            exc: ExcTypes::empty(),
            stacks: Stacks::new()?,
            breaker: Cell::new(0),
            epoch: Cell::new(1),
            next_keys_version: Cell::new(1),
            raised: Value::UNBOUND,
            reraising: Cell::new(false),
            error_instr: Cell::new(crate::running::NO_INSTR),
            handled: Value::NONE,
            dead: Cell::new(Word::UNBOUND),
            interned: UnsafeCell::new(interned),
            hash_key: hash_key(config.hash_seed),
            modules: Value::UNBOUND,
            builtins: Value::UNBOUND,
            sys_dict: Value::UNBOUND,
            memory_error: Value::UNBOUND,
            making_memory_error: Cell::new(false),
            host,
            native_limit: Cell::new(native_limit),
            native_watch: Cell::new(native_limit),
            repr_active: RefCell::default(),
            watching: RefCell::default(),
            watched_frames: RefCell::default(),
            short_bytes: (0..257).map(|_| Value::UNBOUND).collect(),
            places: (0..PLACES).map(|_| Remembered::default()).collect(),
            type_cache: (0..TYPE_CACHE_SIZE).map(|_| TypeCacheEntry::default()).collect(),
            class_dict_shape: Cell::new(0),
            finalizers: Cell::new(0),
            closing: Cell::new(false),
            recursion_limit: Cell::new(1000),
            empty_tuple: Value::UNBOUND,
            empty_str: Value::UNBOUND,
            latin1: (0..256).map(|_| Value::UNBOUND).collect(),
            async_hooks: [Value::NONE, Value::NONE],
            async_hooks_class: Value::UNBOUND,
            collector: crate::collect::Collector::default(),
            argv: RefCell::default(),
            counts: Counts::default(),
            meter: Meter::new(count, config.max_instructions),
            profile: Profile::new(config.profile),
            stress: config.stress,
            instruction_limit: Value::UNBOUND,
            natives: crate::object::kind::Natives::default(),
            retired: RefCell::default(),
            int_max_str_digits: Cell::new(4300),
        });
        let context = std::ptr::from_ref::<Vm>(&vm).cast_mut().cast::<c_void>();
        vm.heap().set_hooks(hooks(dealloc), context);
        let entered = vm.enter();
        vm.heap().keep_still(true);
        let born = vm.boot();
        vm.heap().keep_still(false);
        drop(entered);
        if born.is_err() {
            return None;
        }
        if vm.meter.is_on() {
            vm.heap().set_hooks(hooks(counted_dealloc), context);
        }
        vm.meter.begin();
        vm.stress.begin(&vm);
        vm.heap().set_volume_limit(vm.meter.volume_limit());
        if vm.meter.charges_work() {
            vm.native_watch.set(usize::MAX);
        }
        if let Some(n) = config.fail_alloc {
            vm.heap().set_fail_alloc(Some(n));
        }
        Some(vm)
    }

    /// Makes this the thread's current Vm.
    pub fn enter(&self) -> Entered {
        Entered(CURRENT.with(|c| c.replace(self)))
    }

    /// The heap. The reference is for one call at a time.
    #[inline(always)]
    #[allow(clippy::mut_from_ref, reason = "one thread, and the heap calls nobody back while it is borrowed")]
    pub fn heap(&self) -> &mut Heap {
        // SAFETY: one thread works on a Vm. A caller uses the borrow for one call of the heap, and no such call calls back into the VM
        // in a way that borrows it again: `Heap::release`, which runs code, takes no such borrow.
        unsafe { &mut *self.heap.get() }
    }

    /// The intern table.
    #[inline(always)]
    #[allow(clippy::mut_from_ref, reason = "one thread, used for one call at a time")]
    pub fn interned(&self) -> &mut InternTable {
        // SAFETY: callers use it for one call, and the table calls back only to compare strs.
        unsafe { &mut *self.interned.get() }
    }

    // ---- making objects ------------------------------------------------------------------------------------------

    /// A new object of a builtin type: `make` gets the header and gives the payload.
    #[inline]
    pub fn new_object<T: Object>(&self, make: impl FnOnce(Header) -> T) -> Res<Ref<T>> {
        let Some(block) = self.heap().alloc_object(size_of::<T>()) else { return Err(self.no_memory()) };
        // SAFETY: the block has the payload's size.
        unsafe {
            block.cast::<T>().as_ptr().write(make(Vm::newborn::<T>(T::LAYOUT.shape())));
            Ok(self.born(block.cast()))
        }
    }

    /// The header of a new object.
    #[inline(always)]
    fn newborn<T: Object>(shape: u32) -> Header {
        Header::new(shape, if T::TRACKED { flag::TRACKED } else { 0 }, 1)
    }

    /// Takes a new object over, and tells the collector if it must know.
    ///
    /// # Safety
    /// It is whole, its layout is `T`'s, and nobody else has it.
    #[inline(always)]
    unsafe fn born<T: Object>(&self, ptr: ObjPtr) -> Ref<T> {
        if T::TRACKED {
            // SAFETY: the object is whole, and the collector does not know it yet.
            unsafe { self.heap().track_born(ptr) };
            if self.heap().collection_due() {
                self.breaker.set(self.breaker.get() | breaker::COLLECT);
            }
        }
        // SAFETY: its layout is `T`'s, and its first count is nobody's yet.
        unsafe { Ref::from_value_unchecked(Value::from_word(Word::from_ptr(ptr))) }
    }

    /// A new object of a shape whose layout is `T`'s, in `bytes` bytes; words behind the payload are empty slots.
    #[inline]
    pub fn new_shaped<T: Object>(
        &self,
        shape: u32,
        bytes: usize,
        make: impl FnOnce(Header) -> T,
    ) -> Res<Ref<T>> {
        let Some(block) = self.heap().alloc_object(bytes) else { return Err(self.no_memory()) };
        assert!(shape >> crate::object::SHAPE_INDEX_BITS == T::LAYOUT as u32 && bytes >= size_of::<T>());
        // SAFETY: the block has as many bytes; the words behind are filled before anyone sees them.
        unsafe {
            block.cast::<T>().as_ptr().write(make(Vm::newborn::<T>(shape)));
            let mut at = size_of::<T>();
            while at + 8 <= bytes {
                block.add(at).cast::<u64>().as_ptr().write(Word::UNBOUND.0);
                at += 8;
            }
            Ok(self.born(block.cast()))
        }
    }

    /// Tells the collector of an object that was just made.
    ///
    /// # Safety
    /// It is whole, and the collector does not know it yet.
    #[inline]
    pub(crate) unsafe fn track_newborn(&self, ptr: ObjPtr) {
        // SAFETY: as the caller says.
        unsafe { self.heap().track_born(ptr) };
        if self.heap().collection_due() {
            self.breaker.set(self.breaker.get() | breaker::COLLECT);
        }
    }

    /// Tells the collector of an object.
    ///
    /// # Safety
    /// The object must be live and whole.
    #[inline]
    pub unsafe fn track(&self, ptr: ObjPtr) {
        // SAFETY: the object is live and whole.
        unsafe { self.heap().track(ptr) };
        if self.heap().collection_due() {
            self.breaker.set(self.breaker.get() | breaker::COLLECT);
        }
    }

    /// Makes an object immortal: it is never counted or freed again.
    pub fn make_immortal(&self, value: &Value) {
        if let Some(ptr) = value.object() {
            // SAFETY: the value keeps the object alive.
            unsafe { ptr.as_ref().set_refs(ryokan_alloc::IMMORTAL) };
        }
    }

    // ---- types ---------------------------------------------------------------------------------------------------

    /// The type of a value.
    #[inline]
    pub fn type_of<'a>(&'a self, value: &'a Value) -> &'a TypeObj {
        self.type_of_word(value.word())
    }

    /// The type of a word that is alive.
    #[inline]
    pub fn type_of_word(&self, word: Word) -> &TypeObj {
        if word.is_ptr() {
            // SAFETY: the word is alive, and its shape's type lives as long: whoever keeps the result keeps the object.
            return unsafe { &*self.shapes.get(word.shape()).ty.get() };
        }
        if word.is_int() {
            return &self.types.int;
        }
        if word.is_float() {
            return &self.types.float;
        }
        match word {
            Word::TRUE | Word::FALSE => &self.types.bool,
            Word::ELLIPSIS => &self.types.ellipsis,
            Word::NOT_IMPLEMENTED => &self.types.not_implemented,
            _ => &self.types.none,
        }
    }

    /// The slots of a value's type.
    #[inline]
    pub fn slots<'a>(&'a self, value: &'a Value) -> &'a Live {
        self.type_of(value).slots()
    }

    /// How messages name the type of a value: `type(value).__name__`, of a builtin type with its module if it has one.
    pub fn type_name(&self, value: &Value) -> Text {
        let ty = self.type_of(value);
        ty.def.map_or_else(|| self.text(&ty.name), |def| Text::from(def.name))
    }

    /// `isinstance(value, ty)` without `__instancecheck__`.
    pub fn is_instance(&self, value: &Value, ty: &TypeObj) -> bool {
        self.type_of(value).is_subtype(ty)
    }

    /// Whether it is a str or of a subclass.
    pub fn is_str(&self, value: &Value) -> bool {
        value.has::<Str>()
    }

    /// A cached lookup along the MRO.
    pub fn type_cache_lookup(&self, ty: &TypeObj, name: &Value) -> Option<Value> {
        let key = std::ptr::from_ref(ty) as usize;
        let at = (key >> 4 ^ (name.word().0 >> 3) as usize) % TYPE_CACHE_SIZE;
        let entry = &self.type_cache[at];
        if entry.ty.get() == key && entry.name.word() == name.word() && entry.epoch.get() == self.epoch.get()
        {
            // SAFETY: no class has changed since the value was found in one, which holds it.
            let found = std::mem::ManuallyDrop::new(unsafe { Value::from_word(Word(entry.found.get())) });
            return found.bound().cloned();
        }
        self.type_cache_miss(entry, ty, name)
    }

    #[inline(never)]
    fn type_cache_miss(&self, entry: &TypeCacheEntry, ty: &TypeObj, name: &Value) -> Option<Value> {
        let found = ty.lookup_slow(name);
        self.spend(ty.mro_items().len() as u64 / CLASSES_A_UNIT);
        let word = found.as_ref().map_or(Word::UNBOUND, Value::word);
        if !self.caches() {
            return found;
        }
        // Whoever asks may cache the answer.
        if let Some(text) = name.get::<Str>() {
            text.mark_type_cached();
        }
        if is_worth_keeping(name) && !word.needs_box() {
            entry.ty.set(std::ptr::from_ref(ty) as usize);
            entry.name.set(name.clone());
            entry.epoch.set(self.epoch.get());
            entry.found.set(word.0);
        }
        found
    }

    /// An attribute `name` of a type was set or deleted: cached lookups of it are void.
    pub fn type_changed(&self, name: &Value) {
        if name.get::<Str>().is_none_or(Str::is_type_cached) {
            self.bump_epoch();
        }
    }

    /// Voids every cached lookup. The last epoch stays, and nothing is cached in it: an epoch never comes twice.
    pub fn bump_epoch(&self) {
        self.epoch.set(self.epoch.get().saturating_add(1));
    }

    /// Whether lookups on types may be cached.
    #[inline]
    pub fn caches(&self) -> bool {
        self.epoch.get() != u32::MAX
    }

    /// Visits what the caches of lookups hold.
    pub fn trace_caches(&self, visit: &mut dyn FnMut(&Value)) {
        self.type_cache.iter().for_each(|entry| visit(&entry.name));
        self.places.iter().for_each(|place| visit(&place.keeps));
    }

    // ---- errors --------------------------------------------------------------------------------------------------

    /// Sends an exception on its way. `exception` must be an instance of an exception type.
    pub fn raise_value(&self, exception: Value) -> Raised {
        crate::types::exceptions::set_context(self, &exception);
        self.raised.set(exception);
        Raised(())
    }

    /// Makes and raises an exception with one str argument.
    #[cold]
    pub fn raise(&self, ty: &TypeObj, message: impl Display) -> Raised {
        let made = self.display(message).and_then(|text| self.new_exception(ty, vec![text]));
        match made {
            Ok(exception) => self.raise_value(exception),
            Err(raised) => raised,
        }
    }

    /// Takes the exception that is on its way.
    pub fn take_raised(&self, _raised: Raised) -> Value {
        self.raised.take()
    }

    /// Whether the exception on its way is of a type.
    pub fn raised_is(&self, _raised: &Raised, ty: &TypeObj) -> bool {
        self.is_instance(&self.raised, ty)
    }

    /// `MemoryError`: a new one out of the heap's reserve, or the one made beforehand if that is used up too.
    #[cold]
    pub fn no_memory(&self) -> Raised {
        if let Some(raised) = self.volume_is_used_up() {
            return raised;
        }
        if self.making_memory_error.replace(true) {
            // Making one has failed: whoever tried it takes the other way.
            return Raised(());
        }
        if self.exc.MemoryError.value().is_unbound() {
            // The VM is not born yet, and will not be.
            return Raised(());
        }
        self.heap().open_reserve();
        let fresh = self.new_exception(&self.exc.MemoryError, Vec::new());
        self.heap().close_reserve();
        self.making_memory_error.set(false);
        match fresh {
            Ok(exception) => {
                crate::types::exceptions::set_context(self, &exception);
                self.raised.set(exception);
            }
            Err(_) => {
                if let Some(last) = self.memory_error.get::<crate::types::exceptions::Exception>() {
                    last.forget();
                }
                self.raised.set(self.memory_error.clone());
            }
        }
        Raised(())
    }

    /// Prepares the MemoryError of last resort.
    pub fn prepare_memory_error(&self) -> Res<()> {
        self.memory_error.set(self.new_exception(&self.exc.MemoryError, Vec::new())?);
        self.make_immortal(&self.memory_error);
        Ok(())
    }
}

macro_rules! errors {
    ($($name:ident $ty:ident)*) => {
        impl Vm {
            $(#[doc = concat!("Raises a `", stringify!($ty), "`.")]
            #[cold]
            pub fn $name(&self, message: impl Display) -> Raised {
                self.raise(&self.exc.$ty, message)
            })*
        }
    };
}

errors! {
    type_error TypeError
    value_error ValueError
    index_error IndexError
    attribute_error AttributeError
    overflow_error OverflowError
    zero_division ZeroDivisionError
    name_error NameError
    unbound_local UnboundLocalError
    runtime_error RuntimeError
    recursion_error RecursionError
    system_error SystemError
    lookup_error LookupError
    buffer_error BufferError
    import_error ImportError
    assertion_error AssertionError
}

fn hash_key(seed: Option<u64>) -> (u64, u64) {
    match seed {
        Some(0) => (0, 0),
        Some(seed) => (seed.wrapping_mul(0x9E37_79B9_7F4A_7C15), seed ^ 0x5851_F42D_4C95_7F2D),
        None => {
            use std::hash::{BuildHasher, RandomState};
            let state = RandomState::new();
            (state.hash_one(1u8), state.hash_one(2u8))
        }
    }
}
