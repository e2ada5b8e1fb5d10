/** A time-out is over when its time is: Discord tells nothing then. */
import { expect, test } from 'vitest';
import { useStage } from './stage.ts';

const stage = useStage();

test('whoever was silenced has their voice back when the time is over, those who were silenced before we came too', async () => {
  const { world } = stage.discord;
  const [ann, ben] = [world.user('ann'), world.user('ben')];
  for (const one of [ann, ben]) world.join(one, stage.guild);
  world.timeOut(ann, stage.guild, 1_500);
  const { enters, hears } = await stage.login();
  const chat = await enters(stage.room);
  const becomes = (person: string, power: string) =>
    hears('members', ({ changes }) =>
      changes.some((one) => one.is === 'power' && one.person === person && one.power === power),
    );
  world.timeOut(ben, stage.guild, 500);
  await becomes(ben.id, 'visitor');
  expect(await becomes(ben.id, 'participant')).toMatchObject({ chat });
  expect(await becomes(ann.id, 'participant')).toMatchObject({ chat });
});
