//! Processes: making, replacing and waiting for them, who they are, and how they are scheduled.

use std::ffi::CString;

use ryokan_system as sys;
use ryokan_vm::native::*;

use super::args::{Id, Number, PathOrFd, call, done, number, quick, texts};
use crate::fspath::{c_string, fspath};

native_record! {
    /// The scheduling of a process: its priority.
    pub static SCHED_PARAM = "posix.sched_param" spread { sched_priority };
    /// What waitid() has waited for.
    pub static WAITID_RESULT = "posix.waitid_result" { si_pid, si_uid, si_signo, si_status, si_code };
}

native_state! {
    /// What is called around a fork.
    pub struct Forks { before: Values, in_child: Values, in_parent: Values }
}

native_module! {
    /// A part of the module.
    "posix" {
        classes { "sched_param" = &SCHED_PARAM; "waitid_result" = &WAITID_RESULT; }
        functions {
            /// Makes a second process: returns its number here, and 0 there.
            fork();
            /// Makes a second process at a pseudo-terminal: returns its number and this end of the terminal; 0 there.
            forkpty();
            /// Registers functions that fork() calls before it, and afterwards in each of the two processes.
            register_at_fork(*args, **names);
            /// Runs another program in this process.
            execv(path: super::args::Path, argv: Value, /);
            /// The same with an environment.
            execve(path: PathOrFd, argv: Value, env: Value);
            /// Ends the process at once.
            _exit(status: i32) = exit_now;
            /// Ends the process by a signal.
            abort();
            /// Runs a command by the shell; returns how it ended.
            system(command: super::args::Path);
            /// Waits for any child: its number, and how it ended.
            wait();
            /// Waits for a child: its number, and how it ended.
            waitpid(pid: i32, options: i32, /);
            /// As waitpid() of any child, with what it has used.
            wait3(options: i32);
            /// As waitpid(), with what the child has used.
            wait4(pid: i32, options: i32);
            /// Waits for a change of children: a waitid_result, or None.
            waitid(idtype: u32, id: u32, options: i32, /);
            /// The exit code of how a process ended; that of one that a signal ended is negative.
            waitstatus_to_exitcode(status: i32);
            /// Whether the process left a core file.
            WCOREDUMP(status: i32, /) = core_dump;
            /// The exit code of a process.
            WEXITSTATUS(status: i32) = exit_status;
            /// Whether the process goes on.
            WIFCONTINUED(status: i32) = continued;
            /// Whether the process has exited.
            WIFEXITED(status: i32) = exited;
            /// Whether a signal has ended the process.
            WIFSIGNALED(status: i32) = signaled;
            /// Whether the process is stopped.
            WIFSTOPPED(status: i32) = stopped;
            /// The signal that stopped the process.
            WSTOPSIG(status: i32) = stop_signal;
            /// The signal that ended the process.
            WTERMSIG(status: i32) = term_signal;
            /// Sends a signal to a process.
            kill(pid: i32, signal: i32, /);
            /// Sends a signal to a group of processes.
            killpg(pgid: i32, signal: i32, /);
            /// A descriptor of a process.
            pidfd_open(pid: i32, flags: u32 = 0);
            /// The number of this process.
            getpid();
            /// The number of the parent.
            getppid();
            /// The number of this process's group.
            getpgrp();
            /// The number of a process's group.
            getpgid(pid: i32);
            /// Moves a process to a group.
            setpgid(pid: i32, pgrp: i32, /);
            /// Makes this process lead a group.
            setpgrp();
            /// The number of a process's session.
            getsid(pid: i32, /);
            /// Begins a session.
            setsid();
            /// Who runs the process.
            getuid();
            /// As whom the process is treated.
            geteuid();
            /// Which group runs the process.
            getgid();
            /// As whose member the process is treated.
            getegid();
            /// The real, effective and saved user.
            getresuid();
            /// The real, effective and saved group.
            getresgid();
            /// Changes the user.
            setuid(uid: Id, /);
            /// Changes the group.
            setgid(gid: Id, /);
            /// Changes the effective user.
            seteuid(euid: Id, /);
            /// Changes the effective group.
            setegid(egid: Id, /);
            /// Changes the real and the effective user.
            setreuid(ruid: Id, euid: Id, /);
            /// Changes the real and the effective group.
            setregid(rgid: Id, egid: Id, /);
            /// Changes the real, effective and saved user.
            setresuid(ruid: Id, euid: Id, suid: Id, /);
            /// Changes the real, effective and saved group.
            setresgid(rgid: Id, egid: Id, sgid: Id, /);
            /// The groups of the process.
            getgroups();
            /// Sets the groups of the process.
            setgroups(groups: Value, /);
            /// The groups of a user.
            getgrouplist(user: super::args::Path, group: Id, /);
            /// Sets the groups of the process to those of a user.
            initgroups(username: super::args::Path, gid: Id, /);
            /// The name of who has logged in.
            getlogin();
            /// Makes the process nicer, and returns how nice it is.
            nice(increment: i32, /);
            /// A priority.
            getpriority(which: i32, who: u32);
            /// Sets a priority.
            setpriority(which: i32, who: u32, priority: i32);
            /// The greatest priority of a policy.
            sched_get_priority_max(policy: i32);
            /// The least priority of a policy.
            sched_get_priority_min(policy: i32);
            /// The policy of a process.
            sched_getscheduler(pid: i32, /);
            /// Sets the policy of a process.
            sched_setscheduler(pid: i32, policy: i32, param: &Value, /);
            /// The scheduling of a process.
            sched_getparam(pid: i32, /);
            /// Sets the scheduling of a process.
            sched_setparam(pid: i32, param: &Value, /);
            /// How long a process runs in turn, in seconds.
            sched_rr_get_interval(pid: i32, /);
            /// Lets others run.
            sched_yield();
            /// On which processors a process may run.
            sched_getaffinity(pid: i32, /);
            /// Says on which processors a process may run.
            sched_setaffinity(pid: i32, mask: Value, /);
            /// Enters a namespace.
            setns(fd: Number, nstype: i32 = 0);
            /// Leaves namespaces.
            unshare(flags: i32);
        }
    }
}

