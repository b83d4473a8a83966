//! Parameters of compression and decompression.

use ryokan_vm::native::*;
use zstd_safe::{CParameter, Strategy};

use super::{ERROR, State};

/// A parameter: its number, its name, its bounds; and whether a value outside of them is taken for the nearest, and whether 0, which stands
/// for the default, is good too.
struct Row {
    key: i32,
    name: &'static str,
    low: i32,
    high: i32,
    clamps: bool,
    zero: bool,
}

const fn row(key: i32, name: &'static str, low: i32, high: i32) -> Row {
    Row { key, name, low, high, clamps: false, zero: true }
}

pub const LEVEL: i32 = 100;
const WINDOW: i32 = 101;

/// As libzstd 1.5.7 has them where a pointer has 64 bits, without threads.
const ROWS: &[Row] = &[
    row(LEVEL, "compression_level", -131_072, 22),
    row(WINDOW, "window_log", 10, 31),
    row(102, "hash_log", 6, 30),
    row(103, "chain_log", 6, 30),
    row(104, "search_log", 1, 30),
    row(105, "min_match", 3, 7),
    row(106, "target_length", 0, 131_072),
    row(107, "strategy", 1, 9),
    row(160, "enable_long_distance_matching", 0, 2),
    row(161, "ldm_hash_log", 6, 30),
    row(162, "ldm_min_match", 4, 4096),
    row(163, "ldm_bucket_size_log", 1, 8),
    row(164, "ldm_hash_rate_log", 0, 25),
    Row { clamps: true, ..row(200, "content_size_flag", 0, 1) },
    Row { clamps: true, ..row(201, "checksum_flag", 0, 1) },
    Row { clamps: true, ..row(202, "dict_id_flag", 0, 1) },
    row(400, "nb_workers", 0, 0),
    row(401, "job_size", 0, 0),
    row(402, "overlap_log", 0, 0),
];
const WINDOW_MAX: Row = Row { zero: false, ..row(100, "window_log_max", 10, 31) };

fn find(key: i32, compresses: bool) -> Option<&'static Row> {
    if compresses { ROWS.iter().find(|row| row.key == key) } else { (key == 100).then_some(&WINDOW_MAX) }
}

pub fn bounds_of(cx: &Cx, parameter: i32, compresses: bool) -> Res<(i32, i32)> {
    match find(parameter, compresses) {
        Some(row) => Ok((row.low, row.high)),
        None => {
            let kind = if compresses { "compression" } else { "decompression" };
            let message = format_args!("Unable to get zstd {kind} parameter bounds: Unsupported parameter");
            Err(cx.raise_of(&ERROR, message))
        }
    }
}

/// What is asked of a parameter, looked over: nothing if it is the default. `ValueError`.
fn judge(cx: &Cx, key: i32, value: i32, compresses: bool) -> Res<Option<i32>> {
    let kind = if compresses { "compression" } else { "decompression" };
    let Some(&Row { name, low, high, clamps, zero, .. }) = find(key, compresses) else {
        let message = format_args!("invalid {kind} parameter 'unknown parameter (key {key})'");
        return Err(cx.value_error(message));
    };
    match value {
        _ if clamps => Ok(Some(value.clamp(low, high))),
        0 if zero => Ok(None),
        _ if (low..=high).contains(&value) => Ok(Some(value)),
        _ => Err(cx.value_error(format_args!(
            "{kind} parameter '{name}' received an illegal value {value}; the valid range is [{low}, {high}]"
        ))),
    }
}

/// Goes through a dict of options. Runs Python; `TypeError` for a member of the other class of parameters.
pub fn each(
    cx: &Cx,
    options: &Dict,
    compresses: bool,
    mut set: impl FnMut(i32, i32) -> Res<()>,
) -> Res<()> {
    let state = cx.state::<State>()?;
    let (kind, other, name) = match compresses {
        true => ("compression", state.decompression.get(), "DecompressionParameter"),
        false => ("decompression", state.compression.get(), "CompressionParameter"),
    };
    let mut from = 0;
    while let Some((next, key, value)) = options.next_item(from) {
        from = next;
        if other.as_ref().is_some_and(|other| cx.class_of(&key).is(other)) {
            let message = format_args!("{kind} options dictionary key must not be a {name} attribute");
            return Err(cx.type_error(message));
        }
        let (key, value) = (c_int(cx, &key)?, c_int(cx, &value)?);
        if let Some(value) = judge(cx, key, value, compresses)? {
            set(key, value)?;
        }
    }
    Ok(())
}

/// An int of C's. Runs Python; `TypeError`, `OverflowError`.
pub fn c_int(cx: &Cx, value: &Value) -> Res<i32> {
    i32::from_python(cx, value)
}

