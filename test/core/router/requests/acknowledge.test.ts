import { describe, expect, it } from 'vitest';
import { headerOf, originOf } from '../../../../src-main/core/router/requests/acknowledge.ts';
import { keepsNothing } from '../../../../src-main/core/router/keeper.ts';
import { Session } from '../../../../src-main/core/router/sessions/session.ts';

const origin = { name: 's', owner: {}, fromLocal: false, cause: undefined };
const session = Object.assign(Object.create(Session.prototype) as Session, { origin });

describe('answers to requests', () => {
  it('[RT110] carry the id in the header where they have no other place for it', () => {
    expect(headerOf({ qos: 'confirm', id: 7n })).toEqual({ timestamp: 7n });
    expect(headerOf({ qos: 'confirm', id: undefined })).toBeUndefined();
  });

  it('[RT113] wait for the disk under commit alone, and where nothing is kept for nobody', () => {
    expect(originOf({ session, request: { qos: 'commit', id: undefined } })).toMatchObject({ isCommit: true });
    expect(originOf({ session, request: { qos: 'confirm', id: undefined } })).toBe(origin);
    const told: (string | undefined)[] = [];
    keepsNothing.whenKept((failure) => told.push(failure));
    expect(told).toEqual([undefined]);
  });
});
