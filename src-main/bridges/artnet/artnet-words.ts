import { portAddressWords } from '../../contract/bridges/port-address.ts';
import type { ArtnetBridge } from '../../contract/show.ts';
import type { BridgeHealth } from '../../ports/bridge.ts';
import type { FrameReceiver } from './frame-receiver.ts';
import type { FrameSender, LateNode } from './frame-sender.ts';

type Settings = ArtnetBridge['settings'];

export interface ArtnetStanding {
  readonly settings: Settings;
  /** there is no network card to work on */
  readonly isAway: boolean;
  readonly sender: Pick<FrameSender, 'failure' | 'untaken' | 'late' | 'size'> | undefined;
  readonly receiver: Pick<FrameReceiver, 'trouble' | 'silence' | 'sources'> | undefined;
  readonly hostTrouble: string | undefined;
  /** the last signal that could not be sent, as a sentence */
  readonly refusal: string | undefined;
  /** that was a moment ago */
  readonly isRefusing: boolean;
}

/** How an Art-Net bridge stands, and why, in sentences. */
export function describeStanding(standing: ArtnetStanding): Pick<BridgeHealth, 'state' | 'reason'> {
  const { settings, isAway, sender, receiver, isRefusing, refusal } = standing;
  if (isAway) return { state: 'broken', reason: awayWords(settings) };
  const refused = refusal && `Refused: ${refusal}`;
  const troubles = [...troublesOf(standing), ...(isRefusing && refused ? [refused] : [])];
  const silence = receiver?.silence;
  if (troubles.length > 0) return { state: 'trouble', reason: [...troubles, silence].filter(Boolean).join(' ') };
  const late = sender?.late;
  if (late || silence !== undefined)
    return { state: 'late', reason: [late ? lateWords(late) : summary(standing), silence].filter(Boolean).join(' ') };
  return { state: 'connected', reason: [summary(standing), refused].filter(Boolean).join(' ') };
}

/** Where it sends and listens: `U 0-3 to nodes, hears 4-7 on eth0`. */
export function urlOf({ universes, receive, send, hosts, networkCard }: Settings): string {
  const to = { subscribers: 'to nodes', hosts: `to ${hosts.join(', ') || 'nobody'}`, broadcast: 'to everybody' };
  const parts = [
    universes.length > 0 && `U ${rangeWords(universes)} ${to[send]}`,
    receive.length > 0 && `hears ${rangeWords(receive)}`,
  ].filter(Boolean);
  return `${parts.join(', ')}${networkCard === '' ? '' : ` on ${networkCard}`}`;
}

function troublesOf({ settings, sender, receiver, hostTrouble }: ArtnetStanding): string[] {
  const isHostless = settings.send === 'hosts' && settings.hosts.length === 0 && settings.universes.length > 0;
  const untaken = settings.send === 'subscribers' ? (sender?.untaken ?? []) : [];
  return [
    isHostless && 'It has no host to send to. Name one.',
    hostTrouble,
    sender?.failure,
    untaken.length > 0 && untakenWords(untaken),
    receiver?.trouble,
  ].filter((trouble) => typeof trouble === 'string');
}

function awayWords({ networkCard }: Settings): string {
  if (networkCard === '')
    return 'This machine has no network card with an IPv4 address. Flyrail goes on as soon as it has.';
  return `The network card ${networkCard} is not there, or has no IPv4 address. Flyrail goes on as soon as it is back.`;
}

const numbersShown = 4;

function untakenWords(portAddresses: readonly number[]): string {
  const shown = portAddresses.toSorted((one, other) => one - other).slice(0, numbersShown);
  const more = portAddresses.length > numbersShown ? ` and ${portAddresses.length - numbersShown} more` : '';
  const what = portAddresses.length === 1 ? 'port address' : 'port addresses';
  return `No node asks for ${what} ${shown.map((each) => portAddressWords(each)).join(', ')}${more}. It is sent as soon as one does; old nodes want a host or broadcast.`;
}

function summary({ settings, sender, receiver }: ArtnetStanding): string {
  const sent = sender?.size ?? 0;
  const { portAddresses, merged } = receiver?.sources ?? { portAddresses: 0, merged: 0 };
  const words = [
    sent > 0 && `Sends ${countWords(sent)}.`,
    sent === 0 && settings.universes.length > 0 && 'Ready. A port address is sent from its first value on.',
    portAddresses > 0 && `Hears ${countWords(portAddresses)}${merged > 0 ? `, ${merged} from two sources` : ''}.`,
    portAddresses === 0 && receiver?.silence === undefined && settings.receive.length > 0 && 'Nothing comes in yet.',
  ];
  return words.filter(Boolean).join(' ');
}

function lateWords(late: LateNode): string {
  const seconds = (late.silentMs / 1000).toFixed(1);
  return `No ArtPollReply for ${seconds} s from ${nodeWords(late)}. It is sent to all the same.`;
}

function countWords(count: number): string {
  return count === 1 ? '1 port address' : `${count} port addresses`;
}

function nodeWords({ name, address }: { readonly name: string; readonly address: string }): string {
  return name === address ? address : `${name} (${address})`;
}

function rangeWords(ranges: Settings['universes']): string {
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
