"""struct_time: made, shown, replaced, reduced; its fields and what is wrong with arguments."""
import time

st = time.struct_time
g = time.gmtime(0)


def t(s):
    try:
        print(s, '->', repr(eval(s)))
    except BaseException as e:
        print(s, '->', type(e).__name__, e)


for s in '''\
st(range(9))
st(range(10))
st(range(11))
st(range(12))
st(range(8))
st()
st(1)
st(None)
st('abcdefghi')
st(range(9), {'tm_zone':'X'})
st(range(9), {'tm_zone':'X','tm_gmtoff':3}).tm_gmtoff
st(range(9), {'tm_zone':'X','tm_gmtoff':3}).tm_zone
st(range(9), dict={'tm_zone':'X','foo':3})
st(sequence=range(9), dict={'tm_zone':'X'}).tm_zone
st(range(10), {'tm_zone':'X','tm_gmtoff':3}).tm_zone
st(range(10), {'tm_gmtoff':3}).tm_gmtoff
st(range(11), {'tm_gmtoff':3})
st(range(9), [])
st(range(9), None)
st(range(9), {}, 3)
st(range(9), {'tm_year':3})
st(range(9), {1:3})
st(range(9), foo=3)
st(range(11)).tm_zone
st(range(11)).tm_gmtoff
st(range(9)).tm_zone
st(range(9)).tm_gmtoff
st(range(11))[9]
len(st(range(11)))
tuple(st(range(11)))
st(range(11))==tuple(range(9))
st(range(11))+(1,)
hash(st(range(11)))==hash(tuple(range(9)))
st(range(11)).__reduce__()
st(range(9)).__reduce__()
st(range(11)).__replace__(tm_year=77)
st(range(11)).__replace__(tm_zone='Q').tm_zone
st(range(11)).__replace__(tm_zone='Q').tm_gmtoff
st(range(11)).__replace__(foo=1)
st(range(11)).__replace__(foo=1,bar=2)
st(range(11)).__replace__(1)
st(range(11)).__replace__()
st.n_fields, st.n_sequence_fields, st.n_unnamed_fields, st.__match_args__
st.__module__, st.__name__, st.__qualname__, st.__doc__ is not None
repr(st), str(st(range(11)))
g.tm_zone, g.tm_gmtoff
st(g).tm_zone
st(tuple(g)).tm_zone
type('S',(st,),{})
st.tm_year
type(st.tm_year)
st.tm_zone
setattr(g,'tm_year',3)
delattr(g,'tm_zone')
st.tm_year.__get__(g)
st.tm_year.__get__((1,2))
g[:3]
type(g[:])
st.__new__(st,range(9))
st.__reduce__.__text_signature__
st.__replace__.__text_signature__
sorted(vars(st))
g.__getnewargs__()
g.__sizeof__()>0
'''.splitlines():
    t(s)
