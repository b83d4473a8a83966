//! Reading JSON.
//!
//! The text is a str that never changes and that the scan holds: it is looked at where it lies, whatever hooks do.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::decode_error;
use super::strings::read_str;

native_type! {
    /// Reads a JSON value that begins at a place of a text, and gives it with the place behind it.
    "_json.Scanner" = pub struct Scanner {
        strict: Slot,
        object_hook: Slot,
        object_pairs_hook: Slot,
        parse_float: Slot,
        parse_int: Slot,
        parse_constant: Slot,
    }
    flags: SUBCLASS;
    new(*args, **names) = new;
    call(string: &Value, idx: i64) = call;
    members {
        /// whether control characters are refused in strs
        strict = |cx: &Cx, this: This<Scanner>| cx.truth(&this.strict.get());
        /// what makes an object of a dict
        object_hook = |_, this: This<Scanner>| this.object_hook.get();
        /// what makes an object of pairs
        object_pairs_hook = |_, this: This<Scanner>| this.object_pairs_hook.get();
        /// what makes a float of its text
        parse_float = |_, this: This<Scanner>| this.parse_float.get();
        /// what makes an int of its text
        parse_int = |_, this: This<Scanner>| this.parse_int.get();
        /// what makes a value of NaN and of infinities
        parse_constant = |_, this: This<Scanner>| this.parse_constant.get();
    }
}

fn new(cx: &Cx, class: &Value, args: Args) -> Res {
    args.known_names(cx, "make_scanner", &["context"])?;
    let context = match (args.positional(), args.get_named(cx, "context")) {
        ([context], None) => context,
        ([], Some(context)) => context,
        ([], None) => return Err(cx.type_error("make_scanner() missing required argument 'context' (pos 1)")),
        (more, _) => {
            let count = more.len() + args.named_count();
            return Err(cx.type_error(format_args!("make_scanner() takes at most 1 argument ({count} given)")));
        }
    };
    let strict = cx.truth(&cx.attr(context, "strict")?)?.into_value(cx)?;
    cx.new_of(class, Scanner {
        strict: Slot::new(strict),
        object_hook: Slot::new(cx.attr(context, "object_hook")?),
        object_pairs_hook: Slot::new(cx.attr(context, "object_pairs_hook")?),
        parse_float: Slot::new(cx.attr(context, "parse_float")?),
        parse_int: Slot::new(cx.attr(context, "parse_int")?),
        parse_constant: Slot::new(cx.attr(context, "parse_constant")?),
    })
}

/// Numbers of at most so many characters are read on the native stack.
const SHORT: usize = 40;

/// A scan of a text.
struct Scan<'a> {
    cx: &'a Cx,
    text: &'a Str,
    strict: bool,
    object_hook: Value,
    pairs_hook: Value,
    /// What makes numbers of texts; none where `float` and `int` do.
    parse_float: Option<Value>,
    parse_int: Option<Value>,
    parse_constant: Value,
    /// The keys so far: equal ones become one object.
    keys: Dict,
    /// In how many arrays and objects the value lies that is read.
    depth: Cell<u32>,
}

/// As deep as CPython reads, whose native stack is 8 MiB. What is read deeper could be given to nobody who goes through it.
const DEEPEST: u32 = 65_000;

fn call(cx: &Cx, this: This<Scanner>, string: &Value, idx: i64) -> Res<(Value, usize)> {
    let Some(text) = Str::of(string) else {
        let kind = cx.type_name(string);
        return Err(cx.type_error(format_args!("first argument must be a string, not {kind}")));
    };
    let Ok(at) = usize::try_from(idx) else { return Err(cx.value_error("idx cannot be negative")) };
    let other = |slot: &Slot, builtin: &str| -> Res<Option<Value>> {
        Ok(Some(slot.get()).filter(|_| cx.builtin(builtin).is_ok_and(|builtin| !slot.is(&builtin))))
    };
    let scan = Scan {
        cx,
        text: &text,
        strict: cx.truth(&this.strict.get())?,
        object_hook: this.object_hook.get(),
        pairs_hook: this.object_pairs_hook.get(),
        parse_float: other(&this.parse_float, "float")?,
        parse_int: other(&this.parse_int, "int")?,
        parse_constant: this.parse_constant.get(),
        keys: Dict::new(cx)?,
        depth: Cell::new(0),
    };
    scan.value(at)
}

