/** A room's past: asked by MAM, kept over restarts, given up when it is too old. */
import { describe, expect, vi } from 'vitest';
import { chatId, GatewayError, personId } from '../../src/bridge/index.ts';
import { type Content, plainText } from '../../src/core/content.ts';
import type { Element } from '../../src/xml/element.ts';
import { bodyOf, child, childrenOf, conditionOf, textOf } from '../harness/markup.ts';
import type { Client } from './server.ts';
import { type Stage, scenario, verona } from './stage.ts';

const mam = 'urn:xmpp:mam:2';

/** The room's archive as that client is told it: texts in order, and the answer. */
async function asks(client: Client, inside = '', room = verona) {
  client.ignores();
  await client.sends(`<iq type='set' id='mam' to='${room}'><query xmlns='${mam}' queryid='f'>${inside}</query></iq>`);
  const got = client.queue.splice(0);
  const answer = got.pop();
  const results = got.map((one) => child(one, 'result'));
  const messages = results.map((one) => child(child(one, 'forwarded'), 'message'));
  return {
    texts: messages.map((one) => (one === undefined ? undefined : bodyOf(one))),
    ids: results.map((one) => one?.attrs.id),
    fin: child(answer, 'fin'),
    answer,
    messages,
    kinds: messages.map((one) => one?.children.find((each) => typeof each !== 'string')?.name),
  };
}
const rsm = (inside: string) => `<set xmlns='http://jabber.org/protocol/rsm'>${inside}</set>`;
const stanzaIdOf = (message: Element | undefined) => child(message, 'stanza-id')?.attrs.id;

async function conversation(stage: Stage) {
  const juliet = await stage.inhabitant('juliet', '#verona');
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  romeo.ignores();
  await juliet.says('#verona', 'one');
  await romeo.says(verona, 'two', 'm2');
  await juliet.says('#verona', 'three');
  return { romeo, juliet, live: romeo.queue.splice(0) };
}

describe('MAM', () => {
  scenario('313-02 313-03 the archive is what was told, by the same ids, and its fin comes last', async (stage) => {
    const { romeo, live } = await conversation(stage);
    const { texts, ids, fin } = await asks(romeo);
    expect(texts).toEqual(['one', 'two', 'three']);
    expect(ids).toEqual(live.map(stanzaIdOf));
    expect(fin?.attrs.complete).toBe('true');
  });

  scenario('313-05 a client that knows the last message asks for what came behind it', async (stage) => {
    const { romeo, juliet, live } = await conversation(stage);
    await juliet.says('#verona', 'four');
    const last = stanzaIdOf(live.at(-1)) ?? '';
    expect((await asks(romeo, rsm(`<after>${last}</after>`))).texts).toEqual(['four']);
    expect((await asks(romeo, rsm('<before/><max>2</max>'))).texts).toEqual(['three', 'four']);
    const { answer } = await asks(romeo, rsm('<after>what is not there</after>'));
    expect(answer && conditionOf(answer)).toBe('item-not-found');
  });

  scenario('313-06 the form filled in here and there: what is left empty restricts nothing', async (stage) => {
    const { romeo } = await conversation(stage);
    const field = (name: string, value = '') => `<field var='${name}'><value>${value}</value></field>`;
    const empty = ['with', 'start', 'end', 'before-id', 'after-id', 'ids'].map((name) => field(name)).join('');
    const form = `<x xmlns='jabber:x:data' type='submit'>${field('FORM_TYPE', mam)}${empty}</x>`;
    expect((await asks(romeo, form)).texts).toEqual(['one', 'two', 'three']);
  });

  scenario(
    '313-08 424-04 corrections and reactions are in it, and a stone where something was taken back',
    async (stage) => {
      const { romeo, juliet } = await conversation(stage);
      const target = await juliet.says('#verona', 'secret');
      await juliet.does('#verona', { kind: 'edited', target, content: { text: plainText('a secret') } });
      await juliet.does('#verona', { kind: 'reaction', target, emoji: '👍', present: true });
      const live = romeo.queue.splice(0);
      const before = await asks(romeo, rsm('<before/><max>3</max>'));
      expect(before.texts).toEqual(['secret', 'a secret', undefined]);
      expect(before.ids).toEqual(live.map(stanzaIdOf));
      await juliet.does('#verona', { kind: 'retracted', target });
      const [retraction] = romeo.queue.splice(0);
      const after = await asks(romeo, rsm('<before/><max>4</max>'));
      expect(after.kinds).toEqual(['retracted', 'retracted', 'reactions', 'retract']);
      expect(after.ids).toEqual([...before.ids, stanzaIdOf(retraction)]);
      expect(after.texts.join()).not.toContain('secret,');
    },
  );

  scenario('313-07 the archive is there while the account is not, and for nobody else', async (stage) => {
    const { romeo } = await conversation(stage);
    await romeo.leaves(verona, 'romeo');
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
    expect((await asks(romeo)).texts).toEqual(['one', 'two', 'three']);
    const paris = stage.client('paris');
    expect((await asks(paris)).texts).toEqual([]);
  });

  scenario('313-03 after kill -9 what was written is there, in the same order and by the same ids', async (stage) => {
    const { romeo, juliet, live } = await conversation(stage);
    await stage.passes(2);
    await stage.restarts('kill');
    await juliet.says('#verona', 'four');
    const { texts, ids } = await asks(romeo);
    expect(texts).toEqual(['one', 'two', 'three', 'four']);
    expect(ids.slice(0, 3)).toEqual(live.map(stanzaIdOf));
  });

  scenario('313-08 a new subject is part of the past, a private message is not', async (stage) => {
    const { romeo, juliet } = await conversation(stage);
    await juliet.setsTopic('#verona', 'Two households');
    await juliet.says('romeo', 'psst');
    await romeo.sends(`<message type='chat' id='p' to='${verona}/juliet'><body>psst</body></message>`);
    const { texts } = await asks(romeo);
    expect(texts).toEqual(['one', 'two', 'three', undefined]);
  });

  scenario('313-01 313-06 announced, with its form and both ends', async (stage) => {
    const { romeo, live } = await conversation(stage);
    await romeo.sends(
      `<iq type='get' id='d' to='${verona}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`,
    );
    romeo.gets(
      `<iq type='result' id='d'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='${mam}'/><feature var='${mam}#extended'/><feature var='urn:xmpp:sid:0'/></query></iq>`,
    );
    await romeo.sends(`<iq type='get' id='f' to='${verona}'><query xmlns='${mam}'/></iq>`);
    romeo.gets(
      `<iq type='result' id='f'><query xmlns='${mam}'><x xmlns='jabber:x:data' type='form'><field var='ids' type='list-multi'/></x></query></iq>`,
    );
    await romeo.sends(`<iq type='get' id='m' to='${verona}'><metadata xmlns='${mam}'/></iq>`);
    const [first, last] = [stanzaIdOf(live[0]), stanzaIdOf(live.at(-1))];
    romeo.gets(
      `<iq type='result' id='m'><metadata xmlns='${mam}'><start id='${first}'/><end id='${last}'/></metadata></iq>`,
    );
  });
});

