/** Words for usages of the HID Usage Tables 1.5 that controls have. */
const desktop: Readonly<Record<number, string>> = {
  0x30: 'x',
  0x31: 'y',
  0x32: 'z',
  0x33: 'rx',
  0x34: 'ry',
  0x35: 'rz',
  0x36: 'slider',
  0x37: 'dial',
  0x38: 'wheel',
  0x39: 'hat',
  0x3d: 'start',
  0x3e: 'select',
  0x85: 'main-menu',
  0x90: 'up',
  0x91: 'down',
  0x92: 'right',
  0x93: 'left',
};
const simulation: Readonly<Record<number, string>> = {
  0xb0: 'aileron',
  0xb8: 'elevator',
  0xba: 'rudder',
  0xbb: 'throttle',
  0xc4: 'accelerator',
  0xc5: 'brake',
  0xc6: 'clutch',
  0xc7: 'shifter',
  0xc8: 'steering',
};
const leds: Readonly<Record<number, string>> = {
  1: 'num-lock',
  2: 'caps-lock',
  3: 'scroll-lock',
  4: 'compose',
  5: 'kana',
};
const keys: Readonly<Record<number, string>> = {
  0x28: 'enter',
  0x29: 'escape',
  0x2a: 'backspace',
  0x2b: 'tab',
  0x2c: 'space',
  0x4a: 'home',
  0x4b: 'page-up',
  0x4c: 'delete',
  0x4d: 'end',
  0x4e: 'page-down',
  0x4f: 'right',
  0x50: 'left',
  0x51: 'down',
  0x52: 'up',
  0xe0: 'left-ctrl',
  0xe1: 'left-shift',
  0xe2: 'left-alt',
  0xe3: 'left-meta',
  0xe4: 'right-ctrl',
  0xe5: 'right-shift',
  0xe6: 'right-alt',
  0xe7: 'right-meta',
};

/** What a control is called that has this usage: `x`, `button/3`, `key/a`; page and usage in hexadecimal where there is no word.
 *  @param usage page × 65536 + id */
export function usageName(usage: number): string {
  const page = Math.floor(usage / 65_536);
  const id = usage % 65_536;
  const word = wordOf(page, id);
  return word ?? `usage/${page.toString(16)}-${id.toString(16)}`;
}

function wordOf(page: number, id: number): string | undefined {
  switch (page) {
    case 0x01:
      return desktop[id];
    case 0x02:
      return simulation[id];
    case 0x07:
      return `key/${keyName(id)}`;
    case 0x08:
      return `led/${leds[id] ?? id}`;
    case 0x09:
      return `button/${id}`;
    case 0x0c:
      return `media/${id.toString(16)}`;
    default:
      return undefined;
  }
}

/** A key as a keyboard of the United States has it: `a`, `1`, `f5`, else its number in hexadecimal. */
export function keyName(id: number): string {
  if (id >= 0x04 && id <= 0x1d) return String.fromCharCode(97 + id - 0x04);
  if (id >= 0x1e && id <= 0x27) return String((id - 0x1e + 1) % 10);
  if (id >= 0x3a && id <= 0x45) return `f${id - 0x3a + 1}`;
  if (id >= 0x68 && id <= 0x73) return `f${id - 0x68 + 13}`;
  return keys[id] ?? id.toString(16);
}
