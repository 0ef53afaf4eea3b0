import { z } from './zod.ts';

/** What somebody at the interface may do, each with all that stands before it. view: look. control: run the show. edit:
 *  change the show, the devices, the files, and who may come in. */
export const roles = ['view', 'control', 'edit'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** Whether whoever has `role` may do what needs `least`. */
export function mayAs(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least);
}
