import { HttpBridge } from '../../../src-main/bridges/http/http-bridge.ts';
import type { Address } from '../../../src-main/contract/address.ts';
import { fromJson, toJson, type Signal } from '../../../src-main/contract/signal.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { httpSettings } from '../bridge-settings.ts';
import { FakeCaller } from './fake-caller.ts';

export const param = (address: string, value: unknown): Signal => ({
  kind: 'param',
  address: address as Address,
  value: fromJson(value),
});
export const event = (address: string, value: unknown): Signal => ({ ...param(address, value), kind: 'event' });

/** An HTTP bridge in simulated time whose servers are a test's. */
export class HttpWorld {
  readonly clock = new SimulatedClock();
  readonly host = new RecordingHost();
  readonly caller: FakeCaller;
  readonly bridge: HttpBridge;
  /** when each call was made, in ms */
  readonly askedAt: number[] = [];

  constructor(settings: Record<string, unknown>, reply: FakeCaller['reply'] = () => ({}), fraction = () => 0.5) {
    this.caller = new FakeCaller((call) => {
      this.askedAt.push(this.clock.nowMicros() / 1000);
      return reply(call);
    });
    const needs = {
      clock: this.clock,
      random: { fraction, uuid: () => 'run' },
      log: silentLog,
      networkCards: () => [],
      secret: (name: string) => Promise.resolve(name === 'key' ? 'geheim' : undefined),
    };
    this.bridge = new HttpBridge(httpSettings({ url: 'http://box', ...settings }), needs, () => this.caller);
  }

  /** Starts it, and lets so much time pass. */
  async start(ms = 1500): Promise<void> {
    const started = this.bridge.start(this.host);
    await this.clock.advanceAsync(ms);
    await started;
  }

  pass(ms: number): Promise<void> {
    return this.clock.advanceAsync(ms);
  }

  /** what it brought: kind, address under the prefix, value */
  get brought(): (readonly [kind: string, address: string, value: unknown])[] {
    return this.host.published.map(
      ({ kind, address, value }) => [kind, address.slice('/http'.length), toJson(value)] as const,
    );
  }
}
