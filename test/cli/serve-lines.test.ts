import { createWriteStream, existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createServeLines, stdoutBacklogMax } from '../../src-main/cli/serve-lines.ts';
import type { EngineNews } from '../../src-main/engine/engine-news.ts';
import type { Readiness } from '../../src-main/engine/readiness.ts';

const readiness: Readiness = {
  show: { name: 'Gala', file: null, unsaved: false },
  claspUrl: 'ws://127.0.0.1:1/clasp',
  transports: [
    { kind: 'websocket', url: 'ws://127.0.0.1:1/clasp' },
    { kind: 'tcp', url: 'tcp://127.0.0.1:2' },
    { kind: 'ble', url: 'ble:central', waitingFor: 'Bluetooth is switched off.' },
  ],
  rendezvousUrl: undefined,
  ui: undefined,
  bridges: [{ id: 'desk', kind: 'osc', name: 'Desk', url: '127.0.0.1:8000', status: 'connected' }],
};
const status = (id: string, state: 'connecting' | 'connected' | 'broken'): EngineNews => ({
  event: 'bridge-status',
  id,
  kind: 'osc',
  status: state,
  reason: '',
});

function bench(json: boolean) {
  const stdout = { text: '', writableLength: 0, write: (text: string) => (stdout.text += text) };
  return { stdout, lines: createServeLines(stdout, { json }) };
}

describe('the lines of flyrail serve', () => {
  it('[RS21] say where other machines reach the interface, and warn where that is without TLS', () => {
    const url = 'http://127.0.0.1:7380/#s';
    const urls = [{ card: 'eth0', url: 'http://192.168.10.20:7380/' }];
    for (const [encrypted, warns] of [
      [false, true],
      [true, false],
    ] as const) {
      const ui = { url, urls, encrypted, reach: 'network' as const };
      const [plain, json] = [bench(false), bench(true)];
      plain.lines.ready({ ...readiness, ui });
      json.lines.ready({ ...readiness, ui });
      expect(plain.stdout.text).toContain('on the LAN http://192.168.10.20:7380/ (eth0)');
      expect(plain.stdout.text.includes('without TLS')).toBe(warns);
      const told = JSON.parse(json.stdout.text) as { ui: object };
      expect(told.ui).toMatchObject({ url, urls: ['http://192.168.10.20:7380/'], encrypted });
      expect('warning' in told.ui).toBe(warns);
    }
    const { stdout, lines } = bench(true);
    lines.ready({ ...readiness, ui: { url, urls: [], encrypted: false, reach: 'loopback' } });
    expect((JSON.parse(stdout.text) as { ui: object }).ui).toEqual({ url });
  });

  it('[CL15] say what is spoken at each way in', () => {
    const { stdout, lines } = bench(false);
    const urls = ['ws://127.0.0.1:1/clasp', 'mqtts://127.0.0.1:2', 'mqtt://127.0.0.1:3', 'http://127.0.0.1:4'];
    const kinds = ['websocket', 'mqtts', 'mqtt', 'http'] as const;
    lines.ready({ ...readiness, transports: kinds.map((kind, i) => ({ kind, url: urls[i] ?? '' })) });
    expect(stdout.text.match(/^ {2}(CLASP|MQTT|web) .*:\/\/.*$/gm)).toEqual([
      `  CLASP      ${urls[0]}`,
      `  MQTT       ${urls[1]}`,
      `  MQTT       ${urls[2]}`,
      `  web        ${urls[3]}`,
    ]);
  });

  it('[CL15] begin with ready; of what was told before, only what it does not say follows', () => {
    const { stdout, lines } = bench(true);
    lines.news(status('desk', 'connecting'));
    lines.news(status('desk', 'connected'));
    lines.news(status('lights', 'connecting'));
    lines.news(status('lights', 'broken'));
    expect(stdout.text).toBe('');
    lines.ready(readiness);
    lines.news(status('desk', 'broken'));
    const events = stdout.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ event, id, status: state }) => [event, id, state])).toEqual([
      ['ready', undefined, undefined],
      ['bridge-status', 'lights', 'broken'],
      ['bridge-status', 'desk', 'broken'],
    ]);
    expect(events[0]?.['clasp']).toEqual({ url: 'ws://127.0.0.1:1/clasp' });
    expect(events[0]?.['transports']).toEqual([
      { name: 'websocket', url: 'ws://127.0.0.1:1/clasp' },
      { name: 'tcp', url: 'tcp://127.0.0.1:2' },
      { name: 'ble', url: 'ble:central', waitingFor: 'Bluetooth is switched off.' },
    ]);
    expect(events[0]?.['bridges']).toEqual([{ id: 'desk', kind: 'osc', url: '127.0.0.1:8000', status: 'connected' }]);
  });

  it('[CL13] are left out while the reader stands still', () => {
    const { stdout, lines } = bench(true);
    lines.ready(readiness);
    const before = stdout.text;
    stdout.writableLength = stdoutBacklogMax + 1;
    for (let i = 0; i < 100; i++) lines.news(status('desk', i % 2 ? 'broken' : 'connected'));
    expect(stdout.text).toBe(before);
    stdout.writableLength = 0;
    lines.news({ event: 'stopping', reason: 'SIGTERM' });
    expect(stdout.text).toBe(`${before}{"event":"stopping","reason":"SIGTERM"}\n`);
  });

  it('[CL13] end nothing where the disk they go to is full', async ({ skip }) => {
    skip(!existsSync('/dev/full'), 'no /dev/full here');
    const stdout = createWriteStream('/dev/full');
    const closed = new Promise<void>((resolve) => stdout.once('close', () => resolve()));
    const lines = createServeLines(stdout, { json: true });
    lines.ready(readiness);
    await closed;
    lines.news(status('desk', 'broken'));
    expect(stdout.errored).toMatchObject({ code: 'ENOSPC' });
  });

  it('[CL16] are for people without --json', () => {
    const { stdout, lines } = bench(false);
    lines.ready(readiness);
    lines.news(status('desk', 'broken'));
    lines.news({ event: 'ui-link', url: 'http://127.0.0.1:2/#next' });
    lines.news({ event: 'stopping', reason: 'SIGINT' });
    for (const words of [
      'runs: Gala',
      'ws://127.0.0.1:1/clasp',
      'ble:central (waits: Bluetooth is switched off.)',
      'interface  off',
      'Desk: connected',
      '/#next',
      'Flyrail stops: SIGINT',
    ]) {
      expect(stdout.text).toContain(words);
    }
    expect(stdout.text).not.toContain('{');
  });
  it('[CL18] show what a terminal would obey, one line each; JSON stays JSON', () => {
    const name = '\u001b]0;pwn\u0007X\nFAKE';
    const hostile: Readiness = {
      ...readiness,
      show: { ...readiness.show, name },
      bridges: [{ id: 'desk', kind: 'osc', name, url: '127.0.0.1:8000', status: 'connected' }],
    };
    const plain = bench(false);
    plain.lines.ready(hostile);
    plain.lines.news({ event: 'stopping', reason: name });
    expect(plain.stdout.text.split('\n').slice(0, 1)).toEqual([
      expect.stringContaining('runs: \\x1b]0;pwn\\x07X\\nFAKE'),
    ]);
    expect(plain.stdout.text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(plain.stdout.text.split('\n')).toHaveLength(9);
    const json = bench(true);
    json.lines.ready(hostile);
    expect(JSON.parse(json.stdout.text)).toMatchObject({ show: { name } });
  });
});
