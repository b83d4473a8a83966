//! Bytes that nobody can tell before.

use ryokan_system as sys;
use ryokan_vm::native::*;

use crate::posix::args::quick;

/// So many bytes the system gives at once.
const PIECE: usize = 256;

/// Fills bytes: of the system's chance, or the same each time where a run is to be so. `OSError`.
pub fn chance(cx: &Cx, bytes: &mut [u8]) -> Res<()> {
    for piece in bytes.chunks_mut(PIECE) {
        cx.work(1)?;
        if !cx.fixed_bytes(piece) {
            quick(cx, sys::getrandom(0, piece))?;
        }
    }
    Ok(())
}

/// So many bytes of it, as a bytes object. `OSError`, `MemoryError`.
pub fn chance_bytes(cx: &Cx, count: usize) -> Res {
    let mut made = ByteWriter::zeros(cx, count)?;
    chance(cx, made.as_mut_slice())?;
    made.finish()
}
