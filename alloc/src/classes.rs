//! Size classes: which block a request gets.
//!
//! ```text
//!      16 ..   128   every 8 bytes              15 classes
//!     160 ..  3584   four to a doubling         19 classes
//!    4080 .. 32720   a pool's space / k, k = 16, 14, 12, 10, 9 .. 2, rounded down to 16
//! ```
//!
//! So rounding loses at most 7 bytes up to 128 and at most a fifth of a block above (a third in the last two
//! classes), and the big classes fill their pool. Every class that a multiple of 16 asks for is itself a
//! multiple of 16, so such blocks are 16-aligned (`budget.rs` needs it). Requests above `SMALL_MAX` are large
//! blocks: `large.rs`.

use crate::slot::POOL_SPACE;

/// How many size classes there are.
pub const CLASSES: usize = 15 + 19 + DIVISORS.len();

/// The top classes divide a pool into this many blocks.
const DIVISORS: [usize; 12] = [16, 14, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2];

/// The block size of each class, in bytes.
pub const CLASS_BYTES: [u16; CLASSES] = class_bytes();

/// The largest request that comes from a pool.
pub const SMALL_MAX: usize = CLASS_BYTES[CLASSES - 1] as usize;

/// The class of a request of `8 * i` bytes. A constant, not a static: other crates see the content, so that a
/// constant request has a constant class without link-time optimisation too.
const CLASS_OF: &[u8; SMALL_MAX / 8 + 1] = &class_table();

const _: () = assert!(SMALL_MAX.is_multiple_of(8));
const _: () = assert!(CLASS_BYTES[0] == 16 && CLASS_BYTES[14] == 128 && CLASS_BYTES[33] == 3584);

/// The class of a small request. With a constant argument this is a constant.
///
/// # Safety
/// `bytes <= SMALL_MAX`.
#[inline(always)]
pub(crate) unsafe fn class_of(bytes: usize) -> usize {
    debug_assert!(bytes <= SMALL_MAX);
    // SAFETY: bytes <= SMALL_MAX and SMALL_MAX is a multiple of 8, so the index is at most SMALL_MAX / 8.
    unsafe { *CLASS_OF.get_unchecked(bytes.wrapping_add(7) / 8) as usize }
}

const fn class_bytes() -> [u16; CLASSES] {
    let mut sizes = [0u16; CLASSES];
    let mut class = 0;
    while class < 15 {
        sizes[class] = (16 + 8 * class) as u16;
        class += 1;
    }
    let mut base = 128;
    while class < 34 {
        let mut quarter = 1;
        while quarter <= 4 && class < 34 {
            sizes[class] = (base + base / 4 * quarter) as u16;
            class += 1;
            quarter += 1;
        }
        base *= 2;
    }
    let mut i = 0;
    while i < DIVISORS.len() {
        sizes[class] = ((POOL_SPACE / DIVISORS[i]) & !15) as u16;
        class += 1;
        i += 1;
    }
    sizes
}

const fn class_table() -> [u8; SMALL_MAX / 8 + 1] {
    let mut table = [0u8; SMALL_MAX / 8 + 1];
    let mut class = 0;
    let mut i = 0;
    while i < table.len() {
        while (CLASS_BYTES[class] as usize) < 8 * i {
            class += 1;
        }
        table[i] = class as u8;
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_fits_its_class_and_no_smaller_one() {
        for bytes in 0..=SMALL_MAX {
            // SAFETY: the loop ends at SMALL_MAX.
            let class = unsafe { class_of(bytes) };
            assert!(CLASS_BYTES[class] as usize >= bytes);
            assert!(class == 0 || (CLASS_BYTES[class - 1] as usize) < bytes);
            if bytes > 128 {
                assert!(
                    CLASS_BYTES[class] as usize * 2 <= bytes * 3 + 32,
                    "{bytes} in {}",
                    CLASS_BYTES[class]
                );
            }
            if bytes % 16 == 0 {
                assert_eq!(CLASS_BYTES[class] % 16, 0);
            }
        }
    }

    #[test]
    fn classes_ascend() {
        assert!(CLASS_BYTES.windows(2).all(|w| w[0] < w[1]), "{CLASS_BYTES:?}");
    }
}
