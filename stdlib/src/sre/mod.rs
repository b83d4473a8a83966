//! `_sre`: the engine of `re`, whose compiler is Python's.
//!
//! | file | what |
//! |---|---|
//! | `codes.rs`, `tree.rs` | the code that the compiler makes, read once into a tree that is sound whatever it was |
//! | `program.rs`, `lower.rs` | what the tree becomes: instructions, and what is known of how a match begins |
//! | `chars.rs` | characters of all widths, case, sets |
//! | `engine.rs`, `loops.rs`, `search.rs` | the machine that backtracks on a stack of its own, and where it is tried |
//! | `subject.rs` | what is searched, and runs over it: the machine pauses whenever Python may run |
//! | `pattern.rs`, `matches.rs`, `replace.rs`, `scanner.rs` | the types |

use ryokan_vm::native::*;

mod chars;
mod codes;
mod engine;
mod loops;
mod lower;
mod matches;
mod pattern;
mod program;
mod replace;
mod scanner;
mod search;
mod subject;
mod tree;

use pattern::compile;
use replace::template;

native_module! {
    /// The engine of regular expressions.
    "_sre" {
        consts {
            "MAGIC" = codes::MAGIC;
            "CODESIZE" = 4;
            "MAXREPEAT" = i64::from(codes::FOREVER);
            "MAXGROUPS" = i64::from(codes::MOST_GROUPS);
            "copyright" = "Ryokan's engine of regular expressions";
        }
        functions {
            /// How many bytes a word of code has.
            getcodesize();
            /// Whether a character is an ASCII letter.
            ascii_iscased(character: i32, /);
            /// Whether a character has another case.
            unicode_iscased(character: i32, /);
            /// A character's lower case, of an ASCII letter.
            ascii_tolower(character: i32, /);
            /// A character's lower case.
            unicode_tolower(character: i32, /);
            /// A pattern of the code that re's compiler makes.
            compile(pattern: Value, flags: i32, code: List, groups: i64, groupindex: Dict, indexgroup: Tuple);
            /// A template of literals and numbers of groups, by turns.
            template(pattern: &Value, template: List, /);
        }
    }
}

fn getcodesize(_: &Cx) -> i64 {
    4
}
fn ascii_iscased(_: &Cx, character: i32) -> bool {
    u8::try_from(character).is_ok_and(|c| c.is_ascii_alphabetic())
}
fn unicode_iscased(_: &Cx, character: i32) -> bool {
    let c = character as u32;
    chars::lower_unicode(c) != c || chars::upper_unicode(c) != c
}
fn ascii_tolower(_: &Cx, character: i32) -> i32 {
    chars::lower_ascii(character as u32) as i32
}
fn unicode_tolower(_: &Cx, character: i32) -> i32 {
    chars::lower_unicode(character as u32) as i32
}
