import { expect, it } from 'vitest';
import { messageType, type MessageType } from '../../../../src-main/core/protocol/messages.ts';
import { belongsToSession, changesSomething } from '../../../../src-main/core/router/requests/request.ts';

type Name = keyof typeof messageType;
const names = Object.keys(messageType) as Name[];
const those = (holds: (type: MessageType) => boolean): Name[] =>
  names.filter((name) => holds(messageType[name])).sort();

it('[RT112] requests that must not be done twice are those that change something', () => {
  expect(those(changesSomething)).toEqual(['announce', 'bundle', 'publish', 'set', 'subscribe', 'unsubscribe']);
});

it('[RT300] requests whose doing ends with their session are those about what a session is given and owns', () => {
  expect(those(belongsToSession)).toEqual(['announce', 'subscribe', 'unsubscribe']);
});
