import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { f64 } from '../../src-main/contract/signal.ts';
import { messageType, type Message } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { skipUnless } from '../skip-unless.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { startServe } from './flyrail-process.ts';
import { RawSession } from './raw-session.ts';

const source = fileURLToPath(new URL('../fixtures/stepped-clock.c', import.meta.url));
const value = WireValue.of(f64(1));
const bundleAt = (at: bigint, address: string): Message => ({
  type: messageType.bundle,
  timestamp: at,
  messages: [{ type: messageType.set, address, value }],
});

describe('flyrail serve while somebody sets the clock', () => {
  skipUnless(process.platform === 'linux', 'only Linux preloads a library that steps the clock');
  skipUnless(hasProgram('cc'), notInstalled('cc', 'gcc'));

  it.each([3600, -3600])('[CK54] by %d s keeps its time, and does what is scheduled when it was due', async (step) => {
    const folder = temporaryFolder();
    const [library, stepFile] = [join(folder, 'stepped-clock.so'), join(folder, 'step')];
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl']);
    writeFileSync(stepFile, '0');
    const env = { LD_PRELOAD: library, FLYRAIL_CLOCK_STEP: stepFile };
    const { clasp } = await startServe(join(folder, 'data'), ['--no-ui', '--late-bundles', '1000'], { env }).ready();
    const session = await RawSession.join(clasp.url);
    session.send({ type: messageType.subscribe, id: 1, pattern: '/**', types: 0xff });
    const now = async (): Promise<bigint> => {
      const count = session.all(messageType.sync).length + 1;
      session.send({ type: messageType.sync, t1: BigInt(count) });
      return (await session.until(messageType.sync, count)).at(-1)?.t2 ?? 0n;
    };
    const before = await now();
    session.send({ type: messageType.set, address: '/ends', value, ttl: { seconds: 1, absolute: false } });
    session.send(bundleAt(before + 500_000n, '/soon'), bundleAt(before + 60_000_000n, '/later'));
    writeFileSync(stepFile, String(step));
    await session.until(messageType.set, 3);
    const after = await now();
    expect(session.all(messageType.set).map(({ address }) => address)).toEqual(['/ends', '/soon', '/ends']);
    // Late by what the machine takes, at most: an hour would show.
    expect(after - before).toBeGreaterThanOrEqual(500_000n);
    expect(after - before).toBeLessThan(60_000_000n);
    expect(session.all(messageType.error)).toEqual([]);
  });
});
