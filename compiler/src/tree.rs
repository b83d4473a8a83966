//! Our own syntax tree, in a bump arena: what the parser's tree is lowered to, and all that scopes and emitter see.
//!
//! Invariants: names are interned and NFKC-normalised ([`Sym`]); constants stand in a table ([`ConstId`]) because the
//! arena runs no destructors; implicit concatenation is merged and constant expressions are folded. Depth is bounded
//! except along *spines* (`a + b + c`, `a.b.c`, `f()()`), which are walked with a loop ([`Expr::spine`]).
//!
//! Read next: `lower/mod.rs`, which makes it; `scope.rs`, which reads it first.

use std::cell::Cell;

use ryokan_bytecode::{BinaryOp, CompareOp};

/// An interned name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Sym(pub u32);

/// A constant of the tree.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ConstId(pub u32);

/// A scope of the symbol table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ScopeId(pub u32);

/// A place that names the scope a node opens, set by the scope pass.
pub type ScopeCell = Cell<Option<ScopeId>>;

/// Where a node stands: lines from 1, columns in UTF-8 bytes from 0. Line 0: nowhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Span {
    /// First line.
    pub line: u32,
    /// Column of the first byte.
    pub col: u32,
    /// Last line.
    pub end_line: u32,
    /// Column after the last byte.
    pub end_col: u32,
}

impl Span {
    /// No place in the source.
    pub const NONE: Span = Span { line: 0, col: 0, end_line: 0, end_col: 0 };

    /// Instead of `end_col`: CPython says 0, "the caret alone".
    pub const CARET: u32 = u32::MAX;
    /// Instead of `end_col`: CPython says -1, the token has no text.
    pub const NO_TEXT: u32 = u32::MAX - 1;

    /// From the start of this to the end of the other.
    pub fn to(self, end: Span) -> Span {
        Span { end_line: end.end_line, end_col: end.end_col, ..self }
    }
}

/// An expression.
pub type E<'a> = &'a Expr<'a>;

/// A node and its place.
#[derive(Debug)]
pub struct Expr<'a> {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind<'a>,
}

/// Unary operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `not`
    Not,
    /// `-`
    Negative,
    /// `+`
    Positive,
    /// `~`
    Invert,
}

/// Comparison operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CmpOp {
    /// `==` and so on.
    Rich(CompareOp),
    /// `is`, or `is not`.
    Is(bool),
    /// `in`, or `not in`.
    In(bool),
}

/// What kind of comprehension.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompKind {
    /// `[..]`
    List,
    /// `{..}`
    Set,
    /// `{k: v ..}`
    Dict,
    /// `(..)`
    Generator,
}

/// `for target in iter if ..`
#[derive(Debug)]
pub struct For<'a> {
    /// What is bound.
    pub target: E<'a>,
    /// What is iterated.
    pub iter: E<'a>,
    /// Conditions.
    pub ifs: &'a [E<'a>],
    /// `async for`
    pub is_async: bool,
}

/// A comprehension or generator expression.
#[derive(Debug)]
pub struct Comp<'a> {
    /// Which.
    pub kind: CompKind,
    /// The element, or the key.
    pub elt: E<'a>,
    /// The value of a dict's.
    pub value: Option<E<'a>>,
    /// At least one.
    pub fors: &'a [For<'a>],
    /// Its scope.
    pub scope: ScopeCell,
}

/// `name=value`, or `**value`.
#[derive(Debug)]
pub struct Keyword<'a> {
    /// The name.
    pub name: Option<Sym>,
    /// The value.
    pub value: E<'a>,
}

/// A part of an f-string or t-string.
#[derive(Debug)]
pub enum Part<'a> {
    /// Text between the fields.
    Text(ConstId, Span),
    /// `{value!conversion:spec}`
    Field {
        /// The value.
        value: E<'a>,
        /// Its source text, for t-strings.
        text: ConstId,
        /// 0 none, 1 str, 2 repr, 3 ascii.
        conversion: u32,
        /// The format spec's parts.
        spec: Option<&'a [Part<'a>]>,
        /// Where.
        span: Span,
    },
}

