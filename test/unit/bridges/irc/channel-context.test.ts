/** What is said to us alone and is to be read in a channel (IRCv3 channel-context): answers of bots, mostly. */
import { expect, test } from 'vitest';
import { plainText } from '../../../../src/bridge/index.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const { inRoom } = usePuppets();
const welcome = { caps: 'message-tags' };

test.each(['+channel-context', '+draft/channel-context'])(
  'it is shown in the channel, with whom it is for: %s',
  async (tag) => {
    const { us, server } = await inRoom('juliet bot', welcome);
    await using _ = us;
    server.say(
      `@${tag}=#Room;msgid=m1 :bot!b@h NOTICE juliet :I am \x02helping\x02`,
      `@${tag}=#room :Bot!b@h PRIVMSG juliet :so do I`,
      `@${tag}=#room :bot!b@h PRIVMSG juliet :\x01ACTION helps\x01`,
    );
    expect(await us.event('message')).toMatchObject({
      chat: '#room',
      by: 'bot',
      ref: { id: 'm1' },
      notice: true,
      content: { text: { plain: '[juliet] I am helping', marks: [{ is: 'strong', from: 14, to: 21 }] } },
    });
    const said = await us.event('message');
    expect(said).toMatchObject({ chat: '#room', nick: 'Bot', content: { text: plainText('[juliet] so do I') } });
    expect(said.direct).toBeUndefined();
    expect((await us.event('message')).content).toEqual({ text: plainText('[juliet] helps'), action: true });
  },
);

test.each([
  ['who says it is not in that channel', '@+channel-context=#room :tybalt!t@h'],
  ['we are not in it', '@+channel-context=#other :bot!b@h'],
  ['it is no channel', '@+channel-context=bot :bot!b@h'],
  ['none is named', '@+channel-context :bot!b@h'],
])('it is a message to us like any where %s', async (_, front) => {
  const { us, server } = await inRoom('juliet bot', welcome);
  await using _us = us;
  server.say(`${front} PRIVMSG juliet :hello`, `${front} NOTICE juliet :listen`);
  expect(await us.event('message')).toMatchObject({ direct: true, content: { text: plainText('hello') } });
  expect((await us.event('notice')).text.plain).toMatch(/: listen$/);
});

test('in a channel, and of a question by CTCP, it says nothing', async () => {
  const { us, server } = await inRoom('juliet bot', welcome);
  await using _ = us;
  server.say(
    '@+channel-context=#other :bot!b@h PRIVMSG #room :hello',
    '@+channel-context=#room :bot!b@h PRIVMSG juliet :\x01VERSION\x01',
  );
  await server.expect(/^NOTICE bot :\x01VERSION /);
  await mark({ us, server });
  const told = us.events.all.flatMap((event) => (event.kind === 'message' ? [event.content.text] : []));
  expect(told).toEqual([plainText('hello')]);
});
