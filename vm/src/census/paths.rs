//! The shortest way from what the interpreter holds to an object: why it is alive.
//!
//! A walk in breadth from all roots at once. What has a name goes first: modules, then variables of running frames. Only what these do not
//! lead to is looked for from temporaries, and from what lives for ever.

use ryokan_alloc::ObjPtr;

use super::brief::brief;
use super::holds::{each_named_root, each_other_root, how};
use super::numbering::Numbering;
use super::{is_leaf, lent};
use crate::hooks::trace_object;
use crate::vm::Vm;

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
        let mut steps = self.steps.iter().map(|(how, _)| how.as_str()).skip(1).peekable();
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
    /// What was come to, and from which place of this list.
    queue: Vec<(ObjPtr, u32)>,
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
        if self.queue.try_reserve(1).is_err() || self.queue.len() >= ROOT as usize {
            self.full = true;
            return;
        }
        self.left -= usize::from(wanted);
        self.queue.push((object, from));
    }
    /// Goes on until all is found, or all was come to.
    fn run(&mut self) {
        while let Some(&(object, _)) = self.queue.get(self.next).filter(|_| self.left > 0 && !self.full) {
            let from = self.next as u32;
            self.next += 1;
            let vm = self.vm;
            trace_object(vm, object, &mut |slot| {
                slot.object().into_iter().for_each(|held| self.come_to(held, from));
            });
        }
    }
    fn path(&self, target: ObjPtr) -> Option<Path> {
        let mut at = self.queue.iter().position(|(object, _)| *object == target)?;
        let mut objects = vec![target];
        while self.queue[at].1 != ROOT {
            at = self.queue[at].1 as usize;
            objects.push(self.queue[at].0);
        }
        objects.reverse();
        let held = objects.windows(2).map(|pair| (how(self.vm, pair[0], pair[1]), pair[1]));
        let steps = std::iter::once((String::new(), objects[0])).chain(held).collect();
        Some(Path { root: root_name(self.vm, objects[0]), steps })
    }
}

/// What a root is called.
fn root_name(vm: &Vm, object: ObjPtr) -> String {
    let mut found = None;
    each_named_root(vm, &mut |held, name| {
        if found.is_none() && held == object {
            found = Some(name());
        }
    });
    each_other_root(vm, &mut |held, name| {
        if found.is_none() && held == object {
            found = Some(format!("{name} ({})", brief(vm, &lent(object))));
        }
    });
    found.unwrap_or_else(|| brief(vm, &lent(object)))
}

/// The shortest ways to some objects; nothing to one that no root leads to. Nothing at all if there is no memory for the walk. The number is
/// how many objects were walked over.
pub fn find(vm: &Vm, numbering: &Numbering, targets: &[ObjPtr]) -> Option<(Vec<Option<Path>>, usize)> {
    let mut wanted = Bits::new(numbering.len())?;
    let left = targets.iter().filter(|target| !wanted.set(numbering.number(**target))).count();
    let seen = Bits::new(numbering.len())?;
    let mut search = Search { vm, numbering, queue: Vec::new(), next: 0, seen, wanted, left, full: false };
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
    let paths = targets.iter().map(|target| search.path(*target)).collect();
    (!search.full).then_some((paths, search.queue.len()))
}
