import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../src-main/contract/errors.ts';
import { refusalQuestion } from '../../src-main/shell/start-refusal.ts';

describe('an engine that does not start', () => {
  it.each<[ErrorCode, string | undefined, string[]]>([
    ['port-in-use', undefined, ['retry', 'other-port', 'quit']],
    ['cannot-open-port', '/a.flyrail', ['retry', 'other-port', 'quit']],
    ['data-folder-in-use', '/a.flyrail', ['retry', 'quit']],
    ['not-a-show', '/a.flyrail', ['other-show', 'retry', 'quit']],
    ['show-newer', '/a.flyrail', ['other-show', 'retry', 'quit']],
    ['cannot-read-file', undefined, ['retry', 'quit']],
    ['bad-flag', '/a.flyrail', ['retry', 'quit']],
    ['internal', '/a.flyrail', ['retry', 'quit']],
  ])('[DS23] with %s and the show %s offers what can help', (code, show, answers) => {
    const question = refusalQuestion(new AppError(code, 'The engine’s own sentence.'), show);
    expect(question.message).toBe('The engine’s own sentence.');
    expect(question.answers.map(({ answer }) => answer)).toEqual(answers);
  });
});
