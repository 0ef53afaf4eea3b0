import { applyEdit, type Edit } from '../../src-main/contract/show-edit.ts';
import type { ShowDocument } from '../../src-main/contract/show.ts';
import { sampleMapping } from '../show-samples.ts';

/** What the child does and the test expects: state k of the show is the empty show with edits 1 to k. */
export function killEdit(k: number): Edit {
  const mapping = { ...sampleMapping((k % 40) + 1), name: `v${k}` };
  return {
    label: `edit ${k}`,
    steps: [
      { do: 'rename', name: `n${k}` },
      { do: 'put', list: 'mappings', item: mapping },
    ],
  };
}

export function stateOf(document: ShowDocument): number {
  const [, k] = /^n(\d+)$/.exec(document.name) ?? [];
  return k === undefined ? 0 : Number(k);
}

/** The states in order, made once each. */
export function createModel(empty: ShowDocument): (k: number) => ShowDocument {
  const states = [empty];
  return (k) => {
    for (let next = states.length; next <= k; next++) {
      const before = states[next - 1];
      if (before) states.push(applyEdit(before, killEdit(next)).document);
    }
    return states[k] ?? empty;
  };
}

/** A small seeded generator (mulberry32): 0 ≤ x < 1. */
export function seeded(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
