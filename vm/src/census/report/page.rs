//! A report as a page that needs nothing beside it.

use std::fmt::Write;

use super::{Holder, Manner, Report, commas, flamegraph, share};
use crate::census::draw::escaped;
use crate::census::tables::RECURSION;

/// So many rows of a table.
const ROWS: usize = 60;

const STYLE: &str = "
:root { color-scheme: light dark; --paper: #fffdf7; --ink: #1f2328; --dim: #666e78; --line: #d5dbe1; --bar: #b4552d; --o: #2f7d6d; --s: #8a5fb0; --l: #b4552d; }
@media (prefers-color-scheme: dark) { :root { --paper: #16191d; --ink: #e6e6e6; --dim: #9aa4ae; --line: #353c44; --bar: #e0936b; --o: #5fc0aa; --s: #b793dd; --l: #e0936b; } }
body { background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; margin: 1.2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin: 2rem 0 .4rem }
.wide { overflow-x: auto } table { border-collapse: collapse; font-size: 13px } td, th { padding: .2rem .6rem; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top }
td:has(code) { min-width: 9rem } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap } code { font: 12px ui-monospace, monospace; overflow-wrap: anywhere } .dim { color: var(--dim) }
.bar { display: inline-block; height: .7em; background: var(--bar); border-radius: 2px; vertical-align: baseline }
svg.map text { font: 11px ui-monospace, monospace; fill: var(--dim) } svg .frame { fill-opacity: .08; stroke: var(--line) } svg .objects { fill: var(--o) } svg .storage { fill: var(--s) }
svg .large, svg .largebuf { fill: var(--l); fill-opacity: .55 } svg .free { fill: none } svg .kept { fill: var(--dim) }
@media print { body { max-width: none; margin: 0 } }
";

fn bar(part: u64, whole: u64) -> String {
    format!("<span class=\"bar\" style=\"width:{:.1}em\"></span>", share(part, whole) / 8.0)
}

fn table(out: &mut String, head: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let cell = |tag: &str, text: &str| {
        let number = text.chars().all(|c| c.is_ascii_digit() || ", .%".contains(c))
            || ["bytes", "count", "pools", "used", "free", "full", "block", "%"].contains(&text);
        format!("<{tag}{}>{text}</{tag}>", if number { " class=\"n\"" } else { "" })
    };
    out.push_str("<div class=\"wide\"><table><tr>");
    head.iter().for_each(|name| out.push_str(&cell("th", name)));
    out.push_str("</tr>\n");
    for row in rows {
        let cells: String = row.iter().map(|text| cell("td", text)).collect();
        let _ = writeln!(out, "<tr>{cells}</tr>");
    }
    out.push_str("</table></div>\n");
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

fn holders(out: &mut String, holders: &[Holder], whole: u64) {
    let row = |holder: &Holder| {
        let path =
            holder.path.as_deref().map_or("<span class=\"dim\">nothing leads to it</span>".to_string(), code);
        let holds = holder.holds.as_ref().map(|holds| {
            let line =
                holds.line.as_ref().map(|line| format!(", made at {}", code(line))).unwrap_or_default();
            let row = if matches!(holder.manner, Manner::Row(_)) { "in a row: " } else { "" };
            format!("{row}{} {}{line}", commas(holds.count), code(&holds.kind))
        });
        vec![
            commas(holder.retained),
            format!("{:.1} %", share(holder.retained, whole)),
            format!("{}<br><span class=\"dim\">{}</span>", code(&holder.value), escaped(&holder.kind)),
            if matches!(holder.manner, Manner::Shared(_)) {
                format!("several, such as {path}")
            } else {
                path
            },
            holder.line.as_deref().map(code).unwrap_or_default(),
            holds.unwrap_or_default(),
        ]
    };
    table(out, &["bytes", "%", "what", "held by", "made at", "holds"], holders.iter().map(row));
}

fn sums(out: &mut String, report: &Report) {
    let (stats, all) = (&report.stats, report.objects());
    let rows = [
        ("charged", stats.used_bytes as u64),
        ("at the most", stats.peak_bytes as u64),
        ("in blocks", stats.block_bytes() as u64),
        ("outside of blocks", stats.external_bytes as u64),
        ("objects with their storage", all.bytes),
    ];
    let cap = stats.limit_bytes.map(|limit| ("the cap", limit as u64));
    table(
        out,
        &["bytes", ""],
        rows.into_iter().chain(cap).map(|(name, bytes)| vec![commas(bytes), name.to_string()]),
    );
    let named = ["generation 0", "generation 1", "generation 2", "not tracked"];
    let row = |(name, sum): (&&str, &crate::census::tables::Sum)| {
        vec![commas(sum.count), commas(sum.bytes), (*name).to_string()]
    };
    table(out, &["count", "bytes", "objects"], named.iter().zip(&report.generations).map(row));
}

fn lines(out: &mut String, report: &Report) {
    out.push_str("<h2>By the line that asked for the memory</h2>\n");
    if !report.traced {
        out.push_str("<p class=\"dim\">Allocations were not traced.</p>\n");
        return;
    }
    let all: u64 = report.lines.iter().map(|line| line.blocks.bytes).sum();
    let rows = report.lines.iter().take(ROWS).map(|line| {
        let mut kinds: Vec<_> = line.types.iter().collect();
        kinds.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.bytes));
        let kinds: Vec<String> = kinds
            .iter()
            .take(3)
            .map(|(name, sum)| format!("{} {}", commas(sum.count), escaped(name)))
            .collect();
        let place = code(&format!("{}:{}", line.file, line.line));
        vec![
            commas(line.blocks.bytes),
            commas(line.blocks.count),
            place,
            kinds.join(", "),
            bar(line.blocks.bytes, all),
        ]
    });
    table(out, &["bytes", "count", "line", "types", ""], rows);
    out.push_str("<h2>Bytes by allocation stack</h2>\n");
    if report.stacks.keys().any(|frames| frames.first().is_some_and(|frame| frame == RECURSION)) {
        let _ = writeln!(
            out,
            "<p>{RECURSION} stands for the outer frames of functions that call themselves in many ways.</p>"
        );
    }
    out.push_str("<div class=\"wide\">");
    // A picture in a page needs no declaration of its own; its script stands in the page.
    out.push_str(
        &flamegraph::as_svg(&report.stacks, "Bytes in use", "bytes")
            .replace("<![CDATA[", "")
            .replace("]]>", ""),
    );
    out.push_str("</div>\n");
}

fn classes(out: &mut String, report: &Report) {
    out.push_str("<h2>By size class</h2>\n");
    let stats = &report.stats;
    let all = [("objects", &stats.objects), ("storage", &stats.buffers)];
    let rows = all.into_iter().flat_map(|(kind, classes)| {
        classes.iter().filter(|class| class.pools > 0).map(move |class| {
            let full = share(class.used as u64, (class.used + class.free) as u64);
            let numbers = [class.block_bytes, class.pools, class.used, class.free].map(|n| commas(n as u64));
            let mut row = vec![kind.to_string()];
            row.extend(numbers);
            row.push(format!("{full:.0} %"));
            row
        })
    });
    table(out, &["", "block", "pools", "used", "free", "full"], rows);
    let _ = writeln!(
        out,
        "<p>Large blocks: {} bytes in {}.</p>",
        commas(stats.large_bytes as u64),
        stats.large_blocks
    );
}

/// The report.
pub(super) fn write(report: &Report) -> String {
    let all = report.objects();
    let made = report.occasion.words();
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Heap report</title><style>{STYLE}</style></head><body>\n<h1>Heap report</h1>\n<p>Made {made}: {} objects.</p>\n",
        commas(all.count)
    );
    sums(&mut out, report);
    let bound = match (report.merged, report.coarse) {
        (true, _) => " At least: the heap is too large to tell all its objects apart.",
        (_, true) => " At least: small values that several objects share are nobody's.",
        _ => "",
    };
    let _ = writeln!(
        out,
        "<h2>Where it is kept</h2><p class=\"dim\">What would be freed if an object went.{bound}</p>"
    );
    holders(&mut out, &report.holders, all.bytes);
    if !report.garbage.is_empty() {
        out.push_str("<h2>What nothing leads to</h2><p class=\"dim\">Cycles that were not collected yet, or what native code holds.</p>\n");
        let rows = report.garbage.iter().map(|(name, sum, line)| {
            vec![
                commas(sum.bytes),
                commas(sum.count),
                code(name),
                line.as_deref().map(code).unwrap_or_default(),
            ]
        });
        table(&mut out, &["bytes", "count", "type", "made at"], rows);
    }
    out.push_str("<h2>By type</h2>\n");
    let rows =
        report.types.iter().take(ROWS).map(|(name, sum)| {
            vec![commas(sum.bytes), commas(sum.count), code(name), bar(sum.bytes, all.bytes)]
        });
    table(&mut out, &["bytes", "count", "type", ""], rows);
    lines(&mut out, report);
    out.push_str("<h2>The largest by themselves</h2>\n");
    holders(&mut out, &report.largest, all.bytes);
    classes(&mut out, report);
    out.push_str(
        "<h2>Map</h2><p class=\"dim\">An arena of 1 MiB a row, a pool of 64 KiB a box; what is filled is in use. \
         Green: objects; violet: their storage; orange: large blocks; grey: free, with pages that are kept.</p>\n<div class=\"wide\">",
    );
    out.push_str(&report.map.svg());
    out.push_str("</div>\n");
    if report.map.more > 0 {
        let _ = writeln!(out, "<p>{} arenas more.</p>", report.map.more);
    }
    for missing in &report.missing {
        let _ = writeln!(out, "<p>There was no memory to tell {missing}.</p>");
    }
    out.push_str("</body></html>\n");
    out
}
