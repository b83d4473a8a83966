//! The native half of the standard library: each module a file over `ryokan_vm::native`, and a line here.

#![forbid(unsafe_code)]

use ryokan_vm::native::NativeModule;

/// Lists the modules: each is a file of that name whose table defines `MODULE`. Those that share a folder are listed behind its name.
macro_rules! modules {
    ($($(#[$attribute:meta])* $name:ident)*; $($folder:ident: $($part:ident)*;)*) => {
        $($(#[$attribute])* mod $name;)*
        $(mod $folder;)*
        /// Every module of this crate.
        pub static MODULES: &[&NativeModule] =
            &[$($(#[$attribute])* &$name::MODULE,)* $($(&$folder::$part::MODULE,)*)*];
    };
}

mod chance;
mod exceptions;
mod fspath;
mod hashing;
mod library;
mod unpacking;

modules! {
    array
    asyncio
    binascii
    bisect
    blake2
    bz2
    cmath
    collections
    contextvars
    copyreg
    csv
    datetime
    decimal
    elementtree
    errno
    faulthandler
    fcntl
    functools
    grp
    heapq
    hmac
    io
    itertools
    json
    keys
    locale
    lsprof
    lzma
    math
    md5
    mmap
    multiprocessing
    operator
    pickle
    posix
    posixshmem
    posixsubprocess
    pwd
    pyexpat
    queue
    random
    remote_debugging
    resource
    select
    sha1
    sha2
    sha3
    socket
    #[cfg(feature = "sqlite")]
    sqlite
    sre
    #[cfg(feature = "ssl")]
    ssl
    stat
    statistics
    string
    struct_
    syslog
    symtable
    sysconfig
    termios
    time
    tokenize
    unicodedata
    uuid
    zlib
    #[cfg(feature = "zstd")]
    zstd;
    cjk: cn hk iso2022 jp kr multibyte tw;
    interpreters: primitives queues channels;
}
