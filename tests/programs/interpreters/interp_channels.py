"""Channels between interpreters, at their plainest."""
import functools
import threading
import time
import _interpchannels as channels
import _interpreters

print = functools.partial(print, flush=True)


def tried(function, *args, **named):
    try:
        result = function(*args, **named)
    except BaseException as error:
        print(type(error).__module__, type(error).__qualname__, error)
    else:
        print('gives', result)


def info(cid):
    found = channels.get_info(cid)
    print(found[:4], [getattr(found, name) for name in dir(found) if name.startswith(('num_', 'send_', 'recv_'))])


print('-- ids')
c = channels.create(3)
number = int(c)
print(repr(c), str(c), c == number, c == float(number), c == 'x', c != number, c.end, hash(c) == hash(number), [10, 20][c])
print(repr(c.send), repr(c.recv), c.send.end, c.send == c, c.send == c.send.send, repr(c.send.recv))
for named in ({}, {'send': True}, {'recv': True}, {'send': True, 'recv': True}, {'send': False}, {'send': False, 'recv': False}):
    tried(lambda: repr(channels._channel_id(number, **named)))
tried(lambda: repr(channels._channel_id(99)))
tried(lambda: repr(channels._channel_id(99, force=True)))
tried(channels.ChannelID)
tried(lambda: c < c)
for wrong in ('a', None, 1.5, -1, 99):
    tried(channels.recv, wrong)
print([(int(cid), unbound, fallback) for cid, unbound, fallback in channels.list_all()])
other = channels.create(3)
kept = int(other)
del other
tried(channels.get_count, kept)

print('-- sending')
tried(channels.recv, c)
tried(channels.recv, c, 'default')
values = [None, 1, 2.5, 'é', b'b', (1, ()), [1, {2: 3}], c, c.recv]
for value in values:
    channels.send(c, value, blocking=False)
print(channels.get_count(c))
for value in values:
    got, unbound = channels.recv(c)
    print(repr(got), unbound, got == value)
tried(channels.send, c, [1], 3, 0, blocking=False)
tried(channels.send, c, 1, timeout=0.01)
tried(channels.send, c, 1, timeout=-1)
tried(channels.send, c, 1, timeout='x')
tried(channels.send, c, 1, blocking=False, timeout=1)
tried(channels.send, c, 1, 9)
tried(channels.send_buffer, c, [1], blocking=False)
channels.send_buffer(c, b'a buffer', blocking=False)
print(bytes(channels.recv(c)[0]), channels.get_count(c))
got = []
thread = threading.Thread(target=lambda: (time.sleep(0.05), got.append(channels.recv(c))))
thread.start()
channels.send(c, 'waited for')
thread.join()
print(got)
for end in (lambda: channels.close(c, force=True), ):
    thread = threading.Thread(target=lambda: (time.sleep(0.05), end()))
    thread.start()
    tried(channels.send, c, 1)
    thread.join()

print('-- closing')
for named in ({}, {'recv': True}, {'send': True}, {'send': True, 'recv': True}):
    c = channels.create(3)
    channels.send(c, 1, blocking=False)
    tried(lambda: channels.close(c, **named) or named)
    info(c)
    tried(lambda: channels.send(c, 2, blocking=False))
    tried(lambda: channels.recv(c)[0])
    info(c)
    tried(lambda: channels.close(c, force=True, **named))
    tried(lambda: channels.close(c))
    tried(lambda: channels.get_count(c))
    tried(lambda: channels.list_interpreters(c, send=True))
    info(c)

print('-- releasing')
for named in ({}, {'recv': True}, {'send': True}, {'send': True, 'recv': True}):
    for used in (False, True):
        c = channels.create(3)
        channels.send(c, 1, blocking=False)
        if used:
            channels.recv(c)
        tried(lambda: channels.release(c, **named) or named)
        info(c)
        tried(lambda: channels.recv(c, 'nothing')[0])
        tried(lambda: channels.list_interpreters(c, send=True))
c = channels.create(3)
channels.destroy(c)
tried(lambda: channels.destroy(c))

print('-- two interpreters')
one = _interpreters.create()
c = channels.create(3)
channels.send(c, 'to the other', blocking=False)
_interpreters.set___main___attrs(one, {'c': c})
_interpreters.exec(one, '''
import _interpchannels as channels
print(repr(c), channels.recv(c), flush=True)
channels.send(c, "from the other", blocking=False)
channels.send(c, c, blocking=False)
''')
print(channels.recv(c)[0], repr(channels.recv(c)[0]))
print(channels.list_interpreters(c, send=True) == [0, one], channels.list_interpreters(c, send=False) == [0, one])
info(c)
_interpreters.exec(one, 'for n in (1, 2, 3): channels.send(c, n, n, blocking=False)')
channels.send(c, 'mine', blocking=False)
print(channels.get_count(c))
_interpreters.destroy(one)
print(channels.get_count(c), channels.list_interpreters(c, send=True))
info(c)
while channels.get_count(c):
    tried(channels.recv, c)
