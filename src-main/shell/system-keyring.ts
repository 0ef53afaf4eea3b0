import type { SafeStorage } from 'electron';

/** What the operating system keeps keys in: Keychain, DPAPI, libsecret, KWallet. */
export interface SystemKeyring {
  /** false where there is none, or one under a password that everybody knows */
  isThere(): Promise<boolean>;
  seal(text: string): Promise<Buffer>;
  /** @throws Error when it was sealed elsewhere, or the operator does not unlock it */
  open(sealed: Buffer): Promise<string>;
}

/** Electrons before 45 have only these, that wait for the operator, and nothing else goes on meanwhile. */
interface WaitingStorage {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(sealed: Buffer): string;
}

type Storage = Pick<SafeStorage, 'getSelectedStorageBackend'> &
  Partial<Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'>> &
  Partial<WaitingStorage>;

/** @param storage Electron's `safeStorage`, once the app is ready
 *  @see https://www.electronjs.org/docs/latest/api/safe-storage */
export function createSystemKeyring(storage: Storage, platform: NodeJS.Platform): SystemKeyring {
  const keepsOpenly = (): boolean =>
    platform === 'linux' && ['basic_text', 'unknown'].includes(storage.getSelectedStorageBackend());
  return {
    isThere: async () => {
      if (keepsOpenly()) return false;
      return (await storage.isAsyncEncryptionAvailable?.()) ?? storage.isEncryptionAvailable?.() ?? false;
    },
    seal: async (text) => {
      const sealed = (await storage.encryptStringAsync?.(text)) ?? storage.encryptString?.(text);
      if (!sealed) throw new Error('the system sealed nothing');
      return sealed;
    },
    open: async (sealed) => {
      const text = (await storage.decryptStringAsync?.(sealed))?.result ?? storage.decryptString?.(sealed);
      if (text === undefined) throw new Error('the system opened nothing');
      return text;
    },
  };
}
