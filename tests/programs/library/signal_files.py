# Files that are told of signals, and signals by the file of a process.
import os
import signal
import socket

def attempt(what, *args):
    try:
        print(what(*args))
    except Exception as error:
        print(type(error).__name__, error)

attempt(signal.set_wakeup_fd, 9999)
reads, writes = os.pipe()
for fd in writes, socket.socketpair()[0].detach():
    try:
        signal.set_wakeup_fd(fd)
    except ValueError as error:
        print(str(error).replace(str(fd), 'N'))
os.set_blocking(writes, False)
attempt(signal.set_wakeup_fd, writes)
print(signal.set_wakeup_fd(-1) == writes)
for fd in -1, -2:
    attempt(signal.set_wakeup_fd, fd)

got = []
signal.signal(signal.SIGUSR1, lambda number, frame: got.append(number))
fd = os.pidfd_open(os.getpid())
for args in (signal.SIGUSR1,), (signal.SIGUSR1, None, 0), (0, 5), (999,), (0, None, 99), (), ('x',):
    attempt(signal.pidfd_send_signal, fd, *args)
    print(got)
attempt(signal.pidfd_send_signal, 9999, 0)
attempt(signal.pidfd_send_signal, 2**40, 0)
