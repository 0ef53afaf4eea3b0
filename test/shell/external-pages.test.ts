import { describe, expect, it } from 'vitest';
import { mayOpenExternally } from '../../src-main/shell/external-pages.ts';

describe('the pages that may open in the browser', () => {
  it('[DS12] are those of the list', () => {
    expect(mayOpenExternally('https://github.com/some/page?x#y')).toBe(true);
  });

  it.each(['http://192.168.10.60:8080/setup', 'https://10.0.0.3/', 'http://169.254.7.7/', 'http://[fd00::7]:80/'])(
    '[DS12] hold %s, as machines of the network have them',
    (url) => {
      expect(mayOpenExternally(url)).toBe(true);
    },
  );

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
    'http://127.0.0.1:7380/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0.0.0.0:7380/',
    'http://[::1]:7380/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://224.0.0.251/',
    'http://255.255.255.255/',
    'http://[ff02::1]/',
    'http://localhost:7380/',
    'http://node.local/',
    'http://operator:secret@192.168.10.60/',
    'ftp://192.168.10.60/',
    'smb://192.168.10.60/share',
  ])('[DS12] do not hold %s', (url) => {
    expect(mayOpenExternally(url)).toBe(false);
  });
});
