def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, e)
import _md5,_sha1,_sha2,_sha3,_blake2
for m,ns in ((_md5,['md5']),(_sha1,['sha1']),(_sha2,['sha224','sha512']),(_sha3,['sha3_256','shake_128']),(_blake2,['blake2b','blake2s'])):
    for n in ns:
        f=getattr(m,n); h=f(); print(type(h), h.name, h.digest_size, h.block_size)
        t(lambda:f('x')); t(lambda:f(1)); t(lambda:f(string=b'a').hexdigest() if 'shake' not in n else 0); t(lambda:f(data=b'a',string=b'b')); t(lambda:h.update('x')); t(lambda:h.update()); t(lambda:h.digest(1)); t(lambda:h.hexdigest(3)); t(lambda:f(b'abc').hexdigest() if 'shake' not in n else f(b'abc').hexdigest(200)); t(lambda:setattr(h,'name',1)); t(lambda:f(usedforsecurity=False,data=b'').digest_size); t(lambda:type('X',(type(h),),{})); t(lambda:repr(h)[:20]); t(lambda: f(None)); t(lambda: f(memoryview(b'abcd')[::2]))
        g=f(b'x'); c=g.copy(); c.update(b'y'); t(lambda: c.digest()==f(b'xy').digest() if 'shake' not in n else c.digest(5)==f(b'xy').digest(5))
B=_blake2.blake2b
t(lambda:B(b'a',digest_size=20).hexdigest()); t(lambda:B(b'a',key=b'k').hexdigest()); t(lambda:B(b'a',salt=b's',person=b'p').hexdigest()); t(lambda:B(b'a',fanout=2,depth=3,leaf_size=4,node_offset=5,node_depth=1,inner_size=32,last_node=True).hexdigest())
S=_blake2.blake2s
t(lambda:S(b'a',fanout=2,depth=3,leaf_size=4,node_offset=2**48-1,node_depth=1,inner_size=32,last_node=True,key=b'kk',salt=b'12345678',person=b'x').hexdigest())
for kw in ({'digest_size':0},{'digest_size':65},{'key':b'x'*65},{'salt':b'x'*17},{'person':b'x'*17},{'fanout':256},{'fanout':-1},{'depth':0},{'depth':256},{'leaf_size':-1},{'leaf_size':2**32},{'node_offset':-1},{'node_offset':2**64},{'node_depth':256},{'inner_size':65},{'digest_size':'a'},{'key':'x'},{'inner_size':-1}): t(lambda:B(**kw)); t(lambda:S(**kw))
t(lambda:B(b'x'*1000).hexdigest()); t(lambda:S(b'x'*1000).hexdigest()); t(lambda:B(b'x'*128).hexdigest()); t(lambda:S(b'',key=b'q').hexdigest()); t(lambda:(B.MAX_DIGEST_SIZE,B.MAX_KEY_SIZE,B.SALT_SIZE,B.PERSON_SIZE,S.MAX_DIGEST_SIZE,S.SALT_SIZE)); 
