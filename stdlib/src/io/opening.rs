//! `open`: from a path and a mode to the streams that are stacked for it.

use ryokan_vm::native::*;

use super::buffered::{BufferedRandom, BufferedReader, BufferedWriter};
use super::file::FileIO;
use super::text::TextIOWrapper;

/// What a mode says.
#[derive(Default)]
struct Mode {
    creating: bool,
    reading: bool,
    writing: bool,
    appending: bool,
    updating: bool,
    binary: bool,
}

impl Mode {
    fn parse(cx: &Cx, mode: &str) -> Res<Mode> {
        let bad = || cx.value_error(format_args!("invalid mode: '{mode}'"));
        let (mut parsed, mut text) = (Mode::default(), false);
        for (at, c) in mode.char_indices() {
            let flag = match c {
                'x' => &mut parsed.creating,
                'r' => &mut parsed.reading,
                'w' => &mut parsed.writing,
                'a' => &mut parsed.appending,
                '+' => &mut parsed.updating,
                't' => &mut text,
                'b' => &mut parsed.binary,
                _ => return Err(bad()),
            };
            *flag = true;
            if mode[at + c.len_utf8()..].contains(c) {
                return Err(bad());
            }
        }
        if text && parsed.binary {
            return Err(cx.value_error("can't have text and binary mode at once"));
        }
        let kinds = [parsed.creating, parsed.reading, parsed.writing, parsed.appending];
        if kinds.iter().filter(|kind| **kind).count() != 1 {
            return Err(cx.value_error("must have exactly one of create/read/write/append mode"));
        }
        Ok(parsed)
    }
    /// The mode of the raw file.
    fn raw(&self) -> String {
        let letters = [
            (self.creating, 'x'),
            (self.reading, 'r'),
            (self.writing, 'w'),
            (self.appending, 'a'),
            (self.updating, '+'),
        ];
        letters.iter().filter(|(on, _)| *on).map(|(_, c)| c).collect()
    }
}

fn optional_text(cx: &Cx, value: &Value, name: &str) -> Res<()> {
    if value.is_none() || cx.is_str(value) {
        return Ok(());
    }
    let kind = cx.arg_name(value);
    Err(cx.type_error(format_args!("open() argument '{name}' must be str or None, not {kind}")))
}

#[allow(clippy::too_many_arguments, reason = "they are Python's")]
pub fn open(
    cx: &Cx,
    file: &Value,
    mode: Value,
    buffering: Value,
    encoding: Value,
    errors: Value,
    newline: Value,
    closefd: bool,
    opener: Value,
) -> Res {
    let text = match mode.is_none() {
        true => "r".to_string(),
        false if cx.is_str(&mode) => cx.str(&mode)?.to_string(),
        false => {
            let kind = cx.arg_name(&mode);
            return Err(cx.type_error(format_args!("open() argument 'mode' must be str, not {kind}")));
        }
    };
    let buffering = if buffering.is_none() { -1 } else { i32::from_arg(cx, &buffering, &ANY)?.into() };
    for (value, name) in [(&encoding, "encoding"), (&errors, "errors"), (&newline, "newline")] {
        optional_text(cx, value, name)?;
    }
    let path = if cx.is_int(file) { file.clone() } else { crate::fspath::fspath(cx, file)? };
    let parsed = Mode::parse(cx, &text)?;
    if parsed.binary {
        for (value, what) in [(&encoding, "an encoding"), (&errors, "an errors"), (&newline, "a newline")] {
            if !value.is_none() {
                return Err(cx.value_error(format_args!("binary mode doesn't take {what} argument")));
            }
        }
        if buffering == 1 {
            cx.warn_about(
                "RuntimeWarning",
                "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used",
                1,
                None,
            )?;
        }
    }
    let raw = cx.call(&cx.class::<FileIO>()?, (&path, parsed.raw(), closefd, &opener))?;
    let stacked = stack(cx, &raw, &parsed, buffering, (&encoding, &errors, &newline));
    match stacked {
        Ok(stream) => {
            if !parsed.binary {
                cx.set_attr(&stream, "mode", text)?;
            }
            Ok(stream)
        }
        Err(raised) => {
            let first = cx.take_raised(raised);
            match cx.call_method(&raw, "close", ()) {
                Ok(_) => Err(cx.raise_value(first)),
                Err(later) => Err(cx.chain(later, first)),
            }
        }
    }
}

const ANY: Place = Place { function: "open", parameter: "buffering", position: 3, alone: false };

/// Puts the buffer and the text stream on a raw file.
fn stack(
    cx: &Cx,
    raw: &Value,
    mode: &Mode,
    buffering: i64,
    (encoding, errors, newline): (&Value, &Value, &Value),
) -> Res {
    let (mut size, mut by_line) = (buffering, buffering == 1);
    if buffering < 0 {
        let file = This::<FileIO>::expect(cx, raw)?;
        let terminal = cx.call_method(file.value(), "_isatty_open_only", ())?;
        by_line = cx.truth(&terminal)?;
    }
    if buffering == 1 || buffering < 0 {
        let block = raw.body::<FileIO>().map_or(0, FileIO::block);
        size = block.clamp(super::DEFAULT_BUFFER_SIZE, 8 << 20) as i64;
    }
    if size == 0 {
        if !mode.binary {
            return Err(cx.value_error("can't have unbuffered text I/O"));
        }
        return Ok(raw.clone());
    }
    let class = match (mode.updating, mode.reading) {
        (true, _) => cx.class::<BufferedRandom>()?,
        (_, true) => cx.class::<BufferedReader>()?,
        _ => cx.class::<BufferedWriter>()?,
    };
    let buffer = cx.call(&class, (raw, size))?;
    if mode.binary {
        return Ok(buffer);
    }
    cx.call(&cx.class::<TextIOWrapper>()?, (buffer, encoding, errors, newline, by_line))
}

pub fn open_code(cx: &Cx, path: &Value) -> Res {
    if !cx.is_str(path) {
        let kind = cx.arg_name(path);
        return Err(cx.type_error(format_args!("open_code() argument 'path' must be str, not {kind}")));
    }
    let none = || Value::NONE;
    open(cx, path, cx.intern("rb")?, none(), none(), none(), none(), true, none())
}

pub fn text_encoding(cx: &Cx, encoding: Value, stacklevel: i32) -> Res {
    if !encoding.is_none() {
        return Ok(encoding);
    }
    if flag(cx, "warn_default_encoding")? {
        cx.warn_about("EncodingWarning", "'encoding' argument not specified", i64::from(stacklevel), None)?;
    }
    cx.intern(if flag(cx, "utf8_mode")? { "utf-8" } else { "locale" })
}

/// Whether a flag of `sys.flags` is set.
pub fn flag(cx: &Cx, name: &str) -> Res<bool> {
    let Some(flags) = cx.sys_attr("flags")? else { return Ok(false) };
    let found = cx.attr_opt(&flags, name)?;
    found.map_or(Ok(false), |value| cx.truth(&value))
}
