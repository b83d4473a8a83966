//! Type parameters and `type` (PEP 695 and 696).

use ryokan_bytecode::{Const, FunctionPart, Op, Text, TypeForm};

use super::names::Use;
use super::{Emit, UnitKind};
use crate::cx::{R, syntax};
use crate::tree::*;

impl<'c, 'a> Emit<'c, 'a> {
    /// Binds the type parameters, and pushes a tuple of them.
    pub(crate) fn type_params(&mut self, params: &'a [TypeParam<'a>], span: Span) -> R<()> {
        let big = params.len() > super::expr::STACK_USE_GUIDELINE;
        if big {
            self.op(span, Op::BuildList, 0)?;
        }
        let mut default_seen = false;
        for param in params {
            if default_seen && param.default.is_none() {
                let name = self.cx.name(param.name);
                let message = format!("non-default type parameter '{name}' follows default type parameter");
                return syntax(param.span, message);
            }
            default_seen |= param.default.is_some();
            let at = param.span;
            let name = self.cx.text(param.name);
            self.text(at, name)?;
            let form = match &param.kind {
                TypeParamKind::Var(None, _) => TypeForm::TypeVar,
                TypeParamKind::Var(Some(bound), scope) => {
                    self.computed(scope, param.name, bound)?;
                    match bound.kind {
                        Kind::Tuple(_) => TypeForm::TypeVarConstraints,
                        Kind::Const(id) if matches!(self.cx.value(id), Const::Tuple(_)) => {
                            TypeForm::TypeVarConstraints
                        }
                        _ => TypeForm::TypeVarBound,
                    }
                }
                TypeParamKind::Tuple => TypeForm::TypeVarTuple,
                TypeParamKind::Spec => TypeForm::ParamSpec,
            };
            self.op(at, Op::BuildTypeForm, form as u32)?;
            if let Some(default) = param.default {
                self.computed_scope(param.default_scope.get(), param.name, default)?;
                self.op(at, Op::BuildTypeForm, TypeForm::SetDefault as u32)?;
            }
            self.op(at, Op::Copy, 1)?;
            self.name(at, param.name, Use::Store)?;
            if big {
                self.op(at, Op::ListAppend, 1)?;
            }
        }
        match big {
            true => self.op(span, Op::ListToTuple, 0),
            false => self.op(span, Op::BuildTuple, params.len() as u32),
        }
    }

    fn computed(&mut self, scope: &ScopeCell, name: Sym, value: E<'a>) -> R<()> {
        self.computed_scope(scope.get(), name, value)
    }

    /// Pushes a function that computes a value.
    fn computed_scope(&mut self, scope: Option<ScopeId>, name: Sym, value: E<'a>) -> R<()> {
        let Some(scope) = scope else { return Ok(()) };
        let span = value.span;
        self.constant(span, Const::Tuple([Const::Int(1)].into()))?;
        let name: Text = self.cx.text(name);
        self.annotation_unit(scope, name, ".format", span)?;
        match value.kind {
            Kind::Starred(inner) => {
                self.expr(inner)?;
                self.op(span, Op::UnpackSequence, 1)?;
            }
            _ => self.expr(value)?,
        }
        self.op(span, Op::ReturnValue, 0)?;
        let code = self.leave()?;
        self.closure(code, span)?;
        self.part(span, FunctionPart::Defaults)
    }

    /// `type name[..] = value`
    pub(crate) fn type_alias(&mut self, alias: &'a TypeAlias<'a>, span: Span) -> R<()> {
        let Kind::Name(name) = alias.name.kind else { return Ok(()) };
        match alias.type_scope.get() {
            Some(scope) => {
                let generic = self.generic_name(name);
                self.enter(UnitKind::Annotation, scope, generic, span.line)?;
                self.prologue(Span { line: span.line, end_line: span.line, ..Span::NONE })?;
                let text = self.cx.text(name);
                self.text(span, text)?;
                self.type_params(alias.type_params, span)?;
                self.alias_value(alias, name, span)?;
                self.op(span, Op::ReturnValue, 0)?;
                let code = self.leave()?;
                self.closure(code, span)?;
                self.op(span, Op::PushNull, 0)?;
                self.op(span, Op::Call, 0)?;
            }
            None => {
                let text = self.cx.text(name);
                self.text(span, text)?;
                self.none(span)?;
                self.alias_value(alias, name, span)?;
            }
        }
        self.name(span, name, Use::Store)
    }

    fn alias_value(&mut self, alias: &'a TypeAlias<'a>, name: Sym, span: Span) -> R<()> {
        self.computed_scope(alias.scope.get(), name, alias.value)?;
        self.op(span, Op::BuildTypeForm, TypeForm::TypeAlias as u32)
    }
}
