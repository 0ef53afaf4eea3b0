import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentTypeOf, isAppPage, pageHeaders, pathIn } from '../../src-main/shell/page-files.ts';

const folder = join('/', 'opt', 'flyrail', 'out', 'renderer');

describe('the files behind app://', () => {
  it('[DS5] are those of the folder', () => {
    expect(pathIn(folder, 'app://flyrail/index.html')).toBe(join(folder, 'index.html'));
    expect(pathIn(folder, 'app://flyrail/assets/a%20b.js?v=1#x')).toBe(join(folder, 'assets', 'a b.js'));
  });

  it.each(['app://flyrail/../secret', 'app://flyrail/%2e%2e/secret'])('[DS5] hold %s inside', (url) => {
    // Dot segments that the URL itself takes out.
    expect(pathIn(folder, url)).toBe(join(folder, 'secret'));
  });

  it.each([
    'app://flyrail/..%2fsecret',
    'app://flyrail/a/..%2f..%2f..%2fetc/passwd',
    'app://flyrail/..%2frenderer-other/x',
    'app://other/index.html',
    'app://flyrail.evil/index.html',
    'app://flyrail:80/index.html',
    'https://flyrail/index.html',
    'file:///etc/passwd',
    'app://flyrail/%',
    'app://flyrail/x%00.html',
    'app://flyrail',
    'app://flyrail/',
    'nonsense',
    '',
  ])('[DS5] do not hold %s', (url) => {
    expect(pathIn(folder, url)).toBeUndefined();
  });

  it('[DS5] lie in the folder whatever is asked for', () => {
    const part = fc.constantFrom('..', '%2e%2e', '%2f', '/', '\\', '%5c', '%00', 'a', '%', '.', 'C:', '//', '?', '#');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const path = pathIn(folder, `app://flyrail/${parts.join('')}`);
        return path === undefined || path.startsWith(`${folder}/`);
      }),
      { numRuns: 5000 },
    );
  });

  it('[DS6] come with a policy that allows nothing unsafe and nothing from elsewhere', () => {
    const policy = pageHeaders['content-security-policy'] ?? '';
    expect(policy).toMatch(/^default-src 'none'/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(pageHeaders['x-content-type-options']).toBe('nosniff');
  });

  it('[DS5] have their types', () => {
    expect(contentTypeOf('/x/index.html')).toBe('text/html; charset=utf-8');
    expect(contentTypeOf('/x/a.js')).toBe('text/javascript; charset=utf-8');
    expect(contentTypeOf('/x/a.exe')).toBe('application/octet-stream');
  });
});

describe('the page', () => {
  it('[DS7] is one page, at whatever place in it', () => {
    expect(isAppPage('app://flyrail/index.html')).toBe(true);
    expect(isAppPage('app://flyrail/index.html#patch')).toBe(true);
    for (const url of ['app://flyrail/', 'app://flyrail/index.html.evil', 'app://flyrail/icon.svg', 'about:blank', ''])
      expect(isAppPage(url), url).toBe(false);
  });
});
