import process from 'node:process';
import { messageOf, UnavailableError } from '../contract/errors.ts';
import type { DnsRecord, MdnsPort, MdnsPortOptions } from '../ports/mdns.ts';

/** Records of one packet that are read. */
const recordsMax = 256;
/** Questions of one second that are answered; who asks more floods, and answers go to everybody. */
const answeredPerSecondMax = 30;
/** A goodbye that does not leave keeps nobody waiting. */
const tellWithinMs = 500;
/** RFC 6762 3 */
const group = '224.0.0.251';

/** What is used of the library's server, which it declares as `any` or private: its socket with the codec, and the answering
 *  of questions. Its own publisher prints to stdout when a name is taken and tells the addresses of all cards on each, and
 *  its browser never counts a service as heard again. */
interface Responder {
  register(records: readonly LibraryRecord[]): void;
  respondToQuery(query: { readonly questions: readonly unknown[] }): void;
  readonly registry: Record<string, readonly LibraryRecord[]>;
  readonly mdns: {
    on(event: 'response', run: (packet: unknown, from: { readonly address: string }) => void): void;
    on(event: 'error' | 'warning', run: (error: unknown) => void): void;
    once(event: 'ready', run: () => void): void;
    on(event: 'query', run: (query: { readonly questions?: unknown }) => void): void;
    removeAllListeners(event: 'query'): void;
    query(packet: { readonly questions: readonly object[] }): void;
    respond(packet: { readonly answers: readonly LibraryRecord[] }, done: () => void): void;
    destroy(done: () => void): void;
  };
}
type LibraryRecord = Omit<DnsRecord, 'data'> & { readonly data: unknown };

/** Opens multicast DNS on one card, beside whatever else on this machine speaks it.
 *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
export async function openMdnsPort({ card, onAnswers, onUnread, onFault }: MdnsPortOptions): Promise<MdnsPort> {
  const { Bonjour } = (await import('bonjour-service')).default;
  // Bound to the group, it takes nothing that is sent to another program on this machine; Windows binds to no group.
  const bind = process.platform === 'win32' ? '0.0.0.0' : group;
  const options = { interface: card.address, bind };
  const bonjour: unknown = new Bonjour(options as never, () => undefined);
  const responder = (bonjour as { readonly server: Responder }).server;
  const { mdns } = responder;
  let isOpen = false;
  let isClosed = false;
  const opened = new Promise<void>((resolve, reject) => {
    mdns.once('ready', resolve);
    mdns.on('error', (error) => {
      reject(openFault(error));
      if (isOpen && !isClosed) onFault(messageOf(error));
      isOpen = false;
    });
  });
  answerCalmly(responder);
  try {
    await opened;
  } catch (error) {
    mdns.destroy(() => undefined);
    throw error;
  }
  isOpen = true;
  mdns.on('response', (packet, { address }) => {
    if (!isClosed) onAnswers(recordsOf(packet), address);
  });
  // A packet that is none, or a card that went: the one is counted, the other is seen by whoever watches the cards.
  mdns.on('warning', (fault) => {
    if (!isOfSystem(fault) && !isClosed) onUnread();
  });
  return {
    card,
    ask: (questions) => {
      if (isClosed) return;
      try {
        mdns.query({ questions });
      } catch {
        // A name as no packet can carry it was told by somebody; it is not asked for.
      }
    },
    answerWith: (records) => {
      for (const type of Object.keys(responder.registry)) responder.registry[type] = [];
      responder.register(records.map(toLibrary));
    },
    tell: (records) =>
      new Promise((resolve) => {
        setTimeout(resolve, tellWithinMs).unref();
        if (isClosed) resolve();
        else mdns.respond({ answers: records.map(toLibrary) }, resolve);
      }),
    close: () => {
      if (isClosed) return Promise.resolve();
      isClosed = true;
      return new Promise((resolve) => mdns.destroy(resolve));
    },
  };
}

/** The library answers each question to everybody, however often it stands in one packet. */
function answerCalmly(responder: Responder): void {
  let second = 0;
  let answered = 0;
  responder.mdns.removeAllListeners('query');
  responder.mdns.on('query', ({ questions }) => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) [second, answered] = [now, 0];
    const asked = new Map<string, unknown>();
    for (const question of Array.isArray(questions) ? questions.slice(0, recordsMax) : []) {
      const { name, type } = (question ?? {}) as Readonly<Record<string, unknown>>;
      const isKnown = typeof name === 'string' && typeof type === 'string' && isOurs(responder, name);
      if (isKnown && answered + asked.size < answeredPerSecondMax) asked.set(`${type} ${name}`, question);
    }
    answered += asked.size;
    if (asked.size > 0) responder.respondToQuery({ questions: [...asked.values()] });
  });
}

function isOurs({ registry }: Responder, name: string): boolean {
  const wanted = name.toLowerCase();
  return Object.values(registry).some((records) => records.some((record) => record.name.toLowerCase() === wanted));
}

function toLibrary(record: DnsRecord): LibraryRecord {
  const { flush = false } = record;
  if (record.type === 'TXT') return { ...record, flush, data: record.data.map((bytes) => Buffer.from(bytes)) };
  return { ...record, flush };
}

function isOfSystem(fault: unknown): boolean {
  return fault instanceof Error && 'syscall' in fault;
}

function openFault(cause: unknown): UnavailableError {
  const inUse = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  const message = inUse
    ? 'UDP port 5353 is used by a program that does not share it: nothing is found by mDNS.'
    : `UDP port 5353 cannot be opened (${messageOf(cause)}): nothing is found by mDNS.`;
  return new UnavailableError(inUse ? 'port-in-use' : 'cannot-open-port', message, {}, { cause });
}

/** The records of a packet that has the expected shape; others are left out. */
function recordsOf(packet: unknown): readonly DnsRecord[] {
  const { answers, additionals } = packet as { readonly answers?: unknown; readonly additionals?: unknown };
  const all: unknown[] = [answers, additionals].flatMap((each): unknown[] => (Array.isArray(each) ? each : []));
  return all.slice(0, recordsMax).flatMap((record) => recordOf(record) ?? []);
}

function recordOf(record: unknown): DnsRecord | undefined {
  const { name, type, ttl, data } = (record ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || typeof ttl !== 'number') return undefined;
  switch (type) {
    case 'PTR':
    case 'A':
    case 'AAAA':
      return typeof data === 'string' ? { name, type, ttl, data } : undefined;
    case 'SRV': {
      const { target, port } = (data ?? {}) as Readonly<Record<string, unknown>>;
      return typeof target === 'string' && typeof port === 'number'
        ? { name, type, ttl, data: { target, port } }
        : undefined;
    }
    case 'TXT': {
      const strings: readonly unknown[] = Array.isArray(data) ? data : [data];
      return { name, type, ttl, data: strings.filter((each) => each instanceof Uint8Array) };
    }
    default:
      return undefined;
  }
}
