//! What a VM asks of the world: output, files, clocks, environment, and a compiler.
//!
//! The VM touches the system through this trait alone, so an embedder decides what a script can reach. Everything has a
//! default that refuses; [`Silent`] is a host that has nothing at all.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use ryokan_bytecode::ast::Tree;
use ryokan_bytecode::symbols::Block;
use ryokan_bytecode::{Code, CodeFlags, Const};

use crate::modules::NativeModule;
use crate::vm::Vm;

/// Source text, as a script or a file gives it.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// Decoded text.
    Text(&'a str),
    /// A file's bytes: a coding cookie is heeded.
    Bytes(&'a [u8]),
}

impl Source<'_> {
    /// Its length in bytes.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Source::Text(text) => text.len(),
            Source::Bytes(bytes) => bytes.len(),
        }
    }
}

/// What is compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompileMode {
    /// Statements.
    Exec,
    /// One expression.
    Eval,
    /// One statement of a prompt: expressions are printed.
    Single,
    /// The type of a function, as a comment of type checkers has it: there is a tree of it, but no code.
    FunctionType,
}

/// How it is compiled.
#[derive(Clone, Copy, Default, Debug)]
pub struct CompileOptions {
    /// 0, 1 (no asserts) or 2 (no docstrings either).
    pub optimize: u8,
    /// Future features that hold from the start.
    pub inherited: CodeFlags,
    /// The minor version of Python whose syntax a tree may have, if it is not this one's.
    pub feature: Option<u8>,
    /// Whether a tree tells of the comments that ignore types.
    pub type_comments: bool,
    /// Whether a module may await; then its code makes a coroutine.
    pub top_level_await: bool,
    /// Whether a block of interactive input goes on where the text ends without a newline.
    pub open_blocks: bool,
    /// Whether a text that more lines could complete is told from one that is wrong.
    pub allow_incomplete: bool,
    /// Whether it is the program, whose literals are kept while it runs.
    pub program: bool,
}

/// A `SyntaxWarning` of the compiler.
#[derive(Clone, Debug)]
pub struct CompileWarning {
    /// Its text.
    pub message: String,
    /// The line.
    pub line: u32,
    /// The column, in characters from 1.
    pub col: u32,
    /// Line and column of the end.
    pub end: (u32, u32),
    /// Whether it comes of reading the text, before a code is made.
    pub of_text: bool,
}

/// Which class a syntax error has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SyntaxClass {
    /// `SyntaxError`
    Syntax,
    /// `IndentationError`
    Indentation,
    /// `TabError`
    Tab,
    /// `_IncompleteInputError`
    Incomplete,
}

/// What the attributes of a `SyntaxError` say. A number that is 0 is not known.
#[derive(Clone, Debug)]
pub struct SyntaxData {
    /// Its class.
    pub class: SyntaxClass,
    /// `msg`
    pub message: String,
    /// `filename`
    pub filename: String,
    /// `lineno`
    pub line: u32,
    /// `offset`
    pub offset: u32,
    /// `end_lineno`
    pub end_line: u32,
    /// `end_offset`
    pub end_offset: i32,
    /// `text`
    pub text: Option<String>,
    /// Whether the exception's only argument is the message: what the scopes refuse, and the `__future__` statements.
    pub bare: bool,
    /// Line (from 1) and column of the last whole statement in front of the error; 0 if there is none.
    pub statement: (u32, u32),
}

/// Why there is no code.
#[derive(Clone, Debug)]
pub enum HostCompileError {
    /// A syntax error.
    Syntax(Box<SyntaxData>),
    /// `RecursionError`
    Recursion(String),
    /// The source says that it is in this encoding, which the compiler does not know.
    Encoding(String),
    /// `ValueError`
    Value(String),
    /// `TypeError`
    Type(String),
    /// `OverflowError`
    Overflow,
    /// `MemoryError`
    Memory,
    /// The compiler made code that the verifier refuses: `SystemError`.
    Internal(String),
}

