import _json as j
import sys

# What raises errors is the library's, which this program does without.
class JSONDecodeError(ValueError):
    pass
class Stand:
    __path__ = []
sys.modules["json"] = Stand()
sys.modules["json.decoder"] = Stand.decoder = type("decoder", (), {"JSONDecodeError": JSONDecodeError})()

def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, e, getattr(e,'__notes__',''))
t(lambda:j.encode_basestring_ascii('a"\\\n\té\u2028😀\ud800\x00\x7f/')); t(lambda:j.encode_basestring('a"\\\n\té\u2028😀\ud800\x00\x7f/')); t(lambda:j.encode_basestring(1)); t(lambda:j.encode_basestring_ascii(b'a')); t(lambda:j.encode_basestring(''))
S=j.scanstring
for s in ['abc"','a\\nb"x','a\\u0041"','a\\ud83d\\ude00"','\\ud83d"','\\ud83dx"','\\ud83d\\u0041"','abc','a\\','a\\x"','a\\u12"','a\\u12G4"','a\nb"','é"','\\ude00"','\\u 123"','\\u+123"','\\"\\/\\b\\f\\r\\t\\\\"','😀"','\\uD83D\\uDE00"','\x1f"','','"']:
    t(lambda:S(s,0)); t(lambda:S(s,0,False))
t(lambda:S('"abc"',1)); t(lambda:S('abc"',-1)); t(lambda:S('abc"',9)); t(lambda:S(b'a',0)); 
class C: strict=True; object_hook=None; object_pairs_hook=None; parse_float=float; parse_int=int; parse_constant={'NaN':1.5,'Infinity':2.5,'-Infinity':3.5}.get; memo={}
m=j.make_scanner(C()); t(lambda:type(m)); 
for s in ['1','-1','0','-0','01','1.5','-1.5e10','1e5','1E+5','1e','1.','.5','-','1.e3','1e-','123456789012345678901234567890','1e400','true','false','null','tru','nul','NaN','Infinity','-Infinity','-Inf','"a"','"a','[]','[1]','[1,2]','[1,]','[1','[1 2]','[,1]','{}','{"a":1}','{"a":1,}','{"a" 1}','{"a":}','{a:1}','{"a":1 "b":2}','{"a":1,"a":2}','{"a":[1,{"b":null}]}','{','[','{"a"','{"a":','{"a":1',' 1','[ 1 , 2 ]','{ "a" : 1 , "b" : 2 }','','x','[1,x]','{"a":x}','{,}','[1,2,3','{"a":1,','[1,','[[[[]]]]','"\\u00e9"','[é]','{"é":"😀"}','-0.0','1.0','{"a":1}x','["\n"]']:
    print(s,end=' '); t(lambda:m(s,0))
t(lambda:m('1',-1)); t(lambda:m('1',5)); t(lambda:m(b'1',0)); t(lambda:m('xx1',2)); t(lambda:m(string='1',idx=0)); t(lambda:j.make_scanner(1)); t(lambda:j.make_scanner()); t(lambda:m.strict); t(lambda:setattr(m,'strict',0))
class D(C): object_pairs_hook=staticmethod(lambda p:p); parse_float=str; parse_int=staticmethod(lambda x:'i'+x)
t(lambda:j.make_scanner(D())('{"a":1,"b":[1.5,{"c":2}]}',0))
class E(C): object_hook=staticmethod(lambda d:sorted(d)); strict=False
t(lambda:j.make_scanner(E())('{"b":1,"a":"\n"}',0))
def enc(o,markers={},default=lambda o:str(o),encoder=j.encode_basestring_ascii,indent=None,ks=': ',is_=', ',sort=False,skip=False,nan=True,lvl=0):
    return j.make_encoder(markers,default,encoder,indent,ks,is_,sort,skip,nan)(o,lvl)
class MI(int): 
    def __repr__(s): return 'MI'
class MF(float):
    def __repr__(s): return 'MF'
class MS(str): pass
class L2(list): pass
for o in [1,-5,10**30,1.5,float('nan'),float('inf'),-float('inf'),True,None,'a"é',[],{},[1,[2,{}]],{'a':1,'b':[1,2]},(1,2),{1:2,2.5:3,True:4,None:5},MI(3),MF(2.5),MS('x'),L2([1]),object,{(1,2):3},{'b':1,'a':2},1e16,1e22,-0.0,{float('nan'):1},{MS('k'):MI(1)},{MI(1):MF(1)}]:
    if o is not object: t(lambda:enc(o))
    t(lambda:enc(o,nan=False,sort=True) if o is not object else 0); t(lambda:enc(o,skip=True,encoder=j.encode_basestring) if o is not object else 0); t(lambda:enc(o,indent='  ') if o is not object else 0)
t(lambda:enc(object(),default=lambda o:1/0)); t(lambda:enc([{'a':(1,object())}],default=lambda o:1/0)); t(lambda:enc({'k':[1,float('nan')]},nan=False)); l=[]; l.append(l); t(lambda:enc(l)); d={}; d['a']=d; t(lambda:enc(d)); t(lambda:enc(object(),default=lambda o:o)); t(lambda:enc({'a':1},encoder=lambda s:'<'+s+'>')); t(lambda:enc('a',encoder=lambda s:1)); t(lambda:enc({'a':1,2:1},sort=True)); t(lambda:enc([1],markers=None)); t(lambda:enc([1],markers=1)); e=j.make_encoder(None,None,None,None,'a','b',0,0,0); t(lambda:(e.markers,e.key_separator,e.sort_keys)); t(lambda:type(e)); t(lambda:e(1)); t(lambda:setattr(e,'indent',1)); t(lambda:enc([[1,2],{'a':[]}],indent='\t',is_=',')); t(lambda:enc([],indent='x',lvl=2)); t(lambda:enc({'a':[1]},indent=' ',lvl=1)); t(lambda: enc(1,ks=1)); t(lambda: enc('x'*10,ks=''))
class Ev(dict):
    def items(s): return [(1,2,3)]
t(lambda:enc(Ev(a=1))); 
class Ev2(dict):
    def items(s): return [('z',9)]
t(lambda:enc(Ev2(a=1)))
