/** What an account connects with: nothing is handed out for who may not use it now. */
import { expect, test } from 'vitest';
import { createCredentials } from '../../../src/accounts/credentials.ts';
import { createVault } from '../../../src/accounts/vault.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import type { LoginRow } from '../../../src/storage/login-ports.ts';
import { romeo } from './account-world.ts';

const owner = 'romeo@test';
const account = { id: romeo, owner };
const vault = createVault([new Uint8Array(32)]);

function setUp(registration: 'none' | 'required' = 'required') {
  const state = { row: undefined as LoginRow | undefined, mayUse: true, isBanned: false };
  const credentials = createCredentials({
    network: { registration },
    schema: { parse: (input) => ({ parsed: input }) },
    store: { get: async () => state.row },
    vault,
    mustBeWelcome() {
      if (state.isBanned) throw new GatewayError('banned');
    },
    mayUse: () => state.mayUse,
  });
  const sealed = credentials.seal(romeo, { credentials: 'sesame', settings: [] });
  const row = { id: romeo, domain: 'net.test', owner, label: 'x', credentials: sealed, at: 1, isOut: false };
  return { credentials, state, row };
}

test('a login is opened for its account, and for no other', async () => {
  const { credentials, state, row } = setUp();
  await expect(credentials.of(account)).rejects.toMatchObject({ code: 'not-registered' });
  state.row = row;
  expect(await credentials.of(account)).toEqual({ parsed: 'sesame' });
  state.row = { ...row, credentials: vault.seal('{}', 'juliet') };
  await expect(credentials.of(account)).rejects.toMatchObject({ code: 'not-registered' });
});

test.each([
  ['is banned', { isBanned: true }, 'banned'],
  ['may not use the gateway at present', { mayUse: false }, 'not-registered'],
])('whose owner %s does not connect, registered or not', async (_, now, code) => {
  const { credentials, state, row } = setUp('none');
  expect(await credentials.of(account)).toBeUndefined();
  Object.assign(state, now);
  await expect(credentials.of(account)).rejects.toMatchObject({ code });
  state.row = row;
  await expect(credentials.of(account)).rejects.toMatchObject({ code });
});

test('who has logged out does not connect', async () => {
  const { credentials, state, row } = setUp();
  state.row = { ...row, isOut: true };
  await expect(credentials.of(account)).rejects.toMatchObject({ code: 'not-registered' });
  expect(await credentials.has(romeo)).toBe(true);
});
