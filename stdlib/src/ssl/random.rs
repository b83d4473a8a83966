//! Bytes of chance.

use ryokan_vm::native::*;

use crate::chance::chance_bytes;

/// `RAND_bytes()`. `ValueError` if the number is negative.
pub fn rand_bytes(cx: &Cx, n: i32) -> Res {
    let count = usize::try_from(n).map_err(|_| cx.value_error("num must be positive"))?;
    chance_bytes(cx, count)
}

/// `RAND_add()`: the system's chance needs no more of it. Text is taken as bytes are.
pub fn rand_add(cx: &Cx, string: &Value, _entropy: f64) -> Res<()> {
    if !cx.is_str(string) {
        Buffer::of(cx, string)?;
    }
    Ok(())
}
