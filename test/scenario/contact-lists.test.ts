/** The network's own list of people in the owner's contact list: put there, suggested or asked for, and taken out of either (CHECKLIST 7.2 to 7.4, 12.2). */
import { describe, expect } from 'vitest';
import { plainText } from '../../src/core/content.ts';
import type { MessageEvent } from '../../src/core/event.ts';
import { chatId, messageId, personId } from '../../src/core/ids.ts';
import { child } from '../harness/markup.ts';
import { present } from '../harness/present.ts';
import { Filling } from './filling.ts';
import type { Client } from './server.ts';
import { type Stage, scenario, verona } from './stage.ts';

const me = personId('romeo');
const owner = 'romeo@test';
const julietJid = 'juliet@net.test';
const nurseJid = 'nurse@net.test';

/** Juliet and her nurse are on romeo's list before anybody comes. */
function known(stage: Stage): void {
  const { contacts } = stage.gateway.world;
  contacts.put(me, personId('juliet'), { name: 'Juliet C.', groups: ['Verona'] });
  contacts.put(me, personId('nurse'), { name: 'The Nurse' });
  contacts.appear(personId('juliet'), { show: 'away', status: 'on the balcony' });
}

/** Comes online by way of a room, and looks at what else came. */
async function online(stage: Stage): Promise<Client> {
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  return romeo;
}

/** Presences of contacts that came to that client, as "jid type". */
const presences = (client: Client): readonly string[] =>
  client.queue
    .splice(0)
    .flatMap(({ name, attrs: { from = '', type = 'available' } }) =>
      name === 'presence' && !from.startsWith('#') ? [`${from} ${type}`] : [],
    );

describe('where the server lets us', () => {
  scenario(
    'ROS-30 ROS-33 356-11 everybody is put into the contact list with name and headings, silently, and is shown as they are',
    async (stage) => {
      stage.server.rosters.grant = 'write';
      known(stage);
      const romeo = await online(stage);
      expect(stage.server.rosters.lines(owner)).toEqual([
        `${julietJid} Juliet C. [Verona] both`,
        `${nurseJid} The Nurse [] both`,
      ]);
      expect(presences(romeo)).toEqual([`${present(julietJid)} available`, `${present(nurseJid)} unavailable`]);
      stage.gateway.world.contacts.appear(personId('nurse'), { show: 'online' });
      await stage.calm();
      expect(presences(romeo)).toEqual([`${present(nurseJid)} available`]);
    },
  );

  scenario(
    'ROS-10 356-12 what the owner called them stays; a list that is as it should be is not set again',
    async (stage) => {
      const { rosters } = stage.server;
      rosters.grant = 'write';
      known(stage);
      await online(stage);
      rosters.of(owner).set(julietJid, { name: 'My love', subscription: 'both', groups: ['Hearts'] });
      const { sets } = rosters;
      await stage.restarts();
      expect(rosters.sets).toBe(sets);
      stage.gateway.world.contacts.put(me, personId('juliet'), { name: 'Juliet M.' });
      stage.gateway.world.contacts.put(me, personId('nurse'), { name: 'Angelica' });
      await stage.calm();
      expect(rosters.lines(owner)).toEqual([`${julietJid} My love [Hearts] both`, `${nurseJid} Angelica [] both`]);
    },
  );

  scenario(
    'ROS-20 ROS-23 whoever was taken out while the gateway was away stays out, and stays on the network’s list',
    async (stage) => {
      const { rosters } = stage.server;
      rosters.grant = 'write';
      known(stage);
      await online(stage);
      rosters.of(owner).delete(julietJid);
      await stage.restarts();
      expect(rosters.lines(owner)).toEqual([`${nurseJid} The Nurse [] both`]);
      expect(stage.gateway.world.contacts.on(me)).toEqual(['juliet', 'nurse']);
    },
  );

  scenario(
    'ROS-22 100-41 whoever goes from the network’s list is unavailable, and goes from the contact list',
    async (stage) => {
      stage.server.rosters.grant = 'write';
      known(stage);
      const romeo = await online(stage);
      romeo.ignores();
      stage.gateway.world.contacts.remove(me, personId('juliet'));
      await stage.calm();
      expect(stage.server.rosters.lines(owner)).toEqual([`${nurseJid} The Nurse [] both`]);
      expect(presences(romeo)).toEqual([`${present(julietJid)} unavailable`]);
      stage.gateway.world.contacts.put(me, personId('juliet'), { name: 'Juliet C.' });
      await stage.calm();
      expect(stage.server.rosters.lines(owner)).toHaveLength(2);
    },
  );
});

