"""TLS with what nobody should send, and with what changes meanwhile: errors, and nothing worse."""

import gc
import os
import random
import ssl
import threading
import _ssl

HERE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "certificates")


def path(name):
    return os.path.join(HERE, name + ".pem")


SERVER = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
SERVER.load_cert_chain(path("server"))
CLIENT = ssl.create_default_context(cafile=path("authority"))


def pair():
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    return CLIENT.wrap_bio(down, up, server_hostname="localhost"), SERVER.wrap_bio(up, down, server_side=True), up, down


def attempt(call, *arguments):
    try:
        return call(*arguments)
    except ssl.SSLError as error:
        return error


print("== changed bytes")
chance = random.Random(7)
for turn in range(300):
    client, server, up, down = pair()
    for step in range(3):
        for side, wire in ((client, up), (server, down)):
            attempt(side.do_handshake)
            data = bytearray(wire.read())
            if data and chance.random() < 0.4:
                change = chance.randrange(4)
                at = chance.randrange(len(data))
                if change == 0:
                    data[at] ^= 1 << chance.randrange(8)
                elif change == 1:
                    del data[at:]
                elif change == 2:
                    data[at:at] = chance.randbytes(chance.randrange(20))
                else:
                    data = data + data
            wire.write(data)
    for side in (client, server):
        attempt(side.read, 100)
        attempt(side.write, b"x")
        attempt(side.unwrap)
        attempt(side.getpeercert) if side.version() else None
        side.cipher(), side.shared_ciphers(), side.pending(), side.session, side.selected_alpn_protocol()
print("done")

print("== certificates")
der = ssl.PEM_cert_to_DER_cert(open(path("authority")).read())
text = open(path("server")).read()
for turn in range(500):
    data = bytearray(der)
    for _ in range(chance.randrange(1, 4)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    attempt(context.load_verify_locations, None, None, bytes(data))
    context.cert_store_stats()
    try:
        context.get_ca_certs()
    except (ssl.SSLError, ValueError):
        pass
print("done")

print("== a callback that changes everything")
inner, outer = ssl.MemoryBIO(), ssl.MemoryBIO()
kept = []


def choose(connection, name, context):
    context.load_cert_chain(path("self_signed"))
    context.set_alpn_protocols(["x"])
    context.sni_callback = None
    context.verify_mode = ssl.CERT_NONE
    connection.context = context
    kept.append(name)
    gc.collect()


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(path("server"))
context.sni_callback = choose
up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
client = CLIENT.wrap_bio(down, up, server_hostname="localhost")
server = context.wrap_bio(up, down, server_side=True)
for _ in range(3):
    attempt(client.do_handshake)
    attempt(server.do_handshake)
print(kept, client.version(), server.version())

print("== cycles")


class Context(ssl.SSLContext):
    pass


context = Context(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(path("server"))
context.itself = context
context.sni_callback = lambda *arguments, context=context: None
context._msg_callback = lambda *arguments, context=context: None
up = ssl.MemoryBIO()
server = context.wrap_bio(ssl.MemoryBIO(), up, server_side=True)
context.server = server
del server, context
gc.collect()
print("done")

print("== threads")
client, server, up, down = pair()
for _ in range(3):
    attempt(client.do_handshake)
    attempt(server.do_handshake)
counts = []


def write():
    counts.append(sum(client.write(b"word") for _ in range(200)))


threads = [threading.Thread(target=write) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
got = b""
while len(got) < 3200:
    got += server.read(5000)
print(sum(counts), got == b"word" * 800)

print("== refused")
try:
    type("Memory", (ssl.MemoryBIO,), {})
except TypeError as error:
    print(error)
for name in ("_SSLSocket", "SSLSession", "Certificate"):
    try:
        getattr(_ssl, name)()
    except TypeError as error:
        print(error)
