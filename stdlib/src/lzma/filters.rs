//! Chains of filters: read from Python, judged as liblzma judges them, and written as properties.

use lzma_rust2::{EncodeMode, FilterConfig, FilterType, LzmaOptions, MfType};
use ryokan_vm::native::*;

use super::{ERROR, Fault, error, unsigned};

pub const LZMA1: u64 = 0x4000_0000_0000_0001;
pub const LZMA2: u64 = 0x21;
pub const DELTA: u64 = 0x03;
/// Numbers of filters for branches; two that Python does not name are read in containers.
pub const BRANCHES: std::ops::RangeInclusive<u64> = 0x04..=0x0B;
const NAMED_BRANCHES: std::ops::RangeInclusive<u64> = 0x04..=0x09;

/// Options of LZMA.
#[derive(Clone, Copy, Debug)]
pub struct Lzma {
    pub dict_size: u32,
    pub lc: u32,
    pub lp: u32,
    pub pb: u32,
    pub mode: u32,
    pub nice_len: u32,
    pub mf: u32,
    pub depth: u32,
}

/// A filter, with its options.
#[derive(Clone, Copy, Debug)]
pub enum Filter {
    Lzma1(Lzma),
    Lzma2(Lzma),
    /// How far back what is subtracted stands.
    Delta(u32),
    /// The number of the architecture, and where the data begins.
    Branches(u64, u32),
}

impl Lzma {
    /// What a preset stands for; nothing for one that does not exist.
    pub fn preset(preset: u32) -> Option<Lzma> {
        const EXTREME: u32 = 1 << 31;
        const DICT_BITS: [u32; 10] = [18, 20, 21, 22, 22, 23, 23, 24, 25, 26];
        const DEPTHS: [u32; 4] = [4, 8, 24, 48];
        let level = preset & 0x1F;
        if level > 9 || preset & !(EXTREME | 0x1F) != 0 {
            return None;
        }
        let dict_size = 1 << DICT_BITS[level as usize];
        let slow = Lzma { dict_size, lc: 3, lp: 0, pb: 2, mode: 2, nice_len: 64, mf: 0x14, depth: 0 };
        Some(match level {
            3 | 5 if preset & EXTREME != 0 => Lzma { nice_len: 192, ..slow },
            _ if preset & EXTREME != 0 => Lzma { nice_len: 273, depth: 512, ..slow },
            0..=3 => {
                let nice_len = if level <= 1 { 128 } else { 273 };
                let mf = if level == 0 { 3 } else { 4 };
                Lzma { mode: 1, nice_len, mf, depth: DEPTHS[level as usize], ..slow }
            }
            4 => Lzma { nice_len: 16, ..slow },
            5 => Lzma { nice_len: 32, ..slow },
            _ => slow,
        })
    }
    pub fn properties_good(&self) -> bool {
        self.lc <= 4 && self.lp <= 4 && self.lc + self.lp <= 4 && self.pb <= 4
    }
    /// Whether they can be used to compress.
    fn good(&self) -> bool {
        self.properties_good()
            && matches!(self.mode, 1 | 2)
            && (2..=273).contains(&self.nice_len)
            && matches!(self.mf, 3 | 4 | 0x12..=0x14)
            && (4096..=(1 << 30) + (1 << 29)).contains(&self.dict_size)
    }
    /// For the crate, which has two of the five ways to find matches.
    pub fn options(&self) -> LzmaOptions {
        let mode = if self.mode == 1 { EncodeMode::Fast } else { EncodeMode::Normal };
        let mf = if self.mf < 0x10 { MfType::Hc4 } else { MfType::Bt4 };
        let nice_len = self.nice_len.max(LzmaOptions::NICE_LEN_MIN);
        let depth = i32::try_from(self.depth).unwrap_or(i32::MAX);
        LzmaOptions::new(self.dict_size, self.lc, self.lp, self.pb, mode, nice_len, mf, depth)
    }
    fn byte(&self) -> u8 {
        ((self.pb * 5 + self.lp) * 9 + self.lc) as u8
    }
    /// Of the first byte of LZMA's properties; nothing if that is none.
    pub fn of_byte(byte: u8, dict_size: u32) -> Option<Lzma> {
        let byte = u32::from(byte);
        let (pb, lp, lc) = (byte / 45, byte % 45 / 9, byte % 9);
        let lzma = Lzma { dict_size, lc, lp, pb, ..Lzma::preset(6)? };
        lzma.properties_good().then_some(lzma)
    }
}

