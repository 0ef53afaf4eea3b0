/** Asks for one call before the next picture is drawn. */
export type NextFrame = (run: () => void) => void;

/** The browser's pictures; a hidden page draws none until it is seen again. */
export const browserFrame: NextFrame = (run) => {
  requestAnimationFrame(run);
};
