//! Makes the image: compiles every module of the library and packs its source.
//!
//! The modules come from `rustpython-pylib`. What names another implementation in them is replaced here, line by line; modules of our
//! own are in `py/`; `_opcode_metadata` is written down from our table of instructions.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ryokan_bytecode::{Op, OperandKind, image};

#[path = "src/names.rs"]
#[allow(dead_code, reason = "the build asks for less of it than the program")]
mod names;

/// Folders and files of the crate that are not ours to ship.
const LEFT_OUT: &[&str] = &[
    "idlelib/",
    "turtledemo/",
    "tkinter/",
    "ensurepip/",
    "venv/scripts/nt/",
    "_dummy_os.py",
    "_dummy_thread.py",
    "dummy_threading.py",
    "_pycodecs.py",
    "_opcode_metadata.py",
    "README.md",
    "tomllib/mypy.ini",
    "_pyrepl/mypy.ini",
];

/// What is replaced: the file, the text before which and the text behind which it stands, and what comes in its place. Each must be
/// there once.
const REPLACED: &[(&str, &str, &str, &str)] = &[
    ("site.py", "    return 'RustPython'", "\n", "    return 'Ryokan'"),
    (
        "site.py",
        "    # XXX: RUSTPYTHON\n",
        "f'{userbase}/lib/rustpython",
        "    return f'{userbase}/lib/ryokan",
    ),
    ("sysconfig/__init__.py", "    return 'RustPython'", "\n", "    return 'Ryokan'"),
    (
        "platform.py",
        "        # XXX: RUSTPYTHON support\n",
        "            name = 'CPython'\n",
        "        name = 'Ryokan'\n",
    ),
    (
        "unittest/__init__.py",
        "# XXX: RUSTPYTHON\n# This is very",
        "__unittest_expecting_failure__ = False\n    return test_item\n",
        "",
    ),
    // OpenSSL is not there, but what makes keys of passwords is.
    ("hashlib.py", "    from _hashlib import pbkdf2_hmac", "\n", "    from _ryokan_keys import pbkdf2_hmac"),
    ("hashlib.py", "    from _hashlib import scrypt", "\n", "    from _ryokan_keys import scrypt"),
    ("json/decoder.py", "    # RUSTPYTHON SPECIFIC\n", "        return cls(msg, doc, pos)\n\n", ""),
    ("io.py", "# XXX: RUSTPYTHON; FileIO needs", "    FileIO = None\n", "from _io import FileIO\n"),
    (
        "io.py",
        "if FileIO is not None:  # XXX",
        "RawIOBase.register(FileIO)\n",
        "RawIOBase.register(FileIO)\n",
    ),
    (
        "sysconfig/__init__.py",
        "        'stdlib': '{installed_base}/{platlibdir}",
        "\n",
        "        'stdlib': getattr(sys, '_stdlib_dir', None) or '{installed_base}/lib',",
    ),
    // An instruction of ours has four bytes, its operand three of them; a target is the number of an instruction.
    ("dis.py", "CONVERT_VALUE = opmap[", "CACHE = opmap[\"CACHE\"]\n", DIS_NAMES),
    ("dis.py", "    return _inline_cache_entries.get", "\n", "    return 1"),
    (
        "dis.py",
        "            argval = offset + 2 + signed_arg*2\n",
        "            argval += 2 * caches\n",
        "            argval = abs(signed_arg) * 4\n",
    ),
    (
        "dis.py",
        "        target = offset + 2 + arg*2\n",
        "        target += 2 * caches\n",
        "        target = abs(arg) * 4\n",
    ),
    (
        "dis.py",
        "            arg = code[i+1] | extended_arg\n",
        "\n",
        "            arg = code[i + 1] | code[i + 2] << 8 | code[i + 3] << 16",
    ),
    (
        "dis.py",
        "                argval = cmp_op[arg >> 5]\n",
        "argrepr = f\"bool({argrepr})\"\n",
        "                argval = argrepr = cmp_op[arg]\n",
    ),
    (
        "dis.py",
        "                argrepr = ', '.join(s for i, s in enumerate(FUNCTION_ATTR_FLAGS)\n",
        "if arg & (1<<i))\n",
        "                argrepr = FUNCTION_ATTR_FLAGS[arg]\n",
    ),
    (
        "dis.py",
        "        if caches:\n            cache_info = []\n",
        "            cache_info = None\n",
        "        cache_info = None\n",
    ),
    (
        "opcode.py",
        "                     builtins.tuple, builtins.all, builtins.any]",
        "\n",
        "                     builtins.tuple, builtins.all, builtins.any, builtins.list, builtins.set]",
    ),
    // The class that is written in C shows itself with its module.
    (
        "zoneinfo/_zoneinfo.py",
        "            return f\"{self.__class__.__name__}(key=",
        "from_file({self._file_repr})\"\n",
        "            return f\"{self._shown_name()}(key={self._key!r})\"\n        else:\n            return \
         f\"{self._shown_name()}.from_file({self._file_repr})\"\n\n    def _shown_name(self):\n        cls = \
         self.__class__\n        return \"zoneinfo.ZoneInfo\" if cls is ZoneInfo else cls.__name__\n",
    ),
    ("_compat_pickle.py", "# NOTE: RUSTPYTHON exceptions\n", "(\"JitError\",)\n", ""),
];

