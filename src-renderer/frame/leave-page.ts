import type { Cancel } from '../../src-main/contract/message-link.ts';
import type { ShellApi } from '../../src-main/contract/shell-api.ts';
import type { PageClock } from '../engine/page-clock.ts';
import { fieldName } from '../widgets/field-name.ts';
import { settleFields } from '../widgets/settle-field.ts';
import type { LateTexts } from './late-texts.ts';

export interface LeavePageOptions {
  /** undefined in a browser */
  readonly shell: Pick<ShellApi, 'onSettle'> | undefined;
  readonly clock: Pick<PageClock, 'after'>;
  readonly texts: Pick<LateTexts, 'settled' | 'underWay' | 'waiting'>;
  /** whether a change waits to be sent */
  readonly hasUnsent: () => boolean;
  /** forms that are not applied and things that were begun, in words */
  readonly begun: () => readonly string[];
}

/** Hands on what stands in the fields before the page goes: by a reload, a closed window, or a quit of the shell. What
 *  would go with the page is told to the shell, which asks; a browser asks by itself. */
export function leavePage(page: Window, { shell, clock, texts, hasUnsent, begun }: LeavePageOptions): Cancel {
  const settle = (): string[] =>
    settleFields(page.document).map((field) => `“${field.value}” as ${fieldName(field)}, which wants a repair`);
  const onpagehide = (): void => void settle();
  const onbeforeunload = (event: Event): void => {
    const lost = [...settle(), ...texts.waiting(), ...begun()];
    // In a desktop window nobody would hear why it does not close.
    if (!shell && (lost.length > 0 || hasUnsent())) event.preventDefault();
  };
  const onsettle = async (withinMs: number): Promise<readonly string[]> => {
    const refused = settle();
    await within(texts.settled(), withinMs, clock);
    return [...refused, ...texts.underWay(), ...begun()];
  };
  page.addEventListener('pagehide', onpagehide);
  page.addEventListener('beforeunload', onbeforeunload);
  const cancel = shell?.onSettle(onsettle);
  return () => {
    page.removeEventListener('pagehide', onpagehide);
    page.removeEventListener('beforeunload', onbeforeunload);
    cancel?.();
  };
}

function within(done: Promise<void>, withinMs: number, clock: Pick<PageClock, 'after'>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(withinMs, resolve);
    void done.finally(() => {
      cancel();
      resolve();
    });
  });
}
