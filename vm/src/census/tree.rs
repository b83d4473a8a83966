//! What would be freed if an object went: the dominator tree of the heap, with what each object *retains*.
//!
//! ```text
//!   node 0         the interpreter: roots, what lives for ever, classes and what they hold
//!   garbage        a node of its own under it: what no root leads to, such as cycles that were not collected yet
//!   other nodes    an object each, with the bytes of its *clump*: what hangs on it alone, one reference at a time
//! ```
//!
//! Clumps keep the tree small: a million tuples of two floats each, in one list, are one node. Classes are held by the interpreter, as
//! their bases know them: what an instance holds of its class is not followed.
//!
//! A heap of more than [`COARSE`] objects is looked at with less care, so that what is said is a lower bound. Small strs and numbers that
//! several objects share are nobody's. And the tables take a part of what the heap takes, at most (`share`): when that is used up, what is
//! found from a node on becomes one *rest*: a node for many objects, which are freed if all would be.

use std::collections::BTreeMap;

use ryokan_alloc::ObjPtr;

use super::dominators::{Walk, dominators};
use super::marks::{self, Marks};
use super::numbering::Numbering;
use super::tables::Sum;
use super::{is_class, is_leaf, lent, size_of};
use crate::hooks::trace_object;
use crate::value::Value;
use crate::vm::Vm;

/// A heap of more blocks of objects is looked at with less care.
pub const COARSE: usize = 2_000_000;
/// The part of its heap's bytes that the tables of such a one may take, one of so many; and together with the traces of its blocks.
const SHARE: usize = 6;
const SHARE_WITH_TRACES: usize = 5;
/// And for what is not a number a block they have this part, at least; where blocks are traced, the other.
const LEAST: [usize; 2] = [24, 40];
/// What a node takes while the tree is built, and then while dominators are found; an edge; what waits to be looked at, and may become an
/// edge.
const NODE_BYTES: [usize; 2] = [20, 32];
const EDGE_BYTES: [usize; 2] = [8, 12];
const WAITING_BYTES: usize = 12;
/// So many slots of an object are looked at before what they lead to is, or one of so many of them, if it has more.
const SLOTS: usize = 1 << 14;
const PARTS: usize = 8;
/// What is small then.
const SMALL_BYTES: usize = 512;
/// A clump has at most so many objects, nested so deeply, and none of them is larger.
const CLUMP: usize = 64;
const CLUMP_DEPTH: u32 = 12;
const CLUMP_BYTES: usize = 1024;
/// The mark of what belongs to a clump.
const CLUMPED: u32 = marks::MOST;
/// So many nodes are told apart, at most; a few more are for rests.
const NODES: usize = 15 << 20;
/// No object's number.
const NOBODY: u32 = u32::MAX;

/// See the module's page.
pub struct Tree {
    /// The numbers of the objects; [`NOBODY`] for the interpreter and for the garbage.
    nodes: Vec<u32>,
    /// Each node's immediate dominator.
    pub over: Vec<u32>,
    /// Bytes of a node and of all below it.
    pub retained: Vec<u64>,
    /// What no root leads to, by the number of its shape: how much, and one of it.
    pub garbage: BTreeMap<u32, (Sum, ObjPtr)>,
    /// Whether small shared values were left out.
    pub coarse: bool,
    /// Whether many objects are one node.
    pub merged: bool,
}

struct Builder<'a> {
    vm: &'a Vm,
    numbering: &'a Numbering,
    /// By a block's number: its node, 0 for none.
    known: Marks,
    nodes: Vec<u32>,
    bytes: Vec<u64>,
    walk: Walk,
    /// Objects that are to become nodes, and who led to them.
    todo: Vec<(u32, u32)>,
    /// Objects of a rest that are to be looked at.
    inside: Vec<u32>,
    /// Objects that were looked at in part.
    large: Vec<Large>,
    /// The rest that is filled; the last edge into one; by node: the last rest that has an edge to it.
    rest: Option<u32>,
    entered: (u32, u32),
    held: Vec<u32>,
    merged: bool,
    coarse: bool,
    full: bool,
    /// How many bytes the tables may take.
    most: usize,
}

