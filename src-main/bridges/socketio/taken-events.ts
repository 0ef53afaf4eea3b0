import { capture, parsePattern, tryAddress, type Address, type Pattern } from '../../contract/address.ts';
import {
  placeOfNamespace,
  type SocketioEvent,
  type SocketioNamespace,
} from '../../contract/bridges/socketio-fields.ts';
import { messageOf } from '../../contract/errors.ts';
import { eventNameMax } from '../../contract/event-names.ts';
import { readJsonPath, tryJsonPath, type JsonPath } from '../../contract/json-path.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import { pathOfEvent } from '../../core/realtime/event-paths.ts';
import { capturesOf, fillTemplate, type Holes } from '../../core/realtime/templates.ts';
import { encodedSize } from '../../core/protocol/values.ts';
import { valueOfArguments } from '../../platform/event-arguments.ts';
import { payloadBytesMax } from '../../platform/payload-codec.ts';

export interface TakenEvent {
  readonly namespace: string;
  readonly event: string;
  readonly args: readonly unknown[];
}

interface Rule {
  readonly settings: SocketioEvent;
  readonly events: Pattern;
  readonly paths: readonly { readonly path: JsonPath; readonly text: string; readonly to: string }[];
}

/** Turns events of the server into signals under the prefix, by the first rule that covers their name. */
export class TakenEvents {
  readonly #rules: readonly Rule[];
  /** where each namespace is */
  readonly #places: ReadonlyMap<string, string>;

  constructor(prefix: string, namespaces: readonly SocketioNamespace[], events: readonly SocketioEvent[]) {
    this.#places = new Map(namespaces.map((each) => [each.name, prefix + placeOfNamespace(each)]));
    this.#rules = events.map((settings) => ({
      settings,
      events: parsePattern(`/${settings.event}`),
      paths: settings.values.map(({ path, to }) => ({ path: tryJsonPath(path) ?? [], text: path, to })),
    }));
  }

  /** @returns the signals, or why there is none, as a clause; undefined where no rule asks for it */
  take({ namespace, event, args }: TakenEvent): readonly Signal[] | string | undefined {
    const path = event.length > eventNameMax ? undefined : pathOfEvent(event);
    if (path === undefined || tryAddress(path) === undefined) return 'its name makes no address here';
    const under = this.#places.get(namespace) ?? '';
    for (const rule of this.#rules) {
      if (rule.settings.namespace !== '' && rule.settings.namespace !== namespace) continue;
      const found = capture(rule.events, path as Address);
      if (found) return takeBy(rule, args, { under, path, holes: { ...capturesOf(found), topic: path.slice(1) } });
    }
    return undefined;
  }
}

interface Place {
  /** prefix and namespace */
  readonly under: string;
  /** of the event's name */
  readonly path: string;
  readonly holes: Holes;
}

function takeBy({ settings, paths }: Rule, args: readonly unknown[], place: Place): readonly Signal[] | string {
  let value: Value;
  try {
    value = valueOfArguments(args);
  } catch (error) {
    return messageOf(error);
  }
  const kind = settings.as;
  if (paths.length === 0) {
    if (encodedSize(value) > payloadBytesMax) return `it is longer than ${payloadBytesMax} bytes`;
    const address = placeOf(settings.to, place);
    return address === undefined ? 'its name makes no address here' : [{ kind, address, value }];
  }
  const signals: Signal[] = [];
  for (const { path, to } of paths) {
    const part = readJsonPath(value, path);
    const address = part && placeOf(to, place);
    if (part && address && encodedSize(part) <= payloadBytesMax) signals.push({ kind, address, value: part });
  }
  return signals.length > 0 ? signals : `it has no ${paths.map(({ text }) => text).join(', ')}`;
}

function placeOf(template: string, { under, path, holes }: Place): Address | undefined {
  return tryAddress(under + (template === '' ? path : filledPath(template, holes)));
}

/** A ** that stood for nothing leaves no slash behind. */
function filledPath(template: string, holes: Holes): string {
  const path = fillTemplate(template, holes).replace(/\/{2,}/g, '/');
  return template.endsWith('/') ? path : path.replace(/(?<=.)\/$/, '');
}
