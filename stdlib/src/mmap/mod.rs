//! `mmap`: files in memory, and memory that processes share.
//!
//! | file | what |
//! |---|---|
//! | `making.rs` | the constructor, and changes of the size |
//!
//! The bytes are those of a bytearray that has them outside of the heap, so that views look into the mapping itself. They keep their
//! place and number while one does. What a file has lost since it was mapped reads as zeros (`system/src/mapping.rs`).

use std::cell::Cell;
use std::sync::Arc;

use ryokan_system::Mapping;
use ryokan_vm::native::*;

mod making;

use making::{new, resize};

native_module! {
    /// Files in memory, and memory that processes share.
    "mmap" {
        consts {
            "PROT_EXEC" = libc::PROT_EXEC;
            "PROT_READ" = libc::PROT_READ;
            "PROT_WRITE" = libc::PROT_WRITE;
            "MAP_SHARED" = libc::MAP_SHARED;
            "MAP_PRIVATE" = libc::MAP_PRIVATE;
            "MAP_DENYWRITE" = libc::MAP_DENYWRITE;
            "MAP_EXECUTABLE" = libc::MAP_EXECUTABLE;
            "MAP_ANON" = libc::MAP_ANON;
            "MAP_ANONYMOUS" = libc::MAP_ANONYMOUS;
            "MAP_POPULATE" = libc::MAP_POPULATE;
            "MAP_STACK" = libc::MAP_STACK;
            "MAP_NORESERVE" = libc::MAP_NORESERVE;
            "ACCESS_DEFAULT" = ACCESS_DEFAULT;
            "ACCESS_READ" = ACCESS_READ;
            "ACCESS_WRITE" = ACCESS_WRITE;
            "ACCESS_COPY" = ACCESS_COPY;
            "MADV_NORMAL" = libc::MADV_NORMAL;
            "MADV_RANDOM" = libc::MADV_RANDOM;
            "MADV_SEQUENTIAL" = libc::MADV_SEQUENTIAL;
            "MADV_WILLNEED" = libc::MADV_WILLNEED;
            "MADV_DONTNEED" = libc::MADV_DONTNEED;
            "MADV_REMOVE" = libc::MADV_REMOVE;
            "MADV_DONTFORK" = libc::MADV_DONTFORK;
            "MADV_DOFORK" = libc::MADV_DOFORK;
            "MADV_HWPOISON" = libc::MADV_HWPOISON;
            "MADV_MERGEABLE" = libc::MADV_MERGEABLE;
            "MADV_UNMERGEABLE" = libc::MADV_UNMERGEABLE;
            "MADV_HUGEPAGE" = libc::MADV_HUGEPAGE;
            "MADV_NOHUGEPAGE" = libc::MADV_NOHUGEPAGE;
            "MADV_DONTDUMP" = libc::MADV_DONTDUMP;
            "MADV_DODUMP" = libc::MADV_DODUMP;
            "MADV_FREE" = libc::MADV_FREE;
        }
        types { Mmap }
        fill = fill;
    }
}

pub const ACCESS_DEFAULT: i32 = 0;
pub const ACCESS_READ: i32 = 1;
pub const ACCESS_WRITE: i32 = 2;
pub const ACCESS_COPY: i32 = 3;

fn fill(module: &Filler<'_>) -> Res<()> {
    let page = ryokan_system::page_size();
    module.add("PAGESIZE", page)?;
    module.add("ALLOCATIONGRANULARITY", page)?;
    // Linux has that on this processor alone.
    if cfg!(target_arch = "x86_64") {
        module.add("MAP_32BIT", 0x40)?;
    }
    module.add("error", module.cx().builtin("OSError")?)
}

