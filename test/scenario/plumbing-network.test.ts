/** What a plumbing lives through on the network's side: outages, kicks, and who goes meanwhile. */
import { expect } from 'vitest';
import { chatId, GatewayError, personId } from '../../src/bridge/index.ts';
import { asks, herald, type Plumbed, plumbedScenario } from './plumbed.ts';

plumbedScenario(
  'the network is away: what the MUC says meanwhile is said after it, in order, once',
  async (plumbed) => {
    const { stage, room, owner, admin } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await stage.gateway.stop('kill');
    stage.gateway.away(new GatewayError('network-away'));
    await stage.gateway.start();
    await plumbed.passes(5);
    for (const text of ['one', 'two']) await owner.says(room, text, text);
    await plumbed.passes(900);
    await owner.says(room, 'three', 'three');
    expect(tybalt.heard).toEqual([]);
    stage.gateway.away(undefined);
    await plumbed.passes(900);
    await owner.says(room, 'four', 'four');
    expect(tybalt.heard).toEqual(['one', 'two', 'three', 'four'].map((text) => `piazza: <owner> ${text}`));
    expect(await asks(admin, 'plumbings')).toMatch(/· joined$/);
  },
);

plumbedScenario('the network’s room is entered again by whoever was put out of it', async (plumbed) => {
  const { stage, room, owner } = plumbed;
  const tybalt = await stage.inhabitant('tybalt', '#verona', 'moderator');
  await tybalt.kicks('piazza', '#verona', 'out');
  expect(stage.members('#verona')).toEqual(['tybalt']);
  await owner.says(room, 'hello?', 's1');
  await plumbed.passes(20);
  expect(stage.members('#verona')).toEqual(['tybalt', 'piazza']);
  await owner.says(room, 'hello', 's2');
  expect(tybalt.heard.at(-1)).toBe('piazza: <owner> hello');
});

for (const [why, puts] of [
  [
    'we were kicked',
    async ({ stage }: Plumbed) => stage.gateway.world.leave(personId('piazza'), chatId('#verona'), 'kicked', 'prince'),
  ],
  ['our connection was lost', async ({ stage }: Plumbed) => stage.gateway.world.expel(personId('piazza'), 'lost')],
] as const)
  plumbedScenario(
    `who leaves the network’s room while we are out of it (${why}) goes from the MUC too`,
    async (plumbed) => {
      const { stage, room, muc } = plumbed;
      await stage.inhabitant('prince', '#verona', 'moderator');
      const [tybalt, romeo] = [
        await stage.inhabitant('benvolio', '#verona'),
        await stage.inhabitant('romeo', '#verona'),
      ];
      await tybalt.says('#verona', 'one');
      await romeo.says('#verona', 'two');
      await puts(plumbed);
      await romeo.parts('#verona');
      await plumbed.passes(60);
      expect(muc.nicks(room)).toEqual([herald, 'owner', 'benvolio']);
    },
  );

plumbedScenario('who is put out of the network’s room again and again comes back the later', async (plumbed) => {
  const { stage, admin } = plumbed;
  const tybalt = await stage.inhabitant('tybalt', '#verona', 'moderator');
  const waits: number[] = [];
  const kick = async (): Promise<void> => {
    await tybalt.kicks('piazza', '#verona', 'out');
    let seconds = 0;
    for (; !stage.members('#verona').includes('piazza'); seconds += 2) await plumbed.passes(2);
    waits.push(seconds);
  };
  for (let i = 0; i < 4; i++) await kick();
  expect(waits[0]).toBeLessThanOrEqual(10);
  expect(waits[3]).toBeGreaterThan(30);
  await plumbed.passes(601);
  await kick();
  expect(waits[4]).toBeLessThanOrEqual(10);
  expect(await asks(admin, 'plumbings')).toMatch(/· joined$/);
});
