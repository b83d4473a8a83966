"""TLS over memory: handshakes, what each side knows of the other, closing, and what goes wrong."""

import os
import ssl
import sys

HERE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "certificates")


def path(name):
    return os.path.join(HERE, name + ".pem")


def server_context(name="server", **settings):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path(name))
    for setting, value in settings.items():
        setattr(context, setting, value)
    return context


def client_context(name="authority", **settings):
    context = ssl.create_default_context(cafile=path(name))
    for setting, value in settings.items():
        setattr(context, setting, value)
    return context


class Pair:
    """A client and a server, each with what the other one has written."""

    def __init__(self, client, server, name="localhost", session=None):
        up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.up, self.down = up, down
        self.client = client.wrap_bio(down, up, server_hostname=name, session=session)
        self.server = server.wrap_bio(up, down, server_side=True)

    def both(self, *calls):
        """Calls until none wants more; what they give."""
        results = [None] * len(calls)
        open_calls = set(range(len(calls)))
        for _ in range(20):
            for at in sorted(open_calls):
                try:
                    results[at] = calls[at]()
                    open_calls.discard(at)
                except ssl.SSLWantReadError:
                    pass
            if not open_calls:
                return results
        raise RuntimeError("they wait for each other")

    def shake(self):
        self.both(self.client.do_handshake, self.server.do_handshake)
        return self


def says(error):
    """An error without what depends on the version of a library."""
    return type(error).__name__, getattr(error, "reason", None), getattr(error, "library", None)