/// The engine's name of a parameter with its value, which was judged; nothing for those that it does not have.
pub fn parameter(key: i32, value: i32) -> Option<CParameter> {
    let size = value as u32;
    Some(match key {
        LEVEL => CParameter::CompressionLevel(value),
        WINDOW => CParameter::WindowLog(size),
        102 => CParameter::HashLog(size),
        103 => CParameter::ChainLog(size),
        104 => CParameter::SearchLog(size),
        105 => CParameter::MinMatch(size),
        106 => CParameter::TargetLength(size),
        107 => CParameter::Strategy(strategy(value)?),
        160 => CParameter::EnableLongDistanceMatching(value == 1),
        161 => CParameter::LdmHashLog(size),
        162 => CParameter::LdmMinMatch(size),
        163 => CParameter::LdmBucketSizeLog(size),
        164 => CParameter::LdmHashRateLog(size),
        200 => CParameter::ContentSizeFlag(value != 0),
        201 => CParameter::ChecksumFlag(value != 0),
        202 => CParameter::DictIdFlag(value != 0),
        _ => return None,
    })
}

fn strategy(number: i32) -> Option<Strategy> {
    use Strategy::*;
    let all = [
        ZSTD_fast,
        ZSTD_dfast,
        ZSTD_greedy,
        ZSTD_lazy,
        ZSTD_lazy2,
        ZSTD_btlazy2,
        ZSTD_btopt,
        ZSTD_btultra,
        ZSTD_btultra2,
    ];
    all.get(number.checked_sub(1)? as usize).copied()
}

// ---- memory ----------------------------------------------------------------------------------------------------------

/// The parameters that say how much memory a compressor takes.
#[derive(Clone, Copy)]
pub struct Sizes {
    pub level: i32,
    window: Option<i32>,
    hash: Option<i32>,
    chain: Option<i32>,
    strategy: Option<i32>,
    long_distance: bool,
    long_hash: Option<i32>,
}

/// Of levels 1 to 22, as libzstd has them for large inputs: the logarithms of the window, the chains and the hashes, and how it searches.
const LEVELS: [(u32, u32, u32, i32); 22] = [
    (19, 13, 14, 1),
    (20, 15, 16, 1),
    (21, 16, 17, 2),
    (21, 18, 18, 2),
    (21, 18, 19, 3),
    (21, 18, 19, 4),
    (21, 19, 20, 4),
    (21, 19, 20, 5),
    (22, 20, 21, 5),
    (22, 21, 22, 5),
    (22, 21, 22, 5),
    (22, 22, 23, 5),
    (22, 22, 22, 6),
    (22, 22, 23, 6),
    (22, 23, 23, 6),
    (22, 22, 22, 7),
    (23, 23, 22, 7),
    (23, 23, 22, 8),
    (23, 24, 22, 9),
    (25, 25, 23, 9),
    (26, 26, 24, 9),
    (27, 27, 25, 9),
];

impl Sizes {
    pub fn of_level(level: i32) -> Sizes {
        Sizes {
            level,
            window: None,
            hash: None,
            chain: None,
            strategy: None,
            long_distance: false,
            long_hash: None,
        }
    }
    pub fn set(&mut self, key: i32, value: i32) {
        match key {
            LEVEL => self.level = value,
            WINDOW => self.window = Some(value),
            102 => self.hash = Some(value),
            103 => self.chain = Some(value),
            107 => self.strategy = Some(value),
            160 => self.long_distance = value == 1,
            161 => self.long_hash = Some(value),
            _ => {}
        }
    }
    /// At most so many bytes are taken for a frame, of so many bytes if that is known, and how hard it searches.
    pub fn memory(&self, size: Option<usize>) -> (usize, usize) {
        let level = if self.level == 0 { 3 } else { self.level.clamp(1, 22) };
        let (window, chain, hash, strategy) = LEVELS[level as usize - 1];
        let strategy = self.strategy.unwrap_or(strategy);
        let window = if self.long_distance { 27 } else { window };
        let log = |given: Option<i32>, own: u32| given.map_or(own, |log| log as u32).min(31);
        // What is known to be small gets a small window and small tables.
        let fits = size.map_or(31, |size| size.max(1 << 10).next_power_of_two().trailing_zeros());
        let window = log(self.window, window).min(fits);
        let hash = log(self.hash, hash).min(window + 1);
        let chain = log(self.chain, chain).min(window + 1);
        let long = match self.long_distance || (window >= 27 && strategy >= 7) {
            true => 10 << log(self.long_hash, window.saturating_sub(6)).max(6),
            false => 0,
        };
        let search = if strategy >= 7 { 2 << 20 } else { 0 };
        let memory = (1usize << window) + (4 << hash) + (4 << chain) + long + search + (1 << 20);
        (memory, strategy as usize)
    }
}
