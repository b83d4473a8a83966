# Other programs in new processes, made at once; timers that are files; paths as texts; reading and writing with flags.
import os
import posix
import signal
import sys
import time


def show(call, *args, **names):
    try:
        print(repr(call(*args, **names)))
    except BaseException as error:
        print(type(error).__name__, error)


def spawn(*args, call=posix.posix_spawn, **names):
    try:
        print(os.waitstatus_to_exitcode(os.waitpid(call(*args, **names), 0)[1]))
    except BaseException as error:
        print(type(error).__name__, error)


def output(script, env=None, **names):
    """What a shell prints."""
    read, write = os.pipe()
    actions = [(posix.POSIX_SPAWN_DUP2, write, 1), (posix.POSIX_SPAWN_CLOSE, read)] + names.pop("more", [])
    pid = posix.posix_spawn("/bin/sh", ["sh", "-c", script], {"A": "1"} if env is None else env, file_actions=actions, **names)
    os.close(write)
    with os.fdopen(read) as file:
        text = file.read()
    print(repr(text), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


print("-- programs")
output("echo $A; exit 3")
output("echo $B$C", {b"B": b"x", "C": "y"})
output("kill -9 $$")
output("read line; echo got $line", more=[(posix.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0)])
output("echo a >&7", more=[(posix.POSIX_SPAWN_DUP2, 1, 7), (posix.POSIX_SPAWN_CLOSEFROM, 8)])
output("[ $(ps -o pgid= -p $$ 2>/dev/null || echo $$) = $$ ]; echo session", setsid=True)
output("echo group", setpgroup=0, setsigmask=[signal.SIGUSR1], setsigdef={signal.SIGINT, signal.SIGPIPE}, resetids=True, scheduler=(None, posix.sched_getparam(0)))
spawn("true", ["x"], os.environ, call=posix.posix_spawnp)
spawn("true", ["x"], None, call=posix.posix_spawnp)

print("-- refused")
T = "/bin/true"
for args in ((T, [], {}), (T, "a", {}), (T, [""], {}), (T, [1], {}), (T, ["a"], 3), (T, ["a"], {1: 2}), (T, ["a"], {"a=b": "c"}), ("/nope", ["a"], {}), (T, ["a\0"], {}), (T + "\0", ["a"], {}), (3, ["a"], {}), (T, ["a"]), (T, ["a"], {}, [])):
    spawn(*args)
for actions in ([()], [3], [(9,)], [(0,)], [(0, 1)], [(0, 5, "/nope/x", 0, 0)], [(1,)], [(1, "a")], [(1, -1)], [(2, 1)], [(2, 99, 7)], [("a", 1)], [[1, 0]], 3, None, [(0, 5, 3, 0, 0)], [(0, 5, "a\0", 0, 0)]):
    spawn(T, ["a"], {}, file_actions=actions)
for names in (dict(setpgroup="a"), dict(setpgroup=-1), dict(setpgroup=None), dict(setsigmask=[0]), dict(setsigmask=[999]), dict(setsigmask=3), dict(setsigdef=["a"]), dict(scheduler=3), dict(scheduler=(1, 2, 3)), dict(scheduler=(0, 3)), dict(foo=1)):
    spawn(T, ["a"], {}, **names)

print("-- timers")
fd = posix.timerfd_create(time.CLOCK_MONOTONIC)
print(os.get_inheritable(fd), posix.timerfd_gettime(fd), posix.timerfd_gettime_ns(fd))
print(posix.timerfd_settime(fd, initial=100, interval=0.5))
left, every = posix.timerfd_gettime(fd)
print(99 < left <= 100, every, posix.timerfd_gettime_ns(fd)[1])
posix.timerfd_settime_ns(fd, initial=1)
print(int.from_bytes(os.read(fd, 8), sys.byteorder), posix.timerfd_gettime(fd))
show(posix.timerfd_create, 99)
for names in (dict(initial=-1), dict(initial="a"), dict(initial=1e300), dict(flags=99)):
    show(posix.timerfd_settime, fd, **names)
show(posix.timerfd_settime_ns, fd, initial=1.5)
show(posix.timerfd_settime_ns, fd, initial=2**70)
os.close(fd)
show(posix.timerfd_gettime, fd)
show(posix.timerfd_gettime, -1)
show(posix.timerfd_gettime, "a")

print("-- paths")
for path in ("", ".", "a//b", "./a", "a/./b", "a/../b", "../../a", "/..", "/../a", "//a", "///a", "//", "a/..", "a/../..", "/a/b/../../../c", "a/b/..//../c/.", "a\0b/../c", "\xe9/../\xfc", "//../x", "...", "\ud800/../a", b"a/../b", b"\xff/./", 3, None):
    show(posix._path_normpath, path)
for path in ("", "a", "/a", "//a", "///a", b"//a", 3):
    show(posix._path_splitroot_ex, path)

print("-- flags")
fd = os.memfd_create("x")
show(os.pwritev, fd, [b"abc", b"def"], 0, os.RWF_DSYNC)
show(os.pwritev, fd, [b"x"], 0, os.RWF_APPEND)
show(os.pwritev, fd, [b"x"], 0, 1 << 20)
parts = bytearray(4), bytearray(4)
show(os.preadv, fd, parts, 0, os.RWF_HIPRI)
print(parts)
show(os.preadv, fd, parts, 0, 1 << 20)
