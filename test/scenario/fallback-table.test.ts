/** CHECKLIST 12.6 row by row: what is done with all that a server lets the gateway do (as Prosody does), with less (as ejabberd 23.01), and with nothing; 15.3 where it is the gateway that must not rely on more. */
import { describe, expect } from 'vitest';
import { chatId, messageId, personId, plainText } from '../../src/bridge/index.ts';
import { capsVer } from '../../src/xmpp/xep/0115-caps.ts';
import { bodyOf, child, childrenOf, conditionOf } from '../harness/markup.ts';
import { Filling } from './filling.ts';
import type { Client } from './server.ts';
import { type Stage, scenario, verona } from './stage.ts';
import type { Grant } from './user-rosters.ts';

const me = personId('romeo');
const owner = 'romeo@test';
const juliet = 'juliet@net.test';
const rosterx = 'http://jabber.org/protocol/rosterx';
const grants: readonly (Grant | undefined)[] = ['write', 'read', undefined];
const says = (grant: Grant | undefined): string =>
  ({ write: 'privilege:2, roster set', read: 'privilege:1, roster get', nothing: 'no privilege' })[grant ?? 'nothing'];

/** A client that says what it can do, and answers for it. */
async function comes(stage: Stage, features: readonly string[] = []): Promise<Client> {
  const romeo = stage.client();
  const ver = capsVer({ identities: [], features, forms: [] });
  const caps = `<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='${ver}'/>`;
  await romeo.sends(
    `<presence to='net.test'>${caps}</presence>`,
    `<presence id='join' to='${verona}/romeo'><x xmlns='http://jabber.org/protocol/muc'/>${caps}</presence>`,
  );
  for (const { name, attrs, ...iq } of romeo.queue.filter((one) => one.attrs.type === 'get')) {
    const asked = child({ name, attrs, ...iq }, 'query');
    const vars = features.map((one) => `<feature var='${one}'/>`).join('');
    if (asked !== undefined)
      await romeo.sends(
        `<iq type='result' id='${attrs.id}' to='${attrs.from}'><query xmlns='${asked.ns}' node='${asked.attrs.node}'>${vars}</query></iq>`,
      );
  }
  await stage.calm();
  return romeo;
}

/** How juliet, who is on the network's list, came into the contact list. */
function broughtBy(stage: Stage, romeo: Client): string {
  if (stage.server.rosters.lines(owner).length > 0) return 'set';
  if (romeo.queue.some((one) => child(one, 'x', rosterx) !== undefined)) return 'suggested';
  return romeo.queue.some(({ attrs }) => attrs.type === 'subscribe') ? 'asked' : 'nothing';
}

describe('12.6 contact list into roster', () => {
  const table = [
    ['write', [], 'set'],
    ['write', [rosterx], 'set'],
    ['read', [rosterx], 'suggested'],
    ['read', [], 'asked'],
    [undefined, [rosterx], 'suggested'],
    [undefined, [], 'asked'],
  ] as const;
  for (const [grant, features, how] of table)
    scenario(
      `12.6 ROS-30 ROS-31 ROS-34 356-11 ${says(grant)}${features.length > 0 ? ', a client with 0144' : ''}: ${how}`,
      async (stage) => {
        stage.server.rosters.grant = grant;
        stage.gateway.world.contacts.put(me, personId('juliet'), { name: 'Juliet' });
        const romeo = await comes(stage, features);
        expect(broughtBy(stage, romeo)).toBe(how);
        // Clients take pushes from their own server alone.
        expect(romeo.queue.filter((one) => child(one, 'query', 'jabber:iq:roster') !== undefined)).toEqual([]);
      },
    );
});

describe('12.6 own legacy messages visible', () => {
  const table = [
    ['write', 'as the user'],
    ['read', 'as a carbon'],
    [undefined, 'not at all'],
  ] as const;
  for (const [grant, how] of table)
    scenario(`12.6 356-20 356-21 356-22 356-25 280-02 ${says(grant)}: ${how}`, async (stage) => {
      stage.server.rosters.grant = grant;
      await comes(stage);
      const ref = { id: messageId('elsewhere'), part: 0 };
      const content = { text: plainText('It is the east') };
      stage.gateway.world.contacts.sayElsewhere({
        ...{ kind: 'message', at: new Date(stage.clock.now()), by: me, nick: me, ref, content },
        ...{ chat: chatId('juliet'), direct: true },
      });
      await stage.calm();
      const made = stage.server.asUsers.map((text) => / to='([^']+)'/.exec(text)?.[1]);
      // To nobody but our own contact, or the user's own clients.
      expect(made).toEqual({ write: [juliet], read: [owner], nothing: [] }[grant ?? 'nothing']);
      expect(stage.server.asUsers.some((text) => text.includes('<sent '))).toBe(grant === 'read');
    });
});

