//! The options of the command: what they are, and how a command line is read.

use std::ffi::OsString;
use std::fmt;

use lexopt::Parser;
use lexopt::prelude::*;
use ryokan_vm::census::report::Format;
use ryokan_vm::fuel::Count;
use ryokan_vm::modules::sys::Flags;
use ryokan_vm::profile::By;
use ryokan_vm::stress::Stress;
use ryokan_vm::vm::LEAST_MAX_STR_DIGITS;

const HELP: &str = "\
usage: ryokan [option] ... [-c CODE | -m MODULE | FILE | -] [arg] ...
Runs Python 3.14 programs.

  FILE                a program (a directory or zip file with a __main__.py will do)
  -m MODULE           a module of sys.path, run as a program
  -c CODE             a program given as text; the rest of the line is its arguments
  -                   a program read from standard input (the default)

Options:
  --memory-limit N    cap the heap at N bytes (64M, 2G): beyond it is MemoryError;
                      `none` lifts the cap, which is else what the system has free
  --max-instructions N    stop at N bytecode instructions with ryokan.InstructionLimit
  --count             print what was executed and made, at the end
  --count=lines       the same, by function and line too
  --count-json OUT    the same, as JSON in a file
  --profile OUT.svg   a flamegraph of functions by instructions executed; to a file of
                      another name as text, one line a stack
  --profile-time OUT.svg    the same by CPU time, from a sample each millisecond
  --heap-report OUT   a report of the heap when the program ends, and on SIGUSR1: what is
                      in it, which lines asked for it, who holds it; OUT.html, OUT.json
                      or OUT.txt. Lines cost time: -X tracemalloc=0 does without
  --on-memory-error OUT   the same when a MemoryError is about to be raised under a cap
  --explain OUT.html  a page that steps through the program: its lines, frames, names and
                      objects; --explain-steps N shows at most N of them (2000)
  --deterministic     two runs are the same: hashes, id(), clocks, random numbers, the cap
  --fail-alloc N      refuse the Nth allocation, to see what a program makes of it
  --verify-heap       check at the end that the heap is whole and every count exact
  --dis               print the bytecode of the program instead of running it

Options as CPython has them:
  -B                  write no __pycache__ (PYTHONDONTWRITEBYTECODE)
  -E                  heed no PYTHON* variables of the environment
  -i                  prompt when the program has ended (PYTHONINSPECT)
  -I                  -E, -P and -s
  -O, -OO             leave out asserts; docstrings too (PYTHONOPTIMIZE)
  -P                  do not put the program's folder on sys.path (PYTHONSAFEPATH)
  -q                  no greeting before the prompt
  -s                  no site-packages of the user (PYTHONNOUSERSITE)
  -S                  do not import site
  -u                  do not buffer standard output (PYTHONUNBUFFERED)
  -v                  tell what is imported (PYTHONVERBOSE)
  -x                  leave out the first line of the program
  -X NAME[=VALUE]     an entry of sys._xoptions; dev, utf8, int_max_str_digits,
                      pycache_prefix, warn_default_encoding, context_aware_warnings,
                      faulthandler (PYTHONFAULTHANDLER), tracemalloc[=FRAMES]
                      (PYTHONTRACEMALLOC), no_debug_ranges (PYTHONNODEBUGRANGES)
  -V, --version       print the version
  -h, --help          print this
  -W ACTION[:MESSAGE[:CATEGORY[:MODULE[:LINE]]]]
                      what becomes of a warning: error, ignore, default, always,
                      module, once (also PYTHONWARNINGS, separated by commas)
  -b -d -R            accepted: -b sets sys.flags.bytes_warning, -d debug, -R nothing

Other variables: PYTHONPATH (folders before the library's on sys.path), RYOKAN_LIB (a folder
in place of the library that is part of the program), PYTHONHASHSEED, PYTHONSTARTUP (a file to
run before the prompt), PYTHONIOENCODING, PYTHONUTF8, PYTHONDEVMODE, PYTHONPYCACHEPREFIX,
PYTHONINTMAXSTRDIGITS, PYTHONUSERBASE, PYTHONBREAKPOINT (what breakpoint() calls; 0 for nothing).
";

