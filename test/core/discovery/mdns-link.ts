import type { LanCard } from '../../../src-main/ports/lan.ts';
import type { DnsQuestion, DnsRecord, MdnsPort } from '../../../src-main/ports/mdns.ts';

export const card: LanCard = {
  name: 'eth0',
  address: '10.0.0.5',
  netmask: '255.255.255.0',
  broadcast: '10.0.0.255',
};

/** One network in memory: everybody hears what is told, and answers what is asked, as the library does. */
export class MdnsLink {
  readonly told: (readonly DnsRecord[])[] = [];
  readonly asked: DnsQuestion[] = [];
  readonly #stations: { records: readonly DnsRecord[]; heard: (records: readonly DnsRecord[]) => void }[] = [];

  join(heard: (records: readonly DnsRecord[]) => void, on: LanCard = card): MdnsPort {
    const station = { records: [] as readonly DnsRecord[], heard };
    this.#stations.push(station);
    return {
      card: on,
      ask: (questions) => {
        this.asked.push(...questions);
        for (const { name } of questions)
          for (const { records } of [...this.#stations]) {
            const answers = records.filter((record) => record.name.toLowerCase() === name.toLowerCase());
            if (answers.length > 0) this.tell(answers);
          }
      },
      answerWith: (records) => {
        station.records = records;
      },
      tell: (records) => {
        this.tell(records);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
  }

  tell(records: readonly DnsRecord[]): void {
    this.told.push(records);
    for (const { heard } of [...this.#stations]) heard(records);
  }
}
