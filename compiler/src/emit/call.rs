//! Calls, in all their forms, and `super()`.

use ryokan_bytecode::{Common, Const, Op};

use super::expr::{STACK_USE_GUIDELINE, TUPLE, attribute_span};
use super::names::Use;
use super::{Emit, UnitKind};
use crate::cx::R;
use crate::scope::{NameFlags, Where};
use crate::tree::*;

/// Whether arguments need `CALL_FUNCTION_EX`.
fn is_complex(args: &[E<'_>], keywords: &[Keyword<'_>]) -> bool {
    args.len() + keywords.len() * 2 > STACK_USE_GUIDELINE
        || args.iter().any(|e| matches!(e.kind, Kind::Starred(_)))
        || keywords.iter().any(|k| k.name.is_none())
}

impl<'c, 'a> Emit<'c, 'a> {
    /// What a call's spine goes on with.
    pub(crate) fn call_start(
        &mut self,
        func: E<'a>,
        args: &'a [E<'a>],
        keywords: &'a [Keyword<'a>],
    ) -> R<Option<E<'a>>> {
        match func.kind {
            Kind::Attribute(owner, ..) if !is_complex(args, keywords) => {
                Ok(if self.super_call(func)?.is_some() { None } else { Some(owner) })
            }
            _ => Ok(Some(func)),
        }
    }

    /// A call whose spine has been evaluated.
    pub(crate) fn call(
        &mut self,
        func: E<'a>,
        args: &'a [E<'a>],
        keywords: &'a [Keyword<'a>],
        span: Span,
    ) -> R<()> {
        self.check_caller(func);
        match func.kind {
            Kind::Attribute(owner, name, name_span) if !is_complex(args, keywords) => {
                let at = attribute_span(func.span, name_span);
                match self.super_call(func)? {
                    Some((class, super_args)) => {
                        self.load_super(class, super_args, owner.span)?;
                        self.name_op(at, Op::LoadSuperMethod, name)?;
                    }
                    None => self.name_op(at, Op::LoadMethod, name)?,
                }
                self.arguments(0, args, keywords, attribute_span(span, name_span))
            }
            _ => {
                if let (Kind::Name(name), [Expr { kind: Kind::Comp(comp), .. }], []) =
                    (&func.kind, args, keywords)
                    && comp.kind == CompKind::Generator
                    && comp.scope.get().is_some_and(|id| !self.scopes.get(id).coroutine)
                    && let Some(what) = self.consumer(*name)
                {
                    return self.consume(what, args[0], span);
                }
                self.op(func.span, Op::PushNull, 0)?;
                self.arguments(0, args, keywords, span)
            }
        }
    }

    /// A builtin that takes a generator expression and need not be called for it.
    fn consumer(&self, name: Sym) -> Option<Common> {
        [Common::All, Common::Any, Common::Tuple, Common::List, Common::Set]
            .into_iter()
            .find(|c| self.cx.is(name, c.text()))
    }

    /// `all(..)`, `any(..)`, `tuple(..)`, `list(..)` or `set(..)` of a generator expression: if the name means the builtin, a
    /// loop does it.
    fn consume(&mut self, what: Common, generator: E<'a>, span: Span) -> R<()> {
        let (call, step, finish, end) = (self.label(), self.label(), self.label(), self.label());
        self.expr(generator)?;
        self.op(span, Op::Copy, 2)?;
        self.op(span, Op::LoadCommonConstant, what as u32)?;
        self.op(span, Op::IsOp, 0)?;
        self.jump(span, Op::PopJumpIfFalse, call)?;
        self.op(span, Op::Swap, 2)?;
        self.op(span, Op::PopTop, 0)?;
        let add = match what {
            Common::Tuple | Common::List => Some((Op::BuildList, Op::ListAppend)),
            Common::Set => Some((Op::BuildSet, Op::SetAdd)),
            _ => None,
        };
        if let Some((empty, _)) = add {
            self.op(span, empty, 0)?;
            self.op(span, Op::Swap, 2)?;
        }
        self.place(step);
        self.jump(span, Op::ForIter, finish)?;
        if let Some((_, add)) = add {
            self.op(span, add, 2)?;
            self.jump(span, Op::JumpForward, step)?;
        } else {
            let decided = self.label();
            let op = if what == Common::Any { Op::PopJumpIfTrue } else { Op::PopJumpIfFalse };
            self.jump(span, op, decided)?;
            self.jump(span, Op::JumpForward, step)?;
            self.place(decided);
            self.op(span, Op::PopTop, 0)?;
            self.constant(span, if what == Common::Any { Const::True } else { Const::False })?;
            self.jump(span, Op::JumpForward, end)?;
        }
        self.place(finish);
        match what {
            Common::Tuple => self.op(span, Op::ListToTuple, 0)?,
            Common::List | Common::Set => {}
            Common::Any => self.constant(span, Const::False)?,
            _ => self.constant(span, Const::True)?,
        }
        self.jump(span, Op::JumpForward, end)?;
        // The generator stands where a self would.
        self.place(call);
        self.op(span, Op::Call, 0)?;
        self.place(end);
        Ok(())
    }

    /// Arguments and call; `pushed` arguments are on the stack already.
    pub(crate) fn arguments(
        &mut self,
        pushed: u32,
        args: &'a [E<'a>],
        keywords: &'a [Keyword<'a>],
        span: Span,
    ) -> R<()> {
        if is_complex(args, keywords) {
            return self.complex_arguments(pushed, args, keywords, span);
        }
        for arg in args {
            self.expr(arg)?;
        }
        let count = pushed + (args.len() + keywords.len()) as u32;
        if keywords.is_empty() {
            return self.op(span, Op::Call, count);
        }
        let mut names = Vec::with_capacity(keywords.len());
        for keyword in keywords {
            self.expr(keyword.value)?;
            if let Some(name) = keyword.name {
                names.push(Const::Str(self.cx.text(name)));
            }
        }
        self.constant(span, Const::Tuple(names.into()))?;
        self.op(span, Op::CallKw, count)
    }

    fn complex_arguments(
        &mut self,
        pushed: u32,
        args: &'a [E<'a>],
        keywords: &'a [Keyword<'a>],
        span: Span,
    ) -> R<()> {
        match (pushed, args) {
            (0, [Expr { kind: Kind::Starred(value), .. }]) => self.expr(value)?,
            _ => self.display(span, args, pushed, TUPLE)?,
        }
        if keywords.is_empty() {
            self.op(span, Op::PushNull, 0)?;
            return self.op(span, Op::CallFunctionEx, 0);
        }
        let mut have = false;
        for group in keywords.chunk_by(|a, b| a.name.is_some() && b.name.is_some()) {
            for part in group.chunks(STACK_USE_GUIDELINE / 2) {
                if let [Keyword { name: None, value, .. }] = part {
                    if !have {
                        self.op(span, Op::BuildMap, 0)?;
                    }
                    self.expr(value)?;
                    self.op(span, Op::DictMerge, 1)?;
                } else {
                    self.keyword_dict(part, span)?;
                    if have {
                        self.op(span, Op::DictMerge, 1)?;
                    }
                }
                have = true;
            }
        }
        self.op(span, Op::CallFunctionEx, 0)
    }

    fn keyword_dict(&mut self, keywords: &'a [Keyword<'a>], span: Span) -> R<()> {
        for keyword in keywords {
            if let Some(name) = keyword.name {
                self.text(span, self.cx.text(name))?;
            }
            self.expr(keyword.value)?;
        }
        self.op(span, Op::BuildMap, keywords.len() as u32)
    }

    /// Whether an attribute is one of `super()` that needs no super object: gives `super` and its arguments.
    pub(crate) fn super_call(&self, attribute: E<'a>) -> R<Option<(E<'a>, &'a [E<'a>])>> {
        let Kind::Attribute(owner, name, _) = attribute.kind else { return Ok(None) };
        let Kind::Call { func, args, keywords } = owner.kind else { return Ok(None) };
        let Kind::Name(callee) = func.kind else { return Ok(None) };
        if !self.cx.is(callee, "super") || !keywords.is_empty() || self.cx.is(name, "__class__") {
            return Ok(None);
        }
        // The name must be the builtin's: bound neither here nor in the module.
        let module = self.scopes.get(ScopeId(0)).get(callee);
        let rebound =
            module.is_some_and(|s| s.flags.intersects(NameFlags::BOUND) || s.place == Where::GlobalExplicit);
        if rebound || self.place_of(callee) != Where::GlobalImplicit {
            return Ok(None);
        }
        let fine = match args.len() {
            2 => !args.iter().any(|a| matches!(a.kind, Kind::Starred(_))),
            0 => {
                let class = self.cx.intern("__class__");
                matches!(self.unit.kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda)
                    && self.unit.arg_count > 0
                    && self.place_of(class) == Where::Free
                    && self.unit.comps.is_empty()
            }
            _ => false,
        };
        Ok(fine.then_some((func, args)))
    }

    /// Pushes `super`, the class and the object.
    pub(crate) fn load_super(&mut self, func: E<'a>, args: &'a [E<'a>], span: Span) -> R<()> {
        self.expr(func)?;
        if let [class, object] = args {
            self.expr(class)?;
            return self.expr(object);
        }
        let class = self.cx.intern("__class__");
        self.name(span, class, Use::Load)?;
        match self.unit.vars.first() {
            Some(first) => {
                let first = *first;
                self.local_by_name(span, first)
            }
            None => Ok(()),
        }
    }

    /// Pushes a local whose name is mangled already.
    fn local_by_name(&mut self, span: Span, name: Sym) -> R<()> {
        match self.cell(name) {
            Some(cell) => self.op(span, Op::LoadDeref, cell.0),
            None => {
                let var = self.var(name);
                self.op(span, Op::LoadFast, var.0)
            }
        }
    }
}
