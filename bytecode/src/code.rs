//! `Code`: what the compiler makes of a scope, as plain data.
//!
//! A `Code` is a tree (functions and classes inside it are among its constants) that knows no heap: the VM loads it into
//! objects, and whoever makes one (the compiler, a cache file, a fuzzer) is checked by `verify.rs`.

use std::rc::Rc;

use crate::ops::{Instr, Op};
use crate::positions::Positions;

/// Text as Python has it: Unicode with surrogates, in generalised UTF-8 (a surrogate stands encoded as three bytes; a
/// high one followed by a low one stays two characters, since `len("\ud800\udc00")` is 2).
#[derive(Clone)]
pub struct Text(Stored);

/// Where a text's bytes lie.
#[derive(Clone)]
enum Stored {
    Shared(Rc<[u8]>),
    Static(&'static [u8]),
}

impl Text {
    /// From WTF-8 bytes that the caller has made or checked.
    pub fn from_wtf8(bytes: &[u8]) -> Text {
        Text(Stored::Shared(bytes.into()))
    }

    /// The same, of bytes that stay: they are not copied.
    pub const fn from_static(bytes: &'static [u8]) -> Text {
        Text(Stored::Static(bytes))
    }

    /// The WTF-8 bytes.
    pub fn as_wtf8(&self) -> &[u8] {
        match &self.0 {
            Stored::Shared(bytes) => bytes,
            Stored::Static(bytes) => bytes,
        }
    }

    /// As `&str`, unless it has lone surrogates.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self.as_wtf8()).ok()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::from_wtf8(text.as_bytes())
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.as_wtf8() == other.as_wtf8()
    }
}

impl Eq for Text {}

impl std::hash::Hash for Text {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_wtf8().hash(state);
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Text) -> std::cmp::Ordering {
        self.as_wtf8().cmp(other.as_wtf8())
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(self.as_wtf8()))
    }
}

/// A constant. Numbers are compared by bits and type: `0.0`, `-0.0`, `0` and `False` are four constants.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Const {
    /// `None`
    None,
    /// `True`
    True,
    /// `False`
    False,
    /// `...`
    Ellipsis,
    /// An int that fits.
    Int(i64),
    /// Any other int: whether it is negative, and its magnitude, little-endian bytes without trailing zeros.
    BigInt(bool, Rc<[u8]>),
    /// A float's bits.
    Float(u64),
    /// A complex number's two floats' bits.
    Complex(u64, u64),
    /// A str.
    Str(Text),
    /// A bytes.
    Bytes(Rc<[u8]>),
    /// A tuple of constants.
    Tuple(Rc<[Const]>),
    /// A frozenset of constants, without repetition.
    FrozenSet(Rc<[Const]>),
    /// A slice of constants.
    Slice(Rc<[Const; 3]>),
    /// The code of a function, class body, comprehension or lambda.
    Code(Rc<Code>),
}

/// How a local is used; what `co_varnames`, `co_cellvars` and `co_freevars` tell.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LocalKind {
    /// A value of this frame alone.
    Plain,
    /// A parameter or local that inner scopes use too: `MAKE_CELL` turns the value into a cell.
    Cell,
    /// A cell of this frame that is no name of `co_varnames` (not a parameter).
    CellOnly,
    /// A cell of an enclosing frame, from the closure.
    Free,
}

/// A local, in the order: parameters (positional, keyword-only, `*args`, `**kwargs`), other locals, cells, free variables.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct LocalVar {
    /// Its name; `.0` for a comprehension's iterable.
    pub name: Text,
    /// How it is used.
    pub kind: LocalKind,
    /// Bound by an inlined comprehension only: not seen by `locals()`.
    pub hidden: bool,
}

/// The place of an instruction in its code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(transparent)]
pub struct InstrIndex(pub u32);

impl InstrIndex {
    /// None: no code is so long.
    pub const NONE: InstrIndex = InstrIndex(u32::MAX);

    /// That of an index into a code's instructions.
    pub const fn of(at: usize) -> InstrIndex {
        InstrIndex(at as u32)
    }
    /// As an index into a code's instructions.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A range of instructions whose exceptions go to `target`, with the stack cut to `depth` and the exception pushed.
/// Ranges stand by rising `start` and do not overlap: where handlers nest, the inner one has the instruction.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Handler {
    /// First instruction of the range.
    pub start: InstrIndex,
    /// First instruction after it.
    pub end: InstrIndex,
    /// Where control goes.
    pub target: InstrIndex,
    /// Values kept on the stack.
    pub depth: u32,
}

/// Where in the source the instructions from `start` on (to the next entry) come from. Lines count from 1, columns are
/// UTF-8 bytes from 0; line 0 means that no source belongs to them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Position {
    /// First instruction.
    pub start: InstrIndex,
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// Column of the first byte.
    pub col: u32,
    /// Column after the last byte.
    pub end_col: u32,
}

