"""An iterator of records owns the bytes that it reads: the collector sees them, and a cycle through them is found."""
import _struct
import gc
import sys

sys.kept = _struct.Struct("<H").iter_unpack(b"abcdefgh")
print(next(sys.kept))
ends = []


class Exporter:
    def __buffer__(self, flags):
        return memoryview(b"abcdefgh")

    def __release_buffer__(self, view):
        ends.append("released")

    def __del__(self):
        ends.append("gone")


exporter = Exporter()
exporter.records = _struct.iter_unpack("<H", exporter)
print(next(exporter.records))
del exporter
print(gc.collect() > 0, sorted(ends))

array = bytearray(8)
records = _struct.iter_unpack("<i", array)
try:
    array.append(1)
except BufferError as e:
    print(e)
print(list(records))
array.append(1)
print(len(array))
