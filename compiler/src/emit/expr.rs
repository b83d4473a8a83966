//! Expressions.

use ryokan_bytecode::{Const, Op, Text};

use super::names::Use;
use super::{Emit, Label, UnitKind};
use crate::cx::{R, syntax};
use crate::fold;
use crate::tree::*;

/// More values than this are not all put on the stack at once.
pub const STACK_USE_GUIDELINE: usize = 30;

/// How a display is built: at once, item by item, by whole iterables.
#[derive(Clone, Copy)]
pub struct Display {
    pub build: Op,
    pub add: Op,
    pub extend: Op,
    /// A tuple is built as a list.
    pub tuple: bool,
}

/// `(..)`
pub const TUPLE: Display =
    Display { build: Op::BuildList, add: Op::ListAppend, extend: Op::ListExtend, tuple: true };
const LIST: Display = Display { tuple: false, ..TUPLE };
const SET: Display = Display { build: Op::BuildSet, add: Op::SetAdd, extend: Op::SetUpdate, tuple: false };

impl<'c, 'a> Emit<'c, 'a> {
    /// Pushes the value of an expression.
    pub(crate) fn expr(&mut self, e: E<'a>) -> R<()> {
        match e.kind {
            Kind::Const(id) | Kind::Quoted(id, _) => {
                let value = self.cx.value(id);
                self.constant(e.span, value)
            }
            Kind::Name(name) => self.name(e.span, name, Use::Load),
            _ => self.deeper(|this| this.spine(e)),
        }
    }

    /// Walks to the left end of a spine, then back.
    fn spine(&mut self, e: E<'a>) -> R<()> {
        let mut spine = vec![e];
        loop {
            let top = spine[spine.len() - 1];
            let next = match &top.kind {
                Kind::Call { func, args, keywords } => self.call_start(func, args, keywords)?,
                Kind::Attribute(..) if self.super_call(top)?.is_some() => None,
                _ => top.spine(),
            };
            match next {
                Some(left) => spine.push(left),
                None => break,
            }
        }
        while let Some(e) = spine.pop() {
            self.node(e)?;
        }
        Ok(())
    }

    /// A node whose spine has been evaluated.
    fn node(&mut self, e: E<'a>) -> R<()> {
        let span = e.span;
        match &e.kind {
            Kind::Const(_) | Kind::Quoted(..) | Kind::Name(_) => self.expr(e),
            Kind::Bool(and, values) => self.bool_op(*and, values, span),
            Kind::Named(target, value) => {
                self.expr(value)?;
                self.op(span, Op::Copy, 1)?;
                self.store(target)
            }
            Kind::Binary(_, op, right) => {
                self.expr(right)?;
                self.op(span, Op::BinaryOp, *op as u32)
            }
            Kind::Unary(op, operand) => {
                self.expr(operand)?;
                let op = match op {
                    UnaryOp::Not => Op::UnaryNot,
                    UnaryOp::Negative => Op::UnaryNegative,
                    UnaryOp::Positive => Op::UnaryPositive,
                    UnaryOp::Invert => Op::UnaryInvert,
                };
                self.op(span, op, 0)
            }
            Kind::Lambda(lambda) => self.lambda(lambda, span),
            Kind::If { test, body, orelse } => {
                let (end, otherwise) = (self.label(), self.label());
                self.jump_if(test, otherwise, false)?;
                self.expr(body)?;
                self.jump(Span::NONE, Op::JumpForward, end)?;
                self.place(otherwise);
                self.expr(orelse)?;
                self.place(end);
                Ok(())
            }
            Kind::Dict(items) => self.dict(items, span),
            Kind::Set(elts) => self.display(span, elts, 0, SET),
            Kind::List(elts) => self.display(span, elts, 0, LIST),
            Kind::Tuple(elts) => self.display(span, elts, 0, TUPLE),
            Kind::Comp(comp) => self.comp(comp, span),
            Kind::Await(value) => self.await_expr(value, span),
            Kind::Yield(value) => self.yield_expr(*value, span),
            Kind::YieldFrom(value) => self.yield_from_expr(value, span),
            Kind::Compare(left, rights) => self.compare(left, rights, span),
            Kind::Call { func, args, keywords } => self.call(func, args, keywords, span),
            Kind::FString(parts) => self.fstring(parts, span),
            Kind::TString(parts) => self.tstring(parts, span),
            Kind::Attribute(owner, name, name_span) => {
                let at = attribute_span(span, *name_span);
                match self.super_call(e)? {
                    Some((class, args)) => {
                        self.load_super(class, args, owner.span)?;
                        self.name_op(at, Op::LoadSuperAttr, *name)
                    }
                    None => self.name_op(at, Op::LoadAttr, *name),
                }
            }
            Kind::Subscript(value, index) => self.subscript(value, index, span),
            Kind::Slice(lower, upper, step) => {
                let parts = self.slice_parts(*lower, *upper, *step, span)?;
                self.op(span, Op::BuildSlice, parts)
            }
            Kind::Starred(_) => syntax(span, "can't use starred expression here"),
        }
    }

