import { describe, expect, it } from 'vitest';
import { menuAction } from '../../src-main/shell/menu-action.ts';

describe('a menu entry whose key is the page’s own', () => {
  it('[DS18] tells the page when it is chosen with the mouse, or no window hears the key', () => {
    expect(menuAction('undo', { byKey: false, focused: true })).toBe('tell-page');
    expect(menuAction('save', { byKey: false, focused: false })).toBe('tell-page');
    expect(menuAction('open', { byKey: true, focused: false })).toBe('tell-page');
  });

  it('[DS18] leaves a key that the page had and let go to the text field', () => {
    expect(menuAction('undo', { byKey: true, focused: true })).toBe('edit-field');
    expect(menuAction('redo', { byKey: true, focused: true })).toBe('edit-field');
    expect(menuAction('save', { byKey: true, focused: true })).toBe('nothing');
  });
});
