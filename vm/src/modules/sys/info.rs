//! The constants of `sys`.

use super::namespace::SimpleNamespace;
use super::textio;
use crate::modules::{add, names};
use crate::native::{ClassKey, Cx};
use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::value::Value;
use crate::vm::{DEFAULT_MAX_STR_DIGITS, LEAST_MAX_STR_DIGITS, Vm};

/// The version of Python whose behaviour this is: 3.14.5.
pub const VERSION: (u8, u8, u8) = (3, 14, 5);
const HEX_VERSION: i64 = 0x030e_05f0;

static NAMESPACE_REPR: Method = method(
    "__repr__",
    "($self, /)",
    Call::One(namespace_repr),
    "How the spec is shown: its names with their values.",
);

fn namespace_repr(vm: &Vm, this: &Value) -> Res {
    let dict = vm.get_attr(this, &vm.names.__dict__)?;
    let Some(dict) = dict.get::<Dict>() else { return vm.str("namespace()") };
    let name = vm.type_name(this);
    let mut parts = Vec::new();
    for entry in dict.copy(vm)?.entries() {
        // What begins with an underscore is nobody's business in a spec; an empty part says nothing.
        if entry.value.is_none() && !entry.key.is(&vm.names.__loader__)
            || vm.text(&entry.key).starts_with('_')
        {
            continue;
        }
        let shown = vm.repr(&entry.value)?;
        parts.push(format!("{}={}", vm.text(&entry.key), vm.text(&shown)));
    }
    vm.display(format_args!("{name}({})", parts.join(", ")))
}

