import { ProtocolError } from '../../contract/errors.ts';
import { conflictStrategies, type ConflictStrategy } from '../../contract/signal.ts';
import { LegacyFields, needed, optional } from './legacy-fields.ts';
import { messageType, type AnnouncedSignal, type Feature, type Message } from './messages.ts';

/** The binary code is the place in this list, from 1. */
const federationOperations = ['declare-namespaces', 'request-sync', 'revision-vector', 'sync-complete'];

/** HELLO, WELCOME, ANNOUNCE, QUERY, RESULT and FEDERATION_SYNC from a legacy map; undefined for any other name.
 *  @throws ProtocolError 'bad-message' */
export function readLegacyGreeting(name: string, fields: LegacyFields): Message | undefined {
  switch (name) {
    case 'HELLO':
      return {
        type: messageType.hello,
        version: fields.whole('version', 0xff) ?? 1,
        features: featuresOf(fields),
        name: fields.textOr('name', ''),
        ...tokenOf(fields),
      };
    case 'WELCOME':
      return {
        type: messageType.welcome,
        version: fields.whole('version', 0xff) ?? 1,
        features: fields.kinds('features'),
        time: needed('time', fields.u64('time')),
        session: fields.neededText('session'),
        name: fields.textOr('name', ''),
        ...tokenOf(fields),
      };
    case 'ANNOUNCE':
      return {
        type: messageType.announce,
        namespace: fields.textOr('namespace', ''),
        signals: signalsOf(fields, true),
      };
    case 'RESULT':
      return { type: messageType.result, signals: signalsOf(fields, false) };
    case 'QUERY':
      return { type: messageType.query, pattern: fields.neededText('pattern') };
    case 'FEDERATION_SYNC':
      return federationSyncOf(fields);
    default:
      return undefined;
  }
}

function featuresOf(fields: LegacyFields): Feature[] {
  const kinds = fields.kinds('features');
  return fields.texts('features').includes('federation') ? [...kinds, 'federation'] : kinds;
}

function tokenOf(fields: LegacyFields): { token?: string } {
  return optional('token', fields.text('token') || undefined);
}

function signalsOf(fields: LegacyFields, withMeta: boolean): AnnouncedSignal[] {
  return fields.list('signals').map((item) => {
    const signal = new LegacyFields(item);
    return {
      address: signal.neededText('address'),
      kind: signal.kind('type'),
      ...optional('datatype', signal.text('datatype')),
      ...optional('access', signal.text('access')),
      ...(withMeta && optional('meta', metaOf(signal.fields('meta')))),
    };
  });
}

function metaOf(meta: LegacyFields | undefined): AnnouncedSignal['meta'] | undefined {
  if (meta === undefined) return undefined;
  const [min, max] = meta.floats('range') ?? [];
  return {
    ...optional('unit', meta.text('unit')),
    ...(min !== undefined && max !== undefined && { range: [min, max] as const }),
    ...optional('default', meta.value('default')),
    ...optional('description', meta.text('description')),
    ...optional('strategy', strategyNamed(meta.text('strategy'))),
  };
}

function strategyNamed(name: string | undefined): ConflictStrategy | undefined {
  return conflictStrategies.find((strategy) => strategy === name);
}

function federationSyncOf(fields: LegacyFields): Message {
  return {
    type: messageType.federationSync,
    operation: federationOperation(fields.neededText('op')),
    patterns: fields.texts('patterns'),
    revisions: fields.revisions('revisions'),
    ...optional('since', fields.u64('since') ?? fields.u64('sinceRevision')),
    ...optional('origin', fields.text('origin')),
  };
}

function federationOperation(name: string): number {
  const place = federationOperations.indexOf(name.replaceAll('_', '-'));
  if (place < 0) throw new ProtocolError('bad-message', `There is no federation operation ${name.slice(0, 32)}.`);
  return place + 1;
}
