import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { MqttBridge } from '../../src-main/bridges/mqtt/mqtt-bridge.ts';
import type { Address } from '../../src-main/contract/address.ts';
import { fromJson, type Signal } from '../../src-main/contract/signal.ts';
import { makeAuthority, makeServerCertificate } from '../../src-main/platform/certificate-maker.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { mqttSettings } from '../bridges/bridge-settings.ts';
import { RecordingHost } from '../conformance/bridge.ts';
import { silentLog } from '../silent-log.ts';
import { skipUnless } from '../skip-unless.ts';
import { until } from '../until.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { Cable, Mosquitto, MosquittoSub, mosquittoPub } from './mosquitto.ts';

const versions = ['3.1.1', '5'] as const;
const flagOf = { '3.1.1': 'mqttv311', '5': 'mqttv5' } as const;

const signal = (kind: 'param' | 'event', address: string, value: unknown): Signal => ({
  kind,
  address: address as Address,
  value: fromJson(value),
});
const param = (address: string, value: unknown): Signal => signal('param', address, value);

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function startBroker(config?: readonly string[], some = new Mosquitto(config)): Promise<Mosquitto> {
  await some.start();
  ends.push(() => some.end('SIGKILL'));
  return some;
}

async function startBridge(port: number, some: Record<string, unknown> = {}, host = new RecordingHost()) {
  const settings = mqttSettings({ url: `mqtt://127.0.0.1:${port}`, ...some });
  const bridge = new MqttBridge(settings, {
    ...{
      clock: createSystemClock(),
      random: createSystemRandom(),
      log: silentLog,
      networkCards: () => [],
      routerId: 'r1',
    },
    secret: (name) => Promise.resolve(name === 'rig' ? 'geheim' : 'falsch'),
  });
  ends.push(() => bridge.stop());
  await bridge.start(host);
  return { bridge, host };
}

let subscribers = 0;
async function subscribe(broker: Mosquitto, args: readonly string[], format?: string): Promise<MosquittoSub> {
  const id = `sub${++subscribers}`;
  const sub = new MosquittoSub(['-p', String(broker.port), '-i', id, ...args], format);
  ends.push(() => sub.child.kill('SIGKILL'));
  await until('mosquitto_sub', () => broker.log.includes(`Sending SUBACK to ${id}\n`));
  return sub;
}

