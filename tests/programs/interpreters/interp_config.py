"""How interpreters are configured, and what that forbids."""
import _interpreters


def tried(function, *args, **named):
    try:
        result = function(*args, **named)
    except BaseException as error:
        print(type(error).__module__, type(error).__qualname__, error)
    else:
        print('gives', result)


for name in ('default', 'isolated', 'legacy', 'empty'):
    print(_interpreters.new_config(name))
print(_interpreters.new_config() == _interpreters.new_config('isolated'))
print(_interpreters.new_config('empty', gil='shared', allow_fork=True))
for args, named in [(('spam',), {}), ((None,), {}), ((1,), {}), ((), {'gil': 'x'}), ((), {'gil': 1}), ((), {'spam': 1}),
                    (('empty',), {'allow_fork': 1})]:
    tried(_interpreters.new_config, *args, **named)
print(_interpreters.get_config(0))
wrong = _interpreters.new_config()
wrong.more = 1
for config in (1, {}, 'spam', wrong, type(wrong)(), 'empty', _interpreters.new_config('empty', gil='own')):
    tried(_interpreters.create, config)

FORBIDDEN = {
    'fork': 'import os; os.fork()',
    'exec': 'import os; os.execv("/nowhere", ["x"])',
    'a signal': 'import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)',
    'a daemon': 'import threading; threading.Thread(target=len, args=("",), daemon=True).start()',
    'a thread': 'import threading; threading.Thread(target=len, args=("",)).start()',
    'a plain thread': 'import _thread; _thread.start_new_thread(len, ("",))',
}
for name in ('isolated', 'legacy', _interpreters.new_config('isolated', allow_threads=False)):
    made = _interpreters.create(name)
    print(_interpreters.get_config(made))
    for what, script in FORBIDDEN.items():
        if name == 'legacy' and what in ('fork', 'exec'):
            continue
        told = _interpreters.exec(made, script)
        print(what, told and told.formatted)
    _interpreters.destroy(made)
