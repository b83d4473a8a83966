//! The opcode table: every instruction of the stack code, once.
//!
//! A row holds the instruction's documentation, its name as `dis` shows it, its Rust name, the kind of its operand,
//! its stack effect, and flags. Whatever needs to know instructions (the enum, the disassembler, the verifier, the
//! lowering in the VM) expands `for_each_op!` or asks [`Op`]; there is no other list.
//!
//! # The machine
//!
//! A frame has *locals* (parameters first, then other local names, then cells, then free variables: one index space,
//! `Local`) and an operand stack. An instruction is one 32-bit word, [`Instr`]: the opcode in the low byte, the
//! operand in the other three. Jump targets are instruction indices. The stack depth at each instruction is a constant
//! of the code, so the VM may give each stack slot a fixed register.
//!
//! # Reading an effect
//!
//! `( left, right -- sum )`: the top of the stack stands on the right. `items[arg]` stands for as many values as the
//! operand says. An instruction that may jump and whose effect differs on the jump has a second effect, `jump ( .. )`.
//! A value drawn on both sides under the same name is left as it was.
//!
//! # Flags
//!
//! | flag | meaning |
//! |---|---|
//! | `raises` | may raise, or run arbitrary code |
//! | `jumps` | the operand is a target that control may go to |
//! | `ends` | control never goes to the next instruction |
//!
//! Read next: `verify.rs`, the rules that a `Code` must keep; `code.rs`, what else a `Code` holds.

