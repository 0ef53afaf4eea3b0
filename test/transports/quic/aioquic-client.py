"""A QUIC client that is not ours (Python, aioquic) against `flyrail serve --transport quic=PORT`.

    pip install aioquic
    python3 aioquic-client.py PORT CA.PEM

It says HELLO with the bytes of a golden vector, sets and subscribes, with frames that are joined, split and behind their lengths,
opens a second stream, comes from another port, resumes, and offers other protocols. Prints what it saw; ends with 1 at the first
thing that is not as it should be.
"""

import asyncio
import ssl
import sys

from aioquic.asyncio import QuicConnectionProtocol, connect
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ConnectionTerminated, StreamDataReceived

HELLO = bytes.fromhex("530100160101e0000f434c415350204a5320436c69656e740000")  # V01
SUBSCRIBE = bytes.fromhex("534100131000000001000a2f6c69676874732f2a2aff00")  # V06, /lights/**
SET = bytes.fromhex("534100172107000b2f6c69676874732f6f6e653fe0000000000000")  # /lights/one = 0.5


class Peer(QuicConnectionProtocol):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.bytes = {}
        self.reason = None
        self.came = asyncio.Event()

    def quic_event_received(self, event):
        if isinstance(event, StreamDataReceived):
            self.bytes[event.stream_id] = self.bytes.get(event.stream_id, b"") + event.data
        if isinstance(event, ConnectionTerminated):
            self.reason = (event.error_code, event.reason_phrase)
        self.came.set()

    def say(self, stream, data):
        self._quic.send_stream_data(stream, data)
        self.transmit()

    async def frames(self, stream, wanted, prefix=0):
        """Waits until the types of all frames on the stream hold those wanted, in order."""
        while True:
            types, data = [], self.bytes.get(stream, b"")
            while len(data) >= prefix + 4:
                assert data[prefix] == 0x53, data[:20]
                size = prefix + 4 + (8 if data[prefix + 1] & 0x20 else 0) + int.from_bytes(data[prefix + 2 : prefix + 4], "big")
                if len(data) < size:
                    break
                types.append(data[prefix + 4])
                data = data[size:]
            left = iter(types)
            if all(each in left for each in wanted):
                return [hex(each) for each in types]
            self.came.clear()
            await asyncio.wait_for(self.came.wait(), 3)


async def main(port, ca):
    def configuration(alpn=("clasp/2",), **more):
        made = QuicConfiguration(is_client=True, alpn_protocols=None if alpn is None else list(alpn), server_name="localhost", **more)
        made.load_verify_locations(ca)
        return made

    tickets = []
    async with connect("127.0.0.1", port, configuration=configuration(), create_protocol=Peer, session_ticket_handler=tickets.append) as peer:
        print("connected:", peer._quic.tls.alpn_negotiated)
        peer.say(0, HELLO + SUBSCRIBE)
        print("joined HELLO and SUBSCRIBE:", await peer.frames(0, [0x02, 0x23]))
        for at in range(len(SET)):
            peer.say(0, SET[at : at + 1])
            await asyncio.sleep(0.002)
        print("a SET byte by byte:", await peer.frames(0, [0x21, 0x50]))
        peer.bytes[4] = b""
        behind = lambda frame: len(frame).to_bytes(4, "big") + frame
        peer.say(4, behind(HELLO) + behind(SUBSCRIBE))
        print("a second stream, behind lengths:", await peer.frames(4, [0x02, 0x23], 4))
        peer.bytes[0] = b""
        # Another port, under another connection id.
        loop = asyncio.get_running_loop()
        old = peer._transport
        peer._transport, _ = await loop.create_datagram_endpoint(lambda: peer, local_addr=("::", 0))
        peer.change_connection_id()
        peer.say(4, behind(SET))
        print("after a change of its port:", await peer.frames(0, [0x21]))
        old.close()
        peer.say(8, b"GET / HTTP/1.1\r\n")
        print("garbage on a third stream:", await peer.frames(8, [0x51]))
        peer.say(0, SET)
        print("the first is still there:", await peer.frames(0, [0x21, 0x21, 0x50]))
    print("tickets:", len(tickets), "max early data:", [each.max_early_data_size for each in tickets])
    resumed = configuration()
    if tickets:
        resumed.session_ticket = tickets[0]
        async with connect("127.0.0.1", port, configuration=resumed, create_protocol=Peer, wait_connected=False) as peer:
            peer.say(0, HELLO)
            await peer.wait_connected()
            print("resumed:", peer._quic.tls.session_resumed, "early data:", peer._quic.tls.early_data_accepted, await peer.frames(0, [0x02]))
    for alpn in (("h3",), None):
        try:
            async with connect("127.0.0.1", port, configuration=configuration(alpn), create_protocol=Peer) as peer:
                await asyncio.sleep(1)
                raise SystemExit(f"got in with {alpn}: {peer.reason}")
        except ConnectionError as error:
            print("refused with", alpn, error)
    untrusting = QuicConfiguration(is_client=True, alpn_protocols=["clasp/2"], server_name="elsewhere.example")
    untrusting.load_verify_locations(ca)
    try:
        async with connect("127.0.0.1", port, configuration=untrusting, create_protocol=Peer):
            raise SystemExit("took a certificate for another name")
    except (ConnectionError, ssl.SSLError) as error:
        print("another name is refused:", error)


asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
