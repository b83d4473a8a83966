//! What an unpickler reads: bytes that are there, or a file that gives them.
//!
//! Of a file one chunk is held. What it has read and not used stays for the next pickle; if the file can `peek`, the chunk is what lies
//! ahead of the file's place, and the file is told only later how much of it was used.

use ryokan_vm::native::*;

use super::UNPICKLING_ERROR;

/// As much as is peeked at.
const AHEAD: usize = 128 * 1024;
/// As much as is read at once of something whose length nobody but the pickle says.
const PIECE: usize = 16 << 20;

/// The methods of a file.
pub struct File {
    pub read: Value,
    pub readline: Value,
    pub readinto: Option<Value>,
    pub peek: Option<Value>,
}

/// Bytes to read.
pub struct Input<'a> {
    cx: &'a Cx,
    file: Option<File>,
    chunk: Bytes,
    /// How much of the chunk was used, and how much of it the file knows to be.
    at: usize,
    told: usize,
    /// How many bytes the frame still has.
    frame: usize,
}

/// What of the input stays for the next pickle.
pub struct Rest {
    pub chunk: Value,
    pub at: usize,
    pub told: usize,
}

#[cold]
pub fn truncated(cx: &Cx) -> Raised {
    cx.raise_of(&UNPICKLING_ERROR, "pickle data was truncated")
}

