//! The codec that goes by a table: a mapping from characters to bytes, or a str of the characters by their bytes.

use std::cell::Cell;

use super::{data, errors_of, pair, text_of};
use crate::raised::Res;
use crate::types::bytes::{ByteBuilder, Bytes};
use crate::types::str::Str;
use crate::types::str::args::{given_value, str_arg};
use crate::types::str::build::StrBuilder;
use crate::types::str::codec::{Codec, encode_as};
use crate::types::str::decode::decode_part;
use crate::types::str::errors::{Decoding, Encoding, Errors, Handler};
use crate::value::Value;
use crate::vm::Vm;

const UNDEFINED: &str = "character maps to <undefined>";

/// What a mapping has for a number: `None` if it has nothing, or None.
fn look_up(vm: &Vm, mapping: &Value, number: u32) -> Res<Option<Value>> {
    match vm.get_item(mapping, &vm.int(i64::from(number))?) {
        Ok(found) => Ok((!found.is_none()).then_some(found)),
        Err(raised) if vm.raised_is(&raised, &vm.exc.LookupError) => {
            drop(vm.take_raised(raised));
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

/// Appends what a character is mapped to; whether there is something.
fn put(vm: &Vm, mapping: &Value, out: &mut ByteBuilder<'_>, c: u32) -> Res<bool> {
    let Some(found) = look_up(vm, mapping, c)? else { return Ok(false) };
    if let Some(bytes) = found.get::<Bytes>() {
        out.extend(bytes.as_slice())?;
        return Ok(true);
    }
    if !crate::types::int::is_int(&found) {
        let kind = vm.type_name(&found);
        return Err(
            vm.type_error(format_args!("character mapping must return integer, bytes or None, not {kind}"))
        );
    }
    match vm.index_long(&found).ok().and_then(|n| u8::try_from(n).ok()) {
        Some(byte) => out.push(byte).map(|()| true),
        None => Err(vm.type_error("character mapping must be in range(256)")),
    }
}

pub fn encode(vm: &Vm, args: &[Value]) -> Res {
    let text = text_of(vm, "charmap_encode", &args[0])?;
    let errors = errors_of(vm, "charmap_encode", args)?;
    let errors = Errors::named(&errors);
    let Some(mapping) = given_value(args, 2) else {
        return pair(vm, encode_as(vm, &args[0], Codec::Latin1, errors)?, text.len());
    };
    let mut out = ByteBuilder::with_capacity(vm, text.len())?;
    let mut at = 0;
    while at < text.len() {
        vm.work(1)?;
        if put(vm, mapping, &mut out, text.chars().at(at))? {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < text.len() && look_up(vm, mapping, text.chars().at(end))?.is_none() {
            vm.work(1)?;
            end += 1;
        }
        at = undefined(vm, &args[0], mapping, errors, &mut out, (at, end))?;
    }
    pair(vm, out.finish()?, text.len())
}

/// Characters that the mapping has not. What a handler puts in their place goes through the mapping, too.
fn undefined(
    vm: &Vm,
    object: &Value,
    mapping: &Value,
    errors: Errors<'_>,
    out: &mut ByteBuilder<'_>,
    (start, end): (usize, usize),
) -> Res<usize> {
    let job = Encoding { vm, name: "charmap", reason: UNDEFINED, object, errors, limit: 0x100, unit: 1 };
    if errors.handler == Handler::SurrogateEscape {
        return job.handle(out, (start, end), |out, byte| out.push(byte), None, true);
    }
    let mut instead = ByteBuilder::new(vm);
    let at = job.handle(&mut instead, (start, end), |out, byte| out.push(byte), None, true)?;
    for byte in instead.as_slice() {
        if !put(vm, mapping, out, u32::from(*byte))? {
            let strict = Errors { handler: Handler::Strict, name: "strict" };
            let job = Encoding { errors: strict, ..job };
            return job.handle(out, (start, end), |out, byte| out.push(byte), None, true);
        }
    }
    Ok(at)
}

pub fn decode(vm: &Vm, args: &[Value]) -> Res {
    let lent = data(vm, &args[0], false)?;
    let errors = errors_of(vm, "charmap_decode", args)?;
    let Some(mapping) = given_value(args, 2) else {
        let (text, used) = decode_part(vm, lent.as_slice(), Codec::Latin1, Errors::named(&errors), true)?;
        return pair(vm, text, used);
    };
    let bytes = lent.as_slice();
    let errors = Errors::named(&errors);
    let again = |job: &Decoding<'_>, at: usize| decode_by(job, mapping, at);
    let job = Decoding { vm, name: "charmap", bytes, errors, last: true, left: Cell::new(0), again: &again };
    pair(vm, decode_by(&job, mapping, 0)?, bytes.len())
}

/// Decodes by a mapping from a place on.
fn decode_by(job: &Decoding<'_>, mapping: &Value, mut at: usize) -> Res {
    let mut out = StrBuilder::new(job.vm);
    while let Some(byte) = job.bytes.get(at) {
        job.vm.work(1)?;
        if put_char(job.vm, mapping, &mut out, *byte)? {
            at += 1;
        } else {
            at = job.handle(&mut out, (at, at + 1), UNDEFINED, |_| None)?;
        }
    }
    out.finish()
}

/// Appends what a byte is mapped to; whether there is something.
fn put_char(vm: &Vm, mapping: &Value, out: &mut StrBuilder<'_>, byte: u8) -> Res<bool> {
    if let Some(table) = mapping.exact::<Str>() {
        let at = usize::from(byte);
        let found = (at < table.len()).then(|| table.chars().at(at)).filter(|c| *c != 0xFFFE);
        return found.map_or(Ok(false), |c| out.push_char(c).map(|()| true));
    }
    let Some(found) = look_up(vm, mapping, u32::from(byte))? else { return Ok(false) };
    if let Some(text) = found.get::<Str>() {
        let undefined = text.len() == 1 && text.chars().at(0) == 0xFFFE;
        if !undefined {
            out.push_value(&found)?;
        }
        return Ok(!undefined);
    }
    if !crate::types::int::is_int(&found) {
        return Err(vm.type_error("character mapping must return integer, None or str"));
    }
    match vm.index_long(&found).ok().and_then(|n| u32::try_from(n).ok()).filter(|n| *n < 0x11_0000) {
        Some(0xFFFE) => Ok(false),
        Some(c) => out.push_char(c).map(|()| true),
        None => Err(vm.type_error("character mapping must be in range(0x110000)")),
    }
}

pub fn build(vm: &Vm, args: &[Value]) -> Res {
    let table = str_arg(vm, &args[0], "charmap_build() argument")?;
    let dict = vm.new_dict()?;
    for (byte, c) in table.chars().iter().enumerate().take(256) {
        if c != 0xFFFE {
            dict.set_item(vm, &vm.int(i64::from(c))?, Value::small(byte as i64))?;
        }
    }
    Ok(dict.into_value())
}
