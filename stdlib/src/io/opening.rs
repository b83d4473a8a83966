//! `open`: from a path and a mode to the streams that are stacked for it.

use ryokan_vm::native::*;

use super::buffered::{BufferedRandom, BufferedReader, BufferedWriter};
use super::file::FileIO;
use super::wrapper::TextIOWrapper;

bitflags::bitflags! {
    /// What a mode says.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    struct OpenMode: u8 {
        const CREATING = 1 << 0;
        const READING = 1 << 1;
        const WRITING = 1 << 2;
        const APPENDING = 1 << 3;
        const UPDATING = 1 << 4;
        const TEXT = 1 << 5;
        const BINARY = 1 << 6;
        /// Of these a mode has one.
        const KINDS = OpenMode::CREATING.bits()
            | OpenMode::READING.bits()
            | OpenMode::WRITING.bits()
            | OpenMode::APPENDING.bits();
    }
}

/// The letters, in the order in which a raw file is given them.
const LETTERS: [(char, OpenMode); 7] = [
    ('x', OpenMode::CREATING),
    ('r', OpenMode::READING),
    ('w', OpenMode::WRITING),
    ('a', OpenMode::APPENDING),
    ('+', OpenMode::UPDATING),
    ('t', OpenMode::TEXT),
    ('b', OpenMode::BINARY),
];

impl OpenMode {
    fn parse(cx: &Cx, mode: &str) -> Res<OpenMode> {
        let mut parsed = OpenMode::empty();
        for c in mode.chars() {
            match LETTERS.iter().find(|(letter, _)| *letter == c) {
                Some((_, flag)) if !parsed.contains(*flag) => parsed |= *flag,
                _ => return Err(cx.value_error(format_args!("invalid mode: '{mode}'"))),
            }
        }
        if parsed.contains(OpenMode::TEXT | OpenMode::BINARY) {
            return Err(cx.value_error("can't have text and binary mode at once"));
        }
        // A mode without a kind is refused by the raw file.
        if (parsed & OpenMode::KINDS).bits().count_ones() > 1 {
            return Err(cx.value_error("must have exactly one of create/read/write/append mode"));
        }
        Ok(parsed)
    }
    fn is_binary(self) -> bool {
        self.contains(OpenMode::BINARY)
    }
    /// The mode of the raw file.
    fn raw(self) -> String {
        let raw = self & (OpenMode::KINDS | OpenMode::UPDATING);
        LETTERS.iter().filter(|(_, flag)| raw.contains(*flag)).map(|(letter, _)| letter).collect()
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
    let text = match mode.bound().is_none() {
        true => "r".to_string(),
        false if cx.is_str(&mode) => cx.str(&mode)?.to_string(),
        false => {
            let kind = cx.arg_name(&mode);
            return Err(cx.type_error(format_args!("open() argument 'mode' must be str, not {kind}")));
        }
    };
    let buffering = if buffering.bound().is_none() { -1 } else { i32::from_arg(cx, &buffering, &ANY)?.into() };
    for (value, name) in [(&encoding, "encoding"), (&errors, "errors"), (&newline, "newline")] {
        optional_text(cx, value, name)?;
    }
    let path = if cx.is_int(file) { file.clone() } else { crate::fspath::fspath(cx, file)? };
    let parsed = OpenMode::parse(cx, &text)?;
    if parsed.is_binary() {
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
    let stacked = stack(cx, &raw, parsed, buffering, (&encoding, &errors, &newline));
    match stacked {
        Ok(stream) => {
            if !parsed.is_binary() {
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
    mode: OpenMode,
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
        if !mode.is_binary() {
            return Err(cx.value_error("can't have unbuffered text I/O"));
        }
        return Ok(raw.clone());
    }
    let class = match (mode.contains(OpenMode::UPDATING), mode.contains(OpenMode::READING)) {
        (true, _) => cx.class::<BufferedRandom>()?,
        (_, true) => cx.class::<BufferedReader>()?,
        _ => cx.class::<BufferedWriter>()?,
    };
    let buffer = cx.call(&class, (raw, size))?;
    if mode.is_binary() {
        return Ok(buffer);
    }
    let class = cx.class::<TextIOWrapper>()?;
    cx.call(&class, (&buffer, encoding, errors, newline, by_line)).map_err(|raised| {
        // Else the buffer would say that nobody has closed it.
        let first = cx.take_raised(raised);
        match cx.call_method(&buffer, "close", ()) {
            Ok(_) => cx.raise_value(first),
            Err(later) => cx.chain(later, first),
        }
    })
}

pub fn open_code(cx: &Cx, path: &Value) -> Res {
    if !cx.is_str(path) {
        let kind = cx.arg_name(path);
        return Err(cx.type_error(format_args!("open_code() argument 'path' must be str, not {kind}")));
    }
    let none = || Value::NONE;
    open(cx, path, cx.intern("rb")?, Value::UNBOUND, none(), none(), none(), true, none())
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
