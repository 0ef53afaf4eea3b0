import { describe, expect, it } from 'vitest';
import { alsaConnections, openWatched } from '../../../src-main/bridges/midi/alsa-connections.ts';

/** As Linux 6.8 writes it; the port of the last client as a kernel before it. */
const clients = `Client info
  cur  clients : 5
  peak clients : 6
  max  clients : 192

Client   0 : "System" [Kernel Legacy]
  Port   0 : "Timer" (Rwe-) [In]
  Port   1 : "Announce" (R-e-) [In]
    Connecting To: 142:0
Client  28 : "Keys" [Kernel Legacy]
  Port   0 : "Keys Client 9 :  Port 1 :" (RWeX) [In/Out]
    Connecting To: 128:0, 164:0[r:0][ex]
    Connected From: 129:0, 166:0[r:0]
  Port   1 : "Keys MIDI 2" (RWeX) [In/Out]
Client 128 : "RtMidi Input Client" [User Legacy]
  Port   0 : "midi" (-We-) [Out]     Connected From: 28:0
  Output pool :
    Pool size          : 500
`;

describe('the connections of ALSA', () => {
  it('[MI28] are read of one port, both ways, whatever names and flags stand beside them', () => {
    const of = (port: string): string[] => [...alsaConnections(clients, port)];
    expect(of('28:0')).toEqual(['to 128:0', 'to 164:0', 'from 129:0', 'from 166:0']);
    expect([of('28:1'), of('128:0'), of('0:1'), of('9:1')]).toEqual([[], ['from 28:0'], ['to 142:0'], []]);
    expect([...alsaConnections('nothing of that kind', '28:0')]).toEqual([]);
  });

  it('[MI28] tell that a port is dead whose own one is gone, though others came or stayed', () => {
    let now = clients;
    const add = (peer: string): void => void (now = now.replace('166:0[r:0]', `166:0[r:0], ${peer}`));
    const { opened, isConnected } = openWatched({
      read: () => now,
      name: 'Keys:Keys MIDI 1 28:0',
      open: () => (add('170:0'), 'open'),
    });
    expect([opened, isConnected()]).toEqual(['open', true]);
    add('171:0');
    expect(isConnected()).toBe(true);
    now = now.replace(', 170:0', '');
    expect(isConnected()).toBe(false);
  });

  it('[MI28] tell nothing where they cannot be read, or which one is ours is not known', () => {
    let now: string | undefined;
    const open = (name: string, then: string | undefined): boolean[] => {
      const { isConnected } = openWatched({ read: () => now, name, open: () => (now = then) });
      const after = isConnected();
      now = 'Client 28 : "Keys" [Kernel]\n  Port   0 : "Keys" (RWeX)\n';
      return [after, isConnected()];
    };
    now = undefined;
    expect(open('Keys 28:0', undefined)).toEqual([true, true]);
    now = undefined;
    expect(open('Keys 28:0', clients)).toEqual([true, true]);
    now = 'Client 28 : "Keys" [Kernel]\n';
    expect(open('Keys 28:0', clients)).toEqual([true, true]);
    now = clients;
    expect(open('A port Flyrail', clients)).toEqual([true, true]);
  });

  it('[MI28] that cannot be read any more leave a port alone', () => {
    let now: string | undefined = clients;
    const open = (): void => void (now = clients.replace('128:0, ', '128:0, 170:0, '));
    const { isConnected } = openWatched({ read: () => now, name: 'Keys 28:0', open });
    now = undefined;
    expect(isConnected()).toBe(true);
    now = '';
    expect(isConnected()).toBe(false);
  });
});
