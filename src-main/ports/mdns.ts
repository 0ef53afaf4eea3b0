import type { LanCard } from './lan.ts';

/** One record of DNS; names without the dot at the end, seconds as on the wire. [RFC 1035 3.2] */
export type DnsRecord = {
  readonly name: string;
  /** 0 says goodbye [RFC 6762 10.1] */
  readonly ttl: number;
  /** what others know of this name and type is replaced [RFC 6762 10.2] */
  readonly flush?: boolean;
} & (
  | { readonly type: 'PTR'; readonly data: string }
  | { readonly type: 'SRV'; readonly data: { readonly target: string; readonly port: number } }
  | { readonly type: 'TXT'; readonly data: readonly Uint8Array[] }
  | { readonly type: 'A' | 'AAAA'; readonly data: string }
);

export interface DnsQuestion {
  readonly name: string;
  readonly type: DnsRecord['type'] | 'ANY';
}

/** Multicast DNS on one network card. */
export interface MdnsPort {
  readonly card: LanCard;
  /** Asks everybody on the network. Never throws; what does not leave is asked again by whoever needs it. */
  ask(questions: readonly DnsQuestion[]): void;
  /** Answers questions with these records from now on, instead of the ones before. */
  answerWith(records: readonly DnsRecord[]): void;
  /** Tells everybody. Settles when it left, or could not. */
  tell(records: readonly DnsRecord[]): Promise<void>;
  close(): Promise<void>;
}

export interface MdnsPortOptions {
  readonly card: LanCard;
  /** @param records answers and additional records of one packet, at most 256
   *  @param from IP address of the sender; it may be on another card */
  readonly onAnswers: (records: readonly DnsRecord[], from: string) => void;
  /** A packet came that is none. */
  readonly onUnread: () => void;
  /** It does not work any more; runs at most once. */
  readonly onFault: (reason: string) => void;
}

/** @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
export type OpenMdnsPort = (options: MdnsPortOptions) => Promise<MdnsPort>;
