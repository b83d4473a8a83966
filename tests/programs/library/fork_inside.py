# A fork inside of a task, and a fork beside other threads.
import asyncio
import os
import sys
import threading
import warnings

async def inner():
    print('in', asyncio.current_task().get_name(), len(asyncio.all_tasks()))
    await asyncio.sleep(0.01)

async def main():
    loop = asyncio.get_running_loop()
    if os.fork() == 0:
        try:
            print(asyncio._get_running_loop(), asyncio.current_task(loop))
            for ask in asyncio.get_running_loop, asyncio.current_task:
                try:
                    ask()
                except RuntimeError as error:
                    print(error)
            asyncio.run(inner())
            print('child ok')
        finally:
            sys.stdout.flush()
            os._exit(0)
    os.wait()
    print(asyncio.current_task() is not None, asyncio._get_running_loop() is loop)
    await asyncio.sleep(0)

sys.stdout.flush()
asyncio.run(main())
sys.stdout.flush()

def fork():
    if os.fork() == 0:
        os._exit(0)
    os.wait()

def warned(action='always'):
    with warnings.catch_warnings(record=action == 'always') as caught:
        warnings.simplefilter(action)
        fork()
    for warning in caught or ():
        shown = str(warning.message).replace(f'pid={os.getpid()}', 'pid=N')
        print(warning.category.__name__, shown, warning.lineno)
    print('forked')
    sys.stdout.flush()

os.register_at_fork(before=sys.stdout.flush)
warned()
end = threading.Event()
thread = threading.Thread(target=end.wait)
thread.start()
warned()
warned('error')
end.set()
thread.join()
warned()
thread = threading.Thread(target=warned)
thread.start()
thread.join()
