//! `print`, `input`, `open` and what talks to a person.

use crate::modules::sys::textio;
use crate::object::call::Args;
use crate::raised::{Raised, Res};
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

/// Where `print` writes.
enum Target {
    /// A stream of the host.
    Stream(u8),
    /// Anything with `write`; a text stream of a native type may have a short way.
    Object(Value),
}

impl Target {
    fn of(vm: &Vm, file: Value) -> Target {
        match textio::host_stream_of(vm, &file) {
            Some(fd) if fd != 0 => Target::Stream(fd),
            _ => Target::Object(file),
        }
    }
    fn write(&self, vm: &Vm, text: &Value) -> Res<()> {
        match (self, text.get::<Str>()) {
            (Target::Stream(fd), Some(content)) => textio::write_text(vm, *fd, content),
            (Target::Stream(_), None) => Ok(()),
            (Target::Object(file), _) => {
                if vm.native_write(file, text)? {
                    return Ok(());
                }
                vm.call_method(file, &vm.names.write, &[text.clone()]).map(drop)
            }
        }
    }
    fn flush(&self, vm: &Vm) -> Res<()> {
        match self {
            Target::Stream(fd) => textio::flush_fd(vm, *fd),
            Target::Object(file) => vm.call_method(file, &vm.names.flush, &[]).map(drop),
        }
    }
}

/// `sys.stdout` and the like, which a script may have taken away.
fn standard(vm: &Vm, name: &Value) -> Res<Value> {
    let found = vm.sys_dict.get::<crate::types::dict::Dict>().and_then(|d| d.get_name(name)).cloned();
    found.ok_or_else(|| vm.runtime_error(format_args!("lost sys.{}", vm.text(name))))
}

/// The same for who cannot do without: None is no stream.
fn there(vm: &Vm, name: &Value) -> Res<Value> {
    let found = standard(vm, name)?;
    if found.is_none() {
        Err(vm.runtime_error(format_args!("lost sys.{}", vm.text(name))))
    } else {
        Ok(found)
    }
}

/// An argument of `print` that must be `None` or a str.
fn text_option(vm: &Vm, name: &str, value: Option<&Value>) -> Res<Option<Value>> {
    match value {
        None => Ok(None),
        Some(value) if value.is_none() => Ok(None),
        Some(value) if vm.is_str(value) => Ok(Some(value.clone())),
        Some(value) => {
            Err(vm.type_error(format_args!("{name} must be None or a string, not {}", vm.type_name(value))))
        }
    }
}

pub(super) fn print(vm: &Vm, args: Args<'_>) -> Res {
    let names = &vm.names;
    for name in args.names {
        if ![&names.sep, &names.end, &names.file, &names.flush].iter().any(|known| known.is(name)) {
            return Err(vm.unexpected_keyword("print", name, &["sep", "end", "file", "flush"]));
        }
    }
    let file = match args.named(&names.file) {
        Some(file) if !file.is_none() => file.clone(),
        _ => standard(vm, &names.stdout)?,
    };
    if file.is_none() {
        return Ok(Value::NONE);
    }
    let sep = text_option(vm, "sep", args.named(&names.sep))?;
    let end = text_option(vm, "end", args.named(&names.end))?;
    let flush = args.named(&names.flush).map_or(Ok(false), |f| vm.truth(f))?;
    let target = Target::of(vm, file);
    for (at, value) in args.pos.iter().enumerate() {
        if at > 0 {
            match &sep {
                Some(sep) => target.write(vm, sep)?,
                None => target.write(vm, &vm.latin1[usize::from(b' ')])?,
            }
        }
        if value.exact::<Str>().is_some() {
            target.write(vm, value)?;
        } else {
            target.write(vm, &vm.to_str(value)?)?;
        }
    }
    match &end {
        Some(end) => target.write(vm, end)?,
        None => target.write(vm, &vm.latin1[usize::from(b'\n')])?,
    }
    if flush {
        target.flush(vm)?;
    }
    Ok(Value::NONE)
}

