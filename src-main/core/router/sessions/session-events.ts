import type { Cancel } from '../../../contract/message-link.ts';
import type { Refusal } from '../requests/refusal.ts';
import type { Session } from './session.ts';

/** Something that an audit log notes of a session. */
export interface SessionEvent {
  readonly what: 'opened' | 'renewed' | 'closed' | 'refused';
  readonly session: string;
  /** what it calls itself; may be empty */
  readonly name: string;
  /** how and from where it came */
  readonly peer: string;
  /** of its token; undefined where it showed none, or one that opens nothing */
  readonly grant: { readonly id: string; readonly name: string } | undefined;
  /** why it was closed, or refused */
  readonly reason?: string;
  /** of the ERROR, where it was refused */
  readonly code?: number;
}

/** Tells who comes, goes, and is refused for what it may not do. */
export class SessionEvents {
  readonly #runs = new Set<(event: SessionEvent) => void>();

  /** `run` is quick and does not throw. */
  watch(run: (event: SessionEvent) => void): Cancel {
    this.#runs.add(run);
    return () => this.#runs.delete(run);
  }

  tell(what: SessionEvent['what'], session: Session, reason?: string): void {
    if (this.#runs.size > 0) this.#give({ ...of(session), what, ...(reason !== undefined && { reason }) });
  }

  /** Of refusals only those that are about rights: what is merely wrong is counted elsewhere. */
  tellRefused(session: Session, { code, message, address }: Refusal): void {
    if (this.#runs.size === 0 || code < 300 || code > 399) return;
    const reason = address === undefined ? message : `${address}: ${message}`;
    this.#give({ ...of(session), what: 'refused', code, reason });
  }

  #give(event: SessionEvent): void {
    for (const run of this.#runs) run(event);
  }
}

function of({ id, name, connection, grant }: Session): Omit<SessionEvent, 'what'> {
  return { session: id, name, peer: connection.peer, grant: grant && { id: grant.id, name: grant.name } };
}
