import { UnavailableError, messageOf } from '../../contract/errors.ts';

/** What the systems and serialport say, in their words, and what a person can do about it. */
const reasons = [
  [/lock|busy|access denied/i, 'port-in-use', 'is in use by another program: end that program'],
  [
    /permission denied|EACCES|EPERM/i,
    'cannot-open-port',
    'may not be opened by this user: add it to the group dialout',
  ],
  [
    /no such (file|device)|file not found|does not exist|ENOENT|ENXIO|unknown error code (31|433)/i,
    'cannot-open-port',
    'is not there: plug it in',
  ],
  [/inappropriate ioctl|not a tty|ENOTTY|is a directory/i, 'cannot-open-port', 'is no serial port'],
] as const;

/** Why a serial port could not be opened. */
export function serialFault(path: string, cause: unknown): UnavailableError {
  if (cause instanceof UnavailableError) return cause;
  const said = messageOf(cause);
  const [, code, words] = reasons.find(([pattern]) => pattern.test(said)) ?? [
    said,
    'cannot-open-port',
    `cannot be opened: ${said.replace(/^Error:? |\.$/g, '')}`,
  ];
  return new UnavailableError(code, `${path} ${words}.`, { path }, { cause });
}

/** Why it is not known what is plugged in, as a sentence. */
export function listFault(cause: unknown): UnavailableError {
  const said = messageOf(cause).replace(/^Error:? |\.$/g, '');
  return new UnavailableError(
    'cannot-open-port',
    `This machine does not tell which serial ports it has: ${said}.`,
    {},
    { cause },
  );
}
