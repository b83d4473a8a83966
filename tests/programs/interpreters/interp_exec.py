"""Work in another interpreter: texts, codes, functions, calls; what is told of exceptions; what crosses and what does not."""
import functools
import sys
import _interpreters
from concurrent import interpreters

print = functools.partial(print, flush=True)


def tried(function, *args, **named):
    try:
        result = function(*args, **named)
    except BaseException as error:
        print(type(error).__module__, type(error).__qualname__, error, '| because', repr(error.__cause__))
    else:
        print('gives', result)


SHOW = 'import functools; print = functools.partial(print, flush=True)\n'

print('-- interpreters')
main = interpreters.get_main()
print(main, main is interpreters.get_current(), main.whence, main.is_running(), interpreters.list_all())
one = interpreters.create()
print(one.whence, one.is_running(), len(interpreters.list_all()), one in interpreters.list_all())
print(_interpreters.get_main(), _interpreters.whence(one.id))
one.exec(SHOW + 'from concurrent import interpreters as i; print(i.get_current() == i.get_main(), i.get_main().id)')

print('-- exec')
one.exec('x = 1')
one.exec('x += 1; print(x, __name__, sorted(n for n in globals() if not n.startswith("__")))')
for script in ('1/0', 'raise SystemExit(3)', 'raise KeyboardInterrupt', 'import sys; sys.exit()',
               'class E(Exception): pass\nraise E("mine")',
               'def f(): raise ValueError("inner") from KeyError("k")\nf()',
               'import json; json.loads("{")',
               'raise ExceptionGroup("two", [ValueError(1), TypeError(2)])'):
    told = _interpreters.exec(one.id, script)
    print(told.type, repr(told.msg), '|', told.formatted)
    print(told.errdisplay.split('File "<script>"')[0])
try:
    one.exec('1/0')
except interpreters.ExecutionFailed as failed:
    print(failed)
    print(failed.excinfo.type.__name__)
tried(one.exec, 'x =')
tried(one.exec, 'a\0b')
tried(one.exec, 5)
tried(one.exec, len)
one.exec(b'print("bytes")')
one.exec(bytearray(b'print("bytearray")'))
one.exec(compile('print("code", x)', 'f', 'exec'))


def script():
    global y
    y = 5
    print('a function', x)


one.exec(script)
one.exec('print(y)')
for wrong in (lambda: 1, lambda a: None, (lambda c: lambda: c)(1)):
    tried(one.exec, wrong)
tried(_interpreters.run_func, one.id, 'x')
tried(_interpreters.run_string, one.id, script)
tried(_interpreters.exec, one.id, '1', 5)
tried(_interpreters.exec, one.id, '1', {'a': []})
tried(_interpreters.exec, one.id, '1', {1: 1})
tried(_interpreters.exec, one.id, 'print(q)', {'q': (1, 'two')})

print('-- the names of __main__')
one.prepare_main(a=1, b=(None, True, 2.5, 'é\ud800\U0001d11e', b'\0\xff', ()), c=-2**63)
one.exec('print(a, ascii(b), c)')
one.prepare_main({'d': memoryview(b'bytes')}, e=memoryview(bytearray(8)).cast('i'))
one.exec('print(bytes(d), d.readonly, e.tolist(), e.format, e.readonly); d = e = None')
for value in ([], 2**63, (1, [2]), len, 1j, type, Ellipsis, NotImplemented):
    tried(one.prepare_main, v=value)
tried(one.prepare_main)

print('-- shareable')
for value in (None, True, 1, 2**70, 1.5, 'a', b'b', (), ([],), memoryview(b''), 1j, [], {}, set(), bytearray(), len, object, object(),
              Ellipsis, script):
    print(str(type(value)), interpreters.is_shareable(value))
class Sub(str): pass
print(interpreters.is_shareable(Sub()))

print('-- call')
tried(one.call, len, 'abc')
tried(one.call, len)
tried(one.call, 5)
tried(one.call, lambda *args, **named: (args, named), 1, [2], {3: 4}, x=len, y=2**90)
try:
    one.call(lambda: 1 / 0)
except interpreters.ExecutionFailed as failed:
    print(failed.excinfo.formatted, 'in <lambda>' in str(failed))
tried(one.call, lambda: [1, {2: 3}, object])
tried(one.call, functools.partial(sorted, reverse=True), [1, 3, 2])
tried(one.call, ''.join, ['a', 'b'])
one.call(print, 'printed there', (1, 2))
outside = 1
for wrong in (lambda: outside, lambda a=1: a, lambda: (n for n in ()).gi_frame):
    try:
        one.call(wrong)
    except interpreters.NotShareableError as error:
        print(error, '|', str(error.__cause__).split(' at 0x')[0])
    except interpreters.ExecutionFailed as error:
        print(error.excinfo.formatted)
tried(_interpreters.call, one.id, len, [1])
tried(_interpreters.call, one.id, len, (), [])


def recurses():
    def inner(n):
        return n and inner(n - 1)
    return inner(50)


tried(one.call, recurses)

print('-- exceptions captured')
print(_interpreters.capture_exception(ValueError('x')))
tried(_interpreters.capture_exception, 5)
print(_interpreters.capture_exception())

print('-- ids')
for wrong in ('a', None, 1.5, -1, 2**70, 999):
    tried(_interpreters.is_running, wrong)
tried(_interpreters.exec, 0, '1')
for function in (_interpreters.destroy, _interpreters.is_running, _interpreters.get_config):
    tried(function, 0, restrict=True)
tried(_interpreters.destroy, 0)
one.exec(f'import _interpreters\ntry: _interpreters.destroy({one.id})\nexcept Exception as e: print(repr(e))')
one.exec(f'import _interpreters\ntry: _interpreters.exec(0, "1")\nexcept Exception as e: print(repr(e))')
one.exec(f'import _interpreters\ntry: _interpreters.exec({one.id}, "1")\nexcept Exception as e: print(repr(e))')
one.close()
tried(one.exec, '1')
tried(one.close)
print(interpreters.list_all())

print('-- references')
kept = _interpreters.create(reqrefs=True)
_interpreters.incref(kept)
_interpreters.incref(kept)
_interpreters.decref(kept)
print(_interpreters.whence(kept))
_interpreters.decref(kept)
tried(lambda: _interpreters.whence(kept) and 'still there')
two = interpreters.create()
number = two.id
del two
try:
    _interpreters.whence(number)
except interpreters.InterpreterNotFoundError:
    print('gone')
