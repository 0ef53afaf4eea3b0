"""An Art-Net node at one address of a machine: answers polls, and prints each ArtDmx that reaches it.

Arguments: its address, the broadcast address, and the port addresses (0-15) that it puts out.
"""
import select
import socket
import struct
import sys

address, broadcast = sys.argv[1:3]
universes = [int(text) for text in sys.argv[3:]]
sockets = []
for place in (address, broadcast):
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind((place, 6454))
    sockets.append(one)
kinds = bytes(0x80 if i < len(universes) else 0 for i in range(4))
out = bytes((universes + [0, 0, 0, 0])[:4])
reply = b"Art-Net\0" + struct.pack("<H4sH", 0x2100, socket.inet_aton(address), 6454) + bytes(10)
reply += b"node".ljust(18, b"\0") + ("node " + address).encode().ljust(64, b"\0") + bytes(64)
reply += struct.pack(">H", len(universes)) + kinds + bytes(12) + out + bytes(17) + bytes([1]) + bytes(27)
assert len(reply) == 239
print("ready", flush=True)
while True:
    for one in select.select(sockets, [], [])[0]:
        data, (sender, port) = one.recvfrom(2048)
        if data[:8] != b"Art-Net\0":
            continue
        code = data[8] + data[9] * 256
        if code == 0x2000:
            sockets[0].sendto(reply, (sender, 6454))
        elif code == 0x5000:
            print("dmx", data[14] + data[15] * 256, data[12], data[18], flush=True)
        elif code == 0x5200:
            print("sync", flush=True)
