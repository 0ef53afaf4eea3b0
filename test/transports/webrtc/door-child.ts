import process from 'node:process';
import { createInterface } from 'node:readline';
import { openSignallingRouter, webRtcOf } from './webrtc-fixture.ts';

// A way in that may crash: on the UDP port of its first argument. It prints the URL where it is dialled, and at each line on stdin
// what it refused.
const signalling = await openSignallingRouter();
const transport = webRtcOf(signalling, { port: Number(process.argv[2]) });
const { url } = await transport.listen((connection) => signalling.router.accept(connection));
process.stdout.write(`${url}\n`);
createInterface({ input: process.stdin }).on('line', () =>
  process.stdout.write(`${JSON.stringify(transport.refused())}\n`),
);
