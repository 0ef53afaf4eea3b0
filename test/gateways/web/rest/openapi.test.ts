import { describe, expect, it } from 'vitest';
import { openApi } from '../../../../src-main/gateways/web/rest/openapi.ts';
import { openRest } from './rest-rig.ts';

/** Every `$ref` in it. */
function refsIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, item]) => (name === '$ref' ? [String(item)] : refsIn(item)));
}

describe('the OpenAPI document', () => {
  it('[HR16] is served, and everything that it refers to is in it', async () => {
    const { to, gateway } = await openRest();
    const { status, text, headers } = await to('/api/openapi.json');
    await gateway.stop();
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    const document: unknown = JSON.parse(text);
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Flyrail' } });
    const refs = refsIn(document);
    for (const [kind, items] of Object.entries(openApi.components).filter(([name]) => name !== 'securitySchemes'))
      for (const name of Object.keys(items)) expect(refs).toContain(`#/components/${kind}/${name}`);
    for (const ref of refs) {
      const found = ref
        .split('/')
        .slice(1)
        .reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], document);
      expect(found, ref).toBeDefined();
    }
  });

  it('[HR16] names the paths and methods that there are', async () => {
    const { to, gateway } = await openRest();
    for (const [path, methods] of Object.entries(openApi.paths)) {
      if (path === '/api/events') continue;
      for (const method of Object.keys(methods).filter((name) => name !== 'parameters')) {
        const body = method === 'put' || method === 'post' ? { body: '1' } : {};
        const { status } = await to(path.replace('{address}', 'a'), { method: method.toUpperCase(), ...body });
        expect([200, 204, 404], `${method} ${path}`).toContain(status);
      }
    }
    await gateway.stop();
    const ids = Object.values(openApi.paths).flatMap((path) =>
      Object.values(path as object).flatMap((each: unknown) => (each as { operationId?: string }).operationId ?? []),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});
