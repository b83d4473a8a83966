//! The outside: what the host allows of it, and waiting for it.

use std::io;
use std::time::{Duration, Instant};

use ryokan_bytecode::symbols::Block as SymbolBlock;

use super::cx::Cx;
use crate::host::{Capability, CompileMode, Library};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::threads::Away;

impl Cx {
    /// Whether the host allows that part of the outside.
    pub fn allows(&self, what: Capability) -> bool {
        self.vm().host.allows(what)
    }
    /// Fills bytes in place of chance, in a run that is to be the same each time; false: chance is to be asked.
    pub fn fixed_bytes(&self, bytes: &mut [u8]) -> bool {
        self.vm().fixed_bytes(bytes)
    }
    /// Time since 1970, by a clock that may be set. [`Capability::Clock`] is to be asked for before; the same holds for the others.
    pub fn now(&self) -> Duration {
        self.vm().host.now()
    }
    /// Time of a clock that never goes back.
    pub fn monotonic(&self) -> Duration {
        self.vm().host.monotonic()
    }
    /// Processor time of the process.
    pub fn cpu_time(&self) -> Duration {
        self.vm().host.cpu_time()
    }
    /// The time of a clock of the system, by its number. Runs no Python; `OSError`.
    pub fn system_clock(&self, number: i32) -> Res<Duration> {
        self.vm().host.clock(number).map_err(|error| self.os_error(&error, None))
    }
    /// The least difference that such a clock shows. Runs no Python; `OSError`.
    pub fn clock_resolution(&self, number: i32) -> Res<Duration> {
        self.vm().host.clock_resolution(number).map_err(|error| self.os_error(&error, None))
    }
    /// Sets such a clock, to so many nanoseconds since its beginning. Runs no Python; `OSError`.
    pub fn set_clock(&self, number: i32, nanoseconds: i64) -> Res<()> {
        self.vm().host.set_clock(number, nanoseconds).map_err(|error| self.os_error(&error, None))
    }
    /// An environment variable; nothing if there is none, or the host does not tell.
    pub fn env(&self, name: &str) -> Option<String> {
        self.vm().host.env(name)
    }
    /// The symbol tables of a source, compiled as `"exec"`, `"eval"` or `"single"`; nothing if the mode is another. Runs Python (warnings);
    /// `TypeError`, `SyntaxError`.
    pub fn symbols(&self, source: &Value, filename: &str, mode: &str) -> Res<Option<SymbolBlock>> {
        let mode = match mode {
            "exec" => CompileMode::Exec,
            "eval" => CompileMode::Eval,
            "single" => CompileMode::Single,
            _ => return Ok(None),
        };
        crate::modules::builtins::symbols(self.vm(), source, filename, mode).map(Some)
    }
    /// A file's bytes, if they are at most so many; an error where the host does not allow it.
    pub fn read_file(&self, path: &str, most: usize) -> io::Result<Vec<u8>> {
        self.vm().host.read_file(path, most)
    }
    /// The standard library that is part of the program, if there is one.
    pub fn library(&self) -> Option<&'static dyn Library> {
        self.vm().host.library()
    }
    /// Whether the standard streams are the system's: see [`crate::host::Host::has_system_streams`].
    pub fn has_system_streams(&self) -> bool {
        self.vm().host.has_system_streams()
    }
    /// Whether the standard output is not to be buffered.
    pub fn is_unbuffered(&self) -> bool {
        self.vm().host.is_unbuffered()
    }
    /// Whether the host's standard stream of a number is a terminal.
    pub fn is_terminal(&self, stream: u8) -> bool {
        self.vm().host.is_terminal(stream)
    }
    /// Writes to the host's standard output, at once, or to its standard error.
    pub fn write_standard(&self, stream: u8, bytes: &[u8]) -> io::Result<()> {
        let host = &self.vm().host;
        match stream {
            1 => host.write_stdout(bytes),
            _ => host.write_stderr(bytes),
        }
    }
    /// Sends on what the host has buffered of its standard output.
    pub fn flush_standard(&self) -> io::Result<()> {
        self.vm().host.flush_stdout()
    }
    /// A line of the host's standard input with its newline; nothing at the end.
    pub fn read_standard(&self, most: usize) -> io::Result<Vec<u8>> {
        self.vm().host.read_stdin_line(most)
    }
    /// The working directory, if the host tells.
    pub fn cwd(&self) -> io::Result<String> {
        self.vm().host.cwd()
    }
    /// Heeds signals and the limit of time: for who was interrupted while he waited, or has sent a signal. Runs Python (the handlers, in the
    /// main thread); raises what they raise, `KeyboardInterrupt` where there is none for Ctrl-C, `ryokan.TimeLimit`.
    pub fn check_signals(&self) -> Res<()> {
        self.vm().handle_signals()
    }
    /// `_thread.get_ident()`
    #[inline]
    pub fn thread_ident(&self) -> u64 {
        self.vm().threads.ident()
    }
    /// The number that the system knows the thread of an ident by, while that runs.
    pub fn native_thread_id(&self, ident: u64) -> Option<u64> {
        self.vm().native_id_of(ident)
    }
    /// Waits, while other threads run; what was printed is shown before, `OSError` if that fails. Runs Python and raises as
    /// [`Cx::wait_for`].
    pub fn sleep(&self, time: Duration) -> Res<()> {
        self.vm().host.flush_stdout().map_err(|error| self.os_error(&error, None))?;
        let deadline = Instant::now().checked_add(time);
        let mut waited = Ok(false);
        self.vm().host.sleep(time, &mut || {
            waited = self.vm().wait_for(deadline, |most| {
                std::thread::sleep(most.unwrap_or(Duration::MAX));
                false
            });
        });
        waited.map(drop)
    }
    /// Waits until `wait` says that what is waited for has come, or the time is over; whether it has come. `wait` is called again and
    /// again, without the lock, and told how long it may wait at most. Other threads run meanwhile. Runs Python (handlers of signals,
    /// in the main thread); `KeyboardInterrupt`, `ryokan.TimeLimit`.
    pub fn wait_for(
        &self,
        time: Option<Duration>,
        wait: impl FnMut(Option<Duration>) -> bool + Send,
    ) -> Res<bool> {
        let deadline = time.and_then(|time| Instant::now().checked_add(time));
        self.vm().wait_for(deadline, wait)
    }
    /// Does `work` that takes its time without the lock, so that other threads run meanwhile, which may change anything. `work` is
    /// `Send`: it has no `Cx` and no object.
    pub fn blocking<T>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.vm().blocking(work)
    }
    /// The same of work that comes back now and then, with the lock, to what is `kept` for it: for an engine that calls back.
    pub fn blocking_with<K: ?Sized, T>(&self, kept: &K, work: impl FnOnce(&Away<'_, K>) -> T + Send) -> T {
        self.vm().blocking_with(kept, work)
    }
    /// Makes a second process by `fork`, which says whether this is the new one: there is no other thread in that.
    pub fn fork<T>(&self, fork: impl FnOnce() -> (T, bool)) -> T {
        self.vm().fork(fork)
    }
    /// Whether other threads have been started, and have not ended. Runs no Python.
    pub fn has_other_threads(&self) -> bool {
        self.vm().threads.running.get() > 0
    }
    /// For who cannot go on without what [`Cx::allows`] asks about. Runs no Python; `PermissionError` if the host does not allow it.
    pub fn require(&self, what: Capability) -> Res<()> {
        if self.allows(what) {
            return Ok(());
        }
        let class = &self.vm().exc.PermissionError;
        Err(self.vm().raise(class, format_args!("the host does not allow this: {}", what.name())))
    }
}
