import type { Cancel } from '../../src-main/contract/message-link.ts';
import type { ShellApi } from '../../src-main/contract/shell-api.ts';
import { settleField } from '../widgets/settle-field.ts';

export interface LeavePageOptions {
  /** undefined in a browser */
  readonly shell: Pick<ShellApi, 'onSettle'> | undefined;
  /** settles when everything that was handed on was taken or refused */
  readonly settled: () => Promise<void>;
  /** whether a text waits for the engine, and would go with the page */
  readonly waits: () => boolean;
}

/** Hands on what stands in a field before the page goes: by a reload, a closed window, or a quit of the shell. */
export function leavePage(page: Window, { shell, settled, waits }: LeavePageOptions): Cancel {
  const settle = (): Promise<void> => {
    settleField(page.document);
    return settled();
  };
  const onpagehide = (): void => void settle();
  const onbeforeunload = (event: Event): void => {
    void settle();
    // A browser asks; a desktop window would not close and not say why.
    if (!shell && waits()) event.preventDefault();
  };
  page.addEventListener('pagehide', onpagehide);
  page.addEventListener('beforeunload', onbeforeunload);
  const cancel = shell?.onSettle(settle);
  return () => {
    page.removeEventListener('pagehide', onpagehide);
    page.removeEventListener('beforeunload', onbeforeunload);
    cancel?.();
  };
}
