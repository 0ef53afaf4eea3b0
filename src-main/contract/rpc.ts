import { createBirpc } from 'birpc';
import { commandArguments } from './command-arguments.ts';
import { liveEvents, type CommandName, type EngineApi, type EngineCommands, type EventName } from './engine-api.ts';
import {
  AppError,
  fromWireError,
  InputError,
  LimitError,
  toWireError,
  UnavailableError,
  type ErrorCode,
} from './errors.ts';
import type { Cancel, MessageLink } from './message-link.ts';
import { commandRoles, eventRoles } from './command-roles.ts';
import { mayAs, type Role } from './role.ts';
import type { z } from './zod.ts';

/** Commands of one client that may be under way at once; more are refused with 'too-many-items'. */
export const commandsUnderWayMax = 64;
const answerTimeoutMs = 30_000;

/** What one client may do, and what the engine counts of its mistakes. */
export interface ServeHooks {
  /** commands beyond it are refused with 'access-refused', events beyond it never leave */
  readonly role: Role;
  onRefused(code: ErrorCode): void;
  /** a command failed for a reason that is ours: it belongs in the log, whole */
  onBug(error: unknown, command: string): void;
}

/** Answers one client over its link. birpc trusts its peer, so nothing reaches it but well-formed requests for our own
 *  commands with checked arguments; all else is answered with a coded error or, when it has no id to answer, counted. */
export function serveEngine(link: MessageLink, api: EngineApi, hooks: ServeHooks): Cancel {
  let underWay = 0;
  const commands = Object.freeze(
    Object.assign(Object.create(null) as object, Object.fromEntries(commandNames.map((name) => [name, run(name)]))),
  );
  const rpc = createBirpc<ClientFunctions, object>(commands, {
    post: (message) => {
      link.send(message);
    },
    on: (receive) => {
      link.onMessage((message) => {
        const refusal = faultInRequest(message, hooks.role);
        if (refusal === undefined) receive(message);
        else refuse(message, refusal);
      });
    },
    serialize: withWireErrors,
    onFunctionError: (error, name) => {
      const code = error instanceof AppError ? error.code : 'internal';
      if (code === 'internal') hooks.onBug(error, name);
      hooks.onRefused(code);
    },
    onGeneralError: () => true,
  });
  const cancels = eventsHeardBy(hooks.role).map((name) =>
    liveEvents.includes(name)
      ? // As a request: its answer says that the client has taken it, so that a slow page is not buried in old values.
        api.on(name, (payload) => rpc.$call('event', name, payload).catch(() => undefined))
      : api.on(name, (payload) => void rpc.$callEvent('event', name, payload)),
  );
  link.onClose(() => {
    rpc.$close();
    stop();
  });
  return stop;

  function run(name: CommandName): (args?: unknown) => Promise<unknown> {
    return async (args) => {
      if (underWay >= commandsUnderWayMax) {
        throw new LimitError('too-many-items', `At most ${commandsUnderWayMax} commands may wait. Try again.`);
      }
      underWay++;
      try {
        return await (api[name] as (args: unknown) => Promise<unknown>)(parseArguments(name, args));
      } finally {
        underWay--;
      }
    };
  }

  function refuse(message: unknown, error: InputError): void {
    hooks.onRefused(error.code);
    const id = (message as { i?: unknown } | null)?.i;
    if (typeof id === 'string') link.send({ t: 's', i: id.slice(0, 64), e: toWireError(error) });
  }

  function stop(): void {
    for (const cancel of cancels.splice(0)) cancel();
  }
}

/** The engine as seen from the other end of a link. Commands reject with AppError; after the link closed, all of them
 *  reject with 'link-closed'. */
