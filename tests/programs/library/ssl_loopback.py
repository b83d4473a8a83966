"""TLS over sockets of this machine: threads, timeouts, sockets that do not wait, asyncio, HTTPS."""

import asyncio
import http.server
import os
import selectors
import socket
import ssl
import tempfile
import threading
import urllib.request

HERE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "certificates")


def path(name):
    return os.path.join(HERE, name + ".pem")


def server_context(name="server"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path(name))
    return context


CLIENT = ssl.create_default_context(cafile=path("authority"))


def serve(work, context=None, backlog=5):
    """A thread that takes one connection and works with it: its address, and the thread."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=backlog)

    def run():
        with listener:
            plain, _ = listener.accept()
            with plain:
                work(plain if context is None else context.wrap_socket(plain, server_side=True))

    thread = threading.Thread(target=run)
    thread.start()
    return listener.getsockname(), thread


def connect(address, context=CLIENT, name="localhost", **names):
    return context.wrap_socket(socket.create_connection(address), server_hostname=name, **names)


print("== an echo")


def echo(connection):
    with connection:
        while data := connection.recv(4096):
            connection.sendall(data)
        connection.unwrap().close()


address, thread = serve(echo, server_context())
with connect(address) as connection:
    print(connection.version(), connection.cipher()[1], connection.getpeercert()["serialNumber"])
    print(connection.server_side, connection.server_hostname, connection.context is CLIENT)
    for size in (1, 10, 16384, 16385, 200000):
        data = os.urandom(size)
        sender = threading.Thread(target=connection.sendall, args=(data,))
        sender.start()
        got = bytearray()
        while len(got) < size:
            got += connection.recv(100000)
        sender.join()
        print(size, got == data)
    buffer = bytearray(10)
    connection.send(b"abc")
    print(connection.recv_into(buffer), buffer)
    with connection.makefile("rwb") as stream:
        stream.write(b"one\ntwo\n")
        stream.flush()
        print(stream.readline(), stream.readline())
    plain = connection.unwrap()
    print(type(plain) is ssl.SSLSocket or type(plain) is socket.socket, connection._sslobj)
thread.join()

print("== TLS and then not")


def talk(plain):
    secret = server_context().wrap_socket(plain, server_side=True)
    print("server", secret.recv(100))
    secret.sendall(b"so be it")
    plain = secret.unwrap()
    print("server", plain.recv(100))
    plain.sendall(b"plain too")


address, thread = serve(talk)
secret = connect(address)
secret.sendall(b"enough")
print("client", secret.recv(100))
with secret.unwrap() as plain:
    plain.sendall(b"plain")
    print("client", plain.recv(100))
thread.join()

print("== who is not trusted")
for context, name, server in ((CLIENT, "example.com", "server"), (CLIENT, "localhost", "self_signed")):
    told = []

    def fail(plain):
        try:
            server_context(server).wrap_socket(plain, server_side=True).recv(1)
        except ssl.SSLError as error:
            told.append(type(error).__name__)

    address, thread = serve(fail)
    try:
        connect(address, context, name)
    except ssl.SSLCertVerificationError as error:
        print(error.verify_message, isinstance(error, ValueError))
    thread.join()
    print(told)

print("== the other side goes")


def cut(connection):
    connection.sendall(b"half")
    connection._sslobj = None
    socket.socket.shutdown(connection, socket.SHUT_RDWR)
    connection.close()


for suppress in (True, False):
    address, thread = serve(cut, server_context())
    with connect(address, suppress_ragged_eofs=suppress) as connection:
        print(connection.recv(100))
        try:
            print(connection.recv(100))
        except ssl.SSLEOFError as error:
            print(error.reason)
    thread.join()
address, thread = serve(lambda plain: plain.close())
try:
    connect(address)
except (ssl.SSLEOFError, ConnectionResetError) as error:
    print("no handshake")
thread.join()

print("== time")
done = threading.Event()
address, thread = serve(lambda connection: done.wait(), server_context())
with connect(address) as connection:
    connection.settimeout(0.05)
    try:
        connection.recv(1)
    except TimeoutError as error:
        print(error)
    connection.setblocking(False)
    try:
        connection.recv(1)
    except ssl.SSLWantReadError as error:
        print(type(error).__name__, error.errno)
    try:
        while True:
            connection.send(bytes(1 << 16))
    except ssl.SSLWantWriteError as error:
        print(type(error).__name__, error.errno)
    done.set()
thread.join()
done.clear()
address, thread = serve(lambda plain: done.wait())
late = socket.create_connection(address, timeout=0.05)
try:
    CLIENT.wrap_socket(late, server_hostname="localhost")
except TimeoutError as error:
    print(str(error).endswith("The handshake operation timed out"))
done.set()
thread.join()

print("== no waiting")
address, thread = serve(echo, server_context())
plain = socket.create_connection(address)
plain.setblocking(False)
connection = CLIENT.wrap_socket(plain, server_hostname="localhost", do_handshake_on_connect=False)
with selectors.DefaultSelector() as selector:
    selector.register(connection, selectors.EVENT_READ)

    def until_done(call, *arguments):
        while True:
            try:
                return call(*arguments)
            except ssl.SSLWantReadError:
                selector.modify(connection, selectors.EVENT_READ)
            except ssl.SSLWantWriteError:
                selector.modify(connection, selectors.EVENT_WRITE)
            selector.select(10)

    until_done(connection.do_handshake)
    data, sent, got = bytes(range(256)) * 2000, 0, bytearray()
    while sent < len(data):
        sent += until_done(connection.send, data[sent:sent + 50000])
        while len(got) < sent:
            got += until_done(connection.recv, 50000)
    print(got == data)
    until_done(connection.unwrap)
    plain.close()
    connection.close()
thread.join()

print("== asyncio")


async def streams():
    async def answer(reader, writer):
        print("asked", await reader.readline(), writer.get_extra_info("cipher")[1])
        data = await reader.readexactly(300000)
        writer.write(data[::-1])
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=server_context())
    port = server.sockets[0].getsockname()[1]
    async with server:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=CLIENT, server_hostname="localhost")
        data = os.urandom(300000)
        writer.write(b"a line\n")
        writer.write(data)
        await writer.drain()
        got = await reader.read()
        print(got == data[::-1], writer.get_extra_info("peercert")["serialNumber"], reader.at_eof())
        writer.close()
        await writer.wait_closed()
        try:
            await asyncio.open_connection("127.0.0.1", port, ssl=CLIENT, server_hostname="example.com")
        except ssl.SSLCertVerificationError as error:
            print(error.verify_code)


async def begin_later():
    async def answer(reader, writer):
        print("plain", await reader.readline())
        writer.write(b"go\n")
        await writer.drain()
        await writer.start_tls(server_context())
        print("secret", await reader.readline())
        writer.write(b"done\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"begin\n")
        print(await reader.readline())
        await writer.start_tls(CLIENT, server_hostname="localhost")
        writer.write(b"word\n")
        print(await reader.readline())
        writer.close()
        await writer.wait_closed()


asyncio.run(streams())
asyncio.run(begin_later())

print("== HTTPS")


class Pages(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = f"you want {self.path}".encode() * 1000
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
server.socket = server_context().wrap_socket(server.socket, server_side=True)
thread = threading.Thread(target=server.serve_forever)
thread.start()
port = server.server_address[1]
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=CLIENT))
for host in ("localhost", "127.0.0.1"):
    with opener.open(f"https://{host}:{port}/a/page") as page:
        body = page.read()
        print(page.status, len(body), body[:20])
unknown = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=path("self_signed"))))
try:
    unknown.open(f"https://localhost:{port}/")
except urllib.error.URLError as error:
    print(type(error.reason).__name__)
server.shutdown()
server.server_close()
thread.join()
print(len(ssl.get_server_certificate.__defaults__))

print("== secrets")
log = os.path.join(tempfile.mkdtemp(), "secrets")
context = ssl.create_default_context(cafile=path("authority"))
context.keylog_filename = log
address, thread = serve(echo, server_context())
with connect(address, context) as connection:
    connection.unwrap()
thread.join()
print(sorted({line.split()[0] for line in open(log) if not line.startswith("#")})[:2])
