# Loads and stores of one place in the code, while what they find moves: between classes, instances, modules and dicts.
import sys


class Base:
    shared = "base"
    count = 0


class Derived(Base):
    pass


def read(owner):
    return owner.shared


def rounds(label, owner, change=None):
    seen = [read(owner) for _ in range(3)]
    if change:
        change()
        seen += [read(owner) for _ in range(3)]
    print(label, seen)


d = Derived()
rounds("class through instance", d)
rounds("another value", d, lambda: setattr(Base, "shared", "other"))
rounds("a number of its own", d, lambda: setattr(Base, "shared", 123456789))
rounds("nearer class", d, lambda: setattr(Derived, "shared", "derived"))
rounds("many names", d, lambda: [setattr(Derived, f"n{i}", i) for i in range(50)])
rounds("instance", d, lambda: setattr(d, "shared", "own"))
rounds("not the instance", d, lambda: delattr(d, "shared"))
rounds("property", d, lambda: setattr(Derived, "shared", property(lambda self: "computed")))
rounds("value again", d, lambda: setattr(Derived, "shared", "value"))
rounds("base again", d, lambda: delattr(Derived, "shared"))
Base.shared = lambda self: 1
print(type(read(d)).__name__, read(d)())


def count(cls):
    for _ in range(1000):
        cls.count += 1
    return cls.count, Base.count, "count" in cls.__dict__


print(count(Base), count(Derived), count(Derived), count(Base))


class Late:
    pass


class Holder:
    shared = Late()


h = Holder()
print(read(h) is Holder.shared)
Late.__get__ = lambda self, owner, cls: ("got", owner is h, cls is Holder)
print(read(h), read(Holder))
del Late.__get__
print(type(read(h)) is Late)


class Getter:
    def __get__(self, owner, cls):
        return "from __get__"


Holder.shared.__class__ = Getter
print(read(h), read(Holder))

# Classes by a metaclass, and one place for many classes.


class Meta(type):
    shared = "meta"

    @property
    def computed(cls):
        return "computed " + cls.__name__


class One(metaclass=Meta):
    pass


class Two(metaclass=Meta):
    shared = "two"


Holder.shared = "plain"
print([read(c) for c in (One, Two, One, Two, Holder, One)], [c.computed for c in (One, Two, One)])
Meta.shared = property(lambda cls: "data " + cls.__name__)
print([read(c) for c in (One, Two, One)])
del Meta.shared
try:
    read(One)
except AttributeError as e:
    print(e, e.name, e.obj is One)

for i in range(5):
    made = type(f"Made{i}", (), {"shared": i})
    print(read(made), read(made()), end=" ")
print()

# Modules.
module = type(sys)("module")


def of_module():
    return module.value


module.value = 1
print(of_module(), of_module())
module.value = 10**20
module.other = 2
print(of_module(), of_module())
del module.value
for _ in range(2):
    try:
        of_module()
    except AttributeError as e:
        print(e)
module.__getattr__ = lambda name: "made " + name
print(of_module(), of_module())
module.value = 3
print(of_module(), [module.__dict__ is vars(module) for _ in range(2)])


class Loud(type(sys)):
    @property
    def value(self):
        return "loud"


module.__class__ = Loud
print(of_module(), of_module())

# Instances whose attributes lie in a dict.


class Plain:
    pass


def get(o):
    return o.b


def put(o, value):
    o.b = value


def plain(**values):
    made = Plain()
    made.__dict__.update(values)
    return made


several = [plain(a=1, b=2), plain(b=3), plain(a=4, b=5), plain(c=1, a=1, b=6)]
print([get(o) for o in several * 2])
for at, o in enumerate(several * 2):
    put(o, at)
print([get(o) for o in several], [vars(o) for o in several])
several[0].__dict__ = {"b": "new"}
print([get(o) for o in several])
del several[0].b
for _ in range(2):
    try:
        get(several[0])
    except AttributeError as e:
        print(e)
Plain.b = "of the class"
print([get(o) for o in several])
Plain.b = property(lambda self: "data")
print([get(o) for o in several])

# Methods through a class, through what the class wraps, and the owner that only the load holds.


class Methods:
    @classmethod
    def c(cls, *rest):
        return cls.__name__, rest

    @staticmethod
    def s(*rest):
        return rest

    def m(self, *rest):
        return type(self).__name__, rest


class Below(Methods):
    pass


def call(cls):
    return cls.c(1), cls.s(2), cls.m(cls(), 3)


print(call(Methods), call(Below), call(Methods))
Methods.__dict__["c"].__init__(lambda cls: "again")
Methods.__dict__["s"].__init__(lambda two: "and again")


def call_changed(cls):
    return cls.c(), cls.s(2)


print(call_changed(Methods), call_changed(Below))
for name in "xyz":
    print(type(name, (Methods,), {"k": name}).k, type(name, (Methods,), {}).m(3), type("T", (), {"k": 1})().k, end=" ")
print()

# Who is asked for an attribute.


class Asked:
    def __getattr__(self, name):
        if name == "bad":
            raise AttributeError("no " + name)
        return "asked " + name

    @property
    def fails(self):
        return self.bad

    @property
    def broken(self):
        raise ValueError("broken")


def ask(o, name):
    match name:
        case "there":
            return o.there
        case "missing":
            return o.missing
        case "bad":
            return o.bad
        case "fails":
            return o.fails
        case "broken":
            return o.broken


a = Asked()
a.there = 1
for name in ("there", "missing", "bad", "fails", "broken") * 2:
    try:
        print(ask(a, name))
    except Exception as e:
        print(type(e).__name__, e, getattr(e, "name", "-"), getattr(e, "obj", None) is a)


class Both:
    def __getattribute__(self, name):
        if name == "there":
            return "found"
        return super().__getattribute__(name)

    def __getattr__(self, name):
        return "asked " + name


b = Both()
print([ask(b, "there"), ask(b, "missing"), ask(b, "there")])


class Only:
    def __getattribute__(self, name):
        if name == "bad":
            raise AttributeError("bad")
        return name


o = Only()
for name in ("there", "missing", "bad") * 2:
    try:
        print(ask(o, name))
    except AttributeError as e:
        print("AttributeError", e, e.name, e.obj is o)
