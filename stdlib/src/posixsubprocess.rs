//! `_posixsubprocess`: another program in a new process, with its streams in place.

use std::ffi::CString;

use ryokan_system as sys;
use ryokan_vm::native::*;

use crate::fspath::{c_path, c_string, fspath};
use crate::posix::args::{ANY, Id, number, texts};
use crate::posix::processes::fork_with;

native_module! {
    /// Starts other programs for the module subprocess.
    "_posixsubprocess" {
        functions {
            /// Makes a process and runs another program in it: returns the number of the process.
            ///
            /// What fails there is written to errpipe_write: the name of the exception, the error number in hexadecimal, and a message, with
            /// colons between.
            fork_exec(*args), shows = "($module, args, executable_list, close_fds, pass_fds, cwd, env,\n          p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite,\n          errpipe_read, errpipe_write, restore_signals, start_new_session,\n          pgid_to_set, gid, extra_groups, uid, child_umask, preexec_fn,\n          /)";
        }
    }
}

/// What the new process does.
struct Plan {
    args: Vec<CString>,
    paths: Vec<CString>,
    close: bool,
    keep: Vec<i32>,
    cwd: Option<CString>,
    env: Option<Vec<CString>>,
    /// The child's end of the streams, and ours: input, output, errors. -1 where there is none.
    theirs: [i32; 3],
    ours: [i32; 3],
    error_read: i32,
    error_write: i32,
    restore_signals: bool,
    new_session: bool,
    group: i32,
    gid: Option<u32>,
    groups: Option<Vec<u32>>,
    uid: Option<u32>,
    umask: i32,
    before: Value,
}

fn items(cx: &Cx, values: &Value) -> Res<Vec<Value>> {
    let list = List::from_iterable(cx, values)?;
    Ok((0..list.len()).filter_map(|at| list.get(at)).collect())
}

fn int(cx: &Cx, value: &Value) -> Res<i32> {
    i32::from_arg(cx, value, &ANY)
}

/// The descriptors that the child keeps, in order.
fn kept(cx: &Cx, values: &Value) -> Res<Vec<i32>> {
    let wrong = || cx.value_error("bad value(s) in fds_to_keep");
    if Tuple::of(values).is_none() {
        let kind = cx.arg_name(values);
        return Err(cx.type_error(format_args!("fork_exec() argument 4 must be tuple, not {kind}")));
    }
    let mut keep = Vec::new();
    for value in items(cx, values)? {
        if !cx.is_int(&value) {
            return Err(wrong());
        }
        let fd = cx.index(&value).ok().and_then(|fd| i32::try_from(fd).ok()).filter(|fd| *fd >= 0);
        let Some(fd) = fd.filter(|fd| keep.last().is_none_or(|last| last < fd)) else { return Err(wrong()) };
        keep.push(fd);
    }
    Ok(keep)
}

fn parse(cx: &Cx, given: &[Value]) -> Res<Plan> {
    let [args, paths, close, keep, cwd, env, rest @ ..] = given else { return Err(cx.system_error("23 arguments")) };
    let ints: Vec<i32> = rest.iter().take(8).map(|value| int(cx, value)).collect::<Res<_>>()?;
    let [in_read, in_write, out_read, out_write, err_read, err_write, error_read, error_write] = ints[..] else {
        return Err(cx.system_error("eight descriptors"));
    };
    let [restore, session, group, gid, groups, uid, umask, before] = &rest[8..] else {
        return Err(cx.system_error("eight more"));
    };
    let close = cx.truth(close)?;
    if close && error_write < 3 {
        return Err(cx.value_error("errpipe_write must be >= 3"));
    }
    let id = |value: &Value, what: &str| -> Res<Option<u32>> {
        if value.is_none() { Ok(None) } else { Id::of(cx, value, what).map(|id| Some(id.0)) }
    };
    let mut names = Vec::new();
    for value in items(cx, env).unwrap_or_default() {
        names.push(c_string(cx, &value, "embedded null byte")?);
    }
    let groups = if groups.is_none() {
        None
    } else {
        if List::of(groups).is_none() && Tuple::of(groups).is_none() {
            return Err(cx.type_error("setgroups argument must be a sequence"));
        }
        let ids = items(cx, groups)?;
        Some(ids.iter().map(|group| Id::of(cx, group, "gid").map(|id| id.0)).collect::<Res<_>>()?)
    };
    Ok(Plan {
        args: texts(cx, &items(cx, args)?)?,
        paths: texts(cx, &items(cx, paths)?)?,
        close,
        keep: kept(cx, keep)?,
        cwd: if cwd.is_none() { None } else { Some(c_path(cx, &fspath(cx, cwd)?, "embedded null byte")?) },
        env: if env.is_none() { None } else { Some(names) },
        theirs: [in_read, out_write, err_write],
        ours: [in_write, out_read, err_read],
        error_read,
        error_write,
        restore_signals: cx.truth(restore)?,
        new_session: cx.truth(session)?,
        group: int(cx, group)?,
        gid: id(gid, "gid")?,
        groups,
        uid: id(uid, "uid")?,
        umask: int(cx, umask)?,
        before: before.clone(),
    })
}

