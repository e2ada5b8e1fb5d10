/** What every store of accounts promises; called by one test file for each database. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { accountId, chatId, personId } from '../../src/core/ids.ts';
import type { AccountRow, AccountStore, MembershipRow } from '../../src/storage/ports.ts';

/** An account that nobody else uses, on a domain of its own. */
function newAccount(): { readonly row: AccountRow; readonly membership: MembershipRow } {
  const domain = `${randomUUID()}.test`;
  const id = accountId(`romeo@montague.lit/verona/${domain}`);
  return {
    row: { id, domain, owner: 'romeo@montague.lit', on: 'verona', nick: 'Romeo' },
    membership: {
      account: id,
      chat: chatId('#verona'),
      local: '#verona%irc',
      nick: 'Romeo',
      password: 'v1:sealed',
      clients: ['romeo@montague.lit/phone'],
      away: { 'romeo@montague.lit/desk': 12 },
      occupants: ['Romeo', 'Juliet'],
    },
  };
}

export function describeAccountStore(name: string, open: () => AccountStore): void {
  describe(`${name}: accounts`, () => {
    test('come back as they were put, and only on their domain', async () => {
      const store = open();
      const { row } = newAccount();
      await store.put(row);
      await store.put({ ...row, resume: 'at 12' });
      expect(await store.all(row.domain)).toEqual([{ ...row, resume: 'at 12' }]);
      expect(await store.all('discord.test')).toEqual([]);
      expect(await store.owned(row.domain, row.owner)).toHaveLength(1);
      expect(await store.owned(row.domain, 'x')).toEqual([]);
      expect(await store.owned('discord.test', row.owner)).toEqual([]);
      const bare: AccountRow = { id: accountId(`x/${row.domain}`), domain: row.domain, owner: 'x' };
      await store.put(bare);
      expect(await store.get(bare.id)).toEqual(bare);
    });

    test('of one user are in the order in which they came, whatever is written of them later', async () => {
      const store = open();
      const { row } = newAccount();
      const ids = ['z', 'a', 'm'].map((on) => accountId(`romeo@montague.lit/${on}/${row.domain}`));
      for (const id of ids) await store.put({ ...row, id });
      await store.put({ ...row, id: ids[0] ?? row.id, nick: 'Other' });
      const owned = async () => (await store.owned(row.domain, row.owner)).map(({ id }) => id);
      expect(await owned()).toEqual(ids);
      await store.remove(ids[0] ?? row.id);
      await store.put({ ...row, id: ids[0] ?? row.id });
      expect(await owned()).toEqual([ids[1], ids[2], ids[0]]);
    });

    test('ROS-04 PRE-04 have contacts, once each, that outlive them', async () => {
      const store = open();
      const { row } = newAccount();
      const [juliet, nurse] = [personId('juliet'), personId('nurse')];
      await store.put(row);
      for (const person of [juliet, nurse, juliet]) await store.putContact(row.id, person);
      await store.removeContact(row.id, nurse);
      await store.removeContact(row.id, personId('nobody'));
      expect(await store.contacts(row.id)).toEqual([juliet]);
      await store.remove(row.id);
      expect(await store.contacts(row.id)).toEqual([juliet]);
      expect(await store.contacts(newAccount().row.id)).toEqual([]);
    });

    test('191-02 have people who are blocked, once each, that outlive them and go when they are erased', async () => {
      const store = open();
      const { row } = newAccount();
      const [tybalt, nurse] = [personId('tybalt'), personId('nurse')];
      await store.put(row);
      for (const person of [tybalt, nurse, tybalt]) await store.putBlocked(row.id, person);
      await store.removeBlocked(row.id, nurse);
      await store.removeBlocked(row.id, personId('nobody'));
      expect(await store.blocked(row.id)).toEqual([tybalt]);
      await store.remove(row.id);
      expect(await store.blocked(row.id)).toEqual([tybalt]);
      expect(await store.ids(row.id, '')).toEqual([row.id]);
      expect(await store.contacts(row.id)).toEqual([]);
      await store.erase(row.id);
      expect([await store.blocked(row.id), await store.ids(row.id, '')]).toEqual([[], []]);
    });

    test('ROS-06 356-12 know whom the network has on its list, in what state and as what, over their own end', async () => {
      const store = open();
      const { row } = newAccount();
      const juliet = { account: row.id, person: personId('juliet'), name: 'Jule', groups: ['Verona', 'x"y'], at: 12 };
      await store.putListed({ ...juliet, state: 'asked' });
      await store.putListed({ ...juliet, state: 'placed', at: Date.UTC(2026, 1) });
      await store.putListed({ ...juliet, person: personId('nurse'), state: 'listed', groups: [] });
      await store.removeListed(row.id, personId('nurse'));
      expect(await store.listed(row.id)).toEqual([{ ...juliet, state: 'placed', at: Date.UTC(2026, 1) }]);
      expect(await store.ids(row.id, '')).toEqual([row.id]);
      await store.remove(row.id);
      expect(await store.listed(row.id)).toHaveLength(1);
      await store.erase(row.id);
      expect(await store.listed(row.id)).toEqual([]);
    });

    test('402-02 know which rooms were put into bookmarks, and as what, over their own end', async () => {
      const store = open();
      const { row } = newAccount();
      const mantua = { account: row.id, chat: chatId('#mantua'), jid: '#mantua@net.test', name: 'Mantua' };
      await store.putBookmark(mantua);
      await store.putBookmark({ ...mantua, name: 'Exile' });
      await store.putBookmark({ ...mantua, chat: chatId('#verona') });
      await store.removeBookmark(row.id, chatId('#verona'));
      await store.remove(row.id);
      expect(await store.bookmarks(row.id)).toEqual([{ ...mantua, name: 'Exile' }]);
      expect(await store.ids(row.id, '')).toEqual([row.id]);
      await store.erase(row.id);
      expect([await store.bookmarks(row.id), await store.ids(row.id, '')]).toEqual([[], []]);
    });

    test('are found by how their ids begin and end, whatever is kept of them, and erased whole', async () => {
      const store = open();
      const { row, membership } = newAccount();
      const { domain } = row;
      const owner = `ro_m%!eo.${domain}`;
      const id = (on: string, whose = owner, where = domain) => accountId(`${whose}/${on}/${where}`);
      const [stored, inRoom, known] = [id('a'), id('b'), id('c')];
      await store.put({ ...row, id: stored });
      await store.putMembership({ ...membership, account: inRoom });
      await store.putContact(known, personId('juliet'));
      await store.putContact(stored, personId('juliet'));
      for (const other of [id('a', `x${owner}`), id('a', owner.replace('_', 'x')), id('a', owner.toUpperCase())])
        await store.putContact(other, personId('juliet'));
      await store.putContact(id('a', owner, `${domain}.other`), personId('juliet'));
      expect([...(await store.ids(`${owner}/`, `/${domain}`))].sort()).toEqual([stored, inRoom, known]);
      for (const one of [stored, inRoom, known]) await store.erase(one);
      expect(await store.ids(`${owner}/`, `/${domain}`)).toEqual([]);
      expect([await store.get(stored), await store.memberships(inRoom), await store.contacts(stored)]).toEqual([
        undefined,
        [],
        [],
      ]);
      expect(await store.ids(`x${owner}/`, `/${domain}`)).toHaveLength(1);
    });

    test('lose one of what they have, and nothing else, nor do others', async () => {
      const store = open();
      const one = newAccount();
      const other = accountId(`juliet@capulet.lit/verona/${one.row.domain}`);
      const [a, b] = [chatId('#a'), chatId('#b')];
      const [nurse, tybalt] = [personId('nurse'), personId('tybalt')];
      for (const account of [one.row.id, other]) {
        for (const chat of [a, b]) {
          await store.putMembership({ ...one.membership, account, chat });
          await store.putBookmark({ account, chat, jid: `${chat}@net.test`, name: 'x' });
        }
        for (const person of [nurse, tybalt]) {
          await store.putContact(account, person);
          await store.putBlocked(account, person);
          await store.putListed({ account, person, state: 'placed', name: 'x', groups: [], at: 1 });
        }
      }
      const { id } = one.row;
      await Promise.all([store.removeMembership(id, a), store.removeBookmark(id, a), store.removeContact(id, nurse)]);
      await Promise.all([store.removeBlocked(id, nurse), store.removeListed(id, nurse)]);
      const left = async (account: AccountRow['id']) => [
        (await store.memberships(account)).map(({ chat }) => chat).toSorted(),
        (await store.bookmarks(account)).map(({ chat }) => chat).toSorted(),
        (await store.contacts(account)).toSorted(),
        (await store.blocked(account)).toSorted(),
        (await store.listed(account)).map(({ person }) => person).toSorted(),
      ];
      expect(await left(id)).toEqual([[b], [b], [tybalt], [tybalt], [tybalt]]);
      expect(await left(other)).toEqual([[a, b], [a, b], ...Array.from({ length: 3 }, () => [nurse, tybalt])]);
    });

    test('take their rooms with them', async () => {
      const store = open();
      const { row, membership } = newAccount();
      await store.put(row);
      await store.putMembership(membership);
      await store.putMembership({ ...membership, nick: 'Montague', clients: [] });
      expect(await store.memberships(row.id)).toEqual([{ ...membership, nick: 'Montague', clients: [] }]);
      await store.removeMembership(row.id, membership.chat);
      expect(await store.memberships(row.id)).toEqual([]);
      await store.putMembership(membership);
      await store.remove(row.id);
      expect(await store.get(row.id)).toBeUndefined();
      expect(await store.memberships(row.id)).toEqual([]);
    });
  });
}
