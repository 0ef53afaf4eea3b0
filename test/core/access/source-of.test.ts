import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../src-main/core/access/source-of.ts';

describe('where a peer comes from', () => {
  it.each([
    ['tcp 10.0.0.5:53112', '10.0.0.5'],
    ['ws 127.0.0.1:1', '127.0.0.1'],
    ['ws ::ffff:10.0.0.5:443', '10.0.0.5'],
    ['udp ::1:53112', '0:0:0:0::/64'],
    ['tcp 2001:db8:0:7:1:2:3:4:53112', '2001:db8:0:7::/64'],
    ['tcp [2001:0db8:0:7::9]:53112', '2001:db8:0:7::/64'],
    ['tcp fe80::1%eth0:53112', 'fe80:0:0:0::/64'],
    ['tcp gone:0', 'gone'],
    ['serial /dev/ttyUSB0', '/dev/ttyUSB0'],
    ['/dev/ttyUSB0', '/dev/ttyUSB0'],
  ])('[AC17] %s is from %s', (peer, source) => {
    expect(sourceOf(peer)).toBe(source);
  });
});
