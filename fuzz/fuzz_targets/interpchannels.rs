//! Channels and queues between interpreters: whoever sends, receives, closes, releases, binds, ends, every object is charged, nothing of
//! one heap is in another, and CPython 3.14 says the same.
//!
//! The first byte is not used; each three bytes are one operation: who does it and what, with which channel or queue, and how. (What CPython makes of
//! an end that is released more than once is not compared.) Without `RYOKAN_PYTHON` the programs are only run.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ryokan_fuzz::given::check;

/// What each input is given to.
const PROGRAM: &str = r#"
import _interpreters as I
PRELUDE = '''
import _interpchannels as C, _interpqueues as Q
class Queue:
    def __init__(self, qid): self._id = qid
class Empty(Exception): pass
class Full(Exception): pass
Q._register_heap_types(Queue, Empty, Full)
kept = []
def shown(value):
    if isinstance(value, memoryview): return bytes(value), value.readonly
    if isinstance(value, Queue): return 'queue', value._id
    if isinstance(value, tuple): return tuple(map(shown, value))
    return value
def op(kind, number, how):
    flags = {'send': how & 1 != 0, 'recv': how & 2 != 0, 'force': how & 4 != 0}
    values = (None, how, -2.5, 'text %d' % how, b'bytes', (1, ('two', how)), memoryview(b'lent'), memoryview(bytearray(3)), 2 ** 70, Queue(number), [how])
    value = values[how % len(values)]
    if kind == 0: kept.append(C.create(1 + how % 3)); return int(kept[-1])
    if kind == 1: return C.send(number, value, 1 + how % 3, 0, blocking=False)
    if kind == 2: return shown(C.recv(number))
    if kind == 3: return C.close(number, **flags)
    if kind == 4: return C.release(number, **flags)
    if kind == 5: return C.get_count(number)
    if kind == 6: return tuple(C.get_info(number)[:4])
    if kind == 7: return C.list_interpreters(number, send=how & 1 != 0)
    if kind == 8: return Q.create(how % 4, 1 + how % 3, 0)
    if kind == 9: return Q.put(number, value, 1 + how % 3, 0)
    if kind == 10: return shown(Q.get(number))
    if kind == 11: return Q.bind(number) if how & 1 else Q.release(number)
    if kind == 12: return Q.get_count(number), Q.is_full(number), Q.get_maxsize(number), Q.get_queue_defaults(number)
    if kind == 13: return Q.destroy(number) if how & 1 else C.destroy(number)
    if kind == 14: kept.append(C._channel_id(number, send=True)); return repr(kept[-1])
    if kind == 15: return C.send(number, kept[how % len(kept)], 1, 0, blocking=False) if kept else kept.clear()
def told(*what):
    try: return repr(op(*what))
    except (Exception, Empty, Full) as error: return type(error).__name__ + ' ' + str(error)
'''
here = {}
exec(PRELUDE, here)
others = []
def make():
    made = I.create()
    told = I.exec(made, PRELUDE)
    if told: print(told.formatted)
    others.append(made)
make()
make()
data = DATA
HOW
for at in range(0, min(len(data) - 2, 180), 3):
    who, kind = data[at] % 3, data[at] // 3 % 17
    number, how = data[at + 1] % 6, data[at + 2]
    if kind == 16:
        I.destroy(others.pop(0))
        make()
    elif who == 2: print(kind, here['told'](kind, number, how))
    else:
        print(kind, I.exec(others[who], f'raise Exception(told({kind}, {number}, {how}))').msg)
for other in others: I.destroy(other)
"#;

/// Whether an end is released.
fn releases(data: &[u8]) -> bool {
    data.chunks_exact(3).any(|op| op[0] / 3 % 17 == 4)
}

fuzz_target!(|data: &[u8]| check(PROGRAM, data, |data| !releases(data)));
