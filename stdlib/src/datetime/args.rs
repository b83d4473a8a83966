//! Arguments of constructors, bound as CPython's `PyArg_ParseTupleAndKeywords` binds them: each one is converted before the next is missed.

use ryokan_vm::native::*;

/// The parameters of a constructor.
pub struct Parameters {
    /// How messages call it: nothing for "function".
    pub function: &'static str,
    pub names: &'static [&'static str],
    /// How many must be given.
    pub required: usize,
    /// How many can be given by position.
    pub positional: usize,
}

impl Parameters {
    /// Hands out each argument that is given, by the number of its parameter and in their order. `TypeError`.
    pub fn bind(
        &self,
        cx: &Cx,
        args: Args<'_>,
        mut take: impl FnMut(usize, &Value) -> Res<()>,
    ) -> Res<()> {
        let (given, named) = (args.positional(), args.named_count());
        if named == 0 && (self.required..=self.positional).contains(&given.len()) {
            return given.iter().enumerate().try_for_each(|(at, value)| take(at, value));
        }
        self.check_count(cx, given.len(), named)?;
        let mut found = 0;
        for (at, name) in self.names.iter().enumerate() {
            let value = match given.get(at) {
                Some(value) => Some(value),
                None => args.get_named(cx, name).inspect(|_| found += 1),
            };
            match value {
                Some(value) => take(at, value)?,
                None if at < self.required => {
                    let (function, place) = (self.called(), at + 1);
                    let message = format_args!("{function} missing required argument '{name}' (pos {place})");
                    return Err(cx.type_error(message));
                }
                None => {}
            }
        }
        if found < named { Err(self.superfluous(cx, args)) } else { Ok(()) }
    }
    fn called(&self) -> String {
        if self.function.is_empty() { "function".into() } else { format!("{}()", self.function) }
    }
    fn check_count(&self, cx: &Cx, given: usize, named: usize) -> Res<()> {
        let (function, most) = (self.called(), self.names.len());
        if given + named > most {
            let (kind, s) = (if given == 0 { "keyword " } else { "" }, if most == 1 { "" } else { "s" });
            let count = given + named;
            let message = format_args!("{function} takes at most {most} {kind}argument{s} ({count} given)");
            return Err(cx.type_error(message));
        }
        if given > self.positional {
            let most = self.positional;
            let message = format_args!("{function} takes at most {most} positional arguments ({given} given)");
            return Err(cx.type_error(message));
        }
        Ok(())
    }
    /// The error of a name that is unknown, or was given by position too.
    #[cold]
    fn superfluous(&self, cx: &Cx, args: Args<'_>) -> Raised {
        for (at, name) in self.names.iter().enumerate().take(args.positional().len()) {
            if args.get_named(cx, name).is_some() {
                let (function, place) = (self.called(), at + 1);
                let message =
                    format_args!("argument for {function} given by name ('{name}') and position ({place})");
                return cx.type_error(message);
            }
        }
        let function = if self.function.is_empty() { "this function".into() } else { self.called() };
        let known = |name: &Value| cx.str(name).is_ok_and(|name| self.names.contains(&name.as_str()));
        match args.named().map(|(name, _)| name).find(|name| !known(name)).map(|name| cx.str(name)) {
            Some(Ok(name)) => {
                cx.type_error(format_args!("{function} got an unexpected keyword argument '{name}'"))
            }
            Some(Err(raised)) => raised,
            None => cx.system_error("a keyword argument is left"),
        }
    }
}

/// An argument as C's `int`. Runs Python; `TypeError`, `OverflowError`.
#[inline]
pub fn c_int(cx: &Cx, value: &Value) -> Res<i64> {
    let number = match Int::exact_small(value) {
        Some(number) => number,
        None => cx.long(value)?,
    };
    if i32::try_from(number).is_ok() {
        return Ok(number);
    }
    let bound = if number < 0 { "less than minimum" } else { "greater than maximum" };
    Err(cx.overflow_error(format_args!("signed integer is {bound}")))
}

/// The same of an argument that may be left out.
pub fn c_int_or(cx: &Cx, given: Given, default: i64) -> Res<i64> {
    given.0.map_or(Ok(default), |value| c_int(cx, &value))
}

/// `TypeError` unless an argument is a str.
pub fn expect_str(cx: &Cx, function: &str, position: usize, value: &Value) -> Res<()> {
    if cx.is_str(value) {
        return Ok(());
    }
    let kind = cx.arg_name(value);
    Err(cx.type_error(format_args!("{function}() argument {position} must be str, not {kind}")))
}

/// The bytes of a state that a pickle gives a constructor: a bytes object, or what Python 2 wrote, read as Latin-1. Nothing if the
/// first argument is neither, or has another length. `ValueError` if a str holds what is no byte, and `sane` says that it is a state.
pub fn state<const N: usize>(
    cx: &Cx,
    first: Option<&Value>,
    what: &str,
    sane: impl FnOnce(&[u32; N]) -> bool,
) -> Res<Option<[u8; N]>> {
    let Some(first) = first else { return Ok(None) };
    let mut chars = [0; N];
    if let Some(bytes) = Bytes::of(first) {
        let Ok(bytes) = <[u8; N]>::try_from(bytes.as_slice()) else { return Ok(None) };
        return Ok(sane(&bytes.map(u32::from)).then_some(bytes));
    }
    let Some(text) = Str::of(first).filter(|text| text.len() == N) else { return Ok(None) };
    for (place, c) in chars.iter_mut().zip(text.chars().iter()) {
        *place = c;
    }
    if !sane(&chars) {
        return Ok(None);
    }
    if chars.iter().any(|c| *c > 255) {
        return Err(cx.value_error(format_args!(
            "Failed to encode latin1 string when unpickling a {what} object. pickle.load(data, encoding='latin1') is assumed."
        )));
    }
    Ok(Some(chars.map(|c| c as u8)))
}
