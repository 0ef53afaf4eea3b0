import { describe, expect, it } from 'vitest';
import { makeAuthority, makeServerCertificate } from '../../../src-main/platform/certificate-maker.ts';
import type { QuicTransportOptions } from '../../../src-main/transports/quic/quic-transport.ts';
import { until } from '../../until.ts';
import { authority, dialRaw, makeQuic, openQuic, ping } from './quic-fixture.ts';

const now = Date.now();
const year = 365 * 86_400_000;
const other = await makeAuthority('Somebody else', now);

describe('who dials QUIC', () => {
  it.each<[string, () => Promise<Partial<QuicTransportOptions>>, string]>([
    [
      'the certificate is for another machine',
      async () => ({ identity: await server(['10.0.0.5']) }),
      'for another name',
    ],
    ['the certificate has ended', async () => ({ identity: await server(['127.0.0.1'], now - 2 * year) }), 'expired'],
    [
      'the certificate is not yet valid',
      async () => ({ identity: await server(['127.0.0.1'], now + year) }),
      'not yet',
    ],
    ['nobody that is trusted has signed it', async () => ({ authorities: [other.cert] }), 'export-ca'],
    ['no authority is trusted beside the well-known ones', async () => ({ authorities: [] }), 'export-ca'],
  ])('[CT7] does not connect when %s', async (_what, some, words) => {
    const { authorities, ...options } = await some();
    const door = await openQuic(options);
    const dialled = makeQuic({ ...(authorities && { authorities }) }).dial(door.listening.url);
    await expect(dialled).rejects.toMatchObject({
      code: 'cannot-open-port',
      message: expect.stringContaining(words) as string,
    });
    expect(door.accepted).toEqual([]);
  });

  it('[CT7] connects by name and by address, where the certificate has them', async () => {
    const door = await openQuic();
    for (const host of ['localhost', '127.0.0.1']) {
      const connection = await makeQuic().dial(`quic://${host}:${door.port}`);
      connection.send(ping);
      connection.close();
    }
    await until('both', () => door.accepted.length === 2);
  });

  it.each([
    ['another protocol', ['h3']],
    ['an older one', ['clasp/1', 'hq-29']],
  ])('[TP43] is refused and counted when it offers %s', async (_what, protocols) => {
    const door = await openQuic();
    const peer = await dialRaw(door.port, { configure: (config) => config.setApplicationProtos(protocols) });
    await until('the end', () => peer.end() !== undefined);
    expect(peer.end()).toMatchObject({ isOurs: false, code: 0x178 });
    await until('the count', () => door.transport.refused().protocol === 1);
    expect([door.accepted.length, door.transport.refused().handshake]).toEqual([0, 0]);
  });
});

function server(names: readonly string[], at = now) {
  return makeServerCertificate(authority, names, at);
}
