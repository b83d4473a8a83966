"""Contexts and what stands beside them: settings, files, objects, exceptions, memory."""

import os
import pathlib
import ssl
import tempfile
import warnings
import _ssl

HERE = pathlib.Path(__file__).resolve().parent.parent.parent / "certificates"
warnings.simplefilter("error")


def attempt(call, *args, **names):
    try:
        print(call(*args, **names))
    except Exception as error:
        about = [getattr(error, name) for name in ("library", "reason") if hasattr(error, name)]
        text = str(error).split(" (_ssl.c:")[0]
        print(type(error).__name__, text, *about)


print("== new contexts")
for protocol in (ssl.PROTOCOL_TLS_CLIENT, ssl.PROTOCOL_TLS_SERVER):
    context = ssl.SSLContext(protocol)
    print(context.protocol, context.verify_mode, context.check_hostname, context.verify_flags)
    print(context.maximum_version, context.minimum_version, context.num_tickets, context.security_level)
    print(context.post_handshake_auth, context.keylog_filename, context.sni_callback, context.hostname_checks_common_name)
    print(int(context.options), context.cert_store_stats(), context.get_ca_certs())
    print(context.session_stats())
for protocol in (77, "x", ssl.PROTOCOL_TLS, ssl.PROTOCOL_TLSv1_2):
    attempt(ssl.SSLContext, protocol)
attempt(_ssl._SSLContext)
attempt(ssl.SSLContext)

print("== settings")
client, server = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
for context, name, values in [
    (client, "verify_mode", (5, "x", ssl.CERT_NONE)),
    (client, "options", (-1, "x")),
    (client, "minimum_version", (5, ssl.TLSVersion.TLSv1, ssl.TLSVersion.MAXIMUM_SUPPORTED, ssl.TLSVersion.TLSv1_2)),
    (client, "maximum_version", (5, ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.MAXIMUM_SUPPORTED)),
    (client, "num_tickets", (3,)),
    (server, "num_tickets", (-1, "x", 0)),
    (client, "verify_flags", ("x", ssl.VERIFY_CRL_CHECK_LEAF)),
    (client, "sni_callback", (None,)),
    (server, "sni_callback", (3, len, None)),
    (client, "_msg_callback", (3, None)),
    (client, "hostname_checks_common_name", (False, True)),
    (server, "keylog_filename", ("/nonexistent/file", None)),
    (server, "check_hostname", (True, False)),
    (client, "post_handshake_auth", (True, 0)),
]:
    for value in values:
        attempt(setattr, context, name, value)
        print(name, getattr(context, name))
attempt(setattr, client, "options", client.options | ssl.OP_NO_TLSv1_2)

print("== files")
client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
folder = pathlib.Path(tempfile.mkdtemp())
nonsense = folder / "nonsense"
nonsense.write_text("nonsense\n")
for arguments in [("/nonexistent",), (nonsense,), (3.5,), (HERE / "server.pem", 3.5), (HERE / "server.pem", None, 3.5),
                  (HERE / "server.pem", nonsense), (HERE / "server.pem", HERE / "client.pem"), (HERE / "authority.pem",),
                  (HERE / "server.pem",), (os.fsencode(HERE / "self_signed.pem"), str(HERE / "self_signed.pem"), "unused"),
                  (HERE / "expired.pem",)]:
    attempt(client.load_cert_chain, *arguments)
for password in ("sesame", b"sesame", bytearray(b"sesame"), lambda: "sesame", lambda: b"sesame", "other", lambda: "other", lambda: 3, "x" * 1025,
                 lambda: "x" * 1025, 3.5):
    attempt(client.load_cert_chain, HERE / "locked.pem", password=password)
attempt(client.load_cert_chain, HERE / "locked.pem", password=lambda: 1 / 0)
for context, name in ((client, "sni_callback"), (client, "keylog_filename"), (server, "num_tickets"), (server, "check_hostname")):
    attempt(delattr, context, name)
for names in [{}, {"cafile": "/nonexistent"}, {"cafile": nonsense}, {"cafile": 3.5}, {"capath": 3.5}, {"cadata": 3}, {"cadata": ""},
              {"cadata": b""}, {"cadata": "abc"}, {"cadata": b"abc"}, {"cadata": "\xe9"}, {"capath": "/nonexistent"},
              {"cafile": HERE / "authority.pem"}, {"cadata": (HERE / "authority.pem").read_text()},
              {"cadata": ssl.PEM_cert_to_DER_cert((HERE / "authority.pem").read_text())}]:
    attempt(client.load_verify_locations, **names)
