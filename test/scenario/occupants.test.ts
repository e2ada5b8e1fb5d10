/** What is seen of occupants besides what they say: away, hats, our own clients' presence. */
import { describe, expect } from 'vitest';
import { gone, self, there } from './lines.ts';
import { scenario, verona } from './stage.ts';

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
