/** A time-out is over when its time is: Discord tells nothing then. */
import { expect, test } from 'vitest';
import { useStage } from './stage.ts';

const stage = useStage();

test('whoever was silenced has their voice back when the time is over, those who were silenced before we came too', async () => {
  const { world } = stage.discord;
  const [ann, ben] = [world.user('ann'), world.user('ben')];
  for (const one of [ann, ben]) world.join(one, stage.guild);
  const { enters, hears, bot } = await stage.login();
  world.timeOut(ann, stage.guild, 3_000);
  await stage.discord.heeded(bot);
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

test('who has yet to agree to the guild’s rules has no voice until then, or until they have a role', async () => {
  const { world } = stage.discord;
  const [cat, dan, eve] = [world.user('cat'), world.user('dan'), world.user('eve')];
  for (const one of [cat, dan]) world.join(one, stage.guild, { pending: true });
  const { enters, hears, events } = await stage.login();
  await enters(stage.room);
  const all = events.flatMap((event) => (event.kind === 'members' ? event.changes : []));
  const powers = all.flatMap((one) => (one.is === 'in' ? [[one.member.nick, one.member.power]] : []));
  expect(Object.fromEntries(powers)).toMatchObject({ cat: 'visitor', dan: 'visitor' });
  const becomes = (person: string) =>
    hears('members', ({ changes }) =>
      changes.some((one) => one.is === 'power' && one.person === person && one.power === 'participant'),
    );
  world.changeMember(cat, stage.guild, { pending: false });
  await becomes(cat.id);
  world.changeMember(dan, stage.guild, { roles: [world.role(stage.guild, { name: 'friends' }).id] });
  await becomes(dan.id);
  world.join(eve, stage.guild, { pending: true });
  await hears('members', ({ changes }) =>
    changes.some((one) => one.is === 'in' && one.member.nick === 'eve' && one.member.power === 'visitor'),
  );
});
