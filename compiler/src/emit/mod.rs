//! From the tree and its scopes to instructions.
//!
//! A [`Unit`] is a code object in the making: a flat list of instructions with labels. While a unit is emitted its
//! stack depth is known at every point; what cannot be reached is not emitted at all.
//!
//! Invariants: a label has one depth, whoever jumps there; an instruction belongs to the handler that was current when
//! it was emitted (`assemble.rs` makes the exception table of that); only a plain jump goes backwards.
//!
//! Read next: `names.rs`, `expr.rs`, `stmt.rs`; then `assemble.rs`.

mod annotate;
mod assign;
mod block;
mod call;
mod check;
mod comp;
mod expr;
mod function;
mod jump;
mod match_stmt;
mod names;
mod stmt;
mod try_stmt;
mod type_params;
mod unit;
mod with;

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use ryokan_bytecode::{Code, CodeFlags, Const, Op, Text};

use crate::cx::{Cx, Fail, R};
use crate::lower::{MORE_STACK, RED_ZONE};
use crate::scope::{NameFlags, Private, Scope, ScopeKind, Scopes, Where};
use crate::tree::*;

pub(crate) use block::Block;
pub(crate) use names::CompFrame;

/// Deepest nesting of code objects.
const MAX_UNITS: usize = 400;

/// A place to jump to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Label(pub u32);

/// An exception handler of a unit; 0 is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HandlerId(pub u32);

/// An instruction in the making.
#[derive(Clone, Copy, Debug)]
pub struct Ins {
    /// What it does.
    pub op: Op,
    /// Its operand; a label for jumps, a [`LocalRef`] for locals.
    pub arg: u32,
    /// Who handles its exceptions.
    pub handler: HandlerId,
    /// Where it comes from.
    pub span: Span,
}

/// A local before the locals are numbered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LocalRef(pub u32);

impl LocalRef {
    const CELL: u32 = 1 << 30;
    const FREE: u32 = 1 << 31;

    /// What it means: which list, and the index in it.
    pub fn parts(self) -> (LocalList, usize) {
        if self.0 & LocalRef::FREE != 0 {
            (LocalList::Free, (self.0 & !LocalRef::FREE) as usize)
        } else if self.0 & LocalRef::CELL != 0 {
            (LocalList::Cell, (self.0 & !LocalRef::CELL) as usize)
        } else {
            (LocalList::Var, self.0 as usize)
        }
    }
}

/// The three lists of names that become the locals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LocalList {
    /// Registers.
    Var,
    /// Cells of this frame.
    Cell,
    /// Cells of enclosing frames.
    Free,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LabelState {
    /// The index of the instruction that follows it.
    pub at: Option<u32>,
    /// The stack depth there.
    pub depth: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct HandlerState {
    pub target: Label,
    pub depth: u32,
}

/// What kind of unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnitKind {
    /// A module or expression.
    Module,
    /// A class body.
    Class,
    /// A function.
    Function,
    /// An async function.
    AsyncFunction,
    /// A lambda.
    Lambda,
    /// A comprehension that is not inlined.
    Comprehension,
    /// Annotations, type parameters and the like.
    Annotation,
}

/// A code object in the making.
pub struct Unit<'a> {
    pub(crate) kind: UnitKind,
    pub(crate) scope: ScopeId,
    pub(crate) name: Text,
    pub(crate) qualname: Text,
    pub(crate) first_line: u32,
    pub(crate) flags: CodeFlags,
    pub(crate) arg_count: u32,
    pub(crate) posonly_count: u32,
    pub(crate) kwonly_count: u32,
    pub(crate) ins: Vec<Ins>,
    pub(crate) labels: Vec<LabelState>,
    pub(crate) handlers: Vec<HandlerState>,
    pub(crate) handler: HandlerId,
    pub(crate) consts: Vec<Const>,
    const_index: FxHashMap<Const, u32>,
    pub(crate) names: Vec<Sym>,
    name_index: FxHashMap<Sym, u32>,
    pub(crate) vars: Vec<Sym>,
    var_index: FxHashMap<Sym, u32>,
    /// Registers that `locals()` does not show.
    pub(crate) hidden: FxHashSet<u32>,
    /// How many registers are parameters.
    pub(crate) params: u32,
    pub(crate) cells: Vec<Sym>,
    pub(crate) frees: Vec<Sym>,
    pub(crate) blocks: Vec<Block<'a>>,
    /// Those that nothing leaves by a jump, and that CPython counts, too: the handlers of a `try`, inlined comprehensions.
    pub(crate) unlisted_blocks: usize,
    pub(crate) comps: Vec<CompFrame>,
    pub(crate) depth: u32,
    pub(crate) max_depth: u32,
    pub(crate) reachable: bool,
    /// The class whose private names are mangled.
    pub(crate) class: Private<'a>,
    /// Of a class: the attributes that its methods set on `self`.
    pub(crate) static_attributes: FxHashSet<Sym>,
    charged: usize,
}

