import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src-main/contract/errors.ts';
import { dialFault, dialReason } from '../../src-main/transports/socket-faults.ts';

describe('why a socket did not open', () => {
  it('[TP6] gives the reason of each address of a name', () => {
    const reasons = [new Error('no answer by ::1'), new Error('no answer by 127.0.0.1')];
    expect(dialReason(new AggregateError(reasons))).toBe('no answer by ::1, no answer by 127.0.0.1');
    expect(dialReason('nothing')).toBe('nothing');
  });

  it('[LK20] says it in words, with what the system calls it, and the same reason of several addresses once', () => {
    const refused = (at: string) => Object.assign(new Error(`connect ECONNREFUSED ${at}`), { code: 'ECONNREFUSED' });
    const words = 'no router listens there (ECONNREFUSED)';
    expect(dialReason(refused('127.0.0.1:1'))).toBe(words);
    expect(dialReason(new AggregateError([refused('::1:1'), refused('127.0.0.1:1')]))).toBe(words);
    expect(dialFault('ws://desk', refused('127.0.0.1:1')).message).toBe(`ws://desk does not answer: ${words}.`);
  });

  it('[LK21] leaves the sentence of a network card that is missing as it is', () => {
    const missing = new UnavailableError('no-network-card', 'The network card show is not there.');
    expect(dialFault('ws://desk', missing)).toBe(missing);
  });

  it('[CT7] says of a certificate that nobody trusted has signed where its authority is to be had', () => {
    const error = Object.assign(new Error('unable to verify'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    expect(dialReason(error)).toContain('flyrail cert export-ca');
    expect(dialReason(Object.assign(new Error('odd'), { code: 'EODD' }))).toBe('odd');
  });
});
