import { describe, expect, it } from 'vitest';
import { isLoopback } from '../../src-main/contract/loopback.ts';

describe('this machine', () => {
  it.each(['127.0.0.1', '127.8.9.255', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1', 'localhost', 'LocalHost'])(
    '[CL3] is %s',
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each([
    '::ffff:10.0.0.5',
    '127.evil.example',
    '127.0.0.256',
    '127.0.0.1.evil.example',
    '128.0.0.1',
    '::',
    '',
    '0.0.0.0',
  ])('[CL3] is not %j', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
