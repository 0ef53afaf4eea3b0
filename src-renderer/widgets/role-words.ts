import type { Role } from '../../src-main/contract/role.ts';

/** Roles as they are called. */
export const roleWords: Readonly<Record<Role, string>> = { view: 'View', control: 'Control', edit: 'Edit' };
