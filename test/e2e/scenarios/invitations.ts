/** Invitations: from IRC to a Jabber client, and the other way. */
import { expect } from 'vitest';
import { scenario, theme } from '../../harness/scenario.ts';

export const invitations = theme('invitations', [
  scenario('45-92 45-30 an invitation opens a channel that is closed', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const { channel, room } = stage.otherChannel();
    await juliet.enters(channel);
    await juliet.does(`MODE ${channel} +i`);
    await expect(romeo.enters(room)).rejects.toThrow(/registration-required/);
    await juliet.does(`INVITE ${romeo.nick} ${channel}`);
    await romeo.enters(room);
    await juliet.sees(romeo, 'JOIN', channel);
  }),
]);
