# Daemons stop when the program ends; others are waited for, if threading is there to wait.
import _thread
import sys
import time

started = _thread.allocate_lock()
started.acquire()
never = _thread.allocate_lock()
never.acquire()


class Dies:
    def __del__(self):
        print("never seen", flush=True)


def computes():
    mine = Dies()
    started.release()
    while True:
        pass


def sleeps():
    mine = Dies()
    started.release()
    while True:
        time.sleep(0.0001)


def waits():
    mine = Dies()
    started.release()
    never.acquire()


def waits_with_time():
    mine = Dies()
    started.release()
    while True:
        never.acquire(timeout=0.0001)


for daemon in (computes, sleeps, waits, waits_with_time):
    _thread.start_new_thread(daemon, ())
    started.acquire()


class Threading:
    """What the end of the interpreter asks of threading."""

    def _shutdown():
        global ended
        print("main has ended", flush=True)
        ended = True
        _thread._shutdown()
        print("all have ended", flush=True)


def worker():
    while not ended:
        time.sleep(0.0001)
    # A print may be two writes, between which another thread could come.
    with alone:
        print("worker ends", flush=True)


class Last:
    def __del__(self):
        try:
            _thread.start_new_thread(print, ())
        except RuntimeError as error:
            print(type(error).__name__, error, flush=True)
        time.sleep(0.001)
        print("last", flush=True)


sys.modules["threading"] = Threading
ended = False
alone = _thread.allocate_lock()
handles = [_thread.start_joinable_thread(worker, daemon=False) for _ in range(3)]
_thread.start_joinable_thread(worker, daemon=False).join(0.001)
last = Last()
print("main ends", flush=True)
