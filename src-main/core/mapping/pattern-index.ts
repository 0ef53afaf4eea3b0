import { segmentsOf, segmentsOverlap, type Pattern } from '../../contract/address.ts';
import { LimitError } from '../../contract/errors.ts';

/** Places one index looks at in all its life: many times what a full show of sensible patterns needs, about a second of
 *  work for patterns made to be slow. */
export const indexLooksMax = 1_000_000;

/** Patterns with something attached, found by overlap and taken out one by one. */
export interface PatternIndex<T> {
  add(pattern: Pattern, item: T): void;
  /** Takes out one item whose pattern can cover an address that `pattern` covers too.
   *  @returns undefined when none is left
   *  @throws LimitError 'too-many-items' when all calls together have looked at more than `indexLooksMax` places */
  takeOverlapping(pattern: Pattern): T | undefined;
}

interface Entry<T> {
  readonly segments: readonly string[];
  readonly item: T;
}

interface Node<T> {
  readonly id: number;
  readonly segment: string;
  readonly parent: Node<T> | undefined;
  readonly literals: Map<string, Node<T>>;
  readonly wilds: Map<string, Node<T>>;
  readonly entries: Entry<T>[];
}

export function createPatternIndex<T>(): PatternIndex<T> {
  const looks = { left: indexLooksMax };
  // Patterns that begin with a wildcard often end with a name: read from the end, that name decides at once.
  const forwards = createTree<T>();
  const backwards = createTree<T>();
  return {
    add: (pattern, item) => {
      const entry = { segments: segmentsOf(pattern), item };
      insert(forwards, entry.segments, entry);
      insert(backwards, entry.segments.toReversed(), entry);
    },
    takeOverlapping: (pattern) => {
      const wanted = segmentsOf(pattern);
      const fromEnd = isWild(wanted[0]) && !isWild(wanted.at(-1));
      const found = fromEnd
        ? findOverlapping(backwards, wanted.toReversed(), looks)
        : findOverlapping(forwards, wanted, looks);
      const entry = found?.entries.at(-1);
      if (!entry) return undefined;
      remove(forwards, entry.segments, entry);
      remove(backwards, entry.segments.toReversed(), entry);
      return entry.item;
    },
  };
}

function isWild(segment: string | undefined): boolean {
  return segment?.includes('*') ?? false;
}

interface Tree<T> {
  readonly root: Node<T>;
  nextId: number;
}

function createTree<T>(): Tree<T> {
  return { root: createNode<T>(0, '', undefined), nextId: 1 };
}

function createNode<T>(id: number, segment: string, parent: Node<T> | undefined): Node<T> {
  return { id, segment, parent, literals: new Map(), wilds: new Map(), entries: [] };
}

function insert<T>(tree: Tree<T>, segments: readonly string[], entry: Entry<T>): void {
  let at = tree.root;
  for (const segment of segments) {
    const children = childrenFor(at, segment);
    const next = children.get(segment) ?? createNode(tree.nextId++, segment, at);
    children.set(segment, next);
    at = next;
  }
  at.entries.push(entry);
}

function remove<T>(tree: Tree<T>, segments: readonly string[], entry: Entry<T>): void {
  let at: Node<T> | undefined = tree.root;
  for (const segment of segments) at = at && childrenFor(at, segment).get(segment);
  if (!at) return;
  at.entries.splice(at.entries.indexOf(entry), 1);
  prune(at);
}

function childrenFor<T>(node: Node<T>, segment: string): Map<string, Node<T>> {
  return isWild(segment) ? node.wilds : node.literals;
}

function prune<T>(node: Node<T>): void {
  if (node.entries.length > 0 || node.literals.size > 0 || node.wilds.size > 0 || !node.parent) return;
  childrenFor(node.parent, node.segment).delete(node.segment);
  prune(node.parent);
}

/** Walks the tree and the wanted segments side by side, as `overlaps` does for two patterns, each pair of places once. */
function findOverlapping<T>(tree: Tree<T>, wanted: readonly string[], looks: { left: number }): Node<T> | undefined {
  const seen = new Set<number>();
  const walk = (node: Node<T>, at: number): Node<T> | undefined => {
    const place = node.id * (wanted.length + 1) + at;
    if (seen.has(place)) return undefined;
    seen.add(place);
    if (looks.left-- <= 0) throw new LimitError('too-many-items', 'Too many wildcards meet to compare them all.');
    const segment = wanted[at];
    if (segment === undefined && node.entries.length > 0) return node;
    const open = node.wilds.get('**');
    const found = open && walk(open, at);
    if (found || segment === undefined) return found;
    if (segment === '**') return walk(node, at + 1) ?? walkAll(allChildren(node), at);
    return (
      (node.segment === '**' ? walk(node, at + 1) : undefined) ?? walkAll(childrenOverlapping(node, segment), at + 1)
    );
  };
  const walkAll = (nodes: Iterable<Node<T>>, at: number): Node<T> | undefined => {
    for (const node of nodes) {
      const found = walk(node, at);
      if (found) return found;
    }
    return undefined;
  };
  return walk(tree.root, 0);
}

function* allChildren<T>(node: Node<T>): Iterable<Node<T>> {
  yield* node.literals.values();
  yield* node.wilds.values();
}

/** The children that stand for one segment; `**` is met elsewhere. */
function* childrenOverlapping<T>(node: Node<T>, segment: string): Iterable<Node<T>> {
  const literal = node.literals.get(segment);
  if (literal) yield literal;
  for (const child of isWild(segment) ? allChildren(node) : node.wilds.values()) {
    if (child.segment !== '**' && segmentsOverlap(child.segment, segment)) yield child;
  }
}
