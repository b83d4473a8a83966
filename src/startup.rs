//! What happens before a program runs: `sys` learns of the command line, the library starts, `site` is imported.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use ryokan_vm::modules::sys::set_flags;
use ryokan_vm::object::Ref;
use ryokan_vm::object::call::Args;
use ryokan_vm::raised::Res;
use ryokan_vm::types::dict::Dict;
use ryokan_vm::types::str::codec::from_system;
use ryokan_vm::value::Value;
use ryokan_vm::vm::Vm;

use crate::options::Options;

/// Where the program lies. In a virtual environment that is the environment's link to it.
struct Place {
    /// As the command names it: links are not followed.
    executable: String,
    /// The program itself, in an environment; else the same.
    base_executable: String,
    /// The folder of the folder of the program, or the environment.
    prefix: String,
    /// The same of the program itself.
    base_prefix: String,
}

impl Place {
    fn find() -> Place {
        let real = std::env::current_exe().unwrap_or_default();
        let named = named_program(&real).unwrap_or_else(|| real.clone());
        let above = |path: &Path, levels: usize| {
            path.ancestors().nth(levels).map(Path::to_path_buf).unwrap_or_default()
        };
        let environment = [1, 2]
            .map(|levels| above(&named, levels))
            .into_iter()
            .find(|folder| !folder.as_os_str().is_empty() && folder.join("pyvenv.cfg").is_file());
        let shown = |path: &Path| path.to_string_lossy().into_owned();
        let base_prefix = above(&real, 2);
        Place {
            executable: shown(&named),
            base_executable: shown(if environment.is_some() { &real } else { &named }),
            prefix: shown(environment.as_ref().unwrap_or(&base_prefix)),
            base_prefix: shown(&base_prefix),
        }
    }
}

/// The program as the command line names it, or the first in `PATH` of that name; nothing if that is another one than `real`, whose path has
/// no links.
fn named_program(real: &Path) -> Option<PathBuf> {
    let name = PathBuf::from(std::env::args_os().next()?);
    let found = if name.components().count() > 1 {
        std::path::absolute(name).ok()?
    } else {
        let folders = std::env::var_os("PATH")?;
        let mut all = std::env::split_paths(&folders).map(|folder| folder.join(&name));
        all.find(|path| path.is_file())?
    };
    (found.canonicalize().ok()? == real).then_some(found)
}

/// Prepares a VM for a program; `folder` is `sys.path[0]`. Runs Python (the library's, `site`); raises what that raises, `LookupError`
/// for an encoding of the streams that nobody knows, and `MemoryError`.
pub fn prepare(vm: &Vm, options: &Options, folder: Option<&OsStr>) -> Res<()> {
    let Some(sys) = vm.sys_dict.get::<Dict>() else { return Ok(()) };
    if options.trace_memory > 0 {
        if !vm.start_tracing_memory(options.trace_memory, false) {
            return Err(vm.no_memory());
        }
        vm.heap().sum_up_traces();
    }
    set_flags(vm, &options.flags)?;
    vm.sys.lines_alone.set(options.lines_alone());
    vm.sys.cpu_count.set(options.cpu_count);
    let library = options.env("RYOKAN_LIB");
    let mut path = Vec::new();
    if let Some(more) = options.env_os("PYTHONPATH") {
        path.extend(more.as_bytes().split(|byte| *byte == b':').map(|one| OsStr::from_bytes(one).to_owned()));
    }
    let root = vm.host.library().map(|library| library.root().to_string());
    vm.importlib.elsewhere.set(library.is_some());
    path.extend(library.clone().or(root).map(OsString::from));
    let place = Place::find();
    let original: Vec<OsString> = std::env::args_os().collect();
    let list = |items: &[OsString]| -> Res {
        vm.new_list(items.iter().map(|item| from_system(vm, item.as_bytes())).collect::<Res<Vec<_>>>()?)
    };
    let [prefix, base] = [vm.str(&place.prefix)?, vm.str(&place.base_prefix)?];
    let mut parts = vec![
        ("argv", list(&options.argv)?),
        ("orig_argv", list(&original)?),
        ("path", list(&path)?),
        ("executable", vm.str(&place.executable)?),
        ("_base_executable", vm.str(&place.base_executable)?),
        ("prefix", prefix.clone()),
        ("exec_prefix", prefix),
        ("base_prefix", base.clone()),
        ("base_exec_prefix", base),
        ("_xoptions", xoptions(vm, options)?),
    ];
    if let Some(library) = &library {
        parts.push(("_stdlib_dir", vm.str(library)?));
    }
    let cache = options.xoption("pycache_prefix").map(str::to_string);
    if let Some(cache) =
        cache.or_else(|| options.env("PYTHONPYCACHEPREFIX")).filter(|cache| !cache.is_empty())
    {
        parts.push(("pycache_prefix", vm.str(&cache)?));
    }
    for (name, value) in parts {
        sys.set_name(vm, &vm.intern(name)?, value)?;
    }
    vm.start_importlib()?;
    heed_stream_encoding(vm, options)?;
    heed_warnings(vm, sys, options)?;
    if options.flags.no_site == 0 && ryokan_vm::modules::find(vm, "posix").is_some() {
        vm.import_name("site")?;
    }
    if let (Some(folder), Some(path)) = (folder, vm.sys_attr("path")?) {
        // (It is set once.)
        let _ = vm.sys.first_path.set(folder.to_string_lossy().into_owned());
        vm.call_method(
            &path,
            &vm.intern("insert")?,
            &[Value::small(0), from_system(vm, folder.as_bytes())?],
        )?;
    }
    heed_faulthandler(vm, options)
}