/// What an expression is.
#[derive(Debug)]
pub enum Kind<'a> {
    /// A constant.
    Const(ConstId),
    /// A name.
    Name(Sym),
    /// `and` (true) or `or` of two or more.
    Bool(bool, &'a [E<'a>]),
    /// `(target := value)`
    Named(E<'a>, E<'a>),
    /// `left op right`
    Binary(E<'a>, BinaryOp, E<'a>),
    /// `op operand`
    Unary(UnaryOp, E<'a>),
    /// `lambda ..: ..`
    Lambda(&'a Lambda<'a>),
    /// `body if test else orelse`
    If { test: E<'a>, body: E<'a>, orelse: E<'a> },
    /// `{k: v, **d}`
    Dict(&'a [(Option<E<'a>>, E<'a>)]),
    /// `{a, b}`
    Set(&'a [E<'a>]),
    /// `[a, b]`
    List(&'a [E<'a>]),
    /// `(a, b)`
    Tuple(&'a [E<'a>]),
    /// Comprehensions.
    Comp(&'a Comp<'a>),
    /// `await value`
    Await(E<'a>),
    /// `yield value`
    Yield(Option<E<'a>>),
    /// `yield from value`
    YieldFrom(E<'a>),
    /// `left op right op ..`
    Compare(E<'a>, &'a [(CmpOp, E<'a>)]),
    /// `func(args, keywords)`
    Call { func: E<'a>, args: &'a [E<'a>], keywords: &'a [Keyword<'a>] },
    /// An f-string.
    FString(&'a [Part<'a>]),
    /// A t-string.
    TString(&'a [Part<'a>]),
    /// `value.name`, and where the name stands.
    Attribute(E<'a>, Sym, Span),
    /// `value[index]`
    Subscript(E<'a>, E<'a>),
    /// `lower:upper:step`
    Slice(Option<E<'a>>, Option<E<'a>>, Option<E<'a>>),
    /// `*value`
    Starred(E<'a>),
    /// An annotation that is kept as text, and the expression that it is the text of, for the checks on it.
    Quoted(ConstId, E<'a>),
}

impl<'a> Expr<'a> {
    /// The operand along which unbounded chains lean to the left.
    pub fn spine(&self) -> Option<E<'a>> {
        match self.kind {
            Kind::Binary(left, ..) => Some(left),
            Kind::Attribute(value, ..) | Kind::Subscript(value, _) => Some(value),
            Kind::Call { func, .. } => Some(func),
            _ => None,
        }
    }
}

/// One parameter.
#[derive(Debug)]
pub struct Param<'a> {
    /// Its name.
    pub name: Sym,
    /// Where.
    pub span: Span,
    /// Its annotation.
    pub annotation: Option<E<'a>>,
    /// Its default.
    pub default: Option<E<'a>>,
}

/// The parameters of a function.
#[derive(Debug, Default)]
pub struct Params<'a> {
    /// Before `/`.
    pub posonly: &'a [Param<'a>],
    /// Before `*`.
    pub args: &'a [Param<'a>],
    /// `*args`
    pub vararg: Option<&'a Param<'a>>,
    /// After `*`.
    pub kwonly: &'a [Param<'a>],
    /// `**kwargs`
    pub kwarg: Option<&'a Param<'a>>,
}

impl<'a> Params<'a> {
    /// All, in the order of the locals.
    pub fn in_local_order(&self) -> impl Iterator<Item = &Param<'a>> {
        self.posonly.iter().chain(self.args).chain(self.kwonly).chain(self.vararg).chain(self.kwarg)
    }

    /// All, in the order in which annotations are evaluated.
    pub fn in_annotation_order(&self) -> impl Iterator<Item = &Param<'a>> {
        self.args.iter().chain(self.posonly).chain(self.vararg).chain(self.kwonly).chain(self.kwarg)
    }
}

/// A lambda.
#[derive(Debug)]
pub struct Lambda<'a> {
    /// Its parameters.
    pub params: Params<'a>,
    /// Its body.
    pub body: E<'a>,
    /// Its scope.
    pub scope: ScopeCell,
}

/// `T: bound = default`
#[derive(Debug)]
pub struct TypeParam<'a> {
    /// Its name.
    pub name: Sym,
    /// Which.
    pub kind: TypeParamKind<'a>,
    /// Its default.
    pub default: Option<E<'a>>,
    /// The default's scope.
    pub default_scope: ScopeCell,
    /// Where.
    pub span: Span,
}

