"""strftime: each conversion, with each flag, and what is wrong with arguments."""
import time

st = time.struct_time
g = time.gmtime(0)


def t(s):
    try:
        print(s, '->', repr(eval(s)))
    except BaseException as e:
        print(s, '->', type(e).__name__, e)


for s in '''\
time.strftime()
time.strftime(1)
time.strftime('%Y', 1)
time.strftime('%Y', (1,2))
time.strftime('%Y', (2000,13,1,0,0,0,0,1,0))
time.strftime('%Y', (2000,1,1,0,0,0,0,1,0), 3)
time.strftime('%Y', (0,1,1,0,0,0,0,1,0))
time.strftime('%Y', (99,1,1,0,0,0,0,1,0))
time.strftime('%Y', (-5,1,1,0,0,0,0,1,0))
time.strftime('%Y|%C|%y|%G|%g|%F|%D', (99,1,1,0,0,0,0,1,0))
time.strftime('%Y|%C|%y|%G|%g|%F|%D', (-99,1,1,0,0,0,0,1,0))
time.strftime('%Y|%C|%y|%G|%g|%F|%D', (12345,1,1,0,0,0,0,1,0))
time.strftime('%', g)
time.strftime('a%', g)
time.strftime('%Q', g)
time.strftime('%E', g)
time.strftime('%Ey %Od %EY %EC %Ec %Ex %EX %OH %OS', g)
time.strftime('%\\x00Y', g)
time.strftime('\\x00%Y\\x00', g)
time.strftime('é%Y€😀\\ud800', g)
time.strftime('%é', g)
time.strftime('', g)
time.strftime('%V %U %W %u %w %j %I %p %c %x %X %r %R %T %h %n%t%%', g)
time.strftime('%d', (2000,0,0,0,0,0,0,0,0))
time.strftime('%Z %z', (2000,1,1,0,0,0,0,1,-1))
time.strftime('%Z %z', g)
time.strftime('%Z %z', st(range(11)))
time.strftime('%Z %z', st((2000,1,1,0,0,0,0,1,0),{'tm_zone':'ABC','tm_gmtoff':-3661}))
time.strftime('%Z %z', st((2000,1,1,0,0,0,0,1,0),{'tm_zone':3,'tm_gmtoff':-3661}))
time.strftime('%Z %z', st((2000,1,1,0,0,0,0,1,0),{'tm_zone':'ABC','tm_gmtoff':'x'}))
time.strftime('%Y', [1])
time.strftime(format='%Y')
time.strftime(b'%Y')
'''.splitlines():
    t(s)

moment = time.gmtime(123456789)
early = st((99, 1, 3, 5, 7, 8, 6, 3, 1), {'tm_zone': 'ABC', 'tm_gmtoff': -34200})
for c in 'abcdefghijklmnopqrtuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ%+-:,1':
    for m in (moment, early):
        print(c, [time.strftime('%' + flag + c, m) for flag in (
            '', 'E', 'O', '-', '_', '0', '^', '#', '5', '05', '_5', '-5', '#5', '^E', '#^', '+', '012', 'E5', '5E', '--', '-0', '0-', '^^', '10')])
for y in range(1995, 2030):
    print(y, [time.strftime('%G-%V-%u %U %W', (y, 1, d, 0, 0, 0, (y + d) % 7, d, 0)) for d in (1, 3, 5)], end=' ')
    print([time.strftime('%G %V %g', (y, 12, d, 0, 0, 0, (d + y) % 7, 365, 0)) for d in (28, 31)])
print(len(time.strftime('%2000d', moment)), len(time.strftime('%200d', moment)), repr(time.strftime('%99999999999999999999d', moment)))
print([len(time.strftime(f'%{n}d', moment)) for n in (1023, 1024, 1025, 1500, 2047, 2048, 2049, 5000)], len(time.strftime('%1000d' * 5, moment)))
print(repr(time.strftime('%Y\u20ac%3000d\u20ac%m', moment)), ascii(time.strftime('\ud800%d\udfff\0%%\0', moment)))
