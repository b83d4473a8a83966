//! Abstract syntax as plain data: what the compiler makes of a source for `ast`, and takes back to make code of it.
//!
//! Invariants: a [`Tree`] is a list of nodes in which children stand in front of their parents, so that whoever walks over it from the
//! front needs no recursion, and freeing it none either. It knows no heap: texts, numbers and constants are [`Const`]s.
//!
//! Read next: `ast/rows.rs`, the one table of node classes.

mod rows;

pub use rows::{NodeClass as Class, ROWS};

use crate::code::{Const, Text};

/// The words that are no names, in order.
pub const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

macro_rules! kinds {
    ($($kind:ident $name:literal $attributes:ident),* $(,)?) => {
        /// What a field holds: a node of a sum or product, or a plain value.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[allow(missing_docs, reason = "the grammar's names")]
        pub enum Kind { $($kind),* }

        impl Kind {
            /// All of them.
            pub const ALL: &[Kind] = &[$(Kind::$kind),*];
            /// How the grammar names it.
            pub const fn name(self) -> &'static str {
                match self { $(Kind::$kind => $name),* }
            }
            /// What nodes of it say about their place.
            pub const fn attributes(self) -> Attributes {
                match self { $(Kind::$kind => Attributes::$attributes),* }
            }
        }
    };
}

/// What a node says about its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Attributes {
    /// Nothing.
    No,
    /// Its beginning, and its end if that is known.
    Start,
    /// Its beginning and its end.
    Whole,
}

kinds! {
    Mod "mod" No, Stmt "stmt" Start, Expr "expr" Start, ExprContext "expr_context" No, Boolop "boolop" No, Operator "operator" No,
    Unaryop "unaryop" No, Cmpop "cmpop" No, Comprehension "comprehension" No, Excepthandler "excepthandler" Start,
    Arguments "arguments" No, Arg "arg" Start, Keyword "keyword" Start, Alias "alias" Start, Withitem "withitem" No,
    MatchCase "match_case" No, Pattern "pattern" Whole, TypeIgnore "type_ignore" No, TypeParam "type_param" Whole,
    Identifier "identifier" No, String "string" No, Int "int" No, Constant "constant" No,
}

impl Kind {
    /// Whether it is a plain value, no node.
    pub const fn is_plain(self) -> bool {
        matches!(self, Kind::Identifier | Kind::String | Kind::Int | Kind::Constant)
    }
    /// The classes that belong to it.
    pub fn classes(self) -> impl Iterator<Item = &'static Row> {
        ROWS.iter().filter(move |row| row.sum == self)
    }
    /// Whether it is a product: one class, which has its name.
    pub fn is_product(self) -> bool {
        self.classes().next().is_some_and(|row| row.name == self.name())
    }
}

/// How many things a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Many {
    /// One.
    One,
    /// One or none.
    Opt,
    /// Any number.
    Seq,
    /// Any number of ones or nones.
    Gaps,
}

/// A field of a class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// How many it holds.
    pub many: Many,
    /// Of what.
    pub kind: Kind,
}

/// What the table says about a class.
#[derive(Debug)]
pub struct Row {
    /// The class.
    pub class: Class,
    /// Its name.
    pub name: &'static str,
    /// What it belongs to.
    pub sum: Kind,
    /// Its fields.
    pub fields: &'static [Field],
}

impl Row {
    /// The row as the grammar writes it.
    pub fn signature(&self) -> String {
        let mark = |many| match many {
            Many::One => "",
            Many::Opt => "?",
            Many::Seq => "*",
            Many::Gaps => "?*",
        };
        let fields: Vec<String> =
            self.fields.iter().map(|f| format!("{}{} {}", f.kind.name(), mark(f.many), f.name)).collect();
        if fields.is_empty() { self.name.to_owned() } else { format!("{}({})", self.name, fields.join(", ")) }
    }
}

impl Class {
    /// Its row.
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }
}

/// Where a node stands: lines from 1, columns in UTF-8 bytes from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// First line.
    pub line: i32,
    /// Column of the first byte.
    pub col: i32,
    /// Last line.
    pub end_line: i32,
    /// Column after the last byte.
    pub end_col: i32,
}

/// A node of a tree, by its number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u32);

