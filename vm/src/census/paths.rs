//! The shortest way from what the interpreter holds to an object: why it is alive.
//!
//! A walk in breadth from all roots at once. What has a name goes first: modules with their namespaces, so that what lies in one is not found
//! by the `__globals__` of some function; then variables of running frames. Only what these do not lead to is looked for from temporaries, and
//! from what lives for ever.

use std::collections::BTreeMap;

use ryokan_alloc::ObjPtr;

use super::brief::brief;
use super::holds::{each_named_root, each_other_root, how};
use super::numbering::Numbering;
use super::{is_leaf, lent};
use crate::hooks::trace_object;
use crate::vm::Vm;

/// So many steps of a way are told, of its beginning and of its end.
const FIRST: usize = 24;
const LAST: usize = 8;

/// A way from a root to an object.
pub struct Path {
    /// What holds the first object.
    pub root: String,
    /// Objects, and how each is held by the one before it; by the root, the first, in no words.
    pub steps: Vec<(String, ObjPtr)>,
}

impl Path {
    /// It in words of Python: `__main__.cache['key'][3]`.
    pub fn text(&self) -> String {
        let mut out = self.root.clone();
        // Of a long chain the beginning and the end are told.
        let between = self.steps.len().saturating_sub(1 + FIRST + LAST);
        let left_out = format!(" .. {between} more .. ");
        let mut shown: Vec<&str> = self.steps.iter().map(|(how, _)| how.as_str()).skip(1).collect();
        if between > 1 {
            shown.splice(FIRST..FIRST + between, [left_out.as_str()]);
        }
        let mut steps = shown.into_iter().peekable();
        while let Some(step) = steps.next() {
            let item = steps.peek().and_then(|next| identifier(next)).filter(|_| step == ".__dict__");
            match item {
                Some(name) => {
                    out.push('.');
                    out.push_str(name);
                    steps.next();
                }
                None => out.push_str(step),
            }
        }
        let module = out.strip_prefix("sys.modules['").and_then(|rest| rest.split_once("']"));
        module.map_or(out.clone(), |(name, rest)| format!("{name}{rest}"))
    }
}

/// The name in `['name']`.
fn identifier(item: &str) -> Option<&str> {
    let name = item.strip_prefix("['")?.strip_suffix("']")?;
    let fits = |c: char| c.is_alphanumeric() || c == '_';
    (name.chars().all(fits) && !name.starts_with(|c: char| c.is_numeric())).then_some(name)
}

/// One bit a block.
struct Bits(Vec<u64>);

impl Bits {
    fn new(len: usize) -> Option<Bits> {
        let mut words = Vec::new();
        words.try_reserve_exact(len / 64 + 1).ok()?;
        words.resize(len / 64 + 1, 0);
        Some(Bits(words))
    }
    /// Sets a bit; whether it was set.
    fn set(&mut self, at: usize) -> bool {
        let Some(word) = self.0.get_mut(at / 64) else { return true };
        let was = *word >> (at % 64) & 1 == 1;
        *word |= 1 << (at % 64);
        was
    }
    fn get(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }
}

const ROOT: u32 = u32::MAX;

struct Search<'a> {
    vm: &'a Vm,
    numbering: &'a Numbering,
    /// The numbers of what was come to, and from which place of this list.
    queue: Vec<(u32, u32)>,
    /// How long it may get.
    most: usize,
    next: usize,
    seen: Bits,
    wanted: Bits,
    left: usize,
    full: bool,
}

