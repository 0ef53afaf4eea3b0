import { join } from 'node:path';
import { startWidget, type Widget } from '../../integration/dmx-widget.ts';
import { startPtyLine, type PtyLine } from '../../pty-line.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import type { LanePlan } from '../lane.ts';
import { levelOf, Tally } from '../tally.ts';

/** A DMX USB Pro on a pair of ptys, a Python program that checks its frames; unplugged, both ports are gone. */
export async function planDmxUsb(): Promise<LanePlan> {
  const folder = temporaryFolder();
  const [ours, theirs] = [join(folder, 'dmx-here'), join(folder, 'dmx-there')];
  return Promise.resolve({
    id: 'dimmers',
    bridge: { kind: 'dmx-usb', settings: { port: ours, prefix: '/dimmers', floats: 'level', rate: 40 } },
    begin: async ({ client, onEnd }) => {
      const out = new Tally('DMX over USB, out', 'flow');
      const plug = new WidgetPlug([ours, theirs], (level) => out.came(level));
      await plug.in();
      onEnd(() => plug.out());
      return {
        tallies: [out],
        perSecond: 20,
        turn: (n) => {
          out.sent(levelOf(n));
          client.set('/dimmers/1/1', levelOf(n));
        },
        unplug: () => plug.out(),
        plug: () => plug.in(),
      };
    },
  });
}

class WidgetPlug {
  readonly #links: readonly string[];
  readonly #run: (level: number) => void;
  #line: PtyLine | undefined;
  #widget: Widget | undefined;

  constructor(links: readonly string[], run: (level: number) => void) {
    this.#links = links;
    this.#run = run;
  }

  async in(): Promise<void> {
    this.#line = await startPtyLine(this.#links);
    this.#widget = await startWidget(this.#line.ends[1], 'pro');
    void this.#follow(this.#widget);
  }

  async out(): Promise<void> {
    const [line, widget] = [this.#line, this.#widget];
    this.#line = this.#widget = undefined;
    await line?.unplug();
    await widget?.leave();
  }

  /** Asks the widget again and again what it put out last, until it is pulled. */
  async #follow(widget: Widget): Promise<void> {
    try {
      while (this.#widget === widget) {
        const { last, frames, faults } = await widget.report();
        if (faults.length > 0) this.#run(NaN);
        else if (frames > 0 && last[0] !== undefined) this.#run(last[0]);
      }
    } catch {
      // Pulled while it was asked.
    }
  }
}
