import { describe, expect, it } from 'vitest';
import { baudMax, baudMin, doorKinds, type DoorSettings } from '../../../src-main/contract/door.ts';
import { checkDoorDraft, draftOfDoor, newDoorDraft } from '../../../src-renderer/devices/door-draft.ts';
import { doorForms } from '../../../src-renderer/devices/door-fields.ts';
import { doorHostOptions } from '../../../src-renderer/devices/door-host-options.ts';
import { formatNumber } from '../../../src-renderer/widgets/number-words.ts';

const whole: DoorSettings[] = [
  { kind: 'tcp', port: 0, host: '0.0.0.0' },
  { kind: 'tls', port: 7443, cert: '/a/cert.pem', key: '/a/key.pem', scopes: ['read:/**'] },
  { kind: 'udp', port: 7334, host: '0.0.0.0', groups: ['239.7.3.30', '239.7.3.31'], mtu: 1400 },
  { kind: 'quic', port: 7443, host: '::1', scopes: ['write:/desk/**', 'read:/a'] },
  { kind: 'serial', device: 'COM3', baud: 250_000, parity: 'even', stopBits: 2, flow: 'rtscts' },
  {
    kind: 'https',
    port: 8443,
    prefix: '/web',
    plain: 'event',
    origins: ['https://a.example', '*'],
    services: ['rest', 'mqtt'],
  },
  { kind: 'ble', role: 'peripheral', name: 'stage', hci: 1 },
];

describe('form of a way in', () => {
  it('[UI442] offers every kind in words, and each works as it is offered but for a device that nobody can guess', () => {
    for (const kind of doorKinds) {
      expect(doorForms[kind].word).not.toBe('');
      const { settings, problems } = checkDoorDraft(newDoorDraft(kind, 7332));
      if (kind === 'serial') expect(Object.keys(problems)).toEqual(['device']);
      else expect(settings, kind).toMatchObject({ kind });
    }
  });

  it.each(whole)('[UI442] reads $kind back as it was', (settings) => {
    expect(checkDoorDraft(draftOfDoor(settings, false)).settings).toEqual(settings);
  });

  it.each([
    ['port', '70000', 'A port is a whole number from 0 to 65\u2009535.'],
    ['port', '', 'A port is a whole number from 0 to 65\u2009535.'],
    ['port', '7e3', 'A port is a whole number from 0 to 65\u2009535.'],
    ['mtu', '100', 'A packet has 576 to 65\u2009535 bytes.'],
    ['groups', '192.168.1.1', '“192.168.1.1” is no group: they are 224.0.0.0 to 239.255.255.255.'],
    ['groups', '239.7.3.30', 'Groups are heard on every network card. Choose that above, or leave this empty.'],
  ] as const)('[UI442] says how to repair %s “%s”', (id, text, repair) => {
    const draft = newDoorDraft('udp', 7332);
    const { problems, settings } = checkDoorDraft({ ...draft, texts: { ...draft.texts, [id]: text } });
    expect(problems).toEqual({ [id]: repair });
    expect(settings).toBeUndefined();
  });

  it.each([
    ['http', 'prefix', 'lamps', 'A prefix is an address such as /web, or nothing.'],
    ['https', 'origins', 'show.example', 'Name up to 64 origins such as https://show.example.org, or * for all pages.'],
    ['http', 'services', ',', 'Choose at least one of them.'],
    ['mqtt', 'prefix', 'lamps/', 'A prefix is an address such as /mqtt, or nothing.'],
    ['mqtts', 'cert', '/a/cert.pem', undefined],
    ['serial', 'baud', '5', `A baud rate is a whole number from ${baudMin} to ${formatNumber(baudMax)}.`],
    ['ble', 'name', 'x'.repeat(65), 'A name has up to 64 characters.'],
    ['ble', 'hci', '16', 'An adapter is a number from 0 to 15.'],
  ] as const)('[UI442] says how to repair %s: %s “%s”', (kind, id, text, repair) => {
    const draft = newDoorDraft(kind, 7332);
    const texts = { ...draft.texts, ...(kind === 'serial' && { device: 'COM3' }), [id]: text };
    const { problems } = checkDoorDraft({ ...draft, texts });
    if (repair === undefined) expect(problems).toEqual({ key: 'Name the key too, or leave both empty.' });
    else expect(problems).toEqual({ [id]: repair });
  });

  it('[BF24] calls what its addresses begin with its prefix, as the forms of bridges do', () => {
    const words = Object.values(doorForms).flatMap(({ fields }) => fields);
    expect(words.filter(({ id }) => id === 'prefix').map(({ label }) => label)).toEqual(Array(4).fill('prefix'));
    expect(words.filter(({ label, hint }) => /\bbegins? with|\bbelow this address/.test(`${label} ${hint}`))).toEqual(
      [],
    );
  });

  it('[UI442] lets a web door speak everything until some of it is chosen', () => {
    const draft = newDoorDraft('http', 8080);
    expect(checkDoorDraft(draft).settings).not.toHaveProperty('services');
    const some = { ...draft, texts: { ...draft.texts, services: 'rest, mqtt' } };
    expect(checkDoorDraft(some).settings).toMatchObject({ services: ['rest', 'mqtt'] });
  });

  it('[UI556] takes a whole number as it is written', () => {
    const draft = newDoorDraft('tcp', 7000);
    expect(checkDoorDraft({ ...draft, texts: { ...draft.texts, port: '17\u2009000' } }).settings).toMatchObject({
      port: 17_000,
    });
  });

  it('[UI442] wants certificate and key together', () => {
    const draft = newDoorDraft('tls', 7332);
    const check = checkDoorDraft({ ...draft, texts: { ...draft.texts, cert: '/a/cert.pem' } });
    expect(check.problems).toEqual({ key: 'Name the key too, or leave both empty.' });
  });

  it('[UI443] lets those who come do everything, read alone, or what a list says', () => {
    const draft = newDoorDraft('tcp', 7332);
    const of = (more: Partial<typeof draft>) => checkDoorDraft({ ...draft, ...more });
    expect(of({ rights: 'everything', scopes: 'nonsense' }).settings).not.toHaveProperty('scopes');
    expect(of({ rights: 'read' }).settings?.scopes).toEqual(['read:/**']);
    expect(of({ rights: 'own', scopes: 'w:/desk/*, read:/**' }).settings?.scopes).toEqual([
      'write:/desk/*',
      'read:/**',
    ]);
    expect(of({ rights: 'own', scopes: 'shout:/a' }).problems.scopes).toBe(
      'A scope is read, write or admin, then : and a pattern: write:/desk/**.',
    );
  });

  it('[UI442] offers this machine, every card and each of them, and what was chosen while it is away', () => {
    const cards = [
      { name: 'lo', address: '127.0.0.1', family: 'IPv4', loopback: true },
      { name: 'eth0', address: '10.0.0.2', family: 'IPv4', loopback: false },
      { name: 'eth0', address: 'fe80::1', family: 'IPv6', loopback: false },
    ] as const;
    expect(doorHostOptions(cards, '10.9.9.9').map(({ label }) => label)).toEqual([
      'This machine only',
      'Every network card',
      'eth0, 10.0.0.2',
      '10.9.9.9, not there now',
    ]);
    expect(doorHostOptions([], '').at(-1)).toEqual({ value: '', label: 'As the WebSocket port' });
  });
});
