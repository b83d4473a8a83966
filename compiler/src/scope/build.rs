//! The first half of the symbol tables: who defines and uses which names.

use rustc_hash::FxHashMap;

use super::{Annotation, Block, Scope, Scopes, def, mangle};
use crate::cx::{Cx, Fail, R, syntax};
use crate::lower::{MORE_STACK, RED_ZONE};
use crate::tree::*;

/// Walks the tree.
pub(super) struct Build<'c, 'a> {
    pub(super) cx: &'c Cx<'a>,
    scopes: Vec<Scope<'a>>,
    directives: FxHashMap<(ScopeId, Sym), Span>,
    cur: ScopeId,
    /// The class whose private names are mangled.
    class: Option<Sym>,
    /// What an annotation scope is called in messages.
    what: Vec<&'static str>,
}

impl<'c, 'a> Build<'c, 'a> {
    pub(super) fn new(cx: &'c Cx<'a>) -> Build<'c, 'a> {
        Build {
            cx,
            scopes: Vec::new(),
            directives: FxHashMap::default(),
            cur: ScopeId(0),
            class: None,
            what: Vec::new(),
        }
    }

    pub(super) fn run(mut self, root: &Root<'a>) -> R<Scopes<'a>> {
        self.push(Block::Module, None);
        match root {
            Root::Module(_, body) => self.body(body)?,
            Root::Eval(value) => self.expr(value)?,
        }
        Ok(Scopes { scopes: self.scopes, directives: self.directives })
    }

    fn scope(&mut self) -> &mut Scope<'a> {
        &mut self.scopes[self.cur.0 as usize]
    }

