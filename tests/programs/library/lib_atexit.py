# atexit: what is called at the end, in which order, and what goes wrong there.
import atexit
import sys


def say(*args, **names):
    print('at exit:', *args, names)


def kind(work):
    try:
        return work()
    except Exception as error:
        return f'{type(error).__name__}: {error}'


print(atexit.register(say, 1, key='v') is say, atexit._ncallbacks())
atexit.register(say, 2)
atexit.unregister(say)
print(atexit._ncallbacks())
print(kind(lambda: atexit.register()), kind(lambda: atexit.register(3)), kind(lambda: atexit.unregister(3)))
atexit.register(say, 'run now')
atexit._run_exitfuncs()
print(atexit._ncallbacks())


class Equal:
    def __call__(self):
        print('called')

    def __eq__(self, other):
        print('compared')
        atexit._clear()
        return True


atexit.register(Equal())
atexit.register(say, 'other')
atexit.unregister(print)
print(atexit._ncallbacks())


@atexit.register
def last():
    print('last of all')


def fails():
    sys.stderr = sys.stdout
    sys.unraisablehook = lambda info: print('ignored:', info.exc_value, info.err_msg[:26])
    raise ValueError('in a callback')


def registers():
    print('registers another')
    atexit.register(say, 'registered late')


atexit.register(say, 3, 'args', named=True)
atexit.register(registers)
atexit.register(fails)
print('the program ends')
