import { rootCertificates } from 'node:tls';
import type { native } from '@matrixai/quic';
import type { TlsIdentity } from '../tls.ts';
import type { QuicLimits } from './quic-limits.ts';

/** Cloudflare's quiche, as @matrixai/quic binds it. That package's own classes throw faults that they do not expect where
 *  nobody can catch them, and know neither datagrams nor a peer that comes from elsewhere under another id. */
export type Quiche = typeof native.quiche;
export type QuicheConfig = native.Config;
export type QuicheConnection = native.Connection;
export type QuicheHeader = native.Header;

/** @see CLASP-WIRE §12 */
const claspProtocol = 'clasp/2';
/** of what we choose */
export const connectionIdBytes = 20;

/** Native, and large: loaded when QUIC is used. */
export async function loadQuiche(): Promise<Quiche> {
  return (await import('@matrixai/quic')).native.quiche;
}

/** What all connections of a port share. Nothing is read before the handshake is done: what comes earlier anybody may have
 *  recorded and sent again. */
export function serverConfig(quiche: Quiche, { cert, key }: TlsIdentity, limits: QuicLimits): QuicheConfig {
  const config = quiche.Config.withBoringSslCtx(false, false, null, [encoded(key)], [encoded(cert)]);
  config.setInitialMaxStreamsBidi(limits.streamsMax);
  withLimits(config, limits);
  // quiche keeps every address that a peer came from, and takes no more of them than ids.
  config.setActiveConnectionIdLimit(limits.addressesMax);
  return config;
}

/** @param authorities PEM of those that are trusted beside the well-known ones */
export function clientConfig(quiche: Quiche, authorities: readonly string[], limits: QuicLimits): QuicheConfig {
  const trusted = encoded([...rootCertificates, ...authorities].join('\n'));
  const config = quiche.Config.withBoringSslCtx(true, false, trusted);
  config.setInitialMaxStreamsBidi(0);
  return withLimits(config, limits);
}

function withLimits(config: QuicheConfig, limits: QuicLimits): QuicheConfig {
  config.setApplicationProtos([claspProtocol]);
  config.setMaxIdleTimeout(limits.idleTimeoutMs);
  config.setMaxRecvUdpPayloadSize(65_527);
  config.setMaxSendUdpPayloadSize(limits.packetBytesMax);
  config.setInitialMaxData(limits.connectionWindowBytes);
  config.setMaxConnectionWindow(limits.connectionWindowBytes);
  config.setInitialMaxStreamDataBidiLocal(limits.streamWindowBytes);
  config.setInitialMaxStreamDataBidiRemote(limits.streamWindowBytes);
  config.setMaxStreamWindow(limits.streamWindowBytes);
  config.setInitialMaxStreamsUni(0);
  // A peer may come from another address, and the first packet from there has to be told apart.
  config.setDisableActiveMigration(false);
  config.setActiveConnectionIdLimit(4);
  config.enablePacing(false);
  config.enableDgram(true, limits.datagramsMax, limits.datagramsMax);
  return config;
}

function encoded(text: string): Uint8Array {
  return Buffer.from(text);
}
