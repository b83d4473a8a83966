"""Writing: the whole of what is given, and what comes after a write that could not be finished."""

import os
import socket
import ssl
import threading

HERE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "certificates")


def pair():
    """The two sides of a connection over sockets."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(os.path.join(HERE, "server.pem"))
    client = ssl.create_default_context(cafile=os.path.join(HERE, "authority.pem"))
    ours, theirs = socket.socketpair()
    made = []
    other = threading.Thread(target=lambda: made.append(server.wrap_socket(theirs, server_side=True)))
    other.start()
    ours = client.wrap_socket(ours, server_hostname="localhost")
    other.join()
    return ours, made[0]


def attempt(call, *args):
    try:
        return call(*args)
    except ssl.SSLError as error:
        return type(error).__name__, error.reason, error.library


def drain(side, count):
    """Reads bytes without waiting; how many there were."""
    side.setblocking(False)
    found = 0
    try:
        while found < count:
            found += len(side.recv(1 << 16))
    except ssl.SSLWantReadError:
        pass
    side.setblocking(True)
    return found


def fill(side):
    """Writes until nothing more can be sent; how many bytes were."""
    side.setblocking(False)
    sent = 0
    while (count := attempt(side.write, b"a" * 5000)) == 5000:
        sent += count
    print("full", count)
    return sent


print("-- the whole")
for size in (1, 16384, 16385, 100_000, 1_000_000):
    ours, theirs = pair()
    found = []

    def read():
        count = 0
        while count < size:
            count += len(theirs.recv(1 << 16))
        found.append(count)

    other = threading.Thread(target=read)
    other.start()
    print(size, ours.write(b"a" * size))
    other.join()
    print(found)
    ours.close()
    theirs.close()

print("-- again")
ours, theirs = pair()
sent = fill(ours)
print(attempt(ours.write, b"a" * 5000))
print(drain(theirs, sent) == sent)
print(attempt(ours.write, b"a" * 7000), drain(theirs, 7000))
print(attempt(ours.write, b"b" * 3000), drain(theirs, 3000))

print("-- again, with less")
for less in (4999, 1, 0):
    ours, theirs = pair()
    fill(ours)
    print(less, attempt(ours.write, b"a" * less))

print("-- over memory")
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server.load_cert_chain(os.path.join(HERE, "server.pem"))
client = ssl.create_default_context(cafile=os.path.join(HERE, "authority.pem"))
up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
ours = client.wrap_bio(down, up, server_hostname="localhost")
theirs = server.wrap_bio(up, down, server_side=True)
for _ in range(4):
    for side in (ours, theirs):
        attempt(side.do_handshake)
print(ours.write(b"a" * 100_000), up.pending > 100_000)
count = 0
while count < 100_000:
    count += len(theirs.read(1 << 16))
print(count, up.pending, attempt(theirs.read, 1), ours.write(b""))