/// Calls `$with!` with every row of the table.
#[macro_export]
macro_rules! for_each_op {
    ($with:ident) => {
        $with! {
            // ---- the stack -------------------------------------------------------------------------------------
            /// Does nothing; carries a source position.
            NOP = Nop (None) ( -- ) [];
            /// Start of a function's body; after `RETURN_GENERATOR`, where a generator first resumes.
            RESUME = Resume (Count) ( -- ) [raises];
            /// Drops the top of the stack.
            POP_TOP = PopTop (None) ( value -- ) [];
            /// Pushes the `arg`-th value from the top (1 is the top) once more.
            COPY = Copy (Count) ( under[arg] -- under[arg], value ) [];
            /// Exchanges the top with the `arg`-th value from the top (2 is the one below the top).
            SWAP = Swap (Count) ( under[arg] -- under[arg] ) [];
            /// Pushes the absent value that `CALL` takes as "no self".
            PUSH_NULL = PushNull (None) ( -- null ) [];

            // ---- constants -------------------------------------------------------------------------------------
            /// Pushes constant `arg`.
            LOAD_CONST = LoadConst (Const) ( -- value ) [];
            /// Pushes the int `arg`, 0 to 255.
            LOAD_SMALL_INT = LoadSmallInt (Count) ( -- value ) [];
            /// Pushes one of the objects of `Common` that code needs whatever the names mean.
            LOAD_COMMON_CONSTANT = LoadCommonConstant (Common) ( -- value ) [];
            /// Pushes `__build_class__` of the frame's builtins.
            LOAD_BUILD_CLASS = LoadBuildClass (None) ( -- value ) [raises];

            // ---- locals and cells ------------------------------------------------------------------------------
            /// Pushes a local that is certainly bound (the verifier proves it).
            LOAD_FAST = LoadFast (Local) ( -- value ) [];
            /// Pushes a local, or raises `UnboundLocalError`.
            LOAD_FAST_CHECK = LoadFastCheck (Local) ( -- value ) [raises];
            /// Pushes what the local's slot holds (a value, its cell, or null if it is unbound), and unbinds it: saves a
            /// name that a comprehension hides, for `RESTORE_FAST`.
            LOAD_FAST_AND_CLEAR = LoadFastAndClear (Local) ( -- saved ) [];
            /// Binds a local.
            STORE_FAST = StoreFast (Local) ( value -- ) [];
            /// Puts back what `LOAD_FAST_AND_CLEAR` of the same local has saved: a value, its cell, or nothing.
            RESTORE_FAST = RestoreFast (Local) ( saved -- ) [];
            /// Unbinds a local, or raises `UnboundLocalError`.
            DELETE_FAST = DeleteFast (Local) ( -- ) [raises];
            /// Puts a local's value (or nothing) in a new cell and the cell in the local.
            MAKE_CELL = MakeCell (Local) ( -- ) [raises];
            /// Moves the closure's `arg` cells into the free-variable locals. Must be the first instruction.
            COPY_FREE_VARS = CopyFreeVars (Count) ( -- ) [];
            /// Pushes the cell itself, for a closure tuple.
            LOAD_CLOSURE = LoadClosure (Local) ( -- cell ) [];
            /// Pushes the content of a cell, or raises `NameError` / `UnboundLocalError`.
            LOAD_DEREF = LoadDeref (Local) ( -- value ) [raises];
            /// Sets the content of a cell.
            STORE_DEREF = StoreDeref (Local) ( value -- ) [];
            /// Empties a cell, or raises.
            DELETE_DEREF = DeleteDeref (Local) ( -- ) [raises];
            /// In a class body: looks the cell's name up in `mapping` first, then in the cell.
            LOAD_FROM_DICT_OR_DEREF = LoadFromDictOrDeref (Local) ( mapping -- value ) [raises];

            // ---- names -----------------------------------------------------------------------------------------
            /// Pushes the frame's namespace.
            LOAD_LOCALS = LoadLocals (None) ( -- mapping ) [raises];
            /// Looks a name up in the frame's namespace, globals, builtins.
            LOAD_NAME = LoadName (Name) ( -- value ) [raises];
            /// Binds a name in the frame's namespace.
            STORE_NAME = StoreName (Name) ( value -- ) [raises];
            /// Unbinds a name in the frame's namespace.
            DELETE_NAME = DeleteName (Name) ( -- ) [raises];
            /// Looks a name up in globals, builtins.
            LOAD_GLOBAL = LoadGlobal (Name) ( -- value ) [raises];
            /// Binds a global.
            STORE_GLOBAL = StoreGlobal (Name) ( value -- ) [raises];
            /// Unbinds a global.
            DELETE_GLOBAL = DeleteGlobal (Name) ( -- ) [raises];
            /// Looks a name up in `mapping`, then globals, builtins.
            LOAD_FROM_DICT_OR_GLOBALS = LoadFromDictOrGlobals (Name) ( mapping -- value ) [raises];
            /// Makes sure that the namespace has `__annotations__`.
            SETUP_ANNOTATIONS = SetupAnnotations (None) ( -- ) [raises];

            // ---- attributes and items --------------------------------------------------------------------------
            /// `owner.name`
            LOAD_ATTR = LoadAttr (Name) ( owner -- value ) [raises];
            /// `owner.name`, about to be called: an unbound method and its self, or the value and null.
            LOAD_METHOD = LoadMethod (Name) ( owner -- callable, self_or_null ) [raises];
            /// `super(class, self).name`; `super` is the global that the name meant.
            LOAD_SUPER_ATTR = LoadSuperAttr (Name) ( super, class, self -- value ) [raises];
            /// The same, about to be called.
            LOAD_SUPER_METHOD = LoadSuperMethod (Name) ( super, class, self -- callable, self_or_null ) [raises];
            /// A special method of the owner's type, about to be called (`Special`).
            LOAD_SPECIAL = LoadSpecial (Special) ( owner -- callable, self_or_null ) [raises];
            /// `owner.name = value`
            STORE_ATTR = StoreAttr (Name) ( value, owner -- ) [raises];
            /// `del owner.name`
            DELETE_ATTR = DeleteAttr (Name) ( owner -- ) [raises];
            /// `container[key]`
            BINARY_SUBSCR = BinarySubscr (None) ( container, key -- value ) [raises];
            /// `container[key] = value`
            STORE_SUBSCR = StoreSubscr (None) ( value, container, key -- ) [raises];
            /// `del container[key]`
            DELETE_SUBSCR = DeleteSubscr (None) ( container, key -- ) [raises];
            /// `container[start:stop]`
            BINARY_SLICE = BinarySlice (None) ( container, start, stop -- value ) [raises];
            /// `container[start:stop] = value`
            STORE_SLICE = StoreSlice (None) ( value, container, start, stop -- ) [raises];
            /// `slice(..)` of 2 or 3 values.
            BUILD_SLICE = BuildSlice (Count) ( parts[arg] -- slice ) [raises];

            // ---- operators -------------------------------------------------------------------------------------
            /// `left op right`, in place or not (`BinaryOp`).
            BINARY_OP = BinaryOp (Binary) ( left, right -- value ) [raises];
            /// `-value`
            UNARY_NEGATIVE = UnaryNegative (None) ( value -- result ) [raises];
            /// `+value`
            UNARY_POSITIVE = UnaryPositive (None) ( value -- result ) [raises];
            /// `~value`
            UNARY_INVERT = UnaryInvert (None) ( value -- result ) [raises];
            /// `not value`
            UNARY_NOT = UnaryNot (None) ( value -- bool ) [raises];
            /// `left op right` (`CompareOp`).
            COMPARE_OP = CompareOp (Compare) ( left, right -- value ) [raises];
            /// `left is right` (1: `is not`).
            IS_OP = IsOp (Count) ( left, right -- bool ) [];
            /// `left in right` (1: `not in`).
            CONTAINS_OP = ContainsOp (Count) ( left, right -- bool ) [raises];

            // ---- building --------------------------------------------------------------------------------------
            /// A tuple of the top `arg` values.
            BUILD_TUPLE = BuildTuple (Count) ( items[arg] -- tuple ) [raises];
            /// A list of the top `arg` values.
            BUILD_LIST = BuildList (Count) ( items[arg] -- list ) [raises];
            /// A set of the top `arg` values.
            BUILD_SET = BuildSet (Count) ( items[arg] -- set ) [raises];
            /// A dict of the top `arg` pairs.
            BUILD_MAP = BuildMap (Count) ( pairs[2 arg] -- dict ) [raises];
            /// The concatenation of the top `arg` strings.
            BUILD_STRING = BuildString (Count) ( parts[arg] -- str ) [raises];
            /// An interpolation of a t-string: value, its source text, and a format spec if bit 0 is set; conversion in
            /// the bits above (`Conversion`).
            BUILD_INTERPOLATION = BuildInterpolation (Count) ( value, text, spec[arg & 1] -- interpolation ) [raises];
            /// A t-string of a tuple of strings and a tuple of interpolations.
            BUILD_TEMPLATE = BuildTemplate (None) ( strings, interpolations -- template ) [raises];
            /// Appends to the list that is `arg` below the value.
            LIST_APPEND = ListAppend (Count) ( list, between[arg - 1], value -- list, between[arg - 1] ) [raises];
            /// Extends the list with an iterable.
            LIST_EXTEND = ListExtend (Count) ( list, between[arg - 1], value -- list, between[arg - 1] ) [raises];
            /// Adds to the set.
            SET_ADD = SetAdd (Count) ( set, between[arg - 1], value -- set, between[arg - 1] ) [raises];
            /// Adds all of an iterable to the set.
            SET_UPDATE = SetUpdate (Count) ( set, between[arg - 1], value -- set, between[arg - 1] ) [raises];
            /// Sets `dict[key] = value`.
            MAP_ADD = MapAdd (Count) ( dict, between[arg - 1], key, value -- dict, between[arg - 1] ) [raises];
            /// Updates the dict from a mapping.
            DICT_UPDATE = DictUpdate (Count) ( dict, between[arg - 1], value -- dict, between[arg - 1] ) [raises];
            /// Updates the dict of keyword arguments; a key twice is a `TypeError` that names the callable, which is the
            /// value 3 below the dict (a `CALL_FUNCTION_EX` being prepared: callable, null, args, dict).
            DICT_MERGE = DictMerge (Count) ( dict, between[arg - 1], value -- dict, between[arg - 1] ) [raises];
            /// A tuple of a list's items.
            LIST_TO_TUPLE = ListToTuple (None) ( list -- tuple ) [raises];
            /// Exactly `arg` items of an iterable, the first on top.
            UNPACK_SEQUENCE = UnpackSequence (Count) ( value -- items[arg] ) [raises];
            /// `arg & 255` items, a list of the middle, `arg >> 8` items; the first on top.
            UNPACK_EX = UnpackEx (Count) ( value -- items[unpack_ex arg] ) [raises];

            // ---- formatting ------------------------------------------------------------------------------------
            /// `str`, `repr` or `ascii` of a value (`Conversion`).
            CONVERT_VALUE = ConvertValue (Convert) ( value -- str ) [raises];
            /// `format(value, '')`
            FORMAT_SIMPLE = FormatSimple (None) ( value -- str ) [raises];
            /// `format(value, spec)`
            FORMAT_WITH_SPEC = FormatWithSpec (None) ( value, spec -- str ) [raises];

            // ---- control ---------------------------------------------------------------------------------------
            /// Goes to a later instruction.
            JUMP_FORWARD = JumpForward (Target) ( -- ) [jumps, ends];
            /// Goes to an earlier instruction; where signals, the collector and fuel are looked after.
            JUMP_BACKWARD = JumpBackward (Target) ( -- ) [jumps, ends, raises];
            /// Jumps if the truth of the value is true.
            POP_JUMP_IF_TRUE = PopJumpIfTrue (Target) ( value -- ) [jumps, raises];
            /// Jumps if the truth of the value is false.
            POP_JUMP_IF_FALSE = PopJumpIfFalse (Target) ( value -- ) [jumps, raises];
            /// Jumps if the value is None.
            POP_JUMP_IF_NONE = PopJumpIfNone (Target) ( value -- ) [jumps];
            /// Jumps if the value is not None.
            POP_JUMP_IF_NOT_NONE = PopJumpIfNotNone (Target) ( value -- ) [jumps];
            /// `iter(value)`
            GET_ITER = GetIter (None) ( value -- iterator ) [raises];
            /// Pushes the next item; when there is none, drops the iterator and jumps.
            FOR_ITER = ForIter (Target) ( iterator -- iterator, item ) jump ( iterator -- ) [jumps, raises];
            /// Leaves the frame with a value.
            RETURN_VALUE = ReturnValue (None) ( value -- ) [ends];

            // ---- functions and calls ---------------------------------------------------------------------------
            /// A function of a code object, with the frame's globals.
            MAKE_FUNCTION = MakeFunction (None) ( code -- function ) [raises];
            /// Gives a new function one of its parts (`FunctionPart`).
            SET_FUNCTION_ATTRIBUTE = SetFunctionAttribute (Part) ( value, function -- function ) [];
            /// Calls with `arg` positional arguments; `self_or_null` goes first if it is not null.
            CALL = Call (Count) ( callable, self_or_null, args[arg] -- result ) [raises];
            /// The same; `names` is a tuple that names the last arguments.
            CALL_KW = CallKw (Count) ( callable, self_or_null, args[arg], names -- result ) [raises];
            /// Calls with an iterable of arguments and, if not null, a mapping of named ones.
            CALL_FUNCTION_EX = CallFunctionEx (None) ( callable, null, args, mapping_or_null -- result ) [raises];

            // ---- exceptions and `with` -------------------------------------------------------------------------
            /// `raise` (0: the one being handled; 1: `raise exc`; 2: `raise exc from cause`).
            RAISE_VARARGS = RaiseVarargs (Count) ( parts[arg] -- ) [raises, ends];
            /// Makes `exc` the exception being handled; leaves the one that was (or None) under it.
            PUSH_EXC_INFO = PushExcInfo (None) ( exc -- previous, exc ) [];
            /// Makes `previous` the exception being handled.
            POP_EXCEPT = PopExcept (None) ( previous -- ) [];
            /// Raises `exc` again, adding no entry to its traceback; if `arg` is not 0, the frame is left where it came up, not here.
            RERAISE = Reraise (Count) ( exc -- ) [raises, ends];
            /// Whether `exc` is an instance of `kind`.
            CHECK_EXC_MATCH = CheckExcMatch (None) ( exc, kind -- exc, bool ) [raises];
            /// Splits `exc` by `kind` for `except*`: the part that does not match, and the part that does (or None).
            CHECK_EG_MATCH = CheckEgMatch (None) ( exc, kind -- rest, matched ) [raises];
            /// What `except*` raises at its end: from the original exception and the list of what the handlers left
            /// or raised, the exception to raise, or None.
            PREP_RERAISE_STAR = PrepReraiseStar (None) ( original, list -- exc ) [raises];
            /// Calls `__exit__` with the exception's type, itself and its traceback; `exit`, `self` are from
            /// `LOAD_SPECIAL`, `previous` and `exc` from `PUSH_EXC_INFO`.
            WITH_EXCEPT_START = WithExceptStart (None) ( exit, self, previous, exc -- exit, self, previous, exc, result ) [raises];

            // ---- generators and coroutines ---------------------------------------------------------------------
            /// Leaves the frame with a new generator, coroutine or asynchronous generator of its state; on the first
            /// resumption the next instruction finds the value that was sent.
            RETURN_GENERATOR = ReturnGenerator (None) ( -- sent ) [raises];
            /// Leaves the frame with a value until it is resumed with another (1: on behalf of `yield from` or `await`).
            YIELD_VALUE = YieldValue (Count) ( value -- sent ) [raises];
            /// Sends `value` on to `receiver`; when that ends, jumps with its result.
            SEND = Send (Target) ( receiver, value -- receiver, yielded ) jump ( receiver, value -- receiver, result ) [jumps, raises];
            /// Drops the receiver under a result.
            END_SEND = EndSend (None) ( receiver, result -- result ) [];
            /// The exception of a `yield from` or `await`: the result if it is `StopIteration` that ended `receiver`,
            /// raised again otherwise.
            CLEANUP_THROW = CleanupThrow (None) ( receiver, sent, exc -- none, result ) [raises];
            /// `iter(value)` for `yield from`; a coroutine is only right in a coroutine.
            GET_YIELD_FROM_ITER = GetYieldFromIter (None) ( value -- iterator ) [raises];
            /// What `await` awaits (1: of `__aenter__`, 2: of `__aexit__`, for the message).
            GET_AWAITABLE = GetAwaitable (Count) ( value -- awaitable ) [raises];
            /// `value.__aiter__()`
            GET_AITER = GetAiter (None) ( value -- iterator ) [raises];
            /// The awaitable of `iterator.__anext__()`
            GET_ANEXT = GetAnext (None) ( iterator -- iterator, awaitable ) [raises];
            /// Ends an `async for`: drops both if the exception is `StopAsyncIteration`, raises it again otherwise.
            END_ASYNC_FOR = EndAsyncFor (None) ( iterator, exc -- ) [raises];
            /// Wraps a value that an asynchronous generator yields.
            ASYNC_GEN_WRAP = AsyncGenWrap (None) ( value -- wrapped ) [raises];
            /// Turns a `StopIteration` that leaves a generator (`StopAsyncIteration` too, in an asynchronous one) into
            /// a `RuntimeError`.
            STOPITERATION_ERROR = StopIterationError (None) ( exc -- exc ) [raises];

            // ---- imports ---------------------------------------------------------------------------------------
            /// `__import__(name, globals, None, fromlist, level)`
            IMPORT_NAME = ImportName (Name) ( level, fromlist -- module ) [raises];
            /// An attribute or submodule of a module.
            IMPORT_FROM = ImportFrom (Name) ( module -- module, value ) [raises];
            /// `from module import *`
            IMPORT_STAR = ImportStar (None) ( module -- ) [raises];

            // ---- pattern matching ------------------------------------------------------------------------------
            /// The attributes of a class pattern with `arg` positional ones, as a tuple, or None.
            MATCH_CLASS = MatchClass (Count) ( subject, class, names -- tuple_or_none ) [raises];
            /// Whether the subject is a mapping.
            MATCH_MAPPING = MatchMapping (None) ( subject -- subject, bool ) [];
            /// Whether the subject is a sequence.
            MATCH_SEQUENCE = MatchSequence (None) ( subject -- subject, bool ) [];
            /// The values of a tuple of keys, as a tuple, or None.
            MATCH_KEYS = MatchKeys (None) ( subject, keys -- subject, keys, tuple_or_none ) [raises];
            /// `len(value)`
            GET_LEN = GetLen (None) ( value -- value, len ) [raises];

            // ---- type parameters -------------------------------------------------------------------------------
            /// A `TypeVar`, `ParamSpec`, `TypeVarTuple`, type alias or generic base (`TypeForm`); `args` as its row says.
            BUILD_TYPE_FORM = BuildTypeForm (Form) ( args[form arg] -- value ) [raises];
            /// Prints a value as the prompt does.
            PRINT_EXPR = PrintExpr (None) ( value -- ) [raises];
        }
    };
}

