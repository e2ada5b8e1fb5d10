/** What moderators say for what they do, as it stands in the guild's audit log. */
import { expect, test } from 'vitest';
import { deliveryKey, personId } from '../../../../src/bridge/index.ts';
import { usualForBots } from '../../../harness/discord/world/people.ts';
import { useStage } from './stage.ts';

const stage = useStage();
/** Cut where Discord's bound or ours is, it ends in the middle of a sign. */
const endless = (at: number): string => `${'a'.repeat(at - 1)}😀`;

test('425-01 a reason is there as it was written, and cut where it is long', async () => {
  const { world } = stage.discord;
  const kim = world.user('kim');
  world.join(kim, stage.guild);
  const { enters, says, session, bot } = await stage.login();
  world.permit(bot, stage.guild, usualForBots | 4n);
  const chat = await enters(stage.room);
  const signal = AbortSignal.timeout(10_000);
  const ban = (reason: string) =>
    session.rooms?.moderate?.(chat, [{ person: personId(kim.id), action: 'ban', reason }], signal);
  await ban('Too loud: 100 % ♥');
  expect(stage.guild.bans.get(kim.id)?.reason).toBe('Too loud: 100 % ♥');
  world.unban(kim, stage.guild);
  await ban(endless(200));
  expect(stage.guild.bans.get(kim.id)?.reason).toBe(`${'a'.repeat(199)}\ufffd`);
  const { refs } = await says(chat, 'never mind');
  for (const ref of refs)
    await session.retractions?.retract(ref, endless(100), { chat, key: deliveryKey('9-9'), number: 1, signal });
  expect(world.messages(stage.room).map(({ data }) => data.content)).not.toContain('never mind');
});
