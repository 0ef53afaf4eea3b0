"""A box at the other end of a serial line, with nothing of ours: bytes of the golden vectors by os.write and termios.
Usage: serial-peer.py PORT. Prints a line for each step, then every frame it gets, as hex, until its stdin ends."""
import os, select, sys, termios, tty

HELLO = "530100160101e0000f434c415350204a5320436c69656e740000"  # V01
SUBSCRIBE = "534100131000000001000a2f6c69676874732f2a2aff00"  # V06
SET = "534100172107000b2f746573742f76616c75653fe0000000000000"  # V23
BUNDLE = "53810030300000020014210700082f6c696768742f313ff00000000000000014202000042f637565010b00010002696408000178"  # V42
PING = "5301000141"  # V46

port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
tty.setraw(port)
speed = termios.tcgetattr(port)
speed[4] = speed[5] = termios.B57600
termios.tcsetattr(port, termios.TCSANOW, speed)
held = b""


def say(*parts):
    for part in parts:
        os.write(port, part if isinstance(part, bytes) else bytes.fromhex(part))


def frame(within=10.0):
    """The next frame: magic, flags, length, maybe a timestamp."""
    global held
    while True:
        if len(held) >= 4:
            assert held[0] == 0x53, held
            size = 4 + (8 if held[1] & 0x20 else 0) + held[2] * 256 + held[3]
            if len(held) >= size:
                got, held = held[:size], held[size:]
                return got
        ready, _, _ = select.select([port, sys.stdin], [], [], within)
        if port in ready:
            held += os.read(port, 1024)
        elif sys.stdin in ready:
            sys.exit(0)
        else:
            raise TimeoutError(held.hex())


def payload_type(got):
    return got[12 if got[1] & 0x20 else 4]


def until(kind):
    while True:
        got = frame()
        if payload_type(got) == kind:
            return got


def step(words):
    print(words, flush=True)


say(b"boot v1.2\r\nSTART S\x01\x00", HELLO)
session = until(0x02)[17:53]
step("welcome")
until(0x23)
say(os.urandom(64).replace(b"S", b"s"), SUBSCRIBE, PING)
until(0x42)
step("subscribed")
# Half a frame, and silence, as where the plug was touched.
say(SET[:30])
select.select([], [], [], 0.6)
say(PING)
until(0x42)
step("pong after a cut")
# The cut one claims what comes behind it; the line goes on without a pause.
say(SET[:34], BUNDLE, SET, SET, PING)
until(0x42)
step("pong after a cut in full speed")
# The box is reset in the middle of a frame.
say(SET[:20], b"boot v1.2\r\n", HELLO)
again = until(0x02)[17:53]
step("another session" if again != session else "the same session")
until(0x23)
say(SUBSCRIBE, PING)
until(0x42)
step("ready")
while True:
    step(frame(within=60.0).hex())
