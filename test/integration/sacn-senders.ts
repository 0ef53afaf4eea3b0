import process from 'node:process';
import { Sender } from 'sacn';

/** Runs in a network namespace: the sender of the npm package sacn, once for each universe, at 44 Hz. */
const { first, last, level, priority, iface, cid } = JSON.parse(process.argv[2] ?? '{}') as {
  first: number;
  last: number;
  level: number;
  priority: number;
  iface: string;
  /** 32 digits */
  cid: string;
};
for (let universe = first; universe <= last; universe++) {
  const sender = new Sender({
    universe,
    iface,
    reuseAddr: true,
    minRefreshRate: 44,
    defaultPacketOptions: {
      sourceName: `npm at ${priority}`,
      priority,
      cid: Buffer.from(cid, 'hex'),
      useRawDmxValues: true,
    },
  });
  await new Promise<void>((resolve) => setTimeout(resolve, 10));
  await sender.send({ payload: { 1: level } });
}
console.log('sending');
