//! Annotations (PEP 649 and 749): functions that compute them when asked. Under `from __future__ import annotations` they are texts,
//! which bodies of modules and classes store at once.

use ryokan_bytecode::{CodeFlags, Common, CompareOp, Const, Op, Text};

use super::function::has_annotations;
use super::{Emit, UnitKind};
use crate::cx::R;
use crate::scope::Annotation;
use crate::tree::*;

/// The name of the set of the conditional annotations that have been reached.
const CONDITIONAL: &str = "__conditional_annotations__";

impl<'c, 'a> Emit<'c, 'a> {
    /// Pushes the function of a function's annotations, if it has any; says whether it has.
    pub(crate) fn function_annotations(&mut self, function: &'a Function<'a>, span: Span) -> R<bool> {
        let Some(scope) = function.annotate_scope.get() else { return Ok(false) };
        let params = function.params.in_annotation_order().filter_map(|p| Some((p.name, p.annotation?)));
        let mut all: Vec<(Text, E<'a>)> =
            params.map(|(name, e)| (self.cx.text(self.mangle(name)), e)).collect();
        if let Some(returns) = function.returns {
            all.push((Text::from("return"), returns));
        }
        self.annotation_unit(scope, Text::from("__annotate__"), "format", span)?;
        for (name, value) in &all {
            self.text(span, name.clone())?;
            self.annotation_value(value)?;
        }
        self.op(span, Op::BuildMap, all.len() as u32)?;
        self.op(span, Op::ReturnValue, 0)?;
        let code = self.leave()?;
        self.closure(code, span)?;
        Ok(true)
    }

    /// The value of an annotation; `*args: *Ts` unpacks.
    fn annotation_value(&mut self, value: E<'a>) -> R<()> {
        match value.kind {
            Kind::Starred(inner) => {
                self.expr(inner)?;
                self.op(value.span, Op::UnpackSequence, 1)
            }
            _ => self.expr(value),
        }
    }

    /// Enters the function of an annotation scope: it refuses formats that it does not know.
    pub(crate) fn annotation_unit(&mut self, scope: ScopeId, name: Text, format: &str, span: Span) -> R<()> {
        self.enter(UnitKind::Annotation, scope, name, span.line)?;
        let format = self.cx.intern(format);
        let local = self.var(format);
        self.unit.arg_count = 1;
        self.unit.posonly_count = 1;
        self.prologue(Span { line: span.line, end_line: span.line, ..Span::NONE })?;
        let fine = self.label();
        match self.cell(format) {
            Some(cell) => self.op(span, Op::LoadDeref, cell.0)?,
            None => self.op(span, Op::LoadFast, local.0)?,
        }
        self.constant(span, Const::Int(2))?;
        self.op(span, Op::CompareOp, CompareOp::Gt as u32)?;
        self.jump(span, Op::PopJumpIfFalse, fine)?;
        self.op(span, Op::LoadCommonConstant, Common::NotImplementedError as u32)?;
        self.op(span, Op::RaiseVarargs, 1)?;
        self.place(fine);
        Ok(())
    }

    /// At the start of a module: the function of its annotations.
    pub(crate) fn body_annotations(&mut self) -> R<()> {
        let table = self.scope();
        let at = Span { line: 1, end_line: 1, ..Span::NONE };
        if let Some(first) = table.annotations.first() {
            let at = Span { line: first.span.line, end_line: first.span.line, ..Span::NONE };
            self.annotate_function(at)?;
            self.plain_name(at, Op::StoreName, "__annotate__")?;
        }
        if table.conditional_annotations {
            self.op(at, Op::BuildSet, 0)?;
            self.plain_name(at, Op::StoreName, CONDITIONAL)?;
        }
        Ok(())
    }

    /// At the end of a class body: the function of its annotations.
    pub(crate) fn annotate_body(&mut self, at: Span) -> R<()> {
        if self.scope().annotations.is_empty() {
            return Ok(());
        }
        self.annotate_function(at)?;
        self.plain_name(at, Op::StoreName, "__annotate_func__")
    }

    fn annotate_function(&mut self, at: Span) -> R<()> {
        let table = self.scope();
        let Some(scope) = table.annotate else { return Ok(()) };
        let in_class = self.unit.kind == UnitKind::Class;
        self.annotation_unit(scope, Text::from("__annotate__"), "format", at)?;
        self.op(at, Op::BuildMap, 0)?;
        for annotation in &table.annotations {
            self.one_annotation(annotation, in_class, at)?;
        }
        self.op(at, Op::ReturnValue, 0)?;
        let code = self.leave()?;
        self.closure(code, at)
    }

    fn one_annotation(&mut self, annotation: &Annotation<'a>, in_class: bool, at: Span) -> R<()> {
        let skip = self.label();
        if let Some(number) = annotation.conditional {
            let span = annotation.span;
            self.constant(span, Const::Int(i64::from(number)))?;
            if in_class {
                self.special_cell(span, Op::LoadDeref, CONDITIONAL)?;
            } else {
                self.plain_name(span, Op::LoadGlobal, CONDITIONAL)?;
            }
            self.op(span, Op::ContainsOp, 0)?;
            self.jump(span, Op::PopJumpIfFalse, skip)?;
        }
        self.expr(annotation.value)?;
        self.op(annotation.span, Op::Copy, 2)?;
        let name = self.cx.text(annotation.name);
        self.text(annotation.span, name)?;
        self.op(at, Op::StoreSubscr, 0)?;
        self.place(skip);
        Ok(())
    }

    /// `target: annotation = value`
    pub(crate) fn ann_assign(
        &mut self,
        target: E<'a>,
        annotation: E<'a>,
        value: Option<E<'a>>,
        simple: bool,
        conditional: Option<u32>,
        span: Span,
    ) -> R<()> {
        if let Some(value) = value {
            self.expr(value)?;
            self.store(target)?;
        } else {
            self.op(span, Op::Nop, 0)?;
        }
        match target.kind {
            Kind::Name(name) if simple && !self.scope().kind.is_function_like() => {
                if self.cx.has_future(CodeFlags::FUTURE_ANNOTATIONS) {
                    self.expr(annotation)?;
                    self.plain_name(span, Op::LoadName, "__annotations__")?;
                    let name = self.cx.text(self.mangle(name));
                    self.text(span, name)?;
                    return self.op(span, Op::StoreSubscr, 0);
                }
                match conditional {
                    Some(number) => self.reached(number, span),
                    None => Ok(()),
                }
            }
            // Without a value, the parts of the target are still evaluated.
            Kind::Attribute(owner, ..) if value.is_none() => {
                self.expr(owner)?;
                self.op(span, Op::PopTop, 0)
            }
            Kind::Subscript(container, index) if value.is_none() => {
                self.expr(container)?;
                self.op(span, Op::PopTop, 0)?;
                if let Kind::Slice(lower, upper, step) = index.kind {
                    for part in [lower, upper, step].into_iter().flatten() {
                        self.expr(part)?;
                        self.op(span, Op::PopTop, 0)?;
                    }
                    return Ok(());
                }
                self.expr(index)?;
                self.op(span, Op::PopTop, 0)
            }
            _ => Ok(()),
        }
    }

    /// Notes that a conditional annotation has been reached; the set is whatever the program has made of the name.
    fn reached(&mut self, number: u32, span: Span) -> R<()> {
        if self.unit.kind == UnitKind::Class {
            self.special_cell(span, Op::LoadDeref, CONDITIONAL)?;
        } else {
            self.plain_name(span, Op::LoadName, CONDITIONAL)?;
        }
        self.plain_name(span, Op::LoadMethod, "add")?;
        self.constant(span, Const::Int(i64::from(number)))?;
        self.op(span, Op::Call, 1)?;
        self.op(span, Op::PopTop, 0)
    }

    /// Whether a module needs `SETUP_ANNOTATIONS`.
    pub(crate) fn needs_annotations(&self, body: &[Stmt<'_>]) -> bool {
        self.cx.has_future(CodeFlags::FUTURE_ANNOTATIONS) && has_annotations(body)
    }
}