/// What is to be run.
pub enum Program {
    File(String),
    Code(String),
    Module(String),
    Stdin,
}

/// The cap on the heap.
pub enum Limit {
    /// What the system has free.
    System,
    None,
    Bytes(usize),
}

/// The command line, read.
pub struct Options {
    pub program: Program,
    /// `sys.argv`
    pub argv: Vec<String>,
    pub memory_limit: Limit,
    pub fail_alloc: Option<u64>,
    pub stress: Stress,
    pub max_instructions: Option<u64>,
    pub count: Count,
    /// Print the counts as text.
    pub say_counts: bool,
    pub count_json: Option<String>,
    /// What to profile by, and the file to write.
    pub profile: Option<(By, String)>,
    /// Where to write reports of the heap: at the end and on a signal; when memory is refused.
    pub heap_report: Option<String>,
    pub on_memory_error: Option<String>,
    /// Where to write the page that steps through the program, and how many steps it has at most.
    pub explain: Option<String>,
    pub explain_steps: u64,
    /// Nothing is left to chance.
    pub deterministic: bool,
    pub verify: bool,
    pub dis: bool,
    pub unbuffered: bool,
    /// What becomes `sys.flags`.
    pub flags: Flags,
    /// `-x`
    pub skip_first_line: bool,
    /// `-X`
    pub xoptions: Vec<String>,
    /// `-W`
    pub warnings: Vec<String>,
    /// How many frames of tracebacks `tracemalloc` keeps from the start on; 0: it does not trace.
    pub trace_memory: u16,
}

/// What reading the command line came to.
pub enum Parsed {
    Run(Box<Options>),
    /// Print this and end well.
    Say(String),
    /// Print this on standard error and end with 2.
    Wrong(String),
}

pub fn text(value: OsString) -> String {
    value.to_string_lossy().into_owned()
}

/// A size such as `64M`.
fn size(text: &str) -> Option<usize> {
    let text = text.trim();
    let text = text.strip_suffix(['B', 'b']).unwrap_or(text);
    let text = text.strip_suffix(['i']).unwrap_or(text);
    let (digits, shift) = match text.char_indices().last()? {
        (at, 'k' | 'K') => (&text[..at], 10),
        (at, 'm' | 'M') => (&text[..at], 20),
        (at, 'g' | 'G') => (&text[..at], 30),
        _ => (text, 0),
    };
    digits.parse::<usize>().ok()?.checked_mul(1 << shift)
}

fn version() -> String {
    let (major, minor, _) = ryokan_vm::modules::sys::VERSION;
    format!("Ryokan {} (Python {major}.{minor})\n", env!("CARGO_PKG_VERSION"))
}

fn wrong(message: impl fmt::Display) -> Parsed {
    Parsed::Wrong(format!(
        "{message}\nusage: ryokan [option] ... [-c CODE | -m MODULE | FILE | -] [arg] ...\nTry `ryokan -h' for more information.\n"
    ))
}

impl Options {
    /// What holds if nothing is said.
    fn new() -> Options {
        Options {
            program: Program::Stdin,
            argv: vec![String::new()],
            memory_limit: Limit::System,
            fail_alloc: None,
            stress: Stress::default(),
            max_instructions: None,
            count: Count::Off,
            say_counts: false,
            count_json: None,
            profile: None,
            heap_report: None,
            on_memory_error: None,
            explain: None,
            explain_steps: 2000,
            deterministic: false,
            verify: false,
            dis: false,
            unbuffered: false,
            flags: Flags::default(),
            skip_first_line: false,
            xoptions: Vec::new(),
            warnings: Vec::new(),
            trace_memory: 0,
        }
    }

    /// Takes an option of one letter that has no value; whether there is one.
    fn flag(&mut self, letter: char) -> bool {
        let flags = &mut self.flags;
        match letter {
            'b' => flags.bytes_warning += 1,
            'B' => flags.dont_write_bytecode = 1,
            'd' => flags.debug += 1,
            'E' => flags.ignore_environment = 1,
            'i' => (flags.inspect, flags.interactive) = (1, 1),
            'I' => {
                (flags.isolated, flags.ignore_environment, flags.no_user_site) = (1, 1, 1);
                flags.safe_path = true;
            }
            'O' => flags.optimize += 1,
            'P' => flags.safe_path = true,
            'q' => flags.quiet += 1,
            'R' => {}
            's' => flags.no_user_site = 1,
            'S' => flags.no_site = 1,
            'u' => self.unbuffered = true,
            'v' => flags.verbose += 1,
            'x' => self.skip_first_line = true,
            _ => return false,
        }
        true
    }