native_type! {
    /// A part of a file, or memory, as bytes that can be changed:
    /// mmap(fileno, length, flags=MAP_SHARED, prot=PROT_READ|PROT_WRITE, access=ACCESS_DEFAULT, offset=0, *, trackfd=True)
    ///
    /// With fileno -1 it is memory that no file has. With length 0 it is the rest of the file.
    "mmap.mmap" = pub struct Mmap {
        bytes: ByteArray,
        mapping: Own<Arc<Mapping>>,
        /// What it takes of the heap's budget, where it is memory that no file has.
        charge: Own<Option<Charge>>,
        facts: Cell<Facts>,
        at: Cell<usize>,
    }
    flags: SUBCLASS, WEAKREF;
    new(*args, **names) = new;
    slots { len = len; repr = repr; getitem = get_item; setitem = set_item; }
    at_once { numbered = single; }
    getters {
        /// whether it is closed
        closed = |_: &Cx, this: Map<'_>| this.facts.get().closed;
    }
    methods {
        /// The bytes, as others look at them.
        __buffer__(flags: BufferFlags, /) = buffer;
        /// Ends it.
        close();
        /// The first place of bytes between start and end; -1 if they are not there.
        find(*args);
        /// The last place of bytes between start and end; -1 if they are not there.
        rfind(*args);
        /// Writes what has changed to the file, or a part of it.
        flush(*args);
        /// Tells the system how the memory, or a part of it, will be used.
        madvise(option: i32, start: i64 = 0, length: &Value = &Value::NONE => "None", /);
        /// Copies count bytes from src to dest.
        r#move(*args) = move_bytes;
        /// The next n bytes, or all that are left.
        read(*args);
        /// The next byte, as a number.
        read_byte();
        /// The bytes up to the next end of a line, and that.
        readline();
        /// Changes the size, of the file too.
        resize(newsize: i64, /);
        /// Goes to a position: from the start (0), from here (1) or from the end (2). Returns it.
        seek(pos: i64, whence: i32 = 0, /);
        /// True.
        seekable();
        /// How long the file is.
        size();
        /// The position.
        tell();
        /// Writes bytes at the position. Returns how many.
        write(bytes: Buffer, /);
        /// Writes a byte at the position.
        write_byte(byte: u8, /);
        /// The mapping itself.
        __enter__() = enter;
        /// Ends it.
        __exit__(exc_type: &Value, exc_value: &Value, traceback: &Value, /) = exit;
    }
}

pub type Map<'a> = This<'a, Mmap>;

/// What is known of a mapping.
#[derive(Clone, Copy)]
pub struct Facts {
    pub access: i32,
    pub flags: i32,
    /// A descriptor of the file of its own, or -1.
    pub fd: i32,
    pub offset: i64,
    /// Whether it was to have such a descriptor.
    pub tracks: bool,
    pub closed: bool,
}

/// The mapping, for a bytearray.
pub struct Memory(pub Arc<Mapping>);

impl Outside for Memory {
    fn bytes(&self) -> &[u8] {
        self.0.bytes()
    }
    fn bytes_mut(&self) -> &mut [u8] {
        self.0.bytes_mut()
    }
}

impl Drop for Mmap {
    fn drop(&mut self) {
        let facts = self.facts.get();
        if facts.fd >= 0 && !facts.closed {
            let _ = ryokan_system::close(facts.fd);
        }
    }
}

impl Mmap {
    /// How many bytes are mapped.
    fn mapped(&self, cx: &Cx) -> Res<usize> {
        self.mapping.with(cx, |mapping| mapping.len())
    }
}

// ---- checks ------------------------------------------------------------------------------------------------------------

/// How long it is. `ValueError` if it is closed.
fn open_len(cx: &Cx, this: Map<'_>) -> Res<usize> {
    if this.facts.get().closed {
        return Err(cx.value_error("mmap closed or invalid"));
    }
    this.mapped(cx)
}
fn check_writable(cx: &Cx, this: Map<'_>) -> Res<()> {
    if this.facts.get().access == ACCESS_READ {
        return Err(cx.type_error("mmap can't modify a readonly memory map."));
    }
    Ok(())
}
/// Whether somebody looks into it.
fn is_exported(this: Map<'_>) -> bool {
    this.bytes.exports() > 1
}
/// An index, as C's `Py_ssize_t`. Runs Python.
fn index(cx: &Cx, value: &Value) -> Res<i64> {
    let number = cx.to_index(value)?.small();
    number.ok_or(()).map_err(|()| cx.overflow_error("Python int too large to convert to C ssize_t"))
}
/// Reads a part, that lies within it or what is left of that.
fn part(cx: &Cx, this: Map<'_>, from: usize, to: usize) -> Res {
    cx.work_on_bytes(to.saturating_sub(from))?;
    let mut copy = cx.vector(to.saturating_sub(from))?;
    this.bytes.read(|bytes| copy.extend_from_slice(bytes.get(from..to).unwrap_or_default()));
    Ok(Bytes::new(cx, &copy)?.into_value())
}
/// `PermissionError` where the memory may not be read: it was mapped so.
fn check_readable(cx: &Cx, this: Map<'_>) -> Res<()> {
    if this.bytes.is_empty() && open_len(cx, this)? > 0 {
        return Err(cx.os_error(&std::io::Error::from_raw_os_error(libc::EACCES), None));
    }
    Ok(())
}

// ---- as a sequence -----------------------------------------------------------------------------------------------------