fn fork_exec(cx: &Cx, args: Args) -> Res<i32> {
    args.no_keywords(cx, "_posixsubprocess.fork_exec")?;
    args.count(cx, "fork_exec", 22, 22)?;
    cx.require(Capability::Processes)?;
    let plan = parse(cx, args.positional())?;
    if !plan.before.is_none() && cx.interpreter_id() != 0 {
        return Err(cx.runtime_error("preexec_fn not supported within subinterpreters"));
    }
    let pid = if plan.before.is_none() {
        // Nothing of Python runs in the child: those who want to know of forks need not.
        cx.fork(|| {
            let made = sys::fork();
            let child = matches!(made, Ok(0));
            (made, child)
        })
        .map_err(|error| cx.os_error_about(number(&error), None, None))?
    } else {
        fork_with(cx, None, sys::fork, |pid| *pid == 0)?
    };
    if pid != 0 {
        return Ok(pid);
    }
    let (kind, error, message) = match prepare(cx, &plan) {
        Ok(()) => ("OSError", run(&plan), ""),
        Err(failed) => failed,
    };
    let told = format!("{kind}:{error:x}:{message}");
    // If that cannot be told either, the parent sees how the process ended.
    let _ = sys::write(plan.error_write, told.as_bytes());
    sys::exit_now(255)
}

/// What fails in the child: the exception, the error number and a message.
type Failed = (&'static str, i32, &'static str);

/// Puts everything in place, in the child.
fn prepare(cx: &Cx, plan: &Plan) -> Result<(), Failed> {
    let plain = |error: std::io::Error| ("OSError", number(&error), "noexec");
    let check = |done: std::io::Result<i64>| done.map(drop).map_err(plain);
    for fd in &plan.keep {
        check(sys::fcntl(*fd, libc::F_SETFD, 0))?;
    }
    // The pipe for errors ends with a program that runs.
    check(sys::fcntl(plan.error_write, libc::F_SETFD, 1))?;
    for fd in plan.ours.iter().copied().chain([plan.error_read]).filter(|fd| *fd != -1) {
        sys::close(fd).map_err(plain)?;
    }
    let mut theirs = plan.theirs;
    // An end that lies where another stream goes is moved away first.
    for at in 0..3 {
        if (0..3).any(|place| place != at as i32 && theirs[at] == place && place < at as i32) {
            theirs[at] = sys::fcntl(theirs[at], libc::F_DUPFD_CLOEXEC, 3).map_err(plain)? as i32;
        }
    }
    for (place, fd) in (0..).zip(theirs).filter(|(_, fd)| *fd != -1) {
        if fd == place {
            check(sys::fcntl(fd, libc::F_SETFD, 0))?;
        } else {
            check(sys::dup2(fd, place))?;
        }
    }
    if let Some(cwd) = &plan.cwd {
        sys::chdir(cwd).map_err(|error| ("OSError", number(&error), "noexec:chdir"))?;
    }
    if plan.umask >= 0 {
        check(sys::umask(plan.umask as u32))?;
    }
    if plan.restore_signals {
        sys::restore_signals();
    }
    if plan.new_session {
        check(sys::setsid())?;
    }
    if plan.group >= 0 {
        check(sys::setpgid(0, plan.group))?;
    }
    if let Some(groups) = &plan.groups {
        sys::setgroups(groups).map_err(plain)?;
    }
    if let Some(gid) = plan.gid {
        check(sys::setregid(gid, gid))?;
    }
    if let Some(uid) = plan.uid {
        check(sys::setreuid(uid, uid))?;
    }
    if !plan.before.is_none()
        && let Err(raised) = cx.call(&plan.before, ())
    {
        drop(cx.take_raised(raised));
        return Err(("SubprocessError", 0, "Exception occurred in preexec_fn."));
    }
    if plan.close {
        let mut keep = plan.keep.clone();
        if let Err(at) = keep.binary_search(&plan.error_write) {
            keep.insert(at, plan.error_write);
        }
        sys::close_others(3, &keep);
    }
    Ok(())
}

/// Runs the first of the programs that there is; the error number if none could be run.
fn run(plan: &Plan) -> i32 {
    let mut remembered = 0;
    for path in &plan.paths {
        let error = number(&sys::exec(path, &plan.args, plan.env.as_deref()));
        if error != libc::ENOENT && error != libc::ENOTDIR && remembered == 0 {
            remembered = error;
        }
        if remembered == 0 && path == &plan.paths[plan.paths.len() - 1] {
            remembered = error;
        }
    }
    remembered
}
