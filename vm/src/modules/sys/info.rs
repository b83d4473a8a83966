//! The constants of `sys`.

use super::namespace::SimpleNamespace;
use super::textio;
use crate::modules::{add, names};
use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::records;
use crate::value::Value;
use crate::vm::Vm;

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

fn version_info(vm: &Vm) -> Res {
    let small = Value::small;
    let (major, minor, micro) = VERSION;
    records::single(
        vm,
        "sys",
        "version_info",
        vec![
            ("major", small(major.into())),
            ("minor", small(minor.into())),
            ("micro", small(micro.into())),
            ("releaselevel", vm.str("final")?),
            ("serial", small(0)),
        ],
    )
}

fn float_info(vm: &Vm) -> Res {
    let small = Value::small;
    records::single(
        vm,
        "sys",
        "float_info",
        vec![
            ("max", vm.float(f64::MAX)?),
            ("max_exp", small(1024)),
            ("max_10_exp", small(308)),
            ("min", vm.float(f64::MIN_POSITIVE)?),
            ("min_exp", small(-1021)),
            ("min_10_exp", small(-307)),
            ("dig", small(15)),
            ("mant_dig", small(53)),
            ("epsilon", vm.float(f64::EPSILON)?),
            ("radix", small(2)),
            ("rounds", small(1)),
        ],
    )
}

fn int_info(vm: &Vm) -> Res {
    let small = Value::small;
    records::single(
        vm,
        "sys",
        "int_info",
        vec![
            ("bits_per_digit", small(30)),
            ("sizeof_digit", small(4)),
            ("default_max_str_digits", small(4300)),
            ("str_digits_check_threshold", small(640)),
        ],
    )
}

fn hash_info(vm: &Vm) -> Res {
    let small = Value::small;
    records::single(
        vm,
        "sys",
        "hash_info",
        vec![
            ("width", small(64)),
            ("modulus", vm.int((1 << 61) - 1)?),
            ("inf", small(314_159)),
            ("nan", small(0)),
            ("imag", small(1_000_003)),
            ("algorithm", vm.str("siphash13")?),
            ("hash_bits", small(64)),
            ("seed_bits", small(128)),
            ("cutoff", small(0)),
        ],
    )
}

fn thread_info(vm: &Vm) -> Res {
    records::single(
        vm,
        "sys",
        "thread_info",
        vec![("name", Value::NONE), ("lock", Value::NONE), ("version", Value::NONE)],
    )
}

fn flags(vm: &Vm) -> Res {
    let zero = || Value::small(0);
    let flags = records::single(
        vm,
        "sys",
        "flags",
        vec![
            ("debug", zero()),
            ("inspect", zero()),
            ("interactive", zero()),
            ("optimize", zero()),
            ("dont_write_bytecode", Value::small(1)),
            ("no_user_site", zero()),
            ("no_site", zero()),
            ("ignore_environment", zero()),
            ("verbose", zero()),
            ("bytes_warning", zero()),
            ("quiet", zero()),
            ("hash_randomization", Value::small(1)),
            ("isolated", zero()),
            ("dev_mode", Value::FALSE),
            ("utf8_mode", Value::small(1)),
            ("warn_default_encoding", zero()),
            ("safe_path", Value::FALSE),
            ("int_max_str_digits", Value::small(vm.sys.int_max_str_digits.get() as i64)),
        ],
    )?;
    // These are no items of the tuple.
    let class = vm.type_of(&flags).to_value();
    for (name, value) in [("gil", 1), ("thread_inherit_context", 0), ("context_aware_warnings", 0)] {
        vm.set_attr(&class, &vm.intern(name)?, Some(&Value::small(value)))?;
    }
    Ok(flags)
}

/// `sys.implementation`.
/// A namespace of numbers.
pub fn numbers(vm: &Vm, numbers: &[(&str, i64)]) -> Res {
    let namespace = crate::native::Cx::of(vm).class::<SimpleNamespace>()?;
    let parts = numbers.iter().map(|(name, number)| Ok((*name, vm.int(*number)?)));
    bag(vm, &namespace, parts.collect::<Res<Vec<_>>>()?)
}

fn implementation(vm: &Vm, version_info: &Value) -> Res {
    let namespace = crate::native::Cx::of(vm).class::<SimpleNamespace>()?;
    bag(
        vm,
        &namespace,
        vec![
            ("name", vm.intern("ryokan")?),
            ("cache_tag", Value::NONE),
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
    let (major, minor, micro) = VERSION;
    let version_info = version_info(vm)?;
    let texts = |list: &[&str]| -> Res<Vec<Value>> { list.iter().map(|t| vm.str(t)).collect() };
    let version = format!("{major}.{minor}.{micro} (Ryokan {})", env!("CARGO_PKG_VERSION"));
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
        ("flags", flags(vm)?),
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
        ("dont_write_bytecode", Value::TRUE),
        ("builtin_module_names", vm.new_tuple(texts(&names(vm))?)?),
        ("stdlib_module_names", vm.frozenset(&texts(&names(vm))?)?),
        ("__spec__", spec(vm)?),
    ];
    for (name, value) in constants {
        add(vm, dict, name, value)?;
    }
    originals(vm, dict)?;
    streams(vm, dict)
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
fn streams(vm: &Vm, dict: &Dict) -> Res<()> {
    let class = textio::class(vm)?;
    for (fd, name) in [(0, "stdin"), (1, "stdout"), (2, "stderr")] {
        let stream = textio::stream(vm, &class, fd)?;
        add(vm, dict, name, stream.clone())?;
        add(vm, dict, &format!("__{name}__"), stream)?;
    }
    Ok(())
}
