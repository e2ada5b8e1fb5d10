/** The gateway among its users' contacts: who takes it out is logged out, who adds it again is logged in (CHECKLIST 5.4). */
import { describe, expect } from 'vitest';
import { personId } from '../../src/bridge/index.ts';
import { show } from '../harness/markup.ts';
import { Filling } from './filling.ts';
import { domainName } from './gateway.ts';
import { loginsOnly as options, registers } from './registered.ts';
import { came, options as forShared, verona as sharedVerona, shares } from './shared.ts';
import { type Stage, scenario, verona } from './stage.ts';

/** What a server sends for somebody who removes an entry that both sides see (RFC 6121 §2.5.2). */
const takesOut = ['unsubscribe', 'unsubscribed'].map((type) => `<presence type='${type}' to='${domainName}'/>`);
const unavailable = `<presence type='unavailable' from='${domainName}/gateway' to='romeo@test'/>`;
const ready = ({ gateway: { domain } }: Stage): number => domain.runner.count('ready');

describe('100-42 the gateway taken out of the contacts', () => {
  scenario(
    'logs out all accounts of that person, for good, and keeps them; added again it logs them in',
    async (stage) => {
      stage.gateway.world.contacts.put(personId('romeo'), personId('juliet'), { name: 'Juliet' });
      stage.gateway.world.contacts.appear(personId('juliet'), { show: 'away' });
      const romeo = await registers(stage);
      stage.gateway.authority.register('work', 'x');
      await stage.passes(1);
      const filling = new Filling(romeo, 'register');
      await filling.begin();
      await filling.submit({ username: 'work', password: 'x' });
      await romeo.sends(`<presence type='subscribe' to='juliet@${domainName}'/>`);
      await romeo.joins(verona, 'romeo');
      romeo.ignores();
      expect(ready(stage)).toBe(2);
      await romeo.sends(...takesOut);
      await stage.calm();
      expect([ready(stage), stage.members('#verona')]).toEqual([0, []]);
      const said = came(romeo);
      for (const words of [
        'You have taken me out of your contacts. Logged out, and kept: romeo, work.',
        `<presence type='unavailable' from='juliet@${domainName}/gateway' to='romeo@test'/>`,
      ])
        expect(said).toContain(words);
      await stage.restarts();
      await stage.passes(600);
      const { rows } = await new Filling(romeo, 'accounts').begin();
      expect(rows).toEqual(['romeo | net.test | logged out', 'work | =~work@net.test | logged out']);
      expect(ready(stage)).toBe(0);
      romeo.ignores();
      await romeo.sends(`<presence type='subscribe' to='${domainName}'/>`);
      await stage.passes(1);
      expect(ready(stage)).toBe(2);
      romeo.ignores();
    },
    options,
  );

  scenario(
    'says so in the language of whoever last asked something, and once',
    async (stage) => {
      const romeo = await registers(stage);
      await romeo.sends(`<message type='chat' xml:lang='de' to='${domainName}'><body>accounts</body></message>`);
      romeo.ignores();
      for (const _ of ['once', 'again']) {
        await romeo.sends(...takesOut);
        await stage.calm();
      }
      expect(romeo.queue.splice(0).flatMap((one) => (one.name === 'message' ? [show(one)] : []))).toEqual([
        expect.stringContaining(
          '>Du hast mich aus deinen Kontakten genommen. Abgemeldet, aber noch da: romeo. Füg mich wieder hinzu oder schreib login, dann geht es weiter; remove-account löscht ein Konto.<',
        ),
      ]);
    },
    options,
  );

  scenario(
    'is more than not wanting to be seen by it: who turns its request down stays logged in',
    async (stage) => {
      const romeo = await registers(stage);
      await romeo.sends(`<presence type='unsubscribed' to='${domainName}'/>`);
      await stage.calm();
      expect(ready(stage)).toBe(1);
    },
    options,
  );

  scenario(
    'by an operator leaves the accounts that others share as they are',
    async (stage) => {
      const admin = await shares(stage, 'romeo@test');
      const romeo = stage.client();
      await romeo.joins(sharedVerona, 'romeo');
      romeo.ignores();
      await admin.sends(...takesOut);
      await stage.calm();
      expect(stage.members('#verona')).toEqual(['bot']);
      admin.gets(`<presence type='unavailable' from='${domainName}/gateway' to='admin@test'/>`);
      romeo.gets();
    },
    forShared,
  );

  scenario('where rooms make the accounts ends none: whoever is in a room wants to be there', async (stage) => {
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await romeo.sends(...takesOut);
    romeo.gets(unavailable);
    expect(stage.members('#verona')).toEqual(['romeo']);
  });
});

scenario(
  '100-16 who logs out is shown so by the gateway, as is each client that comes later, until they are in again',
  async (stage) => {
    const romeo = await registers(stage);
    const here = `<presence from='${domainName}/gateway'><c xmlns='http://jabber.org/protocol/caps'/></presence>`;
    const gone = (to: string, status: string): string =>
      `<presence type='unavailable' from='${domainName}/gateway' to='${to}'><status>${status}</status></presence>`;
    const phone = stage.client('romeo', 'phone');
    const comes = (): Promise<void> => phone.sends(`<presence to='${domainName}'/>`);
    await comes();
    phone.gets(here);
    expect((await new Filling(romeo, 'logout').begin()).notes).toEqual(['info: romeo is logged out.']);
    const why = 'You have logged out; write login to the gateway to come back';
    phone.gets(gone('romeo@test', why));
    await comes();
    phone.gets(here, gone(phone.jid, why));
    await stage.restarts();
    phone.ignores();
    await comes();
    phone.gets(here, gone(phone.jid, why));
    expect((await new Filling(romeo, 'login').begin()).notes).toEqual(['info: romeo is logged in.']);
    await stage.passes(1);
    phone.gets(here);
    await comes();
    phone.gets(here);
    romeo.ignores();
  },
  options,
);

scenario(
  'MSG-03 what somebody writes who has logged out is refused at once, with what to do, on every account of theirs',
  async (stage) => {
    const nurse = stage.person('nurse');
    const romeo = await registers(stage);
    stage.gateway.authority.register('work', 'x');
    const filling = new Filling(romeo, 'register');
    await filling.begin();
    await filling.submit({ username: 'work', password: 'x' });
    romeo.ignores();
    await romeo.sends(...takesOut);
    await stage.calm();
    for (const how of ['now', 'after a restart']) {
      if (how !== 'now') await stage.restarts();
      romeo.ignores();
      for (const [id, to] of [
        ['m1', `nurse@${domainName}`],
        ['m2', `nurse=~work@${domainName}`],
      ] as const) {
        await romeo.sends(`<message type='chat' id='${id} ${how}' to='${to}'><body>Are you there?</body></message>`);
        await stage.calm();
        const [told, ...more] = romeo.gets(
          `<message type='error' id='${id} ${how}' from='${to}'><error type='auth'><registration-required xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`,
        );
        expect([told && show(told).includes('write login to the gateway'), more]).toEqual([true, []]);
      }
    }
    expect(nurse.heard).toEqual([]);
  },
  options,
);
