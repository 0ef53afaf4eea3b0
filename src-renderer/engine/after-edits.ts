import type { CommandName, EditReceipt, EngineApi } from '../../src-main/contract/engine-api.ts';

/** Commands whose outcome depends on the edits given before them. */
const inOrder = [
  'undo',
  'redo',
  'newShow',
  'openShow',
  'openDemo',
  'saveShow',
  'saveShowAs',
  'restoreBackup',
] as const satisfies readonly CommandName[];

export interface EditsBefore {
  /** undefined while no edit is under way */
  readonly settled: () => Promise<void> | undefined;
  readonly onhistory: (answer: Promise<EditReceipt>) => void;
}

/** The engine, with its commands on the show in the order in which they were given to this page, edits included. */
export function afterEdits(api: EngineApi, { settled, onhistory }: EditsBefore): EngineApi {
  const commands = new Map<string | symbol, (args?: unknown) => Promise<unknown>>(
    inOrder.map((name) => {
      const command = (args?: unknown): Promise<unknown> =>
        (api[name] as (args?: unknown) => Promise<unknown>).call(api, args);
      return [name, (args) => settled()?.then(() => command(args)) ?? command(args)];
    }),
  );
  for (const name of ['undo', 'redo'] as const) {
    const command = commands.get(name);
    commands.set(name, () => {
      const answer = command?.() as Promise<EditReceipt>;
      onhistory(answer);
      return answer;
    });
  }
  return new Proxy({} as EngineApi, {
    get: (_target, name) => {
      const value: unknown = Reflect.get(api, name);
      return commands.get(name) ?? (typeof value === 'function' ? (value.bind(api) as unknown) : value);
    },
  });
}
