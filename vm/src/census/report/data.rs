//! A report as JSON.

use ryokan_alloc::ClassStats;

use super::map::Slot;
use super::{Holder, Manner, Report};
use crate::census::json::{array, number, object, quoted, text};
use crate::census::tables::{Line, Sum};

fn sum(sum: Sum) -> [(&'static str, String); 2] {
    [("count", sum.count.to_string()), ("bytes", sum.bytes.to_string())]
}

fn named((name, of): &(String, Sum)) -> String {
    let [count, bytes] = sum(*of);
    object([("type", quoted(name)), count, bytes])
}

fn holder(holder: &Holder) -> String {
    let holds = holder.holds.as_ref().map(|holds| {
        object([
            ("type", quoted(&holds.kind)),
            ("count", holds.count.to_string()),
            ("line", text(holds.line.as_deref())),
        ])
    });
    object([
        ("value", quoted(&holder.value)),
        ("type", quoted(&holder.kind)),
        ("own", holder.own.to_string()),
        ("retained", holder.retained.to_string()),
        ("path", text(holder.path.as_deref())),
        ("line", text(holder.line.as_deref())),
        ("holds", number(holds)),
        (
            "kept",
            quoted(match holder.manner {
                Manner::Alone => "alone",
                Manner::Row(_) => "in a row",
                Manner::Shared(_) => "shared",
            }),
        ),
    ])
}

fn line(line: &Line) -> String {
    let types = array(line.types.iter().map(|(name, of)| named(&(name.clone(), *of))));
    let [count, bytes] = sum(line.blocks);
    object([("file", quoted(&line.file)), ("line", line.line.to_string()), count, bytes, ("types", types)])
}

fn class(kind: &str, class: &ClassStats) -> String {
    object([
        ("kind", quoted(kind)),
        ("block", class.block_bytes.to_string()),
        ("pools", class.pools.to_string()),
        ("used", class.used.to_string()),
        ("free", class.free.to_string()),
    ])
}

fn slot(slot: &Slot) -> String {
    match slot {
        Slot::Free { kept } => object([("is", quoted("free")), ("kept", kept.to_string())]),
        Slot::Large { objects } => object([("is", quoted("large")), ("objects", objects.to_string())]),
        Slot::Pool { objects, block_bytes, capacity, used, cells } => object([
            ("is", quoted("pool")),
            ("objects", objects.to_string()),
            ("block", block_bytes.to_string()),
            ("capacity", capacity.to_string()),
            ("used", used.to_string()),
            ("cells", array(cells.iter().map(ToString::to_string))),
        ]),
    }
}

/// The report.
pub(super) fn write(report: &Report) -> String {
    let stats = &report.stats;
    let heap = object([
        ("used", stats.used_bytes.to_string()),
        ("peak", stats.peak_bytes.to_string()),
        ("external", stats.external_bytes.to_string()),
        ("blocks", stats.block_bytes().to_string()),
        ("limit", number(stats.limit_bytes)),
        ("arenas", stats.arenas.to_string()),
        ("large_blocks", stats.large_blocks.to_string()),
        ("large_bytes", stats.large_bytes.to_string()),
    ]);
    let classes = [("objects", &stats.objects), ("storage", &stats.buffers)];
    let classes = classes
        .into_iter()
        .flat_map(|(kind, rows)| rows.iter().filter(|c| c.pools > 0).map(move |c| class(kind, c)));
    let garbage = report.garbage.iter().map(|(name, of, line)| {
        let [count, bytes] = sum(*of);
        object([("type", quoted(name)), count, bytes, ("line", text(line.as_deref()))])
    });
    let stacks = report.stacks.iter().map(|(frames, bytes)| {
        object([("frames", array(frames.iter().map(|frame| quoted(frame)))), ("bytes", bytes.to_string())])
    });
    let arenas = report.map.arenas.iter().map(|(index, slots)| {
        object([("arena", index.to_string()), ("slots", array(slots.iter().map(slot)))])
    });
    let whole = object([
        ("made", quoted(report.occasion.words())),
        ("heap", heap),
        ("types", array(report.types.iter().map(named))),
        ("traced", report.traced.to_string()),
        ("lines", array(report.lines.iter().map(line))),
        ("stacks", array(stacks)),
        ("holders", array(report.holders.iter().map(holder))),
        ("at_least", report.coarse.to_string()),
        ("merged", report.merged.to_string()),
        ("garbage", array(garbage)),
        ("largest", array(report.largest.iter().map(holder))),
        ("generations", array(report.generations.iter().map(|of| object(sum(*of))))),
        ("classes", array(classes)),
        ("map", array(arenas)),
        ("apart", array(report.map.apart.iter().map(ToString::to_string))),
        ("missing", array(report.missing.iter().map(|missing| quoted(missing)))),
    ]);
    whole + "\n"
}
