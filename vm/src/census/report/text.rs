//! A report as text: tables for a terminal.

use std::fmt::Write;

use super::map::{CELLS, Slot};
use super::{Holder, Manner, Report, commas, share};

/// So many rows of a table.
const ROWS: usize = 25;

fn bar(part: u64, whole: u64) -> String {
    "#".repeat((share(part, whole) / 5.0).round() as usize)
}

fn holders(out: &mut String, holders: &[Holder], whole: u64) {
    for holder in holders {
        let percent = share(holder.retained, whole);
        let _ = writeln!(
            out,
            "{:>14}  {percent:>5.1} %  {} ({})",
            commas(holder.retained),
            holder.value,
            holder.kind
        );
        let path = holder.path.as_deref().unwrap_or("nothing leads to it: it waits for the collector");
        let shared = if matches!(holder.manner, Manner::Shared(_)) { "several, such as " } else { "" };
        let _ = writeln!(out, "{:>24}  {shared}{path}", "held by");
        if let Some(line) = &holder.line {
            let _ = writeln!(out, "{:>24}  {line}", "made at");
        }
        if let Some(holds) = &holder.holds {
            let line = holds.line.as_ref().map(|line| format!(", made at {line}")).unwrap_or_default();
            let what = if matches!(holder.manner, Manner::Row(_)) { "in a row" } else { "holds" };
            let _ = writeln!(out, "{what:>24}  {} {}{line}", commas(holds.count), holds.kind);
        }
    }
}

fn types(out: &mut String, report: &Report) {
    let all = report.objects();
    let _ = writeln!(out, "\nBy type\n{:>14}  {:>12}  type", "bytes", "objects");
    for (name, sum) in report.types.iter().take(ROWS) {
        let _ = writeln!(
            out,
            "{:>14}  {:>12}  {name:<32} {}",
            commas(sum.bytes),
            commas(sum.count),
            bar(sum.bytes, all.bytes)
        );
    }
    if report.types.len() > ROWS {
        let _ = writeln!(out, "{:>14}  {:>12}  types more", "", report.types.len() - ROWS);
    }
}

fn lines(out: &mut String, report: &Report) {
    let _ = writeln!(out, "\nBy the line that asked for the memory");
    if !report.traced {
        let _ = writeln!(out, "  (allocations were not traced)");
        return;
    }
    let all: u64 = report.lines.iter().map(|line| line.blocks.bytes).sum();
    let _ = writeln!(out, "{:>14}  {:>12}  line", "bytes", "blocks");
    for line in report.lines.iter().take(ROWS) {
        let kind = line.types.iter().max_by_key(|(_, sum)| sum.bytes).map(|(name, _)| format!("  ({name})"));
        let shown = format!("{}:{}{}", line.file, line.line, kind.unwrap_or_default());
        let (bytes, count) = (line.blocks.bytes, line.blocks.count);
        let _ =
            writeln!(out, "{:>14}  {:>12}  {shown:<48} {}", commas(bytes), commas(count), bar(bytes, all));
    }
}

fn classes(out: &mut String, report: &Report) {
    let _ = writeln!(
        out,
        "\nBy size class\n{:>10}  {:>8}  {:>7}  {:>10}  {:>10}  {:>6}",
        "", "block", "pools", "used", "free", "full"
    );
    for (kind, classes) in [("objects", &report.stats.objects), ("storage", &report.stats.buffers)] {
        for class in classes.iter().filter(|class| class.pools > 0) {
            let full = share(class.used as u64, (class.used + class.free) as u64);
            let _ = writeln!(
                out,
                "{kind:>10}  {:>8}  {:>7}  {:>10}  {:>10}  {full:>4.0} %",
                class.block_bytes,
                class.pools,
                commas(class.used as u64),
                commas(class.free as u64)
            );
        }
    }
    let stats = &report.stats;
    let _ = writeln!(
        out,
        "{:>10}  {:>8}  {} bytes in {} blocks",
        "large",
        "",
        commas(stats.large_bytes as u64),
        stats.large_blocks
    );
}

/// A row an arena, a letter a slot.
fn map(out: &mut String, report: &Report) {
    let _ = writeln!(
        out,
        "\nMap: an arena a row, two letters a pool (o objects, s storage, L large, . free), the second its use in tenths"
    );
    for (index, slots) in &report.map.arenas {
        let _ = write!(out, "{index:>6} ");
        for slot in slots {
            let shown = match slot {
                Slot::Free { .. } => " .".to_string(),
                Slot::Large { .. } => " L".to_string(),
                Slot::Pool { objects, cells, .. } => {
                    let used: usize = cells.iter().map(|cell| *cell as usize).sum();
                    let tenths = used * 10 / (CELLS * 255);
                    format!(
                        "{}{}",
                        if *objects { 'o' } else { 's' },
                        if tenths >= 10 { "*".to_string() } else { tenths.to_string() }
                    )
                }
            };
            let _ = write!(out, " {shown}");
        }
        out.push('\n');
    }
    if report.map.more > 0 {
        let _ = writeln!(out, "{:>6}  arenas more", report.map.more);
    }
}

/// The report.
pub(super) fn write(report: &Report) -> String {
    let (stats, all) = (&report.stats, report.objects());
    let mut out = format!("Heap report, made {}\n\n", report.occasion.words());
    let rows = [
        ("charged", stats.used_bytes),
        ("at the most", stats.peak_bytes),
        ("outside of blocks", stats.external_bytes),
        ("in blocks", stats.block_bytes()),
    ];
    for (name, bytes) in rows {
        let _ = writeln!(out, "{:>14}  bytes {name}", commas(bytes as u64));
    }
    if let Some(limit) = stats.limit_bytes {
        let _ = writeln!(out, "{:>14}  bytes is the cap", commas(limit as u64));
    }
    let _ = writeln!(
        out,
        "{:>14}  objects, of {} bytes with their storage",
        commas(all.count),
        commas(all.bytes)
    );
    let named = ["generation 0", "generation 1", "generation 2", "not tracked"];
    let told =
        named.iter().zip(&report.generations).map(|(name, sum)| format!("{} {name}", commas(sum.count)));
    let _ = writeln!(out, "{:>16}{}", "", told.collect::<Vec<_>>().join(", "));
    let bound = match (report.merged, report.coarse) {
        (true, _) => " (at least: the heap is too large to tell all its objects apart)",
        (_, true) => " (at least: small shared values are nobody's)",
        _ => "",
    };
    let _ = writeln!(out, "\nWhere it is kept: what would be freed if it went{bound}");
    holders(&mut out, &report.holders, all.bytes);
    if !report.garbage.is_empty() {
        let _ = writeln!(
            out,
            "\nWhat nothing leads to: cycles that were not collected yet, or what native code holds"
        );
        for (name, sum, line) in &report.garbage {
            let line = line.as_ref().map(|line| format!(", made at {line}")).unwrap_or_default();
            let _ = writeln!(out, "{:>14}  {:>12}  {name}{line}", commas(sum.bytes), commas(sum.count));
        }
    }
    types(&mut out, report);
    lines(&mut out, report);
    let _ = writeln!(out, "\nThe largest by themselves");
    holders(&mut out, &report.largest, all.bytes);
    classes(&mut out, report);
    map(&mut out, report);
    for missing in &report.missing {
        let _ = writeln!(out, "\nThere was no memory to tell {missing}.");
    }
    out
}
