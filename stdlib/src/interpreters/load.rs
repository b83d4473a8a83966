//! What crosses from one interpreter to another, in a form that belongs to no heap.

use std::sync::Arc;

use ryokan_vm::native::*;

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
    Tuple(Box<[Crossing]>),
    View(Box<ViewOf>),
    /// A queue, which lives as long as somebody has this.
    Queue {
        id: i64,
        _token: Arc<()>,
    },
    /// A channel, which lives as long; its end (0: both), and whether an object of a script's own stands for it.
    Channel {
        id: i64,
        end: u8,
        is_object: bool,
        token: Arc<()>,
    },
    /// The code of a function that needs nothing but builtins.
    Function(Box<[u8]>),
    /// What `pickle` makes of it, and the file of the program that it comes from.
    Pickle(Box<[u8]>, Option<Box<str>>),
}

/// An object on its way, and what is charged for it to all interpreters together.
pub struct Load {
    pub(super) item: Crossing,
    /// (It gives back when it goes.)
    pub(super) _aside: Option<SetAside>,
}

impl Load {
    /// None, which costs nothing.
    pub const NONE: Load = Load { item: Crossing::None, _aside: None };
}
