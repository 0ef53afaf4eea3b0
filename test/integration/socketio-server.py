"""A Socket.IO server of python-socketio on aiohttp: prints what it hears as JSON lines, and emits what comes as JSON lines.

usage: socketio-server.py PORT TOKEN   (0 picks a free one; it is printed as {"port": N})
a line in: {"emit": [namespace, room, event, argument ...]}   a line out: {"heard": [namespace, event, argument ...]}
bytes are {"$bytes": HEX}; the event `join` joins a room, every event is answered with the number of its arguments
"""
import asyncio
import json
import sys

import socketio
from aiohttp import web

port, token = int(sys.argv[1]), sys.argv[2]


def plain(value):
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": bytes(value).hex()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return value


def rich(value):
    if isinstance(value, list):
        return [rich(each) for each in value]
    if isinstance(value, dict):
        if list(value) == ["$bytes"]:
            return bytes.fromhex(value["$bytes"])
        return {key: rich(each) for key, each in value.items()}
    return value


def say(line):
    print(json.dumps(plain(line)), flush=True)


server = socketio.AsyncServer(async_mode="aiohttp", ping_interval=1, ping_timeout=1)


class Everything(socketio.AsyncNamespace):
    async def trigger_event(self, event, *args):
        if event == "connect":
            auth = args[2] if len(args) > 2 else None
            if token and (auth or {}).get("token") != token:
                raise socketio.exceptions.ConnectionRefusedError("wrong token")
            say({"is": "connected", "namespace": self.namespace, "auth": auth})
            return None
        if event == "disconnect":
            return say({"is": "disconnected", "namespace": self.namespace})
        sid, *rest = args
        if event == "join":
            self.enter_room(sid, rest[0])
        say({"heard": [self.namespace, event, *rest]})
        return len(rest)


for name in ["/", "/stage"]:
    server.register_namespace(Everything(name))


async def read_lines():
    loop = asyncio.get_running_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        if not line:
            return
        namespace, room, event, *args = rich(json.loads(line)["emit"])
        await server.emit(event, tuple(args), room=room, namespace=namespace)


async def main():
    app = web.Application()
    server.attach(app)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    say({"port": site._server.sockets[0].getsockname()[1]})
    asyncio.create_task(read_lines())
    await asyncio.Event().wait()


asyncio.run(main())
