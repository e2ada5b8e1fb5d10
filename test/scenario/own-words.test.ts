/** Whoever speaks by a shared account corrects and takes back what they said themselves, and nothing else (src/design/shared-accounts.md). */
import { describe, expect } from 'vitest';
import { child, show } from '../harness/markup.ts';
import type { Client } from './server.ts';
import { came, forbidden, options, shares, verona } from './shared.ts';
import { type Stage, type StageOptions, scenario } from './stage.ts';

const corrects = (client: Client, text: string, of: string, id = 'c1', to = verona): Promise<void> =>
  client.sends(
    `<message type='groupchat' id='${id}' to='${to}'><body>${text}</body><replace xmlns='urn:xmpp:message-correct:0' id='${of}'/></message>`,
  );
const takesBack = (client: Client, of: string, id = 'd1'): Promise<void> =>
  client.sends(
    `<message type='groupchat' id='${id}' to='${verona}'><retract xmlns='urn:xmpp:message-retract:1' id='${of}'/></message>`,
  );
const corrected = (text: string, of: string, id = 'c1'): string =>
  `<message type='groupchat' id='${id}' from='${verona}/bot'><body>${text}</body><replace xmlns='urn:xmpp:message-correct:0' id='${of}'/></message>`;
const refused = (id: string): string => `<message type='error' id='${id}'>${forbidden}</message>`;

/** The room's name of the last message that came. */
function nameIn(client: Client): string {
  const last = client.queue.splice(0).at(-1);
  return child(last, 'stanza-id', 'urn:xmpp:sid:0')?.attrs.id ?? '';
}

async function features(client: Client): Promise<readonly string[]> {
  client.ignores();
  await client.sends(
    `<iq type='get' id='info' to='${verona}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`,
  );
  return [...came(client).matchAll(/feature var='([^']+)'/g)].map(([, name = '']) => name);
}

const others: StageOptions = { ...options, allow: ['test', 'other'] };

/** Both admitted and in. */
async function inVerona(stage: Stage, first = 'romeo@test', second = 'juliet@test') {
  const admin = await shares(stage, first, second);
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  const [one, two] = [stage.client(first), stage.client(second)];
  await one.joins(verona, 'One');
  await two.joins(verona, 'Two');
  one.ignores();
  two.ignores();
  const deeds = () => tybalt.events.filter(({ kind }) => kind === 'edited' || kind === 'retracted');
  return { admin, tybalt, one, two, deeds };
}

describe('one’s own', () => {
  scenario(
    '308-03 424-01 is corrected with the name in front, and taken back, for everybody',
    async (stage) => {
      const { one: romeo, two: juliet, deeds } = await inVerona(stage);
      await romeo.says(verona, 'peas', 'm1');
      juliet.ignores();
      const name = nameIn(romeo);
      await corrects(romeo, 'peace', 'm1');
      for (const client of [romeo, juliet]) client.gets(corrected('&lt;romeo&gt; peace', 'm1'));
      expect(deeds()).toMatchObject([{ kind: 'edited', content: { text: { plain: '<romeo> peace' } } }]);
      await takesBack(romeo, name);
      for (const client of [romeo, juliet])
        client.gets(
          `<message type='groupchat' id='d1' from='${verona}/bot'><retract xmlns='urn:xmpp:message-retract:1' id='${name}'/></message>`,
        );
      expect(deeds().map(({ kind }) => kind)).toEqual(['edited', 'retracted']);
    },
    options,
  );

  scenario(
    'is found after restarts, by whichever of its names',
    async (stage) => {
      const { one: romeo, two: juliet, deeds } = await inVerona(stage);
      await romeo.says(verona, 'peas', 'm1');
      const name = nameIn(romeo);
      for (const how of ['keep', 'kill'] as const) {
        await stage.restarts(how);
        romeo.ignores();
        juliet.ignores();
        await corrects(juliet, 'war', 'm1', `war ${how}`);
        juliet.gets(refused(`war ${how}`));
        await takesBack(juliet, name, `gone ${how}`);
        juliet.gets(refused(`gone ${how}`));
        await corrects(romeo, how, 'm1', `to ${how}`);
        juliet.gets(corrected(`&lt;romeo&gt; ${how}`, 'm1', `to ${how}`));
      }
      await stage.restarts();
      romeo.ignores();
      await takesBack(romeo, name);
      expect(came(romeo)).toContain('<retract ');
      expect(deeds().map(({ kind }) => kind)).toEqual(['edited', 'edited', 'retracted']);
    },
    options,
  );

  scenario(
    'may still be on its way: what is done to it waits until it is there',
    async (stage) => {
      const { one: romeo, two: juliet, tybalt, deeds } = await inVerona(stage);
      await stage.whileHeld('send', async () => {
        await romeo.says(verona, 'peas', 'm1');
        await corrects(romeo, 'peace', 'm1');
        await corrects(juliet, 'war', 'm1', 'c2');
        await takesBack(romeo, 'm1');
        romeo.gets();
      });
      juliet.gets(
        `<message id='m1'><body>&lt;romeo&gt; peas</body></message>`,
        corrected('&lt;romeo&gt; peace', 'm1'),
        refused('c2'),
        `<message id='d1'><retract xmlns='urn:xmpp:message-retract:1'/></message>`,
      );
      expect(tybalt.heard).toEqual(['bot: <romeo> peas']);
      expect(deeds().map(({ kind }) => kind)).toEqual(['edited', 'retracted']);
    },
    options,
  );
});

