/** Takes the place of what aedes hands messages on by: the router does that, so that one place decides who gets what. */
export function quietEmitter(): object {
  const soon = (run: unknown): void => {
    if (typeof run === 'function') setImmediate(run as () => void);
  };
  return {
    on: (_topic: string, _run: unknown, then: unknown) => soon(then),
    removeListener: (_topic: string, _run: unknown, then: unknown) => soon(then),
    emit: (_packet: object, then: unknown) => soon(then),
    close: soon,
  };
}
