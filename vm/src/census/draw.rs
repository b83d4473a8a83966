//! A picture as SVG: boxes in columns, what is referred to right of who refers to it, and arrows.

use std::fmt::Write;

use super::picture::{Picture, Shown, Target};

const WIDTH: usize = 250;
const GAP: usize = 70;
const ROW: usize = 17;
const HEAD: usize = 36;
const MARGIN: usize = 14;
/// So many letters fit a line of a box.
const LETTERS: usize = 36;

/// Colours for light and dark.
const STYLE: &str = "<style>
svg { --paper: #fffdf7; --ink: #1f2328; --dim: #6a737d; --box: #ffffff; --head: #e7f0fb; --line: #8aa4c0; --way: #b4552d; }
@media (prefers-color-scheme: dark) { svg { --paper: #16191d; --ink: #e6e6e6; --dim: #9aa4ae; --box: #1f242a; --head: #263545; --line: #54708c; --way: #e0936b; } }
text { font: 11px ui-monospace, monospace; fill: var(--ink) } .dim { fill: var(--dim) } .box { fill: var(--box); stroke: var(--line) }
.head { fill: var(--head); stroke: var(--line) } .way { fill: none; stroke: var(--way); stroke-width: 1.3 } .tip { fill: var(--way) }
</style>\n";

/// A text as XML has it.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

fn short(text: &str, most: usize) -> String {
    match text.chars().count() > most {
        true => text.chars().take(most - 1).chain(['…']).collect(),
        false => text.to_string(),
    }
}

/// Where a box lies.
#[derive(Clone, Copy, Default)]
struct Place {
    x: usize,
    y: usize,
}

fn lines(shown: &Shown) -> usize {
    shown.fields.len() + usize::from(shown.more > 0)
}

fn height(shown: &Shown) -> usize {
    HEAD + lines(shown) * ROW + if lines(shown) > 0 { 6 } else { 0 }
}

/// How far each object is from the first ones.
fn columns(picture: &Picture, roots: &[Target]) -> Vec<usize> {
    let mut columns = vec![usize::MAX; picture.objects.len()];
    let mut todo: std::collections::VecDeque<usize> = std::collections::VecDeque::new();
    for root in roots {
        if let Target::Object(at) = root
            && std::mem::replace(&mut columns[*at], 0) != 0
        {
            todo.push_back(*at);
        }
    }
    while let Some(at) = todo.pop_front() {
        for (_, target) in &picture.objects[at].fields {
            if let Target::Object(to) = target
                && columns[*to] == usize::MAX
            {
                columns[*to] = columns[at] + 1;
                todo.push_back(*to);
            }
        }
    }
    columns
}

fn count(shown: &Shown) -> String {
    match shown.refs {
        Some(1) => "1 reference".to_string(),
        Some(refs) => format!("{refs} references"),
        None => "lives for ever".to_string(),
    }
}

fn draw_box(out: &mut String, shown: &Shown, number: usize, at: Place) {
    let Place { x, y } = at;
    let marks = shown.marks.iter().filter(|mark| **mark != "immortal").map(|mark| format!(", {mark}"));
    let about = format!("{}, {} bytes{}", count(shown), shown.bytes, marks.collect::<String>());
    let title = format!("#{number} {}", shown.value);
    let _ = write!(
        out,
        "<g><title>{}\n{}\n{}</title><rect class=\"box\" x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{}\" rx=\"5\"/>\
         <rect class=\"head\" x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEAD}\" rx=\"5\"/>\
         <text x=\"{}\" y=\"{}\">{}</text><text class=\"dim\" x=\"{}\" y=\"{}\">{}</text>",
        escaped(&title),
        escaped(&shown.kind),
        escaped(&about),
        height(shown),
        x + 8,
        y + 15,
        escaped(&short(&title, LETTERS)),
        x + 8,
        y + 29,
        escaped(&short(&about, LETTERS)),
    );
    for (row, (label, target)) in shown.fields.iter().enumerate() {
        let (text, mark) = match target {
            Target::Object(to) => (format!("{label} → #{to}"), ""),
            Target::Here { value, mark, .. } => (format!("{label} {value}"), *mark),
        };
        let text = if mark.is_empty() { text } else { format!("{text} ({mark})") };
        let _ = write!(
            out,
            "<text x=\"{}\" y=\"{}\">{}</text>",
            x + 8,
            y + HEAD + 14 + row * ROW,
            escaped(&short(&text, LETTERS))
        );
    }
    if shown.more > 0 {
        let row = shown.fields.len();
        let _ = write!(
            out,
            "<text class=\"dim\" x=\"{}\" y=\"{}\">.. {} more</text>",
            x + 8,
            y + HEAD + 14 + row * ROW,
            shown.more
        );
    }
    out.push_str("</g>\n");
}

fn draw_arrow(out: &mut String, from: Place, row: usize, to: Place) {
    let (x1, y1) = (from.x + WIDTH - 4, from.y + HEAD + 10 + row * ROW);
    // One that goes back, or stays in its column, swings out and comes from the right.
    let ahead = to.x > x1;
    let (x2, y2) = (if ahead { to.x } else { to.x + WIDTH }, to.y + 18);
    let swing = if ahead { (x2 - x1) / 2 } else { 46 };
    let (c1, c2) = (x1 + swing, if ahead { x2 - swing } else { x2 + swing });
    let tip = if ahead { "l-8 -4v8z" } else { "l8 -4v8z" };
    let _ = writeln!(
        out,
        "<path class=\"way\" d=\"M{x1} {y1} C{c1} {y1} {c2} {y2} {x2} {y2}\"/><path class=\"tip\" d=\"M{x2} {y2}{tip}\"/>"
    );
}

/// The picture; the first column has what was asked for.
pub fn svg(picture: &Picture, roots: &[Target]) -> String {
    let columns = columns(picture, roots);
    let mut heights: Vec<usize> = Vec::new();
    let mut places = vec![Place::default(); picture.objects.len()];
    for (at, shown) in picture.objects.iter().enumerate() {
        let column = if columns[at] == usize::MAX { 0 } else { columns[at] };
        if heights.len() <= column {
            heights.resize(column + 1, MARGIN);
        }
        places[at] = Place { x: MARGIN + column * (WIDTH + GAP), y: heights[column] };
        heights[column] += height(shown) + 14;
    }
    let width = MARGIN + heights.len().max(1) * (WIDTH + GAP);
    let tall = heights.iter().copied().max().unwrap_or(MARGIN) + MARGIN + if picture.cut { 16 } else { 0 };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{tall}\" viewBox=\"0 0 {width} {tall}\">\n{STYLE}\
         <rect width=\"100%\" height=\"100%\" fill=\"var(--paper)\"/>\n"
    );
    for (at, shown) in picture.objects.iter().enumerate() {
        draw_box(&mut out, shown, at, places[at]);
    }
    for (at, shown) in picture.objects.iter().enumerate() {
        for (row, (_, target)) in shown.fields.iter().enumerate() {
            if let Target::Object(to) = target {
                draw_arrow(&mut out, places[at], row, places[*to]);
            }
        }
    }
    for (row, root) in roots.iter().enumerate() {
        if let Target::Here { kind, value, mark } = root {
            let text = format!("{value}: {kind}{}{mark}", if mark.is_empty() { "" } else { ", " });
            let _ = writeln!(out, "<text x=\"{MARGIN}\" y=\"{}\">{}</text>", 12 + row * 14, escaped(&text));
        }
    }
    if picture.cut {
        let _ = writeln!(
            out,
            "<text class=\"dim\" x=\"{MARGIN}\" y=\"{}\">There is more than fits.</text>",
            tall - 8
        );
    }
    out.push_str("</svg>\n");
    out
}
