//! Comprehensions, inlined or not, and generator expressions.

use ryokan_bytecode::{Op, Text};

use super::block::BlockKind;
use super::names::CompFrame;
use super::{Emit, Label, LocalRef, UnitKind};
use crate::cx::R;
use crate::scope::{NameFlags, ScopeKind, Where};
use crate::tree::*;

/// What an inlined comprehension has put aside.
struct Inlined {
    pushed: Vec<LocalRef>,
    cleanup: Label,
    end: Label,
    outer: super::HandlerId,
}

impl<'c, 'a> Emit<'c, 'a> {
    /// A comprehension.
    pub(crate) fn comp(&mut self, comp: &'a Comp<'a>, span: Span) -> R<()> {
        let (Some(id), Some(first)) = (comp.scope.get(), comp.fors.first()) else { return Ok(()) };
        let inlined = self.scopes.get(id).inlined;
        if inlined {
            self.comp_iter(first)?;
            self.check_blocks(span)?;
            self.unit.unlisted_blocks += 1;
            let state = self.enter_inlined(id, span)?;
            self.op(span, build(comp.kind), 0)?;
            self.op(span, Op::Swap, 2)?;
            self.comp_for(comp, 0, 1, span)?;
            self.unit.unlisted_blocks -= 1;
            return self.leave_inlined(state, span);
        }
        let name = match comp.kind {
            CompKind::List => "<listcomp>",
            CompKind::Set => "<setcomp>",
            CompKind::Dict => "<dictcomp>",
            CompKind::Generator => "<genexpr>",
        };
        let is_async = self.scopes.get(id).coroutine && comp.kind != CompKind::Generator;
        self.enter(UnitKind::Comprehension, id, Text::from(name), span.line)?;
        let dot = self.cx.intern(".0");
        let argument = self.var(dot);
        self.unit.arg_count = 1;
        self.prologue(span)?;
        if comp.kind != CompKind::Generator {
            self.op(span, build(comp.kind), 0)?;
        }
        self.op(span, Op::LoadFast, argument.0)?;
        self.comp_for(comp, 0, 1, span)?;
        if comp.kind != CompKind::Generator {
            self.op(span, Op::ReturnValue, 0)?;
        }
        let code = self.leave()?;
        self.closure(code, span)?;
        self.comp_iter(first)?;
        self.op(span, Op::Call, 0)?;
        if is_async {
            self.op(span, Op::GetAwaitable, 0)?;
            self.none(span)?;
            self.send_loop(span, true)?;
        }
        Ok(())
    }

    fn comp_iter(&mut self, first: &'a For<'a>) -> R<()> {
        self.expr(first.iter)?;
        self.op(first.iter.span, if first.is_async { Op::GetAiter } else { Op::GetIter }, 0)
    }

    /// Puts aside the locals that the comprehension's names hide.
    fn enter_inlined(&mut self, id: ScopeId, span: Span) -> R<Inlined> {
        // (What stands in another comprehension has that around it, not the class.)
        let in_class = self.scope().kind == ScopeKind::Class && self.unit.comps.is_empty();
        let function_like = self.scope().kind.is_function_like();
        // Cells that the class makes for its methods, and its comprehensions do not see.
        let of_class =
            ["__class__", "__classdict__", "__conditional_annotations__"].map(|n| self.cx.intern(n));
        let mut frame = CompFrame::default();
        let mut pushed = Vec::new();
        let mut cells = Vec::new();
        for symbol in &self.scopes.get(id).symbols {
            if symbol.flags.intersects(NameFlags::PARAM) {
                continue;
            }
            let bound =
                symbol.flags.intersects(NameFlags::LOCAL) && !symbol.flags.intersects(NameFlags::NONLOCAL);
            if !bound && !in_class {
                // It is a local of the unit if another comprehension there has one of its name: not this one's.
                if matches!(symbol.place, Where::GlobalImplicit | Where::GlobalExplicit) {
                    frame.places.insert(symbol.name, symbol.place);
                }
                continue;
            }
            let (place, outer) = (symbol.place, self.place_of(symbol.name));
            let differs =
                place != outer && place != Where::Free && !(place == Where::Cell && outer == Where::Free);
            if in_class && place == Where::Free && of_class.contains(&symbol.name) {
                frame.places.insert(symbol.name, Where::GlobalImplicit);
            } else if differs || in_class {
                frame.places.insert(symbol.name, place);
            }
            if !bound {
                continue;
            }
            if !function_like {
                frame.fast.insert(symbol.name);
            }
            let cell = if place == Where::Cell { self.cell(symbol.name) } else { None };
            let local = match cell {
                Some(cell) => cell,
                None => self.comp_var(symbol.name, outer),
            };
            if !function_like && cell.is_none() {
                self.unit.hidden.insert(local.0);
            }
            self.op(span, Op::LoadFastAndClear, local.0)?;
            cells.extend(cell);
            pushed.push(local);
        }
        self.unit.comps.push(frame);
        let (cleanup, end) = (self.label(), self.label());
        let mut outer = self.unit.handler;
        if !pushed.is_empty() {
            self.op(span, Op::Swap, pushed.len() as u32 + 1)?;
            outer = self.protect(cleanup, self.unit.depth);
            // There may be no memory for a cell: then the saved locals are put back.
            for cell in cells {
                self.op(span, Op::MakeCell, cell.0)?;
            }
        }
        Ok(Inlined { pushed, cleanup, end, outer })
    }

