import { signalKinds, type GesturePhase, type SignalKind } from '../../contract/signal.ts';
import type { Feature, Qos } from './messages.ts';

/** Signal kinds by their code on the wire; the type mask's bit is `1 << code`. @see CLASP-WIRE §2 */
const kindCodes = { param: 0, event: 1, stream: 2, gesture: 3, timeline: 4 } as const satisfies Record<
  SignalKind,
  number
>;
const phases = ['start', 'move', 'end', 'cancel'] as const satisfies readonly GesturePhase[];
const qosLevels = ['fire', 'confirm', 'commit'] as const satisfies readonly Qos[];
const qosCodes = { fire: 0, confirm: 1, commit: 2 } as const satisfies Record<Qos, number>;
const featureBits = [
  ['param', 0x80],
  ['event', 0x40],
  ['stream', 0x20],
  ['gesture', 0x10],
  ['timeline', 0x08],
  ['federation', 0x04],
] as const satisfies readonly (readonly [Feature, number])[];

/** What old peers send for "every kind"; 0 means the same. */
export const allKindsMask = 0xff;

/** 0..4. Compared one by one: once several names were looked up, a table of them costs the compiler its short way. */
export function codeOfKind(kind: SignalKind): number {
  switch (kind) {
    case 'param':
      return kindCodes.param;
    case 'event':
      return kindCodes.event;
    case 'stream':
      return kindCodes.stream;
    case 'gesture':
      return kindCodes.gesture;
    case 'timeline':
      return kindCodes.timeline;
    default:
      return kind satisfies never;
  }
}

/** @param code one byte; what the wire does not define is an event */
export function kindOfCode(code: number): SignalKind {
  return signalKinds[code] ?? 'event';
}

/** 0..3 */
export function codeOfPhase(phase: GesturePhase): number {
  return phases.indexOf(phase);
}

/** @param code one byte; what the wire does not define is a start */
export function phaseOfCode(code: number): GesturePhase {
  return phases[code] ?? 'start';
}

/** What the wire does not define is a start. */
export function phaseOfName(name: string): GesturePhase {
  return phases.find((phase) => phase === name) ?? 'start';
}

/** 0..2, compared one by one as kinds are. */
export function codeOfQos(qos: Qos): number {
  switch (qos) {
    case 'fire':
      return qosCodes.fire;
    case 'confirm':
      return qosCodes.confirm;
    case 'commit':
      return qosCodes.commit;
    default:
      return qos satisfies never;
  }
}

/** @param code two bits; the reserved 3 is 'fire' */
export function qosOfCode(code: number): Qos {
  return qosLevels[code] ?? 'fire';
}

/** The SUBSCRIBE and REPLAY mask of these kinds; none means all: `allKindsMask`. */
export function maskOf(kinds: readonly SignalKind[]): number {
  let mask = 0;
  for (const kind of kinds) mask |= 1 << kindCodes[kind];
  return mask === 0 ? allKindsMask : mask;
}

/** Whether a mask as it came from the wire names the kind. */
export function maskHas(mask: number, kind: SignalKind): boolean {
  return mask === 0 || (mask & (1 << kindCodes[kind])) !== 0;
}

/** The feature byte of HELLO. */
export function featureBitsOf(features: readonly Feature[]): number {
  let bits = 0;
  for (const [feature, bit] of featureBits) if (features.includes(feature)) bits |= bit;
  return bits;
}

/** @returns in the order of the wire's bits; unknown bits are left out */
export function featuresOf(bits: number): Feature[] {
  return featureBits.filter(([, bit]) => (bits & bit) !== 0).map(([feature]) => feature);
}

/** The feature byte of WELCOME, which never names federation. */
export function kindFeaturesOf(bits: number): SignalKind[] {
  return signalKinds.filter((kind) => (bits & (0x80 >> kindCodes[kind])) !== 0);
}
