"""A DMX interface at the other end of a serial line, with nothing of ours, written from ENTTEC's API document.
Usage: dmx-widget.py PORT pro|open SLOTS. Reads commands from stdin, a line each, and prints one line of JSON for each report:
  report           frames so far, faults, the last levels, and the intervals between frames in ms; begins anew
  dmx 1,2,3        (pro) a frame with these levels came from the line
  noise            (pro) bytes that are no message"""
import json, os, select, sys, termios, time, tty

port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
tty.setraw(port)
kind, slots = sys.argv[2], int(sys.argv[3])
held = b""
frames, faults, intervals, last, times = 0, [], [], [], []
mode = None
config = [9, 1, 40]
# How often the times and the rate, which are kept in a memory that wears, were set; and whether they were asked for before.
sets, asked = 0, False


def put(label, data):
    os.write(port, bytes([0x7E, label, len(data) & 255, len(data) >> 8]) + bytes(data) + b"\xe7")


def frame(levels, at):
    global frames, last
    frames += 1
    last = list(levels)
    times.append(at)


def message(label, data, at):
    global mode, config, sets, asked
    if label == 3:
        asked = True
        put(3, [44, 1] + config)
    elif label == 4:
        sets += 1
        if not asked:
            faults.append("set before it was asked")
        if len(data) < 5 or len(data) != 5 + data[0] + 256 * data[1]:
            faults.append("parameters of %d bytes" % len(data))
        elif not (9 <= data[2] <= 127 and 1 <= data[3] <= 127 and data[4] <= 40):
            faults.append("parameters %s" % list(data[2:5]))
        else:
            config = list(data[2:5])
    elif label == 10:
        put(10, [0x78, 0x56, 0x34, 0x12])
    elif label == 77:
        put(77, b"\x34\x12Simulated Widgets\0")
    elif label == 78:
        put(78, b"\x01\0Pty One\0")
    elif label == 8:
        mode = data[0]
    elif label == 6:
        if not 25 <= len(data) <= 513 or len(data) != slots + 1:
            faults.append("a frame of %d bytes" % len(data))
        elif data[0] != 0:
            faults.append("start code %d" % data[0])
        else:
            frame(data[1:], at)
    else:
        faults.append("label %d" % label)


def read_pro(at):
    global held
    while len(held) >= 5:
        if held[0] != 0x7E:
            faults.append("no message: %s" % held[:8].hex())
            held = held[1:]
            continue
        size = held[2] + 256 * held[3]
        if len(held) < size + 5:
            return
        if held[size + 4] != 0xE7:
            faults.append("no end: %s" % held[:8].hex())
            held = held[1:]
            continue
        label, data, held = held[1], held[4 : 4 + size], held[size + 5 :]
        message(label, data, at)


def read_open(at):
    """A slow zero byte for the break, then start code and levels: a pty knows no break."""
    global held
    while len(held) >= slots + 2:
        if held[0] != 0 or held[1] != 0:
            faults.append("no break and start code: %s" % held[:8].hex())
            held = held[1:]
            continue
        frame(held[2 : slots + 2], at)
        held = held[slots + 2 :]


print("ready", flush=True)
commands = b""
while True:
    ready, _, _ = select.select([port, sys.stdin], [], [])
    if port in ready:
        try:
            held += os.read(port, 65536)
        except OSError:
            print("gone", flush=True)
            break
        (read_pro if kind == "pro" else read_open)(time.monotonic())
    if sys.stdin in ready:
        chunk = os.read(0, 65536)
        if not chunk:
            break
        commands += chunk
        while b"\n" in commands:
            command, commands = commands.split(b"\n", 1)
            word, _, rest = command.decode().partition(" ")
            if word == "report":
                gaps = [round((b - a) * 1000, 3) for a, b in zip(times, times[1:])]
                print(json.dumps({"frames": frames, "faults": faults[:10], "last": last, "gaps": gaps, "mode": mode, "config": config, "sets": sets}), flush=True)
                frames, faults, times = 0, [], []
            elif word == "dmx":
                put(5, [0, 0] + [int(each) for each in rest.split(",")])
            elif word == "noise":
                os.write(port, bytes([1, 2, 0x7E, 5, 0xFF, 0xFF, 0xE7]))
