//! `posix`: the system's calls, which `os` shows.
//!
//! | file | what |
//! |---|---|
//! | `args.rs` | paths, descriptors and identities, as arguments |
//! | `stat.rs` | what the system knows of a file |
//! | `files.rs` | files by their paths |
//! | `dirs.rs` | directories |
//! | `descriptors.rs` | open files |
//! | `processes.rs`, `spawn.rs` | processes |
//! | `timers.rs` | timers that are read as files |
//! | `paths.rs` | paths as texts |
//! | `system.rs` | the system, the environment |
//! | `names.rs` | constants |

use ryokan_vm::native::*;

pub mod args;
pub mod descriptors;
pub mod dirs;
pub mod files;
pub mod names;
mod paths;
pub mod processes;
mod spawn;
pub mod stat;
pub mod system;
mod timers;

native_module! {
    /// The calls of the system. The module os is what programs use.
    "posix" {
        fill = fill;
    }
}

/// What of the system `os` may rely on.
const HAVE: [&str; 31] = [
    "HAVE_EVENTFD",
    "HAVE_FACCESSAT",
    "HAVE_FCHDIR",
    "HAVE_FCHMOD",
    "HAVE_FCHMODAT",
    "HAVE_FCHOWN",
    "HAVE_FCHOWNAT",
    "HAVE_FEXECVE",
    "HAVE_FDOPENDIR",
    "HAVE_FPATHCONF",
    "HAVE_FSTATAT",
    "HAVE_FSTATVFS",
    "HAVE_FTRUNCATE",
    "HAVE_FUTIMENS",
    "HAVE_FUTIMES",
    "HAVE_FUTIMESAT",
    "HAVE_LINKAT",
    "HAVE_LCHOWN",
    "HAVE_LSTAT",
    "HAVE_LUTIMES",
    "HAVE_MEMFD_CREATE",
    "HAVE_MKDIRAT",
    "HAVE_MKFIFOAT",
    "HAVE_MKNODAT",
    "HAVE_OPENAT",
    "HAVE_READLINKAT",
    "HAVE_RENAMEAT",
    "HAVE_SYMLINKAT",
    "HAVE_UNLINKAT",
    "HAVE_UTIMENSAT",
    "HAVE_PTSNAME_R",
];

fn fill(module: &Filler) -> Res<()> {
    let cx = module.cx();
    for part in [
        &stat::MODULE,
        &files::MODULE,
        &dirs::MODULE,
        &descriptors::MODULE,
        &processes::MODULE,
        &spawn::MODULE,
        &timers::MODULE,
        &paths::MODULE,
        &system::MODULE,
    ] {
        module.include(part)?;
    }
    for (name, value) in names::CONSTANTS {
        module.add(name, *value)?;
    }
    module.add("sysconf_names", names::dict(cx, names::SYSCONF)?)?;
    module.add("pathconf_names", names::dict(cx, names::PATHCONF)?)?;
    module.add("confstr_names", names::dict(cx, names::CONFSTR)?)?;
    module.add("_have_functions", Vec::from(&HAVE[..]))?;
    module.add("environ", system::environ(cx)?)?;
    module.add("error", cx.builtin("OSError")?)
}
