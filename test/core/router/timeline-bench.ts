import { parseAddress } from '../../../src-main/contract/address.ts';
import { fromJson, toJson } from '../../../src-main/contract/signal.ts';
import { messageType, type Message, type PublishMessage } from '../../../src-main/core/protocol/messages.ts';
import type { RouterLimits } from '../../../src-main/core/router/limits.ts';
import { encodeTimeline } from '../../../src-main/core/timeline/timeline-carrier.ts';
import type { Timeline } from '../../../src-main/core/timeline/timeline.ts';
import { line } from '../timeline/arbitrary-timeline.ts';
import { hello, publish, RouterFixture, type Peer } from './router-fixture.ts';

/** From 0 to 100 in 100 ms: its ticks at 60 Hz are 16.667 ms apart. */
export const ramp = line([[0, 0], [100, 100]]); // prettier-ignore

export class TimelineBench extends RouterFixture {
  readonly start = this.clock.nowMicros();

  constructor(limits: Partial<RouterLimits> = {}) {
    super(limits);
  }

  /** A session whose HELLO names timelines, as our own client's does. */
  async joinKnowing(): Promise<Peer> {
    const peer = this.connect();
    peer.send({ ...hello, features: ['param', 'timeline'] });
    await this.settle();
    for (const message of peer.take()) if (message.type === messageType.welcome) peer.session = message.session;
    return peer;
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }

  async say(peer: Peer, ...messages: Message[]): Promise<void> {
    peer.send(...messages);
    await this.settle();
  }

  valueAt(address: string): unknown {
    const value = this.router.get(parseAddress(address));
    return value && toJson(value);
  }
}

export function put(address: string, timeline: Timeline = ramp, autoplay = true): PublishMessage {
  return publish('timeline', address, encodeTimeline(timeline, autoplay));
}

export function tell(address: string, command: Record<string, string | number | boolean>): PublishMessage {
  return publish('timeline', address, fromJson(command));
}

/** SETs as `[address, value]`, reports as `[address, state, position]`, other timelines as they came, answers by number. */
export function told(peer: Peer): unknown[] {
  return peer.take().flatMap((message): unknown[] => {
    if (message.type === messageType.set) return [[message.address, toJson(message.value.value)]];
    if (message.type === messageType.error) return [message.code];
    if (message.type !== messageType.publish || !message.value) return [];
    const map = toJson(message.value.value) as Record<string, unknown>;
    return [map['state'] === undefined ? map : [message.address, map['state'], map['position']]];
  });
}
