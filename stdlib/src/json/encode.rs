//! Writing JSON.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::strings::write_str;

native_type! {
    /// Writes a value as JSON, at a level of indentation: a tuple of one text.
    "_json.Encoder" = pub struct Encoder {
        markers: Slot,
        default: Slot,
        encoder: Slot,
        indent: Slot,
        key_separator: Slot,
        item_separator: Slot,
        sort_keys: Cell<bool>,
        skipkeys: Cell<bool>,
        allow_nan: Cell<bool>,
    }
    flags: SUBCLASS;
    new(
        markers: Value, default: Value, encoder: Value, indent: Value, key_separator: Value, item_separator: Value,
        sort_keys: bool, skipkeys: bool, allow_nan: bool
    ) = new;
    call(*args, **names) = call;
    members {
        /// what is being written, by id, or None
        markers = |_, this: This<Encoder>| this.markers.get();
        /// what makes something that can be written of something that cannot
        default = |_, this: This<Encoder>| this.default.get();
        /// what writes strs
        encoder = |_, this: This<Encoder>| this.encoder.get();
        /// what a level is indented by, or None
        indent = |_, this: This<Encoder>| this.indent.get();
        /// what stands behind a key
        key_separator = |_, this: This<Encoder>| this.key_separator.get();
        /// what stands between items
        item_separator = |_, this: This<Encoder>| this.item_separator.get();
        /// whether keys are sorted
        sort_keys = |_, this: This<Encoder>| this.sort_keys.get();
        /// whether keys that cannot be written are left out
        skipkeys = |_, this: This<Encoder>| this.skipkeys.get();
    }
}

#[allow(clippy::too_many_arguments, reason = "they are Python's")]
fn new(
    cx: &Cx,
    class: &Value,
    markers: Value,
    default: Value,
    encoder: Value,
    indent: Value,
    key_separator: Value,
    item_separator: Value,
    sort_keys: bool,
    skipkeys: bool,
    allow_nan: bool,
) -> Res {
    if !markers.is_none() && Dict::of(&markers).is_none() {
        let kind = cx.type_name(&markers);
        return Err(cx.type_error(format_args!("make_encoder() argument 1 must be dict or None, not {kind}")));
    }
    for (number, separator) in [(5, &key_separator), (6, &item_separator)] {
        if !cx.is_str(separator) {
            let kind = cx.arg_name(separator);
            return Err(cx.type_error(format_args!("make_encoder() argument {number} must be str, not {kind}")));
        }
    }
    cx.new_of(class, Encoder {
        markers: Slot::new(markers),
        default: Slot::new(default),
        encoder: Slot::new(encoder),
        indent: Slot::new(indent),
        key_separator: Slot::new(key_separator),
        item_separator: Slot::new(item_separator),
        sort_keys: Cell::new(sort_keys),
        skipkeys: Cell::new(skipkeys),
        allow_nan: Cell::new(allow_nan),
    })
}

/// How strs are written.
enum Strings {
    /// As the module does, in ASCII alone or not.
    Own { ascii: bool },
    /// By a function.
    By(Value),
}

/// A text that is being written.
struct Writer<'a> {
    cx: &'a Cx,
    encoder: &'a Encoder,
    out: StrWriter<'a>,
    strings: Strings,
    markers: Option<Dict>,
    indent: Option<Str>,
    between_keys: Value,
    between_items: Value,
}

fn call(cx: &Cx, this: This<Encoder>, args: Args) -> Res<(Value,)> {
    let names = ["obj", "_current_indent_level"];
    args.known_names(cx, "_iterencode", &names)?;
    let mut given = [Value::NONE, Value::NONE];
    for (at, name) in names.iter().enumerate() {
        let found = args.positional().get(at).or_else(|| args.get_named(cx, name));
        let number = at + 1;
        let missing =
            || cx.type_error(format_args!("_iterencode() missing required argument '{name}' (pos {number})"));
        given[at] = found.cloned().ok_or(()).map_err(|()| missing())?;
    }
    let [object, level] = given;
    let level = cx.index(&level)?;
    let module = cx.import("_json")?;
    let encoder = this.encoder.get();
    let strings = if encoder.is(&cx.attr(&module, "encode_basestring_ascii")?) {
        Strings::Own { ascii: true }
    } else if encoder.is(&cx.attr(&module, "encode_basestring")?) {
        Strings::Own { ascii: false }
    } else {
        Strings::By(encoder)
    };
    let mut writer = Writer {
        cx,
        encoder: &this,
        out: StrWriter::new(cx),
        strings,
        markers: this.markers.dict(),
        indent: Str::of(&this.indent.get()),
        between_keys: this.key_separator.get(),
        between_items: this.item_separator.get(),
    };
    writer.value(&object, level.max(0) as usize)?;
    Ok((writer.out.finish()?,))
}

