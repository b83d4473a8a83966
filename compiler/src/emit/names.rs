//! Names: which instruction reads, binds or unbinds a name of this unit.

use rustc_hash::FxHashMap;
use ryokan_bytecode::Op;

use super::{Emit, LocalRef, UnitKind};
use crate::cx::R;
use crate::scope::{ScopeKind, Where};
use crate::tree::*;

/// What is done with a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Use {
    /// Its value is pushed.
    Load,
    /// It is bound.
    Store,
    /// It is unbound.
    Delete,
}

/// The names of an inlined comprehension, while it is emitted.
#[derive(Debug, Default)]
pub struct CompFrame {
    /// Names that live elsewhere than in the unit.
    pub places: FxHashMap<Sym, Where>,
    /// Names that are registers although the unit is no function.
    pub fast: rustc_hash::FxHashSet<Sym>,
}

impl<'c, 'a> Emit<'c, 'a> {
    /// The register of a name, made if there is none.
    pub(crate) fn var(&mut self, name: Sym) -> LocalRef {
        let unit = &mut self.unit;
        LocalRef(*unit.var_index.entry(name).or_insert_with(|| {
            unit.vars.push(name);
            unit.vars.len() as u32 - 1
        }))
    }

    /// The register of a comprehension's name; a parameter that is a cell needs another one of its name.
    pub(crate) fn comp_var(&mut self, name: Sym, outer: Where) -> LocalRef {
        let var = self.var(name);
        if outer != Where::Cell || var.0 >= self.unit.params {
            return var;
        }
        let unit = &mut self.unit;
        unit.vars.push(name);
        let fresh = unit.vars.len() as u32 - 1;
        unit.var_index.insert(name, fresh);
        unit.hidden.insert(fresh);
        LocalRef(fresh)
    }

    /// The cell of a name: this frame's, or an enclosing one's.
    pub(crate) fn cell(&self, name: Sym) -> Option<LocalRef> {
        let cell =
            self.unit.cells.iter().position(|c| *c == name).map(|at| LocalRef(at as u32 | LocalRef::CELL));
        cell.or_else(|| self.free_cell(name))
    }

    /// The cell of a name in an enclosing frame. A class may have one of its own for the same name, which its methods see.
    fn free_cell(&self, name: Sym) -> Option<LocalRef> {
        self.unit.frees.iter().position(|f| *f == name).map(|at| LocalRef(at as u32 | LocalRef::FREE))
    }

    /// Where a (mangled) name lives, inlined comprehensions considered.
    pub(crate) fn place_of(&self, name: Sym) -> Where {
        let inlined = self.unit.comps.iter().rev().find_map(|comp| comp.places.get(&name));
        match inlined {
            Some(place) => *place,
            None => self.scope().get(name).map_or(Where::GlobalImplicit, |s| s.place),
        }
    }

    fn is_fast(&self, name: Sym) -> bool {
        self.scope().kind.is_function_like() || self.unit.comps.iter().any(|comp| comp.fast.contains(&name))
    }

    /// Reads, binds or unbinds a name.
    pub(crate) fn name(&mut self, span: Span, name: Sym, how: Use) -> R<()> {
        if !self.unit.reachable {
            return Ok(());
        }
        let name = self.mangle(name);
        match self.place_of(name) {
            Where::Free => match self.free_cell(name).or_else(|| self.cell(name)) {
                Some(cell) => self.deref(span, cell, how),
                None => self.plain(span, name, how),
            },
            Where::Cell => match self.cell(name) {
                Some(cell) => self.deref(span, cell, how),
                None => self.plain(span, name, how),
            },
            Where::Local if self.is_fast(name) => {
                let op = match how {
                    Use::Load => Op::LoadFast,
                    Use::Store => Op::StoreFast,
                    Use::Delete => Op::DeleteFast,
                };
                let var = self.var(name);
                self.op(span, op, var.0)
            }
            Where::GlobalImplicit if how == Use::Load && self.scope().sees_class => {
                self.class_dict(span)?;
                let index = self.name_index(name);
                self.op(span, Op::LoadFromDictOrGlobals, index)
            }
            Where::GlobalExplicit => self.global(span, name, how),
            Where::GlobalImplicit if self.scope().kind.is_function_like() => self.global(span, name, how),
            _ => self.plain(span, name, how),
        }
    }

    /// Pushes the namespace of the class around an annotation scope.
    pub(crate) fn class_dict(&mut self, span: Span) -> R<()> {
        let classdict = self.cx.intern("__classdict__");
        match self.cell(classdict) {
            Some(cell) => self.op(span, Op::LoadDeref, cell.0),
            None => self.op(span, Op::LoadLocals, 0),
        }
    }

    fn deref(&mut self, span: Span, cell: LocalRef, how: Use) -> R<()> {
        let op = match how {
            Use::Store => Op::StoreDeref,
            Use::Delete => Op::DeleteDeref,
            Use::Load if self.scope().kind == ScopeKind::Class && self.unit.comps.is_empty() => {
                self.op(span, Op::LoadLocals, 0)?;
                Op::LoadFromDictOrDeref
            }
            Use::Load if self.scope().sees_class => {
                self.class_dict(span)?;
                Op::LoadFromDictOrDeref
            }
            Use::Load => Op::LoadDeref,
        };
        self.op(span, op, cell.0)
    }

    fn global(&mut self, span: Span, name: Sym, how: Use) -> R<()> {
        let op = match how {
            Use::Load => Op::LoadGlobal,
            Use::Store => Op::StoreGlobal,
            Use::Delete => Op::DeleteGlobal,
        };
        let index = self.name_index(name);
        self.op(span, op, index)
    }

    fn plain(&mut self, span: Span, name: Sym, how: Use) -> R<()> {
        let op = match how {
            // A comprehension in a class body does not see the body's names.
            Use::Load if self.unit.kind == UnitKind::Class && !self.unit.comps.is_empty() => Op::LoadGlobal,
            Use::Load => Op::LoadName,
            Use::Store => Op::StoreName,
            Use::Delete => Op::DeleteName,
        };
        let index = self.name_index(name);
        self.op(span, op, index)
    }
}
