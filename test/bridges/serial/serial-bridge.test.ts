import { afterEach, describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { describeDeviceBridge } from '../../conformance/device-bridge.ts';
import { until } from '../../until.ts';
import { serialSettings } from '../bridge-settings.ts';
import { SerialScene, signalAt } from './serial-scene.ts';

const lamp = { from: '/lamp/*', message: 'L{1}={value}' };

describeDeviceBridge('serial lines', {
  prefix: '/board',
  make: (isThere) => {
    const scene = new SerialScene({ sends: [lamp], polls: [{ message: '?', everySeconds: 0.4 }] });
    if (isThere) scene.plugIn();
    let before = 0;
    const received = (): number => scene.ports.opened.reduce((sum, { written }) => sum + written.length, 0);
    return {
      bridge: scene.bridge,
      plugIn: () => {
        before = received();
        scene.plugIn();
      },
      unplug: () => scene.unplug(),
      pass: (ms) => scene.pass(ms),
      open: () => scene.ports.openCount + scene.clock.waiting,
      received: () => received() - before,
      close: () => Promise.resolve(),
    };
  },
  sends: signalAt('/board/lamp/1', 1),
  refuses: signalAt('/board/other', 1),
});

const scenes: SerialScene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.bridge.stop();
});
async function running(some: Record<string, unknown> = {}): Promise<SerialScene> {
  const scene = new SerialScene(some);
  scenes.push(scene);
  scene.plugIn();
  return scene.start();
}