/// What a value begins with that is no number, and how many characters it has.
const CONSTANTS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

impl Scan<'_> {
    /// The character at a place, if it is below 256.
    #[inline(always)]
    fn byte(&self, at: usize) -> Option<u8> {
        match self.text.chars() {
            Chars::One(units) => units.get(at).copied(),
            Chars::Two(units) => u8::try_from(*units.get(at)?).ok(),
            Chars::Four(units) => u8::try_from(*units.get(at)?).ok(),
        }
    }
    /// The place behind white space.
    #[inline(always)]
    fn skip(&self, from: usize) -> usize {
        let mut at = from;
        while matches!(self.byte(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            at += 1;
        }
        at
    }
    fn begins(&self, at: usize, word: &str) -> bool {
        word.bytes().enumerate().all(|(index, c)| self.byte(at + index) == Some(c))
    }
    #[cold]
    fn error(&self, message: &str, at: usize) -> Raised {
        decode_error(self.cx, message, self.text.value(), at as i64)
    }
    /// A value, and the place behind it. `StopIteration` of the place if there is none.
    fn value(&self, at: usize) -> Res<(Value, usize)> {
        self.cx.work(1)?;
        match self.byte(at) {
            Some(b'"') => return read_str(self.cx, self.text, at + 1, self.strict),
            Some(b'{') => return self.deeper("object", || self.object(at + 1)),
            Some(b'[') => return self.deeper("array", || self.array(at + 1)),
            Some(b'n') if self.begins(at, "null") => return Ok((Value::NONE, at + 4)),
            Some(b't') if self.begins(at, "true") => return Ok((Value::TRUE, at + 4)),
            Some(b'f') if self.begins(at, "false") => return Ok((Value::FALSE, at + 5)),
            Some(b'N' | b'I' | b'-') => {
                if let Some(name) = CONSTANTS.iter().find(|name| self.begins(at, name)) {
                    return Ok((self.cx.call(&self.parse_constant, (*name,))?, at + name.len()));
                }
            }
            _ => {}
        }
        self.number(at)
    }
    /// Reads what lies in something. `RecursionError` if that lies in too many others.
    fn deeper(&self, what: &str, read: impl FnOnce() -> Res<(Value, usize)>) -> Res<(Value, usize)> {
        let depth = self.depth.get();
        if depth == DEEPEST {
            let message = format_args!(
                "maximum recursion depth exceeded while decoding a JSON {what} from a unicode string"
            );
            return Err(self.cx.raise_builtin("RecursionError", message));
        }
        self.depth.set(depth + 1);
        let read = read()?;
        self.depth.set(depth);
        Ok(read)
    }
    /// The place behind digits.
    fn digits(&self, from: usize) -> usize {
        let mut at = from;
        while self.byte(at).is_some_and(|c| c.is_ascii_digit()) {
            at += 1;
        }
        at
    }
    fn number(&self, start: usize) -> Res<(Value, usize)> {
        let from = start + usize::from(self.byte(start) == Some(b'-'));
        let mut end = match self.byte(from) {
            Some(b'0') => from + 1,
            Some(b'1'..=b'9') => self.digits(from),
            _ => return Err(self.cx.stop(start)),
        };
        let mut float = false;
        if self.byte(end) == Some(b'.') {
            let fraction = self.digits(end + 1);
            if fraction > end + 1 {
                (end, float) = (fraction, true);
            }
        }
        if matches!(self.byte(end), Some(b'e' | b'E')) {
            let from = end + 1 + usize::from(matches!(self.byte(end + 1), Some(b'+' | b'-')));
            let exponent = self.digits(from);
            if exponent > from {
                (end, float) = (exponent, true);
            }
        }
        let parse = if float { &self.parse_float } else { &self.parse_int };
        let text = || self.text.slice(self.cx, start, end);
        if let Some(parse) = parse {
            return Ok((self.cx.call(parse, (text()?,))?, end));
        }
        if let Some(number) = self.short_number(start, end, float)? {
            return Ok((number, end));
        }
        let class = self.cx.builtin(if float { "float" } else { "int" })?;
        Ok((self.cx.call(&class, (text()?,))?, end))
    }
    /// A number of few characters.
    fn short_number(&self, start: usize, end: usize, float: bool) -> Res<Option<Value>> {
        let len = end - start;
        if len > if float { SHORT } else { 18 } {
            return Ok(None);
        }
        let mut short = [0; SHORT];
        for (at, place) in short[..len].iter_mut().enumerate() {
            *place = self.byte(start + at).unwrap_or(b'0');
        }
        let text = std::str::from_utf8(&short[..len]).unwrap_or_default();
        if float {
            return text.parse::<f64>().ok().map(|number| number.into_value(self.cx)).transpose();
        }
        text.parse::<i64>().ok().map(|number| number.into_value(self.cx)).transpose()
    }
    /// The elements of an array, from behind its bracket.
    fn array(&self, from: usize) -> Res<(Value, usize)> {
        self.cx.check_stack()?;
        let list = List::new(self.cx, 0)?;
        let mut at = self.skip(from);
        if self.byte(at) == Some(b']') {
            return Ok((list.into_value(), at + 1));
        }
        loop {
            let (item, next) = self.value(at)?;
            list.push(self.cx, item)?;
            let comma = self.skip(next);
            match self.byte(comma) {
                Some(b']') => return Ok((list.into_value(), comma + 1)),
                Some(b',') => at = self.skip(comma + 1),
                _ => return Err(self.error("Expecting ',' delimiter", comma)),
            }
            if self.byte(at) == Some(b']') {
                return Err(self.error("Illegal trailing comma before end of array", comma));
            }
        }
    }
    /// The members of an object, from behind its brace.
    fn object(&self, from: usize) -> Res<(Value, usize)> {
        self.cx.check_stack()?;
        let pairs = if self.pairs_hook.is_none() { None } else { Some(List::new(self.cx, 0)?) };
        let dict = Dict::new(self.cx)?;
        let mut at = self.skip(from);
        if self.byte(at) == Some(b'}') {
            return self.made(dict, pairs, at + 1);
        }
        loop {
            if self.byte(at) != Some(b'"') {
                return Err(self.error("Expecting property name enclosed in double quotes", at));
            }
            let (key, next) = read_str(self.cx, self.text, at + 1, self.strict)?;
            let key = self.keys.get_or_set(self.cx, key.clone(), key)?;
            let colon = self.skip(next);
            if self.byte(colon) != Some(b':') {
                return Err(self.error("Expecting ':' delimiter", colon));
            }
            let (value, next) = self.value(self.skip(colon + 1))?;
            match &pairs {
                Some(pairs) => pairs.push(self.cx, (key, value).into_value(self.cx)?)?,
                None => dict.set(self.cx, &key, value)?,
            }
            let comma = self.skip(next);
            match self.byte(comma) {
                Some(b'}') => return self.made(dict, pairs, comma + 1),
                Some(b',') => at = self.skip(comma + 1),
                _ => return Err(self.error("Expecting ',' delimiter", comma)),
            }
            if self.byte(at) == Some(b'}') {
                return Err(self.error("Illegal trailing comma before end of object", comma));
            }
        }
    }
    /// What hooks make of an object.
    fn made(&self, dict: Dict, pairs: Option<List>, end: usize) -> Res<(Value, usize)> {
        let made = match pairs {
            Some(pairs) => self.cx.call(&self.pairs_hook, (pairs,))?,
            None if self.object_hook.is_none() => dict.into_value(),
            None => self.cx.call(&self.object_hook, (dict,))?,
        };
        Ok((made, end))
    }
}
