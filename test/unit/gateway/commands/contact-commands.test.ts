/** Whom one knows, and looking for others, by form and by chat. */
import { beforeEach, expect, test } from 'vitest';
import { personId } from '../../../../src/core/ids.ts';
import { childrenOf, conditionOf, textOf } from '../../../harness/markup.ts';
import { sessionOf } from '../rooms/world.ts';
import { admin, type CommandWorld, createCommandWorld, domain, me, read, server, submit } from './world.ts';

let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
});

test('050-11 everybody on the list is named with address, groups and how far they are in the contact list', async () => {
  const { form } = read(await world.run(server, "node='contacts'", '', me));
  expect(childrenOf(form, 'field').map((row) => [row.attrs.label, ...childrenOf(row, 'value').map(textOf)])).toEqual([
    [
      'Juliet C.',
      expect.stringMatching(/^JID: juliet.*@/),
      expect.stringMatching(/: Verona, Friends$/),
      expect.stringMatching(/: yes$/),
    ],
    [
      'The Nurse',
      expect.stringMatching(/^JID: nurse.*@/),
      expect.stringMatching(/: you were asked, and have not answered$/),
    ],
  ]);
});

test('356-05 133-01 operators see what each server lets the gateway do; nobody else does', async () => {
  expect(conditionOf(await world.run(domain, "node='privileges'"))).toBe('forbidden');
  const nothing = read(await world.run(domain, "node='privileges'", '', admin));
  expect(nothing.notes).toEqual([
    'info: No server has said that the gateway may do anything in the names of its users.',
  ]);
  world.state.privileges.set('example.org', {
    ...{ ns: 'urn:xmpp:privilege:2', roster: 'both', message: true, presence: 'none' },
    iq: new Map(),
  });
  const { form } = read(await world.run(domain, "node='privileges'", '', admin));
  const [field] = childrenOf(form, 'field').filter(({ attrs }) => attrs.label === 'example.org');
  expect(childrenOf(field, 'value').map(textOf)).toEqual(['roster: both', 'message: outgoing', 'presence: none']);
});

test('of very many who are found the first fifty are shown, and that there are more', async () => {
  world = createCommandWorld({ findsPeople: true });
  const many = Array.from({ length: 300 }, (_, n) => ({ person: personId(`r${n}`), name: `R${n}` }));
  const found = async (count: number) => {
    world.state.session = sessionOf('romeo', {
      contacts: {
        ...{ async *list() {}, about: () => Promise.reject(new Error('nobody asks')) },
        find: async (_, max) => many.slice(0, Math.min(count, max)),
      },
    });
    const { id } = read(await world.run(server, "node='find'", '', me));
    return read(await world.run(server, `node='find' sessionid='${id}'`, submit({ nick: 'r' }), me));
  };
  const fifty = await found(50);
  expect([childrenOf(fifty.form, 'field').length, fifty.notes]).toEqual([50, []]);
  const more = await found(300);
  expect([childrenOf(more.form, 'field').length, more.notes]).toEqual([
    50,
    ['info: There are more; say more of the name.'],
  ]);
});
