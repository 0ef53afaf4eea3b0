import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pagePolicy } from '../../src-main/contract/page-policy.ts';

const page = readFileSync(new URL('../../src-renderer/index.html', import.meta.url), 'utf8');

describe("the page's policy", () => {
  it('[RS10] stands in the page as in the code, and the two that are sent allow no more than it', () => {
    const written = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page)?.[1];
    expect(written).toBe(pagePolicy.page);
    for (const sent of [pagePolicy.window, pagePolicy.browser]) {
      const more = sent.split('; ').filter((each) => !pagePolicy.page.includes(each) && !each.endsWith("'none'"));
      expect(more).toEqual([]);
    }
  });

  it('[RS10] allows nothing unsafe and nothing from elsewhere', () => {
    for (const policy of Object.values(pagePolicy)) {
      expect(policy).toMatch(/^default-src 'none'; /);
      expect(policy).not.toMatch(/'unsafe-|https?:/);
    }
    expect(pagePolicy.window).not.toContain('wasm');
    for (const sent of [pagePolicy.window, pagePolicy.browser]) {
      expect(sent).toContain("frame-ancestors 'none'");
      expect(sent).not.toContain('*');
    }
  });
});
