//! Quoted-printable: what is no plain character is `=` and two digits.

use ryokan_vm::native::*;

use super::{Ascii, convert};

/// The most characters of a line.
const LINE: usize = 76;

/// `a2b_qp`
pub fn decode(cx: &Cx, data: &Value, header: bool) -> Res {
    let text = Ascii::of(cx, data)?;
    cx.work_on_bytes(text.len() * 2)?;
    convert(cx, text.len(), |out| Ok(text.read(|text| read(text, out, header))))
}

fn read(text: &[u8], out: &mut [u8], header: bool) -> usize {
    let (mut at, mut len) = (0, 0);
    while let Some(c) = text.get(at) {
        let (made, next) = match (c, &text[at + 1..]) {
            (b'=', []) => (None, at + 1),
            // A line that is broken softly goes on in the next one.
            (b'=', [b'\n' | b'\r', rest @ ..]) => {
                let hard = if text[at + 1] == b'\n' { Some(0) } else { rest.iter().position(|c| *c == b'\n') };
                let next = match hard {
                    Some(more) if text[at + 1] == b'\r' => at + 2 + more + 1,
                    Some(_) => at + 2,
                    None => text.len(),
                };
                (None, next)
            }
            // An equals sign that stands for itself.
            (b'=', [b'=', ..]) => (Some(b'='), at + 2),
            (b'=', [high, low, ..]) => {
                match (char::from(*high).to_digit(16), char::from(*low).to_digit(16)) {
                    (Some(high), Some(low)) => (Some((high * 16 + low) as u8), at + 3),
                    _ => (Some(b'='), at + 1),
                }
            }
            (b'_', _) if header => (Some(b' '), at + 1),
            (c, _) => (Some(*c), at + 1),
        };
        if let Some(made) = made {
            out[len] = made;
            len += 1;
        }
        at = next;
    }
    len
}

/// `b2a_qp`
pub fn encode(cx: &Cx, data: Buffer, quotetabs: bool, istext: bool, header: bool) -> Res {
    let len = data.len();
    cx.work_on_bytes(len * 4)?;
    let Some(room) = len.checked_mul(4) else { return Err(cx.no_memory()) };
    convert(cx, room + 4, |out| {
        Ok(data.read(|bytes| {
            let mut writer = Writer { out, len: 0, line: 0, crlf: has_crlf(bytes) };
            writer.write(bytes, quotetabs, istext, header);
            writer.len
        }))
    })
}

/// Whether the first line ends with a carriage return and a newline: all are to end so.
fn has_crlf(bytes: &[u8]) -> bool {
    let first = bytes.iter().position(|c| *c == b'\n');
    first.is_some_and(|at| at > 0 && bytes[at - 1] == b'\r')
}

struct Writer<'a> {
    out: &'a mut [u8],
    len: usize,
    /// Characters in the line so far.
    line: usize,
    crlf: bool,
}

impl Writer<'_> {
    fn put(&mut self, c: u8) {
        self.out[self.len] = c;
        self.len += 1;
    }
    fn end_line(&mut self) {
        if self.crlf {
            self.put(b'\r');
        }
        self.put(b'\n');
        self.line = 0;
    }
    fn quoted(&mut self, c: u8) {
        let digit = |n: u8| if n < 10 { b'0' + n } else { b'A' + n - 10 };
        self.put(b'=');
        self.put(digit(c >> 4));
        self.put(digit(c & 15));
    }
    fn write(&mut self, bytes: &[u8], quotetabs: bool, istext: bool, header: bool) {
        let mut at = 0;
        while let Some(c) = bytes.get(at).copied() {
            let next = bytes.get(at + 1).copied();
            let quoted = c > b'~'
                || c == b'='
                || (header && c == b'_')
                || (c == b'.' && self.line == 0 && matches!(next, None | Some(b'\n' | b'\r' | 0)))
                || (!istext && matches!(c, b'\r' | b'\n'))
                || (matches!(c, b'\t' | b' ') && (quotetabs || next.is_none()))
                || (c < 33 && !matches!(c, b'\r' | b'\n' | b'\t' | b' '));
            if quoted {
                if self.line + 3 >= LINE {
                    self.put(b'=');
                    self.end_line();
                }
                self.quoted(c);
                self.line += 3;
                at += 1;
            } else if istext && (c == b'\n' || (c == b'\r' && next == Some(b'\n'))) {
                // A space at the end of a line would be lost.
                if let Some(last @ (b' ' | b'\t')) = self.out[..self.len].last().copied() {
                    self.len -= 1;
                    self.quoted(last);
                }
                self.end_line();
                at += if c == b'\r' { 2 } else { 1 };
            } else {
                if next.is_some_and(|next| next != b'\n') && self.line + 1 >= LINE {
                    self.put(b'=');
                    self.end_line();
                }
                self.line += 1;
                self.put(if header && c == b' ' { b'_' } else { c });
                at += 1;
            }
        }
    }
}
