//! The heap report: what is in the heap, who holds it, and what would go with whom, in one.
//!
//! | file | what |
//! |---|---|
//! | `gather.rs`, `kept.rs` | the report is made; which objects it tells of |
//! | `text.rs`, `data.rs`, `page.rs` | it as text, as JSON, and as a page |
//! | `map.rs` | arenas, pools and blocks to scale |
//! | `flamegraph.rs` | stacks with numbers as a picture |
//!
//! A report is made outside of the heap, of a size that hangs on how many types and lines there are, not on how many objects; while it is made,
//! tables of some bytes an object are needed, which are given up again. If there is no memory for them, what they would tell is missing.

mod data;
pub mod flamegraph;
mod gather;
mod kept;
pub mod map;
mod page;
mod text;

use std::collections::BTreeMap;

use ryokan_alloc::Stats;

use super::tables::{Line, Sum};
pub use kept::Manner;
use map::Map;

/// How a report is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    Text,
    Json,
    Page,
}

impl Format {
    /// By the ending of a file's name.
    pub fn named(ending: &str) -> Option<Format> {
        Some(match ending {
            "txt" => Format::Text,
            "json" => Format::Json,
            "html" => Format::Page,
            _ => return None,
        })
    }
    /// That of a file.
    pub fn of_file(path: &str) -> Option<Format> {
        Format::named(path.rsplit_once('.')?.1)
    }
}

/// When it was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Occasion {
    End,
    Signal,
    Asked,
    MemoryError,
}

impl Occasion {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Occasion::End => "when the program had ended",
            Occasion::Signal => "on a signal",
            Occasion::Asked => "on request",
            Occasion::MemoryError => "when memory was refused",
        }
    }
}

/// An object that much hangs on.
#[derive(Clone, Debug, Default)]
pub struct Holder {
    /// It in a few characters, and its type.
    pub value: String,
    pub kind: String,
    /// Its own bytes; those that would be freed if it went.
    pub own: u64,
    pub retained: u64,
    /// Why it is alive; nothing if no root leads to it.
    pub path: Option<String>,
    /// The line that asked for it, if that was traced.
    pub line: Option<String>,
    /// What it holds most of: a type, how many, and the line that asked for the last of them.
    /// In a row, that is how many follow, itself included.
    pub holds: Option<Content>,
    /// How it keeps what it does.
    pub manner: Manner,
}

/// What something holds most of.
#[derive(Clone, Debug, Default)]
pub struct Content {
    pub kind: String,
    pub count: u64,
    pub line: Option<String>,
}

/// See the module's page.
pub struct Report {
    pub occasion: Occasion,
    pub stats: Stats,
    /// By type, the greatest first.
    pub types: Vec<(String, Sum)>,
    /// By line, the greatest first; none if that was not traced.
    pub lines: Vec<Line>,
    /// By traceback.
    pub stacks: BTreeMap<Vec<String>, u64>,
    /// Whether allocations were traced.
    pub traced: bool,
    /// Where much is kept, the greatest first.
    pub holders: Vec<Holder>,
    /// The largest objects by themselves.
    pub largest: Vec<Holder>,
    /// What no root leads to: by type, with the line that asked for most.
    pub garbage: Vec<(String, Sum, Option<String>)>,
    /// Objects by generation, and those that are not tracked.
    pub generations: [Sum; 4],
    /// Whether what is said of holders is a lower bound.
    pub coarse: bool,
    /// Whether the heap was too large to tell all its objects apart.
    pub merged: bool,
    /// What could not be told for want of memory.
    pub missing: Vec<&'static str>,
    pub map: Map,
}

impl Report {
    /// It, written.
    pub fn write(&self, format: Format) -> String {
        match format {
            Format::Text => text::write(self),
            Format::Json => data::write(self),
            Format::Page => page::write(self),
        }
    }
    /// All objects.
    fn objects(&self) -> Sum {
        let mut all = Sum::default();
        for (_, sum) in &self.types {
            all.count += sum.count;
            all.bytes += sum.bytes;
        }
        all
    }
}

/// A number with commas.
fn commas(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A part of a whole, in percent.
fn share(part: u64, whole: u64) -> f64 {
    part as f64 * 100.0 / whole.max(1) as f64
}
