"""Interpreters that nobody closes end with the program: their threads are waited for, their atexit handlers run."""
import atexit
import warnings
from concurrent import interpreters
import _interpreters

warnings.simplefilter('ignore', RuntimeWarning)
atexit.register(print, 'the main atexit', flush=True)
kept = interpreters.create()
kept.exec('''
import atexit, threading, time
seen = []
atexit.register(lambda: print("the atexit of the other", seen, flush=True))
def late():
    time.sleep(0.2)
    seen.append("its thread")
threading.Thread(target=late).start()
class Dies:
    def __del__(self): print("dies with it", flush=True)
dies = Dies()
''')
legacy = _interpreters.create('legacy')
_interpreters.exec(legacy, '''
import threading, time
threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
''')
print('the end', flush=True)