/// Which type parameter.
#[derive(Debug)]
pub enum TypeParamKind<'a> {
    /// `T`, `T: bound`, and the bound's scope.
    Var(Option<E<'a>>, ScopeCell),
    /// `*T`
    Tuple,
    /// `**T`
    Spec,
}

/// `def`
#[derive(Debug)]
pub struct Function<'a> {
    /// Its name.
    pub name: Sym,
    /// `async def`
    pub is_async: bool,
    /// From the first to the last.
    pub decorators: &'a [E<'a>],
    /// `[T]`
    pub type_params: &'a [TypeParam<'a>],
    /// The scope of the type parameters.
    pub type_scope: ScopeCell,
    /// Parameters.
    pub params: Params<'a>,
    /// `-> ..`
    pub returns: Option<E<'a>>,
    /// The scope of the annotations.
    pub annotate_scope: ScopeCell,
    /// The docstring, cleaned.
    pub doc: Option<ConstId>,
    /// The body, docstring included.
    pub body: &'a [Stmt<'a>],
    /// Its scope.
    pub scope: ScopeCell,
}

/// `class`
#[derive(Debug)]
pub struct Class<'a> {
    /// Its name.
    pub name: Sym,
    /// From the first to the last.
    pub decorators: &'a [E<'a>],
    /// `[T]`
    pub type_params: &'a [TypeParam<'a>],
    /// The scope of the type parameters.
    pub type_scope: ScopeCell,
    /// Bases.
    pub bases: &'a [E<'a>],
    /// `metaclass=` and so on.
    pub keywords: &'a [Keyword<'a>],
    /// The docstring, cleaned.
    pub doc: Option<ConstId>,
    /// The body, docstring included.
    pub body: &'a [Stmt<'a>],
    /// Its scope.
    pub scope: ScopeCell,
}

/// `type name[..] = value`
#[derive(Debug)]
pub struct TypeAlias<'a> {
    /// Its name.
    pub name: E<'a>,
    /// `[T]`
    pub type_params: &'a [TypeParam<'a>],
    /// The scope of the type parameters.
    pub type_scope: ScopeCell,
    /// The value.
    pub value: E<'a>,
    /// The value's scope.
    pub scope: ScopeCell,
}

/// `except kind as name:`
#[derive(Debug)]
pub struct Handler<'a> {
    /// What it catches.
    pub kind: Option<E<'a>>,
    /// What it binds.
    pub name: Option<Sym>,
    /// Its body.
    pub body: &'a [Stmt<'a>],
    /// Where.
    pub span: Span,
}

/// `context as target`
#[derive(Debug)]
pub struct WithItem<'a> {
    /// The manager.
    pub context: E<'a>,
    /// What is bound.
    pub target: Option<E<'a>>,
}

/// `name as asname`
#[derive(Debug)]
pub struct Alias {
    /// The name, dotted in `import`.
    pub name: Sym,
    /// What is bound instead.
    pub asname: Option<Sym>,
    /// Where.
    pub span: Span,
}

/// `case pattern if guard: body`
#[derive(Debug)]
pub struct Case<'a> {
    /// The pattern.
    pub pattern: &'a Pattern<'a>,
    /// The guard.
    pub guard: Option<E<'a>>,
    /// The body.
    pub body: &'a [Stmt<'a>],
}

