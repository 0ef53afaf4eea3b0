/** Why fields of one form have no ports to offer. Each reason is said once: by the first field that has it, and by none where it stands
 *  elsewhere already. */
export class PortProblems {
  #byField = $state.raw<ReadonlyMap<string, string>>(new Map());
  readonly #isSaid: (problem: string) => boolean;

  /** @param isSaid whether it is in sight beside the form, such as in the status of the device */
  constructor(isSaid: (problem: string) => boolean) {
    this.#isSaid = isSaid;
  }

  /** @param problem null where it has none, or is gone */
  tell(field: string, problem: string | null): void {
    const byField = new Map(this.#byField);
    if (problem === null) byField.delete(field);
    else byField.set(field, problem);
    this.#byField = byField;
  }

  /** What this field is to say; undefined for nothing. */
  of(field: string): string | undefined {
    const own = this.#byField.get(field);
    if (own === undefined || this.#isSaid(own)) return undefined;
    const [first] = [...this.#byField].find(([, problem]) => problem === own) ?? [];
    return first === field ? own : undefined;
  }
}
