//! Base 64.

use ryokan_vm::native::*;

use super::{Ascii, convert};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What is no letter of base 64.
const NONE: u8 = 0xFF;

/// The numbers of the letters.
const NUMBERS: [u8; 256] = {
    let (mut numbers, mut at) = ([NONE; 256], 0);
    while at < 64 {
        numbers[LETTERS[at] as usize] = at as u8;
        at += 1;
    }
    numbers
};

/// Writes bytes as letters, with padding, as far as there is room.
pub fn write(bytes: &[u8], out: &mut [u8]) {
    for (part, place) in bytes.chunks(3).zip(out.chunks_exact_mut(4)) {
        let at = |index: usize| u32::from(part.get(index).copied().unwrap_or(0));
        let word = at(0) << 16 | at(1) << 8 | at(2);
        for (index, letter) in place.iter_mut().enumerate() {
            let there = index <= part.len();
            let number = (word >> (18 - 6 * index) & 63) as usize;
            *letter = if there { LETTERS[number] } else { b'=' };
        }
    }
}

/// `b2a_base64`
pub fn encode(cx: &Cx, data: Buffer, newline: bool) -> Res {
    let len = data.len();
    cx.work_on_bytes(len * 2)?;
    convert(cx, len.div_ceil(3) * 4 + usize::from(newline), |out| {
        data.read(|bytes| {
            write(bytes, out);
            if newline && let Some(last) = out.last_mut() {
                *last = b'\n';
            }
            Ok(out.len())
        })
    })
}

/// `a2b_base64`
pub fn decode(cx: &Cx, data: &Value, strict: bool) -> Res {
    let text = Ascii::of(cx, data)?;
    cx.work_on_bytes(text.len() * 2)?;
    convert(cx, text.len() / 4 * 3 + 3, |out| text.read(|text| read(text, out, strict)))
}

/// Reads letters: how many bytes they made.
fn read(text: &[u8], out: &mut [u8], strict: bool) -> Result<usize, String> {
    if strict && text.first() == Some(&b'=') {
        return Err("Leading padding not allowed".into());
    }
    // Letters of the group of four that is read, their bits, and padding behind them.
    let (mut letters, mut bits, mut pads, mut len) = (0, 0_u32, 0, 0);
    for c in text {
        if *c == b'=' {
            pads += 1;
            // Padding behind a group that is whole, or that has but one letter.
            if strict && (letters == 0 || letters + pads > 4) {
                return Err("Excess padding not allowed".into());
            }
            if strict && letters == 1 {
                return Err(one_too_many(len));
            }
            continue;
        }
        let number = NUMBERS[usize::from(*c)];
        if number == NONE {
            if strict {
                return Err("Only base64 data is allowed".into());
            }
            continue;
        }
        if strict && pads > 0 {
            let whole = letters + pads >= 4;
            return Err(if whole { "Excess data after padding" } else { "Discontinuous padding not allowed" }.into());
        }
        pads = 0;
        bits = bits << 6 | u32::from(number);
        letters = (letters + 1) & 3;
        if letters != 1 {
            // Each letter but the first completes a byte.
            let rest = [0, 0, 4, 2][letters];
            out[len] = (bits >> rest) as u8;
            len += 1;
        }
    }
    match letters {
        0 => Ok(len),
        1 => Err(one_too_many(len)),
        _ if letters + pads >= 4 => Ok(len),
        _ => Err("Incorrect padding".into()),
    }
}

/// What is said of a letter that makes no byte, behind so many bytes.
fn one_too_many(len: usize) -> String {
    let count = len / 3 * 4 + 1;
    format!("Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more than a multiple of 4")
}
