//! Trigonometric and hyperbolic functions, and their inverses.

use ryokan_vm::native::*;

use super::{failed, of_one_float, of_two_floats};

of_one_float! {
    acos "a number in range from -1 up to 1";
    acosh "argument value not less than 1";
    asin "a number in range from -1 up to 1";
    asinh "";
    atan "";
    atanh "a number between -1 and 1";
    cos "a finite input";
    cosh "";
    sin "a finite input";
    sinh "";
    tan "a finite input";
    tanh "";
}

of_two_floats! {
    atan2;
}
