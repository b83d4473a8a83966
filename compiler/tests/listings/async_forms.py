async def f(a):
    async with a as b, c:
        await b
    async for x in a:
        yield x
    else:
        pass
    return
async def g():
    return [x async for x in y if await x]
