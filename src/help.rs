//! What `--help` and its like print.

/// The text of one of the options that print help.
pub fn help(option: &str) -> String {
    match option {
        "help-env" => ENVIRONMENT.to_string(),
        "help-xoptions" => X_OPTIONS.to_string(),
        "help-all" => [HELP, ENVIRONMENT, X_OPTIONS].join("\n"),
        _ => HELP.to_string(),
    }
}

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
  -X NAME[=VALUE]     an entry of sys._xoptions; --help-xoptions says which mean something
  -V, --version       print the version
  -h, -?, --help      print this
  --help-env, --help-xoptions, --help-all    print the variables, the -X options, everything
  -W ACTION[:MESSAGE[:CATEGORY[:MODULE[:LINE]]]]
                      what becomes of a warning: error, ignore, default, always,
                      module, once (also PYTHONWARNINGS, separated by commas)
  -b, -bb             warn where bytes are taken for a text or compared with one; refuse it
  -d, -R              accepted: -d sets sys.flags.debug, -R nothing
";

const ENVIRONMENT: &str = "\
Variables of the environment (-E and -I heed none of them):
  PYTHONPATH            folders before the library's on sys.path, separated by colons
  RYOKAN_LIB            a folder in place of the library that is part of the program
  PYTHONSTARTUP         a file to run before the prompt
  PYTHONBREAKPOINT      what breakpoint() calls; 0 for nothing
  PYTHONHASHSEED        `random`, or the number that makes hashes the same in each run
  PYTHONIOENCODING      ENCODING[:ERRORS] of the standard streams
  PYTHONUSERBASE        where the user's site-packages are
  PYTHONWARNINGS        as -W, separated by commas

These are as options (which win):
  PYTHONDEBUG -d, PYTHONDONTWRITEBYTECODE -B, PYTHONINSPECT -i, PYTHONNOUSERSITE -s,
  PYTHONOPTIMIZE -O, PYTHONSAFEPATH -P, PYTHONUNBUFFERED -u, PYTHONVERBOSE -v;
  PYTHON_CONTEXT_AWARE_WARNINGS, PYTHON_CPU_COUNT, PYTHONDEVMODE, PYTHONFAULTHANDLER,
  PYTHONINTMAXSTRDIGITS, PYTHONNODEBUGRANGES, PYTHONPYCACHEPREFIX,
  PYTHON_THREAD_INHERIT_CONTEXT, PYTHONTRACEMALLOC, PYTHONUTF8 and
  PYTHONWARNDEFAULTENCODING: the -X option of that name
";

const X_OPTIONS: &str = "\
Options after -X (any other is an entry of sys._xoptions, and means nothing):
  context_aware_warnings=0|1    whether filters of warnings belong to the context
  cpu_count=N                   what os.cpu_count() and os.process_cpu_count() tell;
                                `default` for what the system says
  dev                           warnings and checks for who develops
  faulthandler                  a traceback where a signal ends the process
  int_max_str_digits=N          most digits of an int that becomes a text, or of the
                                text; 0 for any number
  no_debug_ranges               tracebacks without carets
  pycache_prefix=FOLDER         where __pycache__ folders are, instead of beside sources
  thread_inherit_context=0|1    whether a thread begins with its maker's context
  tracemalloc[=FRAMES]          tell where memory was asked for, by so many frames
  utf8[=0|1]                    UTF-8 whatever the locale says
  warn_default_encoding         warn where a file is opened without an encoding
";