fn processes(cx: &Cx) -> Res<()> {
    cx.require(Capability::Processes)
}

// ---- making and replacing --------------------------------------------------------------------------------------------

fn register_at_fork(cx: &Cx, args: Args) -> Res<()> {
    args.count(cx, "register_at_fork", 0, 0)?;
    args.known_names(cx, "register_at_fork", &["before", "after_in_child", "after_in_parent"])?;
    if args.named_count() == 0 {
        return Err(cx.type_error("At least one argument is required."));
    }
    let state = cx.state::<Forks>()?;
    let places =
        [("before", &state.before), ("after_in_child", &state.in_child), ("after_in_parent", &state.in_parent)];
    for (name, _) in places {
        if let Some(function) = args.get_named(cx, name)
            && !cx.is_callable(function)
        {
            let kind = cx.type_name(function);
            return Err(cx.type_error(format_args!("'{name}' must be callable, not {kind}")));
        }
    }
    for (name, list) in places {
        if let Some(function) = args.get_named(cx, name) {
            list.push_back(cx, function.clone())?;
        }
    }
    Ok(())
}

/// Calls what was registered; what fails is reported.
fn call_all(cx: &Cx, list: &Values, backwards: bool) {
    for at in 0..list.len() {
        let at = if backwards { list.len().saturating_sub(at + 1) } else { at };
        let Some(function) = list.get(at) else { continue };
        if let Err(raised) = cx.call(&function, ()) {
            cx.unraisable(raised, &function);
        }
    }
}

