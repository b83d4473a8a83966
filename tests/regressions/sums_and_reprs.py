# A sum of floats and ints keeps what rounding loses; a bytearray escapes every single quote.
for n in (2**31, 2**53 + 1, 2**60, 2**62, 10**18, 384307168202282325, 2**64 + 1, 10**30):
    print(sum([n, n, n], 1.5), sum([n // 3] * 3, 1.5), sum([n, 0.1, n, -n, 0.1], 0.25), sum([0.1, n, 0.2]))
    print(sum([1.5, 2**70, 0.1]), sum([True, 0.5, n]), sum([0.1] * 10), sum([1e16, 1, 1e-16, n]), sum([n, 1j, 0.5]))
try:
    print(sum([1.5, 10**400]))
except OverflowError as e:
    print(e)
print(bytearray(b"a'b"), bytearray(b'a"b'), bytearray(b"a'\"b\\"), b"a'b", b"a'\"b", b'"')
