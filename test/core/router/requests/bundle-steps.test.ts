import { describe, expect, it } from 'vitest';
import { fromJson } from '../../../../src-main/contract/signal.ts';
import { flatten } from '../../../../src-main/core/router/requests/bundle-steps.ts';
import { messageType, type BundleMessage, type Message } from '../../../../src-main/core/protocol/messages.ts';
import { publish, RouterFixture, set } from '../router-fixture.ts';

function bundle(...messages: Message[]): BundleMessage {
  return { type: messageType.bundle, messages };
}

describe('the steps of a BUNDLE', () => {
  it('[RT25] are those of the bundles inside it, each in its place', () => {
    const [a, b, c, d] = [set('/a', 1), set('/b', 2), publish('event', '/c'), set('/d', 3)];
    expect([...flatten(bundle(a, bundle(b, bundle(), bundle(c)), d))]).toEqual([a, b, c, d]);
  });

  it('[RT26] are none when a timeline among them cannot be, wherever it stands', async () => {
    const fixture = new RouterFixture();
    const sender = await fixture.join();
    const ramp = fromJson({ keyframes: [{ time: 0, value: 0 }] });
    sender.send(bundle(set('/a', 1), publish('timeline', '/t', ramp), publish('timeline', '/u', 3)));
    await fixture.settle();
    expect(sender.take()).toMatchObject([{ type: messageType.error, code: 402 }]);
    expect(fixture.router.stats()).toMatchObject({ params: 0, timelines: 0 });
  });
});
