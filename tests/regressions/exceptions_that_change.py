"""str, repr and tracebacks of exceptions whose arguments and fields are replaced while they are shown."""
import gc
import sys


def churn():
    """Takes the room of what was let go."""
    return [(number, [number], {number: number}, bytearray(64)) for number in range(200)]


class Evil:
    """Replaces an attribute of its victim whenever it is looked at."""

    def __init__(self, text, act=lambda: None):
        self.text, self.act = text, act

    def said(self):
        self.act()
        churn()
        return self.text

    def __repr__(self):
        return self.said()

    def __str__(self):
        return self.said()

    def __index__(self):
        self.said()
        return 2

    def __eq__(self, other):
        self.said()
        return False

    def __hash__(self):
        self.said()
        return 1

    def __iter__(self):
        self.said()
        return iter(["f", 1, 2, "text"])


def outcome(action):
    try:
        return action()
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def attack(make, names, replacements=(None, (), "x", ("a", "b", "c"), 5)):
    """Shows an exception with each of its attributes replaced meanwhile."""
    for name in names:
        for new in replacements:
            victim = None

            def act():
                try:
                    setattr(victim, name, new)
                except Exception:
                    pass
                gc.collect(0)

            victim = make(act)
            shown = [outcome(lambda: str(victim)), outcome(lambda: repr(victim))]
            victim = make(act)
            shown.append(outcome(lambda: repr(victim)))
            victim = make(act)
            shown.append(outcome(lambda: victim.__reduce__()[1:2] and "reduced"))
            if isinstance(victim, OSError) and name.startswith("filename"):
                shown[0] = type(shown[0])  # CPython shows what lies where the name was
            print(type(victim).__name__, name, repr(new), shown)


def initialised(kind, *args):
    """Makes an exception whose __init__ takes evil arguments."""
    def make(act):
        return kind(*[Evil(arg[1:], act) if isinstance(arg, str) and arg[:1] == "!" else arg for arg in args])
    return make


attack(initialised(ValueError, "!one"), ["args"])
attack(initialised(ValueError, "!one", "!two", "!three"), ["args"])
attack(initialised(KeyError, "!key"), ["args"])
attack(initialised(KeyError, "!key", 2), ["args"])
attack(initialised(StopIteration, "!value"), ["args", "value"])
attack(initialised(SystemExit, "!code"), ["args", "code"])
attack(initialised(ImportError, "!msg"), ["args", "msg", "name"])
attack(initialised(AttributeError, "!name"), ["args", "name", "obj"])
attack(initialised(NameError, "!name"), ["args", "name"])
attack(initialised(OSError, "!errno", "!strerror"), ["args", "errno", "strerror", "filename"])
attack(initialised(OSError, "!errno", "!strerror", "!file"), ["args", "strerror", "filename", "filename2"])
attack(initialised(OSError, "!errno", "!strerror", "!file", 0, "!file2"), ["args", "errno", "filename", "filename2"])
attack(initialised(FileNotFoundError, 2, "!strerror", "!file"), ["args", "filename"])
attack(initialised(SyntaxError, "!msg", ("file", 1, 2, "text")), ["args", "filename", "lineno", "text"], (None, "x"))
attack(initialised(SyntaxError, "!msg", ("!f", 1, 2, "text", 1, 2)), ["args", "filename", "lineno"], (None, "x"))
attack(initialised(ExceptionGroup, "message", [ValueError("!in")]), ["args", "message"], (None, "x"))


def fields(make, **values):
    """Makes an exception and then sets evil fields."""
    def made(act):
        victim = make()
        for name, text in values.items():
            setattr(victim, name, Evil(text, act))
        return victim
    return made


syntax = lambda: SyntaxError("m", ("f", 1, 2, "text"))
attack(fields(syntax, msg="evil"), ["msg", "filename", "lineno"], (None, "x", ()))
encode = lambda: UnicodeEncodeError("utf-8", "abc", 0, 1, "reason")
decode = lambda: UnicodeDecodeError("utf-8", b"abc", 0, 1, "reason")
group = lambda: ExceptionGroup("g", [ValueError(1), KeyError(2)])
attack(fields(lambda: OSError(1, "s", "f"), strerror="evil", filename="evil file"), ["filename", "strerror", "errno"], (None, "x"))
attack(fields(lambda: ImportError("m"), msg="evil"), ["msg", "args"], (None, "x"))
for make in (encode, decode):
    for name in ("encoding", "reason"):
        victim = make()
        victim.__setattr__(name, Evil("evil", lambda: (setattr(victim, "object", "z" if make is encode else b"z"), churn())))
        outcome(lambda: str(victim))

print("Notes, causes and contexts")
for name in ("__notes__", "__cause__", "__context__", "__traceback__", "args"):
    for new in (None, [], ["note"], ValueError("new")):
        try:
            try:
                raise KeyError("first")
            except KeyError:
                raise ValueError("second")
        except ValueError as e:
            victim = e
        def act():
            try:
                setattr(victim, name, new)
            except Exception:
                pass
            churn()
        victim.__notes__ = [Evil("a note", act), "another", Evil("a third", act)]
        victim.args = (Evil("shown", act),)
        victim.__cause__ = RuntimeError(Evil("cause", act))

        class Sink:
            def write(self, text):
                lines.append(text)

            def flush(self):
                pass

        lines, kept, sys.stderr = [], sys.stderr, Sink()
        try:
            sys.excepthook(type(victim), victim, victim.__traceback__)
        finally:
            sys.stderr = kept
        print(name, type(new).__name__, "ValueError" in "".join(lines))

print("Arguments that change what they are made into")
holder = []
class Grows(list):
    def __iter__(self):
        if holder:
            holder[0].args = (1, 2, 3)
        churn()
        return list.__iter__(self)
e = SyntaxError("m", ("f", 1, 2, "t"))
holder.append(e)
print(outcome(lambda: e.__init__("new", Grows(["f", 3, 4, "u"]))), e.filename, e.lineno)
e.args = Grows([7])
print(e.args)
e = ExceptionGroup("g", [ValueError(1), TypeError(2)])
def derive(self, exceptions):
    churn()
    return ExceptionGroup("made", exceptions)
class Own(ExceptionGroup):
    def derive(self, exceptions):
        self.__notes__ = None
        self.args = ()
        return derive(self, exceptions)
own = Own("own", [ValueError(1), Own("inner", [TypeError(2), ValueError(3)])])
print(own.split(lambda e: (setattr(own, "args", ()), isinstance(e, ValueError))[1]))
print(own.subgroup(TypeError))
e.__notes__ = Grows(["n"])
holder[0] = e
print(e.split(ValueError)[0].__notes__)
