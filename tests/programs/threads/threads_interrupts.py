# The main thread is interrupted by another one, whatever it computes; nobody else is.
import _thread


def attempt(what, function):
    handle = _thread.start_joinable_thread(_thread.interrupt_main)
    try:
        function()
        print(what, "was not interrupted")
    except KeyboardInterrupt as error:
        print(what, "was interrupted", error.args)
    handle.join()


def loop():
    while True:
        pass


def calls():
    def step():
        return True

    while step():
        pass


def sorts():
    while True:
        sorted(range(50), key=lambda n: -n)


def generates():
    def endless():
        while True:
            yield True

    return all(endless())


def finally_():
    try:
        loop()
    finally:
        print("finally")


for function in (loop, calls, sorts, generates, finally_):
    attempt(function.__name__, function)

# A thread that computes is not meant.
log = []
stop = False


def computes():
    started.release()
    try:
        while not stop:
            pass
    except KeyboardInterrupt:
        log.append("interrupted")
    log.append("ended")


started = _thread.allocate_lock()
started.acquire()
worker = _thread.start_joinable_thread(computes)
started.acquire()
attempt("main", loop)
print(log)
stop = True
worker.join()
print(log)