/// What of the outside a script may reach.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Capability {
    /// Files and directories: to read, write, list and run as modules.
    Files,
    /// Connections to other machines, and waiting for them.
    Net,
    /// Other processes, and signals to them.
    Processes,
    /// Environment variables, the working directory, who runs the process.
    Environment,
    /// The time of day, clocks, and sleeping.
    Clock,
}

impl Capability {
    /// All of them.
    pub const ALL: [Capability; 5] = [
        Capability::Files,
        Capability::Net,
        Capability::Processes,
        Capability::Environment,
        Capability::Clock,
    ];
    /// How messages name it.
    pub const fn name(self) -> &'static str {
        match self {
            Capability::Files => "files",
            Capability::Net => "net",
            Capability::Processes => "processes",
            Capability::Environment => "environment",
            Capability::Clock => "clock",
        }
    }
}

/// The pure half of the standard library, where it is part of the program. Files are named by their paths below the root.
pub trait Library: Sync {
    /// The folder in which it is said to lie.
    fn root(&self) -> &'static str;
    /// A module: its path, and its code as `ryokan_bytecode::image` writes it, verified.
    fn module(&self, path: &str) -> Option<(&'static str, &'static [u8])>;
    /// The bytes of a file; [`io::ErrorKind::OutOfMemory`] if they are more than `most`.
    fn source(&self, path: &str, most: usize) -> Option<io::Result<Vec<u8>>>;
    /// How many bytes a file has.
    fn size(&self, path: &str) -> Option<usize>;
    /// The names in a folder, those of folders ending with a slash.
    fn list(&self, folder: &str) -> Option<Vec<&'static str>>;
    /// The frozen modules: name and file.
    fn frozen(&self) -> &'static [(&'static str, &'static str)];
}

/// What the system does with a signal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignalAction {
    /// What it does with it by default.
    Default,
    /// Nothing.
    Ignore,
    /// It tells the interpreter.
    Notify,
}

/// What is known of a signal that was waited for: the fields of `siginfo_t`.
#[derive(Clone, Copy, Default, Debug)]
pub struct SignalInfo {
    /// `si_signo`
    pub number: i32,
    /// `si_code`
    pub code: i32,
    /// `si_errno`
    pub errno: i32,
    /// `si_pid`
    pub pid: i32,
    /// `si_uid`
    pub uid: u32,
    /// `si_status`
    pub status: i32,
    /// `si_band`
    pub band: i64,
}

/// Signals and the timers that send them. A set of signals has a bit for each, from 1 on.
pub trait Signals {
    /// Says what becomes of a signal.
    fn set(&self, number: i32, action: SignalAction) -> io::Result<()>;
    /// What becomes of it.
    fn get(&self, number: i32) -> Option<SignalAction>;
    /// The signals that have come in since it was asked last.
    fn take(&self) -> u64;
    /// Whether who writes to a file may have to wait.
    fn waits(&self, fd: i32) -> io::Result<bool>;
    /// Sends a signal to a process, by a descriptor of it.
    fn send(&self, pidfd: i32, number: i32, flags: u32) -> io::Result<()>;
    /// Has the number of each signal written to a file, as a byte; -1 for none. Gives the file before.
    fn wake(&self, fd: i32) -> i32;
    /// Asks for `SIGALRM` in so many seconds; gives how many were left of the one before.
    fn alarm(&self, seconds: u32) -> u32;
    /// Sets a timer to a time and an interval, or only asks; gives what they were.
    fn timer(&self, which: i32, set: Option<(Duration, Duration)>) -> io::Result<(Duration, Duration)>;
    /// Sends a signal to the calling thread.
    fn raise(&self, number: i32) -> io::Result<()>;
    /// Sends a signal to a thread of this process, by the number that the system knows it by.
    fn kill_thread(&self, thread: u64, number: i32) -> io::Result<()>;
    /// Blocks (0), unblocks (1) or sets (2) the signals that the calling thread does not get now; gives those before.
    fn mask(&self, how: i32, set: u64) -> io::Result<u64>;
    /// Those that have come in while they are blocked.
    fn pending(&self) -> io::Result<u64>;
    /// Waits for one of a set; nothing if the time passes.
    fn wait(&self, set: u64, most: Option<Duration>) -> io::Result<Option<SignalInfo>>;
    /// Whether a signal ends system calls that wait.
    fn ends_calls(&self, number: i32, ends: bool) -> io::Result<()>;
    /// What the system calls it.
    fn describe(&self, number: i32) -> Option<String>;
}