/// Counts the values of one side of a drawn effect.
macro_rules! count {
    ($arg:expr;) => { 0 };
    ($arg:expr; $name:ident $(, $($rest:tt)*)?) => { 1 + count!($arg; $($($rest)*)?) };
    ($arg:expr; $name:ident [arg] $(, $($rest:tt)*)?) => { $arg + count!($arg; $($($rest)*)?) };
    ($arg:expr; $name:ident [arg - 1] $(, $($rest:tt)*)?) => { $arg.saturating_sub(1) + count!($arg; $($($rest)*)?) };
    ($arg:expr; $name:ident [2 arg] $(, $($rest:tt)*)?) => { 2 * $arg + count!($arg; $($($rest)*)?) };
    ($arg:expr; $name:ident [arg & 1] $(, $($rest:tt)*)?) => { ($arg & 1) + count!($arg; $($($rest)*)?) };
    ($arg:expr; $name:ident [unpack_ex arg] $(, $($rest:tt)*)?) => {
        ($arg & 255) + 1 + ($arg >> 8) + count!($arg; $($($rest)*)?)
    };
    ($arg:expr; $name:ident [form arg] $(, $($rest:tt)*)?) => {
        $crate::operand::TypeForm::args($arg) + count!($arg; $($($rest)*)?)
    };
}