/// Emits one compilation.
pub struct Emit<'c, 'a> {
    pub(crate) cx: &'c Cx<'a>,
    pub(crate) scopes: &'c Scopes<'a>,
    pub(crate) unit: Unit<'a>,
    /// The units around it.
    pub(crate) outer: Vec<Unit<'a>>,
    pub(crate) single: bool,
    /// The handler to go on with after the way out of a block has been emitted.
    pub(crate) after_unwind: HandlerId,
}

/// The code of a tree.
pub fn emit<'a>(cx: &Cx<'a>, scopes: &Scopes<'a>, root: &Root<'a>, single: bool) -> R<Rc<Code>> {
    let name = Text::from("<module>");
    let unit = Unit::new(cx, scopes, UnitKind::Module, ScopeId(0), name, 1);
    let mut emit = Emit { cx, scopes, unit, outer: Vec::new(), single, after_unwind: HandlerId(0) };
    emit.unit.qualname = emit.unit.name.clone();
    emit.prologue(Span::NONE)?;
    match root {
        Root::Module(doc, body) => emit.module(*doc, body)?,
        Root::Eval(value) => {
            emit.expr(value)?;
            emit.op(value.span, Op::ReturnValue, 0)?;
        }
    }
    emit.finish().map(Rc::new)
}

impl<'a> Unit<'a> {
    pub(crate) fn new(
        cx: &Cx<'a>,
        scopes: &Scopes<'a>,
        kind: UnitKind,
        scope: ScopeId,
        name: Text,
        first_line: u32,
    ) -> Unit<'a> {
        let table = scopes.get(scope);
        let (mut cells, mut frees) = (Vec::new(), Vec::new());
        for symbol in &table.symbols {
            if symbol.place == Where::Cell {
                cells.push(symbol.name);
            } else if symbol.place == Where::Free || symbol.flags.intersects(NameFlags::FREE_CLASS) {
                frees.push(symbol.name);
            } else if symbol.flags.intersects(NameFlags::COMP_CELL) {
                cells.push(symbol.name);
            }
        }
        cells.sort_by_cached_key(|sym| cx.text(*sym));
        frees.sort_by_cached_key(|sym| cx.text(*sym));
        if table.kind == ScopeKind::Class {
            let special = [
                (table.needs_class_closure, "__class__"),
                (table.needs_classdict, "__classdict__"),
                (table.conditional_annotations, "__conditional_annotations__"),
            ];
            for (needed, name) in special {
                let name = cx.intern(name);
                if needed && !cells.contains(&name) {
                    cells.push(name);
                }
            }
        }
        Unit {
            kind,
            scope,
            qualname: name.clone(),
            name,
            first_line,
            flags: unit_flags(cx, table),
            arg_count: 0,
            posonly_count: 0,
            kwonly_count: 0,
            ins: Vec::new(),
            labels: Vec::new(),
            handlers: vec![HandlerState { target: Label(0), depth: 0 }],
            handler: HandlerId(0),
            consts: Vec::new(),
            const_index: FxHashMap::default(),
            names: Vec::new(),
            name_index: FxHashMap::default(),
            vars: Vec::new(),
            var_index: FxHashMap::default(),
            hidden: FxHashSet::default(),
            params: 0,
            cells,
            frees,
            blocks: Vec::new(),
            unlisted_blocks: 0,
            comps: Vec::new(),
            depth: 0,
            max_depth: 0,
            reachable: true,
            class: Private::default(),
            static_attributes: FxHashSet::default(),
            charged: 0,
        }
    }
}

fn unit_flags(cx: &Cx<'_>, table: &Scope<'_>) -> CodeFlags {
    let mut flags = CodeFlags::empty();
    if table.kind.is_function_like() {
        flags |= CodeFlags::OPTIMIZED | CodeFlags::NEWLOCALS;
        if table.nested {
            flags |= CodeFlags::NESTED;
        }
        flags |= match (table.generator, table.coroutine) {
            (true, true) => CodeFlags::ASYNC_GENERATOR,
            (true, false) => CodeFlags::GENERATOR,
            (false, true) => CodeFlags::COROUTINE,
            (false, false) => CodeFlags::empty(),
        };
        if table.varargs {
            flags |= CodeFlags::VARARGS;
        }
        if table.varkeywords {
            flags |= CodeFlags::VARKEYWORDS;
        }
        if table.method && table.kind == ScopeKind::Function {
            flags |= CodeFlags::METHOD;
        }
    }
    if table.coroutine && table.may_await(cx) {
        flags |= CodeFlags::COROUTINE;
    }
    flags |= cx.futures.get();
    flags
}

impl<'c, 'a> Emit<'c, 'a> {
    pub(crate) fn scope(&self) -> &'c Scope<'a> {
        self.scopes.get(self.unit.scope)
    }

