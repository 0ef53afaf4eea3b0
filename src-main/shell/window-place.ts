import { z } from '../contract/zod.ts';

const placeSchema = z.object({
  x: z.int().optional(),
  y: z.int().optional(),
  width: z.int().min(1).max(100_000),
  height: z.int().min(1).max(100_000),
  maximized: z.boolean(),
});

/** Size and position of the window in pixels of the desktop; without x and y it stands in the middle. */
export type WindowPlace = z.infer<typeof placeSchema>;

/** The part of a screen that windows may take. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const leastSize = { width: 720, height: 480 } as const;
const usual: WindowPlace = { width: 1280, height: 800, maximized: false };
const noScreen: Area = { x: 0, y: 0, width: usual.width, height: usual.height };
/** So much of the window must be seen, so that it can be taken by its title bar. */
const gripPx = { width: 120, height: 60 } as const;

/** Where to put the window: as it was left, unless that is on no screen any more, and never larger than its screen.
 *  @param left what was kept of the last run; anything unreadable is as good as nothing
 *  @param screens at least one, the main one first */
export function placeWindow(left: unknown, screens: readonly Area[]): WindowPlace {
  const place = placeSchema.safeParse(left).data ?? usual;
  const { x, y, maximized } = place;
  const [main = noScreen] = screens;
  if (x === undefined || y === undefined) return { ...fit(place, main), maximized };
  const fits = screens
    .map((screen) => ({ screen, area: { x, y, ...fit(place, screen) } }))
    .filter(({ screen, area }) => hasGrip(area, screen))
    .toSorted((one, other) => seenWidth(other.area, other.screen) - seenWidth(one.area, one.screen));
  return { ...(fits[0]?.area ?? fit(place, main)), maximized };
}

function fit({ width, height }: WindowPlace, screen: Area): { width: number; height: number } {
  return {
    width: within(width, leastSize.width, screen.width),
    height: within(height, leastSize.height, screen.height),
  };
}

/** Whether enough of the title bar lies on the screen. */
function hasGrip(area: Area, screen: Area): boolean {
  const isInHeight = area.y >= screen.y && area.y <= screen.y + screen.height - gripPx.height;
  return isInHeight && seenWidth(area, screen) >= gripPx.width;
}

function seenWidth(area: Area, screen: Area): number {
  return Math.min(area.x + area.width, screen.x + screen.width) - Math.max(area.x, screen.x);
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
