//! Symbol tables: which scope each name of a block belongs to.
//!
//! `build.rs` walks the tree once and notes definitions and uses; `analyze.rs` then decides, from the module down and
//! back, what is local, global, free, or a cell, and which comprehensions are inlined (PEP 709).
//!
//! Invariant: after [`build`] every node that opens a scope has its [`ScopeId`], and every symbol a [`Where`].

mod analyze;
mod build;
mod build_expr;
mod describe;
mod type_params;

pub use describe::describe;

use rustc_hash::FxHashMap;

use crate::cx::{Cx, R};
use crate::tree::*;

bitflags::bitflags! {
    /// How a name is used in one block, with CPython's values.
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    pub struct NameFlags: u16 {
        /// `global`
        const GLOBAL = 1 << 0;
        /// Bound by a statement.
        const LOCAL = 1 << 1;
        /// A parameter.
        const PARAM = 1 << 2;
        /// `nonlocal`
        const NONLOCAL = 1 << 3;
        /// Read.
        const USE = 1 << 4;
        /// Free in a method, and a name of the class body too.
        const FREE_CLASS = 1 << 6;
        /// Bound by an import.
        const IMPORT = 1 << 7;
        /// Annotated.
        const ANNOT = 1 << 8;
        /// The target of a comprehension.
        const COMP_ITER = 1 << 9;
        /// A type parameter.
        const TYPE_PARAM = 1 << 10;
        /// A cell of an inlined comprehension.
        const COMP_CELL = 1 << 11;
        /// Bound in any way.
        const BOUND =
            NameFlags::LOCAL.bits() | NameFlags::PARAM.bits() | NameFlags::IMPORT.bits() | NameFlags::TYPE_PARAM.bits();
    }
}

/// Where a name lives, seen from one block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Where {
    /// Not decided yet.
    Unknown,
    /// In this block.
    Local,
    /// `global`
    GlobalExplicit,
    /// Nowhere else.
    GlobalImplicit,
    /// In an enclosing function.
    Free,
    /// In this block, and inner blocks use it.
    Cell,
}

/// Kinds of blocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeKind {
    /// A module, or an expression.
    Module,
    /// A class body.
    Class,
    /// A function, lambda or comprehension.
    Function,
    /// Annotations.
    Annotation,
    /// The value of `type`.
    TypeAlias,
    /// `[T]`
    TypeParams,
    /// A bound, constraint or default of a type parameter.
    TypeVar,
}

impl ScopeKind {
    /// Whether its locals are registers.
    pub fn is_function_like(self) -> bool {
        !matches!(self, ScopeKind::Module | ScopeKind::Class)
    }
}

/// A name of a block.
#[derive(Clone, Copy, Debug)]
pub struct Symbol {
    /// The name, mangled.
    pub name: Sym,
    /// How it is used.
    pub flags: NameFlags,
    /// Where it lives.
    pub place: Where,
}

/// An annotation of a module or class body.
#[derive(Clone, Copy, Debug)]
pub struct Annotation<'a> {
    /// The name, mangled.
    pub name: Sym,
    /// The annotation.
    pub value: E<'a>,
    /// Its number, if the statement may not have run when somebody asks.
    pub conditional: Option<u32>,
    /// The statement.
    pub span: Span,
}

/// One block.
#[derive(Debug)]
pub struct Scope<'a> {
    /// What it is called, and the line where it begins.
    pub name: Sym,
    /// See `name`.
    pub line: u32,
    /// Whether it is of a `def`.
    pub defined: bool,
    /// Which kind.
    pub kind: ScopeKind,
    /// Its names, in the order in which they were seen.
    pub symbols: Vec<Symbol>,
    index: FxHashMap<Sym, u32>,
    /// Inner blocks.
    pub children: Vec<ScopeId>,
    /// Stands in a function.
    pub nested: bool,
    /// Yields.
    pub generator: bool,
    /// Is `async`, or awaits.
    pub coroutine: bool,
    /// A comprehension.
    pub comp: Option<CompKind>,
    /// Its code stands in the enclosing block.
    pub inlined: bool,
    /// Has `*args`.
    pub varargs: bool,
    /// Has `**kwargs`.
    pub varkeywords: bool,
    /// A function that a class body holds.
    pub method: bool,
    /// An annotation scope in a class body: sees its names.
    pub sees_class: bool,
    /// Methods use `__class__`.
    pub needs_class_closure: bool,
    /// Annotation scopes use the class namespace.
    pub needs_classdict: bool,
    /// Some annotation may not have been reached when somebody asks.
    pub conditional_annotations: bool,
    /// The annotations of a module or class body.
    pub annotations: Vec<Annotation<'a>>,
    /// The scope of their function.
    pub annotate: Option<ScopeId>,
    /// While it is built: in `if`, `for` and so on.
    in_conditional: bool,
    next_conditional: u32,
    comp_iter_target: bool,
    comp_iter_expr: u32,
    has_free: bool,
    parent: Option<ScopeId>,
}

