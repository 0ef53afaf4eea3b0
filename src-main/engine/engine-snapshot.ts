import type { AccessRulesState } from '../contract/access-rules.ts';
import type { DoorStatus } from '../contract/door.ts';
import type { EngineSnapshot } from '../contract/engine-api.ts';
import type { RouterTiming } from '../core/router/router.ts';
import type { AccessList } from './access-list.ts';
import type { EngineDiscovery } from './discovery/open-discovery.ts';
import type { LiveFeed } from './feeds/live-feed.ts';
import type { StatsFeed } from './feeds/stats-feed.ts';
import { lateBundlesOf } from './late-bundles.ts';
import type { RemoteAccess } from './remote/remote-access.ts';
import type { ShowRunner } from './show-runner.ts';
import type { ShowSession } from './show-session.ts';

export interface SnapshotParts {
  readonly options: { readonly version: string; readonly timing?: RouterTiming };
  readonly claspUrl: string;
  readonly show: ShowSession;
  readonly runner: Pick<ShowRunner, 'devices' | 'problems'>;
  readonly live: Pick<LiveFeed, 'newest'>;
  readonly stats: Pick<StatsFeed, 'now'>;
  readonly access: Pick<AccessList, 'state'>;
  readonly doors: { statuses(): readonly DoorStatus[] };
  readonly desk: { state(): AccessRulesState };
  readonly discovery: Pick<EngineDiscovery, 'state'>;
  readonly remote: Pick<RemoteAccess, 'state'>;
}

/** Everything that a fresh page needs, as it stands when it is asked for. */
export function snapshotOf(parts: SnapshotParts): () => Omit<EngineSnapshot, 'paths' | 'role'> {
  const { options, claspUrl, show, runner, live, stats, access, doors, desk, discovery, remote } = parts;
  const { version, timing } = options;
  return () => ({
    version,
    revision: show.revision,
    document: show.document,
    show: show.state(),
    devices: runner.devices(),
    problems: runner.problems(),
    access: access.state(),
    doors: doors.statuses(),
    accessRules: desk.state(),
    found: discovery.state(),
    remote: remote.state(),
    stats: stats.now(),
    live: live.newest(),
    claspUrl,
    lateBundlesGiven: timing?.latePolicy ? lateBundlesOf(timing.latePolicy) : null,
    laying: show.laying,
    firstStart: show.firstStart,
  });
}
