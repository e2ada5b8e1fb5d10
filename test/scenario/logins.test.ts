/** Accounts that people add: every kind of step, by form and by chat, kept only when the network has taken it, and gone without a trace. */
import { describe, expect } from 'vitest';
import { GatewayError } from '../../src/core/errors.ts';
import { child, textOf } from '../harness/markup.ts';
import { came, chats, Filling } from './filling.ts';
import { failed } from './lines.ts';
import { kept, loginsOnly as options, registers, romeoOn } from './registered.ts';
import { scenario, verona } from './stage.ts';

describe('by form', () => {
  scenario(
    '077-05 100-01 100-02 it is kept when the network has taken it; then the gateway asks to be a contact',
    async (stage) => {
      const romeo = romeoOn(stage);
      const filling = new Filling(romeo, 'register');
      expect((await filling.begin()).fields).toEqual({ username: '', password: '', how: 'password' });
      const done = await filling.submit({ username: 'romeo', password: 'sesame' });
      expect(done).toMatchObject({
        status: 'completed',
        notes: ['info: You are logged in as romeo. It is kept from now on.'],
      });
      expect(came(romeo)).toEqual(['iq result', 'presence subscribe']);
      romeo.gets(
        `<iq type='result'/>`,
        `<presence type='subscribe' from='net.test' to='romeo@test'><nick xmlns='http://jabber.org/protocol/nick'>the fake network</nick></presence>`,
      );
      expect(await stage.accounts()).toEqual({ running: 1, stored: 1 });
      const [row] = await kept(stage);
      expect(row).toMatchObject({
        label: 'romeo',
        owner: 'romeo@test',
        state: 'in',
        credentials: expect.stringMatching(/^v1:/),
      });
    },
    options,
  );

  scenario(
    'a wrong password is asked for again, with what was wrong, and nothing is kept of it',
    async (stage) => {
      const romeo = romeoOn(stage);
      const filling = new Filling(romeo, 'register');
      await filling.begin();
      const again = await filling.submit({ username: 'romeo', password: 'open' });
      expect(again).toMatchObject({
        status: 'executing',
        notes: ['error: This name and this password do not belong together.'],
      });
      expect(again.fields).toMatchObject({ username: 'romeo', password: '' });
      expect(await kept(stage)).toEqual([]);
      expect((await filling.submit({ username: 'romeo', password: 'sesame' })).status).toBe('completed');
    },
    options,
  );

  scenario(
    'a code that was sent elsewhere is asked for until it is right',
    async (stage) => {
      const filling = new Filling(romeoOn(stage), 'register');
      await filling.begin();
      const asked = await filling.submit({ username: 'romeo', password: 'sesame', how: 'code' });
      expect(Object.keys(asked.fields)).toEqual(['code']);
      expect((await filling.submit({ code: '1' })).notes).toEqual(['error: This is another code.']);
      expect(await kept(stage)).toEqual([]);
      expect((await filling.submit({ code: stage.gateway.authority.sent })).status).toBe('completed');
    },
    options,
  );

  scenario(
    'a QR code is shown, as a text and an address too, a new one when it is good no more, and it goes on when it was scanned',
    async (stage) => {
      const { authority } = stage.gateway;
      const romeo = stage.client();
      const filling = new Filling(romeo, 'register');
      await filling.begin();
      const first = await filling.submit({ username: 'x', how: 'qr' });
      const [pairing] = authority.pairings;
      expect(first.text).toContain(`What the QR code says: ${pairing?.text}`);
      expect(first.text).toContain('Open https://fake.example/pair#');
      await filling.submit();
      expect(came(romeo)).toEqual([]);
      await stage.passes(21);
      expect(filling.answer().text).toContain('Nothing has come of it yet.');
      pairing?.expire();
      await stage.calm();
      const second = await filling.submit();
      expect(second.text).toContain(authority.pairings[0]?.text);
      authority.pairings[0]?.scan('romeo');
      await stage.calm();
      expect((await filling.submit()).notes[0]).toBe('info: You are logged in as romeo. It is kept from now on.');
    },
    options,
  );

  scenario(
    '050-05 who cancels leaves nothing: what was shown is good no more',
    async (stage) => {
      const romeo = stage.client();
      const filling = new Filling(romeo, 'register');
      await filling.begin();
      await filling.submit({ username: 'x', how: 'qr' });
      expect(stage.gateway.authority.pairings).toHaveLength(1);
      expect((await filling.cancel()).status).toBe('canceled');
      await stage.calm();
      expect(stage.gateway.authority.pairings).toEqual([]);
      expect((await new Filling(romeo, 'register').begin()).fields).toHaveProperty('username');
      expect(await kept(stage)).toEqual([]);
    },
    options,
  );

  scenario(
    'another client goes on with what one has begun, or begins anew',
    async (stage) => {
      const { authority } = stage.gateway;
      authority.register('romeo', 'sesame');
      const desk = new Filling(stage.client('romeo', 'desk'), 'register');
      await desk.begin();
      await desk.submit({ username: 'romeo', password: 'sesame', how: 'code' });
      const phone = new Filling(stage.client('romeo', 'phone'), 'register');
      expect((await phone.begin()).text).toContain('A login that you have begun waits for you.');
      expect(Object.keys((await phone.submit({ what: 'continue' })).fields)).toEqual(['code']);
      expect((await phone.submit({ code: authority.sent })).status).toBe('completed');
    },
    options,
  );

  scenario(
    'what is begun waits ten minutes for an answer, and is then forgotten',
    async (stage) => {
      const romeo = stage.client();
      const filling = new Filling(romeo, 'register');
      await filling.begin();
      await stage.passes(601);
      const over = await filling.submit({ username: 'romeo', password: 'sesame' });
      expect(over.notes).toEqual(['error: It did not work: The login took too long; begin anew']);
      expect((await new Filling(romeo, 'register').begin()).fields).toHaveProperty('username');
    },
    options,
  );

  scenario(
    'a network that can not be reached keeps nothing, and says so',
    async (stage) => {
      const filling = new Filling(romeoOn(stage), 'register');
      await filling.begin();
      stage.gateway.away(new GatewayError('no-connection', { text: 'Nobody is there.' }));
      const over = await filling.submit({ username: 'romeo', password: 'sesame' });
      expect(over.notes).toEqual(['error: It did not work: Nobody is there.']);
      expect(await kept(stage)).toEqual([]);
    },
    options,
  );

  scenario(
    'one who does not answer in time is told that it goes on, by a message',
    async (stage) => {
      const romeo = stage.client();
      const filling = new Filling(romeo, 'register');
      await filling.begin();
      await filling.submit({ username: 'x', how: 'qr' });
      romeo.ignores();
      stage.gateway.authority.pairings[0]?.scan('romeo');
      await stage.calm();
      romeo.gets(
        `<message type='chat' from='net.test'><body>Your login to the fake network goes on: write register to me.</body></message>`,
      );
      expect(await kept(stage)).toHaveLength(1);
    },
    options,
  );
});