scenario(
  '100-41 whoever has all their data deleted finds nobody of the network in their contact list',
  async (stage) => {
    stage.server.rosters.grant = 'write';
    stage.server.rosters.of(owner).set('nurse@other.test', { name: '', subscription: 'both', groups: [] });
    stage.server.rosters.of(owner).set('net.test', { name: 'the gateway', subscription: 'both', groups: [] });
    known(stage);
    const romeo = await online(stage);
    const command = (inside: string, session = ''): string =>
      `<iq type='set' id='c' to='net.test'><command xmlns='http://jabber.org/protocol/commands' node='delete-my-data'${session}>${inside}</command></iq>`;
    romeo.ignores();
    await romeo.sends(command(''));
    const id = romeo.queue.map((one) => child(one, 'command')?.attrs.sessionid).find((one) => one !== undefined);
    await romeo.sends(
      command(
        "<x xmlns='jabber:x:data' type='submit'><field var='confirm'><value>1</value></field></x>",
        ` sessionid='${id}'`,
      ),
    );
    expect(stage.server.rosters.lines(owner)).toEqual(['nurse@other.test  [] both']);
  },
);

scenario(
  '100-41 077-06 whoever removes their account, by command or in-band, finds nobody of it in their contact list, and not the gateway',
  async (stage) => {
    const { rosters } = stage.server;
    rosters.grant = 'write';
    rosters.of(owner).set('nurse@other.test', { name: '', subscription: 'both', groups: [] });
    known(stage);
    stage.gateway.authority.register('romeo', 'sesame');
    const romeo = stage.client();
    const register = (inside: string): Promise<void> =>
      romeo.sends(`<iq type='set' id='r' to='net.test'><query xmlns='jabber:iq:register'>${inside}</query></iq>`);
    const byCommand = async (): Promise<void> => {
      const filling = new Filling(romeo, 'remove-account');
      await filling.begin();
      await filling.submit({ confirm: '1' });
    };
    for (const leaves of [byCommand, () => register('<remove/>')]) {
      romeo.ignores();
      await register('<username>romeo</username><password>sesame</password>');
      rosters.of(owner).set('net.test', { name: 'the gateway', subscription: 'both', groups: [] });
      await stage.calm();
      expect(rosters.lines(owner)).toHaveLength(4);
      await leaves();
      await stage.calm();
      expect(rosters.lines(owner)).toEqual(['nurse@other.test  [] both']);
      romeo.ignores();
    }
  },
  { options: { logins: 'required' } },
);

describe('where it lets us look only, or nothing', () => {
  for (const grant of ['read', undefined] as const)
    scenario(
      `ROS-30 ROS-32 356-13 172-01 the owner is asked, by name and at a pace, and never let in unasked (${grant})`,
      async (stage) => {
        stage.server.rosters.grant = grant;
        known(stage);
        const romeo = await online(stage);
        expect(presences(romeo)).toEqual([`${julietJid} subscribe`]);
        await stage.passes(19);
        expect(presences(romeo)).toEqual([]);
        await stage.passes(1);
        expect(presences(romeo)).toEqual([`${nurseJid} subscribe`]);
        await stage.passes(3600);
        expect(presences(romeo)).toEqual([]);
        expect(stage.server.rosters.sets).toBe(0);
      },
    );

  scenario(
    'ROS-06 ROS-11 whoever was asked for is not asked for again after a restart; who is accepted is shown, who is declined is not',
    async (stage) => {
      known(stage);
      const romeo = await online(stage);
      await stage.passes(20);
      await romeo.sends(`<presence type='unsubscribed' to='${nurseJid}'/>`);
      romeo.ignores();
      await stage.restarts();
      await stage.passes(60);
      expect(presences(romeo)).toEqual([]);
      await romeo.sends(
        `<presence type='subscribed' to='${julietJid}'/>`,
        `<presence type='subscribe' to='${julietJid}'/>`,
      );
      expect(presences(romeo)).toEqual([`${julietJid} subscribed`, `${present(julietJid)} available`]);
      await stage.passes(4 * 24 * 3600);
      await stage.restarts();
      await stage.passes(60);
      expect(presences(romeo).filter((one) => one.endsWith('subscribe'))).toEqual([]);
    },
  );

  scenario('356-13 who is in the contact list already is not asked for where the list can be read', async (stage) => {
    stage.server.rosters.grant = 'read';
    stage.server.rosters.of(owner).set(julietJid, { name: '', subscription: 'both', groups: [] });
    known(stage);
    const romeo = await online(stage);
    await stage.passes(60);
    expect(presences(romeo)).toEqual([`${nurseJid} subscribe`, `${present(julietJid)} available`].sort());
  });

  scenario('ROS-22 whoever goes from the network’s list asks for nothing more, and is no contact', async (stage) => {
    known(stage);
    const romeo = await online(stage);
    await romeo.sends(
      `<presence type='subscribe' to='${julietJid}'/>`,
      `<presence type='subscribed' to='${julietJid}'/>`,
    );
    romeo.ignores();
    stage.gateway.world.contacts.remove(me, personId('juliet'));
    await stage.calm();
    expect(presences(romeo)).toEqual([
      `${present(julietJid)} unavailable`,
      `${julietJid} unsubscribe`,
      `${julietJid} unsubscribed`,
    ]);
  });
});