describe('a bridge of a serial line', () => {
  it('[SL7][SL11] brings what a rule finds, and every other line as it is', async () => {
    const s = await running({ receives: [{ pattern: '{name}={value}', to: '/{name}' }] });
    s.say('a=12\r\nb=0.5\nready');
    s.say('\nstate=on\n');
    expect(s.heard).toEqual([
      ['/board/a', 12, 'param'],
      ['/board/b', 0.5, 'param'],
      ['/board/line', 'ready', 'event'],
      ['/board/state', 'on', 'param'],
    ]);
    expect(s.bridge.status()).toMatchObject({ state: 'connected', inTotal: 4, url: '/dev/ttyUSB0, 9600 baud' });
  });

  it('[SL11] leaves out what no rule covers where it is told to, and brings bytes as bytes', async () => {
    const quiet = await running({ unmatched: 'drop' });
    quiet.say('hello\n');
    const raw = await running({ content: 'bytes', framing: 'cobs' });
    raw.say([3, 0xc3, 0x28, 1, 0]);
    expect([quiet.heard, raw.heard]).toEqual([[], [['/board/frame', [0xc3, 0x28, 0], 'event']]]);
  });

  it('[SL12] writes what is set by the first rule that covers it', async () => {
    const s = await running({ sends: [lamp, { from: '/**', message: '{address}:{value}' }] });
    s.set('/board/lamp/3', 0.5);
    s.set('/board/a/b', 'x');
    await s.pass(100);
    expect(s.sent).toBe('L3=0.5\na/b:x\n');
    expect(s.bridge.status()).toMatchObject({ outTotal: 2, refusedTotal: 0 });
  });

  it('[SL13] refuses what cannot be written, tells why, and sends nothing of it', async () => {
    const s = await running({
      sends: [
        { from: '/n', message: '{value:d}' },
        { from: '/t', message: 'T {value}' },
      ],
    });
    s.set('/board/n', 'bright');
    expect(s.bridge.status().refused).toEqual({ address: '/board/n', why: 'the value is no number' });
    s.set('/board/t', 'a\r\nPOWER OFF');
    expect(s.bridge.status().refused?.why).toBe('the value holds a line end');
    s.set('/board/other', 1);
    expect(s.bridge.status().refused?.why).toBe('no rule of what it gives covers it');
    await s.pass(100);
    expect([s.sent, s.bridge.status().refusedTotal]).toEqual(['', 3]);
  });

  it('[SL14] sends what is set at /send as a message, and at /raw as it is', async () => {
    const s = await running({ checksum: { kind: 'xor8', written: 'hex', mark: '*' } });
    s.set('/board/send', 'AB', 'event');
    s.set('/board/raw', { type: 'bytes', value: Uint8Array.of(27, 13) }, 'event');
    s.set('/board/send', true, 'event');
    await s.pass(100);
    expect(s.sent).toBe('AB*03\n\x1b\r1*31\n');
    s.set('/board/send', 'A\nB', 'event');
    expect(s.bridge.status().refused?.why).toBe('it holds what ends a message');
  });

  it('[SL6] counts what has a wrong checksum, and it has no effect', async () => {
    const s = await running({
      checksum: { kind: 'xor8', written: 'hex', mark: '*' },
      receives: [{ pattern: 'a={a}' }],
    });
    s.say('a=1*6d\na=2*6D\na=3\n');
    expect(s.heard).toEqual([['/board/a', 1, 'param']]);
    expect(s.bridge.status()).toMatchObject({
      state: 'trouble',
      reason: '1 message heard, 0 sent. Left out: 2 with a wrong checksum.',
    });
    await s.pass(11_000);
    expect(s.bridge.status().state).toBe('connected');
  });

  it('[SL15] leaves a pause behind each message, and sends so many a second at the most', async () => {
    const s = await running({ baud: 9600, pauseMs: 50, sends: [lamp] });
    for (let i = 0; i < 5; i++) s.set(`/board/lamp/${i}`, i);
    await s.pass(2000);
    const times = s.ports.last.deeds.map(({ atMicros }) => atMicros);
    // Five bytes of ten bits take 5.2 ms at 9600 baud.
    expect(times.slice(1).map((at, i) => Math.round((at - (times[i] ?? 0)) / 1000))).toEqual([55, 55, 55, 55]);
    const slow = await running({ baud: 115_200, rate: 4, sends: [lamp] });
    for (let i = 0; i < 9; i++) slow.set(`/board/lamp/${i}`, i);
    await slow.pass(1000);
    expect(slow.ports.last.deeds.length).toBe(5);
  });

  it('[SL16] keeps the newest of each address while the line is slow, and all events in their order', async () => {
    const s = await running({ baud: 300, sends: [lamp, { from: '/go', message: 'GO{value}' }] });
    for (let level = 0; level < 100; level++) {
      s.set('/board/lamp/1', level);
      s.set('/board/lamp/2', level);
      if (level % 40 === 0) s.set('/board/go', level, 'event');
    }
    await s.pass(5000);
    expect(s.sent).toBe('L1=0\nL2=99\nGO0\nL1=99\nGO40\nGO80\n');
  });

  it('[SL16] holds a thousand events, and tells how many it dropped', async () => {
    const s = await running({ baud: 50, sends: [{ from: '/go', message: 'GO{value}' }] });
    for (let i = 0; i < 1500; i++) s.set('/board/go', i, 'event');
    expect(s.bridge.status()).toMatchObject({
      refusedTotal: 499,
      refused: { why: 'too many messages wait for the device' },
    });
    await s.pass(1_500_000);
    expect(s.sent.split('\n').slice(0, 3)).toEqual(['GO0', 'GO500', 'GO501']);
  });

  it('[SL16] waits for a line that takes nothing, says so, and goes on with what is newest', async () => {
    const s = await running({ sends: [lamp] });
    s.ports.faults.isFull = true;
    for (let level = 0; level < 50; level++) {
      s.set('/board/lamp/1', level);
      await s.pass(100);
    }
    expect(s.bridge.status()).toMatchObject({
      state: 'trouble',
      reason: expect.stringMatching(/^The device takes nothing/) as string,
    });
    s.ports.faults.isFull = false;
    s.ports.last.takeAll();
    s.ports.last.emit('drain');
    await s.pass(100);
    expect(s.sent).toBe('L1=0\nL1=49\n');
    expect(s.bridge.status().state).toBe('connected');
  });

  it('[SL17] sends the next when the reply to the one before has come', async () => {
    const s = await running({
      answer: { reply: '{}=OK', timeoutMs: 300 },
      sends: [lamp, { from: '/beep', message: 'BEEP', waits: false }],
    });
    s.onWrite = (bytes) => {
      const [name] = bytes.toString().split('=');
      if (bytes.includes('L')) s.clock.after(100 as never, () => s.say(`noise\n${name}=OK\n`));
    };
    for (const lamp of [1, 2, 3]) s.set(`/board/lamp/${lamp}`, 1);
    s.set('/board/beep', 1, 'event');
    s.set('/board/lamp/4', 1);
    await s.pass(150);
    expect(s.sent).toBe('L1=1\nL2=1\n');
    await s.pass(1000);
    expect(s.sent).toBe('L1=1\nL2=1\nL3=1\nBEEP\nL4=1\n');
    expect(s.bridge.status()).toMatchObject({ state: 'connected', refusedTotal: 0 });
  });

  it('[SL17] sends again what gets no reply, then gives it up and says so', async () => {
    const s = await running({ answer: { reply: 'OK', timeoutMs: 200, repeats: 2 }, sends: [lamp] });
    s.set('/board/lamp/1', 1);
    s.set('/board/lamp/2', 1);
    await s.pass(560);
    expect(s.sent).toBe('L1=1\n'.repeat(3));
    await s.pass(200);
    expect(s.sent).toBe('L1=1\n'.repeat(3) + 'L2=1\n');
    expect(s.bridge.status()).toMatchObject({
      state: 'trouble',
      refused: { address: '/board/lamp/1', why: 'the device did not reply' },
    });
    s.say('OK\n');
    await s.pass(11_000);
    expect([s.bridge.status().state, s.sent.split('\n')]).toEqual(['connected', ['L1=1', 'L1=1', 'L1=1', 'L2=1', '']]);
  });

  it('[SL18] sends first what it is told to, then asks, then says what stands; and asks again and again', async () => {
    const s = new SerialScene({
      onAttach: ['\\x1bINIT', 'MODE 1'],
      polls: [{ message: 'T?', everySeconds: 2 }],
      sends: [lamp],
    });
    scenes.push(s);
    s.host.returned = () => s.set('/board/lamp/1', 7);
    s.plugIn();
    await s.start();
    await s.pass(4000);
    expect(s.sent).toBe('\x1bINIT\nMODE 1\nT?\nL1=7\nT?\nT?\n');
    s.unplug();
    await s.pass(5000);
    s.plugIn();
    await s.pass(1000);
    expect(s.sent).toBe('\x1bINIT\nMODE 1\nT?\nL1=7\n');
  });

  it('[SL19] does not call a state what is sent by hand', async () => {
    const { bridge } = await running({ sends: [lamp] });
    const paths = ['/board/send', '/board/raw', '/board/lamp/1', '/board/send/1'];
    expect(paths.filter((path) => bridge.isState(parseAddress(path)))).toEqual(['/board/lamp/1', '/board/send/1']);
  });

  it('[SL20] drops what the device repeats of what it was sent, once, and nothing else', async () => {
    const s = await running({
      echo: true,
      sentDelimiter: '\\r',
      receives: [{ pattern: 'L{n}={value}', to: '/lamp/{n}' }],
      sends: [lamp],
    });
    s.onWrite = (bytes) => s.say(bytes.toString().replace('\r', '\r\n') + 'OK\r\n');
    s.set('/board/lamp/1', 5);
    await s.pass(100);
    s.say('L1=5\r\n');
    expect(s.heard).toEqual([
      ['/board/line', 'OK', 'event'],
      ['/board/lamp/1', 5, 'param'],
    ]);
    const plain = await running({ sends: [lamp] });
    plain.onWrite = (bytes) => plain.say(bytes.toString());
    plain.set('/board/lamp/1', 5);
    await plain.pass(100);
    expect(plain.heard).toEqual([['/board/line', 'L1=5', 'event']]);
  });

  it('[SL21] gives a device time to start, hears it meanwhile, and leaves out half a message', async () => {
    const s = await running({ settleMs: 2000, dropFirst: true, onAttach: ['INIT'] });
    expect(s.bridge.status()).toMatchObject({ state: 'broken', reason: 'The device is given time to start.' });
    s.say('12\nhello\n');
    await s.pass(900);
    expect([s.sent, s.host.returns]).toEqual(['', 0]);
    await s.pass(200);
    expect([s.sent, s.host.returns]).toEqual(['INIT\n', 1]);
    expect(s.heard).toEqual([['/board/line', 'hello', 'event']]);
    expect(s.bridge.status()).toMatchObject({
      state: 'connected',
      reason: expect.stringContaining('1 first after the port was opened') as string,
    });
  });

  it('[SL21] joins no half message to what comes after a replug', async () => {
    const s = await running();
    s.say('POT1=5');
    s.unplug();
    await s.pass(1000);
    s.plugIn();
    await s.pass(1000);
    s.say('12\n');
    expect(s.heard).toEqual([['/board/line', '12', 'event']]);
  });

  it('[SL22] counts what comes while the device is away, and does not send it later', async () => {
    const s = await running({ sends: [lamp] });
    s.unplug();
    await s.pass(100);
    s.set('/board/lamp/1', 1);
    s.set('/board/lamp/2', 1);
    expect(s.bridge.status()).toMatchObject({
      state: 'broken',
      refusedTotal: 2,
      reason: expect.stringMatching(
        /Flyrail looks for it and takes it again by itself\. 2 values came while it was away\.$/,
      ) as string,
    });
    expect(s.bridge.status().refused).toBeUndefined();
    s.plugIn();
    await s.pass(1000);
    expect([s.bridge.status().state, s.sent]).toEqual(['connected', '']);
  });

  it('[SL23] takes over rules while the port stays open; another line makes it anew', async () => {
    const s = await running({ sends: [lamp], framing: 'delimiter' });
    const more = {
      sends: [{ from: '/lamp/*', message: 'M{1}={value}' }],
      delimiter: ';',
      polls: [{ message: '?', everySeconds: 60 }],
    };
    expect(s.bridge.change(serialSettings(more))).toBe(true);
    s.set('/board/lamp/1', 1);
    s.say('a;b\n;');
    await s.pass(100);
    expect([s.sent, s.ports.opened.length]).toEqual(['?\nM1=1\n', 1]);
    expect(s.heard.map((each) => (each as unknown[])[1])).toEqual(['a', 'b\n']);
    for (const other of [
      { baud: 19_200 },
      { port: 'COM4' },
      { prefix: '/x' },
      { dtr: 'on' },
      { hangUp: false },
      { parity: 'even' },
    ])
      expect(s.bridge.change(serialSettings({ ...more, ...other }))).toBe(false);
    expect(new SerialScene().bridge.change(serialSettings())).toBe(false);
  });

  it('[SL24] holds DTR and RTS as it is told, and says where a port has none', async () => {
    const s = await running({ dtr: 'on', rts: 'off' });
    expect(s.ports.last.deeds).toMatchObject([{ did: 'set', signals: { dtr: true, rts: false } }]);
    expect((await running()).ports.last.deeds).toEqual([]);
    expect((await running({ rts: 'off', flow: 'rtscts' })).ports.last.deeds).toEqual([]);
    const without = new SerialScene({ dtr: 'off' });
    scenes.push(without);
    without.ports.faults.noSignals = true;
    without.plugIn();
    await without.start();
    expect(without.bridge.status()).toMatchObject({
      state: 'connected',
      reason: expect.stringContaining('no DTR and RTS') as string,
    });
  });

  it('[SL25] says what it left out, by why', async () => {
    const s = await running({ longest: 8 });
    expect(s.bridge.status().reason).toBe('The port is open. Nothing was heard yet.');
    s.say('ok\n');
    s.say('much too long\n');
    s.say([0xc3, 0x28, 10]);
    expect(s.bridge.status()).toMatchObject({
      inTotal: 2,
      reason: '2 messages heard, 0 sent. Left out: 1 longer than a message may be, 1 that are no text in UTF-8.',
    });
  });

  it('[SL32] tells what the box at the port says of itself, while it is there', async () => {
    const s = await running();
    await until('what the system knows of it', () => s.bridge.status().device !== undefined);
    expect(s.bridge.status().device).toEqual({ serialNumber: 'EN1' });
    s.unplug();
    await s.pass(100);
    expect(s.bridge.status()).not.toHaveProperty('device');
  });

  it('[SL31] counts what came and has no effect as refused, but for what the settings have left out', async () => {
    const s = await running({ longest: 8, dropFirst: true, unmatched: 'drop', receives: [{ pattern: 'a={a}' }] });
    s.say('half\n');
    s.say('a=1\nb=2\nb=3\n');
    expect(s.bridge.status()).toMatchObject({
      state: 'connected',
      refusedTotal: 0,
      reason: '3 messages heard, 0 sent. Left out: 1 first after the port was opened, 2 that no rule covers.',
    });
    s.say('much too long\n');
    s.say([0xc3, 0x28, 10]);
    expect(s.bridge.status()).toMatchObject({ state: 'trouble', refusedTotal: 2 });
    s.set('/board/lamp', 1);
    expect(s.bridge.status().refusedTotal).toBe(3);
  });

  it('[SL2] reads frames of a fixed size by silence and by their beginning', async () => {
    const layout = { how: 'layout', begins: '01', fields: [{ name: 'a', at: 1, type: 'u16le' }] };
    const s = await running({ framing: 'fixed', size: 3, gapMs: 20, content: 'bytes', receives: [layout] });
    s.say([1, 2]);
    await s.pass(30);
    s.say([1, 3]);
    await s.pass(10);
    s.say([1]);
    expect(s.heard).toEqual([['/board/a', 259, 'param']]);
    expect(s.bridge.status().reason).toContain('1 cut short by silence');
  });
});
