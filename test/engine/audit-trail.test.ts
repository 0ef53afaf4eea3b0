import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../src-main/core/router/sessions/session-events.ts';
import { keepAuditTrail, refusalsToldEvery } from '../../src-main/engine/audit-trail.ts';
import { createEventHub } from '../../src-main/engine/event-hub.ts';
import type { AuditEntry } from '../../src-main/ports/audit-log.ts';
import { silentLog } from '../silent-log.ts';
import { SimulatedClock } from '../simulated-clock.ts';

function rig() {
  const noted: AuditEntry[] = [];
  const clock = new SimulatedClock();
  const hub = createEventHub(silentLog);
  let tell: (event: SessionEvent) => void = () => undefined;
  const audit = { note: (each: AuditEntry) => void noted.push(each), close: () => Promise.resolve() };
  const watchSessions = (run: typeof tell) => {
    tell = run;
    return () => (tell = () => undefined);
  };
  const end = keepAuditTrail({ audit, clock, hub, watchSessions });
  return { noted, clock, hub, tell: (event: SessionEvent) => tell(event), end };
}

const who = { session: 's1', name: 'desk', peer: 'tcp 10.0.0.5:1', grant: { id: 'tk_1', name: 'FOH' } };

describe('the audit trail', () => {
  it('[AU4] notes who comes and goes', () => {
    const { noted, tell, end } = rig();
    tell({ ...who, what: 'opened' });
    tell({ ...who, what: 'renewed' });
    tell({ ...who, what: 'closed', reason: 'tired' });
    end();
    tell({ ...who, what: 'opened' });
    expect(noted.map(({ what }) => what)).toEqual([
      'started',
      'session-opened',
      'session-renewed',
      'session-closed',
      'stopped',
    ]);
    const { peer, session, name } = who;
    expect(noted[3]?.fields).toMatchObject({ session, name, peer, token: 'tk_1', tokenName: 'FOH', reason: 'tired' });
  });

  it('[AU4] notes the same refusal at once, and how often it came again', () => {
    const { noted, clock, tell } = rig();
    const refused = { ...who, what: 'refused', code: 301, reason: '/a: no' } as const;
    for (let i = 0; i < 1000; i++) tell(refused);
    tell({ ...refused, session: 's2' });
    tell({ ...refused, code: 300 });
    expect(noted).toHaveLength(4);
    clock.advance(refusalsToldEvery);
    expect(noted).toHaveLength(5);
    expect(noted[4]).toMatchObject({ what: 'session-refused', fields: { session: 's1', code: 301, further: 999 } });
    tell(refused);
    expect(noted).toHaveLength(6);
  });

  it('[HC26] who is not let in from one host fills no more than a line in 10 s, and neither does who renews', () => {
    const { noted, clock, tell } = rig();
    for (let i = 0; i < 5000; i++) {
      tell({ ...who, session: `s${i}`, peer: `tcp 10.0.0.5:${i}`, grant: undefined, what: 'refused', code: 300 });
      tell({ ...who, what: 'renewed' });
    }
    tell({ ...who, session: 'other', peer: 'tcp 10.0.0.6:1', grant: undefined, what: 'refused', code: 300 });
    expect(noted).toHaveLength(4);
    clock.advance(refusalsToldEvery);
    expect(noted.slice(4)).toMatchObject([
      { what: 'session-refused', fields: { further: 4999 } },
      { what: 'session-renewed', fields: { further: 4999 } },
    ]);
  });

  it('[AU4] notes edits and shows', () => {
    const { noted, hub } = rig();
    const edit = { label: 'rename', steps: [{ do: 'rename', name: 'x' }] } as const;
    hub.emit('edited', { revision: 7, edit: { ...edit, steps: [...edit.steps] }, show: {} as never });
    hub.emit('document', { revision: 8, laying: '', document: { id: 'd' } as never, show: { name: 'Gala' } as never });
    expect(noted.slice(1)).toEqual([
      { what: 'show-edited', fields: { label: 'rename', revision: 7, steps: 1 } },
      { what: 'show-opened', fields: { show: 'Gala', id: 'd' } },
    ]);
  });
});
