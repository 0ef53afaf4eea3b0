import { describe, expect, it } from 'vitest';
import { MessageCodec } from '../../../src-main/bridges/serial/message-codec.ts';
import { TakenMessages } from '../../../src-main/bridges/serial/taken-messages.ts';
import { toJson } from '../../../src-main/contract/signal.ts';
import { createFrameReader } from '../../../src-main/core/framing/framing.ts';
import captured from '../../fixtures/captures/serial.json' with { type: 'json' };
import { serialSettings } from '../bridge-settings.ts';

type Some = Record<string, unknown>;
const crc = (kind: string, written: string): Some => ({ kind, written });
const modbus: Some = { framing: 'gap', gapMs: 5, content: 'bytes', checksum: crc('crc16-modbus', 'little') };
const nmea: Some = { sentDelimiter: '\\r\\n', checksum: { ...crc('xor8', 'hex'), mark: '*', skipFirst: 1 } };

/** The messages in what came from a line, each with its checksum proven and taken off. */
function opened(some: Some, ...pieces: readonly string[]): Buffer[] {
  const codec = new MessageCodec(serialSettings(some).settings);
  const messages: Buffer[] = [];
  const reader = createFrameReader(
    codec.framing,
    { bytesMax: 1024, hasPauses: true },
    {
      onFrame: (frame, headBytes) => {
        const message = codec.open(frame, headBytes);
        if (message) messages.push(Buffer.from(message));
        return message !== undefined;
      },
      onFault: (why) => expect.fail(why),
    },
  );
  for (const piece of pieces) {
    reader.read(Buffer.from(piece, 'hex'));
    reader.pause();
  }
  return messages;
}

function sealed(some: Some, message: Uint8Array): string {
  const found = new MessageCodec(serialSettings(some).settings).seal(message);
  return typeof found === 'string' ? found : Buffer.from(found.stream).toString('hex');
}

const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');
const twice = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));

/** What each program was given to send. */
const told: readonly (readonly [name: string, some: Some, line: string, message: Buffer])[] = [
  [
    'pynmea2-gga',
    nmea,
    captured['pynmea2-gga'],
    Buffer.from('$GPGGA,184353.07,1929.045,S,02410.506,E,1,04,2.6,100.00,M,-33.9,M,,0000'),
  ],
  [
    'cobs-ccitt',
    { framing: 'cobs', checksum: crc('crc16-ccitt', 'big') },
    captured['cobs-ccitt'],
    hex('0300000000c03f'),
  ],
  ['cobs-long', { framing: 'cobs' }, captured['cobs-long'], twice],
  [
    'sliplib-crc32',
    { framing: 'slip', checksum: crc('crc32', 'little') },
    captured['sliplib-crc32'],
    Buffer.from('\xc0\xdb\xdc lamp \xdd', 'latin1'),
  ],
  ...(['kermit', 'xmodem', 'crc8'] as const).map((kind) => {
    const checksum = crc(kind === 'crc8' ? kind : `crc16-${kind}`, 'hex');
    const some = { delimiter: '\\r', sentDelimiter: '\\r', checksum };
    return [`crccheck-${kind}`, some, captured[`crccheck-${kind}`], Buffer.from('FADER 3 0.5 ')] as const;
  }),
];

describe('serial lines of other programs', () => {
  it.each(told)(
    '[SL35] are read as what was sent, and written with the same bytes: %s',
    (name, some, line, message) => {
      expect(opened(some, line)).toEqual([message]);
      // SLIP may begin with an END too [RFC 1055]; sliplib leaves it out, and we flush noise with it.
      const own = sealed(some, message);
      expect(name.startsWith('slip') ? own.replace(/^c0/, '') : own).toBe(line);
    },
  );

  it('[SL35] are asked in Modbus by the bytes of pymodbus', () => {
    const asked = opened(modbus, ...captured['pymodbus-client']);
    // Registers 0 to 2, 777 into register 1, register 1, register 99, all of device 17.
    expect(asked.map((each) => each.toString('hex'))).toEqual([
      ...['110300000003', '110600010309', '110300010001', '110300630001'],
    ]);
    expect(asked.map((each) => sealed(modbus, each))).toEqual(captured['pymodbus-client']);
  });

  it('[SL35] answer in Modbus with what the registers of pymodbus hold', () => {
    const fields = ['a', 'b', 'c'].map((name, i) => ({ name, at: 3 + 2 * i, type: 'u16be' }));
    const receives = [
      { how: 'layout', begins: '11 03 06', to: '/registers', fields },
      { how: 'layout', begins: '11 06', to: '/written', fields: [{ name: 'value', at: 4, type: 'u16be' }] },
      { how: 'layout', begins: '11 83', to: '/fault', fields: [{ name: 'code', at: 2, type: 'u8' }] },
    ];
    const taken = new TakenMessages(serialSettings({ ...modbus, receives, unmatched: 'drop' }).settings);
    const signals = opened(modbus, ...captured['pymodbus-server']).flatMap((each) => {
      const found = taken.take(each);
      return typeof found === 'string' ? [found] : found.map(({ address, value }) => [address, toJson(value)]);
    });
    expect(signals).toEqual([
      ['/board/registers', { a: 100, b: 200, c: 65_535 }],
      ['/board/written', 777],
      ['/board/fault', 2],
    ]);
  });

  it('[SL35] of pypjlink are lines that end with CR, and leave as the same', () => {
    const pjlink = { delimiter: '\\r', sentDelimiter: '\\r' };
    const lines = ['%1POWR 1', '%1POWR ?', '%1NAME ?', '%1INPT 31'];
    expect(opened(pjlink, ...captured.pypjlink).map(String)).toEqual(lines);
    expect(lines.map((each) => sealed(pjlink, Buffer.from(each)))).toEqual(captured.pypjlink);
  });
});
