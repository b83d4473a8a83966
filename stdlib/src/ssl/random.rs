//! Bytes of chance.

use ryokan_system as sys;
use ryokan_vm::native::*;

use crate::posix::args::quick;

/// Fills bytes: of the system's chance, or the same each time where a run is to be so. `OSError`.
pub fn fill(cx: &Cx, bytes: &mut [u8]) -> Res<()> {
    // So few bytes the system gives at once.
    for piece in bytes.chunks_mut(256) {
        cx.work(1)?;
        if !cx.fixed_bytes(piece) {
            quick(cx, sys::getrandom(0, piece))?;
        }
    }
    Ok(())
}

/// `RAND_bytes()`. `ValueError` if the number is negative.
pub fn rand_bytes(cx: &Cx, n: i32) -> Res {
    let count = usize::try_from(n).map_err(|_| cx.value_error("num must be positive"))?;
    let mut made = ByteWriter::zeros(cx, count)?;
    fill(cx, made.as_mut_slice())?;
    made.finish()
}

/// `RAND_add()`: the system's chance needs no more of it. Text is taken as bytes are.
pub fn rand_add(cx: &Cx, string: &Value, _entropy: f64) -> Res<()> {
    if !cx.is_str(string) {
        Buffer::of(cx, string)?;
    }
    Ok(())
}
