# What classes refuse, and what they hold in which order.
def tell(source):
    names = {}
    try:
        exec(source, names)
        print(source.split("\n")[0], "->", names.get("r"))
    except Exception as e:
        print(source.split("\n")[0], "!!", type(e).__name__, e)


for source in (
    "class C(tuple): __slots__ = ('__weakref__',)",
    "class C(int): __slots__ = ('__weakref__',)",
    "class C(int): __slots__ = ('__dict__',)",
    "class C(bytes): __slots__ = ('1',)",
    "class C(int): __slots__ = ()",
    "class C(str): __slots__ = ('__dict__',)",
    "class A: pass\nclass B(A): pass\nB.__bases__ = (A, A)",
    "class M(type):\n def mro(cls): return [object]\nclass A(metaclass=M): pass",
    "class M(type):\n def mro(cls): return [cls, object]\nclass A(metaclass=M): pass\nr = A.__mro__",
    "class A:\n 'doc'\n x = 1\nr = list(A.__dict__)",
    "class A: x = 1\nr = list(A.__dict__)",
    "class A[T]: pass\nr = list(A.__dict__)",
    "r = list(type('A', (), {'y': 1}).__dict__)",
    "class A:\n __slots__ = ('a', '__doc__')\nr = list(A.__dict__)",
    "class A: __iter__ = None\n1 in A()",
    "class A:\n def __iter__(self): raise TypeError('mine')\n1 in A()",
    "class A:\n def __iter__(self): raise ValueError('mine')\n1 in A()",
    "class A: __aenter__ = __aexit__ = 1\nwith A(): pass",
    "class A: __aenter__ = __aexit__ = len\nwith A(): pass",
    "class A: __enter__ = __exit__ = 1\nasync def f():\n async with A(): pass\nf().send(None)",
    "__import__('a', level=1)",
    "__import__('a', 5, level=1)",
    "import types\nm = types.ModuleType('m')\ndel m.x",
    "import types\nm = types.ModuleType('m')\nm.x",
    "import types\nm = types.ModuleType('m')\nm.__spec__ = 5\nrepr(m)",
    "import types\nm = types.ModuleType('m')\nm.__spec__ = types.SimpleNamespace(name='q', origin=1, has_location=2)\nr = repr(m)",
    "import types\nm = types.ModuleType('m')\nm.__spec__ = types.SimpleNamespace(name='q', origin=None)\nr = repr(m)",
    "r = bytearray(b'a').__reduce_ex__(2), bytearray(b'a').__reduce_ex__(3), bytearray().__reduce_ex__(2)",
    "r = bytearray(b'a').__reduce__(), bytearray(b'a').__reduce_ex__()",
    "bytearray(b'a').__reduce_ex__('x')",
    "import _suggestions\nr = _suggestions._generate_suggestions(['popen', 'x'], 'nope')",
    "import _suggestions\n_suggestions._generate_suggestions([1], 'nope')",
):
    tell(source)


def make(value):
    class B:
        def f(self):
            return super().__init__

        def g(self):
            return super()

        def h(self):
            return super(B, self).__init__

        def put(self):
            nonlocal __class__
            __class__ = value

    return B


for value in 5, None, object:
    for name in "fgh":
        made = make(value)()
        made.put()
        try:
            print(value, name, type(getattr(made, name)()).__name__)
        except Exception as e:
            print(value, name, type(e).__name__, e)


class Keys:
    def __init__(self, keys):
        self.given = keys

    def keys(self):
        return self.given

    def __getitem__(self, key):
        return key * 2


class Raises:
    def __init__(self, error):
        self.error = error

    def __iter__(self):
        raise self.error


for keys in 1, Raises(TypeError("mine")), Raises(ValueError("mine")), "ab", ("a", "b"), iter("c"):
    for act in dict, {}.update, lambda k: {**k}, lambda k: dict(**k):
        try:
            print(type(keys).__name__, act(Keys(keys)))
        except Exception as e:
            print(type(keys).__name__, type(e).__name__, e)
