import { describe, expect, it } from 'vitest';
import { mayOpenExternally } from '../../src-main/shell/external-pages.ts';

describe('the pages that may open in the browser', () => {
  it('[DS12] are those of the list', () => {
    expect(mayOpenExternally('https://github.com/some/page?x#y')).toBe(true);
  });

  it.each([
    'http://github.com/',
    'https://github.com.evil.example/',
    'https://evil.example/github.com',
    'https://operator:secret@github.com/',
    'https://github.com@evil.example/',
    'https://github.com:8443/',
    'https://gist.github.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://github.com/share',
    'github.com',
    '',
  ])('[DS12] do not hold %s', (url) => {
    expect(mayOpenExternally(url)).toBe(false);
  });
});
