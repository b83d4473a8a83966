# Shifts, and/or/xor, bit_length, bit_count, to_bytes, from_bytes.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", r)


vals = [0, 1, -1, 5, -5, 255, -256, 2**31, -(2**31), 2**62, 2**63 - 1, -(2**63), 2**64, -(2**64) - 1, 3**60, -(3**60)]
for a in vals:
    print(a, a.bit_length(), a.bit_count(), ~a, a & 0xFF, a | 0xFF, a ^ -1, a >> 3, a << 3, a >> 70)
for a in vals[1::2]:
    for b in vals[::3]:
        print(a & b, a | b, a ^ b, (a & b) + (a | b) == a + b, (a ^ b) == (a | b) - (a & b))
print(1 << 100, -1 << 100, 1 << 0, 0 << 1000000, -1 >> 1000, 12345678901234567890 >> 33, -12345678901234567890 >> 33)
print([-8 >> i for i in range(6)], [-7 >> i for i in range(6)])
err(lambda: 1 << -1)
err(lambda: 1 >> -1)
err(lambda: 1 << 1.0)
err(lambda: 1 & 1.0)
err(lambda: "a" | 1)
print(0 >> 10**30, 5 >> 10**30, -5 >> 10**30)
err(lambda: 1 << 10**30)
print(0 << 10**30)

print((1024).to_bytes(2, "big"), (1024).to_bytes(4, "little"), (-1).to_bytes(3, "big", signed=True), (0).to_bytes(0, "big"))
print((255).to_bytes(), (1).to_bytes(1), (10**30).to_bytes(16, "little"))
err((256).to_bytes, 1, "big")
err((-1).to_bytes, 1, "big")
err((128).to_bytes, 1, "big", signed=True)
err((-129).to_bytes, 1, "big", signed=True)
err((1).to_bytes, -1, "big")
err((1).to_bytes, 1, "middle")
print(int.from_bytes(b"\x01\x00", "big"), int.from_bytes(b"\x01\x00", "little"), int.from_bytes(b"\xff\xfe", "big", signed=True))
print(int.from_bytes(b""), int.from_bytes([1, 2, 3]), int.from_bytes(bytearray(b"\x80"), "little", signed=True))
err(int.from_bytes, "abc")
err(int.from_bytes, [256])
for v in vals:
    size = v.bit_length() // 8 + 1
    for order in ("big", "little"):
        data = v.to_bytes(size, order, signed=True)
        assert int.from_bytes(data, order, signed=True) == v, v
print("round trip")
print((6).as_integer_ratio(), (6).numerator, (6).denominator, (6).real, (6).imag, (6).conjugate(), (6).is_integer())
print(True & False, True | False, True ^ True, type(True & 1).__name__, type(True & True).__name__, True << 3)
popcount = sum((n & -n).bit_length() for n in range(1, 200))
print(popcount)
h = 0
for c in b"names are keys":
    h = (h ^ c) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
print(h, hex(h), h ^ (h >> 32))