/// A class whose instances are bags of attributes.
fn bag_class(vm: &Vm, module: &str, name: &str) -> Res {
    let namespace = vm.new_dict()?;
    namespace.set_name(vm, &vm.names.__module__, vm.intern(module)?)?;
    let bases = vm.new_tuple(Vec::new())?;
    let class = vm.call(&vm.types.r#type.to_value(), &[vm.str(name)?, bases, namespace.into_value()])?;
    let shown = vm.new_native(&NAMESPACE_REPR, Value::UNBOUND, class.clone())?;
    vm.set_attr(&class, &vm.names.__repr__, Some(&shown))?;
    Ok(class)
}

/// An instance of such a class.
pub fn bag(vm: &Vm, class: &Value, parts: Vec<(&str, Value)>) -> Res {
    let made = vm.call(class, &[])?;
    for (name, value) in parts {
        vm.set_attr(&made, &vm.intern(name)?, Some(&value))?;
    }
    Ok(made)
}

crate::native_record! {
    /// The version of the language, part by part.
    static VERSION_INFO = "sys.version_info" uncalled { major, minor, micro, releaselevel, serial };
    /// What floats can hold: their largest and smallest values, and how exact they are.
    static FLOAT_INFO = "sys.float_info" {
        max, max_exp, max_10_exp, min, min_exp, min_10_exp, dig, mant_dig, epsilon, radix, rounds,
    };
    /// How the digits of ints are kept, and how many a conversion takes.
    static INT_INFO = "sys.int_info" {
        bits_per_digit, sizeof_digit, default_max_str_digits, str_digits_check_threshold,
    };
    /// The numbers that hashes are made with.
    static HASH_INFO = "sys.hash_info" {
        width, modulus, inf, nan, imag, algorithm, hash_bits, seed_bits, cutoff,
    };
    /// How threads are made.
    static THREAD_INFO = "sys.thread_info" { name, lock, version };
    /// What the command line and the environment asked for.
    static FLAGS = "sys.flags" uncalled {
        debug, inspect, interactive, optimize, dont_write_bytecode, no_user_site, no_site, ignore_environment, verbose,
        bytes_warning, quiet, hash_randomization, isolated, dev_mode, utf8_mode, warn_default_encoding, safe_path,
        int_max_str_digits; gil, thread_inherit_context, context_aware_warnings,
    };
}

/// A record of some of these types.
fn record(vm: &Vm, class: &'static ClassKey, values: Vec<Value>) -> Res {
    Cx::of(vm).record(class, values)
}

fn version_info(vm: &Vm) -> Res {
    let small = |n: u8| Value::small(n.into());
    let (major, minor, micro) = VERSION;
    let values = vec![small(major), small(minor), small(micro), vm.str("final")?, small(0)];
    record(vm, &VERSION_INFO, values)
}

fn float_info(vm: &Vm) -> Res {
    let small = Value::small;
    let (most, least) = (vm.float(f64::MAX)?, vm.float(f64::MIN_POSITIVE)?);
    let values = vec![
        most,
        small(1024),
        small(308),
        least,
        small(-1021),
        small(-307),
        small(15),
        small(53),
        vm.float(f64::EPSILON)?,
        small(2),
        small(1),
    ];
    record(vm, &FLOAT_INFO, values)
}

fn int_info(vm: &Vm) -> Res {
    record(
        vm,
        &INT_INFO,
        [30, 4, DEFAULT_MAX_STR_DIGITS as i64, LEAST_MAX_STR_DIGITS as i64].map(Value::small).to_vec(),
    )
}

fn hash_info(vm: &Vm) -> Res {
    let small = Value::small;
    let (modulus, algorithm) = (vm.int((1 << 61) - 1)?, vm.str("siphash13")?);
    let values = vec![
        small(64),
        modulus,
        small(314_159),
        small(0),
        small(1_000_003),
        algorithm,
        small(64),
        small(128),
        small(0),
    ];
    record(vm, &HASH_INFO, values)
}

fn thread_info(vm: &Vm) -> Res {
    record(vm, &THREAD_INFO, vec![vm.str("pthread")?, vm.str("semaphore")?, Value::NONE])
}

/// What the command line and the environment ask for: `sys.flags`.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is the flag of its name")]
pub struct Flags {
    pub debug: i64,
    pub inspect: i64,
    pub interactive: i64,
    pub optimize: i64,
    pub dont_write_bytecode: i64,
    pub no_user_site: i64,
    pub no_site: i64,
    pub ignore_environment: i64,
    pub verbose: i64,
    pub bytes_warning: i64,
    pub quiet: i64,
    pub hash_randomization: i64,
    pub isolated: i64,
    pub dev_mode: bool,
    pub utf8_mode: i64,
    pub warn_default_encoding: i64,
    pub safe_path: bool,
    pub context_aware_warnings: i64,
    pub thread_inherit_context: i64,
    /// The most digits that an int and its text are made into each other with, at first; 0 for no limit.
    pub int_max_str_digits: usize,
}

impl Default for Flags {
    fn default() -> Flags {
        Flags {
            debug: 0,
            inspect: 0,
            interactive: 0,
            optimize: 0,
            dont_write_bytecode: 0,
            no_user_site: 0,
            no_site: 0,
            ignore_environment: 0,
            verbose: 0,
            bytes_warning: 0,
            quiet: 0,
            hash_randomization: 1,
            isolated: 0,
            dev_mode: false,
            utf8_mode: 1,
            warn_default_encoding: 0,
            safe_path: false,
            context_aware_warnings: 0,
            thread_inherit_context: 0,
            int_max_str_digits: DEFAULT_MAX_STR_DIGITS,
        }
    }
}

/// Sets `sys.flags`, and what else of `sys` follows from them.
pub fn set_flags(vm: &Vm, flags: &Flags) -> Res<()> {
    vm.sys.dev_mode.set(flags.dev_mode);
    vm.sys.bytes_warning.set(flags.bytes_warning > 0);
    let numbers = [
        flags.debug,
        flags.inspect,
        flags.interactive,
        flags.optimize,
        flags.dont_write_bytecode,
        flags.no_user_site,
        flags.no_site,
        flags.ignore_environment,
        flags.verbose,
        flags.bytes_warning,
        flags.quiet,
        flags.hash_randomization,
        flags.isolated,
    ];
    let mut values: Vec<Value> = numbers.iter().map(|number| Value::small(*number)).collect();
    values.push(Value::bool(flags.dev_mode));
    values.extend([flags.utf8_mode, flags.warn_default_encoding].map(Value::small));
    values.push(Value::bool(flags.safe_path));
    vm.sys.int_max_str_digits.set(flags.int_max_str_digits);
    values.push(Value::small(flags.int_max_str_digits as i64));
    values.extend([1, flags.thread_inherit_context, flags.context_aware_warnings].map(Value::small));
    let record = record(vm, &FLAGS, values)?;
    vm.sys.verbose.set(flags.verbose.clamp(0, 255) as u8);
    if let Some(dict) = vm.sys_dict.get::<Dict>() {
        add(vm, dict, "flags", record)?;
        add(vm, dict, "dont_write_bytecode", Value::bool(flags.dont_write_bytecode > 0))?;
    }
    Ok(())
}

/// `sys.implementation`.
/// A namespace of numbers.
pub fn numbers(vm: &Vm, numbers: &[(&str, i64)]) -> Res {
    let namespace = Cx::of(vm).class::<SimpleNamespace>()?;
    let parts = numbers.iter().map(|(name, number)| Ok((*name, vm.int(*number)?)));
    bag(vm, &namespace, parts.collect::<Res<Vec<_>>>()?)
}

fn implementation(vm: &Vm, version_info: &Value) -> Res {
    let namespace = Cx::of(vm).class::<SimpleNamespace>()?;
    bag(
        vm,
        &namespace,
        vec![
            ("name", vm.intern("ryokan")?),
            ("cache_tag", vm.intern("ryokan-314")?),
            ("version", version_info.clone()),
            ("hexversion", vm.int(HEX_VERSION)?),
            ("supports_isolated_interpreters", Value::TRUE),
        ],
    )
}

/// The spec of `sys` itself.
fn spec(vm: &Vm) -> Res {
    let spec_class = bag_class(vm, "_frozen_importlib", "ModuleSpec")?;
    bag(
        vm,
        &spec_class,
        vec![
            ("name", vm.intern("sys")?),
            ("loader", Value::NONE),
            ("origin", vm.str("built-in")?),
            ("parent", vm.empty_str.clone()),
        ],
    )
}

/// Adds the constants, and the standard streams.
pub fn fill(vm: &Vm, dict: &Dict) -> Res<()> {
    crate::modules::add_functions(vm, dict, "sys", super::machine::FUNCTIONS)?;
    let (major, minor, micro) = VERSION;
    let version_info = version_info(vm)?;
    let texts = |list: &[&str]| -> Res<Vec<Value>> { list.iter().map(|t| vm.str(t)).collect() };
    // As `platform` takes it apart: what was built, and by which compiler.
    let (build, compiler) = (env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_RUST_VERSION"));
    let version = format!("{major}.{minor}.{micro} (Ryokan {build}) [Rust {compiler}]");
    let stdlib_dir = match vm.host.library() {
        Some(library) => vm.str(library.root())?,
        None => Value::NONE,
    };
    let constants = [
        ("modules", vm.modules.clone()),
        ("argv", vm.new_list(texts(&[""])?)?),
        ("orig_argv", vm.new_list(Vec::new())?),
        ("path", vm.new_list(Vec::new())?),
        ("meta_path", vm.new_list(Vec::new())?),
        ("path_hooks", vm.new_list(Vec::new())?),
        ("path_importer_cache", vm.new_dict()?.into_value()),
        ("warnoptions", vm.new_list(Vec::new())?),
        ("_xoptions", vm.new_dict()?.into_value()),
        ("version", vm.str(&version)?),
        ("version_info", version_info.clone()),
        ("hexversion", vm.int(HEX_VERSION)?),
        ("api_version", Value::small(1013)),
        ("copyright", vm.str("See the licences of Ryokan.")?),
        ("implementation", implementation(vm, &version_info)?),
        ("float_info", float_info(vm)?),
        ("int_info", int_info(vm)?),
        ("hash_info", hash_info(vm)?),
        ("thread_info", thread_info(vm)?),
        ("_jit", crate::modules::make(vm, &super::jit::MODULE)?.into_value()),
        ("monitoring", crate::modules::make(vm, &super::monitoring::MODULE)?.into_value()),
        ("maxsize", vm.int(i64::MAX)?),
        ("maxunicode", Value::small(0x10_FFFF)),
        ("byteorder", vm.str(if cfg!(target_endian = "little") { "little" } else { "big" })?),
        ("platform", vm.str(std::env::consts::OS)?),
        ("platlibdir", vm.str("lib")?),
        ("float_repr_style", vm.str("short")?),
        ("abiflags", vm.empty_str.clone()),
        ("executable", vm.empty_str.clone()),
        ("prefix", vm.empty_str.clone()),
        ("exec_prefix", vm.empty_str.clone()),
        ("base_prefix", vm.empty_str.clone()),
        ("base_exec_prefix", vm.empty_str.clone()),
        ("pycache_prefix", Value::NONE),
        ("_stdlib_dir", stdlib_dir),
        ("_framework", vm.empty_str.clone()),
        ("_git", vm.new_tuple(texts(&["Ryokan", "", ""])?)?),
        ("builtin_module_names", vm.new_tuple(texts(&names(vm))?)?),
        ("stdlib_module_names", vm.frozenset(&texts(&library_names(vm))?)?),
        ("__spec__", spec(vm)?),
    ];
    for (name, value) in constants {
        add(vm, dict, name, value)?;
    }
    set_flags(vm, &Flags { dont_write_bytecode: 1, ..Flags::default() })?;
    originals(vm, dict)
}

/// Keeps the hooks as they are at birth: `__displayhook__` and its like.
fn originals(vm: &Vm, dict: &Dict) -> Res<()> {
    for hook in ["displayhook", "excepthook", "breakpointhook", "unraisablehook"] {
        if let Some(function) = dict.get_name(&vm.intern(hook)?).cloned() {
            add(vm, dict, &format!("__{hook}__"), function)?;
        }
    }
    Ok(())
}

/// The standard streams, twice.
pub(super) fn streams(vm: &Vm) -> Res<()> {
    let Some(dict) = vm.sys_dict.get::<Dict>() else { return Ok(()) };
    if let Some(row) = crate::modules::find(vm, "_io") {
        return library_streams(vm, dict, row);
    }
    let class = textio::class(vm)?;
    for (fd, name) in [(0, "stdin"), (1, "stdout"), (2, "stderr")] {
        add_stream(vm, dict, name, textio::stream(vm, &class, fd)?)?;
    }
    Ok(())
}

fn add_stream(vm: &Vm, dict: &Dict, name: &str, stream: Value) -> Res<()> {
    add(vm, dict, name, stream.clone())?;
    add(vm, dict, &format!("__{name}__"), stream)
}

/// The streams and `open` of the library, if the host brings it.
fn library_streams(vm: &Vm, dict: &Dict, row: &'static crate::modules::NativeModule) -> Res<()> {
    let io = crate::modules::make(vm, row)?;
    let part = |name: &str| -> Res {
        let found = io.dict().get_name(&vm.intern(name)?).cloned();
        found.ok_or(()).map_err(|()| vm.system_error(format_args!("_io has no {name}")))
    };
    if let Some(modules) = vm.modules.get::<Dict>() {
        modules.set_name(vm, &vm.intern(row.name)?, io.clone().into_value())?;
    }
    if let Some(builtins) = vm.builtins.get::<Dict>() {
        add(vm, builtins, "open", part("open")?)?;
    }
    let classes = [part("FileIO")?, part("BufferedReader")?, part("BufferedWriter")?, part("TextIOWrapper")?];
    for (fd, name) in [(0, "stdin"), (1, "stdout"), (2, "stderr")] {
        let stream = match library_stream(vm, &classes, fd, name) {
            Ok(stream) => stream,
            // There is no such descriptor.
            Err(raised) if vm.raised_is(&raised, &vm.exc.OSError) => {
                drop(vm.take_raised(raised));
                Value::NONE
            }
            Err(raised) => return Err(raised),
        };
        add_stream(vm, dict, name, stream)?;
    }
    Ok(())
}

fn library_stream(vm: &Vm, [file, reader, writer, text]: &[Value; 4], fd: u8, name: &str) -> Res {
    let mode = if fd == 0 { "rb" } else { "wb" };
    let raw = vm.call(file, &[Value::small(i64::from(fd)), vm.str(mode)?, Value::FALSE])?;
    vm.set_attr(&raw, &vm.intern("name")?, Some(&vm.str(&format!("<{name}>"))?))?;
    // What a host of its own captures it gets at once.
    let unbuffered = fd > 0 && (vm.host.is_unbuffered() || !vm.host.has_system_streams());
    let buffer = match fd {
        _ if unbuffered => raw,
        0 => vm.call(reader, &[raw])?,
        _ => vm.call(writer, &[raw])?,
    };
    let errors = match fd {
        2 => "backslashreplace",
        _ if locale_is_plain(vm) => "surrogateescape",
        _ => "strict",
    };
    let by_line = fd == 2 || !unbuffered && vm.host.is_terminal(fd);
    let args = [
        buffer,
        vm.str("utf-8")?,
        vm.str(errors)?,
        vm.str("\n")?,
        Value::bool(by_line),
        Value::bool(unbuffered),
    ];
    let stream = vm.call(text, &args)?;
    vm.set_attr(&stream, &vm.intern("mode")?, Some(&vm.str(&mode[..1])?))?;
    Ok(stream)
}

/// Whether the locale is the one without a country: bytes that are no text pass through the streams then.
fn locale_is_plain(vm: &Vm) -> bool {
    let set =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| vm.host.env(name).filter(|v| !v.is_empty()));
    set.is_none_or(|name| matches!(name.as_str(), "C" | "POSIX" | "C.UTF-8" | "C.utf8"))
}

/// The names of the library's modules: those that are built in, and those in its folder.
fn library_names(vm: &Vm) -> Vec<&'static str> {
    let mut all: Vec<&'static str> = names(vm);
    if let Some(library) = vm.host.library() {
        let files = library.list("").unwrap_or_default();
        all.extend(
            files.iter().filter_map(|file| file.strip_suffix('/').or_else(|| file.strip_suffix(".py"))),
        );
    }
    all
}
