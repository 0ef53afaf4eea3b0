import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { ServerProcess } from './server-process.ts';

describe('a server under load', () => {
  it('[BN35] says whether it runs, and how it ended and what it said last', async () => {
    const script =
      "process.stdout.write('port 7\\n'); process.stdin.on('data', () => 0); setTimeout(() => { throw new Error('fell over'); }, 300)";
    const server = new ServerProcess([process.execPath, '-e', script]);
    const [, port] = await server.says(/port (\d)/);
    expect(port).toBe('7');
    expect(server.fate).toMatch(/^the server runs, its last words: port 7/);
    await until('its end', () => !server.fate.startsWith('the server runs'));
    expect(server.fate).toMatch(/^the server ended with 1, its last words: [^]*fell over/);
    await server.stop();
  });
});
