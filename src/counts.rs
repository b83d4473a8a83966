//! What `--count` prints, and what `--count-json` writes.
//!
//! Two runs of a program give the same bytes: there are no addresses and no times in it, and everything is in order.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};

use ryokan_vm::census::json::plain;
use ryokan_vm::counts::{FunctionCount, FunctionKey, Report};

/// Lines of a function that the text names; the JSON has them all.
const LINES_SHOWN: usize = 40;

/// Digits in groups of three.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn row(out: &mut String, name: &str, n: u64) {
    let _ = writeln!(out, "{name:<28}{:>18}", grouped(n));
}

/// References that CPython counts where a local or a constant is loaded: taken here too, and not.
fn references(report: &Report) -> (u64, u64) {
    let sum = |part: fn(&FunctionCount) -> u64| report.functions.values().map(part).sum::<u64>();
    let (loads, shares) = (sum(|f| f.loads), sum(|f| f.shares));
    (shares, loads.saturating_sub(shares))
}

/// A report as tables.
pub fn as_text(report: &Report) -> String {
    let mut out = String::new();
    row(&mut out, "instructions", report.instructions);
    row(&mut out, "native work, as instructions", report.native_work);
    if !report.functions.is_empty() {
        let (made, avoided) = references(report);
        row(&mut out, "increfs by loads, made", made);
        row(&mut out, "increfs by loads, avoided", avoided);
    }
    row(&mut out, "numbers boxed", report.boxed);
    row(&mut out, "intern hits", report.interned[0]);
    row(&mut out, "intern misses", report.interned[1]);
    for (generation, n) in report.collections.iter().enumerate() {
        row(&mut out, &format!("collections, generation {generation}"), *n);
    }
    let _ = writeln!(out, "\n{:<28}{:>18}{:>18}", "made", "objects", "bytes");
    let mut made: Vec<_> = report.made.iter().collect();
    made.sort_by_key(|(name, made)| (std::cmp::Reverse(made.objects), *name));
    for (name, made) in made {
        let _ = writeln!(out, "{name:<28}{:>18}{:>18}", grouped(made.objects), grouped(made.bytes));
    }
    if report.functions.is_empty() {
        return out;
    }
    let _ = writeln!(out, "\n{:>18}{:>14}  function", "instructions", "calls");
    let mut functions: Vec<_> = report.functions.iter().collect();
    functions.sort_by_key(|(key, f)| (std::cmp::Reverse(f.instructions), *key));
    for ((file, line, name), f) in &functions {
        let (n, calls) = (grouped(f.instructions), grouped(f.calls));
        let _ = writeln!(out, "{n:>18}{calls:>14}  {name} ({file}:{line})");
    }
    let _ = writeln!(out, "\n{:>18}  line", "instructions");
    let mut lines: BTreeMap<(&str, u32), u64> = BTreeMap::new();
    for ((file, ..), f) in &functions {
        for (line, n) in &f.lines {
            *lines.entry((file, *line)).or_default() += n;
        }
    }
    let mut lines: Vec<_> = lines.into_iter().collect();
    lines.sort_by_key(|(place, n)| (std::cmp::Reverse(*n), *place));
    for ((file, line), n) in lines.iter().take(LINES_SHOWN) {
        let _ = writeln!(out, "{:>18}  {file}:{line}", grouped(*n));
    }
    if lines.len() > LINES_SHOWN {
        let _ = writeln!(out, "{:>18}  lines more (--count-json has them all)", lines.len() - LINES_SHOWN);
    }
    out
}

/// A JSON object or array of parts that are JSON already, one a line.
fn lines_of(open: char, parts: impl Iterator<Item = String>, close: char) -> String {
    let parts: Vec<String> = parts.map(|part| format!("    {part}")).collect();
    if parts.is_empty() {
        format!("{open}{close}")
    } else {
        format!("{open}\n{}\n  {close}", parts.join(",\n"))
    }
}

fn function(((file, line, name), f): (&FunctionKey, &FunctionCount)) -> String {
    let lines: Vec<String> = f.lines.iter().map(|(line, n)| format!("\"{line}\": {n}")).collect();
    format!(
        "{{\"file\": {}, \"line\": {line}, \"name\": {}, \"calls\": {}, \"instructions\": {}, \"lines\": {{{}}}}}",
        plain(file),
        plain(name),
        f.calls,
        f.instructions,
        lines.join(", ")
    )
}

/// A report as JSON.
pub fn as_json(report: &Report) -> String {
    let mut parts: Vec<(&str, String)> = Vec::new();
    let mut put = |name, value: &dyn Display| parts.push((name, value.to_string()));
    let (made, avoided) = references(report);
    put("instructions", &report.instructions);
    put("native_work", &report.native_work);
    put("increfs_made", &made);
    put("increfs_avoided", &avoided);
    put("boxed", &report.boxed);
    put("intern_hits", &report.interned[0]);
    put("intern_misses", &report.interned[1]);
    put("collections", &format!("{:?}", report.collections));
    let kinds = report.made.iter().map(|(name, made)| {
        format!("{}: {{\"objects\": {}, \"bytes\": {}}}", plain(name), made.objects, made.bytes)
    });
    put("made", &lines_of('{', kinds, '}'));
    put("functions", &lines_of('[', report.functions.iter().map(function), ']'));
    let parts: Vec<String> = parts.iter().map(|(name, value)| format!("  \"{name}\": {value}")).collect();
    format!("{{\n{}\n}}\n", parts.join(",\n"))
}
