/** What is done to messages: corrected, taken back, answered, reacted to, on a network that knows all this. */
import { describe, expect } from 'vitest';
import { chatId, messageId, personId, plainText } from '../../src/bridge/index.ts';
import { bodyOf, child } from '../harness/markup.ts';
import { present } from '../harness/present.ts';
import {
  correction,
  deedsOf,
  moderation,
  nameOf,
  pair,
  plainNetwork,
  reaction,
  retraction,
  sid,
} from './deed-lines.ts';
import { failed, once, said, self, subject, there } from './lines.ts';
import { scenario, verona } from './stage.ts';

describe('corrections', () => {
  scenario('308-02 308-03 ours go to the network, and come back in the place of the first version', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.says(verona, 'but sort', 'm1');
    romeo.ignores();
    await romeo.sends(correction('m2', 'but soft', 'm1'), correction('m3', 'But soft!', 'm1'));
    romeo.gets(
      `<message type='groupchat' id='m2' from='${verona}/romeo'><body>but soft</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/></message>`,
      `<message type='groupchat' id='m3' from='${verona}/romeo'><body>But soft!</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/></message>`,
    );
    expect(deedsOf(juliet)).toMatchObject([
      { kind: 'edited', by: 'romeo', target: { id: 'm1' }, content: { text: plainText('but soft') } },
      { kind: 'edited', target: { id: 'm1' }, content: { text: plainText('But soft!') } },
    ]);
  });

  scenario('308-03 a correction of what is still on its way waits for it', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await stage.whileHeld('send', async () => {
      await romeo.says(verona, 'but sort', 'm1');
      await romeo.sends(correction('m2', 'but soft', 'm1'));
      await romeo.says(verona, 'next', 'm3');
      expect(deedsOf(juliet)).toEqual([]);
    });
    expect(deedsOf(juliet)).toMatchObject([{ kind: 'edited', target: { id: 'm1' } }]);
    romeo.gets(said('romeo', 'but sort', 'm1'), said('romeo', 'but soft', 'm2'), said('romeo', 'next', 'm3'));
    expect(juliet.heard).toEqual(['romeo: but sort', 'romeo: next']);
  });

  scenario(
    '308-02 308-03 424-05 theirs name the first version, come from the author alone, and concern what was seen',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      const target = await juliet.says('#verona', 'Ay mee');
      const first = child(romeo.queue.at(-1), 'stanza-id', sid)?.attrs.id ?? '';
      romeo.ignores();
      const content = { text: plainText('Ay me!') };
      await juliet.does('#verona', { kind: 'edited', target, content });
      romeo.gets(
        `<message type='groupchat' from='${verona}/juliet'><body>Ay me!</body><replace xmlns='urn:xmpp:message-correct:0' id='${first}'/></message>`,
      );
      await juliet.does('#verona', { kind: 'edited', target, content });
      await tybalt.does('#verona', { kind: 'edited', target, content: { text: plainText('Ha!') } });
      await juliet.does('#verona', { kind: 'edited', target: { ...target, id: messageId('never') }, content });
      romeo.gets();
    },
  );

  scenario('308-03 nobody corrects what others have said', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await juliet.says('#verona', 'Ay me!');
    const name = nameOf(romeo);
    await romeo.sends(correction('m2', 'nonsense', name));
    romeo.gets(failed('message', 'm2', 'auth', 'forbidden'));
    expect(deedsOf(juliet)).toEqual([]);
  });
});

