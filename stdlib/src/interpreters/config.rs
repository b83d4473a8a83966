//! How interpreters are configured: `PyInterpreterConfig`, as a `SimpleNamespace` shows it.

use ryokan_vm::native::*;

const NONE: Rights = Rights {
    main_obmalloc: false,
    fork: false,
    exec: false,
    threads: false,
    daemon_threads: false,
    check_extensions: false,
    gil: Gil::Default,
};

/// The configurations that have names. `UnicodeEncodeError` for a name that the system could not write.
fn named(cx: &Cx, name: &Value) -> Res<Rights> {
    drop(cx.call_method(name, "encode", ())?);
    let name = cx.str(name)?;
    Ok(match name.as_str() {
        "" | "default" | "isolated" => Rights { threads: true, check_extensions: true, gil: Gil::Own, ..NONE },
        "legacy" => Rights {
            main_obmalloc: true,
            fork: true,
            exec: true,
            threads: true,
            daemon_threads: true,
            check_extensions: false,
            gil: Gil::Shared,
        },
        "empty" => NONE,
        _ => return Err(cx.value_error(format_args!("unsupported config name '{name}'"))),
    })
}

fn gil_name(gil: Gil) -> &'static str {
    match gil {
        Gil::Default => "default",
        Gil::Shared => "shared",
        Gil::Own => "own",
    }
}

/// The flags, in their order.
fn flags(rights: &mut Rights) -> [(&'static str, &mut bool); 6] {
    [
        ("use_main_obmalloc", &mut rights.main_obmalloc),
        ("allow_fork", &mut rights.fork),
        ("allow_exec", &mut rights.exec),
        ("allow_threads", &mut rights.threads),
        ("allow_daemon_threads", &mut rights.daemon_threads),
        ("check_multi_interp_extensions", &mut rights.check_extensions),
    ]
}

/// A configuration as `_interpreters` shows it.
pub fn show(cx: &Cx, mut rights: Rights) -> Res {
    let gil = gil_name(rights.gil).into_value(cx)?;
    let flags = flags(&mut rights).map(|(name, flag)| (name, Value::bool(*flag)));
    let mut items: Vec<(&str, &Value)> = flags.iter().map(|(name, flag)| (*name, flag)).collect();
    items.push(("gil", &gil));
    cx.new_namespace(&items)
}

/// What a dict says of a configuration: all of it, or what differs.
fn heed(cx: &Cx, rights: &mut Rights, given: &Dict, missing_allowed: bool) -> Res<()> {
    let given = given.copy(cx)?;
    let take = |name: &str| -> Res<Option<Value>> {
        let found = given.get_str(cx, name)?;
        if found.is_some() {
            drop(given.remove(cx, &cx.intern(name)?)?);
        } else if !missing_allowed {
            return Err(cx.value_error(format_args!("missing config key: {name}")));
        }
        Ok(found)
    };
    let wrong_type = |name: &str| cx.type_error(format_args!("invalid config type: {name}"));
    for (name, flag) in flags(rights) {
        if let Some(found) = take(name)? {
            let Plain::Bool(truth) = cx.plain(&found) else { return Err(wrong_type(name)) };
            *flag = truth;
        }
    }
    if let Some(found) = take("gil")? {
        if !cx.is_str(&found) {
            return Err(wrong_type("gil"));
        }
        let text = cx.str(&found)?;
        let known = [Gil::Default, Gil::Shared, Gil::Own].into_iter();
        let Some(gil) = known.into_iter().find(|gil| gil_name(*gil) == text.as_str()) else {
            return Err(cx.value_error(format_args!("unsupported interpreter config .gil value '{text}'")));
        };
        rights.gil = gil;
    }
    match given.len() {
        0 => Ok(()),
        extra => {
            let s = if extra == 1 { "" } else { "s" };
            let shown = given.repr(cx)?;
            let shown = cx.str(&shown)?;
            Err(cx.value_error(format_args!("config dict has {extra} extra item{s} ({shown})")))
        }
    }
}

/// `new_config(name='isolated', /, **overrides)`
pub fn new_config(cx: &Cx, args: Args) -> Res {
    args.count(cx, "new_config", 0, 1)?;
    let name = match args.positional().first() {
        None => cx.intern("isolated")?,
        Some(name) if cx.is_str(name) => name.clone(),
        Some(other) => {
            let kind = cx.arg_name(other);
            return Err(cx.type_error(format_args!(
                "_interpreters.new_config() argument 1 must be str, not {kind}"
            )));
        }
    };
    let mut rights = named(cx, &name)?;
    let given = Dict::new(cx)?;
    for (name, value) in args.named() {
        given.set(cx, name, value)?;
    }
    heed(cx, &mut rights, &given, true)?;
    show(cx, rights)
}

/// What a configuration means, or the name of one.
pub fn read(cx: &Cx, config: &Value) -> Res<Rights> {
    if config.is_none() {
        return named(cx, &cx.intern("isolated")?);
    }
    if cx.is_str(config) {
        return named(cx, config);
    }
    let dict = cx.attr_opt(config, "__dict__")?.and_then(|dict| Dict::of(&dict));
    let Some(dict) = dict else {
        let shown = cx.repr(config)?;
        return Err(cx.type_error(format_args!("bad config {shown}")));
    };
    let mut rights = NONE;
    heed(cx, &mut rights, &dict, false)?;
    Ok(rights)
}

/// Whether an interpreter can be made so: an allocator of its own wants modules that are checked.
pub fn is_possible(rights: &Rights) -> bool {
    rights.main_obmalloc || rights.check_extensions
}
