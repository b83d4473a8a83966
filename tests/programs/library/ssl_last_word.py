"""What is wrong and comes in after a side's own last word is an error like any other."""

import os
import ssl

HERE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "certificates")


def attempt(call, *args):
    try:
        return call(*args)
    except ssl.SSLError as error:
        return type(error).__name__


for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
    client = ssl.create_default_context(cafile=os.path.join(HERE, "authority.pem"))
    client.maximum_version = version
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(os.path.join(HERE, "server.pem"))
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(down, up, server_hostname="localhost")
    theirs = server.wrap_bio(up, down, server_side=True)
    for _ in range(4):
        for side in (ours, theirs):
            attempt(side.do_handshake)
    print(ours.version(), attempt(theirs.unwrap))
    up.write(b"\x17\x03\x03\x00\x20" + bytes(32))
    print(attempt(theirs.read, 5))