impl Filter {
    /// For the crate; nothing for LZMA itself.
    pub fn config(&self) -> Option<FilterConfig> {
        match *self {
            Filter::Lzma1(_) | Filter::Lzma2(_) => None,
            Filter::Delta(distance) => Some(FilterConfig::new_delta(distance)),
            Filter::Branches(id, property) => {
                FilterType::try_from(id).ok().map(|filter_type| FilterConfig { filter_type, property })
            }
        }
    }
    /// Whether its options are good for a decoder.
    fn judge(&self) -> Result<(), Fault> {
        match *self {
            Filter::Lzma1(lzma) if !lzma.properties_good() => Err(Fault::Internal),
            Filter::Delta(distance) if !(1..=256).contains(&distance) => Err(Fault::Options),
            Filter::Branches(id, offset) if !offset.is_multiple_of(alignment(id)) => Err(Fault::Options),
            _ => Ok(()),
        }
    }
}

/// What the place where the data begins must be a multiple of.
fn alignment(id: u64) -> u32 {
    match id {
        0x04 => 1,
        0x06 => 16,
        0x08 | 0x0B => 2,
        _ => 4,
    }
}

/// Whether a chain can be: LZMA stands at the end and nowhere else.
pub fn judge(chain: &[Filter]) -> Result<(), Fault> {
    let Some((last, before)) = chain.split_last() else { return Err(Fault::Internal) };
    if last.config().is_some() || before.iter().any(|filter| filter.config().is_none()) {
        return Err(Fault::Options);
    }
    chain.iter().try_for_each(Filter::judge)
}

/// The same to compress.
pub fn judge_to_compress(chain: &[Filter]) -> Result<(), Fault> {
    if let Some(Filter::Lzma1(lzma) | Filter::Lzma2(lzma)) = chain.last()
        && !lzma.good()
    {
        return Err(Fault::Options);
    }
    judge(chain)
}

// ---- from Python -----------------------------------------------------------------------------------------------------

/// A chain of at most four filters. Runs Python.
pub fn read_chain(cx: &Cx, specs: &Value) -> Res<Vec<Filter>> {
    let count = cx.len(specs)?;
    cx.expect_sequence(specs)?;
    if count > 4 {
        return Err(cx.value_error("Too many filters - liblzma supports a maximum of 4"));
    }
    (0..count).map(|at| read(cx, &cx.item_at(specs, at as i64)?)).collect()
}

/// A member of a mapping, or nothing. Runs Python.
fn member(cx: &Cx, spec: &Value, name: &str) -> Res<Option<Value>> {
    match cx.item(spec, name) {
        Ok(value) => Ok(Some(value)),
        Err(raised) => cx.catch(raised, "KeyError").map(|_| None),
    }
}

/// A filter. Runs Python.
pub fn read(cx: &Cx, spec: &Value) -> Res<Filter> {
    if cx.attr_opt(&cx.class_of(spec), "__getitem__")?.is_none() {
        return Err(cx.type_error("Filter specifier must be a dict or dict-like object"));
    }
    let Some(id) = member(cx, spec, "id")? else {
        return Err(cx.value_error("Filter specifier must have an \"id\" entry"));
    };
    match unsigned(cx, &id, u64::MAX, "lzma_vli")? {
        id @ (LZMA1 | LZMA2) => {
            let lzma = read_lzma(cx, spec)?;
            Ok(if id == LZMA1 { Filter::Lzma1(lzma) } else { Filter::Lzma2(lzma) })
        }
        DELTA => {
            let [distance] = options(cx, spec, ["dist"], [1], "delta")?;
            Ok(Filter::Delta(distance))
        }
        id if NAMED_BRANCHES.contains(&id) => {
            let [offset] = options(cx, spec, ["start_offset"], [0], "BCJ")?;
            Ok(Filter::Branches(id, offset))
        }
        id => Err(cx.value_error(format_args!("Invalid filter ID: {id}"))),
    }
}

fn read_lzma(cx: &Cx, spec: &Value) -> Res<Lzma> {
    let preset = match member(cx, spec, "preset")? {
        Some(preset) => unsigned(cx, &preset, u32::MAX.into(), "uint32_t")? as u32,
        None => 6,
    };
    let Some(base) = Lzma::preset(preset) else {
        return Err(cx.raise_of(&ERROR, format_args!("Invalid compression preset: {preset}")));
    };
    let names = ["dict_size", "lc", "lp", "pb", "mode", "nice_len", "mf", "depth", "preset"];
    let given = [base.dict_size, base.lc, base.lp, base.pb, base.mode, base.nice_len, base.mf, base.depth, 0];
    let [dict_size, lc, lp, pb, mode, nice_len, mf, depth, _] = options(cx, spec, names, given, "LZMA")?;
    Ok(Lzma { dict_size, lc, lp, pb, mode, nice_len, mf, depth })
}

