//! Blobs that are read and written in pieces.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ryokan_sqlite::{self as sqlite, Database};
use ryokan_vm::native::*;

use super::args::{Shape, c_text, database_name};
use super::calls::{attempt, enter};
use super::connection::{Connection, OpenBlob};
use super::errors::misuse;
use crate::array::slice_of;

native_type! {
    "sqlite3.Blob" = pub struct Blob { connection: Slot, open: Own<Arc<OpenBlob>>, offset: Cell<usize> }
    flags: WEAKREF, KEYED;
    slots { len = len; getitem = get; setitem = set; }
    methods {
        /// Closes it.
        close();
        /// So many bytes from the offset on, or those that are left.
        read(length: i32 = -1, /);
        /// Puts the offset elsewhere: from the beginning, from where it is, or from the end.
        seek(offset: i32, origin: i32 = 0, /);
        /// The offset.
        tell();
        /// Writes bytes at the offset. The blob keeps its length.
        write(data: Buffer, /);
        /// The blob.
        __enter__() = enter_block;
        /// Closes it.
        __exit__(*args) = exit, shows = "($self, type, val, tb, /)";
    }
}

type ThisBlob<'a> = This<'a, Blob>;

pub fn open(cx: &Cx, this: This<'_, Connection>, args: Args<'_>) -> Res<Obj<Blob>> {
    let names = ["table", "column", "rowid", "readonly", "name"];
    let shape = Shape { name: "blobopen", names: &names, positional: 3, unnamed: 3, required: 3 };
    if args.positional().len() != 3 {
        let count = args.positional().len();
        let message = format_args!("blobopen() takes exactly 3 positional arguments ({count} given)");
        return Err(cx.type_error(message));
    }
    let given = shape.read(cx, args)?;
    let [Some(table), Some(column), Some(row), readonly, name] = &given[..] else {
        return Err(cx.system_error("an argument that is asked for is missing"));
    };
    let table = c_text(cx, table, "blobopen() argument 1")?;
    let column = c_text(cx, column, "blobopen() argument 2")?;
    let Some(row) = Int::of(row) else { return Err(cx.type_error("expected 'int'")) };
    let Some(row) = row.small() else {
        return Err(cx.overflow_error("Python int too large to convert to SQLite INTEGER"));
    };
    let readonly = readonly.as_ref().map_or(Ok(false), |value| cx.truth(value))?;
    let name = database_name(cx, name.as_ref(), "blobopen")?;
    let database = this.usable(cx)?;
    let made = attempt(cx, &this.object(), &database, |inside, handler| {
        let made = inside.open_blob([&name, &table, &column], row, !readonly, handler);
        made.map_err(|code| inside.fault_of(code))
    })?;
    let open = Arc::new(Mutex::new(Some(made)));
    this.watch(cx, &open)?;
    cx.new(Blob { connection: Slot::new(this.to_value()), open: Own::new(open), offset: Cell::new(0) })
}

/// A blob that can be used, with its connection.
struct Opened {
    connection: Obj<Connection>,
    database: Database,
    blob: Arc<OpenBlob>,
}

