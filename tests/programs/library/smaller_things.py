# Smaller things: what a task has of its own, constants, hints of lengths, and who would look into another process.
import asyncio
import errno
import fcntl
import json
import operator
import termios
import zlib
from asyncio.tools import RemoteUnwinder, FrameInfo

for name in 'add_done_callback cancelled done exception remove_done_callback result _make_cancelled_error'.split():
    assert name in asyncio.Task.__dict__, name

async def main():
    done = []
    task = asyncio.create_task(asyncio.sleep(0, 'slept'))
    task.add_done_callback(done.append)
    print(task.done(), task.cancelled(), task.remove_done_callback(print))
    print(await task, task.done(), task.result(), task.exception())
    await asyncio.sleep(0)
    print(done == [task])
    other = asyncio.create_task(asyncio.sleep(9))
    other.cancel()
    try:
        await other
    except asyncio.CancelledError:
        print(other.cancelled(), other.done())
asyncio.run(main())

print(fcntl.F_GETOWN_EX, fcntl.F_SETOWN_EX, fcntl.F_OWNER_TID, fcntl.F_OWNER_PID, fcntl.F_OWNER_PGRP, fcntl.F_GET_RW_HINT)
print(termios.IUTF8, termios.N_TTY, termios.VSWTCH, termios._POSIX_VDISABLE, errno.EFTYPE, errno.errorcode[errno.EFTYPE])
print(FrameInfo(('file', 1, 'name')), FrameInfo.__match_args__)
try:
    RemoteUnwinder()
except TypeError as error:
    print(error)
try:
    RemoteUnwinder(99999999)
except RuntimeError:
    print('refused')

class Hinted:
    def __init__(self, hint):
        self.hint = hint
    def __length_hint__(self):
        return self.hint
class Int(int):
    pass
for hint in True, False, Int(5), -1, 2**70, 'x', NotImplemented:
    try:
        length = operator.length_hint(Hinted(hint), 3)
        print(length, type(length))
    except (TypeError, ValueError, OverflowError) as error:
        print(error)
for text in '[' * 100000, '{"a":' * 100000, '[' * 100000 + ']' * 100000:
    try:
        json.loads(text)
    except RecursionError:
        print('too deep')
print([zlib.adler32(data, start) for data in (b'', b'x', b'ab' * 20) for start in (0, 1, -1, 65521, 2**40 + 5)])
