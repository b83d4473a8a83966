# A thousand clients at once of an asyncio server that echoes; each sees its own lines, and nothing stays behind.
import asyncio
import gc
import resource

CLIENTS = 1000
# Both ends of each connection are files of this process.
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))


async def serve(reader, writer):
    while line := await reader.readline():
        writer.write(b"<" + line.rstrip() + b">\n")
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def client(number, port, begin):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await begin.wait()
    said = [b"%d:%d" % (number, turn) for turn in range(3)]
    for word in said:
        writer.write(word + b"\n")
    heard = [await reader.readline() for _ in said]
    writer.write_eof()
    rest = await reader.read()
    writer.close()
    await writer.wait_closed()
    return heard == [b"<%s>\n" % word for word in said] and rest == b""


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=CLIENTS)
    port = server.sockets[0].getsockname()[1]
    begin = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(client(number, port, begin)) for number in range(CLIENTS)]
        await asyncio.sleep(0)
        begin.set()
    print(sum(task.result() for task in tasks), "of", CLIENTS)
    server.close()
    await server.wait_closed()
    del tasks
    await asyncio.sleep(0)
    gc.collect()
    print(len(asyncio.all_tasks()), "task left")


asyncio.run(main())
