/** Whom one knows, and looking for others, by form and by chat. */
import { beforeEach, expect, test } from 'vitest';
import { child, childrenOf, textOf } from '../../../harness/markup.ts';
import { type CommandWorld, createCommandWorld, me, read, server } from './world.ts';

let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
});

test('050-11 everybody on the list is named with address, groups and how far they are in the contact list', async () => {
  const { form } = read(await world.run(server, "node='contacts'", '', me));
  const rows = childrenOf(form, 'item').map((item) =>
    childrenOf(item, 'field').map((field) => textOf(child(field, 'value'))),
  );
  expect(rows).toEqual([
    ['Juliet C.', expect.stringMatching(/^juliet.*@/), 'Verona, Friends', 'yes'],
    ['The Nurse', expect.stringMatching(/^nurse.*@/), '', 'you were asked, and have not answered'],
  ]);
});
