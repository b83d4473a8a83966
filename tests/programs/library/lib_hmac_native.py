"""`_hmac`: every algorithm, its objects, and what goes wrong."""
import _hmac
import hmac


def attempt(f, *args, **names):
    try:
        return f(*args, **names)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


for name in "md5 sha1 sha224 sha256 sha384 sha512 sha3_224 sha3_256 sha3_384 sha3_512".split():
    for key in (b"", b"key", b"k" * 64, b"k" * 200):
        h = _hmac.new(key, b"message", name)
        one = getattr(_hmac, f"compute_{name}")(key, b"message")
        assert one == h.digest() == _hmac.compute_digest(key, b"message", name), (name, key)
        print(h.name, h.block_size, h.digest_size, h.hexdigest()[:40])
print(_hmac.compute_blake2b_32(b"k", b"m").hex()[:32], _hmac.compute_blake2s_32(b"k" * 99, b"m").hex(), _hmac.compute_digest(b"k", b"m", "blake2b").hex()[:32])
h = _hmac.new(b"key", digestmod="SHA256")
print(repr(h).split(" @ ")[0], h.update(b"part one, "), h.update(bytearray(b"part two")), h.update(msg=memoryview(b"!")))
other = h.copy()
other.update(b"more")
print(h.hexdigest() == _hmac.new(b"key", b"part one, part two!", "sha256").hexdigest(), other.hexdigest() != h.hexdigest(), other.name)
for args, names in [((b"k",), {}), ((), {}), ((b"k", b"m", "nope"), {}), ((b"k", None, 3), {}), ((b"k", None, None), {}), ((b"k", None, ""), {}), (("k", b"m", "md5"), {}), ((b"k", "m", "md5"), {}), ((b"k", 3, "md5"), {}), ((3, b"", "md5"), {}), ((b"k", b"m", "sha3-256"), {})]:
    print(args, attempt(_hmac.new, *args, **names))
print(attempt(_hmac.compute_md5, b"k"), attempt(_hmac.compute_digest, b"k", b"m", "xx"), attempt(_hmac.compute_digest, b"k", b"", digest=None), attempt(h.update, "x"), attempt(_hmac.HMAC))
print(_hmac.UnknownHashError.__mro__[1], hmac.new(b"k", b"m", "sha256").hexdigest()[:16], hmac.digest(b"k", b"m", "sha512").hex()[:16], hmac.compare_digest(b"a", b"b"))
print(hmac.new(b"Jefe", b"what do ya want for nothing?", "md5").hexdigest(), hmac.new(b"x", digestmod="sha3_256").block_size, hmac.new(b"k", b"m", "blake2b").hexdigest()[:16])
big = bytes(3_000_000)
print(_hmac.compute_sha1(big, big).hex())