/// A pattern.
#[derive(Debug)]
pub struct Pattern<'a> {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: PatternKind<'a>,
}

/// What a pattern is.
#[derive(Debug)]
pub enum PatternKind<'a> {
    /// Compared with `==`.
    Value(E<'a>),
    /// Compared with `is`.
    Singleton(ConstId),
    /// `[a, *b]`
    Sequence(&'a [&'a Pattern<'a>]),
    /// `{key: pattern, **rest}`
    Mapping { keys: &'a [E<'a>], patterns: &'a [&'a Pattern<'a>], rest: Option<Sym> },
    /// `C(pattern, attr=pattern)`
    Class { class: E<'a>, patterns: &'a [&'a Pattern<'a>], names: &'a [Sym], attrs: &'a [&'a Pattern<'a>] },
    /// `*name`
    Star(Option<Sym>),
    /// `pattern as name`, `name`, or `_`.
    As(Option<&'a Pattern<'a>>, Option<Sym>),
    /// `a | b`
    Or(&'a [&'a Pattern<'a>]),
}

/// A statement and its place.
#[derive(Debug)]
pub struct Stmt<'a> {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: StmtKind<'a>,
}

/// What a statement is.
#[derive(Debug)]
pub enum StmtKind<'a> {
    /// An expression.
    Expr(E<'a>),
    /// `a = b = value`
    Assign(&'a [E<'a>], E<'a>),
    /// `target op= value`
    AugAssign(E<'a>, BinaryOp, E<'a>),
    /// `target: annotation = value`; simple: a name without parentheses; conditional: its number if it may not run.
    AnnAssign {
        target: E<'a>,
        annotation: E<'a>,
        value: Option<E<'a>>,
        simple: bool,
        conditional: Cell<Option<u32>>,
    },
    /// `return value`
    Return(Option<E<'a>>),
    /// `del targets`
    Delete(&'a [E<'a>]),
    /// `raise exc from cause`
    Raise(Option<E<'a>>, Option<E<'a>>),
    /// `assert test, message`
    Assert(E<'a>, Option<E<'a>>),
    /// `pass`
    Pass,
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `global names`
    Global(&'a [Sym]),
    /// `nonlocal names`
    Nonlocal(&'a [Sym]),
    /// `import names`
    Import(&'a [Alias]),
    /// `from module import names`; no names: `*`.
    ImportFrom { module: Option<Sym>, names: &'a [Alias], star: bool, level: u32 },
    /// `if` and `elif` branches, and the `else`.
    If(&'a [(E<'a>, &'a [Stmt<'a>])], &'a [Stmt<'a>]),
    /// `while test: body else: orelse`
    While(E<'a>, &'a [Stmt<'a>], &'a [Stmt<'a>]),
    /// `for target in iter: body else: orelse`
    For { target: E<'a>, iter: E<'a>, body: &'a [Stmt<'a>], orelse: &'a [Stmt<'a>], is_async: bool },
    /// `with items: body`
    With { items: &'a [WithItem<'a>], body: &'a [Stmt<'a>], is_async: bool },
    /// `try`
    Try {
        body: &'a [Stmt<'a>],
        handlers: &'a [Handler<'a>],
        orelse: &'a [Stmt<'a>],
        finals: &'a [Stmt<'a>],
        star: bool,
    },
    /// `match`
    Match(E<'a>, &'a [Case<'a>]),
    /// `def`
    Function(&'a Function<'a>),
    /// `class`
    Class(&'a Class<'a>),
    /// `type`
    TypeAlias(&'a TypeAlias<'a>),
}

/// What is compiled.
#[derive(Debug)]
pub enum Root<'a> {
    /// A module or interactive input: its docstring and statements.
    Module(Option<ConstId>, &'a [Stmt<'a>]),
    /// An expression.
    Eval(E<'a>),
}
