import { ProtocolError } from '../../contract/errors.ts';
import type { MapEntry, Value } from '../../contract/signal.ts';
import { maskOf, phaseOfName } from './enumerations.ts';
import { canonical, LegacyFields, needed, optional } from './legacy-fields.ts';
import {
  messageType,
  type Message,
  type PublishMessage,
  type SnapshotParam,
  type SubscribeMessage,
  type Ttl,
} from './messages.ts';
import { WireValue } from './wire-value.ts';

const ttlSecondsMax = 0x7fff_ffff;

/** SET, GET, SNAPSHOT, PUBLISH, SUBSCRIBE, UNSUBSCRIBE and REPLAY from a legacy map; undefined for any other name.
 *  @throws ProtocolError 'bad-message' */
export function readLegacySignal(name: string, fields: LegacyFields): Message | undefined {
  switch (name) {
    case 'SET':
      return {
        type: messageType.set,
        address: fields.neededText('address'),
        value: fields.value('value') ?? nothing(),
        ...optional('revision', fields.u64('revision')),
        ...optional('lock', fields.flag('lock') || undefined),
        ...optional('unlock', fields.flag('unlock') || undefined),
        ...optional('ttl', ttlOf(fields)),
      };
    case 'GET':
      return { type: messageType.get, address: fields.neededText('address') };
    case 'SNAPSHOT':
      return { type: messageType.snapshot, params: fields.list('params').map(paramOf) };
    case 'PUBLISH':
      return publishOf(fields);
    case 'SUBSCRIBE':
      return subscribeOf(fields);
    case 'UNSUBSCRIBE':
      return { type: messageType.unsubscribe, id: needed('id', fields.whole('id')) };
    case 'REPLAY':
      return {
        type: messageType.replay,
        pattern: fields.neededText('pattern'),
        ...optional('from', fields.u64('from')),
        ...optional('to', fields.u64('to')),
        ...optional('limit', fields.whole('limit')),
        types: maskOf(fields.kinds('types')),
      };
    default:
      return undefined;
  }
}

function publishOf(fields: LegacyFields): PublishMessage {
  const kind = fields.kind('signal');
  return {
    type: messageType.publish,
    kind,
    address: fields.neededText('address'),
    ...(kind === 'gesture' && { phase: phaseOfName(fields.textOr('phase', 'start')) }),
    ...contentOf(fields),
    ...optional('timestamp', fields.u64('timestamp')),
    ...optional('id', fields.whole('id')),
    ...optional('rate', fields.whole('rate')),
  };
}

/** As the encoders of the reference choose: value, then payload, then samples. A timeline, which the binary encoding has no
 *  place for, travels in the value slot [CLASP-WIRE §5]. */
function contentOf(fields: LegacyFields): Pick<PublishMessage, 'value' | 'samples'> {
  const timeline = fields.map('timeline');
  if (timeline) return { value: WireValue.of({ type: 'map', value: timeline.map(timelineEntry) }) };
  const value = fields.presentValue('value') ?? fields.presentValue('payload');
  if (value) return { value };
  const samples = fields.floats('samples');
  if (samples) return { samples };
  return optional('value', fields.value('value') ?? fields.value('payload'));
}

function timelineEntry([key, value]: MapEntry): MapEntry {
  return [canonical(key), value];
}

function subscribeOf(fields: LegacyFields): SubscribeMessage {
  const options = fields.fields('options');
  return {
    type: messageType.subscribe,
    id: needed('id', fields.whole('id')),
    pattern: fields.neededText('pattern'),
    types: maskOf(fields.kinds('types')),
    ...(options && { options: optionsOf(options) }),
  };
}

function optionsOf(options: LegacyFields): NonNullable<SubscribeMessage['options']> {
  return {
    ...optional('maxRate', options.whole('maxRate')),
    ...optional('epsilon', options.float('epsilon')),
    ...optional('history', options.whole('history')),
    ...optional('window', options.whole('window')),
  };
}

function paramOf(item: Value): SnapshotParam {
  const fields = new LegacyFields(item);
  return {
    address: fields.neededText('address'),
    value: fields.value('value') ?? nothing(),
    revision: fields.u64('revision') ?? 0n,
    ...optional('writer', fields.text('writer')),
    ...optional('timestamp', fields.u64('timestamp')),
  };
}

/** Seconds with an `absolute` flag beside them, as the JavaScript side writes it, or `"never"`, `{sliding: n}`,
 *  `{absolute: n}`, as the Rust side does. */
function ttlOf(fields: LegacyFields): Ttl | undefined {
  const form = fields.formOf('ttl');
  if (form === undefined) return undefined;
  if (form === 'string') return { seconds: 0, absolute: false };
  if (form !== 'map')
    return { seconds: needed('ttl', fields.whole('ttl', ttlSecondsMax)), absolute: fields.flag('absolute') ?? false };
  const ttl = needed('ttl', fields.fields('ttl'));
  const absolute = ttl.whole('absolute', ttlSecondsMax) ?? ttl.whole('Absolute', ttlSecondsMax);
  const sliding = ttl.whole('sliding', ttlSecondsMax) ?? ttl.whole('Sliding', ttlSecondsMax);
  if (absolute === undefined && sliding === undefined) {
    throw new ProtocolError('bad-message', 'In a legacy message ttl is sliding or absolute seconds.', { field: 'ttl' });
  }
  return { seconds: absolute ?? sliding ?? 0, absolute: absolute !== undefined };
}

function nothing(): WireValue {
  return WireValue.of({ type: 'null' });
}
