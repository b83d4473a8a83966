//! Bytes that change and grow, as native code makes and uses them.

use super::collections::handle;
use super::convert::{FromArg, IntoValue, Place};
use super::cx::Cx;
use crate::object::Ref;
use crate::object::payload::traced;
use crate::raised::Res;
use crate::types::bytearray::ByteArray as ByteArrayObj;
pub use crate::types::bytearray::Outside;
use crate::types::bytes::ByteBuilder;
use crate::value::Value;

handle! {
    /// A bytearray: bytes that change and grow, and that others may look into meanwhile.
    ByteArray(ByteArrayObj), "bytearray"
}

impl ByteArray {
    /// A copy of bytes.
    pub fn new(cx: &Cx, bytes: &[u8]) -> Res<ByteArray> {
        Ref::from_value(cx.vm().bytearray(bytes)?)
            .map(ByteArray)
            .map_err(|_| cx.system_error("a bytearray was made"))
    }
    /// Of bytes that lie outside of the heap; its size is theirs, and scripts cannot change it.
    pub fn outside(cx: &Cx, bytes: Box<dyn Outside>) -> Res<ByteArray> {
        Ref::from_value(cx.vm().bytearray_outside(bytes)?)
            .map(ByteArray)
            .map_err(|_| cx.system_error("a bytearray was made"))
    }
    /// How many views look into it; of bytes outside of the heap, one more.
    pub fn exports(&self) -> usize {
        self.0.exports.get()
    }
    /// How many bytes it has.
    #[inline]
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Looks at the bytes. No Python may run in there.
    #[inline]
    pub fn read<R>(&self, work: impl FnOnce(&[u8]) -> R) -> R {
        work(self.0.as_slice())
    }
    /// Overwrites bytes from a place on; what would lie behind the end is left out.
    pub fn write(&self, at: usize, bytes: &[u8]) {
        let room = self.len().saturating_sub(at);
        self.0.write(at.min(self.len()), &bytes[..bytes.len().min(room)]);
    }
    /// Adds bytes that lie elsewhere. `BufferError` if a view looks into it.
    pub fn extend(&self, cx: &Cx, bytes: &[u8]) -> Res<()> {
        self.0.extend(cx.vm(), bytes)
    }
    /// Makes it longer, with zeros, or shorter. `BufferError` if a view looks into it.
    pub fn resize(&self, cx: &Cx, len: usize) -> Res<()> {
        self.0.resize(cx.vm(), len)
    }
    /// Puts bytes that lie elsewhere in the place of others; what would lie behind the end is left out. `BufferError` if a view looks into
    /// it and its size would change.
    pub fn splice(&self, cx: &Cx, at: usize, removed: usize, bytes: &[u8]) -> Res<()> {
        let at = at.min(self.len());
        self.0.splice(cx.vm(), at, removed.min(self.len() - at), bytes)
    }
    /// `BufferError` if a view looks into it.
    pub fn check_exports(&self, cx: &Cx) -> Res<()> {
        self.0.check_exports(cx.vm())
    }
}

traced! { ByteArray: [0] }

/// Bytes that are being written, in the heap's budget.
pub struct ByteWriter<'a>(ByteBuilder<'a>);

impl<'a> ByteWriter<'a> {
    /// An empty one.
    pub fn new(cx: &'a Cx) -> ByteWriter<'a> {
        ByteWriter(ByteBuilder::new(cx.vm()))
    }
    /// So many zeros.
    pub fn zeros(cx: &'a Cx, len: usize) -> Res<ByteWriter<'a>> {
        let mut out = ByteBuilder::new(cx.vm());
        out.push_repeated(0, len)?;
        Ok(ByteWriter(out))
    }
    /// What was written, to be changed.
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        self.0.as_mut_slice()
    }
    /// Adds bytes.
    pub fn push(&mut self, bytes: &[u8]) -> Res<()> {
        self.0.extend(bytes)
    }
    /// Adds so many zeros.
    pub fn push_zeros(&mut self, count: usize) -> Res<()> {
        self.0.push_repeated(0, count)
    }
    /// Leaves only the first so many bytes.
    pub fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }
    /// How many bytes were written.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether none were.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// What was written.
    pub fn as_slice(&self) -> &[u8] {
        self.0.as_slice()
    }
    /// The bytes object.
    pub fn finish(self) -> Res {
        self.0.finish()
    }
}
