/** Conversations of two, in full: what is kept of them and asked for, over a restart, and what is done to messages of before it. */
import { describe, expect } from 'vitest';
import { chatId, GatewayError, messageId, plainText } from '../../src/bridge/index.ts';
import type { Element } from '../../src/xml/element.ts';
import { bodyOf, child, childrenOf, conditionOf, textOf } from '../harness/markup.ts';
import { present } from '../harness/present.ts';
import { deedsOf, pair } from './deed-lines.ts';
import { failed } from './lines.ts';
import type { Client } from './server.ts';
import { scenario, verona } from './stage.ts';

const her = 'juliet@net.test';
const mam = 'urn:xmpp:mam:2';

const chat = (id: string, inside: string) => `<message type='chat' id='${id}' to='${her}'>${inside}</message>`;
const says = (id: string, text: string, inside = '') => chat(id, `<body>${text}</body>${inside}`);

/** What her archive tells: each message, and the answer. */
async function asks(client: Client, inside = '', to = her) {
  client.ignores();
  await client.sends(`<iq type='set' id='mam' to='${to}'><query xmlns='${mam}' queryid='q'>${inside}</query></iq>`);
  const got = client.queue.splice(0);
  const answer = got.pop();
  const results = got.map((one) => child(one, 'result', mam));
  const messages = results.flatMap((one) => child(child(one, 'forwarded'), 'message') ?? []);
  return { messages, ids: results.map((one) => one?.attrs.id), answer, texts: messages.map((one) => bodyOf(one)) };
}

async function features(client: Client): Promise<readonly (string | undefined)[]> {
  client.ignores();
  await client.sends(`<iq type='get' id='d' to='${her}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`);
  return childrenOf(child(client.queue.at(-1), 'query'), 'feature').map(({ attrs }) => attrs.var);
}

const whose = ({ attrs }: Element) => `${attrs.from} to ${attrs.to} (${attrs.type} ${attrs.id})`;

describe('the archive at a contact’s address', () => {
  scenario('313-02 313-03 313-10 has both sides by the ids that they were told by, over a restart', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await juliet.says('romeo', 'Ay me!');
    const [live] = romeo.queue.splice(0);
    await romeo.sends(says('m1', 'She speaks'));
    for (const restarts of [false, true]) {
      if (restarts) await stage.restarts('keep');
      const { messages, texts, ids } = await asks(romeo);
      expect(texts).toEqual(['Ay me!', 'She speaks']);
      expect(messages.map(whose)).toEqual([
        `${present(her)} to romeo@test (chat ${live?.attrs.id})`,
        `romeo@test to ${her} (chat m1)`,
      ]);
      expect(ids[0]).toBe(child(live, 'stanza-id')?.attrs.id);
      expect(child(live, 'stanza-id')?.attrs.by).toBe(her);
    }
    expect(await features(romeo)).toEqual(expect.arrayContaining([mam, `${mam}#extended`, 'urn:xmpp:sid:0']));
  });

  scenario('313-05 313-06 in pages, and with its ends', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    for (const text of ['one', 'two', 'three']) await juliet.says('romeo', text);
    const { ids } = await asks(romeo);
    const rsm = (inside: string) => `<set xmlns='http://jabber.org/protocol/rsm'>${inside}</set>`;
    expect((await asks(romeo, rsm(`<after>${ids[0]}</after><max>1</max>`))).texts).toEqual(['two']);
    expect((await asks(romeo, rsm('<before/><max>2</max>'))).texts).toEqual(['two', 'three']);
    await romeo.sends(`<iq type='get' id='e' to='${her}'><metadata xmlns='${mam}'/></iq>`);
    const ends = child(romeo.queue.at(-1), 'metadata');
    expect([child(ends, 'start')?.attrs.id, child(ends, 'end')?.attrs.id]).toEqual([ids[0], ids[2]]);
  });

  scenario('313-07 is its owner’s alone', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const paris = stage.client('paris');
    await paris.joins(verona, 'paris');
    await juliet.says('romeo', 'for Romeo');
    await juliet.says('paris', 'for Paris');
    expect((await asks(romeo)).texts).toEqual(['for Romeo']);
    expect((await asks(paris)).texts).toEqual(['for Paris']);
    const stranger = stage.client('stranger');
    expect((await asks(stranger)).texts).toEqual([]);
  });

  scenario(
    '313-10 is not there, nor announced, where the operator keeps nothing',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await juliet.says('romeo', 'Ay me!');
      expect(romeo.queue.map((one) => child(one, 'stanza-id'))).toEqual([undefined]);
      const { answer } = await asks(romeo);
      expect(answer && conditionOf(answer)).toBe('service-unavailable');
      for (const feature of [mam, 'urn:xmpp:sid:0']) expect(await features(romeo)).not.toContain(feature);
    },
    { archive: false },
  );

  scenario('313-10 is not announced, and holds nothing, where its owner wants nothing kept', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.sends(
      `<message type='chat' id='c' to='net.test'><body>configure-all record_history no</body></message>`,
    );
    await romeo.sends(`<message type='chat' id='c' to='net.test'><body>done</body></message>`);
    await juliet.says('romeo', 'Ay me!');
    await romeo.sends(says('m1', 'She speaks'));
    expect((await asks(romeo)).texts).toEqual([]);
    expect(await features(romeo)).not.toContain(mam);
  });

  scenario('334-02 nothing of what its sender wants unkept, and no OTR; in rooms neither', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const hint = (name: string) => `<${name} xmlns='urn:xmpp:hints'/>`;
    await romeo.sends(
      says('m1', 'secret', hint('no-store')),
      says('m2', 'secret too', hint('no-permanent-store')),
      says('m3', '?OTR:AAMD=.'),
      says('m4', 'for all times'),
      `<message type='groupchat' id='g1' to='${verona}'><body>secret</body>${hint('no-store')}</message>`,
    );
    await romeo.says(verona, 'for all', 'g2');
    expect(juliet.heard).toHaveLength(6);
    expect((await asks(romeo)).texts).toEqual(['for all times']);
    expect((await asks(romeo, '', verona)).texts).toEqual(['for all']);
  });

  scenario('424-04 308-02 444-01 what was done to messages, and no words that were taken back', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const target = await juliet.says('romeo', 'Ay mee');
    await juliet.does('romeo', { kind: 'edited', target, content: { text: plainText('Ay me!') } });
    await romeo.sends(says('m1', 'rude'), chat('m2', `<reactions xmlns='urn:xmpp:reactions:0' id='x'/>`));
    await juliet.does('romeo', {
      kind: 'reaction',
      target: { id: messageId('m2'), part: 0 },
      emoji: '👎',
      present: true,
    });
    await romeo.sends(chat('m3', "<retract xmlns='urn:xmpp:message-retract:1' id='m1'/>"));
    const kinds = (await asks(romeo)).messages.map((one) =>
      one.children
        .flatMap((each) => (typeof each === 'string' || each.ns === 'urn:xmpp:sid:0' ? [] : [each.name]))
        .join(' '),
    );
    expect(kinds).toEqual([
      'body markable',
      'body replace',
      'retracted',
      'reactions store',
      'retract fallback body store',
    ]);
    expect(JSON.stringify((await asks(romeo)).messages)).not.toContain('rude');
  });
});

