import { beforeEach, describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { parseScopes } from '../../../src-main/contract/scope.ts';
import { f64, fromJson, sameValue, text, type Signal, type Value } from '../../../src-main/contract/signal.ts';
import { until } from '../../until.ts';
import { LinkHall, linkTo, type Place } from './link-hall.ts';

let hall: LinkHall;
let near: Place;
let far: Place;
beforeEach(() => {
  hall = new LinkHall();
  near = hall.place('near');
  far = hall.place('far');
});

/** Until nothing more happens anywhere. */
async function rest(): Promise<void> {
  let before = -1;
  let sameSince = performance.now();
  await until('rest', () => {
    const now = near.signals.length + far.signals.length;
    if (now !== before) sameSince = performance.now();
    before = now;
    return performance.now() - sameSince > 150;
  });
}

const values: readonly Value[] = [
  { type: 'i8', value: -1 },
  { type: 'i64', value: 9_007_199_254_740_993n },
  { type: 'f32', value: Math.fround(0.1) },
  { type: 'f64', value: -0 },
  { type: 'bytes', value: new Uint8Array([0, 255]) },
  { type: 'array', value: [text('ß'), { type: 'null' }] },
  {
    type: 'map',
    value: [
      ['b', f64(1)],
      ['a', { type: 'bool', value: true }],
    ],
  },
];

describe('a link to another router', () => {
  it('[LK1] takes params as they are, those that were there and those that come, and gives params as they are', async () => {
    values.forEach((value, i) => far.set(`/there/${i}`, value));
    await near.link(linkTo('far'));
    await until('what was there', () => near.value(`/far/there/${values.length - 1}`) !== undefined);
    values.forEach((value, i) => expect(near.value(`/far/there/${i}`)).toEqual(value));
    far.set('/new', text('live'));
    values.forEach((value, i) => near.set(`/far/given/${i}`, value));
    await until('what is given', () => far.value(`/given/${values.length - 1}`) !== undefined);
    values.forEach((value, i) => expect(far.value(`/given/${i}`)).toEqual(value));
    await until('what comes', () => near.value('/far/new') !== undefined);
    near.set('/elsewhere');
    await rest();
    expect(far.value('/elsewhere')).toBeUndefined();
    expect(near.status('far')).toMatchObject({ state: 'connected', url: 'tcp://far', refusedTotal: 0 });
  });

  it('[LK2] brings events, streams and gestures with their phases both ways, each once and in order', async () => {
    await near.link(linkTo('far'));
    const made = (root: string): Signal[] => {
      const at = (name: string) => parseAddress(`${root}/${name}`);
      const gesture = (phase: 'start' | 'move' | 'end'): Signal => ({
        ...{ kind: 'gesture', address: at('pad'), value: f64(0.5), gestureId: 7, phase },
      });
      return [
        { kind: 'event', address: at('go'), value: text('now') },
        { kind: 'stream', address: at('level'), value: f64(0.25) },
        ...[gesture('start'), gesture('move'), gesture('end')],
      ];
    };
    near.publish(...made('/far'));
    far.publish(...made('/up'));
    const heard = (place: Place, root: string) =>
      place.signals
        .filter(({ address }) => address.startsWith(`${root}/`))
        .map((signal) => `${signal.kind} ${'phase' in signal ? signal.phase : ''}`);
    const all = ['event ', 'stream ', 'gesture start', 'gesture move', 'gesture end'];
    await until('the end over there', () => far.signals.some(({ address }) => address === '/pad'));
    await rest();
    expect(far.signals.filter(({ address }) => ['/go', '/level', '/pad'].includes(address))).toMatchObject(made(''));
    expect(heard(near, '/far/up')).toEqual(all);
    expect(heard(near, '/far')).toEqual([...all, ...all]);
  });

  it('[LK3] leaves timelines where they are set, and says so', async () => {
    await near.link(linkTo('far'));
    const keyframes = [0, 1].map((at) => ({ time: at * 50_000, value: at, easing: 'linear' }));
    near.publish({ kind: 'timeline', address: parseAddress('/far/fade'), value: fromJson({ keyframes }) });
    await until('its end', () => sameValue(far.value('/fade') ?? f64(0), f64(1)));
    expect(far.signals.some(({ kind }) => kind === 'timeline')).toBe(false);
    expect(near.status('far')?.refusedTotal).toBeGreaterThan(0);
    far.publish({ kind: 'timeline', address: parseAddress('/back'), value: fromJson({ keyframes }) });
    await until('its end here', () => sameValue(near.value('/far/back') ?? f64(0), f64(1)));
    expect(near.signals.some(({ kind, address }) => kind === 'timeline' && address === '/far/back')).toBe(false);
  });

  it('[LK4] gives nothing back to where it came from, and takes no echo of what it gave', async () => {
    await near.link(linkTo('far'));
    far.set('/x', f64(1));
    near.set('/far/y', f64(2));
    await until('both', () => near.value('/far/x') !== undefined && far.value('/y') !== undefined);
    await rest();
    expect(far.signals.map(({ address }) => address)).toEqual(['/x', '/y']);
    expect(near.signals.map(({ address }) => address).filter((address) => address.startsWith('/far'))).toEqual(
      expect.arrayContaining(['/far/x', '/far/y']),
    );
    expect(near.signals.filter(({ address }) => address === '/far/y')).toHaveLength(1);
  });

  it('[LK5] takes what its patterns say, each once where they overlap, and follows its direction', async () => {
    await near.link(linkTo('far', { take: ['/a/**', '/a/b', '/c'], direction: 'in' }));
    for (const address of ['/a/b', '/c', '/d']) far.set(address);
    await until('both', () => near.params().length === 2);
    near.set('/far/z');
    await rest();
    expect(near.params()).toEqual(['/far/a/b', '/far/c', '/far/z']);
    expect(near.signals.filter(({ address }) => address === '/far/a/b')).toHaveLength(1);
    expect(far.params()).toEqual(['/a/b', '/c', '/d']);
    await near.link(linkTo('far', { direction: 'out' }));
    far.set('/e');
    near.set('/far/given');
    await until('it', () => far.value('/given') !== undefined);
    await rest();
    expect(near.value('/far/e')).toBeUndefined();
  });

  it('[LK6] lets what the other router has win when it comes up, and gives what only is here', async () => {
    far.set('/both', f64(1));
    near.set('/far/both', f64(2));
    near.set('/far/only', f64(3));
    await near.link(linkTo('far'));
    await until('both', () => near.value('/far/both')?.type === 'f64' && far.value('/only') !== undefined);
    await rest();
    expect([near.value('/far/both'), far.value('/both'), far.value('/only')]).toEqual([f64(1), f64(1), f64(3)]);
  });

  it('[LK7] brings both to the same after a cut: what changed there is taken, what changed here is given', async () => {
    await near.link(linkTo('far'));
    far.set('/theirs', f64(1));
    near.set('/far/ours', f64(1));
    await until('both', () => near.value('/far/theirs') !== undefined && far.value('/ours') !== undefined);
    hall.away.add('far');
    hall.cut('far');
    await until('it to be noticed', () => near.status('far')?.state === 'trouble');
    expect(near.status('far')?.reason).toContain('it is dialled again');
    far.set('/theirs', f64(2));
    near.set('/far/ours', f64(2));
    near.set('/far/new', f64(2));
    hall.away.delete('far');
    await until('both', () => far.value('/new') !== undefined && near.status('far')?.state === 'connected');
    await rest();
    for (const address of ['/theirs', '/ours', '/new'])
      expect([near.value(`/far${address}`), far.value(address)]).toEqual([f64(2), f64(2)]);
  });

  it('[LK8] gives anew what it gave to a router that lost it, in both directions', async () => {
    for (const direction of ['both', 'out'] as const) {
      await near.link(linkTo('far', { direction }));
      near.set('/far/kept', f64(3));
      await until('it', () => far.value('/kept') !== undefined);
      hall.replace('far');
      expect(far.value('/kept')).toBeUndefined();
      await until('it again', () => far.value('/kept') !== undefined);
      expect([near.value('/far/kept'), far.value('/kept')]).toEqual([f64(3), f64(3)]);
    }
  });

  it.each([
    ['while the link stands', () => undefined],
    ['while there is no link', () => near.link()],
  ])(
    '[LK17] hears a router that counts its changes from 1 again from the first on: it was replaced %s',
    async (_when, without) => {
      const hears = (n: number) => until(`${n}`, () => sameValue(near.value('/far/n') ?? text(''), f64(n)));
      await near.link(linkTo('far'));
      for (let n = 1; n <= 50; n++) far.set('/n', f64(n));
      await hears(50);
      await without();
      hall.replace('far');
      await near.link(linkTo('far'));
      for (let n = 51; n <= 70; n++) {
        far.set('/n', f64(n));
        await hears(n);
      }
    },
  );

  it('[LK9] ends two routers that are linked to each other in the same values, without going round, and says so', async () => {
    await Promise.all([near.link(linkTo('far')), far.link(linkTo('near'))]);
    near.set('/n', f64(1));
    far.set('/f', f64(2));
    await until('both', () => near.value('/far/f') !== undefined && far.value('/near/n') !== undefined);
    near.set('/far/g', f64(3));
    await until('it', () => far.value('/g') !== undefined);
    await rest();
    expect(near.params()).toEqual(['/far/f', '/far/g', '/n']);
    expect(far.params()).toEqual(['/f', '/g', '/near/n']);
    expect(near.status('far')?.reason).toContain('leads back here: /near/**');
  });

  it('[LK9] ends three routers in a ring in all values, each once', async () => {
    const third = hall.place('third');
    near.set('/x', f64(1));
    await near.link(linkTo('far'));
    await far.link(linkTo('third'));
    await third.link(linkTo('near'));
    far.set('/y', f64(2));
    third.set('/z', f64(3));
    await until('all', () => near.params().length >= 3 && far.params().length >= 3 && third.params().length >= 3);
    await rest();
    expect(near.params()).toEqual(['/far/third/z', '/far/y', '/x']);
    expect(far.params()).toEqual(['/third/near/x', '/third/z', '/y']);
    expect(third.params()).toEqual(['/near/far/y', '/near/x', '/z']);
  });

  it('[LK10] does not come up to its own router, and says why', async () => {
    await near.link(linkTo('near'));
    expect(near.status('near')).toMatchObject({
      state: 'broken',
      reason: expect.stringContaining('is this router itself') as string,
    });
  });

  it('[LK11] brings 12,000 params both ways', { timeout: 60_000 }, async () => {
    for (let i = 0; i < 12_000; i++) far.set(`/p/${i}`, f64(i));
    for (let i = 0; i < 12_000; i++) near.set(`/far/q/${i}`, f64(i));
    await near.link(linkTo('far'));
    // To list them is slow, and would be what the link waits for.
    const areThere = (place: Place): boolean => place.signals.length >= 24_000 && place.params().length === 24_000;
    await until('all', () => areThere(near) && areThere(far), 40_000);
    expect([near.value('/far/p/11999'), far.value('/q/11999')]).toEqual([f64(11_999), f64(11_999)]);
    expect(near.status('far')).toMatchObject({ state: 'connected', refusedTotal: 0 });
  });

  it('[LK12] says what the other router refuses, and is well again when it takes it', async () => {
    far.scopes = parseScopes('read:/**,write:/ok/**');
    await near.link(linkTo('far'));
    near.set('/far/no');
    await until('the refusal', () => near.status('far')?.refusedTotal === 1);
    expect(near.status('far')).toMatchObject({
      state: 'trouble',
      reason: expect.stringMatching(/Refused: \/no: .*write/) as string,
    });
    near.set('/far/ok/x');
    await until('it', () => far.value('/ok/x') !== undefined);
  });

  it('[LK13] is broken where its token is refused, with words, without a flood of tries, and tells no token', async () => {
    const grant = { id: 'tk', name: '', scopes: parseScopes('admin:/**'), constraints: [], expiresAt: undefined };
    const fault = { because: 'unknown', message: 'Nobody knows this token.' } as const;
    hall.askForTokens('far', {
      verify: (token) => (token === 'right' ? grant : fault),
      onRevoked: () => () => undefined,
    });
    await near.link(linkTo('far', { secretName: 'key' }));
    expect(near.status('far')).toMatchObject({
      state: 'broken',
      reason: expect.stringContaining('no secret key') as string,
    });
    expect(hall.dials).toBe(0);
    near.secrets.set('key', 'hush-hush');
    await until('the refusal', () => /token/.test(near.status('far')?.reason ?? '') && hall.dials > 0);
    const dials = hall.dials;
    await rest();
    expect(hall.dials - dials).toBeLessThan(3);
    expect(JSON.stringify([near.runner.devices(), near.signals, far.signals])).not.toContain('hush');
    near.secrets.set('key', 'right');
    await until('it', () => near.status('far')?.state === 'connected');
  });
});
