import { describe, expect, it } from 'vitest';
import { parseTransportFlag } from '../../src-main/cli/transport-flag.ts';

describe('--transport', () => {
  it.each([
    ['tcp=0', { kind: 'tcp', port: 0 }],
    ['tcp=7332,host=::1', { kind: 'tcp', port: 7332, host: '::1' }],
    ['tcp=7332,host=[::1]', { kind: 'tcp', port: 7332, host: '::1' }],
    ['tls=0', { kind: 'tls', port: 0 }],
    ['wss=7443,cert=a.pem,key=b.pem', { kind: 'wss', port: 7443, cert: 'a.pem', key: 'b.pem' }],
    ['udp=0', { kind: 'udp', port: 0 }],
    ['tcp=1,scope=r:/**,scope=write:/desk/**', { kind: 'tcp', port: 1, scopes: ['read:/**', 'write:/desk/**'] }],
    ['ble=central,scope=read:/a', { kind: 'ble', role: 'central', scopes: ['read:/a'] }],
    ['quic=7443,cert=a.pem,key=b.pem', { kind: 'quic', port: 7443, cert: 'a.pem', key: 'b.pem' }],
    ['webrtc=0', { kind: 'webrtc', port: 0 }],
    ['webrtc=7334,host=192.168.1.2', { kind: 'webrtc', port: 7334, host: '192.168.1.2' }],
    [
      'udp=7333,host=0.0.0.0,group=239.5.0.1,group=239.5.0.2,mtu=1400',
      { kind: 'udp', port: 7333, host: '0.0.0.0', groups: ['239.5.0.1', '239.5.0.2'], mtu: 1400 },
    ],
    ['http=8080', { kind: 'http', port: 8080 }],
    [
      'https=0,prefix=/web,origin=https://a.example,origin=*,service=rest,service=mqtt,cert=a.pem,key=b.pem',
      {
        ...{ kind: 'https', port: 0, prefix: '/web', origins: ['https://a.example', '*'], services: ['rest', 'mqtt'] },
        ...{ cert: 'a.pem', key: 'b.pem' },
      },
    ],
    ['serial=/dev/ttyUSB0', { kind: 'serial', device: '/dev/ttyUSB0' }],
    ['serial=COM3,baud=50', { kind: 'serial', device: 'COM3', baud: 50 }],
    [
      'serial=usb=0403:6001:A1,baud=4000000,databits=8,parity=even,stopbits=2,flow=rtscts',
      {
        kind: 'serial',
        device: 'usb=0403:6001:A1',
        baud: 4_000_000,
        dataBits: 8,
        parity: 'even',
        stopBits: 2,
        flow: 'rtscts',
      },
    ],
  ])('[TP26] reads %s', (text, settings) => {
    expect(parseTransportFlag(text)).toEqual(settings);
  });

  it.each([
    ['', 'expected NAME=PORT'],
    ['tcp', 'expected NAME=PORT'],
    ['tcp=', 'expected NAME=PORT'],
    [
      'carrier=1',
      'expected one of tcp, tls, wss, udp, quic, webrtc, serial, ble, mqtt, mqtts, http, https before the =',
    ],
    [
      'toString=1',
      'expected one of tcp, tls, wss, udp, quic, webrtc, serial, ble, mqtt, mqtts, http, https before the =',
    ],
    ['wss=1,cert=a.pem', 'cert and key: expected both or none'],
    ['tcp=x', 'expected a port from 1 to 65535, or 0'],
    ['tcp=65536', 'expected a port from 1 to 65535, or 0'],
    ['tcp=-1', 'expected a port from 1 to 65535, or 0'],
    ['tcp=1,baud=9600', 'tcp has the options host, scope, not baud'],
    ['tcp=1,', 'expected NAME=PORT'],
    ['tcp=1,scope=own:/a', 'scope: A scope is read, write or admin'],
    [`tcp=1${',scope=read:/a'.repeat(65)}`, 'scope: expected at most 64 of them'],
    ['tcp=1,host=a,host=b', 'host stands there twice'],
    ['tcp=1,host=a b', 'host: expected an address or a host name'],
    ['udp=1,group=10.0.0.1', 'group: expected a multicast address'],
    [`udp=1${',group=239.5.0.1'.repeat(17)}`, 'group: expected at most 16 of them'],
    ['udp=1,mtu=100', 'mtu: expected 576 to 65535 bytes'],
    ['webrtc=1,mtu=1400', 'webrtc has the options host, scope, not mtu'],
    ['udp=1,mtu=1e3', 'mtu: expected 576 to 65535 bytes'],
    ['http=1,origin=a.example', 'origin: expected up to 64 such as https://show.example.org, or *'],
    ['http=1,service=ftp', 'service: expected rest, websocket, socketio, mqtt, each once'],
    ['http=1,service=rest,service=rest', 'service: expected rest, websocket, socketio, mqtt, each once'],
    ['http=1,prefix=web', 'prefix: expected an address such as /stage'],
    ['serial=0', 'expected a path such as /dev/ttyUSB0, or usb=VID:PID[:SERIAL]'],
    ['serial=usb=403:6001', 'expected a path such as /dev/ttyUSB0, or usb=VID:PID[:SERIAL]'],
    ['serial=/dev/ttyUSB0,baud=49', 'baud: expected a whole number from 50 to 4000000'],
    ['serial=/dev/ttyUSB0,baud=4000001', 'baud: expected a whole number from 50 to 4000000'],
    ['serial=/dev/ttyUSB0,baud=9600.5', 'baud: expected a whole number from 50 to 4000000'],
    ['serial=/dev/ttyUSB0,databits=7', 'databits: expected 8, since frames are of whole bytes'],
    ['serial=/dev/ttyUSB0,parity=some', 'parity: expected none, even or odd'],
    ['serial=/dev/ttyUSB0,stopbits=3', 'stopbits: expected 1 or 2'],
    ['serial=/dev/ttyUSB0,flow=dtr', 'flow: expected none, rtscts or xonxoff'],
    ['serial=/dev/ttyUSB0,host=a', 'serial has the options baud, databits, parity, stopbits, flow, scope, not host'],
  ])('[TP26] refuses %s and says what was expected', (text, expected) => {
    expect(() => parseTransportFlag(text)).toThrow(
      expect.objectContaining({ code: 'bad-flag', message: expect.stringContaining(expected) as string }),
    );
  });
});