describe('retractions and moderation', () => {
  scenario('424-01 424-02 ours, by the name that the room gave it', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.says(verona, 'I hate you', 'm1');
    const name = nameOf(romeo);
    await romeo.sends(retraction('m2', name));
    romeo.gets(
      `<message type='groupchat' id='m2' from='${verona}/romeo'><retract xmlns='urn:xmpp:message-retract:1' id='${name}'/><store xmlns='urn:xmpp:hints'/></message>`,
    );
    expect(deedsOf(juliet)).toMatchObject([{ kind: 'retracted', target: { id: 'm1' } }]);
    await romeo.sends(retraction('m3', name));
    romeo.gets(failed('message', 'm3', 'cancel', 'item-not-found'));
  });

  scenario('424-02 what others said can not be retracted as if it were one’s own', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await juliet.says('#verona', 'Ay me!');
    await romeo.sends(retraction('m2', nameOf(romeo)));
    romeo.gets(failed('message', 'm2', 'auth', 'forbidden'));
  });

  scenario('424-01 425-01 theirs: the author’s own, and a moderator’s, told by the room', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const own = await juliet.says('#verona', 'Ay me!');
    const ownName = nameOf(romeo);
    await juliet.does('#verona', { kind: 'retracted', target: own });
    romeo.gets(
      `<message type='groupchat' from='${verona}/juliet'><retract xmlns='urn:xmpp:message-retract:1' id='${ownName}'></retract><fallback xmlns='urn:xmpp:fallback:0'/></message>`,
    );
    await romeo.says(verona, 'rude', 'm1');
    const name = nameOf(romeo);
    await juliet.does('#verona', { kind: 'retracted', target: { id: messageId('m2'), part: 0 }, reason: 'manners' });
    romeo.gets(
      `<message type='groupchat' from='${verona}'><retract xmlns='urn:xmpp:message-retract:1' id='${name}'><moderated xmlns='urn:xmpp:message-moderate:1' by='${verona}/juliet'><occupant-id xmlns='urn:xmpp:occupant-id:0'/></moderated><reason>manners</reason></retract></message>`,
    );
  });

  scenario('425-01 425-02 a moderator of ours retracts what somebody said; nobody else does', async (stage) => {
    const { romeo, juliet } = await pair(stage, 'moderator');
    await juliet.says('#verona', 'rude');
    const name = nameOf(romeo);
    await romeo.sends(moderation('unknown'));
    romeo.gets(failed('iq', 'mod', 'cancel', 'item-not-found'));
    await romeo.sends(moderation(name));
    romeo.gets(
      `<message type='groupchat' from='${verona}'><retract xmlns='urn:xmpp:message-retract:1' id='${name}'><moderated xmlns='urn:xmpp:message-moderate:1' by='${verona}/romeo'/><reason>rude</reason></retract></message>`,
      `<iq type='result' id='mod'/>`,
    );
    stage.gateway.world.power(personId('romeo'), chatId('#verona'), 'participant', 'juliet');
    await juliet.says('#verona', 'more');
    const [, more] = romeo.queue.splice(0);
    await romeo.sends(moderation(child(more, 'stanza-id', sid)?.attrs.id ?? ''));
    romeo.gets(failed('iq', 'mod', 'auth', 'forbidden'));
  });

  scenario('424-04 425-04 who comes in later is told that something was said, and not what', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await juliet.says('#verona', 'kept');
    const target = await juliet.says('#verona', 'secret');
    await juliet.does('#verona', { kind: 'retracted', target });
    const phone = stage.client('romeo', 'phone');
    await phone.joins(verona, 'romeo');
    const got = phone.queue.splice(0);
    expect(got.some((stanza) => bodyOf(stanza)?.includes('secret'))).toBe(false);
    const tomb = got.find((stanza) => child(stanza, 'retracted', 'urn:xmpp:message-retract:1') !== undefined);
    expect(child(tomb, 'stanza-id', sid)).toBeDefined();
    expect(got.filter((stanza) => bodyOf(stanza) === 'kept')).toHaveLength(1);
    expect(romeo.connection).toBe('online');
  });
});

