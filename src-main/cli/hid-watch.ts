import { deviceControls, type DeviceControls } from '../bridges/hid/device-controls.ts';
import { UnavailableError } from '../contract/errors.ts';
import type { HidControl } from '../contract/hid-control.ts';
import { micros, millis, millisToMicros } from '../contract/units.ts';
import { BitLearner, restTime } from '../core/hid/bit-learner.ts';
import { ChangedBits, type ChangedBit } from '../core/hid/changed-bits.ts';
import { ControlReader, type ControlChange } from '../core/hid/control-reader.ts';
import { HeldHid } from '../platform/hid/held-hid.ts';
import type { Clock } from '../ports/clock.ts';
import type { HidAccess } from '../ports/hid-ports.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { createOutputLines, finishOutput } from './output-lines.ts';
import { waitForStop } from './stop-signals.ts';

/** How long a control is waited for, and how long it has to be quiet before it is taken. */
const learnWait = millis(20_000);
const quietTime = millis(800);

export interface WantedHid {
  readonly device: string;
  readonly part: string;
  readonly access: HidAccess;
  readonly clock: Clock;
}

const quietLog = { info: ignore, warn: ignore };

/** Prints what a device reports until it is told to end.
 *  @throws UnavailableError where it is not there */
export async function watchHidDevice(
  wanted: WantedHid,
  io: CommandIo,
  { json, all }: { readonly json: boolean; readonly all: boolean },
): Promise<number> {
  const { clock } = wanted;
  const stopping = io.stopping ?? waitForStop();
  const lines = createOutputLines(io.stdout);
  const restsUntil = micros(clock.nowMicros() + millisToMicros(restTime));
  let [bits, reader] = [new ChangedBits(false), new ControlReader([], 0)];
  const held = await open(wanted, {
    onKnown: ({ controls, isNumbered, words, note }) => {
      [bits, reader] = [new ChangedBits(isNumbered), new ControlReader(controls, 0.08)];
      io.stderr.write(`flyrail: ${wanted.device} is there; its controls are known by ${words}. ${note}\n`);
    },
    onReport: (bytes) => {
      const changed = bits.take(bytes, !all && clock.nowMicros() < restsUntil);
      const said = reader.take(bytes);
      if (changed.length > 0 || (all && said.length > 0)) lines.write(lineOf(bytes, { changed, said, json }));
    },
    onLost: () => io.stderr.write('flyrail: The device is gone; it is waited for.\n'),
  });
  await Promise.race([stopping.requested, lines.readerGone]);
  await held.stop();
  await finishOutput(lines, stopping);
  return exitCode.ok;
}

/** Waits for one control to be pressed or moved.
 *  @returns undefined, with a line on stderr, where nothing was within 20 s
 *  @throws UnavailableError where the device is not there */
export async function learnHidControl(wanted: WantedHid, io: CommandIo, name: string): Promise<HidControl | undefined> {
  const { clock } = wanted;
  let learner = new BitLearner([], false);
  let heardAt = clock.nowMicros();
  const held = await open(wanted, {
    onKnown: ({ isNumbered }) => {
      learner = new BitLearner([], isNumbered);
      learner.look(clock.nowMicros());
    },
    onReport: (bytes) => {
      const before = learner.heard.heard[0]?.changes;
      learner.take(bytes, clock.nowMicros());
      if (learner.heard.heard[0]?.changes !== before) heardAt = clock.nowMicros();
    },
    onLost: ignore,
  });
  try {
    io.stderr.write('flyrail: Leave the device alone for a second.\n');
    await pass(clock, restTime);
    learner.look(clock.nowMicros());
    io.stderr.write(`flyrail: Now press or move ${name} a few times.\n`);
    const endsAt = micros(clock.nowMicros() + millisToMicros(learnWait));
    while (clock.nowMicros() < endsAt) {
      await pass(clock, millis(100));
      const [most] = learner.heard.heard.toSorted((one, other) => other.changes - one.changes);
      const isQuiet = clock.nowMicros() > heardAt + millisToMicros(quietTime);
      if (most && most.changes > 1 && isQuiet) return { ...most.control, name };
    }
    io.stderr.write('flyrail: Nothing was pressed or moved.\n');
    return undefined;
  } finally {
    await held.stop();
  }
}

interface Listener {
  readonly onKnown: (known: DeviceControls) => void;
  readonly onReport: (bytes: Uint8Array) => void;
  readonly onLost: () => void;
}

async function open({ device, part, access, clock }: WantedHid, { onKnown, ...on }: Listener): Promise<HeldHid> {
  const held = new HeldHid({
    ...{ device, part, access, clock, log: quietLog, ...on },
    prepare: async (info) => {
      const [layouts, described] = await Promise.all([access.layouts(), access.ports.describe(info.path)]);
      onKnown(deviceControls({ ...layouts, info, described }, { layout: '', controls: [], changes: [] }));
    },
    onOpen: ignore,
  });
  await held.start();
  if (held.trouble === undefined) return held;
  await held.stop();
  throw new UnavailableError('cannot-open-port', held.trouble, { device });
}

interface Heard {
  readonly changed: readonly ChangedBit[];
  readonly said: readonly ControlChange[];
  readonly json: boolean;
}

/** `01 80 80 48  byte 3 bit 6 on  cross 1` */
function lineOf(bytes: Uint8Array, { changed, said, json }: Heard): string {
  const report = Buffer.from(bytes).toString('hex');
  const controls = said.map(({ name, ...change }) => ({ name, value: valueOf(change) }));
  if (json) return `${JSON.stringify({ report, changed, controls })}\n`;
  const bits = changed.map(({ byte, bit, on }) => `byte ${byte} bit ${bit} ${on ? 'on' : 'off'}`);
  const words = controls.map(({ name, value }) => `${name} ${value}`);
  const parts = [report.replace(/(..)(?=.)/g, '$1 '), bits.join(', '), words.join(', ')];
  return `${parts.filter(Boolean).join('  ')}\n`;
}

type AnyChange = ControlChange extends infer C
  ? C extends { readonly name: string }
    ? Omit<C, 'name'>
    : never
  : never;

function valueOf(change: AnyChange): number {
  return change.is === 'jog' ? change.steps : change.is === 'button' ? Number(change.pressed) : change.value;
}

function pass(clock: Clock, ms: typeof restTime): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

function ignore(): void {
  // Whoever looks at a device at the command line reads its lines.
}
