import { cleanup, render } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { InputError, LimitError } from '../../../src-main/contract/errors.ts';
import type { LoginOffer } from '../../../src-main/contract/login.ts';
import type { LoginDoor } from '../../../src-renderer/engine/login-door.ts';
import LoginPage from '../../../src-renderer/frame/LoginPage.svelte';
import { pageName } from '../../../src-renderer/frame/page-name.ts';
import { settled } from '../opened-app.ts';
import { TurnedClock } from '../page-host.ts';

afterEach(cleanup);

async function page(ways: LoginOffer['ways'], code?: string) {
  const clock = new TurnedClock();
  const tried: string[] = [];
  let fault: Error | undefined;
  const attempt = async (what: string): Promise<void> => {
    tried.push(what);
    await Promise.resolve();
    if (fault) throw fault;
  };
  const door: LoginDoor = {
    takeCode: () => code,
    offer: () => Promise.resolve({ ways, salt: '' }),
    withPin: (pin) => attempt(`pin ${pin}`),
    withCode: (given, name) => attempt(`code ${given} ${name}`),
    withKey: () => Promise.resolve(false),
    logOut: () => Promise.resolve(),
  };
  const { container } = render(LoginPage, {
    door,
    clock,
    reason: 'This page has no session.',
    elsewhere: 'Find a link.',
  });
  await settled();
  const press = async (name: string): Promise<void> => {
    const found = [...container.querySelectorAll('button')].find(
      (each) => each.textContent.trim() === name || each.getAttribute('aria-label') === name,
    );
    found?.click();
    await settled();
  };
  const enter = async (digits: string): Promise<void> => {
    for (const digit of digits) await press(digit);
    await press('Log in');
  };
  return { container, clock, tried, press, enter, refuse: (error: Error | undefined) => (fault = error) };
}

describe('the login page', () => {
  it('[RS26] takes a PIN by its big keys, and says in words why it was refused', async () => {
    const { container, tried, enter, press, refuse } = await page({ pin: true, code: false });
    await enter('48162');
    expect(tried).toEqual([]);
    await press('Take the last digit back');
    refuse(new InputError('wrong-pin', 'no'));
    await enter('23');
    expect(tried).toEqual(['pin 481623']);
    expect(container.querySelector('[role="alert"]')?.textContent).toContain('That is not a PIN of this Flyrail.');
    expect(container.querySelector('input')?.value).toBe('');
  });

  it('[RS26] counts down the wait after too many wrong PINs, and then takes one again', async () => {
    const { container, clock, tried, enter, refuse } = await page({ pin: true, code: false });
    refuse(new LimitError('rate-exceeded', 'wait', { waitMs: 3000 }));
    await enter('481623');
    expect(container.textContent).toContain('3 s');
    clock.advance(1000);
    await settled();
    expect(container.textContent).toContain('2 s');
    clock.advance(2000);
    refuse(undefined);
    await settled();
    await enter('481623');
    expect(tried).toHaveLength(2);
  });

  it('[PA11] takes the code of the URL, asks for a name, and says how many tries are left', async () => {
    const { container, tried, press, refuse } = await page({ pin: true, code: true }, '042137');
    expect(container.querySelector<HTMLInputElement>('.digits')?.value).toBe('042137');
    refuse(new InputError('wrong-code', 'no', { attemptsLeft: 1 }));
    await press('Log in');
    expect(tried).toEqual([`code 042137 ${pageName(navigator.userAgent)}`]);
    expect(container.querySelector('[role="alert"]')?.textContent).toContain('It can be tried once more.');
    await press('PIN');
    expect(container.querySelector('.digits')?.getAttribute('type')).toBe('password');
  });

  it('[RS26] says what else there is where nobody can log in', async () => {
    const { container } = await page({ pin: false, code: false });
    expect(container.textContent).toContain('This page has no session.');
    expect(container.textContent).toContain('Find a link.');
  });

  it('[PA11] calls a page by what it runs on', () => {
    expect(
      ['iPhone; CPU', 'Linux; Android 15; Pixel) Mobile', 'Linux; Android 15; Tab', 'X11; Linux x86_64', 'odd'].map(
        pageName,
      ),
    ).toEqual(['iPhone', 'Android phone', 'Android tablet', 'Linux computer', 'Browser']);
  });
});
