import type { Cancel } from '../../contract/message-link.ts';
import type { Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DnsRecord, MdnsPort } from '../../ports/mdns.ts';
import type { Random } from '../../ports/random.ts';
import { serviceRecords, type SharedService } from './service-records.ts';
import { fitInstanceName, nextName } from './service-names.ts';
import { sameName } from './mdns-services.ts';

const probeEveryMs = 250 as Millis;
const probes = 3;
/** after the first announcement [RFC 6762 8.3] */
const announceAgainMs = 1000 as Millis;
/** So many names that were taken, then only one in ten seconds more. [RFC 6762 8.1] */
const quickRenames = 15;
const slowRenameMs = 10_000 as Millis;

export interface AdvertOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly service: SharedService;
  /** those on which it is to be found, as they are now */
  readonly ports: () => readonly MdnsPort[];
}

/** Lets others find one service by mDNS: looks whether its name is free, tells everybody, answers, gives way to who has
 *  the name already, and says goodbye. [RFC 6762 8, 9, 10.1] */
export class Advert {
  readonly #options: AdvertOptions;
  #name: string;
  #state: 'off' | 'probing' | 'told' = 'off';
  #renames = 0;
  #announcedAt = 0;
  #cancel: Cancel = () => undefined;

  constructor(options: AdvertOptions) {
    this.#options = options;
    this.#name = fitInstanceName(options.service.name);
  }

  start(): void {
    if (this.#state === 'off') this.#probe((this.#options.random.fraction() * probeEveryMs) as Millis);
  }

  /** Tells a network that just came; the name is looked for there first. */
  portCame(): void {
    if (this.#state === 'told') this.#probe(0 as Millis);
  }

  /** Looks whether somebody else has the name. */
  heard(records: readonly DnsRecord[]): void {
    if (this.#state === 'off') return;
    const rival = records.find((record) => this.#isRival(record));
    if (rival?.type !== 'SRV') return;
    // Both think that it is theirs, as when two networks become one: each side finds the same one to give way.
    const keeps = this.#state === 'told' && this.#options.service.host.toLowerCase() > rival.data.target.toLowerCase();
    if (!keeps) this.#rename();
    else if (this.#options.clock.nowMicros() - this.#announcedAt >= announceAgainMs * 1000) this.#announce();
  }

  /** Settles when the goodbye left. */
  async stop(): Promise<void> {
    const wasTold = this.#state === 'told';
    this.#cancel();
    this.#state = 'off';
    const leaving = this.#options.ports().map(async (port) => {
      port.answerWith([]);
      // That there are such services at all, others say too.
      const own = this.#records(port).filter(({ name }) => !name.startsWith('_services.'));
      if (wasTold) await port.tell(own.map((record) => ({ ...record, ttl: 0 })));
    });
    await Promise.all(leaving);
  }

  #isRival(record: DnsRecord): boolean {
    const { host, port } = this.#options.service;
    if (record.type !== 'SRV' || record.ttl === 0 || !sameName(record.name, this.#fullName())) return false;
    return !sameName(record.data.target, host) || record.data.port !== port;
  }

  #probe(delay: Millis, asked = 0): void {
    this.#state = 'probing';
    this.#cancel();
    this.#cancel = this.#options.clock.after(delay, () => {
      if (asked === probes) return this.#own();
      for (const port of this.#options.ports()) port.ask([{ name: this.#fullName(), type: 'ANY' }]);
      this.#probe(probeEveryMs, asked + 1);
    });
  }

  #own(): void {
    this.#state = 'told';
    this.#announce();
    this.#cancel = this.#options.clock.after(announceAgainMs, () => this.#announce());
  }

  #announce(): void {
    this.#announcedAt = this.#options.clock.nowMicros();
    for (const port of this.#options.ports()) {
      const records = this.#records(port);
      port.answerWith(records);
      void port.tell(records);
    }
  }

  /** Without a goodbye: the name is somebody else's, and so would the goodbye be. */
  #rename(): void {
    for (const port of this.#options.ports()) port.answerWith([]);
    this.#name = nextName(this.#name);
    this.#renames++;
    this.#probe(this.#renames > quickRenames ? slowRenameMs : probeEveryMs);
  }

  #records(port: MdnsPort): readonly DnsRecord[] {
    return serviceRecords({ ...this.#options.service, name: this.#name }, port.card.address);
  }

  #fullName(): string {
    return `${this.#name}.${this.#options.service.type}`;
  }
}
