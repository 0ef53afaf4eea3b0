import { partsOfError, tlsWords, unreachableWords } from '../../platform/connection-words.ts';

/** What keeps a broker away, as a sentence for the operator. */
export interface MqttFault {
  readonly words: string;
  /** somebody has to repair something: asking often helps nobody */
  readonly isRefusal: boolean;
}

type Words = Readonly<Record<string | number, string>>;

// [MQTT 3.1.1, 3.2.2.3] and [MQTT 5, 3.2.2.2]
const refusals: Words = {
  1: 'The broker does not speak this version of MQTT.',
  2: 'The broker does not take this client id.',
  3: 'The broker is not ready.',
  4: 'The broker does not take this user and password.',
  5: 'The broker lets this user do nothing there.',
  129: 'The broker found our packet malformed.',
  132: 'The broker does not speak this version of MQTT.',
  133: 'The broker does not take this client id.',
  134: 'The broker does not take this user and password.',
  135: 'The broker lets this user do nothing there.',
  136: 'The broker is not ready.',
  137: 'The broker is busy.',
  138: 'The broker has banned this client.',
  140: 'The broker asks for another way to log in.',
  144: 'The broker does not take the topic of the will.',
  149: 'The broker takes no packets this large.',
  151: 'The broker allows no more connections.',
  153: 'The broker does not take the message of the will.',
  154: 'The broker keeps no retained messages.',
  155: 'The broker does not support this QoS.',
  159: 'The broker allows no more connections at the moment.',
};

// [MQTT 5, 3.14.2.1]
const ends: Words = {
  139: 'The broker is shutting down.',
  141: 'The broker heard nothing for too long.',
  142: 'Another client came with the same client id.',
  147: 'The broker got more at once than it takes.',
  149: 'The broker takes no packets this large.',
  150: 'The broker found that too much came.',
  151: 'The broker allows no more.',
  152: 'The broker ended the connection by its administrator.',
};

/** What its parser says of bytes that are none of MQTT. */
const unreadable =
  /^(Invalid|Malformed|Cannot parse|Packet too short|Packet must|Unknown property|Not supported|Connect flag|Will )/;

/** Whatever the library reports, in words. */
export function faultOf(error: unknown): MqttFault {
  const { code, message } = partsOfError(error);
  if (typeof code === 'number') {
    const words = refusals[code] ?? `The broker refuses the connection (code ${code}).`;
    return { words, isRefusal: ![3, 136, 137, 159].includes(code) };
  }
  const known = unreachableWords({ code, message }, 'broker');
  if (known !== undefined) return { words: known, isRefusal: false };
  const certificate = tlsWords(code, 'broker');
  if (certificate !== undefined) return { words: certificate, isRefusal: true };
  if (message === 'connack timeout') return { words: 'The broker does not answer.', isRefusal: false };
  if (unreadable.test(message)) return { words: 'What answers there does not speak MQTT.', isRefusal: true };
  if (message === 'Keepalive timeout') return { words: 'The broker went silent.', isRefusal: false };
  if (/Unexpected server response|WebSocket/i.test(message))
    return { words: 'No MQTT over WebSocket is spoken there.', isRefusal: true };
  return { words: `The connection failed: ${message.replace(/\.$/, '')}.`, isRefusal: false };
}

/** Why the broker says goodbye; version 5 only. */
export function endOf(reasonCode: number | undefined): MqttFault | undefined {
  if (reasonCode === undefined) return undefined;
  const words = ends[reasonCode] ?? refusals[reasonCode];
  return words === undefined ? undefined : { words, isRefusal: reasonCode === 142 || reasonCode === 152 };
}
