//! A first look at the text, as CPython's tokenizer takes it: brackets, indentation, numbers, strings.
//!
//! It runs before the parser, so that hostile nesting never reaches that; and what it finds is reported with CPython's
//! words if the parser has found nothing before that place. It also bounds the depth of expressions, and gathers tokens
//! when an error is to be explained.

mod indent;
mod number;
mod string;

use crate::Mode;
use crate::cx::{Cx, Fail, R, syntax};
use crate::error::SyntaxKind;
use crate::tree::Span;

/// Longest chain of operators that is tried.
const MAX_CHAIN: usize = 400_000;
/// Most open brackets, as in CPython.
const MAX_BRACKETS: usize = 200;
/// Most f-strings inside each other, as in CPython.
const MAX_FSTRINGS: usize = 150;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// A name or keyword.
    Name,
    /// A number.
    Number,
    /// A string without fields.
    String,
    /// The start of an f-string or t-string, its text, its end.
    FString,
    /// An operator or bracket.
    Op,
    /// The brace that begins a field of an f-string or t-string.
    Field,
    /// The end of a logical line.
    Newline,
    /// A deeper line follows.
    Indent,
    /// A less deep line follows.
    Dedent,
    /// The end of the text.
    End,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its first byte.
    pub start: u32,
    /// The byte after it.
    pub end: u32,
}

/// What the tokenizer would refuse.
#[derive(Debug)]
pub struct ScanError {
    /// Where it notices.
    pub at: u32,
    /// Which class.
    pub kind: SyntaxKind,
    /// The message.
    pub message: String,
    /// The place that is shown.
    pub span: Span,
}

/// What the text is like.
#[derive(Debug, Default)]
pub struct Scanned {
    /// A bound on the depth of expressions.
    pub chain: usize,
    /// How many tokens there are.
    pub count: usize,
    /// The first thing that the tokenizer would refuse.
    pub error: Option<Box<ScanError>>,
    /// The brackets that are open at the end (or at the error), by their places.
    pub open: Vec<(u8, u32)>,
    /// The tokens, if they were wanted.
    pub tokens: Vec<Token>,
}

/// An open bracket.
struct Open {
    byte: u8,
    at: u32,
    /// Length of the chain when it was opened, here and in all.
    chain: usize,
    base: usize,
}

/// An f-string that has been entered.
struct FString {
    start: u32,
    quote: u8,
    triple: bool,
    raw: bool,
    letter: char,
    /// How many brackets were open outside.
    brackets: usize,
    /// Open brackets of the fields whose format spec we are in.
    specs: Vec<usize>,
    /// Whether a field inside of the format spec has ended.
    nested: bool,
}

/// Scans a text.
pub struct Scanner<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    brackets: Vec<Open>,
    fstrings: Vec<FString>,
    indents: indent::Indents,
    chain: usize,
    base: usize,
    deepest: usize,
    /// Whether a logical line has begun.
    in_line: bool,
    /// Whether the text ends with a line of blanks alone, which counts.
    blank_end: bool,
    tokens: Option<Vec<Token>>,
    count: usize,
    /// Where the first line of a text of several lines begins, and the line in which that has ended.
    kept: (u32, u32),
    cx: &'s Cx<'s>,
}

/// The tokenizer's refusal, unless the text is fit for the parser.
type S<T> = Result<T, Box<ScanError>>;

/// Looks at the text; gives a bound on the depth of expressions, or why it may not even be parsed.
pub fn scan(cx: &Cx<'_>) -> R<Scanned> {
    if cx.source.len() > u32::MAX as usize / 2 {
        return Err(Box::new(Fail::Overflow));
    }
    if cx.source.contains('\0') {
        return syntax(Span::NONE, "source code string cannot contain null bytes");
    }
    let scanned = Scanner::run(cx, false);
    if let Some(error) = &scanned.error
        && error.message.starts_with("too many")
    {
        let ScanError { kind, message, span, .. } = &**error;
        cx.read_to.set(scanned.read_to(cx, error));
        return Err(Box::new(Fail::Syntax(*kind, message.clone(), *span)));
    }
    if scanned.chain > MAX_CHAIN {
        return Err(Box::new(Fail::Memory));
    }
    Ok(scanned)
}

