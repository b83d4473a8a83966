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

use crate::help::help;

/// What is to be run.
pub enum Program {
    File(OsString),
    Code(OsString),
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
    pub argv: Vec<OsString>,
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
    /// What `os.cpu_count()` is to tell, if not the system's number.
    pub cpu_count: Option<u32>,
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
    /// The same, and end with 1.
    Fatal(String),
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

/// A setting is refused, as CPython does it: `place` is what reads it there.
fn fatal(place: &str, message: impl fmt::Display) -> Parsed {
    let state = if place.starts_with("pre") { "preinitializing" } else { "preinitialized" };
    Parsed::Fatal(format!("Fatal Python error: {place}: {message}\nPython runtime state: {state}\n\n"))
}

impl Options {
    /// What holds if nothing is said.
    fn new() -> Options {
        Options {
            program: Program::Stdin,
            argv: vec![OsString::new()],
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
            cpu_count: None,
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
        self.env_os(name).map(text)
    }

    /// The same, where it need not be UTF-8.
    pub fn env_os(&self, name: &str) -> Option<OsString> {
        if self.flags.ignore_environment > 0 {
            return None;
        }
        std::env::var_os(name).filter(|value| !value.is_empty())
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
            Some(_) => {
                return Err(fatal("preconfig_init_utf8_mode", format_args!("invalid {told} value")));
            }
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
                let what = format_args!("{of}: invalid limit; must be >= {least} or 0 for unlimited.");
                Err(fatal("config_init_int_max_str_digits", what))
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
        let what = format_args!("{of}: invalid number of frames");
        let wrong = |_| fatal("config_init_tracemalloc", what);
        self.trace_memory = given.map_or(Ok(0), |frames| frames.trim().parse()).map_err(wrong)?;
        Ok(())
    }

    /// What `-X cpu_count` and its variable say. Err: what is wrong.
    fn heed_cpu_count(&mut self) -> Result<(), Parsed> {
        let given = self.xoption("cpu_count").map(str::to_string).or_else(|| self.env("PYTHON_CPU_COUNT"));
        let Some(given) = given.filter(|given| given != "default") else { return Ok(()) };
        let message = "-X cpu_count=n option: n is missing or an invalid number, n must be greater than 0";
        let wrong = || fatal("config_init_cpu_count", message);
        self.cpu_count =
            Some(given.parse().ok().filter(|n| (1..=i32::MAX as u32).contains(n)).ok_or_else(wrong)?);
        Ok(())
    }

    /// The options that are on or off: what else they say is refused.
    fn heed_switches(&self) -> Result<(), Parsed> {
        for (name, variable) in [
            ("thread_inherit_context", "PYTHON_THREAD_INHERIT_CONTEXT"),
            ("context_aware_warnings", "PYTHON_CONTEXT_AWARE_WARNINGS"),
        ] {
            let (of, n, given) = match self.xoption(name) {
                Some(value) => (format!("-X {name}"), 'n', Some(value.to_string())),
                None => (variable.to_string(), 'N', self.env(variable)),
            };
            if given.is_some_and(|given| given != "0" && given != "1") {
                let what = format_args!("{of}={n}: {n} is missing or invalid");
                return Err(fatal(&format!("config_init_{name}"), what));
            }
        }
        let gil = self.xoption("gil").map(str::to_string).or_else(|| self.env("PYTHON_GIL"));
        match gil.as_deref() {
            None | Some("1") => Ok(()),
            Some("0") => Err(fatal("config_read_gil", "Disabling the GIL is not supported by this build")),
            Some(_) => Err(fatal("config_read_gil", "PYTHON_GIL / -X gil must be \"0\" or \"1\"")),
        }
    }

    /// Takes a long option; gives what ends the reading of the command line, if it does.
    fn long(&mut self, option: &str, parser: &mut Parser) -> Result<Option<Parsed>, lexopt::Error> {
        match option {
            "help" | "help-all" | "help-env" | "help-xoptions" => return Ok(Some(Parsed::Say(help(option)))),
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
                options.program = Program::Code(code);
                options.argv = vec!["-c".into()];
                break;
            }
            Short('h' | '?') => return Ok(Parsed::Say(help("help"))),
            Short('V') => return Ok(Parsed::Say(version())),
            Short('m') => {
                let Ok(module) = parser.value() else {
                    return Ok(wrong("Argument expected for the -m option"));
                };
                options.program = Program::Module(text(module));
                options.argv = vec!["-m".into()];
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
                options.argv = vec![script.clone()];
                options.program = if script == "-" { Program::Stdin } else { Program::File(script) };
                break;
            }
        }
    }
    options.argv.extend(parser.raw_args()?);
    options.heed_environment();
    if let Err(end) = options
        .heed_utf8()
        .and_then(|()| options.heed_max_str_digits())
        .and_then(|()| options.heed_tracemalloc())
        .and_then(|()| options.heed_cpu_count())
        .and_then(|()| options.heed_switches())
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