    /// Pushes the parts of a slice; gives how many.
    fn slice_parts(
        &mut self,
        lower: Option<E<'a>>,
        upper: Option<E<'a>>,
        step: Option<E<'a>>,
        span: Span,
    ) -> R<u32> {
        for part in [lower, upper] {
            match part {
                Some(part) => self.expr(part)?,
                None => self.none(span)?,
            }
        }
        match step {
            Some(step) => self.expr(step).map(|()| 3),
            None => Ok(2),
        }
    }

    /// Pushes start and stop, if the index is a plain slice.
    pub(crate) fn plain_slice(&mut self, index: E<'a>) -> R<bool> {
        match index.kind {
            Kind::Slice(lower, upper, None) => {
                self.slice_parts(lower, upper, None, index.span)?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn subscript(&mut self, value: E<'a>, index: E<'a>, span: Span) -> R<()> {
        self.check_subscript(value, index, span);
        if self.plain_slice(index)? {
            return self.op(span, Op::BinarySlice, 0);
        }
        self.expr(index)?;
        self.op(span, Op::BinarySubscr, 0)
    }

    fn bool_op(&mut self, and: bool, values: &'a [E<'a>], span: Span) -> R<()> {
        let end = self.label();
        self.bool_values(and, values, span, [end, end])?;
        self.place(end);
        Ok(())
    }

    /// The value of `and` or `or`. One whose truth is known goes to the first of two labels if it is false, to the second if it is true, so
    /// that nobody asks it again; the others are left.
    fn bool_values(&mut self, and: bool, values: &'a [E<'a>], span: Span, known: [Label; 2]) -> R<()> {
        let Some((last, rest)) = values.split_last() else { return Ok(()) };
        // A false value decides `and`, a true one `or`.
        let decided = known[usize::from(!and)];
        for value in rest {
            if let Kind::Const(id) = value.kind {
                // A constant decides now, or not at all.
                if fold::truth(&self.cx.value(id)) != and {
                    self.expr(value)?;
                    self.jump(span, Op::JumpForward, decided)?;
                }
                continue;
            }
            let pass = self.label();
            self.bool_operand(value, if and { [decided, pass] } else { [pass, decided] })?;
            self.op(span, Op::Copy, 1)?;
            self.jump(span, if and { Op::PopJumpIfFalse } else { Op::PopJumpIfTrue }, decided)?;
            self.place(pass);
            self.op(span, Op::PopTop, 0)?;
        }
        self.bool_operand(last, known)
    }

    fn bool_operand(&mut self, e: E<'a>, known: [Label; 2]) -> R<()> {
        match e.kind {
            Kind::Bool(and, values) => self.deeper(|this| this.bool_values(and, values, e.span, known)),
            _ => self.expr(e),
        }
    }

    pub(crate) fn compare_op(&mut self, span: Span, op: CmpOp) -> R<()> {
        match op {
            CmpOp::Rich(op) => self.op(span, Op::CompareOp, op as u32),
            CmpOp::Is(not) => self.op(span, Op::IsOp, u32::from(not)),
            CmpOp::In(not) => self.op(span, Op::ContainsOp, u32::from(not)),
        }
    }

    fn compare(&mut self, left: E<'a>, rights: &'a [(CmpOp, E<'a>)], span: Span) -> R<()> {
        self.check_compare(span, left, rights);
        self.expr(left)?;
        let Some(((op, last), rest)) = rights.split_last() else { return Ok(()) };
        let (cleanup, end) = (self.label(), self.label());
        for (op, right) in rest {
            self.expr(right)?;
            self.op(span, Op::Swap, 2)?;
            self.op(span, Op::Copy, 2)?;
            self.compare_op(span, *op)?;
            self.op(span, Op::Copy, 1)?;
            self.jump(span, Op::PopJumpIfFalse, cleanup)?;
            self.op(span, Op::PopTop, 0)?;
        }
        self.expr(last)?;
        self.compare_op(span, *op)?;
        if rest.is_empty() {
            return Ok(());
        }
        self.jump(Span::NONE, Op::JumpForward, end)?;
        self.place(cleanup);
        self.op(span, Op::Swap, 2)?;
        self.op(span, Op::PopTop, 0)?;
        self.place(end);
        Ok(())
    }

    /// Builds a list, set or tuple; `pushed` values are on the stack already.
    pub(crate) fn display(&mut self, span: Span, elts: &'a [E<'a>], pushed: u32, how: Display) -> R<()> {
        let count = elts.len() as u32 + pushed;
        let starred = elts.iter().any(|e| matches!(e.kind, Kind::Starred(_)));
        let constants: Option<Vec<Const>> = elts
            .iter()
            .map(|e| match e.kind {
                Kind::Const(id) => Some(self.cx.value(id)),
                _ => None,
            })
            .collect();
        if let (Some(constants), true, 0) = (&constants, how.tuple, pushed) {
            return self.constant(span, Const::Tuple(constants.as_slice().into()));
        }
        if let (Some(constants), false, 0) = (constants, how.tuple, pushed)
            && constants.len() > 2
        {
            self.op(span, how.build, 0)?;
            let all = match how.build {
                Op::BuildSet => Const::FrozenSet(distinct(constants).into()),
                _ => Const::Tuple(constants.into()),
            };
            self.constant(span, all)?;
            return self.op(span, how.extend, 1);
        }
        let big = count as usize + usize::from(how.tuple) > STACK_USE_GUIDELINE;
        if !starred && !big {
            for elt in elts {
                self.expr(elt)?;
            }
            let op = if how.tuple { Op::BuildTuple } else { how.build };
            return self.op(span, op, count);
        }
        let mut built = big;
        if big {
            self.op(span, how.build, pushed)?;
        }
        for (at, elt) in elts.iter().enumerate() {
            match elt.kind {
                Kind::Starred(value) => {
                    if !built {
                        self.op(span, how.build, at as u32 + pushed)?;
                        built = true;
                    }
                    self.expr(value)?;
                    self.op(span, how.extend, 1)?;
                }
                _ => {
                    self.expr(elt)?;
                    if built {
                        self.op(span, how.add, 1)?;
                    }
                }
            }
        }
        if how.tuple { self.op(span, Op::ListToTuple, 0) } else { Ok(()) }
    }

    fn dict(&mut self, items: &'a [(Option<E<'a>>, E<'a>)], span: Span) -> R<()> {
        let mut have = false;
        for group in items.chunk_by(|a, b| a.0.is_some() && b.0.is_some()) {
            for part in group.chunks(17) {
                if let [(None, mapping)] = part {
                    if !have {
                        self.op(span, Op::BuildMap, 0)?;
                    }
                    self.expr(mapping)?;
                } else {
                    self.subdict(part, span)?;
                    if !have {
                        have = true;
                        continue;
                    }
                }
                have = true;
                self.op(span, Op::DictUpdate, 1)?;
            }
        }
        if have { Ok(()) } else { self.op(span, Op::BuildMap, 0) }
    }

    fn subdict(&mut self, items: &'a [(Option<E<'a>>, E<'a>)], span: Span) -> R<()> {
        let big = items.len() * 2 > STACK_USE_GUIDELINE;
        if big {
            self.op(span, Op::BuildMap, 0)?;
        }
        for (key, value) in items {
            if let Some(key) = key {
                self.expr(key)?;
            }
            self.expr(value)?;
            if big {
                self.op(span, Op::MapAdd, 1)?;
            }
        }
        if big { Ok(()) } else { self.op(span, Op::BuildMap, items.len() as u32) }
    }

    fn fstring(&mut self, parts: &'a [Part<'a>], span: Span) -> R<()> {
        if parts.len() > STACK_USE_GUIDELINE {
            self.text(span, Text::from(""))?;
            self.name_op(span, Op::LoadMethod, self.cx.intern("join"))?;
            self.op(span, Op::BuildList, 0)?;
            for part in parts {
                self.string_part(part)?;
                self.op(span, Op::ListAppend, 1)?;
            }
            return self.op(span, Op::Call, 1);
        }
        for part in parts {
            self.string_part(part)?;
        }
        match parts.len() {
            1 => Ok(()),
            count => self.op(span, Op::BuildString, count as u32),
        }
    }

    fn string_part(&mut self, part: &'a Part<'a>) -> R<()> {
        match part {
            Part::Text(id, span) => {
                let value = self.cx.value(*id);
                self.constant(*span, value)
            }
            Part::Field { value, conversion, spec, span, .. } => {
                self.expr(value)?;
                if *conversion != 0 {
                    self.op(*span, Op::ConvertValue, *conversion)?;
                }
                match spec {
                    Some(spec) => {
                        self.spec(spec, *span)?;
                        self.op(*span, Op::FormatWithSpec, 0)
                    }
                    None => self.op(*span, Op::FormatSimple, 0),
                }
            }
        }
    }

    fn spec(&mut self, spec: &'a [Part<'a>], span: Span) -> R<()> {
        if spec.is_empty() {
            return self.text(span, Text::from(""));
        }
        self.deeper(|this| this.fstring(spec, span))
    }

