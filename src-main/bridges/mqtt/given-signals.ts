import { Buffer } from 'node:buffer';
import { capture, parsePattern, type Address, type Pattern } from '../../contract/address.ts';
import type { MqttPublication } from '../../contract/bridges/mqtt-fields.ts';
import { messageOf } from '../../contract/errors.ts';
import { topicFault } from '../../contract/mqtt-topics.ts';
import { carriedValue, type Signal, type Value } from '../../contract/signal.ts';
import { capturesOf, fillBody, fillTemplate, type Holes } from '../../core/realtime/templates.ts';
import { topicOfPath } from '../../core/realtime/topic-levels.ts';
import { formatJson } from '../../platform/json-value.ts';
import { encodeMessage, payloadBytesMax, plainText } from '../../platform/payload-codec.ts';

export interface GivenMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** of version 5 */
  readonly properties?: {
    readonly contentType?: string;
    readonly messageExpiryInterval?: number;
    readonly userProperties?: Readonly<Record<string, string>>;
  };
}

interface Rule {
  readonly settings: MqttPublication;
  readonly from: Pattern;
  readonly properties: GivenMessage['properties'];
}

/** Turns signals under the prefix into messages, by the first publication that covers their address. */
export class GivenSignals {
  readonly #prefix: string;
  readonly #rules: readonly Rule[];

  constructor(prefix: string, publications: readonly MqttPublication[]) {
    this.#prefix = prefix;
    this.#rules = publications.map((settings) => ({
      settings,
      from: parsePattern(settings.from),
      properties: propertiesOf(settings),
    }));
  }

  /** @returns the message, or why there is none, as a clause */
  give(signal: Signal): GivenMessage | string {
    if (signal.kind === 'timeline') return 'a timeline plays where it is set, and its values go out';
    const path = signal.address.slice(this.#prefix.length);
    if (!signal.address.startsWith(this.#prefix) || !path.startsWith('/') || path === '/')
      return `it is not under ${this.#prefix}`;
    for (const rule of this.#rules) {
      const found = capture(rule.from, path as Address);
      if (found) return giveBy(rule, found, { path, signal });
    }
    return 'no publication covers it';
  }
}

function giveBy(
  { settings, properties }: Rule,
  found: readonly string[],
  { path, signal }: { readonly path: string; readonly signal: Signal },
): GivenMessage | string {
  const captures = capturesOf(found.map((part) => topicOfPath(`/${part}`)));
  const topic =
    settings.to === '' ? topicOfPath(path) : fillTemplate(settings.to, { ...captures, address: topicOfPath(path) });
  const fault = topicFault(topic);
  if (fault) return fault;
  try {
    const value = carriedValue(signal);
    const payload = payloadOf(settings, value, { ...captures, topic, address: path });
    const { qos } = settings;
    const retain = settings.retain && signal.kind === 'param';
    // [MQTT 3.1.1, 3.3.1.3]
    if (retain && payload.length === 0 && value.type !== 'null') return clears;
    return {
      topic,
      payload,
      qos,
      retain,
      ...(properties && { properties }),
    };
  } catch (error) {
    return messageOf(error);
  }
}

const clears = 'an empty message would clear what the broker keeps; set null for that, or send it as JSON';

function payloadOf(settings: MqttPublication, value: Value, holes: Holes): Buffer {
  const { body, numbers, payload } = settings;
  if (body === null) return encodeMessage(value, settings);
  const form = payload === 'auto' || payload === 'json' ? payload : 'text';
  const filled = fillBody(body, form, {
    holes,
    words: plainText(value, numbers),
    json: formatJson(value, { numbers }),
  });
  if (filled.length > payloadBytesMax) throw new RangeError(`it is longer than ${payloadBytesMax} bytes`);
  return Buffer.from(filled);
}

function propertiesOf({ contentType, expirySeconds, userProperties }: MqttPublication): GivenMessage['properties'] {
  const properties = {
    ...(contentType !== '' && { contentType }),
    ...(expirySeconds !== null && { messageExpiryInterval: expirySeconds }),
    ...(Object.keys(userProperties).length > 0 && { userProperties }),
  };
  return Object.keys(properties).length > 0 ? properties : undefined;
}
