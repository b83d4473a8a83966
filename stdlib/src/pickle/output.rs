//! What a pickler writes: bytes in frames, to a stream or as a whole.
//!
//! From protocol 4 on what is written lies in frames. A frame begins with the first byte that is written outside of one; nine bytes are
//! left for its header. It ends between two objects once it is long enough, and around whatever is long by itself, which lies in no
//! frame and is given to the stream as it is.

use ryokan_vm::native::*;

use super::op;

/// Frames shorter than that have no header.
const LEAST_FRAME: usize = 4;
/// As long as a frame should be.
pub const FRAME_TARGET: usize = 64 * 1024;
const HEADER: usize = 9;

/// Bytes that are being written.
pub struct Output<'a> {
    cx: &'a Cx,
    bytes: ByteWriter<'a>,
    /// Whether there are frames.
    pub framing: bool,
    /// Where the frame begins that is being written.
    frame: Option<usize>,
    /// What takes bytes, or nothing if all are kept.
    write: Option<Value>,
}

impl<'a> Output<'a> {
    pub fn new(cx: &'a Cx, write: Option<Value>) -> Output<'a> {
        Output { cx, bytes: ByteWriter::new(cx), framing: false, frame: None, write }
    }
    /// Adds bytes.
    #[inline]
    pub fn push(&mut self, bytes: &[u8]) -> Res<()> {
        if self.framing && self.frame.is_none() {
            self.frame = Some(self.bytes.len());
            self.bytes.push(&[0; HEADER])?;
        }
        self.bytes.push(bytes)
    }
    /// Adds a byte.
    #[inline]
    pub fn byte(&mut self, byte: u8) -> Res<()> {
        self.push(&[byte])
    }
    /// Ends the frame that is being written.
    pub fn end_frame(&mut self) {
        let Some(start) = self.frame.take() else { return };
        let body = start + HEADER;
        let len = self.bytes.len() - body;
        let bytes = self.bytes.as_mut_slice();
        if len >= LEAST_FRAME {
            bytes[start] = op::FRAME;
            bytes[start + 1..body].copy_from_slice(&(len as u64).to_le_bytes());
        } else {
            bytes.copy_within(body.., start);
            self.bytes.truncate(start + len);
        }
    }
    /// Between two objects: a frame that is long enough ends. Runs Python, if there is a stream.
    #[inline]
    pub fn between(&mut self) -> Res<()> {
        match self.frame {
            Some(start) if self.bytes.len() - start - HEADER >= FRAME_TARGET => self.full_frame(),
            _ => Ok(()),
        }
    }
    #[cold]
    fn full_frame(&mut self) -> Res<()> {
        self.end_frame();
        self.flush()
    }
    /// Gives what was written to the stream, if there is one. Runs Python.
    pub fn flush(&mut self) -> Res<()> {
        let Some(write) = &self.write else { return Ok(()) };
        let bytes = std::mem::replace(&mut self.bytes, ByteWriter::new(self.cx)).finish()?;
        self.cx.call(write, (bytes,)).map(drop)
    }
    /// Adds a header and data; `payload` is what a stream gets of data that are long. Runs Python, if there is a stream.
    pub fn data(&mut self, header: &[u8], data: &[u8], payload: Option<&Value>) -> Res<()> {
        self.cx.work_on_bytes(data.len())?;
        if data.len() < FRAME_TARGET {
            self.push(header)?;
            return self.push(data);
        }
        self.end_frame();
        let framing = std::mem::replace(&mut self.framing, false);
        let done = self.alone(header, data, payload);
        self.framing = framing;
        done
    }
    fn alone(&mut self, header: &[u8], data: &[u8], payload: Option<&Value>) -> Res<()> {
        self.push(header)?;
        let Some(write) = self.write.clone() else { return self.push(data) };
        let payload = match payload {
            Some(payload) => payload.clone(),
            None => data.into_value(self.cx)?,
        };
        self.flush()?;
        self.cx.call(&write, (payload,)).map(drop)
    }
    /// The bytes object of all that was written.
    pub fn finish(mut self) -> Res {
        self.end_frame();
        self.bytes.finish()
    }
}
