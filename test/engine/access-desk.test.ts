import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { accessRulesSchema, type AccessRules, type AccessRulesState } from '../../src-main/contract/access-rules.ts';
import { InputError, UnavailableError } from '../../src-main/contract/errors.ts';
import { parseScopes } from '../../src-main/contract/scope.ts';
import { hertz } from '../../src-main/contract/units.ts';
import type { RateLimits } from '../../src-main/core/access/rate-limits.ts';
import { AccessDesk, type AccessDeskOptions } from '../../src-main/engine/access-desk.ts';
import { replaceFile } from '../../src-main/platform/replace-file.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createToken, revokeTokens } from '../../src-main/platform/token-store.ts';
import { lookEvery } from '../../src-main/platform/watched-file.ts';
import type { EngineSettings } from '../../src-main/ports/engine-settings.ts';
import type { TokenVerifier } from '../../src-main/ports/token-verifier.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { silentLog } from '../silent-log.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';

const open: AccessDesk[] = [];
afterEach(() => {
  for (const desk of open.splice(0)) desk.close();
});

function rig(more: Partial<AccessDeskOptions> = {}, kept: Partial<AccessRules> = {}) {
  let settings = { accessRules: accessRulesSchema.parse(kept) } as unknown as EngineSettings;
  const asked: (TokenVerifier | undefined)[] = [];
  const limits: RateLimits[] = [];
  const told: AccessRulesState[] = [];
  const changes: number[] = [];
  const desk = new AccessDesk({
    ...{ clock: createSystemClock(), log: silentLog, storePath: join(temporaryFolder(), 'tokens.json') },
    ...{ tokens: undefined, rateLimits: undefined, faultWithoutTokens: () => undefined },
    guard: { askForTokens: (each) => asked.push(each), limitRates: (each) => limits.push(each) },
    settings: {
      current: () => settings,
      update: (change) => {
        settings = { ...settings, ...change };
        return Promise.resolve();
      },
    },
    onChange: (state) => told.push(state),
    onTokens: (count) => changes.push(count),
    ...more,
  });
  open.push(desk);
  return { desk, asked, limits, told, changes, kept: () => settings.accessRules };
}

const rules = (more: Partial<AccessRules> = {}): AccessRules => accessRulesSchema.parse(more);
const sources = { auth: true, tokenFile: undefined, jwtKeys: [], audience: undefined, trustAnchors: [] };