/// An object with many slots, which is looked at a part at a time: so not all that it leads to waits at once.
struct Large {
    node: u32,
    object: ObjPtr,
    /// The first slot that was not looked at, and how many there are.
    next: usize,
    slots: usize,
    /// How long `todo` is when nothing of the part before waits any more.
    floor: usize,
}

fn is_immortal(value: &Value) -> bool {
    value.header().is_none_or(ryokan_alloc::Header::is_immortal)
}

impl Builder<'_> {
    /// Whether an object is not followed from others.
    fn is_nobodys(&self, value: &Value) -> bool {
        is_immortal(value)
            || is_class(value)
            || self.coarse && value.word().refs() > 1 && is_leaf(value) && value.block_bytes() <= SMALL_BYTES
    }
    /// Whether an object with one reference has nothing but such objects below it.
    fn is_clump(&self, object: ObjPtr, depth: u32, left: &mut usize) -> bool {
        let large = size_of(&lent(object)).total() > CLUMP_BYTES;
        if depth == 0 || *left == 0 || large || self.known.get(self.numbering.number(object)) != 0 {
            return false;
        }
        *left -= 1;
        if is_leaf(&lent(object)) {
            return true;
        }
        let mut whole = true;
        trace_object(self.vm, object, &mut |slot| {
            if let Some(held) = slot.object().filter(|_| whole && !self.is_nobodys(slot)) {
                whole = slot.word().refs() == 1 && self.is_clump(held, depth - 1, left);
            }
        });
        whole
    }
    /// Marks a clump; gives its bytes.
    fn take_clump(&mut self, object: ObjPtr) -> u64 {
        let number = self.numbering.number(object);
        self.known.set(number, CLUMPED);
        let value = lent(object);
        let mut bytes = size_of(&value).total() as u64;
        if is_leaf(&value) {
            return bytes;
        }
        let vm = self.vm;
        trace_object(vm, object, &mut |slot| {
            if let Some(held) = slot.object().filter(|_| !self.is_nobodys(slot)) {
                bytes += self.take_clump(held);
            }
        });
        bytes
    }
    /// Tables that are made as long as they may get need not be moved: memory that was not touched is not taken.
    fn make_room(&mut self) {
        if self.coarse {
            let (nodes, edges) = (self.most / NODE_BYTES[1], self.most / EDGE_BYTES[1]);
            // (They grow where there is no such room.)
            let _ = self.nodes.try_reserve_exact(nodes);
            let _ = self.bytes.try_reserve_exact(nodes);
            let _ = self.walk.parents.try_reserve_exact(nodes);
            let _ = self.walk.edges.try_reserve_exact(edges);
        }
    }
    /// Whether so much is used up that what is found from now on is a rest. Each node may get an edge to a rest and one from it; and `kept` bytes
    /// are kept for what was found before.
    fn is_merging(&self, kept: usize) -> bool {
        if !self.coarse {
            return false;
        }
        let (nodes, edges) = (self.nodes.len(), self.walk.edges.len() + 2 * self.nodes.len());
        let waiting = WAITING_BYTES * self.todo.len() + 4 * self.inside.len();
        let building = self.known.bytes() + NODE_BYTES[0] * nodes + EDGE_BYTES[0] * edges + waiting;
        let bytes = building.max(NODE_BYTES[1] * nodes + EDGE_BYTES[1] * edges) + kept;
        bytes > self.most || nodes + self.todo.len() > NODES
    }
    /// A node holds an object.
    fn holds(&mut self, node: u32, slot: &Value) {
        let Some(object) = slot.object().filter(|_| !self.is_nobodys(slot)) else { return };
        let number = self.numbering.number(object);
        match self.known.get(number) {
            0 => {
                let alone = node != 0 && slot.word().refs() == 1;
                if alone && self.is_clump(object, CLUMP_DEPTH, &mut { CLUMP }) {
                    self.bytes[node as usize] += self.take_clump(object);
                } else if node != 0 && self.is_merging(self.most / 8) {
                    self.merge(node, number as u32);
                } else {
                    self.full |= self.todo.try_reserve(1).is_err();
                    if !self.full {
                        self.todo.push((node, number as u32));
                    }
                }
            }
            CLUMPED => {}
            known => self.edge(known, node),
        }
    }
    /// An object that a node has led to belongs to the rest.
    fn merge(&mut self, node: u32, number: u32) {
        self.full |= self.inside.try_reserve(1).is_err();
        let rest = match self.rest {
            Some(rest) => rest,
            None => self.add(node, NOBODY, 0),
        };
        if self.full {
            return;
        }
        (self.merged, self.rest) = (true, Some(rest));
        if self.entered != (rest, node) {
            self.entered = (rest, node);
            self.edge(rest, node);
        }
        self.known.set(number as usize, rest);
        self.bytes[rest as usize] += size_of(&lent(self.numbering.object(number))).total() as u64;
        self.inside.push(number);
    }
    fn edge(&mut self, to: u32, from: u32) {
        if self.walk.parents[to as usize] == from || to == from {
            return;
        }
        if self.rest == Some(from) {
            // A rest has many objects, and one edge to each node.
            let more = self.nodes.len().saturating_sub(self.held.len());
            self.full |= self.held.try_reserve(more).is_err();
            if self.full {
                return;
            }
            self.held.resize(self.nodes.len().max(self.held.len()), 0);
            if std::mem::replace(&mut self.held[to as usize], from) == from {
                return;
            }
        }
        self.full |= self.walk.edges.try_reserve(1).is_err();
        if !self.full {
            self.walk.edges.push((to, from));
        }
    }
    /// A new node.
    fn add(&mut self, parent: u32, number: u32, bytes: usize) -> u32 {
        let room = self.nodes.try_reserve(1).is_ok()
            && self.bytes.try_reserve(1).is_ok()
            && self.walk.parents.try_reserve(1).is_ok();
        self.full |= !room || self.nodes.len() >= CLUMPED as usize;
        if self.full {
            return 0;
        }
        self.nodes.push(number);
        self.bytes.push(bytes as u64);
        self.walk.parents.push(parent);
        self.nodes.len() as u32 - 1
    }
    /// Looks at a part of an object's slots, from one on, of so many; nobody knows yet how many before the first part.
    fn look(&mut self, node: u32, object: ObjPtr, from: usize, slots: usize) {
        let (vm, mut at, floor) = (self.vm, 0, self.todo.len());
        let until = from + SLOTS.max(slots / PARTS);
        trace_object(vm, object, &mut |slot| {
            if (from..until).contains(&at) {
                self.holds(node, slot);
            }
            at += 1;
        });
        if at > until {
            self.full |= self.large.try_reserve(1).is_err();
            if !self.full {
                self.large.push(Large { node, object, next: until, slots: at, floor });
            }
        }
    }
    /// Goes on until there is nothing to do.
    fn run(&mut self) {
        let numbering = self.numbering;
        while !self.full {
            if let Some(number) = self.inside.pop() {
                self.look(self.known.get(number as usize), numbering.object(number), 0, 0);
                continue;
            }
            if let Some(large) = self.large.pop_if(|large| large.floor == self.todo.len()) {
                self.look(large.node, large.object, large.next, large.slots);
                continue;
            }
            let Some((parent, number)) = self.todo.pop() else { return };
            match self.known.get(number as usize) {
                0 if parent != 0 && self.rest.is_some() && self.is_merging(0) => self.merge(parent, number),
                0 => {
                    self.rest = None;
                    let object = numbering.object(number);
                    let node = self.add(parent, number, size_of(&lent(object)).total());
                    self.known.set(number as usize, node);
                    self.look(node, object, 0, 0);
                }
                // (It belongs to a clump that another way has led to since.)
                CLUMPED => {}
                known => self.edge(known, parent),
            }
        }
    }
    /// Begins at what a root holds.
    fn root(&mut self, slot: &Value) {
        self.holds(0, slot);
        self.run();
    }
    /// Begins at what lives for ever, and at classes.
    fn roots(&mut self) {
        let vm = self.vm;
        vm.trace_roots(&mut |slot| self.root(slot));
        let mut own = 0;
        vm.each_living(&mut |value| {
            if let Some(object) = value.object().filter(|_| is_immortal(value) || is_class(value)) {
                own += size_of(value).total() as u64;
                trace_object(vm, object, &mut |slot| self.root(slot));
            }
        });
        self.bytes[0] += own;
    }
    /// Begins at what was not come to: the garbage.
    fn rest(&mut self) -> BTreeMap<u32, (Sum, ObjPtr)> {
        let (vm, mut garbage, mut kinds) = (self.vm, None, BTreeMap::new());
        vm.each_living(&mut |value| {
            let object = value.object().filter(|_| !self.is_nobodys(value));
            if let Some(object) = object.filter(|object| self.known.get(self.numbering.number(*object)) == 0)
            {
                let row = kinds.entry(value.word().shape().number()).or_insert((Sum::default(), object));
                row.0.add(size_of(value).total() as u64);
            }
        });
        vm.each_living(&mut |value| {
            let Some(object) = value.object().filter(|_| !self.is_nobodys(value)) else { return };
            let number = self.numbering.number(object);
            if self.known.get(number) == 0 {
                let node = *garbage.get_or_insert_with(|| self.add(0, NOBODY, 0));
                self.todo.push((node, number as u32));
                self.run();
            }
        });
        kinds
    }
}

