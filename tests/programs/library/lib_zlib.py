import zlib
def t(f):
    try: print(repr(f())[:150].split(' at 0x')[0])
    except BaseException as e: print(type(e).__name__, e)

d=b'hello world '*100
t(lambda:zlib.decompress(zlib.compress(d))==d); t(lambda:zlib.compress(b'')); t(lambda:zlib.compress(b'abc',0)); t(lambda:zlib.compress(b'abc',10)); t(lambda:zlib.compress(b'abc',-2)); t(lambda:zlib.compress('a')); t(lambda:zlib.compress(b'abc',wbits=-15)); t(lambda:zlib.compress(b'abc',wbits=31)); t(lambda:zlib.compress(b'abc',wbits=100)); t(lambda:zlib.compress(data=b'a'))
for x in (b'',b'x',b'xx',zlib.compress(d)[:-1],zlib.compress(d)+b'zz',zlib.compress(d)[:5]+b'\xff\xff\xff'): t(lambda:zlib.decompress(x))
t(lambda:zlib.decompress(zlib.compress(d,wbits=31),31)==d); t(lambda:zlib.decompress(zlib.compress(d,wbits=-15),-15)==d); t(lambda:zlib.decompress(zlib.compress(d,wbits=31),47)==d); t(lambda:zlib.decompress(zlib.compress(d),bufsize=1)==d); t(lambda:zlib.decompress(zlib.compress(d),bufsize=0)); t(lambda:zlib.decompress(zlib.compress(d),wbits=7)); t(lambda:zlib.decompress(b'abc',-15))
t(lambda:zlib.crc32(b'abc')); t(lambda:zlib.crc32(b'abc',7)); t(lambda:zlib.adler32(b'abc')); t(lambda:zlib.adler32(b'abc'*5000,-5)); t(lambda:zlib.adler32(b'')); t(lambda:zlib.crc32('a'))
c=zlib.compressobj(); t(lambda:type(c));  x=c.compress(d)+c.flush(zlib.Z_SYNC_FLUSH)+c.compress(b'end')
a=x+c.flush(); c2=c; t(lambda:zlib.decompress(a)==d+b'end'); t(lambda:c.flush()); t(lambda:c.compress(b'q'));  t(lambda:zlib.compressobj(wbits=7)); t(lambda:zlib.compressobj(level=20)); t(lambda:zlib.compressobj(strategy=9)); t(lambda:zlib.compressobj(memLevel=0)); t(lambda:zlib.compressobj(method=9)); t(lambda: zlib.compressobj(zdict='a')); t(lambda:c2.flush(77)); t(lambda:zlib.compressobj().flush(0)); t(lambda:c.flush.__text_signature__)
o=zlib.decompressobj(); t(lambda:type(o));  z=zlib.compress(d)+b'tail'
t(lambda:o.decompress(z[:10])); t(lambda:o.eof); t(lambda:len(o.decompress(z[10:],50)));  t(lambda:len(o.decompress(o.unconsumed_tail))); t(lambda:(o.unconsumed_tail,o.unused_data,o.eof)); t(lambda:o.flush()); t(lambda:o.decompress(b'more')); t(lambda:o.unused_data); t(lambda:o.decompress(z,-1)); t(lambda:o.flush(0)); t(lambda:setattr(o,'eof',1)); t(lambda:o.decompress('a')); t(lambda:o.decompress.__text_signature__); pass
o=zlib.decompressobj(); o.decompress(z[:20],5); q=o; t(lambda:len(q.flush())); t(lambda:(q.eof,q.unconsumed_tail)); t(lambda:zlib.decompressobj(zdict=b'hello')); t(lambda:zlib.decompressobj(wbits=3)); t(lambda:zlib.decompressobj(zdict=1))
k=zlib.compressobj(zdict=b'hello world'); y=k.compress(b'hello world')+k.flush(); t(lambda:y); t(lambda:zlib.decompressobj(zdict=b'hello world').decompress(y)); t(lambda:zlib.decompressobj().decompress(y)); t(lambda:zlib.decompressobj(zdict=b'bad').decompress(y)); t(lambda:zlib.decompress(y))
k=zlib.compressobj(wbits=-15,zdict=b'hello world'); y=k.compress(b'hello world')+k.flush(); t(lambda:zlib.decompressobj(wbits=-15,zdict=b'hello world').decompress(y))
D=zlib._ZlibDecompressor; e=D();  t(lambda:e.decompress(z[:20],max_length=3)); t(lambda:e.needs_input); t(lambda:len(e.decompress(b'',max_length=-1))); t(lambda:e.needs_input); t(lambda:len(e.decompress(z[20:]))); t(lambda:(e.eof,e.unused_data,e.needs_input)); t(lambda:e.decompress(b'')); t(lambda:D(wbits=-15)); t(lambda:D.decompress.__text_signature__); t(lambda:type(e)); t(lambda:D(wbits=3)); t(lambda:D().decompress(b'xx')); 
t(lambda:zlib.error.__mro__); t(lambda:zlib.ZLIB_VERSION); t(lambda:zlib.ZLIB_RUNTIME_VERSION)
blob=bytes(i*i%251 for i in range(50000))*3
for lv in range(-1,10): t(lambda:zlib.decompress(zlib.compress(blob,lv))==blob)
