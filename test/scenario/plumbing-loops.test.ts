/** Two gateways that join the same room with the same MUC: the second is not made where it can be seen, and nothing comes round where it can't. */
import { expect } from 'vitest';
import { openGateway, type TestGateway } from './gateway.ts';
import { asks, heard, herald, type Plumbed, plumbedScenario } from './plumbed.ts';

const otherDomain = 'other.test';

/** Another gateway on the same network, between the same servers. */
async function besides({ stage: { clock, server, gateway } }: Plumbed): Promise<TestGateway> {
  const other = await openGateway({
    clock,
    toServer: (text) => server.take(text),
    admins: ['admin@test'],
    beside: { domain: otherDomain, world: gateway.world },
  });
  server.others.set(otherDomain, other);
  return other;
}

/** Its operator's command; resolves with the line that is to be said. */
async function asked({ admin, room }: Plumbed): Promise<string> {
  await asks(admin, `plumb #verona@${otherDomain}`, otherDomain);
  await asks(admin, 'nick second', otherDomain);
  const answer = await asks(admin, room, otherDomain);
  return /plumb-[a-z0-9]{16}/.exec(answer)?.[0] ?? answer;
}

plumbedScenario('where its herald sees another it is not made, and its operator is told', async (plumbed) => {
  const { stage, muc, room, admin, owner } = plumbed;
  await besides(plumbed);
  const token = await asked(plumbed);
  await stage.calm();
  expect(plumbed.told(admin).join()).toContain(`another gateway joins the two already: ${herald}`);
  await owner.says(room, token, 'x1');
  await plumbed.passes(5);
  expect(muc.nicks(room)).toEqual([herald, 'owner']);
  expect(await asks(admin, 'plumbings', otherDomain)).toMatch(/^No room/);
});

plumbedScenario('where it can’t be seen a line comes round a few times, and then none', async (plumbed) => {
  const { stage, muc, room, owner, admin } = plumbed;
  await besides(plumbed);
  muc.hides = 'joins';
  await owner.says(room, await asked(plumbed), 'x1');
  await plumbed.passes(5);
  expect(stage.members('#verona')).toEqual(['piazza', 'second']);
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  admin.ignores();
  for (const text of ['one', 'two', 'three', 'four', 'five', 'six']) {
    await tybalt.says('#verona', text);
    await plumbed.passes(2);
  }
  expect(plumbed.told(admin).join()).toMatch(/what is said comes round: /);
  const before = tybalt.heard.length;
  heard(owner);
  await tybalt.says('#verona', 'seven');
  await plumbed.passes(30);
  // Each gateway brings it to the MUC, and what the other brought there back, once.
  expect(heard(owner)).toEqual(['tybalt: seven', 'tybalt (bridged): seven']);
  expect(tybalt.heard.slice(before).toSorted()).toEqual(['piazza: <tybalt (bridged)> seven', 'second: <tybalt> seven']);
  for (const text of ['eight', 'nine', 'ten']) {
    await owner.says(room, text, text);
    await plumbed.passes(30);
  }
  const last = tybalt.heard.length;
  heard(owner);
  await owner.says(room, 'eleven', 's11');
  await plumbed.passes(30);
  expect(heard(owner)).toEqual(['owner: eleven']);
  expect(tybalt.heard.slice(last).toSorted()).toEqual(['piazza: <owner> eleven', 'second: <owner> eleven']);
});
