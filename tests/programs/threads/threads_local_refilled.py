# What dies with a thread's attributes makes further ones, again and again: the thread ends all the same.
import _thread
local = _thread._local()
class Again:
    def __del__(self):
        local.x = Again()
def work():
    local.x = Again()
_thread.start_joinable_thread(work).join()
print('end')
lock = _thread.RLock()
_thread.start_joinable_thread(lock.acquire).join()
try:
    lock._release_save()
except RuntimeError as e:
    print(e)
print(lock.acquire(False))
# A finalizer that goes on for ever must not keep the interpreter from ending.
Again.__del__ = lambda self: None
