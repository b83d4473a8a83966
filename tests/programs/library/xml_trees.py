# TreeBuilder and XMLParser of _elementtree: trees, targets of all kinds, events, entities, errors, files.
import io
import re
import warnings
import xml.etree.ElementTree as ET

P, T = ET.XMLParser, ET.TreeBuilder


def told(do):
    try:
        print(re.sub(" at 0x[0-9a-f]+", "", ascii(do())))
    except Exception as error:
        print(type(error).__name__, ascii(str(error)))


def shown(event):
    kind, about = event
    return kind, about.tag if isinstance(about.__class__, type) and hasattr(about, "tag") and isinstance(about.tag, str) else getattr(about, "text", about)


# The builder by itself.
for do in (lambda: T(1).start("a", {}), lambda: T(lambda tag, attrib: [tag, attrib]).start("a", {"x": 1}), lambda: T(foo=1), lambda: T(insert_comments=1).close(),
           lambda: T().start("a"), lambda: T().start("a", None), lambda: T().start("a", 5), lambda: T().end("a"), lambda: T().data(), lambda: T().pi(), lambda: T().data("x")):
    told(do)
builder = T(insert_comments=True, insert_pis=True)
builder.data("lost")
given = {"x": "1"}
top = builder.start("top", given)
print(top.attrib is given, builder.data("a"), builder.data("b"))
note = builder.comment("note")
builder.data("c")
told(lambda: builder.pi("target")), told(lambda: builder.pi("target", "text").text)
builder.data("d"), builder.start("low", {}), builder.data("e"), builder.end("whatever"), builder.data("f"), builder.end("top")
told(lambda: ET.tostring(builder.close())), told(lambda: builder.end("more")), told(lambda: builder.start("second", {}))
builder = T(comment_factory=lambda *a: a, pi_factory=lambda *a: a)
print(builder.comment("c"), builder.pi("p"), builder.pi("p", "q"))


class Node:
    text = tail = None

    def append(self, child):
        print("append", type(child).__name__)


builder = T(lambda tag, attrib: Node())
builder.start("a", {}), builder.data("x"), builder.data("z"), builder.comment("c"), builder.data("w"), builder.start("b", {}), builder.end("b"), builder.data("t"), builder.end("a")
print(builder.close().text)

# The parser and its arguments.
parser = P()
print(type(parser.entity), type(parser.target) is T, parser.version[:6])
for do in (lambda: setattr(parser, "target", 3), lambda: setattr(parser, "entity", 3), lambda: setattr(parser, "other", 3), lambda: P(1), lambda: P(encoding=3), lambda: P(foo=3),
           lambda: P().feed(5), lambda: P().feed(), lambda: P().close(), lambda: P().feed("<a><b></a>"), lambda: P().feed("\ud800"), lambda: P(encoding="nobody").feed("<a/>"),
           lambda: P(encoding="nobody").feed(b"<a/>"), lambda: P.__new__(P).feed("<a/>"), lambda: P.__new__(P).close(), lambda: P.__new__(P).flush(), lambda: P.__new__(P).target,
           lambda: P().flush()):
    told(do)
for encoding, document in [("iso8859-1", b"<a>\xe9</a>"), ("cp1251", b"<a>\xe9</a>"), (None, b"<?xml version='1.0' encoding='koi8-r'?><a>\xe9</a>"),
                           (None, "<a>\u20ac</a>".encode("utf-16")), (None, b"<?xml version='1.0' encoding='shift_jis'?><a/>")]:
    def read():
        parser = P(encoding=encoding)
        parser.feed(document)
        return parser.close().text

    told(read)
parser = P()
for piece in "<?xml version='1.0'?><!-- c --><t:a xmlns:t='u' xmlns='v' t:k='1' k='2&lt;&#65;'>x<b/>y<![CDATA[<&>]]>z\n</t:a>":
    parser.feed(piece)
root = parser.close()
print(root.tag, root.attrib, ascii(root.text), root[0].tag, ascii(root[0].tail))
told(lambda: parser.feed("<a/>")), told(parser.close)


# Targets.
class Target:
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)

        def method(*arguments):
            print(name, arguments)
            return name

        return method


class Few:
    def data(self, text):
        print("data", ascii(text))


