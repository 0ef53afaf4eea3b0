export type Library = typeof import('node-datachannel');

let loading: Promise<Library> | undefined;

/** The native library, which is loaded when somebody first wants it. */
export function loadLibrary(): Promise<Library> {
  return (loading ??= import('node-datachannel').then((library) => {
    silence(library);
    return library;
  }));
}

/** Until it has made a peer, it writes warnings to stdout by itself. Its own way to be silent, a listener for them, would keep
 *  the process running, and its `cleanup` stands still for ten seconds where a peer is just going. */
function silence(library: Library): void {
  const peer = new library.PeerConnection('silence', { iceServers: [], bindAddress: '127.0.0.1' });
  const channel = peer.createDataChannel('silence');
  // Nobody who listens for the end keeps the process running too.
  peer.onStateChange(() => undefined);
  channel.onClosed(() => undefined);
  channel.close();
  peer.close();
}
