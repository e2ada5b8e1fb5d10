/** What is seen of occupants besides what they say: away, hats, our own clients' presence. */
import { describe, expect } from 'vitest';
import { chatId, personId } from '../../src/bridge/index.ts';
import { bodyOf } from '../harness/markup.ts';
import { failed, gone, self, there } from './lines.ts';
import { mantua, type Stage, scenario, verona } from './stage.ts';

const showing = (nick: string, inside: string) => `<presence type='!' from='${verona}/${nick}'>${inside}</presence>`;

describe('other people', () => {
  scenario('45-50 somebody goes away and comes back', async (stage) => {
    await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await stage.learns('juliet', { show: 'away', status: 'asleep' });
    await stage.learns('juliet', { show: null, status: null });
    romeo.gets(showing('juliet', '<show>away</show><status>asleep</status>'), there('juliet'));
  });

  scenario('317-01 a bot wears a hat', async (stage) => {
    await stage.inhabitant('puck', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await stage.learns('puck', { isBot: true });
    romeo.gets(showing('puck', `<hats xmlns='urn:xmpp:hats:0'><hat title='Bot' uri='urn:isthmus:hats:bot'/></hats>`));
  });
});

describe('our own presence on the network', () => {
  const away = `<presence to='${verona}/romeo'><show>away</show><status>asleep</status></presence>`;

  scenario('45-50 a person with two clients is away when both are, and back with the first', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    const desk = stage.client();
    const phone = stage.client('romeo', 'phone');
    await desk.joins(verona, 'romeo');
    await phone.joins(verona, 'romeo');
    const learned = () =>
      juliet.events.flatMap((event) =>
        event.kind === 'members'
          ? event.changes.flatMap((change) => (change.is === 'facts' ? [change.facts] : []))
          : [],
      );
    await desk.sends(away);
    expect(learned()).toEqual([]);
    await phone.sends(away);
    expect(learned()).toEqual([{ show: 'away', status: 'asleep' }]);
    await phone.sends(`<presence to='${verona}/romeo'/>`);
    expect(learned()).toHaveLength(2);
    await phone.leaves(verona, 'romeo');
    expect(learned()).toHaveLength(3);
    expect(learned()[2]).toEqual({ show: 'away', status: 'asleep' });
  });

  scenario('45-50 who joins showing away is away at once', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    const x = `<x xmlns='http://jabber.org/protocol/muc'/>`;
    await romeo.sends(`<presence to='${verona}/romeo'><show>dnd</show>${x}</presence>`);
    expect(juliet.events.at(-1)).toMatchObject({ changes: [{ is: 'facts', facts: { show: 'dnd' } }] });
    romeo.gets(there('juliet'), showing('romeo', '<show>dnd</show>'), (one) => one.name === 'message');
    await romeo.leaves(verona, 'romeo');
    romeo.gets(gone('romeo', [110]));
    await romeo.joins(verona, 'romeo');
    romeo.gets(there('juliet'), self('romeo'), (one) => one.name === 'message');
  });
});

describe('moderation', () => {
  const admin = (items: string, type = 'set') =>
    `<iq type='${type}' id='a' to='${verona}'><query xmlns='http://jabber.org/protocol/muc#admin'>${items}</query></iq>`;
  const result = `<iq type='result' id='a' from='${verona}'/>`;

  async function moderator(stage: Stage) {
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    await stage.promotes('romeo', '#verona', 'moderator');
    romeo.ignores();
    return { romeo, juliet };
  }

  scenario('45-71 45-63 roles and affiliations become ranks of the network, told when it has them', async (stage) => {
    const { romeo } = await moderator(stage);
    await romeo.sends(admin(`<item nick='juliet' role='moderator'/>`));
    romeo.gets(there('juliet', 'moderator'), result);
    await romeo.sends(admin(`<item nick='juliet' role='moderator'/>`).replace("id='a'", "id='b'"));
    romeo.gets(result.replace("id='a'", "id='b'"));
    await romeo.sends(admin(`<item jid='juliet@net.test' affiliation='member'/>`).replace("id='a'", "id='c'"));
    romeo.gets(
      `<presence from='${verona}/juliet'><x><item role='participant' affiliation='member'/></x></presence>`,
      result.replace("id='a'", "id='c'"),
    );
  });

  scenario('45-61 45-77 a ban, the list of bans, and its end', async (stage) => {
    const { romeo, juliet } = await moderator(stage);
    await romeo.sends(admin(`<item nick='juliet' affiliation='outcast'><reason>peace</reason></item>`));
    romeo.gets(
      `<presence type='unavailable' from='${verona}/juliet'><x><item affiliation='outcast' role='none'><actor nick='romeo'/><reason>peace</reason></item><status code='301'/></x></presence>`,
      result,
    );
    expect(juliet.events.at(-1)).toMatchObject({ kind: 'removed', how: 'banned' });
    await romeo.sends(admin(`<item affiliation='outcast'/>`, 'get').replace("id='a'", "id='l'"));
    romeo.gets(`<iq type='result' id='l'><query><item affiliation='outcast' jid='juliet@net.test'/></query></iq>`);
    await expect(juliet.joins('#verona')).rejects.toMatchObject({ code: 'banned' });
    await romeo.sends(admin(`<item jid='juliet@net.test' affiliation='none'/>`).replace("id='a'", "id='u'"));
    romeo.gets(result.replace("id='a'", "id='u'"));
    await juliet.joins('#verona');
    romeo.gets(there('juliet'));
  });

  scenario('45-71 45-73 all or nothing, and who may not is told so', async (stage) => {
    const { romeo } = await moderator(stage);
    await romeo.sends(admin(`<item nick='juliet' role='none'/><item nick='nobody' role='none'/>`));
    romeo.gets(failed('iq', 'a', 'cancel', 'item-not-found'));
    expect(stage.members('#verona')).toContain('juliet');
    await stage.promotes('juliet', '#verona', 'moderator');
    await stage.promotes('romeo', '#verona', 'participant');
    romeo.ignores();
    await romeo.sends(admin(`<item nick='juliet' role='none'/>`).replace("id='a'", "id='b'"));
    romeo.gets(failed('iq', 'b', 'auth', 'forbidden'));
  });
});

