import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { appScheme, contentTypeOf, pageHeaders, pathIn } from './page-files.ts';

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Serves the built pages and nothing outside their folder. */
export function serveAppProtocol(session: Session, pagesFolder: string): void {
  session.protocol.handle(appScheme, async ({ method, url }) => {
    const path = method === 'GET' ? pathIn(pagesFolder, url) : undefined;
    if (path === undefined) return notFound();
    try {
      const body = new Uint8Array(await readFile(path));
      return new Response(body, { headers: { ...pageHeaders, 'content-type': contentTypeOf(path) } });
    } catch {
      return notFound();
    }
  });
}

function notFound(): Response {
  return new Response('There is no such page.\n', {
    status: 404,
    headers: { ...pageHeaders, 'content-type': 'text/plain' },
  });
}