bitflags::bitflags! {
    /// `co_flags`, with CPython's values.
    #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
    pub struct CodeFlags: u32 {
        /// Locals are registers, not a mapping.
        const OPTIMIZED = 0x1;
        /// A call makes a new namespace.
        const NEWLOCALS = 0x2;
        /// Has `*args`.
        const VARARGS = 0x4;
        /// Has `**kwargs`.
        const VARKEYWORDS = 0x8;
        /// Stands in a function.
        const NESTED = 0x10;
        /// Is a generator.
        const GENERATOR = 0x20;
        /// Is a coroutine.
        const COROUTINE = 0x80;
        /// Is a generator that `await` takes.
        const ITERABLE_COROUTINE = 0x100;
        /// Is an asynchronous generator.
        const ASYNC_GENERATOR = 0x200;
        /// `from __future__ import barry_as_FLUFL`
        const FUTURE_BARRY = 0x40_0000;
        /// What `from __future__` can ask for.
        const FUTURES = 0x1fe_0000;
        /// `from __future__ import annotations`
        const FUTURE_ANNOTATIONS = 0x100_0000;
        /// The first constant is the docstring.
        const HAS_DOCSTRING = 0x400_0000;
        /// A function in a class body.
        const METHOD = 0x800_0000;
        /// What calls make instead of running at once.
        const MAKES_GENERATOR = CodeFlags::GENERATOR.bits() | CodeFlags::COROUTINE.bits() | CodeFlags::ASYNC_GENERATOR.bits();
    }
}

/// Most locals and stack slots of a frame together: a slot's number has 16 bits in the VM's running form.
pub const MAX_FRAME_SLOTS: u32 = 65_000;

/// The code of one scope.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Code {
    /// `co_name`
    pub name: Text,
    /// `co_qualname`
    pub qualname: Text,
    /// `co_filename`
    pub filename: Text,
    /// `co_firstlineno`
    pub first_line: u32,
    /// Parameters that may be given by position, positional-only ones included.
    pub arg_count: u32,
    /// Positional-only parameters.
    pub posonly_count: u32,
    /// Keyword-only parameters.
    pub kwonly_count: u32,
    /// What holds of it.
    pub flags: CodeFlags,
    /// Most values on the stack at once.
    pub stack_size: u32,
    /// The instructions.
    pub instrs: Vec<Instr>,
    /// The constants.
    pub consts: Vec<Const>,
    /// The names of globals, attributes and imports.
    pub names: Vec<Text>,
    /// The locals.
    pub locals: Vec<LocalVar>,
    /// The exception handlers.
    pub handlers: Vec<Handler>,
    /// The positions, by rising `start`; the first starts at 0.
    pub positions: Positions,
}

/// What a function object wants to know of its code.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// `co_firstlineno`
    pub first_line: u32,
    /// `co_argcount`
    pub arg_count: u32,
    /// `co_posonlyargcount`
    pub posonly_count: u32,
    /// `co_kwonlyargcount`
    pub kwonly_count: u32,
    /// `co_flags`
    pub flags: CodeFlags,
    /// How many free variables.
    pub free_count: u32,
}

impl Code {
    /// What a function object wants to know of it.
    pub fn facts(&self) -> Facts {
        let free = self.locals.iter().filter(|local| local.kind == LocalKind::Free).count();
        Facts {
            first_line: self.first_line,
            arg_count: self.arg_count,
            posonly_count: self.posonly_count,
            kwonly_count: self.kwonly_count,
            flags: self.flags,
            free_count: free as u32,
        }
    }
}

/// Frees nested constants with a loop: a tree of any depth needs no native stack.
impl Drop for Code {
    fn drop(&mut self) {
        let nests = |c: &Const| matches!(c, Const::Code(_) | Const::Tuple(_) | Const::FrozenSet(_));
        if !self.consts.iter().any(nests) {
            return;
        }
        let mut work = std::mem::take(&mut self.consts);
        while let Some(value) = work.pop() {
            match value {
                Const::Code(code) => {
                    if let Some(mut code) = Rc::into_inner(code) {
                        work.append(&mut code.consts);
                    }
                }
                Const::Tuple(mut items) | Const::FrozenSet(mut items) => {
                    let own = Rc::get_mut(&mut items).unwrap_or_default();
                    work.extend(own.iter_mut().map(|item| std::mem::replace(item, Const::None)));
                }
                _ => {}
            }
        }
    }
}

impl Code {
    /// Parameters in all: the first so many locals.
    pub fn parameter_count(&self) -> u32 {
        let star = u32::from(self.flags.intersects(CodeFlags::VARARGS));
        let stars = u32::from(self.flags.intersects(CodeFlags::VARKEYWORDS));
        self.arg_count + self.kwonly_count + star + stars
    }

    /// Where an instruction comes from.
    pub fn position(&self, index: InstrIndex) -> Position {
        let after = self.positions.partition_point(|p| p.start <= index);
        after.checked_sub(1).map_or(Position::default(), |at| self.positions[at])
    }

    /// The operation of an instruction, if there is such a one.
    pub fn op_at(&self, index: InstrIndex) -> Option<Op> {
        self.instrs.get(index.index())?.op()
    }

    /// The handler of an exception raised by an instruction.
    pub fn handler(&self, index: InstrIndex) -> Option<Handler> {
        self.handlers.iter().copied().find(|h| h.start <= index && index < h.end)
    }
}
