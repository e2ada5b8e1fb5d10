/** What is done to messages where IRC has words for it: replies, reactions, redactions, typing; and what becomes of it where it has none. */
import { expect } from 'vitest';
import type { Element } from '../../../src/xml/element.ts';
import { bodyOf, child, childrenOf, conditionOf, textOf } from '../../harness/markup.ts';
import { features } from '../../harness/requests.ts';
import { only, scenario, theme } from '../../harness/scenario.ts';
import type { IrcPerson, JabberPerson, Stage } from '../../harness/stage.ts';

const sid = 'urn:xmpp:sid:0';
const known = only(['modern'], 'IRC has no words for it here');
const caps = ['message-tags', 'echo-message', 'draft/message-redaction', 'batch', 'server-time'];

/** The pair, with an IRC client that knows all of it. */
async function meet(stage: Stage): Promise<{ readonly romeo: JabberPerson; readonly juliet: IrcPerson }> {
  const juliet = await stage.irc('juliet', caps);
  await juliet.enters();
  const romeo = await stage.jabber('romeo');
  await romeo.enters();
  await juliet.sees(romeo, 'JOIN');
  return { romeo, juliet };
}

const stanzaId = (stanza: Element): string => child(stanza, 'stanza-id', sid)?.attrs.id ?? '';

/** The msgid with which IRC has this line. */
async function idOf(juliet: IrcPerson, nick: string, text: string): Promise<string> {
  const [, tags = ''] = await juliet.client.expect(new RegExp(`^@(\\S+) :${nick}!\\S+ PRIVMSG \\S+ :?${text}$`));
  return /(?:^|;)msgid=([^;]+)/.exec(tags)?.[1] ?? '';
}

