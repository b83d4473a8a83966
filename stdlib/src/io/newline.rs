//! Ends of lines: `\n`, `\r\n` and `\r`; translating them, and the decoder that does.

use std::cell::Cell;

use ryokan_vm::native::*;

bitflags::bitflags! {
    /// Which ends of lines were met.
    #[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
    pub struct Seen: u8 {
        /// `\n`
        const LF = 1 << 0;
        /// `\r`
        const CR = 1 << 1;
        /// `\r\n`
        const CRLF = 1 << 2;
    }
}

impl Seen {
    /// What `newlines` says: None, a str, or a tuple of several.
    pub fn into_value(self, cx: &Cx) -> Res {
        let all = [(Seen::CR, "\r"), (Seen::LF, "\n"), (Seen::CRLF, "\r\n")];
        let met: Vec<&str> = all.iter().filter(|(end, _)| self.contains(*end)).map(|(_, text)| *text).collect();
        match met[..] {
            [] => Ok(Value::NONE),
            [only] => cx.intern(only),
            _ => Tuple::try_from_fn(cx, met.len(), |at| cx.intern(met[at])).map(Tuple::into_value),
        }
    }
}

/// A translation in progress: a `\r` at the end of what came so far is held back, for a `\n` may follow.
#[derive(Default)]
pub struct Translation {
    /// Whether a `\r` is held back.
    pub held: Cell<bool>,
    /// What was met.
    pub seen: Cell<Seen>,
}

ryokan_vm::traced! { nothing: [] Translation; }

impl Translation {
    /// The next text: with `translates`, all ends of lines are `\n`. After the `last` nothing follows.
    pub fn pass(&self, cx: &Cx, text: Value, translates: bool, last: bool) -> Res {
        let mut text = text;
        let given = Str::of(&text).ok_or(()).map_err(|()| cx.type_error("a str is expected"))?;
        if self.held.get() && (last || !given.is_empty()) {
            text = join(cx, "\r", &text)?;
            self.held.set(false);
        }
        let mut given = Str::of(&text).ok_or(()).map_err(|()| cx.type_error("a str is expected"))?;
        // Also where nothing is translated `\r\n` is not cut into two.
        if !last && !given.is_empty() && given.at(given.len() - 1) == u32::from(b'\r') {
            text = given.slice(cx, 0, given.len() - 1)?;
            self.held.set(true);
            given = Str::of(&text).ok_or(()).map_err(|()| cx.type_error("a str is expected"))?;
        }
        cx.work_on_bytes(given.len())?;
        let Some(first) = given.find(b'\r', 0, given.len()) else {
            if !self.seen.get().contains(Seen::LF) && given.find(b'\n', 0, given.len()).is_some() {
                self.saw(Seen::LF);
            }
            return Ok(text);
        };
        if given.find(b'\n', 0, first).is_some() {
            self.saw(Seen::LF);
        }
        if translates { self.translate(cx, &given, first) } else { self.look(&given, first).map(|()| text) }
    }
    fn saw(&self, end: Seen) {
        self.seen.set(self.seen.get() | end);
    }
    fn look(&self, text: &Str, from: usize) -> Res<()> {
        let (mut at, end) = (from, text.len());
        while let Some(next) = text.find_either(b'\r', b'\n', at, end) {
            at = next + 1;
            if text.at(next) == u32::from(b'\n') {
                self.saw(Seen::LF);
            } else if at < end && text.at(at) == u32::from(b'\n') {
                self.saw(Seen::CRLF);
                at += 1;
            } else {
                self.saw(Seen::CR);
            }
        }
        Ok(())
    }
    fn translate(&self, cx: &Cx, text: &Str, first: usize) -> Res {
        let end = text.len();
        if let Some(bytes) = text.narrow() {
            let mut out = ByteWriter::zeros(cx, 0)?;
            let mut from = 0;
            for next in memchr::memchr2_iter(b'\r', b'\n', &bytes[first..]) {
                let next = first + next;
                if bytes[next] == b'\n' {
                    // One that follows a `\r` was met with that.
                    if next < from {
                        continue;
                    }
                    self.saw(Seen::LF);
                    continue;
                }
                out.push(&bytes[from..next])?;
                out.push(b"\n")?;
                let pair = bytes.get(next + 1) == Some(&b'\n');
                self.saw(if pair { Seen::CRLF } else { Seen::CR });
                from = next + 1 + usize::from(pair);
            }
            out.push(&bytes[from..])?;
            return cx.latin1(out.as_slice());
        }
        let mut out = StrWriter::new(cx);
        let (mut from, mut at) = (0, first);
        while let Some(next) = text.find_either(b'\r', b'\n', at, end) {
            at = next + 1;
            if text.at(next) == u32::from(b'\n') {
                self.saw(Seen::LF);
                continue;
            }
            let pair = at < end && text.at(at) == u32::from(b'\n');
            self.saw(if pair { Seen::CRLF } else { Seen::CR });
            out.push_value(&text.slice(cx, from, next)?)?;
            out.push_str("\n")?;
            at += usize::from(pair);
            from = at;
        }
        out.push_value(&text.slice(cx, from, end)?)?;
        out.finish()
    }
}

