# `sys.audit`, `sys.unraisablehook` and others of `sys`.
import sys
import threading


def told(event, given):
    if event.startswith("my"):
        print(event, given)


def refuses_hooks(event, given):
    if event == "sys.addaudithook":
        raise ValueError("no more")
    if event == "my.bad":
        raise KeyError(event)


sys.addaudithook(told)
sys.audit("my")
sys.audit("my.event", 1, [2])
sys.addaudithook(refuses_hooks)
try:
    sys.addaudithook(print)
except ValueError as e:
    print(e)
try:
    sys.audit("my.bad")
except KeyError as e:
    print(repr(e))
for given in (), (1,), ("my\0x",):
    try:
        sys.audit(*given)
    except Exception as e:
        print(type(e).__name__, e)


class Dies:
    def __del__(self):
        1 / 0


class Out:
    written = ""

    @classmethod
    def write(cls, text):
        cls.written += text

    @staticmethod
    def flush():
        pass


def hook(unraisable):
    print("hook", unraisable.exc_type)
    before, sys.stderr = sys.stderr, Out
    sys.__unraisablehook__(unraisable)
    sys.stderr = before
    lines = Out.written.splitlines()
    print(lines[0].split(" at ")[0], lines[-1])


sys.unraisablehook = hook
Dies()
for bad in 1, (1, 2):
    try:
        sys.__unraisablehook__(bad)
    except TypeError as e:
        print(e)
for size in "a", 1.5, -1:
    try:
        sys.getsizeof(type("A", (), {"__sizeof__": lambda self: size})())
    except Exception as e:
        print(type(e).__name__, e)
sys._clear_internal_caches()

log = []
threading.settrace_all_threads(lambda frame, event, given: log.append(frame.f_code.co_name))


def traced():
    pass


traced()
thread = threading.Thread(target=traced)
thread.start()
thread.join()
threading.settrace_all_threads(None)
print(log.count("traced"))
threading.setprofile_all_threads(None)
