//! Assignment: targets, unpacking, augmented and annotated forms, `del`.

use ryokan_bytecode::{BinaryOp, Op};

use super::expr::attribute_span;
use super::names::Use;
use super::{Emit, UnitKind};
use crate::cx::{R, syntax};
use crate::tree::*;

impl<'c, 'a> Emit<'c, 'a> {
    /// Binds the top of the stack to a target.
    pub(crate) fn store(&mut self, target: E<'a>) -> R<()> {
        let span = target.span;
        match &target.kind {
            Kind::Name(name) => self.name(span, *name, Use::Store),
            Kind::Attribute(owner, name, name_span) => {
                self.static_attribute(owner, *name);
                self.expr(owner)?;
                self.name_op(attribute_span(span, *name_span), Op::StoreAttr, *name)
            }
            Kind::Subscript(container, index) => {
                self.expr(container)?;
                if self.plain_slice(index)? {
                    return self.op(span, Op::StoreSlice, 0);
                }
                self.expr(index)?;
                self.op(span, Op::StoreSubscr, 0)
            }
            Kind::Tuple(elts) | Kind::List(elts) => self.deeper(|this| this.unpack(elts, span)),
            Kind::Starred(_) => syntax(span, "starred assignment target must be in a list or tuple"),
            _ => syntax(span, "invalid syntax"),
        }
    }

    /// Notes what a method sets on `self`.
    fn static_attribute(&mut self, owner: E<'a>, name: Sym) {
        let Kind::Name(owner) = owner.kind else { return };
        if !self.cx.is(owner, "self") {
            return;
        }
        let name = self.mangle(name);
        if self.unit.kind == UnitKind::Class {
            self.unit.static_attributes.insert(name);
        } else if let Some(class) = self.outer.iter_mut().rev().find(|u| u.kind == UnitKind::Class) {
            class.static_attributes.insert(name);
        }
    }

    /// Unpacks the top of the stack into as many values; gives where the star was.
    fn unpack(&mut self, elts: &'a [E<'a>], span: Span) -> R<()> {
        let mut star = None;
        for (at, elt) in elts.iter().enumerate() {
            if matches!(elt.kind, Kind::Starred(_)) {
                if star.is_some() {
                    return syntax(span, "multiple starred expressions in assignment");
                }
                star = Some(at);
            }
        }
        self.unpack_op(star, elts.len(), span, "too many expressions in star-unpacking assignment")?;
        for elt in elts {
            match elt.kind {
                Kind::Starred(inner) => self.store(inner)?,
                _ => self.store(elt)?,
            }
        }
        Ok(())
    }

    /// `UNPACK_SEQUENCE`, or `UNPACK_EX` with the star at `star`.
    pub(crate) fn unpack_op(&mut self, star: Option<usize>, len: usize, span: Span, too_many: &str) -> R<()> {
        match star {
            None => self.op(span, Op::UnpackSequence, len as u32),
            Some(star) => {
                let after = len - star - 1;
                if star >= 1 << 8 || after >= 1 << 15 {
                    return syntax(span, too_many);
                }
                self.op(span, Op::UnpackEx, (star | after << 8) as u32)
            }
        }
    }

    /// `target op= value`
    pub(crate) fn aug_assign(&mut self, target: E<'a>, op: BinaryOp, value: E<'a>, span: Span) -> R<()> {
        let at = target.span;
        match &target.kind {
            Kind::Name(name) => {
                self.name(at, *name, Use::Load)?;
                self.expr(value)?;
                self.op(span, Op::BinaryOp, op as u32)?;
                self.name(at, *name, Use::Store)
            }
            Kind::Attribute(owner, name, name_span) => {
                let at = attribute_span(at, *name_span);
                self.static_attribute(owner, *name);
                self.expr(owner)?;
                self.op(at, Op::Copy, 1)?;
                self.name_op(at, Op::LoadAttr, *name)?;
                self.expr(value)?;
                self.op(span, Op::BinaryOp, op as u32)?;
                self.op(at, Op::Swap, 2)?;
                self.name_op(at, Op::StoreAttr, *name)
            }
            Kind::Subscript(container, index) => {
                self.expr(container)?;
                if self.plain_slice(index)? {
                    for _ in 0..3 {
                        self.op(at, Op::Copy, 3)?;
                    }
                    self.op(at, Op::BinarySlice, 0)?;
                    self.expr(value)?;
                    self.op(span, Op::BinaryOp, op as u32)?;
                    for depth in [4, 3, 2] {
                        self.op(at, Op::Swap, depth)?;
                    }
                    return self.op(at, Op::StoreSlice, 0);
                }
                self.expr(index)?;
                self.op(at, Op::Copy, 2)?;
                self.op(at, Op::Copy, 2)?;
                self.op(at, Op::BinarySubscr, 0)?;
                self.expr(value)?;
                self.op(span, Op::BinaryOp, op as u32)?;
                self.op(at, Op::Swap, 3)?;
                self.op(at, Op::Swap, 2)?;
                self.op(at, Op::StoreSubscr, 0)
            }
            _ => syntax(at, "invalid syntax"),
        }
    }

    /// `del target`
    pub(crate) fn delete(&mut self, target: E<'a>) -> R<()> {
        let span = target.span;
        match &target.kind {
            Kind::Name(name) => self.name(span, *name, Use::Delete),
            Kind::Attribute(owner, name, name_span) => {
                self.expr(owner)?;
                self.name_op(attribute_span(span, *name_span), Op::DeleteAttr, *name)
            }
            Kind::Subscript(container, index) => {
                self.expr(container)?;
                match self.plain_slice(index)? {
                    true => self.op(span, Op::BuildSlice, 2)?,
                    false => self.expr(index)?,
                }
                self.op(span, Op::DeleteSubscr, 0)
            }
            Kind::Tuple(elts) | Kind::List(elts) => {
                self.deeper(|this| elts.iter().try_for_each(|e| this.delete(e)))
            }
            _ => syntax(span, "invalid syntax"),
        }
    }
}
