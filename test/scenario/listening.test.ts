/** Events of contacts (XEP-0163): to the clients whose capabilities ask for them, once each and when something changes, and to nobody else. */
import { describe, expect } from 'vitest';
import { type Picture, personId } from '../../src/bridge/index.ts';
import { capsVer } from '../../src/xmpp/xep/0115-caps.ts';
import { child, childrenOf } from '../harness/markup.ts';
import { png, sha1 } from '../harness/pictures.ts';
import { domainName } from './gateway.ts';
import type { Client } from './server.ts';
import { type Stage, scenario, verona } from './stage.ts';

const contact = `juliet@${domainName}`;
const [rose, thorn] = [png(1), png(2)];
const metadata = 'urn:xmpp:avatar:metadata';
const nick = 'http://jabber.org/protocol/nick';

/** A program that runs as a client. */
function program(...wanted: readonly string[]) {
  const features = ['http://jabber.org/protocol/disco#info', ...wanted.map((node) => `${node}+notify`)].sort();
  const identity = { category: 'client', type: 'pc' };
  const node = 'https://client.test';
  return { node, ver: capsVer({ identities: [identity], features }), features };
}

type Program = ReturnType<typeof program>;

const caps = ({ node, ver }: Program) =>
  `<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='${node}' ver='${ver}'/>`;

const comes = (client: Client, like: Program) => client.sends(`<presence to='${contact}'>${caps(like)}</presence>`);

/** Answers what it was asked of its capabilities; resolves with how often that was. */
async function answers(client: Client, { features }: Program): Promise<number> {
  const asked = client.queue.filter((one) => child(one, 'query', 'http://jabber.org/protocol/disco#info'));
  client.queue.splice(0, client.queue.length, ...client.queue.filter((one) => !asked.includes(one)));
  for (const { attrs } of asked) {
    const all = features.map((one) => `<feature var='${one}'/>`).join('');
    const query = `<query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' type='pc'/>${all}</query>`;
    await client.sends(`<iq type='result' id='${attrs.id}' to='${attrs.from}'>${query}</iq>`);
  }
  return asked.length;
}

/** "node id" of what came since. */
function events(client: Client): readonly string[] {
  return client.queue.splice(0).flatMap((one) => {
    const items = child(child(one, 'event', 'http://jabber.org/protocol/pubsub#event'), 'items');
    if (items === undefined) return [];
    expect(one.attrs).toMatchObject({ type: 'headline', from: contact, to: client.jid });
    return childrenOf(items, 'item').map(({ attrs }) => `${items.attrs.node} ${attrs.id}`);
  });
}

async function wears(stage: Stage, picture: Picture | undefined): Promise<void> {
  stage.gateway.world.wear(personId('juliet'), picture);
  await stage.calm();
}

async function befriended(stage: Stage): Promise<Client> {
  await stage.inhabitant('juliet', '#verona');
  await wears(stage, rose);
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  await romeo.sends(`<presence type='subscribe' id='s' to='${contact}'/>`);
  romeo.ignores();
  return romeo;
}

describe('events of contacts', () => {
  scenario(
    '163-02 who goes from one contact, whom its user has removed, hears of the others as before',
    async (stage) => {
      const romeo = await befriended(stage);
      const gajim = program(metadata);
      await comes(romeo, gajim);
      await romeo.sends(`<presence to='nurse@${domainName}'>${caps(gajim)}</presence>`);
      await answers(romeo, gajim);
      expect(events(romeo)).toEqual([`${metadata} ${sha1(rose)}`]);
      await romeo.sends(`<presence type='unavailable' to='nurse@${domainName}'/>`);
      await wears(stage, thorn);
      expect(events(romeo)).toEqual([`${metadata} ${sha1(thorn)}`]);
      await romeo.sends(`<presence type='unavailable' to='${contact}'/>`);
      await wears(stage, rose);
      expect(events(romeo)).toEqual([]);
    },
  );

  scenario(
    '115-08 163-01 163-02 163-03 084-02 once for a client that wants them, and again for what is new',
    async (stage) => {
      const romeo = await befriended(stage);
      const gajim = program(metadata, nick, 'urn:xmpp:mood');
      await comes(romeo, gajim);
      expect(await answers(romeo, gajim)).toBe(1);
      expect(events(romeo)).toEqual([`${metadata} ${sha1(rose)}`, `${nick} current`]);
      await comes(romeo, gajim);
      expect([await answers(romeo, gajim), events(romeo)]).toEqual([0, []]);
      await wears(stage, thorn);
      expect(events(romeo)).toEqual([`${metadata} ${sha1(thorn)}`]);
      await wears(stage, undefined);
      expect(events(romeo)).toEqual([`${metadata} current`]);
      await romeo.sends(`<presence type='unavailable' to='${contact}'/>`);
      await wears(stage, rose);
      expect(events(romeo)).toEqual([]);
      await comes(romeo, gajim);
      expect([await answers(romeo, gajim), events(romeo)]).toEqual([
        0,
        [`${metadata} ${sha1(rose)}`, `${nick} current`],
      ]);
    },
  );

  scenario(
    '115-05 115-08 163-03 one program is asked once, whoever runs it; who says nothing of itself gets nothing',
    async (stage) => {
      const romeo = await befriended(stage);
      const phone = stage.client('romeo', 'phone');
      const gajim = program(metadata);
      await comes(romeo, gajim);
      await answers(romeo, gajim);
      await comes(phone, gajim);
      expect([await answers(phone, gajim), events(phone)]).toEqual([0, [`${metadata} ${sha1(rose)}`]]);
      const old = stage.client('romeo', 'old');
      await old.sends(`<presence to='${contact}'/>`);
      expect([await answers(old, gajim), events(old)]).toEqual([0, []]);
      const other = stage.client('romeo', 'other');
      await comes(other, program(nick));
      expect([await answers(other, program(nick)), events(other)]).toEqual([1, [`${nick} current`]]);
    },
  );

  scenario('114-51 114-53 after a restart who is there is asked for, and told of what is new', async (stage) => {
    stage.server.rosters.grant = 'write';
    stage.gateway.world.contacts.put(personId('romeo'), personId('juliet'));
    await stage.inhabitant('juliet', '#verona');
    await wears(stage, rose);
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    await stage.calm();
    const gajim = program(metadata);
    await comes(romeo, gajim);
    await answers(romeo, gajim);
    expect(stage.server.probes).toEqual([]);
    romeo.ignores();
    await stage.restarts();
    await stage.passes(1);
    expect(stage.server.probes).toEqual([[contact, 'romeo@test']]);
    expect(await answers(romeo, gajim)).toBe(1);
    romeo.ignores();
    await wears(stage, thorn);
    expect(events(romeo)).toEqual([`${metadata} ${sha1(thorn)}`]);
  });

  scenario('115-05 an answer whose hash is wrong counts for who gave it alone', async (stage) => {
    const romeo = await befriended(stage);
    const liar = { ...program(nick), ver: program(metadata).ver };
    await comes(romeo, liar);
    await answers(romeo, liar);
    expect(events(romeo)).toEqual([`${nick} current`]);
    const honest = stage.client('romeo', 'phone');
    await comes(honest, program(metadata));
    expect(await answers(honest, program(metadata))).toBe(1);
    expect(events(honest)).toEqual([`${metadata} ${sha1(rose)}`]);
  });
});
