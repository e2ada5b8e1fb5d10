/** Invitations both ways, and asking for the right to speak. */
import { describe, expect } from 'vitest';
import { failed } from './lines.ts';
import { mantua, scenario, verona } from './stage.ts';

const user = 'http://jabber.org/protocol/muc#user';
const invites = (to: string) =>
  `<message id='i' to='${verona}'><x xmlns='${user}'><invite to='${to}'><reason>feast</reason></invite></x></message>`;
const invitation = (from: string, by: string) =>
  `<message from='${from}'><x xmlns='${user}'><invite from='${by}'/></x><x xmlns='jabber:x:conference' jid='${from}'/></message>`;

describe('invitations', () => {
  scenario('45-90 somebody on the network is invited there, by contact, nick or directly', async (stage) => {
    const juliet = stage.person('juliet');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await romeo.sends(invites('juliet@net.test'));
    await romeo.sends(invites('juliet').replace("id='i'", "id='i2'"));
    await romeo.sends(
      `<message id='i3' to='juliet@net.test'><x xmlns='jabber:x:conference' jid='${verona}'/></message>`,
    );
    expect(juliet.events).toMatchObject([
      { kind: 'invited', chat: '#verona', by: 'romeo', reason: 'feast' },
      { kind: 'invited', chat: '#verona' },
      { kind: 'invited', chat: '#verona' },
    ]);
    romeo.gets();
    await romeo.sends(invites('nobody').replace("id='i'", "id='i4'"));
    romeo.gets(failed('message', 'i4', 'cancel', 'item-not-found'));
  });

  scenario('45-90 45-91 a user of ours hears it from the room, comes in, or declines', async (stage) => {
    const romeo = stage.client();
    const mercutio = stage.client('mercutio');
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await romeo.sends(invites('mercutio@test'));
    mercutio.gets(invitation(verona, 'romeo@test'));
    await mercutio.sends(`<message to='${verona}'><x xmlns='${user}'><decline to='romeo@test'/></x></message>`);
    romeo.gets(`<message from='${verona}'><x xmlns='${user}'><decline from='mercutio@test'/></x></message>`);
    await romeo.sends(invites('paris@elsewhere.test').replace("id='i'", "id='i2'"));
    romeo.gets(failed('message', 'i2', 'auth', 'forbidden'));
  });

  scenario('45-92 an invitation from the network reaches the account, and gets one in', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#mantua', 'moderator');
    await juliet.configures('#mantua', { isMembersOnly: true });
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await romeo.joins(mantua, 'romeo');
    romeo.gets(failed('presence', 'join', 'auth', 'registration-required'));
    await juliet.invites('romeo', '#mantua');
    romeo.gets(invitation(mantua, 'juliet@net.test'));
    await romeo.joins(mantua, 'romeo');
    expect(stage.members('#mantua')).toContain('romeo');
  });
});

describe('the right to speak', () => {
  const form = (id: string) =>
    `<message id='${id}' to='${verona}'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#request</value></field><field var='muc#role'><value>participant</value></field></x></message>`;

  scenario('45-93 45-44 asked for in a moderated room, granted, used', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona', 'moderator');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await romeo.sends(form('v0'));
    romeo.gets(failed('message', 'v0', 'modify', 'bad-request'));
    await juliet.configures('#verona', { isModerated: true });
    await romeo.says(verona, 'may I?', 'm1');
    romeo.ignores();
    await romeo.sends(form('v1'));
    romeo.gets();
    expect(juliet.events.at(-1)).toMatchObject({ kind: 'remark', chat: '#verona' });
    await stage.promotes('romeo', '#verona', 'voiced');
    await romeo.says(verona, 'thank you', 'm2');
    expect(juliet.heard).toEqual(['romeo: thank you']);
  });
});