describe('killed', () => {
  scenario(
    'while the network is being asked: as if it had never been begun',
    async (stage) => {
      const romeo = romeoOn(stage);
      const filling = new Filling(romeo, 'register');
      await filling.begin();
      // Never let go: the dead process must not go on in this one.
      stage.gateway.hold('connect');
      await filling.submit({ username: 'romeo', password: 'sesame' });
      await stage.gateway.stop('kill');
      await stage.gateway.start();
      await stage.calm();
      expect(await kept(stage)).toHaveLength(0);
      expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
      expect((await new Filling(romeo, 'register').begin()).fields).toHaveProperty('username');
    },
    options,
  );

  scenario(
    'when it is written down and nothing else has been done: it is there, and connected by itself',
    async (stage) => {
      await registers(stage);
      await stage.gateway.stop('kill');
      await stage.gateway.database.db.deleteFrom('accounts').execute();
      await stage.gateway.start();
      await stage.calm();
      expect(await kept(stage)).toHaveLength(1);
      expect(await stage.accounts()).toEqual({ running: 1, stored: 1 });
    },
    options,
  );
});

describe('by chat', () => {
  scenario(
    '077-14 a question at a time; a wrong password is asked for again',
    async (stage) => {
      const romeo = romeoOn(stage);
      expect(await chats(romeo, 'register')).toBe('Log in with your account there.\nName?');
      const form = await chats(romeo, 'romeo');
      expect(form).toContain('how = With the password');
      expect(form).toContain('Password?');
      expect(await chats(romeo, 'open')).toContain('This name and this password do not belong together.');
      expect(await chats(romeo, 'sesame')).toContain('You are logged in as romeo.');
      expect(await kept(stage)).toHaveLength(1);
    },
    options,
  );

  scenario(
    '077-14 a wrong code is asked for again, and the next line is the answer',
    async (stage) => {
      const romeo = romeoOn(stage);
      await chats(romeo, 'register');
      await chats(romeo, 'how code');
      await chats(romeo, 'romeo');
      expect(await chats(romeo, 'sesame')).toBe('It was sent to your telephone.\nCode?');
      expect(await chats(romeo, '1')).toBe('This is another code.\nIt was sent to your telephone.\nCode?');
      expect(await chats(romeo, stage.gateway.authority.sent ?? '')).toContain('You are logged in as romeo.');
    },
    options,
  );
});

