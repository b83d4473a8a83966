//! Expressions of expressions, folded where all is constant.

use ryokan_bytecode::{BinaryOp, Const};

use super::Lower;
use crate::cx::R;
use crate::fold;
use crate::tree::*;

impl<'a> Lower<'_, 'a> {
    /// A constant in the place of an expression.
    pub(super) fn folded(&self, span: Span, value: Const) -> R<E<'a>> {
        let id = self.cx.constant(value)?;
        self.cx.charge(size_of::<ConstId>() * 4)?;
        self.cx.folded.borrow_mut().insert(id);
        Ok(self.alloc(span, Kind::Const(id)))
    }

    /// `left op right`
    pub(super) fn make_binary(&self, span: Span, left: E<'a>, op: BinaryOp, right: E<'a>) -> R<E<'a>> {
        if let (Kind::Const(a), Kind::Const(b)) = (&left.kind, &right.kind)
            && let Some(value) = fold::binary(&self.cx.value(*a), op, &self.cx.value(*b))
        {
            return self.folded(span, value);
        }
        Ok(self.alloc(span, Kind::Binary(left, op, right)))
    }

    /// `left[index]`
    pub(super) fn make_subscript(&self, span: Span, left: E<'a>, index: E<'a>) -> R<E<'a>> {
        if let (Kind::Const(a), Kind::Const(b)) = (&left.kind, &index.kind)
            && let Some(value) = fold::subscript(&self.cx.value(*a), &self.cx.value(*b))
        {
            return self.folded(span, value);
        }
        Ok(self.alloc(span, Kind::Subscript(left, index)))
    }

    /// `lower:upper:step`
    pub(super) fn make_slice(
        &self,
        span: Span,
        (lower, upper, step): (Option<E<'a>>, Option<E<'a>>, Option<E<'a>>),
    ) -> R<E<'a>> {
        let part = |part: Option<E<'a>>| match part {
            None => Some(Const::None),
            Some(e) => self.const_of(e),
        };
        if let (Some(a), Some(b), Some(c)) = (part(lower), part(upper), part(step)) {
            return self.constant(span, Const::Slice([a, b, c].into()));
        }
        Ok(self.alloc(span, Kind::Slice(lower, upper, step)))
    }

    /// `(a, b)`
    pub(super) fn make_tuple(&self, span: Span, elts: &'a [E<'a>]) -> R<E<'a>> {
        let values: Option<Vec<Const>> = elts.iter().map(|e| self.const_of(e)).collect();
        match values {
            Some(values) => {
                let folded = elts
                    .iter()
                    .any(|e| matches!(e.kind, Kind::Const(id) if self.cx.folded.borrow().contains(&id)));
                let value = Const::Tuple(values.into());
                if folded { self.folded(span, value) } else { self.constant(span, value) }
            }
            None => Ok(self.alloc(span, Kind::Tuple(elts))),
        }
    }

    /// What is iterated or searched: a list or set that is not seen again may be a constant.
    pub(super) fn iterable(&self, e: E<'a>) -> R<E<'a>> {
        let (elts, is_set) = match e.kind {
            Kind::List(elts) => (elts, false),
            Kind::Set(elts) => (elts, true),
            _ => return Ok(e),
        };
        let values: Option<Vec<Const>> = elts.iter().map(|e| self.const_of(e)).collect();
        match values {
            Some(values) if is_set => {
                let mut seen = Vec::new();
                #[expect(clippy::mutable_key_type, reason = "no constant that is iterated over is a code")]
                let mut hash = rustc_hash::FxHashSet::default();
                for value in values {
                    if hash.insert(value.clone()) {
                        seen.push(value);
                    }
                }
                self.folded(e.span, Const::FrozenSet(seen.into()))
            }
            Some(values) => self.folded(e.span, Const::Tuple(values.into())),
            None if !is_set && !elts.iter().any(|e| matches!(e.kind, Kind::Starred(_))) => {
                Ok(self.alloc(e.span, Kind::Tuple(elts)))
            }
            None => Ok(e),
        }
    }

    /// `op operand`
    pub(super) fn make_unary(&self, span: Span, op: UnaryOp, operand: E<'a>) -> R<E<'a>> {
        if let Some(value) = self.const_of(operand).and_then(|value| fold::unary(op, &value)) {
            return self.folded(span, value);
        }
        // `not a is b` is `a is not b`, and so for `in`.
        if let (UnaryOp::Not, Kind::Compare(left, [(cmp, right)])) = (op, &operand.kind) {
            // (What `is` warns of literals is about the operator that was written.)
            let is_literal = |e: E<'a>| {
                let value = self.const_of(e);
                value.is_some_and(|value| {
                    !matches!(value, Const::None | Const::True | Const::False | Const::Ellipsis)
                })
            };
            let inverted = match cmp {
                CmpOp::Is(_) if is_literal(left) || is_literal(right) => {
                    return Ok(self.alloc(span, Kind::Unary(op, operand)));
                }
                CmpOp::Is(not) => CmpOp::Is(!not),
                CmpOp::In(not) => CmpOp::In(!not),
                CmpOp::Rich(_) => return Ok(self.alloc(span, Kind::Unary(op, operand))),
            };
            return Ok(self.alloc(span, Kind::Compare(left, self.slice(vec![(inverted, *right)]))));
        }
        Ok(self.alloc(span, Kind::Unary(op, operand)))
    }
}
