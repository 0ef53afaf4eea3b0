/** The frame rates that timecode runs at. `29.97df` is 30000/1001 frames a second, with two frame numbers left out at every
 *  minute but each tenth, so that it keeps time with the clock on the wall. */
export const timecodeRates = ['24', '25', '29.97df', '30'] as const;
export type TimecodeRate = (typeof timecodeRates)[number];

/** What an incoming timecode is worth. locked: it runs. freewheel: it is gone for a moment and Flyrail counts on. lost: none. */
export const timecodeStates = ['locked', 'freewheel', 'lost'] as const;
export type TimecodeState = (typeof timecodeStates)[number];