/// Makes a second process, and calls what was registered around that. A call by a `name` warns where other threads run.
pub fn fork_with<T>(
    cx: &Cx,
    name: Option<&str>,
    make: impl FnOnce() -> std::io::Result<T>,
    is_child: impl FnOnce(&T) -> bool,
) -> Res<T> {
    let state = cx.state::<Forks>()?;
    call_all(cx, &state.before, true);
    let (mut child, others) = (false, cx.has_other_threads());
    let made = cx.fork(|| {
        let made = make();
        child = made.as_ref().is_ok_and(is_child);
        (made, child)
    });
    if child {
        crate::asyncio::running::forget(cx)?;
    } else if let Some(name) = name.filter(|_| others) {
        let pid = std::process::id();
        let message = format!(
            "This process (pid={pid}) is multi-threaded, use of {name}() may lead to deadlocks in the child."
        );
        // The other process is there already: nobody would wait for it if this call failed.
        if let Err(raised) = cx.warn_about("DeprecationWarning", &message, 1, None) {
            drop(cx.take_raised(raised));
        }
    }
    call_all(cx, if child { &state.in_child } else { &state.in_parent }, false);
    quick(cx, made)
}

/// Whether this interpreter may make a process like this one, or put another one in its place.
fn rights(cx: &Cx, what: &str, has: bool) -> Res<()> {
    processes(cx)?;
    if has {
        return Ok(());
    }
    Err(cx.runtime_error(format_args!("{what} not supported for isolated subinterpreters")))
}
/// The first interpreter alone forks: in the new process nobody would be there to go on with the others.
fn may_fork(cx: &Cx) -> Res<()> {
    rights(cx, "fork", cx.rights().fork && cx.interpreter_id() == 0)
}
fn may_exec(cx: &Cx) -> Res<()> {
    rights(cx, "exec", cx.rights().exec)
}

fn fork(cx: &Cx) -> Res<i32> {
    may_fork(cx)?;
    fork_with(cx, Some("fork"), sys::fork, |pid| *pid == 0)
}
fn forkpty(cx: &Cx) -> Res<(i32, i32)> {
    may_fork(cx)?;
    fork_with(cx, Some("forkpty"), sys::forkpty, |(pid, _)| *pid == 0)
}

/// The arguments of a program.
fn arguments(cx: &Cx, argv: &Value, function: &str) -> Res<Vec<CString>> {
    if List::of(argv).is_none() && Tuple::of(argv).is_none() {
        return Err(cx.type_error(format_args!("{function}() arg 2 must be a tuple or list")));
    }
    let list = List::from_iterable(cx, argv)?;
    if list.is_empty() {
        return Err(cx.value_error(format_args!("{function}() arg 2 must not be empty")));
    }
    let values: Vec<Value> = (0..list.len()).filter_map(|at| list.get(at)).collect();
    let args = texts(cx, &values)?;
    if args[0].is_empty() {
        return Err(cx.value_error(format_args!("{function}() arg 2 first element cannot be empty")));
    }
    Ok(args)
}

/// The variables of an environment, as a mapping has them.
pub fn variables(cx: &Cx, env: &Value) -> Res<Vec<CString>> {
    let keys = List::from_iterable(cx, &cx.call_method(env, "keys", ())?)?;
    let values = List::from_iterable(cx, &cx.call_method(env, "values", ())?)?;
    let mut all = Vec::new();
    for at in 0..keys.len().min(values.len()) {
        let (Some(key), Some(value)) = (keys.get(at), values.get(at)) else { break };
        let key = c_string(cx, &fspath(cx, &key)?, "embedded null byte")?.into_bytes();
        if key.is_empty() || key[1..].contains(&b'=') || key.starts_with(b"=") {
            return Err(cx.value_error("illegal environment variable name"));
        }
        let value = c_string(cx, &fspath(cx, &value)?, "embedded null byte")?.into_bytes();
        let whole = [&key[..], b"=", &value[..]].concat();
        all.push(CString::new(whole).map_err(|_| cx.value_error("embedded null byte"))?);
    }
    Ok(all)
}

