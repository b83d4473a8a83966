a = b = c
a, b = b, a
a, *b, c = d
[x, (y, z)] = q
a.b[c] = 1
a[1:2] = a[x:y:z]
del a, b.c, d[0], e[x:], (f, g)
