/** An account that an operator registers for several people (DESIGN.md §1.1): its rooms are theirs, everything else of it is the operator's. */
import { describe, expect } from 'vitest';
import { GatewayError } from '../../src/core/errors.ts';
import { Filling } from './filling.ts';
import { domainName } from './gateway.ts';
import { came, forbidden, options, shares, verona } from './shared.ts';
import { type Stage, scenario } from './stage.ts';

async function share(admin: ReturnType<Stage['client']>, ...admits: readonly string[]): Promise<void> {
  const filling = new Filling(admin, 'share-account');
  await filling.begin();
  expect((await filling.submit({ admits: admits.join('</value><value>') })).status).toBe('completed');
  admin.ignores();
}

const archived = (room: string): string => `<iq type='set' id='mam' to='${room}'><query xmlns='urn:xmpp:mam:2'/></iq>`;

describe('who has its rooms', () => {
  scenario(
    'people of several JIDs speak in one room by one account, with their names before what they say',
    async (stage) => {
      await shares(stage, 'romeo@test', 'juliet@test');
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      const [romeo, juliet] = [stage.client('romeo'), stage.client('juliet')];
      await romeo.joins(verona, 'Romeo');
      await juliet.joins(verona, 'Juliet');
      expect([...stage.members('#verona')].sort()).toEqual(['bot', 'tybalt']);
      expect(tybalt.saw).toContain('+bot');
      romeo.ignores();
      juliet.ignores();
      await romeo.says(verona, 'peace', 'm1');
      await juliet.says(verona, '/me smiles', 'm2');
      await juliet.says(verona, 'one\nis', 'm3');
      expect(tybalt.heard).toEqual(['bot: <romeo> peace', 'bot: * juliet smiles', 'bot: <juliet> one\n<juliet> is']);
      for (const client of [romeo, juliet])
        client.gets(
          `<message type='groupchat' id='m1' from='${verona}/bot'><body>&lt;romeo&gt; peace</body></message>`,
          `<message type='groupchat' id='m2' from='${verona}/bot'><body>* juliet smiles</body></message>`,
          `<message type='groupchat' id='m3' from='${verona}/bot'/>`,
        );
      await tybalt.says('#verona', 'hate the word');
      expect(came(romeo)).toContain('hate the word');
      expect(came(juliet)).toContain('hate the word');
      expect(await stage.accounts()).toEqual({ running: 1, stored: 1 });
    },
    options,
  );

  scenario(
    '45-90 whoever of them invites others does so in their own name',
    async (stage) => {
      await shares(stage, 'romeo@test', 'paris@test');
      const [romeo, paris] = [stage.client('romeo'), stage.client('paris')];
      await romeo.joins(verona, 'Romeo');
      const x = (inside: string): string => `<x xmlns='http://jabber.org/protocol/muc#user'>${inside}</x>`;
      await romeo.sends(`<message to='${verona}'>${x(`<invite to='paris@test'/>`)}</message>`);
      paris.gets(`<message from='${verona}'><body/>${x(`<invite from='romeo@test'/>`)}</message>`);
    },
    options,
  );

  scenario(
    '133-01 what an operator announces reaches those who are in its rooms',
    async (stage) => {
      const admin = await shares(stage, 'romeo@test', 'juliet@test');
      const [romeo, juliet] = [stage.client('romeo'), stage.client('juliet')];
      await romeo.joins(verona, 'Romeo');
      romeo.ignores();
      await admin.sends(`<message type='chat' id='m' to='${domainName}'><body>announce Back at noon</body></message>`);
      romeo.gets(`<message type='headline' from='${domainName}'><body>Back at noon</body></message>`);
      juliet.gets();
      admin.gets(`<message type='chat' from='${domainName}'><body>Said to 1 user.</body></message>`);
    },
    options,
  );

  scenario(
    'a whole domain is admitted by its name',
    async (stage) => {
      await shares(stage, 'test');
      const romeo = stage.client('romeo');
      await romeo.joins(verona, 'Romeo');
      expect(stage.members('#verona')).toEqual(['bot']);
    },
    options,
  );

  scenario(
    'nobody else is let in, whether there is such an account or not, and the archive is closed to them',
    async (stage) => {
      await shares(stage, 'romeo@test');
      const [romeo, paris] = [stage.client('romeo'), stage.client('paris')];
      await romeo.joins(verona, 'Romeo');
      await romeo.says(verona, 'peace');
      await paris.joins(verona, 'Paris');
      paris.gets(`<presence type='error' id='join'>${forbidden}</presence>`);
      await paris.joins(`#verona=~+other@${domainName}`, 'Paris');
      paris.gets(`<presence type='error' id='join'>${forbidden}</presence>`);
      await paris.says(verona, 'hello');
      paris.gets(`<message type='error' id='hello'>${forbidden}</message>`);
      await paris.sends(archived(verona));
      paris.gets(`<iq type='error' id='mam'>${forbidden}</iq>`);
      expect(stage.members('#verona')).toEqual(['bot']);
    },
    options,
  );

  scenario(
    'who is admitted reads what was said before, at joining and from the archive',
    async (stage) => {
      await shares(stage, 'romeo@test', 'juliet@test');
      const [romeo, juliet] = [stage.client('romeo'), stage.client('juliet')];
      await romeo.joins(verona, 'Romeo');
      await romeo.says(verona, 'peace');
      await juliet.joins(verona, 'Juliet');
      expect(came(juliet)).toContain('&lt;romeo&gt; peace');
      await juliet.sends(archived(verona));
      expect(came(juliet)).toContain('&lt;romeo&gt; peace');
    },
    options,
  );

  scenario(
    'one leaves and the others stay; the account leaves the room with the last',
    async (stage) => {
      await shares(stage, 'romeo@test', 'juliet@test');
      const [romeo, juliet] = [stage.client('romeo'), stage.client('juliet')];
      await romeo.joins(verona, 'Romeo');
      await juliet.joins(verona, 'Juliet');
      await romeo.leaves(verona, 'bot');
      expect(stage.members('#verona')).toEqual(['bot']);
      juliet.ignores();
      romeo.ignores();
      await juliet.says(verona, 'still here', 'm1');
      juliet.gets(`<message type='groupchat' id='m1'/>`);
      romeo.gets();
      await juliet.leaves(verona, 'bot');
      expect(stage.members('#verona')).toEqual([]);
    },
    options,
  );
});

