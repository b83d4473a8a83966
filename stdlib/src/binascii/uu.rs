//! uuencode: a line of up to 45 bytes, six bits a character, their number in front.

use ryokan_vm::native::*;

use super::{Ascii, convert, error};

/// A character of six bits.
fn letter(bits: u8, backtick: bool) -> u8 {
    if bits == 0 && backtick { b'`' } else { b' ' + bits }
}

/// `b2a_uu`
pub fn encode(cx: &Cx, data: Buffer, backtick: bool) -> Res {
    let len = data.len();
    if len > 45 {
        return Err(error(cx, "At most 45 bytes at once"));
    }
    convert(cx, len.div_ceil(3) * 4 + 2, |out| {
        data.read(|bytes| {
            out[0] = letter(len as u8, backtick);
            let mut at = 1;
            for part in bytes.chunks(3) {
                let byte = |index: usize| u32::from(part.get(index).copied().unwrap_or(0));
                let word = byte(0) << 16 | byte(1) << 8 | byte(2);
                for shift in [18, 12, 6, 0] {
                    out[at] = letter((word >> shift & 63) as u8, backtick);
                    at += 1;
                }
            }
            out[at] = b'\n';
            Ok(at + 1)
        })
    })
}

/// `a2b_uu`
pub fn decode(cx: &Cx, data: &Value) -> Res {
    let text = Ascii::of(cx, data)?;
    convert(cx, 63, |out| text.read(|text| read(text, out)))
}

fn read(text: &[u8], out: &mut [u8]) -> Result<usize, String> {
    let Some((first, rest)) = text.split_first() else { return Err("Missing length byte".into()) };
    let len = usize::from(first.wrapping_sub(b' ') & 63);
    let (mut at, mut made, mut bits, mut count) = (0, 0, 0_u32, 0);
    while made < len {
        // Spaces at the end of a line may have been cut off.
        let number = match rest.get(at) {
            None | Some(b'\n' | b'\r') => 0,
            Some(c) if (b' '..=b' ' + 64).contains(c) => u32::from(c - b' ') & 63,
            Some(_) => return Err("Illegal char".into()),
        };
        at += 1;
        bits = bits << 6 | number;
        count += 6;
        if count >= 8 {
            count -= 8;
            out[made] = (bits >> count) as u8;
            bits &= (1 << count) - 1;
            made += 1;
        }
    }
    let clean = |c: &u8| matches!(c, b' ' | b'`' | b'\n' | b'\r');
    if rest.get(at..).is_some_and(|rest| !rest.iter().all(clean)) {
        return Err("Trailing garbage".into());
    }
    Ok(len)
}
