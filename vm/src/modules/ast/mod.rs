//! `_ast`: the classes of Python's abstract syntax, and trees of them: made of what the compiler has read, and read for it.
//!
//! | file | what |
//! |---|---|
//! | `classes.rs` | the classes, made of the table in `bytecode/src/ast/rows.rs` |
//! | `node.rs` | `AST`: what nodes can do |
//! | `show.rs` | their repr |
//! | `build.rs` | the compiler's tree as objects |
//! | `read.rs` | objects as a tree for the compiler |
//!
//! The classes are made when they are first needed; then they are as classes of Python's are, which a script may change. So whatever
//! looks at a node may run Python.

mod build;
mod classes;
mod node;
mod read;
mod show;

use crate::native::*;
use crate::vm::Vm;

pub use build::build;
pub use read::{expect_root, is_node, read};

/// `compile` gives a tree instead of code.
pub const ONLY_AST: i64 = 0x400;
/// Comments that name types are read.
pub const TYPE_COMMENTS: i64 = 0x1000;
/// `await` may stand outside of functions.
pub const TOP_LEVEL_AWAIT: i64 = 0x2000;
/// `compile` gives a tree whose constants are folded.
pub const OPTIMIZED_AST: i64 = 0x8400;

crate::native_module! {
    /// The classes of abstract syntax, which the module ast gives to programs.
    "_ast" {
        consts {
            "PyCF_ONLY_AST" = ONLY_AST;
            "PyCF_TYPE_COMMENTS" = TYPE_COMMENTS;
            "PyCF_ALLOW_TOP_LEVEL_AWAIT" = TOP_LEVEL_AWAIT;
            "PyCF_OPTIMIZED_AST" = OPTIMIZED_AST;
        }
        fill = classes::fill;
    }
}

/// Makes the names of a text known to the VM, as names of attributes are.
fn name(vm: &Vm, text: &str) -> Res {
    vm.intern(text)
}