impl Writer<'_> {
    /// Writes a value. Runs Python.
    fn value(&mut self, value: &Value, level: usize) -> Res<()> {
        let cx = self.cx;
        cx.work(1)?;
        if value.is_none() {
            return self.out.push_str("null");
        }
        if value.is(&Value::TRUE) || value.is(&Value::FALSE) {
            return self.out.push_str(if value.is(&Value::TRUE) { "true" } else { "false" });
        }
        if let Some(text) = Str::of(value) {
            return self.string(&text);
        }
        if cx.is_int(value) {
            return self.int(value);
        }
        if let Some(number) = cx.float_value(value) {
            let text = self.float(number)?;
            return self.out.push_str(&text);
        }
        if List::of(value).is_some() || Tuple::of(value).is_some() {
            cx.check_stack()?;
            return self.list(value, level);
        }
        if Dict::of(value).is_some() {
            cx.check_stack()?;
            return self.dict(value, level);
        }
        cx.check_stack()?;
        let mark = self.enter(value)?;
        let made = cx.call(&self.encoder.default.get(), (value,))?;
        if let Err(raised) = self.value(&made, level) {
            return Err(self.noted(raised, || Ok(format!("when serializing {} object", full_name(cx, value)))));
        }
        self.leave(mark)
    }
    fn string(&mut self, text: &Str) -> Res<()> {
        match &self.strings {
            Strings::Own { ascii } => write_str(self.cx, &mut self.out, text, *ascii),
            Strings::By(function) => {
                let made = self.cx.call(function, (text.value(),))?;
                if !self.cx.is_str(&made) {
                    let kind = self.cx.type_name(&made);
                    return Err(self.cx.type_error(format_args!("encoder() must return a string, not {kind}")));
                }
                self.out.push_value(&made)
            }
        }
    }
    /// An int of whatever class, as `int` shows it.
    fn int(&mut self, value: &Value) -> Res<()> {
        if let Some(number) = self.cx.small_int(value) {
            let mut digits = [0; 20];
            return self.out.push_chars(Chars::One(decimal(number, &mut digits)));
        }
        let exact = match Int::of(value) {
            Some(number) => number.into_value(self.cx)?,
            None => value.clone(),
        };
        let shown = self.cx.repr(&exact)?;
        self.out.push_str(&shown)
    }
    fn float(&self, number: f64) -> Res<String> {
        if number.is_finite() {
            return Ok(self.cx.float_text(number));
        }
        if !self.encoder.allow_nan.get() {
            let shown = self.cx.float_text(number);
            let message = format_args!("Out of range float values are not JSON compliant: {shown}");
            return Err(self.cx.value_error(message));
        }
        Ok(if number.is_nan() { "NaN" } else if number > 0.0 { "Infinity" } else { "-Infinity" }.into())
    }
    /// What is written, so that it is not written within itself. `ValueError` if it is.
    fn enter(&self, value: &Value) -> Res<Option<Value>> {
        let Some(markers) = &self.markers else { return Ok(None) };
        let id = self.cx.id(value).into_value(self.cx)?;
        if markers.get(self.cx, &id)?.is_some() {
            return Err(self.cx.value_error("Circular reference detected"));
        }
        markers.set(self.cx, &id, value)?;
        Ok(Some(id))
    }
    fn leave(&self, mark: Option<Value>) -> Res<()> {
        match (mark, &self.markers) {
            (Some(id), Some(markers)) => {
                markers.remove(self.cx, &id)?.map(drop).ok_or(()).map_err(|()| self.cx.key_error(id))
            }
            _ => Ok(()),
        }
    }
    /// An error, which is told where it was met.
    #[cold]
    fn noted(&self, raised: Raised, note: impl FnOnce() -> Res<String>) -> Raised {
        let exception = match self.cx.catch(raised, "Exception") {
            Ok(exception) => exception,
            Err(raised) => return raised,
        };
        let told = note().and_then(|note| self.cx.call_method(&exception, "add_note", (note,)));
        match told {
            Ok(_) => self.cx.raise_value(exception),
            Err(raised) => raised,
        }
    }
    /// A new line at a level, if there is indentation.
    fn line(&mut self, level: usize) -> Res<()> {
        let Some(indent) = &self.indent else { return Ok(()) };
        self.out.push_char(u32::from(b'\n'))?;
        for _ in 0..level {
            self.out.push_chars(indent.chars())?;
        }
        Ok(())
    }
    fn list(&mut self, value: &Value, level: usize) -> Res<()> {
        let cx = self.cx;
        if plain_item(value, 0).is_none() {
            return self.out.push_str("[]");
        }
        let mark = self.enter(value)?;
        self.out.push_str("[")?;
        let mut at = 0;
        while let Some(item) = plain_item(value, at) {
            if at > 0 {
                let between = self.between_items.clone();
                self.out.push_value(&between)?;
            }
            self.line(level + 1)?;
            if let Err(raised) = self.value(&item, level + 1) {
                let note = || Ok(format!("when serializing {} item {at}", full_name(cx, value)));
                return Err(self.noted(raised, note));
            }
            at += 1;
        }
        self.line(level)?;
        self.out.push_str("]")?;
        self.leave(mark)
    }
    fn dict(&mut self, value: &Value, level: usize) -> Res<()> {
        let cx = self.cx;
        let Some(dict) = Dict::of(value) else { return Ok(()) };
        if dict.is_empty() {
            return self.out.push_str("{}");
        }
        let mark = self.enter(value)?;
        self.out.push_str("{")?;
        let mut first = true;
        if self.encoder.sort_keys.get() || Dict::exact(value).is_none() {
            let items = List::from_iterable(cx, &cx.call_method(value, "items", ())?)?;
            if self.encoder.sort_keys.get() {
                drop(cx.call_method(items.value(), "sort", ())?);
            }
            let mut at = 0;
            while let Some(pair) = items.get(at) {
                let Some(pair) = Tuple::of(&pair).filter(|pair| pair.len() == 2) else {
                    return Err(cx.value_error("items must return 2-tuples"));
                };
                let [key, item] = pair.as_slice() else { break };
                self.member(value, key, item, level, &mut first)?;
                at += 1;
            }
        } else {
            let mut from = 0;
            while let Some((next, key, item)) = dict.next_item(from) {
                self.member(value, &key, &item, level, &mut first)?;
                from = next;
            }
        }
        if !first {
            self.line(level)?;
        }
        self.out.push_str("}")?;
        self.leave(mark)
    }
    fn member(&mut self, dict: &Value, key: &Value, value: &Value, level: usize, first: &mut bool) -> Res<()> {
        let cx = self.cx;
        let Some(text) = self.key(key)? else { return Ok(()) };
        if !std::mem::take(first) {
            let between = self.between_items.clone();
            self.out.push_value(&between)?;
        }
        self.line(level + 1)?;
        self.string(&text)?;
        let between = self.between_keys.clone();
        self.out.push_value(&between)?;
        self.value(value, level + 1).map_err(|raised| {
            let note = || Ok(format!("when serializing {} item {}", full_name(cx, dict), cx.repr(key)?));
            self.noted(raised, note)
        })
    }
    /// The text of a key; nothing if it is left out.
    fn key(&self, key: &Value) -> Res<Option<Str>> {
        let cx = self.cx;
        if let Some(text) = Str::of(key) {
            return Ok(Some(text));
        }
        let text = if let Some(number) = cx.float_value(key) {
            self.float(number)?.into_value(cx)?
        } else if key.is_none() {
            "null".into_value(cx)?
        } else if key.is(&Value::TRUE) || key.is(&Value::FALSE) {
            if key.is(&Value::TRUE) { "true" } else { "false" }.into_value(cx)?
        } else if let Some(number) = Int::of(key) {
            cx.repr(&number.into_value(cx)?)?.into_value(cx)?
        } else if self.encoder.skipkeys.get() {
            return Ok(None);
        } else {
            let kind = cx.type_name(key);
            let message = format_args!("keys must be str, int, float, bool or None, not {kind}");
            return Err(cx.type_error(message));
        };
        Ok(Str::of(&text))
    }
}

/// The item of a list or tuple, of a subclass too, if there is one.
fn plain_item(value: &Value, at: usize) -> Option<Value> {
    match (List::of(value), Tuple::of(value)) {
        (Some(list), _) => list.get(at),
        (_, Some(tuple)) => tuple.get(at),
        _ => None,
    }
}

/// Decimal digits of a number.
fn decimal(number: i64, digits: &mut [u8; 20]) -> &[u8] {
    let (mut rest, mut at) = (number.unsigned_abs(), digits.len());
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        at -= 1;
        digits[at] = b'-';
    }
    &digits[at..]
}

/// The name of a value's class, with its module unless that is `builtins`.
fn full_name(cx: &Cx, value: &Value) -> String {
    let class = cx.class_of(value);
    let part = |name: &str| cx.attr(&class, name).and_then(|part| cx.str(&part)).map(String::from).unwrap_or_default();
    let (module, name) = (part("__module__"), part("__qualname__"));
    if matches!(&*module, "builtins" | "__main__") { name } else { format!("{module}.{name}") }
}
