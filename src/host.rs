//! The host of the command: the real system, and Ryokan's own compiler.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, SystemTime};

use ryokan_bytecode::ast::Tree;
use ryokan_bytecode::symbols::Block;
use ryokan_bytecode::{Code, Const};
use ryokan_compiler::{Budget, Mode, Options};
use ryokan_vm::host::{
    Capability, CompileMode, CompileOptions, CompileWarning, Host, HostCompileError, Library, Signals, Source,
};
use ryokan_vm::native::NativeModule;
use ryokan_vm::vm::Vm;

use crate::clock::OwnClock;
use crate::compiling::{failure, mode_of, options, tell, text_of, verified};
use crate::library::Embedded;

/// Standard output is sent on when so much is buffered.
const BUFFER: usize = 8192;

/// What hosts of several interpreters of one program have in common.
#[derive(Clone)]
pub struct SystemSeed {
    by_line: bool,
    unbuffered: bool,
    allowed: Vec<Capability>,
    modules: Vec<&'static NativeModule>,
    own_clock: Option<OwnClock>,
}

impl SystemSeed {
    /// One more host. It runs no Python.
    pub fn host(&self) -> SystemHost {
        let SystemSeed { by_line, unbuffered, allowed, modules, own_clock } = self.clone();
        SystemHost {
            by_line: Cell::new(by_line),
            unbuffered: Cell::new(unbuffered),
            allowed,
            modules,
            own_clock,
            ..SystemHost::new()
        }
    }
}

/// The system that the process runs on. It runs no Python.
pub struct SystemHost {
    out: RefCell<Vec<u8>>,
    /// Every line is sent on at once: a terminal, or `-u`.
    by_line: Cell<bool>,
    /// `-u`
    unbuffered: Cell<bool>,
    allowed: Vec<Capability>,
    modules: Vec<&'static NativeModule>,
    /// The clock of a run that is to be the same each time.
    own_clock: Option<OwnClock>,
    /// Sources that are no files, and lines of files that a traceback has shown.
    sources: RefCell<HashMap<String, Option<Arc<str>>>>,
}

impl Default for SystemHost {
    fn default() -> Self {
        SystemHost::new()
    }
}

impl SystemHost {
    /// A host that allows nothing but the three streams; output to a terminal is buffered by the line.
    pub fn new() -> SystemHost {
        SystemHost {
            out: RefCell::default(),
            by_line: Cell::new(io::stdout().is_terminal()),
            unbuffered: Cell::new(false),
            allowed: Vec::new(),
            modules: ryokan_stdlib::MODULES.to_vec(),
            own_clock: None,
            sources: RefCell::default(),
        }
    }

    /// `-u`: nothing is kept back.
    pub fn unbuffered(self) -> SystemHost {
        self.by_line.set(true);
        self.unbuffered.set(true);
        self
    }

    /// Gives it a clock of its own, the same in each run: time passes when somebody asks for it, or sleeps.
    pub fn with_own_clock(mut self) -> SystemHost {
        self.own_clock = Some(OwnClock::default());
        self
    }

    /// Allows a part of the outside.
    pub fn allowing(mut self, what: Capability) -> SystemHost {
        self.allowed.push(what);
        self
    }

    /// Allows all of it, as the command does.
    pub fn allowing_all(self) -> SystemHost {
        Capability::ALL.into_iter().fold(self, SystemHost::allowing)
    }

    /// What further hosts are made of, which allow what this one does.
    pub fn seed(&self) -> SystemSeed {
        SystemSeed {
            by_line: self.by_line.get(),
            unbuffered: self.unbuffered.get(),
            allowed: self.allowed.clone(),
            modules: self.modules.clone(),
            own_clock: self.own_clock.clone(),
        }
    }

    /// Brings one more native module.
    pub fn with_module(mut self, module: &'static NativeModule) -> SystemHost {
        self.modules.push(module);
        self
    }