/// The instructions that `dis` knows by name. One that is -1 is none of ours, or has an operand like any other.
const DIS_NAMES: &str = "\
FUNCTION_ATTR_FLAGS = ('defaults', 'kwdefaults', 'closure', 'annotate')

(CONVERT_VALUE, SET_FUNCTION_ATTRIBUTE, LOAD_SMALL_INT, BINARY_OP, JUMP_BACKWARD, FOR_ITER, SEND,
 LOAD_COMMON_CONSTANT, LOAD_SPECIAL, IS_OP, CONTAINS_OP, END_ASYNC_FOR) = (
    opmap.get(name, -1) for name in (
        'CONVERT_VALUE', 'SET_FUNCTION_ATTRIBUTE', 'LOAD_SMALL_INT', 'BINARY_OP', 'JUMP_BACKWARD', 'FOR_ITER',
        'SEND', 'LOAD_COMMON_CONSTANT', 'LOAD_SPECIAL', 'IS_OP', 'CONTAINS_OP', 'END_ASYNC_FOR'))
ENTER_EXECUTOR = LOAD_GLOBAL = LOAD_ATTR = LOAD_SUPER_ATTR = CALL_INTRINSIC_1 = CALL_INTRINSIC_2 = -1
LOAD_FAST_LOAD_FAST = LOAD_FAST_BORROW_LOAD_FAST_BORROW = STORE_FAST_LOAD_FAST = STORE_FAST_STORE_FAST = -1
CACHE = -1
";

/// A file of the library, as it is shipped.
struct File {
    path: String,
    source: Vec<u8>,
    code: Vec<u8>,
    packed: Vec<u8>,
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=py");
    println!("cargo:rerun-if-changed=src/names.rs");
    let mut sources = BTreeMap::new();
    gather(Path::new(rustpython_pylib::LIB_PATH), "", &mut sources);
    gather(Path::new("py"), "", &mut sources);
    for &(path, from, to, new) in REPLACED {
        let source = sources.get_mut(path).unwrap_or_else(|| panic!("the library has no {path}"));
        replace(path, source, from, to, new);
    }
    sources.insert("_opcode_metadata.py".to_string(), opcode_metadata().into_bytes());
    let work: Vec<(String, Vec<u8>)> = sources.into_iter().collect();
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            let work_on = || {
                while let Some((path, source)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let file = make(path, source);
                    done.lock().expect("nobody has panicked").push(file);
                }
            };
            let thread = std::thread::Builder::new().stack_size(64 << 20);
            thread.spawn_scoped(scope, work_on).expect("there is room for a thread");
        }
    });
    let mut files = done.into_inner().expect("nobody has panicked");
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it")).join("library.image");
    std::fs::write(out, join(&files)).expect("the image can be written");
}

/// Reads the files of a folder, those left out excepted.
fn gather(folder: &Path, inside: &str, sources: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("the library's folder can be read") {
        let entry = entry.expect("the library's folder can be read");
        let path = format!("{inside}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            if !path.ends_with("__pycache__") && !LEFT_OUT.contains(&format!("{path}/").as_str()) {
                gather(&entry.path(), &format!("{path}/"), sources);
            }
        } else if !LEFT_OUT.contains(&path.as_str()) {
            sources.insert(path, std::fs::read(entry.path()).expect("a file of the library can be read"));
        }
    }
}

fn replace(path: &str, source: &mut Vec<u8>, from: &str, to: &str, new: &str) {
    let text = String::from_utf8(std::mem::take(source)).expect("what is replaced is text");
    let start = text.find(from).unwrap_or_else(|| panic!("{path} has no {from:?} any more"));
    let end = text[start..].find(to).unwrap_or_else(|| panic!("{path} has no {to:?} any more"));
    // A line's end stays; any other end goes.
    let end = start + end + if to == "\n" { 0 } else { to.len() };
    *source = format!("{}{new}{}", &text[..start], &text[end..]).into_bytes();
}

/// Compiles and packs a file.
fn make(path: &str, source: &[u8]) -> File {
    let mut code = Vec::new();
    if path.ends_with(".py") {
        let frozen = names::FROZEN.iter().find(|row| row.1 == path).map(|row| match row.0 {
            "_frozen_importlib" => "importlib._bootstrap",
            "_frozen_importlib_external" => "importlib._bootstrap_external",
            name => name,
        });
        let filename = match frozen {
            Some(name) => format!("<frozen {name}>"),
            None => format!("{}/{path}", names::ROOT),
        };
        let options = ryokan_compiler::Options::default();
        let mode = ryokan_compiler::Mode::Exec;
        let made =
            ryokan_compiler::compile_bytes(source, &filename, mode, &options, &ryokan_compiler::Unlimited);
        let made = made.unwrap_or_else(|error| panic!("{path} does not compile: {error:?}"));
        if let Err(fault) = ryokan_bytecode::verify(&made) {
            panic!("{path}: {fault}");
        }
        code = image::write(&made);
        let again = image::read(&code).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(*again == *made, "{path}: what is read is not what was written");
    }
    let packed = miniz_oxide::deflate::compress_to_vec(source, 9);
    File { path: path.to_string(), source: source.to_vec(), code, packed }
}

