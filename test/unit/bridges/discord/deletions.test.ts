/** Who is said to have deleted what was said: its author, or whom the guild's audit log names. */
import { expect, test } from 'vitest';
import { useStage } from './stage.ts';

const stage = useStage();

test('425-02 what a moderator deletes is told as theirs, with why, also of many at once; what its author does as the author’s', async () => {
  const { world } = stage.discord;
  const [ben, mod] = [world.user('benny'), world.user('the mod')];
  for (const user of [ben, mod]) world.join(user, stage.guild);
  const { hears, enters } = await stage.login();
  await enters(stage.room);
  const said = async (text: string) => {
    const message = world.say(ben, stage.room, text);
    await hears('message');
    return message;
  };
  world.remove(await said('spam'), mod, 'no spam');
  expect(await hears('retracted')).toMatchObject({ by: mod.id, reason: 'no spam' });
  world.remove(await said('oops'));
  const own = await hears('retracted');
  expect([own.by, own.reason]).toEqual([ben.id, undefined]);
  world.removeAll(stage.room, [await said('1'), await said('2')], mod);
  for (let i = 0; i < 2; i++) expect(await hears('retracted')).toMatchObject({ by: mod.id });
});

test('425-02 what our webhook had said and a moderator deletes is told as theirs, too', async () => {
  const { world } = stage.discord;
  const mod = world.user('another mod');
  world.join(mod, stage.guild);
  const { hears, enters, says } = await stage.login();
  const room = world.channel(stage.guild, { name: 'pulpit' });
  const chat = await enters(room);
  const { refs } = await says(chat, 'buy my potions', { author: { nick: 'Apothecary' } });
  const [message] = world.messages(room);
  if (message !== undefined) world.remove(message, mod, 'no potions');
  expect(await hears('retracted')).toMatchObject({ target: refs[0], by: mod.id, reason: 'no potions' });
});
