import type { DoorSettings, DoorStatus } from '../../src-main/contract/door.ts';
import type { StatusShapeName } from '../widgets/status-shape-name.ts';
import { doorForms } from './door-fields.ts';

/** A way in as its row shows it. */
export interface DoorRow {
  readonly id: string;
  readonly kindWord: string;
  /** where clients dial, or would while it is shut */
  readonly place: string;
  /** that can be dialled now; empty while none can */
  readonly url: string;
  readonly shape: StatusShapeName;
  readonly stateWord: string;
  /** why nobody can come in; empty while they can */
  readonly reason: string;
  /** empty where somebody is asked, or nobody else comes */
  readonly warning: string;
  readonly enabled: boolean;
  /** fixed: the WebSocket port. run: of the command line, switched for this run. kept: of this machine */
  readonly may: 'fixed' | 'run' | 'kept';
  /** undefined while it is not known */
  readonly counts: Readonly<Record<'now' | 'inAll' | 'refused', number>> | undefined;
}

const looks = {
  open: ['connected', 'Open'],
  opening: ['connecting', 'Opening'],
  waiting: ['found', 'Waiting'],
  broken: ['broken', 'Broken'],
  off: ['off', 'Off'],
} as const satisfies Record<DoorStatus['state'], readonly [StatusShapeName, string]>;

/** @param isKnown false without an engine: how it stands now is not known */
export function doorRow(door: DoorStatus, isKnown: boolean): DoorRow {
  const { id, settings, isGiven, enabled, connections, acceptedTotal, refusedTotal } = door;
  const [shape, stateWord] = looks[door.state];
  const anyone = 'Other machines come in and nobody is asked who they are.';
  return {
    id,
    kindWord: doorKindWord(settings),
    place: door.url || placeOf(settings),
    url: door.url,
    enabled,
    may: settings === null ? 'fixed' : isGiven ? 'run' : 'kept',
    warning: door.isForAnyone ? anyone : '',
    ...(isKnown
      ? { shape, stateWord, reason: door.state === 'open' ? '' : door.reason }
      : { shape: 'off' as const, stateWord: 'Not known', reason: 'No connection to the engine.' }),
    counts: isKnown ? { now: connections, inAll: acceptedTotal, refused: refusedTotal } : undefined,
  };
}

/** How it is called among others. */
export function doorName({ settings, url }: DoorStatus): string {
  return `${doorKindWord(settings)} ${placeOf(settings) || url}`;
}

/** The whole row in words. */
export function spokenDoor({ kindWord, place, stateWord, reason, warning, may, counts }: DoorRow): string {
  const clients = counts && `${counts.now} now, ${counts.inAll} in all, ${counts.refused} refused`;
  const whose = may === 'run' ? 'of the command line' : may === 'fixed' ? 'always open' : '';
  return [kindWord, place, whose, stateWord, reason, clients ?? '', warning].filter((words) => words !== '').join(', ');
}

export function doorKindWord(settings: DoorSettings | null): string {
  return settings === null ? 'WebSocket' : doorForms[settings.kind].word;
}

function placeOf(settings: DoorSettings | null): string {
  if (settings === null) return '';
  if (settings.kind === 'serial') return settings.device;
  if (settings.kind === 'ble') return settings.name ?? (settings.role === 'central' ? 'any device' : 'this machine');
  const host = settings.host?.includes(':') ? `[${settings.host}]` : settings.host;
  if (settings.port === 0) return host === undefined ? 'a free port' : `${host}, a free port`;
  return host === undefined ? `port ${settings.port}` : `${host}:${settings.port}`;
}
