//! Documents: `pyexpat` tells of them what CPython 3.14's tells, whole and in pieces.
//!
//! The first byte says how the parser is made and fed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ryokan_fuzz::given::check;

/// What each input is given to. Of a document that is wrong it is told that it is: how much of it was told before that differs where it is
/// wrong inside of a declaration.
const PROGRAM: &str = r#"
import pyexpat
data, how = DATA, HOW
parser = pyexpat.ParserCreate((None, 'utf-8', 'iso-8859-1', None)[how % 4], (None, ' ')[how // 4 % 2])
parser.buffer_text = how & 8 != 0
parser.ordered_attributes = how & 16 != 0
parser.SetParamEntityParsing(2 if how & 32 else 0)
told = []
def tell(name):
    def call(*args):
        told.append((name, args, parser.CurrentByteIndex, parser.CurrentLineNumber, parser.CurrentColumnNumber))
        if name == 'ExternalEntityRef':
            parser.ExternalEntityParserCreate(args[0]).Parse(data[:40], True)
        return 1
    return call
for name in ('StartElement', 'EndElement', 'ProcessingInstruction', 'CharacterData', 'UnparsedEntityDecl', 'NotationDecl', 'StartNamespaceDecl', 'EndNamespaceDecl',
    'Comment', 'StartCdataSection', 'EndCdataSection', 'ExternalEntityRef', 'StartDoctypeDecl', 'EndDoctypeDecl', 'EntityDecl', 'XmlDecl', 'ElementDecl', 'AttlistDecl',
    'SkippedEntity'):
    setattr(parser, name + 'Handler', tell(name))
try:
    if how & 64:
        parser.SetReparseDeferralEnabled(how & 128 != 0)
        for at in range(0, len(data), 3): parser.Parse(data[at:at + 3])
        parser.Parse(b'', True)
        told = [one for one in told if one[0] != 'CharacterData']
    else: parser.Parse(data, True)
    print(ascii(told)[:6000])
except (pyexpat.ExpatError, ValueError, LookupError): print('wrong')
"#;

fuzz_target!(|data: &[u8]| check(PROGRAM, data, |_| true));
