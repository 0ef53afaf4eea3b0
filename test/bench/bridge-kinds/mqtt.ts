import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'mqtt';
import { leashed, unpinned } from '../targets/cores.ts';
import type { FarEnd, OverheadKind } from './overhead-kind.ts';

// The show is made in one process and played on in another, so the broker's port is agreed.
const port = 27_112;
/** of the broker that the plain program dials, without Flyrail as another client */
export const plainMqttPort = 27_122;
const settings = (at: number): string => `listener ${at} 127.0.0.1
allow_anonymous true
persistence false
log_type none
set_tcp_nodelay true
`;

/** A mosquitto between the bridge and the device, which is an MQTT.js of its own. */
export const mqtt: OverheadKind = {
  kind: 'mqtt',
  bridge: { kind: 'mqtt', settings: { url: `mqtt://127.0.0.1:${port}`, prefix: '/mqtt' } },
  addresses: { in: '/mqtt/in', out: '/mqtt/out' },
  peer: 'node-mqtt',
  open: async (peerPort) => {
    const folder = mkdtempSync(join(tmpdir(), 'mqtt-bench-'));
    const path = join(folder, 'settings.conf');
    const at = peerPort ?? port;
    writeFileSync(path, settings(at));
    const [program = '', ...args] = leashed(unpinned(['mosquitto', '-c', path]));
    const broker = spawn(program, args, { stdio: 'ignore' });
    const client = connect({ host: '127.0.0.1', port: at, reconnectPeriod: 50 });
    client.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      broker.once('error', reject);
      broker.once('exit', (code) => {
        client.end(true);
        reject(new Error(`mosquitto ended with ${code}. Is it installed, and port ${at} free?`));
      });
    });
    (client.stream as Socket).setNoDelay(true);
    await client.subscribeAsync('out');
    const end: FarEnd = {
      send: (n) => void client.publish('in', String(n)),
      onNumber: () => undefined,
      close: async () => {
        await client.endAsync(true);
        const gone = once(broker, 'exit');
        broker.kill('SIGTERM');
        await gone;
        rmSync(folder, { recursive: true, force: true });
      },
    };
    client.on('message', (_topic, payload) => end.onNumber(Number(payload.toString())));
    return end;
  },
};
