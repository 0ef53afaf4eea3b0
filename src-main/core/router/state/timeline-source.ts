import { matches, type Pattern } from '../../../contract/address.ts';
import type { FrameOptions } from '../../protocol/frame.ts';
import { encodeTimelineReport } from '../../timeline/timeline-report.ts';
import type { FrameSource } from '../delivery/outbox.ts';
import { SharedFrame } from '../delivery/shared-frame.ts';
import { publishOf } from './signal-message.ts';
import type { TimelineStage } from './timeline-stage.ts';

interface GivenOptions {
  /** of every frame */
  readonly header?: FrameOptions | undefined;
  /** so many more are in a frame */
  readonly onGiven?: (timelines: number) => void;
}

/** One PUBLISH for each timeline that a new subscription covers: the timeline, and how it stands when the frame is made. */
export function createTimelineSource(
  timelines: Pick<TimelineStage, 'addresses' | 'get'>,
  pattern: Pattern,
  { header, onGiven = () => undefined }: GivenOptions = {},
): FrameSource {
  const addresses = timelines.addresses()[Symbol.iterator]();
  return {
    next: () => {
      for (let next = addresses.next(); !next.done; next = addresses.next()) {
        const address = next.value;
        const report = matches(pattern, address) ? timelines.get(address) : undefined;
        if (!report) continue;
        onGiven(1);
        return new SharedFrame(publishOf({ kind: 'timeline', address, value: encodeTimelineReport(report) }), header);
      }
      return undefined;
    },
  };
}
