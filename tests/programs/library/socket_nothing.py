# Receiving into nothing: what need not wait, and what does.
import socket

a, b = socket.socketpair()
print(a.recv_into(bytearray()), a.recv(0))
a.settimeout(0.05)
for what in (lambda: a.recvfrom_into(bytearray())), (lambda: a.recvmsg_into([bytearray()])), (lambda: a.recvfrom(0)):
    try:
        print(what())
    except TimeoutError as error:
        print(error)
b.send(b'xyz')
print(a.recv_into(bytearray()), a.recvfrom_into(bytearray())[0], a.recvmsg_into([])[0], a.recv(9))
for what in (lambda: a.recv_into(bytearray(), 1)), (lambda: a.recv_into(bytearray(3), -1)):
    try:
        what()
    except ValueError as error:
        print(error)