describe('an account', () => {
  scenario(
    'stays connected from then on, after a restart too, and has its rooms',
    async (stage) => {
      const romeo = await registers(stage);
      await romeo.joins(verona, 'romeo');
      await stage.restarts('kill');
      expect(await stage.accounts()).toEqual({ running: 1, stored: 1 });
      expect(stage.members('#verona')).toEqual(['romeo']);
    },
    options,
  );

  scenario(
    'MSG-03 is needed where the network wants one: who has none is told so',
    async (stage) => {
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      romeo.gets(
        `<presence type='error' from='${verona}/romeo'><x/><error type='auth'><registration-required xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>`,
      );
      expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
      await romeo.sends(`<message type='chat' id='m1' to='juliet@net.test'><body>Juliet?</body></message>`);
      const [refused] = romeo.gets(failed('message', 'm1', 'auth', 'registration-required'));
      expect(textOf(child(child(refused, 'error'), 'text'))).toContain('write register to the gateway');
    },
    options,
  );

  scenario(
    '100-06 a second one has addresses of its own, and both are in a room together',
    async (stage) => {
      const { authority } = stage.gateway;
      const romeo = await registers(stage);
      authority.register('Work & Co', 'x');
      await stage.passes(1);
      const filling = new Filling(romeo, 'register');
      await filling.begin();
      const done = await filling.submit({ username: 'Work &amp; Co', password: 'x' });
      expect(done.notes).toContain('info: Its own address: =~work-co@net.test');
      const list = await new Filling(romeo, 'accounts').begin();
      expect(list.rows).toEqual(['romeo | net.test | connected', 'Work & Co | =~work-co@net.test | connected']);
      await romeo.joins(verona, 'romeo');
      await romeo.joins('#verona=~work-co@net.test', 'boss');
      expect(stage.members('#verona')).toEqual(['romeo', 'Work & Co']);
      const secret = `<encrypted xmlns='urn:xmpp:omemo:2'/><body>Use OMEMO</body>`;
      romeo.ignores();
      await romeo.sends(`<message type='chat' id='s' to='juliet=~work-co@net.test'>${secret}</message>`);
      expect(JSON.stringify(romeo.queue)).toContain('This conversation is on net.test (work-co);');
      expect(await chats(romeo, 'disconnect')).toMatch(/\d\. net\.test \(work-co\)/);
    },
    options,
  );

  scenario(
    '45-90 others are invited into a room of the second one by the address that they have for it',
    async (stage) => {
      const romeo = await registers(stage);
      stage.gateway.authority.register('work', 'x');
      await stage.passes(1);
      const filling = new Filling(romeo, 'register');
      await filling.begin();
      await filling.submit({ username: 'work', password: 'x' });
      const here = '#verona=~work@net.test';
      await romeo.joins(here, 'work');
      const juliet = stage.client('juliet');
      for (const whom of [juliet, romeo]) {
        whom.ignores();
        const x = (inside: string): string => `<x xmlns='http://jabber.org/protocol/muc#user'>${inside}</x>`;
        await romeo.sends(`<message to='${here}'>${x(`<invite to='${whom.bare}'/>`)}</message>`);
        const there = whom === romeo ? here : verona;
        whom.gets(
          `<message from='${there}'>${x(`<invite from='romeo@test'/>`)}<x xmlns='jabber:x:conference' jid='${there}'/></message>`,
        );
      }
    },
    options,
  );

  scenario(
    'is logged out and in again; meanwhile nobody gets in with it, whatever restarts',
    async (stage) => {
      const romeo = await registers(stage);
      await romeo.joins(verona, 'romeo');
      expect((await new Filling(romeo, 'logout').begin()).notes).toEqual(['info: romeo is logged out.']);
      expect(stage.members('#verona')).toEqual([]);
      await stage.restarts();
      romeo.ignores();
      await romeo.joins(verona, 'romeo');
      expect(came(romeo)).toEqual(['presence error']);
      expect((await new Filling(romeo, 'login').begin()).notes).toEqual(['info: romeo is logged in.']);
      await romeo.joins(verona, 'romeo');
      expect(stage.members('#verona')).toEqual(['romeo']);
    },
    options,
  );

  scenario(
    'whose login the network takes no more waits for its owner, who is told once; logged in anew it goes on',
    async (stage) => {
      const romeo = await registers(stage);
      stage.gateway.authority.forget('romeo');
      await stage.restarts();
      romeo.gets(
        `<presence type='error' from='net.test'/>`,
        `<presence type='unavailable' from='net.test/gateway'><status/></presence>`,
        `<message type='chat' from='net.test'><body/></message>`,
      );
      expect((await new Filling(romeo, 'accounts').begin()).rows).toEqual(['romeo | net.test | not connected']);
      const filling = new Filling(romeo, 'change-login');
      expect((await filling.begin()).fields).toMatchObject({ username: 'romeo', password: '' });
      expect((await filling.submit({ username: 'romeo', password: 'sesame' })).status).toBe('completed');
      expect(await kept(stage)).toHaveLength(1);
      await romeo.joins(verona, 'romeo');
      expect(stage.members('#verona')).toEqual(['romeo']);
    },
    options,
  );

  scenario(
    '100-40 100-41 is removed: out of its rooms, nothing is kept, and the gateway is no contact any more',
    async (stage) => {
      const romeo = await registers(stage);
      await romeo.joins(verona, 'romeo');
      const filling = new Filling(romeo, 'remove-account');
      await filling.begin();
      expect((await filling.submit({ confirm: '1' })).notes).toEqual(['info: romeo was removed.']);
      expect(came(romeo).slice(-3)).toEqual(['presence unavailable', 'presence unsubscribe', 'presence unsubscribed']);
      expect(stage.members('#verona')).toEqual([]);
      expect(await kept(stage)).toEqual([]);
      expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
    },
    options,
  );

  scenario(
    'of which there may be so many, and no more',
    async (stage) => {
      const { authority } = stage.gateway;
      const romeo = await registers(stage);
      authority.register('two', 'x');
      const filling = new Filling(romeo, 'register');
      await filling.begin();
      const over = await filling.submit({ username: 'two', password: 'x' });
      expect(over.notes).toEqual(['error: It did not work: At most 1 accounts here: remove one first']);
      expect(await kept(stage)).toHaveLength(1);
    },
    { ...options, limits: { servers: 1 } },
  );
});
