//! `posix_spawn` and `posix_spawnp`: another program in a new process, made at once.

use std::ffi::CString;

use ryokan_system as sys;
use ryokan_vm::native::*;
use sys::{Attributes, Failed, FileAction};

use super::args::{ANY, Path, number, quick, texts};
use super::processes::{SCHED_PARAM, variables};
use crate::fspath::{c_path, fspath};

native_module! {
    /// A part of the module.
    "posix" {
        functions {
            /// Runs another program in a new process, and returns the number of that: posix_spawn(path, argv, env, *, file_actions=(),
            /// setpgroup=None, resetids=False, setsid=False, setsigmask=(), setsigdef=(), scheduler=None).
            posix_spawn(*args, **names), shows = "($module, path, argv, env, /, *, file_actions=(),\n            setpgroup=None, resetids=False, setsid=False,\n            setsigmask=(), setsigdef=(), scheduler=None)";
            /// The same of a program that is searched for in the folders of PATH.
            posix_spawnp(*args, **names), shows = "($module, path, argv, env, /, *, file_actions=(),\n             setpgroup=None, resetids=False, setsid=False,\n             setsigmask=(), setsigdef=(), scheduler=None)";
        }
    }
}

const NAMES: [&str; 7] =
    ["file_actions", "setpgroup", "resetids", "setsid", "setsigmask", "setsigdef", "scheduler"];
const OPEN: i64 = 0;
const CLOSE: i64 = 1;
const DUP: i64 = 2;
const CLOSE_FROM: i64 = 3;
/// The greatest number of a signal.
const MOST_SIGNAL: i128 = 64;

fn posix_spawn(cx: &Cx, args: Args) -> Res<i32> {
    start(cx, args, "posix_spawn", false)
}
fn posix_spawnp(cx: &Cx, args: Args) -> Res<i32> {
    start(cx, args, "posix_spawnp", true)
}

fn start(cx: &Cx, args: Args, function: &'static str, search: bool) -> Res<i32> {
    args.known_names(cx, function, &NAMES)?;
    let [path, argv, env] = args.positional() else {
        let given = args.positional().len();
        let message = format_args!("{function}() takes exactly 3 positional arguments ({given} given)");
        return Err(cx.type_error(message));
    };
    cx.require(Capability::Processes)?;
    let path = Path::from_arg(cx, path, &Place { function, ..ANY })?;
    let argv = arguments(cx, argv, function)?;
    let environment = if env.is_none() {
        inherited()
    } else {
        if cx.attr_opt(env, "keys")?.is_none() {
            let message = format_args!("{function}: environment must be a mapping object or None");
            return Err(cx.type_error(message));
        }
        variables(cx, env)?
    };
    let actions = match args.get_named(cx, "file_actions").filter(|actions| !actions.is_none()) {
        Some(actions) => file_actions(cx, actions)?,
        None => Vec::new(),
    };
    let attributes = attributes(cx, args, function)?;
    let program = &path.c;
    match cx.blocking(|| sys::spawn(program, search, &argv, &environment, &actions, &attributes)) {
        Ok(pid) => Ok(pid),
        Err(Failed::Asked(error)) => quick(cx, Err(error)),
        Err(Failed::Run(error)) => Err(cx.os_error_about(number(&error), Some(&path.given), None)),
    }
}

fn arguments(cx: &Cx, argv: &Value, function: &str) -> Res<Vec<CString>> {
    if List::of(argv).is_none() && Tuple::of(argv).is_none() {
        return Err(cx.type_error(format_args!("{function}: argv must be a tuple or list")));
    }
    let list = List::from_iterable(cx, argv)?;
    if list.is_empty() {
        return Err(cx.value_error(format_args!("{function}: argv must not be empty")));
    }
    let values: Vec<Value> = (0..list.len()).filter_map(|at| list.get(at)).collect();
    let argv = texts(cx, &values)?;
    if argv[0].is_empty() {
        return Err(cx.value_error(format_args!("{function}: argv first element cannot be empty")));
    }
    Ok(argv)
}

/// The environment of this process.
fn inherited() -> Vec<CString> {
    let whole = |(name, value): (Vec<u8>, Vec<u8>)| CString::new([&name[..], b"=", &value[..]].concat()).ok();
    sys::environment().into_iter().filter_map(whole).collect()
}

