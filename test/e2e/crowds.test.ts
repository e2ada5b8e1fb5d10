/** A channel of ten thousand: who is in it is told of all, and everybody else is answered meanwhile. */
import { expect, test } from 'vitest';
import { useScriptedWorld } from '../harness/scripted-world.ts';
import { type IrcPerson, type JabberPerson, Stage } from '../harness/stage.ts';
import { gatewayDomain } from '../harness/world.ts';

const serverName = 'crowd.test';
const room = `#d%${serverName}@${gatewayDomain}`;
const nicks = Array.from({ length: 10_000 }, (_, n) => `member${n}`);
/** Lines that get through in another room while ten thousand are told of; all at once would let one through. */
const fewest = 2;
const there = useScriptedWorld(serverName);

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

test('45-20 45-64 they come, somebody else comes in, and they go: nobody else is kept waiting', async () => {
  await using stage = new Stage(there.world);
  const { romeo, juliet } = await stage.pair();
  const nurse = await stage.jabber('nurse');
  const entering = nurse.enters(room);
  const guest = await there.ircd.guest();
  await entering;

  const last = nicks.at(-1) ?? '';
  const coming = nurse.sees(last, 'available', room);
  guest.raw(nicks.map((nick) => `:${nick}!u@h JOIN #d\r\n`).join(''));
  expect(await talking(romeo, juliet, coming)).toBeGreaterThanOrEqual(fewest);

  const phone = await nurse.another('phone');
  const listed = phone.enters(room);
  expect(await talking(romeo, juliet, listed)).toBeGreaterThanOrEqual(fewest);
  expect((await listed).occupants).toHaveLength(nicks.length + 1);

  const going = nurse.sees(last, 'unavailable', room);
  guest.raw(nicks.map((nick) => `:${nick}!u@h QUIT :hub.crowd.test leaf.crowd.test\r\n`).join(''));
  expect(await talking(romeo, juliet, going)).toBeGreaterThanOrEqual(fewest);
}, 120_000);
