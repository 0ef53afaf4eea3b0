import { describe, expect, it } from 'vitest';
import { Advert } from '../../../src-main/core/discovery/advert.ts';
import { serviceRecords } from '../../../src-main/core/discovery/service-records.ts';
import type { DnsRecord, MdnsPort } from '../../../src-main/ports/mdns.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { card, MdnsLink } from './mdns-link.ts';

const type = '_clasp._tcp.local';

describe('an advert', () => {
  it('[DC17] asks three times whether its name is free, then tells everybody twice and answers', () => {
    const { link, clock, advert } = stage();
    advert.start();
    clock.advance(700);
    expect(link.asked).toEqual(Array(3).fill({ name: `Desk.${type}`, type: 'ANY' }));
    expect(link.told).toEqual([]);
    clock.advance(200);
    expect(link.told).toEqual([recordsOf('Desk')]);
    clock.advance(5000);
    expect(link.told).toEqual([recordsOf('Desk'), recordsOf('Desk')]);
    link.join(() => undefined).ask([{ name: type, type: 'PTR' }]);
    expect(link.told.at(-1)).toEqual([recordsOf('Desk')[0]]);
    advert.start();
    clock.advance(5000);
    expect(link.told).toHaveLength(3);
  });

  it('[DC18] takes the next name when somebody has it, and again', () => {
    const { link, clock, advert } = stage();
    for (const name of ['Desk', 'desk (2)']) link.join(() => undefined).answerWith([srv(name, 'other.local')]);
    advert.start();
    clock.advance(5000);
    expect(namesTold(link, 'me.local')).toEqual(['Desk (3)', 'Desk (3)']);
  });

  it('[DC19] of two that have the same name at the same time, one gives way', () => {
    const link = new MdnsLink();
    const clock = new SimulatedClock();
    const low = stage({ link, clock, host: 'a.local' });
    const high = stage({ link, clock, host: 'b.local' });
    low.advert.start();
    high.advert.start();
    clock.advance(20_000);
    const names = ['a.local', 'b.local'].map((host) => namesTold(link, host).at(-1));
    expect(names.toSorted()).toEqual(['Desk', 'Desk (2)']);
    // The one that gave way said no goodbye: it would be the other's.
    expect(link.told.flat().filter(({ ttl }) => ttl === 0)).toEqual([]);
  });

  it('[DC19] of two whose networks become one, the lower host gives way and the other says again who it is', () => {
    const clock = new SimulatedClock();
    const low = stage({ clock, host: 'a.local' });
    const high = stage({ clock, host: 'b.local' });
    for (const { advert } of [low, high]) advert.start();
    clock.advance(5000);
    const before = high.link.told.length;
    low.advert.heard([srv('Desk', 'b.local')]);
    high.advert.heard([srv('Desk', 'a.local')]);
    clock.advance(5000);
    expect(namesTold(low.link, 'a.local').at(-1)).toBe('Desk (2)');
    expect(namesTold(high.link, 'b.local').at(-1)).toBe('Desk');
    expect(high.link.told.length).toBe(before + 1);
  });

  it('[DC19] takes its own words, a goodbye and other names for no rival', () => {
    const { link, clock, advert } = stage();
    advert.start();
    clock.advance(2000);
    link.tell(recordsOf('Desk'));
    link.tell([{ ...srv('Desk', 'z.local'), ttl: 0 }, srv('Desk 2', 'z.local')]);
    clock.advance(20_000);
    expect(new Set(namesTold(link, 'me.local'))).toEqual(new Set(['Desk']));
  });

  it('[DC20] is not made to flood by a rival that never rests', () => {
    const { link, clock, advert } = stage();
    advert.start();
    clock.advance(2000);
    const before = namesTold(link, 'me.local').length;
    for (let i = 0; i < 1000; i++) {
      link.tell([srv('Desk', 'a.local')]);
      clock.advance(1);
    }
    expect(namesTold(link, 'me.local').length - before).toBeLessThanOrEqual(2);
    let renamed = 0;
    for (let i = 0; i < 60_000; i += 100) {
      const name = link.asked.at(-1)?.name.replace(`.${type}`, '') ?? '';
      const asked = link.asked.length;
      link.tell([srv(name, 'z.local')]);
      clock.advance(100);
      if (link.asked.length > asked && link.asked.at(-1)?.name !== `${name}.${type}`) renamed++;
    }
    expect(renamed).toBeLessThan(40);
    clock.advance(30_000);
    expect(namesTold(link, 'me.local').at(-1)).toMatch(/^Desk \(\d+\)$/);
  });

  it('[DC21] says goodbye when it ends, once it was told', async () => {
    const { link, clock, advert } = stage();
    advert.start();
    await advert.stop();
    expect(link.told).toEqual([]);
    const told = stage();
    told.advert.start();
    told.clock.advance(3000);
    await told.advert.stop();
    const own = recordsOf('Desk').filter(({ name }) => !name.startsWith('_services'));
    expect(told.link.told.at(-1)).toEqual(own.map((record) => ({ ...record, ttl: 0 })));
    told.link.join(() => undefined).ask([{ name: type, type: 'PTR' }]);
    expect(told.link.told).toHaveLength(3);
    clock.advance(9000);
    expect(link.told).toEqual([]);
  });

  it('[DC22] tells a network that comes later, with the address that it has there', () => {
    const { link, clock, advert, ports } = stage();
    advert.start();
    clock.advance(5000);
    const second = new MdnsLink();
    ports.push(second.join((records) => advert.heard(records), { ...card, address: '10.9.0.5' }));
    advert.portCame();
    clock.advance(5000);
    expect(second.told).toEqual([recordsOf('Desk', '10.9.0.5'), recordsOf('Desk', '10.9.0.5')]);
    expect(link.told.at(-1)).toEqual(recordsOf('Desk'));
  });
});

interface Stage {
  link?: MdnsLink;
  clock?: SimulatedClock;
  host?: string;
}

function stage({ link = new MdnsLink(), clock = new SimulatedClock(), host = 'me.local' }: Stage = {}) {
  const ports: MdnsPort[] = [];
  const advert = new Advert({
    clock,
    random: { fraction: () => 0.5, uuid: () => '' },
    service: { type, name: 'Desk', host, port: 7330, txt: [], ttlSeconds: 120 },
    ports: () => ports,
  });
  ports.push(link.join((records) => advert.heard(records)));
  return { link, clock, advert, ports };
}

function recordsOf(name: string, address = card.address): readonly DnsRecord[] {
  return serviceRecords({ type, name, host: 'me.local', port: 7330, txt: [], ttlSeconds: 120 }, address);
}

function srv(name: string, target: string): DnsRecord {
  return { name: `${name}.${type}`, type: 'SRV', ttl: 120, data: { target, port: 7330 } };
}

/** Under which names a host announced itself, in order. */
function namesTold(link: MdnsLink, host: string): string[] {
  return link.told.flatMap((records) =>
    records.flatMap((record) =>
      record.type === 'SRV' && record.data.target === host ? [record.name.replace(`.${type}`, '')] : [],
    ),
  );
}
