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

  it('[PR21] carry a resume secret behind the body of HELLO, and nothing where there is none', () => {
    const plainHello = encoded(hello);
    expect(encoded({ ...hello, resume: '' })).toBe(plainHello);
    expect(encoded({ ...hello, resume: 'r1' })).toBe(`${plainHello}00027231`);
    expect(carried({ ...hello, token: 't', resume: 'r1' })).toEqual({ ...hello, token: 't', resume: 'r1' });
  });

  it.each([
    ['one byte', '00'],
    ['an empty text', '0000'],
    ['a text that ends too early', '0003ab'],
    ['a text that is no UTF-8', '0002c328'],
  ])('[PR21] take %s behind the body of HELLO as no secret', (_what, bytes) => {
    expect(decoded(`${encoded(hello)}${bytes}`)).toEqual(hello);
  });
});
