import { z } from '../zod.ts';

/** A path, `COM3`, or `usb=VID:PID[:SERIAL]`; what begins as the last and is none would be waited for as a path for ever. */
export const serialPortNameSchema = z
  .string()
  .min(1)
  .max(1024)
  .regex(
    /^(?![uU][sS][bB]=)|^[uU][sS][bB]=[\da-fA-F]{4}:[\da-fA-F]{4}(:.+)?$/,
    'expected usb=VID:PID or usb=VID:PID:SERIAL with four hexadecimal digits each, as flyrail ports prints it',
  );
