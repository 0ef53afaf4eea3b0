import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MqttGuest } from './mqtt-guest.ts';

/** Clients that are away and whose sessions are kept; past it the one that left first is forgotten. */
export const awayMax = 200;
/** So long after a client left its session is kept. */
export const awayFor = millis(24 * 3_600_000);

/** Clients by their identity: those that are there, and those that are away and may come back to their session. */
export class KeptGuests {
  readonly #clock: Clock;
  readonly #guests = new Map<string, MqttGuest>();
  /** in the order in which they left */
  readonly #away = new Map<string, Cancel>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get awayCount(): number {
    return this.#away.size;
  }

  all(): Iterable<MqttGuest> {
    return this.#guests.values();
  }

  isAway(id: string): boolean {
    return this.#away.has(id);
  }

  get(id: string): MqttGuest | undefined {
    return this.#guests.get(id);
  }

  /** It is there (again). */
  arrived(id: string, guest: MqttGuest): void {
    this.#guests.set(id, guest);
    this.#away.get(id)?.();
    this.#away.delete(id);
  }

  /** Its connection ended. */
  left(id: string, guest: MqttGuest): void {
    if (!guest.isKept || this.#guests.get(id) !== guest) return this.drop(id, guest, 'it disconnected');
    if (this.#away.has(id)) return;
    this.#away.set(
      id,
      this.#clock.after(awayFor, () => this.drop(id, guest, 'it was away for too long')),
    );
    for (const first of this.#away.keys()) {
      if (this.#away.size <= awayMax) return;
      const oldest = this.#guests.get(first);
      if (oldest) this.drop(first, oldest, 'too many others left after it');
    }
  }

  drop(id: string, guest: MqttGuest, reason: string): void {
    if (this.#guests.get(id) === guest) {
      this.#guests.delete(id);
      this.#away.get(id)?.();
      this.#away.delete(id);
    }
    guest.close(reason);
  }

  clear(reason: string): void {
    for (const [id, guest] of [...this.#guests]) this.drop(id, guest, reason);
  }
}