pub(super) fn input(vm: &Vm, args: &[Value]) -> Res {
    let names = &vm.names;
    let (stdin, stdout) = (there(vm, &names.stdin)?, there(vm, &names.stdout)?);
    let stderr = there(vm, &names.stderr)?;
    let flush = |target: &Target| {
        // What cannot be flushed is no reason to ask nobody.
        if let Err(raised) = target.flush(vm) {
            drop(vm.take_raised(raised));
        }
    };
    flush(&Target::of(vm, stderr));
    let output = Target::of(vm, stdout);
    if let Some(prompt) = args.first().filter(|p| !p.is_unbound()) {
        output.write(vm, &vm.to_str(prompt)?)?;
    }
    flush(&output);
    let line = match textio::host_stream_of(vm, &stdin) {
        Some(0) => textio::read_line(vm)?,
        _ => {
            let line = vm.call_method(&stdin, &vm.intern("readline")?, &[])?;
            if !vm.is_str(&line) {
                return Err(vm.type_error("object.readline() returned non-string"));
            }
            if vm.truth(&line)? { Some(line) } else { None }
        }
    };
    let Some(line) = line else { return Err(vm.raise(&vm.exc.EOFError, "EOF when reading a line")) };
    match line.get::<Str>() {
        Some(text) if !text.is_empty() && text.chars().at(text.len() - 1) == u32::from(b'\n') => {
            vm.str_from(text.chars().slice(0, text.len() - 1))
        }
        _ => Ok(line),
    }
}

/// `open` tells what it can: files are no part of this interpreter yet.
pub(super) fn open(vm: &Vm, args: &[Value]) -> Res {
    crate::native::Cx::of(vm).require(crate::host::Capability::Files)?;
    let file = &args[0];
    if let Some(name) = file.get::<Str>() {
        // The system's calls and the error copy it.
        vm.room_for_bytes(name.byte_len() as u128 * 4)?;
        let path = vm.text(file);
        if !vm.host.is_file(&path)
            && !vm.host.is_dir(&path)
            && args.get(1).is_none_or(|m| vm.text(m).contains('r'))
        {
            let missing = std::io::Error::from_raw_os_error(2);
            return Err(vm.os_error(&missing, Some(&path)));
        }
    }
    Err(not_supported(vm))
}

fn not_supported(vm: &Vm) -> Raised {
    vm.raise(&vm.exc.OSError, "this interpreter cannot open files yet")
}

pub(super) fn breakpoint(vm: &Vm, args: Args<'_>) -> Res {
    let Some(hook) = vm.sys_attr("breakpointhook")? else {
        return Err(vm.runtime_error("lost sys.breakpointhook"));
    };
    vm.call_args(&hook, args)
}

pub(super) fn help(vm: &Vm, args: &[Value]) -> Res {
    let text = match args.first().filter(|a| !a.is_unbound()) {
        None => "Ryokan runs Python 3.14. help(object) shows an object's docstring.\n".to_string(),
        Some(object) => {
            let shown = vm.repr(object)?;
            let doc = vm.get_attr_opt(object, &vm.names.__doc__)?.filter(|d| vm.is_str(d));
            format!("Help on {}:\n\n{}\n", vm.text(&shown), doc.map(|d| vm.text(&d)).unwrap_or_default())
        }
    };
    let stdout = standard(vm, &vm.names.stdout)?;
    Target::of(vm, stdout).write(vm, &vm.str(&text)?)?;
    Ok(Value::NONE)
}

/// `exit(code)`: raises `SystemExit`.
pub(super) fn exit(vm: &Vm, args: &[Value]) -> Res {
    let args = args.first().filter(|a| !a.is_unbound()).map(|a| vec![a.clone()]).unwrap_or_default();
    let error = vm.new_exception(&vm.exc.SystemExit, args)?;
    Err(vm.raise_value(error))
}
