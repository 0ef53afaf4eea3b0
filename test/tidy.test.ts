import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findBannedCalls } from './tidy/banned-calls.ts';
import { findUncaptured, findUnreadCaptures } from './tidy/captures.ts';
import { findChangelogFaults } from './tidy/changelog.ts';
import { findUnproven } from './tidy/conformance.ts';
import { findLeftovers } from './tidy/leftovers.ts';
import { findBadNames } from './tidy/names.ts';
import { findPrivatePlaces } from './tidy/private-places.ts';
import { findLooseRules } from './tidy/rules.ts';
import { findOversize } from './tidy/sizes.ts';
import { repositoryFiles } from './tidy/source-file.ts';
import { findTrackerGaps } from './tidy/tracker.ts';
import { findUntested } from './tidy/untested.ts';
import { findLooseVersions } from './tidy/versions.ts';

const files = repositoryFiles(fileURLToPath(new URL('..', import.meta.url)));
const textOf = (path: string) => files.find((file) => file.path === path)?.text ?? '';

// That each of these can fail is shown beside it, in test/tidy/*.test.ts.
describe('the repository', () => {
  it('[RP15] takes time, chance and the world from ports in its pure layers', () => {
    expect(findBannedCalls(files)).toEqual([]);
  });
  it('[RP16] leaves nothing for later', () => {
    expect(findLeftovers(files)).toEqual([]);
  });
  it('[RP17] has files and functions of a readable size', () => {
    expect(findOversize(files)).toEqual([]);
  });
  it('[RP18] has names that say what is inside', () => {
    expect(findBadNames(files)).toEqual([]);
  });
  it('[RP19] tests every file of core and contract', () => {
    expect(findUntested(files)).toEqual([]);
  });
  it('[RP20] runs the conformance suite on every adapter', () => {
    expect(findUnproven(files)).toEqual([]);
  });
  it('[RP21] has a test for every rule and a rule for every test', () => {
    expect(findLooseRules(files)).toEqual([]);
  });
  it('[RP22] keeps its changelog in form', () => {
    expect(findChangelogFaults(textOf('CHANGELOG.md'))).toEqual([]);
  });
  it('[RP23] names every requirement in the tracker, with evidence that exists', () => {
    expect(findTrackerGaps(files)).toEqual([]);
  });
  it('[RP24] says nothing about the machine it was written on', () => {
    expect(findPrivatePlaces(files)).toEqual([]);
  });
  it('[RP25] names one exact version of every package', () => {
    expect(findLooseVersions(textOf('package.json'))).toEqual([]);
  });
  it('[RP32] has captures of every kind of bridge, and says where each is from', () => {
    expect(findUncaptured(files)).toEqual([]);
  });
  it('[RP33] reads the captures of every kind of bridge without a socket', () => {
    expect(findUnreadCaptures(files)).toEqual([]);
  });
});
