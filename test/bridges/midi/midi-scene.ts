import { parseAddress } from '../../../src-main/contract/address.ts';
import type { MidiBridge as MidiBridgeSettings } from '../../../src-main/contract/bridges/midi.ts';
import { toJson, type Signal, type Value } from '../../../src-main/contract/signal.ts';
import { MidiBridge } from '../../../src-main/bridges/midi/midi-bridge.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { midiSettings } from '../bridge-settings.ts';
import { FakeMidiPorts } from './fake-midi-ports.ts';

export const plugged = 'Keys MIDI 1 28:0';

interface Scenery {
  /** what is there besides */
  readonly arrange?: (ports: FakeMidiPorts) => void;
  readonly clock?: SimulatedClock;
  /** the host of a bridge before it, which goes on counting */
  readonly before?: RecordingHost;
}

/** A MIDI bridge that was started, on ports of a simulated machine with one keyboard. */
export async function open(
  settings: Partial<MidiBridgeSettings['settings']> = {},
  { arrange, clock = new SimulatedClock(), before: { counts } = new RecordingHost() }: Scenery = {},
) {
  const ports = new FakeMidiPorts();
  ports.inputs = [plugged];
  ports.outputs = [plugged];
  arrange?.(ports);
  const bridge = new MidiBridge(midiSettings(settings), { clock, log: silentLog, midiPorts: ports, platform: 'linux' });
  const host = Object.assign(new RecordingHost(), { counts });
  await bridge.start(host);
  /** what was published since this was asked last, as `param ch/0/cc/7 99` */
  const heard = (): string[] =>
    host.published
      .splice(0)
      .map(
        ({ kind, address, value }) => `${kind} ${address.replace('/midi/keys/', '')} ${JSON.stringify(toJson(value))}`,
      );
  return { bridge, clock, host, ports, heard };
}

export function param(address: string, value: Value): Signal {
  return { kind: 'param', address: parseAddress(address), value };
}

export function event(address: string, value: Value): Signal {
  return { kind: 'event', address: parseAddress(address), value };
}
