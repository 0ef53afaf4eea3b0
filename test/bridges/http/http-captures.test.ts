import { describe, expect, it } from 'vitest';
import { askPages } from '../../../src-main/bridges/http/poll-pages.ts';
import { PollReader } from '../../../src-main/bridges/http/poll-reader.ts';
import { WebhookRequests } from '../../../src-main/bridges/http/webhook-request.ts';
import { signatureHeaders } from '../../../src-main/bridges/http/webhook-signature.ts';
import type { Address } from '../../../src-main/contract/address.ts';
import { httpPollSchema, httpWebhookSchema } from '../../../src-main/contract/bridges/http-fields.ts';
import { text, toJson, type Signal } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { answerValue } from '../../../src-main/gateways/web/rest/answer-value.ts';
import { coversTag } from '../../../src-main/gateways/web/rest/conditions.ts';
import { readValue } from '../../../src-main/gateways/web/rest/request-value.ts';
import captured from '../../fixtures/captures/http.json' with { type: 'json' };

type Name = keyof typeof captured;

/** A request or answer that was recorded whole: its first line, its headers, and its body of as many bytes as they say. */
function read(name: Name) {
  const bytes = Buffer.from(captured[name], 'hex');
  const end = bytes.indexOf('\r\n\r\n');
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = bytes.subarray(end + 4, end + 4 + Number(headers['content-length'] ?? 0));
  return { first, headers, body, status: Number(first.split(' ')[1]), retryAfter: undefined };
}

describe('answers of other servers', () => {
  const polled = (name: Name, poll: object): unknown => {
    const found = new PollReader('/http', httpPollSchema.parse({ url: 'http://box/x', ...poll })).read(read(name));
    return typeof found === 'string' ? found : found.map(({ address, value }) => [address, toJson(value)]);
  };

  it('[HB31] of http.server are files as they are, by their type', () => {
    expect(polled('python-file-json', { to: '/state' })).toEqual([
      ['/http/state', { lamp: { 1: 0.75, name: 'Zoë' }, n: '9007199254740993' }],
    ]);
    expect(polled('python-file-json', { values: [{ path: '$.lamp.name', to: '/name' }] })).toEqual([
      ['/http/name', 'Zoë'],
    ]);
    expect(polled('python-file-text', { to: '/room' })).toEqual([['/http/room', 'Zoë 21.5 °C\n']]);
  });

  it('[HB31] of Flask are values, signals, and text in its own charset', () => {
    expect(polled('flask-etag', { values: [{ path: '$.lamp["1"]', to: '/lamp' }] })).toEqual([['/http/lamp', 0.75]]);
    expect(polled('flask-etag', { read: 'signals', to: '/far' })).toEqual([
      ['/http/far/lamp/1', 0.75],
      ['/http/far/cue', 'GO'],
    ]);
    expect(polled('flask-latin', { to: '/name' })).toEqual([['/http/name', 'Zoë']]);
  });

  it('[HB31] of Flask name the next page, which is asked for', async () => {
    const asked: string[] = [];
    const pages = await askPages('http://box/page', read('flask-page'), (url) => {
      asked.push(url);
      return Promise.resolve(read('flask-latin'));
    });
    expect([asked, pages.length]).toEqual([['http://box/page?n=2'], 2]);
  });

  it('[HB31] of Flask say by tag and status that nothing changed, or that it is away', () => {
    expect(coversTag('"r7"', read('flask-etag').headers['etag'] ?? '')).toBe(true);
    expect([read('flask-not-modified'), read('flask-away')].map(({ status, body }) => [status, body.length])).toEqual([
      [304, 0],
      [503, 5],
    ]);
    expect(read('flask-away').headers['retry-after']).toBe('7');
  });
});

describe('requests of other clients', () => {
  const valueIn = (name: Name): unknown => {
    const { headers, body } = read(name);
    const [contentType, contentEncoding] = [headers['content-type'], headers['content-encoding']];
    const value = readValue({ contentType, contentEncoding, bytes: body });
    return value && toJson(value);
  };

  it.each<[Name, string, unknown]>([
    ['curl-put-form', '/api/signals/lamp/1', 0.5],
    ['curl-put-json', '/api/signals/lamp/1', { name: 'Zoë', n: '9007199254740993' }],
    ['curl-put-bytes', '/api/signals/raw', [0, 255, 16]],
    ['requests-put-json', '/api/signals/lamp/1', [1, 0.5, null, 'a']],
    ['requests-put-text', '/api/signals/title', 'Zoë: 3'],
  ])('[HB31] hold the value that was put: %s', (name, path, value) => {
    expect(read(name).first).toBe(`PUT ${path} HTTP/1.1`);
    expect(valueIn(name)).toEqual(value);
  });

  it('[HB31] ask for a revision, for text before JSON, and for events behind the last one', () => {
    expect(coversTag(read('curl-put-json').headers['if-match'] ?? '', '"7"')).toBe(true);
    const { accept } = read('curl-get-text').headers;
    expect(answerValue(text('Zoë'), accept)).toEqual({ contentType: 'text/plain; charset=utf-8', body: 'Zoë' });
    expect(read('curl-events').headers).toMatchObject({ accept: 'text/event-stream', 'last-event-id': '5' });
  });
});

describe('webhooks of other programs', () => {
  it('[HB31] have the body that ours has, and are signed as ours by Standard Webhooks', () => {
    const { headers, body } = read('standardwebhooks-post');
    const settings = httpWebhookSchema.parse({
      from: '/**',
      url: 'http://box/hook',
      kinds: ['event'],
      payload: 'signal',
    });
    const go: Signal = { kind: 'event', address: '/http/cue' as Address, value: text('GO') };
    const own = new WebhookRequests(settings, 'http://box/hook').make(go, '/cue' as Address);
    expect(typeof own === 'string' ? own : Buffer.from(own.body ?? '')).toEqual(body);
    const at = micros(Number(headers['webhook-timestamp']) * 1_000_000);
    const signed = signatureHeaders({ form: 'standard', header: '' }, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
      id: headers['webhook-id'] ?? '',
      at,
      body,
    });
    expect(headers).toMatchObject(signed);
  });

  it('[HB31] are signed as ours by HMAC of OpenSSL', () => {
    const { headers, body } = read('openssl-sha256-post');
    const settings = { form: 'sha256', header: 'X-Hub-Signature-256' } as const;
    expect(headers).toMatchObject(signatureHeaders(settings, 'cue-7', { id: '', at: micros(0), body }));
  });
});
