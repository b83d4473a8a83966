# What native functions say of keywords they do not know, of arguments that are missing, and of which module they are.
import math
import sys


def said(work):
    try:
        return repr(work())
    except TypeError as e:
        return str(e)


print(said(lambda: "a".split(sepp=1)))
print(said(lambda: (1).to_bytes(lenght=2)))
print(said(lambda: sum([1], sart=2)))
print(said(lambda: pow(1, bse=2)))
print(said(lambda: pow(1)))
print(said(lambda: math.sin()))
print(said(lambda: math.sin(1, 2)))
print(said(lambda: math.pow(1)))
print(said(lambda: math.gcd("a")))
print(said(lambda: math.isclose(1)))
print(said(lambda: math.isclose(1, 2, rel=3)))
print(said(lambda: math.sin(x=1)))
print(said(lambda: sys.intern()))
print(said(lambda: sys.getrefcount()))
print(said(lambda: len()))
print(said(lambda: [].append()))
print(said(lambda: "".join()))
print(said(lambda: sorted()))
print(said(lambda: sorted([1], revers=True)))
print(said(lambda: [].sort(ky=1)))
print(said(lambda: "a".encode(enc="utf-8")))
print(said(lambda: enumerate()))
print(said(lambda: enumerate([], strt=1)))
print(said(lambda: int("1", bas=3)))
print(said(lambda: print(1, ends="")))
print(said(lambda: max([1], ky=1)))
print(said(lambda: "{}".format_map()))
print(said(lambda: round()))
print(said(lambda: round(number=1, digits=2)))
print(said(lambda: dict.fromkeys()))
print(said(lambda: bytes.fromhex()))
print(said(lambda: bytes(sourc=1)))
print(said(lambda: complex(rea=1)))
print(said(lambda: zip([1], strct=True)))
