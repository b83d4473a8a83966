# Elements of _elementtree: making, looking, slicing, walking, copying, pickling, and what is asked in the wrong way.
import copy
import pickle
import re
import weakref
import xml.etree.ElementTree as ET

E = ET.Element


def told(do):
    try:
        print(re.sub(" at 0x[0-9a-f]+", "", ascii(do())))
    except Exception as error:
        print(type(error).__name__, ascii(str(error)))


def tags(elements):
    return [element.tag for element in elements]


def family(text="abcdef"):
    parent = E("top")
    parent.extend(E(c) for c in text)
    return parent


print(E.__module__, E.__qualname__, ET.SubElement.__name__, ET.ParseError.__mro__)

# Making.
for arguments, names in [((), {}), (("a", 1), {}), (("a", {}, {}), {}), (("a", {"x": 1}), {"y": 2}), (("a",), {"attrib": {"x": 1}, "y": 2}), ((), {"tag": "a"}),
                         (("a",), {"attrib": 3}), (("a", None), {}), (("a", {}), {"attrib": {"x": 1}})]:
    told(lambda: E(*arguments, **names).attrib)
    told(lambda: ET.SubElement(E("p"), *arguments, **names).attrib)
told(lambda: ET.SubElement(1, "a")), told(lambda: ET.SubElement())
given = {"x": 1}
print(E("a", given).attrib is given, E("p").makeelement("a", given).attrib is given)
for arguments in [("a", 3), ("a", {"x": 1})]:
    told(lambda: E("p").makeelement(*arguments).attrib)
blank = E.__new__(E)
print(blank.tag, blank.text, blank.attrib, len(blank), blank.keys(), repr(blank)[:13])
told(lambda: E.__init__(blank)), told(lambda: E.__init__(blank, "b", q="1")), print(blank.tag, blank.items())

# Parts.
one = E("one")
for name in ("tag", "text", "tail", "attrib", "other"):
    told(lambda: delattr(one, name)), told(lambda: setattr(one, name, 5)), told(lambda: getattr(one, name))
told(lambda: setattr(one, "attrib", {"k": "v"})), told(one.items), told(one.keys)
for do in (lambda: one.get(), lambda: one.get("k"), lambda: one.get("n", 5), lambda: one.get(key="n", default=6), lambda: one.get([]), lambda: E("n").get([]),
           lambda: one.set("a"), lambda: one.set("a", 1), lambda: one.set([], 1), lambda: one.attrib, one.clear, lambda: (one.tag, one.text, one.attrib)):
    told(do)

# As a sequence.
for key in (0, -1, 5, 6, -7, True, "a", 1.0, 1 << 70, slice(1, 3), slice(None, None, -2), slice(9, 7), slice(0, 9, 0), slice("a", None), slice(3, None, 1 << 80)):
    top = family()

    def item():
        found = top[key]
        return tags(found) if isinstance(found, list) else found.tag

    def delete():
        del top[key]
        return tags(top)

    def assign(value):
        top[key] = value
        return tags(top)

    told(item)
    for value in (E("new"), [E("x"), E("y")], (E(c) for c in "xyz"), 5, [5], []):
        top = family()
        told(lambda: assign(value))
    top = family()
    told(delete)

top = family("a")
for do in (lambda: top.append(1), lambda: top.extend(1), lambda: top.extend([1]), lambda: top.insert("a", E("b")), lambda: top.insert(0, 1), lambda: top.insert(1 << 70, E("b")),
           lambda: top.remove(E("a")), lambda: top.remove(1), lambda: top.insert(-1, E("b")), lambda: top.insert(100, E("c")), lambda: top.insert(-100, E("d")),
           lambda: top.remove(top[1]), lambda: tags(top), lambda: top.extend(top), lambda: tags(top)):
    told(do)


# Comparing that changes what is compared.
class Evil(E):
    def __init__(self, tag, act, answer):
        super().__init__(tag)
        self.act, self.answer = act, answer

    def __eq__(self, other):
        self.act()
        return self.answer


