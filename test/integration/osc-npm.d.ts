declare module 'osc' {
  export interface OscPort {
    on(event: 'ready' | 'close', run: () => void): void;
    on(event: 'error', run: (error: unknown) => void): void;
    on(event: 'message', run: (message: { address: string; args: { type: string; value: unknown }[] }) => void): void;
    on(
      event: 'bundle',
      run: (bundle: { timeTag: { raw: [number, number]; native: number }; packets: unknown[] }) => void,
    ): void;
    send(packet: object): void;
    open(): void;
    close(): void;
  }
  const osc: {
    readonly UDPPort: new (options: object) => OscPort;
    readonly TCPSocketPort: new (options: object) => OscPort;
    timeTag(secondsFromNow: number): { raw: [number, number]; native: number };
  };
  export default osc;
}
