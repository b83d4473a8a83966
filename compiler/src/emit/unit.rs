//! The start and the end of a code object.

use ryokan_bytecode::{Code, CodeFlags, Const, Op, Text};

use super::{Emit, MAX_UNITS, Unit, UnitKind};
use crate::cx::{Fail, R};
use crate::scope::{ScopeKind, Where};
use crate::tree::*;

impl<'c, 'a> Emit<'c, 'a> {
    /// Starts a unit inside the current one.
    pub(crate) fn enter(&mut self, kind: UnitKind, scope: ScopeId, name: Text, first_line: u32) -> R<()> {
        if self.outer.len() >= MAX_UNITS {
            return Err(Box::new(Fail::Recursion("maximum recursion depth exceeded during compilation")));
        }
        let mut unit = Unit::new(self.cx, self.scopes, kind, scope, name, first_line);
        unit.class = self.unit.class;
        unit.qualname = self.qualname(&unit);
        self.outer.push(std::mem::replace(&mut self.unit, unit));
        Ok(())
    }

    /// The dotted name of a unit about to be entered.
    fn qualname(&self, unit: &Unit<'a>) -> Text {
        // The scope of type parameters is not seen in names.
        let parent = match self.scope().kind {
            ScopeKind::TypeParams => self.outer.last().unwrap_or(&self.unit),
            _ => &self.unit,
        };
        if parent.kind == UnitKind::Module {
            return unit.name.clone();
        }
        if matches!(unit.kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Class) {
            let name = parent.class.mangle(self.cx, self.cx.intern_text(unit.name.clone()));
            let place = self.scopes.get(parent.scope).get(name).map(|s| s.place);
            if place == Some(Where::GlobalExplicit) {
                return unit.name.clone();
            }
        }
        let inner: &[u8] = match parent.kind {
            UnitKind::Class | UnitKind::Annotation => b".",
            _ => b".<locals>.",
        };
        Text::from_wtf8(&[parent.qualname.as_wtf8(), inner, unit.name.as_wtf8()].concat())
    }

    /// What every unit begins with.
    pub(crate) fn prologue(&mut self, span: Span) -> R<()> {
        if !self.unit.frees.is_empty() {
            self.op(Span::NONE, Op::CopyFreeVars, self.unit.frees.len() as u32)?;
        }
        // In the order of the locals: parameters first.
        let params = &self.unit.vars[..self.unit.params as usize];
        let mut cells: Vec<(usize, u32)> = (0..)
            .zip(&self.unit.cells)
            .map(|(at, cell)| (params.iter().position(|p| p == cell).unwrap_or(usize::MAX), at))
            .collect();
        cells.sort_unstable();
        for (_, cell) in cells {
            self.op(Span::NONE, Op::MakeCell, cell | super::LocalRef::CELL)?;
        }
        if self.unit.flags.intersects(CodeFlags::MAKES_GENERATOR) {
            self.op(span, Op::ReturnGenerator, 0)?;
            self.op(span, Op::PopTop, 0)?;
            let stop = self.label();
            self.protect(stop, 0);
            debug_assert_eq!(stop.0, 0, "the first label of a generator");
        }
        self.op(span, Op::Resume, 0)
    }

    /// Ends the unit.
    pub(crate) fn finish(&mut self) -> R<Code> {
        if self.unit.reachable {
            self.none(Span::NONE)?;
            self.op(Span::NONE, Op::ReturnValue, 0)?;
        }
        if self.unit.flags.intersects(CodeFlags::MAKES_GENERATOR) {
            self.unit.handler = super::HandlerId(0);
            self.place(super::Label(0));
            self.op(Span::NONE, Op::StopIterationError, 0)?;
            self.op(Span::NONE, Op::Reraise, 1)?;
        }
        crate::assemble::assemble(self.cx, &mut self.unit)
    }

    /// Ends the unit and returns to the one around it.
    pub(crate) fn leave(&mut self) -> R<Code> {
        let code = self.finish()?;
        if let Some(outer) = self.outer.pop() {
            self.unit = outer;
        }
        Ok(code)
    }

    /// A module's body.
    pub(crate) fn module(&mut self, doc: Option<ConstId>, body: &'a [Stmt<'a>]) -> R<()> {
        self.body_annotations()?;
        if self.needs_annotations(body) {
            self.op(Span::NONE, Op::SetupAnnotations, 0)?;
        }
        let mut rest = body;
        if let Some(doc) = doc
            && let [first, others @ ..] = body
        {
            let value = self.cx.value(doc);
            self.constant(first.span, value)?;
            self.name_op(first.span, Op::StoreName, self.cx.intern("__doc__"))?;
            rest = others;
        }
        self.stmts(rest)
    }

    /// The parameters of a unit.
    pub(crate) fn take_params(&mut self, params: &Params<'a>) {
        self.unit.posonly_count = params.posonly.len() as u32;
        self.unit.arg_count = (params.posonly.len() + params.args.len()) as u32;
        self.unit.kwonly_count = params.kwonly.len() as u32;
        for param in params.in_local_order() {
            let name = self.mangle(param.name);
            self.var(name);
        }
        self.unit.params = self.unit.vars.len() as u32;
    }

    /// Notes a docstring as the first constant.
    pub(crate) fn take_doc(&mut self, doc: Option<ConstId>) {
        if let Some(doc) = doc {
            let value: Const = self.cx.value(doc);
            self.const_index(value);
            self.unit.flags |= CodeFlags::HAS_DOCSTRING;
        }
    }
}
