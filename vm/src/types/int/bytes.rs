//! `int.from_bytes` and `int.to_bytes`.

use dashu_int::{IBig, UBig};

use super::{Num, magnitude_bits, view};
use crate::raised::Res;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::bytes_methods::{buffer_or_none, standing_bytes};
use crate::types::memoryview::BufferFlags;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

/// Whether the argument says little-endian.
fn is_little(vm: &Vm, order: Option<&Value>, method: &str) -> Res<bool> {
    let Some(order) = order.and_then(Value::bound) else { return Ok(false) };
    let Some(text) = order.get::<Str>() else {
        return Err(vm.type_error(format_args!(
            "{method}() argument 'byteorder' must be str, not {}",
            vm.arg_name(order)
        )));
    };
    match () {
        () if text.is_text("little") => Ok(true),
        () if text.is_text("big") => Ok(false),
        () => Err(vm.value_error("byteorder must be either 'little' or 'big'")),
    }
}

fn flag(vm: &Vm, value: Option<&Value>) -> Res<bool> {
    value.and_then(Value::bound).map_or(Ok(false), |v| vm.truth(v))
}

/// `n.to_bytes(length=1, byteorder='big', *, signed=False)`
pub fn to_bytes(vm: &Vm, args: &[Value]) -> Res {
    let number = view(&args[0]).unwrap_or(Num::Small(0));
    let length = match args.get(1).and_then(Value::bound) {
        Some(length) => vm.index_i64(length)?,
        None => 1,
    };
    let little = is_little(vm, args.get(2), "to_bytes")?;
    let signed = flag(vm, args.get(3))?;
    let Ok(length) = usize::try_from(length) else {
        return Err(vm.value_error("length argument must be non-negative"));
    };
    if number.is_negative() && !signed {
        return Err(vm.overflow_error("can't convert negative int to unsigned"));
    }
    let needed = if signed { signed_bits(number) } else { number.bits() };
    if needed > length.saturating_mul(8) && !number.is_zero() {
        return Err(vm.overflow_error("int too big to convert"));
    }
    vm.check_bytes_len(length)?;
    vm.room_for_bytes(length as u128 * 2)?;
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(length).is_err() {
        return Err(vm.no_memory());
    }
    match number {
        Num::Small(n) => bytes.extend_from_slice(&n.to_le_bytes()),
        Num::Big(n) => bytes.extend_from_slice(&n.to_le_bytes()),
    }
    bytes.resize(length, if number.is_negative() { 0xFF } else { 0 });
    if !little {
        bytes.reverse();
    }
    vm.bytes(&bytes)
}

/// The bits of the shortest two's complement.
fn signed_bits(number: Num<'_>) -> usize {
    match number {
        Num::Small(n) => 65 - if n < 0 { !n } else { n }.leading_zeros() as usize,
        Num::Big(n) => {
            let power_of_two = n.trailing_zeros() == Some(magnitude_bits(n) - 1);
            magnitude_bits(n) + usize::from(!(number.is_negative() && power_of_two))
        }
    }
}

/// `int.from_bytes(bytes, byteorder='big', *, signed=False)`
pub fn from_bytes(vm: &Vm, args: &[Value]) -> Res {
    let little = is_little(vm, args.get(2), "from_bytes")?;
    let signed = flag(vm, args.get(3))?;
    let mut bytes = vm.bytes_of(&args[1])?;
    vm.room_for_bytes(bytes.len() as u128 * 2)?;
    vm.work_on_bytes(bytes.len())?;
    if !little {
        bytes.reverse();
    }
    let made = if signed && bytes.last().is_some_and(|b| b & 0x80 != 0) {
        // The complement's digits, less the power that stands above them.
        let bits = bytes.len() * 8;
        vm.int_from_big(IBig::from(UBig::from_le_bytes(&bytes)) - (IBig::ONE << bits))?
    } else {
        vm.int_from_bytes_le(false, &bytes)?
    };
    if args[0].word() == vm.types.int.word() {
        return Ok(made);
    }
    vm.call(&args[0], &[made])
}

impl Vm {
    /// The bytes of any other object that exports some; `None` if it fails to. Runs Python.
    pub fn exported_bytes(&self, value: &Value) -> Option<Vec<u8>> {
        buffer_or_none(self, value).map(|lent| lent.as_slice().to_vec())
    }

    /// The bytes of a bytes object or bytearray; `None` of anything else.
    pub fn number_bytes(&self, value: &Value) -> Option<Vec<u8>> {
        match (value.get::<Bytes>(), value.get::<ByteArray>()) {
            (Some(bytes), _) => Some(bytes.as_slice().to_vec()),
            (_, Some(bytes)) => Some(bytes.as_slice().to_vec()),
            _ => None,
        }
    }

    /// The bytes of an argument as `PyObject_Bytes` takes it: a buffer, something with `__bytes__`, or an iterable of ints.
    fn bytes_of(&self, value: &Value) -> Res<Vec<u8>> {
        if let Some(made) = self.call_special(value, &self.names.__bytes__, &[])? {
            return match self.number_bytes(&made) {
                Some(bytes) => Ok(bytes),
                None => Err(self.type_error(format_args!(
                    "__bytes__ returned non-bytes (type {})",
                    self.type_name(&made)
                ))),
            };
        }
        if let Some(bytes) = standing_bytes(self, value, BufferFlags::FULL_READ_ONLY)? {
            return Ok(bytes.as_slice().to_vec());
        }
        if super::is_int(value)
            || self.is_str(value)
            || (self.slots(value).iter().is_none() && self.slots(value).getitem().is_none())
        {
            return Err(
                self.type_error(format_args!("cannot convert '{}' object to bytes", self.type_name(value)))
            );
        }
        let mut bytes = Vec::new();
        for item in self.collect(value)? {
            match self.index_clamped(&item)? {
                byte @ 0..256 => bytes.push(byte as u8),
                _ => return Err(self.value_error("bytes must be in range(0, 256)")),
            }
        }
        Ok(bytes)
    }
}
