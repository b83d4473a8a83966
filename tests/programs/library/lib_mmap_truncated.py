# A file that becomes shorter while it is mapped: the program goes on.
import mmap, os, tempfile

with tempfile.TemporaryFile() as file:
    file.write(b"x" * (4 * mmap.PAGESIZE))
    file.flush()
    with mmap.mmap(file.fileno(), 0) as memory:
        os.ftruncate(file.fileno(), mmap.PAGESIZE)
        print(memory[:3], memory[2 * mmap.PAGESIZE], memory.find(b"\0"), sum(memory[mmap.PAGESIZE:]))
        memory[3 * mmap.PAGESIZE] = 7
        print(memory[3 * mmap.PAGESIZE], bytes(memoryview(memory)[-3:]), memory.size() == mmap.PAGESIZE)
print("whole")
