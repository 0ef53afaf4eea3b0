import type { Router } from '../../../../src-main/core/router/router.ts';
import { createRestService } from '../../../../src-main/gateways/web/rest/rest-service.ts';
import { ask, newRouter, openDesk, openWebDoor, type Asked } from '../web-rig.ts';

type Some = Partial<Parameters<typeof openWebDoor>[1]>;

/** A door that speaks REST, with a desk beside it. */
export async function openRest(some: Some = {}, router: Router = newRouter()) {
  const gateway = await openWebDoor(router, { services: [createRestService()], ...some });
  const to = (path: string, asked: Asked = {}) => ask(gateway.url, path, asked);
  const put = (address: string, body: string | Uint8Array, type = 'application/json', headers = {}) =>
    to(`/api/signals${address}`, { method: 'PUT', body, headers: { 'content-type': type, ...headers } });
  return { gateway, router, to, put, ...openDesk(router) };
}

/** Status and code of a problem. */
export function problemIn({ status, text }: { readonly status: number; readonly text: string }): string {
  const body = JSON.parse(text) as { readonly status: number; readonly code: string; readonly detail: string };
  return `${status} ${body.status === status && body.detail !== '' ? body.code : text}`;
}
