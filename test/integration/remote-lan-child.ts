// Another machine's view of an interface: what it gets, as one line of JSON. Arguments: origin, PIN, one-time secret.
import { request } from 'node:http';
import process from 'node:process';
import { pakeReady, startPakeClient } from '../../src-main/platform/pake.ts';
import { stretchPin } from '../../src-main/platform/stretch-pin.ts';

const [origin = '', pin = '', secret = ''] = process.argv.slice(2);
await pakeReady;

interface Sent {
  readonly method?: string;
  readonly value?: unknown;
  readonly headers?: Record<string, string>;
}

function ask(
  path: string,
  { method = 'GET', value, headers = {} }: Sent = {},
): Promise<{ status: number; body: string; cookie: string }> {
  const body = value === undefined ? '' : JSON.stringify(value);
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, origin), { method, headers: { origin, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const cookie = response.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
        resolve({ status: response.statusCode ?? 0, body: text, cookie });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

async function logIn(): Promise<{ status: number; cookie: string }> {
  const { salt } = JSON.parse((await ask('/login')).body) as { salt: string };
  const asked = startPakeClient('pin', await stretchPin(pin, salt));
  const started = await ask('/login/start', { method: 'POST', value: { message: asked.message } });
  const { exchange, answers } = JSON.parse(started.body) as { exchange: string; answers: string[] };
  const message = asked.finish(answers[0] ?? '')?.message ?? '';
  return ask('/login/finish', { method: 'POST', value: { exchange, answer: 0, message } });
}

const { port } = new URL(origin);
const { status, cookie } = await logIn();
const told = {
  page: (await ask('/')).status,
  metrics: (await ask('/metrics')).status,
  secret: (await ask('/session', { method: 'POST', value: { secret } })).status,
  rebound: (await ask('/', { headers: { host: `evil.example:${port}`, origin: `http://evil.example:${port}` } }))
    .status,
  loopbackName: (await ask('/', { headers: { host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` } })).status,
  login: status,
  session: (await ask('/session', { headers: { cookie } })).status,
};
process.stdout.write(`${JSON.stringify(told)}\n`);
