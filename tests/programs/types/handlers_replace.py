# A handler of errors may put other bytes in the place of those that are decoded.
import codecs
def mk(pos,new,out='\ufffd'):
    def h(exc):
        h.n+=1
        if h.n>20: raise RuntimeError('loop')
        if new is not None: exc.object=new
        return (out,pos(exc))
    h.n=0
    return h
bad={'utf-8':b'a\xffb','ascii':b'a\xffb','utf-16':b'\x00','utf-32':b'\x00','utf-16-le':b'a\0\xd8\xd8','utf-16-be':b'\xd8\xd8\0a','utf-32-le':b'a\0\0\0\xff\xff\xff\xff','utf-7':b'a+\xff','unicode_escape':b'a\\x','raw_unicode_escape':b'a\\u1','charmap':b'a'}
for enc,b in bad.items():
    for new in (None,b'\0'*8,b'zz',b'',b'q'):
        for pos in (lambda e:e.start,lambda e:e.end,lambda e:e.start+1, lambda e:-1, lambda e:len(e.object), lambda e:0):
            h=mk(pos,new); codecs.register_error('t.h',h)
            try: r=codecs.charmap_decode(b,'t.h',{}) if enc=='charmap' else b.decode(enc,'t.h')
            except Exception as e: r=type(e).__name__+str(e)
            print(enc,new,ascii(r),h.n)
