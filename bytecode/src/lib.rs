//! The contract between the compiler and the VM: the opcode table, [`Code`], its verifier and its disassembler.
//!
//! Knows nobody. Read `ops.rs` first.
#![forbid(unsafe_code)]

pub mod ast;
pub mod code;
pub mod dis;
pub mod flow;
pub mod image;
pub mod names;
pub mod operand;
pub mod ops;
pub mod positions;
pub mod symbols;
pub mod verify;

pub use code::{
    Code, CodeFlags, Const, Facts, Handler, InstrIndex, LocalKind, LocalVar, MAX_FRAME_SLOTS, Position, Text,
};
pub use operand::{BinaryOp, Common, CompareOp, Conversion, FunctionPart, OperandKind, Special, TypeForm};
pub use ops::{Effect, Instr, Op, OpFlags};
pub use positions::Positions;
pub use verify::{Fault, Rule, Verified, verify};