fn int(cx: &Cx, value: &Value) -> Res<i32> {
    i32::from_arg(cx, value, &ANY)
}

fn file_actions(cx: &Cx, values: &Value) -> Res<Vec<FileAction>> {
    let no_sequence = |raised| match cx.catch(raised, "TypeError") {
        Ok(_) => cx.type_error("file_actions must be a sequence or None"),
        Err(raised) => raised,
    };
    cx.expect_sequence(values).map_err(no_sequence)?;
    let (list, mut actions) = (List::from_iterable(cx, values).map_err(no_sequence)?, Vec::new());
    let mut at = 0;
    while let Some(value) = list.get(at) {
        at += 1;
        cx.work(1)?;
        let action = Tuple::of(&value).filter(|action| !action.is_empty());
        let Some(action) = action else {
            return Err(cx.type_error("Each file_actions element must be a non-empty tuple"));
        };
        let wrong = |what: &str, count: usize| {
            cx.type_error(format_args!("A {what} file_action tuple must have {count} elements"))
        };
        let items = action.as_slice();
        actions.push(match cx.long(&items[0])? {
            OPEN => {
                let [_, fd, path, flags, mode] = items else { return Err(wrong("open", 5)) };
                let fd = int(cx, fd)?;
                let path = c_path(cx, &fspath(cx, path)?, "embedded null byte")?;
                FileAction::Open(fd, path, int(cx, flags)?, u32::from_arg(cx, mode, &ANY)?)
            }
            CLOSE => {
                let [_, fd] = items else { return Err(wrong("close", 2)) };
                FileAction::Close(int(cx, fd)?)
            }
            DUP => {
                let [_, from, to] = items else { return Err(wrong("dup2", 3)) };
                FileAction::Dup(int(cx, from)?, int(cx, to)?)
            }
            CLOSE_FROM => {
                let [_, fd] = items else { return Err(wrong("closefrom", 2)) };
                FileAction::CloseFrom(int(cx, fd)?)
            }
            _ => return Err(cx.type_error("Unknown file_actions identifier")),
        });
    }
    Ok(actions)
}

fn attributes(cx: &Cx, args: Args, function: &str) -> Res<Attributes> {
    let given = |name: &str| args.get_named(cx, name);
    let truth = |name: &str| given(name).map_or(Ok(false), |value| cx.truth(value));
    Ok(Attributes {
        group: given("setpgroup").filter(|group| !group.is_none()).map(|group| int(cx, group)).transpose()?,
        reset_ids: truth("resetids")?,
        new_session: truth("setsid")?,
        mask: given("setsigmask").map(|set| signals(cx, set)).transpose()?,
        default: given("setsigdef").map(|set| signals(cx, set)).transpose()?,
        scheduler: match given("scheduler").filter(|scheduler| !scheduler.is_none()) {
            Some(scheduler) => Some(self::scheduler(cx, scheduler, function)?),
            None => None,
        },
    })
}

fn signals(cx: &Cx, set: &Value) -> Res<Vec<i32>> {
    let (set, mut numbers) = (cx.iter(set)?, Vec::new());
    while let Some(signal) = set.next(cx)? {
        let number = cx.index_i128(&signal)?.unwrap_or(i128::MAX);
        if !(1..=MOST_SIGNAL).contains(&number) {
            let shown = cx.str(&signal)?;
            return Err(cx.value_error(format_args!("signal number {shown} out of range [1; {MOST_SIGNAL}]")));
        }
        if !numbers.contains(&(number as i32)) {
            numbers.push(number as i32);
        }
    }
    Ok(numbers)
}

fn scheduler(cx: &Cx, value: &Value, function: &str) -> Res<(Option<i32>, i32)> {
    let Some(pair) = Tuple::of(value) else {
        return Err(cx.type_error(format_args!("{function}: scheduler must be a tuple or None")));
    };
    let [policy, param] = pair.as_slice() else {
        return Err(cx.type_error("A scheduler tuple must have two elements"));
    };
    let policy = if policy.is_none() { None } else { Some(int(cx, policy)?) };
    if !cx.class_of(param).is(&cx.class_of_key(&SCHED_PARAM)?) {
        return Err(cx.type_error("must have a sched_param object"));
    }
    Ok((policy, int(cx, &cx.item_at(param, 0)?)?))
}
