/** The part of the library that is used: its packet class. Its sockets are not. */
declare module 'e131/lib/e131.js' {
  interface Packet {
    readonly Options: { readonly TERMINATED: number; readonly PREVIEW: number };
    setCID(cid: Buffer): void;
    setSourceName(name: string): void;
    setPriority(priority: number): void;
    setSequenceNumber(sequence: number): void;
    setOption(option: number, state: boolean): void;
    setUniverse(universe: number): void;
    setSlotsData(levels: Buffer): void;
    getBuffer(): Buffer;
  }
  const e131: { readonly Packet: new (slots: number) => Packet };
  export default e131;
}
