/** What the owner does to messages comes back from the network; only what was not done from here is news (CHECKLIST 356-23). */
import { expect, test } from 'vitest';
import { chatId, messageId, personId } from '../../../../src/core/ids.ts';
import { createWorld, key, noon, origin, phone } from '../rooms/world.ts';

const chat = chatId('juliet');
const me = personId('romeo');
const ref = { id: messageId('m1'), part: 0 };

test.each([
  ['under way from here', true],
  ['done elsewhere', false],
] as const)('356-23 a retraction %s', (_, fromHere) => {
  const world = createWorld();
  const at = new Date(noon);
  world.event({
    ...{ kind: 'message', at, chat, by: me, nick: 'romeo', ref, direct: true },
    content: { text: { plain: 'x', marks: [] } },
  });
  const target = { stanzaId: world.face.lastOwn(chat)?.id ?? '' };
  const from = origin(phone, `juliet%net@irc.test`, { via: 'message', type: 'chat', stanzaId: 's' });
  if (fromHere) world.face.sending(key('2-0'), { kind: 'retract', chat, target }, from);
  const before = world.archive.length;
  world.event({ kind: 'retracted', at, chat, by: me, target: ref });
  expect(world.archive.slice(before).map(({ kind }) => kind)).toEqual(fromHere ? [] : ['retraction']);
});
