import type { Address } from '../../contract/address.ts';
import { InputError } from '../../contract/errors.ts';
import { nullValue, type GesturePhase, type Signal, type Value } from '../../contract/signal.ts';
import type { Random } from '../../ports/random.ts';
import type { Qos } from '../protocol/messages.ts';
import type { Acknowledgement } from './acknowledgement.ts';

/** One finger, from its start to its end. Start, end and cancel are confirmed by the router; moves are fired.
 *  @throws InputError 'bad-arguments', as a rejection, for what does not begin with start or goes on after the end */
export interface Gesture {
  readonly id: number;
  start(value?: Value): Promise<Acknowledgement>;
  move(value: Value): Promise<Acknowledgement>;
  end(value?: Value): Promise<Acknowledgement>;
  cancel(value?: Value): Promise<Acknowledgement>;
}

type Publish = (signal: Signal, options: { readonly qos: Qos }) => Promise<Acknowledgement>;

/** @returns makes gestures with ids that follow each other from a random one on, so that two clients rarely meet */
export function createGestures(random: Random, publish: Publish): (address: Address) => Gesture {
  let nextId = Math.floor(random.fraction() * 0x1_0000_0000);
  return (address) => {
    const id = nextId;
    nextId = (nextId + 1) >>> 0;
    return createGesture({ kind: 'gesture', address, gestureId: id }, publish);
  };
}

function createGesture(
  finger: Pick<Extract<Signal, { kind: 'gesture' }>, 'kind' | 'address' | 'gestureId'>,
  publish: Publish,
): Gesture {
  let place: 'before' | 'on' | 'after' = 'before';

  const step = (phase: GesturePhase, value: Value): Promise<Acknowledgement> => {
    if (place !== (phase === 'start' ? 'before' : 'on')) {
      const message = `A gesture starts once and ends once; ${phase} came ${place === 'after' ? 'after its end' : 'out of turn'}.`;
      return Promise.reject(new InputError('bad-arguments', message, { phase, gestureId: finger.gestureId }));
    }
    place = phase === 'start' || phase === 'move' ? 'on' : 'after';
    return publish({ ...finger, phase, value }, { qos: phase === 'move' ? 'fire' : 'confirm' });
  };

  return {
    id: finger.gestureId,
    start: (value = nullValue) => step('start', value),
    move: (value) => step('move', value),
    end: (value = nullValue) => step('end', value),
    cancel: (value = nullValue) => step('cancel', value),
  };
}
