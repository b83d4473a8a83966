//! Another program in a new process, made at once.

use std::ffi::{CStr, CString};
use std::io;
use std::mem::MaybeUninit;

use crate::process::row;

/// What is done to descriptors in the new process, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FileAction {
    /// Opens a file, with flags and a mode, as a descriptor.
    Open(i32, CString, i32, u32),
    /// Closes one.
    Close(i32),
    /// Makes the second a copy of the first.
    Dup(i32, i32),
    /// Closes all from one on.
    CloseFrom(i32),
}

/// What else the new process is like.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Attributes {
    /// The group that it joins; 0 is a new one.
    pub group: Option<i32>,
    /// Whether the effective user and group become the real ones.
    pub reset_ids: bool,
    /// Whether it begins a session.
    pub new_session: bool,
    /// Signals that it does not hear, if that is said.
    pub mask: Option<Vec<i32>>,
    /// Signals that it handles in the usual way again.
    pub default: Option<Vec<i32>>,
    /// A policy of scheduling, or the one that is there, and a priority.
    pub scheduler: Option<(Option<i32>, i32)>,
}

/// Why there is no new process.
#[derive(Debug)]
pub enum Failed {
    /// What was asked for cannot be.
    Asked(io::Error),
    /// The program cannot be run, or an action has failed.
    Run(io::Error),
}

/// What a call gave that says an error number.
fn numbered(error: i32) -> io::Result<()> {
    if error == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(error)) }
}

/// The actions as the C library has them.
struct Actions(MaybeUninit<libc::posix_spawn_file_actions_t>);

impl Actions {
    fn new(list: &[FileAction]) -> io::Result<Actions> {
        let mut actions = Actions(MaybeUninit::uninit());
        let place = actions.0.as_mut_ptr();
        // SAFETY: the call makes the struct; only then is there a value that drops.
        if let Err(error) = numbered(unsafe { libc::posix_spawn_file_actions_init(place) }) {
            std::mem::forget(actions);
            return Err(error);
        }
        for action in list {
            // SAFETY: the struct was made; the library copies the path.
            numbered(unsafe {
                match action {
                    FileAction::Open(fd, path, flags, mode) => {
                        libc::posix_spawn_file_actions_addopen(place, *fd, path.as_ptr(), *flags, *mode)
                    }
                    FileAction::Close(fd) => libc::posix_spawn_file_actions_addclose(place, *fd),
                    FileAction::Dup(from, to) => libc::posix_spawn_file_actions_adddup2(place, *from, *to),
                    FileAction::CloseFrom(fd) => libc::posix_spawn_file_actions_addclosefrom_np(place, *fd),
                }
            })?;
        }
        Ok(actions)
    }
}

impl Drop for Actions {
    fn drop(&mut self) {
        // SAFETY: the struct was made.
        unsafe { libc::posix_spawn_file_actions_destroy(self.0.as_mut_ptr()) };
    }
}

/// The attributes as the C library has them.
struct Attr(MaybeUninit<libc::posix_spawnattr_t>);

impl Attr {
    fn new(wanted: &Attributes) -> io::Result<Attr> {
        let mut attr = Attr(MaybeUninit::uninit());
        let place = attr.0.as_mut_ptr();
        // SAFETY: the call makes the struct; only then is there a value that drops.
        if let Err(error) = numbered(unsafe { libc::posix_spawnattr_init(place) }) {
            std::mem::forget(attr);
            return Err(error);
        }
        let mut flags = 0;
        // SAFETY: the struct was made; the others that the calls read are whole.
        unsafe {
            if let Some(group) = wanted.group {
                numbered(libc::posix_spawnattr_setpgroup(place, group))?;
                flags |= libc::POSIX_SPAWN_SETPGROUP;
            }
            if wanted.reset_ids {
                flags |= libc::POSIX_SPAWN_RESETIDS;
            }
            if wanted.new_session {
                flags |= libc::c_int::from(libc::POSIX_SPAWN_SETSID);
            }
            if let Some(mask) = &wanted.mask {
                numbered(libc::posix_spawnattr_setsigmask(place, &signals(mask)))?;
                flags |= libc::POSIX_SPAWN_SETSIGMASK;
            }
            if let Some(default) = &wanted.default {
                numbered(libc::posix_spawnattr_setsigdefault(place, &signals(default)))?;
                flags |= libc::POSIX_SPAWN_SETSIGDEF;
            }
            if let Some((policy, priority)) = wanted.scheduler {
                if let Some(policy) = policy {
                    numbered(libc::posix_spawnattr_setschedpolicy(place, policy))?;
                    flags |= libc::POSIX_SPAWN_SETSCHEDULER;
                }
                let mut param: libc::sched_param = std::mem::zeroed();
                param.sched_priority = priority;
                numbered(libc::posix_spawnattr_setschedparam(place, &param))?;
                flags |= libc::POSIX_SPAWN_SETSCHEDPARAM;
            }
            numbered(libc::posix_spawnattr_setflags(place, flags as libc::c_short))?;
        }
        Ok(attr)
    }
}

impl Drop for Attr {
    fn drop(&mut self) {
        // SAFETY: the struct was made.
        unsafe { libc::posix_spawnattr_destroy(self.0.as_mut_ptr()) };
    }
}

/// A set of signals.
fn signals(numbers: &[i32]) -> libc::sigset_t {
    // SAFETY: zeros are a value of the struct, which the calls fill; they refuse what is no signal.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        for number in numbers {
            libc::sigaddset(&mut set, *number);
        }
        set
    }
}

/// Runs a program in a new process, and gives its number. It is searched for in the folders of `PATH` if `search` says so.
pub fn spawn(
    path: &CStr,
    search: bool,
    args: &[CString],
    environment: &[CString],
    actions: &[FileAction],
    attributes: &Attributes,
) -> Result<i32, Failed> {
    let actions = Actions::new(actions).map_err(Failed::Asked)?;
    let attr = Attr::new(attributes).map_err(Failed::Asked)?;
    let (args, environment) = (row(args), row(environment));
    let start = if search { libc::posix_spawnp } else { libc::posix_spawn };
    let mut pid = 0;
    // SAFETY: texts that end with a 0, in rows that end with none, and structs that were made; the call writes none of them.
    let error = unsafe {
        start(
            &mut pid,
            path.as_ptr(),
            actions.0.as_ptr(),
            attr.0.as_ptr(),
            args.as_ptr().cast(),
            environment.as_ptr().cast(),
        )
    };
    numbered(error).map(|()| pid).map_err(Failed::Run)
}
