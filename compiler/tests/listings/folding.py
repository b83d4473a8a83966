if __debug__: a
if 0: b
while 0: c
assert d, e
x in [1, 2]
x in {1, 2}
(1, (2, 3))[1]
[1, 2, 3]
{1, 2, 3}
'ab'[0]