describe('somebody else’s', () => {
  scenario(
    'is refused, also to one of the same name on another server, and to the operator who could take it back',
    async (stage) => {
      const { admin, one: romeo, two: namesake, deeds } = await inVerona(stage, 'romeo@test', 'romeo@other');
      await admin.joins(verona, 'Admin');
      admin.ignores();
      await romeo.says(verona, 'peace', 'm1');
      namesake.ignores();
      admin.ignores();
      const name = nameIn(romeo);
      for (const [at, target] of ['m1', name].entries()) {
        await corrects(namesake, 'war', target, `c${at}`);
        await takesBack(namesake, target, `d${at}`);
        namesake.gets(refused(`c${at}`), refused(`d${at}`));
        await corrects(admin, 'war', target, `a${at}`);
        admin.gets(refused(`a${at}`));
      }
      expect(deeds()).toEqual([]);
      await takesBack(admin, name, 'd3');
      expect(deeds().map(({ kind }) => kind)).toEqual(['retracted']);
    },
    others,
  );

  scenario(
    'is not corrected by giving one’s own message the same id',
    async (stage) => {
      const { one: romeo, two: juliet, deeds } = await inVerona(stage);
      await romeo.says(verona, 'peace', 'm1');
      await juliet.says(verona, 'hello', 'm1');
      juliet.ignores();
      romeo.ignores();
      await corrects(juliet, 'war', 'm1');
      juliet.gets(refused('c1'));
      romeo.gets();
      await romeo.says(verona, 'peace again', 'm2');
      await stage.restarts();
      await juliet.says(verona, 'hello', 'm2');
      await juliet.says(verona, 'hello', 'm3');
      juliet.ignores();
      await corrects(juliet, 'war', 'm2', 'c2');
      juliet.gets(refused('c2'));
      expect(deeds()).toEqual([]);
      await corrects(juliet, 'good morrow', 'm3', 'c3');
      juliet.gets(corrected('&lt;juliet&gt; good morrow', 'm3', 'c3'));
    },
    options,
  );

  scenario(
    'and what the network’s people said, and what nobody knows of, is nobody’s here',
    async (stage) => {
      const { one: romeo, tybalt, deeds } = await inVerona(stage);
      await tybalt.says('#verona', 'peace? I hate the word');
      const name = nameIn(romeo);
      await corrects(romeo, 'I love it', name);
      await takesBack(romeo, name);
      romeo.gets(refused('c1'), refused('d1'));
      await corrects(romeo, 'I love it', 'never');
      await takesBack(romeo, 'never');
      expect(romeo.queue.map((one) => show(one).includes('item-not-found'))).toEqual([true, true]);
      romeo.ignores();
      expect(deeds()).toEqual([]);
      expect(tybalt.heard).toEqual([]);
    },
    options,
  );
});

const deedsOf = ['urn:xmpp:message-correct:0', 'urn:xmpp:message-retract:1'];
const ownersDeeds = [
  'urn:xmpp:message-moderate:1',
  'urn:xmpp:message-moderate:0',
  'urn:xmpp:reactions:0',
  'http://jabber.org/protocol/commands',
];

scenario(
  'what is announced of its rooms is what whoever asks can do there',
  async (stage) => {
    const { admin, one: romeo } = await inVerona(stage);
    const [theirs, owners] = [await features(romeo), await features(admin)];
    expect(theirs).toEqual(expect.arrayContaining(deedsOf));
    for (const feature of ownersDeeds)
      expect([theirs, owners].map((all) => all.includes(feature))).toEqual([false, true]);
  },
  options,
);

scenario(
  'a network that can’t: nothing is announced, and it is refused, instead of being said as something new',
  async (stage) => {
    const { one: romeo, tybalt } = await inVerona(stage);
    await romeo.says(verona, 'peas', 'm1');
    for (const feature of await features(romeo)) expect(deedsOf).not.toContain(feature);
    await corrects(romeo, 'peace', 'm1');
    await takesBack(romeo, 'm1');
    romeo.gets(refused('c1'), refused('d1'));
    expect(tybalt.heard).toEqual(['bot: <romeo> peas']);
  },
  { ...options, options: { ...options.options, deeds: false } },
);
