/** A channel of ten thousand: who is in it is told of all, and everybody else is answered meanwhile. */
import { expect, test } from 'vitest';
import { child, textOf } from '../harness/markup.ts';
import { items, rsm } from '../harness/requests.ts';
import { useScriptedWorld } from '../harness/scripted-world.ts';
import { type IrcPerson, type JabberPerson, Stage } from '../harness/stage.ts';
import { gatewayDomain } from '../harness/world.ts';

const serverName = 'crowd.test';
const room = `#d%${serverName}@${gatewayDomain}`;
const nicks = Array.from({ length: 10_000 }, (_, n) => `member${n}`);
/** Lines that get through in another room while ten thousand are told of; all at once would let one through. */
const fewest = 2;
const hall = `#hall%${serverName}@${gatewayDomain}`;
/** Ten thousand presences and what is said meanwhile are a lot on a busy machine. */
const within = 60_000;
const limitMs = 240_000;
const there = useScriptedWorld(serverName, (channel) => (channel === '#hall' ? nicks : ['@tybalt']));

/** They talk in another room until that is over; resolves with how many lines got through. */
async function talking(romeo: JabberPerson, juliet: IrcPerson, over: Promise<unknown>): Promise<number> {
  let isOver = false;
  const ended = over.finally(() => {
    isOver = true;
  });
  let lines = 0;
  for (; !isOver; lines++) {
    juliet.says(`line ${lines}`);
    await romeo.hears(juliet, `line ${lines}`);
  }
  await ended;
  return lines;
}

test(
  '45-20 45-64 they come, somebody else comes in, and they go: nobody else is kept waiting',
  async () => {
    await using stage = new Stage(there.world);
    const { romeo, juliet } = await stage.pair();
    const nurse = await stage.jabber('nurse');
    const entering = nurse.enters(room);
    const guest = await there.ircd.guest();
    await entering;

    const last = nicks.at(-1) ?? '';
    const coming = nurse.client.receive(`<presence from='${room}/${last}' type='!'/>`, within);
    guest.raw(nicks.map((nick) => `:${nick}!u@h JOIN #d\r\n`).join(''));
    expect(await talking(romeo, juliet, coming)).toBeGreaterThanOrEqual(fewest);

    const phone = await nurse.another('phone');
    const listed = phone.enters(room, { within });
    expect(await talking(romeo, juliet, listed)).toBeGreaterThanOrEqual(fewest);
    expect((await listed).occupants).toHaveLength(nicks.length + 1);

    const going = nurse.client.receive(`<presence from='${room}/${last}' type='unavailable'/>`, within);
    guest.raw(nicks.map((nick) => `:${nick}!u@h QUIT :hub.crowd.test leaf.crowd.test\r\n`).join(''));
    expect(await talking(romeo, juliet, going)).toBeGreaterThanOrEqual(fewest);
  },
  limitMs,
);

test(
  '45-20 a list of ten thousand: what is said elsewhere comes before its end, what is said there behind it',
  async () => {
    await using stage = new Stage(there.world);
    const { romeo, juliet } = await stage.pair();
    const nurse = await stage.jabber('nurse');
    await nurse.enters(room);
    const guest = await there.ircd.guest();
    const entering = nurse.enters(hall, { within });
    await guest.inbox.take((line) => line === 'JOIN #hall', 'the JOIN');
    guest.raw(
      `:tybalt!u@h PRIVMSG #d :elsewhere\r\n:member9!u@h PRIVMSG #hall :there\r\n:member8!u@h PART #hall\r\n:member7!u@h NICK other7\r\n`,
    );
    expect(await talking(romeo, juliet, entering)).toBeGreaterThanOrEqual(fewest);
    await nurse.hears({ nick: 'member9' }, 'there', hall);
    const places = nurse.client.inbox.all.flatMap(({ name, attrs: { from = '' } }, at) =>
      (name === 'message' && from === `${room}/tybalt`) || from.startsWith(`${hall}/`) ? [{ from, name, at }] : [],
    );
    const placeOf = (from: string, name: string): number =>
      places.findLast((one) => one.from === from && one.name === name)?.at ?? -1;
    const self = placeOf(`${hall}/${nurse.nick}`, 'presence');
    expect(placeOf(`${room}/tybalt`, 'message')).toBeLessThan(self);
    expect(placeOf(`${hall}/member9`, 'message')).toBeGreaterThan(self);
    expect(
      new Set(places.filter(({ name, at }) => name === 'presence' && at < self).map(({ from }) => from)).size,
    ).toBeGreaterThanOrEqual(nicks.length - 1);
    const { set } = await items(nurse, hall, rsm('<max>1</max>'));
    expect(textOf(child(set, 'count'))).toBe(String(nicks.length));
  },
  limitMs,
);
