import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { faultOf, isWorthRepeating } from '../../../src-main/bridges/http/http-faults.ts';
import { headersOf } from '../../../src-main/bridges/http/http-login.ts';
import { PollReader } from '../../../src-main/bridges/http/poll-reader.ts';
import { fillUrl, originOf, wholeUrl } from '../../../src-main/bridges/http/row-url.ts';
import { WebhookRequests } from '../../../src-main/bridges/http/webhook-request.ts';
import { signatureHeaders } from '../../../src-main/bridges/http/webhook-signature.ts';
import type { Address } from '../../../src-main/contract/address.ts';
import { httpPollSchema, httpWebhookSchema } from '../../../src-main/contract/bridges/http-fields.ts';
import { fromJson, nullValue, text, toJson, type Signal, type Value } from '../../../src-main/contract/signal.ts';
import { bridgeSchema } from '../../../src-main/contract/show.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { httpSettings } from '../bridge-settings.ts';
import { failure, refusedConnection, textOf } from './fake-caller.ts';

describe('what polls read', () => {
  const read = (poll: object, body: string | Uint8Array, type?: string): unknown => {
    const reader = new PollReader('/http', httpPollSchema.parse({ url: 'http://box/x', ...poll }));
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    const placed = reader.read({ headers: type === undefined ? {} : { 'content-type': type }, body: bytes });
    return typeof placed === 'string' ? placed : placed.map(({ address, value }) => [address, toJson(value)]);
  };
  const to = '/a';

  it.each<[string | undefined, string | Uint8Array, unknown]>([
    ['application/json', '{"x":[1]}', { x: [1] }],
    ['application/ld+json; charset=utf-8', '1', 1],
    ['text/plain', '1', '1'],
    ['text/plain; charset=iso-8859-1', Uint8Array.of(0xe4), 'ä'],
    ['image/png', '1', [49]],
    [undefined, '0.5', 0.5],
    [undefined, 'ON', 'ON'],
  ])('[HB10] are by themselves what their content type %s says: %j', (type, body, value) => {
    expect(read({ to }, body, type)).toEqual([['/http/a', value]]);
  });

  it('[HB10] are what the row says, whatever the server calls them', () => {
    expect(read({ to, read: 'number' }, ' 21.5\n', 'text/plain')).toEqual([['/http/a', 21.5]]);
    expect(read({ to, read: 'json' }, '[1]', 'text/html')).toEqual([['/http/a', [1]]]);
    expect(read({ to, read: 'bytes' }, 'a')).toEqual([['/http/a', [97]]]);
    expect(read({ to, read: 'text' }, '5', 'application/json')).toEqual([['/http/a', '5']]);
  });

  it('[HB10] are values of a JSON by their paths', () => {
    const values = [
      { path: '$.main.temp', to: '/temp' },
      { path: '$.list[-1]', to: '/last' },
    ];
    expect(read({ values }, '{"main":{"temp":21.5},"list":[1,2]}', 'text/html')).toEqual([
      ['/http/temp', 21.5],
      ['/http/last', 2],
    ]);
    expect(read({ values }, '{"list":[true]}')).toEqual([['/http/last', true]]);
  });

  it('[HB10] are the signals of a CLASP server under their addresses', () => {
    const all = [
      ['/http/far/a', 1],
      ['/http/far/b/c', 'x'],
    ];
    const list = '[{"address":"/a","value":1},{"address":"/b/c","value":"x"},{"address":"bad","value":1},5]';
    const poll = { read: 'signals', to: '/far' };
    expect(read(poll, list)).toEqual(all);
    expect(read(poll, `{"signals":${list}}`)).toEqual(all);
    expect(read(poll, '{"/a":1,"/b/c":"x","count":2}')).toEqual(all);
    expect(read(poll, '[]')).toEqual([]);
    expect(read(poll, '5')).toBe('it has no signals');
  });

  it('[HB10] are refused with the reason where they are not what they should be', () => {
    expect(read({ to, read: 'json' }, 'ON')).toBe('it is no JSON');
    expect(read({ values: [{ path: '$.a', to }] }, 'ON')).toBe('it is no JSON');
    expect(read({ values: [{ path: '$.a', to }] }, '{}')).toBe('it has no $.a');
    expect(read({ to, read: 'text' }, Uint8Array.of(0xff))).toBe('it is no text in utf-8');
    expect(read({ to, read: 'text' }, 'x', 'text/plain; charset=klingon')).toBe(
      'its charset klingon is not known here',
    );
    expect(read({ to }, 'x'.repeat(60_001))).toBe('it is longer than 60000 bytes');
    expect(read({ to, read: 'number' }, 'ON')).toBe('it is no number');
  });
});