describe('what the owner does', () => {
  scenario(
    'ROS-01 ROS-02 whom the owner adds comes onto the network’s list; whom the network does not know is refused',
    async (stage) => {
      const romeo = await online(stage);
      romeo.ignores();
      await romeo.sends(
        "<presence type='subscribe' to='tybalt@net.test'/>",
        "<presence type='subscribe' to='nobody@net.test'/>",
      );
      expect(stage.gateway.world.contacts.on(me)).toEqual(['tybalt']);
      expect(presences(romeo)).toEqual([
        'nobody@net.test unsubscribed',
        'tybalt@net.test subscribed',
        'tybalt@net.test subscribe',
        `${present('tybalt@net.test')} unavailable`,
      ]);
    },
  );

  scenario(
    'ROS-20 whom the owner removes goes from the network’s list, whatever the order of the two stanzas',
    async (stage) => {
      stage.server.rosters.grant = 'write';
      known(stage);
      const romeo = await online(stage);
      await romeo.sends(`<presence type='unsubscribe' to='${julietJid}'/>`);
      expect(stage.gateway.world.contacts.on(me)).toEqual(['juliet', 'nurse']);
      await romeo.sends(`<presence type='unsubscribed' to='${julietJid}'/>`);
      expect(stage.gateway.world.contacts.on(me)).toEqual(['nurse']);
      await romeo.sends(`<presence type='unsubscribed' to='${nurseJid}'/>`);
      expect(stage.gateway.world.contacts.on(me)).toEqual(['nurse']);
      await romeo.sends(`<presence type='unsubscribe' to='${nurseJid}'/>`);
      expect(stage.gateway.world.contacts.on(me)).toEqual([]);
    },
  );

  scenario('ROS-23 a contact list that loses everybody at once empties nobody’s list on the network', async (stage) => {
    stage.server.rosters.grant = 'write';
    const names = Array.from({ length: 9 }, (_, i) => `citizen${i}`);
    for (const name of names) stage.gateway.world.contacts.put(me, personId(name));
    const romeo = await online(stage);
    for (const name of names)
      await romeo.sends(
        `<presence type='unsubscribe' to='${name}@net.test'/>`,
        `<presence type='unsubscribed' to='${name}@net.test'/>`,
      );
    expect(stage.gateway.world.contacts.on(me)).toHaveLength(4);
  });

  scenario(
    'ROS-10 ROS-11 somebody who asks is asked for, with their words; the answer goes to the network',
    async (stage) => {
      const romeo = await online(stage);
      romeo.ignores();
      const { contacts } = stage.gateway.world;
      contacts.ask(personId('paris'), me, 'May I?');
      await stage.calm();
      romeo.gets(`<presence type='subscribe' from='paris@net.test'><status>May I?</status></presence>`);
      await romeo.sends("<presence type='subscribed' to='paris@net.test'/>");
      expect(contacts.seenBy(me)).toEqual(['paris']);
      await stage.passes(20);
      contacts.ask(personId('tybalt'), me);
      await stage.calm();
      await romeo.sends("<presence type='unsubscribed' to='tybalt@net.test'/>");
      expect(contacts.seenBy(me)).toEqual(['paris']);
    },
  );
});

