import process from 'node:process';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createWebRtcDialler } from '../../../src-main/transports/webrtc/webrtc-dialler.ts';
import { createWebSocketDialler } from '../../../src-main/transports/websocket/websocket-dialler.ts';

// A peer that can be killed: dials the URL of its first argument, says so, and stays.
const clock = createSystemClock();
const dialler = createWebRtcDialler({ clock, webSocket: createWebSocketDialler({ clock }) });
await dialler.dial(process.argv[2] ?? '');
process.stdout.write('open\n');
