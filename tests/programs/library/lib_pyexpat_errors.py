# pyexpat: what is wrong with documents and with calls.
import copy
import io
import pickle
import pyexpat
from pyexpat import errors, model

P = pyexpat.ParserCreate


def told(work, *about):
    try:
        print(*about, repr(work())[:150])
    except Exception as error:
        print(*about, type(error).__name__, error, *(getattr(error, name, '') for name in ('code', 'lineno', 'offset')))


print(sorted(errors.codes.items(), key=lambda item: item[1]))
print([errors.messages[code] == text for text, code in errors.codes.items()].count(False), errors.XML_ERROR_SYNTAX)
print(sorted((name, value) for name, value in vars(model).items() if name.startswith('XML')), model.__name__, errors.__name__)
for code in (3, 0, 300, -1, 'a'):
    told(lambda: pyexpat.ErrorString(code))

for document in (
        b'', b' ', b'abc', b'<', b'<a', b'<a>', b'<a></b>', b'<a/>x', b'<a/><b/>', b'&amp;', b'<a>&foo;</a>', b'<a>&#0;</a>', b'<a b="1" b="2"/>', b'<a>]]></a>',
        b'<a>\x01</a>', b'\xff', b'<a>\xff</a>', b'<a>\xc3', b' <?xml version="1.0"?><a/>', b'<?xml version="1.0" encoding="utf-16"?><a/>',
        b'<?xml encoding="utf-8"?><a/>', b'<?xml version="2.0"?><a/>', b'<?xml version="1.0" standalone="maybe"?><a/>', b'<!DOCTYPE', b'<!DOCTYPE a [<!ELEMENT>]><a/>',
        b'<!DOCTYPE a><b>', b'<!DOCTYPE a [<!ENTITY x "&x;">]><a>&x;</a>', b'<!DOCTYPE a [<!ENTITY x "<b>">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "f" NDATA n>]><a>&x;</a>', b'<!DOCTYPE a [<!ENTITY x SYSTEM "f">]><a b="&x;"/>', b'<a b="<"/>', b'<a b=x/>', b'<a b/>',
        b'<a b="1"c="2"/>', b'<a><![CDATA[', b'<a><![CDATA[x]]', b'<a><!-- -- --></a>', b'<?xml?><a/>', b'<?XML ?><a/>', b'<a><?xml x?></a>', b'\n\n<a>\n<b>\n</c>',
        b'<a>&#x110000;</a>', b'<a>&', b'<a>&;</a>', b'<a>\r', b'<a>]', b'<a>]]', b'</a>', b'<a/', b'<1/>', b'<!-- ', b'<?p', b'<!DOCTYPE a [',
        b'<!DOCTYPE a [<!ENTITY x "%y;">]><a/>', b'<!DOCTYPE a PUBLIC "{" "x"><a/>', b'<!DOCTYPE a [<![INCLUDE[]]>]><a/>', b'<!DOCTYPE a []><!DOCTYPE a []><a/>',
        b'\xef\xbb\xbf', b'\0\r\n', b'<!DOCTYPE a [<!ELEMENT a (b|c,d)>]><a/>', b'<!DOCTYPE a [<!ATTLIST a b CDATA>]><a/>'):
    parser = P()
    told(lambda: parser.Parse(document, True), document)
    code, byte = parser.ErrorCode, parser.ErrorByteIndex
    try:
        parser.Parse(b'<more/>', True)
    except pyexpat.ExpatError as error:
        print(' ', code, byte, error.code)
for document in (b'<a:b/>', b'<a xmlns:x=""/>', b'<a xmlns:xml="foo"/>', b'<a xmlns:xmlns="foo"/>', b'<a xmlns:x="http://www.w3.org/XML/1998/namespace"/>',
                 b'<a x:y="1"/>', b'<a xmlns:x="u" xmlns:y="u" x:a="1" y:a="2"/>', b'<a:b:c/>', b'<:a/>', b'<a:/>', b'<a xmlns="http://www.w3.org/2000/xmlns/"/>',
                 b'<a>&b:c;</a>', b'<?a:b?>'):
    told(lambda: P(None, '!').Parse(document, True), document)
for encoding in ('cp037', 'nothing', 'utf-7', 'undefined'):
    told(lambda: P().Parse(b'<?xml version="1.0" encoding="%s"?><a/>' % encoding.encode(), True), encoding)

