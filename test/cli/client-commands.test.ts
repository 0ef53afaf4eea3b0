import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { refusalWords } from '../../src-main/cli/with-router.ts';
import { AppError, InputError, UnavailableError } from '../../src-main/contract/errors.ts';
import { messageType } from '../../src-main/core/protocol/messages.ts';
import { until } from '../until.ts';
import { openOldRouter } from './old-router.ts';
import { runCli, startCli } from './run-cli.ts';

const hidden = 'old\\x1b[2J';

describe('flyrail with a router that knows no request ids', () => {
  it('[CL64] pub of a param is acknowledged', async () => {
    const { url, heard } = await openOldRouter();
    expect(await runCli('pub', '/a', '1', '--url', url)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(heard).toMatchObject([{ type: messageType.set, address: '/a' }]);
  });

  it('[CL64] pub of anything else was read when it ends, and says that nothing was acknowledged', async () => {
    const { url, heard } = await openOldRouter();
    expect(await runCli('pub', '/a', 'go', '--signal', 'event', '--url', url)).toEqual({
      code: 0,
      stdout: '',
      stderr: `flyrail: sent; the router ${hidden} acknowledges no signals of the kind event, but it has read this one and refused nothing.\n`,
    });
    expect(heard).toMatchObject([{ type: messageType.publish, kind: 'event', address: '/a' }]);
  });

  it('[CL64] pub is refused by an ERROR that comes before the answer to what was asked next', async () => {
    const { url } = await openOldRouter(({ type }) =>
      type === messageType.publish || type === messageType.set
        ? [{ type: messageType.error, code: 301, message: 'no scope\u001b[2J' }]
        : undefined,
    );
    const refused = { code: 1, stdout: '', stderr: 'flyrail: the router answered with ERROR 301: no scope\\x1b[2J\n' };
    for (const kind of ['event', 'stream', 'param']) {
      expect(await runCli('pub', '/a', '1', '--signal', kind, '--url', url), kind).toEqual(refused);
      expect(await runCli('pub', '/a', '1', '--signal', kind, '--qos', 'fire', '--url', url), kind).toEqual(refused);
    }
  });

  it('[CL64] pub is not done when the router says nothing afterwards', async () => {
    const { url } = await openOldRouter(({ type }) => (type === messageType.sync ? [] : undefined));
    const { code, stderr } = await runCli('pub', '/a', '1', '--qos', 'fire', '--url', url);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'flyrail: It was sent, but nobody knows whether the router read it: The router did not tell its time within 2 s.\n',
    });
  });

  it('[CL64] pub sends nothing under commit, which it does not know', async () => {
    const { url, heard } = await openOldRouter();
    const { code, stderr } = await runCli('pub', '/a', '1', '--qos', 'commit', '--url', url);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `flyrail: the router ${hidden} does not know commit, so nothing was sent. --qos confirm is what it can do.\n`,
    });
    expect(heard).toEqual([]);
  });

  it('[CL64] get finds a param, and is told by its silence that there is none', async () => {
    const { url } = await openOldRouter();
    await runCli('pub', '/a', '{"x": "y\u009b"}', '--url', url);
    expect(await runCli('get', '/a', '--url', url)).toEqual({ code: 0, stdout: '{"x":"y\\u009b"}\n', stderr: '' });
    expect(await runCli('get', '/b', '--url', url)).toEqual({
      code: 3,
      stdout: '',
      stderr: 'flyrail: the router knows no param at /b.\n',
    });
  });
});

