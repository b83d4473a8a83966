//! Dictionaries: content that both sides know, to which the first bytes of a frame refer.

use ryokan_vm::native::*;

use super::{ERROR, error};
use crate::unpacking::no_pickle;

native_type! {
    /// A dictionary of Zstandard.
    ///
    /// 'is_raw' says that the content is any bytes, and needs no header.
    "compression.zstd.ZstdDict" = pub struct ZstdDict { content: Slot, id: std::cell::Cell<u32> }
    shows: "(dict_content, /, *, is_raw=False)";
    new(dict_content: Buffer, /, *, is_raw: bool = false => "False") = new_dict;
    slots { len = count; repr = repr; }
    getters {
        /// As it is loaded once for all levels, ready for use.
        as_digested_dict = |cx: &Cx, this: This<ZstdDict>| (this.to_value(), DIGESTED).into_value(cx);
        /// As it is loaded for each frame, with the parameters of that.
        as_undigested_dict = |cx: &Cx, this: This<ZstdDict>| (this.to_value(), UNDIGESTED).into_value(cx);
        /// As bytes before the first frame.
        as_prefix = |cx: &Cx, this: This<ZstdDict>| (this.to_value(), PREFIX).into_value(cx);
        /// The bytes.
        dict_content = |_, this: This<ZstdDict>| this.content.get();
    }
    members {
        /// Its number; 0 of any bytes.
        dict_id = |_, this: This<ZstdDict>| this.id.get();
    }
    methods {
        /// Cannot be pickled.
        __reduce__() = no_pickle;
    }
}

pub const DIGESTED: i64 = 0;
pub const UNDIGESTED: i64 = 1;
pub const PREFIX: i64 = 2;

/// The first bytes of a dictionary that is not any bytes.
const MAGIC: [u8; 4] = 0xEC30_A437_u32.to_le_bytes();

fn new_dict(cx: &Cx, class: &Value, content: Buffer, is_raw: bool) -> Res {
    if content.len() < 8 {
        let message = "Zstandard dictionary content too short (must have at least eight bytes)";
        return Err(cx.value_error(message));
    }
    let id = content.read(zstd_safe::get_dict_id_from_dict).map_or(0, std::num::NonZero::get);
    if id == 0 && !is_raw {
        return Err(cx.value_error("invalid Zstandard dictionary"));
    }
    let mut bytes = ByteWriter::new(cx);
    content.read(|content| bytes.push(content))?;
    cx.new_of(class, ZstdDict { content: Slot::new(bytes.finish()?), id: std::cell::Cell::new(id) })
}

fn bytes_of(cx: &Cx, this: &ZstdDict) -> Res<Bytes> {
    Bytes::of(&this.content.get()).ok_or(()).map_err(|()| cx.system_error("a dictionary has content"))
}
fn count(cx: &Cx, this: This<ZstdDict>) -> Res<usize> {
    Ok(bytes_of(cx, &this)?.as_slice().len())
}
fn repr(cx: &Cx, this: This<ZstdDict>) -> Res<String> {
    let size = bytes_of(cx, &this)?.as_slice().len();
    Ok(format!("<ZstdDict dict_id={} dict_size={size}>", this.id.get()))
}

/// A dictionary that is to be used, and how.
pub struct Used {
    pub content: Bytes,
    pub kind: i64,
}

