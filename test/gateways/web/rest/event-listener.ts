import { request, type ClientRequest, type IncomingMessage } from 'node:http';

export interface HeardEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** An EventSource without its reconnecting. */
export class EventListener {
  readonly events: HeardEvent[] = [];
  readonly request: ClientRequest;
  response: IncomingMessage | undefined;
  comments = 0;
  isOver = false;
  #rest = '';

  constructor(url: string, path: string, headers: Readonly<Record<string, string>> = {}) {
    const { hostname, port } = new URL(url);
    this.request = request({ host: hostname, port, path, headers, agent: false }, (response) => {
      this.response = response;
      response.setEncoding('utf8');
      response.on('data', (text: string) => this.#take(text));
      response.on('close', () => (this.isOver = true));
    });
    this.request.on('error', () => (this.isOver = true));
    this.request.end();
  }

  get status(): number | undefined {
    return this.response?.statusCode;
  }

  /** The messages without a name, in short. */
  get said(): string[] {
    return this.events
      .filter(({ event }) => event === 'message')
      .map(
        ({ data }) =>
          `${data['standing'] === true ? 'standing ' : ''}${String(data['kind'])} ${String(data['address'])} ${JSON.stringify(data['value'])}`,
      );
  }

  get lastId(): string {
    return this.events.findLast(({ id }) => id !== '')?.id ?? '';
  }

  named(event: string): HeardEvent | undefined {
    return this.events.find((each) => each.event === event);
  }

  #take(text: string): void {
    const parts = (this.#rest + text).split('\n\n');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) {
      const field = (name: string): string =>
        part
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2) ?? '';
      if (part.startsWith(':')) this.comments++;
      if (field('data') === '') continue;
      const data = JSON.parse(field('data')) as Record<string, unknown>;
      this.events.push({ id: field('id'), event: field('event') || 'message', data });
    }
  }
}
