//! `_stat`: what the bits of `st_mode` mean, as this system has them.

use ryokan_vm::native::*;

native_module! {
    /// The bits of a file's mode, and what `ls -l` makes of them.
    "_stat" {
        consts {
            "S_IFDIR" = S_IFDIR; "S_IFCHR" = S_IFCHR; "S_IFBLK" = S_IFBLK; "S_IFREG" = S_IFREG;
            "S_IFIFO" = S_IFIFO; "S_IFLNK" = S_IFLNK; "S_IFSOCK" = S_IFSOCK;
            "S_IFDOOR" = 0; "S_IFPORT" = 0; "S_IFWHT" = 0;
            "S_ISUID" = 0o4000; "S_ISGID" = 0o2000; "S_ENFMT" = 0o2000; "S_ISVTX" = 0o1000;
            "S_IREAD" = 0o400; "S_IWRITE" = 0o200; "S_IEXEC" = 0o100;
            "S_IRWXU" = 0o700; "S_IRUSR" = 0o400; "S_IWUSR" = 0o200; "S_IXUSR" = 0o100;
            "S_IRWXG" = 0o070; "S_IRGRP" = 0o040; "S_IWGRP" = 0o020; "S_IXGRP" = 0o010;
            "S_IRWXO" = 0o007; "S_IROTH" = 0o004; "S_IWOTH" = 0o002; "S_IXOTH" = 0o001;
            "UF_SETTABLE" = 0xffff; "UF_NODUMP" = 0x1; "UF_IMMUTABLE" = 0x2; "UF_APPEND" = 0x4; "UF_OPAQUE" = 0x8;
            "UF_NOUNLINK" = 0x10; "UF_COMPRESSED" = 0x20; "UF_TRACKED" = 0x40; "UF_DATAVAULT" = 0x80; "UF_HIDDEN" = 0x8000;
            "SF_SETTABLE" = 0xffff_0000_i64; "SF_ARCHIVED" = 0x1_0000; "SF_IMMUTABLE" = 0x2_0000; "SF_APPEND" = 0x4_0000;
            "SF_NOUNLINK" = 0x10_0000; "SF_SNAPSHOT" = 0x20_0000; "SF_FIRMLINK" = 0x80_0000; "SF_DATALESS" = 0x4000_0000;
            "ST_MODE" = 0; "ST_INO" = 1; "ST_DEV" = 2; "ST_NLINK" = 3; "ST_UID" = 4; "ST_GID" = 5; "ST_SIZE" = 6;
            "ST_ATIME" = 7; "ST_MTIME" = 8; "ST_CTIME" = 9;
        }
        functions {
            /// The bits that a mode may be set to.
            S_IMODE(mode: u32, /) = permissions;
            /// The bits that say what kind of file it is.
            S_IFMT(mode: u32, /) = kind;
            /// Whether it is a directory.
            S_ISDIR(mode: u32, /) = is_directory;
            /// Whether it is a device of characters.
            S_ISCHR(mode: u32, /) = is_characters;
            /// Whether it is a device of blocks.
            S_ISBLK(mode: u32, /) = is_blocks;
            /// Whether it is a regular file.
            S_ISREG(mode: u32, /) = is_regular;
            /// Whether it is a pipe with a name.
            S_ISFIFO(mode: u32, /) = is_pipe;
            /// Whether it is a symbolic link.
            S_ISLNK(mode: u32, /) = is_link;
            /// Whether it is a socket.
            S_ISSOCK(mode: u32, /) = is_socket;
            /// Whether it is a door: no file of this system is.
            S_ISDOOR(mode: u32, /) = never;
            /// Whether it is a port of events: no file of this system is.
            S_ISPORT(mode: u32, /) = never;
            /// Whether it is a whiteout: no file of this system is.
            S_ISWHT(mode: u32, /) = never;
            /// The mode as `ls -l` shows it: `-rwxr-xr-x`.
            filemode(mode: u32, /);
        }
    }
}

const S_IFMT: u32 = 0o170_000;
const S_IFSOCK: u32 = 0o140_000;
const S_IFLNK: u32 = 0o120_000;
const S_IFREG: u32 = 0o100_000;
const S_IFBLK: u32 = 0o060_000;
const S_IFDIR: u32 = 0o040_000;
const S_IFCHR: u32 = 0o020_000;
const S_IFIFO: u32 = 0o010_000;

fn permissions(_: &Cx, mode: u32) -> u32 {
    mode & 0o7777
}
fn kind(_: &Cx, mode: u32) -> u32 {
    mode & S_IFMT
}
fn is_directory(_: &Cx, mode: u32) -> bool {
    mode & S_IFMT == S_IFDIR
}
fn is_characters(_: &Cx, mode: u32) -> bool {
    mode & S_IFMT == S_IFCHR
}
fn is_blocks(_: &Cx, mode: u32) -> bool {
    mode & S_IFMT == S_IFBLK
}
fn is_regular(_: &Cx, mode: u32) -> bool {
    mode & S_IFMT == S_IFREG
}
fn is_pipe(_: &Cx, mode: u32) -> bool {
    mode & S_IFMT == S_IFIFO
}
fn is_link(_: &Cx, mode: u32) -> bool {
    mode & S_IFMT == S_IFLNK
}
fn is_socket(_: &Cx, mode: u32) -> bool {
    mode & S_IFMT == S_IFSOCK
}
fn never(_: &Cx, _: u32) -> bool {
    false
}

fn filemode(_: &Cx, mode: u32) -> String {
    let kind = match mode & S_IFMT {
        S_IFREG => '-',
        S_IFDIR => 'd',
        S_IFLNK => 'l',
        S_IFBLK => 'b',
        S_IFCHR => 'c',
        S_IFIFO => 'p',
        S_IFSOCK => 's',
        _ => '?',
    };
    let mut text = String::from(kind);
    // The bit that changes what stands for execution, and its letters with and without that.
    for (shift, special, both, alone) in [(6, 0o4000, 's', 'S'), (3, 0o2000, 's', 'S'), (0, 0o1000, 't', 'T')] {
        let bits = mode >> shift;
        text.push(if bits & 4 != 0 { 'r' } else { '-' });
        text.push(if bits & 2 != 0 { 'w' } else { '-' });
        text.push(match (bits & 1 != 0, mode & special != 0) {
            (true, true) => both,
            (false, true) => alone,
            (true, false) => 'x',
            (false, false) => '-',
        });
    }
    text
}
