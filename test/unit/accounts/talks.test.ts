/** Who on the network wishes to talk with somebody here by a shared account: with those whom it admits, and they are not told over and over. */
import { expect, test } from 'vitest';
import { createTalks } from '../../../src/accounts/talks.ts';
import { plainText } from '../../../src/core/content.ts';
import { chatId, messageId, personId } from '../../../src/core/ids.ts';
import { noSettings, type Settings } from '../../../src/core/settings.ts';
import { isShared, sharedLabelOf, writeOn } from '../../../src/gateway/labels.ts';
import { sessionOf } from '../gateway/rooms/world.ts';
import { createTestWorld, romeo } from './account-world.ts';

const owner = 'prince@test';
const on = writeOn({ label: sharedLabelOf('bot', new Set()) }) ?? '';

function setUp() {
  const { world, clock, sent } = createTestWorld();
  const said: string[] = [];
  let settings: Settings = {};
  const session = sessionOf('bot', {
    async send({ text }) {
      said.push(text?.plain ?? '');
      return { refs: [], at: 0 };
    },
  });
  const talks = createTalks(
    { id: romeo, domain: 'net.test', owner, on },
    {
      ...world,
      admits: (_, jid) => jid === 'romeo@test' || jid === owner,
      wishes: { onServer: () => settings, inRoom: () => settings, replace: () => undefined },
      preferences: {
        ...world.preferences,
        change: async (_, __, change) => {
          settings = Object.fromEntries(
            Object.entries({ ...settings, ...change }).flatMap(([name, value]) =>
              value === null ? [] : [[name, value]],
            ),
          );
        },
      },
    },
    {
      addresses: { parse: () => undefined, format: () => 'ann', title: () => 'Ann' },
      session: () => session,
      signal: new AbortController().signal,
    },
  );
  return {
    ...{ sent, clock, settings: () => settings },
    /** What is answered. */
    async hears(text: string): Promise<string> {
      const at = new Date(clock.now());
      const event = {
        kind: 'message',
        at,
        chat: chatId('ann'),
        by: personId('ann'),
        nick: 'Ann',
        ref: { id: messageId('m'), part: 0 },
        direct: true,
      } as const;
      expect(talks.takes({ ...event, content: { text: plainText(text) } })).toBe(true);
      await clock.advance(0);
      return said.splice(0).join();
    },
  };
}

test.each(['juliet@test', owner, 'nobody'])(
  'nobody called %s can be talked to, and nobody hears of the wish',
  async (jid) => {
    expect([isShared(on), noSettings.over({ level: 'all' })]).toEqual([true, {}]);
    const { hears, sent, settings } = setUp();
    expect(await hears(`talk ${jid}`)).toContain('Nobody called');
    expect([sent, settings()]).toEqual([[], {}]);
  },
);

test('somebody here is told of a wish once an hour, however often it is said', async () => {
  const { hears, sent, clock } = setUp();
  await clock.advance(7_200_000);
  for (let times = 0; times < 3; times++) expect(await hears('talk romeo@test')).toContain('romeo@test is asked');
  expect(sent.map(({ to }) => to)).toEqual([['romeo@test']]);
  await clock.advance(3_600_000);
  await hears('talk romeo@test');
  expect(sent).toHaveLength(2);
});
