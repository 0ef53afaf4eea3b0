import type { ServerResponse } from 'node:http';
import { carriedValue } from '../../../contract/signal.ts';
import type { SharedRoom } from '../../../core/bounds/shared-room.ts';
import { formatJson } from '../../../platform/json-value.ts';
import { SlowReader, waitingBytesMax } from '../../slow-reader.ts';
import type { WebDelivery } from '../web-guest.ts';
import { SentEvents } from './sent-events.ts';

interface Line {
  /** undefined: it is about the stream itself */
  readonly number: number | undefined;
  readonly text: string;
}

interface Told extends Line {
  readonly key: string;
  readonly isOnce: boolean;
}

interface EventStreamOptions {
  /** told of everything that is left out or overtaken */
  readonly onShed: () => void;
  /** bytes that wait and are kept for this client and others together */
  readonly room: SharedRoom;
}

/** How soon an EventSource tries again. */
const retryMs = 2000;

/** What one client hears as Server-Sent Events, over all its connections. Each message has an id; who comes back with the last one
 *  it got is told what came after it, as long as that is kept.
 *  @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export class EventStream {
  readonly #id: string;
  readonly #options: EventStreamOptions;
  readonly #sent: SentEvents;
  #count = 0;
  /** what comes before the first connection has its headers */
  #early: Told[] | undefined = [];
  #earlyBytes = 0;
  #line: { readonly response: ServerResponse; readonly reader: SlowReader<Line> } | undefined;
  #writtenAtBeat = -1;

  /** @param id nobody guesses it */
  constructor(id: string, options: EventStreamOptions) {
    this.#id = id;
    this.#options = options;
    this.#sent = new SentEvents(options.room);
  }

  /** The connection that it goes to from now on; the one before is cut. */
  attach(response: ServerResponse): void {
    this.detach();
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write(`retry: ${retryMs}\n\n`);
    const reader: SlowReader<Line> = new SlowReader({
      unwrittenBytes: () => response.writableLength,
      write: (line) => response.write(this.#textOf(line, reader.isBehind)),
      onDrain: (run) => response.once('drain', run),
      ...this.#options,
    });
    this.#line = { response, reader };
    this.#writtenAtBeat = -1;
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const told of early) this.#send(told);
  }

  detach(): void {
    this.#line?.reader.close();
    this.#line?.response.destroy();
    this.#line = undefined;
  }

  /** Its client has heard the last of it. */
  end(): void {
    this.#line?.reader.close();
    this.#line?.response.end();
    this.#line = undefined;
    this.#sent.close();
  }

  /** Whether this is the connection that it goes to. */
  isAt(response: ServerResponse): boolean {
    return this.#line?.response === response;
  }

  /** Whether all that came after the message with this number is still known. */
  knowsAfter(number: number): boolean {
    return number <= this.#count && this.#sent.after(number) !== undefined;
  }

  /** Tells it again, before anything else. */
  tellAfter(number: number): void {
    const missed = this.#sent.after(number) ?? [];
    this.tell('resumed', { count: missed.length });
    for (const { number: of, data } of missed)
      this.#line?.response.write(this.#textOf({ number: of, text: data }, false));
  }

  deliver({ signal, isStanding, revision }: WebDelivery): void {
    const { kind, address } = signal;
    const fields = [
      `"address":${JSON.stringify(address)}`,
      `"kind":"${kind}"`,
      `"value":${formatJson(carriedValue(signal))}`,
      ...(kind === 'gesture' ? [`"gesture":${signal.gestureId}`, `"phase":"${signal.phase}"`] : []),
      ...(revision === undefined ? [] : [`"revision":${revision}`]),
      ...(isStanding ? ['"standing":true'] : []),
    ];
    const number = ++this.#count;
    const text = `data: {${fields.join(',')}}\n\n`;
    // What flows is worth nothing later.
    if (kind !== 'stream') this.#sent.add(number, text);
    this.#send({ number, text, key: address, isOnce: kind === 'event' });
  }

  /** Says something of the stream itself, as an event with a name. */
  tell(event: 'given' | 'resumed' | 'reset' | 'ended', data: object): void {
    const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    this.#send({ number: undefined, text, key: `\n${event}`, isOnce: false });
  }

  /** Keeps the connection alive. Who has taken nothing since the last time, though something waits, is cut. */
  beat(): void {
    const { response } = this.#line ?? {};
    if (!response) return;
    const { writableLength } = response;
    const taken = (response.socket?.bytesWritten ?? 0) - writableLength;
    if (writableLength > 0 && taken === this.#writtenAtBeat) return this.detach();
    this.#writtenAtBeat = taken;
    if (writableLength === 0) response.write(':\n\n');
  }

  #send(told: Told): void {
    const sizeBytes = told.text.length;
    if (this.#line) return this.#line.reader.send({ ...told, item: told, sizeBytes });
    if (!this.#early) return;
    if (this.#earlyBytes + sizeBytes > waitingBytesMax) return this.#options.onShed();
    this.#earlyBytes += sizeBytes;
    this.#early.push(told);
  }

  /** @param isBehind older ones wait: the client must not say that it has all up to this one */
  #textOf({ number, text }: Line, isBehind: boolean): string {
    return number === undefined || isBehind ? text : `id: ${this.#id}.${number}\n${text}`;
  }
}
