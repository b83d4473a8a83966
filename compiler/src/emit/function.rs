//! Functions, lambdas and classes.

use ryokan_bytecode::{Code, CodeFlags, Const, FunctionPart, LocalKind, Op, Text, TypeForm};
use std::rc::Rc;

use super::names::Use;
use super::{Emit, LocalRef, UnitKind};
use crate::cx::R;
use crate::scope::Private;
use crate::tree::*;

impl<'c, 'a> Emit<'c, 'a> {
    /// Pushes a function of a code object, with its closure.
    pub(crate) fn closure(&mut self, code: Code, span: Span) -> R<()> {
        if !self.unit.reachable {
            return Ok(());
        }
        let frees: Vec<Text> =
            code.locals.iter().filter(|l| l.kind == LocalKind::Free).map(|l| l.name.clone()).collect();
        for name in &frees {
            let name = self.cx.intern_text(name.clone());
            if let Some(cell) = self.cell(name) {
                self.op(span, Op::LoadClosure, cell.0)?;
            }
        }
        if !frees.is_empty() {
            self.op(span, Op::BuildTuple, frees.len() as u32)?;
        }
        self.constant(span, Const::Code(Rc::new(code)))?;
        self.op(span, Op::MakeFunction, 0)?;
        if frees.is_empty() { Ok(()) } else { self.part(span, FunctionPart::Closure) }
    }

    pub(crate) fn part(&mut self, span: Span, part: FunctionPart) -> R<()> {
        self.op(span, Op::SetFunctionAttribute, part as u32)
    }

    /// Pushes the defaults; gives which there are.
    fn defaults(&mut self, params: &Params<'a>, span: Span) -> R<(bool, bool)> {
        let mut count = 0;
        for param in params.posonly.iter().chain(params.args) {
            if let Some(default) = param.default {
                self.expr(default)?;
                count += 1;
            }
        }
        if count > 0 {
            self.fold_tuple(count, span)?;
        }
        let mut keywords = 0;
        for param in params.kwonly {
            if let Some(default) = param.default {
                let name = self.cx.text(self.mangle(param.name));
                self.text(span, name)?;
                self.expr(default)?;
                keywords += 1;
            }
        }
        if keywords > 0 {
            self.op(span, Op::BuildMap, keywords)?;
        }
        Ok((count > 0, keywords > 0))
    }

    /// A tuple of the top values, which is a constant if they are.
    pub(crate) fn fold_tuple(&mut self, count: u32, span: Span) -> R<()> {
        let unit = &mut self.unit;
        let start = unit.ins.len().saturating_sub(count as usize);
        let bound = unit.labels.iter().any(|l| l.at.is_some_and(|at| at as usize > start));
        let values: Option<Vec<Const>> = unit.ins[start..]
            .iter()
            .map(|ins| match ins.op {
                Op::LoadConst => Some(unit.consts[ins.arg as usize].clone()),
                Op::LoadSmallInt => Some(Const::Int(i64::from(ins.arg))),
                _ => None,
            })
            .collect();
        match values {
            Some(values) if unit.reachable && !bound => {
                unit.ins.truncate(start);
                unit.depth -= count;
                self.constant(span, Const::Tuple(values.into()))
            }
            _ => self.op(span, Op::BuildTuple, count),
        }
    }

    pub(crate) fn lambda(&mut self, lambda: &'a Lambda<'a>, span: Span) -> R<()> {
        let Some(scope) = lambda.scope.get() else { return Ok(()) };
        let (defaults, kwdefaults) = self.defaults(&lambda.params, span)?;
        self.enter(UnitKind::Lambda, scope, Text::from("<lambda>"), span.line)?;
        self.take_params(&lambda.params);
        self.prologue(Span { end_line: span.line, ..span })?;
        self.expr(lambda.body)?;
        self.op(lambda.body.span, Op::ReturnValue, 0)?;
        let code = self.leave()?;
        self.closure(code, span)?;
        if kwdefaults {
            self.part(span, FunctionPart::KwDefaults)?;
        }
        if defaults {
            self.part(span, FunctionPart::Defaults)?;
        }
        Ok(())
    }

