//! Encoders and decoders that get a text piece by piece, and what streams have of them.

use std::cell::Cell;

use dashu_int::{IBig, UBig};
use ryokan_vm::native::*;

use super::codec::{Codec, State};
use super::engine::{Handling, Run, bytes_of, check_name, text_of};
use super::object::MultibyteCodec;

// ---- what instances are made of -------------------------------------------------------------------------------------

/// The arguments of a class: one that is asked for, unless `first` is empty, and `errors`. `TypeError`.
pub fn arguments(cx: &Cx, class: &'static str, first: &str, args: Args) -> Res<(Value, Value)> {
    let most = 1 + usize::from(!first.is_empty());
    let (positional, given) = (args.positional(), args.positional().len() + args.named_count());
    if given > most {
        let s = if most == 1 { "" } else { "s" };
        let kind = if positional.is_empty() { "keyword " } else { "" };
        let message = format_args!("{class}() takes at most {most} {kind}argument{s} ({given} given)");
        return Err(cx.type_error(message));
    }
    let stream = match positional.first().or_else(|| args.get_named(cx, first)) {
        Some(stream) => stream.clone(),
        None if first.is_empty() => Value::NONE,
        None => {
            let message = format_args!("{class}() missing required argument '{first}' (pos 1)");
            return Err(cx.type_error(message));
        }
    };
    let errors = match positional.get(most - 1).or_else(|| args.get_named(cx, "errors")) {
        Some(errors) => errors.clone(),
        None => cx.intern("strict")?,
    };
    let known = if first.is_empty() { &["errors"][..] } else { &["stream", "errors"] };
    args.known_names(cx, class, known)?;
    if !cx.is_str(&errors) {
        let kind = cx.arg_name(&errors);
        return Err(cx.type_error(format_args!("{class}() argument {most} must be str, not {kind}")));
    }
    check_name(cx, &errors)?;
    Ok((stream, errors))
}

/// The codec that a class has as its attribute `codec`. Runs Python; `AttributeError`, `TypeError`.
pub fn codec_of(cx: &Cx, class: &Value) -> Res<&'static Codec> {
    let codec = cx.attr(class, "codec")?;
    let codec = codec.body::<MultibyteCodec>().map(MultibyteCodec::codec);
    codec.ok_or(()).map_err(|()| cx.type_error("codec is unexpected type"))
}

/// What `__new__` has made is ready: the classes of `codecs`, which come behind, are not asked to make it.
pub fn ready<T>(_: &Cx, _: This<T>, _: Args) -> Res<()> {
    Ok(())
}

/// Names another error handler. `TypeError`, `AttributeError`.
pub fn set_errors(cx: &Cx, errors: &Slot, value: Option<&Value>) -> Res<()> {
    match value {
        Some(value) if cx.is_str(value) => {
            errors.set(value.clone());
            Ok(())
        }
        Some(_) => Err(cx.type_error("errors must be a string")),
        None => Err(cx.attribute_error("cannot delete attribute")),
    }
}

/// A codec that encodes piece by piece.
pub struct Encoding {
    codec: Cell<&'static Codec>,
    state: Cell<State>,
    /// Characters that are not written yet: the next ones decide how.
    pending: Maybe,
    pub errors: Slot,
}
ryokan_vm::traced! { Encoding: [pending, errors] }

/// How many bytes of UTF-8 may be pending, as a number that is a state has them.
const PENDING: usize = 8;

impl Encoding {
    pub fn new(codec: &'static Codec, errors: Value) -> Encoding {
        Encoding {
            codec: Cell::new(codec),
            state: Cell::new(codec.begin.0),
            pending: Maybe::EMPTY,
            errors: Slot::new(errors),
        }
    }
    /// The next text in bytes. Runs Python; `UnicodeEncodeError`, and then what was pending is so still.
    pub fn encode(&self, cx: &Cx, input: &Value, last: bool) -> Res {
        let text = text_of(cx, input)?;
        let pending = self.pending.take();
        let text = match &pending {
            None => text,
            Some(before) => {
                let mut joined = StrWriter::new(cx);
                joined.push_value(before)?;
                joined.push_value(text.value())?;
                text_of(cx, &joined.finish()?)?
            }
        };
        let (mut at, mut out) = (0, ByteWriter::new(cx));
        let mut run = Run::new(cx, self.codec.get(), &self.state, Handling::of(&self.errors.get()));
        let mut done = run.encode(&text, &mut at, last, &mut out);
        if done.is_ok() && last {
            done = run.end(&mut out);
        }
        if let Err(raised) = done {
            self.pending.set(pending);
            return Err(raised);
        }
        if at < text.len() {
            self.pending.set(Some(text.slice(cx, at, text.len())?));
        }
        out.finish()
    }
    /// What is pending, and what ends a text, in bytes; none if nothing is pending. Runs Python.
    pub fn flush(&self, cx: &Cx) -> Res<Option<Value>> {
        let Some(pending) = self.pending.get() else { return Ok(None) };
        let text = text_of(cx, &pending)?;
        let mut out = ByteWriter::new(cx);
        let mut run = Run::new(cx, self.codec.get(), &self.state, Handling::of(&self.errors.get()));
        run.encode(&text, &mut 0, true, &mut out)?;
        run.end(&mut out)?;
        self.pending.set(None);
        out.finish().map(Some)
    }
    fn reset(&self) {
        let mut state = self.state.get();
        (self.codec.get().end)(&mut state, &mut super::codec::Code::default());
        self.state.set(state);
        self.pending.set(None);
    }
}