describe('after a restart', () => {
  scenario(
    '359-01 308-02 444-01 461-01 333-01 what was said before can be corrected, answered, reacted to, read and taken back',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      const hers = await juliet.says('romeo', 'Ay mee');
      const name = romeo.queue.at(-1)?.attrs.id ?? '';
      await romeo.sends(says('m1', 'but sort'));
      await stage.restarts('keep');
      await stage.passes(3);
      romeo.ignores();
      await juliet.does('romeo', { kind: 'edited', target: hers, content: { text: plainText('Ay me!') } });
      const mine = { id: messageId('m2'), part: 0 };
      await juliet.does('romeo', { kind: 'reaction', target: mine, emoji: '👍', present: true });
      await juliet.does('romeo', { kind: 'read', upTo: mine });
      await juliet.says('romeo', { text: plainText('indeed'), replyTo: mine });
      const from = `from='${present(her)}' to='romeo@test' type='chat'`;
      romeo.gets(
        `<message ${from}><body>Ay me!</body><replace xmlns='urn:xmpp:message-correct:0' id='${name}'/></message>`,
        `<message ${from}><reactions xmlns='urn:xmpp:reactions:0' id='m1'><reaction>👍</reaction></reactions></message>`,
        `<message ${from}><displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/></message>`,
        `<message ${from}><reply xmlns='urn:xmpp:reply:0' id='m1' to='romeo@test'/></message>`,
      );
      await romeo.sends(
        says('m5', 'but soft', "<replace xmlns='urn:xmpp:message-correct:0' id='m1'/>"),
        says('m6', 'it is my lady', `<reply xmlns='urn:xmpp:reply:0' id='${name}'/>`),
        chat('m7', `<reactions xmlns='urn:xmpp:reactions:0' id='${name}'><reaction>❤</reaction></reactions>`),
        chat('m8', "<retract xmlns='urn:xmpp:message-retract:1' id='m1'/>"),
      );
      expect(deedsOf(juliet).slice(-3)).toMatchObject([
        { kind: 'edited', target: mine, content: { text: plainText('but soft') } },
        { kind: 'reaction', target: hers, emoji: '❤' },
        { kind: 'retracted', target: mine },
      ]);
      const answer = juliet.events.findLast(({ kind }) => kind === 'message');
      expect(answer).toMatchObject({ chat: chatId('romeo'), content: { replyTo: hers } });
      expect(textOf(child(romeo.queue.at(-1), 'error'))).toBe('');
    },
  );

  scenario('444-01 whoever had reacted has all of their reactions still, both ways', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const hers = await juliet.says('romeo', 'Ay me!');
    const name = romeo.queue.at(-1)?.attrs.id ?? '';
    await romeo.sends(says('m1', 'She speaks'));
    const mine = { id: messageId('m2'), part: 0 };
    const reacts = (emoji: string, present: boolean) =>
      juliet.does('romeo', { kind: 'reaction', target: mine, emoji, present });
    const own = (id: string, ...emoji: readonly string[]) =>
      chat(
        id,
        `<reactions xmlns='urn:xmpp:reactions:0' id='${name}'>${emoji.map((one) => `<reaction>${one}</reaction>`).join('')}</reactions>`,
      );
    await reacts('👍', true);
    await romeo.sends(own('r1', '❤', '👍'));
    await stage.restarts('keep');
    await stage.passes(3);
    romeo.ignores();
    await reacts('🎉', true);
    await stage.restarts('keep');
    await stage.passes(3);
    await reacts('👍', false);
    const told = romeo.queue.splice(0).flatMap((one) => child(one, 'reactions') ?? []);
    expect(told.map((one) => childrenOf(one, 'reaction').map(textOf))).toEqual([['👍', '🎉'], ['🎉']]);
    await romeo.sends(own('r2', '👍'));
    expect(deedsOf(juliet).slice(-1)).toMatchObject([{ kind: 'reaction', target: hers, emoji: '❤', present: false }]);
  });

  scenario(
    '461-01 461-02 what is answered there is named and quoted, in rooms too, however long ago it was said',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      for (const where of ['romeo', '#verona']) {
        const target = await juliet.says(where, 'Ay me!');
        const [said] = romeo.queue.splice(0);
        const name = where === 'romeo' ? said?.attrs.id : child(said, 'stanza-id')?.attrs.id;
        for (const restarts of [false, true]) {
          if (restarts) {
            await stage.restarts('keep');
            await stage.passes(3);
          } else for (let n = 0; n < 100; n++) await juliet.says(where, `line ${n}`);
          romeo.ignores();
          await juliet.says(where, { text: plainText('indeed'), replyTo: target });
          const [answer] = romeo.queue.splice(0);
          expect(child(answer, 'reply')?.attrs.id).toBe(name);
          expect(answer && bodyOf(answer)).toBe('> juliet: Ay me!\nindeed');
        }
      }
    },
  );

  scenario('308-02 444-01 what is corrected back to its first words is told, in rooms too', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    for (const where of ['romeo', '#verona']) {
      const target = await juliet.says(where, 'Ay me!');
      const edits = (text: string) =>
        juliet.does(where, { kind: 'edited', target, content: { text: plainText(text) } });
      await edits('Ah me!');
      await juliet.does(where, { kind: 'reaction', target, emoji: '👍', present: true });
      await stage.restarts('keep');
      await stage.passes(3);
      romeo.ignores();
      await edits('Ay me!');
      await juliet.does(where, { kind: 'reaction', target, emoji: '🎉', present: true });
      const [edit, reacted] = romeo.queue.splice(0);
      expect(edit && bodyOf(edit)).toBe('Ay me!');
      expect(childrenOf(child(reacted, 'reactions'), 'reaction').map(textOf)).toEqual(['👍', '🎉']);
    }
  });
});

