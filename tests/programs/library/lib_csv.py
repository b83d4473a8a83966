import _csv as c
def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, e)
R=lambda s,**k: list(c.reader([s] if isinstance(s,str) else s,**k))
for s in ['a,b,c','"a","b,c"','"a""b",c','a"b,c','"a"b,c','"a','a\nb','a\r\n','','\n',',',' a, b','"a" ,b','a\\,b',"'a,b'",'1,"2",3.5,x','a,,b','"",x','a\rb','a\0b','"a\nb"','"a\\"b"']:
    print(repr(s)); 
    for k in ({},{'strict':True},{'skipinitialspace':True},{'escapechar':'\\'},{'quotechar':"'"},{'quoting':c.QUOTE_NONNUMERIC},{'quoting':c.QUOTE_NONE},{'quoting':c.QUOTE_NONE,'escapechar':'\\'},{'doublequote':False},{'delimiter':';'},{'quoting':c.QUOTE_STRINGS},{'quoting':c.QUOTE_NOTNULL}): t(lambda: R(s,**k))
t(lambda:R(['"a','b"','c'])); t(lambda:R(['"a\n','b"\n','c'])); t(lambda:R(['a,"b'],strict=True)); t(lambda:R(['a\\'],escapechar='\\')); t(lambda:R(['a\\','b'],escapechar='\\')); t(lambda:R([1])); t(lambda:R([b'a'])); t(lambda:c.reader(1)); t(lambda:c.reader()); 
r=c.reader(['a','b']); t(lambda:(r.line_num,next(r),r.line_num,type(r),r.dialect.delimiter,type(r.dialect))); t(lambda:setattr(r,'line_num',1))
for k in ({'delimiter':''},{'delimiter':'ab'},{'delimiter':1},{'delimiter':None},{'quotechar':''},{'quotechar':'ab'},{'quotechar':1},{'quotechar':None},{'quotechar':None,'quoting':0},{'escapechar':''},{'escapechar':'ab'},{'escapechar':1},{'lineterminator':1},{'lineterminator':None},{'quoting':9},{'quoting':'x'},{'quoting':-1},{'foo':1},{'dialect':'nope'},{'dialect':1},{'delimiter':'\n'},{'delimiter':'\r'},{'delimiter':'"'},{'quotechar':'\n'},{'escapechar':'\n'},{'delimiter':' ','skipinitialspace':True},{'strict':'x'},{'doublequote':0},{'delimiter':'é'},{'quotechar':',',},{'escapechar':','},{'escapechar':'"'},{'lineterminator':'ab,'},{'quotechar':' ','skipinitialspace':True},{'escapechar':' ','skipinitialspace':True},{'lineterminator':'"'}):
    t(lambda:R('a,b',**k)); t(lambda:c.Dialect(**k).delimiter)
class F:
    def __init__(s): s.l=[]
    def write(s,x): s.l.append(x); return len(x)
def W(row,**k):
    f=F(); w=c.writer(f,**k); r=w.writerow(row); return f.l,r
for row in (['a','b'],['a,b','c"d'],['',None,1,2.5,'x'],[],[''],[None],['a\nb'],['a\rb'],[' a'],['a\\b'],"abc",[True,b'x'],['"'],[1.0,float('nan')],['a',''],["'"],['\0']):
    print(repr(row))
    for k in ({},{'quoting':c.QUOTE_ALL},{'quoting':c.QUOTE_NONNUMERIC},{'quoting':c.QUOTE_NONE},{'quoting':c.QUOTE_NONE,'escapechar':'\\'},{'doublequote':False,'escapechar':'\\'},{'doublequote':False},{'delimiter':';','lineterminator':'!'},{'quoting':c.QUOTE_STRINGS},{'quoting':c.QUOTE_NOTNULL},{'skipinitialspace':True},{'delimiter':' ','skipinitialspace':True},{'quotechar':"'"},{'quotechar':None,'quoting':3}): t(lambda: W(row,**k))
t(lambda:W(1)); t(lambda:c.writer(1)); t(lambda:c.writer()); t(lambda:c.writer(F()).writerows([[1,2],[3]])); t(lambda:c.writer(F()).writerows(1)); t(lambda:c.writer(F()).writerows([1])); t(lambda:type(c.writer(F()))); 
class D: delimiter=';'; quotechar="'"; quoting=0
t(lambda:R("a;'b;c'",dialect=D)); t(lambda:R("a;'b;c'",dialect=D())); t(lambda:R("a,'b,c'",dialect=D,delimiter=',')); 
t(lambda:c.register_dialect('x',delimiter=':')); t(lambda:R('a:b',dialect='x')); t(lambda:R('a:b','x') if 0 else list(c.reader(['a:b'],'x'))); t(lambda:c.list_dialects()); t(lambda:c.get_dialect('x').delimiter); t(lambda:c.unregister_dialect('x')); t(lambda:c.unregister_dialect('x')); t(lambda:c.get_dialect('x')); t(lambda:c.register_dialect(1)); t(lambda:c.register_dialect('y',D)); t(lambda:c.get_dialect('y').quotechar); t(lambda:c.register_dialect('z',quoting=99)); t(lambda:c.register_dialect()); 
t(lambda:c.field_size_limit()); t(lambda:c.field_size_limit(10)); t(lambda:R('a'*11)); t(lambda:R('"'+'a'*11+'"')); t(lambda:c.field_size_limit('x')); t(lambda:c.field_size_limit(131072)); 
d=c.Dialect(); t(lambda:(d.delimiter,d.doublequote,d.escapechar,d.lineterminator,d.quotechar,d.quoting,d.skipinitialspace,d.strict)); t(lambda:setattr(d,'delimiter','x')); t(lambda:delattr(d,'quoting')); t(lambda:c.Dialect(d) is d); t(lambda:type('S',(c.Dialect,),{})().delimiter); t(lambda: c.Dialect(None).delimiter); t(lambda:type('S',(c.reader,),{}) if 0 else type('S',(type(r),),{})); t(lambda:type(r)()); t(lambda:c.Error.__mro__[1])
t(lambda: list(c.reader(iter(['a,b','c']))));
