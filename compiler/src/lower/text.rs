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
            if literal::may_be_lost(source, decoded) {
                return literal::decode(source, braces);
            }
        }
        decoded.as_bytes().to_vec()
    }

    pub(super) fn one_string(&self, part: &ast::StringLiteral) -> Vec<u8> {
        self.literal_bytes(part.content_range(), &part.value, part.flags.prefix().is_raw(), false)
    }

    /// The value of a string literal.
    pub(super) fn string_value(&self, literal: &ast::ExprStringLiteral) -> R<Text> {
        let parts: Vec<Vec<u8>> = literal.value.iter().map(|part| self.one_string(part)).collect();
        Ok(join_wtf8(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>()))
    }

    /// A bytes literal.
    pub(super) fn bytes(&self, literal: &ast::ExprBytesLiteral) -> R<E<'a>> {
        self.constant(self.span(literal), self.bytes_value(literal))
    }

    /// The value of a bytes literal.
    pub(super) fn bytes_value(&self, literal: &ast::ExprBytesLiteral) -> Const {
        for part in &literal.value {
            let range = part.content_range();
            let source = self.source(range);
            if !part.flags.prefix().is_raw() && source.contains('\\') {
                literal::warn_escapes(self.cx, source, range.start().to_u32(), true);
            }
        }
        let value: Vec<u8> = literal.value.bytes().collect();
        Const::Bytes(value.into())
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
            return self.folded(span, Const::Str(Text::from_wtf8(&parts.text)));
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

    /// The text of a literal element.
    pub(super) fn element_text(&self, text: &ast::InterpolatedStringLiteralElement, is_raw: bool) -> Vec<u8> {
        if !is_raw {
            literal::warn_brace(self.cx, self.source(text.range()), text.range().start().to_u32());
        }
        self.literal_bytes(text.range(), &text.value, is_raw, true)
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
                    parts.push_text(&self.element_text(text, is_raw), self.span(text));
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
            parts.push_text(code_of(debug.as_str(), false).as_bytes(), self.debug_span(field, debug));
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
        let conversion = self.conversion(field);
        let text = if template { self.field_text(field) } else { String::new() };
        parts.parts.push(Part::Field {
            value: self.expr(&field.expression)?,
            text: self.cx.constant(Const::Str(Text::from(text.as_str())))?,
            conversion,
            spec,
            span,
        });
        Ok(())
    }

    /// Where the text of a field stands that shows itself: behind the brace.
    pub(super) fn debug_span(&self, field: &ast::InterpolatedElement, debug: &ast::DebugText) -> Span {
        let start = field.range().start().to_u32() + 1;
        self.cx.span(start, start + debug.as_str().len() as u32)
    }

    /// How a field is converted: 0 for not at all, then `!s`, `!r`, `!a`. Behind `=` without a format it is shown as its repr.
    pub(super) fn conversion(&self, field: &ast::InterpolatedElement) -> u32 {
        match field.conversion {
            ast::ConversionFlag::None if field.debug_text.is_some() && field.format_spec.is_none() => 2,
            ast::ConversionFlag::None => 0,
            ast::ConversionFlag::Str => 1,
            ast::ConversionFlag::Repr => 2,
            ast::ConversionFlag::Ascii => 3,
        }
    }

    /// The source of a field's expression: all between the brace and the `=`, `!`, `:` or `}` behind the expression, blanks included,
    /// comments not.
    pub(super) fn field_text(&self, field: &ast::InterpolatedElement) -> String {
        let all = self.source(field.range());
        let start = field.range().start().to_usize();
        let inner = field.expression.range();
        let (from, to) = (inner.start().to_usize() - start, inner.end().to_usize() - start);
        let mut text = code_of(&all[1..from], false);
        text.push_str(&code_of(&all[from..to], false));
        text.push_str(&code_of(&all[to..], true));
        text
    }
}

/// A source without its comments: up to what ends a field, if that is asked for.
pub(super) fn code_of(source: &str, to_end: bool) -> String {
    let mut text = String::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '#' => {
                let line = rest.find('\n').unwrap_or(rest.len());
                rest = &rest[line..];
                continue;
            }
            '=' | '!' | ':' | '}' if to_end => break,
            '\'' | '"' => string_end(rest, c),
            _ => c.len_utf8(),
        };
        text.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    text
}

/// Where the string literal ends that a text begins with.
fn string_end(text: &str, quote: char) -> usize {
    let triple = text.bytes().take(3).filter(|byte| char::from(*byte) == quote).count() == 3;
    let close = if triple { 3 } else { 1 };
    let mut at = close;
    while at < text.len() {
        let bytes = &text.as_bytes()[at..];
        if bytes.iter().take(close).filter(|byte| char::from(**byte) == quote).count() == close {
            return at + close;
        }
        at += if bytes[0] == b'\\' { 2 } else { 1 };
    }
    text.len()
}
