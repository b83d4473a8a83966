//! The options of the command: what they are, and how a command line is read.

use std::ffi::OsString;
use std::fmt;

use lexopt::Parser;
use lexopt::prelude::*;
use ryokan_vm::fuel::Count;
use ryokan_vm::profile::By;
use ryokan_vm::stress::Stress;

const HELP: &str = "\
usage: ryokan [option] ... [-c CODE | FILE | -] [arg] ...
Runs Python 3.14 programs.

  FILE                a program (a directory with a __main__.py will do)
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
  --fail-alloc N      refuse the Nth allocation, to see what a program makes of it
  --verify-heap       check at the end that the heap is whole and every count exact
  --dis               print the bytecode of the program instead of running it
  -u                  do not buffer standard output
  -V, --version       print the version
  -h, --help          print this
  -W ACTION[:MESSAGE[:CATEGORY[:MODULE[:LINE]]]]
                      what becomes of a warning: error, ignore, default, always,
                      module, once (also PYTHONWARNINGS, separated by commas)
  -B -E -I -O -OO -q -s -S -v -x, -X ARG   accepted, as CPython's
";

/// What is to be run.
pub enum Program {
    File(String),
    Code(String),
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
    pub verify: bool,
    pub dis: bool,
    pub unbuffered: bool,
    /// `-E` or `-I`: PYTHONPATH is not heeded.
    pub no_environment: bool,
    /// `-I`: the program's folder is not searched.
    pub isolated: bool,
    pub optimize: u8,
    /// `-W`
    pub warnings: Vec<String>,
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
        "{message}\nusage: ryokan [option] ... [-c CODE | FILE | -] [arg] ...\nTry `ryokan -h' for more information.\n"
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
            verify: false,
            dis: false,
            unbuffered: std::env::var_os("PYTHONUNBUFFERED").is_some_and(|v| !v.is_empty()),
            no_environment: false,
            isolated: false,
            optimize: 0,
            warnings: Vec::new(),
        }
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
                    let message = "--stress takes `collect`, `collect:N`, `plain` and `uncached`, not";
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
            "verify-heap" => self.verify = true,
            "dis" => self.dis = true,
            other => return Ok(Some(wrong(format_args!("Unknown option: --{other}")))),
        }
        Ok(None)
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
            Short('u') => options.unbuffered = true,
            Short('E') => options.no_environment = true,
            Short('I') => (options.no_environment, options.isolated) = (true, true),
            Short('O') => options.optimize = (options.optimize + 1).min(2),
            Short('B' | 'b' | 'd' | 'i' | 'P' | 'q' | 'R' | 's' | 'S' | 'v' | 'x') => {}
            Short('W') => options.warnings.push(text(parser.value()?)),
            Short('X') => drop(parser.value()?),
            Short('m') => return Ok(wrong("The -m option is not supported yet")),
            Short(other) => return Ok(wrong(format_args!("Unknown option: -{other}"))),
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
    if options.max_instructions.is_some() && matches!(options.profile, Some((By::Instructions, _))) {
        return Ok(wrong("--profile counts whole runs: it does not go with --max-instructions"));
    }
    Ok(Parsed::Run(Box::new(options)))
}
