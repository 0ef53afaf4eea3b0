import { createContext } from 'svelte';

/** `signals` is a page of the area Show. */
export type AreaId = 'patch' | 'dmx' | 'devices' | 'monitor' | 'show' | 'signals';

/** What an area is asked to do when it is gone to; taken once. */
export interface AreaRequest {
  /** inspect: what has this id. new: begin another. save-as: ask for a name. */
  readonly intent: 'inspect' | 'new' | 'save-as';
  readonly id?: string;
}

/** Which area is shown. Areas know nothing of each other: they send the operator there through this. */
export class Navigation {
  area = $state<AreaId>('patch');
  #request = $state.raw<{ readonly area: AreaId; readonly request: AreaRequest } | undefined>();

  go(area: AreaId, request?: AreaRequest): void {
    this.area = area;
    this.#request = request && { area, request };
  }

  /** Inside an effect of the area: runs again when another request comes. */
  take(area: AreaId): AreaRequest | undefined {
    const waiting = this.#request;
    if (waiting?.area !== area) return undefined;
    this.#request = undefined;
    return waiting.request;
  }
}

export const [getNavigation, setNavigation] = createContext<Navigation>();
