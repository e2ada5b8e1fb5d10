/** Invitations: from IRC to a Jabber client, and the other way. */
import { expect } from 'vitest';
import { bodyOf, child, conditionOf, show } from '../../harness/markup.ts';
import { scenario, theme } from '../../harness/scenario.ts';

const user = 'http://jabber.org/protocol/muc#user';

export const invitations = theme('invitations', [
  scenario('45-92 somebody on IRC invites: the client is shown the room', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const { channel, room } = stage.otherChannel();
    await juliet.enters(channel);
    await juliet.does(`INVITE ${romeo.nick} ${channel}`);
    const invitation = await romeo.client.receive((stanza) => stanza.name === 'message' && show(stanza).includes(room));
    expect(child(invitation, 'x', 'jabber:x:conference')?.attrs.jid).toBe(room);
    expect(bodyOf(invitation)).toContain('?join');
  }),

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

  scenario('45-90 a client invites somebody of IRC by occupant’s name and by address', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const { channel, room } = stage.otherChannel();
    const nurse = await stage.irc('nurse');
    await romeo.enters(room);
    for (const [person, to] of [
      [juliet, stage.address(juliet.nick)],
      [nurse, stage.address(nurse.nick)],
    ] as const) {
      romeo.client.send(
        `<message id='${person.nick}' to='${room}'><x xmlns='${user}'><invite to='${to}'><reason>come</reason></invite></x></message>`,
      );
      await person.sees(romeo, 'INVITE', channel);
    }
  }),

  scenario('45-90 nobody there to invite: the sender is told', async (stage) => {
    const { romeo } = await stage.pair();
    romeo.client.send(
      `<message id='inv' to='${stage.room}'><x xmlns='${user}'><invite to='${stage.address('nobody-here')}'/></x></message>`,
    );
    const error = await romeo.client.receive(`<message type='error' id='inv'/>`);
    expect(conditionOf(error)).toBe('item-not-found');
  }),

  scenario('45-90 a Jabber user is invited by the room, in the inviter’s name', async (stage) => {
    const { romeo } = await stage.pair();
    const paris = await stage.jabber('paris');
    romeo.client.send(
      `<message id='inv' to='${stage.room}'><x xmlns='${user}'><invite to='${paris.client.bare}'><reason>a feast</reason></invite></x></message>`,
    );
    const invitation = await paris.client.receive(
      `<message from='${stage.room}'><x xmlns='${user}'><invite><reason>a feast</reason></invite></x></message>`,
    );
    const from = child(child(invitation, 'x', user), 'invite')?.attrs.from ?? '';
    expect(from).toBe(romeo.client.bare);
  }),

  scenario('45-90 who is not in the room invites nobody', async (stage) => {
    const { juliet } = await stage.pair();
    const tybalt = await stage.jabber('tybalt');
    tybalt.client.send(
      `<message id='inv' to='${stage.room}'><x xmlns='${user}'><invite to='${stage.address(juliet.nick)}'/></x></message>`,
    );
    const error = await tybalt.client.receive(`<message type='error' id='inv'/>`);
    expect(conditionOf(error)).toBe('not-acceptable');
    await juliet.client.roundtrip();
    expect(juliet.client.seen(/ INVITE /)).toEqual([]);
  }),
]);
