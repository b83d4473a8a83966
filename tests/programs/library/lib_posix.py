# The system's calls: files, directories, descriptors, processes, and their errors.
import posix


def show(call, *args, **names):
    try:
        print(repr(call(*args, **names)))
    except BaseException as error:
        print(type(error).__name__, error, getattr(error, "filename", None) is not None, getattr(error, "filename2", None) is not None)


base = "/tmp/ryokan_lib_posix_%d" % posix.getpid()
posix.mkdir(base)


def p(name):
    return base + "/" + name


class PathLike:
    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        return self.path


try:
    print("-- descriptors")
    fd = posix.open(p("a"), posix.O_RDWR | posix.O_CREAT | posix.O_TRUNC, 0o644)
    print(posix.write(fd, b"hello world"), posix.lseek(fd, 0, 0), posix.read(fd, 5), posix.read(fd, 100), posix.read(fd, 1))
    print(posix.pread(fd, 3, 2), posix.pwrite(fd, b"XY", 1), posix.lseek(fd, 0, 1))
    print(posix.writev(fd, [b"1", bytearray(b"2"), memoryview(b"3")]), posix.fstat(fd).st_size)
    a, b = bytearray(3), bytearray(4)
    posix.lseek(fd, 0, 0)
    print(posix.readv(fd, [a, b]), a, b, posix.readinto(fd, a), a)
    print(posix.ftruncate(fd, 4), posix.fstat(fd).st_size, posix.isatty(fd), posix.get_inheritable(fd), posix.get_blocking(fd))
    posix.set_inheritable(fd, True)
    posix.set_blocking(fd, False)
    print(posix.get_inheritable(fd), posix.get_blocking(fd))
    copy = posix.dup(fd)
    print(posix.get_inheritable(copy), posix.dup2(fd, copy) == copy, posix.get_inheritable(copy))
    posix.fsync(fd)
    posix.close(copy)
    posix.close(fd)
    show(posix.close, fd)
    show(posix.read, fd, 1)
    show(posix.read, 0, -1)
    show(posix.write, fd, b"")
    show(posix.write, fd, "text")
    show(posix.close, "x")
    show(posix.lseek, fd, 0, 0)
    r, w = posix.pipe()
    posix.write(w, b"through")
    print(posix.read(r, 100), posix.get_inheritable(r))
    posix.close(w)
    print(posix.read(r, 1))
    posix.close(r)

    print("-- files")
    st = posix.stat(p("a"))
    print(st.st_size, st[6], oct(st.st_mode & 0o777), len(st), st.st_mtime_ns // 10**9 == st[8], int(st.st_mtime) == st[8])
    print(posix.stat_result(range(10)), posix.stat_result(range(10)).st_atime, posix.stat_result.n_fields, posix.stat_result.n_unnamed_fields)
    for path in (p("a"), p("a").encode(), PathLike(p("a")), PathLike(p("a").encode())):
        print(posix.stat(path).st_size, posix.access(path, posix.R_OK), posix.access(path, posix.X_OK))
    posix.chmod(p("a"), 0o600)
    posix.utime(p("a"), (1.5, 2.25))
    st = posix.stat(p("a"))
    print(oct(st.st_mode & 0o777), st.st_atime, st.st_mtime, st.st_mtime_ns)
    posix.utime(p("a"), ns=(3, 4_000_000_005))
    print(posix.stat(p("a")).st_atime_ns, posix.stat(p("a")).st_mtime_ns)
    show(posix.utime, p("a"), (1, 2), ns=(1, 2))
    show(posix.utime, p("a"), 5)
    show(posix.utime, p("a"), ns=(1.5, 2))
    posix.symlink("a", p("link"))
    posix.link(p("a"), p("hard"))
    print(posix.readlink(p("link")), posix.readlink(p("link").encode()), posix.stat(p("hard")).st_nlink)
    print(posix.lstat(p("link")).st_size, posix.stat(p("link"), follow_symlinks=False).st_size, posix.stat(p("link")).st_size)
    posix.truncate(p("a"), 1)
    posix.rename(p("hard"), p("moved"))
    posix.replace(p("moved"), p("a"))
    print(sorted(posix.listdir(base)), sorted(posix.listdir(base.encode())), sorted(posix.listdir(PathLike(base))))
    for call in (posix.stat, posix.lstat, posix.unlink, posix.rmdir, posix.readlink, posix.listdir, posix.scandir, posix.chdir):
        show(call, "/nonexistent")
    show(posix.rename, "/nonexistent", "/nonexistent2")
    show(posix.mkdir, "/")
    show(posix.open, "/nonexistent", posix.O_RDONLY)
    show(posix.stat, 1.5)
    show(posix.stat, "a\0b")
    show(posix.listdir, 1.5)
    show(posix.mkdir, 5)
    show(posix.stat, PathLike(5))
    show(posix.stat, p("a"), dir_fd="x")
    show(posix.chmod, p("a"))
    show(posix.stat, 99999)
    show(posix.stat, b"\xff\xfe")
    show(posix.stat, "\udcff")

    print("-- directories")
    d = posix.open(base, posix.O_RDONLY)
    posix.mkdir("sub", dir_fd=d)
    print(sorted(posix.listdir(d)), posix.stat("a", dir_fd=d).st_size, posix.access("nope", posix.F_OK, dir_fd=d))
    f = posix.open("sub/f", posix.O_WRONLY | posix.O_CREAT, dir_fd=d)
    posix.close(f)
    posix.rename("sub/f", "g", src_dir_fd=d, dst_dir_fd=d)
    posix.unlink("g", dir_fd=d)
    posix.close(d)
    with posix.scandir(base) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        print(entry, entry.path == p(entry.name), entry.is_dir(), entry.is_file(), entry.is_symlink(), entry.is_file(follow_symlinks=False), entry.stat().st_size >= 0, entry.inode() == entry.stat(follow_symlinks=False).st_ino)
    print(next(iter(entries), "closed"), sorted(entry.name for entry in posix.scandir(base.encode())))
    print(posix.fspath(found[0]) == found[0].path)
    show(type(found[0]))
    here = posix.getcwd()
    posix.chdir(base)
    print(posix.getcwd() == base, posix.getcwdb() == base.encode(), posix.stat("a").st_size)
    posix.chdir(here)

    print("-- processes")
    for code in (0, 7):
        pid = posix.fork()
        if pid == 0:
            posix._exit(code)
        done, status = posix.waitpid(pid, 0)
        print(done == pid, posix.WIFEXITED(status), posix.WEXITSTATUS(status), posix.waitstatus_to_exitcode(status))
    r, w = posix.pipe()
    pid = posix.fork()
    if pid == 0:
        posix.dup2(w, 1)
        posix.execve("/bin/sh", ["sh", "-c", "echo from $NAME; exit 3"], {"NAME": "shell"})
    posix.close(w)
    print(posix.read(r, 100), posix.waitstatus_to_exitcode(posix.waitpid(pid, 0)[1]))
    posix.close(r)
    pid = posix.fork()
    if pid == 0:
        posix.kill(posix.getpid(), 9)
        posix._exit(0)
    status = posix.wait()[1]
    print(posix.WIFSIGNALED(status), posix.WTERMSIG(status), posix.waitstatus_to_exitcode(status))
    show(posix.waitpid, -1, 0)
    show(posix.execv, "/nonexistent", ["x"])
    show(posix.execv, "/bin/sh", [])
    show(posix.execv, "/bin/sh", [""])
    show(posix.execv, "/bin/sh", 5)
    show(posix.execve, "/bin/sh", ["x"], {"a=b": "c"})
    show(posix.execve, "/bin/sh", ["x"], 5)
    show(posix.waitstatus_to_exitcode, 0x137F)
    show(posix.kill, 2**22 + 1, 0)
    show(posix.system, "exit 5")
    print(posix.getpid() == posix.getpid(), posix.getpgrp() == posix.getpgid(0), posix.getuid() == posix.getresuid()[0])
    print(posix.sched_getaffinity(0) <= set(range(4096)), posix.cpu_count() >= 1)
    show(posix.register_at_fork)
    show(posix.register_at_fork, before=5)
    order = []
    posix.register_at_fork(before=lambda: order.append("before 1"), after_in_parent=lambda: order.append("after 1"))
    posix.register_at_fork(before=lambda: order.append("before 2"), after_in_parent=lambda: order.append("after 2"))
    pid = posix.fork()
    if pid == 0:
        posix._exit(0)
    posix.waitpid(pid, 0)
    print(order)

    print("-- system")
    print(posix.uname().sysname, len(posix.uname()), len(posix.times()), posix.sysconf("SC_PAGE_SIZE") == posix.sysconf(30))
    show(posix.sysconf, "nope")
    show(posix.sysconf, 1.5)
    print(len(posix.urandom(10)), len(posix.urandom(0)), posix.strerror(2), posix.strerror(99999))
    show(posix.urandom, -1)
    posix.putenv("RYOKAN_TEST", "value")
    print(posix.system("test \"$RYOKAN_TEST\" = value"))
    posix.unsetenv("RYOKAN_TEST")
    print(posix.system("test \"$RYOKAN_TEST\" = value") != 0, type(posix.environ), b"PATH" in posix.environ)
    show(posix.putenv, "a=b", "c")
    show(posix.fspath, 5)
    show(posix.fspath, PathLike(5))
    print(posix.fspath("x"), posix.fspath(b"x"), posix.fspath(PathLike("y")))
    old = posix.umask(0o77)
    print(oct(posix.umask(old)))
    print(posix.major(posix.makedev(5, 6)), posix.minor(posix.makedev(5, 6)), posix.confstr("CS_PATH") is not None)
    fd = posix.memfd_create("x")
    posix.write(fd, b"memory")
    out = posix.open(p("out"), posix.O_RDWR | posix.O_CREAT)
    print(posix.sendfile(out, fd, 2, 10), posix.pread(out, 10, 0))
    posix.close(fd)
    posix.close(out)
    posix.unlink(p("out"))
    fd = posix.eventfd(3)
    posix.eventfd_write(fd, 4)
    print(posix.eventfd_read(fd))
    posix.close(fd)
finally:
    for name in posix.listdir(base):
        try:
            posix.unlink(p(name))
        except OSError:
            posix.rmdir(p(name))
    posix.rmdir(base)
