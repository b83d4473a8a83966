# _signal: who is told of a signal, timers, masks, waiting.
import _signal as signal
import time
import _thread


def kind(work):
    try:
        return work()
    except BaseException as error:
        return f'{type(error).__name__}: {error}'


seen = []


def note(number, frame):
    seen.append((number, frame is not None and frame.f_code.co_name))


print(signal.getsignal(signal.SIGUSR1), signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.NSIG)
print(signal.signal(signal.SIGUSR1, note), signal.getsignal(signal.SIGUSR1) is note)
signal.raise_signal(signal.SIGUSR1)
print(seen)


def inside():
    signal.raise_signal(signal.SIGUSR1)
    return len(seen)


print(inside(), seen[-1])
print(signal.signal(signal.SIGUSR1, signal.SIG_IGN) is note, signal.raise_signal(signal.SIGUSR1), len(seen))
print(signal.signal(signal.SIGUSR1, note), signal.signal(signal.SIGUSR1, signal.SIG_DFL) is note)

# What a handler raises comes out where the program is.
def fails(number, frame):
    raise ValueError(number)
signal.signal(signal.SIGUSR2, fails)
print(kind(lambda: signal.raise_signal(signal.SIGUSR2)))
print(kind(lambda: signal.raise_signal(signal.SIGINT)))
signal.signal(signal.SIGINT, note)
signal.raise_signal(signal.SIGINT)
print(seen[-1][0])
_thread.interrupt_main()
print(seen[-1][0], len(seen))
print(signal.signal(signal.SIGINT, signal.default_int_handler) is note)
print(kind(lambda: _thread.interrupt_main()))
print(kind(lambda: signal.default_int_handler(2, None)))

# Errors.
for bad in (0, -1, 65, 4242):
    print(kind(lambda: signal.getsignal(bad)), kind(lambda: signal.signal(bad, note)), kind(lambda: signal.strsignal(bad)))
print(kind(lambda: signal.signal(signal.SIGUSR1, None)), kind(lambda: signal.signal(signal.SIGUSR1, 'x')))
print(kind(lambda: signal.signal(signal.SIGKILL, note)))
print(kind(lambda: signal.setitimer(99, 1)), kind(lambda: signal.setitimer(signal.ITIMER_REAL, -1)))
print(signal.ItimerError, signal.ItimerError.__mro__[1])

# Timers.
signal.signal(signal.SIGALRM, note)
before = len(seen)
print(signal.setitimer(signal.ITIMER_REAL, 0.02), signal.getitimer(signal.ITIMER_REAL)[1])
signal.pause()
print(len(seen) - before, seen[-1][0] == signal.SIGALRM)
before = len(seen)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
while len(seen) < before + 3:
    pass
signal.setitimer(signal.ITIMER_REAL, 0)
print('three came')
before = len(seen)
signal.setitimer(signal.ITIMER_REAL, 0.01)
start = time.monotonic()
time.sleep(0.1)
print(len(seen) - before, time.monotonic() - start >= 0.1)
print(signal.alarm(100), signal.alarm(0) >= 99, signal.alarm(0))

# A handler interrupts a lock that waits, and its exception ends the wait.
lock = _thread.allocate_lock()
lock.acquire()
signal.signal(signal.SIGALRM, fails)
signal.setitimer(signal.ITIMER_REAL, 0.02)
print(kind(lambda: lock.acquire()))
signal.signal(signal.SIGALRM, note)

# Masks.
print(signal.pthread_sigmask(signal.SIG_BLOCK, []))
print(signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGUSR2]), sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())))
signal.signal(signal.SIGUSR1, note)
before = len(seen)
signal.raise_signal(signal.SIGUSR1)
print(len(seen) - before, signal.sigpending() == {signal.SIGUSR1})
print(signal.sigwait([signal.SIGUSR1]) == signal.SIGUSR1, signal.sigpending())
signal.raise_signal(signal.SIGUSR1)
info = signal.sigwaitinfo([signal.SIGUSR1])
print(type(info).__name__, info.si_signo == signal.SIGUSR1, len(info))
print(signal.sigtimedwait([signal.SIGUSR1], 0.01), kind(lambda: signal.sigtimedwait([signal.SIGUSR1], -1)))
signal.raise_signal(signal.SIGUSR1)
print(sorted(signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1, signal.SIGUSR2])), len(seen) - before)
print(kind(lambda: signal.pthread_sigmask(99, [])), kind(lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [0])), kind(lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [1000])))
print(len(signal.valid_signals()), 0 in signal.valid_signals(), signal.SIGRTMAX in signal.valid_signals())
print(signal.strsignal(signal.SIGINT), signal.strsignal(signal.SIGTERM), signal.siginterrupt(signal.SIGUSR1, False))
print(signal.pthread_kill(_thread.get_ident(), signal.SIGUSR1), seen[-1][0] == signal.SIGUSR1)
print(signal.set_wakeup_fd(-1))

# Only the main thread sets handlers.
done = _thread.allocate_lock()
done.acquire()


def other():
    print(kind(lambda: signal.signal(signal.SIGUSR1, note)))
    print(kind(lambda: signal.set_wakeup_fd(-1)))
    done.release()


_thread.start_new_thread(other, ())
done.acquire()
