import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AppError,
  BugError,
  errorCodes,
  fromWireError,
  InputError,
  LimitError,
  messageOf,
  ProtocolError,
  toWireError,
  UnavailableError,
} from '../../src-main/contract/errors.ts';

describe('errors', () => {
  it('[AD11] name their class, code, kind and cause', () => {
    const cause = new Error('EADDRINUSE');
    const errors = [
      new InputError('bad-address', 'a', { at: 1 }, { cause }),
      new ProtocolError('bad-frame', 'b'),
      new UnavailableError('port-in-use', 'c'),
      new LimitError('too-many-items', 'd'),
      new BugError('e'),
    ];
    expect(errors.map(({ name, kind }) => [name, kind])).toEqual([
      ['InputError', 'input'],
      ['ProtocolError', 'protocol'],
      ['UnavailableError', 'unavailable'],
      ['LimitError', 'limit'],
      ['BugError', 'bug'],
    ]);
    expect(errors[0]).toMatchObject({ code: 'bad-address', message: 'a', details: { at: 1 }, cause });
    expect(errors.every((error) => error instanceof AppError && errorCodes[error.code] === error.kind)).toBe(true);
  });

  it('[AD11] have no code that nothing is refused with', () => {
    const folder = join(import.meta.dirname, '../../src-main');
    const files = globSync('**/*.ts', { cwd: folder }).filter((path) => !path.endsWith('errors.ts'));
    const isRemark = (line: string): boolean => /^\s*(\/\*\*|\*|\/\/)/.test(line);
    const lines = files.flatMap((path) => readFileSync(join(folder, path), 'utf8').split('\n'));
    const code = lines.filter((line) => !isRemark(line)).join('\n');
    // An assertion of ours has it without naming it.
    const named = Object.keys(errorCodes).filter((each) => each !== 'internal');
    expect(named.filter((each) => !code.includes(`'${each}'`))).toEqual([]);
  });

  it('[AD12] cross a link with kind, code, message and details, and without stack or cause', () => {
    const wire = toWireError(
      new InputError('bad-show', 'It is no show.', { path: 'a' }, { cause: new Error('secret') }),
    );
    expect(wire).toEqual({ kind: 'input', code: 'bad-show', message: 'It is no show.', details: { path: 'a' } });
    expect(fromWireError(structuredClone(wire))).toMatchObject({ ...wire });
  });

  it.each([new Error('/home/secret'), 'text', null, undefined, 7])(
    '[AD12] keep foreign failures to themselves: %s',
    (thrown) => {
      expect(toWireError(thrown)).toEqual({
        kind: 'bug',
        code: 'internal',
        message: 'Something inside Flyrail failed.',
      });
    },
  );

  it.each([
    null,
    7,
    'bad-show',
    {},
    { code: 'bad-show' },
    { code: 'toString', message: 'x' },
    { code: 'nonsense', message: 'x' },
    { code: 'bad-show', message: 7 },
    { code: 'bad-show', message: 'x', details: 'y' },
    { code: 'bad-show', message: 'x', details: [1] },
    { code: 'bad-show', message: 'x', details: { deep: {} } },
  ])('[AD12] call it internal when what came is no error: %j', (value) => {
    expect(fromWireError(value)).toBeInstanceOf(BugError);
  });

  it('[AD12] never throw while reading what came', () => {
    fc.assert(fc.property(fc.anything(), (value) => fromWireError(value) instanceof AppError));
  });

  it('[AD12] take the kind from the code, not from the peer', () => {
    expect(fromWireError({ kind: 'bug', code: 'too-many-items', message: 'x' }).kind).toBe('limit');
  });

  it('[AD12] have a sentence for any thrown thing', () => {
    expect(messageOf(new Error('a'))).toBe('a');
    expect(messageOf(7)).toBe('7');
  });
});