    /// Refuses what is not allowed.
    fn check(&self, what: Capability) -> io::Result<()> {
        if self.allows(what) { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }

    fn send(&self) -> io::Result<()> {
        let bytes = std::mem::take(&mut *self.out.borrow_mut());
        let result = write_all(&bytes);
        // The buffer's memory is used again.
        let mut bytes = bytes;
        bytes.clear();
        let mut out = self.out.borrow_mut();
        if out.is_empty() {
            *out = bytes;
        }
        result
    }
}

/// Writes past Rust's own buffer, which would hold a line back.
fn write_all(bytes: &[u8]) -> io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

/// Reads all there is, if it is at most so many bytes; [`io::ErrorKind::OutOfMemory`] otherwise, or the source's error.
pub fn read_at_most(source: impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take((most as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > most { Err(io::ErrorKind::OutOfMemory.into()) } else { Ok(bytes) }
}

/// The compiler's memory is charged to the heap.
pub(crate) struct HeapBudget<'a>(pub(crate) &'a Vm);

impl Budget for HeapBudget<'_> {
    fn charge(&self, bytes: usize) -> bool {
        self.0.heap().charge(bytes)
    }
    fn refund(&self, bytes: usize) {
        self.0.heap().uncharge(bytes);
    }
}

impl Host for SystemHost {
    fn native_modules(&self) -> &[&'static NativeModule] {
        &self.modules
    }
    fn signals(&self) -> Option<&dyn Signals> {
        self.allows(Capability::Processes).then_some(&crate::signal::System)
    }
    fn library(&self) -> Option<&'static dyn Library> {
        Some(&Embedded)
    }
    fn allows(&self, what: Capability) -> bool {
        self.allowed.contains(&what)
    }
    fn write_stdout(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = self.out.borrow_mut();
        if out.len() + bytes.len() > BUFFER.max(out.capacity()) {
            drop(out);
            self.send()?;
            if bytes.len() >= BUFFER {
                return write_all(bytes);
            }
            out = self.out.borrow_mut();
        }
        out.extend_from_slice(bytes);
        let full = out.len() >= BUFFER || (self.by_line.get() && bytes.contains(&b'\n'));
        drop(out);
        if full { self.send() } else { Ok(()) }
    }
    fn flush_stdout(&self) -> io::Result<()> {
        self.send()
    }
    fn write_stderr(&self, bytes: &[u8]) -> io::Result<()> {
        io::stderr().lock().write_all(bytes)
    }
    fn has_system_streams(&self) -> bool {
        true
    }
    fn is_unbuffered(&self) -> bool {
        self.unbuffered.get()
    }
    fn read_stdin_line(&self, most: usize) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        let one_more = (most as u64).saturating_add(1);
        io::stdin().lock().take(one_more).read_until(b'\n', &mut line)?;
        if line.len() > most { Err(io::ErrorKind::OutOfMemory.into()) } else { Ok(line) }
    }
    fn is_terminal(&self, stream: u8) -> bool {
        match stream {
            0 => io::stdin().is_terminal(),
            1 => io::stdout().is_terminal(),
            _ => io::stderr().is_terminal(),
        }
    }
    fn read_file(&self, path: &str, most: usize) -> io::Result<Vec<u8>> {
        self.check(Capability::Files)?;
        read_at_most(std::fs::File::open(path)?, most)
    }
    fn is_file(&self, path: &str) -> bool {
        self.allows(Capability::Files) && std::path::Path::new(path).is_file()
    }
    fn is_dir(&self, path: &str) -> bool {
        self.allows(Capability::Files) && std::path::Path::new(path).is_dir()
    }
    fn list_dir(&self, path: &str) -> io::Result<Vec<String>> {
        self.check(Capability::Files)?;
        let mut names = Vec::new();
        for entry in std::fs::read_dir(path)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        Ok(names)
    }
    fn cwd(&self) -> io::Result<String> {
        self.check(Capability::Environment)?;
        Ok(std::env::current_dir()?.to_string_lossy().into_owned())
    }
    fn env(&self, name: &str) -> Option<String> {
        self.check(Capability::Environment).ok()?;
        std::env::var(name).ok()
    }
    fn now(&self) -> Duration {
        if let Some(own) = &self.own_clock {
            return OwnClock::BEGIN + own.ask();
        }
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }
    fn monotonic(&self) -> Duration {
        if let Some(own) = &self.own_clock {
            return own.ask();
        }
        clock(libc::CLOCK_MONOTONIC).unwrap_or_default()
    }
    fn cpu_time(&self) -> Duration {
        if let Some(own) = &self.own_clock {
            return own.ask();
        }
        clock(libc::CLOCK_PROCESS_CPUTIME_ID).unwrap_or_default()
    }
    fn clock(&self, number: i32) -> io::Result<Duration> {
        self.check(Capability::Clock)?;
        match &self.own_clock {
            Some(own) if number == libc::CLOCK_REALTIME => Ok(OwnClock::BEGIN + own.ask()),
            Some(own) => Ok(own.ask()),
            None => clock(number),
        }
    }
    fn clock_resolution(&self, number: i32) -> io::Result<Duration> {
        self.check(Capability::Clock)?;
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: the pointer is to a whole timespec.
        duration(unsafe { libc::clock_getres(number, &mut time) }, &time)
    }
    fn set_clock(&self, number: i32, nanoseconds: i64) -> io::Result<()> {
        self.check(Capability::Clock)?;
        self.check(Capability::Processes)?;
        let (tv_sec, tv_nsec) =
            (nanoseconds.div_euclid(1_000_000_000), nanoseconds.rem_euclid(1_000_000_000));
        let time = libc::timespec { tv_sec, tv_nsec };
        // SAFETY: the pointer is to a whole timespec.
        let failed = unsafe { libc::clock_settime(number, &time) } != 0;
        if failed { Err(io::Error::last_os_error()) } else { Ok(()) }
    }
    fn sleep(&self, time: Duration, wait: &mut dyn FnMut()) {
        if let Some(own) = &self.own_clock {
            own.pass(time);
        }
        wait();
    }
    #[cfg(target_os = "linux")]
    fn name_thread(&self, name: &str) {
        if let Ok(name) = std::ffi::CString::new(name) {
            // SAFETY: the thread is the calling one, and the text ends with a 0.
            unsafe { libc::pthread_setname_np(libc::pthread_self(), name.as_ptr()) };
        }
    }
    #[cfg(target_os = "linux")]
    fn discard_stack(&self, keep: usize) -> bool {
        discard_stack(keep)
    }
    #[cfg(target_os = "linux")]
    fn thread_name(&self) -> Option<String> {
        let mut name = [0_u8; 32];
        // SAFETY: the thread is the calling one, and the length that of the buffer.
        let failed =
            unsafe { libc::pthread_getname_np(libc::pthread_self(), name.as_mut_ptr().cast(), name.len()) };
        let end = name.iter().position(|byte| *byte == 0)?;
        (failed == 0).then(|| String::from_utf8_lossy(&name[..end]).into_owned())
    }
    #[cfg(target_os = "linux")]
    fn native_thread_id(&self) -> Option<u64> {
        // SAFETY: the call takes nothing and cannot fail.
        u64::try_from(unsafe { libc::gettid() }).ok()
    }
    fn source_line(&self, filename: &str, line: u32) -> Option<String> {
        let known = self.sources.borrow().get(filename).cloned();
        let text = match known {
            Some(text) => text,
            None => {
                let text = match crate::library::text(filename) {
                    Some(text) => Some(text.into()),
                    None if self.allows(Capability::Files) => read_source(filename),
                    None => None,
                };
                self.sources.borrow_mut().insert(filename.to_string(), text.clone());
                text
            }
        }?;
        text.lines().nth(line.checked_sub(1)? as usize).map(str::to_string)
    }
    fn parses(&self, vm: &Vm, source: &str) -> bool {
        ryokan_compiler::parses(source, &HeapBudget(vm))
    }
    fn source_text(&self, filename: &str) -> Option<String> {
        self.source_line(filename, 1)?;
        self.sources.borrow().get(filename)?.as_ref().map(|text| text.to_string())
    }
    fn note_source(&self, filename: &str, text: &str) {
        let text = with_plain_lines(text.as_bytes());
        let text = String::from_utf8_lossy(&text);
        self.sources.borrow_mut().insert(filename.to_string(), Some(text.into()));
    }
    fn compile(
        &self,
        vm: &Vm,
        source: Source<'_>,
        filename: &str,
        mode: CompileMode,
        how: CompileOptions,
        warnings: &mut Vec<CompileWarning>,
    ) -> Result<Rc<Code>, HostCompileError> {
        compiled(vm, source, filename, mode_of(mode), options(vm, how), warnings).map(|(code, _)| code)
    }
    fn compile_program(
        &self,
        vm: &Vm,
        source: Source<'_>,
        filename: &str,
        how: CompileOptions,
        warnings: &mut Vec<CompileWarning>,
    ) -> Result<(Rc<Code>, Vec<Const>), HostCompileError> {
        let options = Options { is_program: true, ..options(vm, how) };
        compiled(vm, source, filename, Mode::Exec, options, warnings)
    }
    fn optimize_tree(&self, tree: Tree, optimize: u8) -> Tree {
        ryokan_compiler::optimize(&tree, optimize)
    }
    fn compile_tree(
        &self,
        vm: &Vm,
        tree: &Tree,
        filename: &str,
        how: CompileOptions,
        warnings: &mut Vec<CompileWarning>,
    ) -> Result<Rc<Code>, HostCompileError> {
        let (options, budget) = (options(vm, how), HeapBudget(vm));
        let result = ryokan_compiler::compile_tree(tree, filename, &options, &budget);
        tell(options, warnings);
        verified(result.map_err(failure)?)
    }
    fn symbols(
        &self,
        vm: &Vm,
        source: Source<'_>,
        filename: &str,
        mode: CompileMode,
        warnings: &mut Vec<CompileWarning>,
    ) -> Result<Block, HostCompileError> {
        let (options, budget) = (Options { dont_inherit: true, ..Options::default() }, HeapBudget(vm));
        let result = ryokan_compiler::symbols(text_of(source), filename, mode_of(mode), &options, &budget);
        tell(options, warnings);
        result.map_err(failure)
    }
    fn parse(
        &self,
        vm: &Vm,
        source: Source<'_>,
        filename: &str,
        mode: CompileMode,
        how: CompileOptions,
        warnings: &mut Vec<CompileWarning>,
    ) -> Result<Tree, HostCompileError> {
        let (options, budget) = (options(vm, how), HeapBudget(vm));
        let result = ryokan_compiler::describe(text_of(source), filename, mode_of(mode), &options, &budget);
        tell(options, warnings);
        result.map_err(failure)
    }
}