    fn here(&self) -> &Scope<'a> {
        &self.scopes[self.cur.0 as usize]
    }

    fn push(&mut self, kind: Block, parent: Option<ScopeId>) -> ScopeId {
        let id = ScopeId(self.scopes.len() as u32);
        let nested = parent.is_some_and(|p| {
            let p = &self.scopes[p.0 as usize];
            p.nested || p.kind.is_function_like()
        });
        self.scopes.push(Scope {
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
            method: parent.is_some_and(|p| self.scopes[p.0 as usize].kind == Block::Class),
            sees_class: false,
            needs_class_closure: false,
            needs_classdict: false,
            conditional_annotations: false,
            annotations: Vec::new(),
            annotate: None,
            in_conditional: false,
            next_conditional: 0,
            comp_iter_target: false,
            comp_iter_expr: 0,
            has_free: false,
            parent,
        });
        if let Some(parent) = parent {
            self.scopes[parent.0 as usize].children.push(id);
        }
        id
    }

    /// Walks an inner block.
    fn enter(&mut self, kind: Block, cell: &ScopeCell, run: impl FnOnce(&mut Self) -> R<()>) -> R<ScopeId> {
        self.cx.charge(size_of::<Scope<'_>>() * 2)?;
        let outer = self.cur;
        let id = self.push(kind, Some(outer));
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
    fn annotation_scope(
        &mut self,
        kind: Block,
        cell: &ScopeCell,
        what: &'static str,
        run: impl FnOnce(&mut Self) -> R<()>,
    ) -> R<ScopeId> {
        let sees_class = self.here().kind == Block::Class || self.here().sees_class;
        self.enter(kind, cell, |this| {
            this.scope().sees_class = sees_class;
            if kind != Block::TypeParams {
                let format = this.cx.intern(if kind == Block::Annotation { "format" } else { ".format" });
                this.scope().add(format, def::PARAM | def::USE);
            }
            if sees_class {
                let classdict = this.cx.intern("__classdict__");
                this.scope().add(classdict, def::USE);
            }
            this.what.push(what);
            let result = run(this);
            this.what.pop();
            result
        })
    }

    fn mangled(&self, name: Sym) -> Sym {
        mangle(self.cx, self.class, name)
    }

    fn add(&mut self, name: Sym, flags: u16, span: Span) -> R<()> {
        let name = self.mangled(name);
        let old = self.here().get(name).map_or(0, |s| s.flags);
        if flags & old & def::PARAM != 0 {
            let message = format!("duplicate argument '{}' in function definition", self.cx.name(name));
            return syntax(span, message);
        }
        if flags & old & def::TYPE_PARAM != 0 {
            return syntax(span, format!("duplicate type parameter '{}'", self.cx.name(name)));
        }
        let mut flags = flags;
        if self.here().comp_iter_target {
            if old & (def::GLOBAL | def::NONLOCAL) != 0 {
                let message = format!(
                    "comprehension inner loop cannot rebind assignment expression target '{}'",
                    self.cx.name(name)
                );
                return syntax(span, message);
            }
            flags |= def::COMP_ITER;
        }
        if old == 0 {
            self.cx.charge(48)?;
        }
        self.scope().add(name, flags);
        if flags & def::GLOBAL != 0 {
            self.scopes[0].add(name, def::GLOBAL);
        }
        Ok(())
    }

    fn body(&mut self, body: &'a [Stmt<'a>]) -> R<()> {
        for stmt in body {
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
            StmtKind::Global(names) => self.directive(names, def::GLOBAL, "global", span),
            StmtKind::Nonlocal(names) => self.directive(names, def::NONLOCAL, "nonlocal", span),
            StmtKind::Import(aliases) => {
                for alias in *aliases {
                    let bound = match alias.asname {
                        Some(name) => name,
                        None => self.first_part(alias.name),
                    };
                    self.add(bound, def::IMPORT, alias.span)?;
                }
                Ok(())
            }
            StmtKind::ImportFrom { names, star, .. } => {
                if *star && self.here().kind != Block::Module {
                    let at = Span { col: span.end_col.saturating_sub(1), line: span.end_line, ..span };
                    return syntax(at, "import * only allowed at module level");
                }
                names.iter().try_for_each(|a| self.add(a.asname.unwrap_or(a.name), def::IMPORT, a.span))
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
                        this.add(name, def::LOCAL, handler.span)?;
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

    fn directive(&mut self, names: &'a [Sym], flag: u16, word: &str, span: Span) -> R<()> {
        for name in names {
            let mangled = self.mangled(*name);
            let old = self.here().get(mangled).map_or(0, |s| s.flags);
            let text = self.cx.name(*name);
            if old & def::PARAM != 0 {
                return syntax(span, format!("name '{text}' is parameter and {word}"));
            }
            if old & def::USE != 0 {
                return syntax(span, format!("name '{text}' is used prior to {word} declaration"));
            }
            if old & def::ANNOT != 0 {
                return syntax(span, format!("annotated name '{text}' can't be {word}"));
            }
            if old & (def::LOCAL | def::IMPORT) != 0 {
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
            let old = self.here().get(mangled).map_or(0, |s| s.flags);
            let module = self.cur == ScopeId(0);
            if simple && !module && old & (def::GLOBAL | def::NONLOCAL) != 0 {
                let word = if old & def::GLOBAL != 0 { "global" } else { "nonlocal" };
                return syntax(span, format!("annotated name '{}' can't be {word}", self.cx.name(name)));
            }
            if simple {
                self.add(name, def::ANNOT | def::LOCAL, target.span)?;
            } else if value.is_some() {
                self.add(name, def::LOCAL, target.span)?;
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
        let Kind::Name(name) = target.kind else { return self.unevaluated(annotation) };
        if !simple {
            return self.unevaluated(annotation);
        }
        if self.cx.future_annotations.get() {
            return Ok(());
        }
        if self.here().in_conditional {
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
                let id = self.annotation_scope(Block::Annotation, &cell, "an annotation", |_| Ok(()))?;
                self.scope().annotate = Some(id);
                id
            }
        };
        let in_class = self.here().kind == Block::Class;
        self.inside(id, |this| {
            if numbered.is_some() && in_class {
                let conditional = this.cx.intern("__conditional_annotations__");
                this.scope().add(conditional, def::USE);
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
        let result =
            self.annotation_scope(Block::Annotation, &cell, "an annotation", |this| this.expr(annotation));
        // The scopes opened inside are forgotten: no code will be made of them.
        self.cur = saved;
        self.scope().children.truncate(children);
        result.map(drop)
    }

    fn function(&mut self, function: &'a Function<'a>, span: Span) -> R<()> {
        self.add(function.name, def::LOCAL, span)?;
        for decorator in function.decorators {
            self.expr(decorator)?;
        }
        self.defaults(&function.params)?;
        if function.type_params.is_empty() {
            return self.function_inner(function);
        }
        self.annotation_scope(
            Block::TypeParams,
            &function.type_scope,
            "the definition of a generic",
            |this| {
                if has_defaults(&function.params) {
                    let name = this.cx.intern(".defaults");
                    this.scope().add(name, def::PARAM | def::USE);
                }
                if function.params.kwonly.iter().any(|p| p.default.is_some()) {
                    let name = this.cx.intern(".kwdefaults");
                    this.scope().add(name, def::PARAM | def::USE);
                }
                this.type_params(function.type_params)?;
                this.function_inner(function)
            },
        )
        .map(drop)
    }

    fn defaults(&mut self, params: &Params<'a>) -> R<()> {
        for param in params.posonly.iter().chain(params.args).chain(params.kwonly) {
            self.optional(param.default)?;
        }
        Ok(())
    }

    fn function_inner(&mut self, function: &'a Function<'a>) -> R<()> {
        let annotated =
            function.returns.is_some() || function.params.in_local_order().any(|p| p.annotation.is_some());
        if annotated && !self.cx.future_annotations.get() {
            self.annotation_scope(Block::Annotation, &function.annotate_scope, "an annotation", |this| {
                for param in function.params.in_annotation_order() {
                    this.optional(param.annotation)?;
                }
                this.optional(function.returns)
            })?;
        }
        // CPython opens a scope of annotations for every method, which needs the class namespace.
        if self.here().kind == Block::Class {
            self.scope().needs_classdict = true;
        }
        let whats = std::mem::take(&mut self.what);
        self.enter(Block::Function, &function.scope, |this| {
            this.scope().coroutine = function.is_async;
            this.params(&function.params)?;
            this.body(function.body)
        })?;
        self.what = whats;
        Ok(())
    }

    fn params(&mut self, params: &Params<'a>) -> R<()> {
        for param in params.in_local_order() {
            self.add(param.name, def::PARAM, param.span)?;
        }
        self.scope().varargs = params.vararg.is_some();
        self.scope().varkeywords = params.kwarg.is_some();
        Ok(())
    }

    fn class(&mut self, class: &'a Class<'a>, span: Span) -> R<()> {
        self.add(class.name, def::LOCAL, span)?;
        for decorator in class.decorators {
            self.expr(decorator)?;
        }
        if class.type_params.is_empty() {
            return self.class_inner(class);
        }
        self.annotation_scope(Block::TypeParams, &class.type_scope, "the definition of a generic", |this| {
            let type_params = this.cx.intern(".type_params");
            let base = this.cx.intern(".generic_base");
            this.scope().add(type_params, def::LOCAL | def::USE);
            this.scope().add(base, def::LOCAL | def::USE);
            this.type_params(class.type_params)?;
            this.class_inner(class)
        })
        .map(drop)
    }

    fn class_inner(&mut self, class: &'a Class<'a>) -> R<()> {
        for base in class.bases {
            self.expr(base)?;
        }
        for keyword in class.keywords {
            self.expr(keyword.value)?;
        }
        let whats = std::mem::take(&mut self.what);
        let outer = self.class.replace(class.name);
        self.enter(Block::Class, &class.scope, |this| {
            if !class.type_params.is_empty() {
                let own = this.cx.intern("__type_params__");
                let outer = this.cx.intern(".type_params");
                this.scope().add(own, def::LOCAL);
                this.scope().add(outer, def::USE);
            }
            this.body(class.body)
        })?;
        self.class = outer;
        self.what = whats;
        Ok(())
    }

    fn type_alias(&mut self, alias: &'a TypeAlias<'a>) -> R<()> {
        self.target(alias.name)?;
        let value = |this: &mut Self| {
            this.annotation_scope(Block::TypeAlias, &alias.scope, "a type alias", |this| {
                this.expr(alias.value)
            })
            .map(drop)
        };
        if alias.type_params.is_empty() {
            return value(self);
        }
        self.annotation_scope(Block::TypeParams, &alias.type_scope, "the definition of a generic", |this| {
            this.type_params(alias.type_params)?;
            value(this)
        })
        .map(drop)
    }

    fn type_params(&mut self, params: &'a [TypeParam<'a>]) -> R<()> {
        for param in params {
            self.add(param.name, def::TYPE_PARAM | def::LOCAL, param.span)?;
            let default_of = match &param.kind {
                TypeParamKind::Var(bound, cell) => {
                    if let Some(bound) = bound {
                        let what = match bound.kind {
                            Kind::Tuple(_) => "a TypeVar constraint",
                            _ => "a TypeVar bound",
                        };
                        self.annotation_scope(Block::TypeVar, cell, what, |this| this.expr(bound))?;
                    }
                    "a TypeVar default"
                }
                TypeParamKind::Tuple => "a TypeVarTuple default",
                TypeParamKind::Spec => "a ParamSpec default",
            };
            if let Some(default) = param.default {
                self.annotation_scope(Block::TypeVar, &param.default_scope, default_of, |this| {
                    this.expr(default)
                })?;
            }
        }
        Ok(())
    }

    fn optional(&mut self, e: Option<E<'a>>) -> R<()> {
        e.map_or(Ok(()), |e| self.expr(e))
    }

    fn target(&mut self, e: E<'a>) -> R<()> {
        match e.kind {
            Kind::Name(name) => self.add(name, def::LOCAL, e.span),
            Kind::Tuple(elts) | Kind::List(elts) => elts.iter().try_for_each(|e| self.target(e)),
            Kind::Starred(inner) => self.target(inner),
            _ => self.expr(e),
        }
    }

    /// An expression that is read.
    fn expr(&mut self, e: E<'a>) -> R<()> {
        stacker::maybe_grow(RED_ZONE, MORE_STACK, || {
            let mut spine = vec![e];
            while let Some(left) = spine.last().and_then(|e| e.spine()) {
                spine.push(left);
            }
            while let Some(e) = spine.pop() {
                self.node(e)?;
            }
            Ok(())
        })
    }

    /// A node, without what the spine below it has done.
    fn node(&mut self, e: E<'a>) -> R<()> {
        match &e.kind {
            Kind::Const(_) => Ok(()),
            Kind::Name(name) => self.use_name(*name, e.span),
            Kind::Bool(_, values) => values.iter().try_for_each(|v| self.expr(v)),
            Kind::Named(target, value) => self.named(target, value, e.span),
            Kind::Binary(_, _, right) => self.expr(right),
            Kind::Unary(_, operand) => self.expr(operand),
            Kind::Lambda(lambda) => {
                self.defaults(&lambda.params)?;
                let whats = std::mem::take(&mut self.what);
                self.enter(Block::Function, &lambda.scope, |this| {
                    this.params(&lambda.params)?;
                    this.expr(lambda.body)
                })?;
                self.what = whats;
                Ok(())
            }
            Kind::If { test, body, orelse } => {
                self.expr(test)?;
                self.expr(body)?;
                self.expr(orelse)
            }
            Kind::Dict(items) => items.iter().try_for_each(|(key, value)| {
                self.optional(*key)?;
                self.expr(value)
            }),
            Kind::Set(elts) | Kind::List(elts) | Kind::Tuple(elts) => {
                elts.iter().try_for_each(|e| self.expr(e))
            }
            Kind::Comp(comp) => self.comp(comp, e.span),
            Kind::Await(value) => {
                self.allowed("await expression", e.span)?;
                self.expr(value)?;
                self.scope().coroutine = true;
                Ok(())
            }
            Kind::Yield(value) => {
                self.allowed("yield expression", e.span)?;
                self.optional(*value)?;
                self.yielded(e.span)
            }
            Kind::YieldFrom(value) => {
                self.allowed("yield expression", e.span)?;
                self.expr(value)?;
                self.yielded(e.span)
            }
            Kind::Compare(left, rights) => {
                self.expr(left)?;
                rights.iter().try_for_each(|(_, right)| self.expr(right))
            }
            Kind::Call { args, keywords, .. } => {
                args.iter().try_for_each(|e| self.expr(e))?;
                keywords.iter().try_for_each(|k| self.expr(k.value))
            }
            Kind::FString(parts) | Kind::TString(parts) => self.parts(parts),
            Kind::Attribute(..) => Ok(()),
            Kind::Subscript(_, index) => self.expr(index),
            Kind::Slice(a, b, c) => {
                self.optional(*a)?;
                self.optional(*b)?;
                self.optional(*c)
            }
            Kind::Starred(value) => self.expr(value),
        }
    }

    fn use_name(&mut self, name: Sym, span: Span) -> R<()> {
        self.add_use(name, span)?;
        if self.here().kind.is_function_like() && self.cx.is(name, "super") {
            let class = self.cx.intern("__class__");
            self.add_use(class, span)?;
        }
        Ok(())
    }

    fn add_use(&mut self, name: Sym, span: Span) -> R<()> {
        let target = std::mem::replace(&mut self.scope().comp_iter_target, false);
        let result = self.add(name, def::USE, span);
        self.scope().comp_iter_target = target;
        result
    }

    fn parts(&mut self, parts: &'a [Part<'a>]) -> R<()> {
        for part in parts {
            if let Part::Field { value, spec, .. } = part {
                self.expr(value)?;
                if let Some(spec) = spec {
                    self.parts(spec)?;
                }
            }
        }
        Ok(())
    }

    /// Whether a yield, await or `:=` may stand here.
    fn allowed(&self, what: &str, span: Span) -> R<()> {
        match self.what.last() {
            Some(scope) => syntax(span, format!("{what} cannot be used within {scope}")),
            None => Ok(()),
        }
    }

    fn yielded(&mut self, span: Span) -> R<()> {
        if let Some(comp) = self.here().comp {
            let what = match comp {
                CompKind::List => "list comprehension",
                CompKind::Set => "set comprehension",
                CompKind::Dict => "dict comprehension",
                CompKind::Generator => "generator expression",
            };
            return syntax(span, format!("'yield' inside {what}"));
        }
        self.scope().generator = true;
        Ok(())
    }

    fn named(&mut self, target: E<'a>, value: E<'a>, span: Span) -> R<()> {
        self.allowed("named expression", span)?;
        if self.here().comp_iter_expr > 0 {
            return syntax(
                target.span,
                "assignment expression cannot be used in a comprehension iterable expression",
            );
        }
        if let Kind::Name(name) = target.kind
            && self.here().comp.is_some()
        {
            self.extend_target(name, target.span)?;
        }
        self.expr(value)?;
        self.target(target)
    }

    /// A `:=` in a comprehension binds in the function around it.
    fn extend_target(&mut self, name: Sym, span: Span) -> R<()> {
        let mangled = self.mangled(name);
        let mut at = Some(self.cur);
        while let Some(id) = at {
            let scope = &self.scopes[id.0 as usize];
            at = scope.parent;
            if scope.comp.is_some() {
                if scope.get(mangled).is_some_and(|s| s.flags & def::COMP_ITER != 0) {
                    let message = format!(
                        "assignment expression cannot rebind comprehension iteration variable '{}'",
                        self.cx.name(name)
                    );
                    return syntax(span, message);
                }
                continue;
            }
            let flags = match scope.kind {
                Block::Function => {
                    let global = scope.get(mangled).is_some_and(|s| s.flags & def::GLOBAL != 0);
                    if global { def::GLOBAL } else { def::NONLOCAL }
                }
                Block::Module => def::GLOBAL,
                Block::Class => {
                    return syntax(
                        span,
                        "assignment expression within a comprehension cannot be used in a class body",
                    );
                }
                Block::TypeParams => {
                    return syntax(
                        span,
                        "assignment expression within a comprehension cannot be used within the definition of a generic",
                    );
                }
                Block::TypeAlias => {
                    return syntax(
                        span,
                        "assignment expression within a comprehension cannot be used in a type alias",
                    );
                }
                Block::TypeVar | Block::Annotation => {
                    return syntax(
                        span,
                        "assignment expression within a comprehension cannot be used in a TypeVar bound",
                    );
                }
            };
            self.add(name, flags, span)?;
            self.directives.entry((self.cur, mangled)).or_insert(span);
            let inner = std::mem::replace(&mut self.cur, id);
            let bound = if flags == def::GLOBAL { def::GLOBAL } else { def::LOCAL };
            let result = self.add(name, bound, span);
            self.cur = inner;
            return result;
        }
        Err(Box::new(Fail::Recursion("a comprehension without a block around it")))
    }

    fn comp(&mut self, comp: &'a Comp<'a>, span: Span) -> R<()> {
        let Some((first, rest)) = comp.fors.split_first() else { return Ok(()) };
        self.scope().comp_iter_expr += 1;
        let iter = self.expr(first.iter);
        self.scope().comp_iter_expr -= 1;
        iter?;
        let inherited = self.here().comp_iter_expr;
        let id = self.enter(Block::Function, &comp.scope, |this| {
            let dot = this.cx.intern(".0");
            this.scope().add(dot, def::PARAM | def::USE);
            this.scope().comp = Some(comp.kind);
            this.scope().comp_iter_expr = inherited;
            this.scope().coroutine = first.is_async;
            this.comp_target(first.target)?;
            first.ifs.iter().try_for_each(|e| this.expr(e))?;
            for inner in rest {
                this.comp_target(inner.target)?;
                this.scope().comp_iter_expr += 1;
                let iter = this.expr(inner.iter);
                this.scope().comp_iter_expr -= 1;
                iter?;
                inner.ifs.iter().try_for_each(|e| this.expr(e))?;
                this.scope().coroutine |= inner.is_async;
            }
            if let Some(value) = comp.value {
                this.expr(value)?;
            }
            this.expr(comp.elt)?;
            this.scope().generator = comp.kind == CompKind::Generator;
            Ok(())
        })?;
        let is_async = self.scopes[id.0 as usize].coroutine && comp.kind != CompKind::Generator;
        if is_async {
            let here = self.here();
            let fine = here.comp.is_some() || (here.kind == Block::Function && here.coroutine);
            if !fine {
                return syntax(span, "asynchronous comprehension outside of an asynchronous function");
            }
            self.scope().coroutine = true;
        }
        Ok(())
    }

    fn comp_target(&mut self, target: E<'a>) -> R<()> {
        self.scope().comp_iter_target = true;
        let result = self.target(target);
        self.scope().comp_iter_target = false;
        result
    }

    fn pattern(&mut self, pattern: &'a Pattern<'a>) -> R<()> {
        let span = pattern.span;
        let all = |this: &mut Self, patterns: &'a [&'a Pattern<'a>]| {
            patterns.iter().try_for_each(|p| this.pattern(p))
        };
        match &pattern.kind {
            PatternKind::Value(value) => self.expr(value),
            PatternKind::Singleton(_) => Ok(()),
            PatternKind::Sequence(patterns) | PatternKind::Or(patterns) => all(self, patterns),
            PatternKind::Mapping { keys, patterns, rest } => {
                keys.iter().try_for_each(|k| self.expr(k))?;
                all(self, patterns)?;
                rest.map_or(Ok(()), |rest| self.add(rest, def::LOCAL, span))
            }
            PatternKind::Class { class, patterns, attrs, .. } => {
                self.expr(class)?;
                all(self, patterns)?;
                all(self, attrs)
            }
            PatternKind::Star(name) => name.map_or(Ok(()), |name| self.add(name, def::LOCAL, span)),
            PatternKind::As(inner, name) => {
                if let Some(inner) = inner {
                    self.pattern(inner)?;
                }
                name.map_or(Ok(()), |name| self.add(name, def::LOCAL, span))
            }
        }
    }
}

/// Whether a parameter that may be given by position has a default.
pub fn has_defaults(params: &Params<'_>) -> bool {
    params.posonly.iter().chain(params.args).any(|p| p.default.is_some())
}
