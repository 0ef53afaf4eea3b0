/** A door for clients that speak another protocol than CLASP. It is open from the moment it is given. */
export interface Gateway {
  /** where a client on this machine reaches it */
  readonly url: string;
  /** Lets go of the port and of whoever is connected, within a second. Never rejects; later calls give the same promise. */
  readonly stop: () => Promise<void>;
}
