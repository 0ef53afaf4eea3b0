import type { ConflictStrategy, GesturePhase, SignalKind } from '../../contract/signal.ts';
import type { WireValue } from './wire-value.ts';

/** First payload byte. @see CLASP-WIRE §3 */
export const messageType = {
  hello: 0x01,
  welcome: 0x02,
  announce: 0x03,
  federationSync: 0x04,
  subscribe: 0x10,
  unsubscribe: 0x11,
  publish: 0x20,
  set: 0x21,
  get: 0x22,
  snapshot: 0x23,
  replay: 0x24,
  bundle: 0x30,
  sync: 0x40,
  ping: 0x41,
  pong: 0x42,
  ack: 0x50,
  error: 0x51,
  query: 0x60,
  result: 0x61,
} as const;
export type MessageType = (typeof messageType)[keyof typeof messageType];

/** Timestamps are microseconds since the Unix epoch as bigint, because the wire carries a full u64; so are revisions. */
export type Message =
  | HelloMessage
  | WelcomeMessage
  | AnnounceMessage
  | FederationSyncMessage
  | SubscribeMessage
  | UnsubscribeMessage
  | PublishMessage
  | SetMessage
  | GetMessage
  | SnapshotMessage
  | ReplayMessage
  | BundleMessage
  | SyncMessage
  | PingMessage
  | PongMessage
  | AckMessage
  | ErrorMessage
  | QueryMessage
  | ResultMessage;

/** A feature as HELLO and WELCOME carry it; 'federation' is only ever in HELLO. */
export type Feature = SignalKind | 'federation';

export interface HelloMessage {
  readonly type: typeof messageType.hello;
  readonly version: number;
  readonly features: readonly Feature[];
  readonly name: string;
  readonly token?: string;
  /** a secret of the client's making, the same at each of its connections: requests that come again under it are done once */
  readonly resume?: string;
}

export interface WelcomeMessage {
  readonly type: typeof messageType.welcome;
  readonly version: number;
  /** the wire has no place for federation here */
  readonly features: readonly SignalKind[];
  readonly time: bigint;
  readonly session: string;
  readonly name: string;
  readonly token?: string;
}

export interface AnnouncedSignal {
  readonly address: string;
  readonly kind: SignalKind;
  readonly datatype?: string;
  readonly access?: string;
  readonly meta?: {
    readonly unit?: string;
    readonly range?: readonly [min: number, max: number];
    readonly default?: WireValue;
    readonly description?: string;
    /** what becomes of a write where others write too; Flyrail's own */
    readonly strategy?: ConflictStrategy;
  };
}

export interface AnnounceMessage {
  readonly type: typeof messageType.announce;
  readonly namespace: string;
  readonly signals: readonly AnnouncedSignal[];
}

export interface FederationSyncMessage {
  readonly type: typeof messageType.federationSync;
  readonly operation: number;
  readonly patterns: readonly string[];
  readonly revisions: readonly (readonly [address: string, revision: bigint])[];
  readonly since?: bigint;
  readonly origin?: string;
}

export interface SubscribeOptions {
  /** Hz */
  readonly maxRate?: number;
  readonly epsilon?: number;
  /** messages */
  readonly history?: number;
  /** milliseconds */
  readonly window?: number;
}

export interface SubscribeMessage {
  readonly type: typeof messageType.subscribe;
  readonly id: number;
  readonly pattern: string;
  /** bits as in the wire's type mask; 0 and 0xFF both mean all */
  readonly types: number;
  readonly options?: SubscribeOptions;
}

export interface UnsubscribeMessage {
  readonly type: typeof messageType.unsubscribe;
  readonly id: number;
}

export interface PublishMessage {
  readonly type: typeof messageType.publish;
  readonly kind: SignalKind;
  readonly address: string;
  /** gestures only */
  readonly phase?: GesturePhase;
  /** at most one of value and samples */
  readonly value?: WireValue;
  readonly samples?: readonly number[];
  readonly timestamp?: bigint;
  /** u32, gestures */
  readonly id?: number;
  /** u32, samples per second */
  readonly rate?: number;
}

export interface SetMessage {
  readonly type: typeof messageType.set;
  readonly address: string;
  readonly value: WireValue;
  readonly revision?: bigint;
  readonly lock?: boolean;
  readonly unlock?: boolean;
  readonly ttl?: Ttl;
}

/** seconds 0 with `absolute` false means never */
export interface Ttl {
  readonly seconds: number;
  readonly absolute: boolean;
}

export interface GetMessage {
  readonly type: typeof messageType.get;
  readonly address: string;
}

export interface SnapshotParam {
  readonly address: string;
  readonly value: WireValue;
  readonly revision: bigint;
  readonly writer?: string;
  /** as it comes a bigint; what is sent may have a number, which costs less to keep */
  readonly timestamp?: bigint | number;
}

/** Params as a SNAPSHOT carries them, one after the other. Immutable. */
export interface EncodedParams {
  readonly count: number;
  readonly bytes: Uint8Array;
}

export interface SnapshotMessage {
  readonly type: typeof messageType.snapshot;
  readonly params: readonly SnapshotParam[];
  /** before the others, when it is sent; what was received has all its params in `params` */
  readonly encoded?: EncodedParams;
}

export interface ReplayMessage {
  readonly type: typeof messageType.replay;
  readonly pattern: string;
  readonly from?: bigint;
  readonly to?: bigint;
  readonly limit?: number;
  readonly types: number;
}

export interface BundleMessage {
  readonly type: typeof messageType.bundle;
  readonly timestamp?: bigint;
  readonly messages: readonly Message[];
}

export interface SyncMessage {
  readonly type: typeof messageType.sync;
  readonly t1: bigint;
  readonly t2?: bigint;
  readonly t3?: bigint;
}

export interface PingMessage {
  readonly type: typeof messageType.ping;
}

export interface PongMessage {
  readonly type: typeof messageType.pong;
}

export interface AckMessage {
  readonly type: typeof messageType.ack;
  readonly address?: string;
  readonly revision?: bigint;
  readonly locked?: boolean;
  readonly holder?: string;
  readonly correlationId?: number;
}

export interface ErrorMessage {
  readonly type: typeof messageType.error;
  readonly code: number;
  readonly message: string;
  readonly address?: string;
  readonly correlationId?: number;
}

export interface QueryMessage {
  readonly type: typeof messageType.query;
  readonly pattern: string;
}

export interface ResultMessage {
  readonly type: typeof messageType.result;
  readonly signals: readonly Pick<AnnouncedSignal, 'address' | 'kind' | 'datatype' | 'access'>[];
}

/** How hard a sender wants it delivered. */
export type Qos = 'fire' | 'confirm' | 'commit';

/** While a message is being built, optional fields are set one by one. */
export type Draft<M> = { -readonly [K in keyof M]: M[K] };
