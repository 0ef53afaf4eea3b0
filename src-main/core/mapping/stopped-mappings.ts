import type { MappingProblem } from '../../contract/engine-api.ts';
import type { Mapping } from '../../contract/show.ts';
import type { Log } from '../../ports/log.ts';
import { mappingPassesMax } from './mapping-session.ts';

/** Mappings that were stopped because one signal became too many on its way to them. */
export class StoppedMappings {
  readonly #stopped = new Map<string, MappingProblem>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  has(mappingId: string): boolean {
    return this.#stopped.size > 0 && this.#stopped.has(mappingId);
  }

  stop({ id, number }: Pick<Mapping, 'id' | 'number'>): void {
    const reason = `One signal became more than 16\u202f384 on its way here. Set ${number} stands still until a set changes.`;
    this.#stopped.set(id, { mappingId: id, code: 'mapping-flood', reason });
    this.#log.warn('a mapping was stopped, one signal became too many', {
      mapping: number,
      passesMax: mappingPassesMax,
    });
  }

  problems(): readonly MappingProblem[] {
    return [...this.#stopped.values()];
  }

  /** @returns the ids of those that may run again */
  release(): readonly string[] {
    const ids = [...this.#stopped.keys()];
    this.#stopped.clear();
    return ids;
  }
}