DOCUMENT = "<!DOCTYPE a PUBLIC 'p' 's' [<!ENTITY i 'in<b/>'>]><a xmlns:x='v'><!--c--><?p i?><?q?><x:b x:c='1' d='2'>t\nu&lt;&i;</x:b></a>"
parser = P(target=Target())
parser.feed(DOCUMENT)
told(parser.close)
parser = P(target=Few())
parser.feed(DOCUMENT)
told(parser.close)


class Old(P):
    def doctype(self, *arguments):
        print("never", arguments)


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    Old().feed("<!DOCTYPE a><a/>")
print([str(warning.message) for warning in caught])


class Own(T):
    def start(self, tag, attrs):
        print("own", tag)
        return super().start(tag.upper(), attrs)


parser = P(target=Own())
parser.feed("<a><b/>t</a>")
told(lambda: ET.tostring(parser.close()))


class Raises:
    def start(self, tag, attrs):
        raise KeyError(tag)

    def end(self, tag):
        print("never")


parser = P(target=Raises())
told(lambda: parser.feed("<a><b></b>")), told(lambda: parser.feed("</a>")), told(parser.close)


class Feeds:
    def data(self, text):
        told(lambda: type(parser.entity))


parser = P(target=Feeds())
parser.feed("<a>x</a>")

# Entities that are not declared, and errors with their places.
parser = P()
parser.entity["foo"] = "bar"
parser.feed("<!DOCTYPE a SYSTEM 'x'><a b='&q;'>&foo;&amp;</a>")
told(lambda: parser.close().text)
for document in ("<a>\n &foo;</a>", "<!DOCTYPE a SYSTEM 'x'><a>\n &foo;</a>", "<a>\n</b>", "<a><a", "", "<a/><b/>", "<a b='1' b='2'/>", "<x:a/>"):
    try:
        ET.fromstring(document)
    except ET.ParseError as error:
        print(type(error) is ET.ParseError, error, error.code, error.position, error.__cause__, sorted(error.__dict__))

# Events.
parser, events = P(), []
print(parser._setevents(events, ("start", "end", "start-ns", "end-ns", "comment", "pi")))
parser.feed("<a xmlns='u' xmlns:x='v'><!--c--><?p i?><x:b>t</x:b></a>")
print([shown(event) for event in events])
parser, events = P(), []
parser._setevents(events), parser.feed("<a><b/></a>")
print([shown(event) for event in events])
for do in (lambda: P()._setevents(1, 2), lambda: P()._setevents([], 2), lambda: P()._setevents([], ["foo"]), lambda: P()._setevents([], [5]), lambda: P()._setevents(None),
           lambda: P(target=Few())._setevents([], []), lambda: P(target=Own())._setevents([], []), lambda: P()._setevents([], [b"end"])):
    told(do)
pull = ET.XMLPullParser(("start", "end", "comment", "start-ns"))
for piece in ("<a><b xmlns='n'>", "t</b><!--", "said--></a>"):
    pull.feed(piece)
    pull.flush()
    print([shown(event) for event in pull.read_events()])
print([(event, element.tag) for event, element in ET.iterparse(io.BytesIO(b"<a><b/><c>t</c></a>"), ("start", "end"))])


# Files.
class File:
    def __init__(self, *pieces):
        self.pieces = list(pieces)

    def read(self, size):
        return self.pieces.pop(0) if self.pieces else b""


for pieces in [(b"<a>x</a>",), ("<a>", "x</a>"), ("<a>", b"x</a>"), (5,), (bytearray(b"<a/>"),), ("<a>", "", b"x"), (b"<a>\xff</a>",)]:
    told(lambda: P()._parse_whole(File(*pieces)).text)
told(lambda: P()._parse_whole(5)), told(lambda: P(target=Few())._parse_whole(File(b"<a>x</a>")))
told(lambda: ET.parse(io.StringIO("<a><b/></a>")).getroot().tag), told(lambda: ET.tostring(ET.XML("<a><b/>\u20ac</a>"), "unicode"))
long = "".join(f"<r n='{at}'>text {at}</r>\n" for at in range(2000))
print(sum(int(row.get("n")) for row in ET.fromstring(f"<t>{long}</t>").iter("r")))
