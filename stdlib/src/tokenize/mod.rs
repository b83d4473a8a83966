//! `_tokenize`: the tokens of program text that comes line by line, as `tokenize` gives them.
//!
//! | file | what |
//! |---|---|
//! | `scan.rs` | one token after the other: lines, indentation, names, operators |
//! | `lines.rs` | where the text comes from, places in it, what is wrong with it |
//! | `numbers.rs`, `strings.rs` | those tokens |
//! | `kinds.rs` | the numbers of the kinds of tokens |

mod kinds;
mod lines;
mod numbers;
mod scan;
mod strings;

use ryokan_vm::native::*;

use kinds::{DEDENT, ENDMARKER, NEWLINE, NL, OP};
use lines::Text;
use scan::{Found, Scanner};

native_module! {
    "_tokenize" {
        types { TokenizerIter }
    }
}

native_type! {
    "_tokenize.TokenizerIter" = struct TokenizerIter {
        readline: Slot,
        encoding: Slot,
        line: Slot,
        scanner: Own<Option<Box<Scanner>>>
    }
    new(*args, **names) = new_iter;
    slots { iter = itself; next = next_token; }
}

fn new_iter(cx: &Cx, class: &Value, args: Args) -> Res {
    const NAME: &str = "tokenizeriter";
    let given = args.positional();
    let [readline] = given else {
        let count = given.len();
        return Err(
            cx.type_error(format_args!("{NAME}() takes exactly 1 positional argument ({count} given)"))
        );
    };
    let (mut encoding, mut extra) = (None, None);
    for (name, value) in args.named() {
        match cx.str(name)?.to_string().as_str() {
            "encoding" => encoding = Some(value.clone()),
            "extra_tokens" => extra = Some(value.clone()),
            other => {
                return Err(
                    cx.type_error(format_args!("{NAME}() got an unexpected keyword argument '{other}'"))
                );
            }
        }
    }
    let Some(extra) = extra else {
        return Err(cx.type_error(format_args!("{NAME}() missing required argument 'extra_tokens' (pos 2)")));
    };
    if let Some(encoding) = &encoding
        && !cx.is_str(encoding)
    {
        let kind = cx.arg_name(encoding);
        return Err(cx.type_error(format_args!("{NAME}() argument 'encoding' must be str, not {kind}")));
    }
    let scanner = Scanner::new(Text::new(cx)?, cx.truth(&extra)?);
    let body = TokenizerIter {
        readline: Slot::new(readline.clone()),
        encoding: Slot::new(encoding.unwrap_or(Value::NONE)),
        line: Slot::default(),
        scanner: Own::new(Some(Box::new(scanner))),
    };
    cx.new_of(class, body)
}

/// The next token: `(kind, text, (row, column), (row, column), line)`.
fn next_token(cx: &Cx, this: This<TokenizerIter>) -> Res<Option<Value>> {
    // Reading a line runs Python, which may come back here.
    let Some(mut scanner) = this.scanner.with(cx, Option::take)? else {
        return Err(cx.runtime_error("the object is in use"));
    };
    let found = scanner.run(cx, &this.readline.get(), &this.encoding.get());
    let token = found.and_then(|found| match found {
        Some(found) => show(cx, &this, &mut scanner, found).map(Some),
        None => Ok(None),
    });
    this.scanner.with(cx, |place| *place = Some(scanner))?;
    match token? {
        Some(token) => Ok(Some(token)),
        None => Err(cx.stop("EOF")),
    }
}

/// A token as Python sees it.
fn show(cx: &Cx, this: &TokenizerIter, scanner: &mut Scanner, found: Found) -> Res {
    let (mut kind, extra) = (found.kind, scanner.extra);
    let is_text = kinds::is_text(kind);
    let text = &mut scanner.text;
    let first_line_start = if is_text { scanner.first_line_start } else { text.line_start };
    let mut row = if is_text { scanner.first_row } else { text.row };
    let mut end_row = text.row;
    let trailing = kind == ENDMARKER || kind == DEDENT && text.ended;
    let line = if extra && trailing {
        "".into_value(cx)?
    } else {
        if scanner.shown_row != Some(text.row) && (text.row > 0 || scanner.shown_row.is_some()) {
            let end = text.chars.len() - usize::from(text.implicit_newline && !text.chars.is_empty());
            this.line.set(cx.str_of_points(text.slice(first_line_start, end))?);
        } else if this.line.is_none() {
            this.line.set("".into_value(cx)?);
        }
        this.line.get()
    };
    scanner.shown_row = Some(row);
    let place = found.place.unwrap_or_default();
    let (mut column, mut end_column) = (-1, -1);
    if let Some((start, end)) = found.place {
        let behind = |at: usize, from: usize| at.checked_sub(from).map_or(-1, |column| column as i64);
        column = behind(start, first_line_start);
        end_column = behind(end, text.line_start);
    }
    let mut written = None;
    if extra {
        if trailing {
            (row, end_row) = (row + 1, row + 1);
            (column, end_column) = (0, 0);
        }
        if kind > DEDENT && kind < OP {
            kind = OP;
        } else if kind == NEWLINE {
            if !text.implicit_newline {
                written = Some(if text.at_is(place.0, b'\r') { "\r\n" } else { "\n" });
            }
            end_column += 1;
        } else if kind == NL && text.implicit_newline {
            written = Some("");
        }
    }
    let string = match written {
        Some(written) => written.into_value(cx)?,
        None => cx.str_of_points(text.slice(place.0, place.1))?,
    };
    (i64::from(kind), string, (row as i64, column), (end_row as i64, end_column), line).into_value(cx)
}
