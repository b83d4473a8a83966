# syslog, uuid, faulthandler, _posixshmem: what can be said of them that is the same each time.
import _posixshmem, faulthandler, io, os, signal, sys, syslog, tempfile, time, uuid


def shown(make):
    try:
        return repr(make())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print(syslog.LOG_MASK(3), syslog.LOG_UPTO(3), syslog.setlogmask(syslog.LOG_UPTO(syslog.LOG_DEBUG)) > 0, syslog.LOG_PID, syslog.LOG_LOCAL7)
print(syslog.openlog("test", syslog.LOG_PID, syslog.LOG_USER), syslog.syslog("a message"), syslog.syslog(syslog.LOG_ERR, "100%s of it"), syslog.closelog())
print(shown(lambda: syslog.syslog()), shown(lambda: syslog.syslog("a\0b")), shown(lambda: syslog.openlog("\ud800")))

many = [uuid.uuid1() for _ in range(500)]
print(len(set(many)), {one.version for one in many}, {one.variant for one in many}, len({one.node for one in many}), sorted(many, key=lambda one: one.time) == many)

name = f"/test_{os.getpid()}"
fd = _posixshmem.shm_open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode=0o600)
os.ftruncate(fd, 10)
os.pwrite(fd, b"shared", 0)
other = _posixshmem.shm_open(name, os.O_RDONLY)
print(os.pread(other, 10, 0), _posixshmem.shm_unlink(name), shown(lambda: _posixshmem.shm_open("/none", os.O_RDONLY)), shown(lambda: _posixshmem.shm_unlink(5)))
os.close(fd), os.close(other)


def lines(file):
    file.seek(0)
    return [line for line in file.read().decode().splitlines() if not line.startswith(("Thread 0x", "Current thread 0x"))]


def inner(file):
    faulthandler.dump_traceback(file, all_threads=False)


def outer(file):
    inner(file)


with tempfile.TemporaryFile() as file:
    outer(file)
    print([line.replace(__file__, "FILE") for line in lines(file)])
with tempfile.TemporaryFile() as file:
    print(faulthandler.register(signal.SIGUSR1, file), faulthandler.is_enabled())
    os.kill(os.getpid(), signal.SIGUSR1)
    print([line.split(" in ")[-1] for line in lines(file)], faulthandler.unregister(signal.SIGUSR1), faulthandler.unregister(signal.SIGUSR1))
with tempfile.TemporaryFile() as file:
    faulthandler.dump_traceback_later(0.05, file=file)
    time.sleep(0.5)
    print(lines(file)[0], lines(file)[-1].split(" in ")[-1])
    faulthandler.dump_traceback_later(100, file=file)
    faulthandler.cancel_dump_traceback_later()
    faulthandler.enable(file)
    print(faulthandler.is_enabled(), faulthandler.disable(), faulthandler.disable())
for make in (
    lambda: faulthandler.dump_traceback_later(0), lambda: faulthandler.dump_traceback_later("x"), lambda: faulthandler.register(signal.SIGSEGV), lambda: faulthandler.register(0),
    lambda: faulthandler.enable(-1), lambda: faulthandler.enable("x"), lambda: faulthandler.dump_traceback(io.BytesIO()),
):
    print(shown(make))

# A program that dies says of what.
read, write = os.pipe()
child = os.fork()
if child == 0:
    os.dup2(write, 2)
    faulthandler.enable()
    os.kill(os.getpid(), signal.SIGFPE)
    os._exit(0)
os.close(write)
_, status = os.waitpid(child, 0)
print(os.read(read, 1000).decode().splitlines()[0], os.WTERMSIG(status) == signal.SIGFPE)
