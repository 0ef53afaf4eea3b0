import { randomInt } from 'node:crypto';
import { InputError } from '../../contract/errors.ts';
import { roles, type Role } from '../../contract/role.ts';
import type { Millis } from '../../contract/units.ts';
import type { AccessFile, AccessRecords } from '../../platform/access-file.ts';
import { stretchPin } from '../../platform/stretch-pin.ts';
import type { Pake } from './logins.ts';

interface PinToSet {
  readonly file: AccessFile;
  readonly role: Role;
  /** 6 to 12 digits */
  readonly pin: string;
  readonly now: Millis;
}

/** Keeps what is needed to know the PIN again, in place of the one that the role had.
 *  @throws InputError 'bad-value' for one that is tried first, or that another role has: a PIN says who somebody is */
export async function setPin({ file, role, pin, now }: PinToSet): Promise<void> {
  if (!/^\d{6,12}$/.test(pin)) throw new InputError('bad-value', 'A PIN has 6 to 12 digits. Nothing was changed.');
  if (isPlain(pin))
    throw new InputError(
      'bad-value',
      `${pin.slice(0, 2)}… is tried first. Take digits without an order. Nothing was changed.`,
    );
  const pake = await loadPake();
  const { salt } = file.read();
  const password = await stretchPin(pin, salt);
  await file.update((records) => {
    // Another salt: the file was made meanwhile by another program.
    if (records.setup !== '' && records.salt !== salt)
      throw new InputError('changed-meanwhile', 'The PINs were changed meanwhile. Nothing was changed.');
    const setup = records.setup === '' ? pake.createPakeSetup() : records.setup;
    refuseTaken({ pake, records, role, password });
    const { record } = pake.pakeRecord({ setup, user: `pin ${role}`, way: 'pin' }, password);
    return { ...records, setup, salt, pins: { ...records.pins, [role]: { record, setAt: now } } };
  });
}

interface Taken {
  readonly pake: Pake;
  readonly records: AccessRecords;
  readonly role: Role;
  readonly password: string;
}

function refuseTaken({ pake, records, role, password }: Taken): void {
  for (const other of roles) {
    const record = records.pins[other]?.record;
    if (other === role || record === undefined) continue;
    if (!pake.isPassword({ setup: records.setup, user: `pin ${other}`, way: 'pin', record }, password)) continue;
    throw new InputError('bad-value', `The role ${other} has this PIN. Nothing was changed.`, { role: other });
  }
}

/** Six digits that nobody tries first. */
export function makePin(): string {
  for (;;) {
    const pin = String(randomInt(1_000_000)).padStart(6, '0');
    if (!isPlain(pin)) return pin;
  }
}

/** All digits alike, or each the next or the one before: what is tried first. */
export function isPlain(pin: string): boolean {
  const digits = Array.from(pin, Number);
  return [0, 1, 9].some((step) => digits.every((digit, i) => i === 0 || digit === ((digits[i - 1] ?? 0) + step) % 10));
}

/** Loaded when somebody logs in. */
export async function loadPake(): Promise<Pake> {
  const pake = await import('../../platform/pake.ts');
  await pake.pakeReady;
  return pake;
}