fn execv(cx: &Cx, path: super::args::Path, argv: Value) -> Res<()> {
    may_exec(cx)?;
    let args = arguments(cx, &argv, "execv")?;
    Err(cx.os_error_about(number(&sys::exec(&path.0.c, &args, None)), None, None))
}
fn execve(cx: &Cx, path: PathOrFd, argv: Value, env: Value) -> Res<()> {
    may_exec(cx)?;
    let args = arguments(cx, &argv, "execve")?;
    if cx.attr_opt(&env, "keys")?.is_none() {
        return Err(cx.type_error("execve: environment must be a mapping object"));
    }
    let env = variables(cx, &env)?;
    let error = match path.0.fd {
        Some(fd) => sys::exec_fd(fd, &args, &env),
        None => sys::exec(&path.0.c, &args, Some(&env)),
    };
    Err(path.error(cx, &error))
}
fn exit_now(cx: &Cx, status: i32) -> Res<()> {
    processes(cx)?;
    sys::exit_now(status)
}
fn abort(cx: &Cx) -> Res<()> {
    processes(cx)?;
    std::process::abort()
}
fn system(cx: &Cx, command: super::args::Path) -> Res<i64> {
    processes(cx)?;
    Ok(cx.blocking(|| sys::system(&command.0.c)).unwrap_or(-1))
}

// ---- waiting ---------------------------------------------------------------------------------------------------------

fn wait(cx: &Cx) -> Res<(i32, i32)> {
    waitpid(cx, -1, 0)
}
fn waitpid(cx: &Cx, pid: i32, options: i32) -> Res<(i32, i32)> {
    processes(cx)?;
    done(cx, || sys::wait4(pid, options)).map(|(pid, status, _)| (pid, status))
}
fn wait3(cx: &Cx, options: i32) -> Res {
    wait4(cx, -1, options)
}
fn wait4(cx: &Cx, pid: i32, options: i32) -> Res {
    processes(cx)?;
    let (pid, status, usage) = done(cx, || sys::wait4(pid, options))?;
    (pid, status, crate::resource::usage_record(cx, &usage)?).into_value(cx)
}
fn waitid(cx: &Cx, kind: u32, id: u32, options: i32) -> Res {
    processes(cx)?;
    match done(cx, || sys::waitid(kind, id, options))? {
        Some(fields) => cx.record(&WAITID_RESULT, fields),
        None => Ok(Value::NONE),
    }
}
fn waitstatus_to_exitcode(cx: &Cx, status: i32) -> Res<i32> {
    if libc::WIFEXITED(status) {
        return Ok(libc::WEXITSTATUS(status));
    }
    if libc::WIFSIGNALED(status) {
        return Ok(-libc::WTERMSIG(status));
    }
    if libc::WIFSTOPPED(status) {
        let signal = libc::WSTOPSIG(status);
        return Err(cx.value_error(format_args!("process stopped by delivery of signal {signal}")));
    }
    Err(cx.value_error(format_args!("invalid wait status: {status}")))
}
fn core_dump(_: &Cx, status: i32) -> bool {
    libc::WCOREDUMP(status)
}
fn exit_status(_: &Cx, status: i32) -> i32 {
    libc::WEXITSTATUS(status)
}
fn continued(_: &Cx, status: i32) -> bool {
    libc::WIFCONTINUED(status)
}
fn exited(_: &Cx, status: i32) -> bool {
    libc::WIFEXITED(status)
}
fn signaled(_: &Cx, status: i32) -> bool {
    libc::WIFSIGNALED(status)
}
fn stopped(_: &Cx, status: i32) -> bool {
    libc::WIFSTOPPED(status)
}
fn stop_signal(_: &Cx, status: i32) -> i32 {
    libc::WSTOPSIG(status)
}
fn term_signal(_: &Cx, status: i32) -> i32 {
    libc::WTERMSIG(status)
}

// ---- identities and scheduling ---------------------------------------------------------------------------------------

