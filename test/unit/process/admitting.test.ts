/** Who is banned is turned out, whether or not all other processes can be told of it at the moment. */
import { expect, test } from 'vitest';
import { accountId } from '../../../src/core/ids.ts';
import { Secret } from '../../../src/ops/secret.ts';
import { createBanning } from '../../../src/process/admitting.ts';
import { createBans } from '../../../src/process/bans.ts';
import { createPlumbings } from '../../../src/process/plumbings.ts';
import { createShares } from '../../../src/process/shares.ts';
import { createAccountStore } from '../../../src/storage/sql/account-store.ts';
import { createBanStore } from '../../../src/storage/sql/ban-store.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';
import { createLoginStore } from '../../../src/storage/sql/login-store.ts';
import { createPlumbingStore } from '../../../src/storage/sql/plumbing-store.ts';
import { bareConfig, generous } from '../../harness/bare-config.ts';

const domain = 'irc.example.org';
const bridge = { use: 'irc', domain, secret: new Secret('x'), allow: ['*'], limits: generous, options: {} };
const idOf = (owner: string) => accountId(`${owner}/irc.net/${domain}`);

test.each([
  ['a process that can’t be told', 'telling'],
  ['a database that can’t be written to', 'writing'],
])('%s', async (_, fails) => {
  const database = await openDatabase(':memory:');
  const accountStore = createAccountStore(database);
  for (const owner of ['tybalt@test', 'romeo@test']) await accountStore.put({ id: idOf(owner), domain, owner });
  const bans = createBans(createBanStore(database));
  const orders: unknown[] = [];
  const loginStore = createLoginStore(database);
  const banning = createBanning({
    ...{ config: bareConfig({ bridges: [bridge] }), accountStore, loginStore },
    shares: createShares(loginStore),
    plumbings: createPlumbings(createPlumbingStore(database)),
    order: async (account, order) => void orders.push([account, order]),
    bans: {
      get now() {
        return bans.now;
      },
      read: bans.read,
      async change(add, remove) {
        if (fails === 'telling') await bans.change(add, remove);
        throw new Error(fails);
      },
    },
  });
  await expect(banning?.ban(['tybalt@test'], 'enough')).rejects.toThrow(fails);
  expect(orders).toEqual(fails === 'telling' ? [[idOf('tybalt@test'), { is: 'disconnect', reason: 'enough' }]] : []);
  await database.close();
});
