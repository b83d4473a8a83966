//! String literals: concatenation, surrogates, and the parts of f-strings and t-strings.

use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextRange};
use ryokan_bytecode::{Const, Text};

use super::Lower;
use crate::cx::R;
use crate::fold::join_wtf8;
use crate::literal;
use crate::tree::*;

/// Parts being gathered: neighbouring texts are one.
struct Parts<'a> {
    parts: Vec<Part<'a>>,
    text: Vec<u8>,
    span: Option<Span>,
}

impl<'a> Parts<'a> {
    fn push_text(&mut self, text: &[u8], span: Span) {
        self.text.extend_from_slice(text);
        self.span = Some(self.span.map_or(span, |first| first.to(span)));
    }

    fn flush(&mut self, lower: &Lower<'_, 'a>) -> R<()> {
        let span = self.span.take().unwrap_or_default();
        if !self.text.is_empty() {
            let text = Text::from_wtf8(&std::mem::take(&mut self.text));
            self.parts.push(Part::Text(lower.cx.constant(Const::Str(text))?, span));
        }
        Ok(())
    }
}

impl<'c, 'a> Lower<'c, 'a> {
    /// The text of one literal part, from the parser's decoding or ours.
    fn literal_bytes(&self, raw: TextRange, decoded: &str, is_raw: bool, braces: bool) -> Vec<u8> {
        let source = self.source(raw);
        if !is_raw && source.contains('\\') {
            literal::warn_escapes(self.cx, source, raw.start().to_u32(), false);
            if literal::may_have_surrogates(source, decoded) {
                return literal::decode(source, braces);
            }
        }
        decoded.as_bytes().to_vec()
    }

    fn one_string(&self, part: &ast::StringLiteral) -> Vec<u8> {
        self.literal_bytes(part.content_range(), &part.value, part.flags.prefix().is_raw(), false)
    }

    /// The value of a string literal.
    pub(super) fn string_value(&self, literal: &ast::ExprStringLiteral) -> R<Text> {
        let parts: Vec<Vec<u8>> = literal.value.iter().map(|part| self.one_string(part)).collect();
        Ok(join_wtf8(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>()))
    }

    /// A bytes literal.
    pub(super) fn bytes(&self, literal: &ast::ExprBytesLiteral) -> R<E<'a>> {
        for part in &literal.value {
            let range = part.content_range();
            let source = self.source(range);
            if !part.flags.prefix().is_raw() && source.contains('\\') {
                literal::warn_escapes(self.cx, source, range.start().to_u32(), true);
            }
        }
        let value: Vec<u8> = literal.value.bytes().collect();
        self.constant(self.span(literal), Const::Bytes(value.into()))
    }

    /// An f-string.
    pub(super) fn fstring(&self, literal: &ast::ExprFString) -> R<E<'a>> {
        let mut parts = Parts { parts: Vec::new(), text: Vec::new(), span: None };
        for part in &literal.value {
            match part {
                ast::FStringPart::Literal(text) => parts.push_text(&self.one_string(text), self.span(text)),
                ast::FStringPart::FString(inner) => {
                    self.elements(&inner.elements, inner.flags.prefix().is_raw(), &mut parts, false)?;
                }
            }
        }
        let span = self.span(literal);
        if parts.parts.is_empty() {
            return self.constant(span, Const::Str(Text::from_wtf8(&parts.text)));
        }
        parts.flush(self)?;
        Ok(self.alloc(span, Kind::FString(self.slice(parts.parts))))
    }

    /// A t-string.
    pub(super) fn tstring(&self, literal: &ast::ExprTString) -> R<E<'a>> {
        let mut parts = Parts { parts: Vec::new(), text: Vec::new(), span: None };
        for inner in &literal.value {
            self.elements(&inner.elements, inner.flags.prefix().is_raw(), &mut parts, true)?;
        }
        parts.flush(self)?;
        Ok(self.alloc(self.span(literal), Kind::TString(self.slice(parts.parts))))
    }

    fn elements(
        &self,
        elements: &[ast::InterpolatedStringElement],
        is_raw: bool,
        parts: &mut Parts<'a>,
        template: bool,
    ) -> R<()> {
        for element in elements {
            match element {
                ast::InterpolatedStringElement::Literal(text) => {
                    let bytes = self.literal_bytes(text.range(), &text.value, is_raw, true);
                    parts.push_text(&bytes, self.span(text));
                }
                ast::InterpolatedStringElement::Interpolation(field) => {
                    self.field(field, is_raw, parts, template)?;
                }
            }
        }
        Ok(())
    }

    fn field(
        &self,
        field: &ast::InterpolatedElement,
        is_raw: bool,
        parts: &mut Parts<'a>,
        template: bool,
    ) -> R<()> {
        let span = self.span(field);
        if let Some(debug) = &field.debug_text {
            parts.push_text(debug.as_str().as_bytes(), span);
        }
        parts.flush(self)?;
        let spec = match &field.format_spec {
            Some(spec) => {
                let mut inner = Parts { parts: Vec::new(), text: Vec::new(), span: None };
                // The fields of a spec are formatted, in a t-string too.
                self.deeper(|| self.elements(&spec.elements, is_raw, &mut inner, false))?;
                inner.flush(self)?;
                Some(self.slice(inner.parts))
            }
            None => None,
        };
        let conversion = match field.conversion {
            ast::ConversionFlag::None if field.debug_text.is_some() && spec.is_none() => 2,
            ast::ConversionFlag::None => 0,
            ast::ConversionFlag::Str => 1,
            ast::ConversionFlag::Repr => 2,
            ast::ConversionFlag::Ascii => 3,
        };
        let text = if template { self.field_text(field) } else { "" };
        parts.parts.push(Part::Field {
            value: self.expr(&field.expression)?,
            text: self.cx.constant(Const::Str(Text::from(text)))?,
            conversion,
            spec,
            span,
        });
        Ok(())
    }

    /// The source of a field's expression: all between the brace and what follows, parentheses included.
    fn field_text(&self, field: &ast::InterpolatedElement) -> &'a str {
        let all = self.source(field.range());
        let start = field.range().start().to_usize();
        let after = field.expression.end().to_usize() - start;
        // Closing parentheses and blanks may follow before `=`, `!`, `:` or `}`.
        let rest = &all[after..];
        let end = rest.find(['=', '!', ':', '}']).map_or(all.len(), |at| after + at);
        all[1..end].trim()
    }
}