/// Splits a drawn effect at `--` and counts one side.
macro_rules! side {
    (pops $arg:expr; [$($seen:tt)*] -- $($rest:tt)*) => { count!($arg; $($seen)*) };
    (pushes $arg:expr; [$($seen:tt)*] -- $($rest:tt)*) => { count!($arg; $($rest)*) };
    ($which:ident $arg:expr; [$($seen:tt)*] $next:tt $($rest:tt)*) => { side!($which $arg; [$($seen)* $next] $($rest)*) };
}

macro_rules! expand {
    ($($(#[doc = $doc:literal])+ $shown:ident = $name:ident ($kind:ident) ($($effect:tt)*) $(jump ($($jump:tt)*))? [$($flag:ident),*];)*) => {
        /// An instruction's operation.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum Op { $($(#[doc = $doc])+ $name),* }

        impl Op {
            /// Every operation, in the table's order.
            pub const ALL: &[Op] = &[$(Op::$name),*];

            /// The name that `dis` shows.
            pub fn name(self) -> &'static str {
                match self { $(Op::$name => stringify!($shown)),* }
            }

            /// The row's documentation.
            pub fn doc(self) -> &'static str {
                match self { $(Op::$name => concat!($($doc),+)),* }
            }

            /// The drawn stack effect, as text.
            pub fn drawn(self) -> &'static str {
                match self { $(Op::$name => stringify!($($effect)*)),* }
            }

            /// What the operand is.
            pub fn operand(self) -> OperandKind {
                match self { $(Op::$name => OperandKind::$kind),* }
            }

            /// How many values it takes and leaves when control goes to the next instruction.
            pub fn effect(self, arg: u32) -> Effect {
                match self { $(Op::$name => Effect {
                    pops: side!(pops arg; [] $($effect)*),
                    pushes: side!(pushes arg; [] $($effect)*),
                }),* }
            }

            /// The same when it jumps.
            pub fn jump_effect(self, arg: u32) -> Effect {
                match self {
                    $($(Op::$name => Effect {
                        pops: side!(pops arg; [] $($jump)*),
                        pushes: side!(pushes arg; [] $($jump)*),
                    },)?)*
                    _ => self.effect(arg),
                }
            }

            /// The row's flags.
            // (A row with all three flags leaves nothing for the rest.)
            #[allow(clippy::needless_update)]
            #[inline]
            pub fn flags(self) -> OpFlags {
                static FLAGS: [OpFlags; Op::ALL.len()] =
                    [$(OpFlags { $($flag: true,)* ..OpFlags::NONE }),*];
                FLAGS[self as usize]
            }
        }
    };
}

