import { CallSlots } from '../../core/realtime/call-slots.ts';

interface Host {
  readonly slots: CallSlots;
  /** undefined: never asked */
  isThere: boolean | undefined;
}

/** The servers of one bridge: what is under way to each at once, and whether they are there. */
export class HttpHosts {
  readonly #connections: number;
  readonly #onReturn: (origin: string) => void;
  readonly #hosts = new Map<string, Host>();

  constructor(connections: number, onReturn: (origin: string) => void) {
    this.#connections = connections;
    this.#onReturn = onReturn;
  }

  /** @param origin `http://10.0.0.5:8080` */
  slotsOf(origin: string): CallSlots {
    return this.#hostOf(origin).slots;
  }

  answered(origin: string): void {
    const host = this.#hostOf(origin);
    const wasAway = host.isThere === false;
    host.isThere = true;
    if (wasAway) this.#onReturn(origin);
  }

  isAway(origin: string): void {
    this.#hostOf(origin).isThere = false;
  }

  /** Whether each that was asked is away. */
  get areAllAway(): boolean {
    const asked = [...this.#hosts.values()].filter(({ isThere }) => isThere !== undefined);
    return asked.length > 0 && asked.every(({ isThere }) => isThere === false);
  }

  #hostOf(origin: string): Host {
    const known = this.#hosts.get(origin);
    if (known) return known;
    const host: Host = { slots: new CallSlots(this.#connections), isThere: undefined };
    this.#hosts.set(origin, host);
    return host;
  }
}
