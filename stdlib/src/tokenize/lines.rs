//! The text: read line by line as it is asked for, in characters; places in it, and errors about them.

use ryokan_vm::native::*;

/// What of the text is kept: from the token on that is being read.
pub struct Text {
    pub chars: Vector<u32>,
    /// Where reading goes on.
    pub at: usize,
    /// Where the line that was read last begins.
    pub line_start: usize,
    /// How many lines were read.
    pub row: usize,
    /// Whether the last line came without its end, which was put there.
    pub implicit_newline: bool,
    /// Whether there are no more lines.
    pub ended: bool,
}

/// Whoever gives the lines.
#[derive(Clone, Copy)]
pub struct Lines<'a> {
    pub cx: &'a Cx,
    pub readline: &'a Value,
    pub encoding: &'a Value,
}

/// What `Text::next` gives at the end.
pub const END: u32 = u32::MAX;

impl Text {
    pub fn new(cx: &Cx) -> Res<Text> {
        let chars = cx.vector(0)?;
        Ok(Text { chars, at: 0, line_start: 0, row: 0, implicit_newline: false, ended: false })
    }
    /// The characters between two places, as far as there are so many.
    pub fn slice(&self, from: usize, to: usize) -> &[u32] {
        self.chars.get(from..to.min(self.chars.len())).unwrap_or_default()
    }
    /// Whether that character stands there.
    pub fn at_is(&self, at: usize, c: u8) -> bool {
        self.chars.get(at) == Some(&u32::from(c))
    }
    /// The next character, which is passed; `END` at the end, which is not. `keep` says whether what was read before is needed.
    pub fn next(&mut self, lines: Lines, keep: bool) -> Res<u32> {
        if self.at == self.chars.len() && !self.more(lines, keep)? {
            return Ok(END);
        }
        self.at += 1;
        Ok(self.chars[self.at - 1])
    }
    /// Steps back over a character, if it was one.
    pub fn back(&mut self, c: u32) {
        if c != END {
            self.at -= 1;
        }
    }
    /// The next character of the same line, to look at.
    pub fn peek(&self) -> u32 {
        self.chars.get(self.at).copied().unwrap_or(END)
    }
    /// Reads another line; whether there is one. Runs Python.
    fn more(&mut self, lines: Lines, keep: bool) -> Res<bool> {
        if self.ended {
            return Ok(false);
        }
        if !keep {
            self.chars.truncate(0);
            self.at = 0;
        }
        let cx = lines.cx;
        let from = self.chars.len();
        self.fetch(lines)?;
        if self.chars.len() == from {
            self.ended = true;
            return Ok(false);
        }
        cx.work(self.chars.len() as u64 - from as u64)?;
        self.implicit_newline = !self.at_is(self.chars.len() - 1, b'\n');
        if self.implicit_newline {
            cx.reserve(&mut self.chars, 1)?;
            self.chars.push(u32::from(b'\n'));
        }
        self.row += 1;
        self.line_start = from;
        if let Some(nul) = self.chars[from..].iter().position(|c| *c == 0) {
            let line = cx.str_of_points(self.slice(from, from + nul))?;
            self.at = self.chars.len();
            return Err(self.raise(
                lines,
                "source code cannot contain null bytes",
                (self.row, 0),
                &line,
                Some(0),
            ));
        }
        Ok(true)
    }
    /// Adds what `readline` gives: nothing at the end.
    fn fetch(&mut self, lines: Lines) -> Res<()> {
        let cx = lines.cx;
        let line = match cx.call(lines.readline, ()) {
            Ok(line) => line,
            Err(raised) => return cx.catch(raised, "StopIteration").map(drop),
        };
        let line = if lines.encoding.is_none() {
            line
        } else {
            if Bytes::of(&line).is_none() {
                return Err(cx.type_error("readline() returned a non-bytes object"));
            }
            let decode = cx.attr(&cx.builtin("bytes")?, "decode")?;
            cx.call(&decode, (line, lines.encoding, "replace"))?
        };
        let Some(text) = Str::of(&line) else {
            return Err(cx.type_error("readline() returned a non-string object"));
        };
        if !text.is_ascii() && text.chars().iter().any(|c| (0xD800..0xE000).contains(&c)) {
            // Says what is wrong with it.
            cx.call_method(&text.plain(cx)?, "encode", ("utf-8",))?;
        }
        cx.reserve(&mut self.chars, text.len())?;
        self.chars.extend(text.chars().iter());
        Ok(())
    }
    /// A `SyntaxError` about the place where reading stands.
    #[cold]
    pub fn error(&self, lines: Lines, message: &str) -> Raised {
        let column = self.at - self.line_start;
        self.error_at(lines, message, column, Some(column))
    }
    /// One about columns of the line.
    #[cold]
    pub fn error_at(&self, lines: Lines, message: &str, column: usize, end: Option<usize>) -> Raised {
        match self.line(lines) {
            Ok(line) => self.raise(lines, message, (self.row, column), &line, end),
            Err(raised) => raised,
        }
    }
    /// The line that reading stands in, without its end.
    fn line(&self, lines: Lines) -> Res {
        let line = self.chars.get(self.line_start..).unwrap_or_default();
        let end = line.iter().position(|c| *c == u32::from(b'\n')).unwrap_or(line.len());
        lines.cx.str_of_points(&line[..end])
    }
    fn raise(
        &self,
        lines: Lines,
        message: &str,
        at: (usize, usize),
        line: &Value,
        end: Option<usize>,
    ) -> Raised {
        let class = if end.is_some() { "SyntaxError" } else { message_class(message) };
        let end = end.map(|end| (at.0 as i64, end as i64));
        let raise = |class: &Value| {
            let cx = lines.cx;
            let (row, column) = (at.0 as i64, at.1 as i64);
            let place = match end {
                Some((end_row, end)) => ("<string>", row, column, line, end_row, end).into_value(cx)?,
                None => ("<string>", row, column, line, Value::NONE, Value::NONE).into_value(cx)?,
            };
            cx.call(class, (message, place))
        };
        match lines.cx.builtin(class).and_then(|class| raise(&class)) {
            Ok(error) => lines.cx.raise_value(error),
            Err(raised) => raised,
        }
    }
    /// An error about a whole line: of its indentation, or of what follows a backslash.
    #[cold]
    pub fn line_error(&self, lines: Lines, message: &str) -> Raised {
        let end = self.chars.len();
        self.error_at(lines, message, end - self.line_start, None)
    }
    /// What is said where text ends within brackets, or behind a backslash.
    #[cold]
    pub fn unexpected_end(&self, lines: Lines) -> Raised {
        let cx = lines.cx;
        let bytes = self.chars.iter().map(|c| char::from_u32(*c).map_or(3, char::len_utf8)).sum::<usize>();
        let raise = || {
            let error =
                cx.call(&cx.builtin("SyntaxError")?, ("unexpected EOF in multi-line statement",))?;
            for (name, value) in [
                ("filename", "<string>".into_value(cx)?),
                ("lineno", (self.row as i64).into_value(cx)?),
                ("end_lineno", (self.row as i64).into_value(cx)?),
                ("offset", (bytes as i64).into_value(cx)?),
            ] {
                cx.set_attr(&error, name, value)?;
            }
            Ok(error)
        };
        match raise() {
            Ok(error) => cx.raise_value(error),
            Err(raised) => raised,
        }
    }
    /// A `SyntaxWarning`, or where the filters make it an error, a `SyntaxError` with another text. Runs Python.
    pub fn warn(&self, lines: Lines, message: &str, as_error: &str) -> Res<()> {
        let cx = lines.cx;
        let category = cx.builtin("SyntaxWarning")?;
        let warn = cx.attr(&cx.import("_warnings")?, "warn_explicit")?;
        match cx.call(&warn, (message, category, "<string>", self.row as i64)) {
            Ok(_) => Ok(()),
            Err(raised) => {
                cx.catch(raised, "SyntaxWarning")?;
                Err(self.error(lines, as_error))
            }
        }
    }
}

pub const TABS: &str = "inconsistent use of tabs and spaces in indentation";
pub const DEEP: &str = "too many levels of indentation";
pub const UNINDENT: &str = "unindent does not match any outer indentation level";

/// The class of an error about a line.
fn message_class(message: &str) -> &'static str {
    match message {
        TABS => "TabError",
        DEEP | UNINDENT => "IndentationError",
        _ => "SyntaxError",
    }
}
