import { describe, expect, it } from 'vitest';
import { commandArguments } from '../../src-main/contract/command-arguments.ts';
import { commandRoles, eventRoles } from '../../src-main/contract/command-roles.ts';
import { mayAs, roles } from '../../src-main/contract/role.ts';

describe('roles', () => {
  it('[RS12] orders View, Control and Edit, each with what stands before it', () => {
    expect(roles.map((role) => roles.filter((least) => mayAs(role, least)))).toEqual([
      ['view'],
      ['view', 'control'],
      ['view', 'control', 'edit'],
    ]);
  });

  it('[RS12] names a role for every command; View has what looks and nothing else', () => {
    expect(Object.keys(commandRoles).toSorted()).toEqual(Object.keys(commandArguments).toSorted());
    const ofView = Object.entries(commandRoles).filter(([, role]) => role === 'view');
    expect(ofView.map(([name]) => name)).toEqual([
      ...['snapshot', 'watchMonitor', 'unwatchMonitor', 'watchDevice', 'unwatchDevice'],
      ...['listUniverses', 'inspectUniverse', 'inspectSlot', 'watchUniverse', 'unwatchUniverse'],
    ]);
  });

  it('[RS13] keeps what tells who may come in for Edit', () => {
    expect([eventRoles.access, eventRoles.remote]).toEqual(['edit', 'edit']);
  });
});
