//! The first half of the symbol tables: who defines and uses which names.

use rustc_hash::FxHashMap;
use ryokan_bytecode::CodeFlags;

use super::{Annotation, NameFlags, Private, Scope, ScopeKind, Scopes};
use crate::cx::{Cx, R, syntax};
use crate::lower::{MORE_STACK, RED_ZONE};
use crate::tree::*;

/// Walks the tree.
pub(super) struct Build<'c, 'a> {
    pub(super) cx: &'c Cx<'a>,
    pub(super) scopes: Vec<Scope<'a>>,
    pub(super) directives: FxHashMap<(ScopeId, Sym), Span>,
    pub(super) cur: ScopeId,
    /// The class whose private names are mangled.
    class: Private<'a>,
    /// What an annotation scope is called in messages.
    pub(super) what: Vec<&'static str>,
}

impl<'c, 'a> Build<'c, 'a> {
    pub(super) fn new(cx: &'c Cx<'a>) -> Build<'c, 'a> {
        Build {
            cx,
            scopes: Vec::new(),
            directives: FxHashMap::default(),
            cur: ScopeId(0),
            class: Private::default(),
            what: Vec::new(),
        }
    }

    pub(super) fn run(mut self, root: &Root<'a>) -> R<Scopes<'a>> {
        let top = self.cx.intern("top");
        self.push(ScopeKind::Module, None, (top, 0));
        match root {
            Root::Module(_, body) => self.body(body)?,
            Root::Eval(value) => self.expr(value)?,
        }
        Ok(Scopes { scopes: self.scopes, directives: self.directives })
    }

    pub(super) fn scope(&mut self) -> &mut Scope<'a> {
        &mut self.scopes[self.cur.0 as usize]
    }

