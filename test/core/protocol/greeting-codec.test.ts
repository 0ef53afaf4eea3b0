import { describe, expect, it } from 'vitest';
import { messageType, type HelloMessage, type WelcomeMessage } from '../../../src-main/core/protocol/messages.ts';
import { carried, decoded, encoded } from './coding.ts';

const hello: HelloMessage = { type: messageType.hello, version: 3, features: ['federation'], name: 'desk' };
const welcome: WelcomeMessage = {
  type: messageType.welcome,
  version: 1,
  features: [],
  time: 7n,
  session: 's',
  name: 'r',
};

describe('HELLO and WELCOME', () => {
  it('[PR12] take an empty token as none', () => {
    expect(carried({ ...hello, token: '' })).toEqual(hello);
    expect(carried({ ...hello, token: 't' })).toEqual({ ...hello, token: 't' });
    expect(carried({ ...welcome, token: '' })).toEqual(welcome);
  });

  it('[PR13] carry federation in HELLO only', () => {
    expect(encoded(hello).slice(4, 6)).toBe('04');
    const everyBit = encoded(welcome).replace(/^020100/, '0201ff');
    expect(decoded(everyBit)).toMatchObject({ features: ['param', 'event', 'stream', 'gesture', 'timeline'] });
  });
});
