import { randomInt } from 'node:crypto';
import { InputError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { PairingInfo } from '../../contract/remote-access.ts';
import type { Role } from '../../contract/role.ts';
import { microsToMillis, micros, millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

export const pairingLasts = millis(120_000);
export const pairingAttempts = 3;

/** The code that stands in the window for another device to give: one at a time, for two minutes, three tries, one success. */
export interface Pairing {
  /** A new code in place of the one before. */
  start(role: Role): PairingInfo;
  stop(): void;
  current(): PairingInfo | null;
  /** Takes one of the tries: whoever has the answer to it knows whether it was right.
   *  @throws InputError 'no-pairing' when none is open, or its tries are used up */
  take(): PairingTry;
}

export interface PairingTry extends PairingInfo {
  /** whether its code can still be redeemed */
  isOpen(): boolean;
  /** It was right: the code is used up. @returns to call when what it was for is done: then it is told */
  redeem(): () => void;
  /** It was wrong; the code ends with the last of its tries. */
  fail(): void;
}

export function createPairing(clock: Clock, onChange: () => void): Pairing {
  let open: { readonly info: PairingInfo; underWay: number; readonly cancel: Cancel } | undefined;
  return {
    start: (role) => {
      stop();
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      const expiresAt = microsToMillis(micros(clock.nowMicros() + pairingLasts * 1000));
      const info: PairingInfo = { code, role, expiresAt, attemptsLeft: pairingAttempts };
      open = { info, underWay: 0, cancel: clock.after(pairingLasts, stop) };
      onChange();
      return info;
    },
    stop,
    current: () => open?.info ?? null,
    take: () => {
      if (!open || open.info.attemptsLeft === 0) throw noPairing();
      const info = { ...open.info, attemptsLeft: open.info.attemptsLeft - 1 };
      const mine = Object.assign(open, { info, underWay: open.underWay + 1 });
      onChange();
      return {
        ...info,
        isOpen: () => open === mine,
        redeem: () => {
          if (open !== mine) return () => undefined;
          mine.cancel();
          open = undefined;
          return onChange;
        },
        fail: () => {
          mine.underWay--;
          if (open === mine && mine.underWay === 0 && mine.info.attemptsLeft === 0) stop();
        },
      };
    },
  };

  function stop(): void {
    if (!open) return;
    open.cancel();
    open = undefined;
    onChange();
  }
}

function noPairing(): InputError {
  return new InputError('no-pairing', 'No pairing is open. Start one in the window of Flyrail, under Devices.');
}
