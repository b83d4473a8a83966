//! `SyntaxError` and its subclasses.

use super::base::{no_keywords, set_args};
use super::table::Parts;
use super::{Exception, Kind, field, payload};
use crate::object::call::Args;
use crate::object::native::GetSet;
use crate::object::slots::Slots;
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// The row of `SyntaxError`.
pub const PARTS: Parts = Parts {
    kind: Kind::Syntax,
    slots: Slots { init: Some(init), str: Some(str), ..Slots::NONE },
    methods: &[],
    getset: FIELDS,
};

static FIELDS: &[GetSet] = &[
    field!("msg", Syntax, 0, "what is wrong"),
    field!("filename", Syntax, 1, "the file, or what stands for it"),
    field!("lineno", Syntax, 2, "the line, counted from 1"),
    field!("offset", Syntax, 3, "the column in that line, counted from 1"),
    field!("text", Syntax, 4, "that line of the source"),
    field!("end_lineno", Syntax, 5, "the line where the wrong part ends"),
    field!("end_offset", Syntax, 6, "the column behind its end"),
    field!("print_file_and_line", Syntax, 7, "whether the place is shown"),
    field!("_metadata", Syntax, 8, "what the parser keeps for itself"),
];

/// The fields of a syntax error, in the order of the page of `exceptions`, those that are not set as None.
pub fn syntax_fields(exception: &Exception) -> [Value; 9] {
    std::array::from_fn(|at| exception.field_or_none(Kind::Syntax, at))
}

fn init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    no_keywords(vm, this, args)?;
    set_args(vm, this, args)?;
    take_args(vm, payload(this))
}

/// Sets the fields from the arguments: a message, and a tuple that tells where.
pub fn take_args(vm: &Vm, exception: &Exception) -> Res<()> {
    let args = exception.arguments(vm);
    let [message, rest @ ..] = args.items() else { return Ok(()) };
    exception.set_field(vm, Kind::Syntax, 0, message.clone())?;
    let [place] = rest else { return Ok(()) };
    let parts = vm.collect(place)?;
    let count = parts.len();
    if count < 4 {
        return Err(vm.type_error(format_args!("function takes at least 4 arguments ({count} given)")));
    }
    if count > 7 {
        return Err(vm.type_error(format_args!("function takes at most 7 arguments ({count} given)")));
    }
    // filename, lineno, offset, text, end_lineno, end_offset; then what `traceback` wants to know.
    for (at, part) in parts.into_iter().enumerate() {
        let index = if at == 6 { 8 } else { at + 1 };
        exception.set_field(vm, Kind::Syntax, index, part)?;
    }
    if count == 5 {
        return Err(vm.type_error("end_offset must be provided when end_lineno is provided"));
    }
    Ok(())
}

/// The message, with the file's base name and the line as far as they are known.
fn str(vm: &Vm, this: &Value) -> Res {
    let exception = payload(this);
    let filename = exception.field(Kind::Syntax, 1).filter(|f| vm.is_str(f));
    let line = exception.field(Kind::Syntax, 2).filter(|l| l.word().is_int() || vm.as_index_opt(l).is_some());
    let message = vm.to_str(&exception.field_or_none(Kind::Syntax, 0))?;
    let base = filename.map(|f| vm.text(&f).rsplit('/').next().unwrap_or_default().to_string());
    let line = match line {
        Some(line) => Some(vm.text(&vm.to_str(&line)?)),
        None => None,
    };
    let place = match (base, line) {
        (Some(file), Some(line)) => format!(" ({file}, line {line})"),
        (Some(file), None) => format!(" ({file})"),
        (None, Some(line)) => format!(" (line {line})"),
        (None, None) => return Ok(message),
    };
    vm.str_concat(&[&vm.text(&message), &place])
}

impl Vm {
    /// The int in a value that is exactly one and fits.
    fn as_index_opt(&self, value: &Value) -> Option<i64> {
        match crate::types::code::immediate(value) {
            Some(word) if word.is_int() => Some(word.int()),
            _ => None,
        }
    }
    /// A field of an exception that holds a short int.
    pub fn exception_int(&self, value: &Value) -> Option<i64> {
        self.as_index_opt(value)
    }
}
