/** What is kept of a plumbing can't be read for now. */
import { expect } from 'vitest';
import { admins, herald, Plumbed, plumbedScenario } from './plumbed.ts';
import { scenario } from './stage.ts';

plumbedScenario('what the storage does not say at the beginning it is asked for again', async (plumbed) => {
  const { stage, muc, room } = plumbed;
  await stage.gateway.stop('keep');
  stage.mayFail = true;
  const { schema } = stage.gateway.database.db;
  await schema.alterTable('plumbing_names').renameTo('lost_names').execute();
  muc.restart('silently');
  await stage.gateway.start();
  await plumbed.passes(5);
  expect(muc.nicks(room)).toEqual([]);
  await schema.alterTable('lost_names').renameTo('plumbing_names').execute();
  await plumbed.passes(30);
  expect(muc.nicks(room)).toEqual([herald]);
});

scenario(
  'what an owner agreed to while the storage was away is written down when it is back',
  async (stage) => {
    const plumbed = new Plumbed(stage);
    const { owner, room } = plumbed;
    stage.mayFail = true;
    const token = await plumbed.asked();
    await owner.joins(room, 'owner');
    const { schema } = stage.gateway.database.db;
    await schema.alterTable('plumbings').renameTo('lost').execute();
    await owner.says(room, token, token);
    await plumbed.passes(5);
    await schema.alterTable('lost').renameTo('plumbings').execute();
    await plumbed.passes(20);
    const row = await stage.gateway.database.db.selectFrom('plumbings').select('token').executeTakeFirstOrThrow();
    expect(row.token).toBeNull();
  },
  admins,
);
