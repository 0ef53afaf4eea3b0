/** The Ed25519 key of this machine, with which it signs what is its own. */
export interface Signer {
  /** base64url of its 32 bytes, without padding: 43 letters */
  readonly publicKey: string;
  /** @returns base64url of the 64 bytes of the signature, without padding */
  sign(bytes: Uint8Array): string;
}
