/** Coming into a room, and not coming in. */
import { describe, expect } from 'vitest';
import { GatewayError } from '../../src/bridge/index.ts';
import { domainName } from './gateway.ts';
import { failed, gone, once, said, self, subject, there } from './lines.ts';
import { mantua, scenario, verona } from './stage.ts';

describe('joining', () => {
  scenario('45-20 45-22 45-38 the others, oneself with 110, then the subject', async (stage) => {
    await stage.inhabitant('juliet', '#verona', 'moderator');
    await stage.inhabitant('nurse', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.gets(there('juliet', 'moderator'), there('nurse'), self('romeo', [100]), subject());
    expect(stage.members('#verona')).toEqual(['juliet', 'nurse', 'romeo']);
  });

  scenario('45-38 the subject that the room has comes last', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    await juliet.setsTopic('#verona', 'Two households');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.gets(there('juliet'), self('romeo'), subject('Two households'));
  });

  scenario('45-20 what is said during a join comes behind the subject, and nothing is lost', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    const phone = stage.client('romeo', 'phone');
    await stage.whileHeld('past', async () => {
      await phone.joins(verona, 'romeo');
      await juliet.says('#verona', 'hello');
      phone.gets();
    });
    phone.gets(there('juliet'), self('romeo'), subject(), said('juliet', 'hello'));
    romeo.gets(said('juliet', 'hello'));
  });

  scenario(
    'where the archive does not answer one comes in without the past, and what is said there goes on',
    async (stage) => {
      const juliet = await stage.inhabitant('juliet', '#verona');
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      await romeo.says(verona, 'it is my lady');
      romeo.ignores();
      const phone = stage.client('romeo', 'phone');
      await stage.whileHeld('past', async () => {
        await phone.joins(verona, 'romeo');
        await romeo.says(verona, 'it is my love');
        await stage.passes(10);
        phone.gets(there('juliet'), self('romeo'), subject(), said('romeo', 'it is my love', '*'));
        expect(juliet.heard.at(-1)).toBe('romeo: it is my love');
      });
    },
  );

  scenario('45-27 a second client gets the whole sequence, and the network sees no second join', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    await stage.client().joins(verona, 'romeo');
    const phone = stage.client('romeo', 'phone');
    await phone.joins(verona, 'romeo');
    phone.gets(there('juliet'), self('romeo'), subject());
    expect(juliet.saw).toEqual(['+romeo']);
    expect(stage.gateway.connects).toBe(1);
  });

  scenario('45-28 a second client that asks for another nick gets the account’s, with 210', async (stage) => {
    await stage.client().joins(verona, 'romeo');
    const phone = stage.client('romeo', 'phone');
    await phone.joins(verona, 'montague');
    phone.gets(self('romeo', [210]), subject());
  });

  scenario('45-30 a room that is open under another spelling of its address: sent on to that one', async (stage) => {
    const typed = `#вена@${domainName}`;
    const written = `#=d0=b2=d0=b5=d0=bd=d0=b0@${domainName}`;
    const romeo = stage.client();
    await romeo.joins(typed, 'romeo');
    romeo.ignores();
    const phone = stage.client('romeo', 'phone');
    await phone.joins(written, 'romeo');
    const redirect = `<redirect xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>xmpp:${encodeURIComponent('#вена')}@${domainName}?join</redirect>`;
    const error = `<presence type='error' id='join' from='${written}/romeo'><error type='modify'>${redirect}</error></presence>`;
    phone.gets(error);
    await romeo.joins(written, 'romeo');
    romeo.gets(error);
    await romeo.says(typed, 'still here');
    romeo.gets(said('romeo', 'still here', '*', typed));
  });

  scenario('45-26 joining again is a full resync', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await romeo.joins(verona, 'romeo');
    romeo.gets(there('juliet'), self('romeo'), subject());
    expect(juliet.saw).toEqual(['+romeo']);
  });

  scenario('45-50 who is away by the time of being let in comes in as away', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await stage.whileHeld('join', async () => {
      await romeo.joins(verona, 'romeo');
      await romeo.sends(`<presence to='${verona}/romeo'><show>away</show><status>lunch</status></presence>`);
      romeo.gets();
    });
    const own = `<presence type='!' from='${verona}/romeo'><show>away</show><status>lunch</status></presence>`;
    romeo.gets(there('juliet'), own, subject());
    expect(juliet.saw).toEqual(['+romeo']);
  });

  scenario('45-52 another nick, asked for while being let in, is asked of the network behind that', async (stage) => {
    const romeo = stage.client();
    await stage.whileHeld('join', async () => {
      await romeo.joins(verona, 'romeo');
      await romeo.sends(`<presence id='nick' to='${verona}/montague'/>`);
      romeo.gets();
    });
    romeo.gets(self('romeo'), subject(), gone('romeo', [303, 110]), self('montague'));
    expect(stage.members('#verona')).toEqual(['montague']);
  });

  scenario('two joins at once make one session', async (stage) => {
    const romeo = stage.client();
    await stage.whileHeld('connect', async () => {
      await romeo.joins(verona, 'romeo');
      await romeo.joins(mantua, 'romeo');
    });
    expect(stage.gateway.connects).toBe(1);
    expect([stage.members('#verona'), stage.members('#mantua')]).toEqual([['romeo'], ['romeo']]);
  });

  scenario('45-30 a join that the network refuses: the error, and the account is gone', async (stage) => {
    stage.refuses('#verona', new GatewayError('wrong-password', { text: 'Sesame' }));
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.gets(failed('presence', 'join', 'auth', 'not-authorized'));
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
    expect(await stage.waiting()).toBe(0);
    stage.refuses('#verona', undefined);
    await romeo.joins(verona, 'romeo');
    romeo.gets(self('romeo'), subject());
  });

  scenario('45-30 whoever may be let in before long stays connected for ten minutes', async (stage) => {
    stage.refuses('#verona', new GatewayError('members-only', { text: 'By invitation' }));
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.gets(failed('presence', 'join', 'auth', 'registration-required'));
    await stage.passes(590);
    expect(await stage.accounts()).toEqual({ running: 1, stored: 1 });
    await stage.passes(10);
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
    await romeo.joins(verona, 'romeo');
    romeo.gets(failed('presence', 'join', 'auth', 'registration-required'));
    stage.refuses('#verona', undefined);
    await romeo.joins(verona, 'romeo');
    romeo.gets(self('romeo'), subject());
    expect(stage.gateway.connects).toBe(2);
    await romeo.leaves(verona, 'romeo');
    await stage.passes(600);
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
  });

  scenario('45-30 a refused room leaves the other rooms alone', async (stage) => {
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    stage.refuses('#mantua', new GatewayError('banned'));
    await romeo.joins(mantua, 'romeo');
    romeo.gets(self('romeo'), subject(), failed('presence', 'join', 'auth', 'forbidden'));
    expect(stage.members('#verona')).toEqual(['romeo']);
    expect(await stage.accounts()).toEqual({ running: 1, stored: 1 });
  });

  scenario('45-30 a nick that somebody has: conflict; another nick then gets in', async (stage) => {
    await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'juliet');
    romeo.gets(failed('presence', 'join', 'cancel', 'conflict'));
    await romeo.joins(verona, 'romeo');
    romeo.gets(there('juliet'), self('romeo'), subject());
  });

  scenario('45-30 a network that can not be reached: the error, and nobody hangs', async (stage) => {
    stage.gateway.away(new GatewayError('no-connection', { text: 'Nobody answers there' }));
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.gets(failed('presence', 'join', 'wait', 'remote-server-timeout'));
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
  });

  scenario('a network that is away for a moment: the join is tried again and works', async (stage) => {
    stage.gateway.away(new GatewayError('network-away'));
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.gets();
    stage.gateway.away(undefined);
    await stage.passes(2);
    romeo.gets(self('romeo'), subject());
  });

  scenario(
    '45-25 who goes away while the join waits for the network is not told to be out of the room',
    async (stage) => {
      stage.gateway.away(new GatewayError('network-away'));
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      await romeo.sends(`<presence to='${verona}/romeo'><show>away</show></presence>`);
      stage.gateway.away(undefined);
      await stage.passes(2);
      romeo.gets(self('romeo'), subject());
    },
  );

  scenario('a join that could not be tried in five minutes is given up with an error', async (stage) => {
    stage.gateway.away(new GatewayError('network-away'));
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    await stage.passes(900);
    romeo.gets(failed('presence', 'join', 'wait', 'remote-server-timeout'));
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
  });

  scenario(
    'who is not on the list is refused, and nothing is opened for them',
    async (stage) => {
      const paris = stage.client();
      await paris.joins(verona, 'paris');
      paris.gets((stanza) => stanza.attrs.type === 'error' && stanza.attrs.id === 'join');
      expect(stage.gateway.connects).toBe(0);
      expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
    },
    { allow: ['elsewhere.test'] },
  );

  scenario('two users with accounts of their own in one room see each other as occupants', async (stage) => {
    const romeo = stage.client('romeo');
    const juliet = stage.client('juliet');
    await romeo.joins(verona, 'romeo');
    await juliet.joins(verona, 'juliet');
    romeo.gets(self('romeo'), subject(), there('juliet'));
    juliet.gets(there('romeo'), self('juliet'), subject());
    await romeo.says(verona, 'good morrow');
    romeo.gets(said('romeo', 'good morrow', 'good morrow'));
    juliet.gets(said('romeo', 'good morrow'));
    expect(stage.gateway.connects).toBe(2);
  });

  scenario('45-44 what is said right behind a join, before the account is there, is said when it is', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    const x = `<x xmlns='http://jabber.org/protocol/muc'/>`;
    await romeo.sends(
      `<presence id='join' to='${verona}/romeo'>${x}</presence>`,
      `<message type='groupchat' id='m1' to='${verona}'><body>here I am</body></message>`,
    );
    romeo.gets(there('juliet'), self('romeo'), subject(), said('romeo', 'here I am', 'm1'));
    expect(juliet.heard).toEqual(['romeo: here I am']);
  });

  scenario('45-44 the same for the second room of a live account, however long entering it takes', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#mantua');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await stage.whileHeld('join', async () => {
      await romeo.joins(mantua, 'romeo');
      await romeo.says(mantua, 'is it even so?', 'm1');
      romeo.gets();
    });
    romeo.gets(
      there('juliet', 'participant', mantua),
      self('romeo', [], mantua),
      subject('', mantua),
      said('romeo', 'is it even so?', 'm1', mantua),
    );
    expect(juliet.heard).toEqual(['romeo: is it even so?']);
  });

  scenario('45-35 45-36 who asks for history gets as much of the room’s past, with its stamps', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    for (const text of ['one', 'two', 'three']) await juliet.says('#verona', text);
    const phone = stage.client('romeo', 'phone');
    await phone.joins(verona, 'romeo', `<history maxstanzas='2'/>`);
    phone.gets(there('juliet'), self('romeo'), once('juliet', 'two'), once('juliet', 'three'), subject());
  });

  scenario('a client that goes while it is being let in is not let in, and the room is left', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await stage.whileHeld('join', async () => {
      await romeo.joins(verona, 'romeo');
      await romeo.leaves(verona, 'romeo');
      romeo.gets(gone('romeo', [110]));
    });
    romeo.gets();
    expect(juliet.saw).toEqual(['+romeo', '-romeo']);
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
  });

  scenario('45-55 who leaves while the join waits to be tried again does not come in after all', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    stage.gateway.away(new GatewayError('network-away'));
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    await romeo.leaves(verona, 'romeo');
    stage.gateway.away(undefined);
    await stage.passes(10);
    romeo.gets(gone('romeo', [110]));
    expect(juliet.saw).toEqual([]);
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
    await romeo.joins(verona, 'romeo');
    romeo.gets(there('juliet'), self('romeo'), subject());
  });

  scenario('45-55 the same where it leaves in the middle of a try that fails', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    stage.gateway.away(new GatewayError('network-away'));
    await stage.whileHeld('connect', async () => {
      await romeo.joins(verona, 'romeo');
      await romeo.leaves(verona, 'romeo');
      romeo.gets(gone('romeo', [110]));
    });
    stage.gateway.away(undefined);
    await stage.passes(10);
    romeo.gets();
    expect(juliet.saw).toEqual([]);
  });

  scenario('45-55 another client of the account still comes in, and so does the one that asks again', async (stage) => {
    stage.gateway.away(new GatewayError('network-away'));
    const desk = stage.client();
    const phone = stage.client('romeo', 'phone');
    await desk.joins(verona, 'romeo');
    await phone.joins(verona, 'romeo');
    await desk.leaves(verona, 'romeo');
    await phone.leaves(verona, 'romeo');
    await phone.joins(verona, 'romeo');
    stage.gateway.away(undefined);
    await stage.passes(10);
    desk.gets(gone('romeo', [110]));
    phone.gets(gone('romeo', [110]), self('romeo'), subject());
  });
});

describe('what a user may have', () => {
  scenario(
    'one room too many is refused in words; with one left there is room again',
    async (stage) => {
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      romeo.ignores();
      await romeo.joins(mantua, 'romeo');
      romeo.gets(failed('presence', 'join', 'wait', 'policy-violation'));
      expect(stage.members('#mantua')).toEqual([]);
      await romeo.leaves(verona, 'romeo');
      romeo.ignores();
      await romeo.joins(mantua, 'romeo');
      expect(stage.members('#mantua')).toEqual(['romeo']);
    },
    { limits: { rooms: 1 } },
  );

  scenario(
    'one message too many comes back, and the room does not see it',
    async (stage) => {
      const juliet = await stage.inhabitant('juliet', '#verona');
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      romeo.ignores();
      for (const text of ['one', 'two', 'three']) await romeo.says(verona, text);
      romeo.gets(said('romeo', 'one'), said('romeo', 'two'), failed('message', 'three', 'wait', 'policy-violation'));
      expect(juliet.saw.filter((line) => line.includes('three'))).toEqual([]);
    },
    { limits: { messagesPerMinute: 2 } },
  );
});
