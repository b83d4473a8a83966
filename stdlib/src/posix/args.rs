//! What the functions of `posix` take: paths, descriptors, both, directories that paths start from, and identities.

use std::ffi::CString;
use std::io;

use ryokan_vm::native::*;

use crate::fspath::{c_path, c_string, fspath};

/// A path, or the number of a descriptor where that will do.
pub struct PathArg {
    /// The path; empty if it is a descriptor.
    pub c: CString,
    /// The descriptor.
    pub fd: Option<i32>,
    /// What errors name: the path that was given or that `__fspath__` gave, or the descriptor.
    pub given: Value,
    /// The path as a str or bytes; None if there is none.
    pub path: Value,
    /// Whether what comes of it is bytes.
    pub is_bytes: bool,
}

/// What else than a path an argument may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Also {
    Nothing,
    Fd,
    FdOrNone,
}

impl Also {
    fn named(self) -> &'static str {
        match self {
            Also::Nothing => "string, bytes or os.PathLike",
            Also::Fd => "string, bytes, os.PathLike or integer",
            Also::FdOrNone => "string, bytes, os.PathLike, integer or None",
        }
    }
}

fn argument_name(place: &Place) -> &'static str {
    if place.parameter.is_empty() { "path" } else { place.parameter }
}

fn read(cx: &Cx, value: &Value, place: &Place, also: Also) -> Res<PathArg> {
    let (function, name) = (place.function, argument_name(place));
    if value.is_none() && also == Also::FdOrNone {
        return Ok(PathArg::here());
    }
    let is_path = cx.is_str(value) || Bytes::of(value).is_some();
    if !is_path && matches!(also, Also::Fd | Also::FdOrNone) && cx.has_index(value) {
        let fd = Some(fd_number(cx, value)?);
        return Ok(PathArg { c: CString::default(), fd, given: value.clone(), path: Value::NONE, is_bytes: false });
    }
    let path = match fspath(cx, value) {
        Ok(path) => path,
        Err(raised) if !is_path && cx.is_raised(&raised, "TypeError") && cx.aside(|| !has_path(cx, value)) => {
            drop(cx.take_raised(raised));
            let kind = cx.type_name(value);
            return Err(cx.type_error(format_args!("{function}: {name} should be {}, not {kind}", also.named())));
        }
        Err(raised) => return Err(raised),
    };
    let is_bytes = Bytes::of(&path).is_some();
    let c = c_path(cx, &path, &format!("{function}: embedded null character in {name}"))?;
    Ok(PathArg { c, fd: None, given: path.clone(), path, is_bytes })
}

/// Whether an object's class says what its path is.
fn has_path(cx: &Cx, value: &Value) -> bool {
    match cx.attr_opt(&cx.class_of(value), "__fspath__") {
        Ok(found) => found.is_some(),
        Err(raised) => {
            drop(cx.take_raised(raised));
            true
        }
    }
}

/// A descriptor's number, of an int.
fn fd_number(cx: &Cx, value: &Value) -> Res<i32> {
    if value.is(&Value::TRUE) || value.is(&Value::FALSE) {
        cx.warn_about("RuntimeWarning", "bool is used as a file descriptor", 1, None)?;
    }
    match cx.index_i128(value)? {
        Some(n) if i32::try_from(n).is_ok() => Ok(n as i32),
        Some(n) if n < 0 => Err(cx.overflow_error("fd is less than minimum")),
        _ => Err(cx.overflow_error("fd is greater than maximum")),
    }
}