/// The verified code of a source, and the constants that are folded, if the options want those.
fn compiled(
    vm: &Vm,
    source: Source<'_>,
    filename: &str,
    mode: Mode,
    options: Options,
    warnings: &mut Vec<CompileWarning>,
) -> Result<(Rc<Code>, Vec<Const>), HostCompileError> {
    let result = ryokan_compiler::compile_source(text_of(source), filename, mode, &options, &HeapBudget(vm));
    let folded = options.folded.take();
    tell(options, warnings);
    Ok((verified(result.map_err(failure)?)?, folded))
}

/// A file's text for tracebacks, if its encoding is known without the library; at most the lines in 16 MB of it.
fn read_source(filename: &str) -> Option<Arc<str>> {
    const MOST: usize = 16 << 20;
    let mut bytes = Vec::new();
    std::fs::File::open(filename).ok()?.take(MOST as u64).read_to_end(&mut bytes).ok()?;
    let lines = if bytes.len() < MOST { MOST } else { bytes.iter().rposition(|byte| *byte == b'\n')? };
    bytes.truncate(lines);
    Some(ryokan_compiler::text_of_file(&with_plain_lines(&bytes))?.into())
}

/// A text whose lines end with a newline each, however they ended.
fn with_plain_lines(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'\r') {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'\r' if text.get(at + 1) == Some(&b'\n') => {}
            b'\r' => out.push(b'\n'),
            byte => out.push(*byte),
        }
    }
    Cow::Owned(out)
}

