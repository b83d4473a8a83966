//! The error function and the gamma function.

use ryokan_vm::native::*;

use super::{failed, of_one_float};

of_one_float! {
    erf "";
    erfc "";
    gamma "a noninteger or positive integer";
    lgamma "a noninteger or positive integer";
}
