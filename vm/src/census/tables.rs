//! Counts and bytes: by type, and by the line that asked for the memory.

use std::collections::BTreeMap;

use super::brief::{class_name, text};
use super::size_of;
use crate::object::ShapeBits;
use crate::vm::Vm;

/// How many, and how many bytes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Sum {
    pub count: u64,
    pub bytes: u64,
}

impl Sum {
    /// One more.
    pub fn add(&mut self, bytes: u64) {
        self.count += 1;
        self.bytes += bytes;
    }
}

/// What is alive, by the name of its type.
pub fn by_type(vm: &Vm) -> BTreeMap<String, Sum> {
    // By shape first: a name is text.
    let mut by_shape = vec![Sum::default(); vm.shapes.len()];
    vm.each_living(&mut |value| {
        if let Some(sum) = by_shape.get_mut(value.word().shape().index() as usize) {
            sum.add(size_of(value).total() as u64);
        }
    });
    let mut named: BTreeMap<String, Sum> = BTreeMap::new();
    vm.shapes.for_each(|shape| {
        let sum = by_shape.get(shape.id.index() as usize).copied().unwrap_or_default();
        if let Some(class) = shape.class().filter(|_| sum.count > 0) {
            let row = named.entry(class_name(vm, class)).or_default();
            row.count += sum.count;
            row.bytes += sum.bytes;
        }
    });
    named
}

/// A line that asked for memory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub file: String,
    pub line: u32,
    /// The blocks that it asked for and that are in use, raw storage included.
    pub blocks: Sum,
    /// The objects among them, by type.
    pub types: BTreeMap<String, Sum>,
}

/// The number of a file, and a line.
type Key = (String, u32);

/// What is in use, by the line that asked for it, as far as that is traced; the greatest first.
pub fn by_line(vm: &Vm) -> Vec<Line> {
    let mut by_site: BTreeMap<u32, Sum> = BTreeMap::new();
    vm.heap().each_trace(&mut |site, bytes| by_site.entry(site).or_default().add(bytes as u64));
    let mut by_kind: BTreeMap<(u32, u32), Sum> = BTreeMap::new();
    vm.each_living(&mut |value| {
        let site = vm.site_of(value);
        if site != 0 {
            let shape = value.word().shape().index();
            by_kind.entry((site, shape)).or_default().add(size_of(value).total() as u64);
        }
    });
    let mut lines: BTreeMap<Key, Line> = BTreeMap::new();
    for (site, sum) in by_site {
        let Some((file, line)) = place(vm, site) else { continue };
        let row = lines.entry((file.clone(), line)).or_insert_with(|| Line {
            file,
            line,
            blocks: Sum::default(),
            types: BTreeMap::new(),
        });
        row.blocks.count += sum.count;
        row.blocks.bytes += sum.bytes;
        for ((_, shape), sum) in by_kind.range((site, 0)..=(site, u32::MAX)) {
            let name = shape_name(vm, *shape);
            let kind = row.types.entry(name).or_default();
            kind.count += sum.count;
            kind.bytes += sum.bytes;
        }
    }
    let mut lines: Vec<Line> = lines.into_values().collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.blocks.bytes));
    lines
}

/// The name of a shape's class.
fn shape_name(vm: &Vm, index: u32) -> String {
    let mut found = None;
    vm.shapes.for_each(|shape| {
        if shape.id.index() == index {
            found = shape.class().map(|class| class_name(vm, class));
        }
    });
    found.unwrap_or_default()
}

/// The innermost frame of a site: its file and its line.
pub fn place(vm: &Vm, site: u32) -> Option<(String, u32)> {
    let (frames, _) = vm.sites.frames(site);
    frames.first().map(|(file, line)| (text(file), *line))
}

/// What stands for the outer frames of a stack that was cut where a function calls itself (`sites.rs`).
pub const RECURSION: &str = "(recursion)";

/// Bytes in use by the traceback of who asked for them, the outermost frame first: what a flamegraph is made of.
pub fn by_stack(vm: &Vm) -> BTreeMap<Vec<String>, u64> {
    let mut by_site: BTreeMap<u32, u64> = BTreeMap::new();
    vm.heap().each_trace(&mut |site, bytes| *by_site.entry(site).or_default() += bytes as u64);
    let mut stacks: BTreeMap<Vec<String>, u64> = BTreeMap::new();
    for (site, bytes) in by_site {
        let (frames, _) = vm.sites.frames(site);
        let named = |(file, line): &(crate::value::Value, u32)| format!("{}:{line}", text(file));
        let cut = vm.sites.is_folded(site).then(|| RECURSION.to_string());
        *stacks.entry(cut.into_iter().chain(frames.iter().rev().map(named)).collect()).or_default() += bytes;
    }
    stacks
}