/// The time of a clock of the system.
fn clock(number: libc::clockid_t) -> io::Result<Duration> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a whole timespec.
    duration(unsafe { libc::clock_gettime(number, &mut time) }, &time)
}

/// What a system call has written, unless it failed. No clock shows a time before its beginning.
fn duration(failed: libc::c_int, time: &libc::timespec) -> io::Result<Duration> {
    if failed != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(Duration::new(time.tv_sec.max(0) as u64, time.tv_nsec as u32))
}

/// The standard descriptors that were closed when the process began, a bit each.
static CLOSED: AtomicU8 = AtomicU8::new(0);

/// Looks at the standard descriptors before Rust's own start, which opens `/dev/null` in place of those that are closed.
#[cfg(target_os = "linux")]
extern "C" fn look_at_descriptors() {
    for number in 0..3 {
        // SAFETY: the call takes numbers only.
        if unsafe { libc::fcntl(number, libc::F_GETFD) } == -1 {
            CLOSED.fetch_or(1 << number, Ordering::Relaxed);
        }
    }
}

/// What the system's loader calls before `main`.
// SAFETY: the section holds addresses of functions that are called once, with nothing that this one reads; it touches an atomic alone.
#[cfg(target_os = "linux")]
#[used]
#[unsafe(link_section = ".init_array")]
static LOOKS: extern "C" fn() = look_at_descriptors;

