/** CHECKLIST 030-05 and 030-10: a gateway whose rooms are on many servers, as those see it who browse. */
import { describe, expect, test } from 'vitest';
import type { Element } from '../../../../src/xml/element.ts';
import { child, childrenOf } from '../../../harness/markup.ts';
import { createCommandWorld } from '../commands/world.ts';
import { domain } from './world.ts';

const info = `<query xmlns='http://jabber.org/protocol/disco#info'/>`;
const items = `<query xmlns='http://jabber.org/protocol/disco#items'/>`;
const several = { browsable: true, servers: ['padua.test', 'verona.test'] };

const itemsOf = (answer: Element) =>
  childrenOf(child(answer, 'query'), 'item').map(({ attrs }) => [attrs.jid, attrs.name]);
const identitiesOf = (answer: Element) =>
  childrenOf(child(answer, 'query'), 'identity').map(({ attrs }) => `${attrs.category}/${attrs.type}`);

describe('a gateway with many servers', () => {
  test('030-05 lists those that it has by name and those that the user is connected to, each once', async () => {
    const world = createCommandWorld(several);
    world.known('romeo@example.org', 'mantua.test');
    world.known('romeo@example.org', 'verona.test');
    world.known('juliet@example.org', 'belmont.test');
    expect(itemsOf(await world.iq(domain, items, 'romeo@example.org/phone', 'get'))).toEqual(
      ['mantua.test', 'padua.test', 'verona.test'].map((name) => [`${name}@${domain}`, name]),
    );
    expect(itemsOf(await world.iq(domain, items, 'tybalt@elsewhere.test/x', 'get'))).toEqual([]);
  });

  test('030-10 says that it holds servers, where a server says that it holds rooms', async () => {
    const world = createCommandWorld(several);
    const identitiesAt = async (to: string) => identitiesOf(await world.iq(to, info, undefined, 'get'));
    expect(await identitiesAt(domain)).toEqual(['gateway/irc', 'conference/irc', 'conference/text']);
    expect(await identitiesAt(`verona.test@${domain}`)).toEqual(['gateway/irc', 'conference/text']);
    const one = createCommandWorld(several, 'verona.test');
    expect(identitiesOf(await one.iq(domain, info, undefined, 'get'))).toEqual(['gateway/irc', 'conference/text']);
  });
});
