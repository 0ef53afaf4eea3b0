import { describe, expect, it } from 'vitest';
import { findChangelogFaults } from './changelog.ts';
import { findPrivatePlaces } from './private-places.ts';
import { findLooseRules } from './rules.ts';
import { testTitles } from './test-titles.ts';
import { findTrackerGaps, requirementIds } from './tracker.ts';
import { findLooseVersions } from './versions.ts';

const spec = { path: 'test/SPEC.md', text: '- QX1: First.\n- QX2: Second.\n' };
const testFile = (text: string) => ({ path: 'test/core/go.test.ts', text });

describe('test titles', () => {
  it('[RP21] are read with the rules at their start, or at the start of a suite around them', () => {
    const text = `
      it('[QX1] [QX2] goes', () => {});
      it.each([1])('[QX1] goes %s', () => {});
      it(\`[QX2] \${name}\`, { timeout: 1 }, async () => {});
      describe('[QX1] cues', () => { it('stop', () => {}); });
      test('goes', () => { test.skip(true, 'no display'); });`;
    expect(testTitles(testFile(text)).map(({ rules }) => rules.join())).toEqual(['QX1,QX2', 'QX1', 'QX2', 'QX1', '']);
  });
});

describe('rules', () => {
  it('[RP21] finds a rule without a test, a test without a rule, and an unknown rule', () => {
    expect(
      findLooseRules([spec, testFile("it('[QX1] a', () => {}); it('b', () => {}); it('[QX9] c', () => {});")]),
    ).toEqual([
      'test/SPEC.md: no test proves QX2',
      'test/core/go.test.ts: "b" names no rule',
      'test/core/go.test.ts: QX9 is not in test/SPEC.md',
    ]);
  });
  it('[RP21] finds a rule that stands twice', () => {
    const twice = { ...spec, text: '- QX1: First.\n- QX1: Again.' };
    expect(findLooseRules([twice, testFile("it('[QX1] a', () => {});")])).toEqual([
      'test/SPEC.md: QX1 stands there twice',
    ]);
  });
  it('[RP21] accepts rules and tests that belong together', () => {
    expect(
      findLooseRules([spec, testFile("it('[QX1] a', () => {}); describe('[QX2] b', () => { it('c', () => {}); });")]),
    ).toEqual([]);
  });
});

describe('changelog', () => {
  const good =
    '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- This.\n\n## [0.2.0] - 2026-11-21\n\n## [0.1.0] - 2026-01-02\n';
  it('[RP22] accepts the form', () => {
    expect(findChangelogFaults(good)).toEqual([]);
  });
  it.each([
    ['no title', good.replace('# Changelog', '# News')],
    ['nothing unreleased', good.replace('## [Unreleased]\n', '')],
    ['no date', good.replace(' - 2026-11-21', '')],
    ['oldest first', good.replace('2026-11-21', '2025-01-01')],
    ['an unknown kind', good.replace('### Added', '### New')],
  ])('[RP22] refuses %s', (_what, text) => {
    expect(findChangelogFaults(text)).toHaveLength(1);
  });
});

describe('tracker', () => {
  const files = (edit: (text: string) => string) => [
    {
      path: 'test/TRACKER.md',
      text: edit(
        requirementIds()
          .map((id) => `- ${id}: open`)
          .join('\n'),
      ),
    },
    spec,
    testFile("it('[QX1] goes at once', () => {});"),
  ];
  it('[RP23] accepts open ids, rules with a test, whole titles, and words for an INV id', () => {
    const text = (open: string) =>
      open
        .replace('TEST-001: open', 'TEST-001: QX1; "[QX1] goes at once"')
        .replace('INV-001: open', 'INV-001: read, nothing found');
    expect(findTrackerGaps(files(text))).toEqual([]);
  });
  it.each([
    ['a missing id', (text: string) => text.replace('- TEST-077: open\n', '')],
    ['an unknown id', (text: string) => `${text}\n- TEST-999: open`],
    ['an id that stands twice', (text: string) => `${text}\n- TEST-001: open`],
    ['a rule without a test', (text: string) => text.replace('TEST-001: open', 'TEST-001: QX2')],
    ['a title that no test has', (text: string) => text.replace('IMPL-001: open', 'IMPL-001: "[QX1] goes"')],
  ])('[RP23] refuses %s', (_what, edit) => {
    expect(findTrackerGaps(files(edit))).toHaveLength(1);
  });
});

describe('private places', () => {
  it.each([
    'see /work/main/notes',
    "cd '/root/x'",
    '/home/anna/shows',
    '"resolved": "https://x/y.tgz"',
    'registry=https://x',
    'https://registry.x.org',
  ])('[RP24] finds %s', (text) => {
    expect(findPrivatePlaces([{ path: 'README.md', text: `first\n${text}` }])).toEqual([
      expect.stringContaining('README.md:2: '),
    ]);
  });
  it.each(['src-main/work/x', '../shared/tools', 'https://x.example/work/a', '/roots'])(
    '[RP24] lets %s pass',
    (text) => {
      expect(findPrivatePlaces([{ path: 'README.md', text }])).toEqual([]);
    },
  );
});

describe('versions', () => {
  it('[RP25] finds ranges and places', () => {
    const text = JSON.stringify({
      dependencies: { a: '^1.2.3', b: '1.2.3' },
      devDependencies: { c: 'latest', d: 'npm:ably@2.12.0' },
    });
    expect(findLooseVersions(text)).toEqual(['a: ^1.2.3', 'c: latest']);
  });
});
