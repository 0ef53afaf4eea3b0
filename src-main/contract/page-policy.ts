/** A browser logs in by OPAQUE, which is WebAssembly: it may be compiled, and no text may be evaluated. */
const login = "script-src 'self' 'wasm-unsafe-eval'";

/** What the interface's page may load and reach, as Content-Security-Policy: itself and nothing else. Who is told two of
 *  them obeys both. */
export const pagePolicy = {
  /** sent with the page in the desktop window, which talks over its port and has nothing to fetch */
  window: policy({ frames: "frame-ancestors 'none'" }),
  /** sent with the page to a browser, which reaches the engine at the page's own origin */
  browser: policy({ frames: "frame-ancestors 'none'", connect: "connect-src 'self'", scripts: login }),
  /** written in the page itself, wherever it comes from; frame-ancestors means nothing there, and not every browser takes
   *  'self' for a WebSocket */
  page: policy({ connect: "connect-src 'self' ws://127.0.0.1:* ws://localhost:*", scripts: login }),
} as const;

interface Parts {
  readonly frames?: string;
  readonly connect?: string;
  readonly scripts?: string;
}

function policy({ frames = '', connect = '', scripts = "script-src 'self'" }: Parts): string {
  const own = ["default-src 'none'", scripts, "style-src 'self'", "font-src 'self'", "img-src 'self' data:"];
  return [...own, connect, "base-uri 'none'", "form-action 'none'", frames].filter((each) => each !== '').join('; ');
}
