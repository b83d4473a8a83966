//! One entry of a traceback as text: file, line and name, then the source with carets below it.

use ryokan_bytecode::Position;

use super::anchors::{self, Anchors};
use super::width::columns;

/// The common leading whitespace of lines that have anything else; blank lines become empty.
fn dedent(lines: &[Vec<char>]) -> Vec<Vec<char>> {
    let blank = |line: &[char]| line.iter().all(|c| c.is_whitespace());
    let mut margin: Option<Vec<char>> = None;
    for line in lines.iter().filter(|line| !blank(line)) {
        let own: Vec<char> = line.iter().copied().take_while(|c| matches!(c, ' ' | '\t')).collect();
        margin = Some(match margin {
            None => own,
            Some(margin) => margin.iter().zip(&own).take_while(|(a, b)| a == b).map(|(a, _)| *a).collect(),
        });
    }
    let cut = margin.map_or(0, |m| m.len());
    lines.iter().map(|line| if blank(line) { Vec::new() } else { line[cut..].to_vec() }).collect()
}

/// How many characters the first `bytes` bytes of a line are.
fn characters(line: &[char], bytes: u32) -> usize {
    let mut seen = 0;
    line.iter()
        .take_while(|c| {
            let before = seen < bytes as usize;
            seen += c.len_utf8();
            before
        })
        .count()
}

/// Whether a file name is that of a statement that was typed at a prompt.
pub fn is_prompt(filename: &str) -> bool {
    filename.starts_with("<stdin-") && filename.ends_with('>')
}

/// The source of a frame, with line breaks. `source` gives a line of the file, by its number.
pub fn format_source(at: Position, line: u32, source: impl Fn(u32) -> Option<String>) -> String {
    let mut out = String::new();
    let known = at.line == line && at.end_line >= at.line;
    let last = if known { at.end_line } else { line };
    let original: Vec<Vec<char>> =
        (line..=last).map(|n| source(n).unwrap_or_default().trim_end().chars().collect()).collect();
    if original.iter().all(|line| line.is_empty()) {
        return out;
    }
    let lines = dedent(&original);
    if !known || (at.line == at.end_line && at.end_col <= at.col) {
        let first: String = original[0].iter().collect();
        out.push_str(&format!("    {}\n", first.trim()));
        return out;
    }
    for line in indented(&lines, &original, at) {
        out.push_str("    ");
        out.extend(line);
        out.push('\n');
    }
    out
}

/// The source lines that matter, and their carets.
fn indented(lines: &[Vec<char>], original: &[Vec<char>], at: Position) -> Vec<Vec<char>> {
    let (first, last) = (&lines[0], &lines[lines.len() - 1]);
    let cut = original[0].len() - first.len();
    let start = characters(&original[0], at.col).saturating_sub(cut).min(first.len());
    let end = characters(&original[original.len() - 1], at.end_col).saturating_sub(cut).min(last.len());
    let mut segment: Vec<Vec<char>> = lines.to_vec();
    let bottom = segment.len() - 1;
    segment[bottom].truncate(end);
    let head = start.min(segment[0].len());
    segment[0].drain(..head);
    let anchors = anchors::find(&segment);
    let mut marks = Marks { lines, start, end, anchors: None };
    let carets = marks.are_useful(anchors.is_some());
    marks.anchors = anchors.map(|a| marks.shift(a));
    let mut out = Vec::new();
    let mut previous: Option<usize> = None;
    for at in marks.significant() {
        match previous.map(|before| at - before) {
            Some(2) => marks.show(at - 1, carets, &mut out),
            Some(gap) if gap > 2 => out.push(format!("...<{} lines>...", gap - 1).chars().collect()),
            _ => {}
        }
        marks.show(at, carets, &mut out);
        previous = Some(at);
    }
    dedent(&out)
}

struct Marks<'a> {
    lines: &'a [Vec<char>],
    start: usize,
    end: usize,
    anchors: Option<Anchors>,
}

impl Marks<'_> {
    /// Whether the carets tell more than the lines themselves do.
    fn are_useful(&self, anchors: bool) -> bool {
        if anchors::is_plain_call(self.lines, self.start, self.end) {
            return false;
        }
        let other = |text: &[char]| text.iter().any(|c| !c.is_whitespace());
        anchors || other(&self.lines[0][..self.start]) || other(&self.lines[self.lines.len() - 1][self.end..])
    }
    /// From places in the segment to columns of the lines.
    fn shift(&self, anchors: Anchors) -> Anchors {
        let shift = |(line, at): anchors::Surroundings| {
            let at = if line == 0 { at + self.start } else { at };
            (line, columns(&self.lines[line][..at.min(self.lines[line].len())]))
        };
        Anchors { left: shift(anchors.left), right: shift(anchors.right) }
    }
    /// The lines to show: the first, the last, and those about the stressed part's ends.
    fn significant(&self) -> Vec<usize> {
        let count = self.lines.len();
        let mut list = vec![0, count - 1];
        if let Some(anchors) = self.anchors {
            for line in [anchors.left.0, anchors.right.0] {
                list.extend(line.saturating_sub(1)..(line + 2).min(count));
            }
        }
        list.sort_unstable();
        list.dedup();
        list
    }
    fn show(&self, at: usize, carets: bool, out: &mut Vec<Vec<char>>) {
        let line = &self.lines[at];
        out.push(line.clone());
        if !carets {
            return;
        }
        let blank = line.iter().take_while(|c| c.is_whitespace()).count();
        let from = if at == 0 { columns(&self.lines[0][..self.start]) } else { 0 };
        let to = if at + 1 == self.lines.len() { columns(&line[..self.end]) } else { columns(line) };
        let mark = |column: usize| {
            if column < blank || column < from {
                return ' ';
            }
            match self.anchors {
                Some(a) if (at, column) >= a.left && (at, column) < a.right => '^',
                Some(_) => '~',
                None => '^',
            }
        };
        out.push((0..to).map(mark).collect());
    }
}
