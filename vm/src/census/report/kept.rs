//! Where much is kept: which nodes of the tree a report tells of.
//!
//! A *keeper* retains much, of which no single object below retains the greater part: a list, a cache. Some memory has none:
//!
//! ```text
//!   in a row     head -> node -> node -> ..      each retains nearly what the one before does: the first of them is told of
//!   shared       a list and a dict of a module refer to the same objects: each of these hangs on the module alone, which is
//!                there to stay; they are told of as one, by type
//! ```

use std::collections::BTreeMap;

use crate::census::numbering::Numbering;
use crate::census::tree::Tree;
use crate::census::{is_class, is_leaf, lent};
use crate::types::code::CodeObj;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::module::Module;
use crate::value::Value;
use crate::vm::Vm;

/// What retains less than such a part of all is not told of; nor what is shared, if it is less than such a part, or few objects.
const SHARE: u64 = 500;
const SHARED: u64 = 50;
const MANY: u64 = 16;

/// How memory is kept by what a row of a report tells of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Manner {
    /// By an object.
    #[default]
    Alone,
    /// By one that such ones follow, each held by the one before it: so many.
    Row(u64),
    /// By several: so many objects of one type.
    Shared(u64),
}

/// What a report tells of: a node, what it retains, or what all of its kind do.
pub struct Kept {
    pub node: u32,
    pub retained: u64,
    pub manner: Manner,
}

/// Whether much hangs on an object by its nature: modules, functions, and the namespaces of modules and classes.
fn is_structure(vm: &Vm, value: &Value) -> bool {
    let is_space = |dict: &Dict| {
        vm.is_class_dict(value.word())
            || [&vm.names.__name__, &vm.names.__loader__].iter().all(|name| dict.get_name(name).is_some())
    };
    value.has::<Module>()
        || value.has::<Function>()
        || value.word() == vm.modules.word()
        || value.get::<Dict>().is_some_and(is_space)
}

struct Search<'a> {
    vm: &'a Vm,
    numbering: &'a Numbering,
    tree: &'a Tree,
    /// By node: the one below it that retains most, and the keeper that does, itself included; 0 for none.
    heavy: Vec<u32>,
    best: Vec<u32>,
    enough: u64,
}

impl Search<'_> {
    fn structure(&self, node: u32) -> bool {
        let object = self.tree.object(self.numbering, node);
        object.is_none_or(|object| is_structure(self.vm, &lent(object)))
    }

    /// Finds the keepers.
    fn find(&mut self) {
        let (tree, len) = (self.tree, self.tree.len());
        for node in (1..len).rev() {
            let retained = tree.retained[node];
            let greatest = tree.retained[self.heavy[node] as usize];
            let below = if self.heavy[node] == 0 { 0 } else { greatest };
            if retained > self.enough && below < retained - retained / 4 && !self.structure(node as u32) {
                self.best[node] = node as u32;
            }
            let over = tree.over[node] as usize;
            // (A rest is not what somebody looks for: it belongs to who holds it.)
            if !tree.is_nobody(node as u32) && self.is_less(self.heavy[over], node as u32) {
                self.heavy[over] = node as u32;
            }
            if self.best[node] != 0 && self.is_less(self.best[over], self.best[node]) {
                self.best[over] = self.best[node];
            }
        }
    }

    /// Whether one retains less than another, or is none; of equals, the greater number.
    fn is_less(&self, one: u32, other: u32) -> bool {
        one == 0 || self.tree.retained[one as usize] <= self.tree.retained[other as usize]
    }

    /// Whether no keeper accounts for the greater part of what a node retains.
    fn is_bare(&self, node: usize) -> bool {
        let kept = self.best[node] as usize;
        let retained = self.tree.retained[node];
        retained > self.enough && (kept == 0 || self.tree.retained[kept] < retained / 2)
    }

    /// How many objects of the shape of the node's follow it, each the one below the last that retains most; itself included.
    fn row(&self, node: u32) -> u64 {
        let shape = |node: u32| {
            let object = self.tree.object(self.numbering, node);
            object.map(|object| lent(object).word().shape().number())
        };
        let (first, mut count, mut at) = (shape(node), 0, node);
        while at != 0 {
            count += u64::from(shape(at) == first);
            at = self.heavy[at as usize];
        }
        count
    }

    /// Objects by shape that hang on what is there to stay, because several refer to them: how many, what they retain, and one of them.
    fn shared(&self, told: &[bool]) -> BTreeMap<u32, (u64, u64, u32)> {
        let (tree, mut kinds) = (self.tree, BTreeMap::new());
        let traced = self.vm.heap().is_tracing();
        // What is said of a node that others hang on: nothing yet, no, yes.
        let Some(mut stays) = table::<u8>(tree.len()) else { return kinds };
        for node in 1..tree.len() {
            let over = tree.over[node] as usize;
            if tree.retained[over] <= self.enough || told[node] || tree.is_nobody(node as u32) {
                continue;
            }
            if stays[over] == 0 {
                let object = !tree.is_nobody(over as u32);
                stays[over] = if over == 0 || object && self.structure(over as u32) { 2 } else { 1 };
            }
            let Some(object) = tree.object(self.numbering, node as u32).filter(|_| stays[over] == 2) else {
                continue;
            };
            let value = lent(object);
            let data = !is_leaf(&value) && !is_class(&value) && !value.has::<CodeObj>();
            let several = value.word().refs() > 1 && (!traced || self.vm.site_of(&value) != 0);
            if data && several && !is_structure(self.vm, &value) {
                let row = kinds.entry(value.word().shape().number()).or_insert((0, 0, node as u32));
                (row.0, row.1) = (row.0 + 1, row.1 + tree.retained[node]);
            }
        }
        kinds
    }
}

/// A table of zeroes; nothing if there is no memory for it.
fn table<T: Clone + Default>(len: usize) -> Option<Vec<T>> {
    let mut table = Vec::new();
    table.try_reserve_exact(len).ok()?;
    table.resize(len, T::default());
    Some(table)
}

/// What a report tells of, what retains most first: so many at most. Nothing, if there is no memory to find it.
pub fn find(vm: &Vm, numbering: &Numbering, tree: &Tree, most: usize) -> Option<Vec<Kept>> {
    let (heavy, best) = (table(tree.len())?, table(tree.len())?);
    let mut told: Vec<bool> = table(tree.len())?;
    let mut bare: Vec<bool> = table(tree.len())?;
    let mut search = Search { vm, numbering, tree, heavy, best, enough: tree.retained[0] / SHARE };
    search.find();
    let mut found = Vec::new();
    for node in 1..tree.len() {
        bare[node] = search.is_bare(node) && !search.structure(node as u32);
        let first = bare[node] && !bare[tree.over[node] as usize];
        told[node] = first || search.best[node] as usize == node;
        if told[node] {
            let manner = if first { Manner::Row(0) } else { Manner::Alone };
            found.push(Kept { node: node as u32, retained: tree.retained[node], manner });
        }
    }
    drop(bare);
    let enough = tree.retained[0] / SHARED;
    for (count, retained, node) in search.shared(&told).into_values() {
        if count >= MANY && retained > enough {
            found.push(Kept { node, retained, manner: Manner::Shared(count) });
        }
    }
    found.sort_by_key(|kept| (std::cmp::Reverse(kept.retained), kept.node));
    found.truncate(most);
    for kept in found.iter_mut().filter(|kept| matches!(kept.manner, Manner::Row(_))) {
        kept.manner = Manner::Row(search.row(kept.node));
    }
    Some(found)
}