    /// A variable of the environment, if those are heeded and it says something.
    pub fn env(&self, name: &str) -> Option<String> {
        if self.flags.ignore_environment > 0 {
            return None;
        }
        std::env::var_os(name).map(text).filter(|value| !value.is_empty())
    }

    /// A `-X` option: its value, empty if it has none.
    pub fn xoption(&self, name: &str) -> Option<&str> {
        let split = |option: &'_ str| {
            option.split_once('=').map_or((option.len(), option.len()), |(n, _)| (n.len(), n.len() + 1))
        };
        let found = self.xoptions.iter().rev().find(|option| &option[..split(option).0] == name)?;
        Some(&found[split(found).1..])
    }

    /// Whether tracebacks have no carets (`-X no_debug_ranges`).
    pub fn lines_alone(&self) -> bool {
        self.xoption("no_debug_ranges").is_some() || self.env("PYTHONNODEBUGRANGES").is_some()
    }

    /// What variables of the environment and `-X` options add to the flags.
    fn heed_environment(&mut self) {
        // A variable that is set means 1, or the number that it is.
        let number = |name: &str| {
            self.env(name)
                .map_or(0, |value| value.trim().parse::<i64>().ok().filter(|n| *n >= 0).unwrap_or(1))
        };
        let mut flags = self.flags.clone();
        for (flag, name) in [
            (&mut flags.debug, "PYTHONDEBUG"),
            (&mut flags.verbose, "PYTHONVERBOSE"),
            (&mut flags.optimize, "PYTHONOPTIMIZE"),
            (&mut flags.inspect, "PYTHONINSPECT"),
            (&mut flags.dont_write_bytecode, "PYTHONDONTWRITEBYTECODE"),
            (&mut flags.no_user_site, "PYTHONNOUSERSITE"),
        ] {
            *flag = (*flag).max(number(name));
        }
        flags.safe_path |= self.env("PYTHONSAFEPATH").is_some();
        flags.dev_mode = self.xoption("dev").is_some() || self.env("PYTHONDEVMODE").is_some();
        let warn = self.xoption("warn_default_encoding").is_some();
        flags.warn_default_encoding = i64::from(warn || self.env("PYTHONWARNDEFAULTENCODING").is_some());
        let aware = self.xoption("context_aware_warnings").map(str::to_string);
        let aware = aware.or_else(|| self.env("PYTHON_CONTEXT_AWARE_WARNINGS"));
        flags.context_aware_warnings = i64::from(aware.as_deref() == Some("1"));
        let inherit = self.xoption("thread_inherit_context").map(str::to_string);
        let inherit = inherit.or_else(|| self.env("PYTHON_THREAD_INHERIT_CONTEXT"));
        flags.thread_inherit_context = i64::from(inherit.as_deref() == Some("1"));
        flags.hash_randomization = i64::from(self.env("PYTHONHASHSEED").as_deref() != Some("0"));
        self.unbuffered |= self.env("PYTHONUNBUFFERED").is_some();
        self.flags = flags;
    }

    /// What `-X utf8` and its variable say; what neither says follows from the locale, of which only those without a country
    /// want the mode. Err: what is wrong.
    fn heed_utf8(&mut self) -> Result<(), Parsed> {
        let (given, told) = match self.xoption("utf8") {
            Some("") => (Some("1".to_string()), ""),
            Some(value) => (Some(value.to_string()), "-X utf8 option"),
            None => (self.env("PYTHONUTF8"), "PYTHONUTF8 environment variable"),
        };
        self.flags.utf8_mode = match given.as_deref() {
            Some("0") => 0,
            Some("1") => 1,
            Some(_) => return Err(wrong(format_args!("invalid {told} value"))),
            None => {
                let set = |name: &&str| std::env::var_os(name).filter(|value| !value.is_empty());
                let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(set);
                i64::from(locale.is_none_or(|name| name == "C" || name == "POSIX"))
            }
        };
        Ok(())
    }

    /// What `-X int_max_str_digits` and its variable say. Err: what is wrong.
    fn heed_max_str_digits(&mut self) -> Result<(), Parsed> {
        let read = |given: Option<String>, of: &str| match given.map(|text| text.parse::<i32>()) {
            None => Ok(None),
            Some(Ok(0)) => Ok(Some(0)),
            Some(Ok(most)) if most >= LEAST_MAX_STR_DIGITS as i32 => Ok(Some(most as usize)),
            Some(_) => {
                let least = LEAST_MAX_STR_DIGITS;
                Err(wrong(format_args!("{of}: invalid limit; must be >= {least} or 0 for unlimited.")))
            }
        };
        let of_environment = read(self.env("PYTHONINTMAXSTRDIGITS"), "PYTHONINTMAXSTRDIGITS")?;
        let option = self.xoption("int_max_str_digits").map(str::to_string);
        let given = read(option, "-X int_max_str_digits")?.or(of_environment);
        self.flags.int_max_str_digits = given.unwrap_or(self.flags.int_max_str_digits);
        Ok(())
    }

    /// What `-X tracemalloc` and its variable say. Err: what is wrong.
    fn heed_tracemalloc(&mut self) -> Result<(), Parsed> {
        let (given, of) = match self.xoption("tracemalloc") {
            // Without a number it means one frame.
            Some("") => (Some("1".to_string()), "-X tracemalloc=NFRAME"),
            Some(frames) => (Some(frames.to_string()), "-X tracemalloc=NFRAME"),
            None => (self.env("PYTHONTRACEMALLOC"), "PYTHONTRACEMALLOC"),
        };
        let wrong = |_| wrong(format_args!("{of}: invalid number of frames"));
        self.trace_memory = given.map_or(Ok(0), |frames| frames.trim().parse()).map_err(wrong)?;
        Ok(())
    }

    /// Takes a long option; gives what ends the reading of the command line, if it does.
    fn long(&mut self, option: &str, parser: &mut Parser) -> Result<Option<Parsed>, lexopt::Error> {
        match option {
            "help" => return Ok(Some(Parsed::Say(HELP.to_string()))),
            "version" => return Ok(Some(Parsed::Say(version()))),
            "memory-limit" => {
                let given = text(parser.value()?);
                self.memory_limit = match size(&given).filter(|b| *b > 0) {
                    Some(bytes) => Limit::Bytes(bytes),
                    None if given == "none" => Limit::None,
                    None => {
                        let message = format_args!("--memory-limit takes a size such as 64M, not '{given}'");
                        return Ok(Some(wrong(message)));
                    }
                };
            }
            "fail-alloc" => match from_one(parser, "--fail-alloc")? {
                Ok(nth) => self.fail_alloc = Some(nth),
                Err(end) => return Ok(Some(end)),
            },
            "max-instructions" => match from_one(parser, "--max-instructions")? {
                Ok(most) => self.max_instructions = Some(most),
                Err(end) => return Ok(Some(end)),
            },
            "stress" => match Stress::parse(&text(parser.value()?)) {
                Ok(stress) => self.stress = stress,
                Err(word) => {
                    let message =
                        "--stress takes `always`, `collect`, `collect:N`, `plain` and `uncached`, not";
                    return Ok(Some(wrong(format_args!("{message} '{word}'"))));
                }
            },
            "count" => return Ok(self.counted(parser.optional_value().map(text).as_deref())),
            "count-json" => {
                self.count_json = Some(text(parser.value()?));
                self.count = Count::Blocks;
            }
            "profile" | "profile-time" => {
                let by = if option == "profile" { By::Instructions } else { By::Time };
                if self.profile.is_some() {
                    return Ok(Some(wrong("one profile at a time: --profile or --profile-time")));
                }
                self.profile = Some((by, text(parser.value()?)));
            }
            "heap-report" | "on-memory-error" => return Ok(self.reported(option, text(parser.value()?))),
            "explain" => self.explain = Some(text(parser.value()?)),
            "explain-steps" => match from_one(parser, "--explain-steps")? {
                Ok(most) => self.explain_steps = most,
                Err(end) => return Ok(Some(end)),
            },
            "deterministic" => self.deterministic = true,
            "verify-heap" => self.verify = true,
            "dis" => self.dis = true,
            other => return Ok(Some(wrong(format_args!("Unknown option: --{other}")))),
        }
        Ok(None)
    }

    /// `--heap-report` or `--on-memory-error`, with a file.
    fn reported(&mut self, option: &str, path: String) -> Option<Parsed> {
        if Format::of_file(&path).is_none() {
            return Some(wrong(format_args!("--{option} takes a file .html, .json or .txt, not '{path}'")));
        }
        let of = if option == "heap-report" { &mut self.heap_report } else { &mut self.on_memory_error };
        *of = Some(path);
        None
    }

    /// `--count`, perhaps with what is counted.
    fn counted(&mut self, what: Option<&str>) -> Option<Parsed> {
        self.say_counts = true;
        let more = match what {
            None => Count::Total,
            Some("lines") => Count::Blocks,
            Some(other) => {
                return Some(wrong(format_args!("--count takes `=lines` or nothing, not '{other}'")));
            }
        };
        if self.count != Count::Blocks {
            self.count = more;
        }
        None
    }
}

