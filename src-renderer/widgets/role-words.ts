import type { Role } from '../../src-main/contract/role.ts';

/** Roles as they are called. */
export const roleWords: Readonly<Record<Role, string>> = { view: 'View', control: 'Control', edit: 'Edit' };

/** What who has a role may do: `who has its PIN may look`. */
export const roleDoes: Readonly<Record<Role, string>> = {
  view: 'may look',
  control: 'may look and set values',
  edit: 'may do everything',
};
