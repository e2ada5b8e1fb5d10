/** A bouncer plays its buffer back at every connection, with times and without names: what was heard before is not told again, nor kept twice. */
import { expect, test } from 'vitest';
import { bodyOf, child } from '../harness/markup.ts';
import type { Guest } from '../harness/scripted-ircd.ts';
import { useScriptedWorld } from '../harness/scripted-world.ts';
import { Stage } from '../harness/stage.ts';
import { gatewayDomain } from '../harness/world.ts';
import { past } from './scenarios/archive.ts';

const serverName = 'bouncer.test';
const room = `#d%${serverName}@${gatewayDomain}`;
const there = useScriptedWorld(serverName);

/** Those of earlier tests linger. */
async function guestCalled(nick: string): Promise<Guest> {
  for (;;) {
    const guest = await there.ircd.guest();
    if (guest.nick === nick) return guest;
  }
}

test.each([
  ['znc.in/playback', 'kill -9', 'kill'],
  ['chathistory', 'SIGTERM', 'stop'],
] as const)('313-09 a batch of type %s, again after %s and start', async (batch, _, how) => {
  await using stage = new Stage(there.world);
  const romeo = await stage.jabber('romeo');
  const entering = romeo.enters(room);
  const first = await guestCalled(romeo.nick);
  await entering;
  const now = Date.now();
  const line = (text: string, ago: number, by = 'tybalt!u@h') =>
    `time=${new Date(now - ago).toISOString()} :${by} PRIVMSG #d :${text}`;
  const buffer = [line('peace?', 3_000), line('I hate the word', 2_000), line('I hate the word', 1_000)];
  first.raw(buffer.map((one) => `@${one}\r\n`).join(''));
  for (const text of ['peace?', 'I hate the word', 'I hate the word'])
    await romeo.hears({ nick: 'tybalt' }, text, room);
  romeo.says('put up thy sword', room);
  await romeo.hears(romeo, 'put up thy sword', room);
  const heard = ['peace?', 'I hate the word', 'I hate the word', 'put up thy sword'];
  expect((await past(romeo, room)).bodies).toEqual(heard);

  await there.world.gateway.member('all')[how]();
  await there.world.gateway.start();
  const second = await guestCalled(romeo.nick);
  const later = now - Date.now();
  const all = [
    ...buffer,
    line('put up thy sword', 0, `${second.nick}!u@h`),
    line('as I hate hell', later),
    line('as I hate hell', later),
  ];
  const isNew = (one: string): boolean => one.includes('hell');
  second.raw(
    [`:evil.test BATCH +p ${batch} #d`, ...all.map((one) => `@batch=p;${one}`), ':evil.test BATCH -p', ''].join('\r\n'),
  );
  await second.roundtrip();
  second.raw(':tybalt!u@h PRIVMSG #d :have at thee\r\n');
  await romeo.hears({ nick: 'tybalt' }, 'have at thee', room);
  const delayed = romeo.client
    .seen(`<message type='groupchat' from='${room}/tybalt'><delay xmlns='urn:xmpp:delay'/></message>`)
    .filter((one) => child(one, 'delay') !== undefined);
  expect(delayed.map(bodyOf)).toEqual(all.filter(isNew).map(() => 'as I hate hell'));
  expect((await past(romeo, room)).bodies).toEqual([...heard, 'as I hate hell', 'as I hate hell', 'have at thee']);
});