describe('reactions', () => {
  scenario('444-01 444-02 whole sets here, single changes there', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const target = await juliet.says('#verona', 'Ay me!');
    const name = nameOf(romeo);
    await romeo.sends(reaction('r1', name, '👍', '🎉', '👍'), reaction('r2', name, '🎉'));
    const set = (id: string, ...emoji: readonly string[]) =>
      `<message type='groupchat' id='${id}'><reactions xmlns='urn:xmpp:reactions:0' id='${name}'>${emoji.map((one) => `<reaction>${one}</reaction>`).join('')}</reactions><store xmlns='urn:xmpp:hints'/></message>`;
    romeo.gets(set('r1', '👍', '🎉'), set('r2', '🎉'));
    expect(deedsOf(juliet)).toMatchObject([
      { emoji: '👍', present: true },
      { emoji: '🎉', present: true },
      { emoji: '👍', present: false },
    ]);
    for (const emoji of ['😀', '❤️', 'LOL', '😀'])
      await juliet.does('#verona', { kind: 'reaction', target, emoji, present: true });
    await juliet.does('#verona', { kind: 'reaction', target, emoji: '❤', present: false });
    romeo.gets(set('*', '😀'), set('*', '😀', '❤️'), set('*', '😀'));
  });
});

describe('replies', () => {
  scenario('461-01 428-02 ours name the message, and the quotation for others stays here', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await juliet.says('#verona', 'Wherefore?');
    const name = nameOf(romeo);
    await romeo.sends(
      `<message type='groupchat' id='m1' to='${verona}'><body>&gt; Wherefore?\nHere I am</body><reply xmlns='urn:xmpp:reply:0' to='${verona}/juliet' id='${name}'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='13'/></fallback></message>`,
    );
    expect(juliet.events.at(-1)).toMatchObject({ content: { text: plainText('Here I am'), replyTo: { id: 'm1' } } });
    romeo.gets(
      `<message type='groupchat' id='m1'><body>&gt; Wherefore?\nHere I am</body><reply xmlns='urn:xmpp:reply:0' to='${verona}/juliet' id='${name}'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='13'/></fallback></message>`,
    );
  });

  scenario('428-03 a quotation by a client that knows of no replies is text', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await juliet.says('#verona', 'Wherefore?');
    await romeo.sends(
      `<message type='groupchat' id='q' to='${verona}'><body>&gt; Wherefore?\nHere I am</body></message>`,
    );
    expect(juliet.heard.at(-1)).toBe('romeo: > Wherefore?\nHere I am');
    expect(juliet.events.at(-1)).not.toHaveProperty('content.replyTo');
  });

  scenario('461-01 461-02 theirs are named and quoted; what was never seen is not', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    romeo.ignores();
    const replyTo = await juliet.says('#verona', '😀 Wherefore?\nNow!');
    const name = nameOf(romeo);
    await tybalt.says('#verona', { text: plainText('*Here*'), replyTo });
    romeo.gets(
      `<message type='groupchat' from='${verona}/tybalt'><body>&gt; juliet: 😀 Wherefore?\n&gt; Now!\n*Here*</body><unstyled xmlns='urn:xmpp:styling:0'/><reply xmlns='urn:xmpp:reply:0' to='${verona}/juliet' id='${name}'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='30'/></fallback></message>`,
    );
    await tybalt.says('#verona', { text: plainText('what?'), replyTo: { id: messageId('never'), part: 0 } });
    romeo.gets(`<message type='groupchat'><body>what?</body></message>`);
  });
});

