import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { until } from '../../until.ts';
import { runFlyrail, startServe, type FlyrailProcess, type ReadyEvent } from '../flyrail-process.ts';
import { Intruder, wires, type WayIn, type Wire } from './intruder.ts';

export const tokens = {
  admin: 'witness-token-of-this-test-1',
  /** may write at /mine/** alone */
  mine: 'mine-alone-token-of-this-test',
  /** may write at /flood/** alone */
  flood: 'flood-alone-token-of-this-test',
  /** may read at one place where nothing is */
  blind: 'blind-token-of-this-test-123',
} as const;

/** What one family tried over one wire. */
export interface Tried {
  readonly family: string;
  readonly wire: string;
  readonly tried: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly ended: number;
  effects?: number;
}

/** The built product with tokens and rates on, and a witness that hears all there is. */
export class Arena {
  readonly flyrail: FlyrailProcess;
  readonly ready: ReadyEvent;
  readonly authority: string;
  readonly data: string;
  readonly witness: Intruder;
  readonly table: Tried[] = [];
  #sources = 1;

  private constructor(flyrail: FlyrailProcess, more: Pick<Arena, 'ready' | 'authority' | 'data' | 'witness'>) {
    this.flyrail = flyrail;
    this.ready = more.ready;
    this.authority = more.authority;
    this.data = more.data;
    this.witness = more.witness;
  }

  static async open(): Promise<Arena> {
    const data = temporaryFolder();
    const tokenFile = join(data, 'tokens.txt');
    const lines = [
      `${tokens.admin} admin:/**`,
      `${tokens.mine} write:/mine/**`,
      `${tokens.flood} write:/flood/**`,
      `${tokens.blind} read:/blind`,
    ];
    writeFileSync(tokenFile, lines.join('\n'), { mode: 0o600 });
    const ways = ['tcp', 'udp', 'quic', 'wss'].flatMap((name) => ['--transport', `${name}=0`]);
    const rates = ['session=2000/1000', 'source=4000/2000', '/flood/**=1/50'].flatMap((rate) => ['--rate-limit', rate]);
    const more = ['--auth', '--token-file', tokenFile, ...rates, ...ways, '--rendezvous-port', '0', '--metrics'];
    const flyrail = startServe(data, more);
    const ready = await flyrail.ready();
    const pem = join(data, 'ca.pem');
    await runFlyrail(['cert', 'export-ca', '--out', pem, '--data', data]);
    const authority = readFileSync(pem, 'utf8');
    const way: WayIn = { wire: 'ws', url: ready.clasp.url, authority, from: '127.0.0.2' };
    const witness = await Intruder.join(way, { token: tokens.admin, name: 'witness' });
    for (const address of ['/b', '/base/level', '/constructor'])
      witness.say({ type: messageType.set, address, value: WireValue.of({ type: 'f64', value: 0.5 }) });
    await witness.settled();
    witness.say({ type: messageType.subscribe, id: 1, pattern: '/**', types: 0xff });
    await witness.settled();
    return new Arena(flyrail, { ready, authority, data, witness });
  }

  /** A wire, from an address that nobody came from yet. */
  way(wire: Wire): WayIn {
    const { clasp, transports } = this.ready;
    const url = wire === 'ws' ? clasp.url : transports.find(({ name }) => name === wire)?.url;
    return { wire, url: url ?? '', authority: this.authority, from: `127.0.3.${this.#sources++}` };
  }

  /** Whether every wire still lets somebody in. */
  async stillServes(): Promise<void> {
    for (const wire of wires) {
      const guest = await Intruder.join(this.way(wire), { token: tokens.blind });
      await until(`a guest over ${wire}`, () => guest.count(messageType.welcome) > 0);
      guest.end();
    }
  }

  /** What the witness heard since it was asked last, beside what floods may send. */
  async effects(): Promise<readonly Message[]> {
    await this.witness.settled();
    const heard = this.witness.received.splice(0);
    return heard.filter((each) => {
      if (each.type !== messageType.set && each.type !== messageType.publish) return false;
      return !each.address.startsWith('/flood/') && !each.address.startsWith('/mine/');
    });
  }

  /** All params that are not the intruders' own. */
  async stateHash(): Promise<string> {
    await this.effects();
    this.witness.say({ type: messageType.subscribe, id: 2, pattern: '/**', types: 1 });
    await this.witness.settled();
    const params = this.witness.received.flatMap((each) => (each.type === messageType.snapshot ? each.params : []));
    this.witness.say({ type: messageType.unsubscribe, id: 2 });
    await this.witness.settled();
    const lines = params
      .filter(({ address }) => !address.startsWith('/mine/'))
      .map(({ address, revision, value }) => `${address} ${revision} ${JSON.stringify(value.value)}`);
    if (lines.length !== 3) throw new Error(`The state is not what it was: ${lines.join('; ')}`);
    return createHash('sha256').update(lines.toSorted().join('\n')).digest('hex');
  }

  /** Notes what was tried, and what came of it. */
  async note(row: Omit<Tried, 'effects'>): Promise<readonly Message[]> {
    const effects = await this.effects();
    this.table.push({ ...row, effects: effects.length });
    return effects;
  }

  print(): string {
    const cells = this.table.map(({ family, wire, tried, refused, effects = 0, ended }) => [
      ...[family, wire, tried, countsOf(refused), effects, ended].map(String),
    ]);
    const sum = (of: (row: Tried) => number): string => String(this.table.reduce((total, row) => total + of(row), 0));
    const last = [
      'sum',
      '',
      sum(({ tried }) => tried),
      '',
      sum(({ effects = 0 }) => effects),
      sum(({ ended }) => ended),
    ];
    const rows = [['family', 'wire', 'tried', 'refused', 'effects', 'ended'], ...cells, last];
    const widths = [16, 10, 7, 46, 8, 6];
    return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' ')).join('\n');
  }
}

export function countBy(codes: readonly (number | string)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

function countsOf(refused: Readonly<Record<string, number>>): string {
  return Object.entries(refused)
    .map(([code, count]) => `${code}×${count}`)
    .join(' ');
}
