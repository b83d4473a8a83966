# Messages: bytes of many buffers, descriptors that travel beside them, and what is wrong with either.
import array
import os
import socket


def show(call, *args, **names):
    try:
        print(repr(call(*args, **names))[:150])
    except BaseException as error:
        print(type(error).__name__, error)


a, b = socket.socketpair()
print("-- bytes")
for args in ((), (3,), ([b"a", 3],), ([b"x"], 3), ([b"x"], [3]), ([b"x"], [(1, 2)]), ([b"x"], [("a", 2, b"")]), ([b"x"], [], "a"), ([b"x"], [], 0, 3), ([b"x"], [], 0, None, 1), ((b"q", bytearray(b"r"), memoryview(b"s")),), (iter([b"z"]),), ([b"x"], [], 0, "/nope"), ([b"x"], [(2**40, 1, b"")])):
    show(a.sendmsg, *args)
print(b.recvmsg(100))
print(a.sendmsg([b"hello"]), b.recvmsg(3), b.recvmsg(3, 0, 0))
for args in ((), (-1,), ("a",), (1, -1), (1, 0, "a"), (2**70,), (1, 0, 0, 0)):
    show(b.recvmsg, *args)
a.sendmsg([b"hello", b" ", b"world"])
parts = [bytearray(3), bytearray(4)]
print(b.recvmsg_into(parts), parts, b.recvmsg(100))
for args in ((), (3,), ([b"a"],), ([3],), ([bytearray(3)], -1), (bytearray(3),)):
    show(b.recvmsg_into, *args)
show(b.recvmsg, 10, 0, socket.MSG_DONTWAIT)
b.settimeout(0.01)
show(b.recvmsg, 10)
b.settimeout(None)

print("-- descriptors")
read, write = os.pipe()
socket.send_fds(a, [b"fd"], [write])
message, descriptors, flags, address = socket.recv_fds(b, 10, 5)
os.write(descriptors[0], b"through the copy")
print(message, len(descriptors), flags, address, os.read(read, 100))


def carried(data, room):
    a.sendmsg([b"y"], data)
    message, beside, flags, address = b.recvmsg(10, room)
    for _, _, found in beside:
        for fd in array.array("i", found[: len(found) // 4 * 4]):
            os.close(fd)
    print(message, [(level, kind, len(found)) for level, kind, found in beside], flags, address)


two = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [write, write]))
one = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [write]))
carried([two], 100)
carried([two], socket.CMSG_LEN(4))
carried([two, one], 100)
carried([one], 0)
for length in (0, 1, 4, 100, -1, 2**31, "a"):
    show(socket.CMSG_LEN, length)
    show(socket.CMSG_SPACE, length)

print("-- addresses")
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
    server.bind(("127.0.0.1", 0))
    client.bind(("127.0.0.1", 0))
    client.sendmsg([b"to ", b"you"], [], 0, server.getsockname())
    message = server.recvmsg(100)
    print(message[:3], message[3] == client.getsockname())
    client.sendmsg([b"long message"], (), 0, server.getsockname())
    message = server.recvmsg(4)
    print(message[0], message[2] == socket.MSG_TRUNC)
    show(client.sendmsg, [b"x"], [], 0, ("a",))
    show(client.sendmsg, [b"x"], [], 0, 5)
    show(client.sendmsg, [b"x"])
for fd in (read, write, *descriptors):
    os.close(fd)
a.close()
b.close()