describe('who is writing, and what was read', () => {
  const composing = `<composing xmlns='http://jabber.org/protocol/chatstates'/>`;

  scenario('085-01 085-03 in a room, both ways, kept by nobody', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.sends(`<message type='groupchat' to='${verona}'>${composing}</message>`);
    expect(deedsOf(juliet)).toMatchObject([{ kind: 'typing', by: 'romeo', active: true }]);
    await juliet.does('#verona', { kind: 'typing', active: true });
    await juliet.does('#verona', { kind: 'typing', active: false, paused: true });
    romeo.gets(
      `<message type='groupchat' from='${verona}/juliet'>${composing}<no-store xmlns='urn:xmpp:hints'/></message>`,
      `<message type='groupchat' from='${verona}/juliet'><paused xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    );
    const tybalt = stage.client('tybalt');
    await tybalt.sends(`<message type='groupchat' to='${verona}'>${composing}</message>`);
    tybalt.gets();
  });

  scenario(
    '085-02 the network hears of a change once, whichever client says it, and anew behind a message',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      const phone = stage.client('romeo', 'phone');
      await phone.joins(verona, 'romeo');
      const states = () => deedsOf(juliet).map((one) => ('active' in one ? one.active : one.kind));
      for (const to of [verona, 'juliet@net.test']) {
        const type = to === verona ? 'groupchat' : 'chat';
        const says = (client: typeof romeo, inside: string): Promise<void> =>
          client.sends(`<message type='${type}' id='${inside.length}' to='${to}'>${inside}</message>`);
        juliet.events.length = 0;
        const idle = "<active xmlns='http://jabber.org/protocol/chatstates'/>";
        await says(romeo, idle);
        for (const client of [romeo, phone, romeo]) await says(client, composing);
        expect(states()).toEqual([true]);
        await says(romeo, '<body>Ay</body>');
        await says(romeo, composing);
        for (const client of [romeo, phone]) await says(client, idle);
        expect(states()).toEqual([true, true, false]);
      }
    },
  );

  scenario('085-04 184-03 333-01 between two: once the client has shown that it knows of it', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const her = `juliet@net.test`;
    await juliet.does('romeo', { kind: 'typing', active: true });
    romeo.gets();
    await juliet.says('romeo', 'psst');
    romeo.gets(
      `<message type='chat' from='${present(her)}'><body>psst</body><active xmlns='http://jabber.org/protocol/chatstates'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>`,
    );
    await romeo.sends(`<message type='chat' to='${her}'>${composing}</message>`);
    await juliet.does('romeo', { kind: 'typing', active: true });
    romeo.gets(`<message type='chat' from='${present(her)}'>${composing}</message>`);
    await romeo.sends(`<message type='chat' id='d1' to='${her}'><body>yes?</body></message>`);
    await juliet.does('romeo', { kind: 'read', upTo: { id: messageId('m2'), part: 0 } });
    romeo.gets(
      `<message type='chat' from='${present(her)}'><displayed xmlns='urn:xmpp:chat-markers:0' id='d1'/></message>`,
    );
  });
});

describe('between two', () => {
  scenario(
    '308-02 424-01 444-01 461-02 corrections, reactions, replies, retractions from the contact',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      const target = await juliet.says('romeo', 'psst');
      const id = romeo.queue.splice(0)[0]?.attrs.id ?? '';
      await juliet.does('romeo', { kind: 'edited', target, content: { text: plainText('Psst!') } });
      await juliet.does('romeo', { kind: 'reaction', target, emoji: '😀', present: true });
      await juliet.says('romeo', { text: plainText('well?'), replyTo: target });
      await juliet.does('romeo', { kind: 'retracted', target });
      romeo.gets(
        `<message type='chat'><body>Psst!</body><replace xmlns='urn:xmpp:message-correct:0' id='${id}'/></message>`,
        `<message type='chat'><reactions xmlns='urn:xmpp:reactions:0' id='${id}'><reaction>😀</reaction></reactions></message>`,
        `<message type='chat'><body>&gt; juliet: Psst!\nwell?</body><reply xmlns='urn:xmpp:reply:0' id='${id}'/></message>`,
        `<message type='chat'><retract xmlns='urn:xmpp:message-retract:1' id='${id}'/></message>`,
      );
    },
  );

  const her = `${verona}/juliet`;
  const privately = (id: string, inside: string, to = her) =>
    `<message type='chat' id='${id}' to='${to}'>${inside}</message>`;

  scenario('359-04 the same to somebody in a room: as by their address, and the room sees nothing', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await romeo.sends(
      privately('p1', "<body>psts</body><origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"),
      privately('p2', "<body>psst</body><replace xmlns='urn:xmpp:message-correct:0' id='p1'/>"),
    );
    const target = await juliet.says('romeo', 'well?');
    const theirs = romeo.queue.splice(0).at(-1)?.attrs.id ?? '';
    await romeo.sends(
      privately('p3', `<reactions xmlns='urn:xmpp:reactions:0' id='${theirs}'><reaction>😀</reaction></reactions>`),
      privately('p4', "<retract xmlns='urn:xmpp:message-retract:1' id='p1'/>"),
    );
    romeo.gets();
    expect(juliet.heard).toEqual(['romeo: psts']);
    const [first] = juliet.events.flatMap((event) => (event.kind === 'message' ? [event.ref] : []));
    expect(deedsOf(juliet)).toMatchObject([
      { kind: 'edited', chat: 'romeo', target: first, content: { text: plainText('psst') } },
      { kind: 'reaction', chat: 'romeo', target, emoji: '😀', present: true },
      { kind: 'retracted', chat: 'romeo', target: first },
    ]);
    expect([...tybalt.heard, ...deedsOf(tybalt)]).toEqual([]);
  });

  scenario('45-46 424-02 nothing is done to what was said to nobody, by others, or from outside', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await juliet.says('romeo', 'well?');
    const theirs = romeo.queue.splice(0).at(-1)?.attrs.id ?? '';
    const retract = (id: string) => `<retract xmlns='urn:xmpp:message-retract:1' id='${id}'/>`;
    await romeo.sends(
      privately('q1', retract(theirs)),
      privately('q2', retract('never')),
      privately('q3', retract('never'), `${verona}/nobody`),
    );
    romeo.gets(
      failed('message', 'q1', 'auth', 'forbidden'),
      failed('message', 'q2', 'cancel', 'item-not-found'),
      failed('message', 'q3', 'cancel', 'item-not-found'),
    );
    const phone = stage.client('romeo', 'phone');
    await phone.sends(privately('q4', retract('never')));
    phone.gets(failed('message', 'q4', 'modify', 'not-acceptable'));
    expect(deedsOf(juliet)).toEqual([]);
  });

  scenario(
    'the same where the network has no words for it: a correction is said as one, a reaction too',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await romeo.sends(
        privately('p1', '<body>psts</body>'),
        privately('p2', "<body>psst</body><replace xmlns='urn:xmpp:message-correct:0' id='p1'/>"),
        privately('p3', "<reactions xmlns='urn:xmpp:reactions:0' id='p1'><reaction>😀</reaction></reactions>"),
        privately('p4', "<retract xmlns='urn:xmpp:message-retract:1' id='p1'/>"),
      );
      romeo.gets(failed('message', 'p4', 'cancel', 'feature-not-implemented'));
      expect(juliet.heard).toEqual(['romeo: psts', 'romeo: [edited] psst', 'romeo: reacted with 😀 to “psst”']);
    },
    plainNetwork,
  );
});

scenario('308-01 424-03 425-01 444-01 461-01 085-01 333-03 what the network knows is announced', async (stage) => {
  const { romeo } = await pair(stage);
  await romeo.sends(`<iq type='get' id='d' to='${verona}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`);
  const [answer] = romeo.queue.splice(0);
  const text = JSON.stringify(answer);
  for (const ns of [
    'urn:xmpp:message-correct:0',
    'urn:xmpp:message-retract:1',
    'urn:xmpp:message-retract:1#tombstone',
    'urn:xmpp:message-moderate:1',
    'urn:xmpp:message-moderate:0',
    'urn:xmpp:reactions:0',
    'urn:xmpp:reply:0',
    'http://jabber.org/protocol/chatstates',
    'urn:xmpp:chat-markers:0',
  ]) {
    expect(text).toContain(`"${ns}"`);
  }
});

scenario('the whole way in is as it was: presences, history, subject', async (stage) => {
  const { juliet } = await pair(stage);
  await juliet.says('#verona', 'before');
  const phone = stage.client('romeo', 'phone');
  await phone.joins(verona, 'romeo');
  phone.gets(there('juliet', 'moderator'), self('romeo'), once('juliet', 'before'), subject());
});
