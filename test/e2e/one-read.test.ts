/** What a server says in one piece is told in its order, whoever of us waited for which line. */
import { expect, test } from 'vitest';
import { bodyOf } from '../harness/markup.ts';
import { useScriptedWorld } from '../harness/scripted-world.ts';
import { Stage } from '../harness/stage.ts';
import { gatewayDomain } from '../harness/world.ts';
import { past } from './scenarios/archive.ts';

const serverName = 'pieces.test';
const room = `#d%${serverName}@${gatewayDomain}`;
const there = useScriptedWorld(serverName);

test('45-41 313-09 an answer that comes in one piece with the PONG behind the question stands behind it, also in the archive', async () => {
  await using stage = new Stage(there.world);
  const romeo = await stage.jabber('romeo');
  await romeo.enters(room);
  const guest = await there.ircd.guest();
  const said = [
    '!roll one',
    'one',
    '!roll two',
    'two',
    '/msg #d !roll three',
    'three',
    '/notice #d !roll four',
    'four',
  ];
  for (let at = 0; at < said.length; at += 2) {
    const [question = '', answer = ''] = said.slice(at);
    await guest.roundtrip();
    guest.behindPong(`:tybalt!u@h PRIVMSG #d :${answer}\r\n`);
    romeo.says(question, room);
    await romeo.hears({ nick: 'tybalt' }, answer, room);
  }
  const told = said.map((text) => text.replace(/^\/\w+ #d /, ''));
  const heard = romeo.client.seen(
    (stanza) => stanza.attrs.type === 'groupchat' && stanza.attrs.from !== room && bodyOf(stanza) !== undefined,
  );
  expect(heard.map(bodyOf)).toEqual(told);
  expect((await past(romeo, room)).bodies).toEqual(told);
});
