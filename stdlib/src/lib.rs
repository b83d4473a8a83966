//! The native half of the standard library: each module a file over `ryokan_vm::native`, and a line here.

#![forbid(unsafe_code)]

use ryokan_vm::native::NativeModule;

mod hashing;

/// Lists the modules: each is a file of that name whose table defines `MODULE`.
macro_rules! modules {
    ($($name:ident)*) => {
        $(mod $name;)*
        /// Every module of this crate.
        pub static MODULES: &[&NativeModule] = &[$(&$name::MODULE),*];
    };
}

modules! {
    array
    binascii
    bisect
    blake2
    cmath
    collections
    contextvars
    copyreg
    csv
    errno
    functools
    heapq
    itertools
    json
    math
    md5
    operator
    random
    sha1
    sha2
    sha3
    sre
    string
    struct_
    time
    unicodedata
    zlib
}
