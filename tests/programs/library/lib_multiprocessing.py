# Processes that work together: a pool, queues, locks, a manager; by fork and by spawn.
import multiprocessing, os
from multiprocessing import shared_memory


def square(number):
    return number * number


def words(text):
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts


def fail(number):
    raise ValueError(f"no {number}")


def work(tasks, results, lock, shared):
    memory = shared_memory.SharedMemory(shared)
    while (task := tasks.get()) is not None:
        with lock:
            memory.buf[0] += 1
        results.put((task, square(task)))
    memory.close()


def shown(make):
    try:
        return repr(make())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def main():
    for method in ("fork", "spawn"):
        context = multiprocessing.get_context(method)
        with context.Pool(2) as pool:
            print(method, pool.map(square, range(8)), pool.apply(square, (9,)), sorted(pool.imap_unordered(square, range(4))), shown(lambda: pool.apply(fail, (3,))))
            total = {}
            for counts in pool.imap(words, ["a b a", "b c", "a"]):
                for word, count in counts.items():
                    total[word] = total.get(word, 0) + count
            print(total, pool.starmap(pow, [(2, 3), (3, 2)]))
        tasks, results, lock = context.Queue(), context.Queue(), context.Lock()
        memory = shared_memory.SharedMemory(create=True, size=8)
        workers = [context.Process(target=work, args=(tasks, results, lock, memory.name)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for number in range(10):
            tasks.put(number)
        for _ in workers:
            tasks.put(None)
        print(sorted(results.get(timeout=60) for _ in range(10)))
        for worker in workers:
            worker.join(60)
        print([worker.exitcode for worker in workers], memory.buf[0])
        memory.close()
        memory.unlink()
        with context.Manager() as manager:
            table, items = manager.dict(a=1), manager.list([1, 2])
            table["b"] = 2
            items.append(3)
            print(dict(table), list(items))
        one, other = context.Pipe()
        one.send({"x": [1, 2]})
        print(other.recv(), other.poll(0))

    lock, again, few, counted = context.Lock(), context.RLock(), context.Semaphore(2), context.BoundedSemaphore(1)
    print(lock.acquire(), lock.acquire(False), lock.acquire(timeout=0.01), lock.release(), shown(lock.release))
    print(again.acquire(), again.acquire(), again.release(), again.release(), shown(again.release))
    print(few.acquire(), few.acquire(), few.acquire(False), few.get_value(), few.release(), few.get_value(), shown(counted.release))
    event, barrier, condition = context.Event(), context.Barrier(1), context.Condition()
    print(event.wait(0.01), event.set(), event.wait(), barrier.wait())
    with condition:
        print(condition.wait(0.01), condition.notify())
    import _multiprocessing
    print(shown(lambda: _multiprocessing.SemLock(5, 1, 1, "/x", True)), shown(lambda: _multiprocessing.sem_unlink("/no such")), shown(lambda: shared_memory.SharedMemory("no_such")))


if __name__ == "__main__":
    main()
