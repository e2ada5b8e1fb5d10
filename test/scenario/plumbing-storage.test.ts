/** What is kept of a plumbing can't be read for now. */
import { expect } from 'vitest';
import { herald, plumbedScenario } from './plumbed.ts';

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
