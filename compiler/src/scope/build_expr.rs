//! The first half of the symbol tables, continued: expressions, targets, comprehensions, patterns.

use super::build::Build;
use super::{NameFlags, ScopeKind};
use crate::cx::{Fail, R, syntax};
use crate::lower::{MORE_STACK, RED_ZONE};
use crate::tree::*;

impl<'a> Build<'_, 'a> {
    pub(super) fn optional(&mut self, e: Option<E<'a>>) -> R<()> {
        e.map_or(Ok(()), |e| self.expr(e))
    }

    pub(super) fn target(&mut self, e: E<'a>) -> R<()> {
        match e.kind {
            Kind::Name(name) => self.add(name, NameFlags::LOCAL, e.span),
            Kind::Tuple(elts) | Kind::List(elts) => elts.iter().try_for_each(|e| self.target(e)),
            Kind::Starred(inner) => self.target(inner),
            _ => self.expr(e),
        }
    }

    /// An expression that is read.
    pub(super) fn expr(&mut self, e: E<'a>) -> R<()> {
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
                let named = (self.cx.intern("lambda"), e.span.line);
                self.enter(ScopeKind::Function, &lambda.scope, named, |this| {
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
                self.may_await(e.span)?;
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
            Kind::Starred(value) | Kind::Quoted(_, value) => self.expr(value),
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
        let result = self.add(name, NameFlags::USE, span);
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
                span,
                "assignment expression cannot be used in a comprehension iterable expression",
            );
        }
        if let Kind::Name(name) = target.kind
            && self.here().comp.is_some()
        {
            self.extend_target(name, target.span)?;
        }
        self.expr(value)?;
        if matches!(target.kind, Kind::Name(name) if self.cx.is(name, "__debug__")) {
            return syntax(target.span, "cannot assign to __debug__");
        }
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
                if scope.get(mangled).is_some_and(|s| s.flags.intersects(NameFlags::COMP_ITER)) {
                    let message = format!(
                        "assignment expression cannot rebind comprehension iteration variable '{}'",
                        self.cx.name(name)
                    );
                    return syntax(span, message);
                }
                continue;
            }
            let flags = match scope.kind {
                ScopeKind::Function => {
                    let global = scope.get(mangled).is_some_and(|s| s.flags.intersects(NameFlags::GLOBAL));
                    if global { NameFlags::GLOBAL } else { NameFlags::NONLOCAL }
                }
                ScopeKind::Module => NameFlags::GLOBAL,
                ScopeKind::Class => {
                    return syntax(
                        span,
                        "assignment expression within a comprehension cannot be used in a class body",
                    );
                }
                ScopeKind::TypeParams => {
                    return syntax(
                        span,
                        "assignment expression within a comprehension cannot be used within the definition of a generic",
                    );
                }
                ScopeKind::TypeAlias => {
                    return syntax(
                        span,
                        "assignment expression within a comprehension cannot be used in a type alias",
                    );
                }
                // An annotation is no place for a name.
                ScopeKind::Annotation => continue,
                ScopeKind::TypeVar => {
                    return syntax(
                        span,
                        "assignment expression within a comprehension cannot be used in a TypeVar bound",
                    );
                }
            };
            self.add(name, flags, span)?;
            self.directives.entry((self.cur, mangled)).or_insert(span);
            let inner = std::mem::replace(&mut self.cur, id);
            let bound = if flags == NameFlags::GLOBAL { NameFlags::GLOBAL } else { NameFlags::LOCAL };
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
        // What may not stand in an annotation is looked for in its own block, of which a comprehension is none.
        let whats = std::mem::take(&mut self.what);
        let name = match comp.kind {
            CompKind::List => "listcomp",
            CompKind::Set => "setcomp",
            CompKind::Dict => "dictcomp",
            CompKind::Generator => "genexpr",
        };
        let named = (self.cx.intern(name), span.line);
        let id = self.enter(ScopeKind::Function, &comp.scope, named, |this| {
            let dot = this.cx.intern(".0");
            this.scope().add(dot, NameFlags::PARAM | NameFlags::USE);
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
        self.what = whats;
        let is_async = self.scopes[id.0 as usize].coroutine && comp.kind != CompKind::Generator;
        if is_async {
            let here = self.here();
            let fine = here.comp.is_some()
                || here.may_await(self.cx)
                || (here.kind == ScopeKind::Function && here.coroutine);
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

    pub(super) fn pattern(&mut self, pattern: &'a Pattern<'a>) -> R<()> {
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
                rest.map_or(Ok(()), |rest| self.add(rest, NameFlags::LOCAL, span))
            }
            PatternKind::Class { class, patterns, attrs, .. } => {
                self.expr(class)?;
                all(self, patterns)?;
                all(self, attrs)
            }
            PatternKind::Star(name) => name.map_or(Ok(()), |name| self.add(name, NameFlags::LOCAL, span)),
            PatternKind::As(inner, name) => {
                if let Some(inner) = inner {
                    self.pattern(inner)?;
                }
                name.map_or(Ok(()), |name| self.add(name, NameFlags::LOCAL, span))
            }
        }
    }
}
