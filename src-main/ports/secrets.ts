/** What this machine must not tell: tokens for routers and services, by the names that shows call them by. Nothing here
 *  lists values. */
export interface Secrets {
  /** @returns undefined when there is none of this name
   *  @throws UnavailableError 'cannot-read-file' */
  get(name: string): Promise<string | undefined>;
  /** Keeps it, in the place of what had this name. Settles when it is kept for good.
   *  @param name 1-64 letters, digits, `.`, `-` or `_`
   *  @param value 1..65,536 bytes of UTF-8
   *  @throws InputError 'bad-arguments'; LimitError 'too-many-items'; UnavailableError 'cannot-read-file' |
   *  'cannot-write-file' */
  set(name: string, value: string): Promise<void>;
  /** @returns whether there was one
   *  @throws UnavailableError 'cannot-read-file' | 'cannot-write-file' */
  delete(name: string): Promise<boolean>;
  /** in the order of the alphabet
   *  @throws UnavailableError 'cannot-read-file' */
  names(): Promise<readonly string[]>;
}

/** Who knows the key that secrets are sealed with: 32 bytes, undefined where the system keeps none. Asked when a secret is
 *  set or read, since the system may ask the operator first.
 *  @throws UnavailableError 'cannot-read-file' when there is one that cannot be had now */
export type SecretsKey = () => Promise<Uint8Array | undefined>;