impl Scanned {
    /// The line that had been read when this was refused; `u32::MAX` if the tokenizer itself tells of it, without the line's end.
    pub fn read_to(&self, cx: &Cx<'_>, error: &ScanError) -> u32 {
        let by_parser = error.message.starts_with("unexpected")
            || error.message.ends_with("or format specs")
            || error.message.starts_with("bytes can only");
        match error.kind {
            SyntaxKind::Syntax if error.message.ends_with("was never closed") => cx.last_line(),
            SyntaxKind::Syntax if !by_parser => u32::MAX,
            _ => 0,
        }
    }
}

impl<'s> Scanner<'s> {
    /// Scans the whole text, or to the first refusal.
    pub fn run(cx: &'s Cx<'_>, tokens: bool) -> Scanned {
        // The scanner only reads positions of the compilation.
        let mut scanner = Scanner {
            text: cx.source,
            bytes: cx.source.as_bytes(),
            at: 0,
            brackets: Vec::new(),
            fstrings: Vec::new(),
            indents: indent::Indents::default(),
            chain: 0,
            base: 0,
            deepest: 0,
            in_line: false,
            blank_end: false,
            tokens: tokens.then(Vec::new),
            count: 0,
            kept: (0, 0),
            cx,
        };
        let error = scanner.all().err();
        Scanned {
            chain: scanner.deepest,
            count: scanner.count,
            error,
            open: scanner.brackets.iter().map(|b| (b.byte, b.at)).collect(),
            tokens: scanner.tokens.unwrap_or_default(),
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn token(&mut self, kind: TokenKind, start: usize) {
        self.count += 1;
        if let Some(tokens) = &mut self.tokens {
            tokens.push(Token { kind, start: start as u32, end: self.at as u32 });
        }
    }

    /// A link of a chain: it may make the tree one deeper.
    fn link(&mut self) {
        self.chain += 1;
        self.deepest = self.deepest.max(self.base + self.chain);
    }

    fn error<T>(&self, start: usize, message: impl Into<String>) -> S<T> {
        self.error_to(start, start, message)
    }

    fn error_to<T>(&self, start: usize, end: usize, message: impl Into<String>) -> S<T> {
        let span = self.cx.span(start as u32, end as u32);
        Err(Box::new(ScanError {
            at: self.at as u32,
            kind: SyntaxKind::Syntax,
            message: message.into(),
            span,
        }))
    }

    /// With a mark instead of the last column.
    fn error_end<T>(&self, start: usize, end_col: u32, message: &str) -> S<T> {
        self.error(start, message).map_err(|mut error: Box<ScanError>| {
            error.span.end_col = end_col;
            error
        })
    }

    fn all(&mut self) -> S<()> {
        while self.at < self.bytes.len() {
            if !self.in_line && self.brackets.is_empty() && self.fstrings.is_empty() {
                self.line_start()?;
                if self.at >= self.bytes.len() {
                    break;
                }
            }
            match self.inside_fstring() {
                true => self.fstring_text()?,
                false => self.one()?,
            }
        }
        if let Some(f) = self.fstrings.last() {
            if !self.inside_fstring()
                && let Some(open) = self.brackets.last()
            {
                let message = format!("'{}' was never closed", char::from(open.byte));
                return self.error_end(open.at as usize, Span::CARET, &message);
            }
            // The newline that ends the last line is never missing.
            if f.specs.last().is_some() && !f.nested && !f.triple && self.cx.mode == Mode::Exec {
                return self.newline_in_spec(f.letter);
            }
            let start = f.start as usize;
            return self.unterminated(start, f.triple, f.letter);
        }
        if self.in_line || self.blank_end {
            self.token(TokenKind::Newline, self.at);
        }
        for _ in 1..self.indents.depth() {
            self.token(TokenKind::Dedent, self.at);
        }
        self.token(TokenKind::End, self.at);
        Ok(())
    }

    /// One token, or what stands between tokens.
    fn one(&mut self) -> S<()> {
        let start = self.at;
        let byte = self.bytes[start];
        match byte {
            b' ' | b'\t' | b'\x0c' => self.at += 1,
            b'\n' => {
                self.at += 1;
                if self.brackets.is_empty() && self.in_line {
                    self.in_line = false;
                    self.chain = 0;
                    self.token(TokenKind::Newline, start);
                }
            }
            b'#' => {
                let end = self.bytes[start..].iter().position(|b| *b == b'\n');
                self.at = end.map_or(self.bytes.len(), |end| start + end);
            }
            b'\\' => return self.continuation(),
            b'0'..=b'9' => return self.number(),
            b'.' if self.peek(1).is_ascii_digit() => return self.number(),
            b'"' | b'\'' => return self.string(start, start),
            b'(' | b'[' | b'{' => return self.open(byte, TokenKind::Op),
            b')' | b']' | b'}' => return self.close(byte),
            _ if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 => return self.name(),
            _ => {
                self.in_line = true;
                if byte < 0x20 || byte == 0x7F {
                    return self.error(start, format!("invalid non-printable character U+{byte:04X}"));
                }
                return self.operator(byte);
            }
        }
        Ok(())
    }

    fn operator(&mut self, byte: u8) -> S<()> {
        let start = self.at;
        if byte == b':' && self.field_colon()? {
            return Ok(());
        }
        const THREE: &[&[u8]] = &[b"**=", b"//=", b">>=", b"<<=", b"..."];
        const TWO: &[&[u8]] = &[
            b"**", b"//", b">>", b"<<", b"->", b":=", b"==", b"!=", b"<=", b">=", b"+=", b"-=", b"*=", b"/=",
            b"%=", b"&=", b"|=", b"^=", b"@=", b"<>",
        ];
        let rest = &self.bytes[start..];
        let len = match () {
            () if THREE.iter().any(|op| rest.starts_with(op)) => 3,
            () if TWO.iter().any(|op| rest.starts_with(op)) => 2,
            () => 1,
        };
        self.at += len;
        if byte == b',' || byte == b';' {
            self.chain = 0;
        } else {
            self.link();
        }
        self.token(TokenKind::Op, start);
        Ok(())
    }

    fn name(&mut self) -> S<()> {
        let start = self.at;
        self.in_line = true;
        let rest = &self.text[start..];
        let len = rest
            .char_indices()
            .find(|(_, c)| !(c.is_ascii_alphanumeric() || *c == '_' || !c.is_ascii()))
            .map_or(rest.len(), |(at, _)| at);
        let name = &rest[..len];
        let next = self.bytes.get(start + len);
        if matches!(next, Some(b'"' | b'\'')) && string::is_prefix(name) {
            return self.string(start, start + len);
        }
        if !name.is_ascii() {
            self.check_name(start, name)?;
        }
        self.at = start + len;
        self.link();
        self.token(TokenKind::Name, start);
        Ok(())
    }

    fn check_name(&self, start: usize, name: &str) -> S<()> {
        for (offset, c) in name.char_indices() {
            let fine = match offset {
                0 => c == '_' || unicode_ident::is_xid_start(c),
                _ => unicode_ident::is_xid_continue(c),
            };
            if fine {
                continue;
            }
            let code = c as u32;
            let printable = !c.is_control() && !c.is_whitespace() && !is_format(c);
            return match printable {
                true => self.error(start + offset, format!("invalid character '{c}' (U+{code:04X})")),
                false => self.error(start + offset, format!("invalid non-printable character U+{code:04X}")),
            };
        }
        Ok(())
    }

    fn continuation(&mut self) -> S<()> {
        self.in_line = true;
        let start = self.at;
        match self.bytes.get(start + 1) {
            Some(b'\n') if start + 2 < self.bytes.len() => self.at += 2,
            None if self.cx.mode != Mode::Exec => {
                self.at = self.bytes.len();
                let message = "unexpected character after line continuation character";
                return self.error_end(start, Span::CARET, message);
            }
            Some(b'\n') | None => {
                self.at = self.bytes.len();
                if let Some(open) = self.brackets.last() {
                    let message = format!("'{}' was never closed", char::from(open.byte));
                    return self.error_end(open.at as usize, Span::CARET, &message);
                }
                return self.error_end(start + 1, Span::NO_TEXT, "unexpected EOF while parsing");
            }
            Some(_) => {
                self.at += 1;
                let message = "unexpected character after line continuation character";
                return self.error_end(start + 1, Span::CARET, message).map_err(
                    |mut error: Box<ScanError>| {
                        // The column is counted from where the tokenizer's text begins, up to the end of the line.
                        if self.kept.1 == error.span.line {
                            let line = self
                                .cx
                                .line_text(self.kept.1)
                                .map_or(0, |line| line.trim_end_matches('\n').len() as u32 + 1);
                            error.span.col = (start as u32 + 1 - self.kept.0).min(line);
                        }
                        error
                    },
                );
            }
        }
        Ok(())
    }

    fn open(&mut self, byte: u8, kind: TokenKind) -> S<()> {
        let start = self.at;
        self.in_line = true;
        if self.brackets.len() >= MAX_BRACKETS {
            return self.error(start, "too many nested parentheses");
        }
        self.link();
        self.brackets.push(Open { byte, at: start as u32, chain: self.chain, base: self.base });
        self.base += self.chain;
        self.chain = 0;
        self.at += 1;
        self.token(kind, start);
        Ok(())
    }

    fn close(&mut self, byte: u8) -> S<()> {
        let start = self.at;
        self.in_line = true;
        let shown = char::from(byte);
        let outside = self.fstrings.last().map_or(0, |f| f.brackets);
        if self.brackets.len() <= outside {
            if let Some(f) = self.fstrings.last() {
                let letter = f.letter;
                return self.error(start, format!("{letter}-string: unmatched '{shown}'"));
            }
            return self.error(start, format!("unmatched '{shown}'"));
        }
        let Some(open) = self.brackets.pop() else { return Ok(()) };
        let wanted = match open.byte {
            b'(' => b')',
            b'[' => b']',
            _ => b'}',
        };
        if byte != wanted && self.brackets.len() == outside {
            // The field's own brace: the brackets inside are closed.
            let letter = self.fstrings.last().map_or('f', |f| f.letter);
            if self.fstrings.last().is_some() {
                return self.error(start, format!("{letter}-string: unmatched '{shown}'"));
            }
        }
        if byte != wanted {
            let opener = char::from(open.byte);
            let mut message =
                format!("closing parenthesis '{shown}' does not match opening parenthesis '{opener}'");
            let (line, _) = self.cx.line_col(open.at);
            if line != self.cx.line_col(start as u32).0 {
                message.push_str(&format!(" on line {line}"));
            }
            return self.error(start, message);
        }
        self.chain = open.chain + 1;
        self.base = open.base;
        self.deepest = self.deepest.max(self.base + self.chain);
        self.at += 1;
        if let Some(f) = self.fstrings.last_mut()
            && f.specs.last() == Some(&(self.brackets.len() + 1))
        {
            f.specs.pop();
        }
        if let Some(f) = self.fstrings.last_mut() {
            f.nested |= f.specs.last() == Some(&self.brackets.len());
        }
        self.token(TokenKind::Op, start);
        Ok(())
    }
}

/// Characters that show nothing.
fn is_format(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}