impl Scope<'_> {
    /// Whether it is a module's that may await.
    pub fn may_await(&self, cx: &Cx<'_>) -> bool {
        self.kind == ScopeKind::Module && cx.top_level_await.get()
    }
    /// Adds flags to a name.
    fn add(&mut self, name: Sym, flags: NameFlags) {
        match self.index.get(&name) {
            Some(at) => self.symbols[*at as usize].flags |= flags,
            None => {
                self.index.insert(name, self.symbols.len() as u32);
                self.symbols.push(Symbol { name, flags, place: Where::Unknown });
            }
        }
    }

    /// The symbol of a (mangled) name.
    pub fn get(&self, name: Sym) -> Option<&Symbol> {
        self.index.get(&name).map(|at| &self.symbols[*at as usize])
    }
}

/// All blocks; the first is the module.
#[derive(Debug)]
pub struct Scopes<'a> {
    scopes: Vec<Scope<'a>>,
    /// Where `global` and `nonlocal` name a name.
    directives: FxHashMap<(ScopeId, Sym), Span>,
}

impl<'a> Scopes<'a> {
    /// A block.
    pub fn get(&self, id: ScopeId) -> &Scope<'a> {
        &self.scopes[id.0 as usize]
    }
}

/// The symbol tables of a tree.
pub fn build<'a>(cx: &Cx<'a>, root: &Root<'a>) -> R<Scopes<'a>> {
    let mut scopes = build::Build::new(cx).run(root)?;
    analyze::analyze(cx, &mut scopes)?;
    Ok(scopes)
}

/// The class whose private names are mangled: `__x` is `_Class__x`.
#[derive(Clone, Copy, Default, Debug)]
pub struct Private<'a> {
    class: Option<Sym>,
    /// Where a generic class has its type parameters and bases, they alone.
    only: Option<&'a [TypeParam<'a>]>,
}

impl<'a> Private<'a> {
    /// In the body of a class.
    pub fn body(class: &Class<'a>) -> Private<'a> {
        Private { class: Some(class.name), only: None }
    }
    /// Around the body of a generic class.
    pub fn type_params(class: &Class<'a>) -> Private<'a> {
        Private { class: Some(class.name), only: Some(class.type_params) }
    }
    /// A name as it is kept.
    pub fn mangle(self, cx: &Cx<'_>, name: Sym) -> Sym {
        let open = self.only.is_none_or(|params| params.iter().any(|param| param.name == name));
        if open { mangle(cx, self.class, name) } else { name }
    }
}

/// A name as the class that it stands in sees it: `__x` is `_Class__x`.
fn mangle(cx: &Cx<'_>, class: Option<Sym>, name: Sym) -> Sym {
    let Some(class) = class else { return name };
    let text = cx.text(name);
    let bytes = text.as_wtf8();
    if !bytes.starts_with(b"__") || bytes.ends_with(b"__") || bytes.contains(&b'.') {
        return name;
    }
    let class = cx.text(class);
    let class = class.as_wtf8();
    let stripped = &class[class.iter().take_while(|b| **b == b'_').count()..];
    if stripped.is_empty() {
        return name;
    }
    let mangled = [b"_", stripped, bytes].concat();
    cx.intern_text(ryokan_bytecode::Text::from_wtf8(&mangled))
}
