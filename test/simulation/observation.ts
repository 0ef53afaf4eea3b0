import type { GesturePhase, SignalKind, Value } from '../../src-main/contract/signal.ts';
import type { Qos } from '../../src-main/core/protocol/messages.ts';

/** One thing that happened in a simulation. Invariants see nothing else, and the trace is made of it. */
export type Observation =
  | { readonly what: 'began'; readonly life: number; readonly kept: readonly KeptValue[]; readonly commits: Tokens }
  | { readonly what: 'accepted'; readonly accepted: Accepted }
  | { readonly what: 'ended'; readonly life: number; readonly at: number; readonly how: LifeEnd }
  | { readonly what: 'asked'; readonly ask: Ask }
  | { readonly what: 'settled'; readonly ask: Ask; readonly life: number; readonly refused: Refused | undefined }
  | { readonly what: 'joined'; readonly who: number; readonly session: string; readonly at: number }
  | { readonly what: 'lost'; readonly who: number; readonly session: string }
  | ({ readonly what: 'ready' } & Ready)
  | ({ readonly what: 'heard' } & Heard)
  | ({ readonly what: 'heard of the past' } & Heard)
  | ({ readonly what: 'replayed' } & Replayed)
  | { readonly what: 'noticed'; readonly who: number; readonly session: string; readonly missing: number }
  | { readonly what: 'missed'; readonly who: number; readonly count: number | undefined }
  | ({ readonly what: 'left the router' } & Departure)
  | { readonly what: 'failed'; readonly text: string };

/** crash: what was handed to the disk is safe. power: only what was acknowledged as durable. close: in order. */
export type LifeEnd = { readonly kind: 'crash' | 'power' | 'close'; readonly isDiskSound: boolean };

/** Every value that an actor sends is a number of its own: who it is, and how many values it has sent. */
export type Token = number;
export type Tokens = readonly Token[];

/** What the router said yes to, in the order in which it did. */
export interface Accepted {
  readonly life: number;
  /** its place among all that this life accepted */
  readonly order: number;
  /** µs of the simulated world */
  readonly at: number;
  /** µs of the router's clock, as it is kept */
  readonly keptAt: number;
  readonly session: string;
  readonly kind: SignalKind;
  readonly address: string;
  readonly value: Value | undefined;
  readonly token: Token | undefined;
  readonly revision: bigint | undefined;
  readonly phase: GesturePhase | undefined;
  readonly finger: number | undefined;
  readonly locks: 'lock' | 'unlock' | undefined;
  /** who may set the param after it */
  readonly holder: string | undefined;
  /** its time may be over one day */
  readonly isTimed: boolean;
}

/** One request of an actor. */
export interface Ask {
  readonly who: number;
  readonly tokens: Tokens;
  readonly qos: Qos;
  readonly kind: SignalKind | 'bundle';
  /** it waits for its time, so it may come after what was asked later */
  readonly isForLater: boolean;
  /** whether its way keeps order and gives nothing twice */
  readonly isOnStream: boolean;
  /** whether its way is so bad that no answer may come in time, however often it is asked */
  readonly mayGoUnanswered?: boolean;
  /** what its merge writes under one key of a map */
  readonly merges?: Token | undefined;
  /** the revision at which a param that is there must stand */
  readonly expects?: bigint | undefined;
}

export interface Refused {
  readonly code: string;
  /** of the router's ERROR */
  readonly number: number | undefined;
}

export interface KeptValue {
  readonly address: string;
  readonly token: Token | undefined;
  readonly value?: Value;
  readonly revision: bigint;
}

/** A whole replay of everything. */
export interface Replayed {
  readonly who: number;
  /** the router's when it was asked, and when it was read */
  readonly lives: readonly [number, number];
  /** so many had this life accepted when it was asked */
  readonly accepted: number;
  readonly signals: readonly PastSignal[];
}

export interface PastSignal extends Pick<Heard, 'kind' | 'address' | 'token' | 'revision'> {
  /** µs of the router's clock */
  readonly pastAt: number | undefined;
}

/** From here on the session must hear all that its subscription covers. */
export interface Ready {
  readonly who: number;
  readonly session: string;
  readonly life: number;
  readonly watch: Watch;
  /** so many had been accepted when it could be sure that its subscription stood */
  readonly accepted: number;
  /** µs of the simulated world */
  readonly at: number;
}

/** What a watcher asked for. */
export interface Watch {
  readonly number: number;
  readonly pattern: string;
  readonly maxRate: number | undefined;
  readonly epsilon: number | undefined;
  /** so many messages of the past, with the first session */
  readonly history?: number | undefined;
  /** and what came in so many milliseconds */
  readonly window?: number | undefined;
}

/** What a subscription was given. */
export interface Heard {
  readonly who: number;
  readonly session: string;
  readonly life: number;
  readonly watch: Watch;
  readonly kind: SignalKind;
  readonly address: string;
  readonly value: Value;
  readonly token: Token | undefined;
  readonly isSnapshot: boolean;
  readonly revision: bigint | undefined;
  readonly phase: GesturePhase | undefined;
  readonly finger: number | undefined;
}

/** One message as it left the router for a watcher whose link is never full. */
export interface Departure {
  readonly who: number;
  /** counts connections */
  readonly session: number;
  /** µs of the router's clock */
  readonly at: number;
  readonly kind: SignalKind;
  readonly address: string;
  readonly phase: GesturePhase | undefined;
  readonly finger: number | undefined;
  readonly isPlain: boolean;
}

const tokensPerActor = 1_000_000;
const actorsMax = 100;

export function makeToken(who: number, count: number): Token {
  return who * tokensPerActor + count;
}

export function senderOf(token: Token): number {
  return Math.floor(token / tokensPerActor);
}

/** @returns undefined for what no actor has sent as a token */
export function tokenOf(value: Value | undefined): Token | undefined {
  if (value?.type !== 'f64' || !Number.isInteger(value.value)) return undefined;
  const who = senderOf(value.value);
  return who >= 1 && who < actorsMax ? value.value : undefined;
}

/** The life of the router that a session belongs to, as its id says. */
export function lifeOf(session: string): number {
  return Number(/^session (\d+)\./.exec(session)?.[1] ?? 0);
}