describe('what waits', () => {
  const waits = `<message type='chat' from='${her}' to='romeo@test/desk'><private xmlns='urn:xmpp:carbons:2'/></message>`;

  scenario(
    '184-01 MSG-03 is told to wait after five seconds, once, to the client that said it; the receipt comes then',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      const asked = "<request xmlns='urn:xmpp:receipts'/>";
      await stage.whileHeld('send', async () => {
        await romeo.sends(says('m1', 'Juliet?', asked), says('m2', 'It is my lady', asked));
        await romeo.says(verona, 'to all', 'g1');
        await stage.passes(4);
        romeo.gets();
        await stage.passes(2);
        const [told] = romeo.gets(waits);
        expect(told && bodyOf(told)).toContain('It waits and is tried again');
        await stage.passes(60);
        romeo.gets();
      });
      const received = (id: string) =>
        `<message from='${her}'><received xmlns='urn:xmpp:receipts' id='${id}'/></message>`;
      const got = romeo.queue.filter(({ attrs }) => attrs.type === 'chat');
      romeo.ignores();
      romeo.queue.push(...got);
      romeo.gets(received('m1'), received('m2'));
      expect(juliet.heard).toContain('romeo: Juliet?');
      // Once it has all arrived, the next one that waits is told of again.
      await stage.whileHeld('send', async () => {
        await romeo.sends(says('m3', 'and now?'));
        await stage.passes(6);
        romeo.gets(waits);
      });
    },
  );

  scenario('MSG-03 GEN-10 380-02 is told in the language of the message, as is what ends here', async (stage) => {
    const { romeo } = await pair(stage);
    const inGerman = (stanza: string): string => stanza.replace('<message', "<message xml:lang='de-CH'");
    await stage.whileHeld('send', async () => {
      await romeo.sends(inGerman(says('m1', 'Julia?')));
      await stage.passes(6);
      const [told] = romeo.gets(waits);
      expect(told && bodyOf(told)).toContain('Sie wartet und wird wieder versucht');
    });
    romeo.ignores();
    await romeo.sends(inGerman(chat('m2', "<encrypted xmlns='urn:xmpp:omemo:2'><header/><payload/></encrypted>")));
    const said = romeo.queue.map((one) => textOf(child(child(one, 'error'), 'text')) || (bodyOf(one) ?? ''));
    expect(said).toEqual([expect.stringMatching(/^Nicht zugestellt/), expect.stringMatching(/^Dieses Gespräch/)]);
  });

  scenario('MSG-03 is told of anew behind what came too late', async (stage) => {
    const { romeo } = await pair(stage);
    await stage.gateway.stop('keep');
    stage.gateway.away(new GatewayError('network-away'));
    await stage.gateway.start();
    await romeo.sends(says('m1', 'Juliet?'));
    await stage.passes(10);
    romeo.gets(waits);
    for (let hour = 0; hour <= 26; hour++) await stage.passes(3_600);
    romeo.gets(failed('message', 'm1', 'wait', 'remote-server-timeout'));
    await romeo.sends(says('m2', 'and now?'));
    await stage.passes(10);
    romeo.gets(waits);
  });

  scenario('MSG-03 nothing is told of what arrives in time, or is refused', async (stage) => {
    const { romeo } = await pair(stage);
    await romeo.sends(says('m1', 'Juliet?'), says('m2', 'Who?').replace(her, 'nobody@net.test'));
    const errors = romeo.queue.map(({ attrs }) => `${attrs.type} ${attrs.id}`);
    expect(errors).toEqual(['error m2']);
    romeo.ignores();
    await stage.passes(30);
    romeo.gets();
  });
});