describe('flyrail without a router', () => {
  it('[CL63] names the URL where nobody answers, and why', async () => {
    const url = 'ws://127.0.0.1:1/clasp';
    for (const args of [['pub', '/a', '1'], ['get', '/a'], ['sub', '/a'], ['replay', '/a'], ['top']]) {
      const { code, stdout, stderr } = await runCli(...args, '--url', url);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^flyrail: ws:\/\/127\.0\.0\.1:1\/clasp does not answer: .*ECONNREFUSED[^\n]*\n$/);
    }
  });

  it('[CL63] names the URL where something else answers', async () => {
    const deaf = await openOldRouter(({ type }) =>
      type === messageType.hello ? [{ type: messageType.error, code: 503, message: 'full' }] : undefined,
    );
    expect(await runCli('get', '/a', '--url', deaf.url)).toMatchObject({
      code: 2,
      stderr: `flyrail: ${deaf.url} is no CLASP router that lets us in: full.\n`,
    });
  });

  it('[CL62] says with the router’s number and words that it does not let us in', async () => {
    const { url } = await openOldRouter((message) =>
      message.type === messageType.hello
        ? [{ type: messageType.error, code: 300, message: `not ${message.token ?? 'nobody'}` }]
        : undefined,
    );
    for (const args of [['pub', '/a', '1'], ['get', '/a'], ['sub', '/a'], ['replay', '/a'], ['top']]) {
      expect(await runCli(...args, '--url', url, '--token', 'me'), args[0]).toEqual({
        code: 1,
        stdout: '',
        stderr: 'flyrail: the router answered with ERROR 300: not me\n',
      });
    }
  });

  it('[CL62] tells a refusal from all else', () => {
    expect(refusalWords(new AppError('param-locked', 'Locked.', { number: 401 }))).toContain('401: Locked.');
    expect(refusalWords(new UnavailableError('no-answer', 'Nothing came.'))).toBe('Nothing came.');
    expect(refusalWords(new InputError('bad-value', 'Too deep.'))).toBeUndefined();
    expect(refusalWords(new UnavailableError('cannot-open-port', 'Nobody.'))).toBeUndefined();
    expect(refusalWords(new Error('bug'))).toBeUndefined();
  });

  it('[CL68] sub and top end at once when they are told to while they dial', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `ws://127.0.0.1:${(silent.address() as AddressInfo).port}/clasp`;
    for (const args of [['sub', '/a'], ['top']]) {
      const connected = once(silent, 'connection');
      const run = startCli(...args, '--url', url);
      const [socket] = (await connected) as [{ on(event: 'close' | 'data', run: () => void): void }];
      const closed = new Promise<void>((resolve) => socket.on('close', resolve));
      socket.on('data', () => undefined);
      run.stop();
      expect(await run.done).toEqual({ code: 0, stdout: '', stderr: '' });
      await closed;
    }
    silent.close();
  });
});

describe('flyrail sub', () => {
  it('[CL62] ends with 1 when the router refuses the subscription', async () => {
    const { url } = await openOldRouter(({ type }) =>
      type === messageType.subscribe
        ? [{ type: messageType.error, code: 301, message: 'no', address: '/a' }]
        : undefined,
    );
    expect(await runCli('sub', '/a', '--url', url)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'flyrail: the router answered with ERROR 301: no\n',
    });
  });

  it('[CL67] ends after its time with 0, and with 1 when fewer messages came than were asked for', async () => {
    const { url } = await openOldRouter();
    expect(await runCli('sub', '/a', '--timeout', '0.05', '--url', url)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await runCli('sub', '/a', '--timeout', '0.05', '--count', '2', '--url', url)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'flyrail: 0 of 2 messages came within 0.05 s.\n',
    });
  });

  it('[CL70] says what the router tells unasked, and goes on', async () => {
    const { url } = await openOldRouter(({ type }) =>
      type === messageType.subscribe
        ? [{ type: messageType.error, code: 503, message: '7 left out\u001b' }]
        : undefined,
    );
    const run = startCli('sub', '/a', '--url', url);
    await until('the words', () => run.stderr() !== '');
    run.stop();
    expect(await run.done).toEqual({ code: 0, stdout: '', stderr: 'flyrail: the router says: 7 left out\\x1b\n' });
  });
});
