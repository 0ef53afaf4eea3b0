import type { SimulatedPort } from '../../platform/serial/simulated-ports.ts';

/** What a widget at a simulated port was told, and what it answers. Written from the API document, and not with our codec. */
export class SimulatedWidget {
  /** frames for the line: label, start code and levels */
  readonly frames: { readonly label: number; readonly bytes: number[] }[] = [];
  /** labels and data of all else */
  readonly asked: { readonly label: number; readonly data: number[] }[] = [];
  /** what it answers, by label of the question */
  readonly answers = new Map<number, number[]>([
    [3, [44, 1, 9, 1, 40]],
    [10, [0x78, 0x56, 0x34, 0x12]],
  ]);
  /** some that are compatible keep their own */
  takesParameters = true;
  #port: SimulatedPort | undefined;
  #rest: number[] = [];

  attach(port: SimulatedPort): void {
    this.#port = port;
    this.#rest = [];
    port.onWrite = (bytes) => this.#read(bytes);
  }

  say(label: number, data: readonly number[]): void {
    this.#port?.say(Uint8Array.from([0x7e, label, data.length & 0xff, data.length >> 8, ...data, 0xe7]));
  }

  #read(bytes: Buffer): void {
    this.#rest.push(...bytes);
    while (this.#rest.length >= 5) {
      const [start, label = 0, low = 0, high = 0] = this.#rest;
      const size = low + 256 * high;
      if (this.#rest.length < size + 5) return;
      const message = this.#rest.splice(0, size + 5);
      if (start !== 0x7e || message.at(-1) !== 0xe7) throw new Error('The widget was sent what is no message.');
      this.#take(label, message.slice(4, -1));
    }
  }

  #take(label: number, data: number[]): void {
    if (label === 6 || label === 100 || label === 101) {
      this.frames.push({ label, bytes: data });
      return;
    }
    this.asked.push({ label, data });
    if (label === 4) requireParameters(data);
    if (label === 4 && this.takesParameters) this.answers.set(3, [44, 1, ...data.slice(2, 5)]);
    const answer = this.answers.get(label);
    if (answer) this.say(label, answer);
  }
}

/** Size of the operator's own memory, break, mark and rate, as the API document bounds them. */
function requireParameters([low, high, breakUnits = 0, markUnits = 0, rateHz = -1, ...own]: readonly number[]): void {
  const isWhole = low === own.length % 256 && high === own.length >> 8;
  const isBreak = breakUnits >= 9 && breakUnits <= 127;
  const isMark = markUnits >= 1 && markUnits <= 127;
  if (!isWhole || !isBreak || !isMark || rateHz < 0 || rateHz > 40)
    throw new Error('The widget was told times or a rate that it cannot have.');
}
