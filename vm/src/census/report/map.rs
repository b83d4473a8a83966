//! The heap as a map: arenas, the slots in them, and what of each pool is in use, to scale.

use std::fmt::Write;

use ryokan_alloc::{ARENA_BYTES, SLOT_BYTES};

use crate::vm::Vm;

/// Each pool is cut into so many cells; of each it is told how much of it is in use.
pub const CELLS: usize = 32;
/// So many arenas are drawn.
const ARENAS: usize = 128;

/// A slot of an arena.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Free; whether its pages are kept.
    Free { kept: bool },
    /// A pool: of objects or of raw storage, its block size, how many blocks there are and are in use, and each cell's share of 255.
    Pool { objects: bool, block_bytes: usize, capacity: usize, used: usize, cells: Vec<u8> },
    /// A part of a large block.
    Large { objects: bool },
}

/// Arenas, each with its slots; and the bytes of large blocks with mappings of their own.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// By the arena's number.
    pub arenas: Vec<(u32, Vec<Slot>)>,
    /// Arenas that are not drawn.
    pub more: usize,
    pub apart: Vec<usize>,
}

/// How much of each cell is in use.
fn cells(blocks: &[bool], block_bytes: usize) -> Vec<u8> {
    let cell = SLOT_BYTES / CELLS;
    let mut used = [0usize; CELLS];
    for (at, _) in blocks.iter().enumerate().filter(|(_, used)| **used) {
        let (mut from, to) = (at * block_bytes, (at + 1) * block_bytes);
        while from < to {
            let end = (from / cell + 1) * cell;
            used[(from / cell).min(CELLS - 1)] += end.min(to) - from;
            from = end;
        }
    }
    used.iter().map(|bytes| (bytes * 255 / cell).min(255) as u8).collect()
}

impl Map {
    /// The map of a heap.
    pub fn of(vm: &Vm) -> Map {
        let mut map = Map::default();
        let per_arena = ARENA_BYTES / SLOT_BYTES;
        vm.heap().each_arena(&mut |arena| {
            let slot = |at: usize| match arena.free >> at & 1 {
                1 => Slot::Free { kept: arena.kept >> at & 1 == 1 },
                _ => Slot::Large { objects: false },
            };
            match map.arenas.len() < ARENAS {
                true => map.arenas.push((arena.index, (0..per_arena).map(slot).collect())),
                false => map.more += 1,
            }
        });
        vm.heap().each_slot(&mut |slot, blocks| {
            let Some(arena) = slot.arena else {
                map.apart.push(slot.charged);
                return;
            };
            let Ok(at) = map.arenas.binary_search_by_key(&arena, |(index, _)| *index) else { return };
            let first = slot.address % ARENA_BYTES / SLOT_BYTES;
            let drawn = &mut map.arenas[at].1;
            if slot.pool {
                drawn[first] = Slot::Pool {
                    objects: slot.objects,
                    block_bytes: slot.block_bytes,
                    capacity: slot.capacity,
                    used: slot.used,
                    cells: cells(&blocks(), slot.block_bytes),
                };
            } else {
                let slots = slot.charged.div_ceil(SLOT_BYTES);
                drawn
                    .iter_mut()
                    .skip(first)
                    .take(slots)
                    .for_each(|part| *part = Slot::Large { objects: slot.objects });
            }
        });
        map.apart.sort_unstable_by(|a, b| b.cmp(a));
        map
    }

    /// The map as SVG: a row an arena.
    pub fn svg(&self) -> String {
        const SLOT: usize = 66;
        const ROW: usize = 22;
        let (width, height) = (60 + 16 * SLOT, 30 + self.arenas.len() * ROW);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"map\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">"
        );
        for (row, (index, slots)) in self.arenas.iter().enumerate() {
            let y = 8 + row * ROW;
            let _ = write!(out, "<text x=\"4\" y=\"{}\">{index}</text>", y + 13);
            for (at, slot) in slots.iter().enumerate() {
                draw_slot(&mut out, slot, 44 + at * SLOT, y);
            }
            out.push('\n');
        }
        out.push_str("</svg>");
        out
    }
}

fn draw_slot(out: &mut String, slot: &Slot, x: usize, y: usize) {
    let (class, title) = match slot {
        Slot::Free { kept: true } => ("kept", "free; its pages are kept".to_string()),
        Slot::Free { kept: false } => ("free", "free".to_string()),
        Slot::Large { objects } => {
            (if *objects { "large" } else { "largebuf" }, "part of a large block".to_string())
        }
        Slot::Pool { objects, block_bytes, capacity, used, .. } => {
            let kind = if *objects { "objects" } else { "storage" };
            (kind, format!("pool of {kind}, blocks of {block_bytes} bytes: {used} of {capacity} in use"))
        }
    };
    let _ = write!(
        out,
        "<g><title>{title}</title><rect class=\"{class} frame\" x=\"{x}\" y=\"{y}\" width=\"64\" height=\"18\"/>"
    );
    if let Slot::Pool { cells, .. } = slot {
        // Cells of like use are drawn as one.
        let mut at = 0;
        while at < cells.len() {
            let same = cells[at..].iter().take_while(|cell| **cell / 16 == cells[at] / 16).count();
            if cells[at] > 0 {
                let (left, wide) = (x + at * 64 / CELLS, (same * 64 / CELLS).max(1));
                let tone = f64::from(cells[at]) / 255.0;
                let _ = write!(
                    out,
                    "<rect class=\"{class}\" x=\"{left}\" y=\"{y}\" width=\"{wide}\" height=\"18\" opacity=\"{tone:.2}\"/>"
                );
            }
            at += same;
        }
    }
    out.push_str("</g>");
}