describe('what is its operator’s', () => {
  scenario(
    'nobody who is admitted is shown the operator’s address',
    async (stage) => {
      await shares(stage, 'romeo@test');
      const romeo = stage.client('romeo');
      await romeo.joins(verona, 'Romeo');
      await stage.promotes('bot', '#verona', 'moderator');
      await romeo.says(verona, 'peace', 'm1');
      const admins = `<query xmlns='http://jabber.org/protocol/muc#admin'><item role='moderator'/></query>`;
      await romeo.sends(archived(verona), `<iq type='get' id='list' to='${verona}'>${admins}</iq>`);
      const told = came(romeo);
      expect(told).toContain('&lt;romeo&gt; peace');
      expect(told).toContain(`jid='=~+bot@${domainName}'`);
      expect(told).not.toContain('admin@test');
    },
    options,
  );

  scenario(
    'who is admitted writes to nobody by it, changes nothing, and runs no command',
    async (stage) => {
      await shares(stage, 'romeo@test');
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      const romeo = stage.client('romeo');
      await romeo.joins(verona, 'Romeo');
      await romeo.says(verona, 'peace', 'm1');
      romeo.ignores();
      const before = tybalt.events.length;
      const refused = [
        `<message type='chat' id='x' to='tybalt=~+bot@${domainName}'><body>psst</body></message>`,
        `<message type='chat' id='x' to='${verona}/tybalt'><body>psst</body></message>`,
        `<message type='groupchat' id='x' to='${verona}'><subject>mine</subject></message>`,
        `<message type='groupchat' id='x' to='${verona}'><reactions xmlns='urn:xmpp:reactions:0' id='m1'><reaction>👍</reaction></reactions></message>`,
        `<message type='chat' id='x' to='=~+bot@${domainName}'><body>delete-my-data</body></message>`,
      ];
      for (const stanza of refused) {
        await romeo.sends(stanza);
        romeo.gets(`<message type='error' id='x'>${forbidden}</message>`);
      }
      const requests = [
        `<iq type='get' id='x' to='${verona}'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>`,
        `<iq type='set' id='x' to='${verona}'><moderate xmlns='urn:xmpp:message-moderate:1' id='m1'><retract xmlns='urn:xmpp:message-retract:1'/></moderate></iq>`,
        `<iq type='set' id='x' to='${verona}'><command xmlns='http://jabber.org/protocol/commands' node='configure'/></iq>`,
        `<iq type='set' id='x' to='${verona}'><query xmlns='http://jabber.org/protocol/muc#admin'><item nick='tybalt' role='none'/></query></iq>`,
      ];
      for (const stanza of requests) {
        await romeo.sends(stanza);
        romeo.gets(`<iq type='error' id='x'>${forbidden}</iq>`);
      }
      await romeo.sends(`<presence to='${verona}/other'/>`);
      expect([...stage.members('#verona')].sort()).toEqual(['bot', 'tybalt']);
      expect(tybalt.events).toHaveLength(before);
    },
    options,
  );

  scenario(
    'its operator sees and changes whom it admits: who is no longer admitted is taken out, and nobody else',
    async (stage) => {
      const admin = await shares(stage, 'romeo@test', 'juliet@test');
      const [romeo, juliet] = [stage.client('romeo'), stage.client('juliet')];
      await romeo.joins(verona, 'Romeo');
      await juliet.joins(verona, 'Juliet');
      romeo.ignores();
      expect((await new Filling(admin, 'accounts').begin()).rows).toEqual([
        `bot | =~+bot@${domainName} | connected | romeo@test, juliet@test`,
      ]);
      await share(admin, 'juliet@test');
      romeo.gets(`<presence type='unavailable' from='${verona}/bot'/>`);
      juliet.ignores();
      await juliet.says(verona, 'alone', 'm1');
      juliet.gets(`<message type='groupchat' id='m1'/>`);
      await romeo.joins(verona, 'Romeo');
      romeo.gets(`<presence type='error'>${forbidden}</presence>`);
      await share(admin, 'romeo@test');
      expect(stage.members('#verona')).toEqual([]);
    },
    options,
  );

  scenario(
    'whose join waits for the network is not let in once they are admitted no more',
    async (stage) => {
      const admin = await shares(stage, 'romeo@test', 'juliet@test');
      stage.refuses('#verona', new GatewayError('network-away'));
      const [romeo, juliet] = [stage.client('romeo'), stage.client('juliet')];
      await romeo.joins(verona, 'Romeo');
      await juliet.joins(verona, 'Juliet');
      await share(admin, 'juliet@test');
      stage.refuses('#verona', undefined);
      await stage.passes(60);
      romeo.gets(`<presence type='error'>${forbidden}</presence>`);
      expect(came(juliet)).toContain("<status code='110'/>");
    },
    options,
  );

  scenario(
    'whom it admits stays as it was changed while the operator was logging in to it anew',
    async (stage) => {
      const admin = await shares(stage, 'romeo@test', 'juliet@test');
      const filling = new Filling(admin, 'change-login');
      await filling.begin();
      await share(stage.client('admin', 'phone'), 'juliet@test');
      expect((await filling.submit({ username: 'bot', password: 'sesame' })).status).toBe('completed');
      const [romeo, juliet] = [stage.client('romeo'), stage.client('juliet')];
      await romeo.joins(verona, 'Romeo');
      await juliet.joins(verona, 'Juliet');
      romeo.gets(`<presence type='error'>${forbidden}</presence>`);
      expect(came(juliet)).toContain("<status code='110'/>");
    },
    options,
  );

  scenario(
    'it does not come back where it was removed while the operator was logging in to it anew',
    async (stage) => {
      const admin = await shares(stage, 'romeo@test');
      const filling = new Filling(admin, 'change-login');
      await filling.begin();
      const removing = new Filling(stage.client('admin', 'phone'), 'remove-account');
      await removing.begin();
      await removing.submit({ confirm: '1' });
      const over = await filling.submit({ username: 'bot', password: 'sesame' });
      expect(over.notes).toEqual(['error: It did not work: The account was removed meanwhile; add it anew']);
      expect(await stage.gateway.database.db.selectFrom('logins').selectAll().execute()).toEqual([]);
    },
    options,
  );

  scenario(
    'whoever is no operator is not asked, and has no share-account',
    async (stage) => {
      stage.gateway.authority.register('romeo', 'sesame');
      const romeo = stage.client('romeo');
      expect((await new Filling(romeo, 'register').begin()).fields).toHaveProperty('password');
      await romeo.sends(
        `<iq type='set' id='x' to='${domainName}'><command xmlns='http://jabber.org/protocol/commands' node='share-account'/></iq>`,
      );
      expect(came(romeo)).toContain('forbidden');
    },
    options,
  );

  scenario(
    'an operator has private accounts beside it, and the shared one is gone with its login',
    async (stage) => {
      const admin = await shares(stage, 'romeo@test');
      stage.gateway.authority.register('me', 'sesame');
      const filling = new Filling(admin, 'register');
      await filling.begin();
      await filling.submit({}, 'next');
      expect((await filling.submit({ username: 'me', password: 'sesame' })).status).toBe('completed');
      expect((await new Filling(admin, 'accounts').begin()).rows).toEqual([
        `bot | =~+bot@${domainName} | connected | romeo@test`,
        `me | ${domainName} | connected`,
      ]);
      const removing = new Filling(admin, 'remove-account');
      const asked = await removing.begin();
      expect(asked.fields).toHaveProperty('account');
      const [{ id }] = (await stage.gateway.database.db
        .selectFrom('logins')
        .select('id')
        .where('label', '=', 'bot')
        .execute()) as [{ id: string }];
      await removing.submit({ account: id }, 'next');
      await removing.submit({ confirm: '1' });
      const romeo = stage.client('romeo');
      await romeo.joins(verona, 'Romeo');
      romeo.gets(`<presence type='error'>${forbidden}</presence>`);
    },
    options,
  );
});

