# pyexpat: what handlers are told, and where it stands.
import io
import pyexpat

NAMES = ['StartElementHandler', 'EndElementHandler', 'ProcessingInstructionHandler', 'CharacterDataHandler', 'UnparsedEntityDeclHandler',
         'NotationDeclHandler', 'StartNamespaceDeclHandler', 'EndNamespaceDeclHandler', 'CommentHandler', 'StartCdataSectionHandler',
         'EndCdataSectionHandler', 'DefaultHandler', 'DefaultHandlerExpand', 'NotStandaloneHandler', 'ExternalEntityRefHandler',
         'StartDoctypeDeclHandler', 'EndDoctypeDeclHandler', 'EntityDeclHandler', 'XmlDeclHandler', 'ElementDeclHandler', 'AttlistDeclHandler',
         'SkippedEntityHandler']
DOCUMENT = b'''<?xml version="1.0" encoding="utf-8" standalone='no'?>
<?pi some data?><!-- note -->
<!DOCTYPE root PUBLIC "-//X//Y" "sys.dtd" [
<!ELEMENT root (a|b|(c,d?)+)*><!ELEMENT a (#PCDATA|b)*><!ELEMENT b EMPTY> <!ELEMENT c ANY>
<!ATTLIST a x CDATA #IMPLIED y (p|q) "q" z NMTOKENS #REQUIRED w CDATA #FIXED "f&amp;&#65;" n NOTATION (nn) #IMPLIED>
<!ENTITY e "text &#60; <b/> &f;"><!ENTITY f 'more'><!ENTITY e "again"><!ENTITY ext SYSTEM "e.xml"><!ENTITY un PUBLIC "p" "u.gif" NDATA nn>
<!NOTATION nn SYSTEM "n"><!NOTATION mm PUBLIC "pp  q">
<!ENTITY % pe "<!ENTITY g 'gg'>"> %pe; <?inner pi?> <!-- inside -->
]>
<root><a x="1&f;" z=" k  l ">hi &e; &lt;&#x41; ]] <![CDATA[ <raw> ]] ]]]></a><b/>\r\n\ttail \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 &ext; &un2;</root>
<!-- end --><?p?>
'''


def run(document, names=NAMES, sub=None, setup=None, pieces=None, **options):
    parser = pyexpat.ParserCreate(**options)

    def make(name):
        def call(*args):
            print(' ', name, args, parser.CurrentByteIndex, parser.CurrentLineNumber, parser.CurrentColumnNumber)
            if name == 'ExternalEntityRefHandler' and sub is not None:
                inner = parser.ExternalEntityParserCreate(args[0])
                return inner.Parse(sub, True)
            return 1
        return call
    for name in names:
        setattr(parser, name, make(name))
    if setup:
        setup(parser)
    try:
        if pieces:
            parser.SetReparseDeferralEnabled(False)
            for at in range(0, len(document), pieces):
                parser.Parse(document[at:at + pieces], False)
            print(parser.Parse(b'', True))
        else:
            print(parser.Parse(document, True))
    except pyexpat.ExpatError as error:
        print(error, error.code, error.lineno, error.offset)
    print(parser.ErrorCode, parser.CurrentByteIndex, parser.CurrentLineNumber, parser.CurrentColumnNumber)


EXPAND = [name for name in NAMES if name != 'DefaultHandler']
FEW = ['StartElementHandler', 'EndElementHandler', 'CharacterDataHandler']
run(DOCUMENT, EXPAND)
run(DOCUMENT, ['DefaultHandler'])
run(DOCUMENT, EXPAND, sub=b'<?xml encoding="utf-8"?>inner <s/>', setup=lambda parser: parser.SetParamEntityParsing(0))
run(DOCUMENT, FEW, pieces=1)

# parameter entities, sections, the external subset
subset = b'''<!ENTITY % q "<!ENTITY z 'y'>">%q;<![INCLUDE[<!ENTITY k "v">]]><![IGNORE[ x <![ ]]> ]]><!ENTITY % m "(a|b)*"><!ELEMENT s %m;><!ENTITY w "%m;x">'''
run(b'<!DOCTYPE x SYSTEM "s"><x>&k;&w;&none;</x>', EXPAND, sub=subset, setup=lambda parser: parser.SetParamEntityParsing(2))
run(b'<x/>', EXPAND, sub=subset, setup=lambda parser: (parser.SetParamEntityParsing(2), parser.UseForeignDTD()))

# names and namespaces, attributes
spaces = b'<a xmlns="u1" xmlns:p="u2" p:q="v" r="w"><p:b xmlns:p="u3"/><c xmlns=""><d p:e="1"/></c></a>'
for separator in (None, ' ', '!', ''):
    run(spaces, ['StartElementHandler', 'EndElementHandler', 'StartNamespaceDeclHandler', 'EndNamespaceDeclHandler'], namespace_separator=separator)
def ordered(parser):
    parser.ordered_attributes = parser.specified_attributes = parser.namespace_prefixes = 1
run(spaces, FEW, setup=ordered, namespace_separator='^')
run(b'<!DOCTYPE a [<!ATTLIST a b CDATA "c">]><a d="e"/>', FEW, setup=ordered)

# encodings
text = '<?xml version="1.0" encoding="%s"?><r>h\xe9 <\xe9l \xe4="\xfc">x</\xe9l>\n</r>'
for encoding in ('utf-8', 'utf-16', 'iso-8859-1', 'cp1252', 'iso8859-15'):
    run((text % encoding).encode(encoding), FEW)
run((text % 'iso-8859-1').encode(), FEW, encoding='utf-8')
run('<r>\u20ac</r>', FEW)

# text in one piece
def buffered(parser):
    parser.buffer_text = True
    parser.buffer_size = 8
run(b'<r>a&#65;\nbc<s/>0123456789ab<!-- c -->d</r>', FEW, setup=buffered)

parser = pyexpat.ParserCreate()
names = []
parser.StartElementHandler = lambda name, attributes: names.append(name)
print(parser.ParseFile(io.BytesIO(b'<e>' + b'<e/>' * 2000 + b'</e>')), len(names), all(name is names[0] for name in names), parser.intern)
parser = pyexpat.ParserCreate(intern=None)
parser.StartElementHandler = lambda *args: print(args, parser.GetInputContext(), parser.GetBase())
parser.SetBase('base')
parser.Parse(b'<a><b c="d">text</b>')
print(parser.GetInputContext(), parser.intern)
