//! `_json`: the native half of `json`.
//!
//! | file | what |
//! |---|---|
//! | `strings.rs` | strs in JSON, both ways |
//! | `scan.rs` | reading |
//! | `encode.rs` | writing |

use ryokan_vm::native::*;

mod encode;
mod scan;
mod strings;

use strings::{encode_basestring, encode_basestring_ascii, scanstring};

native_module! {
    /// json speedups
    "_json" {
        fill = fill;
        functions {
            /// A str as JSON writes it.
            encode_basestring(object: &Value, /), shows = "($self, object, /)";
            /// The same in ASCII alone.
            encode_basestring_ascii(object: &Value, /), shows = "($self, object, /)";
            /// The str that begins at a place of a text, behind its quote, and the place behind it.
            scanstring(string: &Value, end: i64, strict: bool = True, /), shows = "";
        }
    }
}

fn fill(module: &Filler) -> Res<()> {
    module.add("make_scanner", module.cx().class::<scan::Scanner>()?)?;
    module.add("make_encoder", module.cx().class::<encode::Encoder>()?)
}

/// `json.JSONDecodeError` at a place of a text. Runs Python.
#[cold]
fn decode_error(cx: &Cx, message: &str, text: &Value, at: i64) -> Raised {
    let class = cx.import("json.decoder").and_then(|decoder| cx.attr(&decoder, "JSONDecodeError"));
    match class.and_then(|class| cx.call(&class, (message, text, at))) {
        Ok(exception) => cx.raise_value(exception),
        Err(raised) => raised,
    }
}
