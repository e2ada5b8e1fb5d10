/** Logins of networks that say only what they need: one form, of which the first field that is no secret is what the account is called. */
import { expect, test } from 'vitest';
import fake from '../../../bridges/fake/index.ts';
import { createNetwork } from '../../../bridges/fake/network.ts';
import { createWorld } from '../../../bridges/fake/world.ts';
import { createLogins } from '../../../src/accounts/logins.ts';
import type { FormField } from '../../../src/bridge/commands.ts';
import { noSettings } from '../../../src/core/settings.ts';
import type { LoginRow } from '../../../src/storage/login-ports.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { sessionOf } from '../gateway/rooms/world.ts';

const token: FormField = { name: 'token', label: 'Token', type: 'secret', required: true };
const name: FormField = { name: 'name', label: 'Name', type: 'text', required: true };

/** What is kept under which name, once that form is filled in. */
async function labelOf(fields: readonly FormField[]): Promise<string | undefined> {
  const clock = createManualClock();
  const { login: _, ...network } = createNetwork(fake.config.parse({}), createWorld(clock), { clock });
  const rows: LoginRow[] = [];
  const none = { puts: [], removes: [] };
  const logins = createLogins({
    ...{ domain: 'net.test', name: 'The network', atMost: 5, clock, log: silentLog, schema: { parse: (it) => it } },
    network: { ...network, loginFields: fields, connect: async () => sessionOf('romeo') },
    store: {
      all: async () => rows,
      owned: async () => rows,
      get: async () => undefined,
      put: async (row) => void rows.push(row),
      setOut: async () => undefined,
      shared: async () => [],
      setAdmits: async () => undefined,
      remove: async () => undefined,
    },
    credentials: {
      of: async () => undefined,
      has: async () => false,
      seal: () => 'sealed',
      open: () => ({ settings: [] }),
    },
    preferences: { of: async () => noSettings, rows: () => none },
    mayBegin: () => undefined,
    onKept: async () => undefined,
  });
  const flow = await logins.begin({ owner: 'romeo@test', language: 'en' });
  await clock.advance(0);
  flow.answer(Object.fromEntries(fields.map((field) => [field.name, `the ${field.name}`])));
  await clock.advance(0);
  return rows[0]?.label;
}

test('a secret is never what an account is called', async () => {
  expect(await labelOf([name, token])).toBe('the name');
  expect(await labelOf([token, name])).toBe('the name');
  expect(await labelOf([token])).toBe('The network');
});
