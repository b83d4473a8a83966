# What stands on pyexpat: sax, minidom, ElementTree, plistlib, xmlrpc.
import datetime
import io
import plistlib
import xml.dom.minidom
import xml.etree.ElementTree as ET
import xml.sax
import xml.sax.handler
import xmlrpc.client

DOCUMENT = '''<?xml version="1.0"?>
<!DOCTYPE list [<!ENTITY who "W&#246;rld"><!ATTLIST item kind CDATA "plain">]>
<list xmlns:x="urn:x"><!-- note --><item id="1">Hello &who;</item><x:item x:id="2"><![CDATA[<raw>]]></x:item><?do it?></list>
'''


class Told(xml.sax.handler.ContentHandler):
    def startElement(self, name, attributes): print('start', name, dict(attributes.items()), self.locator.getLineNumber(), self.locator.getColumnNumber())
    def endElement(self, name): print('end', name)
    def startElementNS(self, name, qname, attributes): print('start', name, qname, dict(attributes.items()))
    def endElementNS(self, name, qname): print('end', name, qname)
    def characters(self, text): print('text', repr(text))
    def processingInstruction(self, target, data): print('pi', target, data)
    def setDocumentLocator(self, locator): self.locator = locator


xml.sax.parseString(DOCUMENT, Told())
reader = xml.sax.make_parser()
reader.setFeature(xml.sax.handler.feature_namespaces, True)
reader.setContentHandler(Told())
reader.parse(io.StringIO(DOCUMENT))
try:
    xml.sax.parseString('<a><b></a>', Told())
except xml.sax.SAXParseException as error:
    print(error)

document = xml.dom.minidom.parseString(DOCUMENT)
print(document.toxml())
print([item.getAttribute('kind') for item in document.getElementsByTagName('item')], document.doctype.name)

root = ET.fromstring(DOCUMENT)
print([(item.tag, item.attrib, item.text) for item in root], ET.tostring(root))
for event, element in ET.iterparse(io.StringIO(DOCUMENT), ['start', 'end', 'start-ns', 'comment', 'pi']):
    print(event, getattr(element, 'tag', element) if event in ('start', 'end', 'start-ns') else element.text)
pull = ET.XMLPullParser()
for at in range(0, len(DOCUMENT), 50):
    pull.feed(DOCUMENT[at:at + 50])
print([element.tag for _, element in pull.read_events()])
for bad in ('', '<a>', '<a></b>', '<a>&none;</a>', 'text'):
    try:
        ET.fromstring(bad)
    except ET.ParseError as error:
        print(error, error.code, error.position)

value = {'text': 'a<b', 'number': 5, 'real': 1.5, 'list': [True, False, b'bytes'], 'when': datetime.datetime(2026, 1, 2, 3, 4, 5)}
packed = plistlib.dumps(value)
print(plistlib.loads(packed) == value, len(packed))
try:
    plistlib.loads(b'<!DOCTYPE plist [<!ENTITY a "b">]><plist><string>&a;</string></plist>', fmt=plistlib.FMT_XML)
except plistlib.InvalidFileException as error:
    print(error)

call = xmlrpc.client.dumps((1, 'two', [3.5, None], {'k': b'v'}), 'method', allow_none=True)
print(xmlrpc.client.loads(call, use_builtin_types=True))
try:
    xmlrpc.client.loads(xmlrpc.client.dumps(xmlrpc.client.Fault(4, 'too bad')))
except xmlrpc.client.Fault as error:
    print(error)
