//! The native API: modules, functions and types in Rust, for the standard library and for embedders alike.
//!
//! A module is a file that reads like its Python documentation: plain functions over a [`Cx`], and a table at its end. The
//! signature in the table is the Python signature, with Rust's types: names, defaults, `/` and `*` marks, conversion, argument
//! errors and `__text_signature__` all come from it.
//!
//! ```
//! use ryokan_vm::native::*;
//!
//! native_module! {
//!     /// Temperatures.
//!     "heat" {
//!         functions {
//!             /// Degrees Fahrenheit of degrees Celsius.
//!             fahrenheit(celsius: f64, /);
//!             /// The warmer one; `base` is what counts as zero.
//!             warmer(a: f64, b: f64, *, base: f64 = 0.0);
//!         }
//!     }
//! }
//!
//! fn fahrenheit(_: &Cx, celsius: f64) -> f64 {
//!     celsius * 1.8 + 32.0
//! }
//! fn warmer(_: &Cx, a: f64, b: f64, base: f64) -> f64 {
//!     a.max(b) - base
//! }
//! ```
//!
//! | file | what |
//! |---|---|
//! | `cx.rs` | [`Cx`]: what native code may ask of the interpreter |
//! | `calls.rs` | calls with names that are values, bound methods, contexts |
//! | `convert.rs` | parameters and results |
//! | `numbers.rs` | ints of any size, floats |
//! | `buffer.rs`, `bytes.rs` | the bytes of objects; bytes that grow |
//! | `collections.rs` | lists, dicts, tuples, strs and bytes |
//! | `plain.rs` | what objects are exactly, sets, own attributes |
//! | `text.rs`, `encodings.rs` | the characters of strs, and their properties; encodings |
//! | `raising.rs` | what goes wrong: raising, catching, warnings |
//! | `interpreters.rs` | other interpreters of the program |
//! | `outside.rs` | what of the outside the host allows, and waiting for it |
//! | `fields.rs`, `values.rs`, `again.rs` | what the body of a native type is made of |
//! | `module.rs`, `macros.rs`, `rows.rs` | the tables: [`native_module!`](crate::native_module), [`native_type!`](crate::native_type); what a row's signature becomes |
//!
//! # The rules
//!
//! - The methods of [`Cx`] say whether Python may run in them, and what they raise. Those of [`List`], [`Dict`], [`Values`] and the
//!   like run none unless they say so, and may raise `MemoryError` where they give a [`Res`].
//! - What may run Python may change anything. A body hands out owned values only, so nothing is left dangling; but what was read
//!   of an object (a length, an item) may no longer be true.
//! - Whatever a script can make grow is charged: `cx.vector()`, [`Values`], strs and bytes made by the context.
//! - A loop that a script can make long calls [`Cx::work`].
//! - Code that calls itself calls [`Cx::check_stack`].
//! - The outside is reached through the host's capabilities alone.

mod again;
pub mod buffer;
mod bytes;
mod calls;
pub mod collections;
pub mod convert;
pub mod cx;
mod encodings;
pub mod fields;
mod interpreters;
pub mod macros;
pub mod module;
pub mod numbers;
pub mod outside;
mod plain;
mod raising;
mod rows;
mod text;
pub mod values;

pub use again::Again;
pub use buffer::{Buffer, BufferMut, BufferSlot, Viewed};
pub use bytes::{ByteArray, ByteWriter, Outside};
pub use calls::Sent;
pub use collections::{Bytes, Dict, List, StrWriter, Tuple, View};
pub use convert::{Arguments, Big, Bound, Clamped, FromArg, FromPython, Given, IntoValue, Place};
pub use cx::{Cx, Iter};
pub use encodings::Codec;
pub use fields::{Maybe, Own, Slot, Source};
pub use module::{Args, False, Filler, Member, This, True};
pub use numbers::Int;
pub use plain::{OwnAttributes, Plain, Set};
pub use ryokan_alloc::{SetAside, Vector};
pub use ryokan_bytecode::names::{character_name, character_named, is_made_by_rule};
pub use ryokan_bytecode::symbols::Block as SymbolBlock;
pub use ryokan_bytecode::{BinaryOp, CompareOp};
pub use text::{Chars, Str, unicode};
pub use values::Values;

pub use crate::charge::Charge;
pub use crate::host::{Capability, Library};
pub use crate::modules::NativeModule;
pub use crate::object::kind::{ClassKey, NativeType, Obj, Pair};
pub use crate::raised::{Raised, Res};
pub use crate::types::bytes_methods::{hex_byte, hex_digits};
pub use crate::types::memoryview::BufferFlags;
pub use crate::types::str::Text;
pub use crate::value::Value;
pub use crate::vm::runtime::{Gil, InCommon, Known, Refusal, Rights};
pub use crate::vm::threads::Away;
pub use crate::{native_exception, native_module, native_record, native_state, native_type};

/// What the macros write: no part of the API.
#[doc(hidden)]
pub mod written {
    pub use super::collections::List;
    pub use super::convert::{FromArg, IntoValue, Place};
    pub use super::cx::Cx;
    pub use super::module::*;
    pub use crate::object::Layout;
    pub use crate::object::call::Args as CallArgs;
    pub use crate::object::kind::Kind;
    pub use crate::object::native::{
        Binding, Call, GetSet, Method, attribute, class_method, field, getter, method, static_method,
    };
    pub use crate::object::slots::{Slots, numbers};
    pub use crate::object::ty::{TypeDef, TypeFlags};
    pub use crate::types::dict::Dict;
    pub use crate::types::records::{Fields, Maker, def as record_def};
    pub use crate::vm::Vm;
    pub use ryokan_bytecode::BinaryOp;
}