impl Used {
    /// Of an argument: a dictionary, or one with how it is to be used. Runs Python; `TypeError`.
    pub fn of(cx: &Cx, value: &Value, usual: i64) -> Res<Option<Used>> {
        if value.is_none() {
            return Ok(None);
        }
        let wrong = || cx.type_error("zstd_dict argument should be a ZstdDict object.");
        let (dict, kind) = match Tuple::exact(value) {
            Some(pair) => match pair.as_slice() {
                [dict, kind] if cx.has_index(kind) => (dict.clone(), super::params::c_int(cx, kind)?.into()),
                _ => return Err(wrong()),
            },
            None => (value.clone(), usual),
        };
        match dict.body::<ZstdDict>() {
            Some(dict) if (DIGESTED..=PREFIX).contains(&kind) => {
                Ok(Some(Used { content: bytes_of(cx, dict)?, kind }))
            }
            _ => Err(wrong()),
        }
    }
    /// The bytes to load. A prefix is any bytes: one that begins as a dictionary does gets a byte before it, to which nothing refers.
    pub fn to_load(&self, cx: &Cx) -> Res<Bytes> {
        let content = self.content.as_slice();
        if self.kind != PREFIX || !content.starts_with(&MAGIC) {
            return Ok(self.content.clone());
        }
        let mut bytes = ByteWriter::zeros(cx, 1)?;
        bytes.push(content)?;
        Bytes::of(&bytes.finish()?).ok_or(()).map_err(|()| cx.system_error("bytes were written"))
    }
}

// ---- making them -----------------------------------------------------------------------------------------------------

/// The bytes that making one takes, beside samples and result: counts of what is frequent, twice.
const MAKING: usize = 16 << 20;
/// What a byte of the samples costs, by eight: they are gone through again and again.
const COST: usize = 400;

/// The sizes of samples, which must be all of them. `ValueError`, `TypeError`.
fn sizes_of(cx: &Cx, samples: &Bytes, sizes: &Tuple, dict_size: i64) -> Res<(Vector<usize>, usize)> {
    let Some(dict_size) = usize::try_from(dict_size).ok().filter(|&size| size > 0) else {
        return Err(cx.value_error("dict_size argument should be positive number."));
    };
    let mut list = cx.vector(sizes.len())?;
    let mut total = Some(0usize);
    for size in sizes.as_slice() {
        if !cx.has_index(size) {
            return Err(cx.type_error("an integer is required"));
        }
        let size = cx.small_int(size).and_then(|size| usize::try_from(size).ok());
        total = total.zip(size).and_then(|(total, size)| total.checked_add(size));
        list.push(size.unwrap_or(0));
    }
    if total != Some(samples.as_slice().len()) {
        return Err(cx.value_error("The samples size tuple doesn't match the concatenation's size."));
    }
    let bytes = samples.as_slice().len();
    cx.room_for_bytes(MAKING.saturating_add(dict_size.saturating_mul(4)).saturating_add(bytes))?;
    cx.work_on_bytes(bytes.saturating_add(MAKING).saturating_mul(COST))?;
    Ok((list, dict_size))
}

pub fn train(cx: &Cx, samples: Bytes, sizes: Tuple, dict_size: i64) -> Res {
    let (sizes, dict_size) = sizes_of(cx, &samples, &sizes, dict_size)?;
    let mut out = ByteWriter::zeros(cx, dict_size)?;
    let (room, bytes, sizes) = (out.as_mut_slice(), samples.as_slice(), &sizes[..]);
    let made = cx.blocking(|| zstd_safe::train_from_buffer(room, bytes, sizes));
    let made = made.map_err(|code| error(cx, "Unable to train the Zstandard dictionary", code))?;
    out.truncate(made);
    out.finish()
}

pub fn finalize(
    cx: &Cx,
    content: Bytes,
    samples: Bytes,
    sizes: Tuple,
    dict_size: i64,
    level: i32,
) -> Res {
    let (sizes, dict_size) = sizes_of(cx, &samples, &sizes, dict_size)?;
    let mut out = ByteWriter::zeros(cx, dict_size)?;
    let (room, content, bytes) = (out.as_mut_slice(), content.as_slice(), samples.as_slice());
    let sizes = &sizes[..];
    let made =
        cx.blocking(|| ryokan_system::dictionaries::finalize(room, content, bytes, sizes, level));
    let made = made.map_err(|message| {
        cx.raise_of(&ERROR, format_args!("Unable to finalize the Zstandard dictionary: {message}"))
    })?;
    out.truncate(made);
    out.finish()
}
