"""Reports with textwrap, pprint, string.Template and format specifications; itertools recipes; hashes."""
import base64
import binascii
import collections
import hashlib
import hmac
import itertools
import locale
import math
import operator
import pprint
import random
import secrets
import string
import textwrap
from dataclasses import dataclass


class Formatter(string.Formatter):
    def get_value(self, key, args, kwargs):
        return kwargs.get(key, f"<{key}>") if isinstance(key, str) else super().get_value(key, args, kwargs)

    def convert_field(self, value, conversion):
        return str(value).upper() if conversion == "u" else super().convert_field(value, conversion)


class Percent(string.Template):
    delimiter = "%"
    idpattern = "[a-z]+(?:_[a-z]+)*"


@dataclass
class Person:
    name: str
    address: dict


PARAGRAPH = """The quick brown fox jumps over the lazy dog; then, in a well-known
    turn of events, it sleeps. Supercalifragilisticexpialidocious!  Good night."""


def texts():
    print(textwrap.fill(PARAGRAPH, 30, initial_indent="* ", subsequent_indent="  "))
    print(textwrap.wrap(PARAGRAPH, 25, max_lines=3, placeholder="..."), textwrap.wrap("a-b-c d", 3, break_on_hyphens=False))
    print(textwrap.indent(textwrap.dedent("""\
        one
          two

        three"""), "> ", lambda line: line.strip() != "two"))
    print(textwrap.TextWrapper(width=12, fix_sentence_endings=True, drop_whitespace=False).wrap("end. Next  one"))
    print(string.Template("$who owes ${amount}$$ to $who").substitute(who="Bob", amount=5), Percent("%a %big_name %% %x").safe_substitute(a=1, big_name=2))
    for bad in ("$", "${x"), ("$missing",):
        for text in bad:
            try:
                string.Template(text).substitute()
            except (ValueError, KeyError) as e:
                print(type(e).__name__, e)
    print(string.Template("$a ${b} $1").get_identifiers(), string.Template("$a $").is_valid())
    print(Formatter().format("{0} {name!u} {other} {x[0]:>4}{1.imag}", 1, 2j, name="n", x=[7]), list(string.Formatter().parse("a{b!r:c}d{{")))


def numbers():
    for spec in "", "10", "<10", "^10", "*>10", "+", ",", "_", "08.2f", "e", ".3g", "%", "#x" if False else "n", "=+9.1f":
        print(f"{spec!r:>8}|{1234.5678:{spec}}|", end="\n" if spec in ("^10", "_", "%") else " ")
    print()
    print(*(format(255, s) for s in ("b", "#o", "#X", "_b", "c", "d", "08b", "+,d")), f"{0.1 + 0.2!r} {1e16} {1e-5} {123456789.0:.3} {math.pi:.10f}", f"{10**20:,}")
    print("%5.1f|%-6s|%+d|%x|%r|%%|%(n)s" % {"n": 1} if False else "%5.1f|%-6s|%+d|%x|%r|%%" % (3.14159, "ab", 5, 255, "q"))
    print("{:>{w}.{p}}|{:^7}|{!r:6}".format("abcdef", "mid", "x", w=6, p=3), locale.format_string("%d", 12345), f"{'nested':{'>'}{10}}")


def structures():
    data = {"name": "x" * 30, "list": list(range(25)), "nested": {"b": [("t", 1)] * 3, "a": {"deep": {"er": ["long text " * 3] * 2}}}, "set": {3, 1, 2}, 1: None}
    pprint.pprint(data, width=60)
    pprint.pprint(data, depth=2, compact=True, width=50, sort_dicts=False)
    pprint.pprint([Person("Ann", {"street": "Main Street 1", "city": "Springfield", "zip": "12345"})], width=50)
    pprint.pp({"z": 1, "a": collections.OrderedDict(b=2), "c": collections.deque([1]), "d": collections.defaultdict(int, k=1), "e": b"bytes" * 12}, width=40)
    print(pprint.pformat("a long string that will be wrapped into pieces", width=20), pprint.isreadable(data), pprint.saferepr([1, "a"]))
    loop = [1]
    loop.append(loop)
    print(pprint.pformat(loop).split(" with")[0], pprint.isrecursive(loop), pprint.pformat({1, "a"} and frozenset([2, 1])))


def recipes():
    def sliding(iterable, n):
        it = iter(iterable)
        window = collections.deque(itertools.islice(it, n - 1), maxlen=n)
        for x in it:
            window.append(x)
            yield tuple(window)

    def roundrobin(*iterables):
        iterators = map(iter, iterables)
        for active in range(len(iterables), 0, -1):
            iterators = itertools.cycle(itertools.islice(iterators, active))
            yield from map(next, iterators)

    def powerset(s):
        return itertools.chain.from_iterable(itertools.combinations(s, r) for r in range(len(s) + 1))

    def sieve(n):
        data = bytearray([0, 1]) * (n // 2)
        data[:3] = 0, 0, 0
        for p in iter(lambda: next(ps, None), None) if (ps := iter(range(3, math.isqrt(n) + 1, 2))) else ():
            data[p * p:n:p + p] = bytes(len(range(p * p, n, p + p)))
        return [2, *itertools.compress(itertools.count(), data)]

    print(list(sliding("ABCDE", 3)), "".join(roundrobin("ABC", "D", "EF")), len(list(powerset(range(5)))))
    print(sieve(40), list(itertools.batched("ABCDEFG", 3)), list(itertools.accumulate([1, 2, 3, 4], operator.mul)))
    print([(k, sum(1 for _ in g)) for k, g in itertools.groupby("AAABBCAA")], list(itertools.starmap(pow, [(2, 3), (3, 2)])), list(itertools.takewhile(str.isalpha, "ab1c")))
    print(list(itertools.zip_longest("AB", "xyz", fillvalue="-")), len(list(itertools.permutations(range(4)))), list(itertools.combinations_with_replacement("AB", 2)))
    a, b = itertools.tee(range(3))
    print(list(a), next(b), list(itertools.filterfalse(lambda n: n % 2, range(5))), list(itertools.dropwhile(lambda n: n < 3, [1, 4, 2])), list(itertools.repeat("x", 2)))


def digests():
    for name in "md5", "sha1", "sha256", "sha3_224", "blake2b":
        print(f"{name:9} {hashlib.new(name, b'ryokan').hexdigest()[:24]} {hashlib.new(name).block_size}")
    h = hashlib.sha256()
    for chunk in b"ryo", b"kan":
        h.update(chunk)
    print(h.digest() == hashlib.sha256(b"ryokan").digest(), h.name, h.copy().hexdigest()[-8:], hashlib.shake_128(b"x").hexdigest(8))
    print(hmac.new(b"key", b"message", "sha256").hexdigest()[:16], hmac.compare_digest("a", "a"))
    print(base64.b64encode(b"\xff\xfe any"), base64.urlsafe_b64encode(b"\xff\xfe"), base64.b32encode(b"hi"), base64.a85encode(b"text"), base64.b85decode(base64.b85encode(b"z")), binascii.hexlify(b"ab", "-"))
    print(len(secrets.token_hex(8)), random.Random(5).sample(range(100), 4), random.Random("seed").shuffle([1]), [round(random.Random(1).gauss(0, 1), 6)], random.Random(3).choices("abc", [1, 2, 3], k=5))


for part in texts, numbers, structures, recipes, digests:
    print(f"== {part.__name__}")
    part()
