import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeFrame } from '../../src-main/core/protocol/frame.ts';
import { messageType } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { f64 } from '../../src-main/contract/signal.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openPtyLine } from '../transports/serial/pty-line.ts';
import { until } from '../until.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { runFlyrail, startFlyrail, startServe } from './flyrail-process.ts';

const python = '/usr/bin/python3';
const script = fileURLToPath(new URL('serial-peer.py', import.meta.url));
const quiet = { code: 0, stdout: '', stderr: '' };

interface Box {
  lines(): readonly string[];
  leave(): Promise<void>;
}

const boxes = new Set<Box>();
afterEach(async () => {
  await Promise.all([...boxes].map((box) => box.leave()));
});

/** A box that is not ours, at this port. */
function startBox(port: string): Box {
  const child = spawn(python, [script, port], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const box: Box = {
    lines: () => said.split('\n').slice(0, -1),
    leave: async () => {
      boxes.delete(box);
      child.stdin.end();
      await ended;
    },
  };
  boxes.add(box);
  return box;
}

describe('flyrail serve --transport serial', () => {
  skipUnless(hasProgram('socat'), notInstalled('socat', 'socat'));
  skipUnless(existsSync(python), 'no python3 here');

  it('[TP72] serves a box that is not ours, over noise, cuts and a reset; then our own client on the same line', async () => {
    const { ends } = await openPtyLine();
    const flyrail = startServe(temporaryFolder(), ['--no-ui', '--transport', `serial=${ends[0]},baud=57600`]);
    const { transports, clasp } = await flyrail.ready();
    expect(transports[1]).toEqual({ name: 'serial', url: `serial://${ends[0]}?baud=57600` });
    const box = startBox(ends[1]);
    await until('the box to be ready', () => box.lines().includes('ready'));
    expect(box.lines()).toEqual([
      'welcome',
      'subscribed',
      'pong after a cut',
      'pong after a cut in full speed',
      'another session',
      'ready',
    ]);
    const at = ['--url', clasp.url];
    // The bundle stood right behind a SET that had lost its end.
    expect(await runFlyrail(['get', '/light/1', ...at])).toEqual({ ...quiet, stdout: '1\n' });
    expect(await runFlyrail(['get', '/test/value', ...at])).toEqual({ ...quiet, stdout: '0.5\n' });
    expect(await runFlyrail(['pub', '/lights/1', '0.25', '--qos', 'commit', ...at])).toEqual(quiet);
    const set = { type: messageType.set, address: '/lights/1', value: WireValue.of(f64(0.25)), revision: 1n } as const;
    const wanted = Buffer.from(encodeFrame(set)).toString('hex');
    await until('the box to hear it', () => box.lines().includes(wanted));
    await box.leave();
    const line = ['--url', `serial://${ends[1]}?baud=57600`];
    const sub = startFlyrail(['sub', '/lights/**', ...line]);
    await until('what is there', () => sub.stdout().includes('/lights/1'));
    expect(await runFlyrail(['pub', '/lights/2', '1', '--qos', 'commit', ...at])).toEqual(quiet);
    await until('what is new', () => sub.stdout().includes('/lights/2'));
    await sub.stop('SIGINT');
    expect(await runFlyrail(['get', '/lights/1', ...line])).toEqual({ ...quiet, stdout: '0.25\n' });
    expect((await flyrail.stop()).code).toBe(0);
  });

  it('[TP66] starts without its port, says so, and takes it when it is plugged in', async () => {
    const port = `${temporaryFolder()}/ttyUSB0`;
    const flyrail = startServe(temporaryFolder(), ['--no-ui', '--transport', `serial=${port}`]);
    const { transports } = await flyrail.ready();
    expect(transports[1]).toEqual({
      name: 'serial',
      url: `serial://${port}?baud=115200`,
      waitingFor: `${port} is not there: plug it in.`,
    });
    const { ends } = await openPtyLine([port]);
    const line = ['--url', `serial://${ends[1]}`];
    let tries = 0;
    let result = await runFlyrail(['pub', '/lights/1', '1', ...line]);
    for (; result.code === 2 && tries < 10; tries++) result = await runFlyrail(['pub', '/lights/1', '1', ...line]);
    expect(result).toEqual(quiet);
    expect((await flyrail.stop()).code).toBe(0);
  });
});