/// What every start of the interpreter reads: its codes stand together, so that few pages are touched.
const AT_START: &[&str] = &[
    "importlib/_bootstrap.py",
    "importlib/_bootstrap_external.py",
    "_ryokan_image.py",
    "abc.py",
    "codecs.py",
    "encodings/__init__.py",
    "encodings/aliases.py",
    "encodings/utf_8.py",
    "io.py",
    "site.py",
    "os.py",
    "stat.py",
    "_collections_abc.py",
    "posixpath.py",
    "genericpath.py",
    "_sitebuiltins.py",
];

/// The image: see `src/lib.rs`. Behind the table stand all paths, then all codes, then all sources.
fn join(files: &[File]) -> Vec<u8> {
    let start = (1 + files.len() * 7) * 4;
    let mut bytes: Vec<u8> = Vec::new();
    let mut put = |part: &[u8]| {
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        let place = [(start + bytes.len()) as u32, part.len() as u32];
        bytes.extend(part);
        place
    };
    let paths: Vec<_> = files.iter().map(|file| put(file.path.as_bytes())).collect();
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|at| {
        AT_START.iter().position(|path| *path == files[*at].path).unwrap_or(AT_START.len())
    });
    let mut codes = vec![[0; 2]; files.len()];
    for at in order {
        codes[at] = put(&files[at].code);
    }
    let sources: Vec<_> = files.iter().map(|file| put(&file.packed)).collect();
    let mut table = vec![files.len() as u32];
    for (at, file) in files.iter().enumerate() {
        table.extend(paths[at].into_iter().chain(codes[at]).chain(sources[at]));
        table.push(file.source.len() as u32);
    }
    let mut image: Vec<u8> = table.iter().flat_map(|word| word.to_le_bytes()).collect();
    image.extend(bytes);
    image
}

/// Instructions of CPython's that ours do otherwise.
const CPYTHON_ONLY: &[&str] = &[
    "CALL_INTRINSIC_1",
    "CALL_INTRINSIC_2",
    "END_FOR",
    "ENTER_EXECUTOR",
    "EXIT_INIT_CHECK",
    "INTERPRETER_EXIT",
    "JUMP_BACKWARD_NO_INTERRUPT",
    "LOAD_FAST_BORROW",
    "LOAD_FAST_BORROW_LOAD_FAST_BORROW",
    "LOAD_FAST_LOAD_FAST",
    "NOT_TAKEN",
    "POP_ITER",
    "RESERVED",
    "STORE_FAST_LOAD_FAST",
    "STORE_FAST_STORE_FAST",
    "TO_BOOL",
    // Those that only its compiler has.
    "ANNOTATIONS_PLACEHOLDER",
    "JUMP",
    "JUMP_IF_FALSE",
    "JUMP_IF_TRUE",
    "JUMP_NO_INTERRUPT",
    "POP_BLOCK",
    "SETUP_CLEANUP",
    "SETUP_FINALLY",
    "SETUP_WITH",
    "STORE_FAST_MAYBE_NULL",
];

/// `_opcode_metadata`: our instructions, for `opcode` and `dis`.
fn opcode_metadata() -> String {
    let mut text = String::from("\"\"\"The instructions of this interpreter, by name.\"\"\"\n\n");
    text.push_str("_specializations = {}\n\n_specialized_opmap = {}\n\nopmap = {\n");
    // An operand of any size stands behind its instruction: none needs a prefix.
    let mut most = 0;
    for number in 0..=u8::MAX {
        if let Some(op) = Op::from_u8(number) {
            let _ = writeln!(text, "    '{}': {number},", op.name());
            most = number;
        }
    }
    // And nothing is cached behind one in what a code shows. Those of CPython that no code of ours has are known by name alone: who asks
    // for a number (tools that read codes) gets one that never comes up.
    let mut next = u16::from(most);
    for name in ["EXTENDED_ARG", "CACHE"].iter().chain(CPYTHON_ONLY) {
        next += 1;
        let _ = writeln!(text, "    '{name}': {next},");
    }
    text.push_str("}\n\n");
    let first = (0..=u8::MAX).filter_map(Op::from_u8).find(|op| op.operand() != OperandKind::None);
    let _ = writeln!(text, "HAVE_ARGUMENT = {}", first.map_or(0, |op| op as u8));
    let _ = writeln!(text, "MIN_INSTRUMENTED_OPCODE = {}", next + 1);
    text
}