    fn tstring(&mut self, parts: &'a [Part<'a>], span: Span) -> R<()> {
        let mut strings = Vec::new();
        let mut open = None;
        let mut fields = 0;
        for part in parts {
            match part {
                Part::Text(id, _) => open = Some(self.cx.value(*id)),
                Part::Field { .. } => {
                    strings.push(open.take().unwrap_or(Const::Str(Text::from(""))));
                    fields += 1;
                }
            }
        }
        strings.push(open.unwrap_or(Const::Str(Text::from(""))));
        self.constant(span, Const::Tuple(strings.into()))?;
        let big = fields > STACK_USE_GUIDELINE;
        if big {
            self.op(span, Op::BuildList, 0)?;
        }
        for part in parts {
            if let Part::Field { value, text, conversion, spec, span } = part {
                self.expr(value)?;
                let text = self.cx.value(*text);
                self.constant(*span, text)?;
                if let Some(spec) = spec {
                    self.spec(spec, *span)?;
                }
                self.op(*span, Op::BuildInterpolation, conversion << 1 | u32::from(spec.is_some()))?;
                if big {
                    self.op(*span, Op::ListAppend, 1)?;
                }
            }
        }
        if big {
            self.op(span, Op::ListToTuple, 0)?;
        } else {
            self.op(span, Op::BuildTuple, fields as u32)?;
        }
        self.op(span, Op::BuildTemplate, 0)
    }

    fn await_expr(&mut self, value: E<'a>, span: Span) -> R<()> {
        self.expr(value)?;
        self.op(span, Op::GetAwaitable, 0)?;
        self.none(span)?;
        self.send_loop(span, true)
    }

    fn yield_expr(&mut self, value: Option<E<'a>>, span: Span) -> R<()> {
        if !self.scope().kind.is_function_like() {
            return syntax(span, "'yield' outside function");
        }
        match value {
            Some(value) => self.expr(value)?,
            None => self.none(span)?,
        }
        self.yield_value(span)
    }

    /// Yields the top of the stack, and leaves what was sent.
    pub(crate) fn yield_value(&mut self, span: Span) -> R<()> {
        if self.scope().generator && self.scope().coroutine {
            self.op(span, Op::AsyncGenWrap, 0)?;
        }
        self.op(span, Op::YieldValue, 0)?;
        self.op(span, Op::Resume, 1)
    }

    fn yield_from_expr(&mut self, value: E<'a>, span: Span) -> R<()> {
        if !self.scope().kind.is_function_like() {
            return syntax(span, "'yield from' outside function");
        }
        if self.unit.kind == UnitKind::AsyncFunction {
            return syntax(span, "'yield from' inside async function");
        }
        self.expr(value)?;
        self.op(span, Op::GetYieldFromIter, 0)?;
        self.none(span)?;
        self.send_loop(span, false)
    }

    /// From receiver and first value to the receiver's result.
    pub(crate) fn send_loop(&mut self, span: Span, awaits: bool) -> R<()> {
        let (send, fail, exit) = (self.label(), self.label(), self.label());
        self.place(send);
        self.jump(span, Op::Send, exit)?;
        let outer = self.protect(fail, self.unit.depth);
        self.op(span, Op::YieldValue, 1)?;
        self.unit.handler = outer;
        self.op(span, Op::Resume, if awaits { 3 } else { 2 })?;
        self.jump(span, Op::JumpForward, send)?;
        self.place(fail);
        self.op(span, Op::CleanupThrow, 0)?;
        self.place(exit);
        self.op(span, Op::EndSend, 0)
    }
}

/// Constants without repetition.
fn distinct(constants: Vec<Const>) -> Vec<Const> {
    #[expect(
        clippy::mutable_key_type,
        reason = "what a code's positions say does not change when they are read"
    )]
    let mut seen = rustc_hash::FxHashSet::default();
    constants.into_iter().filter(|c| seen.insert(c.clone())).collect()
}

/// An attribute on another line than its object is what a traceback should show.
pub(crate) fn attribute_span(span: Span, name: Span) -> Span {
    if name.line != span.line { Span { line: name.line, col: name.col, ..span } } else { span }
}
