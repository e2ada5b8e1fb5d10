/** Crowds on either side of a plumbing: nobody is told of people who say nothing, and what one line costs does not grow with them. */
import { expect } from 'vitest';
import { escapeAttribute } from '../../src/xml/escape.ts';
import { heard, herald, type Plumbed, plumbedScenario } from './plumbed.ts';

/** So many people come into the MUC, or go: each of our occupants is told of each of them, as services do. */
async function storm({ stage, muc, room }: Plumbed, size: number, type: '' | 'unavailable'): Promise<void> {
  const ours = muc
    .nicks(room)
    .flatMap((nick) => muc.jidOf(room, nick) ?? [])
    .filter((jid) => jid.includes('@net.test'));
  const role = type === '' ? 'participant' : 'none';
  const item = `<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='${role}'/></x>`;
  for (let i = 0; i < size; i++)
    for (const jid of ours)
      stage.gateway.take(
        `<presence from='${room}/guest${i}' to='${escapeAttribute(jid)}'${type && ` type='${type}'`}>${item}</presence>`,
      );
  await stage.calm();
}

plumbedScenario(
  'a thousand people come into the MUC and go: the network hears nothing, and the MUC nothing of us',
  async (plumbed) => {
    const { stage, muc, room, owner } = plumbed;
    const people = [];
    for (let i = 0; i < 10; i++) people.push(await stage.inhabitant(`citizen${i}`, '#verona'));
    for (const person of people) await person.says('#verona', 'hello');
    const [first] = people;
    const [saw, taken] = [first?.saw.length, muc.taken];
    await storm(plumbed, 1_000, '');
    await storm(plumbed, 1_000, 'unavailable');
    expect([muc.taken, first?.saw.length]).toEqual([taken, saw]);
    heard(owner);
    await first?.says('#verona', 'are they gone');
    await owner.says(room, 'they are', 's1');
    expect(heard(owner)).toEqual(['citizen0: are they gone', 'owner: they are']);
    expect(first?.heard.at(-1)).toBe('piazza: <owner> they are');
  },
);

plumbedScenario('thousands come into the network’s room and go: the MUC is told of nobody', async (plumbed) => {
  const { stage, muc, room, owner } = plumbed;
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  await tybalt.says('#verona', 'before');
  const taken = muc.taken;
  const leave = stage.crowd('#verona', 2_000);
  await plumbed.passes(20);
  leave();
  await plumbed.passes(20);
  expect(muc.taken).toBe(taken);
  expect(muc.nicks(room)).toEqual([herald, 'owner', 'tybalt']);
  heard(owner);
  await tybalt.says('#verona', 'after');
  expect(heard(owner)).toEqual(['tybalt: after']);
});

plumbedScenario('a plumbing begins in a room of ten thousand', async (plumbed) => {
  const { stage, muc, room, owner } = plumbed;
  stage.crowd('#verona', 10_000);
  await stage.gateway.stop('kill');
  const taken = muc.taken;
  await stage.gateway.start();
  await plumbed.passes(60);
  // The herald comes in, and asks what it missed.
  expect(muc.taken - taken).toBeLessThan(10);
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  heard(owner);
  await tybalt.says('#verona', 'hello');
  await owner.says(room, 'hello yourself', 's1');
  expect(heard(owner)).toEqual(['tybalt: hello', 'owner: hello yourself']);
  expect(tybalt.heard).toEqual(['piazza: <owner> hello yourself']);
});

plumbedScenario('people of before a kill are sent away once, however much the MUC tells them', async (plumbed) => {
  const { stage, muc, room } = plumbed;
  for (let i = 0; i < 20; i++) await (await stage.inhabitant(`citizen${i}`, '#verona')).says('#verona', 'hello');
  await stage.gateway.stop('kill');
  await stage.gateway.start();
  await plumbed.passes(2);
  const taken = muc.taken;
  await storm(plumbed, 100, '');
  expect(muc.taken - taken).toBeLessThanOrEqual(20);
  await plumbed.passes(2);
  expect(muc.nicks(room)).toEqual(['owner', herald]);
});
