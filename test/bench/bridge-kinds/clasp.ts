import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openClaspClient } from '../load/clasp-client.ts';
import { ServerProcess } from '../targets/server-process.ts';
import type { FarEnd, OverheadKind } from './overhead-kind.ts';

// The show is made in one process and played on in another, so the far router's port is agreed.
const port = 27_117;
const headless = fileURLToPath(new URL('../../../out/main/headless.js', import.meta.url));

/** A second router, as built, and a client at it. It shares the server's core: two hops, and both routers' work on one core. */
export const clasp: OverheadKind = {
  kind: 'clasp',
  bridge: { kind: 'clasp', settings: { url: `ws://127.0.0.1:${port}/clasp`, prefix: '/far' } },
  addresses: { in: '/far/in', out: '/far/out' },
  open: async () => {
    const data = mkdtempSync(join(tmpdir(), 'flyrail-bench-far-'));
    const flags = ['--json', '--no-ui', '--port', String(port), '--data', data, '--journal', 'off'];
    const router = new ServerProcess([process.execPath, headless, 'serve', ...flags]);
    await router.answersOn(port);
    const client = await openClaspClient(port, { addresses: { in: '/out', out: '/in' } });
    const end: FarEnd = {
      send: (n) => client.send(n),
      onNumber: () => undefined,
      close: async () => {
        client.close();
        await router.stop();
        rmSync(data, { recursive: true, force: true });
      },
    };
    client.onNumber = (n) => end.onNumber(n);
    return end;
  },
};
