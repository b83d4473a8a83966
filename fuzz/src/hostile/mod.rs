//! Hostile programs from bytes: every method of every builtin type, called with objects whose special methods do harm.
//!
//! | file | what |
//! |---|---|
//! | `prelude.py` | what every program begins with: the acts of harm, and how operations are run |
//! | `evil.rs` | classes with special methods that act and then give something, right or wrong |
//! | `receivers.rs` | how a value of each type is made; every attribute of every type, as the interpreter lists them |
//! | `calls.rs` | an operation: an attribute of a receiver, called, applied as an operator, or used on something foreign |
//! | `shapes.rs` | programs of a kind: deep nesting, classes being made, sorting, frames, the collector's lists ... |
//!
//! ```text
//!   program := prelude class+ part*        part := operation | shape, each run by attempt(), which catches everything
//! ```
//!
//! Nobody compares what a program prints (before each operation its name, so that the last line says where a run died). What must
//! hold: it ends, without a panic or a signal, and the heap is in order afterwards, every count exact. The acts of a program are
//! limited, so that it does not spend its instructions on harm done by harm.

pub mod calls;
pub mod evil;
pub mod receivers;
pub mod shapes;

use std::fmt::Write;

use arbitrary::Unstructured;

use crate::choices::Choices;

use ryokan_vm::stress::Stress;

use crate::Settings;
use crate::programs::bytes_of;
use evil::Evil;
use receivers::Attribute;

/// What every program begins with.
pub const PRELUDE: &str = include_str!("prelude.py");

/// The most that a program is long behind its prelude, in bytes; afterwards no part begins.
const LONGEST: usize = 24_000;

struct Gen<'a, 'b> {
    u: &'b mut Unstructured<'a>,
    out: String,
    classes: Vec<Evil>,
    /// Numbers operations.
    next: usize,
}

/// How a program is run, by a byte: which stress, whether memory is short, whether an allocation is refused.
pub fn settings(how: u8, length: usize) -> Settings {
    let plain = Settings { fuel: 1_000_000, ..Settings::default() };
    let stress = Stress {
        collect_every: (how & 1 != 0).then_some(u32::from(how >> 6) * 3 + 1),
        plain_code: how & 2 != 0,
        no_caches: how & 4 != 0,
        ..plain.stress
    };
    let cap = if how & 8 != 0 { 4 << 20 } else { plain.cap };
    let fail_alloc = (how & 0x30 == 0x30).then_some(u64::from(how >> 6) * 1009 + 31 * length as u64);
    Settings { stress, cap, fail_alloc, ..plain }
}

/// A program from bytes. The same bytes give the same program.
pub fn generate(data: &[u8]) -> String {
    generate_for(data, None)
}

/// The program of a seed; as many seeds as there are attributes use each of them.
pub fn generate_seed(seed: u64) -> String {
    let all = receivers::attributes();
    generate_for(&bytes_of(seed), all.get(seed as usize % all.len()))
}

/// A program whose first operation uses an attribute.
pub fn generate_for(data: &[u8], first: Option<&Attribute>) -> String {
    let mut u = Unstructured::new(data);
    let mut g = Gen { u: &mut u, out: String::new(), classes: Vec::new(), next: 0 };
    g.program(first);
    format!("{PRELUDE}\nNAMES = {:?}\n\n{}", evil::names(), g.out)
}

impl<'a> Choices<'a> for Gen<'a, '_> {
    fn bytes(&mut self) -> &mut Unstructured<'a> {
        self.u
    }
}

impl Gen<'_, '_> {
    fn program(&mut self, first: Option<&Attribute>) {
        for _ in 0..self.below(4) + 2 {
            self.evil_class();
        }
        if let Some(attribute) = first {
            // Making the receiver may fail, evil as its parts are: one of two will do.
            self.operation_on(attribute);
            self.operation_on(attribute);
        }
        for _ in 0..self.below(14) + 2 {
            if self.out.len() > LONGEST {
                return;
            }
            match self.below(4) {
                3 => self.shape(),
                _ => self.operation(),
            }
        }
    }

    // ---- choices ---------------------------------------------------------------------------------------------------

    /// The number of an act on a victim.
    fn number(&mut self) -> usize {
        self.below(8192)
    }

    // ---- text ------------------------------------------------------------------------------------------------------

    fn line(&mut self, indent: usize, text: impl AsRef<str>) {
        let _ = writeln!(self.out, "{}{}", "    ".repeat(indent), text.as_ref());
    }

    fn class_name(&mut self) -> String {
        match self.classes.len() {
            0 => "Spare".to_string(),
            n => {
                let at = self.below(n);
                self.classes[at].name.clone()
            }
        }
    }

    /// An expression for an object that does harm.
    fn evil(&mut self) -> String {
        match self.classes.len() {
            0 => "Spare()".to_string(),
            n => {
                let at = self.below(n);
                self.classes[at].make.clone()
            }
        }
    }

    /// Fills a template: `@` an evil object, `$` its class, `?` any value, `#` a number for harm.
    fn fill(&mut self, template: &str) -> String {
        let mut text = String::new();
        for c in template.chars() {
            match c {
                '@' => text += &self.evil(),
                '$' => text += &self.class_name(),
                '?' => text += &self.value(),
                '#' => {
                    let _ = write!(text, "{}", self.number());
                }
                c => text.push(c),
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run;

    #[test]
    fn programs_are_valid() {
        for seed in 0..300 {
            let text = generate_seed(seed * 19);
            let outcome = run(&format!("compile({text:?}, 'f', 'exec')"), &Settings::default());
            assert_eq!(outcome.error, None, "seed {seed}: {}\n{text}", outcome.message);
        }
    }
}
