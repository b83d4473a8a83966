//! Short ways of native types: what their slots do, in less time.

use super::kind::NativeHead;
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// Short ways of a native type's slots, for whoever would throw away what the slot makes: each does what its slot does, and is only
/// asked where a subclass has not put another function in the slot.
#[derive(Clone, Copy)]
pub(super) struct Short {
    /// Of `len`, where that looks at the body and runs nothing.
    pub(super) len: Option<fn(&Value) -> Option<usize>>,
    /// Of `getitem`, for an index: nothing if there is no such item.
    pub(super) item: Option<fn(&Value, i64) -> Option<Value>>,
    /// The item at a place for who goes through a sequence, where that is another one than `getitem` gives for the place's index.
    pub(super) numbered: Option<fn(&Vm, &Value, i64) -> Res>,
    /// Of `setitem`, for an index, where it copies what it is given and runs nothing: whether it has.
    pub(super) store: Option<fn(&Vm, &Value, i64, &Value) -> bool>,
    /// Of `next`: see [`Pair`].
    pub(super) pairs: Option<fn(&Vm, &Value) -> Res<Pair>>,
    /// Of `next`, again and again: all items that are still to come, for a list.
    pub(super) rest: Option<fn(&Vm, &Value, &Value) -> Res<()>>,
    /// Of the method `write` of a text stream: whether it has written a text.
    pub(super) write: Option<fn(&Vm, &Value, &Value) -> Res<bool>>,
    /// The number of the standard stream that a text stream is, plainly; what it has kept is sent on.
    pub(super) stream: Option<fn(&Vm, &Value) -> Option<u8>>,
}

impl Short {
    pub(super) const NONE: Short = Short {
        len: None,
        item: None,
        numbered: None,
        store: None,
        pairs: None,
        rest: None,
        write: None,
        stream: None,
    };
}

/// The next item of an iterator, for who would only take a pair apart.
pub enum Pair {
    /// A pair that was not made.
    Of(Value, Value),
    /// The next item is no pair, or it must be made: `next` is to be asked. Nothing has happened yet.
    Whole,
    /// There is none any more.
    End,
}

impl Vm {
    /// The item at a place of a sequence that somebody goes through. Runs Python, and raises, as [`Vm::get_item`], which it is for all but a
    /// few native types.
    pub fn item_at(&self, sequence: &Value, index: i64) -> Res {
        let numbered = || {
            let kind = sequence.get::<NativeHead>()?.kind;
            let numbered = kind.short.numbered?;
            self.slots(sequence).getitem()?.is(kind.def.slots.getitem?).then_some(numbered)
        };
        match numbered() {
            Some(numbered) => {
                self.check_stack()?;
                numbered(self, sequence, index)
            }
            None => self.get_item(sequence, &self.int(index)?),
        }
    }
}
