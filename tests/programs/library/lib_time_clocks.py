"""Clocks by name and by number, sleeping, and what is wrong with their arguments."""
import time

st = time.struct_time
g = time.gmtime(0)


def t(s):
    try:
        print(s, '->', repr(eval(s)))
    except BaseException as e:
        print(s, '->', type(e).__name__, e)


for s in '''\
time.sleep()
time.sleep('a')
time.sleep(-1)
time.sleep(float('nan'))
time.sleep(float('inf'))
time.sleep(1e20)
time.sleep(2**63)
time.sleep(2**70)
time.sleep(secs=0)
time.sleep(None)
time.sleep(0)
time.sleep(-1e-10)
time.sleep(-1e-9)
time.clock_gettime()
time.clock_gettime('a')
time.clock_gettime(1.5)
time.clock_gettime(999)
time.clock_gettime(2**40)
time.clock_gettime(2**31)
time.clock_gettime(2**70)
time.clock_gettime(clk_id=0)
time.clock_gettime_ns(999)
time.clock_gettime_ns('a')
time.clock_gettime_ns(2**40)
time.clock_getres(999)
time.clock_getres(0)
time.clock_getres(time.CLOCK_MONOTONIC)
time.clock_getres('a')
time.clock_getres()
time.clock_getres(1,2)
time.clock_getres(2**40)
time.clock_settime(1, 5)
time.clock_settime(1)
time.clock_settime('a', 5)
time.clock_settime(0, 'a')
time.clock_settime(999, 1)
time.clock_settime(0, -1)
time.clock_settime(0, 1e30)
time.clock_settime(0, float('nan'))
time.clock_settime_ns(0, 'a')
time.clock_settime_ns(0, 1.5)
time.clock_settime_ns(1, 5)
time.clock_settime_ns(1)
time.clock_settime_ns(0, 2**70)
time.clock_settime_ns(0, -1)
time.get_clock_info('foo')
time.get_clock_info(1)
time.get_clock_info()
time.get_clock_info('time', 1)
time.get_clock_info(name='time')
time.get_clock_info('ti\\x00me')
type(time.get_clock_info('time'))
time.pthread_getcpuclockid('a')
time.pthread_getcpuclockid()
time.pthread_getcpuclockid(1.5)
time.time(1)
time.time(x=1)
'''.splitlines():
    t(s)


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        if self.n is None:
            raise KeyError('index')
        return self.n


class Real:
    def __float__(self):
        return 0.0


for x in (Index(0), Index(None), Index('x'), Real(), True, False, 0.0, -0.0, 0):
    for function in (time.clock_getres, time.sleep, lambda x: time.clock_settime(1, x), lambda x: time.clock_settime_ns(1, x),
                     lambda x: type(time.clock_gettime(x))):
        try:
            print(type(x).__name__, function(x))
        except Exception as e:
            print(type(x).__name__, type(e).__name__, e)
for name in ('time', 'monotonic', 'perf_counter', 'process_time', 'thread_time'):
    read, read_ns = getattr(time, name), getattr(time, name + '_ns')
    a, b, c, d = read(), read_ns(), read(), read_ns()
    print(name, type(a), type(b), a <= c, b <= d, abs(b / 1e9 - a) < 30, time.get_clock_info(name))
for number in (time.CLOCK_REALTIME, time.CLOCK_MONOTONIC, time.CLOCK_MONOTONIC_RAW, time.CLOCK_BOOTTIME, time.CLOCK_TAI,
               time.CLOCK_PROCESS_CPUTIME_ID, time.CLOCK_THREAD_CPUTIME_ID):
    a, b = time.clock_gettime(number), time.clock_gettime_ns(number)
    print(number, type(a), type(b), a <= b / 1e9 + 1, time.clock_getres(number) <= 0.1)
print(abs(time.clock_gettime(time.CLOCK_MONOTONIC) - time.monotonic()) < 30, abs(time.clock_gettime(time.CLOCK_REALTIME) - time.time()) < 30)
import _thread
clock = time.pthread_getcpuclockid(_thread.get_ident())
a, b = time.clock_gettime(clock), time.thread_time()
print(type(clock), clock < 0, 0 <= a <= b + 1e-3)
a = time.monotonic()
time.sleep(0.02)
print(0.02 <= time.monotonic() - a < 10)
a = time.thread_time()
time.sleep(0.05)
print(time.thread_time() - a < 0.05)
for name in sorted(dir(time)):
    thing = getattr(time, name)
    if not name.startswith('__') and callable(thing) and not isinstance(thing, type):
        print(name, thing.__text_signature__, thing.__module__, thing.__doc__ is not None)
    elif name.startswith(('CLOCK_', '_')) and not name.startswith('__'):
        print(name, thing)
