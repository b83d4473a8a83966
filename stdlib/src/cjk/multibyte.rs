//! `_multibytecodec`: the classes that the codecs of `encodings` inherit from.

use ryokan_vm::native::*;

use super::incremental::{MultibyteIncrementalDecoder, MultibyteIncrementalEncoder};
use super::streams::{MultibyteStreamReader, MultibyteStreamWriter};

native_module! {
    /// Encoders, decoders and streams of codecs whose characters have several bytes.
    "_multibytecodec" {
        types {
            MultibyteIncrementalEncoder, MultibyteIncrementalDecoder, MultibyteStreamReader, MultibyteStreamWriter,
        }
        functions {
            /// A codec of a capsule of C's, of which there are none.
            __create_codec(arg: &Value, /) = create_codec;
        }
    }
}

fn create_codec(cx: &Cx, _: &Value) -> Res<()> {
    Err(cx.value_error("argument type invalid"))
}