export const doneToMessages = theme('what is done to messages', [
  scenario(
    '444-01 a set of reactions becomes tags: what is new in it, and what is gone',
    async (stage) => {
      const { romeo, juliet } = await meet(stage);
      juliet.says('wherefore');
      const said = await romeo.hears(juliet, 'wherefore');
      const id = await idOf(juliet, juliet.nick, 'wherefore');
      const reacts = (...emoji: readonly string[]): void =>
        romeo.client.send(
          `<message type='groupchat' id='${romeo.client.newId()}' to='${stage.room}'><reactions xmlns='urn:xmpp:reactions:0' id='${stanzaId(said)}'>${emoji.map((one) => `<reaction>${one}</reaction>`).join('')}</reactions></message>`,
        );
      const tagged = async (tag: string): Promise<void> => {
        const [, tags = ''] = await juliet.client.expect(
          new RegExp(`^@(\\S+) :${romeo.nick}!\\S+ TAGMSG ${stage.channel}$`),
        );
        expect(tags.split(';')).toEqual(expect.arrayContaining([tag, `+draft/reply=${id}`]));
      };
      reacts('👋');
      await tagged('+draft/react=👋');
      reacts('👋', '🎉');
      await tagged('+draft/react=🎉');
      reacts('🎉');
      await tagged('+draft/unreact=👋');
    },
    known,
  ),

  scenario(
    '444-01 444-02 a reaction on IRC is one more in the set that the room is told, to be kept',
    async (stage) => {
      const { romeo, juliet } = await meet(stage);
      romeo.says('but soft');
      const said = await romeo.hears(romeo, 'but soft');
      const id = await idOf(juliet, romeo.nick, 'but soft');
      const told = async (tag: string) => {
        juliet.client.send(`@+draft/reply=${id};+reply=${id};+draft/${tag} TAGMSG ${stage.channel}`);
        const stanza = await romeo.client.receive(
          `<message type='groupchat' from='${stage.room}/${juliet.nick}'><reactions xmlns='urn:xmpp:reactions:0' id='${stanzaId(said)}'/></message>`,
        );
        expect(childrenOf(stanza, 'reactions')).toHaveLength(1);
        expect(child(stanza, 'store', 'urn:xmpp:hints')).toBeDefined();
        return childrenOf(child(stanza, 'reactions'), 'reaction').map(textOf);
      };
      expect(await told('react=❤')).toEqual(['❤']);
      expect(await told('react=🎉')).toEqual(['❤', '🎉']);
      expect(await told('unreact=❤')).toEqual(['🎉']);
    },
    known,
  ),

  scenario(
    '428-02 a reply is one on IRC, without the quoted lines',
    async (stage) => {
      const { romeo, juliet } = await meet(stage);
      juliet.says('what light');
      const said = await romeo.hears(juliet, 'what light');
      const id = await idOf(juliet, juliet.nick, 'what light');
      const quote = '> what light\n';
      romeo.client.send(
        `<message type='groupchat' id='re' to='${stage.room}'><body>${quote.replace('>', '&gt;')}it is the east</body><reply xmlns='urn:xmpp:reply:0' to='${stage.room}/${juliet.nick}' id='${stanzaId(said)}'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='${quote.length}'/></fallback></message>`,
      );
      const [, tags = '', text = ''] = await juliet.client.expect(
        new RegExp(`^@(\\S+) :${romeo.nick}!\\S+ PRIVMSG ${stage.channel} :?(.*)$`),
      );
      expect(tags).toMatch(new RegExp(`\\+(draft/)?reply=${id}`));
      expect(text).toMatch(/^(\S+: )?it is the east$/);
    },
    known,
  ),

  scenario(
    '461-01 461-02 a reply on IRC names what and whom it answers, and quotes it for clients that know no replies',
    async (stage) => {
      const { romeo, juliet } = await meet(stage);
      romeo.says('I take thee at thy word');
      const said = await romeo.hears(romeo, 'I take thee at thy word');
      const id = await idOf(juliet, romeo.nick, 'I take thee at thy word');
      juliet.client.send(`@+draft/reply=${id};+reply=${id} PRIVMSG ${stage.channel} :what man art thou`);
      const answer = await romeo.hears(juliet, /what man art thou$/);
      const reply = child(answer, 'reply', 'urn:xmpp:reply:0');
      expect(reply?.attrs).toEqual({ id: stanzaId(said), to: `${stage.room}/${romeo.nick}` });
      const quotation = `> ${romeo.nick}: I take thee at thy word\n`;
      expect(bodyOf(answer)).toBe(`${quotation}what man art thou`);
      const fallback = child(answer, 'fallback', 'urn:xmpp:fallback:0');
      expect([fallback?.attrs.for, child(fallback, 'body')?.attrs]).toEqual([
        'urn:xmpp:reply:0',
        { start: '0', end: `${quotation.length}` },
      ]);
    },
    known,
  ),

  scenario(
    '424-02 a retraction of one’s own is a redaction; of what others said it is refused',
    async (stage) => {
      const { romeo, juliet } = await meet(stage);
      romeo.says('a slip');
      const said = await romeo.hears(romeo, 'a slip');
      const id = await idOf(juliet, romeo.nick, 'a slip');
      romeo.client.send(
        `<message type='groupchat' id='undo' to='${stage.room}'><retract xmlns='urn:xmpp:message-retract:1' id='${stanzaId(said)}'/></message>`,
      );
      await juliet.client.expect(new RegExp(`:${romeo.nick}!\\S+ REDACT ${stage.channel} ${id}`));
      const told = await romeo.client.receive(
        `<message type='groupchat' from='${stage.room}/${romeo.nick}'><retract xmlns='urn:xmpp:message-retract:1'/></message>`,
      );
      expect(child(told, 'retract')?.attrs.id).toBe(stanzaId(said));
      juliet.says('not thine');
      const hers = stanzaId(await romeo.hears(juliet, 'not thine'));
      romeo.client.send(
        `<message type='groupchat' id='steal' to='${stage.room}'><retract xmlns='urn:xmpp:message-retract:1' id='${hers}'/></message>`,
      );
      expect(conditionOf(await romeo.client.receive(`<message type='error' id='steal'/>`))).toBe('forbidden');
      await juliet.client.roundtrip();
      expect(juliet.client.seen(/ REDACT /)).toHaveLength(1);
    },
    known,
  ),

  scenario(
    '424-01 what its author redacts on IRC is retracted by its author, with words for clients that know no retractions',
    async (stage) => {
      const { romeo, juliet } = await meet(stage);
      juliet.says('forget it');
      const said = await romeo.hears(juliet, 'forget it');
      const id = await idOf(juliet, juliet.nick, 'forget it');
      juliet.client.send(`REDACT ${stage.channel} ${id}`);
      const told = await romeo.client.receive(
        `<message type='groupchat' from='${stage.room}/${juliet.nick}'><retract xmlns='urn:xmpp:message-retract:1'/></message>`,
      );
      expect(child(told, 'retract')?.attrs.id).toBe(stanzaId(said));
      expect(child(told, 'fallback', 'urn:xmpp:fallback:0')?.attrs.for).toBe('urn:xmpp:message-retract:1');
      expect(bodyOf(told)).toMatch(/^\/me retracted/);
      expect(child(told, 'store', 'urn:xmpp:hints')).toBeDefined();
    },
    known,
  ),

  scenario(
    '425-01 425-02 an operator takes back what somebody said; who is none may not',
    async (stage) => {
      const { romeo, juliet } = await meet(stage);
      juliet.says('a plague');
      const said = await romeo.hears(juliet, 'a plague');
      const id = await idOf(juliet, juliet.nick, 'a plague');
      const moderate = () =>
        romeo.client.ask(
          `<iq type='set' to='${stage.room}'><moderate xmlns='urn:xmpp:message-moderate:1' id='${stanzaId(said)}'><retract xmlns='urn:xmpp:message-retract:1'/><reason>enough</reason></moderate></iq>`,
        );
      expect(conditionOf(await moderate())).toBe('forbidden');
      await juliet.does(`MODE ${stage.channel} +o ${romeo.nick}`);
      await romeo.sees(romeo);
      expect((await moderate()).attrs.type).toBe('result');
      await juliet.client.expect(new RegExp(`:${romeo.nick}!\\S+ REDACT ${stage.channel} ${id} :?enough$`));
      const told = await romeo.client.receive(
        `<message type='groupchat' from='${stage.room}'><retract xmlns='urn:xmpp:message-retract:1'/></message>`,
      );
      expect(child(told, 'retract')?.attrs.id).toBe(stanzaId(said));
      expect(child(child(told, 'retract'), 'moderated')).toBeDefined();
    },
    known,
  ),

  scenario(
    'typing on Jabber is told to IRC',
    async (stage) => {
      const { romeo, juliet } = await meet(stage);
      romeo.client.send(
        `<message type='groupchat' to='${stage.room}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
      );
      await juliet.client.expect(new RegExp(`^@\\S*\\+typing=active\\S* :${romeo.nick}!\\S+ TAGMSG ${stage.channel}$`));
    },
    known,
  ),

  scenario(
    '085-01 085-02 typing on IRC is a chat state, alone in its message, and told once until it ends',
    async (stage) => {
      const { romeo, juliet } = await meet(stage);
      const states = 'http://jabber.org/protocol/chatstates';
      expect(await features(romeo, stage.room)).toContain(states);
      for (const tag of ['active', 'active', 'done']) juliet.client.send(`@+typing=${tag} TAGMSG ${stage.channel}`);
      juliet.says('what I was writing');
      await romeo.hears(juliet, 'what I was writing');
      const told = romeo.client
        .seen(`<message type='groupchat' from='${stage.room}/${juliet.nick}'/>`)
        .filter((one) => child(one, 'body') === undefined && child(one, 'subject') === undefined);
      expect(told.map((one) => one.children.map((inside) => typeof inside !== 'string' && inside.name))).toEqual([
        ['composing', 'no-store'],
        ['active', 'no-store'],
      ]);
    },
    known,
  ),

  scenario('308-03 a correction is said in a way that IRC people recognise', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.say(stage.room, 'parting is such sweat sorrow', 'wrong');
    await juliet.hears(romeo, 'parting is such sweat sorrow');
    romeo.client.send(
      `<message type='groupchat' id='right' to='${stage.room}'><body>parting is such sweet sorrow</body><replace xmlns='urn:xmpp:message-correct:0' id='wrong'/></message>`,
    );
    const text = await juliet.hears(romeo, /sweet/);
    expect(text).not.toBe('parting is such sweet sorrow');
    const told = await romeo.client.receive(
      `<message type='groupchat' from='${stage.room}/${romeo.nick}'><replace xmlns='urn:xmpp:message-correct:0' id='wrong'/></message>`,
    );
    expect(bodyOf(told)).toBe('parting is such sweet sorrow');
  }),

  scenario(
    '428-02 a reply where IRC has none says whom it answers in place of the quotation',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      juliet.says('art thou not Romeo');
      const said = await romeo.hears(juliet, 'art thou not Romeo');
      const quote = '> art thou not Romeo\n';
      romeo.client.send(
        `<message type='groupchat' id='re' to='${stage.room}'><body>${quote.replace('>', '&gt;')}neither, fair saint</body><reply xmlns='urn:xmpp:reply:0' to='${stage.room}/${juliet.nick}' id='${stanzaId(said)}'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='${quote.length}'/></fallback></message>`,
      );
      const text = await juliet.hears(romeo, /neither, fair saint$/);
      expect(text).toBe(`${juliet.nick}: neither, fair saint`);
      romeo.says('the end');
      await juliet.hears(romeo, 'the end');
      expect(juliet.client.seen(/PRIVMSG.*> art thou not/)).toEqual([]);
    },
    { modern: 'there it is a reply' },
  ),

  scenario('380-01 an encrypted message is never forwarded, and its sender is told once', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.send(
      `<message type='groupchat' id='omemo' to='${stage.room}'><encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/><payload>c2VjcmV0</payload></encrypted><encryption xmlns='urn:xmpp:eme:0' namespace='eu.siacs.conversations.axolotl' name='OMEMO'/><body>I sent you an OMEMO encrypted message</body></message>`,
    );
    const error = await romeo.client.receive(`<message type='error' id='omemo'/>`);
    expect(textOf(child(child(error, 'error'), 'text'))).not.toBe('');
    romeo.says('in the open');
    await juliet.hears(romeo, 'in the open');
    expect(juliet.client.seen(/OMEMO|c2VjcmV0/)).toEqual([]);
  }),
]);