/// A signal that the process sends to itself is heeded before the call returns.
fn kill(cx: &Cx, pid: i32, signal: i32) -> Res<()> {
    processes(cx)?;
    quick(cx, sys::kill(pid, signal))?;
    // It may have been for this process.
    cx.check_signals()
}
fn killpg(cx: &Cx, group: i32, signal: i32) -> Res<()> {
    processes(cx)?;
    quick(cx, sys::killpg(group, signal))?;
    cx.check_signals()
}

/// Calls that take numbers and give one, or None.
macro_rules! plain {
    ($($name:ident($($arg:ident: $ty:ty),*) -> $out:ty = $call:expr;)*) => { $(
        fn $name(cx: &Cx, $($arg: $ty),*) -> Res<$out> {
            processes(cx)?;
            quick(cx, $call)
        }
    )* };
}
plain! {
    pidfd_open(pid: i32, flags: u32) -> i64 = sys::pidfd_open(pid, flags);
    getppid() -> i64 = sys::getppid();
    getpgrp() -> i64 = sys::getpgid(0);
    getpgid(pid: i32) -> i64 = sys::getpgid(pid);
    setpgid(pid: i32, group: i32) -> () = sys::setpgid(pid, group).map(drop);
    setpgrp() -> () = sys::setpgid(0, 0).map(drop);
    getsid(pid: i32) -> i64 = sys::getsid(pid);
    setsid() -> () = sys::setsid().map(drop);
    setuid(uid: Id) -> () = sys::setuid(uid.0).map(drop);
    setgid(gid: Id) -> () = sys::setgid(gid.0).map(drop);
    seteuid(uid: Id) -> () = sys::seteuid(uid.0).map(drop);
    setegid(gid: Id) -> () = sys::setegid(gid.0).map(drop);
    setreuid(ruid: Id, euid: Id) -> () = sys::setreuid(ruid.0, euid.0).map(drop);
    setregid(rgid: Id, egid: Id) -> () = sys::setregid(rgid.0, egid.0).map(drop);
    setresuid(ruid: Id, euid: Id, suid: Id) -> () = sys::setresuid(ruid.0, euid.0, suid.0).map(drop);
    setresgid(rgid: Id, egid: Id, sgid: Id) -> () = sys::setresgid(rgid.0, egid.0, sgid.0).map(drop);
    initgroups(user: super::args::Path, gid: Id) -> () = sys::initgroups(&user.0.c, gid.0).map(drop);
    nice(increment: i32) -> i64 = sys::nice(increment);
    getpriority(which: i32, who: u32) -> i64 = sys::getpriority(which, who);
    setpriority(which: i32, who: u32, priority: i32) -> () = sys::setpriority(which, who, priority).map(drop);
    sched_get_priority_max(policy: i32) -> i64 = sys::sched_get_priority_max(policy);
    sched_get_priority_min(policy: i32) -> i64 = sys::sched_get_priority_min(policy);
    sched_getscheduler(pid: i32) -> i64 = sys::sched_getscheduler(pid);
    sched_rr_get_interval(pid: i32) -> f64 = sys::sched_rr_get_interval(pid).map(|time| time.tv_sec as f64 + 1e-9 * time.tv_nsec as f64);
    setns(fd: Number, kind: i32) -> () = sys::setns(fd.0, kind).map(drop);
    unshare(flags: i32) -> () = sys::unshare(flags).map(drop);
}

