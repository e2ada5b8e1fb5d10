/** Who people are: away, bots, operators, ids that stay, one's own presence. */
import { expect } from 'vitest';
import type { Element } from '../../../src/xml/element.ts';
import { child } from '../../harness/markup.ts';
import { only, scenario, theme } from '../../harness/scenario.ts';

const occupant = 'urn:xmpp:occupant-id:0';
const away = only(['inspircd', 'hybrid', 'modern', 'services'], 'it does not tell who is away');
const idOf = (stanza: Parameters<typeof child>[0]): string | undefined =>
  child(stanza, 'occupant-id', occupant)?.attrs.id;

export const identity = theme('who people are', [
  scenario(
    '45-50 somebody goes away and comes back',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      await juliet.does('AWAY :asleep');
      await romeo.client.receive(
        `<presence type='!' from='${stage.room}/${juliet.nick}'><show>away</show><status>asleep</status></presence>`,
      );
      await juliet.does('AWAY');
      await romeo.client.receive(
        (stanza) =>
          stanza.name === 'presence' &&
          stanza.attrs.from === `${stage.room}/${juliet.nick}` &&
          child(stanza, 'show') === undefined,
      );
    },
    away,
  ),

  scenario(
    '45-50 one’s own away is told to the network, with the words, and so is coming back',
    async (stage) => {
      const juliet = await stage.irc('juliet', ['away-notify']);
      await juliet.enters();
      const romeo = await stage.jabber('romeo');
      await romeo.enters();
      await juliet.sees(romeo, 'JOIN');
      romeo.client.send(
        `<presence to='${stage.room}/${romeo.nick}'><show>away</show><status>at the feast</status></presence>`,
      );
      await juliet.sees(romeo, 'AWAY', ' :?at the feast$');
      romeo.client.send(`<presence to='${stage.room}/${romeo.nick}'/>`);
      await juliet.client.expect(new RegExp(`:${romeo.nick}!\\S+ AWAY$`));
    },
    away,
  ),

  scenario(
    '317-01 a bot wears a hat',
    async (stage) => {
      const puck = await stage.irc('puck');
      await puck.does(`MODE ${puck.nick} +B`);
      await puck.enters();
      const romeo = await stage.jabber('romeo');
      const { occupants } = await romeo.enters();
      const wearsIt = (presence: Element): boolean =>
        presence.attrs.from === `${stage.room}/${puck.nick}` &&
        child(child(presence, 'hats', 'urn:xmpp:hats:0'), 'hat')?.attrs.title === 'Bot';
      if (!occupants.some(wearsIt)) await romeo.client.receive(wearsIt);
    },
    only(['modern', 'inspircd', 'services', 'hybrid'], 'it has no bots'),
  ),

  scenario(
    '421-01 421-02 one id an occupant: on presence, on what they say, and the same after leaving',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const nurse = await stage.jabber('nurse');
      const { occupants, self } = await nurse.enters();
      const ids = [...occupants, self].map(idOf);
      expect(new Set(ids).size).toBe(3);
      expect(ids.every((id) => id !== undefined && id.length > 0 && id.length <= 128)).toBe(true);
      juliet.says('it is I');
      const heard = idOf(await nurse.hears(juliet, 'it is I'));
      // Where the list of names has no addresses, the id is another once WHO has told them: one is shown that first.
      const shown = nurse.client.seen(`<presence type='!' from='${stage.room}/${juliet.nick}'/>`);
      expect(idOf(shown.at(-1))).toBe(heard);
      romeo.says('and I');
      const said = await romeo.hears(romeo, 'and I');
      await nurse.leaves();
      expect(idOf((await nurse.enters()).self)).toBe(idOf(self));
      expect(idOf(said)).toBeDefined();
    },
  ),

  scenario('421-03 an id says nothing of an address, and another room has another', async (stage) => {
    const { romeo } = await stage.pair();
    const other = stage.otherChannel();
    const here = idOf((await romeo.enters()).self);
    const there = idOf((await romeo.enters(other.room)).self);
    expect(here).toBeDefined();
    expect(there).not.toBe(here);
    expect(`${here}${there}`).not.toMatch(/user\d+|localhost/);
  }),

  scenario('421-02 an id that a client makes up is not passed on', async (stage) => {
    const { romeo } = await stage.pair();
    romeo.client.send(
      `<message type='groupchat' id='forged' to='${stage.room}'><body>who am I?</body><occupant-id xmlns='${occupant}' id='forged'/></message>`,
    );
    const said = await romeo.hears(romeo, 'who am I?');
    expect(idOf(said)).not.toBe('forged');
    expect(said.children.filter((one) => typeof one !== 'string' && one.name === 'occupant-id')).toHaveLength(1);
  }),
]);
