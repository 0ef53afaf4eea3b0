import { ProtocolError } from '../../contract/errors.ts';
import { LocalUsages } from './local-usages.ts';

/** A longer description of its reports no device has. */
export const descriptorBytesMax = 8192;
const fieldsMax = 1024;
const collectionsMax = 32;
const pushesMax = 16;
const reportBitsMax = 65_536;

/** One main item: `count` fields of `bits` bits each, one behind the other. */
export interface DescribedField {
  readonly type: 'input' | 'output' | 'feature';
  /** 0 where the device does not number its reports */
  readonly report: number;
  /** from the first bit behind the report's number */
  readonly bit: number;
  readonly bits: number;
  readonly count: number;
  /** holes and padding */
  readonly isConstant: boolean;
  /** each of its fields says which control is pressed, instead of being one */
  readonly isArray: boolean;
  readonly isRelative: boolean;
  readonly logicalMin: number;
  readonly logicalMax: number;
  /** page × 65536 + usage of the field at a place; 0 for none. Of an array: of the code at that place in its range */
  readonly usageAt: (index: number) => number;
  /** usage of the application collection that it is in; 0 for none */
  readonly application: number;
}

export interface ReportDescriptor {
  readonly fields: readonly DescribedField[];
  readonly hasIds: boolean;
}

interface Globals {
  page: number;
  logicalMin: number;
  /** of both signs, since which it is depends on the lowest */
  logicalMaxSigned: number;
  logicalMaxUnsigned: number;
  size: number;
  count: number;
  report: number;
}

const freshGlobals: Globals = {
  ...{ page: 0, logicalMin: 0, logicalMaxSigned: 0, logicalMaxUnsigned: 0 },
  ...{ size: 0, count: 0, report: 0 },
};

/** Reads how a device describes its reports.
 *  @throws ProtocolError 'bad-length' | 'bad-message' | 'too-deep', with `offset` in bytes
 *  @see HID 1.11, 6.2.2 */
export function parseReportDescriptor(bytes: Uint8Array): ReportDescriptor {
  if (bytes.length > descriptorBytesMax)
    throw new ProtocolError('bad-length', `A description of reports has ${descriptorBytesMax} bytes at most`);
  const reader = new DescriptorReader();
  for (let at = 0; at < bytes.length;) {
    const prefix = bytes[at] ?? 0;
    // [6.2.2.3] A long item has its size behind the prefix, and nothing in it is defined.
    const isLong = prefix === 0xfe;
    const size = isLong ? (bytes[at + 1] ?? 0) + 2 : ([0, 1, 2, 4][prefix & 3] ?? 0);
    const end = at + 1 + size;
    if (end > bytes.length)
      throw new ProtocolError('bad-length', 'An item of the description is cut off', { offset: at });
    if (!isLong) reader.item(prefix, bytes.subarray(at + 1, end), at);
    at = end;
  }
  return reader.finish(bytes.length);
}

class DescriptorReader {
  readonly #fields: DescribedField[] = [];
  readonly #collections: number[] = [];
  readonly #pushed: Globals[] = [];
  /** bits of each report so far, by type and number */
  readonly #used = new Map<string, number>();
  #globals: Globals = { ...freshGlobals };
  #locals = new LocalUsages();
  #hasIds = false;

  /** @param prefix [6.2.2.2] four bits of tag, two of type, two of size */
  item(prefix: number, data: Uint8Array, offset: number): void {
    const tag = prefix >> 4;
    switch ((prefix >> 2) & 3) {
      case 0:
        return this.#main(tag, unsigned(data), offset);
      case 1:
        return this.#global(tag, data, offset);
      case 2:
        return this.#locals.item(tag, unsigned(data), data.length);
      default:
        return undefined;
    }
  }

  finish(offset: number): ReportDescriptor {
    if (this.#collections.length > 0) throw new ProtocolError('bad-message', 'A collection does not end', { offset });
    return { fields: this.#fields, hasIds: this.#hasIds };
  }

  /** [6.2.2.7] */
  #global(tag: number, data: Uint8Array, offset: number): void {
    const globals = this.#globals;
    switch (tag) {
      case 0:
        globals.page = unsigned(data);
        return;
      case 1:
        globals.logicalMin = signed(data);
        return;
      case 2:
        globals.logicalMaxSigned = signed(data);
        globals.logicalMaxUnsigned = unsigned(data);
        return;
      case 7:
        globals.size = unsigned(data);
        return;
      case 8:
        globals.report = unsigned(data);
        if (globals.report < 1 || globals.report > 255)
          throw new ProtocolError('bad-message', 'A report has a number from 1 to 255', { offset });
        this.#hasIds = true;
        return;
      case 9:
        globals.count = unsigned(data);
        return;
      case 10:
        if (this.#pushed.length >= pushesMax) throw new ProtocolError('too-deep', 'Too much is pushed', { offset });
        this.#pushed.push({ ...globals });
        return;
      case 11: {
        const popped = this.#pushed.pop();
        if (!popped) throw new ProtocolError('bad-message', 'Nothing was pushed that is popped', { offset });
        this.#globals = popped;
        return;
      }
      default:
        // Physical ends and units say nothing that a control needs.
        return;
    }
  }

  /** [6.2.2.4] */
  #main(tag: number, data: number, offset: number): void {
    switch (tag) {
      case 8:
        this.#field('input', data, offset);
        break;
      case 9:
        this.#field('output', data, offset);
        break;
      case 11:
        this.#field('feature', data, offset);
        break;
      case 10:
        if (this.#collections.length >= collectionsMax)
          throw new ProtocolError('too-deep', `Collections nest ${collectionsMax} deep at most`, { offset });
        // [6.2.2.6] 1 is an application: what is in it belongs to one thing, a game pad for example.
        this.#collections.push(data === 1 ? this.#locals.at(0, this.#globals.page) : (this.#collections.at(-1) ?? 0));
        break;
      case 12:
        if (this.#collections.pop() === undefined)
          throw new ProtocolError('bad-message', 'A collection ends that did not begin', { offset });
        break;
      default:
        break;
    }
    this.#locals = new LocalUsages();
  }

  #field(type: DescribedField['type'], flags: number, offset: number): void {
    const { page, size, count, report, logicalMin, logicalMaxSigned, logicalMaxUnsigned } = this.#globals;
    const key = `${type} ${report}`;
    const bit = this.#used.get(key) ?? 0;
    const end = bit + size * count;
    if (end > reportBitsMax) throw new ProtocolError('bad-length', 'A report is described as too long', { offset });
    if (this.#fields.length >= fieldsMax)
      throw new ProtocolError('bad-length', 'The description has too many fields', { offset });
    this.#used.set(key, end);
    if (size === 0 || count === 0) return;
    const locals = this.#locals;
    this.#fields.push({
      ...{ type, report, bit, bits: size, count },
      isConstant: (flags & 1) !== 0,
      isArray: (flags & 2) === 0,
      isRelative: (flags & 4) !== 0,
      logicalMin,
      // Devices write 255 as one byte, which read as signed is -1.
      logicalMax: logicalMin < 0 ? logicalMaxSigned : logicalMaxUnsigned,
      usageAt: (index) => locals.at(index, page),
      application: this.#collections.at(-1) ?? 0,
    });
  }
}

function unsigned(data: Uint8Array): number {
  return data.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

function signed(data: Uint8Array): number {
  const value = unsigned(data);
  const span = 2 ** (data.length * 8);
  return data.length > 0 && value >= span / 2 ? value - span : value;
}