/// What a field of a node holds.
#[derive(Clone, PartialEq, Debug)]
pub enum Item {
    /// Nothing.
    None,
    /// A node.
    Node(NodeId),
    /// A plain value: a str, an int, a constant.
    Plain(Const),
    /// A sequence: so many items of the tree from one on.
    Seq(u32, u32),
    /// A value that is no constant: the name of its type.
    Odd(Text),
}

/// A node.
#[derive(Clone, Copy, Debug)]
pub struct Node<'t> {
    /// Its class.
    pub class: Class,
    /// Where it stands, if nodes of its class say so.
    pub place: Place,
    /// Its fields, in the order of the row.
    pub fields: &'t [Item],
}

#[derive(Debug)]
struct Stored {
    class: Class,
    place: Place,
    first: u32,
}

/// A tree.
#[derive(Debug, Default)]
pub struct Tree {
    nodes: Vec<Stored>,
    items: Vec<Item>,
}

impl Tree {
    /// Bytes that a node and its items take at most, with room that a vector has ahead.
    pub const NODE_BYTES: usize = 2 * size_of::<Stored>();
    /// Bytes that an item takes.
    pub const ITEM_BYTES: usize = 2 * size_of::<Item>();

    /// Adds a node; there are as many fields as its row has.
    pub fn add(&mut self, class: Class, place: Place, fields: impl IntoIterator<Item = Item>) -> Item {
        let first = self.items.len() as u32;
        self.items.extend(fields);
        let wanted = first as usize + class.row().fields.len();
        self.items.resize(wanted, Item::None);
        self.nodes.push(Stored { class, place, first });
        Item::Node(NodeId(self.nodes.len() as u32 - 1))
    }

    /// Adds a sequence.
    pub fn seq(&mut self, items: impl IntoIterator<Item = Item>) -> Item {
        let first = self.items.len() as u32;
        self.items.extend(items);
        Item::Seq(first, self.items.len() as u32 - first)
    }

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.nodes.len() * Tree::NODE_BYTES + self.items.len() * Tree::ITEM_BYTES
    }
    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
    /// The root: the last node.
    pub fn root(&self) -> Option<NodeId> {
        self.nodes.len().checked_sub(1).map(|last| NodeId(last as u32))
    }
    /// A node.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        let stored = &self.nodes[id.0 as usize];
        let first = stored.first as usize;
        let fields = &self.items[first..first + stored.class.row().fields.len()];
        Node { class: stored.class, place: stored.place, fields }
    }
    /// All nodes, children in front of parents.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..self.nodes.len() as u32).map(|id| self.node(NodeId(id)))
    }
    /// The items of a sequence; none for any other item.
    pub fn items(&self, item: &Item) -> &[Item] {
        match item {
            Item::Seq(first, len) => &self.items[*first as usize..(*first + *len) as usize],
            _ => &[],
        }
    }
    /// The item of a field, replaced.
    pub fn set_field(&mut self, id: NodeId, field: usize, item: Item) {
        let first = self.nodes[id.0 as usize].first as usize;
        self.items[first + field] = item;
    }
    /// The place of a node, replaced.
    pub fn set_place(&mut self, id: NodeId, place: Place) {
        self.nodes[id.0 as usize].place = place;
    }
}

impl Item {
    /// A str.
    pub fn text(text: &str) -> Item {
        Item::Plain(Const::Str(Text::from(text)))
    }
    /// An int.
    pub fn int(n: i64) -> Item {
        Item::Plain(Const::Int(n))
    }
    /// The node that it is.
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Item::Node(id) => Some(*id),
            _ => None,
        }
    }
    /// Whether there is nothing.
    pub fn is_none(&self) -> bool {
        matches!(self, Item::None)
    }
}

impl<'t> Node<'t> {
    /// A field by number; nothing if the class has fewer.
    pub fn field(&self, at: usize) -> &'t Item {
        self.fields.get(at).unwrap_or(&Item::None)
    }
    /// The int in a field; 0 for anything else.
    pub fn int(&self, at: usize) -> i64 {
        match self.field(at) {
            Item::Plain(Const::Int(n)) => *n,
            _ => 0,
        }
    }
    /// The str in a field.
    pub fn text(&self, at: usize) -> Option<&'t Text> {
        match self.field(at) {
            Item::Plain(Const::Str(text)) => Some(text),
            _ => None,
        }
    }
}