describe('how far it was read', () => {
  scenario('333-01 333-02 is told forward only, of our own newest message until then, both ways', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.sends(says('m1', 'one'));
    await stage.passes(1);
    await romeo.sends(says('m2', 'two'));
    await stage.passes(1);
    const hers = await juliet.says('romeo', 'three');
    const name = romeo.queue.at(-1)?.attrs.id ?? '';
    await stage.passes(1);
    await juliet.says('romeo', 'four');
    const last = romeo.queue.at(-1)?.attrs.id ?? '';
    romeo.ignores();
    const own = (id: string) => ({ id: messageId(id), part: 0 });
    const told = (id: string) =>
      `<message from='${present(her)}'><displayed xmlns='urn:xmpp:chat-markers:0' id='${id}'/></message>`;
    for (const upTo of [own('m1'), own('m1'), hers, own('m1'), own('m2'), own('never')])
      await juliet.does('romeo', { kind: 'read', upTo });
    romeo.gets(told('m1'), told('m2'));
    const marks = (id: string) => chat(`d-${id}`, `<displayed xmlns='urn:xmpp:chat-markers:0' id='${id}'/>`);
    await romeo.sends(marks(name), marks(last), marks(name), marks(last), marks('unknown'));
    expect(deedsOf(juliet)).toMatchObject([{ kind: 'read', upTo: hers }, { kind: 'read' }]);
    expect(deedsOf(juliet)).toHaveLength(2);
  });

  scenario('333-01 of what was said before a restart, too, and forward there as well', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const said = [];
    for (const text of ['one', 'two']) {
      const ref = await juliet.says('romeo', text);
      said.push({ ref, name: romeo.queue.at(-1)?.attrs.id ?? '' });
      await stage.passes(1);
    }
    await stage.restarts();
    romeo.ignores();
    await romeo.says(her, 'I am back', 'm3');
    const marks = ({ name = '' }) => chat(`d-${name}`, `<displayed xmlns='urn:xmpp:chat-markers:0' id='${name}'/>`);
    const [one, two] = said;
    for (const each of [two, one]) {
      await romeo.sends(marks(each ?? {}));
      await stage.calm();
    }
    expect(deedsOf(juliet)).toMatchObject([{ kind: 'read', upTo: two?.ref }]);
  });
});
