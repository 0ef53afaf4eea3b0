/** What is put under load. `flyrail` runs without a journal, `-state` and `-full` with one; `-access` with `state`, tokens and
 *  scopes, `-rates` with rate limits that nothing reaches, `-tls` behind TLS, `-doors` with every way in. */
export type TargetName =
  | (
      | 'flyrail'
      | 'flyrail-state'
      | 'flyrail-full'
      | 'flyrail-access'
      | 'flyrail-rates'
      | 'flyrail-tls'
      | 'flyrail-doors'
    )
  | 'nats'
  | 'mosquitto'
  | 'aedes'
  | 'echo'
  | 'node-echo'
  | `node-${'osc' | 'sacn' | 'artnet' | 'serial' | 'midi' | 'hid' | 'mqtt' | 'websocket' | 'socketio' | 'http-poll' | 'http-webhook'}`
  | 'none';

/** A server under load. */
export interface RunningTarget {
  readonly name: TargetName;
  /** TCP, on 127.0.0.1 */
  readonly port: number;
  /** TLS is spoken there */
  readonly isTls?: boolean;
  /** Flyrail: where it can be dialled, by serial lines one client each, and the authority to trust, in PEM */
  readonly ways?: { readonly urls: readonly string[]; readonly authority: string };
  /** 0: there is no process of its own */
  readonly pid: number;
  /** where it answers `GET /metrics`, if that was asked for */
  readonly metricsPort?: number;
  /** of its process, for who could not reach it */
  fate(): string;
  stop(): Promise<void>;
}

export interface Target {
  readonly name: TargetName;
  /** of the program that is installed; undefined when it is missing */
  version(): string | undefined;
  /** @param settings what the scenario adds; each target knows its own */
  start(settings: TargetSettings): Promise<RunningTarget>;
}

export interface TargetSettings {
  /** Flyrail: what is on the table, as `flyrail show import` takes it */
  readonly show?: unknown;
  /** Flyrail: MIDI, HID and sound are stood in for, as in stand-ins/ */
  readonly hasStandIns?: boolean;
  /** Flyrail: it answers `GET /metrics` */
  readonly metrics?: boolean;
}
