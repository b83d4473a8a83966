//! The standard streams: a small `TextIOWrapper` over what the host reads and writes.
//!
//! An instance knows its file descriptor (0, 1 or 2) by its attribute `_fd`. `print` finds out with [`stream_of`] whether
//! a file is such a stream whose `write` nobody has replaced, and then writes to the host without a call.

use crate::object::native::{Call, Method, NativeFunction, method};
use crate::object::payload_value;
use crate::raised::{Raised, Res};
use crate::types::exceptions::errno;
use crate::types::str::{Str, push_wtf8};
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[Method] = &[
    method(
        "write",
        "($self, text, /)",
        Call::Two(write),
        "Puts a text into the stream and returns how many characters it has.",
    ),
    method("flush", "($self, /)", Call::One(flush), "Sends what is still waiting in the buffer."),
    method("isatty", "($self, /)", Call::One(isatty), "Whether a terminal is at the other end."),
    method("fileno", "($self, /)", Call::One(fileno), "The number of the file descriptor."),
    method("readable", "($self, /)", Call::One(readable), "Whether read() is allowed."),
    method("writable", "($self, /)", Call::One(writable), "Whether write() is allowed."),
    method(
        "seekable",
        "($self, /)",
        Call::One(|_, _| Ok(Value::FALSE)),
        "Always False: a standard stream goes forward only.",
    ),
    method(
        "close",
        "($self, /)",
        Call::One(flush),
        "Sends what is still waiting in the buffer; the descriptor stays open.",
    ),
    method(
        "readline",
        "($self, size=-1, /)",
        Call::Slice(readline),
        "The next line with its newline, cut off after size characters; an empty text at the end.",
    ),
    method(
        "readlines",
        "($self, hint=-1, /)",
        Call::Slice(readlines),
        "The lines that are left, each with its newline. With a hint, no more lines once so\nmany \
         characters were read.",
    ),
    method(
        "read",
        "($self, size=-1, /)",
        Call::Slice(read),
        "The next characters: size of them, or all that are left if it is negative.",
    ),
    method(
        "writelines",
        "($self, lines, /)",
        Call::Two(writelines),
        "Writes every text of an iterable, and adds no newlines.",
    ),
    method(
        "reconfigure",
        "($self, *args, **kwargs)",
        Call::Full(|_, _| Ok(Value::NONE)),
        "Does nothing here.",
    ),
    method(
        "__iter__",
        "($self, /)",
        Call::One(|_, this| Ok(this.clone())),
        "The stream itself: its items are its lines.",
    ),
    method(
        "__next__",
        "($self, /)",
        Call::One(next),
        "The next line, newline included. StopIteration at the end.",
    ),
    method("__enter__", "($self, /)", Call::One(|_, this| Ok(this.clone())), ""),
    method("__exit__", "($self, *args)", Call::Full(|_, _| Ok(Value::NONE)), ""),
    method("__repr__", "($self, /)", Call::One(repr), "How the stream is shown: name, mode and encoding."),
];

