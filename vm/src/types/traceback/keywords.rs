//! A misspelt keyword behind a syntax error: names of the failed statement are replaced by keywords that look like them,
//! until the text parses (what CPython's `traceback` does for a plain "invalid syntax").

use ryokan_bytecode::ast::KEYWORDS;

use crate::suggest::closest;
use crate::vm::Vm;

/// Longer pieces of text are left alone.
const MOST_TEXT: usize = 1024;
/// So many names are tried.
const MOST_NAMES: usize = 10;
/// So many keywords are tried for a name.
const MOST_MATCHES: usize = 3;
/// How alike a name and a keyword must be.
const CUTOFF: f64 = 0.5;

/// Where the failed statement stands.
pub struct Surroundings<'a> {
    /// The text that was compiled, or the file's.
    pub source: &'a str,
    /// The line of the last whole statement in front of the error, from 1; 0 if there is none.
    pub statement: usize,
    /// The line of the error, from 1.
    pub line: usize,
    /// The text is read from the file: only names on the line of the error count.
    pub from_file: bool,
}

/// A name that should be a keyword.
pub struct Typo {
    /// The keyword.
    pub keyword: &'static str,
    /// The line with the name, without common indentation.
    pub text: String,
    /// The first character and the one after the last.
    pub chars: (usize, usize),
}

/// Finds the misspelt keyword.
pub fn find(vm: &Vm, place: &Surroundings<'_>) -> Option<Typo> {
    let first = place.statement.saturating_sub(1);
    let lines: Vec<&str> = place.source.lines().take(place.line).skip(first).collect();
    let lines = dedent(&lines);
    if lines.iter().map(|line| line.len() + 1).sum::<usize>() > MOST_TEXT + 1 {
        return None;
    }
    let wanted = if place.statement == 0 { place.line } else { place.line + 1 - place.statement };
    let mut tried = 0;
    for name in names(&lines) {
        if place.from_file && name.line + 1 != wanted {
            continue;
        }
        let line = &lines[name.line];
        let word: String = line[name.start..name.end].iter().collect();
        if KEYWORDS.contains(&word.as_str()) {
            continue;
        }
        tried += 1;
        if tried > MOST_NAMES {
            return None;
        }
        for keyword in candidates(&word) {
            let changed: Vec<String> = (0..lines.len())
                .map(|n| match n == name.line {
                    true => {
                        let head: String = line[..name.start].iter().collect();
                        let tail: String = line[name.end..].iter().collect();
                        format!("{head}{keyword}{tail}")
                    }
                    false => lines[n].iter().collect(),
                })
                .collect();
            if vm.host.parses(vm, &changed.join("\n")) {
                return Some(Typo { keyword, text: line.iter().collect(), chars: (name.start, name.end) });
            }
        }
    }
    None
}

/// The lines without their common indentation; blank ones are empty.
fn dedent(lines: &[&str]) -> Vec<Vec<char>> {
    let blank = |line: &str| line.trim().is_empty();
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut margin: Option<&str> = None;
    for line in lines.iter().filter(|line| !blank(line)) {
        let own = &line[..indentation(line)];
        let common =
            margin.map_or(own.len(), |m| m.bytes().zip(own.bytes()).take_while(|(a, b)| a == b).count());
        margin = Some(&own[..common]);
    }
    let cut = margin.map_or(0, str::len);
    lines.iter().map(|line| if blank(line) { Vec::new() } else { line[cut..].chars().collect() }).collect()
}

struct Name {
    line: usize,
    start: usize,
    end: usize,
}

/// The names in the lines, without what stands in strings and comments.
fn names(lines: &[Vec<char>]) -> Vec<Name> {
    let mut found = Vec::new();
    let mut quotes: Option<(char, usize)> = None;
    for (n, line) in lines.iter().enumerate() {
        let mut at = 0;
        while at < line.len() {
            if let Some((quote, count)) = quotes {
                if line[at] == '\\' {
                    at += 2;
                } else if line[at..].iter().take(count).filter(|c| **c == quote).count() == count {
                    at += count;
                    quotes = None;
                } else {
                    at += 1;
                }
                continue;
            }
            let c = line[at];
            let start = at;
            if c.is_alphabetic() || c == '_' {
                while at < line.len() && (line[at].is_alphanumeric() || line[at] == '_') {
                    at += 1;
                }
                // A prefix belongs to its string.
                if !matches!(line.get(at), Some('"' | '\'')) || at - start > 2 {
                    found.push(Name { line: n, start, end: at });
                }
            } else if c.is_ascii_digit() {
                while at < line.len() && (line[at].is_alphanumeric() || matches!(line[at], '_' | '.')) {
                    at += 1;
                }
            } else if c == '"' || c == '\'' {
                let count = if line[at..].iter().take(3).filter(|q| **q == c).count() == 3 { 3 } else { 1 };
                quotes = Some((c, count));
                at += count;
            } else if c == '#' {
                break;
            } else {
                at += 1;
            }
        }
        if quotes.is_some_and(|(_, count)| count == 1) {
            // The string has no end: nothing after it can be read.
            return found;
        }
    }
    found
}

/// The keywords that look like a name, the likeliest first.
fn candidates(word: &str) -> Vec<&'static str> {
    let mut all: Vec<&'static str> = closest(word, KEYWORDS.iter().copied()).into_iter().collect();
    let letters: Vec<char> = word.chars().collect();
    let mut alike: Vec<(f64, &'static str)> = KEYWORDS
        .iter()
        .map(|keyword| (likeness(&keyword.chars().collect::<Vec<_>>(), &letters), *keyword))
        .filter(|(ratio, _)| *ratio >= CUTOFF)
        .collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(a.1)));
    all.extend(alike.into_iter().take(MOST_MATCHES).map(|(_, keyword)| keyword));
    all.truncate(MOST_MATCHES);
    all
}

/// Twice the characters in matching blocks, divided by all characters.
fn likeness(a: &[char], b: &[char]) -> f64 {
    let total = a.len() + b.len();
    if total == 0 { 1.0 } else { 2.0 * matching(a, b) as f64 / total as f64 }
}

/// How many characters lie in the longest common block, and in those on both sides of it. Keywords are short, and the
/// text too, so the recursion is shallow.
fn matching(a: &[char], b: &[char]) -> usize {
    let (mut best, mut at, mut to) = (0, 0, 0);
    let mut row = vec![0; b.len() + 1];
    for i in 0..a.len() {
        let mut diagonal = 0;
        for j in 0..b.len() {
            let above = row[j + 1];
            row[j + 1] = if a[i] == b[j] { diagonal + 1 } else { 0 };
            diagonal = above;
            if row[j + 1] > best {
                (best, at, to) = (row[j + 1], i + 1 - row[j + 1], j + 1 - row[j + 1]);
            }
        }
    }
    if best == 0 {
        return 0;
    }
    best + matching(&a[..at], &b[..to]) + matching(&a[at + best..], &b[to + best..])
}
