/** What of the owner's presence reaches the network, and how they hear that they are not logged in (CHECKLIST 5.3). */
import { describe, expect } from 'vitest';
import { chatId, GatewayError, personId } from '../../src/bridge/index.ts';
import { conditionOf } from '../harness/markup.ts';
import { Filling } from './filling.ts';
import { domainName } from './gateway.ts';
import type { Client } from './server.ts';
import { type Stage, scenario } from './stage.ts';

const juliet = `juliet@${domainName}`;
const options = { options: { logins: 'required' } } as const;
const register = (password = 'sesame'): string =>
  `<iq type='set' id='r' to='${domainName}'><query xmlns='jabber:iq:register'><username>romeo</username><password>${password}</password></query></iq>`;

async function registered(stage: Stage): Promise<Client> {
  stage.gateway.authority.register('romeo', 'sesame');
  const romeo = stage.client();
  await romeo.sends(register());
  romeo.ignores();
  return romeo;
}

/** How juliet sees romeo, or an account of his, in a room on the network where none of his clients is, change by change. */
async function watched(stage: Stage, account = 'romeo'): Promise<() => readonly string[]> {
  const her = await stage.inhabitant('juliet', '#mantua');
  stage.gateway.world.join(personId(account), chatId('#mantua'));
  return () =>
    her.events.splice(0).flatMap((event) => {
      const changes = event.kind === 'members' ? event.changes : [];
      return changes.flatMap((one) =>
        one.is === 'facts' ? [`${one.facts.show ?? 'online'} ${one.facts.status ?? ''}`.trim()] : [],
      );
    });
}

const shows = (show: string, to = domainName, status = ''): string =>
  `<presence to='${to}'>${show === '' ? '' : `<show>${show}</show>`}${status === '' ? '' : `<status>${status}</status>`}</presence>`;
const goes = (to = domainName): string => `<presence type='unavailable' to='${to}'/>`;

/** One of his own beside the first. */
async function addsAnother(stage: Stage, romeo: Client, username: string): Promise<void> {
  stage.gateway.authority.register(username, 'sesame');
  const filling = new Filling(romeo, 'register');
  await filling.begin();
  await filling.submit({ username, password: 'sesame' });
  romeo.ignores();
}

describe('what clients show', () => {
  scenario(
    '100-14 to the gateway is for all accounts of theirs, in its order',
    async (stage) => {
      const romeo = await registered(stage);
      await addsAnother(stage, romeo, 'montague');
      const seen = await watched(stage, 'montague');
      seen();
      await romeo.sends(shows('away'), shows('xa', domainName, 'in Mantua'), shows(''), shows('dnd'));
      await stage.calm();
      expect(seen()).toEqual(['away', 'xa in Mantua', 'online', 'dnd']);
      await romeo.sends(goes());
      await stage.calm();
      expect(seen()).toEqual(['away']);
    },
    options,
  );

  scenario(
    '100-14 100-15 PRE-11 reaches the network as one state, the most reachable; the last to go leaves them away, and logged in',
    async (stage) => {
      const desk = await registered(stage);
      const [phone, bot] = [stage.client('romeo', 'phone'), stage.client('romeo', 'bot')];
      const seen = await watched(stage);
      seen();
      await desk.sends(shows('away', domainName, 'at Friar Laurence’s'));
      expect(seen()).toEqual(['away at Friar Laurence’s']);
      await phone.sends(shows(''));
      expect(seen()).toEqual(['online']);
      await bot.sends(`<presence to='${domainName}'><show>chat</show><priority>-1</priority></presence>`);
      await phone.sends(goes());
      expect(seen()).toEqual(['away at Friar Laurence’s']);
      await desk.sends(goes());
      expect(seen()).toEqual(['away']);
      await bot.sends(
        `<presence type='probe' to='${domainName}'/>`,
        `<message to='${domainName}'><body>help</body></message>`,
      );
      expect(seen()).toEqual([]);
      expect(stage.gateway.domain.runner.count('ready')).toBe(1);
    },
    options,
  );

  scenario(
    '100-17 100-18 each contact is told the same, which changes nothing and is answered by none; nor is who goes from one of them gone',
    async (stage) => {
      const desk = await registered(stage);
      const seen = await watched(stage);
      await desk.sends(`<presence type='subscribe' to='${juliet}'/>`);
      seen();
      desk.ignores();
      await desk.sends(...[domainName, juliet].map((to) => shows('dnd', to)));
      expect(seen()).toEqual(['dnd']);
      desk.gets(`<presence from='${domainName}/gateway'/>`);
      await desk.sends(goes(juliet));
      expect(seen()).toEqual([]);
      await desk.sends(goes(), goes(juliet));
      expect(seen()).toEqual(['away']);
    },
    options,
  );

  scenario(
    '100-17 who goes from one contact, where contacts alone are told, is there for the others',
    async (stage) => {
      const desk = await registered(stage);
      const seen = await watched(stage);
      const nurse = `nurse@${domainName}`;
      for (const to of [juliet, nurse]) await desk.sends(`<presence type='subscribe' to='${to}'/>`);
      seen();
      for (const to of [juliet, nurse]) await desk.sends(shows('dnd', to));
      expect(seen()).toEqual(['dnd']);
      await desk.sends(goes(nurse));
      expect(seen()).toEqual([]);
      await desk.sends(goes(juliet));
      expect(seen()).toEqual(['away']);
    },
    options,
  );

  scenario(
    '100-14 114-51 who went while the stream was away is there no more for the network',
    async (stage) => {
      const desk = await registered(stage);
      const [phone, tablet] = [stage.client('romeo', 'phone'), stage.client('romeo', 'tablet')];
      const seen = await watched(stage);
      await desk.sends(`<presence type='subscribe' to='${juliet}'/>`);
      await phone.sends(shows(''));
      await desk.sends(shows('away', domainName, 'at Friar Laurence’s'));
      await tablet.sends(shows('xa'));
      seen();
      phone.connection = 'offline';
      stage.gateway.domain.runner.begin();
      await stage.passes(60);
      expect(seen()).toEqual(['away at Friar Laurence’s']);
      await desk.sends(goes());
      expect(seen()).toEqual(['xa']);
    },
    options,
  );

  scenario(
    '100-14 a contact alone is told where the gateway is no contact',
    async (stage) => {
      const desk = await registered(stage);
      const seen = await watched(stage);
      await desk.sends(`<presence type='subscribe' to='${juliet}'/>`);
      seen();
      await desk.sends(shows('xa', juliet));
      expect(seen()).toEqual(['xa']);
      await desk.sends(goes(juliet));
      expect(seen()).toEqual(['away']);
    },
    options,
  );
});

