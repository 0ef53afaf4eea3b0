/** The blocks of one kind in a PEM file, in their order.
 *  @param kind as it stands behind BEGIN, or a pattern for it: `CERTIFICATE`
 *  @see RFC 7468 */
export function pemBlocks(pem: string, kind: string): readonly string[] {
  return pem.match(new RegExp(`-----BEGIN ${kind}-----[^-]+-----END ${kind}-----`, 'g')) ?? [];
}