fn locked(blob: &OpenBlob) -> MutexGuard<'_, Option<sqlite::Blob>> {
    blob.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Opened {
    /// `ProgrammingError` if the blob, or its connection, is closed.
    fn of(cx: &Cx, this: ThisBlob<'_>) -> Res<Opened> {
        let Ok(connection) = Obj::<Connection>::from_value(this.connection.get()) else {
            return Err(misuse(cx, "Cannot operate on a closed blob."));
        };
        let database = connection.usable(cx)?;
        let blob = this.open.with(cx, |open| open.clone())?;
        if locked(&blob).is_none() {
            return Err(misuse(cx, "Cannot operate on a closed blob."));
        }
        Ok(Opened { connection, database, blob })
    }
    fn len(&self, cx: &Cx) -> usize {
        let inside = enter(cx, &self.database);
        locked(&self.blob).as_ref().map_or(0, |blob| inside.blob_len(blob))
    }
    /// Bytes from a place on.
    fn read(&self, cx: &Cx, at: usize, len: usize) -> Res<Vector<u8>> {
        cx.work_on_bytes(len)?;
        let mut bytes = cx.vector(len)?;
        bytes.resize(len, 0u8);
        let into = &mut bytes[..];
        self.attempt(cx, |inside, blob| inside.read_blob(blob, at, into))?;
        Ok(bytes)
    }
    /// Writes bytes from a place on.
    fn write(&self, cx: &Cx, at: usize, bytes: &[u8]) -> Res<()> {
        cx.work_on_bytes(bytes.len())?;
        self.attempt(cx, |inside, blob| inside.write_blob(blob, at, bytes))
    }
    fn attempt(
        &self,
        cx: &Cx,
        work: impl FnOnce(&sqlite::Inside<'_>, &sqlite::Blob) -> i32 + Send,
    ) -> Res<()> {
        let open = &self.blob;
        attempt(cx, &self.connection, &self.database, |inside, _| {
            let blob = locked(open);
            match blob.as_ref().map_or(sqlite::constants::SQLITE_MISUSE, |blob| work(inside, blob)) {
                0 => Ok(()),
                code => Err(inside.fault_of(code)),
            }
        })
    }
}

fn len(cx: &Cx, this: ThisBlob<'_>) -> Res<usize> {
    Ok(Opened::of(cx, this)?.len(cx))
}

fn close(cx: &Cx, this: ThisBlob<'_>) -> Res<()> {
    let Ok(connection) = Obj::<Connection>::from_value(this.connection.get()) else { return Ok(()) };
    connection.usable(cx)?;
    let open = this.open.with(cx, |open| open.clone())?;
    let last = locked(&open).take();
    // What was written may have to go to a file.
    cx.blocking(|| drop(last));
    Ok(())
}

fn read(cx: &Cx, this: ThisBlob<'_>, length: i32) -> Res {
    let blob = Opened::of(cx, this)?;
    let left = blob.len(cx).saturating_sub(this.offset.get());
    let len = usize::try_from(length).map_or(left, |length| length.min(left));
    if len == 0 {
        return (&[] as &[u8]).into_value(cx);
    }
    let bytes = blob.read(cx, this.offset.get(), len)?;
    this.offset.set(this.offset.get() + len);
    (&bytes[..]).into_value(cx)
}

fn write(cx: &Cx, this: ThisBlob<'_>, data: Buffer) -> Res<()> {
    let blob = Opened::of(cx, this)?;
    if data.len() > blob.len(cx).saturating_sub(this.offset.get()) {
        return Err(cx.value_error("data longer than blob length"));
    }
    let bytes = data.copied(cx)?;
    blob.write(cx, this.offset.get(), &bytes)?;
    this.offset.set(this.offset.get() + bytes.len());
    Ok(())
}

fn seek(cx: &Cx, this: ThisBlob<'_>, offset: i32, origin: i32) -> Res<()> {
    let len = Opened::of(cx, this)?.len(cx);
    let from = match origin {
        0 => 0,
        1 => this.offset.get(),
        2 => len,
        _ => {
            let message = "'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END";
            return Err(cx.value_error(message));
        }
    };
    let to = from as i64 + i64::from(offset);
    if to > i64::from(i32::MAX) {
        return Err(cx.overflow_error("seek offset results in overflow"));
    }
    match usize::try_from(to) {
        Ok(to) if to <= len => this.offset.set(to),
        _ => return Err(cx.value_error("offset out of blob range")),
    }
    Ok(())
}

fn tell(cx: &Cx, this: ThisBlob<'_>) -> Res<usize> {
    Opened::of(cx, this)?;
    Ok(this.offset.get())
}

fn enter_block(cx: &Cx, this: ThisBlob<'_>) -> Res {
    Opened::of(cx, this)?;
    Ok(this.to_value())
}

fn exit(cx: &Cx, this: ThisBlob<'_>, args: Args<'_>) -> Res<bool> {
    args.count(cx, "__exit__", 3, 3)?;
    Opened::of(cx, this)?;
    close(cx, this)?;
    Ok(false)
}

/// The place of a byte. Runs Python; `IndexError`.
fn byte_place(cx: &Cx, key: &Value, len: usize) -> Res<usize> {
    let index = cx.sequence_index(key)?;
    let at = if index < 0 { index.saturating_add(len as i64) } else { index };
    match usize::try_from(at) {
        Ok(at) if at < len => Ok(at),
        _ => Err(cx.index_error("Blob index out of range")),
    }
}

/// `ValueError` if the places of a slice go backwards.
fn check_step(cx: &Cx, step: i64, count: usize) -> Res<usize> {
    if count > 0 && step < 0 {
        return Err(cx.value_error("Blob doesn't support slices with a negative step"));
    }
    Ok(step.unsigned_abs() as usize)
}

fn get(cx: &Cx, this: ThisBlob<'_>, key: &Value) -> Res {
    let blob = Opened::of(cx, this)?;
    let len = blob.len(cx);
    let Some((start, step, count)) = slice_of(cx, key, || Ok(blob.len(cx)))? else {
        if !cx.has_index(key) {
            return Err(cx.type_error("Blob indices must be integers"));
        }
        let at = byte_place(cx, key, len)?;
        return i64::from(blob.read(cx, at, 1)?[0]).into_value(cx);
    };
    let step = check_step(cx, step, count)?;
    if count == 0 {
        return (&[] as &[u8]).into_value(cx);
    }
    let bytes = blob.read(cx, start as usize, (count - 1) * step + 1)?;
    if step == 1 {
        return (&bytes[..]).into_value(cx);
    }
    let mut some = cx.vector(count)?;
    some.extend(bytes.iter().step_by(step).copied());
    (&some[..]).into_value(cx)
}

fn set(cx: &Cx, this: ThisBlob<'_>, key: &Value, value: Option<&Value>) -> Res<()> {
    let blob = Opened::of(cx, this)?;
    let len = blob.len(cx);
    if let Some(places) = slice_of(cx, key, || Ok(blob.len(cx)))? {
        let Some(value) = value else {
            return Err(cx.type_error("Blob doesn't support slice deletion"));
        };
        return set_slice(cx, &blob, places, value);
    }
    if !cx.has_index(key) {
        return Err(cx.type_error("Blob indices must be integers"));
    }
    let Some(value) = value else {
        return Err(cx.type_error("Blob doesn't support item deletion"));
    };
    let at = byte_place(cx, key, len)?;
    if !cx.is_int(value) {
        let kind = cx.type_name(value);
        return Err(cx.type_error(format_args!("'{kind}' object cannot be interpreted as an integer")));
    }
    match cx.small_int(value).and_then(|byte| u8::try_from(byte).ok()) {
        Some(byte) => blob.write(cx, at, &[byte]),
        None => Err(cx.value_error("byte must be in range(0, 256)")),
    }
}

fn set_slice(cx: &Cx, blob: &Opened, (start, step, count): (i64, i64, usize), value: &Value) -> Res<()> {
    let bytes = Buffer::of(cx, value)?;
    if bytes.len() != count {
        return Err(cx.index_error("Blob slice assignment is wrong size"));
    }
    let (start, step) = (start as usize, check_step(cx, step, count)?);
    if count == 0 {
        return Ok(());
    }
    let bytes = bytes.copied(cx)?;
    if step == 1 {
        return blob.write(cx, start, &bytes);
    }
    let mut all = blob.read(cx, start, (count - 1) * step + 1)?;
    for (place, byte) in all.iter_mut().step_by(step).zip(bytes.iter()) {
        *place = *byte;
    }
    blob.write(cx, start, &all)
}