fn refused<T>() -> io::Result<T> {
    Err(io::Error::from(io::ErrorKind::PermissionDenied))
}

/// The world of one VM.
///
/// It is asked by whichever thread of the VM runs, so by several threads of the system, but by one at a time, and never in the middle of
/// an answer but by [`Host::sleep`] and whoever is given the VM. So it may have cells, but nothing that belongs to a thread of the
/// system, such as a guard of a mutex: it must be `Send`.
pub trait Host: Send {
    /// Writes to standard output, which the host may buffer.
    fn write_stdout(&self, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }
    /// Sends what is buffered on its way.
    fn flush_stdout(&self) -> io::Result<()> {
        Ok(())
    }
    /// Writes to standard error, unbuffered.
    fn write_stderr(&self, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }
    /// A line of standard input with its newline; empty at the end.
    /// [`io::ErrorKind::OutOfMemory`] if it is longer than `most` bytes.
    fn read_stdin_line(&self, _most: usize) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }
    /// Whether the standard streams are the system's descriptors 0, 1 and 2, which are then read and written without asking the host:
    /// it neither redirects nor captures them.
    fn has_system_streams(&self) -> bool {
        false
    }
    /// Whether the standard output is not to be buffered.
    fn is_unbuffered(&self) -> bool {
        false
    }
    /// Whether standard input (0), output (1) or error (2) is a terminal.
    fn is_terminal(&self, _stream: u8) -> bool {
        false
    }
    /// A file's bytes; [`io::ErrorKind::OutOfMemory`] if they are more than `most`.
    fn read_file(&self, _path: &str, _most: usize) -> io::Result<Vec<u8>> {
        refused()
    }
    /// Whether there is such a file.
    fn is_file(&self, _path: &str) -> bool {
        false
    }
    /// Whether there is such a directory.
    fn is_dir(&self, _path: &str) -> bool {
        false
    }
    /// The names in a directory.
    fn list_dir(&self, _path: &str) -> io::Result<Vec<String>> {
        refused()
    }
    /// The working directory.
    fn cwd(&self) -> io::Result<String> {
        refused()
    }
    /// An environment variable.
    fn env(&self, _name: &str) -> Option<String> {
        None
    }
    /// Whether scripts may reach that part of the outside.
    fn allows(&self, _: Capability) -> bool {
        false
    }
    /// Wall time since 1970.
    fn now(&self) -> Duration {
        Duration::ZERO
    }
    /// A clock that never goes back.
    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }
    /// Processor time of the process.
    fn cpu_time(&self) -> Duration {
        Duration::ZERO
    }
    /// The time of a clock of the system, by its number (Linux's `CLOCK_MONOTONIC` is 1).
    fn clock(&self, _number: i32) -> io::Result<Duration> {
        refused()
    }
    /// The least difference that such a clock shows.
    fn clock_resolution(&self, _number: i32) -> io::Result<Duration> {
        refused()
    }
    /// Sets such a clock, to so many nanoseconds since its beginning.
    fn set_clock(&self, _number: i32, _nanoseconds: i64) -> io::Result<()> {
        refused()
    }
    /// `time.sleep`: lets `wait` wait, or does without. While it waits other threads run, and may ask the host.
    fn sleep(&self, _time: Duration, _wait: &mut dyn FnMut()) {}
    /// Gives the calling thread a name of at most 15 bytes, for the system's tools.
    fn name_thread(&self, _name: &str) {}
    /// Gives the system back what memory the native stack of the calling thread takes further than `keep` bytes below the place where
    /// it is used now; whether it did.
    fn discard_stack(&self, _keep: usize) -> bool {
        false
    }
    /// The calling thread's name, if the system tells.
    fn thread_name(&self) -> Option<String> {
        None
    }
    /// The number that the system knows the calling thread by, if it tells.
    fn native_thread_id(&self) -> Option<u64> {
        None
    }
    /// A line of a source file (from 1), for tracebacks; without its newline.
    fn source_line(&self, _filename: &str, _line: u32) -> Option<String> {
        None
    }
    /// The whole text of a source file, for tracebacks.
    fn source_text(&self, _filename: &str) -> Option<String> {
        None
    }
    /// Whether a text is statements, or the beginning of some that more lines could complete.
    fn parses(&self, _vm: &Vm, _source: &str) -> bool {
        false
    }
    /// Compiles, and verifies what comes out. The warnings come in order, whether or not there is code.
    fn compile(
        &self,
        _vm: &Vm,
        _source: Source<'_>,
        _filename: &str,
        _mode: CompileMode,
        _how: CompileOptions,
        _warnings: &mut Vec<CompileWarning>,
    ) -> Result<Rc<Code>, HostCompileError> {
        Err(HostCompileError::Value("this interpreter has no compiler".to_string()))
    }
    /// The same of a program; and the constants that its text has an expression for, and nowhere writes as such.
    fn compile_program(
        &self,
        vm: &Vm,
        source: Source<'_>,
        filename: &str,
        how: CompileOptions,
        warnings: &mut Vec<CompileWarning>,
    ) -> Result<(Rc<Code>, Vec<Const>), HostCompileError> {
        let code = self.compile(vm, source, filename, CompileMode::Exec, how, warnings)?;
        Ok((code, Vec::new()))
    }
    /// The abstract syntax of a source. The warnings come in order, whether or not there is a tree.
    fn parse(
        &self,
        _vm: &Vm,
        _source: Source<'_>,
        _filename: &str,
        _mode: CompileMode,
        _how: CompileOptions,
        _warnings: &mut Vec<CompileWarning>,
    ) -> Result<Tree, HostCompileError> {
        Err(HostCompileError::Value("this interpreter has no compiler".to_string()))
    }
    /// A tree with its constants folded, for a level of optimization.
    fn optimize_tree(&self, tree: Tree, _optimize: u8) -> Tree {
        tree
    }
    /// The symbol tables of a source. The warnings come in order, whether or not there are tables.
    fn symbols(
        &self,
        _vm: &Vm,
        _source: Source<'_>,
        _filename: &str,
        _mode: CompileMode,
        _warnings: &mut Vec<CompileWarning>,
    ) -> Result<Block, HostCompileError> {
        Err(HostCompileError::Value("this interpreter has no compiler".to_string()))
    }
    /// Compiles a tree, and verifies what comes out. The warnings come in order, whether or not there is code.
    fn compile_tree(
        &self,
        _vm: &Vm,
        _tree: &Tree,
        _filename: &str,
        _how: CompileOptions,
        _warnings: &mut Vec<CompileWarning>,
    ) -> Result<Rc<Code>, HostCompileError> {
        Err(HostCompileError::Value("this interpreter has no compiler".to_string()))
    }
    /// Remembers the text of a source that is no file, so that tracebacks can show its lines.
    fn note_source(&self, _filename: &str, _text: &str) {}
    /// Signals, if the system has them and scripts may have them.
    fn signals(&self) -> Option<&dyn Signals> {
        None
    }
    /// The standard library, if there is one: `import` is then CPython's `importlib`.
    fn library(&self) -> Option<&'static dyn Library> {
        None
    }
    /// Native modules beside the VM's own.
    fn native_modules(&self) -> &[&'static NativeModule] {
        &[]
    }
}

/// A host with nothing: no files, no time, no compiler; output is dropped.
pub struct Silent;

impl Host for Silent {}
