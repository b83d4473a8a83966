//! `OSError`: its arguments say what failed, on which files; the error number picks the subclass.
//!
//! The arguments are taken by `__new__`, which must know the error number to pick a subclass, unless a class overrides
//! `__init__` alone: then its `__init__` may pass on other arguments than `__new__` saw, and they are taken there.

use super::base::{args_tuple, inits_with, makes_with, no_keywords};
use super::table::{Parts, kind_of};
use super::{Exception, Kind, base, field, payload};
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, attribute, method};
use crate::object::slots::Slots;
use crate::object::ty::TypeObj;
use crate::object::ty::TypeRef;
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// The row of `OSError`.
pub const PARTS: Parts = Parts {
    kind: Kind::Os,
    slots: Slots { new: Some(new), init: Some(init), str: Some(str), ..Slots::NONE },
    methods: METHODS,
    getset: FIELDS,
};

const ERRNO: usize = 0;
const STRERROR: usize = 1;
const FILENAME: usize = 2;
const FILENAME2: usize = 3;
const WRITTEN: usize = 4;

static FIELDS: &[GetSet] = &[
    field!("errno", Os, 0, "the system's number of the error"),
    field!("strerror", Os, 1, "the system's words for it"),
    field!("filename", Os, 2, "the file in question, if it is about one"),
    field!("filename2", Os, 3, "the other file, if it is about two"),
    attribute("characters_written", get_written, set_written, ""),
];
static METHODS: &[Method] = &[method("__reduce__", "($self, /)", Call::One(reduce), "")];

/// The subclass that an error number of Linux stands for.
fn subclass(vm: &Vm, errno: i64) -> Option<&TypeRef> {
    let exc = &vm.exc;
    Some(match errno {
        1 | 13 => &exc.PermissionError,
        2 => &exc.FileNotFoundError,
        3 => &exc.ProcessLookupError,
        4 => &exc.InterruptedError,
        10 => &exc.ChildProcessError,
        11 | 114 | 115 => &exc.BlockingIOError,
        17 => &exc.FileExistsError,
        20 => &exc.NotADirectoryError,
        21 => &exc.IsADirectoryError,
        32 | 108 => &exc.BrokenPipeError,
        103 => &exc.ConnectionAbortedError,
        104 => &exc.ConnectionResetError,
        110 => &exc.TimeoutError,
        111 => &exc.ConnectionRefusedError,
        _ => return None,
    })
}

/// An error of the system, made by the VM.
pub fn make(vm: &Vm, errno: i32, message: &str, filename: Option<&Value>) -> Res {
    let ty: &TypeObj = subclass(vm, i64::from(errno)).map_or(&*vm.exc.OSError, |ty| ty);
    let mut args = vec![Value::small(i64::from(errno)), vm.str(message)?];
    args.extend(filename.cloned());
    vm.new_exception(ty, args)
}

/// Whether `__init__` takes the arguments rather than `__new__`.
fn init_takes_args(ty: &TypeObj) -> bool {
    !inits_with(ty, init) && makes_with(ty, new)
}

fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let ty = vm.expect_type(class)?;
    let kind = kind_of(vm, ty);
    if init_takes_args(ty) {
        let none = vm.empty_tuple.clone();
        return vm.new_of_class(class, |head| Exception::new(head, none, kind));
    }
    if !args.names.is_empty() {
        return Err(vm.type_error(format_args!("{}() takes no keyword arguments", vm.text(&ty.name))));
    }
    let mut class = class.clone();
    if std::ptr::eq(ty, &*vm.exc.OSError)
        && (2..=5).contains(&args.pos.len())
        && let Some(errno) = vm.as_i64(&args.pos[0]).or_else(|| vm.exception_int(&args.pos[0]))
        && let Some(better) = subclass(vm, errno)
    {
        class = better.to_value();
    }
    let tuple = args_tuple(vm, args)?;
    let made = vm.new_of_class(&class, |head| Exception::new(head, tuple, kind))?;
    let blocking = vm.is_instance(&made, &vm.exc.BlockingIOError);
    take_args(vm, payload(&made), blocking)?;
    Ok(made)
}

