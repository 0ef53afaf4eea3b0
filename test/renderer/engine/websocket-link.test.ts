import { decode, encode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import { LinkRefused } from '../../../src-renderer/engine/link-source.ts';
import { createWebSocketLinkSource, type BrowserDoors } from '../../../src-renderer/engine/websocket-link.ts';

describe('websocket link', () => {
  it('[UI11] trades the secret for a session once and takes it out of the address bar', async () => {
    const page = browser('#one-time');
    const source = createWebSocketLinkSource(page.doors);
    await page.opening(source.open());
    await page.opening(source.open());
    expect(page.requests).toEqual([['/session', '{"secret":"one-time"}']]);
    expect(page.urls).toEqual(['/']);
    expect(page.sockets.map((socket) => socket.url)).toEqual([
      'ws://127.0.0.1:7380/engine',
      'ws://127.0.0.1:7380/engine',
    ]);
  });

  it('[UI11] is refused for good when the secret was used before', async () => {
    const page = browser('#used', 401);
    await expect(createWebSocketLinkSource(page.doors).open()).rejects.toBeInstanceOf(LinkRefused);
  });

  it('[UI11] comes in by an old link while its session lasts', async () => {
    const page = browser('#used');
    const { fetch } = page.doors;
    page.doors.fetch = (input, init) =>
      init?.method === 'POST' ? Promise.resolve(new Response(null, { status: 401 })) : fetch(input, init);
    await expect(page.opening(createWebSocketLinkSource(page.doors).open())).resolves.toBeDefined();
  });

  it('[UI11] is refused for good when the socket is turned away for want of a session', async () => {
    const page = browser('', 401);
    const opening = createWebSocketLinkSource(page.doors).open();
    page.sockets[0]?.close();
    await expect(opening).rejects.toBeInstanceOf(LinkRefused);
  });

  it('[UI97] takes the secret of a link that is pasted into the same tab, and hides it also where it is not needed', async () => {
    const page = browser('');
    const source = createWebSocketLinkSource(page.doors);
    let wanted = true;
    source.onFreshWay?.(() => wanted);
    page.paste('#fresh');
    await page.opening(source.open());
    expect(page.requests).toEqual([['/session', '{"secret":"fresh"}']]);
    expect(page.urls).toEqual(['/']);
    wanted = false;
    page.paste('#not-needed');
    expect(page.urls).toEqual(['/', '/']);
    await page.opening(source.open());
    expect(page.requests).toHaveLength(1);
  });

  it('[UI12] keeps 64-bit integers and bytes both ways, and messages that came before there was a listener', async () => {
    const page = browser('#s');
    const link = await page.opening(createWebSocketLinkSource(page.doors).open());
    const message = { big: 9_007_199_254_740_993n, small: 7, bytes: new Uint8Array([1, 2]) };
    page.sockets[0]?.deliver(encode(message, { useBigInt64: true }));
    const heard: unknown[] = [];
    link.onMessage((each) => heard.push(each));
    expect(heard).toEqual([message]);
    link.send({ ...message, left: undefined });
    expect(decode(page.sockets[0]?.sent[0] ?? new Uint8Array(), { useBigInt64: true })).toEqual(message);
  });
});

class FakeSocket extends EventTarget {
  binaryType = '';
  readyState: number = WebSocket.CONNECTING;
  readonly sent: Uint8Array[] = [];
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
  }
  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
  }
  open(): void {
    this.readyState = WebSocket.OPEN;
    this.dispatchEvent(new Event('open'));
  }
  close(): void {
    this.readyState = WebSocket.CLOSED;
    this.dispatchEvent(new Event('close'));
  }
  deliver(bytes: Uint8Array): void {
    this.dispatchEvent(new MessageEvent('message', { data: bytes.slice().buffer }));
  }
}

function browser(hash: string, status = 204) {
  const requests: [string, unknown][] = [];
  const urls: string[] = [];
  const sockets: FakeSocket[] = [];
  const location = { hash, host: '127.0.0.1:7380', protocol: 'http:', pathname: '/', search: '' };
  let onHashChange: () => void = () => undefined;
  const doors: BrowserDoors = {
    fetch: async (input, init) => {
      if (init?.method === 'POST') requests.push([input as string, init.body]);
      return new Response(null, { status });
    },
    openSocket: (url) => {
      const socket = new FakeSocket(url);
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    location,
    replaceUrl: (url) => {
      location.hash = '';
      urls.push(url);
    },
    onHashChange: (run) => {
      onHashChange = run;
      return () => undefined;
    },
  };
  const paste = (pasted: string): void => {
    location.hash = pasted;
    onHashChange();
  };
  const opening = async <T>(promise: Promise<T>): Promise<T> => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    sockets.at(-1)?.open();
    return promise;
  };
  return { doors, requests, urls, sockets, opening, paste };
}
