"""A source of sACN with nothing of ours, written from ANSI E1.31-2018: sends its universes 20 times a second, their first and last slot
at one level, by multicast.

Arguments: the address of its card, its name, how many slots, and UNIVERSE:SYNC for each universe, SYNC 0 for none.
Reads from stdin: `level N`, and `sync U`, which sends one sync packet in universe U.
"""
import select
import socket
import struct
import sys
import time
import uuid

card, name, slots = sys.argv[1], sys.argv[2], int(sys.argv[3])
universes = [tuple(int(part) for part in text.split(":")) for text in sys.argv[4:]]
cid = uuid.uuid5(uuid.NAMESPACE_DNS, name).bytes
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(card))
level, sequence, held = 0, 0, b""


def pdu(content):
    return struct.pack(">H", 0x7000 | (len(content) + 2)) + content


def send(universe, vector, framing):
    root = struct.pack(">HH12s", 0x10, 0, b"ASC-E1.17") + pdu(struct.pack(">I", vector) + cid + pdu(framing))
    out.sendto(root, ("239.255.%d.%d" % (universe >> 8, universe & 255), 5568))


def frame(universe, sync):
    levels = bytes([level] + [0] * (slots - 2) + [level])
    dmp = pdu(struct.pack(">BBHHHB", 2, 0xA1, 0, 1, slots + 1, 0) + levels)
    head = struct.pack(">I64sBHBBH", 2, name.encode(), 100, sync, sequence, 0, universe)
    send(universe, 4, head + dmp)


print("ready", flush=True)
due = time.monotonic()
while True:
    if select.select([sys.stdin], [], [], max(0, due - time.monotonic()))[0]:
        chunk = sys.stdin.buffer.raw.read(4096)
        if not chunk:
            break
        held += chunk
        while b"\n" in held:
            line, held = held.split(b"\n", 1)
            word, value = line.decode().split(" ")
            if word == "level":
                level = int(value)
            else:
                sequence = (sequence + 1) % 256
                send(int(value), 8, struct.pack(">IBHH", 1, sequence, int(value), 0))
        continue
    due = time.monotonic() + 0.05
    sequence = (sequence + 1) % 256
    for universe, sync in universes:
        frame(universe, sync)
