//! CPython, to compare with: one process that runs program after program.
//!
//! The environment variable `RYOKAN_PYTHON` names it: a command that starts CPython 3.14. Requests and answers are framed by a line
//! with their length. A program that takes longer than its alarm is answered as stopped; a process that dies is started again.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::{Settings, run};

thread_local! {
    static ORACLE: RefCell<Option<Oracle>> = RefCell::new(Oracle::start());
}

/// Runs a program here and there: both must print the same and end with the same exception. Without an oracle it runs here alone.
pub fn compare(source: &str, settings: &Settings) {
    let ours = run(source, settings);
    if ours.was_stopped() {
        return;
    }
    let Some((out, error, message)) = answer(source) else { return };
    if matches!(error.as_deref(), Some("Stopped" | "MemoryError")) {
        return;
    }
    let same = out.as_bytes() == ours.out && error == ours.error && message == ours.message;
    assert!(
        same,
        "CPython prints otherwise:\n{source}\nours: {}\nCPython: {out}[{error:?}: {message}]",
        ours.shown()
    );
}

/// What the oracle of this thread says of a program; nothing without an oracle, or where it died of that.
pub fn answer(source: &str) -> Option<Answer> {
    ORACLE.with_borrow_mut(|oracle| {
        let said = oracle.as_mut()?.run(source);
        if said.is_none() {
            *oracle = Oracle::start();
        }
        said
    })
}

/// The server: runs each program in a namespace of its own, as `__main__`, and answers with what it printed, the type of the
/// exception that ended it, and that exception's text. It has two gigabytes. What a program leaves behind is collected before the next one runs, unheard.
const SERVER: &str = r#"
import sys, io, signal, traceback, gc, resource
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
thresholds, depth = gc.get_threshold(), sys.getrecursionlimit()
class Stopped(BaseException): pass
def alarm(*_): raise Stopped
signal.signal(signal.SIGALRM, alarm)
requests, answers = sys.stdin.buffer, sys.stdout.buffer
class Main: pass
while True:
    head = requests.readline()
    if not head: break
    source = requests.read(int(head)).decode('utf-8', 'surrogatepass')
    out = io.StringIO()
    sys.stdout, sys.stderr = out, io.StringIO()
    error, message = '', ''
    try:
        signal.setitimer(signal.ITIMER_REAL, 2)
        exec(compile(source, '<string>', 'exec', dont_inherit=True), {'__name__': '__main__', '__builtins__': __builtins__})
    except Stopped: error = 'Stopped'
    except BaseException as e:
        error = type(e).__name__
        try: message = ''.join(traceback.format_exception_only(e)).strip().splitlines()[-1]
        except BaseException: message = '?'
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    printed = out.getvalue()
    gc.enable(); gc.set_threshold(*thresholds); sys.setrecursionlimit(depth)
    gc.collect()
    for part in (printed, error, message):
        data = part.encode('utf-8', 'surrogatepass')
        answers.write(b'%d\n' % len(data) + data)
    answers.flush()
"#;

/// The process.
pub struct Oracle {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// What it said of a program: output, exception, text.
pub type Answer = (String, Option<String>, String);

impl Oracle {
    /// Starts it; `None` if `RYOKAN_PYTHON` names none.
    pub fn start() -> Option<Oracle> {
        let command = std::env::var("RYOKAN_PYTHON").ok().filter(|text| !text.is_empty())?;
        let mut words = command.split_whitespace();
        let mut child = Command::new(words.next()?)
            .args(words)
            .args(["-X", "utf8", "-c", SERVER])
            .env("PYTHONHASHSEED", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("RYOKAN_PYTHON={command}: {error}"));
        let requests = child.stdin.take()?;
        let answers = BufReader::new(child.stdout.take()?);
        Some(Oracle { child, requests, answers })
    }

    /// Runs a program; `None` if the process died of it.
    pub fn run(&mut self, source: &str) -> Option<Answer> {
        writeln!(self.requests, "{}", source.len()).ok()?;
        self.requests.write_all(source.as_bytes()).ok()?;
        self.requests.flush().ok()?;
        let mut part = || {
            let mut head = String::new();
            self.answers.read_line(&mut head).ok()?;
            let mut data = vec![0; head.trim().parse().ok()?];
            self.answers.read_exact(&mut data).ok()?;
            Some(String::from_utf8_lossy(&data).into_owned())
        };
        let (out, error, message) = (part()?, part()?, part()?);
        Some((out, Some(error).filter(|text| !text.is_empty()), message))
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
