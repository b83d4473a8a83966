//! A report is made: several looks at the heap, one after the other.

use std::collections::BTreeMap;

use ryokan_alloc::ObjPtr;

use super::kept::{self, Kept, Manner};
use super::map::Map;
use super::{Content, Holder, Occasion, Report};
use crate::census::brief::{brief, type_name};
use crate::census::numbering::Numbering;
use crate::census::tables::{self, Sum};
use crate::census::tree::Tree;
use crate::census::{is_leaf, lent, paths, size_of};
use crate::hooks::trace_object;
use crate::types::dict::Dict;
use crate::value::Value;
use crate::vm::Vm;

/// So many holders, and largest objects, are told of.
const HOLDERS: usize = 24;
const LARGEST: usize = 12;
/// So many slots of an object are looked at for what it holds most of.
const SLOTS: u64 = 1 << 20;

/// The line that asked for an object.
fn line(vm: &Vm, value: &Value) -> Option<String> {
    tables::place(vm, vm.site_of(value)).map(|(file, line)| format!("{file}:{line}"))
}

/// What an object holds most of: rather containers and instances than strs and numbers; of a dict its values, not its keys.
fn content(vm: &Vm, object: ObjPtr) -> Option<Content> {
    let mut kinds: BTreeMap<u32, (u64, Option<ObjPtr>)> = BTreeMap::new();
    let mut left = SLOTS;
    let mut look = |slot: &Value| {
        let counts = left > 0 && !slot.header().is_none_or(ryokan_alloc::Header::is_immortal);
        if let Some(held) = slot.object().filter(|_| counts) {
            left -= 1;
            let row = kinds.entry(slot.word().shape().number()).or_default();
            *row = (row.0 + 1, Some(held));
        }
    };
    match lent(object).get::<Dict>() {
        Some(dict) => dict.entries().for_each(|entry| look(&entry.value)),
        None => trace_object(vm, object, &mut look),
    }
    let weight =
        |(count, last): &(u64, Option<ObjPtr>)| (last.is_some_and(|last| !is_leaf(&lent(last))), *count);
    let (count, last) = kinds.into_values().max_by_key(weight)?;
    let last = lent(last?);
    (count > 1).then(|| Content { kind: type_name(vm, &last), count, line: line(vm, &last) })
}

fn holder(vm: &Vm, object: ObjPtr, retained: u64) -> Holder {
    let value = lent(object);
    Holder {
        value: brief(vm, &value),
        kind: type_name(vm, &value),
        own: size_of(&value).total() as u64,
        retained,
        path: None,
        line: line(vm, &value),
        holds: content(vm, object),
        manner: Manner::Alone,
    }
}

/// What is said of something that much is kept by.
fn keeper(vm: &Vm, object: ObjPtr, kept: &Kept) -> Holder {
    let (mut told, value) = (holder(vm, object, kept.retained), lent(object));
    told.manner = kept.manner;
    match kept.manner {
        Manner::Alone => {}
        Manner::Row(count) => {
            told.holds = Some(Content { kind: told.kind.clone(), count, line: line(vm, &value) });
        }
        Manner::Shared(count) => {
            (told.value, told.holds) = (format!("{} objects", super::commas(count)), None);
        }
    }
    told
}

/// What no root leads to, by type.
fn garbage(vm: &Vm, tree: &Tree) -> Vec<(String, Sum, Option<String>)> {
    let mut named: BTreeMap<String, (Sum, Option<String>)> = BTreeMap::new();
    for (sum, object) in tree.garbage.values() {
        let value = lent(*object);
        let row = named.entry(type_name(vm, &value)).or_default();
        row.0.count += sum.count;
        row.0.bytes += sum.bytes;
        row.1 = row.1.take().or_else(|| line(vm, &value));
    }
    let mut rows: Vec<_> = named.into_iter().map(|(name, (sum, line))| (name, sum, line)).collect();
    rows.sort_by_key(|(_, sum, _)| std::cmp::Reverse(sum.bytes));
    rows.truncate(HOLDERS);
    rows
}

/// The objects with most bytes of their own, and the sums by generation.
fn walk(vm: &Vm) -> (Vec<(u64, ObjPtr)>, [Sum; 4]) {
    let (mut largest, mut generations): (Vec<(u64, ObjPtr)>, _) = (Vec::new(), [Sum::default(); 4]);
    vm.each_living(&mut |value| {
        let (Some(object), Some(header)) = (value.object(), value.header()) else { return };
        let bytes = size_of(value).total() as u64;
        let generation = if header.has_generation() { usize::from(header.generation()) } else { 3 };
        generations[generation.min(3)].add(bytes);
        if bytes > largest.get(LARGEST - 1).map_or(255, |(least, _)| *least) {
            let at = largest.partition_point(|(other, _)| *other >= bytes);
            largest.insert(at, (bytes, object));
            largest.truncate(LARGEST);
        }
    });
    (largest, generations)
}

impl Report {
    /// A report of a heap.
    pub fn of(vm: &Vm, occasion: Occasion) -> Report {
        Report::telling(vm, occasion, &mut |_| {})
    }

    /// The same; `tell` hears what is done at the moment.
    pub fn telling(vm: &Vm, occasion: Occasion, tell: &mut dyn FnMut(&str)) -> Report {
        tell("counting objects");
        let stats = vm.heap().stats();
        let mut types: Vec<(String, Sum)> = tables::by_type(vm).into_iter().collect();
        types.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.bytes));
        let traced = vm.heap().is_tracing();
        tell("adding up lines");
        let lines = if traced { tables::by_line(vm) } else { Vec::new() };
        let stacks = if traced { tables::by_stack(vm) } else { BTreeMap::new() };
        let (largest, generations) = walk(vm);
        let mut report = Report {
            occasion,
            stats,
            types,
            lines,
            stacks,
            traced,
            holders: Vec::new(),
            largest: largest.iter().map(|(bytes, object)| holder(vm, *object, *bytes)).collect(),
            garbage: Vec::new(),
            generations,
            coarse: false,
            merged: false,
            missing: Vec::new(),
            map: Map::of(vm),
        };
        let Some(numbering) = Numbering::of(vm) else {
            report.missing.push("who holds what");
            return report;
        };
        tell("finding who holds what");
        let mut wanted: Vec<ObjPtr> = largest.iter().map(|(_, object)| *object).collect();
        match Tree::of(vm, &numbering) {
            Some(tree) => {
                let kept = kept::find(vm, &numbering, &tree, HOLDERS);
                if kept.is_none() {
                    report.missing.push("where much is kept");
                }
                let kept = kept.unwrap_or_default();
                let found: Vec<(ObjPtr, &Kept)> = kept
                    .iter()
                    .filter_map(|kept| Some((tree.object(&numbering, kept.node)?, kept)))
                    .collect();
                report.holders = found.iter().map(|(object, kept)| keeper(vm, *object, kept)).collect();
                report.garbage = garbage(vm, &tree);
                (report.coarse, report.merged) = (tree.coarse, tree.merged);
                wanted.splice(0..0, found.iter().map(|(object, _)| *object));
            }
            None => report.missing.push("what would be freed"),
        }
        tell("finding ways");
        match paths::find(vm, &numbering, &wanted, paths::share(vm, &numbering)) {
            Some(found) => {
                let told = report.holders.iter_mut().chain(&mut report.largest);
                told.zip(found.paths).for_each(|(holder, path)| holder.path = path.map(|path| path.text()));
                if !found.whole {
                    report.missing.push("why some objects are alive");
                }
            }
            None => report.missing.push("why objects are alive"),
        }
        report
    }
}
