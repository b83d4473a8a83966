# What the fast queue raises says nothing more.
import queue
import _queue

q = queue.SimpleQueue()
for get in q.get_nowait, (lambda: q.get(False)), (lambda: q.get(timeout=0)), (lambda: q.get(timeout=0.01)):
    try:
        get()
    except queue.Empty as error:
        print(repr(error), error.args, str(error) == '', type(error) is _queue.Empty)