/// A codec that decodes piece by piece.
pub struct Decoding {
    codec: Cell<&'static Codec>,
    state: Cell<State>,
    pending: Cell<Pending>,
    pub errors: Slot,
}
ryokan_vm::traced! { Decoding: [errors] }

/// Bytes that may be the beginning of a character.
#[derive(Clone, Copy, Default)]
struct Pending {
    bytes: [u8; PENDING],
    len: usize,
}

impl AsRef<[u8]> for Pending {
    fn as_ref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl Pending {
    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
    /// These bytes and more; nothing if there is no room for them.
    fn with(mut self, more: &[u8]) -> Option<Pending> {
        self.bytes.get_mut(self.len..self.len + more.len())?.copy_from_slice(more);
        self.len += more.len();
        Some(self)
    }
}

impl Decoding {
    pub fn new(codec: &'static Codec, errors: Value) -> Decoding {
        Decoding {
            codec: Cell::new(codec),
            state: Cell::new(codec.begin.1),
            pending: Cell::default(),
            errors: Slot::new(errors),
        }
    }
    /// Adds the text of what was pending and of the next bytes to `out`. After the `last` nothing follows. Runs Python;
    /// `UnicodeDecodeError`: `keeps` says whether what was pending is so still if it is about the end.
    pub fn decode(
        &self,
        cx: &Cx,
        input: &Value,
        last: bool,
        keeps: bool,
        out: &mut StrWriter<'_>,
    ) -> Res<()> {
        let (bytes, _lent) = bytes_of(cx, input, || self.pending.get())?;
        let pending = self.pending.take();
        let mut at = 0;
        let mut run = Run::new(cx, self.codec.get(), &self.state, Handling::of(&self.errors.get()));
        run.decode(&bytes, &mut at, out)?;
        if last
            && at < bytes.as_slice().len()
            && let Err(raised) = run.incomplete(&bytes, &mut at, out)
        {
            if keeps {
                self.pending.set(pending);
            }
            return Err(raised);
        }
        self.keep(cx, &bytes.as_slice()[at..])
    }
    /// Adds to what is pending. `UnicodeDecodeError` if that is too much.
    fn keep(&self, cx: &Cx, bytes: &[u8]) -> Res<()> {
        match self.pending.get().with(bytes) {
            Some(pending) => {
                self.pending.set(pending);
                Ok(())
            }
            None => Err(self.too_much(cx, bytes, "pending buffer overflow")),
        }
    }
    #[cold]
    fn too_much(&self, cx: &Cx, bytes: &[u8], reason: &str) -> Raised {
        cx.decode_error(self.codec.get().name, bytes, 0, bytes.len(), reason)
    }
    pub fn reset(&self) {
        let mut state = self.state.get();
        (self.codec.get().restart)(&mut state);
        self.state.set(state);
        self.pending.set(Pending::default());
    }
}

// ---- the encoder ----------------------------------------------------------------------------------------------------

native_type! {
    "_multibytecodec.MultibyteIncrementalEncoder" = pub struct MultibyteIncrementalEncoder { encoding: Encoding }
    flags: SUBCLASS;
    new(*args, **names) = new_encoder;
    init(*args, **names) = ready;
    attributes {
        /// How errors are handled.
        errors = |_, this: This<MultibyteIncrementalEncoder>| this.encoding.errors.get(),
            |cx: &Cx, this: This<MultibyteIncrementalEncoder>, value| set_errors(cx, &this.encoding.errors, value);
    }
    methods {
        /// The next text in bytes.
        encode(input: Value, r#final: bool = False);
        /// What it remembers, as a number.
        getstate() = encoder_state;
        /// Remembers what a number says.
        setstate(state: Value, /) = set_encoder_state;
        /// Forgets what it remembers.
        reset() = reset_encoder;
    }
}

fn new_encoder(cx: &Cx, class: &Value, args: Args) -> Res {
    let (_, errors) = arguments(cx, "IncrementalEncoder", "", args)?;
    let encoding = Encoding::new(codec_of(cx, class)?, errors);
    cx.new_of(class, MultibyteIncrementalEncoder { encoding })
}
fn encode(cx: &Cx, this: This<MultibyteIncrementalEncoder>, input: Value, last: bool) -> Res {
    this.encoding.encode(cx, &input, last)
}
fn reset_encoder(_: &Cx, this: This<MultibyteIncrementalEncoder>) {
    this.encoding.reset();
}

/// How many bytes the number has: how many are pending, these in UTF-8, and the state.
const NUMBER: usize = 1 + PENDING + size_of::<State>();

fn encoder_state(cx: &Cx, this: This<MultibyteIncrementalEncoder>) -> Res<IBig> {
    let mut number = [0; NUMBER];
    let mut len = 0;
    if let Some(pending) = this.encoding.pending.get() {
        let utf8 = cx.utf8(&pending)?;
        let utf8 = utf8.as_slice();
        if utf8.len() > PENDING {
            return Err(pending_too_large(cx));
        }
        len = utf8.len();
        number[1..=len].copy_from_slice(utf8);
    }
    number[0] = len as u8;
    let state = this.encoding.state.get();
    number[1 + len..][..state.len()].copy_from_slice(&state);
    Ok(IBig::from(UBig::from_le_bytes(&number)))
}

#[cold]
fn pending_too_large(cx: &Cx) -> Raised {
    cx.raise_builtin("UnicodeError", "pending buffer too large")
}

/// The bytes of a number, least first. `OverflowError`.
fn bytes_of_number<const LEN: usize>(cx: &Cx, number: &Value) -> Res<[u8; LEN]> {
    let Ok(number) = UBig::try_from(Big::from_python(cx, number)?.0) else {
        return Err(cx.overflow_error("can't convert negative int to unsigned"));
    };
    let mut bytes = [0; LEN];
    let digits = number.to_le_bytes();
    match bytes.get_mut(..digits.len()) {
        Some(room) => room.copy_from_slice(&digits),
        None => return Err(cx.overflow_error("int too big to convert")),
    }
    Ok(bytes)
}

fn set_encoder_state(cx: &Cx, this: This<MultibyteIncrementalEncoder>, state: Value) -> Res<()> {
    if !cx.is_int(&state) {
        let kind = cx.arg_name(&state);
        return Err(cx.type_error(format_args!("setstate() argument must be int, not {kind}")));
    }
    let number: [u8; NUMBER] = bytes_of_number(cx, &state)?;
    let len = usize::from(number[0]);
    if len > PENDING {
        return Err(pending_too_large(cx));
    }
    let pending = match len {
        0 => None,
        _ => Some(cx.decode(&number[1..=len], ryokan_vm::native::Codec::Utf8, "strict", true)?.0),
    };
    let mut state = State::default();
    let len_of_state = state.len();
    state.copy_from_slice(&number[1 + len..][..len_of_state]);
    this.encoding.state.set(state);
    this.encoding.pending.set(pending);
    Ok(())
}

// ---- the decoder ----------------------------------------------------------------------------------------------------

native_type! {
    "_multibytecodec.MultibyteIncrementalDecoder" = pub struct MultibyteIncrementalDecoder { decoding: Decoding }
    flags: SUBCLASS;
    new(*args, **names) = new_decoder;
    init(*args, **names) = ready;
    attributes {
        /// How errors are handled.
        errors = |_, this: This<MultibyteIncrementalDecoder>| this.decoding.errors.get(),
            |cx: &Cx, this: This<MultibyteIncrementalDecoder>, value| set_errors(cx, &this.decoding.errors, value);
    }
    methods {
        /// The text of the next bytes.
        decode(input: Value, r#final: bool = False);
        /// What it remembers: bytes that are not read yet, and a number.
        getstate() = decoder_state;
        /// Remembers what a pair says.
        setstate(state: Value, /) = set_decoder_state;
        /// Forgets what it remembers.
        reset() = reset_decoder;
    }
}

fn new_decoder(cx: &Cx, class: &Value, args: Args) -> Res {
    let (_, errors) = arguments(cx, "IncrementalDecoder", "", args)?;
    let decoding = Decoding::new(codec_of(cx, class)?, errors);
    cx.new_of(class, MultibyteIncrementalDecoder { decoding })
}
fn decode(cx: &Cx, this: This<MultibyteIncrementalDecoder>, input: Value, last: bool) -> Res {
    let mut out = StrWriter::new(cx);
    this.decoding.decode(cx, &input, last, true, &mut out)?;
    out.finish()
}
fn reset_decoder(_: &Cx, this: This<MultibyteIncrementalDecoder>) {
    this.decoding.reset();
}
fn decoder_state(cx: &Cx, this: This<MultibyteIncrementalDecoder>) -> Res<(Bytes, u64)> {
    let pending = this.decoding.pending.get();
    Ok((Bytes::new(cx, pending.as_slice())?, u64::from_le_bytes(this.decoding.state.get())))
}
fn set_decoder_state(cx: &Cx, this: This<MultibyteIncrementalDecoder>, state: Value) -> Res<()> {
    let Some(pair) = Tuple::of(&state) else {
        let kind = cx.arg_name(&state);
        return Err(cx.type_error(format_args!("setstate() argument must be tuple, not {kind}")));
    };
    let illegal = || cx.type_error("setstate(): illegal state argument");
    let [pending, number] = pair.as_slice() else { return Err(illegal()) };
    let Some(bytes) = Bytes::of(pending).filter(|_| cx.is_int(number)) else { return Err(illegal()) };
    let number = bytes_of_number(cx, number)?;
    let Some(pending) = Pending::default().with(bytes.as_slice()) else {
        return Err(this.decoding.too_much(cx, bytes.as_slice(), "pending buffer too large"));
    };
    this.decoding.state.set(number);
    this.decoding.pending.set(pending);
    Ok(())
}
