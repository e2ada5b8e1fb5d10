/** What presence between a client and a contact does and does not do, and requests that a contact or a room has no answer to. */
import { describe, expect } from 'vitest';
import { GatewayError, personId } from '../../src/bridge/index.ts';
import { bodyOf, child, codesOf, conditionOf } from '../harness/markup.ts';
import { present } from '../harness/present.ts';
import { type Stage, scenario, verona } from './stage.ts';

const juliet = 'juliet@net.test';

/** Romeo in a room, with juliet among his contacts. */
async function acquainted(stage: Stage) {
  const her = await stage.inhabitant('juliet', '#verona');
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  await romeo.sends(`<presence type='subscribe' to='${juliet}'/>`, `<presence type='subscribed' to='${juliet}'/>`);
  romeo.ignores();
  return { romeo, her };
}

describe('presence', () => {
  scenario('PRE-08 a contact’s has no priority: what is said to it is delivered', async (stage) => {
    const { romeo } = await acquainted(stage);
    for (const show of ['away', 'online'] as const)
      stage.gateway.world.contacts.appear(personId('juliet'), { show, status: show });
    await stage.calm();
    const got = romeo.queue.filter(({ name, attrs }) => name === 'presence' && attrs.from === present(juliet));
    expect(got.length).toBeGreaterThan(0);
    expect(got.map((one) => child(one, 'priority'))).toEqual(got.map(() => undefined));
  });

  scenario('PRE-13 who was here before a kill, and is not known to be now, is gone: told once', async (stage) => {
    const { romeo } = await acquainted(stage);
    await romeo.sends(`<presence type='subscribe' to='nurse@net.test'/>`);
    stage.gateway.world.contacts.appear(personId('juliet'), { show: 'online' });
    await stage.calm();
    await stage.gateway.stop('kill');
    stage.gateway.away(new GatewayError('network-away'));
    romeo.ignores();
    await stage.gateway.start();
    for (let n = 0; n < 5; n++) await stage.passes(60);
    const gone = romeo.queue.flatMap(({ attrs: { type, from = '' } }) => (type === 'unavailable' ? [from] : []));
    expect(gone.filter((from) => !from.startsWith('#')).sort()).toEqual([present(juliet), present('nurse@net.test')]);
    romeo.ignores();
    stage.gateway.away(undefined);
    await romeo.joins(verona, 'romeo');
    expect(romeo.queue.filter(({ attrs }) => attrs.from === present(juliet)).map(({ attrs }) => attrs.type)).toEqual([
      undefined,
    ]);
  });

  scenario(
    '114-52 at the end for good the room closes, and contacts who are here are gone: told once each, nobody else',
    async (stage) => {
      const { romeo } = await acquainted(stage);
      await romeo.sends(`<presence type='subscribe' to='nurse@net.test'/>`);
      stage.gateway.world.contacts.appear(personId('juliet'), { show: 'online' });
      await stage.calm();
      romeo.ignores();
      await stage.gateway.stop('farewell');
      await stage.calm();
      const told = romeo.queue.splice(0).map((one) => [one.attrs.type, one.attrs.from, codesOf(one)]);
      expect(told).toEqual([
        ['unavailable', `${verona}/romeo`, [110, 332]],
        ['unavailable', present(juliet), []],
      ]);
    },
  );

  scenario('100-17 who seems gone to one contact is not logged out', async (stage) => {
    const { romeo, her } = await acquainted(stage);
    await romeo.sends(`<presence type='unavailable' to='${juliet}'/>`);
    expect(stage.members('#verona')).toEqual(['juliet', 'romeo']);
    romeo.ignores();
    await her.says('romeo', 'Art thou gone so?');
    expect(romeo.queue.map(bodyOf)).toEqual(['Art thou gone so?']);
  });
});

describe('requests without an answer', () => {
  const asks = async (stage: Stage, to: string, inside: string): Promise<string> => {
    const { romeo } = await acquainted(stage);
    await romeo.sends(`<iq type='set' id='q' to='${to}'>${inside}</iq>`);
    const answer = romeo.queue.find(({ attrs }) => attrs.id === 'q');
    return (answer && conditionOf(answer)) ?? 'nothing';
  };

  scenario('234-01 a file by Jingle is refused at once', async (stage) => {
    const offer = "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s'/>";
    expect(await asks(stage, juliet, offer)).toBe('service-unavailable');
  });

  scenario('486-04 a room’s card is nobody’s to set', async (stage) => {
    expect(await asks(stage, verona, "<vCard xmlns='vcard-temp'/>")).toMatch(/^(forbidden|service-unavailable)$/);
  });
});