impl<'a> Input<'a> {
    /// Bytes.
    pub fn of_bytes(cx: &'a Cx, chunk: Bytes) -> Input<'a> {
        let told = chunk.as_slice().len();
        Input { cx, file: None, chunk, at: 0, told, frame: 0 }
    }
    /// A file, and what was left of it.
    pub fn of_file(cx: &'a Cx, file: File, rest: Option<Rest>) -> Res<Input<'a>> {
        let (chunk, at, told) = match rest {
            Some(rest) => (Bytes::of(&rest.chunk), rest.at, rest.told),
            None => (None, 0, 0),
        };
        let chunk = chunk.map_or_else(|| Bytes::new(cx, &[]), Ok)?;
        Ok(Input { cx, file: Some(file), chunk, at, told, frame: 0 })
    }
    /// What is left.
    pub fn rest(self) -> Rest {
        Rest { chunk: self.chunk.into_value(), at: self.at, told: self.told }
    }
    fn ahead(&self) -> usize {
        self.chunk.as_slice().len() - self.at
    }
    /// A byte. Runs Python, as all that reads; `UnpicklingError` if there is none.
    #[inline]
    pub fn byte(&mut self) -> Res<u8> {
        match self.chunk.as_slice().get(self.at) {
            Some(byte) => {
                self.at += 1;
                self.frame = self.frame.saturating_sub(1);
                Ok(*byte)
            }
            None => self.take(1).map(|bytes| bytes.first().copied().unwrap_or_default()),
        }
    }
    /// Counts bytes as used of the frame. `UnpicklingError` if the frame ends within them.
    #[inline]
    fn within_frame(&mut self, count: usize) -> Res<()> {
        if self.frame == 0 {
            return Ok(());
        }
        match self.frame.checked_sub(count) {
            Some(left) => {
                self.frame = left;
                Ok(())
            }
            None => Err(self.cx.raise_of(&UNPICKLING_ERROR, "pickle exhausted before end of frame")),
        }
    }
    /// So many bytes.
    #[inline]
    pub fn take(&mut self, count: usize) -> Res<&[u8]> {
        self.within_frame(count)?;
        if self.ahead() < count {
            self.fill(count)?;
        }
        let from = self.at;
        self.at += count;
        Ok(&self.chunk.as_slice()[from..self.at])
    }
    /// A number of bytes that is known.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Res<[u8; N]> {
        let bytes = self.take(N)?;
        bytes.try_into().map_err(|_| self.cx.system_error("as many bytes as were asked for"))
    }
    /// Begins a frame: so many bytes are there, and stay to be read. `UnpicklingError` if there is a frame already.
    pub fn begin_frame(&mut self, count: usize) -> Res<()> {
        if self.frame > 0 {
            let message = "beginning of a new frame before end of current frame";
            return Err(self.cx.raise_of(&UNPICKLING_ERROR, message));
        }
        if self.ahead() < count {
            self.fill(count)?;
        }
        self.frame = count;
        Ok(())
    }
    /// Makes the chunk one that begins at the place, and has so many bytes.
    #[cold]
    fn fill(&mut self, count: usize) -> Res<()> {
        if count > isize::MAX as usize - self.at {
            return Err(self.cx.raise_of(&UNPICKLING_ERROR, "read would overflow (invalid bytecode)"));
        }
        if self.file.is_none() {
            return Err(truncated(self.cx));
        }
        if self.read(count)? < count { Err(truncated(self.cx)) } else { Ok(()) }
    }
    /// Tells the file what was used of what it has been peeked at.
    pub fn settle(&mut self) -> Res<()> {
        let used = self.at - self.told.min(self.at);
        if used == 0 {
            return Ok(());
        }
        let Some(file) = &self.file else { return Ok(()) };
        drop(self.cx.call(&file.read, (used,))?);
        self.told = self.at;
        Ok(())
    }
    /// Takes a new chunk.
    fn set(&mut self, chunk: Value, told: bool) -> Res<usize> {
        let Some(chunk) = Bytes::of(&chunk) else {
            let kind = self.cx.arg_name(&chunk);
            return Err(self.cx.type_error(format_args!("expected bytes, {kind} found")));
        };
        let len = chunk.as_slice().len();
        (self.chunk, self.at, self.told) = (chunk, 0, if told { len } else { 0 });
        Ok(len)
    }
    /// Reads a chunk, of so many bytes as a rule; gives how many it has.
    fn read(&mut self, count: usize) -> Res<usize> {
        self.settle()?;
        let cx = self.cx;
        let Some(file) = &mut self.file else { return Ok(0) };
        if let Some(peek) = file.peek.clone().filter(|_| count < AHEAD) {
            match cx.call(&peek, (AHEAD,)) {
                Ok(chunk) => {
                    let len = self.set(chunk, false)?;
                    if count <= len {
                        return Ok(count);
                    }
                }
                Err(raised) => {
                    drop(cx.catch(raised, "NotImplementedError")?);
                    file.peek = None;
                }
            }
        }
        let Some(file) = &self.file else { return Ok(0) };
        let chunk = cx.call(&file.read, (count,))?;
        self.set(chunk, true)
    }
    /// A line with its newline: what it says is owned, for Python may run meanwhile.
    pub fn line(&mut self) -> Res<Vector<u8>> {
        let cx = self.cx;
        let ahead = &self.chunk.as_slice()[self.at..];
        // A line of a frame ends in it, and all of the frame is there.
        let within = if self.frame > 0 { &ahead[..ahead.len().min(self.frame)] } else { ahead };
        let mut end = within.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
        cx.work_on_bytes(end.unwrap_or(within.len()))?;
        if self.frame > 0 && end.is_none() {
            return Err(cx.raise_of(&UNPICKLING_ERROR, "pickle exhausted before end of frame"));
        }
        if end.is_none() {
            if self.file.is_none() {
                return Err(truncated(cx));
            }
            self.settle()?;
            let Some(file) = &self.file else { return Err(truncated(cx)) };
            let chunk = cx.call(&file.readline, ())?;
            let len = self.set(chunk, true)?;
            if self.chunk.as_slice().last() != Some(&b'\n') {
                return Err(truncated(cx));
            }
            end = Some(len);
        }
        let len = end.unwrap_or_default();
        self.within_frame(len)?;
        let mut line = cx.vector(len)?;
        line.extend_from_slice(&self.chunk.as_slice()[self.at..self.at + len]);
        self.at += len;
        Ok(line)
    }
    /// So many bytes as a bytes object; a large number of them is believed only as far as they come.
    pub fn bytes(&mut self, count: usize) -> Res {
        let cx = self.cx;
        cx.work_on_bytes(count.min(PIECE))?;
        if self.ahead() >= count || self.file.is_none() {
            return self.take(count)?.into_value(cx);
        }
        self.within_frame(count)?;
        let mut out = ByteWriter::new(cx);
        let held = self.ahead();
        out.push(&self.chunk.as_slice()[self.at..])?;
        self.at += held;
        self.settle()?;
        let mut left = count - held;
        while left > 0 {
            let piece = left.min(PIECE.max(out.len()));
            self.piece(&mut out, piece)?;
            left -= piece;
        }
        out.finish()
    }
    /// Reads a piece past the chunk.
    fn piece(&mut self, out: &mut ByteWriter<'_>, count: usize) -> Res<()> {
        let cx = self.cx;
        cx.work_on_bytes(count)?;
        let Some(file) = &self.file else { return Err(truncated(cx)) };
        if let Some(readinto) = &file.readinto {
            let array = ByteArray::new(cx, &[])?;
            array.resize(cx, count)?;
            let view = cx.call(&cx.builtin("memoryview")?, (array.value(),))?;
            let read = cx.index(&cx.call(readinto, (&view,))?)?;
            if read < count as i64 {
                return Err(truncated(cx));
            }
            return array.read(|bytes| out.push(bytes));
        }
        let data = cx.call(&file.read, (count,))?;
        let Some(data) = Bytes::of(&data) else {
            let shown = cx.repr(&data)?;
            return Err(cx.value_error(format_args!("read() returned non-bytes object ({shown})")));
        };
        match data.as_slice().get(..count) {
            Some(data) => out.push(data),
            None => Err(truncated(cx)),
        }
    }
}