use crate::operand::OperandKind;

/// Values taken from and left on the stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effect {
    /// How many values are taken.
    pub pops: u32,
    /// How many are left.
    pub pushes: u32,
}

/// The flags column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OpFlags {
    /// May raise, or run arbitrary code.
    pub raises: bool,
    /// The operand is a target.
    pub jumps: bool,
    /// Control never goes to the next instruction.
    pub ends: bool,
}

impl OpFlags {
    const NONE: OpFlags = OpFlags { raises: false, jumps: false, ends: false };
}

for_each_op!(expand);

impl Op {
    /// The operation with this number.
    pub fn from_u8(number: u8) -> Option<Op> {
        Op::ALL.get(usize::from(number)).copied()
    }
}

/// One instruction: the opcode in the low byte, the operand in the upper three.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Instr(pub u32);

impl Instr {
    /// The largest operand.
    pub const MAX_ARG: u32 = (1 << 24) - 1;

    /// An instruction. The operand must not exceed [`Instr::MAX_ARG`].
    pub fn new(op: Op, arg: u32) -> Instr {
        assert!(arg <= Instr::MAX_ARG, "an operand has 24 bits");
        Instr(arg << 8 | op as u32)
    }

    /// The operation; `None` for a number that is not in the table.
    pub fn op(self) -> Option<Op> {
        Op::from_u8(self.0 as u8)
    }

    /// The operand.
    pub fn arg(self) -> u32 {
        self.0 >> 8
    }
}

impl std::fmt::Debug for Instr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.op() {
            Some(op) => write!(f, "{} {}", op.name(), self.arg()),
            None => write!(f, "?{} {}", self.0 as u8, self.arg()),
        }
    }
}
