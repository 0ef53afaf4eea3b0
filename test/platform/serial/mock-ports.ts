import { SerialPortMock } from 'serialport';
import { portOptions, type OpenedPort, type SerialPorts } from '../../../src-main/platform/serial/serial-ports.ts';

/** What is used here of @serialport/binding-mock, whose types the package does not lead to. */
interface Binding {
  readonly openOptions: object;
  readonly recording: Buffer;
  pendingRead: ((error?: Error) => void) | null;
  emitData(bytes: Buffer): void;
  write(bytes: Buffer): Promise<void>;
  get(): Promise<{ readonly cts: boolean; readonly dsr: boolean; readonly dcd: boolean }>;
}

const mock = SerialPortMock.binding as unknown as {
  reset(): void;
  createPort(path: string, options: object): void;
};

/** Ports whose cable and faults a test makes; what a pty cannot. */
export interface MockPorts extends SerialPorts {
  /** the one that was opened last */
  binding(): Binding;
  received(): Buffer;
}

/** @param path a port that is there */
export function createMockPorts(path: string): MockPorts {
  mock.reset();
  mock.createPort(path, { record: true, vendorId: '0403', productId: '6001' });
  let binding: Binding | undefined;
  const current = (): Binding => {
    if (!binding) throw new Error('no port was opened');
    return binding;
  };
  return {
    open: async (name, line): Promise<OpenedPort> => {
      const port = new SerialPortMock({ path: name, autoOpen: false, ...portOptions(line) });
      await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
      const opened: unknown = port.port;
      binding = opened as Binding;
      return port;
    },
    list: () => SerialPortMock.list(),
    binding: current,
    received: () => current().recording,
  };
}
