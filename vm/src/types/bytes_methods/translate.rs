//! `translate` and `maketrans`.

use super::{buffer, built_like, data, unchanged};
use crate::raised::Res;
use crate::types::bytes::{ByteBuilder, Bytes};
use crate::types::str::args::given;
use crate::value::Value;
use crate::vm::Vm;

pub(in crate::types) fn translate(vm: &Vm, args: &[Value]) -> Res {
    let table = if args[1].is_none() { None } else { Some(buffer(vm, &args[1])?) };
    if table.is_some_and(|table| table.len() != 256) {
        return Err(vm.value_error("translation table must be 256 characters long"));
    }
    let mut gone = [false; 256];
    if let Some(delete) = given(args, 2) {
        buffer(vm, delete)?.iter().for_each(|byte| gone[usize::from(*byte)] = true);
    }
    let body = data(&args[0]);
    let mut out = ByteBuilder::with_capacity(vm, body.len())?;
    for &byte in body {
        if !gone[usize::from(byte)] {
            out.push(table.map_or(byte, |table| table[usize::from(byte)]))?;
        }
    }
    if args[0].exact::<Bytes>().is_some() && out.as_slice() == body {
        return unchanged(vm, &args[0]);
    }
    built_like(vm, &args[0], out)
}

pub(in crate::types) fn maketrans(vm: &Vm, from: &Value, to: &Value) -> Res {
    let (from, to) = (buffer(vm, from)?, buffer(vm, to)?);
    if from.len() != to.len() {
        return Err(vm.value_error("maketrans arguments must have same length"));
    }
    vm.bytes_with(256, |table| {
        table.iter_mut().enumerate().for_each(|(at, byte)| *byte = at as u8);
        from.iter().zip(to).for_each(|(from, to)| table[usize::from(*from)] = *to);
    })
}