/// A text behind another one.
pub fn join(cx: &Cx, first: &str, second: &Value) -> Res {
    let mut out = StrWriter::new(cx);
    out.push_str(first)?;
    out.push_value(second)?;
    out.finish()
}

native_type! {
    /// IncrementalNewlineDecoder(decoder, translate, errors='strict')
    ///
    /// Passes on what a decoder gives (or texts, if that is None), and makes all ends of lines \n if translate is true. What it met it
    /// remembers in any case.
    "_io.IncrementalNewlineDecoder" = pub struct IncrementalNewlineDecoder {
        decoder: Maybe, translates: Cell<bool>, errors: Slot, translation: Translation,
    }
    flags: SUBCLASS;
    shows: "(decoder, translate, errors='strict')";
    new(*args, **names) = new;
    init(decoder: Value, translate: bool, errors: Value = Value::NONE => "'strict'") = init;
    getters {
        /// which ends of lines were met: None, a str, or a tuple of several
        newlines = newlines;
    }
    methods {
        /// The text of the next piece of input; after the final one nothing follows.
        decode(input: Value, r#final: bool = false => "False") = decode;
        /// What the decoder has kept, and a number that says how it stands.
        getstate();
        /// Puts the decoder into a state that getstate() gave.
        setstate(state: &Value, /);
        /// Forgets what was kept and met.
        reset();
    }
}

type Decoder<'a> = This<'a, IncrementalNewlineDecoder>;

fn new(cx: &Cx, class: &Value, _: Args) -> Res {
    let made = IncrementalNewlineDecoder {
        decoder: Maybe::default(),
        translates: Cell::new(false),
        errors: Slot::default(),
        translation: Translation::default(),
    };
    cx.new_of(class, made)
}
fn init(cx: &Cx, this: Decoder, decoder: Value, translate: bool, errors: Value) -> Res<()> {
    this.errors.set(if errors.is_none() { cx.intern("strict")? } else { errors });
    this.decoder.set(Some(decoder));
    this.translates.set(translate);
    this.translation.held.set(false);
    this.translation.seen.set(Seen::default());
    Ok(())
}
fn inner(cx: &Cx, this: Decoder) -> Res {
    this.decoder
        .get()
        .ok_or(())
        .map_err(|()| cx.value_error("IncrementalNewlineDecoder.__init__() not called"))
}
fn newlines(cx: &Cx, this: Decoder) -> Res {
    inner(cx, this)?;
    this.translation.seen.get().into_value(cx)
}

/// What the decoder gives for a piece of input.
pub fn decode(cx: &Cx, this: Decoder, input: Value, last: bool) -> Res {
    let decoder = inner(cx, this)?;
    let text = if decoder.is_none() { input } else { cx.call_method(&decoder, "decode", (input, last))? };
    if !cx.is_str(&text) {
        let kind = cx.type_name(&text);
        return Err(cx.type_error(format_args!("decoder should return a string result, not '{kind}'")));
    }
    this.translation.pass(cx, text, this.translates.get(), last)
}

fn getstate(cx: &Cx, this: Decoder) -> Res {
    let decoder = inner(cx, this)?;
    let (kept, flag) = match decoder.is_none() {
        true => (Bytes::new(cx, &[])?.into_value(), 0),
        false => {
            let state = cx.call_method(&decoder, "getstate", ())?;
            state_of(cx, &state, "illegal decoder state")?
        }
    };
    let flag = flag.wrapping_mul(2) | i64::from(this.translation.held.get());
    (kept, flag).into_value(cx)
}
/// What a state consists of.
pub fn state_of(cx: &Cx, state: &Value, message: &str) -> Res<(Value, i64)> {
    match Tuple::of(state).as_ref().map(Tuple::as_slice) {
        Some([kept, flag]) => Ok((kept.clone(), cx.index(flag)?)),
        _ => Err(cx.type_error(message)),
    }
}
fn setstate(cx: &Cx, this: Decoder, state: &Value) -> Res<()> {
    let decoder = inner(cx, this)?;
    if Tuple::of(state).is_none() {
        return Err(cx.type_error("state argument must be a tuple"));
    }
    let (kept, flag) = state_of(cx, state, "setstate(): illegal state argument")?;
    this.translation.held.set(flag & 1 != 0);
    if !decoder.is_none() {
        drop(cx.call_method(&decoder, "setstate", ((kept, flag >> 1).into_value(cx)?,))?);
    }
    Ok(())
}
fn reset(cx: &Cx, this: Decoder) -> Res<()> {
    let decoder = inner(cx, this)?;
    this.translation.held.set(false);
    this.translation.seen.set(Seen::default());
    if !decoder.is_none() {
        drop(cx.call_method(&decoder, "reset", ())?);
    }
    Ok(())
}
