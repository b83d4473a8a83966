"""Which line a frame is left at, and which lines a trace function hears of, where exceptions pass handlers."""
import sys

SRC = []
def case(src):
    SRC.append(src)

case("""
def f():
    try:
        1/0
    finally:
        x = 1
        y = 2
""")
case("""
def f():
    try:
        1/0
    finally:
        x = 1
        if x:
            y = 2
""")
case("""
def f():
    try:
        1/0
    finally:
        for i in range(2):
            y = i
""")
case("""
def f():
    try:
        1/0
    except ValueError:
        pass
""")
case("""
def f():
    try:
        1/0
    except ValueError:
        pass
    except KeyError:
        pass
""")
case("""
def f():
    try:
        1/0
    except ZeroDivisionError:
        raise
""")
case("""
def f():
    try:
        1/0
    except ZeroDivisionError as e:
        x = 1
        raise
""")
case("""
def f():
    try:
        1/0
    except ZeroDivisionError as e:
        raise e
""")
case("""
def f():
    try:
        1/0
    except ZeroDivisionError as e:
        {}[1]
""")
case("""
def f():
    try:
        try:
            1/0
        finally:
            a = 1
    finally:
        b = 2
""")
case("""
def f():
    try:
        try:
            1/0
        except KeyError:
            a = 1
    finally:
        b = 2
""")
case("""
def f():
    with CM():
        a = 1
        1/0
""")
case("""
def f():
    with CM() as x, \\
         CM() as y:
        a = 1
        1/0
""")
case("""
def f():
    with CM(raises=True):
        a = 1
        b = 2
""")
case("""
def f():
    with CM(raises=True):
        1/0
    b = 2
""")
case("""
def f():
    with CM(True):
        1/0
    b = 2
""")
case("""
def f():
    with (
        CM() as a,
        CM(raises=True) as b,
    ):
        x = 1
    b = 2
""")
case("""
def f():
    with CM(
            True
        ):
        return 1
""")
case("""
def f():
    try:
        return 1
    finally:
        x = 1
        1/0
""")
case("""
def f():
    for i in range(3):
        try:
            continue
        finally:
            x = 1
            1/0
""")
case("""
def f():
    while True:
        try:
            break
        finally:
            x = 1
    1/0
""")
case("""
def f():
    try:
        1/0
    except* ValueError:
        pass
""")
case("""
def f():
    try:
        raise ExceptionGroup('x', [ValueError(), KeyError()])
    except* ValueError:
        a = 1
""")
case("""
def f():
    try:
        raise ExceptionGroup('x', [ValueError(), KeyError()])
    except* ValueError:
        a = 1
    except* KeyError as e:
        raise
""")
case("""
def f():
    try:
        raise ExceptionGroup('x', [ValueError(), KeyError()])
    except* ValueError:
        a = 1
    except* KeyError as e:
        1/0
    finally:
        b = 2
""")
case("""
def f():
    try:
        1/0
    except ZeroDivisionError:
        try:
            {}[1]
        finally:
            x = 1
    finally:
        y = 2
""")
case("""
def f():
    try:
        pass
    except:
        pass
    else:
        1/0
    finally:
        x = 1
""")
case("""
def f():
    try:
        try:
            1/0
        except ValueError:
            pass
        else:
            pass
        finally:
            z = 1
    except TypeError:
        pass
""")
case("""
def f():
    try:
        1/0
    finally:
        pass
""")
case("""
def f():
    try:
        1/0
    finally:
        try:
            {}[2]
        except KeyError:
            a = 1
""")
case("""
def f():
    try:
        1/0
    finally:
        with CM():
            a = 1
""")
case("""
def f():
    try:
        1/0
    finally:
        if 0:
            a = 1
        else:
            b = 1
            c = 3
""")
case("""
def f():
    for x in [1]:
        with CM():
            if x:
                break
    1/0
""")
case("""
def f():
    for x in [1]:
        with CM():
            if x:
                continue
            y = 2
    1/0
""")
case("""
def f():
    assert (
        0
    ), g(
        1)
""")
case("""
def f():
    try: 1/0
    except (ValueError,
            TypeError,
            1): pass
""")
case("""
def f():
    try: 1/0
    except (ValueError
            if x else
            TypeError): pass
""")
case("""
def f():
    while g(0) or \\
          1/0:
        pass
""")
case("""
def f():
    match 1:
        case 2:
            pass
        case x if 1/0:
            pass
""")
case("""
def f():
    match 1:
        case 2:
            a = 1
        case 3:
            b = 1
    return 3
""")
case("""
def f():
    if g(0):
        a = 1
    elif g(0):
        b = 1
    else:
        1/0
""")
case("""
def f():
    try:
        if g(1):
            raise ValueError
    except ValueError:
        if g(0):
            a = 1
    finally:
        if g(0):
            b = 1
""")
case("""
def f():
    with CM() as x: \\
        1/0
""")
case("""
def f():
    def h():
        yield 1
        try:
            yield 2
        finally:
            a = 1
    x = h()
    next(x); next(x)
    x.throw(
        KeyError)
""")
case("""
def f():
    def h():
        with CM():
            yield 1
    x = h()
    next(x)
    x.throw(KeyError)
""")
case("""
def f():
    x = [1,
         2,
         1/0,
         3]
""")
case("""
def f():
    return (1 +
        g(2) /
        0)
""")
case("""
def f():
    g(1,
      k=1/
      0)
""")
case("""
def f():
    x = {
      1: 2,
      []: 3,
    }
""")
case("""
def f():
    try:
        1/0
    except ZeroDivisionError:
        pass
    except ValueError:
        pass
    else:
        a = 1
    b = 1
    if b:
        pass
    else:
        c = 1
""")
case("""
def f():
    while 1:
        try:
            1/0
        except ZeroDivisionError:
            break
        finally:
            a = 1
    else:
        c = 1
    {}[1]
""")
case("""
def f():
    try:
        1/0
    except ZeroDivisionError:
        return 5
    finally:
        a = 1
        {}[3]
""")
case("""
def f():
    for i in g(range(2)):
        try:
            if i: continue
            a = 1
        finally:
            b = 1
        c = 1
    else:
        d = 1
    {}[3]
""")
case("""
async def c():
    async with ACM() as a:
        x = 1
        1/0
def f():
    c().send(None)
""")
case("""
async def c():
    async with ACM(True) as a:
        x = 1
        1/0
    y = 2
def f():
    c().send(None)
""")
case("""
async def c():
    async for a in AI():
        x = 1
        if a == 1:
            1/0
def f():
    c().send(None)
""")
case("""
async def c():
    async for a in AI():
        x = 1
    else:
        y = 1
    {}[1]
def f():
    c().send(None)
""")
case("""
def f():
    class A:
        x = 1
        try:
            1/0
        finally:
            y = 2
""")
case("""
def f():
    import sys; \\
    1/0
""")
case("""
def f():
    (x
     ) = 1; y = x[
       0]
""")
case("""
def f():
    a = g
    a(
      1
    )(2)
""")
case("""
def f():
    [i
     for i in
     g(3)]
""")
case("""
def f():
    [
     i/0
     for i in [1]
     if i]
""")
case("""
def f():
    {
     1/i:
     2
     for i in [0]
    }
""")
case("""
def f():
    list(
     1/i
     for i in [0]
    )
""")
case("""
def f():
    try:
        g(1)
    except: pass
    finally:
        def k(): pass
        1/0
""")
case("""
def f():
    del a
    a = 1
""")
case("""
def f():
    try:
        raise KeyError
    except KeyError as e:
        pass
    e
""")
case("""
def f():
    try:
        try:
            1/0
        except ZeroDivisionError as e:
            raise KeyError
        except TypeError:
            pass
    except TypeError:
        pass
""")
case("""
def f():
    with CM():
        try:
            with CM():
                1/0
        finally:
            x = 1
""")
case("""
def f():
    with CM():
        for i in g([1]):
            with CM():
                return i
""")
case("""
def f():
    with CM():
        with CM():
            pass
        pass
""")
case("""
def f():
    if 1:
        pass
    if 0:
        pass
    pass
    while 0:
        pass
    ...
    'x'
    1
    g
    x = 1; pass
""")
case("""
def f():
    try:
        pass
    finally:
        pass
    1/0
""")
case("""
def f():
    for i in []: pass
    while True: break
    for i in [1]: pass
    else: pass
    1/0
""")
case("""
def f():
    return
    1/0
""")
case("""
def f():
    x = (yield_ :=
      1)
    not (x
         and 1/
         0)
""")
case("""
def f():
    lambda: 1/0
    (lambda:
      1/0)()
""")
case("""
@g
@(lambda f: 1/
  0)
def f():
    pass
""")
case("""
def f():
    @g
    @(lambda f: 1/
      0)
    def k(a=1,
          b=2):
        pass
""")
case("""
def f():
    @g
    @g
    class K(
        object,
        x=1/0):
        pass
""")
case("""
def f():
    f'''{1}
    {1/
    0}'''
""")
case("""
def f():
    x = 1 if g(0) else \\
        2 if g(0) else \\
        1/0
""")
case("""
def f():
    x: int = 1/0
""")
case("""
def f():
    x = [0]
    x[
      1
    ] += 1
""")
case("""
def f():
    a, b = (
      1,
      2,
      3)[:g(3)]
""")
case("""
def f():
    a, \\
    b = g(5)
""")
case("""
def f():
    1 < \\
    2 < 'x'
""")
class CM:
    def __init__(self, swallow=False, raises=False): self.swallow, self.raises = swallow, raises
    def __enter__(self): return self
    def __exit__(self, *a):
        if self.raises: raise KeyError('exit')
        return self.swallow
