import { describe, expect, it } from 'vitest';
import { createMemoryLinkPair, type MessageLink } from '../../../src-main/contract/message-link.ts';
import { connectEngine, serveEngine } from '../../../src-main/contract/rpc.ts';
import { EngineState } from '../../../src-renderer/engine/engine-state.svelte.ts';
import { keepConnected } from '../../../src-renderer/engine/keep-connected.ts';
import { LinkRefused } from '../../../src-renderer/engine/link-source.ts';
import { FakeEngine } from '../fake-engine.ts';
import { TurnedClock } from '../page-host.ts';

describe('keep connected', () => {
  it('[UI10] says that the connection is lost and takes a fresh snapshot when the engine is back', async () => {
    const page = started();
    await settled();
    expect(page.state.connection).toBe('ready');
    page.links[0]?.close();
    await settled();
    expect(page.state.connection).toBe('lost');
    page.engine.document = { ...page.engine.document, name: 'After the restart' };
    page.clock.advance(300);
    await settled();
    expect(page.state.connection).toBe('ready');
    expect(page.state.document.name).toBe('After the restart');
  });

  it('[UI10] tries again, ever more slowly, and at once slowly enough for a machine under load', async () => {
    let tries = 0;
    const page = started(() => {
      tries++;
      return Promise.reject(new Error('Nobody there.'));
    });
    await settled();
    for (let i = 0; i < 60; i++) {
      page.clock.advance(100);
      await settled();
    }
    // 0, 0.25, 0.75, 1.75, 3.75, 5.75 s
    expect(tries).toBe(6);
    expect(page.state.connection).toBe('opening');
    expect(page.state.connectionReason).toBe('Nobody there.');
  });

  it('[UI11] stops trying when it may not come in', async () => {
    let tries = 0;
    const page = started(() => {
      tries++;
      return Promise.reject(new LinkRefused('This link was already used.'));
    });
    await settled();
    page.clock.advance(60_000);
    await settled();
    expect(tries).toBe(1);
    expect(page.state.connection).toBe('refused');
    expect(page.state.connectionReason).toBe('This link was already used.');
  });

  it('[UI97] tries at once when a refused page is given a fresh way in, and leaves one that works alone', async () => {
    let refuse = true;
    let tries = 0;
    const page = started(() => {
      tries++;
      return refuse ? Promise.reject(new LinkRefused('This page has no session.')) : page.openPair();
    });
    await settled();
    expect(page.state.connection).toBe('refused');
    refuse = false;
    expect(page.freshWay()).toBe(true);
    expect(page.state.connection).toBe('opening');
    await settled();
    expect(page.state.connection).toBe('ready');
    expect(page.freshWay()).toBe(false);
    page.links[0]?.close();
    await settled();
    expect(page.state.connection).toBe('lost');
    expect(page.freshWay()).toBe(true);
    await settled();
    expect(page.state.connection).toBe('ready');
    page.clock.advance(60_000);
    await settled();
    expect(tries).toBe(3);
  });

  it('[UI97] hears no more of a try that a fresh way overtook', async () => {
    const answers: ((refused: Error) => void)[] = [];
    const page = started(() => new Promise((_, reject) => answers.push(reject)));
    expect(page.freshWay()).toBe(true);
    answers[0]?.(new LinkRefused('Late.'));
    await settled();
    expect(page.state.connection).toBe('opening');
    answers[1]?.(new LinkRefused('This one counts.'));
    await settled();
    expect(page.state.connectionReason).toBe('This one counts.');
  });
});

function started(open?: () => Promise<MessageLink>) {
  const clock = new TurnedClock();
  const engine = new FakeEngine();
  const state = new EngineState(clock);
  const links: MessageLink[] = [];
  const openPair = (): Promise<MessageLink> => {
    const [page, far] = createMemoryLinkPair();
    links.push(far);
    serveEngine(far, engine, { role: 'edit', onRefused: () => undefined, onBug: () => undefined });
    return Promise.resolve(page);
  };
  let freshWay: () => boolean = () => false;
  const onFreshWay = (run: () => boolean): (() => void) => {
    freshWay = run;
    return () => undefined;
  };
  keepConnected({ source: { open: open ?? openPair, onFreshWay }, connect: connectEngine, state, clock });
  return { clock, engine, state, links, openPair, freshWay: () => freshWay() };
}

/** birpc answers by way of several promises. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}
