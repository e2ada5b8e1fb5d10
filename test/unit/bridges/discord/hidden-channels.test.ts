/** Channels that the bot does not see: of those Discord tells that they are there, and no name that is theirs (API reference, "Obfuscated Channels"). */
import { PermissionFlagsBits as May } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { roomOf, useStage } from './stage.ts';

const stage = useStage();

test('a room that is hidden from us is closed under its own name, and has it again when we see it again', async () => {
  const { guild, discord } = stage;
  const { world } = discord;
  const cell = world.channel(guild, { name: 'cell', topic: 'Keys' });
  const { hears, enters, events, bot } = await stage.login();
  const friars = world.role(guild, { name: 'friars' });
  await enters(cell);
  world.rule(cell, { of: 'everyone', deny: May.ViewChannel });
  expect(await hears('removed')).toMatchObject({ chat: roomOf(cell), how: 'revoked' });
  expect(events.flatMap((event) => (event.kind === 'room' ? [event.change.name] : []))).toEqual(['Verona: #cell']);
  world.changeChannel(cell, { name: 'vault' });
  world.rule(cell, { of: friars, allow: May.ViewChannel });
  world.changeMember(bot.user, guild, { roles: [friars.id] });
  await expect.poll(() => enters(cell).catch(() => undefined)).toBe(roomOf(cell));
  const told = await hears('room', ({ change }) => change.name !== 'Verona: #cell');
  expect(told).toMatchObject({ change: { name: 'Verona: #vault', topic: 'Keys' } });
});

test('where somebody speaks of a hidden channel, no name is made up for it', async () => {
  const { guild, discord } = stage;
  const { world } = discord;
  const owner = world.user('owner of secrets');
  world.join(owner, guild);
  const square = world.channel(guild, { name: 'square' });
  const crypt = world.channel(guild, { name: 'crypt' });
  world.rule(crypt, { of: 'everyone', deny: May.ViewChannel });
  const { hears, enters, session } = await stage.login();
  await enters(square);
  world.say(owner, square, `not in <#${crypt.id}>, but in <#${square.id}>`);
  expect((await hears('message')).content.text?.plain).toBe(`not in <#${crypt.id}>, but in #square`);
  const names = (await session.rooms?.list?.({ max: 50 }))?.map(({ name }) => name);
  expect(names).toContain('Verona: #square');
  expect(names?.join()).not.toMatch(/hidden|crypt/);
});
