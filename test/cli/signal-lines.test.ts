import { describe, expect, it } from 'vitest';
import { jsonLine, plainLine } from '../../src-main/cli/signal-lines.ts';
import type { Signal } from '../../src-main/contract/signal.ts';
import { f64 } from '../../src-main/contract/signal.ts';
import { micros } from '../../src-main/contract/units.ts';
import type { Received } from '../../src-main/core/client/received.ts';
import { address } from '../core/client/addresses.ts';

const at = micros(1_700_000_000_250_000);
const heard = (signal: Signal, more: Partial<Received> = {}): Received => ({ signal, isSnapshot: false, ...more });
const touch: Signal = {
  kind: 'gesture',
  address: address('/pad'),
  value: f64(1),
  gestureId: 7,
  phase: 'move',
  timestamp: micros(5),
};

describe('a line for people', () => {
  it('[CL65] is address, kind and value with tabs between; a gesture with phase and id', () => {
    expect(plainLine(heard({ kind: 'param', address: address('/desk/fader 1'), value: f64(0.5) }))).toBe(
      '/desk/fader 1\tparam\t0.5\n',
    );
    expect(plainLine(heard(touch))).toBe('/pad\tgesture move 7\t1\n');
  });

  it('[CL86] says of the past that it is, with the time when the router had it', () => {
    const line = jsonLine(heard(touch, { pastAt: micros(42) }), at);
    expect(JSON.parse(line)).toMatchObject({ timestamp: 42, snapshot: false, past: true });
    expect(line.indexOf('"snapshot"')).toBeLessThan(line.indexOf('"past"'));
    expect(jsonLine(heard(touch), at)).not.toContain('"past"');
  });

  it('[CL18] shows what a terminal would obey, in address and value', () => {
    const signal: Signal = {
      kind: 'event',
      address: address('/a\u009b2J\u202e'),
      value: { type: 'string', value: '\u001b[2J\n\u009b' },
    };
    expect(plainLine(heard(signal))).toBe('/a\\x9b2J\\u202e\tevent\t"\\u001b[2J\\n\\u009b"\n');
    expect(jsonLine(heard(signal), at)).not.toMatch(/[\p{Cc}\u202e](?!$)/u);
    expect(JSON.parse(jsonLine(heard(signal), at))).toMatchObject({
      address: signal.address,
      value: '\u001b[2J\n\u009b',
    });
  });
});

describe('a line of JSON', () => {
  it('[CL66] has its keys in the same order, and only those that apply', () => {
    const param: Signal = { kind: 'param', address: address('/a'), value: f64(0.5) };
    expect(
      jsonLine(
        heard(param, { isSnapshot: true, revision: 4n, writer: 'w1', storedAt: micros(1_699_999_999_000_001) }),
        at,
      ),
    ).toBe(
      '{"address":"/a","kind":"param","value":0.5,"revision":4,"writer":"w1","timestamp":1699999999000001,"at":"2023-11-14T22:13:20.250Z","snapshot":true}\n',
    );
    expect(jsonLine(heard(param, { revision: 2n ** 60n }), at)).toBe(
      '{"address":"/a","kind":"param","value":0.5,"revision":"1152921504606846976","at":"2023-11-14T22:13:20.250Z","snapshot":false}\n',
    );
  });

  it('[CL66] says of gestures and streams what belongs to their kind', () => {
    expect(jsonLine(heard(touch), at)).toBe(
      '{"address":"/pad","kind":"gesture","value":1,"phase":"move","gestureId":7,"timestamp":5,"at":"2023-11-14T22:13:20.250Z","snapshot":false}\n',
    );
    const stream: Signal = {
      kind: 'stream',
      address: address('/s'),
      value: f64(2),
      samples: [1, Number.NaN, 2],
      rate: 48_000,
    };
    expect(jsonLine(heard(stream), at)).toBe(
      '{"address":"/s","kind":"stream","value":2,"samples":[1,"NaN",2],"rate":48000,"at":"2023-11-14T22:13:20.250Z","snapshot":false}\n',
    );
  });
});
