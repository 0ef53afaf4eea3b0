/** What the interface's page may load and reach, as Content-Security-Policy: itself and nothing else. Who is told two of
 *  them obeys both. */
export const pagePolicy = {
  /** sent with the page in the desktop window, which talks over its port and has nothing to fetch */
  window: policy("frame-ancestors 'none'"),
  /** sent with the page to a browser, which reaches the engine at the page's own origin */
  browser: policy("frame-ancestors 'none'", "connect-src 'self'"),
  /** written in the page itself, wherever it comes from; frame-ancestors means nothing there, and not every browser takes
   *  'self' for a WebSocket */
  page: policy('', "connect-src 'self' ws://127.0.0.1:* ws://localhost:*"),
} as const;

function policy(frames: string, connect = ''): string {
  const own = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
  ];
  return [...own, connect, "base-uri 'none'", "form-action 'none'", frames].filter((each) => each !== '').join('; ');
}
