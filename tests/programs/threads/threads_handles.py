# Threads as handles: starting, waiting, what they say of themselves, what goes wrong.
import _thread
import sys


def attempt(what, function, *args, **named):
    try:
        print(what, function(*args, **named))
    except BaseException as error:
        print(what, type(error).__name__, error)


main = _thread.get_ident()
print(main == _thread._get_main_thread_ident(), main > 0, _thread.get_native_id() > 0, _thread._count())
print(_thread._is_main_interpreter(), _thread.daemon_threads_allowed(), _thread.error is RuntimeError)
print(_thread.TIMEOUT_MAX, _thread._NAME_MAXLEN)

idents = []


def note():
    idents.append((_thread.get_ident(), _thread._count()))


handle = _thread.start_joinable_thread(note)
print(handle.join(), handle.is_done(), handle.join(), handle.join(0), handle.join(-1))
print(idents[0][0] == handle.ident, idents[0][0] != main, idents[0][1])
attempt("str", handle.join, "x")

fresh = _thread._ThreadHandle()
print(repr(fresh), fresh.ident, fresh.is_done())
attempt("join", fresh.join)
attempt("set done", fresh._set_done)
print(_thread.start_joinable_thread(note, fresh) is fresh, fresh.join())
try:
    _thread.start_joinable_thread(note, handle)
except RuntimeError as error:
    print(error)
print(_thread._make_thread_handle(12345).ident, _thread._make_thread_handle(12345).is_done())
attempt("make", _thread._make_thread_handle, "x")
attempt("not callable", _thread.start_joinable_thread, 1)
attempt("no handle", _thread.start_joinable_thread, print, 1)
attempt("nothing", _thread.start_joinable_thread)
attempt("not callable", _thread.start_new_thread, 1, ())
attempt("no tuple", _thread.start_new_thread, print, [])
attempt("no dict", _thread.start_new_thread, print, (), 5)
attempt("too few", _thread.start_new_thread, 1)
attempt("too many", _thread.start_new_thread, print, (), {}, 1)

# A thread cannot wait for itself; others can, so long as they like.
gate = _thread.allocate_lock()
gate.acquire()


def self_join():
    gate.acquire()
    try:
        own.join()
    except RuntimeError as error:
        print(error)


own = _thread.start_joinable_thread(self_join)
print(own.is_done(), own.join(0.01), own.join(0), own.is_done())
gate.release()
print(own.join(), own.is_done())
attempt("set done", own._set_done)

# Arguments arrive.
done = _thread.allocate_lock()
done.acquire()


def arguments(*args, **named):
    print(args, named)
    done.release()


for args in [((),), ((1, 2),), ((1,), {"a": 3}), ((), {"b": [4]})]:
    _thread.start_new_thread(arguments, *args)
    done.acquire()

# What a thread raises is reported; SystemExit is not.
reports = []


def hook(report):
    what = report.err_msg.split(" at ")[0]
    reports.append((report.exc_type.__name__, str(report.exc_value), what, report.object))


sys.unraisablehook = hook


def fails():
    raise KeyError("boo")


def leaves():
    sys.exit(3)


def leaves_too():
    _thread.exit()


def interrupted():
    raise KeyboardInterrupt


for function in (fails, leaves, leaves_too, interrupted, len):
    _thread.start_joinable_thread(function).join()
print(reports)
attempt("exit", _thread.exit)

# stack_size and interrupt_main.
print(_thread.stack_size(), _thread.stack_size(1 << 20), _thread.stack_size())
attempt("small", _thread.stack_size, 1)
attempt("below zero", _thread.stack_size, -1)
_thread.stack_size(1 << 20)
print(_thread.stack_size(0))
for signal in (0, 65, -1, "x"):
    attempt("signal", _thread.interrupt_main, signal)
print(_thread.interrupt_main(15))
try:
    _thread.interrupt_main()
except KeyboardInterrupt as error:
    print("interrupted", error.args)

# The switch interval.
print(sys.getswitchinterval())
for interval in (0, -1, "x", 1e-9, 0.001, 2):
    attempt("interval", sys.setswitchinterval, interval)
    print(sys.getswitchinterval())

# The hook of threading.


class Thread:
    name = "Thread-9"


class File:
    def write(self, text):
        print("wrote", repr(text))

    def flush(self):
        print("flushed")


args = _thread._ExceptHookArgs((ValueError, ValueError(5), None, Thread()))
print(args.exc_type, args.thread.name, _thread._ExceptHookArgs.__match_args__)
attempt("hook", _thread._excepthook, 1)
print(_thread._excepthook(_thread._ExceptHookArgs((SystemExit, SystemExit(1), None, Thread()))))
print(_thread.set_name("abc"), _thread._get_name())
attempt("name", _thread.set_name, 5)