    /// Emits an instruction whose operand is a number.
    pub(crate) fn op(&mut self, span: Span, op: Op, arg: u32) -> R<()> {
        let unit = &mut self.unit;
        if !unit.reachable {
            return Ok(());
        }
        let effect = op.effect(arg);
        debug_assert!(unit.depth >= effect.pops, "{op:?} {arg} at depth {} in {:?}", unit.depth, unit.name);
        let handler = unit.handler;
        unit.ins.push(Ins { op, arg, handler, span });
        if handler.0 != 0 {
            let state = unit.handlers[handler.0 as usize];
            unit.labels[state.target.0 as usize].depth = Some(state.depth + 1);
        }
        unit.depth = unit.depth + effect.pushes - effect.pops;
        // Some rows take more than they leave only on the way: the deepest point is before or after.
        unit.max_depth = unit.max_depth.max(unit.depth);
        if op.flags().ends {
            unit.reachable = false;
        }
        if unit.ins.len().is_multiple_of(256) {
            let now = unit.ins.capacity() * size_of::<Ins>() * 2;
            let more = now.saturating_sub(unit.charged);
            unit.charged += more;
            self.cx.charge(more)?;
            if self.unit.ins.len() > ryokan_bytecode::Instr::MAX_ARG as usize / 2 {
                return Err(Box::new(Fail::Overflow));
            }
        }
        Ok(())
    }

    pub(crate) fn label(&mut self) -> Label {
        self.unit.labels.push(LabelState::default());
        Label(self.unit.labels.len() as u32 - 1)
    }

    /// Emits a jump.
    pub(crate) fn jump(&mut self, span: Span, op: Op, to: Label) -> R<()> {
        if !self.unit.reachable {
            return Ok(());
        }
        let effect = op.jump_effect(0);
        let depth = self.unit.depth + effect.pushes - effect.pops;
        let label = &mut self.unit.labels[to.0 as usize];
        debug_assert!(
            label.depth.is_none_or(|d| d == depth),
            "{op:?} to {to:?} at {depth}, was {:?}",
            label.depth
        );
        label.depth = Some(depth);
        let before = self.unit.depth;
        self.op(span, op, to.0)?;
        if op.flags().ends {
            self.unit.depth = before;
        }
        Ok(())
    }

    /// The label stands here.
    pub(crate) fn place(&mut self, label: Label) {
        let unit = &mut self.unit;
        let state = &mut unit.labels[label.0 as usize];
        if unit.reachable {
            debug_assert!(
                state.depth.is_none_or(|d| d == unit.depth),
                "{label:?}: {:?} and {}",
                state.depth,
                unit.depth
            );
            state.depth = Some(unit.depth);
        } else if let Some(depth) = state.depth {
            unit.depth = depth;
            unit.max_depth = unit.max_depth.max(depth);
            unit.reachable = true;
        }
        state.at = Some(unit.ins.len() as u32);
    }

    /// From here on exceptions go to `target`, with the stack cut to `depth`; gives the handler that was current.
    pub(crate) fn protect(&mut self, target: Label, depth: u32) -> HandlerId {
        let id = HandlerId(self.unit.handlers.len() as u32);
        self.unit.handlers.push(HandlerState { target, depth });
        std::mem::replace(&mut self.unit.handler, id)
    }

    pub(crate) fn constant(&mut self, span: Span, value: Const) -> R<()> {
        if !self.unit.reachable {
            return Ok(());
        }
        if let Const::Int(n @ 0..=255) = value {
            return self.op(span, Op::LoadSmallInt, n as u32);
        }
        let index = self.const_index(value);
        self.op(span, Op::LoadConst, index)
    }

    pub(crate) fn const_index(&mut self, value: Const) -> u32 {
        let unit = &mut self.unit;
        if let Const::Code(_) = value {
            unit.consts.push(value);
            return unit.consts.len() as u32 - 1;
        }
        if let Some(index) = unit.const_index.get(&value) {
            return *index;
        }
        let index = unit.consts.len() as u32;
        unit.consts.push(value.clone());
        unit.const_index.insert(value, index);
        index
    }

    pub(crate) fn name_index(&mut self, name: Sym) -> u32 {
        let unit = &mut self.unit;
        *unit.name_index.entry(name).or_insert_with(|| {
            unit.names.push(name);
            unit.names.len() as u32 - 1
        })
    }

    /// An instruction on a name; private names are mangled.
    pub(crate) fn name_op(&mut self, span: Span, op: Op, name: Sym) -> R<()> {
        if !self.unit.reachable {
            return Ok(());
        }
        let name = self.mangle(name);
        let index = self.name_index(name);
        self.op(span, op, index)
    }

    pub(crate) fn text(&mut self, span: Span, text: Text) -> R<()> {
        self.constant(span, Const::Str(text))
    }

    pub(crate) fn none(&mut self, span: Span) -> R<()> {
        self.constant(span, Const::None)
    }

    pub(crate) fn mangle(&self, name: Sym) -> Sym {
        self.unit.class.mangle(self.cx, name)
    }

    /// Runs with enough native stack.
    pub(crate) fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> R<T>) -> R<T> {
        stacker::maybe_grow(RED_ZONE, MORE_STACK, || run(self))
    }
}
