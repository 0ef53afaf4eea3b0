import type { EngineState } from './engine-state.svelte.ts';
import type { AreaId, AreaRequest } from './navigation.svelte.ts';

/** broken: something does not work. trouble, late: wants a look. */
export type Severity = 'broken' | 'trouble' | 'late';

/** One thing that is not as it should be, why, and where it is put right. */
export interface HealthItem {
  readonly id: string;
  readonly severity: Severity;
  readonly fact: string;
  readonly reason: string;
  readonly go?: { readonly area: AreaId; readonly request?: AreaRequest };
}

/** Everything that wants attention, the worst first; empty when the rig is good. Without an engine only that is said:
 *  how the rest stands is not known. Reads reactive state. */
export function rigHealth(state: EngineState): readonly HealthItem[] {
  if (state.offline) return [connectionItem(state)];
  const items = [...showItems(state), ...deviceItems(state), ...mappingItems(state)];
  return items.sort((left, right) => severities.indexOf(left.severity) - severities.indexOf(right.severity));
}

const severities: readonly Severity[] = ['broken', 'trouble', 'late'];

/** The words are short because the button in the top bar says them too. */
function connectionItem(state: EngineState): HealthItem {
  const reason = `Nothing can be changed. ${state.connectionReason}`.trim();
  return { id: 'connection', severity: 'broken', fact: 'No engine', reason };
}

function showItems({ show }: EngineState): HealthItem[] {
  if (show.saveProblem === null) return [];
  return [
    { id: 'save', severity: 'broken', fact: 'The show is not saved', reason: show.saveProblem, go: { area: 'show' } },
  ];
}

function deviceItems(state: EngineState): HealthItem[] {
  return state.document.bridges.flatMap((bridge): HealthItem[] => {
    const status = state.devicesById.get(bridge.id);
    if (!status || !isSeverity(status.state)) return [];
    const words = { broken: 'is broken', trouble: 'wants a look', late: 'is late' } as const;
    return [
      {
        id: `device-${bridge.id}`,
        severity: status.state,
        fact: `${bridge.name} ${words[status.state]}`,
        reason: status.reason,
        go: { area: 'devices', request: { intent: 'inspect', id: bridge.id } },
      },
    ];
  });
}

function mappingItems(state: EngineState): HealthItem[] {
  return state.problems.flatMap((problem): HealthItem[] => {
    const mapping = state.mappingsById.get(problem.mappingId);
    if (!mapping?.enabled) return [];
    return [
      {
        id: `mapping-${mapping.id}`,
        severity: 'broken',
        fact: `Set ${mapping.number} is broken`,
        reason: problem.reason,
        go: { area: 'patch', request: { intent: 'inspect', id: mapping.id } },
      },
    ];
  });
}

function isSeverity(state: string): state is Severity {
  return state === 'broken' || state === 'trouble' || state === 'late';
}