describe('conversations of two', () => {
  scenario(
    'commands are the operator’s: whoever else types one there says it',
    async (stage) => {
      const admin = await shares(stage, 'romeo@test');
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      const romeo = stage.client('romeo');
      await romeo.joins(verona, 'Romeo');
      const there = `tybalt=~+bot@${domainName}`;
      await tybalt.says('bot', 'talk romeo@test');
      expect((await new Filling(romeo, 'talk', there).begin()).status).toBe('completed');
      await romeo.sends(`<message type='chat' id='m1' to='${there}'><body>/who</body></message>`);
      expect(tybalt.heard.at(-1)).toBe('bot: /who');
      romeo.ignores();
      admin.ignores();
    },
    options,
  );
});

describe('over time', () => {
  scenario(
    'a restart keeps it with those in its rooms',
    async (stage) => {
      await shares(stage, 'romeo@test', 'juliet@test');
      const [romeo, juliet] = [stage.client('romeo'), stage.client('juliet')];
      await romeo.joins(verona, 'Romeo');
      await juliet.joins(verona, 'Juliet');
      for (const how of ['keep', 'kill'] as const) {
        await stage.restarts(how);
        romeo.ignores();
        juliet.ignores();
        await juliet.says(verona, 'again', how);
        romeo.gets(`<message type='groupchat' id='${how}'><body>&lt;juliet&gt; again</body></message>`);
        juliet.gets(`<message type='groupchat' id='${how}'/>`);
      }
    },
    options,
  );

  scenario(
    'the data of somebody who is admitted are theirs alone: to have them deleted ends nothing for the others',
    async (stage) => {
      await shares(stage, 'romeo@test', 'juliet@test');
      const [romeo, juliet] = [stage.client('romeo'), stage.client('juliet')];
      await romeo.joins(verona, 'Romeo');
      await juliet.joins(verona, 'Juliet');
      const deleting = new Filling(romeo, 'delete-my-data');
      const asked = await deleting.begin();
      await deleting.submit(Object.fromEntries(Object.keys(asked.fields).map((name) => [name, '1'])));
      await stage.calm();
      juliet.ignores();
      await juliet.says(verona, 'still here', 'm1');
      juliet.gets(`<message type='groupchat' id='m1'/>`);
      expect(await stage.accounts()).toEqual({ running: 1, stored: 1 });
      expect(await stage.gateway.database.db.selectFrom('logins').select('label').execute()).toEqual([
        { label: 'bot' },
      ]);
    },
    options,
  );

  scenario(
    'what one may say in a minute is counted for each of them',
    async (stage) => {
      await shares(stage, 'romeo@test', 'juliet@test');
      const [romeo, juliet] = [stage.client('romeo'), stage.client('juliet')];
      await romeo.joins(verona, 'Romeo');
      await juliet.joins(verona, 'Juliet');
      await romeo.says(verona, 'one');
      romeo.ignores();
      juliet.ignores();
      await romeo.says(verona, 'two', 'm2');
      romeo.gets(`<message type='error' id='m2'/>`);
      await juliet.says(verona, 'three', 'm3');
      juliet.gets(`<message type='groupchat' id='m3'/>`);
    },
    { ...options, limits: { messagesPerMinute: 1 } },
  );
});
