//! Families of opcodes: those whose number says what their operands are, one opcode for each combination.
//!
//! A row of `families!` gives the sizes of a family's parts; where it begins follows from the row before, and how its handlers lie
//! in the table of `ops/mod.rs` from the same sizes. A part's values are the constants and enums of this page.

use ryokan_bytecode::{BinaryOp, CompareOp};

use super::ops::RunOp;

/// Operands: two registers.
pub const RR: usize = 0;
/// A register and a constant.
pub const RK: usize = 1;
/// A constant and a register.
pub const KR: usize = 2;
/// How many ways there are for two operands.
const MODES: usize = 3;

/// The key of a subscript is in a register.
pub const REGISTER: usize = 0;
/// It is a constant.
pub const CONSTANT: usize = 1;
/// The operand itself is the index: a small int.
pub const IMMEDIATE: usize = 2;
/// How many ways there are for a key.
const KEYS: usize = 3;

/// The value of a store comes from a local.
pub const SHARED: usize = 0;
/// From a local that is dead afterwards.
pub const LAST: usize = 1;
/// From a temporary.
pub const MOVED: usize = 2;
/// How many ways there are for a stored value.
const ORIGINS: usize = 3;

/// How many values a `bool` has.
const EITHER: usize = 2;

/// The binary operators, in the order of their handlers: those that look at floats first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "each is the operator of its name")]
pub enum Arith {
    Add,
    Subtract,
    Multiply,
    FloorDivide,
    Remainder,
    TrueDivide,
    And,
    Or,
    Xor,
    LeftShift,
    RightShift,
    Power,
    MatrixMultiply,
}

impl Arith {
    /// How many there are.
    pub const COUNT: usize = BinaryOp::PLAIN;
    /// How many of them, the first ones, have a form that looks for floats first.
    pub const FLOATING: usize = Arith::TrueDivide as usize + 1;

    /// The handlers' operator, in place or not.
    pub fn of(op: BinaryOp) -> Arith {
        match op {
            BinaryOp::Add | BinaryOp::InplaceAdd => Arith::Add,
            BinaryOp::Subtract | BinaryOp::InplaceSubtract => Arith::Subtract,
            BinaryOp::Multiply | BinaryOp::InplaceMultiply => Arith::Multiply,
            BinaryOp::FloorDivide | BinaryOp::InplaceFloorDivide => Arith::FloorDivide,
            BinaryOp::Remainder | BinaryOp::InplaceRemainder => Arith::Remainder,
            BinaryOp::TrueDivide | BinaryOp::InplaceTrueDivide => Arith::TrueDivide,
            BinaryOp::And | BinaryOp::InplaceAnd => Arith::And,
            BinaryOp::Or | BinaryOp::InplaceOr => Arith::Or,
            BinaryOp::Xor | BinaryOp::InplaceXor => Arith::Xor,
            BinaryOp::LeftShift | BinaryOp::InplaceLeftShift => Arith::LeftShift,
            BinaryOp::RightShift | BinaryOp::InplaceRightShift => Arith::RightShift,
            BinaryOp::Power | BinaryOp::InplacePower => Arith::Power,
            BinaryOp::MatrixMultiply | BinaryOp::InplaceMatrixMultiply => Arith::MatrixMultiply,
        }
    }
}

/// The operator of a handler, not in place: [`Arith::of`] the other way.
pub const PLAIN: [BinaryOp; Arith::COUNT] = [
    BinaryOp::Add,
    BinaryOp::Subtract,
    BinaryOp::Multiply,
    BinaryOp::FloorDivide,
    BinaryOp::Remainder,
    BinaryOp::TrueDivide,
    BinaryOp::And,
    BinaryOp::Or,
    BinaryOp::Xor,
    BinaryOp::LeftShift,
    BinaryOp::RightShift,
    BinaryOp::Power,
    BinaryOp::MatrixMultiply,
];

/// A family: opcodes from `base` on, one for each combination of `N` parts, the last part changing fastest.
pub struct Family<const N: usize> {
    base: usize,
    sizes: [usize; N],
}