describe('what webhooks send', () => {
  const at = (path: string, value: Value, kind: 'param' | 'event' = 'param'): Signal => ({
    kind,
    address: `/http${path}` as Address,
    value,
  });
  const requests = (row: object): WebhookRequests => {
    const settings = httpWebhookSchema.parse({ url: 'http://box/hook', ...row });
    return new WebhookRequests(settings, settings.url);
  };
  const made = (row: object, path: string, value: Value): unknown => {
    const found = requests(row).make(at(path, value), path as Address);
    return typeof found === 'string'
      ? found
      : [found.url.replace('http://box', ''), textOf(found.body), found.contentType];
  };

  it('[HB13] is JSON with address, kind and value, and what else the signal carries', () => {
    expect(made({}, '/lamp/1', fromJson(0.5))).toEqual([
      '/hook',
      '{"address":"/lamp/1","kind":"param","value":0.5}',
      'application/json',
    ]);
    const rules = requests({ kinds: ['event', 'gesture', 'stream'] });
    const body = (signal: object): unknown => {
      const found = rules.make(
        { address: '/http/a' as Address, value: nullValue, ...signal } as Signal,
        '/a' as Address,
      );
      return typeof found === 'string' ? found : JSON.parse(textOf(found.body));
    };
    const head = { address: '/a', value: null };
    expect(body({ kind: 'event', timestamp: 5 })).toEqual({ ...head, kind: 'event', timestamp: 5 });
    expect(body({ kind: 'gesture', gestureId: 7, phase: 'start' })).toEqual({
      ...{ ...head, kind: 'gesture', gestureId: 7, phase: 'start' },
    });
    expect(body({ kind: 'stream', samples: [1, 2], rate: 50 })).toEqual({
      ...{ ...head, kind: 'stream', value: [1, 2], rate: 50 },
    });
  });

  it('[HB13] is what the row says: the value in some form, a template, or nothing', () => {
    const at1 = (row: object, value: Value) => made({ method: 'PUT', from: '/lamp/*', ...row }, '/lamp/1', value);
    expect(at1({ payload: 'auto' }, fromJson(0.5))).toEqual(['/hook', '0.5', 'text/plain; charset=utf-8']);
    expect(at1({ payload: 'auto' }, fromJson([1]))).toEqual(['/hook', '[1]', 'application/json']);
    expect(at1({ payload: 'bytes' }, { type: 'bytes', value: Uint8Array.of(65) })).toEqual([
      ...['/hook', 'A', 'application/octet-stream'],
    ]);
    expect(at1({ payload: 'none' }, fromJson(1))).toEqual(['/hook', '', '']);
    expect(at1({ body: '{"bri":{value},"id":"{1}","at":"{address}"}' }, fromJson(1))).toEqual([
      ...['/hook', '{"bri":1,"id":"1","at":"/lamp/1"}', 'application/json'],
    ]);
    expect(at1({ body: 'is {value}', contentType: 'a/b' }, text('x'))).toEqual(['/hook', 'is x', 'a/b']);
    expect(at1({ payload: 'number' }, text('x'))).toBe('the value is no number');
    expect(at1({ payload: 'text' }, text('x'.repeat(60_001)))).toBe('it is longer than 60000 bytes');
  });

  it('[HB14] has what wildcards stood for, the address and the value in its URL, and nothing leaves its place there', () => {
    const url = (template: string, path: string, value: Value, from = '/*/**'): unknown => {
      const found = requests({ url: `http://box${template}`, from, method: 'GET' }).make(
        at(path, value),
        path as Address,
      );
      return typeof found === 'string' ? found : found.url.replace('http://box', '');
    };
    expect(url('/api{address}', '/lamp/1', fromJson(1))).toBe('/api/lamp/1');
    expect(url('/{address}?v={value}', '/lamp/1', text('a b&c'))).toBe('/lamp/1?v=a%20b%26c');
    expect(url('/{1}/of/{2}', '/a b/c/d?e#f', fromJson(1))).toBe('/a%20b/of/c/d%3Fe%23f');
    for (const path of ['/../x', '/a/..', '/a/./b'])
      expect(url('/{1}/{2}', path, fromJson(1))).toBe('its address makes no URL');
    expect(url('/v/{value}/x', '/a', text('..'))).toBe('its address makes no URL');
    expect(url('/v?{value}', '/a', text('\ud800'))).toBe('its address makes no URL');
    expect([fillUrl('http://box/{1}', { '1': '@evil/' }), fillUrl('http://box:99999/', {})]).toEqual([
      ...['http://box/%40evil/', undefined],
    ]);
    expect([wholeUrl('/x', 'http://box/base/'), wholeUrl('http://b', 'http://a')]).toEqual([
      'http://box/base/x',
      'http://b',
    ]);
    expect([originOf('HTTP://Box:80/{1}'), originOf('http://a:99999/'), originOf('/x')]).toEqual([
      ...['http://box', undefined, undefined],
    ]);
  });

  it('[HB13] covers addresses by pattern, and the kinds that are named', () => {
    const rules = requests({ from: '/lamp/*' });
    const covers = (path: string, kind: 'param' | 'event') => rules.covers(at(path, nullValue, kind), path as Address);
    expect([covers('/lamp/1', 'param'), covers('/lamp/1', 'event'), covers('/lamp', 'param')]).toEqual([
      true,
      true,
      false,
    ]);
    const samples: Signal = { ...at('/lamp/1', nullValue), kind: 'stream' } as Signal;
    expect(rules.covers(samples, '/lamp/1' as Address)).toBe(false);
  });

  it('[HB15] is signed over the body, or over id, time and body as Standard Webhooks say', () => {
    const body = new TextEncoder().encode('{"a":1}');
    const parts = { id: 'r-1', at: micros(1_700_000_000_900_000), body };
    const hex = createHmac('sha256', 'key').update('{"a":1}').digest('hex');
    expect(signatureHeaders({ form: 'sha256', header: 'X-Hub' }, 'key', parts)).toEqual({ 'x-hub': `sha256=${hex}` });
    // The vector of the specification's reference implementations.
    const known = {
      ...{ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: micros(1_614_265_330_000_000) },
      body: new TextEncoder().encode('{"test": 2432232314}'),
    };
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    expect(signatureHeaders({ form: 'standard', header: '' }, secret, known)).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});

describe('headers and faults', () => {
  it('[HB16] have secrets of this machine in them, and tell one that is missing or cannot be there', async () => {
    const row = (value: string, secretName: string | null) => ({ name: 'Authorization', value, secretName });
    const secret = (name: string) => Promise.resolve({ key: 'a$&b', bad: 'a\nb' }[name]);
    expect(await headersOf([row('Bearer {secret}', 'key'), { ...row('x', null), name: 'X-A' }], secret)).toEqual({
      authorization: 'Bearer a$&b',
      'x-a': 'x',
    });
    await expect(headersOf([row('{secret}', 'none')], secret)).rejects.toMatchObject({ code: 'unknown-id' });
    await expect(headersOf([row('{secret}', 'key')], undefined)).rejects.toMatchObject({ code: 'unknown-id' });
    await expect(headersOf([row('{secret}', 'bad')], secret)).rejects.toThrow(/^The secret bad cannot be in a header/);
  });

  it('[HB8] are worth another try, or not', () => {
    const again = [408, 425, 429, 500, 502, 503, 504];
    const never = [301, 304, 400, 401, 404, 409, 410, 422];
    expect([...again, ...never].filter(isWorthRepeating)).toEqual(again);
    expect(faultOf(refusedConnection)).toEqual({ words: 'No server listens there.', kind: 'away' });
    expect(faultOf(failure('timeout'))).toEqual({ words: 'The server does not answer in time.', kind: 'away' });
    expect(faultOf(failure('too-long', 'its answer is longer than 9 bytes'))).toEqual({
      ...{ words: 'Its answer is longer than 9 bytes.', kind: 'never' },
    });
    expect(faultOf(failure('network', 'x', 'DEPTH_ZERO_SELF_SIGNED_CERT'))).toEqual({
      ...{ words: 'The certificate of the server is signed by itself; name its authority.', kind: 'repair' },
    });
    expect(faultOf(failure('network', 'Parse Error', 'HPE_INVALID_CONSTANT'))).toEqual({
      ...{ words: 'The server does not speak HTTP there.', kind: 'repair' },
    });
    expect(faultOf(failure('network', 'something else'))).toEqual({
      ...{ words: 'The request failed: something else.', kind: 'away' },
    });
  });
});

describe('settings of an HTTP bridge', () => {
  const faults = (settings: object): unknown =>
    bridgeSchema
      .safeParse({ id: 'h', number: 1, name: 'H', kind: 'http', settings })
      .error?.issues.map(({ path, message }) => `${path.slice(1).join('.')}: ${message}`);

  it('[HB17] want nothing, and of a row no more than its URL and its address', () => {
    expect(httpSettings().settings).toMatchObject({ url: '', polls: [], webhooks: [], connections: 4 });
    const { polls, webhooks } = httpSettings({
      url: 'https://box:8443/base',
      polls: [{ url: '/x?a=b', to: '/x' }],
      webhooks: [{ url: 'http://[::1]:80/{1}', from: '/*' }],
    }).settings;
    expect([polls[0], webhooks[0]]).toMatchObject([
      { everyMs: 1000, read: 'auto', kind: 'param', publish: 'changes', timeoutMs: 5000 },
      { method: 'POST', payload: 'signal', kinds: ['param', 'event'], signature: null },
    ]);
  });

  it('[HB17] are refused with what repairs them', () => {
    const poll = (row: object) => faults({ polls: [{ url: 'http://b/', to: '/x', ...row }] });
    expect(poll({ url: 'http://user:pass@b/' })).toEqual([
      'polls.0.url: expected a URL such as http://10.0.0.5/state, or /state of the server',
    ]);
    expect(poll({ url: '/x' })).toEqual(['polls.0.url: expected a whole URL, or a server above that this one is of']);
    expect(poll({ to: '' })).toEqual(['polls.0.to: expected an address such as /weather']);
    expect(poll({ to: '/{1}' })).toEqual(['polls.0.to: expected no {1}: there is no wildcard']);
    expect(poll({ read: 'text', values: [{ path: '$', to: '/a' }] })).toEqual([
      'polls.0.values: expected none: it is no JSON',
    ]);
    expect(poll({ everyMs: 49 })).toHaveLength(1);
    const header = (row: object) => poll({ headers: [{ name: 'A', value: '', ...row }] });
    expect(header({ name: 'Host' })).toEqual([
      'polls.0.headers.0.name: expected a header that Flyrail does not set itself',
    ]);
    expect(header({ value: 'a\r\nB: c' })).toEqual(['polls.0.headers.0.value: expected one line of plain letters']);
    expect(header({ value: '{secret}' })).toEqual(['polls.0.headers.0.secretName: expected the name of the secret']);
    expect(header({ secretName: 'a' })).toEqual([
      'polls.0.headers.0.value: expected {secret} where the secret is to stand',
    ]);
    const hook = (row: object) => faults({ webhooks: [{ url: 'http://b/', ...row }] });
    expect(hook({ url: 'http://{1}/', from: '/*' })).toHaveLength(1);
    expect(hook({ url: 'http://b/{2}', from: '/*' })).toEqual([
      'webhooks.0.url: expected {1} to {1}, one for each wildcard',
    ]);
    expect(hook({ answerTo: '/{2}' })).toEqual(['webhooks.0.answerTo: expected {1} to {1}, one for each wildcard']);
    expect(hook({ method: 'GET', body: 'x' })).toEqual(['webhooks.0.body: expected none: a GET has no body']);
    expect(hook({ kinds: [] })).toHaveLength(1);
    expect(faults({ headers: [{ name: 'A', value: 'b' }] })).toEqual([
      'url: expected the server that the headers are for',
    ]);
    expect(faults({ certFile: 'a.pem' })).toEqual(['keyFile: expected a certificate and its key together']);
  });
});
