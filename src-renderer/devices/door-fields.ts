import {
  baudMax,
  baudMin,
  originsMax,
  webServices,
  type DoorKind,
  type WebServiceName,
} from '../../src-main/contract/door.ts';

/** As the settings of a way in name it. */
export type DoorFieldId =
  | ('port' | 'host' | 'cert' | 'key' | 'groups' | 'mtu' | 'role' | 'name' | 'hci')
  | ('prefix' | 'plain' | 'origins' | 'services')
  | ('device' | 'baud' | 'parity' | 'stopBits' | 'flow');

interface FieldWords {
  readonly id: DoorFieldId;
  readonly label: string;
  /** said when the settings refuse what was typed */
  readonly repair: string;
  readonly hint?: string;
  readonly placeholder?: string;
  /** what a new form begins with; nothing without */
  readonly first?: string;
}

/** One field of the form. An empty text is left out of the settings. host: a card of this machine. list: with commas.
 *  number: whole. choice: one of these, `isNumber` where the settings want a number. several: some of these, all of them
 *  where the text is empty. */
export type DoorField =
  | (FieldWords & {
      readonly as: 'several';
      readonly options: readonly { readonly value: string; readonly label: string }[];
    })
  | (FieldWords & { readonly as: 'text' | 'list' | 'number' | 'host' })
  | (FieldWords & {
      readonly as: 'choice';
      readonly isNumber?: boolean;
      readonly options: readonly { readonly value: string; readonly label: string }[];
    });

export interface DoorForm {
  /** as operators call it */
  readonly word: string;
  readonly fields: readonly DoorField[];
}

const port: DoorField = {
  ...{ id: 'port', label: 'port', as: 'number', hint: '0 picks a free one.' },
  repair: 'A port is a whole number from 0 to 65535.',
};
const host: DoorField = {
  ...{ id: 'host', label: 'clients come from', as: 'host', first: '127.0.0.1' },
  repair: 'Choose where clients come from.',
};
const identity: readonly DoorField[] = [
  {
    ...{ id: 'cert', label: 'certificate file', as: 'text', placeholder: 'this machine’s own' },
    repair: 'Name a file in PEM form, or leave both empty.',
  },
  {
    ...{ id: 'key', label: 'key file', as: 'text', placeholder: 'this machine’s own' },
    repair: 'Name a file in PEM form, or leave both empty.',
  },
];
const udp: readonly DoorField[] = [
  {
    ...{ id: 'groups', label: 'multicast groups', as: 'list', placeholder: 'none' },
    ...{ repair: 'Name up to 16 groups with commas between.', hint: 'Heard too, as 239.7.3.30.' },
  },
  {
    ...{ id: 'mtu', label: 'largest packet', as: 'number', placeholder: 'as usual' },
    repair: 'A packet has 576 to 65535 bytes.',
  },
];
const serial: readonly DoorField[] = [
  {
    ...{ id: 'device', label: 'serial port', as: 'text', hint: '/dev/ttyUSB0, COM3 or usb=0403:6001.' },
    repair: 'Name the port, as /dev/ttyUSB0, COM3 or usb=0403:6001.',
  },
  {
    ...{ id: 'baud', label: 'baud rate', as: 'number', placeholder: '115200' },
    repair: `A baud rate is a whole number from ${baudMin} to ${baudMax}.`,
  },
  choice('parity', 'parity', { none: 'None', even: 'Even', odd: 'Odd' }),
  { ...choice('stopBits', 'stop bits', { 1: '1', 2: '2' }), isNumber: true },
  choice('flow', 'flow control', { none: 'None', rtscts: 'By wire (RTS/CTS)', xonxoff: 'In band (XON/XOFF)' }),
];
const ble: readonly DoorField[] = [
  choice('role', 'role', { central: 'Looks for devices', peripheral: 'Is found by devices' }),
  {
    ...{ id: 'name', label: 'name', as: 'text', placeholder: 'any device' },
    ...{ repair: 'A name has up to 64 characters.', hint: 'Of the one device that is looked for, or of this machine.' },
  },
  {
    ...{ id: 'hci', label: 'adapter', as: 'number', placeholder: 'the first' },
    repair: 'An adapter is a number from 0 to 15.',
  },
];

const topics: readonly DoorField[] = [
  {
    ...{ id: 'prefix', label: 'prefix', as: 'text', placeholder: 'none' },
    ...{
      repair: 'A prefix is an address such as /mqtt, or nothing.',
      hint: 'Topic lamps/1 is /lamps/1; with the prefix /mqtt it is /mqtt/lamps/1.',
    },
  },
  choice('plain', 'messages that are not retained', { param: 'Set the value', event: 'Happen once' }),
];

const serviceWords: Readonly<Record<WebServiceName, string>> = {
  rest: 'REST and events',
  websocket: 'WebSocket',
  socketio: 'Socket.IO',
  mqtt: 'MQTT',
};
const web: readonly DoorField[] = [
  {
    ...{ id: 'prefix', label: 'prefix', as: 'text', placeholder: 'none' },
    ...{
      repair: 'A prefix is an address such as /web, or nothing.',
      hint: 'GET /api/lamps/1 reads /lamps/1; with the prefix /web it reads /web/lamps/1.',
    },
  },
  {
    ...choice('plain', 'messages without a kind', { param: 'Set the value', event: 'Happen once' }),
    hint: 'Of Socket.IO and MQTT, where only an address is named.',
  },
  {
    ...{ id: 'origins', label: 'pages from elsewhere', as: 'list', placeholder: 'none' },
    ...{ repair: `Name up to ${originsMax} origins such as https://show.example.org, or * for all pages.` },
    ...{ hint: 'Which web pages may ask. Programs are not pages.' },
  },
  {
    ...{ id: 'services', label: 'spoken there', as: 'several', repair: 'Choose at least one of them.' },
    ...{ hint: 'At /api, /ws, /socket.io/ and /mqtt of the port.' },
    options: webServices.map((value) => ({ value, label: serviceWords[value] })),
  },
];

/** Every kind of way in, as words and as fields: the form of a new kind is one more entry. */
export const doorForms: Readonly<Record<DoorKind, DoorForm>> = {
  tcp: { word: 'TCP', fields: [port, host] },
  tls: { word: 'TCP over TLS', fields: [port, host, ...identity] },
  wss: { word: 'WebSocket over TLS', fields: [port, host, ...identity] },
  udp: { word: 'UDP', fields: [port, host, ...udp] },
  quic: { word: 'QUIC', fields: [port, host, ...identity] },
  webrtc: { word: 'WebRTC', fields: [port, host] },
  serial: { word: 'Serial', fields: serial },
  ble: { word: 'Bluetooth', fields: ble },
  mqtt: { word: 'MQTT', fields: [port, host, ...topics] },
  mqtts: { word: 'MQTT over TLS', fields: [port, host, ...topics, ...identity] },
  http: { word: 'HTTP and WebSocket', fields: [port, host, ...web] },
  https: { word: 'HTTPS and WebSocket', fields: [port, host, ...web, ...identity] },
};

/** @param labels by value, the one that a new form begins with first */
function choice(id: DoorFieldId, label: string, labels: Readonly<Record<string, string>>) {
  const options = Object.entries(labels).map(([value, said]) => ({ value, label: said }));
  return { id, label, as: 'choice' as const, options, first: options[0]?.value ?? '', repair: 'Choose one of these.' };
}
