import { tokenFlagsUsage } from './token-flags.ts';

/** What `flyrail serve --help` prints. */
export const serveUsage = `flyrail serve: run the router and its bridges without a window

  --show FILE                open this .flyrail file; without it the last show, else an empty one
  --data DIR                 where Flyrail keeps its working copy, shows and backups
  --host ADDRESS             where CLASP clients connect (127.0.0.1)
  --port PORT                CLASP port (7330); 0 picks a free one
  --transport NAME=PORT      a further way in for clients, as often as wanted: tcp, tls, wss, udp, quic or
                             webrtc, port 0 for a free one; options behind commas: host=ADDRESS; tls, wss and quic: cert=FILE,key=FILE
                             (this machine's own without); udp: group=ADDRESS (multicast), mtu=BYTES
  --transport serial=PORT    a serial port: a path, or usb=VID:PID[:SERIAL] for a box wherever it is plugged in; options:
                             baud=RATE (115200), parity=even|odd, stopbits=2, flow=rtscts|xonxoff
  --transport ble=ROLE       Bluetooth: central (devices are looked for) or peripheral (they connect); name=NAME, hci=NUMBER
  --transport mqtt=PORT      a broker for MQTT clients, mqtts for TLS; options: host=ADDRESS, prefix=/mqtt (topics are under it),
                             plain=event (what is not retained happens once), cert=FILE,key=FILE with mqtts
  --transport http=PORT      the web: REST, Server-Sent Events, WebSocket, Socket.IO, MQTT over WebSocket (docs/http-door.md), https for
                             TLS; options: host=ADDRESS, prefix=/web, origin=https://PAGE (pages that may ask, * for all),
                             service=rest (websocket, socketio, mqtt; all without), plain=event (what names only an address
                             happens once), cert=FILE,key=FILE with https
  --transport …,scope=RIGHT  with any of them, as often as wanted: what may be done by that way, whatever a token says (read:/**)
  --rate-limit WHAT=RATE     messages a second that are taken, as often as wanted: of each session, of each source (host),
                             or written by each session under a pattern: session=1000, source=5000/10000 (burst),
                             '/lamp/**=50'; no limits without
  --discovery WORD           off; find: look for devices on the network; show: let others find this router too
                             (as chosen in the interface before; off where nobody chose)
  --discovery-default WORD   the same, where nobody chose
${tokenFlagsUsage}  --allow-unauthenticated    needed with a --host that other machines reach: nobody is asked who they are
  --ui-port PORT             port of the interface for a browser on this machine (7380); 0 picks a free one
  --ui-host ADDRESS          let browsers on other machines reach it too, on the card with this address, or on all with 0.0.0.0;
                             only when a PIN is set or a page is paired, see flyrail access --help
  --ui-tls                   the interface over TLS, with this machine's certificate
  --no-ui                    no interface
  --ui-later                 no interface until the window of the desktop application asks for one
  --rendezvous-port PORT     a rendezvous server inside, at --host: where devices find each other by HTTP (docs/rendezvous.md)
  --rendezvous-require-signed  it takes signed requests only
  --register URL[,tag=WORD…] make this router's ways in known at a rendezvous server, as often as wanted: http://HOST:7340
  --metrics                  figures for Prometheus at http://127.0.0.1:UI-PORT/metrics, for programs on this machine
  --journal KIND             what is kept on disk: off, state (params; the default) or full (every signal, for replay)
  --late-bundles POLICY      bundles for a time that has passed, whatever the show says: run, drop (100 ms late), or drop so many ms late
  --timeline-rate HZ         values a second of timelines that ask for no rate themselves, 1 to 240 (60)
  --log-level LEVEL          error, warn, info, debug or silent (warn); logs go to stderr
  --json                     one JSON object a line on stdout; the first is {"event":"ready",…}
  --version                  print the version
  --help                     print this

SIGINT or SIGTERM ends it in order: outputs are released, the show is saved, exit code 0.
It exits with 2 and one line on stderr when it cannot start. docs/command-line.md tells the rest.
`;