    pub(super) fn here(&self) -> &Scope<'a> {
        &self.scopes[self.cur.0 as usize]
    }

    fn push(&mut self, kind: ScopeKind, parent: Option<ScopeId>, (name, line): (Sym, u32)) -> ScopeId {
        let id = ScopeId(self.scopes.len() as u32);
        let nested = parent.is_some_and(|p| {
            let p = &self.scopes[p.0 as usize];
            p.nested || p.kind.is_function_like()
        });
        self.scopes.push(Scope {
            name,
            line,
            defined: false,
            kind,
            symbols: Vec::new(),
            index: FxHashMap::default(),
            children: Vec::new(),
            nested,
            generator: false,
            coroutine: false,
            comp: None,
            inlined: false,
            varargs: false,
            varkeywords: false,
            method: parent.is_some_and(|p| self.scopes[p.0 as usize].kind == ScopeKind::Class),
            sees_class: false,
            needs_class_closure: false,
            needs_classdict: false,
            conditional_annotations: false,
            annotations: Vec::new(),
            annotate: None,
            in_conditional: false,
            next_conditional: 0,
            comp_iter_target: false,
            // What is inside of the expression that a comprehension walks stays inside in a lambda there.
            comp_iter_expr: parent.map_or(0, |p| self.scopes[p.0 as usize].comp_iter_expr),
            has_free: false,
            parent,
        });
        if let Some(parent) = parent {
            self.scopes[parent.0 as usize].children.push(id);
        }
        id
    }

    /// Walks an inner block.
    pub(super) fn enter(
        &mut self,
        kind: ScopeKind,
        cell: &ScopeCell,
        named: (Sym, u32),
        run: impl FnOnce(&mut Self) -> R<()>,
    ) -> R<ScopeId> {
        self.cx.charge(size_of::<Scope<'_>>() * 2)?;
        let outer = self.cur;
        let id = self.push(kind, Some(outer), named);
        cell.set(Some(id));
        self.inside(id, run)?;
        Ok(id)
    }

    fn inside(&mut self, id: ScopeId, run: impl FnOnce(&mut Self) -> R<()>) -> R<()> {
        let outer = std::mem::replace(&mut self.cur, id);
        let result = run(self);
        self.cur = outer;
        result
    }

    /// An annotation scope, which sees the names of the class that it stands in.
    pub(super) fn annotation_scope(
        &mut self,
        kind: ScopeKind,
        cell: &ScopeCell,
        what: &'static str,
        named: (Sym, u32),
        run: impl FnOnce(&mut Self) -> R<()>,
    ) -> R<ScopeId> {
        let sees_class = self.here().kind == ScopeKind::Class || self.here().sees_class;
        self.enter(kind, cell, named, |this| {
            this.scope().sees_class = sees_class;
            if kind != ScopeKind::TypeParams {
                let format = this.cx.intern(if kind == ScopeKind::Annotation { "format" } else { ".format" });
                this.scope().add(format, NameFlags::PARAM | NameFlags::USE);
            }
            if sees_class {
                let classdict = this.cx.intern("__classdict__");
                this.scope().add(classdict, NameFlags::USE);
            }
            this.what.push(what);
            let result = run(this);
            this.what.pop();
            result
        })
    }

    pub(super) fn mangled(&self, name: Sym) -> Sym {
        self.class.mangle(self.cx, name)
    }

    pub(super) fn add(&mut self, name: Sym, flags: NameFlags, span: Span) -> R<()> {
        let name = self.mangled(name);
        let old = self.here().get(name).map_or(NameFlags::empty(), |s| s.flags);
        if (flags & old).intersects(NameFlags::PARAM) {
            let message = format!("duplicate argument '{}' in function definition", self.cx.name(name));
            return syntax(span, message);
        }
        if (flags & old).intersects(NameFlags::TYPE_PARAM) {
            return syntax(span, format!("duplicate type parameter '{}'", self.cx.name(name)));
        }
        let mut flags = flags;
        if self.here().comp_iter_target {
            if old.intersects(NameFlags::GLOBAL | NameFlags::NONLOCAL) {
                let message = format!(
                    "comprehension inner loop cannot rebind assignment expression target '{}'",
                    self.cx.name(name)
                );
                return syntax(span, message);
            }
            flags |= NameFlags::COMP_ITER;
        }
        if old.is_empty() {
            self.cx.charge(48)?;
        }
        self.scope().add(name, flags);
        if flags.intersects(NameFlags::GLOBAL) {
            self.scopes[0].add(name, NameFlags::GLOBAL);
        }
        Ok(())
    }

    fn body(&mut self, body: &'a [Stmt<'a>]) -> R<()> {
        for stmt in body {
            self.async_stmt(stmt)?;
            stacker::maybe_grow(RED_ZONE, MORE_STACK, || self.stmt(stmt))?;
        }
        Ok(())
    }

    fn conditional(&mut self, run: impl FnOnce(&mut Self) -> R<()>) -> R<()> {
        let before = std::mem::replace(&mut self.scope().in_conditional, true);
        let result = run(self);
        self.scope().in_conditional = before;
        result
    }

    /// Whether `await` may stand here.
    pub(super) fn may_await(&self, span: Span) -> R<()> {
        let here = self.here();
        if here.may_await(self.cx) || here.comp.is_some() || here.defined && here.coroutine {
            return Ok(());
        }
        let what = if here.kind.is_function_like() { "async function" } else { "function" };
        syntax(span, format!("'await' outside {what}"))
    }

    /// An `async for` or `async with` stands in what may await; a module with one awaits.
    fn async_stmt(&mut self, stmt: &Stmt<'a>) -> R<()> {
        let word = match stmt.kind {
            StmtKind::For { is_async: true, .. } => "for",
            StmtKind::With { is_async: true, .. } => "with",
            _ => return Ok(()),
        };
        let here = self.here();
        if !(here.may_await(self.cx) || here.defined && here.coroutine) {
            return syntax(stmt.span, format!("'async {word}' outside async function"));
        }
        if here.kind == ScopeKind::Module {
            self.scope().coroutine = true;
        }
        Ok(())
    }

    fn stmt(&mut self, stmt: &'a Stmt<'a>) -> R<()> {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Expr(e) => self.expr(e),
            StmtKind::Assign(targets, value) => {
                for target in *targets {
                    self.target(target)?;
                }
                self.expr(value)
            }
            StmtKind::AugAssign(target, _, value) => {
                self.target(target)?;
                self.expr(value)
            }
            StmtKind::AnnAssign { target, annotation, value, simple, conditional } => {
                self.ann_assign(target, annotation, *value, *simple, conditional, span)
            }
            StmtKind::Return(value) => self.optional(*value),
            StmtKind::Delete(targets) => targets.iter().try_for_each(|t| self.target(t)),
            StmtKind::Raise(exc, cause) => {
                self.optional(*exc)?;
                self.optional(*cause)
            }
            StmtKind::Assert(test, message) => {
                self.expr(test)?;
                self.optional(*message)
            }
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => Ok(()),
            StmtKind::Global(names) => self.directive(names, NameFlags::GLOBAL, "global", span),
            StmtKind::Nonlocal(names) => self.directive(names, NameFlags::NONLOCAL, "nonlocal", span),
            StmtKind::Import(aliases) => {
                for alias in *aliases {
                    let bound = match alias.asname {
                        Some(name) => name,
                        None => self.first_part(alias.name),
                    };
                    self.add(bound, NameFlags::IMPORT, alias.span)?;
                }
                Ok(())
            }
            StmtKind::ImportFrom { names, star, .. } => {
                if *star && self.here().kind != ScopeKind::Module {
                    let at = Span { col: span.end_col.saturating_sub(1), line: span.end_line, ..span };
                    return syntax(at, "import * only allowed at module level");
                }
                names.iter().try_for_each(|a| self.add(a.asname.unwrap_or(a.name), NameFlags::IMPORT, a.span))
            }
            StmtKind::If(branches, orelse) => self.conditional(|this| {
                for (test, body) in *branches {
                    this.expr(test)?;
                    this.body(body)?;
                }
                this.body(orelse)
            }),
            StmtKind::While(test, body, orelse) => self.conditional(|this| {
                this.expr(test)?;
                this.body(body)?;
                this.body(orelse)
            }),
            StmtKind::For { target, iter, body, orelse, .. } => self.conditional(|this| {
                this.target(target)?;
                this.expr(iter)?;
                this.body(body)?;
                this.body(orelse)
            }),
            StmtKind::With { items, body, .. } => self.conditional(|this| {
                for item in *items {
                    this.expr(item.context)?;
                    if let Some(target) = item.target {
                        this.target(target)?;
                    }
                }
                this.body(body)
            }),
            StmtKind::Try { body, handlers, orelse, finals, .. } => self.conditional(|this| {
                this.body(body)?;
                for handler in *handlers {
                    this.optional(handler.kind)?;
                    if let Some(name) = handler.name {
                        this.add(name, NameFlags::LOCAL, handler.span)?;
                    }
                    this.body(handler.body)?;
                }
                this.body(orelse)?;
                this.body(finals)
            }),
            StmtKind::Match(subject, cases) => self.conditional(|this| {
                this.expr(subject)?;
                for case in *cases {
                    this.pattern(case.pattern)?;
                    this.optional(case.guard)?;
                    this.body(case.body)?;
                }
                Ok(())
            }),
            StmtKind::Function(function) => self.function(function, span),
            StmtKind::Class(class) => self.class(class, span),
            StmtKind::TypeAlias(alias) => self.type_alias(alias),
        }
    }

    fn first_part(&self, name: Sym) -> Sym {
        let name = self.cx.name(name);
        self.cx.intern(name.split('.').next().unwrap_or_default())
    }

    fn directive(&mut self, names: &'a [Sym], flag: NameFlags, word: &str, span: Span) -> R<()> {
        for name in names {
            let mangled = self.mangled(*name);
            let old = self.here().get(mangled).map_or(NameFlags::empty(), |s| s.flags);
            let text = self.cx.name(*name);
            if old.intersects(NameFlags::PARAM) {
                return syntax(span, format!("name '{text}' is parameter and {word}"));
            }
            if old.intersects(NameFlags::USE) {
                return syntax(span, format!("name '{text}' is used prior to {word} declaration"));
            }
            if old.intersects(NameFlags::ANNOT) {
                return syntax(span, format!("annotated name '{text}' can't be {word}"));
            }
            // (What an import binds may be declared later.)
            if old.intersects(NameFlags::LOCAL) {
                return syntax(span, format!("name '{text}' is assigned to before {word} declaration"));
            }
            self.add(*name, flag, span)?;
            self.directives.entry((self.cur, mangled)).or_insert(span);
        }
        Ok(())
    }

    fn ann_assign(
        &mut self,
        target: E<'a>,
        annotation: E<'a>,
        value: Option<E<'a>>,
        simple: bool,
        conditional: &std::cell::Cell<Option<u32>>,
        span: Span,
    ) -> R<()> {
        if let Kind::Name(name) = target.kind {
            let mangled = self.mangled(name);
            let old = self.here().get(mangled).map_or(NameFlags::empty(), |s| s.flags);
            let module = self.cur == ScopeId(0);
            if simple && !module && old.intersects(NameFlags::GLOBAL | NameFlags::NONLOCAL) {
                let word = if old.intersects(NameFlags::GLOBAL) { "global" } else { "nonlocal" };
                return syntax(span, format!("annotated name '{}' can't be {word}", self.cx.name(name)));
            }
            if simple {
                self.add(name, NameFlags::ANNOT | NameFlags::LOCAL, target.span)?;
            } else if value.is_some() {
                self.add(name, NameFlags::LOCAL, target.span)?;
            }
        } else {
            self.target(target)?;
        }
        if self.here().kind.is_function_like() {
            // Annotations of locals are never evaluated.
            self.unevaluated(annotation)?;
        } else {
            self.deferred_annotation(target, annotation, simple, conditional, span)?;
        }
        self.optional(value)
    }

    fn deferred_annotation(
        &mut self,
        target: E<'a>,
        annotation: E<'a>,
        simple: bool,
        conditional: &std::cell::Cell<Option<u32>>,
        span: Span,
    ) -> R<()> {
        if self.here().kind == ScopeKind::Module && !self.cx.has_future(CodeFlags::FUTURE_ANNOTATIONS) {
            self.scope().conditional_annotations = true;
        }
        let Kind::Name(name) = target.kind else { return self.unevaluated(annotation) };
        if !simple {
            return self.unevaluated(annotation);
        }
        if self.cx.has_future(CodeFlags::FUTURE_ANNOTATIONS) {
            return self.unevaluated(annotation);
        }
        // Who asks a module may do so before its end: there any annotation may be one that has not been reached.
        if self.here().in_conditional || self.here().kind == ScopeKind::Module {
            let number = self.here().next_conditional;
            self.scope().next_conditional += 1;
            conditional.set(Some(number));
            self.scope().conditional_annotations = true;
        }
        let name = self.mangled(name);
        let numbered = conditional.get();
        self.scope().annotations.push(Annotation { name, value: annotation, conditional: numbered, span });
        let id = match self.here().annotate {
            Some(id) => id,
            None => {
                let cell = ScopeCell::default();
                let named = (self.cx.intern("__annotate__"), span.line);
                let id =
                    self.annotation_scope(ScopeKind::Annotation, &cell, "an annotation", named, |_| Ok(()))?;
                self.scope().annotate = Some(id);
                id
            }
        };
        let in_class = self.here().kind == ScopeKind::Class;
        self.inside(id, |this| {
            if numbered.is_some() && in_class {
                let conditional = this.cx.intern("__conditional_annotations__");
                this.scope().add(conditional, NameFlags::USE);
            }
            this.what.push("an annotation");
            let result = this.expr(annotation);
            this.what.pop();
            result
        })
    }

    /// Only checks: yields and awaits may not stand in an annotation.
    fn unevaluated(&mut self, annotation: E<'a>) -> R<()> {
        let saved = self.cur;
        let children = self.here().children.len();
        let cell = ScopeCell::default();
        let named = (self.cx.intern("__annotate__"), annotation.span.line);
        let result = self.annotation_scope(ScopeKind::Annotation, &cell, "an annotation", named, |this| {
            this.expr(annotation)
        });
        // The scopes opened inside are forgotten: no code will be made of them.
        self.cur = saved;
        self.scope().children.truncate(children);
        result.map(drop)
    }

    fn function(&mut self, function: &'a Function<'a>, span: Span) -> R<()> {
        self.add(function.name, NameFlags::LOCAL, span)?;
        for decorator in function.decorators {
            self.expr(decorator)?;
        }
        self.defaults(&function.params)?;
        if function.type_params.is_empty() {
            return self.function_inner(function, span.line);
        }
        self.annotation_scope(
            ScopeKind::TypeParams,
            &function.type_scope,
            "the definition of a generic",
            (function.name, span.line),
            |this| {
                if has_defaults(&function.params) {
                    let name = this.cx.intern(".defaults");
                    this.scope().add(name, NameFlags::PARAM | NameFlags::USE);
                }
                if function.params.kwonly.iter().any(|p| p.default.is_some()) {
                    let name = this.cx.intern(".kwdefaults");
                    this.scope().add(name, NameFlags::PARAM | NameFlags::USE);
                }
                this.type_params(function.type_params)?;
                this.function_inner(function, span.line)
            },
        )
        .map(drop)
    }

    pub(super) fn defaults(&mut self, params: &Params<'a>) -> R<()> {
        for param in params.posonly.iter().chain(params.args).chain(params.kwonly) {
            self.optional(param.default)?;
        }
        Ok(())
    }

    fn function_inner(&mut self, function: &'a Function<'a>, line: u32) -> R<()> {
        let annotated =
            function.returns.is_some() || function.params.in_local_order().any(|p| p.annotation.is_some());
        if annotated {
            self.annotation_scope(
                ScopeKind::Annotation,
                &function.annotate_scope,
                "an annotation",
                (self.cx.intern("__annotate__"), line),
                |this| {
                    for param in function.params.in_annotation_order() {
                        this.optional(param.annotation)?;
                    }
                    this.optional(function.returns)
                },
            )?;
        }
        // CPython opens a scope of annotations for every method, which needs the class namespace.
        if self.here().kind == ScopeKind::Class {
            self.scope().needs_classdict = true;
        }
        let whats = std::mem::take(&mut self.what);
        self.enter(ScopeKind::Function, &function.scope, (function.name, line), |this| {
            this.scope().defined = true;
            this.scope().coroutine = function.is_async;
            this.params(&function.params)?;
            this.body(function.body)
        })?;
        self.what = whats;
        Ok(())
    }

    pub(super) fn params(&mut self, params: &Params<'a>) -> R<()> {
        for param in params.in_local_order() {
            self.add(param.name, NameFlags::PARAM, param.span)?;
        }
        self.scope().varargs = params.vararg.is_some();
        self.scope().varkeywords = params.kwarg.is_some();
        Ok(())
    }

    fn class(&mut self, class: &'a Class<'a>, span: Span) -> R<()> {
        self.add(class.name, NameFlags::LOCAL, span)?;
        for decorator in class.decorators {
            self.expr(decorator)?;
        }
        if class.type_params.is_empty() {
            return self.class_inner(class, span.line);
        }
        let outer = std::mem::replace(&mut self.class, Private::type_params(class));
        self.annotation_scope(
            ScopeKind::TypeParams,
            &class.type_scope,
            "the definition of a generic",
            (class.name, span.line),
            |this| {
                let type_params = this.cx.intern(".type_params");
                let base = this.cx.intern(".generic_base");
                this.scope().add(type_params, NameFlags::LOCAL | NameFlags::USE);
                this.scope().add(base, NameFlags::LOCAL | NameFlags::USE);
                this.type_params(class.type_params)?;
                this.class_inner(class, span.line)
            },
        )?;
        self.class = outer;
        Ok(())
    }

    fn class_inner(&mut self, class: &'a Class<'a>, line: u32) -> R<()> {
        for base in class.bases {
            self.expr(base)?;
        }
        for keyword in class.keywords {
            self.expr(keyword.value)?;
        }
        let whats = std::mem::take(&mut self.what);
        let outer = std::mem::replace(&mut self.class, Private::body(class));
        self.enter(ScopeKind::Class, &class.scope, (class.name, line), |this| {
            if !class.type_params.is_empty() {
                let own = this.cx.intern("__type_params__");
                let outer = this.cx.intern(".type_params");
                this.scope().add(own, NameFlags::LOCAL);
                this.scope().add(outer, NameFlags::USE);
            }
            this.body(class.body)
        })?;
        self.class = outer;
        self.what = whats;
        Ok(())
    }
}

/// Whether a parameter that may be given by position has a default.
pub fn has_defaults(params: &Params<'_>) -> bool {
    params.posonly.iter().chain(params.args).any(|p| p.default.is_some())
}
