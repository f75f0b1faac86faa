"""A balancer of TCP: each connection goes to the next server that takes it."""

import asyncio
import threading

PORT = 8080


class Balancer:
    def __init__(self, ports):
        self.ports, self.turn = list(ports), 0
        threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True).start()

    async def serve(self):
        async with await asyncio.start_server(self.carry, "127.0.0.1", PORT) as server:
            await server.serve_forever()

    async def carry(self, reader, writer):
        for _ in self.ports:
            self.turn += 1
            port = self.ports[self.turn % len(self.ports)]
            try:
                there, back = await asyncio.open_connection("127.0.0.1", port)
                break
            except OSError:
                continue
        else:
            writer.transport.abort()
            return
        await asyncio.gather(self.pipe(reader, back), self.pipe(there, writer))

    @staticmethod
    async def pipe(reader, writer):
        """Until either end closes, and then the other way ends too."""
        try:
            while data := await reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()
