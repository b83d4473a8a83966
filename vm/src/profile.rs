//! Profiles: which functions, called by which, a run spends itself in.
//!
//! | by | how | the numbers |
//! |---|---|---|
//! | instructions | the counting units of a metered run (`fuel.rs`) say whose they are | exact, the same each time |
//! | time | whoever embeds the VM ticks a clock; at the next jump back or call the stack is noted | samples |
//!
//! Both add to a tree whose paths are stacks of functions. By instructions, a unit charges the top frame's node, which is
//! looked for only when the frame is new there:
//!
//! ```text
//!   frames:  module | boundary (sorted) | key | inner          path[d]: the node of frame d, and what it stands for
//!   path:    1      | -                 | 2   | 3              path[d] is right if code and parent are the frame's
//! ```
//!
//! The path is a thread's own. Every function that is entered or resumed is charged at once, so the entries of the frames below the top one are right
//! whenever somebody charges. What an exception keeps from running is given back as it is to the fuel.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::types::code::CodeObj;
use crate::vm::Vm;

/// What a profile counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// Bytecode instructions.
    Instructions,
    /// Ticks of a clock.
    Time,
}

/// More nodes than this are not made: what would be one counts for its caller.
const NODES_MAX: usize = 1 << 20;

/// A function on a stack.
struct Node {
    parent: u32,
    /// Index in `names`.
    name: u32,
    amount: i64,
}

/// What is known of a frame's place on the stack of its thread.
#[derive(Clone, Copy, Default)]
pub struct FrameNode {
    code: usize,
    parent: u32,
    node: u32,
}

/// The profile of a VM.
pub struct Profile {
    /// What is counted, if anything is. It does not change after the VM is made.
    pub by: Option<By>,
    /// Ticks since the last sample: a clock adds to it and sets `BreakerFlags::SAMPLE`.
    pub ticks: AtomicU32,
    /// The first is the root.
    nodes: RefCell<Vec<Node>>,
    /// By parent and code.
    children: RefCell<HashMap<(u32, usize), u32>>,
    names: RefCell<Vec<String>>,
    by_name: RefCell<HashMap<String, u32>>,
    /// Whether anything was left out for want of nodes.
    pub full: Cell<bool>,
}

impl Profile {
    /// An empty one.
    pub fn new(by: Option<By>) -> Profile {
        Profile {
            by,
            ticks: AtomicU32::new(0),
            nodes: RefCell::new(vec![Node { parent: 0, name: 0, amount: 0 }]),
            children: RefCell::default(),
            names: RefCell::new(vec![String::new()]),
            by_name: RefCell::default(),
            full: Cell::new(false),
        }
    }

    /// What was done until now does not count.
    pub fn begin(&self) {
        self.nodes.borrow_mut().iter_mut().for_each(|node| node.amount = 0);
    }

    /// Whether functions are lowered with units that say whose they are.
    #[inline]
    pub fn charges(&self) -> bool {
        self.by == Some(By::Instructions)
    }

    fn child(&self, vm: &Vm, parent: u32, code: &CodeObj) -> u32 {
        let key = (parent, std::ptr::from_ref(code) as usize);
        if let Some(node) = self.children.borrow().get(&key) {
            return *node;
        }
        let mut nodes = self.nodes.borrow_mut();
        if nodes.len() >= NODES_MAX {
            self.full.set(true);
            return parent;
        }
        let name = self.name(vm, code);
        nodes.push(Node { parent, name, amount: 0 });
        let node = nodes.len() as u32 - 1;
        self.children.borrow_mut().insert(key, node);
        node
    }

    fn name(&self, vm: &Vm, code: &CodeObj) -> u32 {
        let text =
            format!("{} ({}:{})", vm.text(&code.qualname), vm.text(&code.filename), code.facts.first_line);
        // A semicolon separates functions in the folded form.
        let text = text.replace(';', ",");
        let mut names = self.names.borrow_mut();
        *self.by_name.borrow_mut().entry(text).or_insert_with_key(|text| {
            names.push(text.clone());
            names.len() as u32 - 1
        })
    }

    /// The node of the top frame, whose callers' places are known.
    fn top_node(&self, vm: &Vm) -> u32 {
        let (stacks, depth) = (&vm.thread.stacks, vm.thread.stacks.depth());
        let mut path = vm.thread.profile_path.borrow_mut();
        if path.len() <= depth {
            path.resize(depth + 1, FrameNode::default());
        }
        let below = (1..=depth).find(|n| !stacks.below_top(*n).is_boundary());
        let parent = below.map_or(0, |n| path[depth - n].node);
        let code = stacks.top().run().object();
        let place = &mut path[depth];
        if place.code != std::ptr::from_ref(code) as usize || place.parent != parent {
            let node = self.child(vm, parent, code);
            *place = FrameNode { code: std::ptr::from_ref(code) as usize, parent, node };
        }
        place.node
    }

    /// The stack, as names from the outermost function on, of every node that has an amount; in order.
    pub fn stacks(&self) -> BTreeMap<Vec<String>, u64> {
        let (nodes, names) = (self.nodes.borrow(), self.names.borrow());
        let mut stacks = BTreeMap::new();
        for node in nodes.iter().skip(1).filter(|node| node.amount > 0) {
            let mut stack = vec![names[node.name as usize].clone()];
            let mut at = node.parent;
            while at != 0 {
                stack.push(names[nodes[at as usize].name as usize].clone());
                at = nodes[at as usize].parent;
            }
            stack.reverse();
            *stacks.entry(stack).or_default() += node.amount.unsigned_abs();
        }
        stacks
    }
}

impl Vm {
    /// The top frame's function is charged; below zero, given back.
    pub(crate) fn profile_charge(&self, amount: i64) {
        let node = self.profile.top_node(self);
        self.profile.nodes.borrow_mut()[node as usize].amount += amount;
    }

    /// A clock has ticked: the functions on the stack are noted.
    #[cold]
    pub(crate) fn profile_sample(&self) {
        let ticks = self.profile.ticks.swap(0, Ordering::Relaxed);
        let stacks = &self.thread.stacks;
        let mut node = 0;
        for below in (0..=stacks.depth()).rev() {
            let frame = stacks.below_top(below);
            if !frame.is_boundary() {
                node = self.profile.child(self, node, frame.run().object());
            }
        }
        self.profile.nodes.borrow_mut()[node as usize].amount += i64::from(ticks);
    }

    /// A code dies: another may come to lie where it was.
    pub(crate) fn profile_forget(&self, code: &CodeObj) {
        if self.profile.by.is_some() {
            let code = std::ptr::from_ref(code) as usize;
            self.profile.children.borrow_mut().retain(|key, _| key.1 != code);
            self.each_thread(&mut |_, thread| {
                let mut path = thread.profile_path.borrow_mut();
                path.iter_mut().filter(|place| place.code == code).for_each(|place| place.code = 0);
            });
        }
    }
}
