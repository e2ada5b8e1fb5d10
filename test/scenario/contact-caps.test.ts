/** What contacts can do, said by their presence (CHECKLIST 115-01, 115-03, 115-07): the hash is that of their own answer, and whatever changes it is told. */
import { describe, expect } from 'vitest';
import { chatId } from '../../src/bridge/index.ts';
import type { SettingsPlace } from '../../src/core/settings.ts';
import type { Element } from '../../src/xml/element.ts';
import { discoInfo } from '../../src/xmpp/xep/0030-disco.ts';
import { capsVer } from '../../src/xmpp/xep/0115-caps.ts';
import { child, conditionOf } from '../harness/markup.ts';
import { present } from '../harness/present.ts';
import { domainName } from './gateway.ts';
import type { Client } from './server.ts';
import { type Stage, scenario, verona } from './stage.ts';

const juliet = `juliet@${domainName}`;
const nurse = `nurse@${domainName}`;

const capsIn = (one: Element | undefined) => child(one, 'c', 'http://jabber.org/protocol/caps')?.attrs;

/** The hashes that those presences carry, and whose they are. */
const announced = (client: Client): readonly (readonly [string | undefined, string | undefined])[] =>
  client.queue
    .splice(0)
    .flatMap((one) =>
      one.name === 'presence' && one.attrs.type === undefined && !one.attrs.from?.startsWith('#')
        ? [[one.attrs.from, capsIn(one)?.ver] as const]
        : [],
    );

async function ask(client: Client, to: string, node?: string): Promise<Element | undefined> {
  client.ignores();
  const attrs = node === undefined ? '' : ` node='${node}'`;
  await client.sends(
    `<iq type='get' id='info' to='${to}'><query xmlns='http://jabber.org/protocol/disco#info'${attrs}/></iq>`,
  );
  return client.queue.splice(0).find(({ attrs: { id } }) => id === 'info');
}

/** The hash of what is answered. */
async function answered(client: Client, to: string, node?: string): Promise<string> {
  const query = child(await ask(client, to, node), 'query');
  const read = query && discoInfo.read(query);
  if (read === undefined) throw new Error('no disco#info');
  return capsVer({ ...read, features: read.features.map((one) => one.var) });
}

async function friends(stage: Stage): Promise<Client> {
  for (const nick of ['juliet', 'nurse']) await stage.inhabitant(nick, '#verona');
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  romeo.ignores();
  for (const contact of [juliet, nurse]) await romeo.sends(`<presence type='subscribe' id='s' to='${contact}'/>`);
  return romeo;
}

const set = async (stage: Stage, place: SettingsPlace, change: object): Promise<void> => {
  await stage.gateway.domain.preferences.change('romeo@test', place, { ...change });
  await stage.calm();
};

describe('what contacts can do', () => {
  scenario('115-01 115-03 is one hash for all of them, and that of the answer of each', async (stage) => {
    const romeo = await friends(stage);
    const told = announced(romeo);
    expect(told.map(([from]) => from).sort()).toEqual([present(juliet), present(nurse)]);
    const [[, ver = ''] = []] = told;
    expect(told.every(([, one]) => one === ver)).toBe(true);
    const node = `urn:isthmus:gateway#${ver}`;
    for (const contact of [juliet, nurse].flatMap((one) => [one, present(one)]))
      expect([await answered(romeo, contact), await answered(romeo, contact, node)]).toEqual([ver, ver]);
    const other = await ask(romeo, juliet, 'urn:isthmus:gateway#other');
    expect(other && conditionOf(other)).toBe('item-not-found');
  });

  scenario('115-01 a client that asks how they are is told the same', async (stage) => {
    const romeo = await friends(stage);
    const told = announced(romeo).find(([from]) => from === present(juliet));
    await romeo.sends(`<presence type='probe' to='${juliet}'/>`);
    expect(announced(romeo)).toEqual([told]);
  });

  scenario(
    '115-07 where what is said with somebody is not kept any more, they and nobody else say so',
    async (stage) => {
      const romeo = await friends(stage);
      const before = announced(romeo).find(([from]) => from === present(juliet))?.[1];
      await set(stage, { level: 'room', chat: chatId('juliet') }, { record_history: false });
      const [changed, ...rest] = announced(romeo);
      expect(rest).toEqual([]);
      expect(changed?.[0]).toBe(present(juliet));
      expect(changed?.[1]).not.toBe(before);
      expect(await answered(romeo, juliet)).toBe(changed?.[1]);
      expect(await answered(romeo, nurse)).toBe(before);
      await set(stage, { level: 'room', chat: chatId('juliet') }, { record_history: false });
      expect(announced(romeo)).toEqual([]);
    },
  );
});

scenario(
  '115-01 on a network that can less they say less',
  async (stage) => {
    const romeo = await friends(stage);
    const told = announced(romeo);
    expect(told).toHaveLength(2);
    for (const [from = '', ver] of told) expect(await answered(romeo, from)).toBe(ver);
  },
  { options: { avatars: false, deeds: false } },
);
