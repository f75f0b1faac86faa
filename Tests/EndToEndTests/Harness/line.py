"""A line that is slow and late: line.py PORT HOST PORT MILLISECONDS BITS_PER_SECOND (0 for any number) [older].

Connections to 127.0.0.1:PORT go on to HOST:PORT. What is sent arrives that many milliseconds later, and no faster
than the rate, in each direction. Killed, it cuts every connection; stopped by SIGSTOP, it is a line that has gone dead.
With "older", a node says through it that it knows an earlier version of the node protocol alone.
"""
import asyncio
import sys

port, host, target, delay, rate = (
    int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]) / 1000, int(sys.argv[5])
)


older = [(b"oldest=1&newest=1", b"oldest=0&newest=0")] if sys.argv[6:] == ["older"] else []


async def carry(reader, writer):
    queue = asyncio.Queue(maxsize=1000)
    loop = asyncio.get_running_loop()

    async def send():
        while True:
            due, piece = await queue.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if not piece:
                break
            writer.write(piece)
            await writer.drain()
        writer.close()

    sending = asyncio.create_task(send())
    free = loop.time()
    try:
        while piece := await reader.read(256 if rate else 16384):
            for said, heard in older:
                piece = piece.replace(said, heard)
            free = max(free, loop.time()) + (len(piece) * 8 / rate if rate else 0)
            await asyncio.sleep(max(0, free - loop.time()))
            await queue.put((free + delay, piece))
    except OSError:
        pass
    await queue.put((loop.time() + delay, b""))
    try:
        await sending
    except OSError:
        pass


async def connect(reader, writer):
    try:
        there, back = await asyncio.open_connection(host, target)
    except OSError:
        writer.close()
        return
    await asyncio.gather(carry(reader, back), carry(there, writer))


async def main():
    # Small buffers, so that the rate is that of the line.
    server = await asyncio.start_server(connect, "127.0.0.1", port, limit=1024)
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main())