/** A certificate for a client, signed by itself. */
function ownCertificate(files: Mosquitto): [cert: string, key: string] {
  const [cert, key] = [files.file('own.pem', ''), files.file('own.key', '')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const args = ['req', '-x509', ...curve, '-nodes', '-subj', '/CN=flyrail', '-keyout', key, '-out', cert];
  execFileSync('openssl', args, { stdio: 'ignore' });
  return [cert, key];
}

/** Ids of the QoS 2 messages that came since Flyrail was back, in the order in which the broker heard that it may pass them on. */
function passedOn(log: string): { came: string[]; passed: string[] } {
  const since = log.slice(log.lastIndexOf(' as flyrail-'));
  const idsOf = (pattern: RegExp): string[] => [...since.matchAll(pattern)].map(([, id = '']) => id);
  const came = idsOf(/Received PUBLISH from flyrail-\w+ \(d0, q2, r0, m(\d+)/g);
  return { came, passed: idsOf(/Received PUBREL from flyrail-\w+ \(Mid: (\d+)\)/g).filter((id) => came.includes(id)) };
}

describe('an MQTT bridge and mosquitto', () => {
  skipUnless(
    hasProgram('mosquitto') && hasProgram('mosquitto_pub'),
    notInstalled('mosquitto', 'mosquitto, mosquitto-clients'),
  );

  it.each(versions)('[MQ17] carry values both ways, in every QoS, without echo: %s', async (version) => {
    const broker = await startBroker();
    const publications = [{ from: '/sure/*', qos: 1 }, { from: '/once/*', qos: 2, retain: true }, {}];
    const { bridge, host } = await startBridge(broker.port, {
      version,
      publications,
      subscriptions: [{ topic: '#', qos: 2 }],
    });
    await until('the subscription', () => broker.log.includes('SUBACK'));
    const sub = await subscribe(broker, ['-q', '2', '-t', '#'], '%t %q %p');
    bridge.apply([param('/mqtt/lamp', 0.5), param('/mqtt/sure/a', 'x'), param('/mqtt/once/b', { n: [1, true] })]);
    await until('three messages', () => sub.lines.length === 3);
    expect(sub.lines.toSorted()).toEqual(['lamp 0 0.5', 'once/b 2 {"n":[1,true]}', 'sure/a 1 x']);
    for (const qos of ['0', '1', '2'])
      await mosquittoPub(['-p', String(broker.port), '-q', qos, '-t', `in/${qos}`, '-m', qos, '-V', flagOf[version]]);
    await until('three signals', () => host.published.length >= 3);
    expect(host.published).toEqual(['0', '1', '2'].map((qos) => param(`/mqtt/in/${qos}`, Number(qos))));
    expect(bridge.status()).toMatchObject({ state: 'connected', inTotal: 3, outTotal: 3, refusedTotal: 0 });
    const late = await subscribe(broker, ['-t', 'once/#'], '%t %r');
    await until('the retained one', () => late.lines.length === 1);
    expect(late.lines).toEqual(['once/b 1']);
  });

  it('[MQ9] carry retained messages as values and others as events, and clear what is retained', async () => {
    const broker = await startBroker();
    await mosquittoPub(['-p', String(broker.port), '-r', '-t', 'kept', '-m', '7']);
    const subscriptions = [{ topic: '#', plain: 'event' }];
    for (const version of versions) {
      const { host, bridge } = await startBridge(broker.port, { version, subscriptions });
      await until('the retained one', () => host.published.length === 1);
      await mosquittoPub(['-p', String(broker.port), '-t', 'go', '-m', '1']);
      await until('the event', () => host.published.length === 2);
      expect(host.published).toEqual([param('/mqtt/kept', 7), signal('event', '/mqtt/go', 1)]);
      await bridge.stop();
    }
    const { bridge } = await startBridge(broker.port, { publications: [{ retain: true }], subscriptions: [] });
    bridge.apply([param('/mqtt/kept', null)]);
    await until('it to leave', () => bridge.status().outTotal === 1);
    const sub = await subscribe(broker, ['-t', '#'], '%t');
    await mosquittoPub(['-p', String(broker.port), '-t', 'last', '-n']);
    await until('the last', () => sub.lines.length > 0);
    expect(sub.lines).toEqual(['last']);
  });

  it('[MQ45] an empty text stays retained, and only null clears it', async () => {
    const broker = await startBroker();
    const { bridge } = await startBridge(broker.port, { publications: [{ retain: true }], subscriptions: [] });
    bridge.apply([
      param('/mqtt/name', 'x'),
      param('/mqtt/name', ''),
      param('/mqtt/gone', 1),
      param('/mqtt/gone', null),
    ]);
    await until('them to leave', () => bridge.status().outTotal === 4);
    const { host } = await startBridge(broker.port, { subscriptions: [{ topic: '#' }] });
    await until('what is kept', () => host.published.length > 0);
    expect(host.published).toEqual([param('/mqtt/name', '')]);
    const sub = await subscribe(broker, ['-t', '#'], '%t %p');
    await until('it', () => sub.lines.length > 0);
    expect(sub.lines).toEqual(['name ""']);
  });

  it('[MQ17] say what version 5 has to say, and share a subscription', async () => {
    const broker = await startBroker();
    const publications = [{ contentType: 'text/plain', expirySeconds: 60, userProperties: { who: 'desk' } }];
    const shared = { version: '5', publications, subscriptions: [{ topic: '$share/flyrail/work/#', qos: 1 }] };
    const [one, two] = [
      await startBridge(broker.port, shared),
      await startBridge(broker.port, { ...shared, clientId: 'two' }),
    ];
    await until('both', () => (broker.log.match(/SUBACK/g) ?? []).length === 2);
    const sub = await subscribe(broker, ['-V', 'mqttv5', '-t', 'out'], '%C %E %P');
    one.bridge.apply([param('/mqtt/out', 'x')]);
    await until('the message', () => sub.lines.length === 1);
    expect(sub.lines).toEqual(['text/plain 60 who:desk']);
    for (let i = 0; i < 10; i++) await mosquittoPub(['-p', String(broker.port), '-t', `work/${i}`, '-m', '1']);
    await until('all work', () => one.host.published.length + two.host.published.length === 10);
    expect([one.host.published.length, two.host.published.length]).toEqual([5, 5]);
  });

  it.each(versions)('[MQ12] asks a broker with passwords again until it has the right one: %s', async (version) => {
    const broker = new Mosquitto();
    const passwords = broker.passwords('rig', 'geheim');
    const strict = await startBroker(['allow_anonymous false', `password_file ${passwords}`]);
    const wrong = await startBridge(strict.port, { version, user: 'rig', secretName: 'other' });
    expect(wrong.bridge.status().state).toBe('broken');
    expect(wrong.bridge.status().reason).toMatch(/lets this user do nothing there\. Flyrail keeps trying\.$/);
    const right = await startBridge(strict.port, { version, user: 'rig', secretName: 'rig', clientId: 'right' });
    expect(right.bridge.status()).toMatchObject({ state: 'connected', reason: 'Connected to the broker.' });
  });

  it.each(versions)(
    '[MQ39] leave no session when the bridge is deleted, and one when Flyrail ends: %s',
    async (version) => {
      const broker = await startBroker();
      const settings = { version, clientId: 'rig', subscriptions: [{ topic: 'in/#', qos: 1 }] };
      // The one that makes the broker forget connects too, and subscribes to nothing.
      const granted = (): number => broker.log.split('Sending SUBACK to rig').length - 1;
      const present = (): string | undefined =>
        [...broker.log.matchAll(/Sending CONNACK to rig \((\d), 0\)/g)].at(-1)?.[1];
      let lives = 0;
      const oneLife = async (isDeleted: boolean): Promise<string | undefined> => {
        const { bridge } = await startBridge(broker.port, settings);
        await until('the subscription', () => granted() === lives + 1);
        lives++;
        const found = present();
        if (isDeleted) bridge.retire(undefined);
        await bridge.stop();
        return found;
      };
      expect([await oneLife(false), await oneLife(true), await oneLife(false)]).toEqual(['0', '1', '0']);
    },
  );

  it('[MQ17] [MQ12] speak TLS with an authority that is named, and tell what is wrong with one that is not', async () => {
    const authority = await makeAuthority('Rig', Date.now());
    const names = ['127.0.0.1', 'localhost'];
    const server = await makeServerCertificate(authority, names, Date.now());
    const files = new Mosquitto();
    const [ca, cert, key] = [
      files.file('ca.pem', authority.cert),
      files.file('cert.pem', server.cert),
      files.file('key.pem', server.key),
    ];
    const broker = await startBroker(['allow_anonymous true', `cafile ${ca}`, `certfile ${cert}`, `keyfile ${key}`]);
    const url = `mqtts://localhost:${broker.port}`;
    const unknown = await startBridge(broker.port, { url });
    await until('the refusal', () => unknown.bridge.status().reason.includes('authority'));
    expect(unknown.bridge.status()).toMatchObject({ state: 'broken' });
    const { bridge } = await startBridge(broker.port, { url, caFile: ca });
    await until('the connection', () => bridge.status().state === 'connected');
    const plain = await startBroker();
    const noTls = await startBridge(plain.port, { url: `mqtts://127.0.0.1:${plain.port}`, caFile: ca });
    expect(noTls.bridge.status().state).toBe('broken');
    const [certFile, keyFile] = ownCertificate(files);
    const both = files.file('both.pem', authority.cert + readFileSync(certFile, 'utf8'));
    const tls = [`cafile ${both}`, `certfile ${cert}`, `keyfile ${key}`];
    const asking = await startBroker(['allow_anonymous true', ...tls, 'require_certificate true']);
    const owning = { url: `mqtts://localhost:${asking.port}`, caFile: ca };
    const without = await startBridge(asking.port, owning);
    await until('the certificate to be missed', () => without.bridge.status().reason.includes('certificate'));
    const withOwn = await startBridge(asking.port, { ...owning, certFile, keyFile });
    await until('the other connection', () => withOwn.bridge.status().state === 'connected');
  });

  it.each(versions)(
    '[MQ14] lose nothing of QoS 1 and 2 when the cable is cut, in either direction: %s',
    async (version) => {
      const broker = await startBroker();
      const cable = new Cable(() => broker.port);
      ends.push(() => cable.close());
      const publications = [
        { from: '/sure', qos: 1 },
        { from: '/once', qos: 2 },
      ];
      const subscriptions = [{ topic: 'in/#', qos: 2 }];
      const { bridge, host } = await startBridge(await cable.open(), { version, publications, subscriptions });
      await until('the subscription', () => broker.log.includes('SUBACK'));
      const sub = await subscribe(broker, ['-q', '2', '-t', 'sure', '-t', 'once']);
      const numbers = Array.from({ length: 100 }, (_, i) => i);
      bridge.apply(numbers.slice(0, 30).flatMap((i) => [param('/mqtt/sure', i), param('/mqtt/once', i)]));
      await until('some to leave', () => bridge.status().outTotal > 5);
      // On their way, and nobody knows whether they arrived.
      cable.deafen();
      bridge.apply(numbers.slice(30, 60).flatMap((i) => [param('/mqtt/sure', i), param('/mqtt/once', i)]));
      cable.cut();
      await until('the cut', () => bridge.status().state === 'broken');
      bridge.apply(numbers.slice(60).flatMap((i) => [param('/mqtt/sure', i), param('/mqtt/once', i)]));
      for (const qos of ['1', '2'])
        await mosquittoPub(['-p', String(broker.port), '-q', qos, '-t', `in/${qos}`, '-m', 'held']);
      cable.mend();
      await until('everything', () => bridge.status().outTotal === 200);
      await until('what the broker held', () => host.published.length === 2);
      await until('all at the other end', () => sub.lines.filter((line) => line.startsWith('once')).length === 100);
      // mosquitto swaps some of what waits behind the 20 that it has under way to a client, so their order says nothing.
      const once = sub.lines.filter((line) => line.startsWith('once'));
      expect(once.toSorted()).toEqual(numbers.map((i) => `once ${i}`).toSorted());
      const { came, passed } = passedOn(broker.log);
      expect([passed, came.length > 30]).toEqual([came, true]);
      const sure = sub.lines.filter((line) => line.startsWith('sure'));
      expect(new Set(sure)).toEqual(new Set(numbers.map((i) => `sure ${i}`)));
      expect(host.published).toEqual([param('/mqtt/in/1', 'held'), param('/mqtt/in/2', 'held')]);
      expect(host.returns).toBe(2);
    },
  );

  it.each(versions)('[MQ17] go on after the broker was killed, and after it was restarted: %s', async (version) => {
    const broker = await startBroker();
    const { bridge, host } = await startBridge(broker.port, { version });
    for (const signalName of ['SIGKILL', 'SIGTERM'] as const) {
      const { returns } = host;
      await broker.end(signalName);
      await until('it to be away', () => bridge.status().state === 'broken');
      expect(bridge.status().reason).toMatch(
        /^(The broker ended the connection|The broker is shutting down|No broker listens there)\. Flyrail keeps trying\.$/,
      );
      await broker.start();
      const from = performance.now();
      await until('it to be back', () => bridge.status().state === 'connected');
      expect(performance.now() - from).toBeLessThan(4000);
      await until('the subscription', () => broker.log.includes('SUBACK'));
      expect(host.returns).toBe(returns + 1);
      host.published.length = 0;
      await mosquittoPub(['-p', String(broker.port), '-t', 'again', '-m', '1']);
      await until('a message', () => host.published.length === 1);
    }
    expect(host.faults).toEqual([]);
  });

  it.each(versions)('[MQ16] let what was just said stand, whatever the broker kept: %s', async (version) => {
    const broker = await startBroker();
    await mosquittoPub(['-p', String(broker.port), '-r', '-t', 'a', '-m', 'old']);
    await mosquittoPub(['-p', String(broker.port), '-r', '-t', 'b', '-m', 'kept']);
    let give: () => void = () => undefined;
    const host = new (class extends RecordingHost {
      override returned(): void {
        super.returned();
        give();
      }
    })();
    const settings = { version, publications: [{ retain: true }], subscriptions: [{ topic: '#' }] };
    const bridge = new MqttBridge(mqttSettings({ url: `mqtt://127.0.0.1:${broker.port}`, ...settings }), {
      ...{ clock: createSystemClock(), random: createSystemRandom(), log: silentLog, networkCards: () => [] },
    });
    ends.push(() => bridge.stop());
    give = () => bridge.apply([param('/mqtt/a', 'new')]);
    await bridge.start(host);
    await until('what is kept elsewhere', () => host.published.length > 0);
    await mosquittoPub(['-p', String(broker.port), '-t', 'end', '-m', '1']);
    await until('the end', () => host.published.some(({ address }) => address === '/mqtt/end'));
    expect(host.published).toEqual([param('/mqtt/b', 'kept'), param('/mqtt/end', 1)]);
    const late = await subscribe(broker, ['-t', 'a']);
    await until('the retained one', () => late.lines.length === 1);
    expect(late.lines).toEqual(['a new']);
  });

  it.each(versions)('[MQ37] let nothing come of subscriptions that the settings had before: %s', async (version) => {
    const broker = await startBroker();
    const before = { version, subscriptions: [{ topic: 'old/#', qos: 1 }] };
    const { bridge } = await startBridge(broker.port, before);
    await until('the old subscription', () => broker.log.includes('SUBACK'));
    await bridge.stop();
    const now = { version, subscriptions: [{ topic: 'new/#', qos: 1 }] };
    const { bridge: next, host } = await startBridge(broker.port, now);
    const say = (topic: string) => mosquittoPub(['-p', String(broker.port), '-q', '1', '-t', topic, '-m', '1']);
    await say('old/a');
    await until('it to begin anew', () => host.returns === 2 && next.status().state === 'connected');
    const subscribed = (): number => (broker.log.match(/new\/# \(QoS 1/g) ?? []).length;
    await until('the new subscription', () => subscribed() >= 2);
    const sent = broker.log.match(/Sending PUBLISH to flyrail/g)?.length;
    await say('old/b');
    await say('new/c');
    await until('what it wants', () => host.published.length > 0);
    expect(host.published).toEqual([param('/mqtt/new/c', 1)]);
    expect(broker.log.match(/Sending PUBLISH to flyrail/g)?.length).toBe((sent ?? 0) + 1);
    expect(next.status()).toMatchObject({ state: 'connected', refusedTotal: 0 });
    // What is held over a cut is held again from then on.
    await next.stop();
    await say('new/held');
    const last = await startBridge(broker.port, now);
    await until('what was held', () => last.host.published.length > 0);
    expect(last.host.published).toEqual([param('/mqtt/new/held', 1)]);
  });

  it('[MQ15] tell by the will that Flyrail is gone', async () => {
    const broker = await startBroker();
    const cable = new Cable(() => broker.port);
    ends.push(() => cable.close());
    const will = { topic: 'show/flyrail', payload: 'gone', retain: true, qos: 1 };
    const birth = { ...will, payload: 'here' };
    const { bridge } = await startBridge(await cable.open(), { will, birth });
    const sub = await subscribe(broker, ['-t', 'show/#']);
    await until('the birth', () => sub.lines.length === 1);
    cable.cut();
    await until('the will', () => sub.lines.length === 2);
    cable.mend();
    await until('the birth again', () => sub.lines.length === 3);
    await bridge.stop();
    await until('the end', () => sub.lines.length === 4);
    expect(sub.lines.map((line) => line.split(' ')[1])).toEqual(['here', 'gone', 'here', 'gone']);
  });
});
