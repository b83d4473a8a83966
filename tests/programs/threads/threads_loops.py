"""Event loops in several threads at once, and generators that call while other threads do."""
import asyncio
import threading


async def work(count):
    total = 0
    for i in range(count):
        await asyncio.sleep(0)
        total += i
    return total


async def main():
    return sum(await asyncio.gather(*(work(30) for _ in range(20))))


def below(n):
    return sum(down(n))


def down(n):
    if n:
        yield n
        yield from down(n - 1)
        yield below(n // 3)


def run(found, at):
    try:
        found[at] = asyncio.run(main()), below(20)
    except BaseException as error:
        found[at] = repr(error)


for _ in range(3):
    found = {}
    threads = [threading.Thread(target=run, args=(found, at)) for at in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sorted(set(found.values()), key=str), len(found))
