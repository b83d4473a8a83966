"""Calendar fields of seconds, and back: bounds, and what is wrong with arguments."""
import time

st = time.struct_time
g = time.gmtime(0)


def t(s):
    try:
        print(s, '->', repr(eval(s)))
    except BaseException as e:
        print(s, '->', type(e).__name__, e)


for s in '''\
time.asctime(())
time.asctime((1,)*8)
time.asctime([1]*9)
time.asctime(('a',)*9)
time.asctime((1.0,)*9)
time.asctime((2**70,)*9)
time.asctime((2**40,)*9)
time.asctime((2000,13,1,0,0,0,0,1,0))
time.asctime((2000,0,0,0,0,0,0,0,0))
time.asctime((2000,-1,1,0,0,0,0,1,0))
time.asctime((2000,1,32,0,0,0,0,1,0))
time.asctime((2000,1,-1,0,0,0,0,1,0))
time.asctime((2000,1,1,24,0,0,0,1,0))
time.asctime((2000,1,1,-1,0,0,0,1,0))
time.asctime((2000,1,1,0,60,0,0,1,0))
time.asctime((2000,1,1,0,0,62,0,1,0))
time.asctime((2000,1,1,0,0,61,0,1,0))
time.asctime((2000,1,1,0,0,0,-1,1,0))
time.asctime((2000,1,1,0,0,0,-2,1,0))
time.asctime((2000,1,1,0,0,0,-3,1,0))
time.asctime((2000,1,1,0,0,0,8,1,0))
time.asctime((2000,1,1,0,0,0,0,367,0))
time.asctime((2000,1,1,0,0,0,0,-1,0))
time.asctime((2000,1,1,0,0,0,0,-2,0))
time.asctime((2000,1,1,0,0,0,0,1,10**5))
time.asctime((-2**31,1,1,0,0,0,0,1,0))
time.asctime((-2**31+1900,1,1,0,0,0,0,1,0))
time.asctime((2**31-1,1,1,0,0,0,0,1,0))
time.asctime((2**31,1,1,0,0,0,0,1,0))
time.asctime((-5,1,1,0,0,0,0,1,0))
time.asctime(1,2)
time.asctime('a')
time.asctime(None)
time.ctime('a')
time.ctime(1,2)
time.ctime(1e30)
time.ctime(float('nan'))
time.gmtime(2**63)
time.gmtime(2**62)
time.gmtime(-2**63)
time.gmtime(1e18)
time.gmtime(1e17)
time.gmtime(67768036191676799)
time.gmtime(67768036191676800)
time.gmtime(-67768040609740800)
time.gmtime(-67768040609740801)
time.gmtime(-1)
time.gmtime(-1.5)
time.gmtime(1.9)
time.gmtime('a')
time.gmtime(1j)
time.gmtime(float('inf'))
time.gmtime(float('nan'))
time.gmtime(0, 1)
time.gmtime(secs=1)
time.localtime(2**63)
time.localtime(1e18)
time.localtime('x')
time.tzset(1)
time.__doc__ is not None
time.mktime(1)
time.mktime((1,))
time.mktime(('a',)*9)
time.mktime()
time.mktime((2**31,1,1,0,0,0,0,1,0))
time.mktime((2**31-1,2**31-1,1,0,0,0,0,1,0))
'''.splitlines():
    t(s)


DAY = 86400
for days in (0, 1, 31, 58, 59, 60, 365, 789, 790, 11015, 11016, 11017, 47540, -1, -719162, -719163, -719528, -719529, 2932896, 10**8, -10**8):
    m = time.gmtime(days * DAY + 3661)
    print(days, tuple(m), m.tm_zone, m.tm_gmtoff, time.asctime(m), time.strftime('%Y-%m-%d %j %U %W %V %G %u %a', m))
for x in (0, 1e9, 1.9e9, 12345678.9, -1, -1e9, 2**31, 2**33):
    m = time.localtime(x)
    print(x, len(m), time.mktime(m) == int(x), m.tm_gmtoff is not None, time.ctime(x) == time.asctime(m))
print(isinstance(time.localtime(), time.struct_time), time.gmtime(None)[0] > 2000, len(time.asctime()) >= 24, len(time.ctime(None)) >= 24)
a, b = time.time(), time.mktime(time.localtime())
print(-2 < a - b < 30)
