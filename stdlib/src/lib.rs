//! The native half of the standard library: each module a file over `ryokan_vm::native`, and a line here.

#![forbid(unsafe_code)]

use ryokan_vm::native::NativeModule;

/// Lists the modules: each is a file of that name whose table defines `MODULE`.
macro_rules! modules {
    ($($name:ident)*) => {
        $(mod $name;)*
        /// Every module of this crate.
        pub static MODULES: &[&NativeModule] = &[$(&$name::MODULE),*];
    };
}

mod fspath;

modules! {
    bisect
    collections
    copyreg
    errno
    fcntl
    grp
    heapq
    io
    itertools
    math
    posix
    posixsubprocess
    pwd
    resource
    select
    socket
    stat
    struct_
    sysconfig
    termios
    time
}
