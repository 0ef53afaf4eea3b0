import { describe, expect, it } from 'vitest';
import { MidiBridge } from '../../../src-main/bridges/midi/midi-bridge.ts';
import { systemMidiPorts } from '../../../src-main/bridges/midi/system-midi-ports.ts';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { fromJson, integer, text, type Signal } from '../../../src-main/contract/signal.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { describeDeviceBridge } from '../../conformance/device-bridge.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { midiSettings } from '../bridge-settings.ts';
import { FakeMidiPorts } from './fake-midi-ports.ts';
import { event, open, param, plugged } from './midi-scene.ts';

describeDeviceBridge('MidiBridge', {
  prefix: '/midi',
  sends: param('/midi/keys/ch/0/cc/7', integer(1)),
  refuses: param('/midi/keys/ch/0/cc/7', text('loud')),
  make: (isThere) => {
    const ports = new FakeMidiPorts();
    const clock = new SimulatedClock();
    const plugIn = (): void => {
      ports.inputs = [plugged];
      ports.outputs = [plugged];
      ports.takeSent();
    };
    if (isThere) plugIn();
    return {
      bridge: new MidiBridge(midiSettings(), { clock, log: silentLog, midiPorts: ports, platform: 'linux' }),
      plugIn,
      unplug: () => {
        ports.inputs = [];
        ports.outputs = [];
      },
      pass: (ms) => clock.advanceAsync(ms),
      open: () => ports.open.length + clock.waiting,
      received: () => ports.sent.length,
      close: () => Promise.resolve(),
    };
  },
});