fn len(cx: &Cx, this: Map<'_>) -> Res<usize> {
    open_len(cx, this)
}
fn repr(cx: &Cx, this: Map<'_>) -> Res {
    let (facts, class) = (this.facts.get(), cx.type_name(this.value()));
    if facts.closed {
        return format_args!("<{class} closed=True>").into_value(cx);
    }
    let access = match facts.access {
        ACCESS_READ => "ACCESS_READ",
        ACCESS_WRITE => "ACCESS_WRITE",
        ACCESS_COPY => "ACCESS_COPY",
        _ => "ACCESS_DEFAULT",
    };
    let (length, at, offset) = (this.mapped(cx)?, this.at.get(), facts.offset);
    format_args!("<{class} closed=False, access={access}, length={length}, pos={at}, offset={offset}>")
        .into_value(cx)
}
fn place(cx: &Cx, this: Map<'_>, key: &Value) -> Res<usize> {
    if !cx.has_index(key) {
        return Err(cx.type_error("mmap indices must be integers"));
    }
    let index = cx.index(key)?;
    let len = open_len(cx, this)?;
    let at = if index < 0 { index + len as i64 } else { index };
    let at = usize::try_from(at).ok().filter(|at| *at < len);
    at.ok_or(()).map_err(|()| cx.index_error("mmap index out of range"))
}
fn get_item(cx: &Cx, this: Map<'_>, key: &Value) -> Res {
    open_len(cx, this)?;
    check_readable(cx, this)?;
    let Some((start, step, count)) = crate::array::slice_of(cx, key, || open_len(cx, this))? else {
        let at = place(cx, this, key)?;
        return this.bytes.read(|bytes| bytes.get(at).copied()).unwrap_or(0).into_value(cx);
    };
    if step == 1 {
        return part(cx, this, start as usize, start as usize + count);
    }
    cx.work_on_bytes(count)?;
    let mut chosen = cx.vector(count)?;
    this.bytes.read(|bytes| {
        let at = |index: usize| bytes.get((start + index as i64 * step) as usize).copied().unwrap_or(0);
        chosen.extend((0..count).map(at));
    });
    Ok(Bytes::new(cx, &chosen)?.into_value())
}
/// The byte at a place for who goes through all of them: bytes of it alone.
fn single(cx: &Cx, this: Map<'_>, index: i64) -> Res {
    let len = open_len(cx, this)?;
    check_readable(cx, this)?;
    match usize::try_from(index).ok().filter(|at| *at < len) {
        Some(at) => part(cx, this, at, at + 1),
        None => Err(cx.index_error("mmap index out of range")),
    }
}
fn set_item(cx: &Cx, this: Map<'_>, key: &Value, value: Option<&Value>) -> Res<()> {
    open_len(cx, this)?;
    check_writable(cx, this)?;
    let slice = crate::array::slice_of(cx, key, || open_len(cx, this))?;
    let len = open_len(cx, this)?;
    let Some((start, step, count)) = slice else {
        let at = place(cx, this, key)?;
        let Some(value) = value else { return Err(cx.type_error("mmap doesn't support item deletion")) };
        if !cx.has_index(value) {
            return Err(cx.type_error("mmap item value must be an int"));
        }
        let byte = u8::try_from(cx.index(value)?)
            .map_err(|_| cx.value_error("mmap item value must be in range(0, 256)"))?;
        // The value may have made it shorter.
        if at >= open_len(cx, this)? {
            return Err(cx.index_error("mmap index out of range"));
        }
        this.bytes.write(at, &[byte]);
        return Ok(());
    };
    let Some(value) = value else {
        return Err(cx.type_error("mmap object doesn't support slice deletion"));
    };
    // They may be the mapping's own.
    let data = Buffer::of(cx, value)?.copied(cx)?;
    if data.len() != count || open_len(cx, this)? < len {
        return Err(cx.index_error("mmap slice assignment is wrong size"));
    }
    if step == 1 {
        this.bytes.write(start as usize, &data);
        return Ok(());
    }
    for (index, byte) in data.iter().enumerate() {
        this.bytes.write((start + index as i64 * step) as usize, &[*byte]);
    }
    Ok(())
}
fn buffer(cx: &Cx, this: Map<'_>, flags: BufferFlags) -> Res {
    open_len(cx, this)?;
    let readonly = this.facts.get().access == ACCESS_READ;
    cx.export(this.value(), this.bytes.value(), b'B', readonly, flags)
}

// ---- as a file ---------------------------------------------------------------------------------------------------------

