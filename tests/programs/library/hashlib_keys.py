# Keys of passwords.
import hashlib

def attempt(what, *args, **named):
    try:
        key = what(*args, **named)
        print(key.hex()[:64], len(key))
    except Exception as error:
        kind = ValueError if isinstance(error, ValueError) else type(error)
        print(kind.__name__, error)

pbkdf2, scrypt = hashlib.pbkdf2_hmac, hashlib.scrypt
for name in ('sha1', 'md5', 'sha256', 'SHA256', 'sha512', 'sha224', 'sha384', 'sha3_256', 'sha3-256', 'SHA2-256', 'sha-256',
             'blake2b', 'blake2s', 'blake2b512', 'nope'):
    attempt(pbkdf2, name, b'password', b'salt', 10)
attempt(pbkdf2, 'sha256', b'password', b'salt', 4096)
attempt(pbkdf2, 'sha1', b'p' * 200, b'', 3)
for length in 7, 100, 0, -1, 2**31, 2**40, None, 'x':
    attempt(pbkdf2, 'sha256', b'p', b's', 1, length)
for rounds in 0, -1, 2**40, 'x':
    attempt(pbkdf2, 'sha256', b'p', b's', rounds)
attempt(pbkdf2, 'sha256', 'p', b's', 1)
attempt(pbkdf2, 'sha256', b'p', 's', 1)
attempt(pbkdf2, b'sha256', b'p', b's', 1)
attempt(pbkdf2, 'sha256', bytearray(b'p'), memoryview(b's'), 1)
attempt(pbkdf2, hash_name='sha256', password=b'p', salt=b's', iterations=1)
attempt(pbkdf2, 'sha256', b'p', b's')

attempt(scrypt, b'', salt=b'', n=16, r=1, p=1)
attempt(scrypt, b'password', salt=b'NaCl', n=64, r=8, p=3, dklen=40)
for n in 3, 1, 0, -2, 2.0, None, 2**70, 2**20, 2**16:
    attempt(scrypt, b'pw', salt=b'x', n=n, r=1 if n == 2**16 else 8, p=1)
for r, p in (0, 1), (1, 0), (2**40, 1), (8, 2**30):
    attempt(scrypt, b'pw', salt=b'x', n=2, r=r, p=p)
for memory in -1, 10, 2**40, 128 * 8 * 19, 128 * 8 * 19 - 1:
    attempt(scrypt, b'pw', salt=b'x', n=16, r=8, p=1, maxmem=memory)
for length in 0, -1, 10, 2**31:
    attempt(scrypt, b'pw', salt=b'x', n=2, r=8, p=1, dklen=length)
attempt(scrypt, 'pw', salt=b'x', n=2, r=8, p=1)
attempt(scrypt, b'pw', salt='x', n=2, r=8, p=1)
attempt(scrypt, b'pw', b'x', 2, 8, 1)
attempt(scrypt, b'pw')
