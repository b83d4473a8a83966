# What goes wrong outside: a full device, closed pipes, folders that are read-only or not there, calls that are interrupted,
# connections that are dropped by the thousand. Each is a Python error, nothing is lost, nothing stays open.
import errno
import gc
import os
import select
import signal
import socket
import tempfile
import threading


def open_files():
    return len(os.listdir("/proc/self/fd"))


gc.collect()
before = open_files()

# ---- a full device
for mode, buffering in (("wb", 0), ("wb", -1), ("w", -1), ("w", 1)):
    try:
        with open("/dev/full", mode, buffering) as full:
            full.write(b"x" * 10 if "b" in mode else "x\n")
            full.flush()
        print("written?")
    except OSError as e:
        print(mode, buffering, e.errno == errno.ENOSPC, full.closed)
full = open("/dev/full", "w")
full.write("kept")
try:
    full.close()
except OSError as e:
    print(e.strerror, full.closed)

# ---- closed pipes
r, w = os.pipe()
os.close(r)
try:
    os.write(w, b"x")
except BrokenPipeError as e:
    print(type(e).__name__, e.errno == errno.EPIPE)
with open(w, "wb") as pipe:
    pipe.write(b"y" * 100)
    try:
        pipe.flush()
    except BrokenPipeError as e:
        print(type(e).__name__)
    pipe.raw.close()
r, w = os.pipe()
os.close(w)
print(os.read(r, 10), os.read(r, 0))
os.close(r)
for call in (lambda: os.read(r, 1), lambda: os.close(r), lambda: os.fstat(r), lambda: os.dup2(r, r)):
    try:
        call()
    except OSError as e:
        print(e.errno == errno.EBADF, end=" ")
print()

# ---- folders and files that refuse
with tempfile.TemporaryDirectory() as folder:
    for call in (
        lambda: open(folder, "w"),
        lambda: open(folder + "/no/such", "w"),
        lambda: os.mkdir(folder),
        lambda: os.rmdir(folder + "/none"),
        lambda: os.rename(folder + "/none", folder + "/some"),
        lambda: os.listdir(folder + "/none"),
        lambda: open(folder + "/x" * 3000),
        lambda: open(folder + "/" + "n" * 300, "w"),
        lambda: open(folder + "/a\0b"),
        lambda: os.symlink("loop", folder + "/loop") or open(folder + "/loop"),
        lambda: open("/proc/self/mem/none"),
    ):
        try:
            call()
            print("done?")
        except (OSError, ValueError) as e:
            print(type(e).__name__, errno.errorcode.get(getattr(e, "errno", None)))
    path = folder + "/whole"
    with open(path, "w") as file:
        file.write("before")
    try:
        with open(path, "r+") as file:
            file.write("after!")
            raise RuntimeError("in the middle")
    except RuntimeError:
        print(open(path).read())

# ---- interrupted calls
heard = []
signal.signal(signal.SIGALRM, lambda *a: heard.append("alarm"))
r, w = os.pipe()
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
timer = threading.Timer(0.1, os.write, (w, b"late"))
timer.start()
print(os.read(r, 10))
timer.join()
print(select.select([r], [], [], 0.05), len(heard) > 3)
signal.setitimer(signal.ITIMER_REAL, 0)


def gives_up(*a):
    raise InterruptedError("enough")


signal.signal(signal.SIGALRM, gives_up)
signal.setitimer(signal.ITIMER_REAL, 0.01)
try:
    os.read(r, 1)
except InterruptedError as e:
    print(e)
os.close(r)
os.close(w)

# ---- connections by the thousand, opened and dropped
server = socket.create_server(("127.0.0.1", 0), backlog=512)
ends = []


def serve():
    while True:
        connection, _ = server.accept()
        with connection:
            said = connection.recv(4)
            if said == b"quit":
                return
            ends.append(len(said))


thread = threading.Thread(target=serve)
thread.start()
for number in range(10_000):
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.connect(server.getsockname())
        if number % 2:
            client.sendall(b"x")
            client.shutdown(socket.SHUT_WR)
            client.recv(1)
        else:
            client.shutdown(socket.SHUT_WR)
            client.recv(1)
with socket.create_connection(server.getsockname()) as client:
    client.sendall(b"quit")
    thread.join()
server.close()
print(len(ends), sum(ends))
gc.collect()
print(open_files() - before, "files left open")
