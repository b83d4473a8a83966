# Which line a frame shows that an exception has left by way of a handler.
def case(src):
    ns = {}
    exec(compile(src, '<c>', 'exec'), ns)
    try: r = ns['f']()
    except BaseException as e:
        t = e.__traceback__
        while t.tb_frame.f_code.co_name != 'f': t = t.tb_next
        fr = t.tb_frame
        print(fr.f_lineno, [y for y in iter_tb(t)], repr(e))
    else: print('ret', r)
def iter_tb(t):
    while t: 
        yield t.tb_lineno; t = t.tb_next
case('''def f():
    try:
        1/0
    finally:
        try: raise KeyError
        except KeyError: pass
''')
case('''def f():
    try:
        1/0
    finally:
        try:
            raise KeyError
        except ValueError:
            x = 1
        except KeyError:
            x = 2
''')
case('''def f():
    try:
        1/0
    finally:
        try:
            raise KeyError
        except KeyError as e:
            x = 2
''')
case('''def f():
    try:
        1/0
    finally:
        try:
            x = 1
        except KeyError as e:
            x = 2
''')
case('''def f():
    try:
        1/0
    finally:
        for i in range(3):
            try:
                raise KeyError
            except KeyError as e:
                x = 2
''')
case('''def f():
    try:
        1/0
    finally:
        if 1:
            with W():
                raise KeyError
class W:
    def __enter__(s): pass
    def __exit__(s, *a): return True
''')
case('''def f():
    with W():
        try:
            1/0
        finally:
            try:
                raise KeyError
            except KeyError:
                pass
class W:
    def __enter__(s): pass
    def __exit__(s, *a): return False
''')
case('''def f():
    with W():
        1/0
class W:
    def __enter__(s): pass
    def __exit__(s, *a):
        try: raise KeyError
        except KeyError: pass
''')
case('''def f():
    try:
        1/0
    except ZeroDivisionError as e:
        try:
            raise KeyError
        except KeyError:
            x = 1
        raise
''')
case('''def f():
    try:
        1/0
    finally:
        try:
            try: raise KeyError
            except KeyError: x = 1
        finally:
            y = 1
''')
case('''def f():
    try:
        1/0
    finally:
        try:
            raise KeyError
        except KeyError:
            if x0:
                y = 2
            else:
                y = 3
x0 = 1
''')
case('''def f():
    try:
        1/0
    finally:
        try:
            raise KeyError
        except KeyError:
            if x0:
                y = 2
x0 = 1
''')
case('''def f():
    try:
        1/0
    finally:
        try:
            raise KeyError
        except* KeyError:
            y = 2
''')
case('''def f():
    try:
        1/0
    finally:
        while x0:
            try:
                raise KeyError
            except KeyError:
                break
        else:
            y = 1
x0 = 1
''')
case('''def f():
    for i in 1,2:
        try:
            1/0
        finally:
            try:
                raise KeyError
            except KeyError:
                y = 1
''')
case('''def f():
    try:
        1/0
    except* ZeroDivisionError as e:
        try:
            raise KeyError
        except KeyError:
            x = 1
        raise
''')
case('''def f():
    try:
        1/0
    except* ValueError as e:
        x = 1
    except* TypeError:
        pass
''')
case('''def f():
    try:
        1/0
    except ValueError as e:
        x = 1
    except TypeError:
        pass
''')
case('''def f():
    try:
        try:
            1/0
        except ValueError as e:
            x = 1
    finally:
        with W() as q, W() as r:
            raise KeyError
class W:
    def __enter__(s): pass
    def __exit__(s, *a): return True
''')
case('''def f():
    try:
        1/0
    finally:
        try:
            raise KeyError
        except KeyError as e:
            try: raise OSError
            except OSError as q: pass
''')
case('''def f():
    try:
        1/0
    finally:
        match 1:
            case 1:
                try:
                    raise KeyError
                except KeyError:
                    x = 1
            case 2:
                y = 1
''')
