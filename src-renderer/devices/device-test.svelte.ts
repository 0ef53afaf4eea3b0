import type { DeviceStatus } from '../../src-main/contract/device.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import type { Bridge } from '../../src-main/contract/show.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { dependOn } from '../widgets/depend-on.ts';
import { kindRecord } from './kinds/kinds.ts';
import { checkTestDraft, knownAddresses, newTestDraft, type TestCheck, type TestDraft } from './test-draft.ts';

/** Devices say once a second how they stand. */
const statusLagMs = 2000;

interface SentTest {
  readonly bridgeId: string;
  readonly address: string;
  /** sending: not answered yet. taken: the router has it. refused: it has not. */
  readonly state: 'sending' | 'taken' | 'refused';
  /** why it was refused */
  readonly reason: string;
  /** how the device stood before */
  readonly before: DeviceStatus | undefined;
  readonly count: number;
  readonly at: number;
}

/** What came of a test, in words. */
export interface TestOutcome {
  readonly tone: 'good' | 'look' | 'fault';
  readonly fact: string;
  readonly consequence: string;
}

/** Sends a signal to one device as the operator's hand, and says what came of it. What was typed stays with its device. */
export class DeviceTest {
  #drafts = $state.raw<Readonly<Record<string, TestDraft>>>({});
  #sent = $state.raw<SentTest | undefined>();
  readonly #engine: EngineState;

  constructor(engine: EngineState) {
    this.#engine = engine;
  }

  /** @param heard addresses that the device was seen at, newest first */
  of(bridge: Bridge, heard: readonly string[] = []): TestDraft {
    return this.#drafts[bridge.id] ?? newTestDraft(bridge, this.known(bridge, heard));
  }

  known({ settings }: Bridge, heard: readonly string[]): string[] {
    return knownAddresses(this.#engine.document, settings.prefix, heard);
  }

  change(bridge: Bridge, change: Partial<TestDraft>): void {
    this.#drafts = { ...this.#drafts, [bridge.id]: { ...this.of(bridge), ...change } };
  }

  /** false for one that only reads */
  isOffered({ kind, settings }: Bridge): boolean {
    return !kindRecord(kind).onlyReads?.(settings);
  }

  check(bridge: Bridge): TestCheck {
    return checkTestDraft(this.of(bridge), bridge.settings.prefix);
  }

  isSending(bridge: Bridge): boolean {
    return this.#sent?.bridgeId === bridge.id && this.#sent.state === 'sending';
  }

  /** Nothing happens while the one before is under way, or a field wants a repair. */
  async send(bridge: Bridge): Promise<void> {
    const { signal } = this.check(bridge);
    if (!signal || !this.isOffered(bridge) || this.isSending(bridge)) return;
    // The fields keep what was sent, also when the show names other addresses by then.
    this.change(bridge, {});
    const count = this.#sent?.bridgeId === bridge.id ? this.#sent.count + 1 : 1;
    const before = this.#engine.devicesById.get(bridge.id);
    const sent: SentTest = {
      bridgeId: bridge.id,
      address: signal.address,
      state: 'sending',
      reason: '',
      before,
      count,
      at: this.#engine.live.now(),
    };
    this.#sent = sent;
    try {
      await this.#engine.api.sendSignal(signal);
      this.#settle(sent, { state: 'taken' });
    } catch (error) {
      this.#settle(sent, { state: 'refused', reason: messageOf(error) });
    }
  }

  /** undefined before anything was sent to it */
  outcome(bridge: Bridge): TestOutcome | undefined {
    const sent = this.#sent;
    if (sent?.bridgeId !== bridge.id || sent.state === 'sending') return undefined;
    if (sent.state === 'refused') return { tone: 'fault', fact: 'Refused', consequence: sent.reason };
    const { live, devicesById } = this.#engine;
    dependOn(live.beat);
    return outcomeOf(sent, { now: devicesById.get(bridge.id), isLate: live.now() - sent.at > statusLagMs }, bridge);
  }

  #settle(sent: SentTest, outcome: Pick<SentTest, 'state'> & Partial<SentTest>): void {
    if (this.#sent === sent) this.#sent = { ...sent, ...outcome };
  }
}

function outcomeOf(
  sent: SentTest,
  { now, isLate }: { readonly now: DeviceStatus | undefined; readonly isLate: boolean },
  { name, enabled }: Bridge,
): TestOutcome {
  const { address, before, count } = sent;
  const times = count > 1 ? `, ${count} times` : '';
  if (!enabled) return { tone: 'look', fact: 'Not sent', consequence: `${name} is switched off.` };
  if (now && now.refused?.address === address && now.refusedTotal > (before?.refusedTotal ?? 0))
    return { tone: 'fault', fact: 'Not sent', consequence: sentence(now.refused.why) };
  if (now?.state === 'broken' || now?.state === 'connecting')
    return { tone: 'look', fact: 'Not sent', consequence: now.reason };
  if (now && now.outTotal > (before?.outTotal ?? 0))
    return { tone: 'good', fact: `Sent${times}`, consequence: `${address} went out to ${name}.` };
  if (!isLate) return { tone: 'good', fact: `Handed on${times}`, consequence: 'The router has it.' };
  return {
    tone: 'look',
    fact: `Handed on${times}`,
    consequence: `The router has it; ${name} has sent nothing of it yet.`,
  };
}

function sentence(clause: string): string {
  return `${clause.slice(0, 1).toUpperCase()}${clause.slice(1)}${clause.endsWith('.') ? '' : '.'}`;
}
