"""A Socket.IO client of python-socketio: prints what it hears as JSON lines, and does what comes as JSON lines.

usage: socketio-client.py URL NAMESPACE TRANSPORT TOKEN
a line in:  {"call": [event, argument ...]}   a line out: {"answer": ...} | {"event": [name, argument ...]} | {"is": ...}
bytes are {"$bytes": HEX}
"""
import json
import os
import sys
import threading

import socketio

url, namespace, transport, token = sys.argv[1:5]


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


speaking = threading.Lock()


def say(line):
    with speaking:
        sys.stdout.write(json.dumps(plain(line)) + "\n")
        sys.stdout.flush()


client = socketio.Client(reconnection=True, reconnection_delay=0.2, reconnection_delay_max=0.5)
client.on("signal", lambda *args: say({"event": ["signal", *args]}), namespace=namespace)
client.on("ended", lambda *args: say({"event": ["ended", *args]}), namespace=namespace)
client.on("connect", lambda: say({"is": "connected"}), namespace=namespace)
client.on("disconnect", lambda: say({"is": "disconnected"}), namespace=namespace)
client.on("connect_error", lambda why=None: say({"is": "refused", "why": why}), namespace=namespace)

try:
    client.connect(
        url,
        auth={"token": token, "name": "Python"} if token else None,
        namespaces=[namespace],
        transports=[transport],
        wait_timeout=5,
    )
except socketio.exceptions.ConnectionError as error:
    say({"is": "failed", "why": str(error)})
    os._exit(1)

for line in sys.stdin:
    event, *args = rich(json.loads(line)["call"])
    try:
        say({"answer": client.call(event, tuple(args), namespace=namespace, timeout=5)})
    except Exception as error:  # told to the test
        say({"answer": {"failed": repr(error)}})
client.disconnect()
