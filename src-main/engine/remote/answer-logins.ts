import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  AppError,
  BugError,
  toWireError,
  UnavailableError,
  type ErrorCode,
  type ErrorKind,
} from '../../contract/errors.ts';
import { loginFinishSchema, loginStartSchema, pairFinishSchema, pairStartSchema } from '../../contract/login.ts';
import type { Log } from '../../ports/log.ts';
import { noSessionCookie, peerOf, sessionCookie, sessionOf, type PageDoor, type PageRefusal } from '../page-origin.ts';
import type { LoggedIn, Logins } from './logins.ts';
import { loginBytesMax, parseBody, readBody } from './read-body.ts';
import type { UiSessions } from './ui-sessions.ts';

interface AnswerLoginsOptions {
  readonly door: PageDoor;
  readonly logins: Logins;
  readonly sessions: UiSessions;
  readonly log: Log;
  readonly onRefused: (reason: PageRefusal) => void;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What is asked for by POST, with JSON, by a page of ours or a program that says it is one; see contract/login.ts. */
export function answerLogins({ door, logins, sessions, log, onRefused }: AnswerLoginsOptions) {
  const { answered, withBody } = bodyReader(log, onRefused);
  const posts: Readonly<Record<string, Answer>> = {
    '/login/start': withBody(async (body, request, response) => {
      json(response, 200, await logins.start(parseBody(body, loginStartSchema), peerOf(request)));
    }),
    '/login/finish': withBody(async (body, request, response) => {
      letIn(request, response, await logins.finish(parseBody(body, loginFinishSchema), peerOf(request)));
    }),
    '/pair/start': withBody(async (body, request, response) => {
      json(response, 200, await logins.startPairing(parseBody(body, pairStartSchema), peerOf(request)));
    }),
    '/pair/finish': withBody(async (body, request, response) => {
      letIn(request, response, await logins.finishPairing(parseBody(body, pairFinishSchema), peerOf(request)));
    }),
    '/session/end': withBody(logOut),
  };
  return {
    /** @returns what answers a POST there, if anything does */
    post: (path: string): Answer | undefined => (Object.hasOwn(posts, path) ? posts[path] : undefined),
    offer: (response: ServerResponse): void => {
      void answered(response, () => {
        json(response, 200, logins.offer());
      });
    },
  };

  /** Whoever was in before by this browser is not any more: a session is never taken over. */
  function letIn(request: IncomingMessage, response: ServerResponse, { token, done }: LoggedIn): void {
    if (token !== undefined) {
      endSession(request);
      response.setHeader('set-cookie', sessionCookie(door, token));
    }
    json(response, 200, done);
  }

  function logOut(_body: string, request: IncomingMessage, response: ServerResponse): void {
    endSession(request);
    response.writeHead(204, { 'set-cookie': noSessionCookie(door) }).end();
  }

  function endSession(request: IncomingMessage): void {
    const session = sessions.find(sessionOf(request, door));
    if (session) sessions.end(session.id);
  }
}

type Run = (body: string, request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** What fails is answered with its error, and counted. */
function bodyReader(log: Log, onRefused: AnswerLoginsOptions['onRefused']) {
  const answered = async (response: ServerResponse, run: () => void | Promise<void>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      onRefused('login');
      refuseLogin(response, error, log);
    }
  };
  const withBody = (run: Run): Answer => {
    return (request, response) =>
      void answered(response, async () => {
        const body = await readBody(request, loginBytesMax);
        if (body !== undefined) await run(body, request, response);
      });
  };
  return { answered, withBody };
}

function refuseLogin(response: ServerResponse, error: unknown, log: Log): void {
  const known = strangersError(error);
  if (known !== error) log.error('a login failed inside', { error });
  const wait = known.details['waitMs'];
  if (typeof wait === 'number') response.setHeader('retry-after', String(Math.ceil(wait / 1000)));
  json(response, statuses[known.code] ?? ofKind[known.kind] ?? 400, { error: toWireError(known) });
}

/** What is wrong on this machine, and where it keeps its files, is not for strangers. */
function strangersError(error: unknown): AppError {
  if (!(error instanceof AppError)) return new BugError('Something inside Flyrail failed.');
  if (error.kind !== 'unavailable') return error;
  return new UnavailableError('cannot-read-file', 'Nobody can log in now. The log of Flyrail tells why.');
}

const ofKind: Partial<Record<ErrorKind, number>> = { limit: 429, bug: 500 };
const statuses: Partial<Record<ErrorCode, number>> = {
  'wrong-pin': 401,
  'wrong-code': 401,
  'access-refused': 401,
  'no-login': 403,
  'no-pairing': 403,
  'cannot-read-file': 503,
  'cannot-write-file': 503,
};

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}