print(client.cert_store_stats(), [found["subject"] for found in client.get_ca_certs()])
attempt(client.set_ecdh_curve, "prime256v1")
attempt(client.set_ecdh_curve, "nonsense")
attempt(client.set_ecdh_curve, 3)
attempt(client.load_dh_params, "/nonexistent")
attempt(client._set_alpn_protocols, b"\x05ab")
attempt(client.set_alpn_protocols, [""])
attempt(client.set_alpn_protocols, ["http/1.1", "h2"])
print(_ssl._test_decode_cert(str(HERE / "authority.pem"))["notAfter"])
attempt(_ssl._test_decode_cert, "/nonexistent")

print("== ciphers")
attempt(client.set_ciphers, "nonsense")
attempt(client.set_ciphers, 3)
for wanted in ("ECDHE+AESGCM", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE+CHACHA20:!aRSA", "ECDHE+AESGCM:-AES256:@STRENGTH"):
    client.set_ciphers(wanted)
    print(wanted, [cipher["name"] for cipher in client.get_ciphers() if cipher["protocol"] != "TLSv1.3"])
client.set_ciphers("ECDHE+AESGCM")
for cipher in client.get_ciphers():
    if cipher["name"] in ("TLS_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"):
        print(cipher)

print("== objects")
for call, arguments in [(_ssl.txt2obj, ("1.3.6.1.5.5.7.3.1",)), (_ssl.txt2obj, ("serverAuth", True)), (_ssl.txt2obj, ("serverAuth",)),
                        (_ssl.txt2obj, ("nonsense", True)), (_ssl.txt2obj, ("1.2.3.4.5",)), (_ssl.nid2obj, (129,)), (_ssl.nid2obj, (13,)),
                        (_ssl.nid2obj, (-1,)), (_ssl.nid2obj, (0,)), (_ssl.nid2obj, (100000,))]:
    attempt(call, *arguments)
print(ssl.Purpose.CLIENT_AUTH)

print("== chance")
print(len(ssl.RAND_bytes(300)), ssl.RAND_bytes(0), ssl.RAND_status(), ssl.RAND_add(b"x", 1.5), ssl.RAND_add("x", 1))
attempt(ssl.RAND_bytes, -1)
attempt(ssl.RAND_add, 3, 1.0)

print("== memory")
memory = ssl.MemoryBIO()
attempt(memory.read)
attempt(memory.write, "x")
attempt(memory.write, b"abcdef")
attempt(memory.write, memoryview(b"ghi"))
print(memory.read(2), memory.read(0), memory.pending, memory.eof, memory.read(-5), memory.pending)
attempt(memory.write_eof)
print(memory.eof)
attempt(memory.write, b"abc")
attempt(memory.read, 2**70)
attempt(memory.read, "x")
for count in range(200):
    more = ssl.MemoryBIO()
    more.write(bytes(count))
    assert more.read(count // 2) + more.read() == bytes(count)

print("== wrapping")
attempt(client._wrap_bio, memory, memory, False, "")
attempt(client.wrap_bio, memory, memory, server_hostname="x\0y")
attempt(client.wrap_bio, memory, memory)
attempt(server.wrap_bio, memory, memory, False)
attempt(client._wrap_bio, memory, memory, True)
attempt(client._wrap_bio, 3, memory, False)
attempt(client._wrap_socket, 3, False)
attempt(client._wrap_bio, memory, memory, False, ".x")
attempt(client._wrap_bio, memory, memory, False, 3)

print("== exceptions")
for name in ("SSLError", "SSLCertVerificationError", "SSLZeroReturnError", "SSLWantReadError", "SSLWantWriteError", "SSLSyscallError", "SSLEOFError"):
    print([base.__name__ for base in getattr(ssl, name).__mro__], getattr(ssl, name).__module__)
error = ssl.SSLError(1, "text")
print(str(error), repr(error), error.errno, error.strerror, error.args, hasattr(error, "reason"))
print(str(ssl.SSLError("alone")), str(ssl.SSLError()), str(ssl.SSLEOFError(8, "end")), ssl.CertificateError is ssl.SSLCertVerificationError)
