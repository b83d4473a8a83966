"""Interpreters in threads: two at work at once, threads within, and what ends first."""
import functools
import threading
import _interpreters
from concurrent import interpreters

print = functools.partial(print, flush=True)

print('-- two at once')
asks, answers = interpreters.create_queue(), interpreters.create_queue()


def serve(asks, answers):
    while (asked := asks.get()) is not None:
        answers.put((asked, asked * asked))
    answers.put(None)


server = interpreters.create()
thread = server.call_in_thread(serve, asks, answers)
for n in range(5):
    asks.put(n)
    print(answers.get())
print(server.is_running())
for work in (lambda: server.exec('1'), lambda: server.call(len, ''), server.close, lambda: server.prepare_main(a=1)):
    try:
        work()
    except interpreters.InterpreterError as error:
        print(type(error).__name__, error)
asks.put(None)
thread.join()
print(answers.get(), server.is_running())
server.exec('print("free again", flush=True)')

print('-- many')
done = interpreters.create_queue()


def adds(number, done):
    total = 0
    for n in range(number):
        total += n
    done.put((number, total))


workers = [interpreters.create() for _ in range(4)]
threads = [worker.call_in_thread(adds, 100 * at, done) for at, worker in enumerate(workers)]
for thread in threads:
    thread.join()
print(sorted(done.get() for _ in workers))
for worker in workers:
    worker.close()

print('-- threads within')
inner = interpreters.create()
inner.prepare_main(done=done)
inner.exec('''
import threading
print(threading.current_thread() is threading.main_thread(), flush=True)
def work():
    lock.acquire()
    done.put(("within", threading.current_thread() is threading.main_thread()))
lock = threading.Lock()
lock.acquire()
thread = threading.Thread(target=work)
thread.start()
''')
print(inner.is_running(), done.empty())
inner.exec('lock.release(); thread.join()')
print(done.get())
inner.exec('''
import atexit
def late():
    gate.wait()
    done.put("a thread is waited for")
gate = threading.Event()
threading.Thread(target=late).start()
threading.Timer(0.05, gate.set).start()
atexit.register(done.put, "and then atexit")
''')
inner.close()
print(done.get(), done.get())

print('-- made in a thread')
made = []
thread = threading.Thread(target=lambda: made.append(_interpreters.create()))
thread.start()
thread.join()
_interpreters.exec(made[0], 'print("made elsewhere", flush=True)')
_interpreters.destroy(made[0])
server.close()
print(interpreters.list_all())
