type Words = (peer: string) => string;

const unreachable: Readonly<Record<string, Words>> = {
  ECONNREFUSED: (peer) => `No ${peer} listens there.`,
  ECONNRESET: (peer) => `The ${peer} ended the connection.`,
  EPIPE: (peer) => `The ${peer} ended the connection.`,
  ENOTFOUND: () => 'There is no host of this name.',
  EAI_AGAIN: () => 'The name of the host cannot be looked up now.',
  ETIMEDOUT: (peer) => `The ${peer} does not answer.`,
  EHOSTUNREACH: (peer) => `There is no way to the ${peer}.`,
  ENETUNREACH: (peer) => `There is no network to the ${peer}.`,
  EADDRNOTAVAIL: (peer) => `There is no network to the ${peer}.`,
  ENETDOWN: () => 'The network is down.',
};

const tls: Readonly<Record<string, Words>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: (peer) => `The certificate of the ${peer} is signed by itself; name its authority.`,
  SELF_SIGNED_CERT_IN_CHAIN: (peer) => `The authority of the ${peer} is not trusted here; name it.`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: (peer) => `The authority of the ${peer} is not known here; name it.`,
  UNABLE_TO_GET_ISSUER_CERT: (peer) => `The authority of the ${peer} is not known here; name it.`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: (peer) => `The authority of the ${peer} is not known here; name it.`,
  CERT_HAS_EXPIRED: (peer) => `The certificate of the ${peer} has expired.`,
  CERT_NOT_YET_VALID: (peer) => `The certificate of the ${peer} is not valid yet; check the clocks.`,
  ERR_TLS_CERT_ALTNAME_INVALID: (peer) => `The certificate of the ${peer} is for another name.`,
  CERT_SIGNATURE_FAILURE: (peer) => `The certificate of the ${peer} is forged, or of another authority.`,
  EPROTO: (peer) => `The ${peer} speaks no TLS that we understand there.`,
  ERR_SSL_WRONG_VERSION_NUMBER: (peer) => `The ${peer} does not speak TLS there.`,
};

export interface ErrorParts {
  /** as Node says it: `ECONNREFUSED`; ours: `no-network-card` */
  readonly code: string | number | undefined;
  readonly message: string;
}

/** Why nobody was reached, as a sentence; undefined for any other fault.
 *  @param peer what is dialled, in a word: `broker` */
export function unreachableWords({ code, message }: ErrorParts, peer: string): string | undefined {
  // The card has its sentence, with its name.
  if (code === 'no-network-card') return message;
  return code === undefined ? undefined : unreachable[code]?.(peer);
}

/** Why TLS did not come about, as a sentence: somebody has to repair something. Undefined for any other fault. */
export function tlsWords(code: string | undefined, peer: string): string | undefined {
  if (code === undefined) return undefined;
  const known = tls[code]?.(peer);
  if (known !== undefined || !code.startsWith('ERR_SSL')) return known;
  return /CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE/.test(code)
    ? `The ${peer} does not take our certificate, or asks for one.`
    : `The ${peer} speaks no TLS that we understand there.`;
}

/** Why nobody was reached, of all reasons that have words, as a clause: `no router listens there`. Undefined for any other fault. */
export function dialWords(parts: ErrorParts, peer: string): string | undefined {
  const named = typeof parts.code === 'string' ? parts.code : undefined;
  const words = unreachableWords(parts, peer) ?? tlsWords(named, peer);
  return words && `${words.charAt(0).toLowerCase()}${words.slice(1).replace(/\.$/, '')}`;
}

/** Code and message of whatever was thrown: of what failed on every address of a host, the first. */
export function partsOfError(error: unknown): ErrorParts {
  if (!(error instanceof Error)) return { code: undefined, message: String(error) };
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : undefined;
  const code = 'code' in error ? error.code : inner instanceof Error && 'code' in inner ? inner.code : undefined;
  const message = error.message === '' && inner instanceof Error ? inner.message : error.message;
  return { code: typeof code === 'string' || typeof code === 'number' ? code : undefined, message };
}
