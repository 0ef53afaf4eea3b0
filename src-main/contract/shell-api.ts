/** What only a desktop shell can do. Absent in a browser, where its buttons are hidden. */
export interface ShellApi {
  readonly platform: 'linux' | 'darwin' | 'win32';
  /** A native dialog; undefined when the operator cancels. Paths go back to the engine as they are. */
  pickShowToOpen(): Promise<string | undefined>;
  /** Whoever gets this path may replace what is there: the operator was asked. */
  pickShowToSave(suggestedName: string): Promise<string | undefined>;
  /** Opens a page in the system's browser: one of the allow-list, or one of a machine on the network by its address.
   *  @returns false when refused */
  openExternal(url: string): Promise<boolean>;
  /** Menu entries and files opened from the desktop arrive here. */
  onCommand(run: (command: ShellCommand) => void): () => void;
  /** The page may be about to go: `run` hands on what stands in a field and waits for the engine to have it, at most
   *  `withinMs`. It tells in words what would be lost with the page; the shell asks before it is. */
  onSettle(run: (withinMs: number) => Promise<readonly string[]>): () => void;
}

export type ShellCommand =
  | { readonly type: 'new' | 'open' | 'save' | 'save-as' | 'undo' | 'redo' }
  | { readonly type: 'open-path'; readonly path: string }
  /** the engine process ended or came back: the page says so until it is back */
  | { readonly type: 'engine'; readonly state: 'running' | 'restarting'; readonly reason: string };