describe('12.6 rooms appear in client', () => {
  for (const grant of grants) {
    const isMarked = grant === 'write';
    scenario(
      `12.6 15.3 402-01 402-04 ${says(grant)}: ${isMarked ? 'a bookmark (0402)' : 'an invitation (0249)'}, and found by browsing`,
      async (stage) => {
        stage.server.rosters.grant = grant;
        const romeo = await comes(stage);
        romeo.ignores();
        stage.gateway.world.place(me, chatId('#mantua'));
        await stage.calm();
        const invited = romeo.queue.flatMap((one) => child(one, 'x', 'jabber:x:conference')?.attrs.jid ?? []);
        expect(invited).toEqual(isMarked ? [] : ['#mantua@net.test']);
        expect([...stage.server.bookmarks.of(owner).keys()]).toEqual(isMarked ? ['#mantua@net.test'] : []);
        romeo.ignores();
        await romeo.sends(
          "<iq type='get' id='d' to='net.test'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
        );
        const items = childrenOf(child(romeo.queue.at(-1), 'query'), 'item').map(({ attrs }) => attrs.jid);
        expect(items).toEqual(expect.arrayContaining(['#mantua@net.test', verona]));
      },
    );
    scenario(`45-92 ${says(grant)}: whoever is asked in by somebody is invited, and decides`, async (stage) => {
      stage.server.rosters.grant = grant;
      const romeo = await comes(stage);
      const host = await stage.inhabitant('juliet', '#mantua');
      romeo.ignores();
      await host.invites('romeo', '#mantua');
      const invited = romeo.queue.map((one) => child(one, 'x', 'jabber:x:conference')?.attrs.jid);
      expect(invited).toEqual(['#mantua@net.test']);
      expect(stage.server.bookmarks.of(owner).size).toBe(0);
    });
  }
});

describe('12.6 own read state', () => {
  for (const grant of grants)
    scenario(
      `12.6 333-06 356-23 ${says(grant)}: ${grant === undefined ? 'nothing' : 'marked as read in their name'}, and never as the contact's`,
      async (stage) => {
        stage.server.rosters.grant = grant;
        const romeo = await comes(stage);
        const host = await stage.inhabitant('juliet', '#mantua');
        const upTo = await host.says('romeo', 'Ay me!');
        romeo.ignores();
        const at = new Date(stage.clock.now());
        stage.gateway.world.tell(me, chatId('romeo'), { kind: 'read', at, by: me, chat: chatId('juliet'), upTo });
        await stage.calm();
        romeo.gets();
        expect(stage.server.asUsers).toEqual(
          grant === undefined ? [] : [expect.stringMatching(/from='romeo@test' to='juliet@net\.test'.*<displayed /)],
        );
      },
    );
});

describe('12.6 online state of users', () => {
  for (const grant of grants)
    scenario(
      `12.6 100-19 ${says(grant)}: whoever has logged in is connected, whatever their clients show`,
      async (stage) => {
        stage.server.rosters.grant = grant;
        stage.gateway.authority.register('romeo', 'sesame');
        const romeo = stage.client();
        const filling = new Filling(romeo, 'register');
        await filling.begin();
        await filling.submit({ username: 'romeo', password: 'sesame' });
        const host = await stage.inhabitant('juliet', '#mantua');
        romeo.ignores();
        await host.says('romeo', 'Ay me!');
        await romeo.sends(`<message type='chat' id='m' to='${juliet}'><body>She speaks</body></message>`);
        expect(romeo.queue.map(bodyOf)).toEqual(['Ay me!']);
        expect(host.heard).toEqual(['romeo: She speaks']);
      },
      { options: { logins: 'required' } },
    );
});

describe('12.6 upload', () => {
  for (const grant of grants)
    scenario(
      `12.6 ${says(grant)}: what is too long lies on our own HTTP server, and no slot is asked for`,
      async (stage) => {
        stage.server.rosters.grant = grant;
        const romeo = await comes(stage);
        const host = await stage.inhabitant('juliet', '#verona');
        romeo.ignores();
        await romeo.sends(
          `<message type='groupchat' id='m' to='${verona}'><body>But soft,\nwhat light\nbreaks?</body></message>`,
        );
        const files = host.events.flatMap((one) => (one.kind === 'message' ? (one.content.files ?? []) : []));
        expect(files.map(({ url }) => url.slice(0, 29))).toEqual(['https://gateway.test/uploads/']);
        expect(romeo.queue.filter(({ name }) => name === 'iq')).toEqual([]);
      },
      { options: { maxLines: 2 }, uploads: { days: 30, perUser: 2, megabytes: 1 } },
    );
});

describe('15.3 what a component may not rely on', () => {
  const asks = async (stage: Stage, from: string, inside: string): Promise<string> => {
    const romeo = stage.client();
    stage.server.fromClient(from, `<iq type='set' id='q' to='net.test'>${inside}</iq>`);
    await stage.calm();
    const [answer] = romeo.queue.splice(0);
    return answer?.attrs.type === 'result' ? 'result' : ((answer && conditionOf(answer)) ?? 'nothing');
  };

  scenario(
    '15.3 356-14 a roster push, which neither server sends, is answered; one that a client makes up is not',
    async (stage) => {
      const push = `<query xmlns='jabber:iq:roster'><item jid='${juliet}' subscription='both'/></query>`;
      expect(await asks(stage, owner, push)).toBe('result');
      expect(await asks(stage, 'romeo@test/desk', push)).toBe('service-unavailable');
    },
  );

  scenario('15.3 355-01 what is delegated to us unasked is refused, not met with silence', async (stage) => {
    const delegated = "<delegation xmlns='urn:xmpp:delegation:2'><forwarded xmlns='urn:xmpp:forward:0'/></delegation>";
    expect(await asks(stage, 'romeo@test/desk', delegated)).toBe('service-unavailable');
  });
});