/// `-X faulthandler`
fn heed_faulthandler(vm: &Vm, options: &Options) -> Res<()> {
    let asked = |value: String| !value.is_empty();
    if options.xoption("faulthandler").is_some() || options.env("PYTHONFAULTHANDLER").is_some_and(asked) {
        let module = vm.import_name("faulthandler")?;
        vm.call_method(&module, &vm.intern("enable")?, &[])?;
    }
    Ok(())
}

/// Starts the library of an interpreter that has no command line: `sys.path` is the library. Runs Python; raises as
/// [`Vm::start_importlib`].
pub fn start_library(vm: &Vm) -> Res<()> {
    let (Some(library), Some(sys)) = (vm.host.library(), vm.sys_dict.get::<Dict>()) else { return Ok(()) };
    sys.set_name(vm, &vm.intern("path")?, vm.new_list(vec![vm.str(library.root())?])?)?;
    vm.start_importlib()
}

fn xoptions(vm: &Vm, options: &Options) -> Res {
    let dict = vm.new_dict()?;
    for option in &options.xoptions {
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, vm.str(value)?),
            None => (option.as_str(), Value::TRUE),
        };
        dict.set_name(vm, &vm.intern(name)?, value)?;
    }
    Ok(dict.into_value())
}

/// `PYTHONIOENCODING`: another encoding of the standard streams, and what becomes of what it has not. Standard error escapes that always.
fn heed_stream_encoding(vm: &Vm, options: &Options) -> Res<()> {
    let Some(given) = options.env("PYTHONIOENCODING") else { return Ok(()) };
    let (encoding, errors) = given.split_once(':').unwrap_or((&given, ""));
    // The streams say the codec's own name.
    let encoding = match encoding {
        "" => String::new(),
        given => {
            let name = vm.get_attr(&vm.lookup_codec(given)?, &vm.names.name)?;
            vm.text(&name).to_string()
        }
    };
    let errors = if errors.is_empty() && !encoding.is_empty() { "strict" } else { errors };
    for name in ["stdin", "stdout", "stderr"] {
        let Some(stream) = vm.sys_attr(name)?.filter(|stream| !stream.is_none()) else { continue };
        let errors = if name == "stderr" { "backslashreplace" } else { errors };
        let given = [("encoding", encoding.as_str()), ("errors", errors)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty());
        let mut named = Vec::new();
        for (name, value) in given {
            named.push((vm.intern(name)?, vm.str(value)?));
        }
        let reconfigure = vm.get_attr(&stream, &vm.intern("reconfigure")?)?;
        let (names, named): (Vec<Value>, Vec<Value>) = named.into_iter().unzip();
        vm.call_args(&reconfigure, Args { pos: &[], names: &names, named: &named })?;
    }
    Ok(())
}

/// `sys.warnoptions`, and the filters that they mean.
fn heed_warnings(vm: &Vm, sys: &Dict, options: &Options) -> Res<()> {
    let mut all: Vec<String> = Vec::new();
    if options.flags.dev_mode {
        all.push("default".to_string());
    }
    let environment = options.env("PYTHONWARNINGS");
    all.extend(
        environment.iter().flat_map(|text| text.split(',')).filter(|w| !w.is_empty()).map(str::to_string),
    );
    all.extend(options.warnings.iter().cloned());
    if options.flags.bytes_warning > 0 {
        let action = if options.flags.bytes_warning > 1 { "error" } else { "default" };
        all.push(format!("{action}::BytesWarning"));
    }
    if all.is_empty() {
        return Ok(());
    }
    let texts = all.iter().map(|option| vm.str(option)).collect::<Res<Vec<_>>>()?;
    sys.set_name(vm, &vm.intern("warnoptions")?, vm.new_list(texts)?)?;
    for line in ryokan_vm::modules::warnings::apply(vm, &all)? {
        eprintln!("{line}");
    }
    Ok(())
}

/// The `__loader__` of `__main__`. Runs Python; raises what `importlib` raises, and `MemoryError`.
pub fn set_main_loader(vm: &Vm, main: &Ref<Dict>, file: Option<&OsStr>) -> Res<()> {
    let Some(modules) = vm.modules.get::<Dict>() else { return Ok(()) };
    let module = |name: &str| -> Res<Option<Value>> { Ok(modules.get_name(&vm.intern(name)?).cloned()) };
    let loader = match file {
        None => match module("_frozen_importlib")? {
            Some(importlib) => vm.get_attr(&importlib, &vm.intern("BuiltinImporter")?)?,
            None => return Ok(()),
        },
        Some(file) => match module("_frozen_importlib_external")? {
            Some(external) => {
                let class = vm.get_attr(&external, &vm.intern("SourceFileLoader")?)?;
                vm.call(&class, &[vm.str("__main__")?, from_system(vm, file.as_bytes())?])?
            }
            None => return Ok(()),
        },
    };
    main.set_name(vm, &vm.names.__loader__, loader)
}