    fn leave_inlined(&mut self, state: Inlined, span: Span) -> R<()> {
        self.unit.comps.pop();
        if state.pushed.is_empty() {
            return Ok(());
        }
        self.unit.handler = state.outer;
        self.restore(&state.pushed, span)?;
        self.jump(Span::NONE, Op::JumpForward, state.end)?;
        // An exception: the half-made result goes, the locals come back.
        self.place(state.cleanup);
        self.op(Span::NONE, Op::Swap, 2)?;
        self.op(Span::NONE, Op::PopTop, 0)?;
        self.restore(&state.pushed, span)?;
        self.op(span, Op::Reraise, 0)?;
        self.place(state.end);
        Ok(())
    }

    fn restore(&mut self, pushed: &[LocalRef], span: Span) -> R<()> {
        self.op(span, Op::Swap, pushed.len() as u32 + 1)?;
        for local in pushed.iter().rev() {
            self.op(span, Op::RestoreFast, local.0)?;
        }
        Ok(())
    }

    /// The `for`s from `at` on; the first one's iterator is on the stack. `depth` values stand above the result.
    fn comp_for(&mut self, comp: &'a Comp<'a>, at: usize, depth: u32, span: Span) -> R<()> {
        self.deeper(|this| {
            let part = &comp.fors[at];
            if part.is_async {
                this.comp_async(comp, at, depth, span)
            } else {
                this.comp_sync(comp, at, depth, span)
            }
        })
    }

    fn comp_sync(&mut self, comp: &'a Comp<'a>, at: usize, depth: u32, span: Span) -> R<()> {
        let part = &comp.fors[at];
        if at > 0 {
            if let Kind::Tuple([one]) = part.iter.kind
                && !matches!(one.kind, Kind::Starred(_))
            {
                // `for x in [value]` is an assignment.
                let next = self.label();
                self.expr(one)?;
                self.store(part.target)?;
                self.comp_body(comp, at, depth - 1, next, span)?;
                self.place(next);
                return Ok(());
            }
            self.expr(part.iter)?;
            self.op(part.iter.span, Op::GetIter, 0)?;
        }
        let (start, next, end) = (self.label(), self.label(), self.label());
        self.place(start);
        self.jump(part.iter.span, Op::ForIter, end)?;
        self.store(part.target)?;
        self.comp_body(comp, at, depth, next, span)?;
        self.place(next);
        self.jump(comp.elt.span, Op::JumpForward, start)?;
        self.place(end);
        Ok(())
    }

    fn comp_async(&mut self, comp: &'a Comp<'a>, at: usize, depth: u32, span: Span) -> R<()> {
        let part = &comp.fors[at];
        if at > 0 {
            self.expr(part.iter)?;
            self.op(part.iter.span, Op::GetAiter, 0)?;
        }
        let (start, next, except) = (self.label(), self.label(), self.label());
        self.place(start);
        let outer = self.protect(except, self.unit.depth);
        self.push_block(BlockKind::For, outer, start, except);
        self.op(span, Op::GetAnext, 0)?;
        self.none(span)?;
        self.send_loop(span, true)?;
        self.unit.handler = outer;
        self.store(part.target)?;
        self.comp_body(comp, at, depth, next, span)?;
        self.unit.blocks.pop();
        self.place(next);
        self.jump(comp.elt.span, Op::JumpForward, start)?;
        self.place(except);
        self.op(span, Op::EndAsyncFor, 0)
    }

    /// Conditions, then the next `for` or the element.
    fn comp_body(&mut self, comp: &'a Comp<'a>, at: usize, depth: u32, next: Label, span: Span) -> R<()> {
        for test in comp.fors[at].ifs {
            self.jump_if(test, next, false)?;
        }
        if at + 1 < comp.fors.len() {
            return self.comp_for(comp, at + 1, depth + 1, span);
        }
        let elt = comp.elt;
        match comp.kind {
            CompKind::Generator => {
                self.expr(elt)?;
                self.yield_value(elt.span)?;
                self.op(elt.span, Op::PopTop, 0)
            }
            CompKind::List => {
                self.expr(elt)?;
                self.op(elt.span, Op::ListAppend, depth + 1)
            }
            CompKind::Set => {
                self.expr(elt)?;
                self.op(elt.span, Op::SetAdd, depth + 1)
            }
            CompKind::Dict => {
                self.expr(elt)?;
                let mut span = elt.span;
                if let Some(value) = comp.value {
                    self.expr(value)?;
                    span = span.to(value.span);
                }
                self.op(span, Op::MapAdd, depth + 1)
            }
        }
    }
}

fn build(kind: CompKind) -> Op {
    match kind {
        CompKind::Set => Op::BuildSet,
        CompKind::Dict => Op::BuildMap,
        CompKind::List | CompKind::Generator => Op::BuildList,
    }
}