describe('what the owner writes in the network’s own client', () => {
  const elsewhere = async (stage: Stage, text: string): Promise<void> => {
    const at = new Date(stage.clock.now());
    const ref = { id: messageId(`elsewhere ${text}`), part: 0 };
    const content = { text: plainText(text) };
    stage.gateway.world.contacts.sayElsewhere({
      ...{ kind: 'message', at, by: me, nick: me, ref, content, chat: chatId('juliet'), direct: true },
    });
    await stage.calm();
  };

  scenario(
    '356-20 356-21 280-02 is sent by the server in the owner’s name, and what of it comes back to us goes no further',
    async (stage) => {
      stage.server.rosters.grant = 'write';
      const juliet = stage.person('juliet');
      known(stage);
      await online(stage);
      await elsewhere(stage, 'It is the east');
      const [said] = stage.server.asUsers;
      expect(said).toMatch(
        /^<message xmlns='jabber:client' from='romeo@test' to='juliet@net.test' type='chat' id='isthmus-own-[^']+'><body>It is the east<\/body><\/message>$/,
      );
      stage.server.fromServer(said ?? '');
      await stage.calm();
      expect(juliet.heard).toEqual([]);
    },
  );

  scenario(
    '356-22 280-03 is given to the owner’s clients as a carbon where the server only passes it on',
    async (stage) => {
      stage.server.rosters.grant = 'read';
      known(stage);
      await online(stage);
      await elsewhere(stage, 'It is the east');
      expect(stage.server.asUsers).toHaveLength(1);
      expect(stage.server.asUsers[0]).toMatch(
        /^<message xmlns='jabber:client' from='romeo@test' to='romeo@test' type='chat' id='[^']+'><private xmlns='urn:xmpp:carbons:2'\/><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='romeo@test' to='juliet@net.test'/,
      );
    },
  );

  scenario('356-23 and so is what they do there to messages, once each; what was done here is not', async (stage) => {
    stage.server.rosters.grant = 'write';
    const juliet = stage.person('juliet');
    known(stage);
    const romeo = await online(stage);
    const theirs = await juliet.says('romeo', 'Who is there?');
    await elsewhere(stage, 'It is the east');
    const mine = { id: messageId('elsewhere It is the east'), part: 0 };
    const id = /id='(isthmus-own-[^']+)'/.exec(stage.server.asUsers.splice(0)[0] ?? '')?.[1];
    const does = async (deed: object): Promise<readonly string[]> => {
      const event = { ...deed, at: new Date(stage.clock.now()), by: me, chat: chatId('juliet') };
      stage.gateway.world.contacts.sayElsewhere(event as MessageEvent);
      await stage.calm();
      return stage.server.asUsers.splice(0).map((one) => one.replace(/^<message [^>]*>|<\/message>$/g, ''));
    };
    const edit = { kind: 'edited', target: mine, content: { text: plainText('It is the sun') } };
    expect(await does(edit)).toEqual([
      `<body>It is the sun</body><replace xmlns='urn:xmpp:message-correct:0' id='${id}'/>`,
    ]);
    expect(await does(edit)).toEqual([]);
    const [reacted = '', ...more] = await does({ kind: 'reaction', target: theirs, emoji: '👍', present: true });
    expect([reacted, more]).toEqual([expect.stringMatching(/<reaction>👍<\/reaction>/), []]);
    expect(await does({ kind: 'read', upTo: theirs })).toEqual([expect.stringMatching(/^<displayed /)]);
    expect(await does({ kind: 'read', upTo: theirs })).toEqual([]);
    expect(await does({ kind: 'retracted', target: mine })).toEqual([expect.stringMatching(/<retract /)]);
    expect(await does({ kind: 'retracted', target: mine })).toEqual([]);
    expect(await does({ kind: 'retracted', target: theirs })).toEqual([]);

    await romeo.sends(`<message type='chat' id='m1' to='${julietJid}'><body>Here</body></message>`);
    await romeo.sends(
      `<message type='chat' id='m2' to='${julietJid}'><body>I am here</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/></message>`,
    );
    await romeo.sends(
      `<message type='chat' id='m3' to='${julietJid}'><retract xmlns='urn:xmpp:message-retract:1' id='m1'/></message>`,
    );
    expect(stage.server.asUsers).toEqual([]);
  });

  scenario('280-02 is not shown where the server lets us do neither', async (stage) => {
    known(stage);
    const romeo = await online(stage);
    romeo.ignores();
    await elsewhere(stage, 'It is the east');
    expect(stage.server.asUsers).toEqual([]);
    expect(romeo.queue.filter(({ name }) => name === 'message')).toEqual([]);
  });
});
