import { isExact, matchSegment, segmentsOf, type Address, type Pattern } from '../../../contract/address.ts';

/** Who listens where. Answers are remembered per address until a subscription that could change them comes or goes; addresses
 *  that only the same patterns cover share one, so that ten thousand of them stay in the processor's cache.
 *  `S` is compared by identity; the same one may stand under several patterns. */
export class SubscriptionIndex<S, T> {
  readonly #exact = new Map<string, Set<S>>();
  readonly #root: TrieNode<S>;
  /** by the nodes of the trie that an address came to, where there is something */
  readonly #shared = new Map<string, T>();
  #nodes = 0;
  readonly #cache = new Map<string, T>();
  readonly #cachedMax: number;
  readonly #summarise: (subscriptions: readonly S[]) => T;

  /** @param cachedMax addresses remembered; past it the memory starts afresh
   *  @param summarise makes of all subscriptions that cover an address what the caller wants to remember */
  constructor(cachedMax: number, summarise: (subscriptions: readonly S[]) => T) {
    this.#cachedMax = cachedMax;
    this.#summarise = summarise;
    this.#root = this.#newNode();
  }

  add(pattern: Pattern, subscription: S): void {
    if (isExact(pattern)) {
      const there = this.#exact.get(pattern);
      if (there) there.add(subscription);
      else this.#exact.set(pattern, new Set([subscription]));
    } else {
      let node = this.#root;
      for (const segment of segmentsOf(pattern)) node = this.#childFor(node, segment);
      node.subscriptions.add(subscription);
    }
    this.#forget(pattern);
  }

  remove(pattern: Pattern, subscription: S): void {
    if (isExact(pattern)) {
      const there = this.#exact.get(pattern);
      there?.delete(subscription);
      if (there?.size === 0) this.#exact.delete(pattern);
    } else {
      removeBelow(this.#root, segmentsOf(pattern), 0, subscription);
    }
    this.#forget(pattern);
  }

  targetsOf(address: Address): T {
    const known = this.#cache.get(address);
    if (known !== undefined) return known;
    const targets = this.#answerFor(address);
    if (this.#cache.size >= this.#cachedMax) this.#cache.clear();
    this.#cache.set(address, targets);
    return targets;
  }

  /** An exact pattern changes the answer for one address only. */
  #forget(pattern: Pattern): void {
    if (isExact(pattern)) this.#cache.delete(pattern);
    else {
      this.#cache.clear();
      this.#shared.clear();
    }
  }

  #answerFor(address: Address): T {
    const exact = this.#exact.get(address);
    const nodes = this.#find(address).filter(({ subscriptions }) => subscriptions.size > 0);
    const found = nodes.flatMap(({ subscriptions }) => [...subscriptions]);
    if (exact) return this.#summarise([...exact, ...found]);
    const key = nodes.map(({ id }) => id).join();
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const answer = this.#summarise(found);
    if (this.#shared.size >= this.#cachedMax) this.#shared.clear();
    this.#shared.set(key, answer);
    return answer;
  }

  /** All places of the trie are walked side by side, segment by segment, so that patterns with many `**` cost no more
   *  than the nodes they made. */
  #find(address: Address): TrieNode<S>[] {
    let places = new Set<TrieNode<S>>();
    enter(this.#root, places);
    for (const segment of segmentsOf(address)) {
      const next = new Set<TrieNode<S>>();
      for (const place of places) step(place, segment, next);
      if (next.size === 0) return [];
      places = next;
    }
    return [...places];
  }

  #newNode(isDeep = false): TrieNode<S> {
    const id = this.#nodes++;
    return { id, literal: new Map(), globs: new Map(), deep: undefined, isDeep, subscriptions: new Set() };
  }

  #childFor(node: TrieNode<S>, segment: string): TrieNode<S> {
    if (segment === '**') return (node.deep ??= this.#newNode(true));
    const branch = segment.includes('*') ? node.globs : node.literal;
    const there = branch.get(segment);
    if (there) return there;
    const child = this.#newNode();
    branch.set(segment, child);
    return child;
  }
}

interface TrieNode<S> {
  readonly id: number;
  readonly literal: Map<string, TrieNode<S>>;
  /** segments with `*` among other characters, and `*` alone */
  readonly globs: Map<string, TrieNode<S>>;
  /** behind `**`; stays where it is for any number of segments */
  deep: TrieNode<S> | undefined;
  readonly isDeep: boolean;
  readonly subscriptions: Set<S>;
}

/** Being at a place means being behind its `**` too, since that may stand for nothing. */
function enter<S>(node: TrieNode<S>, places: Set<TrieNode<S>>): void {
  for (let at: TrieNode<S> | undefined = node; at && !places.has(at); at = at.deep) places.add(at);
}

function step<S>(place: TrieNode<S>, segment: string, next: Set<TrieNode<S>>): void {
  if (place.isDeep) enter(place, next);
  const literal = place.literal.get(segment);
  if (literal) enter(literal, next);
  for (const [glob, child] of place.globs) if (matchSegment(glob, segment)) enter(child, next);
}

function removeBelow<S>(node: TrieNode<S>, segments: readonly string[], at: number, subscription: S): void {
  const segment = segments[at];
  if (segment === undefined) {
    node.subscriptions.delete(subscription);
    return;
  }
  const branch = segment.includes('*') ? node.globs : node.literal;
  const child = segment === '**' ? node.deep : branch.get(segment);
  if (!child) return;
  removeBelow(child, segments, at + 1, subscription);
  if (!isEmpty(child)) return;
  if (segment === '**') node.deep = undefined;
  else branch.delete(segment);
}

function isEmpty<S>(node: TrieNode<S>): boolean {
  return node.subscriptions.size === 0 && node.literal.size === 0 && node.globs.size === 0 && node.deep === undefined;
}
