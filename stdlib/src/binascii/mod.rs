//! `binascii`: bytes as text of several kinds, and checksums.
//!
//! | file | what |
//! |---|---|
//! | `base64.rs` | base 64 |
//! | `uu.rs` | uuencode |
//! | `qp.rs` | quoted-printable |

use ryokan_vm::native::*;

pub mod base64;
mod qp;
mod uu;

native_module! {
    /// Conversion between bytes and text of several kinds.
    "binascii" {
        classes { "Error" = &ERROR; "Incomplete" = &INCOMPLETE; }
        functions {
            /// Bytes of base 64. In strict mode, nothing but base 64 is allowed.
            a2b_base64(data: &Value, /, *, strict_mode: bool = False) = base64::decode;
            /// Bytes of hexadecimal digits.
            a2b_hex(hexstr: &Value, /) = unhexlify;
            /// Bytes of hexadecimal digits.
            unhexlify(hexstr: &Value, /);
            /// Bytes of quoted-printable text; in a header, underscores are spaces.
            a2b_qp(data: &Value, header: bool = False) = qp::decode;
            /// Bytes of a line of uuencoded text.
            a2b_uu(data: &Value, /) = uu::decode;
            /// Base 64 of bytes, as a line.
            b2a_base64(data: Buffer, /, *, newline: bool = True) = base64::encode;
            /// Hexadecimal digits of bytes, with a separator between so many of them, counted from the end (from the beginning, if negative).
            b2a_hex(data: Buffer, sep: Given = Given(None) => "<unrepresentable>", bytes_per_sep: i32 = 1) = hexlify;
            /// Hexadecimal digits of bytes, with a separator between so many of them, counted from the end (from the beginning, if negative).
            hexlify(data: Buffer, sep: Given = Given(None) => "<unrepresentable>", bytes_per_sep: i32 = 1);
            /// Quoted-printable text of bytes.
            b2a_qp(data: Buffer, quotetabs: bool = False, istext: bool = True, header: bool = False) = qp::encode;
            /// A line of uuencoded text of at most 45 bytes.
            b2a_uu(data: Buffer, /, *, backtick: bool = False) = uu::encode;
            /// The CRC-32 checksum, beginning with another one.
            crc32(data: Buffer, crc: &Value = &Value::small(0) => "0", /);
            /// The CRC-CCITT checksum, beginning with another one.
            crc_hqx(data: Buffer, crc: &Value, /);
        }
    }
}

native_exception! {
    static ERROR = "binascii.Error": "ValueError";
    static INCOMPLETE = "binascii.Incomplete": "Exception";
}

#[cold]
fn error(cx: &Cx, message: &str) -> Raised {
    cx.raise_of(&ERROR, message)
}

/// ASCII text, or bytes.
enum Ascii {
    Text(Str),
    Bytes(Buffer),
}

impl Ascii {
    /// Of a value. Runs Python; `ValueError`, `TypeError`.
    fn of(cx: &Cx, value: &Value) -> Res<Ascii> {
        if let Some(text) = Str::of(value) {
            if !text.is_ascii() {
                return Err(cx.value_error("string argument should contain only ASCII characters"));
            }
            return Ok(Ascii::Text(text));
        }
        Buffer::of(cx, value).map(Ascii::Bytes).or_else(|raised| {
            drop(cx.catch(raised, "TypeError")?);
            let kind = cx.type_name(value);
            Err(cx.type_error(format_args!("argument should be bytes, buffer or ASCII string, not '{kind}'")))
        })
    }
    fn read<R>(&self, work: impl FnOnce(&[u8]) -> R) -> R {
        match self {
            Ascii::Text(text) => work(text.ascii().unwrap_or_default().as_bytes()),
            Ascii::Bytes(bytes) => bytes.read(work),
        }
    }
    fn len(&self) -> usize {
        self.read(<[u8]>::len)
    }
}

/// What is made of bytes, into room for at most so many: how many were written, or an error's text.
fn convert(
    cx: &Cx,
    room: usize,
    read: impl FnOnce(&mut [u8]) -> Result<usize, String>,
) -> Res {
    let mut out = ByteWriter::zeros(cx, room)?;
    match read(out.as_mut_slice()) {
        Ok(len) => out.as_slice()[..len].into_value(cx),
        Err(message) => Err(error(cx, &message)),
    }
}

