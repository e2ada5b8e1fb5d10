/** How a plumbing ends (src/design/plumbing.md): by command, by bans, with its MUC; and what stays when who made it is forgotten. */
import { expect } from 'vitest';
import { admins, asks, herald, Plumbed, plumbedScenario } from './plumbed.ts';
import { scenario, verona } from './stage.ts';

plumbedScenario('by command: everybody leaves both rooms', async ({ stage, room, muc, admin }) => {
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  await tybalt.says('#verona', 'hello');
  expect(stage.members('#verona')).toContain('piazza');
  expect(await asks(admin, `unplumb ${verona}`)).toMatch(/1/);
  expect(await asks(admin, '1')).toMatch(/no longer joined/);
  await stage.calm();
  expect(muc.nicks(room)).toEqual(['owner']);
  expect(stage.members('#verona')).toEqual(['tybalt']);
  expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
});

plumbedScenario('by a ban of the herald, for good, and its maker is told', async (plumbed) => {
  const { stage, room, muc, admin } = plumbed;
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  await tybalt.says('#verona', 'hello');
  admin.ignores();
  muc.ban(room, herald, 'enough');
  await stage.calm();
  expect(plumbed.told(admin)).toEqual([expect.stringMatching(/no longer joined: the MUC does not want us: enough/)]);
  expect(muc.nicks(room)).toEqual(['owner']);
  expect(stage.members('#verona')).toEqual(['tybalt']);
  await stage.restarts();
  expect(await asks(admin, 'plumbings')).toMatch(/^No room/);
});

plumbedScenario('by a ban of the MUC’s server; it is not made again before that is lifted', async (plumbed) => {
  const { stage, room, muc, admin } = plumbed;
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  await tybalt.says('#verona', 'hello');
  await asks(admin, `ban-user ${muc.domain}`);
  await stage.calm();
  expect([muc.nicks(room), stage.members('#verona')]).toEqual([['owner'], ['tybalt']]);
  expect(await asks(admin, 'plumbings')).toMatch(/^No room/);
  expect(await plumbed.asked()).toMatch(/is banned here/);
  await asks(admin, `unban-user ${muc.domain}`);
  expect(await plumbed.asked()).toMatch(/^plumb-/);
});

plumbedScenario('whoever made it may be forgotten: it stays, and nobody is told', async (plumbed) => {
  const { stage, room, muc, admin } = plumbed;
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  await asks(admin, 'delete-my-data');
  await asks(admin, 'confirm yes');
  await stage.calm();
  const row = await stage.gateway.database.db.selectFrom('plumbings').selectAll().executeTakeFirstOrThrow();
  expect(row.owner).toBe('');
  admin.ignores();
  muc.change(room, { isMembersOnly: true });
  await tybalt.says('#verona', 'hello');
  expect([plumbed.told(admin), muc.said(room).at(-1)]).toEqual([[], `${herald}: <tybalt> hello`]);
  expect(await asks(admin, 'plumbings')).toContain(room);
});

scenario(
  'who made it is forgotten for good, also where an owner agrees afterwards',
  async (stage) => {
    const plumbed = new Plumbed(stage);
    const { admin, owner, room } = plumbed;
    const token = await plumbed.asked();
    await asks(admin, 'delete-my-data');
    await asks(admin, 'confirm yes');
    await stage.calm();
    await owner.joins(room, 'owner');
    await owner.says(room, token, token);
    await stage.calm();
    const row = await stage.gateway.database.db.selectFrom('plumbings').selectAll().executeTakeFirstOrThrow();
    expect([row.owner, row.token]).toEqual(['', null]);
  },
  admins,
);

for (const who of ['who has an occupant there', 'who has none'] as const) {
  plumbedScenario(`with a room that went without a word: ${who} makes none anew`, async (plumbed) => {
    const { stage, room, muc, admin } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    if (who === 'who has an occupant there') await tybalt.says('#verona', 'one');
    admin.ignores();
    muc.loses(room);
    await tybalt.says('#verona', 'two');
    await plumbed.passes(60);
    expect(muc.has(room)).toBe(false);
    expect(plumbed.told(admin)).toEqual([expect.stringMatching(/there is no such MUC/)]);
    expect(await asks(admin, 'plumbings')).toMatch(/^No room/);
  });
}

plumbedScenario('with the room: whoever founds it again has not agreed', async (plumbed) => {
  const { stage, room, muc, admin } = plumbed;
  admin.ignores();
  muc.destroy(room);
  await stage.calm();
  expect(plumbed.told(admin)).toEqual([expect.stringMatching(/there is no such MUC/)]);
  expect(await asks(admin, 'plumbings')).toMatch(/^No room/);
});

plumbedScenario('where everybody is sent from a room that is destroyed is told', async (plumbed) => {
  const { stage, room, muc, admin } = plumbed;
  admin.ignores();
  muc.destroy(room, `agora@${muc.domain}`);
  await stage.calm();
  expect(plumbed.told(admin)).toEqual([
    expect.stringContaining(`its people are sent to agora@${muc.domain}. Run plumb`),
  ]);
});
