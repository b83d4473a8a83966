//! Dictionaries of Zstandard: what the safe crate of libzstd leaves out.

use zstd_safe::zstd_sys::{ZDICT_finalizeDictionary, ZDICT_isError, ZDICT_params_t};

/// Makes a dictionary of content, with a header that fits samples, which stand one behind the other and have these sizes: how many bytes it
/// has. Otherwise what libzstd says.
pub fn finalize(
    out: &mut [u8],
    content: &[u8],
    samples: &[u8],
    sizes: &[usize],
    level: i32,
) -> Result<usize, &'static str> {
    let total = sizes.iter().try_fold(0usize, |total, &size| total.checked_add(size));
    let (Some(count), true) = (u32::try_from(sizes.len()).ok(), total == Some(samples.len())) else {
        return Err("Src size is incorrect");
    };
    let wanted = ZDICT_params_t { compressionLevel: level, notificationLevel: 0, dictID: 0 };
    // SAFETY: each buffer is given with its length, and the sizes are as many as are told, and together the length of the samples.
    let (code, failed) = unsafe {
        let code = ZDICT_finalizeDictionary(
            out.as_mut_ptr().cast(),
            out.len(),
            content.as_ptr().cast(),
            content.len(),
            samples.as_ptr().cast(),
            sizes.as_ptr(),
            count,
            wanted,
        );
        (code, ZDICT_isError(code) != 0)
    };
    if failed { Err(zstd_safe::get_error_name(code)) } else { Ok(code) }
}