/// How many bytes the tables of a large heap may take, of so many blocks.
fn share(vm: &Vm, blocks: usize) -> usize {
    let traces = vm.heap().traces_bytes();
    let used = vm.heap().used_bytes().saturating_sub(traces);
    let least = 3 * blocks + used / LEAST[usize::from(traces > 0)];
    (used / SHARE).min((used / SHARE_WITH_TRACES).saturating_sub(traces)).max(least)
}

impl Tree {
    /// The tree of a heap; nothing if there is no memory for it.
    pub fn of(vm: &Vm, numbering: &Numbering) -> Option<Tree> {
        let known = Marks::new(numbering.len())?;
        let coarse = numbering.len() > COARSE;
        let mut builder = Builder {
            vm,
            numbering,
            known,
            nodes: Vec::new(),
            bytes: Vec::new(),
            walk: Walk::default(),
            todo: Vec::new(),
            inside: Vec::new(),
            large: Vec::new(),
            rest: None,
            entered: (0, 0),
            held: Vec::new(),
            coarse,
            merged: false,
            full: false,
            most: if coarse { share(vm, numbering.len()) } else { usize::MAX },
        };
        builder.make_room();
        builder.add(0, NOBODY, 0);
        builder.roots();
        let garbage = builder.rest();
        let Builder {
            nodes, bytes: mut retained, walk, full, merged, known, held, todo, inside, large, ..
        } = builder;
        // What is found next needs room.
        drop((known, held, todo, inside, large));
        let over = dominators(walk).filter(|_| !full)?;
        for node in (1..nodes.len()).rev() {
            retained[over[node] as usize] += retained[node];
        }
        Some(Tree { nodes, over, retained, garbage, coarse, merged })
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
    /// The object of a node; none of the interpreter's, and of the garbage's.
    pub fn object(&self, numbering: &Numbering, node: u32) -> Option<ObjPtr> {
        let number = self.nodes[node as usize];
        (number != NOBODY).then(|| numbering.object(number))
    }
    /// Whether a node is no object's.
    pub fn is_nobody(&self, node: u32) -> bool {
        self.nodes[node as usize] == NOBODY
    }
}