fn init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    if !init_takes_args(vm.type_of(this)) {
        return Ok(());
    }
    no_keywords(vm, this, args)?;
    base::set_args(vm, this, args)?;
    take_args(vm, payload(this), vm.is_instance(this, &vm.exc.BlockingIOError))
}

/// Sets the fields from two to five arguments: errno, strerror, filename, (Windows' number,) filename2. With a file name,
/// `args` keeps the first two only.
pub fn take_args(vm: &Vm, exception: &Exception, blocking: bool) -> Res<()> {
    let args = exception.arguments(vm);
    let items = args.items();
    if !(2..=5).contains(&items.len()) {
        return Ok(());
    }
    exception.set_field(vm, Kind::Os, ERRNO, items[0].clone())?;
    exception.set_field(vm, Kind::Os, STRERROR, items[1].clone())?;
    let Some(filename) = items.get(2).filter(|name| !name.is_none()) else { return Ok(()) };
    if blocking && vm.slots(filename).index().is_some() {
        return exception.set_field(vm, Kind::Os, WRITTEN, filename.clone());
    }
    exception.set_field(vm, Kind::Os, FILENAME, filename.clone())?;
    if let Some(second) = items.get(4).filter(|name| !name.is_none()) {
        exception.set_field(vm, Kind::Os, FILENAME2, second.clone())?;
    }
    exception.args.set(vm.new_tuple(items[..2].to_vec())?);
    Ok(())
}

fn str(vm: &Vm, this: &Value) -> Res {
    let exception = payload(this);
    let [errno, strerror] = [ERRNO, STRERROR].map(|at| exception.field(Kind::Os, at));
    if let Some(filename) = exception.field(Kind::Os, FILENAME) {
        let second = exception.field(Kind::Os, FILENAME2);
        let errno = vm.to_str(&errno.unwrap_or(Value::NONE))?;
        let strerror = vm.to_str(&strerror.unwrap_or(Value::NONE))?;
        let (head, file) =
            (format!("[Errno {}] {}: ", vm.text(&errno), vm.text(&strerror)), vm.repr(&filename)?);
        return match second {
            Some(second) => {
                let second = vm.repr(&second)?;
                vm.str_concat(&[&head, &vm.text(&file), " -> ", &vm.text(&second)])
            }
            None => vm.str_concat(&[&head, &vm.text(&file)]),
        };
    }
    if let (Some(errno), Some(strerror)) = (errno, strerror) {
        let (errno, strerror) = (vm.to_str(&errno)?, vm.to_str(&strerror)?);
        return vm.str_concat(&["[Errno ", &vm.text(&errno), "] ", &vm.text(&strerror)]);
    }
    base::str(vm, this)
}

fn reduce(vm: &Vm, this: &Value) -> Res {
    let exception = payload(this);
    let mut args = exception.arguments(vm).items().to_vec();
    if args.len() == 2
        && let Some(filename) = exception.field(Kind::Os, FILENAME)
    {
        args.push(filename);
        if let Some(second) = exception.field(Kind::Os, FILENAME2) {
            args.extend([Value::NONE, second]);
        }
    }
    let state = base::state_of(vm, this)?;
    base::reduce_with(vm, this, vm.new_tuple(args)?, state)
}

fn get_written(vm: &Vm, this: &Value) -> Res {
    match payload(this).field(Kind::Os, WRITTEN) {
        Some(count) => Ok(count),
        None => Err(vm.attribute_error("characters_written")),
    }
}

fn set_written(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    match value {
        None if payload(this).field(Kind::Os, WRITTEN).is_none() => {
            Err(vm.attribute_error("characters_written"))
        }
        None => payload(this).set_field(vm, Kind::Os, WRITTEN, Value::UNBOUND),
        Some(value) if vm.slots(value).index().is_none() => Err(vm.type_error(format_args!(
            "'{}' object cannot be interpreted as an integer",
            vm.type_name(value)
        ))),
        Some(value) => payload(this).set_field(vm, Kind::Os, WRITTEN, value.clone()),
    }
}