/// Closes the standard descriptors that were closed when the process began: a program is to see it so.
pub(crate) fn close_as_before() {
    let closed = CLOSED.load(Ordering::Relaxed);
    for number in (0..3).filter(|number| closed & 1 << number != 0) {
        // It may be closed again already.
        let _ = ryokan_system::close(number);
    }
}

/// As [`Host::discard_stack`].
#[cfg(target_os = "linux")]
fn discard_stack(keep: usize) -> bool {
    const PAGE: usize = 4096;
    let here = ryokan_vm::vm::stack_pointer();
    let mut attributes = std::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut lowest, mut bytes) = (std::ptr::null_mut(), 0);
    // SAFETY: the thread is the calling one; the attributes are read only if they were written, and destroyed then.
    let known = unsafe {
        libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) == 0
            && libc::pthread_attr_getstack(attributes.as_ptr(), &raw mut lowest, &raw mut bytes) == 0
            && libc::pthread_attr_destroy(attributes.as_mut_ptr()) == 0
    };
    let first = (lowest as usize).next_multiple_of(PAGE);
    let end = here.saturating_sub(keep.max(16 * PAGE)) & !(PAGE - 1);
    if !known || end <= first || here >= (lowest as usize).saturating_add(bytes) {
        return false;
    }
    // SAFETY: the range is of the calling thread's stack, and far below all that is on it.
    unsafe { libc::madvise(lowest.with_addr(first), end - first, libc::MADV_DONTNEED) == 0 }
}

pub mod signals {
    //! Ctrl-C, and the clock of a profile: the handlers set a bit that the VM looks at on its next jump back or call.

    use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

    use ryokan_vm::host::{SignalAction, Signals};
    use ryokan_vm::vm::breaker::{Breaker, BreakerFlags};

    use crate::signal::System;

    static BREAKER: AtomicPtr<Breaker> = AtomicPtr::new(std::ptr::null_mut());

    /// A signal has come: the VM that listens is to look.
    pub fn raise() {
        let breaker = BREAKER.load(Ordering::Relaxed);
        if !breaker.is_null() {
            // SAFETY: the pointer stands only while its VM lives (`listen`, `ignore`).
            unsafe { (*breaker).raise(BreakerFlags::INTERRUPT) };
        }
    }

    /// Lets Ctrl-C interrupt a VM, until [`ignore`].
    pub fn listen(vm: &ryokan_vm::vm::Vm) {
        BREAKER.store((&raw const vm.breaker).cast_mut(), Ordering::Relaxed);
        // A call that waits ends when the signal comes; a system that refuses leaves things as they are.
        let _ = System.set(libc::SIGINT, SignalAction::Notify);
        // A file that gets too large is an error of the call, as a pipe without a reader is.
        let _ = System.set(libc::SIGXFSZ, SignalAction::Ignore);
    }

    static TICKS: AtomicPtr<AtomicU32> = AtomicPtr::new(std::ptr::null_mut());

    extern "C" fn ticked(_: libc::c_int) {
        let (ticks, breaker) = (TICKS.load(Ordering::Relaxed), BREAKER.load(Ordering::Relaxed));
        if !ticks.is_null() && !breaker.is_null() {
            // SAFETY: as above.
            unsafe {
                (*ticks).fetch_add(1, Ordering::Relaxed);
                (*breaker).raise(BreakerFlags::SAMPLE);
            }
        }
    }

    /// Ticks a listening VM's profile each millisecond of CPU time, until [`ignore`]. Whether the system has such a clock.
    pub fn tick(vm: &ryokan_vm::vm::Vm) -> bool {
        TICKS.store((&raw const vm.profile.ticks).cast_mut(), Ordering::Relaxed);
        set_timer(1000)
    }

    fn set_timer(microseconds: libc::suseconds_t) -> bool {
        let every = libc::timeval { tv_sec: 0, tv_usec: microseconds };
        let timer = libc::itimerval { it_interval: every, it_value: every };
        // SAFETY: the handler only touches atomics; system calls that it interrupts go on (`signal` asks for that).
        unsafe {
            libc::signal(libc::SIGPROF, ticked as *const () as libc::sighandler_t);
            libc::setitimer(libc::ITIMER_PROF, &raw const timer, std::ptr::null_mut()) == 0
        }
    }

    /// Forgets the VM.
    pub fn ignore() {
        if !TICKS.load(Ordering::Relaxed).is_null() {
            set_timer(0);
        }
        TICKS.store(std::ptr::null_mut(), Ordering::Relaxed);
        BREAKER.store(std::ptr::null_mut(), Ordering::Relaxed);
    }
}
