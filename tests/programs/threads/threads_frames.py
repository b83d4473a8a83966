# Frames, tracebacks and locals, seen from another thread.
import _thread
import sys

gate, entered = _thread.allocate_lock(), _thread.allocate_lock()
gate.acquire()
entered.acquire()


def outer(value):
    name = "outer's"
    return inner(value + 1)


def inner(value):
    frames.append(sys._getframe())
    entered.release()
    gate.acquire()
    return value


frames = []
runner = _thread.start_joinable_thread(lambda: outer(1))
entered.acquire()
current = sys._current_frames()
print(sorted(ident == _thread.get_ident() for ident in current), runner.ident in current)
frame = frames[0]
print(current[runner.ident] is frame, frame.f_code.co_name, frame.f_locals)
print(frame.f_back.f_code.co_name, frame.f_back.f_locals, frame.f_back.f_back.f_code.co_name)
print(frame.f_back.f_back.f_back)
try:
    frame.clear()
except RuntimeError as error:
    print(error)
# A function's code is replaced while another thread runs it.
old = inner.__code__
inner.__code__ = (lambda value: "replaced").__code__
print(inner(1))
gate.release()
runner.join()
inner.__code__ = old

# An exception that one thread caught is looked at by another, and raised again.
kept = []


def fails():
    local = "fails'"
    {}["key"]


def catches():
    mine = "catches'"
    try:
        fails()
    except KeyError as error:
        kept.append(error)
        entered.release()
        gate.acquire()


runner = _thread.start_joinable_thread(catches)
entered.acquire()
entry = kept[0].__traceback__
while entry:
    print(entry.tb_frame.f_code.co_name, entry.tb_lineno, sorted(entry.tb_frame.f_locals))
    entry = entry.tb_next
gate.release()
runner.join()
entry = kept[0].__traceback__
print(entry.tb_next.tb_frame.f_locals)
try:
    raise kept.pop()
except KeyError as error:
    names = []
    entry = error.__traceback__
    while entry:
        names.append(entry.tb_frame.f_code.co_name)
        entry = entry.tb_next
    print(names)

# What a thread made dies in another one, whose turn it is.
died = []


class Dies:
    def __del__(self):
        died.append(_thread.get_ident() == _thread._get_main_thread_ident())


box = []
_thread.start_joinable_thread(lambda: box.append(Dies())).join()
box.clear()
_thread.start_joinable_thread(lambda: box.append([Dies() for _ in range(3)])).join()
main_box = [Dies()]
_thread.start_joinable_thread(main_box.clear).join()
print(died, len(box[0]))
chain = None
for _ in range(10000):
    chain = [chain]
box[:] = [chain]
del chain
_thread.start_joinable_thread(box.clear).join()
print(box)
# A finalizer that lets others run, in the middle of a chain of deaths.
order = []


class Waits:
    def __init__(self, number):
        self.number = number

    def __del__(self):
        entered.release()
        gate.acquire()
        order.append(self.number)


for number in range(3):
    box = [[[[[Waits(number)]]]]]
    runner = _thread.start_joinable_thread(box.clear)
    entered.acquire()
    order.append("main")
    deep = None
    for _ in range(3000):
        deep = [deep]
    del deep
    gate.release()
    runner.join()
print(order)
