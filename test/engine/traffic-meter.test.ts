import { describe, expect, it } from 'vitest';
import { createTrafficMeter } from '../../src-main/engine/traffic-meter.ts';
import { SimulatedClock } from '../simulated-clock.ts';

describe('createTrafficMeter', () => {
  it('[SU40] gives messages per second between two measurements, whatever lies between them', () => {
    const clock = new SimulatedClock();
    const meter = createTrafficMeter(clock);
    clock.advance(1000);
    meter.measure({ inTotal: 44, outTotal: 10 });
    expect(meter.latest()).toEqual({ inPerSecond: 44, outPerSecond: 10 });
    clock.advance(2000);
    meter.measure({ inTotal: 144, outTotal: 10 });
    expect(meter.latest()).toEqual({ inPerSecond: 50, outPerSecond: 0 });
  });

  it('[SU41] counts from 0 when totals begin anew, and gives 0 when no time has passed', () => {
    const clock = new SimulatedClock();
    const meter = createTrafficMeter(clock);
    clock.advance(1000);
    meter.measure({ inTotal: 500, outTotal: 500 });
    clock.advance(1000);
    meter.measure({ inTotal: 30, outTotal: 0 });
    expect(meter.latest()).toEqual({ inPerSecond: 30, outPerSecond: 0 });
    meter.measure({ inTotal: 90, outTotal: 0 });
    expect(meter.latest()).toEqual({ inPerSecond: 0, outPerSecond: 0 });
  });
});
