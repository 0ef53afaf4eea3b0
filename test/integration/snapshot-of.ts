import { messageType, type Message, type SnapshotParam } from '../../src-main/core/protocol/messages.ts';
import { RawSession } from './raw-session.ts';

/** What a late joiner is given, whole. */
export async function snapshotOf(url: string): Promise<readonly SnapshotParam[]> {
  const session = await RawSession.connect(url);
  const hello: Message = { type: messageType.hello, version: 1, name: 'late', features: ['param'] };
  // What is found comes behind the snapshot, also where nothing is: so its end is known.
  session.send(hello, { type: messageType.query, pattern: '/none/of/these' });
  await session.until(messageType.result, 1, 20_000);
  session.webSocket.close();
  return session.all(messageType.snapshot).flatMap(({ params }) => params);
}
