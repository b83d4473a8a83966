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

use ryokan_bytecode::CodeFlags;

use crate::native::*;
use crate::vm::Vm;

pub use build::build;
pub use read::{expect_root, is_node, read};

bitflags::bitflags! {
    /// What `compile` is asked for, with CPython's values: `PyCF_*`, and features of the future.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct CompileFlags: u32 {
        /// Asked for by old programs; means nothing.
        const NESTED = CodeFlags::NESTED.bits();
        /// A block of interactive input that the text's end cuts off is not over.
        const DONT_IMPLY_DEDENT = 0x200;
        /// A tree instead of code.
        const ONLY_AST = 0x400;
        /// Comments that name types are read: taken, but nothing reads them yet.
        const TYPE_COMMENTS = 0x1000;
        /// A module may await.
        const TOP_LEVEL_AWAIT = 0x2000;
        /// A text that has no end is told from one that is wrong.
        const ALLOW_INCOMPLETE = 0x4000;
        /// A tree whose constants are folded.
        const OPTIMIZED_AST = 0x8000 | CompileFlags::ONLY_AST.bits();
        /// What `from __future__` can ask for.
        const FUTURES = CodeFlags::FUTURES.bits();
    }
}

impl CompileFlags {
    /// The features of the future among them.
    pub fn futures(self) -> CodeFlags {
        CodeFlags::from_bits_truncate((self & CompileFlags::FUTURES).bits())
    }
}

crate::native_module! {
    /// The classes of abstract syntax, which the module ast gives to programs.
    "_ast" {
        consts {
            "PyCF_ONLY_AST" = CompileFlags::ONLY_AST.bits();
            "PyCF_TYPE_COMMENTS" = CompileFlags::TYPE_COMMENTS.bits();
            "PyCF_ALLOW_TOP_LEVEL_AWAIT" = CompileFlags::TOP_LEVEL_AWAIT.bits();
            "PyCF_OPTIMIZED_AST" = CompileFlags::OPTIMIZED_AST.bits();
        }
        fill = classes::fill;
    }
}

/// Makes the names of a text known to the VM, as names of attributes are.
fn name(vm: &Vm, text: &str) -> Res {
    vm.intern(text)
}
