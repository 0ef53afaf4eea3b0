"""Servers of Python on every card of a machine, which print who comes, and from which address.

Usage: card-peer.py HTTP-PORT WEBSOCKET-PORT
http: aiohttp answers /state with a number; socketio: python-socketio at the same port; websocket: websockets
"""

import asyncio
import sys

import socketio
import websockets
from aiohttp import web


def say(who, address):
    print(who, address, flush=True)


sio = socketio.AsyncServer(async_mode="aiohttp")


@sio.event
async def connect(_sid, environ):
    say("socketio", environ["aiohttp.request"].remote)


async def state(request):
    say("http", request.remote)
    return web.json_response(1)


async def listen(socket, *_path):
    say("websocket", socket.remote_address[0])
    async for _ in socket:
        pass


async def main():
    app = web.Application()
    app.router.add_get("/state", state)
    sio.attach(app)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, None, int(sys.argv[1])).start()
    async with websockets.serve(listen, None, int(sys.argv[2])):
        print("ready", flush=True)
        await asyncio.Future()


asyncio.run(main())