describe('logging in', () => {
  scenario(
    '100-10 whoever comes online hurries a login that waits; who comes besides logs in no second time',
    async (stage) => {
      const desk = await registered(stage);
      await stage.gateway.stop('keep');
      stage.gateway.away(new GatewayError('network-away'));
      await stage.gateway.start();
      await stage.passes(60);
      stage.gateway.away(undefined);
      await desk.sends(shows('away'));
      expect(stage.gateway.domain.runner.count('ready')).toBe(1);
      const { connects } = stage.gateway;
      await stage.client('romeo', 'phone').sends(shows(''));
      expect([stage.gateway.connects, stage.gateway.domain.runner.size]).toEqual([connects, 1]);
    },
    options,
  );

  scenario(
    '100-12 that the network can not be reached is told once, by presence from the gateway to its user',
    async (stage) => {
      const desk = await registered(stage);
      await stage.gateway.stop('keep');
      stage.gateway.away(new GatewayError('network-away'));
      desk.ignores();
      await stage.gateway.start();
      for (let n = 0; n < 5; n++) await stage.passes(600);
      const [told, ...more] = desk.gets(`<presence type='error' from='${domainName}' to='romeo@test'/>`);
      expect([told && conditionOf(told), more]).toEqual(['remote-server-timeout', []]);
    },
    options,
  );

  scenario(
    '100-12 that a login is refused is told so too, and in words, and the login is not tried again',
    async (stage) => {
      const desk = await registered(stage);
      await stage.gateway.stop('keep');
      stage.gateway.away(new GatewayError('login-refused', { text: 'Banished!' }));
      desk.ignores();
      await stage.gateway.start();
      await stage.passes(60);
      const { connects } = stage.gateway;
      await stage.passes(3_600);
      await desk.sends(shows(''));
      const [told] = desk.gets(
        `<presence type='error' from='${domainName}' to='romeo@test'/>`,
        `<presence type='unavailable' from='${domainName}/gateway'><status>Banished!</status></presence>`,
        `<message from='${domainName}'><body/></message>`,
        `<presence from='${domainName}/gateway'/>`,
        `<presence type='unavailable' from='${domainName}/gateway' to='romeo@test/desk'><status>Banished!</status></presence>`,
      );
      expect(told && conditionOf(told)).toBe('not-authorized');
      expect(stage.gateway.connects).toBe(connects);
      stage.server.fromClient('romeo@test', `<presence type='probe' to='${domainName}'/>`);
      await stage.calm();
      desk.gets(
        `<presence from='${domainName}/gateway'/>`,
        `<presence type='unavailable' from='${domainName}/gateway'><status>Banished!</status></presence>`,
      );
      stage.gateway.away(undefined);
      await desk.sends(register());
      await stage.passes(1);
      desk.gets(
        `<presence from='${domainName}/gateway' to='romeo@test'><c xmlns='http://jabber.org/protocol/caps'/></presence>`,
        `<iq type='result' id='r'/>`,
      );
      await desk.sends(shows(''));
      desk.gets(`<presence from='${domainName}/gateway'/>`);
    },
    options,
  );

  scenario(
    '100-01 100-05 what the network tells comes behind the result of the registration',
    async (stage) => {
      const { contacts } = stage.gateway.world;
      contacts.put(personId('romeo'), personId('juliet'), { name: 'Juliet C.' });
      contacts.appear(personId('juliet'), { show: 'away' });
      stage.server.rosters.grant = 'write';
      stage.gateway.authority.register('romeo', 'sesame');
      const romeo = stage.client();
      await romeo.sends(register());
      await stage.passes(1);
      romeo.gets(
        `<iq type='result' id='r'/>`,
        `<presence type='subscribe' from='${domainName}'/>`,
        `<presence from='${juliet}/gateway'><show>away</show></presence>`,
      );
    },
    options,
  );
});

scenario('PRE-12 what somebody is doing is their status', async (stage) => {
  const { contacts } = stage.gateway.world;
  contacts.put(personId('romeo'), personId('juliet'));
  contacts.appear(personId('juliet'), { show: 'online', status: 'Playing Bagatelle' });
  stage.server.rosters.grant = 'write';
  const romeo = stage.client();
  await romeo.joins(`#verona@${domainName}`, 'romeo');
  const [told] = romeo.queue.filter(({ name, attrs }) => name === 'presence' && attrs.from === `${juliet}/gateway`);
  romeo.ignores();
  romeo.queue.push(...(told === undefined ? [] : [told]));
  romeo.gets(`<presence from='${juliet}/gateway'><status>Playing Bagatelle</status></presence>`);
});