fn close(cx: &Cx, this: Map<'_>) -> Res<()> {
    if is_exported(this) {
        return Err(cx.buffer_error("cannot close exported pointers exist"));
    }
    let facts = this.facts.get();
    if facts.closed {
        return Ok(());
    }
    this.facts.set(Facts { closed: true, fd: -1, ..facts });
    this.mapping.with(cx, |mapping| mapping.close())?;
    this.charge.with(cx, |charge| charge.take())?;
    if facts.fd >= 0 {
        let _ = ryokan_system::close(facts.fd);
    }
    Ok(())
}
fn enter(cx: &Cx, this: Map<'_>) -> Res {
    open_len(cx, this)?;
    Ok(this.to_value())
}
fn exit(cx: &Cx, this: Map<'_>, _: &Value, _: &Value, _: &Value) -> Res {
    cx.call_method(this.value(), "close", ())
}
/// Where a search begins or ends.
fn bound(cx: &Cx, args: Args<'_>, at: usize, default: usize, len: usize) -> Res<usize> {
    match args.positional().get(at).filter(|given| !given.is_none()) {
        None => Ok(default),
        Some(given) => Ok(Bound(index(cx, given)?).among(len)),
    }
}
fn search(cx: &Cx, this: Map<'_>, args: Args<'_>, function: &str, last: bool) -> Res<i64> {
    args.no_keywords(cx, &format!("mmap.mmap.{function}"))?;
    args.count(cx, function, 1, 3)?;
    open_len(cx, this)?;
    let wanted = Buffer::of(cx, &args.positional()[0])?;
    let len = open_len(cx, this)?;
    let start = bound(cx, args, 1, this.at.get().min(len), len)?;
    let end = bound(cx, args, 2, len, len)?;
    open_len(cx, this)?;
    check_readable(cx, this)?;
    cx.work_on_bytes(end.saturating_sub(start))?;
    let found = this.bytes.read(|bytes| {
        let among = bytes.get(start..end)?;
        wanted.read(|wanted| match last {
            true => memchr::memmem::rfind(among, wanted),
            false => memchr::memmem::find(among, wanted),
        })
    });
    Ok(found.map_or(-1, |at| (start + at) as i64))
}
fn find(cx: &Cx, this: Map<'_>, args: Args<'_>) -> Res<i64> {
    search(cx, this, args, "find", false)
}
fn rfind(cx: &Cx, this: Map<'_>, args: Args<'_>) -> Res<i64> {
    search(cx, this, args, "rfind", true)
}
fn flush(cx: &Cx, this: Map<'_>, args: Args<'_>) -> Res<()> {
    args.no_keywords(cx, "mmap.mmap.flush")?;
    args.count(cx, "flush", 0, 2)?;
    let given = args.positional();
    let offset = given.first().map_or(Ok(0), |offset| index(cx, offset))?;
    let len = open_len(cx, this)? as i64;
    let size = match given.get(1).filter(|size| !size.is_none()) {
        Some(size) => index(cx, size)?,
        None => len - offset,
    };
    if size < 0 || offset < 0 || size > len || offset > len - size {
        return Err(cx.value_error("flush values out of range"));
    }
    let facts = this.facts.get();
    if facts.access == ACCESS_READ || facts.access == ACCESS_COPY || facts.flags & libc::MAP_PRIVATE != 0 {
        return Ok(());
    }
    let mapping = this.mapping.with(cx, |mapping| Arc::clone(mapping))?;
    let done = cx.blocking(|| mapping.flush(offset as usize, size as usize));
    done.map_err(|error| cx.os_error(&error, None))
}
fn madvise(cx: &Cx, this: Map<'_>, option: i32, start: i64, length: &Value) -> Res<()> {
    let len = open_len(cx, this)? as i64;
    let length = if length.is_none() { len } else { index(cx, length)? };
    if start < 0 || start >= len {
        return Err(cx.value_error("madvise start out of bounds"));
    }
    if length < 0 {
        return Err(cx.value_error("madvise length invalid"));
    }
    let Some(end) = start.checked_add(length) else {
        return Err(cx.overflow_error("madvise length too large"));
    };
    let length = end.min(len) - start;
    let done = this.mapping.with(cx, |mapping| mapping.advise(start as usize, length as usize, option))?;
    done.map_err(|error| cx.os_error(&error, None))
}
fn move_bytes(cx: &Cx, this: Map<'_>, args: Args<'_>) -> Res<()> {
    args.no_keywords(cx, "mmap.mmap.move")?;
    args.count(cx, "move", 3, 3)?;
    let mut numbers = [0; 3];
    for (number, given) in numbers.iter_mut().zip(args.positional()) {
        *number = index(cx, given)?;
    }
    let [dest, src, count] = numbers;
    let len = open_len(cx, this)? as i64;
    check_writable(cx, this)?;
    let out = dest < 0 || src < 0 || count < 0 || len - dest < count || len - src < count;
    if out {
        return Err(cx.value_error("source, destination, or count out of range"));
    }
    cx.work_on_bytes(count as usize)?;
    let mut copy = cx.vector(count as usize)?;
    this.bytes.read(|bytes| copy.extend_from_slice(bytes.get(src as usize..(src + count) as usize).unwrap_or_default()));
    this.bytes.write(dest as usize, &copy);
    Ok(())
}
/// Reads so many bytes from the position on, and goes behind them.
fn take(cx: &Cx, this: Map<'_>, count: usize) -> Res {
    let at = this.at.get();
    let read = part(cx, this, at, at + count)?;
    this.at.set(at + count);
    Ok(read)
}
/// How many bytes are left.
fn left(cx: &Cx, this: Map<'_>) -> Res<usize> {
    Ok(open_len(cx, this)?.saturating_sub(this.at.get()))
}
fn read(cx: &Cx, this: Map<'_>, args: Args<'_>) -> Res {
    args.no_keywords(cx, "mmap.mmap.read")?;
    args.count(cx, "read", 0, 1)?;
    let asked = match args.positional().first() {
        None => -1,
        Some(given) if given.is_none() => -1,
        Some(given) if cx.has_index(given) => index(cx, given)?,
        Some(given) => {
            let kind = cx.type_name(given);
            return Err(cx.type_error(format_args!("argument should be integer or None, not '{kind}'")));
        }
    };
    let left = left(cx, this)?;
    check_readable(cx, this)?;
    take(cx, this, usize::try_from(asked).map_or(left, |asked| asked.min(left)))
}
fn read_byte(cx: &Cx, this: Map<'_>) -> Res<u8> {
    if left(cx, this)? == 0 {
        return Err(cx.value_error("read byte out of range"));
    }
    check_readable(cx, this)?;
    let at = this.at.get();
    this.at.set(at + 1);
    Ok(this.bytes.read(|bytes| bytes.get(at).copied()).unwrap_or(0))
}
fn readline(cx: &Cx, this: Map<'_>) -> Res {
    let left = left(cx, this)?;
    check_readable(cx, this)?;
    let at = this.at.get();
    let end = this.bytes.read(|bytes| memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default()));
    take(cx, this, end.map_or(left, |end| end + 1))
}
fn seek(cx: &Cx, this: Map<'_>, pos: i64, whence: i32) -> Res<usize> {
    let len = open_len(cx, this)?;
    let base = match whence {
        0 => 0,
        1 => this.at.get(),
        2 => len,
        _ => return Err(cx.value_error("unknown seek type")),
    };
    let to = (base as i64).checked_add(pos).and_then(|to| usize::try_from(to).ok()).filter(|to| *to <= len);
    let to = to.ok_or(()).map_err(|()| cx.value_error("seek out of range"))?;
    this.at.set(to);
    Ok(to)
}
fn seekable(_: &Cx, _: Map<'_>) -> bool {
    true
}
fn tell(cx: &Cx, this: Map<'_>) -> Res<usize> {
    open_len(cx, this)?;
    Ok(this.at.get())
}
fn size(cx: &Cx, this: Map<'_>) -> Res<i64> {
    open_len(cx, this)?;
    match ryokan_system::fstat(this.facts.get().fd) {
        Ok(stat) => Ok(stat.st_size),
        Err(error) => Err(cx.os_error(&error, None)),
    }
}
fn write(cx: &Cx, this: Map<'_>, data: Buffer) -> Res<usize> {
    let len = open_len(cx, this)?;
    check_writable(cx, this)?;
    let (at, count) = (this.at.get(), data.len());
    if at > len || count > len - at {
        return Err(cx.value_error("data out of range"));
    }
    let data = data.copied(cx)?;
    open_len(cx, this)?;
    this.bytes.write(at, &data);
    this.at.set(at + count);
    Ok(count)
}
fn write_byte(cx: &Cx, this: Map<'_>, byte: u8) -> Res<()> {
    let len = open_len(cx, this)?;
    check_writable(cx, this)?;
    let at = this.at.get();
    if at >= len {
        return Err(cx.value_error("write byte out of range"));
    }
    this.bytes.write(at, &[byte]);
    this.at.set(at + 1);
    Ok(())
}
