import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { openPrometheusWriter } from '../../src-main/platform/prometheus-writer.ts';
import { messageType } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { f64 } from '../../src-main/contract/signal.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { startServe } from './flyrail-process.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { RawSession } from './raw-session.ts';

const python = '/usr/bin/python3';

/** Prometheus' own parser for Python, as Debian has it. */
const hasParser = existsSync(python) && spawnSync(python, ['-c', 'import prometheus_client']).status === 0;
const noParser = notInstalled('prometheus_client', 'python3-prometheus-client');

const parse = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families
print(json.dumps([[f.name, f.type, [[s.name, s.labels, str(s.value)] for s in f.samples]]
  for f in text_string_to_metric_families(sys.stdin.read())]))
`;
/** Families with their samples; values as text, since JSON has no NaN. */
type Parsed = [string, string, [string, Record<string, string>, string][]][];

function parsed(text: string): Parsed {
  return JSON.parse(execFileSync(python, ['-c', parse], { input: text, encoding: 'utf8' })) as Parsed;
}

function get(
  port: number,
  headers: Record<string, string> = {},
): Promise<{ status: number; type: string; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path: '/metrics', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text }),
      );
    });
    call.on('error', reject).end();
  });
}

describe('the writer of figures', () => {
  it('[RT293] writes nothing of a family that has no samples', async () => {
    const writer = await openPrometheusWriter();
    const family = { name: 'flyrail_test_total', help: 'a test', kind: 'counter', samples: [] } as const;
    expect(await writer.write([family])).not.toContain('flyrail_test');
    expect(await writer.write([{ ...family, samples: [{ labels: { session: 'a' }, value: 2 }] }])).toContain(
      'flyrail_test_total{session="a"} 2',
    );
  });
});

describe('GET /metrics of flyrail serve', () => {
  it('[MT7] is there with --metrics alone, for any program on this machine and for no page of another origin', async () => {
    const flyrail = startServe(temporaryFolder(), ['--metrics']);
    const { ui } = await flyrail.ready();
    const port = Number(new URL(ui!.url).port);
    const { status, type, text } = await get(port);
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text).toContain('flyrail_router_sessions 0');
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).not.toContain('nodejs_active_handles_total');
    expect((await get(port, { host: 'attacker.example' })).status).toBe(403);
    expect((await get(port, { origin: 'http://attacker.example' })).status).toBe(403);
    expect((await get(port, { host: `localhost:${port}` })).status).toBe(200);
    await flyrail.stop();
    const plain = startServe(temporaryFolder(), []);
    const { ui: without } = await plain.ready();
    expect((await get(Number(new URL(without!.url).port))).status).toBe(404);
    await plain.stop();
  });

  it("[MT6] is read by Prometheus' own parser, with what clients did", async ({ skip }) => {
    skip(!hasParser, noParser);
    const flyrail = startServe(temporaryFolder(), ['--metrics']);
    const { clasp, ui } = await flyrail.ready();
    const session = await RawSession.join(clasp.url);
    session.send({ type: messageType.subscribe, id: 1, pattern: '/**', types: 0xff });
    for (let n = 0; n < 200; n++) session.send({ type: messageType.set, address: '/a', value: WireValue.of(f64(n)) });
    await session.until(messageType.ack, 200);
    const families = parsed((await get(Number(new URL(ui!.url).port))).text);
    const samples = new Map(
      families.flatMap(([, , all]) => all.map(([name, labels, value]) => [`${name} ${JSON.stringify(labels)}`, value])),
    );
    expect(samples.get('flyrail_router_messages_total {"kind":"param"}')).toBe('200.0');
    const latency = families.find(([name]) => name === 'flyrail_router_latency_seconds');
    expect(latency?.[1]).toBe('histogram');
    const count = latency?.[2].find(([name, { kind }]) => name.endsWith('_count') && kind === 'param')?.[2];
    const highest = latency?.[2].find(
      ([name, { kind, le }]) => name.endsWith('_bucket') && kind === 'param' && le === '+Inf',
    );
    expect(Number(count)).toBeGreaterThan(0);
    expect(highest?.[2]).toBe(count);
    session.webSocket.terminate();
    await flyrail.stop();
  });

  it('[MT6] keeps labels that a client chose, whatever is in them', async ({ skip }) => {
    skip(!hasParser, noParser);
    const writer = await openPrometheusWriter();
    const evil = 'a"b\\c\nd {x="1"} 7';
    const text = await writer.write([
      { name: 'x_total', help: 'Two\nlines', kind: 'counter', samples: [{ labels: { name: evil }, value: 3 }] },
    ]);
    const family = parsed(text).find(([name]) => name === 'x');
    expect(family?.[2]).toEqual([['x_total', { name: evil }, '3.0']]);
  });

  it("[MT6] passes Prometheus' own check of names and units", async ({ skip }) => {
    skip(!hasProgram('promtool'), notInstalled('promtool', 'prometheus'));
    const flyrail = startServe(temporaryFolder(), ['--metrics']);
    const { ui } = await flyrail.ready();
    const { text } = await get(Number(new URL(ui!.url).port));
    const check = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect([check.status, check.stderr]).toEqual([0, '']);
    await flyrail.stop();
  });
});
