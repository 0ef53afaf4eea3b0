import { describe, expect, it } from 'vitest';
import { movedPage } from '../../../../src-renderer/devices/remote/moved-page.ts';

function at(url: string): Pick<Location, 'protocol' | 'host' | 'hostname'> {
  return new URL(url);
}

describe('where a page goes on', () => {
  it('[RS30] is its own port under the other scheme, where TLS came or went', () => {
    const open = { reach: 'network', encrypted: true } as const;
    expect(movedPage(open, at('http://127.0.0.1:7380/'))).toBe('https://127.0.0.1:7380/');
    expect(movedPage(open, at('https://10.0.0.5:7380/'))).toBeUndefined();
    expect(movedPage(open, at('file:///pages/index.html'))).toBeUndefined();
    const closed = { reach: 'loopback', encrypted: false } as const;
    expect(movedPage(closed, at('https://localhost:7380/'))).toBe('http://localhost:7380/');
    // Nobody reaches it from there any more.
    expect(movedPage(closed, at('https://10.0.0.5:7380/'))).toBeUndefined();
  });
});