def failure(client, server, name="localhost"):
    pair = Pair(client, server, name)
    found = []
    for _ in range(3):
        for side in (pair.client, pair.server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError as error:
                if not any(side is other for other, _ in found):
                    found.append((side, error))
    return pair, [error for _, error in found]


print("== a connection")
for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
    pair = Pair(client_context(maximum_version=version), server_context())
    print(pair.client.version(), pair.client.cipher(), pair.client.getpeercert.__name__)
    pair.shake()
    print(pair.client.version(), pair.server.version())
    name, protocol, bits = pair.client.cipher()
    print(protocol, bits >= 128, pair.client.cipher() == pair.server.cipher())
    print(pair.client.server_hostname, pair.server.server_hostname, pair.client.server_side, pair.server.server_side)
    print(pair.client.write(b"hello"), pair.server.read(3), pair.server.pending(), pair.server.read())
    buffer = bytearray(b"." * 8)
    pair.server.write(b"abcdef")
    print(pair.client.read(4, buffer), buffer)
    print(pair.client.read(100, buffer), buffer)
    print(pair.server.getpeercert(), pair.client.compression(), pair.client.selected_alpn_protocol())
    large = bytes(range(256)) * 300
    sent, got = 0, bytearray()
    while sent < len(large):
        sent += pair.client.write(large[sent:])
        while len(got) < sent:
            got += pair.server.read(1 << 20)
    print(sent, got == large)
    print(pair.both(pair.client.unwrap, pair.server.unwrap))
    for call in (lambda: pair.client.read(5), lambda: pair.server.write(b"x")):
        try:
            print(call())
        except ssl.SSLError as error:
            print(says(error))

print("== the certificate")
pair = Pair(client_context(), server_context()).shake()
for key, value in pair.client.getpeercert().items():
    print(key, value)
der = pair.client.getpeercert(True)
print(der == ssl.PEM_cert_to_DER_cert(open(path("server")).read().split("-----END PRIVATE KEY-----\n")[1]))
print(len(pair.client._sslobj.get_unverified_chain()), len(pair.client._sslobj.get_verified_chain()))
leaf, root = pair.client._sslobj.get_verified_chain()
print(leaf, root, leaf == root, leaf == pair.client._sslobj.get_unverified_chain()[0], hash(leaf) == hash(root))
print(root.public_bytes() == open(path("authority")).read(), root.get_info()["subject"])
context = client_context()
print(context.cert_store_stats(), len(context.get_ca_certs(True)), context.get_ca_certs()[0]["issuer"])

print("== who is trusted")
for name, client, server, host in [
    ("nobody", ssl.create_default_context(cadata=open(path("self_signed")).read().split("-----END RSA PRIVATE KEY-----\n")[1]), server_context(), "localhost"),
    ("itself", client_context("self_signed"), server_context("self_signed"), "localhost"),
    ("not itself", client_context(), server_context("self_signed"), "localhost"),
    ("expired", client_context(), server_context("expired"), "localhost"),
    ("wrong name", client_context(), server_context(), "example.com"),
    ("star", client_context(), server_context(), "blue.rooms.example.com"),
    ("two stars", client_context(), server_context(), "a.blue.rooms.example.com"),
    ("no label", client_context(), server_context(), "rooms.example.com"),
    ("common name", client_context(), server_context(), "server.example.com"),
    ("address", client_context(), server_context(), "127.0.0.1"),
    ("other address", client_context(), server_context(), "127.0.0.2"),
    ("new address", client_context(), server_context(), "::1"),
    ("client's", client_context(), server_context("client"), "client.example.com"),
    ("any name", client_context(check_hostname=False), server_context(), "example.com"),
    ("no name", client_context(check_hostname=False), server_context(), None),
]:
    pair, errors = failure(client, server, host)
    print(name, [(says(error), getattr(error, "verify_code", None), getattr(error, "verify_message", None)) for error in errors[:1]])
    for error in errors:
        assert isinstance(error, OSError) and error.errno == 1, error
loose = client_context(check_hostname=False)
loose.verify_mode = ssl.CERT_NONE
pair = Pair(loose, server_context("expired"), "example.com").shake()
print(pair.client.getpeercert(), len(pair.client.getpeercert(True)) > 100)

print("== clients")
strict = server_context(verify_mode=ssl.CERT_REQUIRED)
strict.load_verify_locations(path("authority"))
known = client_context()
known.load_cert_chain(path("client"))
pair = Pair(known, strict).shake()
print(pair.server.getpeercert()["subject"][-1], pair.server.getpeercert()["version"])
for client, name in ((client_context(), "none"), (client_context(), "server")):
    if name != "none":
        client.load_cert_chain(path(name))
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    pair, errors = failure(client, strict)
    print(name, [says(error)[0] for error in errors])
strict.verify_mode = ssl.CERT_OPTIONAL
print(Pair(client_context(), strict).shake().server.getpeercert())

print("== protocols over it")
for ours, theirs in ((["a", "b"], ["b", "a"]), (["a"], ["b"]), ([], ["b"]), (["a"], [])):
    client, server = client_context(), server_context()
    client.set_alpn_protocols(ours)
    server.set_alpn_protocols(theirs)
    pair = Pair(client, server).shake()
    print(pair.client.selected_alpn_protocol(), pair.server.selected_alpn_protocol())

print("== names that are asked for")
server = server_context()
other = server_context("self_signed")
asked = []


def choose(connection, name, context):
    asked.append((type(connection).__name__, name, context is server, connection.context is context))
    if name == "other":
        connection.context = other
    elif name == "refused":
        return ssl.ALERT_DESCRIPTION_ACCESS_DENIED
    elif name == "fails":
        1 / 0
    elif name == "nonsense":
        return "x"


server.sni_callback = choose


sys.unraisablehook = lambda told: print("unraisable", told.exc_type.__name__)
loose = client_context(check_hostname=False)
loose.verify_mode = ssl.CERT_NONE
first = Pair(loose, server, "localhost").shake().client.getpeercert(True)
print(first == Pair(loose, server, "other").shake().client.getpeercert(True))
for name in ("refused", "fails", "nonsense"):
    pair, errors = failure(loose, server, name)
    print(name, [says(error) for error in errors])
Pair(loose, server, None).shake()
print(*asked, sep="\n")

print("== sessions")
client, server = client_context(maximum_version=ssl.TLSVersion.TLSv1_2), server_context()
pair = Pair(client, server)
print(pair.client.session, pair.client.session_reused)
pair.shake()
session = pair.client.session
print(type(session).__name__, len(session.id), session.has_ticket, session.timeout > 0, session.ticket_lifetime_hint > 0, session == pair.client.session)
again = Pair(client, server, session=session).shake()
print(pair.client.session_reused, again.client.session_reused, again.server.session_reused, again.client.session.id == session.id)
for context, value in ((client_context(), session), (client, 3)):
    try:
        Pair(context, server, session=value)
    except (TypeError, ValueError) as error:
        print(error)
try:
    again.client.session = session
except ValueError as error:
    print(error)
stats = client.session_stats()
print(stats["connect"], stats["connect_good"], stats["hits"], server.session_stats()["accept_good"], server.session_stats()["hits"])

print("== what is no TLS")
for word, side in ((b"HTTP/1.0 200 OK\r\n\r\n", 0), (b"GET / HTTP/1.0\r\n\r\n", 1), (b"nonsense, all of it", 1), (b"\x16\x03\x01\xff\xff", 1)):
    pair = Pair(client_context(), server_context())
    what = (pair.client, pair.server)[side]
    (pair.down, pair.up)[side].write(word)
    for _ in range(2):
        try:
            what.do_handshake()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            print(type(error).__name__, error.reason)
            break

print("== the end")
pair = Pair(client_context(), server_context()).shake()
pair.down.write_eof()
try:
    pair.client.read()
except ssl.SSLEOFError as error:
    print(error.reason, error.errno == ssl.SSL_ERROR_EOF)
pair = Pair(client_context(), server_context())
pair.down.write_eof()
try:
    pair.client.do_handshake()
except ssl.SSLEOFError as error:
    print(error.reason)
client = client_context()
client.options |= ssl.OP_IGNORE_UNEXPECTED_EOF
pair = Pair(client, server_context()).shake()
pair.down.write_eof()
print(pair.client.read())
pair = Pair(client_context(), server_context())
for call in (pair.client.unwrap, pair.client.getpeercert, lambda: pair.client.read(-1), lambda: pair.client.get_channel_binding("x")):
    try:
        call()
    except (ssl.SSLError, ValueError) as error:
        print(type(error).__name__, getattr(error, "reason", error))

print("== both versions or none")
client = client_context(minimum_version=ssl.TLSVersion.TLSv1_3)
pair, errors = failure(client, server_context(maximum_version=ssl.TLSVersion.TLSv1_2))
print([type(error).__name__ for error in errors])
client = client_context(maximum_version=ssl.TLSVersion.TLSv1_2)
client.set_ciphers("ECDHE+AESGCM:!aRSA")
print(sorted({cipher["auth"] for cipher in client.get_ciphers() if cipher["protocol"] == "TLSv1.2"}))
pair, errors = failure(client, server_context("self_signed"))
print([says(error) for error in errors][::-1][:1])
