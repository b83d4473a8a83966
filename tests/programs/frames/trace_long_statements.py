# The lines that trace functions are told where a statement or a comprehension goes over several.
import sys
def go(src):
    ns={'foo':lambda *a:0,'c':[1],'q':[1,2],'z':3}
    exec(compile(src,'<t>','exec'),ns)
    log=[]
    def t(f,e,a):
        if f.f_code.co_filename!='<t>': return
        log.append(f.f_lineno if e=='line' else e)
        return t
    sys.settrace(t)
    try: ns['f']()
    finally: sys.settrace(None)
    print(log)
go('''def f():
    x = [a
         for a
         in range(2)]
    return x
''')
go('''def f():
    x = [a
         for a in range(2)]
    return x
''')
go('''def f():
    return [a
         for a
         in range(2)]
''')
go('''def f():
    foo(
      {a: b
         for a, b
         in [(1,2)]}, 
      1)
''')
go('''def f():
    x = {a
         for a
         in range(2)
         for b in c}
    y = [a
         for (a
            ) in q], z
''')
go('''def f():
    x = [a for a in range(2)]
    y = [
         a
         for a in range(2)
         if a
        ]
''')
go('''def f():
    y = [
         a + b
         for a in range(2)
         for b in range(1)
        ]
    return y
''')
go('''def f():
    global y
    y = [
         a
         for a in range(2)
        ]
''')
go('''def f():
    for x in (
        y
        for y in q
       ):
        pass
    for x in q: pass
    for x in q:
        continue
    else:
        z = 1
    for x in q:
        break
    else:
        z = 1
''')
go('''def f():
    x = foo(
      1,
      2)
    x = \\
      foo(1)
    x = (
      foo
      (1)
      )
    x = foo(1,
      2) + \\
      3
    (x,
     y) = q
    x = y = \\
     foo()
    [x, y
     ] = [foo(),
      2]
''')
go('''def f():
    x = (1 if
       q
       else 2)
    with open('/dev/null') as \\
         y:
        pass
    import os as \\
       z
    from os import \\
       path as w
    try: 1/0
    except ZeroDivisionError as \\
        e:
        pass
    def \\
      g(): pass
    class \\
      K: pass
    x += \\
       1
    del x, \\
      y
    x: int = \\
      3
    if (x :=
       4): pass
    lambda: (
       1)
''')
go('''async def g():
    for x in q:
        yield x
def f():
    try: h().send(None)
    except StopIteration: pass
async def h():
    x = [a
         async for a
         in g()]
    async for (
        b
        ) in g():
        pass
    x = await \\
       i()
async def i(): pass
''')
go('''def f():
    match q:
        case [
            a,
            b
            ]:
            x = 1
    match q:
        case [1, *z] | [
            *z, 2]:
            x = 1
        case {'a':
          b}: pass
''')
