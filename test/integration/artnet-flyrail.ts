import { until } from '../until.ts';
import type { NetworkHall, Program } from './network-hall.ts';

/** Art-Net bridges as a process on a machine of the hall; what is set goes to the first. */
export class ArtnetFlyrail {
  readonly #program: Program;
  #seen = 0;

  static async start(hall: NetworkHall, machine: string, ...settings: readonly object[]): Promise<ArtnetFlyrail> {
    const child = [process.execPath, '--no-warnings', 'test/integration/artnet-child.ts'];
    child.push(...settings.map((each) => JSON.stringify(each)));
    const flyrail = new ArtnetFlyrail(hall.start(machine, ...child));
    await flyrail.says(/^open$/m);
    return flyrail;
  }

  private constructor(program: Program) {
    this.#program = program;
  }

  set(address: string, level: number): void {
    this.#program.child.stdin.write(`${address} ${level}\n`);
  }

  /** Forgets what it printed so far. */
  forget(): void {
    this.#seen = this.#program.output().length;
  }

  async says(pattern: RegExp): Promise<void> {
    await until(`${pattern} of:\n${this.#program.output()}`, () => pattern.test(this.output));
  }

  get output(): string {
    return this.#program.output().slice(this.#seen);
  }

  async stop(): Promise<void> {
    this.#program.child.stdin.write('stop\n');
    await until('its end', () => this.#program.child.exitCode !== null);
  }
}
