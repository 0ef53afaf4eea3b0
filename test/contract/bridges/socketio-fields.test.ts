import { describe, expect, it } from 'vitest';
import {
  placeOfNamespace,
  socketioEmissionSchema,
  socketioEventSchema,
  socketioGreetingSchema,
  socketioNamespaceSchema,
} from '../../../src-main/contract/bridges/socketio-fields.ts';
import { bridgeSchema } from '../../../src-main/contract/show.ts';

describe('settings of a Socket.IO bridge', () => {
  it.each([
    [{ name: '/' }, ''],
    [{ name: '/stage' }, '/stage'],
    [{ name: '/stage/' }, '/stage'],
    [{ name: '/stage', at: '/hall/left' }, '/hall/left'],
    [{ name: '/', at: '/main' }, '/main'],
  ])('[SO5] the namespace %j is at %j', (namespace, place) => {
    expect(placeOfNamespace(socketioNamespaceSchema.parse(namespace))).toBe(place);
  });

  it.each([
    [socketioEventSchema, {}, true],
    [socketioEventSchema, { event: 'lamp/*', to: '/{1}' }, true],
    [socketioEventSchema, { event: 'lamp', to: '/{1}' }, false],
    [socketioEventSchema, { event: '*', values: [{ path: '$.a', to: '/{2}' }] }, false],
    [socketioEventSchema, { values: [{ path: 'a', to: '/x' }] }, false],
    [socketioEventSchema, { event: 'a//b' }, false],
    [socketioEventSchema, { namespace: 'stage' }, false],
    [socketioEmissionSchema, { from: '/*', event: 'go {1}', args: '[{value}]', ack: { to: '/{1}' } }, true],
    [socketioEmissionSchema, { from: '/a', ack: { to: '/{1}' } }, false],
    [socketioEmissionSchema, { args: '{value}' }, false],
    [socketioEmissionSchema, { event: 'disconnect' }, false],
    [socketioEmissionSchema, { ack: { retries: -1 } }, false],
    [socketioGreetingSchema, { event: 'join', args: '["a", {"b": 1}]' }, true],
    [socketioGreetingSchema, { event: 'join', args: '{}' }, false],
    [socketioGreetingSchema, { event: 'connect' }, false],
    [socketioNamespaceSchema, { name: '/a,b' }, false],
  ])('[SO6] what no rule can be is refused: %#', (schema, settings, isTaken) => {
    expect(schema.safeParse(settings).success).toBe(isTaken);
  });

  it.each([
    [{}, undefined],
    [{ url: 'wss://show.example:8443/' }, undefined],
    [{ url: 'http://user:pass@host' }, 'url'],
    [{ url: 'http://host/path' }, 'url'],
    [{ url: 'tcp://host' }, 'url'],
    [{ namespaces: [{ name: '/' }, { name: '/' }] }, 'namespaces.1.name'],
    [{ namespaces: [{ name: '/a' }, { name: '/b', at: '/a' }] }, 'namespaces.1.at'],
    [{ greetings: [{ event: 'x', namespace: '/a' }] }, 'greetings.0.namespace'],
    [{ transports: ['polling', 'polling'] }, 'transports'],
    [{ auth: { deep: [{ a: 1 }] } }, undefined],
  ])('[SO5] what cannot be together is refused with its place: %j', (some, place) => {
    const settings = { url: 'http://127.0.0.1:1', ...some };
    const { error } = bridgeSchema.safeParse({ id: 'a', number: 1, name: 'A', kind: 'socketio', settings });
    expect(error?.issues[0]?.path.slice(1).join('.')).toBe(place);
  });
});