export function connectEngine(link: MessageLink): EngineApi {
  const listeners = new Map<EventName, Set<(payload: never) => unknown>>(eventNames.map((name) => [name, new Set()]));
  const functions: ClientFunctions = Object.assign(Object.create(null) as object, {
    event: (name: EventName, payload: never) => {
      for (const run of listeners.get(name) ?? []) void run(payload);
    },
  });
  const rpc = createBirpc<EngineCommands, ClientFunctions>(functions, {
    post: (message) => {
      link.send(message);
    },
    on: (receive) => {
      link.onMessage((message) => {
        if (isFromEngine(message)) receive(message);
      });
    },
    deserialize: withAppErrors,
    timeout: answerTimeoutMs,
    onTimeoutError: (name) => {
      throw new UnavailableError(
        'link-closed',
        `The engine did not answer ${name} within ${answerTimeoutMs / 1000} s.`,
      );
    },
  });
  link.onClose(() => {
    rpc.$close(new UnavailableError('link-closed', 'The connection to the engine is gone.'));
  });
  const call = (name: CommandName) => async (args?: unknown) => {
    if (rpc.$closed) throw new UnavailableError('link-closed', 'The connection to the engine is gone.');
    return rpc.$callRaw({ method: name, args: args === undefined ? [] : [args] });
  };
  const commands = Object.fromEntries(commandNames.map((name) => [name, call(name)])) as unknown as EngineCommands;
  return {
    ...commands,
    on: (event, run) => {
      listeners.get(event)?.add(run);
      return () => listeners.get(event)?.delete(run);
    },
  };
}

interface ClientFunctions {
  event(name: EventName, payload: unknown): void;
}

const commandNames = Object.keys(commandArguments) as CommandName[];
const eventNames = Object.keys(eventRoles) as EventName[];

function eventsHeardBy(role: Role): EventName[] {
  return eventNames.filter((name) => mayAs(role, eventRoles[name]));
}

function faultInRequest(message: unknown, role: Role): InputError | undefined {
  const { t, i, m, a } = (typeof message === 'object' && message !== null ? message : {}) as Record<string, unknown>;
  if (t === 's' && typeof i === 'string') return undefined;
  if (t !== 'q' || typeof i !== 'string' || i.length > 64 || !Array.isArray(a) || a.length > 1) {
    return new InputError('bad-arguments', 'Expected one request: a command, its id, and at most one argument.');
  }
  if (typeof m !== 'string' || !Object.hasOwn(commandArguments, m)) {
    return new InputError('unknown-command', `The engine has no command ${String(m).slice(0, 40)}.`);
  }
  const least = commandRoles[m as CommandName];
  if (!mayAs(role, least)) {
    return new InputError(
      'access-refused',
      `This needs the role ${least}, and you have ${role}. Nothing was changed.`,
      {
        command: m,
        role,
        needs: least,
      },
    );
  }
  return undefined;
}

function parseArguments(name: CommandName, args: unknown): unknown {
  const result = commandArguments[name].safeParse(args);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  const issue = first && nearestMiss(first);
  const path = [name, ...(issue?.path ?? [])].join('.');
  throw new InputError(
    'bad-arguments',
    `${path}: ${(issue?.message ?? 'not as expected').replace(/\.$/, '')}. Nothing was changed.`,
    {
      path,
    },
  );
}

interface Miss {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What is wrong in the choice that came furthest: that something is none of several says nothing by itself. */
function nearestMiss(issue: z.core.$ZodIssue): Miss {
  const { path, message } = issue;
  if (issue.code !== 'invalid_union') return { path, message };
  const misses = issue.errors.flatMap(([first]) => (first ? [nearestMiss(first)] : []));
  const [nearest] = misses.toSorted((one, other) => other.path.length - one.path.length);
  return nearest ? { path: [...path, ...nearest.path], message: nearest.message } : { path, message };
}

function isFromEngine(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const { t, i, m, a } = message as Record<string, unknown>;
  if (t === 's') return typeof i === 'string';
  return t === 'q' && m === 'event' && Array.isArray(a);
}

function withWireErrors(message: { e?: unknown }): unknown {
  return message.e === undefined ? message : { ...message, e: toWireError(message.e) };
}

function withAppErrors(message: { e?: unknown }): unknown {
  return message.e === undefined ? message : { ...message, e: fromWireError(message.e) };
}
