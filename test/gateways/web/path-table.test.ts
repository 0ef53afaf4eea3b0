import { describe, expect, it } from 'vitest';
import { PathTable } from '../../../src-main/gateways/web/path-table.ts';
import { bearerOf, queryTokenOf } from '../../../src-main/gateways/web/web-token.ts';

describe('paths of a web door', () => {
  const table = new PathTable<string>();
  table.set('/ws', 'ws');
  table.set('/socket.io/', 'sio');
  it.each([
    ['/ws', 'ws'],
    ['/ws?token=x', 'ws'],
    ['/ws/', undefined],
    ['/wsx', undefined],
    ['/socket.io', 'sio'],
    ['/socket.io/?EIO=4', 'sio'],
    ['/socket.io/a/b', 'sio'],
    ['', undefined],
  ])('[WB1] %j belongs to %s', (url, owner) => {
    expect(table.find(url)).toBe(owner);
  });

  it.each([
    ['Bearer abc', 'abc'],
    ['bearer   abc ', 'abc'],
    ['Basic abc', undefined],
    ['Bearer', undefined],
    ['Bearer a b', undefined],
  ])('[WB3] the token of %j is %j', (authorization, token) => {
    expect(bearerOf({ headers: { authorization } })).toBe(token);
  });

  it.each([
    ['/ws?token=a%2Fb', 'a/b'],
    ['/ws?x=1&token=y', 'y'],
    ['/ws?token=', undefined],
    ['/ws', undefined],
  ])('[WB3] the token of the URL %j is %j', (url, token) => {
    expect(queryTokenOf({ url })).toBe(token);
  });
});
