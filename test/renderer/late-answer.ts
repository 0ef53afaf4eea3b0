import type { AppError } from '../../src-main/contract/errors.ts';
import type { FakeEngine } from './fake-engine.ts';

/** The next edit is made, or refused, when the returned function is called, and later ones at once. */
export function withLateAnswer(engine: FakeEngine, refusal?: AppError): () => void {
  const edit = engine.edit.bind(engine);
  let go = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    go = resolve;
  });
  engine.edit = async (request) => {
    engine.edit = edit;
    await asked;
    if (refusal) throw refusal;
    return edit(request);
  };
  return go;
}
