/** What every store of logins promises; called by one test file for each database. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { accountId } from '../../src/core/ids.ts';
import type { LoginRow, LoginStore } from '../../src/storage/login-ports.ts';
import type { SettingsStore } from '../../src/storage/ports.ts';

const owner = 'romeo@montague.lit';

/** Two logins of one person, on a domain of their own. */
function newLogins(): readonly [LoginRow, LoginRow] {
  const domain = `${randomUUID()}.test`;
  const row: LoginRow = {
    id: accountId(`${owner}//${domain}`),
    domain,
    owner,
    label: 'romeo',
    credentials: 'v1:sealed',
    at: 1_700_000_000_000,
    isOut: false,
  };
  return [row, { ...row, id: accountId(`${owner}/=~work/${domain}`), on: '=~work', label: 'Work', at: row.at + 1 }];
}

export function describeLoginStore(
  name: string,
  open: () => { readonly logins: LoginStore; readonly settings: SettingsStore },
): void {
  describe(`${name}: logins`, () => {
    test('come back as they were put, the oldest first, and only on their domain', async () => {
      const { logins } = open();
      const [first, second] = newLogins();
      await logins.put(second, [], []);
      await logins.put(first, [], []);
      const { domain } = first;
      expect(await logins.owned({ domain, owner })).toEqual([first, second]);
      expect(await logins.all(domain)).toHaveLength(2);
      expect(await logins.owned({ domain: 'other.test', owner })).toEqual([]);
      expect(await logins.get(accountId('nobody'))).toBeUndefined();
    });

    test('are put in the place of the one with their id, with what is set along with them', async () => {
      const { logins, settings } = open();
      const [row] = newLogins();
      const { domain } = row;
      const at = { on: '', chat: '' };
      await settings.change({ domain, owner }, [{ ...at, name: 'sasl_password', value: { sealed: 'old' } }], []);
      const puts = [{ ...at, name: 'sasl_username', value: 'romeo' }];
      await logins.put(row, puts, [{ ...at, name: 'sasl_password' }]);
      await logins.put({ ...row, credentials: 'v1:new' }, [], []);
      expect(await logins.get(row.id)).toEqual({ ...row, credentials: 'v1:new' });
      expect(await settings.of({ domain, owner })).toEqual(puts);
    });

    test('are written whole or not at all', async () => {
      const { logins, settings } = open();
      const [row] = newLogins();
      const broken = { on: '', chat: '', name: null as unknown as string, value: 'x' };
      await expect(logins.put(row, [broken], [])).rejects.toThrow();
      expect(await logins.get(row.id)).toBeUndefined();
      expect(await settings.of(row)).toEqual([]);
    });

    test('of those that serve several people it is known whom; nothing makes one of an account that is its owner’s alone', async () => {
      const { logins } = open();
      const [own, row] = newLogins();
      const { domain } = row;
      const shared = { ...row, admits: ['juliet@capulet.lit', 'montague.lit'] };
      await logins.put(own, [], []);
      await logins.put(shared, [], []);
      const here = async () => (await logins.shared()).filter((one) => one.domain === domain);
      expect(await here()).toEqual([shared]);
      await logins.setAdmits(row.id, []);
      await logins.setAdmits(own.id, ['juliet@capulet.lit']);
      expect(await here()).toEqual([{ ...row, admits: [] }]);
      expect(await logins.get(own.id)).toEqual(own);
      await logins.remove(row.id);
      expect(await here()).toEqual([]);
    });

    test('are in or out, and gone when they are removed', async () => {
      const { logins } = open();
      const [row, other] = newLogins();
      await logins.put(row, [], []);
      await logins.put(other, [], []);
      await logins.setOut(row.id, true);
      expect((await logins.get(row.id))?.isOut).toBe(true);
      expect(await logins.get(other.id)).toEqual(other);
      await logins.setOut(row.id, false);
      expect(await logins.get(row.id)).toEqual(row);
      await logins.remove(row.id);
      await logins.setOut(row.id, true);
      expect(await logins.get(row.id)).toBeUndefined();
    });
  });
}
