//! What the verifier knows of a stack slot, and stacks of such knowledge.
//!
//! Stacks are shared lists, each different one made once: two equal stacks are one number, so that comparing them where
//! ways meet takes no time.

use std::collections::HashMap;

/// What is known of a stack slot.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// Some value.
    Value,
    /// No value.
    Null,
    /// A value or none.
    MaybeNull,
    /// The list of `BUILD_LIST`.
    List,
    /// The set of `BUILD_SET`.
    Set,
    /// The dict of `BUILD_MAP`.
    Dict,
    /// A tuple: of `BUILD_TUPLE`, `LIST_TO_TUPLE`, or a constant.
    Tuple,
    /// A constant tuple of so many texts.
    Names(u32),
    /// A cell, of `LOAD_CLOSURE`.
    Cell,
    /// A tuple of so many cells.
    Cells(u32),
    /// A text: a constant, or made by formatting.
    Str,
    /// Constant number so much, a code object.
    Code(u32),
    /// A function that has what it needs.
    Function,
    /// A function that still needs a closure of so many cells.
    Unclosed(u32),
    /// What was being handled before, of `PUSH_EXC_INFO`.
    Previous,
    /// What `LOAD_FAST_AND_CLEAR` of this local has saved.
    Saved(u32),
}

impl Kind {
    /// Whether the slot holds a value that any instruction may take.
    pub fn is_value(self) -> bool {
        !matches!(self, Kind::Null | Kind::MaybeNull | Kind::Unclosed(_) | Kind::Previous | Kind::Saved(_))
    }

    /// Whether the slot holds a tuple.
    pub fn is_tuple(self) -> bool {
        matches!(self, Kind::Tuple | Kind::Names(_) | Kind::Cells(_))
    }

    /// What is known of a slot that is one or the other; `None` if they cannot be mixed.
    pub fn meet(self, other: Kind) -> Option<Kind> {
        let absent = |kind: Kind| matches!(kind, Kind::Null | Kind::MaybeNull);
        if self == other {
            Some(self)
        } else if self.is_tuple() && other.is_tuple() {
            Some(Kind::Tuple)
        } else if self.is_value() && other.is_value() {
            Some(Kind::Value)
        } else if (absent(self) || self.is_value()) && (absent(other) || other.is_value()) {
            Some(Kind::MaybeNull)
        } else {
            None
        }
    }
}

/// A stack: the number of its node.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Stack(u32);

#[derive(Clone, Copy)]
struct Node {
    kind: Kind,
    below: Stack,
    depth: u32,
    /// A stack further below. Two such jumps of one length make the next one, of both together and this step: so any depth is
    /// reached in as many steps as its number has digits (Myers' skew-binary lists).
    far_below: Stack,
}

/// All stacks of one run.
pub struct Stacks {
    nodes: Vec<Node>,
    known: HashMap<(Kind, Stack), Stack>,
    /// Steps that may still be taken.
    work: u64,
}

/// The stack is too shallow, or the work too much.
pub enum Bad {
    /// Too shallow.
    Shallow,
    /// Too much work.
    Work,
    /// Two kinds that cannot be mixed.
    Mixed,
}

impl Stacks {
    /// The empty stack.
    pub const EMPTY: Stack = Stack(0);

    /// Stacks for a run that may take so many steps.
    pub fn new(work: u64) -> Stacks {
        let bottom = Node { kind: Kind::Null, below: Stack(0), depth: 0, far_below: Stack(0) };
        Stacks { nodes: vec![bottom], known: HashMap::new(), work }
    }

    fn spend(&mut self, steps: u64) -> Result<(), Bad> {
        self.work = self.work.checked_sub(steps).ok_or(Bad::Work)?;
        Ok(())
    }

    /// How many slots.
    pub fn depth(&self, stack: Stack) -> u32 {
        self.nodes[stack.0 as usize].depth
    }

    /// With one slot more.
    pub fn push(&mut self, below: Stack, kind: Kind) -> Stack {
        if let Some(stack) = self.known.get(&(kind, below)) {
            return *stack;
        }
        let stack = Stack(self.nodes.len() as u32);
        let depth = self.depth(below) + 1;
        let first = self.nodes[below.0 as usize].far_below;
        let second = self.nodes[first.0 as usize].far_below;
        let alike = self.depth(below) - self.depth(first) == self.depth(first) - self.depth(second);
        let far_below = if alike { second } else { below };
        self.nodes.push(Node { kind, below, depth, far_below });
        self.known.insert((kind, below), stack);
        stack
    }

    /// The top slot, and what is below.
    pub fn pop(&mut self, stack: Stack) -> Result<(Kind, Stack), Bad> {
        self.spend(1)?;
        if stack == Stacks::EMPTY {
            return Err(Bad::Shallow);
        }
        let node = self.nodes[stack.0 as usize];
        Ok((node.kind, node.below))
    }

    /// The slot `count` below the top (1 is the top).
    pub fn peek(&mut self, stack: Stack, count: u32) -> Result<Kind, Bad> {
        let depth = (self.depth(stack) + 1).checked_sub(count).ok_or(Bad::Shallow)?;
        let at = self.cut(stack, depth)?;
        Ok(self.pop(at)?.0)
    }

    /// The top cut off down to `depth`.
    pub fn cut(&mut self, stack: Stack, depth: u32) -> Result<Stack, Bad> {
        let mut at = stack;
        if self.depth(at) < depth {
            return Err(Bad::Shallow);
        }
        while self.depth(at) > depth {
            self.spend(1)?;
            let node = self.nodes[at.0 as usize];
            at = if self.depth(node.far_below) < depth { node.below } else { node.far_below };
        }
        Ok(at)
    }

    /// The top and the `count`-th slot exchanged.
    pub fn swap(&mut self, stack: Stack, count: u32) -> Result<Stack, Bad> {
        let (top, mut at) = self.pop(stack)?;
        let mut between = Vec::new();
        for _ in 2..count {
            let (kind, below) = self.pop(at)?;
            between.push(kind);
            at = below;
        }
        let (deep, below) = self.pop(at)?;
        let mut made = self.push(below, top);
        for kind in between.into_iter().rev() {
            made = self.push(made, kind);
        }
        Ok(self.push(made, deep))
    }

    /// What is known where two ways with stacks of one depth meet.
    pub fn meet(&mut self, mut a: Stack, mut b: Stack) -> Result<Stack, Bad> {
        let mut differing = Vec::new();
        while a != b {
            let (one, below_a) = self.pop(a)?;
            let (other, below_b) = self.pop(b)?;
            differing.push(one.meet(other).ok_or(Bad::Mixed)?);
            (a, b) = (below_a, below_b);
        }
        for kind in differing.into_iter().rev() {
            a = self.push(a, kind);
        }
        Ok(a)
    }
}
