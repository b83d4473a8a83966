//! What crosses from one interpreter to another, in a form that belongs to no heap.

use std::sync::Arc;

use ryokan_vm::native::*;

use super::channels::End;

/// The characters of a str, in the width that they are stored in.
pub enum Letters {
    One(Box<[u8]>),
    Two(Box<[u16]>),
    Four(Box<[u32]>),
}

/// The bytes of a memoryview, and how it shows them. They are a copy: each interpreter's memory is its own.
pub struct ViewOf {
    pub bytes: Box<[u8]>,
    pub readonly: bool,
    pub format: Box<str>,
    pub shape: Box<[i64]>,
}

/// An object on its way.
pub enum Crossing {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Letters),
    Bytes(Box<[u8]>),
    /// Of so many items, each of which stands behind it with what is in it.
    Tuple(usize),
    View(Box<ViewOf>),
    /// A queue, which lives as long as somebody has this.
    Queue {
        id: i64,
        _token: Arc<()>,
    },
    /// A channel, which lives as long; and whether an object of a script's own stands for it.
    Channel {
        id: i64,
        end: End,
        is_object: bool,
        token: Arc<()>,
    },
    /// The code of a function that needs nothing but builtins.
    Function(Box<[u8]>),
    /// What `pickle` makes of it, and the file of the program that it comes from.
    Pickle(Box<[u8]>, Option<Box<[u8]>>),
}

/// An object on its way, with what is in it behind it, and what is charged for all that to all interpreters together.
pub struct Load {
    /// Nothing: it is None, which costs nothing.
    pub(super) items: Vec<Crossing>,
    /// (It gives back when it goes.)
    pub(super) _aside: Option<SetAside>,
}

impl Load {
    /// None.
    pub const NONE: Load = Load { items: Vec::new(), _aside: None };
}