describe('a netsplit', () => {
  scenario(
    '45-64 thousands are gone at once: one presence each, in order, before what is said behind it',
    async (stage) => {
      const juliet = await stage.inhabitant('juliet', '#verona');
      const split = stage.crowd('#verona', 3000);
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      romeo.ignores();
      split();
      await juliet.says('#verona', 'where is everybody?');
      await stage.calm();
      const got = romeo.queue.splice(0);
      expect(got).toHaveLength(3001);
      expect(got.slice(0, 3000).every((one) => one.name === 'presence' && one.attrs.type === 'unavailable')).toBe(true);
      expect(new Set(got.map((one) => one.attrs.from)).size).toBe(3001);
      expect(got[3000]?.name).toBe('message');
    },
  );

  scenario('45-40 what one says meanwhile comes back once', async (stage) => {
    const split = stage.crowd('#verona', 3000);
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    split();
    await romeo.says(verona, 'hello?');
    await stage.calm();
    expect(romeo.queue.splice(0).filter((one) => one.name === 'message')).toHaveLength(1);
  });

  scenario('45-41 what one says meanwhile stands before the answer to it', async (stage) => {
    const split = stage.crowd('#verona', 3000);
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    const { world } = stage.gateway;
    const juliet = personId('juliet');
    world.join(juliet, chatId('#verona'));
    // She answers once we know that the network has the question.
    world.listen(juliet, ({ kind }) => {
      if (kind === 'message') setImmediate(() => world.say(juliet, chatId('#verona'), 'here'));
    });
    split();
    await romeo.says(verona, 'where is everybody?');
    await stage.calm();
    const heard = romeo.queue.splice(0).filter(({ name }) => name === 'message');
    expect(heard.map(bodyOf)).toEqual(['where is everybody?', 'here']);
  });

  scenario('45-23 who comes in during the storm and is renamed at once is in, under the new name', async (stage) => {
    const split = stage.crowd('#mantua', 3000);
    const romeo = stage.client();
    await romeo.joins(mantua, 'romeo');
    romeo.ignores();
    const { world } = stage.gateway;
    // She sees him come in before he is told who is there; that waits for the storm, and he is called otherwise by then.
    const renamed = (): void => {
      if (world.isThere(personId('romeo'))) world.rename(personId('romeo'), 'montague');
    };
    world.listen(personId('nurse'), () => queueMicrotask(renamed));
    world.join(personId('nurse'), chatId('#verona'));
    await stage.calm();
    split();
    await romeo.joins(verona, 'romeo');
    await stage.calm();
    const got = romeo.queue.splice(0).filter(({ attrs: { from = '' } }) => from.startsWith(`${verona}/`));
    expect(got.map(({ attrs: { from, type } }) => [from, type])).toEqual([
      [`${verona}/nurse`, undefined],
      [`${verona}/montague`, undefined],
    ]);
  });

  scenario('45-20 who comes in during the storm sees who is left', async (stage) => {
    const split = stage.crowd('#verona', 3000);
    await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    const phone = stage.client('romeo', 'phone');
    await romeo.joins(verona, 'romeo');
    split();
    await phone.joins(verona, 'romeo');
    await stage.calm();
    const here = new Map<string, boolean>();
    for (const one of phone.queue)
      if (one.name === 'presence') here.set(one.attrs.from ?? '', one.attrs.type === undefined);
    expect([...here].flatMap(([from, is]) => (is ? [from] : []))).toEqual([`${verona}/juliet`, `${verona}/romeo`]);
  });
});