fn getpid(cx: &Cx) -> Res<i64> {
    quick(cx, sys::getpid())
}
/// Who runs the process is the environment's to tell.
fn identity(cx: &Cx, found: std::io::Result<i64>) -> Res<i64> {
    cx.require(Capability::Environment)?;
    quick(cx, found.map(|id| Id(id as u32).number()))
}
fn getuid(cx: &Cx) -> Res<i64> {
    identity(cx, sys::getuid())
}
fn geteuid(cx: &Cx) -> Res<i64> {
    identity(cx, sys::geteuid())
}
fn getgid(cx: &Cx) -> Res<i64> {
    identity(cx, sys::getgid())
}
fn getegid(cx: &Cx) -> Res<i64> {
    identity(cx, sys::getegid())
}
fn getresuid(cx: &Cx) -> Res<(i64, i64, i64)> {
    cx.require(Capability::Environment)?;
    let [real, effective, saved] = quick(cx, sys::getresuid())?;
    Ok((Id(real).number(), Id(effective).number(), Id(saved).number()))
}
fn getresgid(cx: &Cx) -> Res<(i64, i64, i64)> {
    cx.require(Capability::Environment)?;
    let [real, effective, saved] = quick(cx, sys::getresgid())?;
    Ok((Id(real).number(), Id(effective).number(), Id(saved).number()))
}
fn getgroups(cx: &Cx) -> Res<Vec<i64>> {
    cx.require(Capability::Environment)?;
    Ok(quick(cx, sys::getgroups())?.into_iter().map(|group| Id(group).number()).collect())
}
fn setgroups(cx: &Cx, groups: Value) -> Res<()> {
    processes(cx)?;
    let list = List::from_iterable(cx, &groups)?;
    let ids: Res<Vec<u32>> =
        (0..list.len()).filter_map(|at| list.get(at)).map(|id| Id::of(cx, &id, "gid").map(|id| id.0)).collect();
    quick(cx, sys::setgroups(&ids?))
}
fn getgrouplist(cx: &Cx, user: super::args::Path, group: Id) -> Res<Vec<i64>> {
    cx.require(Capability::Environment)?;
    Ok(quick(cx, sys::getgrouplist(&user.0.c, group.0))?.into_iter().map(|group| Id(group).number()).collect())
}
fn getlogin(cx: &Cx) -> Res {
    cx.require(Capability::Environment)?;
    cx.from_system(&quick(cx, sys::getlogin())?)
}

/// The priority of a `sched_param`.
fn priority(cx: &Cx, param: &Value) -> Res<i32> {
    if !cx.is_instance(param, &cx.class_of_key(&SCHED_PARAM)?)? {
        return Err(cx.type_error("must have a sched_param object"));
    }
    i32::from_arg(cx, &cx.attr(param, "sched_priority")?, &super::args::ANY)
}
fn sched_setscheduler(cx: &Cx, pid: i32, policy: i32, param: &Value) -> Res<()> {
    processes(cx)?;
    let priority = priority(cx, param)?;
    quick(cx, sys::sched_setscheduler(pid, policy, priority))
}
fn sched_getparam(cx: &Cx, pid: i32) -> Res {
    processes(cx)?;
    cx.record(&SCHED_PARAM, [quick(cx, sys::sched_getparam(pid))?.sched_priority])
}
fn sched_setparam(cx: &Cx, pid: i32, param: &Value) -> Res<()> {
    processes(cx)?;
    let priority = priority(cx, param)?;
    quick(cx, sys::sched_setparam(pid, priority))
}
fn sched_yield(cx: &Cx) -> Res<()> {
    call(cx, sys::sched_yield)?.map(drop).map_err(|error| cx.os_error_about(number(&error), None, None))
}
fn sched_getaffinity(cx: &Cx, pid: i32) -> Res {
    processes(cx)?;
    let cpus = quick(cx, sys::sched_getaffinity(pid))?;
    cx.call(&cx.builtin("set")?, (cpus,))
}
fn sched_setaffinity(cx: &Cx, pid: i32, mask: Value) -> Res<()> {
    processes(cx)?;
    let list = List::from_iterable(cx, &mask)?;
    let mut cpus = Vec::new();
    for at in 0..list.len() {
        let Some(cpu) = list.get(at) else { break };
        if !cx.is_int(&cpu) {
            let kind = cx.type_name(&cpu);
            return Err(cx.type_error(format_args!("sched_setaffinity() expected an iterator of ints, but iterator yielded {kind}")));
        }
        cpus.push(usize::try_from(cx.index(&cpu)?).map_err(|_| cx.value_error("negative CPU number"))?);
    }
    quick(cx, sys::sched_setaffinity(pid, &cpus))
}
