//! Arguments, where CPython warns of how they are given; texts for SQLite.

use std::ffi::CString;

use ryokan_vm::native::*;

/// How a function takes its arguments.
pub struct Shape<'a> {
    /// Its name.
    pub name: &'a str,
    /// The names of those that can be given by position, then of the others.
    pub names: &'a [&'a str],
    /// How many can be given by position, and how many of these cannot be given by name.
    pub positional: usize,
    pub unnamed: usize,
    /// How many must be given.
    pub required: usize,
}

impl Shape<'_> {
    /// The arguments in the order of the names. `TypeError`.
    pub fn read(&self, cx: &Cx, args: Args<'_>) -> Res<Vec<Option<Value>>> {
        let Shape { name: function, names, positional, unnamed, required } = self;
        let given = args.positional();
        if given.len() > *positional {
            let (count, most) = (given.len(), positional);
            let plural = if *most == 1 { "" } else { "s" };
            let way = if names.len() > *most { " positional" } else { "" };
            let word = if most == required && names.len() > *most { "exactly" } else { "at most" };
            return Err(cx.type_error(format_args!(
                "{function}() takes {word} {most}{way} argument{plural} ({count} given)"
            )));
        }
        let mut found: Vec<Option<Value>> = given.iter().cloned().map(Some).collect();
        found.resize_with(names.len(), || None);
        for (name, value) in args.named() {
            let text = cx.str(name)?;
            let known = &names[*unnamed..];
            let Some(at) = known.iter().position(|known| text == *known) else { continue };
            let at = at + unnamed;
            if at < given.len() {
                let position = at + 1;
                return Err(cx.type_error(format_args!(
                    "argument for {function}() given by name ('{text}') and position ({position})"
                )));
            }
            found[at] = Some(value.clone());
        }
        if let Some(missing) = found.iter().take(*required).position(Option::is_none) {
            let (name, position) = (names[missing], missing + 1);
            return Err(cx.type_error(format_args!(
                "{function}() missing required argument '{name}' (pos {position})"
            )));
        }
        args.known_names(cx, function, &names[*unnamed..])?;
        Ok(found)
    }
}

/// `DeprecationWarning` of arguments that were given by name, and will be taken by position only.
pub fn warn_named(cx: &Cx, method: &str, args: Args<'_>, names: &[&str]) -> Res<()> {
    if args.positional().len() >= names.len() {
        return Ok(());
    }
    let (plural, parameter) = if names.len() > 1 { ("s", "Parameters") } else { ("", "Parameter") };
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let listed = match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    };
    let message = format!(
        "Passing keyword argument{plural} {listed} to _sqlite3.Connection.{method}() is deprecated. {parameter} {listed} will become \
         positional-only in Python 3.15."
    );
    cx.warn("DeprecationWarning", &message)
}

/// The place of an argument in messages.
pub fn place(function: &'static str, parameter: &'static str) -> Place {
    Place { function, parameter, position: 1, alone: false }
}

/// The UTF-8 of a str for SQLite, as `what` is to be. `TypeError` if it is none, `ValueError` if there is a 0 in it.
pub fn text_without_zeros(cx: &Cx, text: &Value, what: &str) -> Res<Bytes> {
    if !cx.is_str(text) {
        return Err(cx.type_error(format_args!("{what} must be str, not {}", cx.arg_name(text))));
    }
    let bytes = cx.utf8(text)?;
    match memchr::memchr(0, bytes.as_slice()) {
        Some(_) => Err(cx.value_error("embedded null character")),
        None => Ok(bytes),
    }
}

/// The same with a 0 behind it: for what is short.
pub fn c_text(cx: &Cx, text: &Value, what: &str) -> Res<CString> {
    let bytes = text_without_zeros(cx, text, what)?;
    CString::new(bytes.as_slice()).map_err(|_| cx.value_error("embedded null character"))
}

/// The same of an optional name of a database.
pub fn database_name(cx: &Cx, name: Option<&Value>, function: &str) -> Res<CString> {
    match name {
        None => Ok(c"main".to_owned()),
        Some(name) => c_text(cx, name, &format!("{function}() argument 'name'")),
    }
}