describe('who may come in', () => {
  it('[DR7] asks nobody at first; asks from the moment it is switched on until it is switched off, and keeps it', async () => {
    const { desk, asked, told, kept } = rig();
    await desk.open();
    expect([asked, desk.state().asksForTokens]).toEqual([[], false]);
    await desk.setRules(rules({ asksForTokens: true }));
    expect([asked.length, asked[0] === undefined, kept().asksForTokens]).toEqual([1, false, true]);
    await desk.setRules(rules({ asksForTokens: true }));
    expect(asked).toHaveLength(1);
    await desk.setRules(rules());
    expect([asked.length, asked[1]]).toEqual([2, undefined]);
    expect(told.map(({ asksForTokens }) => asksForTokens)).toEqual([true, true, false]);
    const again = rig({}, { asksForTokens: true });
    await again.desk.open();
    expect(again.asked).toHaveLength(1);
  });

  it('[DR7] does not stop asking while others would come in unasked, or the command line asks', async () => {
    const fault = new InputError('unauthenticated-host', 'no');
    const wide = rig({ faultWithoutTokens: () => fault }, { asksForTokens: true });
    await wide.desk.open();
    await expect(wide.desk.setRules(rules())).rejects.toBe(fault);
    const given = rig({ tokens: sources });
    await given.desk.open();
    expect(given.desk.state()).toMatchObject({ asksForTokens: true, isAskingGiven: true });
    await expect(given.desk.setRules(rules())).rejects.toMatchObject({ code: 'bad-arguments' });
    await given.desk.setRules(rules({ asksForTokens: true }));
    expect(given.kept().asksForTokens).toBe(false);
    for (const { desk, asked } of [wide, given])
      expect([asked.length, desk.state().asksForTokens, asked[0] === undefined]).toEqual([1, true, false]);
  });

  it('[DR10] what is said last holds, however close it comes, and is what is told', async () => {
    for (const last of [true, false]) {
      const { desk, asked, told } = rig({}, { asksForTokens: last });
      await desk.open();
      await Promise.all([
        desk.setRules(rules({ asksForTokens: !last })),
        desk.setRules(rules({ asksForTokens: last })),
      ]);
      const isAsking = asked.at(-1) !== undefined;
      expect([isAsking, desk.state().asksForTokens, told.at(-1)?.asksForTokens]).toEqual([last, last, last]);
    }
  });

  it.each([true, false])(
    '[DR10] rules that cannot be kept change nothing, asking until then: %s',
    async (wasAsking) => {
      let settings = { accessRules: rules({ asksForTokens: wasAsking }) } as unknown as EngineSettings;
      const update = (change: Partial<EngineSettings>): Promise<void> => {
        settings = { ...settings, ...change };
        return Promise.reject(new UnavailableError('cannot-write-file', 'the disk is full'));
      };
      const { desk, asked } = rig({ settings: { current: () => settings, update } });
      await desk.open();
      const before = asked.length;
      await expect(desk.setRules(rules({ asksForTokens: !wasAsking }))).rejects.toMatchObject({
        code: 'cannot-write-file',
      });
      expect([asked.length, desk.state().asksForTokens]).toEqual([before, wasAsking]);
    },
  );

  it('[DR10] does not stop asking when a way in was opened to others while that was being kept', async () => {
    let fault: InputError | undefined;
    let settings = { accessRules: rules({ asksForTokens: true }) } as unknown as EngineSettings;
    const update = (change: Partial<EngineSettings>): Promise<void> => {
      settings = { ...settings, ...change };
      fault = new InputError('unauthenticated-host', 'no');
      return Promise.resolve();
    };
    const { desk, asked } = rig({ faultWithoutTokens: () => fault, settings: { current: () => settings, update } });
    await desk.open();
    await expect(desk.setRules(rules())).rejects.toMatchObject({ code: 'unauthenticated-host' });
    expect([asked.length, desk.state().asksForTokens]).toEqual([1, true]);
  });

  it('[DR11] tells of tokens that somebody else made, revoked or damaged, also where nobody is asked', async () => {
    const storePath = join(temporaryFolder(), 'tokens.json');
    const clock = new SimulatedClock();
    const { desk, changes } = rig({ storePath, clock });
    const told = (count: number) => (): boolean => {
      clock.advance(lookEvery);
      return changes.length === count;
    };
    await desk.open();
    expect(changes).toEqual([]);
    const wanted = { name: 'FOH', scopes: parseScopes('read:/**'), constraints: [], expiresAt: null };
    const { record } = await createToken(storePath, wanted, 1);
    await until('the new token is told', told(1));
    await revokeTokens(storePath, ({ id }) => id === record.id, 1);
    await until('the revocation is told', told(2));
    await replaceFile(storePath, 'no store');
    await until('the damage is told', told(3));
    expect(changes).toEqual([1, 2, 3]);
  });

  it('[DR8] tokens are made, open, are listed without themselves, and are revoked', async () => {
    const { desk, asked } = rig({ tokens: sources });
    await desk.open();
    const verifier = asked[0];
    const { token, entry } = await desk.createToken({ name: 'FOH', scopes: ['r:/a/**', 'write:/b'], expiresAt: null });
    expect(entry).toMatchObject({ name: 'FOH', scopes: ['read:/a/**', 'write:/b'], expiresAt: null, revokedAt: null });
    await until('the token to open', () => 'scopes' in (verifier?.verify(token) as object));
    await desk.createToken({ name: 'second', scopes: ['admin:/**'], expiresAt: Date.now() + 60_000 });
    const listed = await desk.listTokens();
    expect(listed.map(({ name }) => name)).toEqual(['second', 'FOH']);
    expect(JSON.stringify(listed)).not.toContain(token);
    const revoked: string[] = [];
    verifier?.onRevoked((id) => revoked.push(id));
    await desk.revokeToken(entry.id);
    await until('the revocation', () => revoked.length > 0);
    expect(revoked).toEqual([entry.id]);
    expect((await desk.listTokens())[1]?.revokedAt).not.toBeNull();
    await expect(desk.revokeToken('tk_nobody')).rejects.toMatchObject({ code: 'unknown-id' });
    await expect(desk.createToken({ name: '', scopes: ['read:/a'], expiresAt: 1 })).rejects.toMatchObject({
      code: 'bad-arguments',
    });
  });

  it('[DR9] rates of the command line go before those that are kept, which hold where it has none', async () => {
    const session = { rate: 10, burst: 20 };
    const kept = { rateLimits: { session, source: null, patterns: [{ pattern: '/a/**', rate: 1, burst: 2 }] } };
    const own = rig({ rateLimits: { patterns: [] } }, kept);
    await own.desk.open();
    expect(own.limits).toEqual([{ session, source: undefined, patterns: [{ pattern: '/a/**', rate: 1, burst: 2 }] }]);
    await own.desk.setRules(rules());
    expect(own.limits[1]).toEqual({ session: undefined, source: undefined, patterns: [] });
    const flags: RateLimits = { source: { rate: hertz(5), burst: 5 }, patterns: [] };
    const given = rig({ rateLimits: flags }, kept);
    await given.desk.open();
    expect([given.limits, given.desk.state().areRatesGiven]).toEqual([[flags], true]);
  });
});
