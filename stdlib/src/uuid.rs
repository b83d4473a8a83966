//! `_uuid`: identifiers that are unique by the time and the network card.

use std::sync::Mutex;
use std::sync::PoisonError;

use ryokan_vm::native::*;

use crate::chance::chance;

native_module! {
    /// Identifiers that are unique by the time and the network card.
    "_uuid" {
        consts {
            "has_uuid_generate_time_safe" = 1;
            "has_stable_extractable_node" = 0;
        }
        functions {
            /// Sixteen bytes of version 1, and -1: nobody has seen to it that no other process makes the same.
            generate_time_safe(), shows = "($self, /)";
        }
    }
}

/// Steps of 100 nanoseconds from 1582-10-15 to 1970.
const GREGORIAN: u64 = 0x01B2_1DD2_1381_4000;

/// What the process has made last: the time, and the 14 bits that make up for a clock that was set back.
struct Last {
    time: u64,
    sequence: u16,
    node: [u8; 6],
}
static LAST: Mutex<Option<Last>> = Mutex::new(None);

/// The address of a network card, if the host shows one.
fn card(cx: &Cx) -> Option<[u8; 6]> {
    if !cx.allows(Capability::Files) {
        return None;
    }
    let mut names: Vec<_> =
        std::fs::read_dir("/sys/class/net").ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    names.iter().find_map(|name| {
        let text = cx.read_file(&format!("/sys/class/net/{name}/address"), 64).ok()?;
        let mut address = [0; 6];
        let parts = std::str::from_utf8(&text).ok()?.trim().split(':');
        let parts: Vec<u8> = parts.map_while(|part| u8::from_str_radix(part, 16).ok()).collect();
        address.copy_from_slice(parts.get(..6).filter(|_| parts.len() == 6)?);
        (address != [0; 6]).then_some(address)
    })
}

fn generate_time_safe(cx: &Cx) -> Res {
    cx.require(Capability::Clock)?;
    let now = (cx.now().as_nanos() / 100) as u64 + GREGORIAN;
    let mut bytes = [0; 8];
    chance(cx, &mut bytes)?;
    let [a, b, chosen @ ..] = bytes;
    let node = match LAST.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
        Some(last) => last.node,
        None => card(cx).unwrap_or_else(|| {
            let mut node = chosen;
            // No card has that bit.
            node[0] |= 1;
            node
        }),
    };
    let mut kept = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let last = kept.get_or_insert(Last { time: 0, sequence: u16::from_be_bytes([a, b]) & 0x3FFF, node });
    // The next step, if the last one was now; a clock that was set back by more begins another sequence.
    let time = if now > last.time { now } else { last.time + 1 };
    if time > now + 10_000_000 {
        last.sequence = (last.sequence + 1) & 0x3FFF;
        last.time = now;
    } else {
        last.time = time;
    }
    let (time, sequence, node) = (last.time, last.sequence, last.node);
    drop(kept);
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&(time as u32).to_be_bytes());
    bytes[4..6].copy_from_slice(&((time >> 32) as u16).to_be_bytes());
    bytes[6..8].copy_from_slice(&((time >> 48) as u16 & 0x0FFF | 0x1000).to_be_bytes());
    bytes[8..10].copy_from_slice(&(sequence | 0x8000).to_be_bytes());
    bytes[10..].copy_from_slice(&node);
    (&bytes[..], -1_i32).into_value(cx)
}