impl PathArg {
    /// The working directory, as if None was given.
    pub fn here() -> PathArg {
        PathArg { c: c".".to_owned(), fd: None, given: Value::NONE, path: Value::NONE, is_bytes: false }
    }
    /// `OSError` about the path, and about nothing if a descriptor was given.
    #[cold]
    pub fn error_unless_fd(&self, cx: &Cx, error: &io::Error) -> Raised {
        match self.fd {
            Some(_) => cx.os_error_about(number(error), None, None),
            None => self.error(cx, error),
        }
    }
    /// `OSError` about the path.
    #[cold]
    pub fn error(&self, cx: &Cx, error: &io::Error) -> Raised {
        let given = if self.given.is_none() { None } else { Some(&self.given) };
        cx.os_error_about(number(error), given, None)
    }
    /// `ValueError` if it is a descriptor, and something else was given that means nothing then.
    pub fn no_fd_with(&self, cx: &Cx, function: &str, dir: DirFd, follow: bool) -> Res<()> {
        if self.fd.is_none() {
            return Ok(());
        }
        if dir.0 != ryokan_system::AT_CWD {
            return Err(cx.value_error(format_args!("{function}: can't specify dir_fd without matching path")));
        }
        if !follow {
            return Err(
                cx.value_error(format_args!("{function}: cannot use fd and follow_symlinks together"))
            );
        }
        Ok(())
    }
}

/// The number of an error of the system.
pub fn number(error: &io::Error) -> i32 {
    error.raw_os_error().unwrap_or(libc::EIO)
}

/// Whether the system says that there is nothing at a path: the library may know it then.
pub fn is_missing(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::ENOENT)
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident = $also:expr;)*) => { $(
        $(#[doc = $doc])*
        pub struct $name(pub PathArg);
        impl<'a> FromArg<'a> for $name {
            fn from_arg(cx: &'a Cx, arg: &'a Value, place: &Place) -> Res<$name> {
                read(cx, arg, place, $also).map($name)
            }
        }
        impl std::ops::Deref for $name {
            type Target = PathArg;
            fn deref(&self) -> &PathArg {
                &self.0
            }
        }
    )* };
}
kinds! {
    /// A path.
    Path = Also::Nothing;
    /// A path, or a descriptor.
    PathOrFd = Also::Fd;
    /// A path, a descriptor, or None for the working directory.
    DirOrFd = Also::FdOrNone;
}

/// A descriptor: an int, or an object with a `fileno()`.
#[derive(Clone, Copy)]
pub struct Number(pub i32);

impl Number {
    /// Of an argument. Runs Python.
    pub fn of(cx: &Cx, value: &Value) -> Res<Number> {
        if value.is(&Value::TRUE) || value.is(&Value::FALSE) {
            cx.warn_about("RuntimeWarning", "bool is used as a file descriptor", 1, None)?;
        }
        if cx.is_int(value) {
            return i32::from_arg(cx, value, &ANY).map(Number);
        }
        Err(if cx.has_index(value) {
            return i32::from_arg(cx, value, &ANY).map(Number);
        } else {
            cx.type_error(format_args!("'{}' object cannot be interpreted as an integer", cx.type_name(value)))
        })
    }
}

/// A descriptor of an object with `fileno()`, as `select` and `fcntl` take it.
pub fn descriptor_of(cx: &Cx, value: &Value) -> Res<i32> {
    let number = if cx.is_int(value) {
        Number::of(cx, value)?.0
    } else {
        let Some(fileno) = cx.attr_opt(value, "fileno")? else {
            return Err(cx.type_error("argument must be an int, or have a fileno() method."));
        };
        let given = cx.call(&fileno, ())?;
        if !cx.is_int(&given) {
            return Err(cx.type_error("fileno() returned a non-integer"));
        }
        Number::of(cx, &given)?.0
    };
    if number < 0 {
        return Err(cx.value_error(format_args!("file descriptor cannot be a negative integer ({number})")));
    }
    Ok(number)
}

/// For messages about ints.
pub const ANY: Place = Place { function: "", parameter: "", position: 1, alone: true };

impl<'a> FromArg<'a> for Number {
    fn from_arg(cx: &'a Cx, arg: &'a Value, _: &Place) -> Res<Number> {
        Number::of(cx, arg)
    }
}

/// A descriptor that is asked for by its `fileno()` where it is no int.
#[derive(Clone, Copy)]
pub struct FileNo(pub i32);