impl<const N: usize> Family<N> {
    const fn new(base: usize, sizes: [usize; N]) -> Family<N> {
        Family { base, sizes }
    }
    /// Its first opcode.
    pub const fn base(&self) -> usize {
        self.base
    }
    /// How many opcodes it has.
    pub const fn size(&self) -> usize {
        let (mut size, mut part) = (1, 0);
        while part < N {
            size *= self.sizes[part];
            part += 1;
        }
        size
    }
    /// The opcode behind its last.
    pub const fn end(&self) -> usize {
        self.base + self.size()
    }
    /// The opcode of a combination.
    pub const fn opcode(&self, parts: [usize; N]) -> u16 {
        let (mut at, mut part) = (0, 0);
        while part < N {
            assert!(parts[part] < self.sizes[part]);
            at = at * self.sizes[part] + parts[part];
            part += 1;
        }
        (self.base + at) as u16
    }
    /// The combination of one of its opcodes.
    #[inline]
    pub const fn parts(&self, opcode: u16) -> [usize; N] {
        let (mut rest, mut parts, mut part) = (opcode as usize - self.base, [0; N], N);
        while part > 0 {
            part -= 1;
            parts[part] = rest % self.sizes[part];
            rest /= self.sizes[part];
        }
        parts
    }
}

/// Lays out the rows one behind the other.
macro_rules! families {
    ($base:expr; ) => {
        /// How many opcodes there are.
        pub const OPCODES: usize = $base;
    };
    ($base:expr; $(#[doc = $doc:literal])+ $name:ident: $parts:literal [$($size:expr),+]; $($rest:tt)*) => {
        $(#[doc = $doc])+
        pub const $name: Family<$parts> = Family::new($base, [$($size),+]);
        families! { $name.end(); $($rest)* }
    };
}

families! {
    RunOp::ALL.len();
    /// Binary operators: the operator ([`Arith`]), where the operands are, whether the destination is a local.
    ARITH: 3 [Arith::COUNT, MODES, EITHER];
    /// Comparisons that leave a value: the operator, where the operands are.
    COMPARE: 2 [CompareOp::ALL.len(), MODES];
    /// Comparisons that jump: the same, the answer that jumps, whether the jump closes a loop.
    COMPARE_JUMP: 4 [CompareOp::ALL.len(), MODES, EITHER, EITHER];
    /// Jumps on the truth of a register: the truth that jumps, whether the jump closes a loop.
    TRUTH_JUMP: 2 [EITHER, EITHER];
    /// Forms of [`ARITH`] that look for floats first.
    FLOATS: 3 [Arith::FLOATING, MODES, EITHER];
    /// Loads of an item: where the key is, and whether the container is a temporary, the consumer only looks, and the destination is a
    /// local.
    SUBSCRIPT: 4 [KEYS, EITHER, EITHER, EITHER];
    /// Stores of an item: where the key is, whether the container is a temporary, where the value comes from.
    STORE: 3 [KEYS, EITHER, ORIGINS];
}

/// From an operator's opcode to that of its form that looks for floats first, which lies in the same place of its family.
pub const FLOATS_FIRST: u16 = (FLOATS.base() - ARITH.base()) as u16;

/// The local that a target of an unpacking names.
pub const TARGET: u16 = 0x7FFF;
/// The bit of a target whose local is only peeked: a number's bits will do.
pub const LOOKS: u16 = 0x8000;

#[cfg(test)]
mod tests {
    use super::*;

    fn is_whole<const N: usize>(family: &Family<N>) {
        for opcode in family.base()..family.end() {
            assert_eq!(usize::from(family.opcode(family.parts(opcode as u16))), opcode);
        }
    }

    #[test]
    fn an_operator_has_its_handler() {
        for (number, op) in PLAIN.into_iter().enumerate() {
            assert_eq!(Arith::of(op) as usize, number);
        }
    }

    #[test]
    fn an_opcode_is_its_parts() {
        is_whole(&ARITH);
        is_whole(&COMPARE_JUMP);
        is_whole(&FLOATS);
        is_whole(&SUBSCRIPT);
        is_whole(&STORE);
        assert_eq!(STORE.parts(STORE.opcode([IMMEDIATE, 1, LAST])), [IMMEDIATE, 1, LAST]);
    }
}
