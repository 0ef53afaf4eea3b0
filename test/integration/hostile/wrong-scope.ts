import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';

const value = WireValue.of({ type: 'f64', value: 666 });
const number = (of: number) => ({ type: 'f64' as const, value: of });

/** Every kind of message that asks for something at a place, in every form. */
export function askingAt(address: string): readonly Message[] {
  const fine: Message = { type: messageType.set, address: '/mine/beside', value };
  const bundle = (messages: readonly Message[], timestamp?: bigint): Message => ({
    type: messageType.bundle,
    messages,
    ...(timestamp !== undefined && { timestamp }),
  });
  const soon = BigInt(Date.now() + 200) * 1000n;
  const writes = writesAt(address);
  const announced = [address, `${address}/**`, '/**', '/*', '/mine/../b'].map((each): Message => ({
    type: messageType.announce,
    namespace: '/mine',
    signals: [{ address: each, kind: 'param', meta: { range: [0, 1] } }],
  }));
  const wider = [address, '/**', '/*', '/mine*/**', `${address}*`, '/*/**'];
  const reads = wider.flatMap((pattern, id): readonly Message[] => [
    { type: messageType.subscribe, id, pattern, types: 0xff },
    { type: messageType.subscribe, id, pattern, types: 0xff, options: { history: 100, window: 60_000 } },
    { type: messageType.query, pattern },
    { type: messageType.replay, pattern, types: 0 },
    { type: messageType.get, address: pattern },
  ]);
  return [
    ...writes,
    ...writes.flatMap((each) => [
      bundle([fine, each]),
      bundle([bundle([fine]), bundle([bundle([each])])]),
      bundle([each], soon),
      bundle([bundle([fine, each])], soon),
    ]),
    ...announced,
    ...reads,
    bundle(announced),
    { type: messageType.publish, kind: 'event', address: '/clasp/bundle/cancel', value: WireValue.of(number(1)) },
    { type: messageType.set, address: '/clasp/bundle/cancel', value },
    { type: messageType.publish, kind: 'event', address: '/clasp/p2p/signal/witness', value },
    { type: messageType.publish, kind: 'event', address: '/clasp/p2p/announce', value },
  ];
}

function writesAt(address: string): readonly Message[] {
  const set: Message = { type: messageType.set, address, value };
  const event: Message = { type: messageType.publish, kind: 'event', address, value };
  const command = (name: string): Message => ({
    ...event,
    kind: 'timeline',
    value: WireValue.of({ type: 'map', value: [['command', { type: 'string', value: name }]] }),
  });
  const keyframes = WireValue.of({
    type: 'map',
    value: [
      [
        'keyframes',
        {
          type: 'array',
          value: [{ type: 'map', value: [['time', number(0)] as const, ['value', number(1)] as const] }],
        },
      ],
    ],
  });
  return [
    set,
    { ...set, lock: true },
    { ...set, unlock: true },
    { ...set, revision: 1n },
    { ...set, ttl: { seconds: 1, absolute: false } },
    event,
    { ...event, kind: 'param' },
    { type: messageType.publish, kind: 'stream', address, samples: [1, 2], rate: 10 },
    { ...event, kind: 'timeline', value: keyframes },
    ...['play', 'pause', 'stop', 'remove', 'seek'].map(command),
    ...(['start', 'move', 'end', 'cancel'] as const).map((phase): Message => ({
      type: messageType.publish,
      kind: 'gesture',
      address,
      phase,
      id: 7,
      value,
    })),
  ];
}

/** Names that mean something to JavaScript. */
export const cursedNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'then',
  'length',
] as const;

/** They as addresses, keys of maps, names and ids. */
export function cursedMessages(): readonly Message[] {
  return cursedNames.flatMap((name): readonly Message[] => {
    const map = WireValue.of({
      type: 'map',
      value: [[name, { type: 'map', value: [['polluted', { type: 'bool', value: true }]] }]],
    });
    return [
      { type: messageType.set, address: `/${name}`, value },
      { type: messageType.set, address: `/${name}/polluted`, value: map },
      { type: messageType.set, address: '/mine/map', value: map },
      { type: messageType.set, address: `/mine/${name}`, value: map },
      { type: messageType.publish, kind: 'timeline', address: '/mine/line', value: map },
      { type: messageType.subscribe, id: 1, pattern: `/${name}`, types: 0xff },
      { type: messageType.get, address: `/${name}` },
      { type: messageType.query, pattern: `/${name}/**` },
      { type: messageType.announce, namespace: `/${name}`, signals: [{ address: `/${name}`, kind: 'param' }] },
    ];
  });
}

/** Addresses that somebody may read as another, all below or beside `/mine`. */
export const trickAddresses: readonly string[] = [
  ...['/mine/../b', '/mine/..', '/../b', '/./b', '//b', '/mine//b', '/mine/./../b', '/b/', '/mine/', '/', ''],
  ...[
    '/mine/%2e%2e/b',
    '/mine/..%2fb',
    '/%62',
    '/mine\\..\\b',
    '\\b',
    'b',
    '/b\0',
    '/mine\0/../b',
    '/b\n',
    '/b\r\n/mine',
  ],
  ...[
    '/ｂ',
    '/\u{1D41B}',
    '/b\u200b',
    '/b\u202e',
    '/\ufeffb',
    '/mi\u0301ne/b',
    '/MINE/b',
    '/mıne/b',
    '/mine\u2215b',
    '/mine／b',
  ],
  ...['/mine*', '/mine/**', '/*', '/**', '/mine?', '/b#', '/b?x=1', `/b/${'x/'.repeat(70)}y`, `/${'b'.repeat(1024)}`],
];