describe('where the operator wants no archive', () => {
  scenario(
    '313-01 nothing is kept, nothing is announced, and a query is refused',
    async (stage) => {
      const { romeo } = await conversation(stage);
      const { answer } = await asks(romeo);
      expect(answer && conditionOf(answer)).toBe('service-unavailable');
      await romeo.sends(
        `<iq type='get' id='d' to='${verona}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`,
      );
      const [info] = romeo.queue.splice(0);
      const features = childrenOf(child(info, 'query'), 'feature').map(({ attrs }) => attrs.var);
      expect(features).toContain('urn:xmpp:sid:0');
      expect(features.filter((one) => one?.startsWith(mam))).toEqual([]);
      await stage.passes(2);
      const rows = await stage.gateway.database.db.selectFrom('archive').selectAll().execute();
      expect(rows).toEqual([]);
    },
    { archive: false },
  );
});

describe('what was missed', () => {
  const options = { history: true, linger: 300 } as const;

  scenario(
    '313-09 after a restart it is fetched from the network, shown with its stamp, and is in the archive by the same id',
    async (stage) => {
      const { romeo, juliet } = await conversation(stage);
      await stage.passes(120);
      await stage.gateway.stop('kill');
      await juliet.says('#verona', 'are you there?');
      await stage.passes(1);
      await stage.gateway.start();
      await stage.calm();
      const missed = romeo.queue.find((one) => bodyOf(one) === 'are you there?');
      expect(child(missed, 'delay')?.attrs.from).toBe(verona);
      await juliet.says('#verona', 'there you are');
      const { texts, ids } = await asks(romeo);
      expect(texts).toEqual(['one', 'two', 'three', 'are you there?', 'there you are']);
      expect(ids[3]).toBe(stanzaIdOf(missed));
    },
    { options },
  );

  scenario(
    '461-01 an answer that was missed names what it answers, of before the restart',
    async (stage) => {
      const { romeo, juliet } = await conversation(stage);
      const target = await juliet.says('#verona', 'who is there?');
      const named = stanzaIdOf(romeo.queue.at(-1));
      await stage.passes(120);
      await stage.gateway.stop('kill');
      await juliet.says('#verona', { text: plainText('nobody'), replyTo: target });
      await stage.passes(1);
      await stage.gateway.start();
      await stage.calm();
      const missed = romeo.queue.find((one) => child(one, 'reply') !== undefined);
      expect(child(missed, 'reply')?.attrs).toEqual({ id: named, to: `${verona}/juliet` });
      expect(missed && bodyOf(missed)).toBe('> juliet: who is there?\nnobody');
    },
    { options },
  );

  scenario(
    'MSG-08 what is said while it is still being fetched is told before one is put out of the room',
    async (stage) => {
      const { romeo, juliet } = await conversation(stage);
      await stage.passes(120);
      await stage.gateway.stop('kill');
      vi.spyOn(stage.gateway.world.history, 'after').mockReturnValue(new Promise(() => undefined));
      await stage.gateway.start();
      await stage.calm();
      romeo.ignores();
      await juliet.says('#verona', 'beware, they want you gone');
      expect(romeo.queue).toEqual([]);
      await juliet.kicks('romeo', '#verona', 'banished');
      expect(romeo.queue.map((one) => bodyOf(one) ?? one.attrs.type)).toEqual([
        'beware, they want you gone',
        'unavailable',
      ]);
    },
    { options },
  );

  scenario(
    '45-36 who comes back to a room is shown of what was said meanwhile as much as is wished, and the archive has it all',
    async (stage) => {
      const { romeo, juliet } = await conversation(stage);
      await stage.passes(120);
      await romeo.leaves(verona, 'romeo');
      for (const text of ['four', 'five', 'six']) await juliet.says('#verona', text);
      await stage.passes(120);
      romeo.ignores();
      await romeo.joins(verona, 'romeo', `<history maxstanzas='2'/>`);
      const bodies = romeo.queue.flatMap((one) => (child(one, 'delay') === undefined ? [] : (bodyOf(one) ?? [])));
      expect(bodies).toEqual(['five', 'six']);
      expect((await asks(romeo)).texts).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
    },
    { options },
  );

  scenario(
    '313-09 a page that reaches beyond the start of the archive is filled from the network',
    async (stage) => {
      const juliet = await stage.inhabitant('juliet', '#verona');
      for (let n = 1; n <= 130; n++) stage.gateway.world.say(personId('juliet'), chatId('#verona'), `${n}`);
      await stage.passes(60);
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      await juliet.says('#verona', 'welcome');
      const last = await asks(romeo, rsm('<before/><max>3</max>'));
      expect(last.texts).toEqual(['129', '130', 'welcome']);
      const whole: (string | undefined)[] = [...last.texts];
      for (let { ids, fin } = last; fin?.attrs.complete !== 'true'; ) {
        const page = await asks(romeo, rsm(`<before>${ids[0]}</before><max>100</max>`));
        whole.unshift(...page.texts);
        ({ ids, fin } = page);
      }
      expect(whole).toEqual([...Array.from({ length: 130 }, (_, n) => `${n + 1}`), 'welcome']);
    },
    { options },
  );

  scenario(
    '461-01 what answers something in the network’s own past names it there',
    async (stage) => {
      const juliet = await stage.inhabitant('juliet', '#verona');
      const { world } = stage.gateway;
      const say = (what: string | Content) => world.say(personId('juliet'), chatId('#verona'), what);
      const target = say('who is there?');
      for (let n = 1; n <= 50; n++) say(`${n}`);
      say({ text: plainText('nobody'), replyTo: target });
      await stage.passes(60);
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      await juliet.says('#verona', 'welcome');
      const { texts, ids, messages } = await asks(romeo, rsm('<before/><max>100</max>'));
      expect(texts).toHaveLength(53);
      const answer = messages.at(-2);
      expect(answer && bodyOf(answer)).toBe('> juliet: who is there?\nnobody');
      expect(child(answer, 'reply')?.attrs).toEqual({ id: ids[0], to: `${verona}/juliet` });
    },
    { options },
  );

  scenario(
    '313-05 where the network can not say what there was before, the page is not stable',
    async (stage) => {
      const { romeo } = await conversation(stage);
      stage.refuses('#verona', new GatewayError('network-refused'));
      const { texts, fin } = await asks(romeo, rsm('<before/>'));
      expect(texts).toEqual(['one', 'two', 'three']);
      expect(fin?.attrs.stable).toBe('false');
    },
    { options },
  );
});

describe('history on joining', () => {
  scenario('45-36 45-38 as many lines as are wished, the subject last', async (stage) => {
    const { romeo, juliet } = await conversation(stage);
    await juliet.setsTopic('#verona', 'Two households');
    const phone = stage.client('romeo', 'phone');
    await phone.joins(verona, 'romeo', `<history maxstanzas='2'/>`);
    const messages = phone.queue.filter(({ name }) => name === 'message');
    expect(messages.map((one) => bodyOf(one) ?? textOf(child(one, 'subject')))).toEqual([
      'two',
      'three',
      'Two households',
    ]);
    romeo.ignores();
  });
});