/// The value of an option that takes a number from 1.
fn from_one(parser: &mut Parser, option: &str) -> Result<Result<u64, Parsed>, lexopt::Error> {
    let given = text(parser.value()?);
    let number = given.replace('_', "").parse().ok().filter(|n| *n > 0);
    Ok(number.ok_or_else(|| wrong(format_args!("{option} takes a number from 1, not '{given}'"))))
}

/// Reads the command line.
pub fn parse() -> Result<Parsed, lexopt::Error> {
    let mut parser = Parser::from_env();
    let mut options = Options::new();
    while let Some(arg) = parser.next()? {
        match arg {
            Short('c') => {
                let Ok(code) = parser.value() else {
                    return Ok(wrong("Argument expected for the -c option"));
                };
                options.program = Program::Code(text(code));
                options.argv = vec!["-c".to_string()];
                break;
            }
            Short('h') => return Ok(Parsed::Say(HELP.to_string())),
            Short('V') => return Ok(Parsed::Say(version())),
            Short('m') => {
                let Ok(module) = parser.value() else {
                    return Ok(wrong("Argument expected for the -m option"));
                };
                options.program = Program::Module(text(module));
                options.argv = vec!["-m".to_string()];
                break;
            }
            Short('W') => options.warnings.push(text(parser.value()?)),
            Short('X') => options.xoptions.push(text(parser.value()?)),
            Short(letter) => {
                if !options.flag(letter) {
                    return Ok(wrong(format_args!("Unknown option: -{letter}")));
                }
            }
            Long(option) => {
                let option = option.to_string();
                if let Some(end) = options.long(&option, &mut parser)? {
                    return Ok(end);
                }
            }
            Value(script) => {
                let script = text(script);
                options.argv = vec![script.clone()];
                options.program = if script == "-" { Program::Stdin } else { Program::File(script) };
                break;
            }
        }
    }
    options.argv.extend(parser.raw_args()?.map(text));
    options.heed_environment();
    if let Err(end) = options
        .heed_utf8()
        .and_then(|()| options.heed_max_str_digits())
        .and_then(|()| options.heed_tracemalloc())
    {
        return Ok(end);
    }
    let counted =
        options.count != Count::Off || options.max_instructions.is_some() || options.profile.is_some();
    if options.explain.is_some() && matches!(options.program, Program::Module(_)) {
        return Ok(wrong("--explain takes a FILE or -c CODE"));
    }
    if options.explain.is_some() && counted {
        return Ok(wrong("--explain does not go with what counts: --count, --max-instructions, --profile"));
    }
    if options.max_instructions.is_some() && matches!(options.profile, Some((By::Instructions, _))) {
        return Ok(wrong("--profile counts whole runs: it does not go with --max-instructions"));
    }
    Ok(Parsed::Run(Box::new(options)))
}
