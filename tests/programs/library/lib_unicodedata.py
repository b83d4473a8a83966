import unicodedata as u
def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, e)
t(lambda:u.name('\n')); t(lambda:u.name('\n',5)); t(lambda:u.name('ab')); t(lambda:u.name(1)); t(lambda:u.lookup('x')); t(lambda:u.lookup('LATIN SMALL LETTER A')); t(lambda:u.lookup('latin small letter a'));  t(lambda:u.lookup('NEW LINE')); t(lambda:u.lookup(1)); t(lambda:u.lookup('x'*300)); t(lambda:u.lookup('é')); t(lambda:u.lookup(b'SPACE')); t(lambda:u.lookup('CJK UNIFIED IDEOGRAPH-4E00')); t(lambda:u.lookup('HANGUL SYLLABLE GA')); t(lambda:u.lookup('LATIN CAPITAL LETTER GHA'))
t(lambda:u.decimal('a')); t(lambda:u.decimal('a',1)); t(lambda:u.digit('²')); t(lambda:u.decimal('²')); t(lambda:u.numeric('½')); t(lambda:u.numeric('a')); t(lambda:u.digit('x')); t(lambda:u.numeric('一')); t(lambda:u.category('')); t(lambda:u.category('ab')); t(lambda:u.category(1)); t(lambda:u.combining('\u0301'))
t(lambda:u.normalize('NFC','e\u0301')); t(lambda:u.normalize('x','a')); t(lambda:u.normalize('NFKC','ﬁ')); t(lambda:u.is_normalized('NFC','é')); t(lambda:u.is_normalized('NFD','é')); t(lambda:u.is_normalized('x','é')); t(lambda:u.normalize('NFC','\ud800é')); t(lambda:u.normalize(1,'a')); t(lambda:u.normalize('NFC',b'a')); s='abc'; t(lambda:u.normalize('NFC',s) is s); t(lambda:u.normalize('NFC',''))
t(lambda:type(u.ucd_3_2_0)); t(lambda:u.ucd_3_2_0.unidata_version); t(lambda:u.UCD());  t(lambda:u.normalize('NFC')); t(lambda:u.decomposition('가')); t(lambda:u.decomposition('ﬁ')); t(lambda:u.ucd_3_2_0.name('€')); t(lambda:u.ucd_3_2_0.lookup('CARON')); t(lambda: u.name('\u4e00')); t(lambda:u.name('\U0001f600')); t(lambda:u.name('\ue000')); t(lambda:u.name('\uac00')); t(lambda:u.name('\U00017000')); t(lambda:u.name('\uf900')); t(lambda:u.name('\U00018B00'))

import _md5
for v,o in (('new',u),('old',u.ucd_3_2_0)):
    for n in ('category','bidirectional','east_asian_width','mirrored','combining','decomposition'):
        f=getattr(o,n)
        print(v,n,_md5.md5(repr([f(chr(c)) for c in range(0, 0x110000, 7)]).encode()).hexdigest())
    for n in ('decimal','digit','numeric','name'):
        f=getattr(o,n)
        print(v,n,_md5.md5(repr([f(chr(c),None) for c in range(0, 0x110000, 7)]).encode()).hexdigest())
    for n in ('NFC','NFD','NFKC','NFKD'):
        print(v,n,_md5.md5(repr([o.normalize(n,chr(c)) for c in range(0, 0x110000, 7)]).encode()).hexdigest())
