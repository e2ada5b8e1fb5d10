/** Finding rooms: as items of the network, and by search. */
import { describe } from 'vitest';
import { bodyOf } from '../harness/markup.ts';
import { domainName } from './gateway.ts';
import { failed } from './lines.ts';
import { loginsOnly } from './registered.ts';
import { mantua, scenario, verona } from './stage.ts';

const items = (inside = '', id = 'd') =>
  `<iq type='get' id='${id}' to='${domainName}'><query xmlns='http://jabber.org/protocol/disco#items'>${inside}</query></iq>`;
const page = `<set xmlns='http://jabber.org/protocol/rsm'><max>1</max></set>`;
const search = (name: string) =>
  `<iq type='set' id='s' to='${domainName}'><query xmlns='jabber:iq:search'><x xmlns='jabber:x:data' type='submit'><field var='name'><value>${name}</value></field></x></query></iq>`;

describe('browsing', () => {
  scenario(
    '030-04 030-05 059-01 rooms with their sizes, by pages; before one is connected an empty list',
    async (stage) => {
      await stage.inhabitant('juliet', '#mantua');
      const romeo = stage.client();
      await romeo.sends(items());
      romeo.gets((one) => one.attrs.type === 'result' && !JSON.stringify(one).includes('#mantua'));
      await romeo.joins(verona, 'romeo');
      romeo.ignores();
      await romeo.sends(items('', 'd2'), items(page, 'd3'));
      romeo.gets(
        `<iq type='result' id='d2'><query><item jid='${mantua}' name='#mantua (1)'/><item jid='${verona}' name='#verona (1)'/></query></iq>`,
        `<iq type='result' id='d3'><query><item jid='${mantua}'/><set><first index='0'/><count>2</count></set></query></iq>`,
      );
    },
  );

  scenario(
    'who has no account where one is needed is told how to come to one, and not to join a room, which would be refused',
    async (stage) => {
      const juliet = `juliet@${domainName}`;
      const card = `<iq type='get' id='v' to='${juliet}'><vCard xmlns='vcard-temp'/></iq>`;
      const romeo = stage.client();
      for (const [asked, id] of [
        [search('ver'), 's'],
        [card, 'v'],
      ] as const) {
        await romeo.sends(asked);
        romeo.gets(
          `<iq type='error' id='${id}'><error><text>You have no account on Fake that is connected: write register to the gateway to add one, or login where you have logged out</text></error></iq>`,
        );
      }
      await romeo.sends(`<message type='chat' id='m' to='${domainName}'><body>info</body></message>`);
      romeo.gets((one) => bodyOf(one)?.includes('register adds one') === true);
    },
    loginsOnly,
  );

  scenario('030-05 that lists come by pages is announced wherever they do', async (stage) => {
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    for (const to of [domainName, verona]) {
      romeo.ignores();
      await romeo.sends(`<iq type='get' id='i' to='${to}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`);
      romeo.gets(`<iq type='result' id='i'><query><feature var='http://jabber.org/protocol/rsm'/></query></iq>`);
    }
  });

  scenario('45-01 a hidden room is not listed', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#mantua');
    await juliet.configures('#mantua', { isPublic: false });
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await romeo.sends(items());
    romeo.gets((one) => JSON.stringify(one).includes('#verona') && !JSON.stringify(one).includes('#mantua'));
  });

  scenario(
    '503-01 030-07 rooms that stand in groups are found in them, and beside them in one list',
    async (stage) => {
      await stage.inhabitant('juliet', '#mantua/market');
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      romeo.ignores();
      const market = `#mantua/market@${domainName}`.replace('/', '\\2f');
      const inside = items('', 'd2').replace("disco#items'", "disco#items' node='mantua'");
      await romeo.sends(items());
      romeo.gets(
        `<iq type='result' id='d'><query><item jid='${domainName}' node='mantua' name='mantua'/><item jid='${market}' name='#mantua/market (1)'/><item jid='${verona}'/></query></iq>`,
      );
      await romeo.sends(inside);
      romeo.gets(`<iq type='result' id='d2'><query node='mantua'><item jid='${market}' name='#market'/></query></iq>`);
      await romeo.sends(inside.replaceAll('d2', 'd3').replace('disco#items', 'disco#info'));
      romeo.gets(
        `<iq type='result' id='d3'><query node='mantua'><identity category='conference' type='text' name='mantua'/><identity category='hierarchy' type='branch'/></query></iq>`,
      );
    },
    { options: { groups: true } },
  );

  scenario('055-01 055-03 searched by name; not connected is said', async (stage) => {
    await stage.inhabitant('juliet', '#mantua');
    const romeo = stage.client();
    await romeo.sends(search('mantua'));
    romeo.gets(failed('iq', 's', 'cancel', 'recipient-unavailable'));
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await romeo.sends(search('*man*').replace("id='s'", "id='s2'"));
    romeo.gets(
      `<iq type='result' id='s2'><query><x type='result'><item><field var='jid'><value>${mantua}</value></field></item></x></query></iq>`,
    );
  });

  scenario('114-35 while a network takes its time everybody else is answered', async (stage) => {
    const romeo = stage.client();
    const juliet = stage.client('juliet');
    await stage.whileHeld('connect', async () => {
      await romeo.joins(verona, 'romeo');
      await juliet.sends(items(), `<iq type='get' id='p' to='${domainName}'><ping xmlns='urn:xmpp:ping'/></iq>`);
      await romeo.sends(items('', 'd2'));
      juliet.gets(`<iq type='result' id='p'/>`, `<iq type='result' id='d'/>`);
      romeo.gets(`<iq type='result' id='d2'/>`);
    });
  });
});