/// The options of a filter: a dict that has but these names, and `id`; all that is wrong is the same `ValueError`.
fn options<const N: usize>(
    cx: &Cx,
    spec: &Value,
    names: [&str; N],
    mut values: [u32; N],
    kind: &str,
) -> Res<[u32; N]> {
    let invalid = || cx.value_error(format_args!("Invalid filter specifier for {kind} filter"));
    let Some(dict) = Dict::of(spec) else { return Err(invalid()) };
    let mut found = 1;
    for (name, place) in names.iter().zip(&mut values) {
        let Some(value) = dict.get_str(cx, name)? else { continue };
        found += 1;
        let number = unsigned(cx, &value, u32::MAX.into(), "uint32_t");
        *place = number.map_err(|raised| {
            drop(cx.take_raised(raised));
            invalid()
        })? as u32;
    }
    if dict.len() != found { Err(invalid()) } else { Ok(values) }
}

// ---- properties ------------------------------------------------------------------------------------------------------

/// The byte for a dictionary's size in LZMA2's properties: the next size that is two or three times a power of two.
fn dict_byte(size: u32) -> u8 {
    (0..40).find(|&byte| dict_of_byte(byte).is_some_and(|fits| fits >= size)).unwrap_or(40)
}
fn dict_of_byte(byte: u8) -> Option<u32> {
    match byte {
        0..40 => Some((2 | u32::from(byte & 1)) << (byte / 2 + 11)),
        40 => Some(u32::MAX),
        _ => None,
    }
}

pub fn encode(cx: &Cx, filter: Value) -> Res {
    let internal = || error(cx, Fault::Internal);
    match read(cx, &filter)? {
        Filter::Lzma1(lzma) if lzma.properties_good() => {
            let [a, b, c, d] = lzma.dict_size.to_le_bytes();
            (&[lzma.byte(), a, b, c, d][..]).into_value(cx)
        }
        Filter::Lzma2(lzma) => (&[dict_byte(lzma.dict_size)][..]).into_value(cx),
        Filter::Delta(distance @ 1..=256) => (&[(distance - 1) as u8][..]).into_value(cx),
        Filter::Branches(_, 0) => (&[][..]).into_value(cx),
        Filter::Branches(_, offset) => (&offset.to_le_bytes()[..]).into_value(cx),
        _ => Err(internal()),
    }
}

/// A filter of its number and its properties.
pub fn of_properties(id: u64, properties: &[u8]) -> Result<Filter, Fault> {
    let base = Lzma::preset(6).ok_or(Fault::Internal)?;
    match (id, properties) {
        (LZMA1, &[byte, a, b, c, d]) => {
            let lzma = Lzma::of_byte(byte, u32::from_le_bytes([a, b, c, d]));
            lzma.map(Filter::Lzma1).ok_or(Fault::Options)
        }
        (LZMA2, &[byte]) => {
            let dict_size = dict_of_byte(byte).ok_or(Fault::Options)?;
            Ok(Filter::Lzma2(Lzma { dict_size, ..base }))
        }
        (DELTA, &[distance]) => Ok(Filter::Delta(u32::from(distance) + 1)),
        (id, &[]) if BRANCHES.contains(&id) => Ok(Filter::Branches(id, 0)),
        (id, &[a, b, c, d]) if BRANCHES.contains(&id) => {
            Ok(Filter::Branches(id, u32::from_le_bytes([a, b, c, d])))
        }
        _ => Err(Fault::Options),
    }
}

pub fn decode(cx: &Cx, id: Value, properties: Buffer) -> Res<Dict> {
    let id = unsigned(cx, &id, u64::MAX, "lzma_vli")?;
    let filter = properties.read(|bytes| of_properties(id, bytes)).map_err(|fault| error(cx, fault))?;
    if BRANCHES.contains(&id) && !NAMED_BRANCHES.contains(&id) {
        return Err(cx.value_error(format_args!("Invalid filter ID: {id}")));
    }
    let made = Dict::new(cx)?;
    made.set_str(cx, "id", id)?;
    match filter {
        Filter::Lzma1(lzma) => {
            let members = [("lc", lzma.lc), ("lp", lzma.lp), ("pb", lzma.pb), ("dict_size", lzma.dict_size)];
            for (name, value) in members {
                made.set_str(cx, name, i64::from(value))?;
            }
        }
        Filter::Lzma2(lzma) => made.set_str(cx, "dict_size", i64::from(lzma.dict_size))?,
        Filter::Delta(distance) => made.set_str(cx, "dist", i64::from(distance))?,
        Filter::Branches(_, 0) => {}
        Filter::Branches(_, offset) => made.set_str(cx, "start_offset", i64::from(offset))?,
    }
    Ok(made)
}