impl<'a> FromArg<'a> for FileNo {
    fn from_arg(cx: &'a Cx, arg: &'a Value, _: &Place) -> Res<FileNo> {
        descriptor_of(cx, arg).map(FileNo)
    }
}

/// The directory that a relative path starts from: an open one, or the working directory for None.
#[derive(Clone, Copy)]
pub struct DirFd(pub i32);

/// The working directory.
pub const CWD: DirFd = DirFd(ryokan_system::AT_CWD);

impl<'a> FromArg<'a> for DirFd {
    fn from_arg(cx: &'a Cx, arg: &'a Value, _: &Place) -> Res<DirFd> {
        if arg.is_none() {
            return Ok(CWD);
        }
        if !cx.has_index(arg) {
            let kind = cx.type_name(arg);
            return Err(cx.type_error(format_args!("argument should be integer or None, not {kind}")));
        }
        fd_number(cx, arg).map(DirFd)
    }
}

/// A user or a group: an int that fits, or -1.
#[derive(Clone, Copy)]
pub struct Id(pub u32);

impl Id {
    /// Of an argument. Runs Python.
    pub fn of(cx: &Cx, value: &Value, what: &str) -> Res<Id> {
        if !cx.has_index(value) {
            let kind = cx.type_name(value);
            return Err(cx.type_error(format_args!("{what} should be integer, not {kind}")));
        }
        match cx.index_i128(value)? {
            Some(-1) => Ok(Id(u32::MAX)),
            Some(n) if n > i128::from(i64::MAX) => {
                Err(cx.overflow_error(format_args!("{what} is greater than maximum")))
            }
            // (What C would cut off is told of as too small.)
            Some(n) => u32::try_from(n)
                .map(Id)
                .map_err(|_| cx.overflow_error(format_args!("{what} is less than minimum"))),
            None => Err(cx.overflow_error(format_args!("{what} is greater than maximum"))),
        }
    }
    /// As an int of Python's: -1 for none.
    pub fn number(self) -> i64 {
        if self.0 == u32::MAX { -1 } else { i64::from(self.0) }
    }
}

impl<'a> FromArg<'a> for Id {
    fn from_arg(cx: &'a Cx, arg: &'a Value, place: &Place) -> Res<Id> {
        let function = place.function;
        let of_group = function.contains("gid") || function.contains("group") || place.parameter.contains("gid");
        Id::of(cx, arg, if of_group { "gid" } else { "uid" })
    }
}

/// Calls the system, without the lock; a call that a signal has interrupted is made again when the signal was heeded.
pub fn call<T: Send>(cx: &Cx, mut call: impl FnMut() -> io::Result<T> + Send) -> Res<io::Result<T>> {
    loop {
        // (What came in before would not end it.)
        cx.check_signals()?;
        match cx.blocking(&mut call) {
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => cx.check_signals()?,
            done => return Ok(done),
        }
    }
}

/// The same where what fails is about no file.
pub fn done<T: Send>(cx: &Cx, make: impl FnMut() -> io::Result<T> + Send) -> Res<T> {
    call(cx, make)?.map_err(|error| cx.os_error_about(number(&error), None, None))
}

/// The same of a call that takes no time.
pub fn quick<T>(cx: &Cx, result: io::Result<T>) -> Res<T> {
    result.map_err(|error| cx.os_error_about(number(&error), None, None))
}

/// Texts for another program: bytes, or strs and paths.
pub fn texts(cx: &Cx, values: &[Value]) -> Res<Vec<CString>> {
    values.iter().map(|value| c_string(cx, &fspath(cx, value)?, "embedded null byte")).collect()
}

/// A name as the system has it: a str, or bytes where a path was bytes.
pub fn name_value(cx: &Cx, bytes: &[u8], as_bytes: bool) -> Res {
    if as_bytes { Bytes::new(cx, bytes).map(Bytes::into_value) } else { cx.from_system(bytes) }
}