// ---- hexadecimal -----------------------------------------------------------------------------------------------------

fn unhexlify(cx: &Cx, hexstr: &Value) -> Res {
    let text = Ascii::of(cx, hexstr)?;
    cx.work_on_bytes(text.len())?;
    convert(cx, text.len() / 2, |out| {
        text.read(|digits| {
            if !digits.len().is_multiple_of(2) {
                return Err("Odd-length string".into());
            }
            for (byte, pair) in out.iter_mut().zip(digits.as_chunks().0) {
                *byte = hex_byte(*pair).ok_or("Non-hexadecimal digit found")?;
            }
            Ok(out.len())
        })
    })
}

/// The separator: one character below 256.
fn separator(cx: &Cx, sep: &Value) -> Res<u8> {
    if cx.len(sep)? != 1 {
        return Err(cx.value_error("sep must be length 1."));
    }
    match (Str::of(sep), Bytes::of(sep)) {
        (Some(text), _) => u8::try_from(text.chars().at(0)).map_err(|_| cx.value_error("sep must be ASCII.")),
        (_, Some(bytes)) => Ok(bytes.as_slice()[0]),
        _ => Err(cx.type_error("sep must be str or bytes.")),
    }
}

fn hexlify(cx: &Cx, data: Buffer, sep: Given, bytes_per_sep: i32) -> Res {
    let sep = sep.0.map(|sep| separator(cx, &sep)).transpose()?;
    let (len, group) = (data.len(), bytes_per_sep.unsigned_abs() as usize);
    let sep = sep.filter(|_| group > 0 && group < len);
    let seps = if sep.is_some() { (len - 1) / group } else { 0 };
    cx.work_on_bytes(len * 2)?;
    convert(cx, len * 2 + seps, |out| {
        data.read(|bytes| {
            if sep.is_none() {
                out.as_chunks_mut().0.iter_mut().zip(bytes).for_each(|(pair, byte)| *pair = hex_digits(*byte));
                return Ok(out.len());
            }
            let mut at = 0;
            for (index, byte) in bytes.iter().enumerate() {
                let from = if bytes_per_sep < 0 { index } else { len - index };
                if let Some(sep) = sep
                    && index > 0
                    && from.is_multiple_of(group)
                {
                    out[at] = sep;
                    at += 1;
                }
                [out[at], out[at + 1]] = hex_digits(*byte);
                at += 2;
            }
            Ok(at)
        })
    })
}

// ---- checksums -------------------------------------------------------------------------------------------------------

/// The low 32 bits of an int of any size. Runs Python; `TypeError`.
pub(crate) fn low_word(cx: &Cx, value: &Value) -> Res<u32> {
    let number = cx.to_index(value)?;
    Ok(match number.small() {
        Some(number) => number as u32,
        None => {
            let low = (&*number.magnitude() & &dashu_int::UBig::from(u32::MAX)).clone();
            let low = u32::try_from(low).unwrap_or(0);
            if number.is_negative() { low.wrapping_neg() } else { low }
        }
    })
}

fn crc32(cx: &Cx, data: Buffer, crc: &Value) -> Res<u32> {
    let crc = low_word(cx, crc)?;
    cx.work_on_bytes(data.len())?;
    Ok(data.read(|bytes| zlib_rs::crc32::crc32(crc, bytes)))
}

fn crc_hqx(cx: &Cx, data: Buffer, crc: &Value) -> Res<u32> {
    let crc = low_word(cx, crc)? & 0xFFFF;
    cx.work_on_bytes(data.len() * 8)?;
    let step = |crc: u32, byte: &u8| {
        let mut crc = crc ^ (u32::from(*byte) << 8);
        for _ in 0..8 {
            crc = (crc << 1) ^ if crc & 0x8000 == 0 { 0 } else { 0x1021 };
        }
        crc & 0xFFFF
    };
    Ok(data.read(|bytes| bytes.iter().fold(crc, step)))
}