describe('MIDI bridge', () => {
  it('[MI4] tells what comes in at the addresses of the table', async () => {
    const { ports, heard } = await open();
    ports.play(0x90, 60, 100, 60, 0, 0xb2, 7, 99, 0xc0, 5, 0xd0, 9, 0xa0, 60, 8, 0xe0, 0, 0, 0xf2, 8, 1, 0xf3, 3);
    ports.play(0xfa, 0xfb, 0xfc, 0xf6, 0xff, 0xf0, 0x7e, 1, 0xf7, 0xfe);
    expect(heard()).toEqual([
      'event ch/0/note {"note":60,"velocity":100,"on":true}',
      'event ch/0/note {"note":60,"velocity":0,"on":false}',
      'param ch/2/cc/7 99',
      'event ch/0/program 5',
      'param ch/0/program/current 5',
      'param ch/0/pressure 9',
      'param ch/0/pressure/60 8',
      'param ch/0/bend -8192',
      'param song/position 136',
      'param song/select 3',
      'event transport "start"',
      'event transport "continue"',
      'event transport "stop"',
      'event tune true',
      'event reset true',
      'event sysex [240,126,1,247]',
    ]);
  });

  it('[MI6] counts channels from 1 and values from 0 to 1 where it is told so', async () => {
    const { ports, heard } = await open({ channels: 'from-1', values: 'unit', fineControllers: [1] });
    ports.play(0x9f, 60, 127, 0xb0, 7, 127, 0xe0, 127, 127, 0xe0, 0, 0, 0xb0, 1, 127, 33, 127, 0xc0, 9);
    expect(heard()).toEqual([
      'event ch/16/note {"note":60,"velocity":1,"on":true}',
      'param ch/1/cc/7 1',
      'param ch/1/bend 1',
      'param ch/1/bend -1',
      'param ch/1/cc14/1 1',
      'event ch/1/program 9',
      'param ch/1/program/current 9',
    ]);
  });

  it('[MI5] sends params, events, streams and gestures alike, and no timeline', async () => {
    const { bridge, ports } = await open();
    const address = parseAddress('/midi/keys/ch/0/cc/1');
    bridge.apply([
      { kind: 'param', address, value: integer(1) },
      { kind: 'event', address, value: integer(2) },
      { kind: 'stream', address, value: integer(3) },
      { kind: 'gesture', address, value: integer(4), gestureId: 1, phase: 'start' },
      { kind: 'timeline', address, value: integer(5) },
    ]);
    expect(ports.takeSent().map((bytes) => bytes[2])).toEqual([1, 2, 3, 4]);
    expect(bridge.status()).toMatchObject({ outTotal: 4, refusedTotal: 1 });
    expect(bridge.status().reason).toContain('Refused: /midi/keys/ch/0/cc/1: MIDI carries no timelines.');
  });

  it('[MI38] tells which signal was refused and why, for 10 s', async () => {
    const { bridge, clock } = await open();
    bridge.apply([param('/midi/keys/ch/0/cc/7', integer(200))]);
    expect(bridge.status().refused).toEqual({
      address: '/midi/keys/ch/0/cc/7',
      why: expect.stringContaining('127') as string,
    });
    await clock.advanceAsync(10_001);
    expect(bridge.status().refused).toBeUndefined();
  });

  it('[MI16] leaves alone what is of other devices under the same prefix', async () => {
    const { bridge, ports } = await open();
    bridge.apply([param('/midi/pads/ch/0/cc/1', integer(1)), param('/midi/keysy/ch/0/cc/1', integer(1))]);
    expect(ports.takeSent()).toEqual([]);
    expect(bridge.status()).toMatchObject({ outTotal: 0, refusedTotal: 0 });
  });

  it('[MI10] lets go the notes that are down when the input goes, at its stop and at all notes off, and of the output too', async () => {
    const { bridge, clock, ports, heard } = await open();
    ports.play(0x90, 60, 100, 62, 100, 0x91, 64, 1, 0x80, 62, 0);
    heard();
    ports.inputs = [];
    await clock.advanceAsync(1000);
    expect(heard()).toEqual([
      'event ch/0/note {"note":60,"velocity":0,"on":false}',
      'event ch/1/note {"note":64,"velocity":0,"on":false}',
    ]);
    ports.inputs = [plugged];
    await clock.advanceAsync(1000);
    ports.play(0x90, 1, 1, 0x91, 2, 1, 0xb0, 123, 0);
    expect(heard().slice(2)).toEqual(['event ch/0/note {"note":1,"velocity":0,"on":false}', 'param ch/0/cc/123 0']);
    bridge.apply([event('/midi/keys/ch/5/note', fromJson({ note: 9, velocity: 9 }))]);
    ports.takeSent();
    await bridge.stop();
    expect(heard()).toEqual(['event ch/1/note {"note":2,"velocity":0,"on":false}']);
    expect(ports.takeSent()).toEqual([[0x85, 9, 0]]);
  });

  it('[MI29] lets go the notes that are down at each message that ends notes: those of the channel, and all at a reset', async () => {
    const { ports, heard } = await open({ fineControllers: [1] });
    const off = (channel: number): string => `event ch/${channel}/note {"note":60,"velocity":0,"on":false}`;
    for (const controller of [120, 123, 124, 125, 126, 127]) {
      ports.play(0x90, 60, 1, 0x91, 60, 1);
      heard();
      ports.play(0xb0, controller, 0);
      expect(heard()).toEqual([off(0), `param ch/0/cc/${controller} 0`]);
    }
    ports.play(0x90, 60, 1, 0xb0, 121, 0);
    expect(heard().slice(1)).toEqual(['param ch/0/cc/121 0']);
    ports.play(0xb0, 1, 5, 0xff);
    expect(heard()).toEqual([off(1), off(0), 'event reset true']);
    ports.play(0xff, 0xfa, 0xf8);
    expect(heard()).toEqual(['event reset true', 'event transport "start"', 'event beat 0']);
  });

  it('[MI30] lets go what is down once a device falls silent that sends active sensing, and says so until it is heard again', async () => {
    const { bridge, clock, ports, heard } = await open();
    ports.play(0x90, 60, 1);
    await clock.advanceAsync(5000);
    ports.play(0xfe);
    for (let time = 0; time < 30; time++) {
      await clock.advanceAsync(300);
      ports.play(time % 2 ? 0xfe : 0xf8);
    }
    expect([bridge.status().state, heard().filter((line) => line.includes('"on":false'))]).toEqual(['connected', []]);
    await clock.advanceAsync(501);
    expect(heard()).toContain('event ch/0/note {"note":60,"velocity":0,"on":false}');
    expect(bridge.status()).toMatchObject({
      state: 'late',
      reason: expect.stringMatching(/^The device fell silent/) as string,
    });
    ports.play(0x90, 61, 1);
    await clock.advanceAsync(5000);
    expect([bridge.status().state, heard()]).toEqual([
      'connected',
      ['event ch/0/note {"note":61,"velocity":1,"on":true}'],
    ]);
    ports.play(0xfe);
    await bridge.stop();
    expect(clock.waiting).toBe(0);
  });

  it('[MI10] lets go at the device the notes that ended while it was away', async () => {
    const { bridge, clock, ports } = await open();
    const note = (pitch: number, on: boolean): Signal =>
      event('/midi/keys/ch/0/note', fromJson({ note: pitch, velocity: on ? 9 : 0, on }));
    bridge.apply([note(1, true), note(2, true), note(3, true)]);
    ports.outputs = [];
    await clock.advanceAsync(1000);
    bridge.apply([note(1, false), note(2, false), note(2, true), note(4, true), note(4, false)]);
    ports.takeSent();
    ports.outputs = [plugged];
    await clock.advanceAsync(1000);
    expect(ports.takeSent()).toEqual([[0x80, 1, 0]]);
    await bridge.stop();
    expect(ports.takeSent()).toEqual([
      [0x80, 3, 0],
      [0x80, 2, 0],
    ]);
  });

  it('[MI24] lets go again the notes that ended in the second before the output was seen to be gone', async () => {
    const { bridge, clock, ports } = await open();
    const note = (pitch: number, velocity: number): Signal => event(`/midi/keys/ch/0/note/${pitch}`, integer(velocity));
    bridge.apply([note(1, 9), note(2, 9), note(3, 9), note(1, 0)]);
    await clock.advanceAsync(1900);
    ports.outputs = [];
    bridge.apply([note(2, 0), note(3, 0), note(3, 9)]);
    await clock.advanceAsync(1000);
    ports.takeSent();
    ports.outputs = [plugged];
    await clock.advanceAsync(1000);
    expect(ports.takeSent()).toEqual([[0x80, 2, 0]]);
  });

  it('[MI10] lets go the notes whose end the output did not take', async () => {
    const { bridge, clock, ports } = await open();
    bridge.apply([event('/midi/keys/ch/0/note/60', integer(9))]);
    ports.sendFault = 'broken';
    bridge.apply([event('/midi/keys/ch/0/note/60', integer(0))]);
    ports.sendFault = undefined;
    ports.takeSent();
    await clock.advanceAsync(1000);
    expect(ports.takeSent()).toEqual([[0x80, 60, 0]]);
  });

  it('[MI22] takes what a device sends back within 100 ms for a copy, once, and notes never', async () => {
    const { bridge, clock, ports, heard } = await open({ fineControllers: [1] });
    const cc = (value: number): Signal => param('/midi/keys/ch/0/cc/7', integer(value));
    bridge.apply([cc(5), param('/midi/keys/ch/0/bend', integer(0))]);
    ports.play(0xb0, 7, 5, 0xe0, 0, 64);
    expect(heard()).toEqual([]);
    ports.play(0xb0, 7, 5);
    expect(heard()).toEqual(['param ch/0/cc/7 5']);
    bridge.apply([cc(6)]);
    ports.play(0xb0, 7, 7);
    clock.advance(101);
    ports.play(0xb0, 7, 6);
    expect(heard()).toEqual(['param ch/0/cc/7 7', 'param ch/0/cc/7 6']);
    bridge.apply([event('/midi/keys/ch/0/note/60', integer(9)), param('/midi/keys/ch/0/cc14/1', integer(129))]);
    ports.play(0x90, 60, 9, 0xb0, 1, 1, 33, 1);
    expect(heard()).toEqual(['event ch/0/note {"note":60,"velocity":9,"on":true}', 'param ch/0/cc14/1 129']);
  });

  it('[MI23] knows the copies of a whole movement, and tells the last one where the device was moved meanwhile', async () => {
    const { bridge, clock, ports, heard } = await open();
    for (let value = 0; value < 60; value++) {
      bridge.apply([param('/midi/keys/ch/0/cc/7', integer(value))]);
      if (value >= 4) ports.play(0xb0, 7, value - 4);
      clock.advance(10);
    }
    ports.play(0xb0, 7, 56, 0xb0, 7, 57);
    expect(heard()).toEqual([]);
    ports.play(0xb0, 7, 100, 0xb0, 7, 58, 0xb0, 7, 59);
    expect(heard()).toEqual(['param ch/0/cc/7 100', 'param ch/0/cc/7 59']);
  });

  it('[TC30] says that commands of their moment, what it only tells and what is of others are no state', async () => {
    const { bridge } = await open();
    const isState = (path: string): boolean => bridge.isState(parseAddress(path));
    const state = [
      'cc/7',
      'cc14/1',
      'nrpn/9',
      'bend',
      'pressure',
      'pressure/60',
      'program',
      'program/current',
      'note/60',
    ];
    for (const each of state)
      expect([isState(`/midi/keys/ch/0/${each}`), isState(`/midi/keys/0/${each}`)]).toEqual([true, true]);
    for (const each of ['tempo', 'song/select', 'sysex', 'cc/7', 'note/3/60'])
      expect(isState(`/midi/keys/${each}`)).toBe(true);
    const commands = [
      'song/position',
      'note',
      'note/3',
      'cc/123',
      'cc/3/123',
      'transport',
      'tune',
      'reset',
      'ch/0/note',
      '0/note',
      'ch/15/cc/123',
      'ch/0/cc/96',
    ];
    const led = ['timecode/locate', 'timecode/play', 'timecode/follow'];
    const told = ['timecode', 'timecode/frame', 'timecode/error', 'clock/bpm', 'clock/jitter'];
    for (const each of [...commands, ...led, ...told])
      expect([each, isState(`/midi/keys/${each}`)]).toEqual([each, false]);
    expect([isState('/midi/pads/ch/0/cc/7'), isState('/midi/keysy/ch/0/cc/7')]).toEqual([false, false]);
    bridge.apply([param('/midi/keys/clock/bpm', integer(1))]);
    expect(bridge.status().reason).toContain('Refused: /midi/keys/clock/bpm: there is nothing of that address.');
  });

  it('[MI13] keeps no timer when it stops while its output opens', async () => {
    const ports = new FakeMidiPorts();
    ports.outputs = [plugged];
    const clock = new SimulatedClock();
    const settings = midiSettings({ input: '', sendClock: true, sendTimecode: true });
    const bridge = new MidiBridge(settings, { clock, log: silentLog, midiPorts: ports, platform: 'linux' });
    const start = bridge.start(new RecordingHost()).catch(() => undefined);
    for (let turn = 0; turn < 3; turn++) await Promise.resolve();
    await bridge.stop();
    await start;
    expect([clock.waiting, ports.open]).toEqual([0, []]);
  });

  it('[MI11] attaches input and output each by itself, and says which is away', async () => {
    const { bridge, clock, host, ports } = await open({ input: 'Keys MIDI 1', output: 'Pads' });
    expect(bridge.status()).toMatchObject({
      state: 'broken',
      reason: 'The output Pads is not there. Flyrail attaches it as soon as it is back.',
      url: 'Keys MIDI 1 → Pads',
    });
    bridge.apply([param('/midi/keys/ch/0/cc/1', integer(1)), param('/midi/keys/ch/0/cc/2', integer(1))]);
    expect(bridge.status().reason).toContain('Not sent meanwhile: 2.');
    expect(bridge.status().refusedTotal).toBe(2);
    ports.play(0x90, 60, 1);
    expect(host.published).toHaveLength(1);
    expect(host.returns).toBe(0);
    ports.outputs = ['Pads 20:0'];
    await clock.advanceAsync(1000);
    expect([bridge.status().state, host.returns]).toEqual(['connected', 1]);
    ports.inputs = [];
    await clock.advanceAsync(1000);
    expect(bridge.status()).toMatchObject({
      state: 'trouble',
      reason: expect.stringContaining('The input Keys MIDI 1 is not there.') as string,
    });
    bridge.apply([param('/midi/keys/ch/0/cc/1', integer(1))]);
    expect(ports.takeSent()).toHaveLength(1);
  });

  it('[MI11] finds a device under the numbers it has now, and says when another has its name', async () => {
    const { bridge, clock, ports } = await open();
    ports.inputs = ['Through 14:0', 'Keys MIDI 1 32:0', 'Keys MIDI 1 36:0'];
    ports.outputs = ['Keys MIDI 1 32:0'];
    await clock.advanceAsync(1000);
    expect(ports.open).toEqual(['Keys MIDI 1 32:0', 'Keys MIDI 1 32:0']);
    await clock.advanceAsync(1000);
    expect(bridge.status().reason).toContain('Another input has the name Keys MIDI 1');
    ports.inputs = ['Keys MIDI 1 36:0'];
    await clock.advanceAsync(2000);
    expect(ports.open).toEqual(['Keys MIDI 1 36:0', 'Keys MIDI 1 32:0']);
  });

  it('[MI28] attaches a device anew that was plugged in again within a look, under the name and numbers it had', async () => {
    const { bridge, clock, host, ports, heard } = await open();
    ports.play(0x90, 60, 1);
    bridge.apply([event('/midi/keys/ch/0/note/1', integer(9))]);
    heard();
    ports.replug();
    bridge.apply([event('/midi/keys/ch/0/note/1', integer(0)), param('/midi/keys/ch/0/cc/7', integer(1))]);
    ports.takeSent();
    await clock.advanceAsync(1000);
    expect(heard()).toEqual(['event ch/0/note {"note":60,"velocity":0,"on":false}']);
    expect([bridge.status().state, host.returns, ports.takeSent()]).toEqual(['connected', 1, [[0x80, 1, 0]]]);
    ports.play(0xb0, 7, 9);
    bridge.apply([param('/midi/keys/ch/0/cc/8', integer(1))]);
    expect([heard(), ports.takeSent()]).toEqual([['param ch/0/cc/7 9'], [[0xb0, 8, 1]]]);
    await clock.advanceAsync(5000);
    expect(host.returns).toBe(1);
  });

  it('[MI11] says so where the machine has no MIDI, and starts once it has', async () => {
    const { bridge, clock, host, ports } = await open(
      {},
      { arrange: (fake) => (fake.fault = 'This machine has no ALSA sequencer.') },
    );
    expect(bridge.status()).toMatchObject({
      state: 'broken',
      reason: 'This machine has no ALSA sequencer. Flyrail looks again every second.',
    });
    bridge.apply([param('/midi/keys/ch/0/cc/1', integer(1))]);
    expect(bridge.status().reason).toContain('every second. Not sent meanwhile: 1.');
    ports.fault = undefined;
    await clock.advanceAsync(1000);
    expect([bridge.status().state, host.returns]).toEqual(['connected', 1]);
    ports.fault = 'It is gone.';
    await clock.advanceAsync(1000);
    expect([bridge.status().state, ports.open]).toEqual(['broken', []]);
  });

  it('[MI11] asks for a port where none is chosen, and looks for none', async () => {
    const { bridge, clock, ports } = await open({ input: '', output: '' });
    await clock.advanceAsync(5000);
    expect(bridge.status()).toMatchObject({ state: 'trouble', url: 'no port' });
    expect([bridge.status().reason, ports.looks]).toEqual(['No port is chosen. Choose an input or an output.', 0]);
  });

  it('[MI18] lets go a port that does not take what it is given, and finds it again', async () => {
    const { bridge, clock, host, ports } = await open();
    ports.sendFault = 'no such device';
    bridge.apply([param('/midi/keys/ch/0/cc/1', integer(1))]);
    expect(bridge.status()).toMatchObject({ state: 'broken', outTotal: 0, refusedTotal: 1 });
    expect(bridge.status().reason).toContain('The output did not take a message (no such device).');
    ports.sendFault = undefined;
    await clock.advanceAsync(1000);
    expect([bridge.status().state, host.returns]).toEqual(['connected', 1]);
  });

  it('[MI6] gives every bend back as it came, from 0 to 1 too', async () => {
    const { bridge, host, ports } = await open(
      { values: 'unit', output: 'Pads', pace: 'none' },
      { arrange: (there) => (there.outputs = ['Pads']) },
    );
    for (const [low, high] of [
      [0, 0],
      [1, 0],
      [127, 63],
      [0, 64],
      [1, 64],
      [126, 127],
      [127, 127],
    ] as const) {
      ports.play(0xe0, low, high);
      bridge.apply(host.published.splice(0));
      expect(ports.takeSent()).toEqual([[0xe0, low, high]]);
    }
  });

  it('[MI20] makes a port of its own for other programs', async () => {
    const { bridge, ports, host } = await open({ mode: 'virtual', portName: 'Flyrail 2', input: 'ignored' });
    expect([bridge.status().state, bridge.status().url]).toEqual(['connected', 'own port Flyrail 2']);
    expect(ports.open).toEqual(['Flyrail 2', 'Flyrail 2']);
    ports.play(0x90, 1, 1);
    expect(host.published).toHaveLength(1);
  });
});

describe('the MIDI ports of a machine', () => {
  it('[MI17] say without ALSA that it is not there, before the library is asked', async () => {
    const ports = systemMidiPorts({ platform: 'linux', sequencer: '/nowhere/seq' });
    const words =
      'This machine has no ALSA sequencer (/nowhere/seq is not there): have its administrator load it with modprobe snd-seq.';
    const refused = expect.objectContaining({ code: 'cannot-open-port', message: words }) as Error;
    await expect(ports.names()).rejects.toThrow(refused);
    const through = systemMidiPorts({ platform: 'linux', sequencer: '/etc/hosts/seq' });
    await expect(through.names()).rejects.toThrow('The ALSA sequencer (/etc/hosts/seq) may not be opened');
    await expect(ports.openInput({ virtual: 'x' }, () => undefined)).rejects.toThrow(refused);
    await expect(ports.openOutput({ index: 0, name: 'x' })).rejects.toThrow(refused);
  });
});
