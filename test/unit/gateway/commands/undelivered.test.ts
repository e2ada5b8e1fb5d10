/** What could not be delivered: seen, tried again, dropped; of others by operators alone. */
import { beforeEach, expect, test } from 'vitest';
import { accountId, chatId, deliveryKey } from '../../../../src/core/ids.ts';
import { writeOn } from '../../../../src/gateway/labels.ts';
import { childrenOf, conditionOf, textOf } from '../../../harness/markup.ts';
import { noon } from '../rooms/world.ts';
import { admin, type CommandWorld, createCommandWorld, domain, me, read, submit } from './world.ts';

const node = 'undelivered';
let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
  world.state.undelivered = ['romeo', 'romeo', 'juliet'].map((who, n) => ({
    account: accountId(`${who}@example.org/net.test/${domain}`),
    key: deliveryKey(`${n}-0`),
    on: 'net.test',
    chat: chatId('#verona'),
    at: noon,
    reason: 'timed-out',
    sender: `${who}@example.org`,
    bytes: 209,
    about: `letter ${n}\n${'x'.repeat(200)}`,
  }));
});

const begin = async (from = me, name = node) => read(await world.run(domain, `node='${name}'`, '', from));
const carryOn = async (id: string, values: Parameters<typeof submit>[0], from = me, name = node) =>
  read(await world.run(domain, `node='${name}' sessionid='${id}'`, submit(values), from));

test('one sees one’s own, each in a line, and has some tried again or dropped', async () => {
  const asked = await begin();
  const labels = childrenOf(asked.form, 'field')
    .filter(({ attrs }) => attrs.var === 'which')
    .flatMap((field) => childrenOf(field, 'option').map(({ attrs }) => attrs.label ?? ''));
  expect(labels).toHaveLength(2);
  expect(labels[0]).toMatch(/^#verona \(net\.test\), [-0-9]{10} [0-9:]{5} UTC, timed-out: letter 0 x+…$/);
  expect(childrenOf(asked.form, 'instructions').map(textOf)).toEqual(['2 on the way, 2 could not be delivered.']);
  expect((await carryOn(asked.id, { which: ['2'], what: 'requeue' })).notes).toEqual(['info: 1 will be tried again.']);
  const both = await begin();
  expect((await carryOn(both.id, { which: ['1', '2'], what: 'drop' })).notes).toEqual(['info: 2 dropped.']);
  expect(world.given).toEqual(['requeue 1-0', 'drop 0-0', 'drop 1-0']);
});

test('where there are more than a form holds, all are counted and the oldest shown', async () => {
  const [one] = world.state.undelivered;
  if (one === undefined) throw new Error('a letter');
  world.state.undelivered = Array.from({ length: 61 }, () => one);
  expect(childrenOf((await begin()).form, 'instructions').map(textOf)).toEqual([
    '2 on the way, 61 could not be delivered.',
    'Here are the 50 oldest; the others come when these are gone.',
  ]);
});

test.each([
  [undefined, '#verona'],
  [writeOn({ label: 'work' }), '#verona (work)'],
  [writeOn({ server: 'net.test', label: 'work' }), '#verona (net.test, work)'],
])('where it was said is named as people know it: %s', async (on, where) => {
  world.state.undelivered = world.state.undelivered.map(({ on: _, ...one }) => ({ ...one, ...(on && { on }) }));
  expect(await world.says(node)).toContain(`\n1. ${where}, 20`);
});

test('by chat', async () => {
  const shown = await world.says(node);
  expect(shown).toContain('2. #verona (net.test)');
  expect(await world.says(/^1\. (.*)$/m.exec(shown)?.[1] ?? '')).toContain('2. Drop');
  await world.says('cancel');
  await world.says(node);
  expect(await world.says('1, 2')).toContain('2. Drop');
  expect(await world.says('1')).toBe('2 will be tried again.');
  world.state.undelivered = [];
  expect(await world.says(node)).toBe('2 on the way; everything else was delivered.');
});

test('133-01 of others: by operators, and by nobody else', async () => {
  const refused = await world.run(domain, "node='undelivered-of-user'");
  expect(conditionOf(refused)).toBe('forbidden');
  const first = await begin(admin, 'undelivered-of-user');
  const second = await carryOn(first.id, { accountjid: 'Juliet@example.org' }, admin, 'undelivered-of-user');
  const labels = childrenOf(second.form, 'field').flatMap((field) =>
    childrenOf(field, 'option').map(({ attrs }) => attrs.label ?? ''),
  );
  // Not what it says: that is between its sender and the network.
  expect(labels[0]).toMatch(/^#verona \(net\.test\), .* UTC, timed-out: from juliet@example\.org, 209 bytes$/);
  expect(JSON.stringify(second)).not.toContain('letter 2');
  const done = await carryOn(second.id, { which: ['1'], what: 'drop' }, admin, 'undelivered-of-user');
  expect([done.notes, world.given]).toEqual([['info: 1 dropped.'], ['drop 2-0']]);
  expect(await world.says('undelivered-of-user juliet@example.org', domain, admin)).not.toContain('letter 2');
  expect(await world.says('cancel', domain, admin)).toBe('Left as it was.');
  expect(await world.says('undelivered-of-user nurse@example.org', domain, admin)).toContain('2 on the way;');
  // That nothing is wrong is said of nobody but who is meant.
  expect(await world.says('undelivered-of-user nurse', domain, admin)).toContain('"nurse" is no JID of a person.');
});
