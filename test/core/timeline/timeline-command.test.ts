import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/contract/errors.ts';
import { fromJson, toJson } from '../../../src-main/contract/signal.ts';
import { micros, type Micros } from '../../../src-main/contract/units.ts';
import { decodeTimelineRequest } from '../../../src-main/core/timeline/timeline-carrier.ts';
import {
  decodeTimelineCommand,
  encodeTimelineCommand,
  type TimelineCommand,
} from '../../../src-main/core/timeline/timeline-command.ts';

const position = fc.nat().map((value) => value as Micros);
const rate = fc.double({ min: 0.01, max: 100, noNaN: true });
const loop = fc.boolean();
const arbitraryCommand: fc.Arbitrary<TimelineCommand> = fc.oneof(
  fc.record({ command: fc.constant('play' as const), position, rate, loop }, { requiredKeys: ['command'] }),
  fc.record({ command: fc.constantFrom('pause' as const, 'resume' as const, 'stop' as const) }),
  fc.record({ command: fc.constant('seek' as const), position }),
  fc.record({ command: fc.constant('rate' as const), rate }),
  fc.record({ command: fc.constant('loop' as const), loop }),
  fc.constant({ command: 'remove' as const }),
);

describe('a command to a timeline', () => {
  it('[TL10] comes back from its map as it was', () => {
    fc.assert(
      fc.property(arbitraryCommand, (command) => {
        expect(decodeTimelineRequest(encodeTimelineCommand(command))).toEqual({ kind: 'command', command });
      }),
    );
  });

  it('[TL10] is a map with the word and what it needs', () => {
    expect(toJson(encodeTimelineCommand({ command: 'seek', position: micros(5) }))).toEqual({
      command: 'seek',
      position: 5,
    });
    const noise = { command: 'pause', position: 'x', rate: [], loop: null, keyframes: null };
    expect(decodeTimelineCommand(fromJson(noise))).toEqual({ command: 'pause' });
    expect(decodeTimelineCommand(fromJson({ command: 'seek', position: 5n }))).toEqual({
      command: 'seek',
      position: 5,
    });
  });

  it.each([
    ['command', { command: 'go' }],
    ['command', { command: 5 }],
    ['position', { command: 'seek' }],
    ['position', { command: 'seek', position: null }],
    ['position', { command: 'seek', position: 'end' }],
    ['rate', { command: 'rate' }],
    ['rate', { command: 'rate', rate: Number.POSITIVE_INFINITY }],
    ['loop', { command: 'loop' }],
    ['loop', { command: 'play', loop: 'yes' }],
    ['position', { command: 'play', position: {} }],
  ])('[TL10] is refused at %s', (place, json) => {
    const run = (): unknown => decodeTimelineRequest(fromJson(json));
    expect(run).toThrow(AppError);
    expect(run).toThrow(expect.objectContaining({ code: 'bad-timeline', details: { place } }));
  });

  it('[TL10] names the words there are', () => {
    expect(() => decodeTimelineCommand(fromJson({ command: 'go' }))).toThrow(
      'In a timeline command is one of play, pause, resume, stop, seek, rate, loop, remove; got "go".',
    );
  });
});
