"""A WebSocket server by the Python library websockets. Prints what comes, says to everybody what stdin says."""
import asyncio
import sys

import websockets

clients = set()


async def handle(socket, *_path):
    clients.add(socket)
    try:
        async for message in socket:
            print(message if isinstance(message, str) else 'bytes ' + message.hex(), flush=True)
    except websockets.ConnectionClosed:
        pass
    finally:
        clients.discard(socket)


async def main():
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with websockets.serve(handle, '127.0.0.1', int(sys.argv[1])) as server:
        print('port', server.sockets[0].getsockname()[1], flush=True)
        while line := await reader.readline():
            for client in list(clients):
                await client.send(line.decode().rstrip('\n'))


asyncio.run(main())
