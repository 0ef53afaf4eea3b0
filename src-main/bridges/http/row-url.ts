import { fillTemplate, type Holes } from '../../core/realtime/templates.ts';

/** A whole URL of what a row says: with a slash first it is of the server.
 *  @param base of the server; may be empty where the row is whole */
export function wholeUrl(url: string, base: string): string {
  return url.startsWith('/') ? base.replace(/\/+$/, '') + url : url;
}

/** `http://10.0.0.5:8080` of a URL, or of the template of one; undefined for what is none. */
export function originOf(template: string): string | undefined {
  const host = /^https?:\/\/[^/?#]+/i.exec(template)?.[0] ?? '';
  return URL.canParse(host) ? new URL(host).origin : undefined;
}

/** The URL with its holes filled. Nothing that fills one leaves its place: `..`, `?` and `#` neither.
 *  @returns undefined where that cannot be */
export function fillUrl(template: string, holes: Holes): string | undefined {
  const safe: Record<string, string> = {};
  try {
    for (const [name, text = ''] of Object.entries(holes))
      safe[name] = text.split('/').map(encodeURIComponent).join('/');
  } catch {
    // Half a character of UTF-16.
    return undefined;
  }
  const filled = fillTemplate(template, safe);
  if (!URL.canParse(filled)) return undefined;
  const url = new URL(filled);
  const path = /^[^/]*\/\/[^/?#]*([^?#]*)/.exec(filled)?.[1] ?? '';
  // A URL forgets what lies before `..`.
  return url.pathname.split('/').length === (path || '/').split('/').length ? url.href : undefined;
}