/// Makes the class.
pub fn class(vm: &Vm) -> Res {
    let namespace = vm.new_dict()?;
    namespace.set_name(vm, &vm.names.__module__, vm.intern("_io")?)?;
    let bases = vm.new_tuple(Vec::new())?;
    let class =
        vm.call(&vm.types.r#type.to_value(), &[vm.str("TextIOWrapper")?, bases, namespace.into_value()])?;
    for row in METHODS {
        let function = vm.new_native(row, Value::UNBOUND, class.clone())?;
        vm.set_attr(&class, &vm.intern(row.name)?, Some(&function))?;
    }
    Ok(class)
}

/// Makes a stream.
pub fn stream(vm: &Vm, class: &Value, fd: u8) -> Res {
    let made = vm.call(class, &[])?;
    let (name, mode, errors) = match fd {
        0 => ("<stdin>", "r", "strict"),
        1 => ("<stdout>", "w", "strict"),
        _ => ("<stderr>", "w", "backslashreplace"),
    };
    let parts = [
        ("_fd", Value::small(i64::from(fd))),
        ("name", vm.str(name)?),
        ("mode", vm.str(mode)?),
        ("encoding", vm.str("utf-8")?),
        ("errors", vm.str(errors)?),
        ("closed", Value::FALSE),
        ("newlines", Value::NONE),
        ("line_buffering", Value::bool(fd == 2 || vm.host.is_terminal(fd))),
    ];
    for (key, value) in parts {
        vm.set_attr(&made, &vm.intern(key)?, Some(&value))?;
    }
    Ok(made)
}

/// The file descriptor of a stream: 0, 1 or 2, unless a script has set another, which is no open file.
fn fd(vm: &Vm, this: &Value) -> Res<u8> {
    let value = vm.get_attr(this, &vm.intern("_fd")?)?;
    let number = vm.index_long(&value)?;
    standard(number).ok_or_else(|| vm.os_error(&std::io::Error::from_raw_os_error(BAD_DESCRIPTOR), None))
}

/// `EBADF`
const BAD_DESCRIPTOR: i32 = 9;

/// The descriptor of a standard stream.
fn standard(number: i64) -> Option<u8> {
    u8::try_from(number).ok().filter(|fd| *fd <= 2)
}

/// The file descriptor of a stream whose `write` is the one of this file.
pub fn stream_of(vm: &Vm, file: &Value) -> Option<u8> {
    if let Some(stream) = vm.native_stream(file) {
        return Some(stream);
    }
    host_stream_of(vm, file)
}

/// The same of a stream of this file alone.
pub fn host_stream_of(vm: &Vm, file: &Value) -> Option<u8> {
    let found = vm.type_of(file).lookup(vm, &vm.names.write)?;
    let native = found.exact::<NativeFunction>()?;
    if !std::ptr::eq(native.def, &METHODS[0]) {
        return None;
    }
    match vm.own_attr(file, &vm.intern("_fd").ok()?) {
        Ok(Some(fd)) if fd.word().is_int() => standard(fd.word().int()),
        _ => None,
    }
}

/// Raises the `UnicodeEncodeError` of a lone surrogate.
pub fn surrogate(vm: &Vm, object: &Value, at: usize) -> Raised {
    let make = || -> Res {
        let place = |n: usize| Value::small(n as i64);
        let args =
            [vm.str("utf-8")?, object.clone(), place(at), place(at + 1), vm.str("surrogates not allowed")?];
        vm.call(&vm.exc.UnicodeEncodeError.to_value(), &args)
    };
    match make() {
        Ok(error) => vm.raise_value(error),
        Err(raised) => raised,
    }
}

/// Writes a text to a stream in UTF-8, piece by piece. Lone surrogates are refused before anything is written; standard
/// error escapes them.
pub fn write_text(vm: &Vm, fd: u8, text: &Str) -> Res<()> {
    let send = |bytes: &[u8]| {
        let done = if fd == 1 { vm.host.write_stdout(bytes) } else { vm.host.write_stderr(bytes) };
        done.map_err(|e| vm.os_error(&e, None))
    };
    if let Some(text) = text.ascii() {
        return send(text.as_bytes());
    }
    let lone = |c: u32| (0xD800..0xE000).contains(&c);
    if fd == 1
        && let Some(at) = text.chars().iter().position(lone)
    {
        return Err(surrogate(vm, &payload_value(text), at));
    }
    let mut piece = Vec::with_capacity(PIECE + 16);
    for c in text.chars().iter() {
        if lone(c) {
            piece.extend_from_slice(format!("\\u{c:04x}").as_bytes());
        } else {
            push_wtf8(&mut piece, c);
        }
        if piece.len() >= PIECE {
            send(&piece)?;
            piece.clear();
        }
    }
    send(&piece)
}

/// Text is encoded and sent on in pieces of so many bytes.
const PIECE: usize = 4096;

/// Flushes a stream.
pub fn flush_fd(vm: &Vm, fd: u8) -> Res<()> {
    if fd == 1 { vm.host.flush_stdout().map_err(|e| vm.os_error(&e, None)) } else { Ok(()) }
}

fn write(vm: &Vm, this: &Value, text: &Value) -> Res {
    let Some(content) = text.get::<Str>() else {
        return Err(vm.type_error(format_args!("write() argument must be str, not {}", vm.arg_name(text))));
    };
    match fd(vm, this)? {
        0 => Err(unsupported(vm, "not writable")),
        fd => {
            write_text(vm, fd, content)?;
            vm.int(content.len() as i64)
        }
    }
}

fn unsupported(vm: &Vm, what: &str) -> Raised {
    // io.UnsupportedOperation is an OSError and a ValueError.
    vm.raise(&vm.exc.OSError, what)
}

fn flush(vm: &Vm, this: &Value) -> Res {
    flush_fd(vm, fd(vm, this)?).map(|()| Value::NONE)
}
fn isatty(vm: &Vm, this: &Value) -> Res {
    Ok(Value::bool(vm.host.is_terminal(fd(vm, this)?)))
}
fn fileno(vm: &Vm, this: &Value) -> Res {
    Ok(Value::small(i64::from(fd(vm, this)?)))
}
fn readable(vm: &Vm, this: &Value) -> Res {
    Ok(Value::bool(fd(vm, this)? == 0))
}
fn writable(vm: &Vm, this: &Value) -> Res {
    Ok(Value::bool(fd(vm, this)? != 0))
}

/// A line of standard input as a str; `None` at the end.
pub fn read_line(vm: &Vm) -> Res<Option<Value>> {
    let bytes = vm.host.read_stdin_line(vm.heap().room()).map_err(|e| vm.os_error(&e, None))?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let mut bytes = bytes;
    if bytes.ends_with(b"\r\n") {
        bytes.truncate(bytes.len() - 2);
        bytes.push(b'\n');
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => vm.str(text).map(Some),
        Err(error) => {
            let at = error.valid_up_to() as i64;
            let args = vec![
                vm.str("utf-8")?,
                vm.bytes(&bytes)?,
                Value::small(at),
                Value::small(at + 1),
                vm.str("invalid start byte")?,
            ];
            let error = vm.call(&vm.exc.UnicodeDecodeError.to_value(), &args)?;
            Err(vm.raise_value(error))
        }
    }
}

fn check_readable(vm: &Vm, this: &Value) -> Res<()> {
    if fd(vm, this)? == 0 { Ok(()) } else { Err(unsupported(vm, "not readable")) }
}
fn readline(vm: &Vm, args: &[Value]) -> Res {
    check_readable(vm, &args[0])?;
    Ok(read_line(vm)?.unwrap_or(vm.empty_str.clone()))
}
fn readlines(vm: &Vm, args: &[Value]) -> Res {
    check_readable(vm, &args[0])?;
    let mut lines = Vec::new();
    while let Some(line) = read_line(vm)? {
        lines.push(line);
    }
    vm.new_list(lines)
}
fn read(vm: &Vm, args: &[Value]) -> Res {
    check_readable(vm, &args[0])?;
    let mut lines = Vec::new();
    while let Some(line) = read_line(vm)? {
        lines.push(line);
    }
    let join = vm.get_attr(&vm.empty_str, &vm.names.join)?;
    vm.call(&join, &[vm.new_list(lines)?])
}
fn next(vm: &Vm, this: &Value) -> Res {
    check_readable(vm, this)?;
    match read_line(vm)? {
        Some(line) => Ok(line),
        None => {
            let stop = vm.new_exception(&vm.exc.StopIteration, Vec::new())?;
            Err(vm.raise_value(stop))
        }
    }
}
fn writelines(vm: &Vm, this: &Value, lines: &Value) -> Res {
    for line in vm.collect(lines)? {
        write(vm, this, &line)?;
    }
    Ok(Value::NONE)
}
fn repr(vm: &Vm, this: &Value) -> Res {
    let part = |name: &str| -> Res<String> {
        let value = vm.get_attr(this, &vm.intern(name)?)?;
        let shown = vm.repr(&value)?;
        Ok(vm.text(&shown).to_string())
    };
    vm.display(format_args!(
        "<_io.TextIOWrapper name={} mode={} encoding={}>",
        part("name")?,
        part("mode")?,
        part("encoding")?
    ))
}

/// Whether an I/O error is that of a pipe whose reader is gone.
pub fn is_broken_pipe(error: &std::io::Error) -> bool {
    errno::number(error) == 32
}