# entities that grow without bound
def laughs(rows, columns, in_attribute):
    entities = ''.join('<!ENTITY e%d "%s">' % (row + 1, '&e%d;' % row * columns) for row in range(rows))
    return '<!DOCTYPE d [<!ENTITY e0 "ha">%s]><d %s' % (entities, 'a="&e%d;"/>' % rows if in_attribute else '>&e%d;</d>' % rows)
for in_attribute in (False, True):
    parser = P()
    parser.SetBillionLaughsAttackProtectionActivationThreshold(20000)
    told(lambda: parser.Parse(laughs(9, 10, in_attribute), True) and 0, 'laughs')
    parser = P()
    parser.SetBillionLaughsAttackProtectionMaximumAmplification(1e9)
    told(lambda: parser.Parse(laughs(3, 10, in_attribute), True))
parser = P()
parser.SetAllocTrackerActivationThreshold(0)
parser.SetAllocTrackerMaximumAmplification(1.0)
try:
    parser.Parse("<!DOCTYPE d [<!ENTITY a 'b'><!ENTITY c 'd'>]><d/>", True)
except pyexpat.ExpatError as error:
    print(error.code, str(error)[:13])
for name in ('SetBillionLaughsAttackProtectionMaximumAmplification', 'SetAllocTrackerMaximumAmplification'):
    for factor in (1, 0.5, float('nan'), float('inf'), 'a'):
        told(lambda: getattr(P(), name)(factor), factor)
    told(lambda: getattr(P().ExternalEntityParserCreate(None), name)(2.0))
for threshold in (0, -1, 1 << 70, 1.0):
    told(lambda: P().SetBillionLaughsAttackProtectionActivationThreshold(threshold), threshold)

# handlers that do what they must not
parser = P()
parser.StartElementHandler = lambda *args: parser.Parse(b'<x/>')
told(lambda: parser.Parse(b'<a/>'))
print(parser.StartElementHandler)
parser = P()
parser.StartElementHandler = lambda *args: parser.ParseFile(io.BytesIO(b'<x/>'))
told(lambda: parser.Parse(b'<a/>'))
parser = P()
parser.NotStandaloneHandler = lambda: 0
told(lambda: parser.Parse(b'<!DOCTYPE a SYSTEM "b"><a/>'))
parser = P()
parser.NotStandaloneHandler = lambda: 1.5
told(lambda: parser.Parse(b'<!DOCTYPE a SYSTEM "b"><a/>'))
parser = P()
parser.ExternalEntityRefHandler = lambda *args: 0
told(lambda: parser.Parse(b'<!DOCTYPE a [<!ENTITY b SYSTEM "c">]><a>&b;</a>'))
def mess(name, attributes):
    parser.StartElementHandler = None
    parser.buffer_text = True
    parser.buffer_size = 1
    parser.CharacterDataHandler = print
    parser.ExternalEntityParserCreate(None).Parse(b'<!ENTITY % z "q">', True)
    parser.intern.clear()
parser = P()
parser.StartElementHandler = mess
told(lambda: parser.Parse(b'<a><b>text<c/></b></a>', True))

# calls and attributes
parser = P()
for work in (lambda: P(3), lambda: P(None, 'ab'), lambda: P(None, 3), lambda: P(None, ' ', 3), lambda: parser.Parse(3), lambda: parser.ParseFile(3),
             lambda: parser.SetBase(3), lambda: parser.ExternalEntityParserCreate(3), lambda: type(parser)(), lambda: pickle.dumps(parser), lambda: copy.copy(parser),
             lambda: setattr(parser, 'buffer_size', 0), lambda: setattr(parser, 'buffer_size', 'a'), lambda: setattr(parser, 'buffer_size', 1 << 40),
             lambda: setattr(parser, 'foo', 5), lambda: delattr(parser, 'buffer_text'), lambda: delattr(parser, 'CommentHandler'),
             lambda: parser.SetParamEntityParsing(2), lambda: parser.Parse(b'<a>'), lambda: parser.SetParamEntityParsing(2), lambda: parser.UseForeignDTD()):
    told(work)
class File:
    def __init__(self, given): self.given = given
    def read(self, size): return self.given
for given in (3, 'abc', b'a' * 3000):
    told(lambda: P().ParseFile(File(given)))
