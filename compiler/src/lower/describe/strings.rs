//! F-strings and t-strings: their texts and fields, of all literals that stand side by side.

use ruff_python_ast as ast;
use ruff_text_size::Ranged;
use ryokan_bytecode::ast::{Class, Item, Place};
use ryokan_bytecode::{Const, Text};

use super::{Describe, place_of};
use crate::cx::R;
use crate::lower::text::code_of;
use crate::tree::Span;

/// Values being gathered: neighbouring texts are one, which stands from where the first begins to where the last ends.
#[derive(Default)]
struct Values {
    all: Vec<Item>,
    text: Vec<u8>,
    span: Option<Span>,
    is_unicode: bool,
}

impl Values {
    fn push_text(&mut self, text: &[u8], span: Span, is_unicode: bool) {
        if self.span.is_none() {
            self.is_unicode = is_unicode;
        }
        self.text.extend_from_slice(text);
        self.span = Some(self.span.map_or(span, |first| first.to(span)));
    }

    fn flush(&mut self, describe: &Describe<'_, '_>) -> R<()> {
        let span = self.span.take().unwrap_or_default();
        if !self.text.is_empty() {
            let text = Text::from_wtf8(&std::mem::take(&mut self.text));
            let kind = if self.is_unicode { Item::text("u") } else { Item::None };
            self.all.push(describe.constant(place_of(span), Const::Str(text), kind)?);
        }
        Ok(())
    }
}

impl Describe<'_, '_> {
    /// An f-string.
    pub(super) fn fstring(&self, literal: &ast::ExprFString, place: Place) -> R<Item> {
        let mut values = Values::default();
        for part in &literal.value {
            match part {
                ast::FStringPart::Literal(text) => {
                    let is_unicode = text.flags.prefix().is_unicode();
                    values.push_text(&self.lower.one_string(text), self.lower.span(text), is_unicode);
                }
                ast::FStringPart::FString(inner) => {
                    self.elements(&inner.elements, inner.flags.prefix().is_raw(), &mut values, false)?;
                }
            }
        }
        values.flush(self)?;
        let values = self.seq(values.all);
        self.add(Class::JoinedStr, place, [values])
    }

    /// A t-string.
    pub(super) fn tstring(&self, literal: &ast::ExprTString, place: Place) -> R<Item> {
        let mut values = Values::default();
        for inner in &literal.value {
            self.elements(&inner.elements, inner.flags.prefix().is_raw(), &mut values, true)?;
        }
        values.flush(self)?;
        let values = self.seq(values.all);
        self.add(Class::TemplateStr, place, [values])
    }

    fn elements(
        &self,
        elements: &[ast::InterpolatedStringElement],
        is_raw: bool,
        values: &mut Values,
        template: bool,
    ) -> R<()> {
        for element in elements {
            match element {
                ast::InterpolatedStringElement::Literal(text) => {
                    values.push_text(&self.lower.element_text(text, is_raw), self.lower.span(text), false);
                }
                ast::InterpolatedStringElement::Interpolation(field) => {
                    self.field(field, is_raw, values, template)?;
                }
            }
        }
        Ok(())
    }

    fn field(
        &self,
        field: &ast::InterpolatedElement,
        is_raw: bool,
        values: &mut Values,
        template: bool,
    ) -> R<()> {
        if let Some(debug) = &field.debug_text {
            let text = code_of(debug.as_str(), false);
            values.push_text(text.as_bytes(), self.lower.debug_span(field, debug), false);
        }
        values.flush(self)?;
        let value = self.expr(&field.expression)?;
        let conversion = match self.lower.conversion(field) {
            1 => i64::from(b's'),
            2 => i64::from(b'r'),
            3 => i64::from(b'a'),
            _ => -1,
        };
        let spec = match &field.format_spec {
            Some(spec) => {
                let mut inner = Values::default();
                // The fields of a spec are formatted, in a t-string too.
                self.lower.deeper(|| self.elements(&spec.elements, is_raw, &mut inner, false))?;
                inner.flush(self)?;
                let values = self.seq(inner.all);
                // It begins with its colon.
                let range = spec.range();
                let start = range.start().to_u32().saturating_sub(1);
                let span = self.lower.cx.span(start, range.end().to_u32());
                self.add(Class::JoinedStr, place_of(span), [values])?
            }
            None => Item::None,
        };
        let place = self.place(field);
        let conversion = Item::int(conversion);
        values.all.push(if template {
            let text = Item::text(&self.lower.field_text(field));
            self.add(Class::Interpolation, place, [value, text, conversion, spec])?
        } else {
            self.add(Class::FormattedValue, place, [value, conversion, spec])?
        });
        Ok(())
    }
}
