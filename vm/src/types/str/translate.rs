//! `str.translate` and `str.maketrans`.

use super::Str;
use super::args::{given, str_arg, text};
use super::build::{StrBuilder, mapped};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::value::Value;
use crate::vm::Vm;

/// What a table says of a character.
enum Entry {
    Same,
    Gone,
    Text(Value),
    Char(u32),
}

fn look_up(vm: &Vm, table: &Value, c: u32) -> Res<Entry> {
    let key = Value::small(i64::from(c));
    let found = match table.exact::<Dict>() {
        // A dict need not raise an error to say that it has nothing.
        Some(dict) => dict.get_item(vm, &key).map(|found| found.unwrap_or(Value::UNBOUND)),
        None => vm.get_item(table, &key),
    };
    let found = match found {
        Ok(found) if found.is_unbound() => return Ok(Entry::Same),
        Ok(found) => found,
        Err(raised) if vm.raised_is(&raised, &vm.exc.LookupError) => {
            drop(vm.take_raised(raised));
            return Ok(Entry::Same);
        }
        Err(raised) => return Err(raised),
    };
    if found.is_none() {
        return Ok(Entry::Gone);
    }
    if found.has::<Str>() {
        return Ok(Entry::Text(found));
    }
    if !crate::types::int::is_int(&found) {
        return Err(vm.type_error("character mapping must return integer, None or str"));
    }
    match vm.as_i64(&found) {
        Some(number @ 0..=0x10_FFFF) => Ok(Entry::Char(number as u32)),
        _ => Err(vm.value_error("character mapping must be in range(0x110000)")),
    }
}

const UNKNOWN: u32 = u32::MAX;

/// Asks a dict what each of the characters becomes, until one becomes anything but another ASCII character; says whether none does.
fn learn(vm: &Vm, body: &[u8], table: &Value, known: &mut [u32; 128]) -> Res<bool> {
    for byte in body {
        let Some(slot) = known.get_mut(usize::from(*byte)).filter(|slot| **slot == UNKNOWN) else { continue };
        let c = match look_up(vm, table, u32::from(*byte))? {
            Entry::Same => u32::from(*byte),
            Entry::Char(c) => c,
            Entry::Text(value) if text(&value).len() == 1 => text(&value).chars().at(0),
            Entry::Gone | Entry::Text(_) => return Ok(false),
        };
        *slot = c;
        if c >= 0x80 {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) fn translate(vm: &Vm, this: &Value, table: &Value) -> Res {
    let body = text(this);
    // What ASCII characters become is asked once each: a space that was not asked yet, or a character of its
    // own.
    let mut known = [UNKNOWN; 128];
    if let (Some(ascii), Some(_)) = (body.ascii(), table.exact::<Dict>())
        && ascii.len() > 1
        && learn(vm, ascii.as_bytes(), table, &mut known)?
    {
        let mut table = [0; 256];
        table.iter_mut().zip(known).for_each(|(byte, known)| *byte = known as u8);
        return mapped(vm, ascii.as_bytes(), |byte| table[usize::from(byte)]);
    }
    let mut out = StrBuilder::new(vm);
    for c in body.chars().iter() {
        if let Some(&mapped) = known.get(c as usize)
            && mapped != UNKNOWN
        {
            out.push_char(mapped)?;
            continue;
        }
        let single = match look_up(vm, table, c)? {
            Entry::Gone => continue,
            Entry::Same => c,
            Entry::Char(mapped) => mapped,
            Entry::Text(value) => {
                let mapped = text(&value);
                if mapped.len() != 1 {
                    out.push_text(mapped)?;
                    continue;
                }
                mapped.chars().at(0)
            }
        };
        if let (Some(slot), true) = (known.get_mut(c as usize), table.exact::<Dict>().is_some()) {
            *slot = single;
        }
        out.push_char(single)?;
    }
    out.finish()
}

pub(super) fn maketrans(vm: &Vm, args: &[Value]) -> Res {
    let table = vm.new_dict()?;
    let put = |key: u32, value: Value| vm.set_item(table.value(), &Value::small(i64::from(key)), &value);
    let Some(to) = given(args, 1) else {
        let Some(dict) = args[0].exact::<Dict>() else {
            return Err(vm.type_error("if you give only one argument to maketrans it must be a dict"));
        };
        let mut from = 0;
        while let Some((at, entry)) = dict.next_entry(from) {
            from = at + 1;
            let (key, value) = (entry.key.clone(), entry.value.clone());
            if let Some(name) = key.get::<Str>() {
                if name.len() != 1 {
                    return Err(vm.value_error("string keys in translatetable must be of length 1"));
                }
                put(name.chars().at(0), value)?;
            } else if crate::types::int::is_int(&key) {
                vm.set_item(table.value(), &key, &value)?;
            } else {
                return Err(vm.type_error("keys in translate table mustbe strings or integers"));
            }
        }
        return Ok(table.into_value());
    };
    let Some(from) = args[0].get::<Str>() else {
        return Err(vm.type_error("first maketrans argument must be a string if there is a second argument"));
    };
    let to = str_arg(vm, to, "maketrans() argument 2")?;
    let gone = given(args, 2).map(|v| str_arg(vm, v, "maketrans() argument 3")).transpose()?;
    if from.len() != to.len() {
        return Err(vm.value_error("the first two maketrans arguments must have equal length"));
    }
    vm.work_on_bytes(from.len().saturating_mul(64))?;
    for (key, value) in from.chars().iter().zip(to.chars().iter()) {
        put(key, Value::small(i64::from(value)))?;
    }
    for key in gone.iter().flat_map(|gone| gone.chars().iter()) {
        put(key, Value::NONE)?;
    }
    Ok(table.into_value())
}