class ACM(CM):
    async def __aenter__(self): return self
    async def __aexit__(self, *a): return self.__exit__(*a)
class AI:
    n = 0
    def __aiter__(self): return self
    async def __anext__(self):
        self.n += 1
        if self.n > 2: raise StopAsyncIteration
        return self.n
def g(x): return x
def run(src, trace):
    ns = dict(CM=CM, ACM=ACM, AI=AI, g=g)
    events = []
    def tr(frame, event, arg):
        if frame.f_code.co_filename != '<case>': return None
        events.append((frame.f_code.co_name[0], event[0], frame.f_lineno))
        return tr
    def prof(frame, event, arg):
        if frame.f_code.co_filename == '<case>' and event in ('return', 'call'):
            events.append((frame.f_code.co_name[0], event, frame.f_lineno))
    out = []
    try:
        code = compile(src, '<case>', 'exec')
        if trace == 1: sys.settrace(tr)
        if trace == 2: sys.setprofile(prof)
        exec(code, ns)
        ns['f']()
        sys.settrace(None); sys.setprofile(None)
    except BaseException as e:
        sys.settrace(None); sys.setprofile(None)
        x = e
        while x is not None:
            out.append((type(x).__name__, [(t.tb_lineno, t.tb_frame.f_lineno) for t in tbs(x) if t.tb_frame.f_code.co_filename == '<case>']))
            x = x.__context__
    return out, ' '.join('%s%s%s' % e for e in events)
def tbs(e):
    t = e.__traceback__
    while t:
        yield t
        t = t.tb_next
for i, src in enumerate(SRC):
    for trace in (0, 1, 2):
        print(i, trace, *run(src, trace))
