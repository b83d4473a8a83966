# classmethod and staticmethod as objects: what they copy of the function, and what they find out later.

def show(make):
    try:
        print(make())
    except Exception as error:
        print(type(error).__name__, error)


def f(a: int) -> str: "what f does"
for kind in (classmethod, staticmethod):
    w = kind(f)
    print(list(w.__dict__), w.__name__, w.__qualname__, w.__doc__, w.__module__)
    print(w.__annotations__, w.__annotate__ is f.__annotate__, list(w.__dict__))
    w.__annotations__ = 5
    print(w.__annotations__, f.__annotations__)
    del w.__annotations__
    print(w.__annotations__)
    del w.__annotations__
    show(lambda: delattr(w, '__annotations__'))
    w.__annotate__ = None
    print(w.__annotate__, f.__annotate__ is None)
    f.__name__ = 'renamed'
    print(w.__name__)
    f.__name__ = 'f'
    w.extra = [w]
    w.__doc__ = 'other'
    print(w.__doc__, f.__doc__, w.extra[0] is w)
    show(lambda: setattr(w, '__func__', 1))
    show(lambda: setattr(w, '__wrapped__', 1))
    del w.__name__
    show(lambda: w.__name__)
    w.__dict__ = {}
    show(lambda: w.__qualname__)
    show(lambda: setattr(w, '__dict__', 5))
    show(lambda: kind())
    show(lambda: kind(1, 2))
    show(lambda: kind(f=f))
    empty = kind.__new__(kind)
    print(empty.__func__, empty.__dict__, repr(empty))
    show(lambda: empty.__annotations__)
    empty.__init__(f)
    print(empty.__name__)
    empty.__init__(len)
    print(empty.__name__, empty.__func__)
    show(lambda: kind(5).__annotations__)
    print(kind(5).__isabstractmethod__)
    class Sub(kind):
        "of the class"
        __slots__ = ('q',)
    s = Sub(f)
    s.q, s.other = 1, 2
    print(s.q, s.__doc__, sorted(s.__dict__))
    class Late(kind):
        def __init__(self, function): self.seen = function
    show(lambda: Late(f).__func__)
print(classmethod(f).__get__(5).__self__, classmethod(f).__get__(5, str).__self__, classmethod(f).__get__(None, str).__self__)
show(lambda: staticmethod(f)(1))
class Asked:
    def __getattr__(self, name): return name
print(classmethod(Asked()).__dict__)
class Raises:
    @property
    def __name__(self): return 1 / 0
show(lambda: staticmethod(Raises()))
class C:
    @classmethod
    def make(cls, a: int): "makes"
    @staticmethod
    def plain(b: str): "plain"
    def __init_subclass__(cls): pass
    def __class_getitem__(cls, item): return item
    def __new__(cls): return object.__new__(cls)
for name in ('make', 'plain', '__init_subclass__', '__class_getitem__', '__new__'):
    print(name, type(C.__dict__[name]).__name__, list(C.__dict__[name].__dict__))
print(C.__dict__['make'].__annotations__, C.make.__annotations__, C.__dict__['plain'].__annotate__.__qualname__)
