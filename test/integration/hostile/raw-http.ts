import { connect } from 'node:net';

/** Sends these bytes and reads what comes until the other end closes, or has answered and nothing more is sent.
 *  @returns all of it as text; '' where it was closed without a word */
export function rawHttp(url: string, bytes: string | Uint8Array): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host: hostname, port: Number(port), localAddress: '127.0.0.9' }, () => socket.end(bytes));
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    socket.setTimeout(12_000, () => socket.destroy());
    socket.on('error', () => undefined).on('close', () => resolve(answer));
  });
}

/** The status of each answer. */
export function statusesIn(answer: string): readonly string[] {
  const found = [...answer.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, code = '']) => code);
  return found.length > 0 ? found : ['closed'];
}

const paths = [
  ...[
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/%252e%252e%252fpackage.json',
    '/..\\package.json',
  ],
  ...[
    '/assets/../../../../../../etc/passwd',
    '/assets/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd',
    '//etc/passwd',
    '/%00',
    '/%ff%fe',
  ],
  ...[
    '/.%2e/%2e./etc/passwd',
    '/..;/etc/passwd',
    '/assets/%5c..%5c..%5cpackage.json',
    `/${'a'.repeat(7000)}`,
    '/tokens.json',
  ],
  ...[
    '/__proto__',
    '/constructor',
    '/toString',
    '/api/v1/register/__proto__',
    '/api/v1/discover?__proto__[x]=1&constructor=2',
  ],
];

/** Paths, hosts and origins that are not what they seem. @param path one that exists there */
export function trickRequests(host: string, path: string): readonly string[] {
  const get = (target: string, headers = ''): string => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`;
  return [
    ...paths.map((each) => get(each)),
    get('http://evil.example/etc/passwd'),
    get('http://evil.example/metrics'),
    `GET ${path} HTTP/1.1\r\nHost: evil.example\r\n\r\n`,
    `GET ${path} HTTP/1.1\r\n\r\n`,
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\n\r\n`,
    ...['PUT', 'DELETE', 'TRACE', 'PATCH', 'CONNECT', 'BREW'].map(
      (method) => `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\n\r\n`,
    ),
    upgrade(host, 'Origin: http://evil.example\r\n'),
    upgrade('evil.example', ''),
  ];
}

/** Two lengths, a length and chunks, folded and bad headers: what a proxy and a server may cut in different places.
 *  @param target answers a POST */
export function smuggledRequests(host: string, target: string): readonly string[] {
  const inner = `POST ${target} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 60\r\n\r\n{"name":"smuggled","endpoints":{"ws":"ws://10.0.0.1:1/clasp"}}`;
  const post = (headers: string, body: string): string =>
    `POST ${target} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n${body}`;
  return [
    post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${inner}`),
    post('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', `0\r\n\r\n${inner}`),
    post('Content-Length: 0\r\nContent-Length: 200\r\n', inner),
    post('Content-Length: 2, 200\r\n', `{}${inner}`),
    post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${inner}`),
    post('Transfer-Encoding : chunked\r\n', `0\r\n\r\n${inner}`),
    post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${inner}`),
    post('Transfer-Encoding:\r\n chunked\r\n', `0\r\n\r\n${inner}`),
    post('Content-Length: -1\r\n', inner),
    post('Content-Length: 99999999999999999999\r\n', inner),
    post('Content-Length: +2\r\n', `{}${inner}`),
    post('Transfer-Encoding: chunked\r\n', `fffffffffffffffff\r\n${inner}`),
    post('X: a\nContent-Length: 5\r\n', inner),
    post(`X: ${'a'.repeat(100_000)}\r\n`, ''),
    post(Array.from({ length: 3000 }, (_, i) => `X${i}: 1\r\n`).join(''), ''),
  ];
}

function upgrade(host: string, more: string): string {
  const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  return `GET /clasp HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}${more}\r\n`;
}