    fn apply_decorators(&mut self, decorators: &'a [E<'a>]) -> R<()> {
        decorators.iter().rev().try_for_each(|d| self.op(d.span, Op::Call, 0))
    }

    /// `def`
    pub(crate) fn function(&mut self, function: &'a Function<'a>, span: Span) -> R<()> {
        for decorator in function.decorators {
            self.expr(decorator)?;
        }
        let first_line = function.decorators.first().map_or(span.line, |d| d.span.line);
        let at = Span { line: first_line, end_line: first_line, ..Span::NONE };
        let (defaults, kwdefaults) = self.defaults(&function.params, span)?;
        match function.type_scope.get() {
            None => {
                self.function_inner(function, first_line, span)?;
                self.default_parts(defaults, kwdefaults, span)?;
            }
            Some(scope) => {
                let generic = self.generic_name(function.name);
                self.enter(UnitKind::Annotation, scope, generic, first_line)?;
                let mut locals: Vec<LocalRef> = Vec::new();
                for (there, name) in [(defaults, ".defaults"), (kwdefaults, ".kwdefaults")] {
                    if there {
                        let name = self.cx.intern(name);
                        locals.push(self.var(name));
                        self.unit.arg_count += 1;
                    }
                }
                self.prologue(at)?;
                self.type_params(function.type_params, span)?;
                for local in &locals {
                    self.op(span, Op::LoadFast, local.0)?;
                }
                self.function_inner(function, first_line, span)?;
                self.default_parts(defaults, kwdefaults, span)?;
                self.op(span, Op::Swap, 2)?;
                self.op(span, Op::BuildTypeForm, TypeForm::SetTypeParams as u32)?;
                self.op(span, Op::ReturnValue, 0)?;
                let code = self.leave()?;
                self.closure(code, span)?;
                // The first of the defaults stands where a self would.
                match locals.len() {
                    0 => self.op(span, Op::PushNull, 0)?,
                    1 => self.op(span, Op::Swap, 2)?,
                    _ => {
                        self.op(span, Op::Swap, 3)?;
                        self.op(span, Op::Swap, 2)?;
                    }
                }
                self.op(span, Op::Call, (locals.len() as u32).saturating_sub(1))?;
            }
        }
        self.apply_decorators(function.decorators)?;
        self.name(span, function.name, Use::Store)
    }

    pub(crate) fn generic_name(&self, name: Sym) -> Text {
        Text::from_wtf8(&[b"<generic parameters of ", self.cx.text(name).as_wtf8(), b">"].concat())
    }

    fn default_parts(&mut self, defaults: bool, kwdefaults: bool, span: Span) -> R<()> {
        if kwdefaults {
            self.part(span, FunctionPart::KwDefaults)?;
        }
        if defaults {
            self.part(span, FunctionPart::Defaults)?;
        }
        Ok(())
    }

    /// The function itself; its defaults are on the stack, or locals of the generic scope.
    fn function_inner(&mut self, function: &'a Function<'a>, first_line: u32, span: Span) -> R<()> {
        let Some(scope) = function.scope.get() else { return Ok(()) };
        let annotations = self.function_annotations(function, span)?;
        let kind = if function.is_async { UnitKind::AsyncFunction } else { UnitKind::Function };
        let name = self.cx.text(function.name);
        self.enter(kind, scope, name, first_line)?;
        self.take_params(&function.params);
        self.take_doc(function.doc);
        self.prologue(Span { line: first_line, end_line: first_line, ..Span::NONE })?;
        self.stmts(match (function.doc, function.body) {
            (Some(_), [_, rest @ ..]) => rest,
            (_, body) => body,
        })?;
        let code = self.leave()?;
        self.closure(code, span)?;
        if annotations { self.part(span, FunctionPart::Annotate) } else { Ok(()) }
    }

    /// `class`
    pub(crate) fn class(&mut self, class: &'a Class<'a>, span: Span) -> R<()> {
        for decorator in class.decorators {
            self.expr(decorator)?;
        }
        let first_line = class.decorators.first().map_or(span.line, |d| d.span.line);
        match class.type_scope.get() {
            None => {
                self.class_call(class, first_line, span)?;
                self.arguments(2, class.bases, class.keywords, span)?;
            }
            Some(scope) => {
                let generic = self.generic_name(class.name);
                self.enter(UnitKind::Annotation, scope, generic, first_line)?;
                self.unit.class = Private::type_params(class);
                self.prologue(Span { line: first_line, end_line: first_line, ..Span::NONE })?;
                self.type_params(class.type_params, span)?;
                let params = self.cx.intern(".type_params");
                self.name(span, params, Use::Store)?;
                self.class_call(class, first_line, span)?;
                self.name(span, params, Use::Load)?;
                self.op(span, Op::BuildTypeForm, TypeForm::Generic as u32)?;
                let base = self.cx.intern(".generic_base");
                self.name(span, base, Use::Store)?;
                let base: E<'a> = self.cx.bump.alloc(Expr { span, kind: Kind::Name(base) });
                let mut bases = class.bases.to_vec();
                bases.push(base);
                let bases: &'a [E<'a>] = self.cx.bump.alloc_slice_copy(&bases);
                self.arguments(2, bases, class.keywords, span)?;
                self.op(span, Op::ReturnValue, 0)?;
                let code = self.leave()?;
                self.closure(code, span)?;
                self.op(span, Op::PushNull, 0)?;
                self.op(span, Op::Call, 0)?;
            }
        }
        self.apply_decorators(class.decorators)?;
        self.name(span, class.name, Use::Store)
    }

    /// Pushes `__build_class__`, the body's function and the name.
    fn class_call(&mut self, class: &'a Class<'a>, first_line: u32, span: Span) -> R<()> {
        let Some(scope) = class.scope.get() else { return Ok(()) };
        self.op(span, Op::LoadBuildClass, 0)?;
        self.op(span, Op::PushNull, 0)?;
        self.enter(UnitKind::Class, scope, self.cx.text(class.name), first_line)?;
        self.class_body(class, Span { line: first_line, end_line: first_line, ..Span::NONE })?;
        let code = self.leave()?;
        self.closure(code, span)?;
        let name = self.cx.text(class.name);
        self.text(span, name)
    }

    fn class_body(&mut self, class: &'a Class<'a>, at: Span) -> R<()> {
        self.unit.class = Private::body(class);
        let table = self.scope();
        self.prologue(at)?;
        self.plain_name(at, Op::LoadName, "__name__")?;
        self.plain_name(at, Op::StoreName, "__module__")?;
        let qualname = self.unit.qualname.clone();
        self.text(at, qualname)?;
        self.plain_name(at, Op::StoreName, "__qualname__")?;
        self.constant(at, Const::Int(i64::from(at.line)))?;
        self.plain_name(at, Op::StoreName, "__firstlineno__")?;
        if !class.type_params.is_empty() {
            let params = self.cx.intern(".type_params");
            self.name(at, params, Use::Load)?;
            self.plain_name(at, Op::StoreName, "__type_params__")?;
        }
        if table.needs_classdict {
            self.op(at, Op::LoadLocals, 0)?;
            self.special_cell(at, Op::StoreDeref, "__classdict__")?;
        }
        if table.conditional_annotations {
            self.op(at, Op::BuildSet, 0)?;
            self.special_cell(at, Op::StoreDeref, "__conditional_annotations__")?;
        }
        let mut body = class.body;
        if let (Some(doc), [first, rest @ ..]) = (class.doc, class.body) {
            let value = self.cx.value(doc);
            self.constant(first.span, value)?;
            self.plain_name(first.span, Op::StoreName, "__doc__")?;
            body = rest;
        }
        if self.cx.has_future(CodeFlags::FUTURE_ANNOTATIONS) && has_annotations(body) {
            self.op(at, Op::SetupAnnotations, 0)?;
        }
        self.stmts(body)?;
        self.annotate_body(at)?;
        // What a class ends with belongs to the line that comes to it.
        let at = Span::NONE;
        let mut attributes: Vec<Text> =
            self.unit.static_attributes.iter().map(|sym| self.cx.text(*sym)).collect();
        attributes.sort();
        self.constant(at, Const::Tuple(attributes.into_iter().map(Const::Str).collect()))?;
        self.plain_name(at, Op::StoreName, "__static_attributes__")?;
        if table.needs_classdict {
            self.special_cell(at, Op::LoadClosure, "__classdict__")?;
            self.plain_name(at, Op::StoreName, "__classdictcell__")?;
        }
        if table.needs_class_closure {
            self.special_cell(at, Op::LoadClosure, "__class__")?;
            self.op(at, Op::Copy, 1)?;
            self.plain_name(at, Op::StoreName, "__classcell__")?;
        } else {
            self.none(at)?;
        }
        self.op(at, Op::ReturnValue, 0)
    }

    /// An instruction on a name that nothing mangles or scopes.
    pub(crate) fn plain_name(&mut self, span: Span, op: Op, name: &str) -> R<()> {
        let index = self.name_index(self.cx.intern(name));
        self.op(span, op, index)
    }

    pub(crate) fn special_cell(&mut self, span: Span, op: Op, name: &str) -> R<()> {
        match self.cell(self.cx.intern(name)) {
            Some(cell) => self.op(span, op, cell.0),
            None => Ok(()),
        }
    }
}

/// Whether a block has simple annotations (not in inner scopes).
pub(crate) fn has_annotations(body: &[Stmt<'_>]) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::AnnAssign { .. } => true,
        StmtKind::If(branches, orelse) => {
            branches.iter().any(|(_, b)| has_annotations(b)) || has_annotations(orelse)
        }
        StmtKind::While(_, body, orelse) | StmtKind::For { body, orelse, .. } => {
            has_annotations(body) || has_annotations(orelse)
        }
        StmtKind::With { body, .. } => has_annotations(body),
        StmtKind::Try { body, handlers, orelse, finals, .. } => {
            [body, orelse, finals].into_iter().any(|b| has_annotations(b))
                || handlers.iter().any(|h| has_annotations(h.body))
        }
        StmtKind::Match(_, cases) => cases.iter().any(|c| has_annotations(c.body)),
        _ => false,
    })
}
