import type { EngineEvents } from '../contract/engine-api.ts';
import type { Cancel } from '../contract/message-link.ts';
import { millis } from '../contract/units.ts';
import { NewestMap } from '../core/bounds/newest-map.ts';
import { sourceOf } from '../core/access/source-of.ts';
import type { SessionEvent } from '../core/router/sessions/session-events.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventHub } from './event-hub.ts';

/** The same refusal of the same session is told once in this time, with how often it was; so are renewals. */
export const refusalsToldEvery = millis(10_000);
/** Refusals whose repeats are counted; of more the oldest are told as they come. */
const countedMax = 1000;

interface AuditTrailOptions {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly hub: Pick<EventHub, 'on'>;
  /** @see Router.guard */
  readonly watchSessions: (run: (event: SessionEvent) => void) => Cancel;
}

/** Notes in the audit log who comes, goes and is refused, and what is edited. @returns ends it */
export function keepAuditTrail({ audit, clock, hub, watchSessions }: AuditTrailOptions): Cancel {
  const repeats = new NewestMap<string, { count: number; cancel: Cancel }>(countedMax);
  const cancels = [
    watchSessions(noteSession),
    hub.on('edited', noteEdit),
    hub.on('document', ({ document, show }) => {
      audit.note({ what: 'show-opened', fields: { show: show.name, id: document.id } });
    }),
  ];
  audit.note({ what: 'started', fields: {} });
  return () => {
    for (const cancel of cancels) cancel();
    for (const { cancel } of repeats.values()) cancel();
    audit.note({ what: 'stopped', fields: {} });
  };

  function noteSession(event: SessionEvent): void {
    const what = `session-${event.what}` as const;
    if (event.what === 'opened' || event.what === 'closed') return audit.note({ what, fields: fieldsOf(event) });
    const key = `${whoIs(event)} ${event.what} ${event.code ?? ''}`;
    const known = repeats.get(key);
    if (known) {
      known.count++;
      return;
    }
    audit.note({ what, fields: fieldsOf(event) });
    const cancel = clock.after(refusalsToldEvery, () => {
      const { count = 0 } = repeats.get(key) ?? {};
      repeats.delete(key);
      if (count > 0) audit.note({ what, fields: { ...fieldsOf(event), further: count } });
    });
    repeats.set(key, { count: 0, cancel });
  }

  function noteEdit({ edit, revision }: EngineEvents['edited']): void {
    audit.note({ what: 'show-edited', fields: { label: edit.label, revision, steps: edit.steps.length } });
  }
}

/** Whoever was not let in is known by where it comes from: each try is a session of its own, and the log keeps a bounded number of
 *  lines. */
function whoIs({ grant, session, peer }: SessionEvent): string {
  return grant ? session : sourceOf(peer);
}

function fieldsOf({ session, name, peer, grant, reason, code }: SessionEvent) {
  return { session, name, peer, token: grant?.id, tokenName: grant?.name, code, reason };
}
