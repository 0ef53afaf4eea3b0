/** Every failure Flyrail reports, by who must act: the closed set of codes and the kind that each belongs to. */
export const errorCodes = {
  // input: the operator or the caller repairs what was given
  'bad-address': 'input',
  'bad-pattern': 'input',
  'bad-number': 'input',
  'bad-value': 'input',
  'bad-arguments': 'input',
  'bad-flag': 'input',
  'bad-certificate': 'input',
  'bad-scope': 'input',
  'bad-token': 'input',
  'bad-token-file': 'input',
  'bad-key': 'input',
  'bad-signature': 'input',
  'stale-signature': 'input',
  'signature-required': 'input',
  'bad-show': 'input',
  'show-newer': 'input',
  'show-damaged': 'input',
  'not-a-show': 'input',
  'show-open-elsewhere': 'input',
  'show-exists': 'input',
  'show-changed-on-disk': 'input',
  'show-has-no-file': 'input',
  'changed-meanwhile': 'input',
  'param-locked': 'input',
  'unknown-address': 'input',
  'access-refused': 'input',
  'path-not-allowed': 'input',
  'wrong-pin': 'input',
  'wrong-code': 'input',
  'no-pairing': 'input',
  'unknown-id': 'input',
  'duplicate-number': 'input',
  'duplicate-pattern': 'input',
  'patch-conflict': 'input',
  'bad-profile': 'input',
  'bad-layout': 'input',
  'mapping-loop': 'input',
  'mapping-bad-template': 'input',
  'bad-timeline': 'input',
  'too-far-ahead': 'input',
  'bundle-missed': 'input',
  'nothing-to-undo': 'input',
  'nothing-to-redo': 'input',
  'unknown-command': 'input',
  'unauthenticated-host': 'input',
  'no-login': 'input',
  // protocol: the peer sent what its protocol does not allow
  'bad-frame': 'protocol',
  'bad-message': 'protocol',
  'bad-length': 'protocol',
  'bad-type': 'protocol',
  'bad-text': 'protocol',
  'too-deep': 'protocol',
  'peer-refused': 'protocol',
  // unavailable: the world is not there; a supervisor tries again
  'port-in-use': 'unavailable',
  'data-folder-in-use': 'unavailable',
  'cannot-open-port': 'unavailable',
  'cannot-send': 'unavailable',
  'cannot-read-file': 'unavailable',
  'cannot-write-file': 'unavailable',
  'no-network-card': 'unavailable',
  'link-closed': 'unavailable',
  'no-answer': 'unavailable',
  'peer-failed': 'unavailable',
  // limit: load is shed and counted
  'frame-too-large': 'limit',
  'too-many-items': 'limit',
  'too-many-subscriptions': 'limit',
  'too-many-timelines': 'limit',
  'queue-full': 'limit',
  'rate-exceeded': 'limit',
  // bug: an assertion of ours failed
  internal: 'bug',
} as const satisfies Record<string, ErrorKind>;

export type ErrorKind = 'input' | 'protocol' | 'unavailable' | 'limit' | 'bug';
export type ErrorCode = keyof typeof errorCodes;
type CodeOf<K extends ErrorKind> = { [C in ErrorCode]: (typeof errorCodes)[C] extends K ? C : never }[ErrorCode];

/** Data with units that a person or a test can act on. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** What crosses a link in place of an Error. */
export interface WireError {
  readonly kind: ErrorKind;
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: ErrorDetails;
}

/** A failure with a code from the closed set. The message is a sentence: what is wrong and what was expected. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.kind = errorCodes[code];
    this.details = details;
    this.name = new.target.name;
  }
}

/** The operator's turn: the input is refused and nothing changed. */
export class InputError extends AppError {
  declare readonly code: CodeOf<'input'>;
  constructor(code: CodeOf<'input'>, message: string, details?: ErrorDetails, options?: { cause?: unknown }) {
    super(code, message, details, options);
  }
}

/** The peer's fault: only its frame, or its connection, is given up. `details.offset` is in bytes where known. */
export class ProtocolError extends AppError {
  declare readonly code: CodeOf<'protocol'>;
  constructor(code: CodeOf<'protocol'>, message: string, details?: ErrorDetails, options?: { cause?: unknown }) {
    super(code, message, details, options);
  }
}

/** The world's fault: a supervisor waits and tries again. */
export class UnavailableError extends AppError {
  declare readonly code: CodeOf<'unavailable'>;
  constructor(code: CodeOf<'unavailable'>, message: string, details?: ErrorDetails, options?: { cause?: unknown }) {
    super(code, message, details, options);
  }
}

/** A named maximum was reached: the excess is shed and counted. */
export class LimitError extends AppError {
  declare readonly code: CodeOf<'limit'>;
  constructor(code: CodeOf<'limit'>, message: string, details?: ErrorDetails, options?: { cause?: unknown }) {
    super(code, message, details, options);
  }
}

/** Our own fault: an assertion failed; the part restarts, loudly. */
export class BugError extends AppError {
  constructor(message: string, details?: ErrorDetails, options?: { cause?: unknown }) {
    super('internal', message, details, options);
  }
}

/** Strips stack and cause. Anything that is not an AppError becomes 'internal' and keeps its message out of the wire. */
export function toWireError(error: unknown): WireError {
  if (!(error instanceof AppError))
    return { kind: 'bug', code: 'internal', message: 'Something inside Flyrail failed.' };
  return { kind: error.kind, code: error.code, message: error.message, details: error.details };
}

/** @param value untrusted; anything malformed becomes 'internal' */
export function fromWireError(value: unknown): AppError {
  if (typeof value !== 'object' || value === null) return new BugError('The engine answered with an unreadable error.');
  const { code, message, details } = value as Record<string, unknown>;
  if (!isErrorCode(code) || typeof message !== 'string' || !isErrorDetails(details)) {
    return new BugError('The engine answered with an unreadable error.');
  }
  return new AppError(code, message, details);
}

/** The sentence to show for any thrown thing. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code);
}

function isErrorDetails(details: unknown): details is ErrorDetails | undefined {
  if (details === undefined) return true;
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return false;
  return Object.values(details).every((item) => item === null || ['string', 'number', 'boolean'].includes(typeof item));
}
