import { extname, join, normalize, sep } from 'node:path';
import { pagePolicy } from '../contract/page-policy.ts';

/** The window's pages live at this origin, not at file://, so that they have one and reach no other file. */
export const appScheme = 'app';
const appHost = 'flyrail';
export const appOrigin = `${appScheme}://${appHost}`;
export const appPage = `${appOrigin}/index.html`;

/** Sent with every answer, also with a refusal. The page has nothing to fetch: it talks over its port. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': pagePolicy.window,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
};

export function contentTypeOf(path: string): string {
  return types[extname(path)] ?? 'application/octet-stream';
}

/** Whether a URL is the page itself, at whatever place in it. */
export function isAppPage(url: string): boolean {
  return url === appPage || url.startsWith(`${appPage}#`);
}

/** @param pagesFolder absolute
 *  @returns the file for a URL of ours, undefined for another host and for anything outside the folder */
export function pathIn(pagesFolder: string, url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host, pathname } = new URL(url);
  const decoded = tryDecode(pathname);
  if (protocol !== `${appScheme}:` || host !== appHost || decoded === undefined || decoded.includes('\0')) {
    return undefined;
  }
  const path = normalize(join(pagesFolder, decoded));
  const inside = normalize(pagesFolder) + sep;
  return path.startsWith(inside) && path !== inside ? path : undefined;
}

function tryDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