impl Search<'_> {
    fn come_to(&mut self, object: ObjPtr, from: u32) {
        let number = self.numbering.number(object);
        let wanted = self.wanted.get(number);
        if !wanted && is_leaf(&lent(object)) || self.seen.set(number) {
            return;
        }
        // What is wanted is kept beyond the end: a few objects.
        if self.queue.try_reserve(1).is_err() || self.queue.len() >= self.most && !wanted {
            self.full = true;
            return;
        }
        self.left -= usize::from(wanted);
        self.queue.push((number as u32, from));
    }
    /// Goes on until all is found, or all was come to.
    fn run(&mut self) {
        self.run_until(usize::MAX);
    }
    /// The same, up to a place of the list.
    fn run_until(&mut self, end: usize) {
        while let Some(&(number, _)) = self.queue.get(self.next).filter(|_| self.left > 0 && self.next < end)
        {
            let from = self.next as u32;
            self.next += 1;
            let (vm, object) = (self.vm, self.numbering.object(number));
            trace_object(vm, object, &mut |slot| {
                slot.object().into_iter().for_each(|held| self.come_to(held, from));
            });
        }
    }
    /// The objects on the way to one, the root's first.
    fn way(&self, target: ObjPtr) -> Option<Vec<ObjPtr>> {
        let number = self.numbering.number(target);
        let mut at = self.queue.iter().position(|(other, _)| *other as usize == number)?;
        let mut objects = vec![target];
        while self.queue[at].1 != ROOT {
            at = self.queue[at].1 as usize;
            objects.push(self.numbering.object(self.queue[at].0));
        }
        objects.reverse();
        Some(objects)
    }
    /// The ways to some objects.
    fn paths(&self, targets: &[ObjPtr]) -> Vec<Option<Path>> {
        let ways: Vec<_> = targets.iter().map(|target| self.way(*target)).collect();
        let names = root_names(self.vm, ways.iter().flatten().map(|objects| objects[0]));
        let path = |objects: Vec<ObjPtr>| {
            let held = objects.windows(2).map(|pair| (how(self.vm, pair[0], pair[1]), pair[1]));
            let steps = std::iter::once((String::new(), objects[0])).chain(held).collect();
            Path { root: names.get(&objects[0]).cloned().unwrap_or_default(), steps }
        };
        ways.into_iter().map(|way| way.map(path)).collect()
    }
}

/// What some roots are called.
fn root_names(vm: &Vm, roots: impl Iterator<Item = ObjPtr>) -> BTreeMap<ObjPtr, String> {
    let mut names: BTreeMap<ObjPtr, String> = roots.map(|root| (root, String::new())).collect();
    each_named_root(vm, &mut |held, name| {
        if let Some(known) = names.get_mut(&held).filter(|known| known.is_empty()) {
            *known = name();
        }
    });
    each_other_root(vm, &mut |held, name| {
        if let Some(known) = names.get_mut(&held).filter(|known| known.is_empty()) {
            *known = format!("{name} ({})", brief(vm, &lent(held)));
        }
    });
    for (root, name) in names.iter_mut().filter(|(_, name)| name.is_empty()) {
        *name = brief(vm, &lent(*root));
    }
    names
}

/// What was found.
pub struct Found {
    /// The ways, in the order of the targets; nothing to one that no root leads to, or that was not come to.
    pub paths: Vec<Option<Path>>,
    /// How many objects were walked over.
    pub walked: usize,
    /// Whether the walk came to all that it could come to, or that was wanted.
    pub whole: bool,
}

/// As many objects as a walk may come to whose tables take about a tenth of what the heap takes; any number in a heap of few.
pub fn share(vm: &Vm, numbering: &Numbering) -> usize {
    if numbering.len() > super::tree::COARSE { vm.heap().used_bytes() / 80 } else { usize::MAX }
}

/// The shortest ways to some objects, over as many objects as are said at most. Nothing if there is no memory for the walk.
pub fn find(vm: &Vm, numbering: &Numbering, targets: &[ObjPtr], most: usize) -> Option<Found> {
    let mut wanted = Bits::new(numbering.len())?;
    let left = targets.iter().filter(|target| !wanted.set(numbering.number(**target))).count();
    let (seen, most) = (Bits::new(numbering.len())?, most.min(ROOT as usize));
    let queue = Vec::new();
    let mut search = Search { vm, numbering, queue, most, next: 0, seen, wanted, left, full: false };
    if let Some(modules) = vm.modules.object() {
        search.come_to(modules, ROOT);
        // To the modules, and to their namespaces.
        for _ in 0..2 {
            search.run_until(search.queue.len());
        }
    }
    each_named_root(vm, &mut |object, _| search.come_to(object, ROOT));
    search.run();
    if search.left > 0 {
        each_other_root(vm, &mut |object, _| search.come_to(object, ROOT));
        search.run();
    }
    if search.left > 0 {
        vm.each_living(&mut |value| {
            let immortal = value.header().is_some_and(ryokan_alloc::Header::is_immortal);
            value.object().filter(|_| immortal).into_iter().for_each(|object| search.come_to(object, ROOT));
        });
        search.run();
    }
    let paths = search.paths(targets);
    Some(Found { paths, walked: search.queue.len(), whole: search.left == 0 || !search.full })
}