for act in ("clear", "first"):
    for answer in (False, True):
        for place in range(2):
            top = E("top")
            work = top.clear if act == "clear" else lambda: top.__delitem__(0)
            top.append(E("plain")), top.insert(place, Evil("evil", work, answer))
            told(lambda: top.remove(E("missing"))), print(tags(top))


class Index:
    def __init__(self, number, act):
        self.number, self.act = number, act

    def __index__(self):
        self.act()
        return self.number


top = family()
told(lambda: tags(top[Index(1, lambda: top.__delitem__(slice(3, None))):9]))
top = family()
told(lambda: top.__setitem__(slice(Index(0, top.clear), 3), [E("z")])), print(tags(top))
top = family()
told(lambda: tags(top[::Index(2, lambda: top.append(E("more")))]))

# Looking and walking.
page = E("page")
page.text = "t"
one = ET.SubElement(page, "{u}one")
one.text, one.tail = "1", "-"
two = ET.SubElement(one, "two", k="v")
two.tail = "2"
note = ET.Comment("said")
note.tail = "!"
page.append(note)
ET.SubElement(page, "two").text = ""
for path in ("two", "{u}one", "{u}one/two", ".//two", "*", "{*}one", "{}two", "two[1]", "nothing", None, b"two", 5, "", ".", "a.b", "{a/b}c"):
    told(lambda: page.find(path)) if path is None or path == 5 else None
    told(lambda: getattr(page.find(path), "tag", None)), told(lambda: page.findtext(path, "default")), told(lambda: tags(page.findall(path))), told(lambda: tags(page.iterfind(path)))
told(lambda: page.find("u:one", {"u": "u"}).tag), told(lambda: page.findtext("two")), told(lambda: page.findtext("u:one", namespaces={"u": "u"})), told(lambda: page.find())
for tag in (None, "*", "two", b"*", b"two", ET.Comment, 5):
    print(len(list(page.iter(tag))))
print(list(page.itertext()), list(note.itertext()), type(page.iter()), type(page.itertext()))
walk = page.iter()
print(next(walk).tag, iter(walk) is walk)
page.insert(0, E("late"))
print([str(element.tag)[:9] for element in walk], next(walk, "end"))
told(lambda: type(walk)())

# Copies and pickles.
shallow, deep = copy.copy(page), copy.deepcopy(page)
print(shallow.attrib is page.attrib, shallow[0] is page[0], deep[0] is page[0], ET.tostring(deep) == ET.tostring(page), ET.tostring(shallow))
for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
    print(ET.tostring(pickle.loads(pickle.dumps(one, protocol))))
told(lambda: one.__reduce__()), told(lambda: one.__deepcopy__(3)), told(lambda: sorted(one.__getstate__()))
twice = E("twice")
twice.append(one), twice.append(one)
twin = copy.deepcopy(twice)
print(twin[0] is twin[1], twin[0] is one)
for state in (5, {}, {"tag": "z", "_children": [1]}, {"tag": "z", "_children": 3}, {"tag": "z", "other": 3}, {"tag": "z", "text": "t", "attrib": {"a": "b"}}):
    told(lambda: one.__setstate__(state))
print(one.tag, one.text, one.tail, one.attrib, len(one))


class Sub(E):
    pass


sub = Sub("sub")
sub.own = 5
print(sub.own, type(copy.copy(sub)).__name__, weakref.ref(sub)() is sub, hash(sub) == hash(sub))

# Elements that contain themselves.
ring = E("ring")
ring.append(ring)
ring.tag = ring
told(lambda: repr(ring))
ring.tag = "ring"
print(len(repr(ring)) > 10)
for depth in (10, 20000):
    deepest = tower = E("tower")
    for _ in range(depth):
        deepest = ET.SubElement(deepest, "floor")
    print(len(list(tower.iter())))
del deepest, tower
