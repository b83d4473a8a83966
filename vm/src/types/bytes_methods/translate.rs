//! `translate` and `maketrans`.

use super::{buffer, built_like, data, own_or_lent, unchanged};
use crate::raised::Res;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::{ByteBuilder, Bytes};
use crate::types::memoryview::Lent;
use crate::types::str::args::given;
use crate::value::Value;
use crate::vm::Vm;

/// So many bytes are translated at a time.
const PART: usize = 256;

pub(in crate::types) fn translate(vm: &Vm, args: &[Value]) -> Res {
    let array = args[0].has::<ByteArray>();
    let ask = |value: &Value| if array { buffer(vm, value) } else { own_or_lent(vm, value) };
    let table = if args[1].is_none() { None } else { Some(ask(&args[1])?) };
    if table.as_ref().is_some_and(|table| table.as_slice().len() != 256) {
        return Err(vm.value_error("translation table must be 256 characters long"));
    }
    let mut gone = [false; 256];
    let delete = given(args, 2).map(ask).transpose()?;
    let deleted = delete.as_ref().map_or(&[][..], Lent::as_slice);
    deleted.iter().for_each(|byte| gone[usize::from(*byte)] = true);
    let own: [u8; 256] = std::array::from_fn(|byte| byte as u8);
    let table = table.as_ref().and_then(|table| table.as_slice().as_array()).unwrap_or(&own);
    let body = data(&args[0]);
    let mut out = ByteBuilder::with_capacity(vm, body.len())?;
    for part in body.chunks(PART) {
        let (mut made, mut count) = ([0; PART], 0);
        if deleted.is_empty() {
            made.iter_mut().zip(part).for_each(|(to, byte)| *to = table[usize::from(*byte)]);
            count = part.len();
        } else {
            for byte in part {
                // One that goes is written over by the next.
                made[count] = table[usize::from(*byte)];
                count += usize::from(!gone[usize::from(*byte)]);
            }
        }
        out.extend(&made[..count])?;
    }
    if args[0].exact::<Bytes>().is_some() && out.as_slice() == body {
        return unchanged(vm, &args[0]);
    }
    built_like(vm, &args[0], out)
}

pub(in crate::types) fn maketrans(vm: &Vm, from: &Value, to: &Value) -> Res {
    let lent = (buffer(vm, from)?, buffer(vm, to)?);
    let (from, to) = (lent.0.as_slice(), lent.1.as_slice());
    if from.len() != to.len() {
        return Err(vm.value_error("maketrans arguments must have same length"));
    }
    vm.bytes_with(256, |table| {
        table.iter_mut().enumerate().for_each(|(at, byte)| *byte = at as u8);
        from.iter().zip(to).for_each(|(from, to)| table[usize::from(*from)] = *to);
    })
}
