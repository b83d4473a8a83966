import _contextvars as c

var = None
def short(text):
    # Addresses differ.
    out = []
    for word in text.split(" "):
        out.append("0x" if word.startswith("0x") else word)
    return " ".join(out)

def t(f):
    try: print(short(repr(f())))
    except BaseException as e: print(type(e).__name__, short(str(e).replace('>', ' >')))
v=c.ContextVar('v'); d=c.ContextVar('d',default=5)
print(str(v)[:25], str(d)[:35])
t(lambda: c.ContextVar()); t(lambda: c.ContextVar(1)); t(lambda: c.ContextVar('a',1)); t(lambda: c.ContextVar('a',default=1,x=2)); t(lambda:c.ContextVar(name='a').name)
t(lambda: v.get()); t(lambda: v.get(3)); t(lambda: v.get(1,2)); t(lambda:v.get(default=1)); t(lambda: d.get()); t(lambda: d.get(9))
ctx=c.copy_context()
t(lambda: ctx.run()); t(lambda: ctx.run(ctx.run, print)); t(lambda: ctx[1]); t(lambda: 1 in ctx); t(lambda: ctx[d]); t(lambda: ctx.get(v)); t(lambda: ctx.get(d)); t(lambda: ctx.get(d,8)); t(lambda:ctx.get(1))
print(list(ctx)==[v], list(ctx.keys())==[v], list(ctx.values()), len(list(ctx.items())), type(ctx.keys()), type(iter(ctx)), type(ctx.items()), type(ctx.values()))
t(lambda: hash(ctx)); t(lambda: ctx==ctx.copy()); t(lambda: ctx!=ctx.copy()); t(lambda: ctx==1); t(lambda: ctx<ctx)
t(lambda: c.Context(1)); t(lambda: c.Token()); t(lambda: c.Context().run(lambda: v.get()));
t(lambda: ctx.run(v.reset, tok))
tok2=v.set(7)
t(lambda: c.Context().run(v.reset, tok2))
def f():
    with v.set(33) as tt: print(v.get(), tt.var is v)
    print(v.get())
f()
def g():
    tok=v.set(3)
    with tok: pass
    with tok: pass
t(g)
t(lambda: type('X',(c.Context,),{})); t(lambda: type('X',(c.ContextVar,),{})); t(lambda: type('X',(c.Token,),{}))
print(c.ContextVar[int], c.Token[int]); 
t(lambda: ctx.get()); t(lambda: ctx.get(1,2,3)); t(lambda: ctx.keys(1))
t(lambda: c.Token.__new__(c.Token)); t(lambda: type(c.Token.MISSING)()); t(lambda: hash(v)==hash(v)); t(lambda: v<d); t(lambda: setattr(v,'x',1)); t(lambda: setattr(v,'name',1)); t(lambda: setattr(tok,'var',1)); t(lambda:hash(tok)); t(lambda: c.ContextVar('x', default=c.Token.MISSING).get())
class N(str): pass
t(lambda: c.ContextVar(N('z')).name); t(lambda: type(c.ContextVar(N('z')).name))
def h():
    r=[]
    class A:
        def __eq__(self,o): return True
    x=c.ContextVar('q'); x.set(x); print(str(x)[:10])
    t=x.set(x); print(str(c.copy_context())[:20])
h()


# Contexts of their own: who sets leaves copies alone.
x = c.ContextVar("x", default=0)
outer = c.copy_context()
def inside():
    x.set(1)
    copies = [c.copy_context() for _ in range(3)]
    x.set(2)
    print([copy[x] for copy in copies], x.get(), outer[x])
    copies[0].run(x.set, 10)
    print([copy[x] for copy in copies], x.get())
outer.run(inside)
print(x.get(), outer[x], len(outer), x in outer)

def fails():
    x.set(5)
    1 / 0
t(lambda: outer.run(fails))
print(x.get(), outer[x])

# A context that is changed while it is walked over: the walk sees what it began with.
def walk():
    seen = []
    for variable, value in c.copy_context().items():
        c.ContextVar("new").set(1)
        seen.append(value)
    this = c.copy_context()
    for value in this.values():
        this.run(x.set, 99)
        seen.append(value)
    print(len(seen) > 2, 99 in seen)
outer.run(walk)

# Many variables.
variables = [c.ContextVar(str(n)) for n in range(500)]
tokens = [variable.set(n) for n, variable in enumerate(variables)]
print(sum(variable.get() for variable in variables))
for variable, token in reversed(list(zip(variables, tokens))):
    variable.reset(token)
print([variable.get(None) for variable in variables[:3]])

# A comparison that sets variables.
class Sly:
    def __eq__(self, other):
        x.set(3)
        return True
    def __hash__(self):
        return 1
one, two = c.Context(), c.Context()
one.run(x.set, Sly())
two.run(x.set, Sly())
print(one == two, one != two, x.get())

# A cycle through a token, a variable's value and a context.
cell = []
y = c.ContextVar("y")
cell.append(c.Context().run(y.set, cell))
del cell, y
