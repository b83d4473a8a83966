import sys
class B:
    def __init__(self): self.data=bytearray(b'hello')
    def __buffer__(self, flags):
        print('buffer', flags); return memoryview(self.data)
    def __release_buffer__(self, view):
        print('release', bytes(view)); view.release()
b=B()
m=memoryview(b); print(type(m.obj), m.obj is b, m.tobytes(), m.readonly); m[0]=72; print(b.data)
m.release(); print('--')
print(bytes(b)); print(bytearray(b), bytearray(b'x') + b)
m=memoryview(b); del m
print('--2')
class C:
    def __buffer__(self, f): return b'x'
for f in (lambda: memoryview(C()), lambda: memoryview(3), lambda:b'x'.__buffer__(1), lambda:b'x'.__buffer__('a'), lambda: b'x'.__release_buffer__):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
v=b'abc'.__buffer__(0); print(v.obj)
ba=bytearray(b'q'); v=ba.__buffer__(1); 
try: ba.append(1)
except BufferError as e: print(e)
print(v.readonly, bytearray.__release_buffer__.__name__, memoryview.__buffer__.__name__)
ba.__release_buffer__(v); ba.append(1); print(ba)
try: print(v[0])
except ValueError as e: print(e)
class D(bytearray):
    pass
print(bytes(D(b'dd')))
with memoryview(b) as m: print(len(m), m[1:3].obj is m.obj)
class E:
    def __buffer__(self, flags): raise ZeroDivisionError
try: memoryview(E())
except Exception as e: print(type(e))

# An error while the buffer is released is nobody's to catch; views share one export.
class F(B):
    def __release_buffer__(self, view):
        print('last', len(view))
f = F()
m = memoryview(f)
n = m[1:4]
m.release()
print(bytes(n), n.cast('c')[0])
del n
print('end')
for flags in (2 ** 40, None, -1):
    try: b'x'.__buffer__(flags); print('fine')
    except (OverflowError, TypeError, BufferError) as e: print(type(e).__name__, e)
try: bytearray(b'').__release_buffer__(3)
except TypeError as e: print(e)

# The same view as an answer again and again stays the exporter's.
class Same:
    def __init__(self): self.view = memoryview(b'abcd')
    def __buffer__(self, flags): return self.view
same = Same()
print(bytes(same), bytes(same), same.view.tolist())
