"""What a context trusts: certificates and lists of what was revoked, each once; checks of revocation; a log that is named late."""

import os
import ssl
import tempfile

HERE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "certificates")


def path(name):
    return os.path.join(HERE, name + ".pem")


def client_context(*names, flags=0):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for name in names:
        context.load_verify_locations(path(name))
    context.verify_flags |= flags
    return context


def server_context(name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path(name))
    return context


def shake(client, server):
    """What comes of a handshake."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(down, up, server_hostname="localhost")
    theirs = server.wrap_bio(up, down, server_side=True)
    done = set()
    for _ in range(10):
        for side in (ours, theirs):
            try:
                side.do_handshake()
                done.add(side)
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLCertVerificationError as error:
                return error.verify_message
            except ssl.SSLError:
                return "refused"
    return "open" if len(done) == 2 else "stuck"


print("-- each once")
context = client_context("authority", "authority")
print(context.cert_store_stats())
with open(path("authority")) as file:
    text = file.read()
context.load_verify_locations(cadata=text)
context.load_verify_locations(cadata=ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN"):]))
print(context.cert_store_stats(), len(context.get_ca_certs()))
context = client_context("revoking", "revoking")
print(context.cert_store_stats())

print("-- revocation")
leaf, chain = ssl.VERIFY_CRL_CHECK_LEAF, ssl.VERIFY_CRL_CHECK_CHAIN
for name in ("unrevoked", "revoked"):
    server = server_context(name)
    for flags in (0, leaf, chain):
        print(name, flags, shake(client_context("revoking", flags=flags), server))
print("no list", shake(client_context("authority", flags=leaf), server_context("server")))
context = client_context("revoking")
print("before", shake(context, server_context("revoked")))
context.verify_flags |= leaf
print("after", shake(context, server_context("revoked")))

print("-- keys in turns")
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
for _ in range(3):
    for name in ("server", "unrevoked"):
        context.load_cert_chain(path(name))
        print(name, shake(client_context("authority"), context), shake(client_context("revoking"), context))

print("-- a folder")
with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "not a hash"), "w") as file:
        file.write("anything")
    context = client_context()
    for _ in range(3):
        context.load_verify_locations(capath=folder)
    print(context.cert_store_stats(), context.get_ca_certs())

print("-- a log")


class Late:
    """A path that is asked for when a connection has been made with the context."""

    def __init__(self, context, path):
        self.context, self.path = context, path

    def __fspath__(self):
        self.context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")
        return self.path


with tempfile.TemporaryDirectory() as folder:
    name = os.path.join(folder, "secrets")
    context = client_context("authority")
    context.keylog_filename = Late(context, name)
    print(isinstance(context.keylog_filename, Late))
    print(shake(context, server_context("server")))
    with open(name) as file:
        lines = [line.split() for line in file if not line.startswith("#")]
    print(len(lines) > 0, {len(line) for line in lines}, {len(line[1]) for line in lines})
    context.keylog_filename = None
    print(context.keylog_filename)
    for wrong in (os.path.join(folder, "no", "such"), folder, 5):
        try:
            context.keylog_filename = wrong
        except (OSError, TypeError) as error:
            print(type(error).__name__, getattr(error, "filename", None) == (wrong if wrong != 5 else None))
        print(context.keylog_filename)
