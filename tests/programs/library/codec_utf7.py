# UTF-7: every state of a run of base64, whole and in pieces.
import _codecs, codecs
def t(f,*a):
    try: print(repr(f(*a)))
    except Exception as e: print(type(e).__name__, e, getattr(e,'start',None), getattr(e,'end',None), getattr(e,'reason',None))
D=_codecs.utf_7_decode
for final in (False, True):
  for err in ('strict','replace','ignore'):
    for b in [b'', b'a', b'+', b'+-', b'+A', b'+AA', b'+AAA', b'+AAAA', b'+AAAA-', b'+AE', b'+AEE', b'+AEEA', b'+AEEAQ', b'+AEEAQg', b'+AEEAQg-', b'+AEE-x', b'+AEEx', b'+AEEA!', b'+AEE!', b'+AEH-', b'\xff', b'a\xffb', b'+AEE\xff', b'+\xc1', b'+@', b'+@-', b'+!', b'+2AE', b'+2AE-', b'+2AHab9ze', b'+2AHab9ze-', b'+2AHcAQ-', b'+2m/c3g-', b'+2m/c3g', b'+2m/c', b'+2m8-', b'+2m8!', b'+2m8+2m8-', b'x+2m/c3g-y', b'~', b'\\', b'a~b', b'+AEE~', b'+AEE\\', b'+AEE-+AEE-', b'+AEE+AEE-', b'+AEE+-', b'++', b'+AEE=', b'A+ImIDkQ.', b'a-b', b'+Jjo--!', b'+AEEAA', b'+AEEAAA-', b'+AEEAAAB-',b'\0\t\n\r a', b'+3AE-', b'+3AHYAQ-', b'+AAE', b'ab+AAE', b'ab+AAEAAg', b'+2AE-+3AE-', b'+2AHcAQ', b'x+2AH']:
        print(b, err, final, end=' '); t(D,b,err,final)
E=_codecs.utf_7_encode
for s in ['', 'a', '+', '+-', '~', '\\', 'a~', '\u20ac', '\u20aca', '\u20ac-', '\u20ac+', '\u20ac~', '\u20ac.', '\U0001f600', 'x\U0001f600\udc00y', '\x00\x01\t\n\r', '\x7f', 'é!', '!é"', 'ab\ud800', '\ud800\udc00', 'é+é', 'é=', 'é/', "é'", 'é*', 'é\n', 'é ', '~~', '\\\\x']:
    print(ascii(s), end=' '); t(E,s)
t(E, b'x'); t(E); t(D); t(D,'x'); t(E,'a','bad'); t(E,'a',None); t(D,b'a',None,1)
print('é~'.encode('UTF-7'), 'é'.encode('utf7'), b'+AOk-'.decode('u7'), 'x'.encode('csunicode11utf7') if 0 else '')
d=codecs.getincrementaldecoder('utf-7')()
print([d.decode(bytes([c])) for c in b'a+AOkA6Q-b+2m/c3g-'])
