//! Profiles as pictures, and as text.
//!
//! A flamegraph: each function is a box as wide as its share, its callees stand on it. Boxes of one caller are in the order of
//! their names, so that two runs of one program give one picture. A click widens a box to the whole width; the browser shows the
//! numbers of what it points at. Text is one line for each stack: functions, outermost first, separated by semicolons, and the
//! number, as other tools read it.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::census::draw::escaped;

/// The stacks of a profile: functions from the outermost on, and what the last of them spent.
pub type Stacks = BTreeMap<Vec<String>, u64>;

const WIDTH: f64 = 1200.0;
const MARGIN: f64 = 10.0;
const ROW: usize = 17;
/// Room for the title and the line that explains.
const HEAD: usize = 46;
/// A box narrower than this is not drawn.
const LEAST: f64 = 0.15;
/// About the width of a letter.
const LETTER: f64 = 6.6;

/// One line a stack.
pub fn as_text(stacks: &Stacks) -> String {
    let mut out = String::new();
    for (stack, n) in stacks {
        let _ = writeln!(out, "{} {n}", stack.join(";"));
    }
    out
}

/// A function in the tree of calls.
#[derive(Default)]
struct Call<'a> {
    /// With what it called.
    total: u64,
    own: u64,
    callees: BTreeMap<&'a str, Call<'a>>,
}

fn tree(stacks: &Stacks) -> Call<'_> {
    let mut root = Call::default();
    for (stack, n) in stacks {
        root.total += n;
        let mut at = &mut root;
        for name in stack {
            at = at.callees.entry(name).or_default();
            at.total += n;
        }
        at.own += n;
    }
    root
}

/// The box of a function.
struct Frame<'a> {
    name: &'a str,
    depth: usize,
    /// What lies left of it.
    from: u64,
    total: u64,
    own: u64,
}

/// The boxes, callers before their callees. Stacks may be deep, so this does not recurse.
fn frames<'a>(root: &'a Call<'a>) -> Vec<Frame<'a>> {
    let mut out = Vec::new();
    let mut todo = vec![("all", root, 0, 0)];
    while let Some((name, call, depth, from)) = todo.pop() {
        out.push(Frame { name, depth, from, total: call.total, own: call.own });
        let mut at = from;
        for (name, callee) in &call.callees {
            todo.push((name, callee, depth + 1, at));
            at += callee.total;
        }
    }
    out
}

/// A warm colour that hangs on the name alone.
fn colour(name: &str) -> String {
    let hash =
        name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    let (red, green, blue) = (225 + hash % 31, 120 + hash / 64 % 85, 50 + hash / 8192 % 50);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// What of a function's name fits a box.
fn label(name: &str, width: f64) -> String {
    let short = name.split(" (").next().unwrap_or(name);
    let room = ((width - 4.0) / LETTER) as usize;
    let fits = |text: &str| text.chars().count() <= room;
    if fits(name) {
        name.to_string()
    } else if fits(short) {
        short.to_string()
    } else if room >= 3 {
        short.chars().take(room - 1).chain(['…']).collect()
    } else {
        String::new()
    }
}

/// Widens the box that is clicked, and hides what does not lie over it.
const SCRIPT: &str = "
const boxes = [...document.querySelectorAll('g.f')];
function show(from, total) {
  for (const g of boxes) {
    const a = +g.dataset.x, b = a + +g.dataset.w, r = g.querySelector('rect'), t = g.querySelector('text');
    const l = Math.max(a, from), e = Math.min(b, from + total);
    g.style.display = e > l ? '' : 'none';
    const x = MARGIN + (l - from) / total * INNER, w = Math.max(0, (e - l) / total * INNER - 0.4);
    r.setAttribute('x', x); r.setAttribute('width', w);
    if (t) {
      const room = Math.floor((w - 4) / LETTER), name = g.dataset.n;
      t.setAttribute('x', x + 3);
      t.textContent = name.length <= room ? name : room >= 3 ? name.slice(0, room - 1) + '\\u2026' : '';
    }
  }
}
for (const g of boxes) g.addEventListener('click', () => show(+g.dataset.x, +g.dataset.w));
";

/// The picture; `unit` says what is counted.
pub fn as_svg(stacks: &Stacks, title: &str, unit: &str) -> String {
    let root = tree(stacks);
    let total = root.total.max(1);
    let inner = WIDTH - 2.0 * MARGIN;
    let shown: Vec<Frame<'_>> =
        frames(&root).into_iter().filter(|f| f.total as f64 / total as f64 * inner >= LEAST).collect();
    let rows = shown.iter().map(|f| f.depth).max().unwrap_or(0) + 1;
    let height = HEAD + rows * ROW + 10;
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" font-family=\"monospace\" font-size=\"11\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fffaf0\"/>\n\
         <text x=\"{MARGIN}\" y=\"20\" font-size=\"15\">{}</text>\n\
         <text x=\"{MARGIN}\" y=\"37\" fill=\"#666\">{} {unit}; callers below, callees above them; a click widens a box</text>\n",
        escaped(title),
        root.total
    );
    for f in &shown {
        let x = MARGIN + f.from as f64 / total as f64 * inner;
        let width = f.total as f64 / total as f64 * inner;
        let y = HEAD + (rows - 1 - f.depth) * ROW;
        let name = escaped(f.name);
        let share = f.total as f64 * 100.0 / total as f64;
        let _ = write!(
            out,
            "<g class=\"f\" data-x=\"{}\" data-w=\"{}\" data-n=\"{name}\"><title>{name}\n{} {unit} with callees \
             ({share:.2} %), {} its own</title><rect x=\"{x:.2}\" y=\"{y}\" width=\"{:.2}\" height=\"{}\" rx=\"1.5\" \
             fill=\"{}\"/>",
            f.from,
            f.total,
            f.total,
            f.own,
            (width - 0.4).max(0.1),
            ROW - 1,
            if f.depth == 0 { "#d8d0c0".to_string() } else { colour(f.name) }
        );
        let _ = writeln!(
            out,
            "<text x=\"{:.2}\" y=\"{}\" pointer-events=\"none\">{}</text></g>",
            x + 3.0,
            y + 12,
            escaped(&label(f.name, width))
        );
    }
    let script = SCRIPT
        .replace("MARGIN", &MARGIN.to_string())
        .replace("INNER", &inner.to_string())
        .replace("LETTER", &LETTER.to_string());
    let _ = write!(out, "<script><![CDATA[{script}]]></script>\n</svg>\n");
    out
}
