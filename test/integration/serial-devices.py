"""Devices at the other end of a serial line, on pyserial, with nothing of ours.
Usage: serial-devices.py PORT board|projector|modbus|cobs. Reads commands from stdin, a line each; prints one line of JSON for each report:
  report        what was received, and what was not as the device wants it
  say HEX       these bytes go out
  flood N       (board) N lines `POT0=i`, one behind the other"""
import json, os, select, sys, time
import serial

port = serial.Serial(sys.argv[1], 9600, timeout=0)
kind = sys.argv[2]
held = b""
got, faults = [], []
state = {"power": 0, "ended": 0.0, "mute": 0}
registers = {}


def modbus_crc(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return bytes([crc & 255, crc >> 8])


def board(line):
    got.append(line.decode("latin1"))
    name, _, value = line.partition(b"=")
    port.write(b"ACK " + name + b" " + value + b"\r\n")


def projector(command):
    now = time.monotonic()
    if now - state["ended"] < 0.025:
        faults.append("only %.3f s after the one before" % (now - state["ended"]))
    state["ended"] = now
    text = command.decode("latin1")
    got.append(text)
    if state["mute"] > 0:
        state["mute"] -= 1
        return
    if text in ("%1POWR 0", "%1POWR 1"):
        state["power"] = int(text[-1])
        port.write(b"%1POWR=OK\r")
    elif text == "%1POWR ?":
        port.write(b"%%1POWR=%d\r" % state["power"])
    else:
        port.write(b"%1" + command[2:6] + b"=ERR1\r")


def modbus(frame):
    got.append(frame.hex())
    if len(frame) < 4 or modbus_crc(frame[:-2]) != frame[-2:]:
        faults.append("wrong CRC: " + frame.hex())
        return
    unit, function, rest = frame[0], frame[1], frame[2:-2]
    if function == 6:
        registers[rest[:2]] = rest[2:4]
        answer = frame[:-2]
    else:
        count = rest[3]
        first = rest[0] * 256 + rest[1]
        data = b"".join(registers.get(bytes([(first + i) >> 8, (first + i) & 255]), b"\0\0") for i in range(count))
        answer = bytes([unit, function, len(data)]) + data
    port.write(answer + modbus_crc(answer))


def unstuff(data):
    out, at = bytearray(), 0
    while at < len(data):
        code = data[at]
        out += data[at + 1 : at + code]
        at += code
        if code < 255 and at < len(data):
            out.append(0)
    return bytes(out)


def stuff(data):
    parts = data.split(b"\0")
    assert all(len(part) < 254 for part in parts)
    return b"".join(bytes([len(part) + 1]) + part for part in parts) + b"\0"


def cobs(frame):
    data = unstuff(frame)
    got.append(data.hex())
    port.write(stuff(bytes([0x80]) + data[::-1]))


def receive(data):
    global held
    held += data
    if kind == "modbus":
        return
    end = {"board": b"\n", "projector": b"\r", "cobs": b"\0"}[kind]
    while end in held:
        message, _, held = held.partition(end)
        if message:
            globals()[kind](message)


def command(words):
    global got, faults
    if words[0] == "report":
        print(json.dumps({"got": got, "faults": faults}), flush=True)
        got, faults = [], []
    elif words[0] == "say":
        port.write(bytes.fromhex(words[1]))
    elif words[0] == "mute":
        state["mute"] = int(words[1])
    elif words[0] == "flood":
        data = b"".join(b"POT0=%d\r\n" % i for i in range(int(words[1])))
        while data:
            sent = port.write(data[:4096])
            data = data[sent:]


words = b""
print("ready", flush=True)
while True:
    # Silence of 20 ms ends a Modbus frame here; a pty knows no baud rate.
    readable, _, _ = select.select([port, 0], [], [], 0.02 if held else None)
    if not readable and kind == "modbus" and held:
        frame, held = held, b""
        modbus(frame)
    if port in readable:
        try:
            receive(port.read(4096))
        except serial.SerialException:
            break  # the line was pulled out
    if 0 in readable:
        typed = os.read(0, 65536)
        if not typed:
            break
        *lines, words = (words + typed).split(b"\n")
        for line in lines:
            command(line.decode().split())
