//! Type parameters and `type` statements: each bound, default and value is a scope of its own.

use super::build::Build;
use super::{NameFlags, ScopeKind};
use crate::cx::{R, syntax};
use crate::tree::*;

impl<'a> Build<'_, 'a> {
    pub(super) fn type_alias(&mut self, alias: &'a TypeAlias<'a>) -> R<()> {
        self.target(alias.name)?;
        let name = match alias.name.kind {
            Kind::Name(name) => name,
            _ => self.cx.intern("<unknown>"),
        };
        let named = (name, alias.name.span.line);
        let value = |this: &mut Self| {
            this.annotation_scope(ScopeKind::TypeAlias, &alias.scope, "a type alias", named, |this| {
                this.expr(alias.value)
            })
            .map(drop)
        };
        if alias.type_params.is_empty() {
            return value(self);
        }
        self.annotation_scope(
            ScopeKind::TypeParams,
            &alias.type_scope,
            "the definition of a generic",
            named,
            |this| {
                this.type_params(alias.type_params)?;
                value(this)
            },
        )
        .map(drop)
    }

    pub(super) fn type_params(&mut self, params: &'a [TypeParam<'a>]) -> R<()> {
        for param in params {
            if self.cx.is(param.name, "__classdict__") {
                let message = "reserved name '__classdict__' cannot be used for type parameter";
                return syntax(param.span, message);
            }
            self.add(param.name, NameFlags::TYPE_PARAM | NameFlags::LOCAL, param.span)?;
            let named = (param.name, param.span.line);
            let default_of = match &param.kind {
                TypeParamKind::Var(bound, cell) => {
                    if let Some(bound) = bound {
                        let what = match bound.kind {
                            Kind::Tuple(_) => "a TypeVar constraint",
                            _ => "a TypeVar bound",
                        };
                        self.annotation_scope(ScopeKind::TypeVar, cell, what, named, |this| {
                            this.expr(bound)
                        })?;
                    }
                    "a TypeVar default"
                }
                TypeParamKind::Tuple => "a TypeVarTuple default",
                TypeParamKind::Spec => "a ParamSpec default",
            };
            if let Some(default) = param.default {
                self.annotation_scope(ScopeKind::TypeVar, &param.default_scope, default_of, named, |this| {
                    this.expr(default)
                })?;
            }
        }
        Ok(())
    }
}
