"""Child processes, threads with queues, locks and events, and a pool of workers."""
import concurrent.futures
import contextvars
import os
import queue
import signal
import subprocess
import sys
import threading
import time


def run(code, *args, **options):
    return subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, timeout=60, **options)


def processes():
    done = run("import sys; print(sys.argv[1:]); print('oops', file=sys.stderr); sys.exit(3)", "a", "b c")
    print(done.returncode, repr(done.stdout), repr(done.stderr))
    print(run("print(input()[::-1]); print(open(0).read().split())", input="hello\n1 2\n3\n").stdout, end="")
    print(run("import os; print(os.environ['WHO'], os.getcwd())", env={**os.environ, "WHO": "me"}, cwd="/").stdout, end="")
    try:
        run("raise SystemExit(7)", check=True)
    except subprocess.CalledProcessError as e:
        print(e.returncode, e.stdout == "", str(e).rpartition(" returned ")[2])
    try:
        subprocess.run([sys.executable, "-c", "import time; time.sleep(30)"], timeout=0.2)
    except subprocess.TimeoutExpired as e:
        print("timeout", e.timeout)
    try:
        subprocess.run(["/no/such/program"])
    except FileNotFoundError as e:
        print(e)
    print(subprocess.check_output("echo $((6 * 7)) | tr 2 3", shell=True), subprocess.getstatusoutput("echo out; exit 2"))
    child = subprocess.Popen([sys.executable, "-u", "-c", "import sys\nfor line in sys.stdin: print(line.strip().upper())"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    for word in "one", "two":
        print(word, file=child.stdin)
        print(child.stdout.readline().strip(), child.poll())
    out, err = child.communicate("three\n")
    print(out.strip(), err, child.wait(), child.returncode)
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])
    sleeper.terminate()
    print(sleeper.wait() == -signal.SIGTERM)
    first = subprocess.Popen(["printf", "b\\na\\n"], stdout=subprocess.PIPE)
    second = subprocess.Popen(["sort"], stdin=first.stdout, stdout=subprocess.PIPE)
    first.stdout.close()
    print(second.communicate()[0], first.wait())
    with subprocess.Popen(["sh", "-c", "echo x >&2"], stderr=subprocess.STDOUT, stdout=subprocess.PIPE) as p:
        print(p.stdout.read(), p.args[0])


def producers_and_consumers():
    jobs, results, stop = queue.Queue(maxsize=3), [], object()
    lock = threading.Lock()

    def produce(name, n):
        for i in range(n):
            jobs.put((name, i))

    def consume():
        while (job := jobs.get()) is not stop:
            with lock:
                results.append(job)
            jobs.task_done()
        jobs.task_done()

    makers = [threading.Thread(target=produce, args=(c, 20), name=f"maker-{c}") for c in "ab"]
    takers = [threading.Thread(target=consume, daemon=True) for _ in range(3)]
    for t in makers + takers:
        t.start()
    for t in makers:
        t.join()
    for _ in takers:
        jobs.put(stop)
    jobs.join()
    for t in takers:
        t.join(10)
    print(len(results), sorted(results) == [(c, i) for c in "ab" for i in range(20)], jobs.empty(), makers[0].name, any(t.is_alive() for t in takers))
    for broken in (lambda: jobs.get_nowait(), lambda: jobs.get(timeout=0.01), lambda: [jobs.put_nowait(i) for i in range(4)], lambda: [jobs.task_done() for _ in range(4)], lambda: makers[0].start()):
        try:
            broken()
        except (queue.Empty, queue.Full, ValueError, RuntimeError) as e:
            print(type(e).__name__, e)
    heap = queue.PriorityQueue()
    for item in (3, "c"), (1, "a"), (2, "b"):
        heap.put(item)
    last = queue.LifoQueue()
    last.put(1), last.put(2)
    print([heap.get()[1] for _ in range(3)], last.get(), last.qsize())
    jobs.shutdown(immediate=True)
    try:
        jobs.put(1)
    except queue.ShutDown as e:
        print("shut down", e.args)


def synchronisation():
    event, condition, log = threading.Event(), threading.Condition(), []
    barrier = threading.Barrier(3, action=lambda: log.append("all"))
    local = threading.local()
    who = contextvars.ContextVar("who", default="nobody")

    def worker(n):
        local.value = n
        event.wait()
        barrier.wait()
        with condition:
            condition.wait_for(lambda: len(log) >= n)
            log.append(local.value)
            condition.notify_all()

    threads = [threading.Thread(target=worker, args=(n,)) for n in (1, 2)]
    for t in threads:
        t.start()
    event.set()
    barrier.wait()
    for t in threads:
        t.join()
    print(log[0], sorted(log[1:]), hasattr(local, "value"), event.is_set(), barrier.n_waiting)
    lock, again = threading.Lock(), threading.RLock()
    with lock, again, again:
        print(lock.locked(), lock.acquire(blocking=False), lock.acquire(timeout=0.01), again.acquire())
        again.release()
    try:
        lock.release()
    except RuntimeError as e:
        print(e)
    limit = threading.BoundedSemaphore(2)
    print(limit.acquire(), limit.acquire(), limit.acquire(False))
    limit.release(2)
    try:
        limit.release()
    except ValueError as e:
        print(e)
    timer = threading.Timer(0.01, log.append, ["timer"])
    timer.start()
    timer.join()
    print(log[-1], threading.current_thread() is threading.main_thread(), threading.active_count())

    seen = []
    hook, threading.excepthook = threading.excepthook, lambda args: seen.append((args.exc_type.__name__, str(args.exc_value), args.thread.name))
    t = threading.Thread(target=lambda: 1 / 0, name="breaks")
    t.start()
    t.join()
    threading.excepthook = hook
    print(seen)
    context = contextvars.copy_context()
    context.run(who.set, "me")
    t = threading.Thread(target=lambda: seen.append(who.get()), context=context)
    t.start()
    t.join()
    print(seen[-1], who.get())


def pools():
    with concurrent.futures.ThreadPoolExecutor(4, thread_name_prefix="pool") as pool:
        print(list(pool.map(lambda n: n * n, range(6))))
        futures = {pool.submit(pow, 2, n): n for n in range(5)}
        print(sorted((futures[f], f.result()) for f in concurrent.futures.as_completed(futures)))
        bad = pool.submit(int, "x")
        print(repr(bad.exception()), bad.done(), bad.cancelled())
        slow = pool.submit(time.sleep, 0.2)
        try:
            slow.result(timeout=0.01)
        except TimeoutError as e:
            print("TimeoutError", e.args)
        done, waiting = concurrent.futures.wait([slow, bad])
        print(len(done), len(waiting))
        called = []
        pool.submit(str, 5).add_done_callback(lambda f: called.append(f.result()))
        chained = concurrent.futures.Future()
        chained.set_result(3)
    print(called, chained.result())
    try:
        pool.submit(print)
    except RuntimeError as e:
        print(e)


processes()
producers_and_consumers()
synchronisation()
pools()
