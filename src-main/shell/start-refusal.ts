import type { AppError, ErrorCode } from '../contract/errors.ts';

/** What the operator can do when the engine does not start. */
export type RefusalAnswer = 'retry' | 'other-port' | 'other-show' | 'quit';

export interface RefusalQuestion {
  /** the engine's own sentence */
  readonly message: string;
  readonly detail: string;
  /** the likely one first, quit last */
  readonly answers: readonly { readonly answer: RefusalAnswer; readonly label: string }[];
}

const quit = { answer: 'quit', label: 'Quit' } as const;
const retry = { answer: 'retry', label: 'Try again' } as const;
const otherPort = { answer: 'other-port', label: 'Use another port' } as const;
const otherShow = { answer: 'other-show', label: 'Start with the last show' } as const;

const showCodes: ReadonlySet<ErrorCode> = new Set([
  'not-a-show',
  'bad-show',
  'show-newer',
  'show-damaged',
  'cannot-read-file',
]);

/** @param error why the engine does not start
 *  @param show the file that it was to open */
export function refusalQuestion({ code, message }: AppError, show: string | undefined): RefusalQuestion {
  if (code === 'port-in-use' || code === 'cannot-open-port') {
    const detail = 'With another port Flyrail runs, but devices set to this one do not find it.';
    return { message, detail, answers: [retry, otherPort, quit] };
  }
  if (code === 'data-folder-in-use') {
    return { message, detail: 'Two may not write the same shows.', answers: [retry, quit] };
  }
  const detail = 'Nothing was changed.';
  const isAboutShow = show !== undefined && showCodes.has(code);
  return { message, detail, answers: isAboutShow ? [otherShow, retry, quit] : [retry, quit] };
}
