//! `marshal`: objects as bytes, in CPython's format; codes in ours.
//!
//! | file | what |
//! |---|---|
//! | `write.rs` | objects to bytes |
//! | `read.rs` | bytes to objects: whatever they are, they can at worst be refused |
//!
//! A code is a unit of `ryokan_bytecode::image`, which is verified when it is read. One thing that CPython reads and we refuse: a tuple
//! that holds itself.

mod read;
mod write;

use ryokan_bytecode::image;

use crate::native::*;
use read::Reader;
use write::Writer;

/// The version of the format that is written.
const VERSION: i64 = 5;
/// How deep objects may nest.
const MOST_DEPTH: usize = 2000;

/// What stands for which type.
mod tag {
    pub const NULL: u8 = b'0';
    pub const NONE: u8 = b'N';
    pub const FALSE: u8 = b'F';
    pub const TRUE: u8 = b'T';
    pub const STOP_ITERATION: u8 = b'S';
    pub const ELLIPSIS: u8 = b'.';
    pub const INT: u8 = b'i';
    pub const INT64: u8 = b'I';
    pub const FLOAT_TEXT: u8 = b'f';
    pub const FLOAT: u8 = b'g';
    pub const COMPLEX_TEXT: u8 = b'x';
    pub const COMPLEX: u8 = b'y';
    pub const LONG: u8 = b'l';
    pub const BYTES: u8 = b's';
    pub const INTERNED: u8 = b't';
    pub const REF: u8 = b'r';
    pub const TUPLE: u8 = b'(';
    pub const LIST: u8 = b'[';
    pub const DICT: u8 = b'{';
    pub const CODE: u8 = b'c';
    pub const STR: u8 = b'u';
    pub const SET: u8 = b'<';
    pub const FROZENSET: u8 = b'>';
    pub const ASCII: u8 = b'a';
    pub const ASCII_INTERNED: u8 = b'A';
    pub const SMALL_TUPLE: u8 = b')';
    pub const SHORT_ASCII: u8 = b'z';
    pub const SHORT_ASCII_INTERNED: u8 = b'Z';
    pub const SLICE: u8 = b':';
    /// Set in the tag of an object that may be referred to.
    pub const SHARED: u8 = 0x80;
}

crate::native_module! {
    /// Python's numbers, texts, collections and codes as bytes, and back. The format belongs to the interpreter: it is for cache files,
    /// not for keeping.
    "marshal" {
        consts { "version" = VERSION; }
        functions {
            /// Writes an object to a file, which has a method write(). ValueError for an object, or a part of one, that cannot be written.
            dump(value: Value, file: Value, version: i64 = VERSION => "version", /, *, allow_code: bool = true => "True");
            /// Reads an object from a file, which has methods read() and readinto(). EOFError, ValueError or TypeError for what is none.
            load(file: Value, /, *, allow_code: bool = true => "True");
            /// The bytes of an object. ValueError for an object, or a part of one, that cannot be written.
            dumps(value: Value, version: i64 = VERSION => "version", /, *, allow_code: bool = true => "True");
            /// The object that bytes stand for; what follows it is left alone. EOFError, ValueError or TypeError for what is none.
            loads(bytes: Buffer, /, *, allow_code: bool = true => "True");
        }
    }
}

fn dump(cx: &Cx, value: Value, file: Value, version: i64, allow_code: bool) -> Res {
    let bytes = dumps(cx, value, version, allow_code)?;
    cx.call_method(&file, "write", (bytes,))
}

fn dumps(cx: &Cx, value: Value, version: i64, allow_code: bool) -> Res {
    let mut writer = Writer::new(cx, version, allow_code);
    writer.value(&value)?;
    writer.finish()
}

fn load(cx: &Cx, file: Value, allow_code: bool) -> Res {
    let probe = cx.call_method(&file, "read", (0,))?;
    if Bytes::of(&probe).is_none() {
        let kind = cx.type_name(&probe);
        return Err(cx.type_error(format_args!("file.read() returned not bytes but {kind}")));
    }
    Reader::of_file(cx, file, allow_code)?.whole()
}

fn loads(cx: &Cx, bytes: Buffer, allow_code: bool) -> Res {
    // What reading makes may run Python, which could change what a bytearray holds.
    let len = bytes.len();
    let _copy = Charge::new(cx.vm(), len)?;
    let copy = bytes.read(<[u8]>::to_vec);
    drop(bytes);
    Reader::of_bytes(cx, &copy, allow_code)?.whole()
}

/// The bytes of an object, codes included, as of now.
pub fn bytes_of(cx: &Cx, value: &Value) -> Res {
    dumps(cx, value.clone(), VERSION, true)
}

/// The object of such bytes.
pub fn object_of(cx: &Cx, bytes: &[u8]) -> Res {
    Reader::of_bytes(cx, bytes, true)?.whole()
}

/// The code of a unit that somebody gives: read as a whole, verified, and made into objects.
pub fn load_unit(cx: &Cx, bytes: &[u8]) -> Res {
    let _room = Charge::new(cx.vm(), bytes.len().saturating_mul(image::MOST_BYTES_PER_BYTE))?;
    cx.work_on_bytes(bytes.len().saturating_mul(16))?;
    let code = image::read(bytes).map_err(|_| cx.value_error("bad marshal data (code is malformed)"))?;
    if let Err(fault) = ryokan_bytecode::verify(&code) {
        return Err(cx.value_error(format_args!("bad marshal data (code: {fault})")));
    }
    cx.vm().load_code(&code)
}
