//! Items of a view: what a format's letter says of their bytes.

use crate::raised::Res;
use crate::types::bytes::Bytes;
use crate::value::Value;
use crate::vm::Vm;

/// Bytes of an item of a format, if there is such a format.
pub(super) fn item_bytes(format: u8) -> Option<usize> {
    Some(match format {
        b'c' | b'b' | b'B' | b'?' => 1,
        b'h' | b'H' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'd' | b'P' => 8,
        _ => return None,
    })
}

pub(super) fn is_byte(format: u8) -> bool {
    matches!(format, b'c' | b'b' | b'B')
}

/// An item as a Python value.
pub(super) fn unpack(vm: &Vm, format: u8, bytes: &[u8]) -> Res {
    fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
        bytes.try_into().expect("an item has its format's size")
    }
    match format {
        b'c' => vm.bytes(bytes),
        b'?' => Ok(Value::bool(bytes[0] != 0)),
        b'b' => Ok(Value::small(i64::from(bytes[0] as i8))),
        b'B' => Ok(Value::small(i64::from(bytes[0]))),
        b'h' => vm.int(i64::from(i16::from_ne_bytes(array(bytes)))),
        b'H' => vm.int(i64::from(u16::from_ne_bytes(array(bytes)))),
        b'i' => vm.int(i64::from(i32::from_ne_bytes(array(bytes)))),
        b'I' => vm.int(i64::from(u32::from_ne_bytes(array(bytes)))),
        b'l' | b'q' | b'n' => vm.int(i64::from_ne_bytes(array(bytes))),
        b'f' => vm.float(f64::from(f32::from_ne_bytes(array(bytes)))),
        b'd' => vm.float(f64::from_ne_bytes(array(bytes))),
        _ => vm.int_from_big(u64::from_ne_bytes(array(bytes)).into()),
    }
}

/// A Python value as an item's bytes, the first `item_bytes` of the eight.
pub(super) fn pack(vm: &Vm, format: u8, value: &Value) -> Res<[u8; 8]> {
    let letter = format as char;
    let wrong_type = || vm.type_error(format_args!("memoryview: invalid type for format '{letter}'"));
    let wrong_value = || vm.value_error(format_args!("memoryview: invalid value for format '{letter}'"));
    let mut out = [0; 8];
    let mut put = |bytes: &[u8]| out[..bytes.len()].copy_from_slice(bytes);
    match format {
        b'c' => match value.get::<Bytes>().map(Bytes::as_slice) {
            Some([byte]) => put(&[*byte]),
            Some(_) => return Err(wrong_value()),
            None => return Err(wrong_type()),
        },
        b'?' => put(&[u8::from(vm.truth(value)?)]),
        b'f' | b'd' => {
            let number = match vm.as_f64(value) {
                Ok(number) => number,
                Err(raised) if vm.raised_is(&raised, &vm.exc.TypeError) => {
                    drop(vm.take_raised(raised));
                    return Err(wrong_type());
                }
                Err(raised) => return Err(raised),
            };
            if format == b'd' { put(&number.to_ne_bytes()) } else { put(&(number as f32).to_ne_bytes()) }
        }
        _ => {
            if vm.as_i64(value).is_none()
                && !crate::types::int::is_int(value)
                && vm.slots(value).index().is_none()
            {
                return Err(wrong_type());
            }
            let number = vm.index_big(value)?;
            let fits = |n: Option<()>| n.ok_or_else(wrong_value);
            macro_rules! int {
                ($ty:ty) => {
                    fits(<$ty>::try_from(&number).ok().map(|n| put(&n.to_ne_bytes())))?
                };
            }
            match format {
                b'b' => int!(i8),
                b'B' => int!(u8),
                b'h' => int!(i16),
                b'H' => int!(u16),
                b'i' => int!(i32),
                b'I' => int!(u32),
                b'l' | b'q' | b'n' => int!(i64),
                _ => int!(u64),
            }
        }
    }
    Ok(out)
}
