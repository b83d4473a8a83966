"""Queues between interpreters."""
import functools
import pickle
import _interpqueues
from concurrent import interpreters
from concurrent.interpreters import _queues as queues

print = functools.partial(print, flush=True)


def tried(function, *args, **named):
    try:
        result = function(*args, **named)
    except BaseException as error:
        print(type(error).__module__, type(error).__qualname__, error)
    else:
        print('gives', result)


print('-- plain')
q = interpreters.create_queue()
print(q.maxsize, q.empty(), q.full(), q.qsize(), q.unbounditems, q is queues.Queue(q.id))
values = [None, True, -1, 2.5, 'text é \U0001d11e', b'bytes', (1, (2, ())), [1, {'a': {2}}], 2**100, ValueError('pickled'), len, int]
for value in values:
    q.put(value)
print(q.qsize(), q.empty())
for value in values:
    got = q.get()
    print(repr(got), type(got) is type(value), got is value)
tried(q.get_nowait)
tried(q.get, timeout=0)
try:
    q.put((n for n in ()).gi_frame)
except interpreters.NotShareableError as error:
    print(str(error).partition(' at 0x')[0])
q.put(memoryview(b'seen'))
print(bytes(q.get()))

print('-- limits')
small = interpreters.create_queue(2)
small.put(1)
small.put(2)
print(small.full(), small.maxsize)
tried(small.put_nowait, 3)
tried(small.put, 3, timeout=0)
tried(small.put, 3, timeout=-1)
print(small.get(), small.get())
tried(interpreters.create_queue, 'x')
tried(interpreters.create_queue, unbounditems=None)
tried(queues.Queue, 'x')
tried(queues.Queue, 999)

print('-- two interpreters')
other = interpreters.create()
other.prepare_main(q=q, small=small)
other.exec('q.put("from the other"); q.put(q); small.put(len)')
print(q.get(), q.get() is q, small.get())
q.put('to the other')
other.exec('print(q.get(), q.qsize(), type(q).__name__, flush=True)')
print(pickle.loads(pickle.dumps(q)) is q)

print('-- an interpreter ends')
for how in (queues.UNBOUND, queues.UNBOUND_ERROR, queues.UNBOUND_REMOVE):
    kept = interpreters.create_queue(unbounditems=how)
    gone = interpreters.create()
    gone.prepare_main(kept=kept)
    gone.exec('kept.put(1); kept.put(2)')
    kept.put('mine')
    print(kept.qsize())
    gone.close()
    print(kept.qsize())
    while not kept.empty():
        tried(kept.get)
mixed = interpreters.create_queue()
gone = interpreters.create()
gone.prepare_main(mixed=mixed)
gone.exec('''
from concurrent.interpreters import _queues as m
mixed.put(1)
mixed.put(2, unbounditems=m.UNBOUND_REMOVE)
mixed.put(3, unbounditems=m.UNBOUND_ERROR)
''')
gone.close()
while not mixed.empty():
    tried(mixed.get)

print('-- at their plainest')
for args in ((), (0, 7, -1), (0, 0, -1), (0, 3, 2), ('a', 3, -1), (0, 3, -1, 5)):
    tried(_interpqueues.create, *args)
before = len(_interpqueues.list_all())
number = _interpqueues.create(2, 3, -1)
print(_interpqueues.get_queue_defaults(number), _interpqueues.get_maxsize(number), _interpqueues.is_full(number))
tried(lambda: _interpqueues.put(number, [1], 3, 0))
_interpqueues.put(number, 1)
_interpqueues.put(number, [1], 2, 1)
print(_interpqueues.is_full(number), _interpqueues.get_count(number), _interpqueues.get(number), _interpqueues.get(number))
for wrong in ('a', None, 1.5, -1, 2**70):
    tried(_interpqueues.get, wrong)
_interpqueues.bind(number)
_interpqueues.bind(number)
_interpqueues.release(number)
print(len(_interpqueues.list_all()) - before)
_interpqueues.release(number)
print(len(_interpqueues.list_all()) - before)
for function in (_interpqueues.get, _interpqueues.bind, _interpqueues.release, _interpqueues.destroy, _interpqueues.get_count):
    tried(function, 999)
number = _interpqueues.create(2, 3, -1)
_interpqueues.destroy(number)
print(len(_interpqueues.list_all()) - before)
tried(_interpqueues._register_heap_types, 1, 2, 3)
tried(_interpqueues._register_heap_types, int, int, int)

print('-- a queue on its way')
carrier, carried = interpreters.create_queue(), interpreters.create_queue()
number = carried.id
carried.put('inside')
carrier.put(carried)
del carried
print(carrier.get().get())
print(number in [qid for qid, _, _ in _interpqueues.list_all()])
other.close()
