import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { emptyShow } from '../../src-main/contract/show.ts';
import { mqttSettings } from '../bridges/bridge-settings.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { startFlyrail } from './flyrail-process.ts';
import { NetworkHall } from './network-hall.ts';
import { canMakeNamespaces, noNamespaces } from './network-namespace.ts';
import { writeShow } from './serve-shows.ts';

const run = promisify(execFile);

const isPossible = await canMakeNamespaces();

describe('flyrail serve with an MQTT bridge, and a broker on another machine', () => {
  skipUnless(hasProgram('mosquitto') && hasProgram('ip'), notInstalled('mosquitto', 'mosquitto, mosquitto-clients'));
  let hall: NetworkHall | undefined;
  afterEach(() => hall?.tearDown());

  it('[MQ17] goes on after the cable was pulled and put back, with what was set meanwhile', async ({ skip }) => {
    skip(!isPossible, noNamespaces);
    hall = new NetworkHall();
    await hall.build();
    const folder = temporaryFolder();
    const { peer } = hall;
    const config = 'listener 1883 10.80.0.2\\nallow_anonymous true\\nuser root\\nlog_dest stderr\\n';
    const broker = hall.start(
      peer,
      'bash',
      '-c',
      `printf '${config}' >${folder}/m.conf; exec mosquitto -c ${folder}/m.conf`,
    );
    await until('mosquitto', () => broker.output().includes('running'));
    const sub = hall.start(peer, 'mosquitto_sub', '-h', '10.80.0.2', '-t', '#', '-v');
    const settings = {
      url: 'mqtt://10.80.0.2',
      keepAliveSeconds: 2,
      publications: [{ qos: 1 }],
      subscriptions: [{ topic: 'in/#', qos: 1 }],
    };
    const show = { ...emptyShow('rig', 'Rig'), bridges: [mqttSettings(settings)] };
    const [program = '', ...args] = hall.flyrailOn(hall.hall);
    const flyrail = startFlyrail(
      ['serve', '--json', '--port', '7330', '--data', folder, '--show', writeShow(folder, show, 'rig.flyrail')],
      {
        command: [program, ...args],
      },
    );
    await flyrail.ready();
    const set = (value: number): Promise<unknown> =>
      run(program, [...args, 'pub', '--url', 'ws://127.0.0.1:7330/clasp', '/mqtt/lamp', String(value)]);
    await set(1);
    await until('the first value', () => sub.output().includes('lamp 1\n'));
    await run('ip', ['-n', peer, 'link', 'set', 'lan', 'down']);
    await until('the cut', () => flyrail.events().some((event) => JSON.stringify(event).includes('"broken"')));
    await set(2);
    await set(3);
    await run('ip', ['-n', peer, 'link', 'set', 'lan', 'up']);
    await until('what was set meanwhile', () => sub.output().includes('lamp 3\n'));
    await run('ip', ['netns', 'exec', peer, 'mosquitto_pub', '-h', '10.80.0.2', '-t', 'in/a', '-m', '5']);
    const got = await run(program, [...args, 'get', '--url', 'ws://127.0.0.1:7330/clasp', '/mqtt/in/a']);
    expect(got.stdout).toContain('5');
    expect((await flyrail.stop()).code).toBe(0);
  });
});
