import { capture, parsePattern, tryAddress, type Address, type Pattern } from '../../contract/address.ts';
import { placeOfNamespace, type SocketioEmission } from '../../contract/bridges/socketio-fields.ts';
import type { SocketioBridge } from '../../contract/bridges/socketio.ts';
import { messageOf } from '../../contract/errors.ts';
import { eventFault } from '../../contract/event-names.ts';
import { carriedValue, type Signal, type Value } from '../../contract/signal.ts';
import { encodedSize } from '../../core/protocol/values.ts';
import { eventOfPath } from '../../core/realtime/event-paths.ts';
import { capturesOf, fillBody, fillTemplate, type Holes } from '../../core/realtime/templates.ts';
import { argumentOf } from '../../platform/event-arguments.ts';
import { formatJson, parseJson } from '../../platform/json-value.ts';
import { payloadBytesMax, plainText } from '../../platform/payload-codec.ts';

export interface GivenEvent {
  readonly namespace: string;
  readonly event: string;
  readonly args: readonly unknown[];
  /** as it is in CLASP, near enough to what it is on the wire */
  readonly sizeBytes: number;
  /** it happens or flows, and stays nowhere: while the server is away it is past */
  readonly isPassing: boolean;
  readonly ack?: {
    readonly timeoutMillis: number;
    readonly retries: number;
    /** where the answer goes */
    readonly to: Address | undefined;
  };
}

interface Rule {
  readonly settings: SocketioEmission;
  readonly from: Pattern;
}

/** Turns signals under the prefix into events, by the first emission that covers their address. */
export class GivenEvents {
  readonly #prefix: string;
  readonly #rules: readonly Rule[];
  readonly #isLast: boolean;
  /** namespaces by where they are, the longest first */
  readonly #places: readonly { readonly name: string; readonly at: string }[];

  constructor({ prefix, namespaces, emissions, eventNames }: SocketioBridge['settings']) {
    this.#prefix = prefix;
    this.#isLast = eventNames === 'last';
    this.#places = namespaces
      .map((each) => ({ name: each.name, at: placeOfNamespace(each) }))
      .sort((left, right) => right.at.length - left.at.length);
    this.#rules = emissions.map((settings) => ({ settings, from: parsePattern(settings.from) }));
  }

  /** @returns the event, or why there is none, as a clause */
  give(signal: Signal): GivenEvent | string {
    if (signal.kind === 'timeline') return 'a timeline plays where it is set, and its values go out';
    const path = signal.address.slice(this.#prefix.length);
    if (!signal.address.startsWith(this.#prefix) || !path.startsWith('/') || path === '/')
      return `it is not under ${this.#prefix}`;
    for (const { settings, from } of this.#rules) {
      const found = capture(from, path as Address);
      if (!found) continue;
      try {
        return this.#giveBy(settings, { signal, path, captures: capturesOf(found) });
      } catch (error) {
        return messageOf(error);
      }
    }
    return 'no emission covers it';
  }

  /** @throws what `argumentOf` and `fillBody` do */
  #giveBy(
    settings: SocketioEmission,
    { signal, path, captures }: { readonly signal: Signal; readonly path: string; readonly captures: Holes },
  ): GivenEvent | string {
    const at = this.#places.find((place) => path.startsWith(`${place.at}/`) && path.length > place.at.length + 1);
    const namespace = settings.namespace === '' ? at?.name : settings.namespace;
    if (namespace === undefined) return 'it is in no namespace of this bridge';
    const own = at ? path.slice(at.at.length) : path;
    const holes = { ...captures, address: path, topic: own.slice(1) };
    const event = settings.event === '' ? this.#nameOf(own) : fillTemplate(settings.event, holes);
    const fault = eventFault(event) ?? (this.#places.some(({ name }) => name === namespace) ? undefined : noNamespace);
    if (fault !== undefined) return fault;
    const values = argumentsOf(settings.args, { signal, holes });
    const sizeBytes = values.reduce((sum, value) => sum + encodedSize(value), event.length);
    if (sizeBytes > payloadBytesMax) return `it is longer than ${payloadBytesMax} bytes`;
    return {
      ...{ namespace, event, sizeBytes },
      // All together: how many pieces of bytes a message has is bounded.
      args: argumentOf({ type: 'array', value: values }) as unknown[],
      isPassing: signal.kind !== 'param',
      ...(settings.ack && { ack: { ...settings.ack, to: this.#answerOf(settings.ack.to, holes) } }),
    };
  }

  #nameOf(path: string): string {
    return eventOfPath(this.#isLast ? path.slice(path.lastIndexOf('/')) : path);
  }

  #answerOf(template: string, holes: Holes): Address | undefined {
    return template === '' ? undefined : tryAddress(this.#prefix + fillTemplate(template, holes));
  }
}

const noNamespace = 'its namespace is none of this bridge';

function argumentsOf(
  template: string | null,
  { signal, holes }: { readonly signal: Signal; readonly holes: Holes },
): readonly Value[] {
  const value = carriedValue(signal);
  if (template === null) return [value];
  const [words, json] = [plainText(value, 'float'), formatJson(value)];
  const filled = parseJson(fillBody(template, 'json', { holes, words, json }));
  return filled.type === 'array' ? filled.value : [filled];
}
