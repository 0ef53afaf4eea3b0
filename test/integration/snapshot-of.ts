import { messageType, type SnapshotParam } from '../../src-main/core/protocol/messages.ts';
import { until } from '../until.ts';
import { RawSession } from './raw-session.ts';

/** What a late joiner is given, whole. */
export async function snapshotOf(url: string): Promise<readonly SnapshotParam[]> {
  const session = await RawSession.connect(url);
  session.send({ type: messageType.hello, version: 1, name: 'late', features: ['param'] });
  await session.until(messageType.snapshot, 1);
  let count = -1;
  await until('the whole snapshot', () => {
    const now = session.all(messageType.snapshot).length;
    const isQuiet = now === count;
    count = now;
    return isQuiet;
  });
  session.webSocket.close();
  return session.all(messageType.snapshot).flatMap(({ params }) => params);
}
