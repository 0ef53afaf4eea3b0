import { tryAddress, type Address } from '../../contract/address.ts';
import type { MqttSubscription } from '../../contract/bridges/mqtt-fields.ts';
import { messageOf } from '../../contract/errors.ts';
import { readJsonPath, tryJsonPath, type JsonPath } from '../../contract/json-path.ts';
import { topicMatcher } from '../../contract/mqtt-topics.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import { pathOfTopic, segmentOfLevel } from '../../core/realtime/topic-levels.ts';
import { capturesOf, fillTemplate, type Holes } from '../../core/realtime/templates.ts';
import { decodePayload } from '../../platform/payload-codec.ts';

export interface TakenMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retained: boolean;
}

interface Rule {
  readonly settings: MqttSubscription;
  readonly match: (topic: string) => string[] | undefined;
  readonly paths: readonly { readonly path: JsonPath; readonly text: string; readonly to: string }[];
}

/** Turns messages of the broker into signals under the prefix, by the first subscription that covers their topic. */
export class TakenTopics {
  readonly #prefix: string;
  readonly #rules: readonly Rule[];

  constructor(prefix: string, subscriptions: readonly MqttSubscription[]) {
    this.#prefix = prefix;
    this.#rules = subscriptions.map((settings) => ({
      settings,
      match: topicMatcher(settings.topic),
      paths: settings.values.map(({ path, to }) => ({ path: tryJsonPath(path) ?? [], text: path, to })),
    }));
  }

  /** @returns the signals, or why there is none, as a clause */
  take(message: TakenMessage): readonly Signal[] | string {
    for (const rule of this.#rules) {
      const found = rule.match(message.topic);
      if (found) return this.#takeBy(rule, found, message);
    }
    return 'no subscription names its topic';
  }

  /** How many subscriptions cover a topic: so often a broker may send a message back. */
  covering(topic: string): number {
    return this.#rules.filter(({ match }) => match(topic)).length;
  }

  #takeBy({ settings, paths }: Rule, found: readonly string[], message: TakenMessage): readonly Signal[] | string {
    let value: Value;
    try {
      value = decodePayload(message.payload, settings);
    } catch (error) {
      return messageOf(error);
    }
    const holes = { ...capturesOf(found.map(pathPart)), topic: pathOfTopic(message.topic).slice(1) };
    const kind = message.retained ? 'param' : settings.plain;
    if (paths.length === 0) {
      const address = this.#place(settings.to, holes, message.topic);
      return address === undefined ? 'its topic makes no address here' : [{ kind, address, value }];
    }
    return this.#takeParts(paths, { value, kind, holes, topic: message.topic });
  }

  #takeParts(
    paths: Rule['paths'],
    { value, kind, holes, topic }: { value: Value; kind: 'param' | 'event'; holes: Holes; topic: string },
  ): readonly Signal[] | string {
    const signals: Signal[] = [];
    for (const { path, to } of paths) {
      const part = readJsonPath(value, path);
      const address = part && this.#place(to, holes, topic);
      if (part && address) signals.push({ kind, address, value: part });
    }
    return signals.length > 0 ? signals : `it has no ${paths.map(({ text }) => text).join(', ')}`;
  }

  #place(template: string, holes: Holes, topic: string): Address | undefined {
    const path = template === '' ? pathOfTopic(topic) : filledPath(template, holes);
    return path === '/' ? undefined : tryAddress(this.#prefix + path);
  }
}

/** What a wildcard stood for, as a part or some parts of an address. */
function pathPart(found: string): string {
  return found.includes('/') ? pathOfTopic(found).slice(1) : segmentOfLevel(found, true);
}

/** A # that stood for nothing leaves no slash behind. */
function filledPath(template: string, holes: Holes): string {
  const path = fillTemplate(template, holes).replace(/\/{2,}/g, '/');
  return template.endsWith('/') ? path : path.replace(/(?<=.)\/$/, '');
}
