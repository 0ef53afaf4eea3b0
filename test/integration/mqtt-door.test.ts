import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { runFlyrail, startServe } from './flyrail-process.ts';
import { MosquittoSub, mosquittoPub } from './mosquitto.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function subscribe(args: readonly string[], format?: string): MosquittoSub {
  const sub = new MosquittoSub(args, format);
  ends.push(() => sub.child.kill('SIGKILL'));
  return sub;
}

describe('mosquitto_pub and mosquitto_sub at flyrail serve', () => {
  skipUnless(
    hasProgram('mosquitto_pub') && hasProgram('mosquitto_sub'),
    notInstalled('mosquitto_pub', 'mosquitto-clients'),
  );

  it('[MQ26] set and hear values in every QoS, retained, and by a will', async () => {
    const serving = startServe(temporaryFolder(), ['--transport', 'mqtt=0']);
    const { clasp, transports } = await serving.ready();
    const { url = '' } = transports.find(({ name }) => name === 'mqtt') ?? {};
    const port = new URL(url).port;
    for (const qos of ['0', '1', '2']) {
      const { code } = await mosquittoPub([
        '-p',
        port,
        '-V',
        'mqttv311',
        '-q',
        qos,
        '-t',
        `lamp/${qos}`,
        '-m',
        `0.${qos}`,
      ]);
      expect(code).toBe(0);
    }
    const sub = subscribe(['-p', port, '-V', 'mqttv311', '-q', '2', '-t', 'lamp/#'], '%t %p %r %q');
    await until('what stands', () => sub.lines.length === 3);
    expect(sub.lines.toSorted()).toEqual(
      ['lamp/0 0.0 1 2', 'lamp/1 0.1 1 2', 'lamp/2 0.2 1 2'].map((line) => line.replace('0.0', '0')),
    );
    await runFlyrail(['pub', '/lamp/1', '1', '--url', clasp.url]);
    await until('the change', () => sub.lines.length === 4);
    expect(sub.lines[3]).toBe('lamp/1 1 0 2');
    expect((await runFlyrail(['get', '/lamp/2', '--url', clasp.url])).stdout).toContain('0.2');
    const will = ['--will-topic', 'lamp/will', '--will-payload', 'gone', '--will-qos', '1'];
    const [dying, other] = [subscribe(['-p', port, '-t', 'lamp/#', ...will]), subscribe(['-p', port, '-t', 'lamp/#'])];
    await until('both to be there', () => dying.lines.length === 3 && other.lines.length === 3);
    dying.child.kill('SIGKILL');
    await until('the will', () => other.lines.includes('lamp/will gone'));
    expect((await serving.stop()).code).toBe(0);
  });

  it('[MQ27] [MQ31] [MQ32] get what they missed, also over a kill of Flyrail, and figures; MQTT 5 is refused in words', async () => {
    const folder = temporaryFolder();
    const first = startServe(folder, ['--transport', 'mqtt=0,plain=event']);
    const { transports } = await first.ready();
    const { url = '' } = transports.find(({ name }) => name === 'mqtt') ?? {};
    const { port } = new URL(url);
    const at = ['-p', port, '-V', 'mqttv311'];
    const say = (topic: string, payload: string, ...more: string[]) =>
      mosquittoPub([...at, '-q', '2', '-t', topic, '-m', payload, ...more]);
    await say('cue/standing', 'here', '-r');
    const kept = [...at, '-c', '-i', 'kept', '-q', '2', '-t', 'cue/#'];
    const before = subscribe(kept);
    await until('what stands', () => before.lines.length === 1);
    before.child.kill('SIGKILL');
    await once(before.child, 'exit');
    for (const cue of ['1', '2', '3']) await say('cue/go', cue);
    const after = subscribe(kept);
    await until('what it missed', () => after.lines.includes('cue/go 3'));
    expect(after.lines.filter((line) => line.startsWith('cue/go'))).toEqual(['cue/go 1', 'cue/go 2', 'cue/go 3']);
    const figures = subscribe([...at, '-t', '$SYS/broker/#']);
    await until('the figures', () =>
      figures.lines.some((line) => line.startsWith('$SYS/broker/publish/messages/sent')),
    );
    expect(figures.lines).toContain('$SYS/broker/publish/messages/received 4');
    expect(await mosquittoPub(['-p', port, '-V', 'mqttv5', '-t', 'a', '-m', '1'])).toMatchObject({
      code: 132,
      text: expect.stringContaining('Unsupported Protocol Version') as string,
    });
    await first.stop('SIGKILL');
    const second = startServe(folder, ['--transport', `mqtt=${port},plain=event`]);
    await second.ready();
    // mosquitto_sub subscribes anew where its session is gone.
    for (let tries = 0; tries < 50 && !after.lines.includes('cue/again 1'); tries++) await say('cue/again', '1');
    await until('it to be back', () => after.lines.includes('cue/again 1'));
    expect((await second.stop()).code).toBe(0);
  });

  it('[MQ26] come in over TLS with the right token only, and with its scopes', async () => {
    const folder = temporaryFolder();
    const token = 'lampenwart-0123456789';
    const tokens = join(folder, 'tokens');
    writeFileSync(tokens, `${token} write:/lamp/**,read:/lamp/**\n`, { mode: 0o600 });
    const serving = startServe(join(folder, 'data'), ['--transport', 'mqtts=0', '--token-file', tokens]);
    const { transports } = await serving.ready();
    const { url = '' } = transports.find(({ name }) => name === 'mqtts') ?? {};
    const ca = join(folder, 'ca.pem');
    const exported = await runFlyrail(['cert', 'export-ca', '--data', join(folder, 'data')]);
    writeFileSync(ca, exported.stdout);
    const at = ['-p', new URL(url).port, '--cafile', ca, '--insecure', '-V', 'mqttv311'];
    const wrong = await mosquittoPub([...at, '-u', 'x', '-P', 'falsch', '-t', 'lamp/1', '-m', '1']);
    expect([wrong.code === 0, wrong.text]).toEqual([false, expect.stringMatching(/not authori[sz]ed|bad user/i)]);
    const none = await mosquittoPub([...at, '-t', 'lamp/1', '-m', '1']);
    expect(none.code).not.toBe(0);
    const right = [...at, '-u', 'x', '-P', token];
    expect((await mosquittoPub([...right, '-q', '1', '-t', 'lamp/1', '-m', '1'])).code).toBe(0);
    expect((await mosquittoPub([...right, '-q', '1', '-t', 'secret', '-m', '1'])).code).toBe(0);
    const sub = subscribe([...right, '-t', 'lamp/+']);
    await until('the value', () => sub.lines.includes('lamp/1 1'));
    expect((await serving.stop()).code).toBe(0);
  });
});
