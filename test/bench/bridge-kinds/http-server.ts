import { once } from 'node:events';
import { Agent, createServer, request, type RequestListener } from 'node:http';

/** A device that is a web server. @returns how it is closed, with those that are connected */
export async function openHttpServer(port: number, run: RequestListener): Promise<() => Promise<void>> {
  const server = createServer(run).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
}

/** Hands on what a request brought. */
export function readBody(run: (body: string) => void): RequestListener {
  return (asked, answer) => {
    let body = '';
    asked.setEncoding('utf8').on('data', (text: string) => (body += text));
    asked.on('end', () => {
      answer.writeHead(204).end();
      run(body);
    });
  };
}

// One at a time: they arrive in their order.
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Posts a number, and does not wait for what is said of it. */
export function post(port: number, n: string): void {
  const headers = { 'content-type': 'text/plain', 'content-length': n.length };
  const asked = request({ ...{ agent, host: '127.0.0.1', port, path: '/out', method: 'POST' }, headers }, (answer) =>
    answer.resume(),
  );
  asked.on('error', () => undefined).end(n);
}
