//! A codec as an object, and `getcodec` of the modules that have some.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::codec::Codec;
use super::engine::{Handling, Run, bytes_of, check_name, text_of};

native_type! {
    "_multibytecodec.MultibyteCodec" = pub struct MultibyteCodec { codec: Cell<&'static Codec> }
    methods {
        /// The text in bytes, and how many characters that were.
        ///
        /// 'errors' is the name of an error handler: 'strict', which raises a UnicodeEncodeError, 'ignore', 'replace',
        /// 'xmlcharrefreplace', or one that was registered.
        encode(input: Value, errors: Value = Value::NONE => "None");
        /// The text that bytes mean, and how many of them that were.
        ///
        /// 'errors' is the name of an error handler: 'strict', which raises a UnicodeDecodeError, 'ignore', 'replace', or one
        /// that was registered.
        decode(input: Value, errors: Value = Value::NONE => "None");
    }
}

impl MultibyteCodec {
    pub fn codec(&self) -> &'static Codec {
        self.codec.get()
    }
}

/// The codec of a name among those of a module. `TypeError`, `LookupError`.
pub fn find(cx: &Cx, name: &Value, codecs: &'static [Codec]) -> Res<Obj<MultibyteCodec>> {
    if !cx.is_str(name) {
        return Err(cx.type_error("encoding name must be a string."));
    }
    let utf8 = cx.utf8(name)?;
    let asked = utf8.as_slice().split(|byte| *byte == 0).next().unwrap_or_default();
    match codecs.iter().find(|codec| codec.name.as_bytes() == asked) {
        Some(codec) => cx.new(MultibyteCodec { codec: Cell::new(codec) }),
        None => Err(cx.raise_builtin("LookupError", "no such codec is supported.")),
    }
}

/// A module of codecs, which are the static `CODECS` of the file.
macro_rules! codec_module {
    ($name:literal, $doc:literal) => {
        ryokan_vm::native::native_module! {
            #[doc = $doc]
            $name {
                functions {
                    /// The codec of a name.
                    getcodec(encoding: &ryokan_vm::native::Value, /), shows = "";
                }
            }
        }

        fn getcodec(
            cx: &ryokan_vm::native::Cx,
            encoding: &ryokan_vm::native::Value,
        ) -> ryokan_vm::native::Res<ryokan_vm::native::Obj<super::object::MultibyteCodec>> {
            super::object::find(cx, encoding, CODECS)
        }
    };
}
pub(super) use codec_module;

/// `TypeError` unless errors are named by a str, or not at all.
fn handling(cx: &Cx, function: &'static str, errors: &Value) -> Res<Handling> {
    if !errors.is_none() && !cx.is_str(errors) {
        let kind = cx.arg_name(errors);
        let message = format_args!("{function}() argument 'errors' must be str or None, not {kind}");
        return Err(cx.type_error(message));
    }
    if !errors.is_none() {
        check_name(cx, errors)?;
    }
    Ok(Handling::of(errors))
}

fn encode(cx: &Cx, this: This<MultibyteCodec>, input: Value, errors: Value) -> Res<(Value, usize)> {
    let errors = handling(cx, "encode", &errors)?;
    let text = text_of(cx, &input)?;
    let codec = this.codec();
    let state = Cell::new(codec.begin.0);
    let mut run = Run::new(cx, codec, &state, errors);
    let mut out = ByteWriter::new(cx);
    run.encode(&text, &mut 0, true, &mut out)?;
    run.end(&mut out)?;
    Ok((out.finish()?, text.len()))
}

fn decode(cx: &Cx, this: This<MultibyteCodec>, input: Value, errors: Value) -> Res<(Value, usize)> {
    let (bytes, _lent) = bytes_of(cx, &input, || [])?;
    let errors = handling(cx, "decode", &errors)?;
    let codec = this.codec();
    let state = Cell::new(codec.begin.1);
    let mut out = StrWriter::new(cx);
    Run::new(cx, codec, &state, errors).decode_all(&bytes, &mut out)?;
    Ok((out.finish()?, bytes.as_slice().len()))
}
