/** What people type: /topic, /whois and the like where a Jabber client passes them on, raw lines to the server, and questions by iq. */
import { expect } from 'vitest';
import { bodyOf, child, textOf } from '../../harness/markup.ts';
import { scenario, theme } from '../../harness/scenario.ts';
import type { JabberPerson } from '../../harness/stage.ts';

const told = (person: JabberPerson, from: string, text: RegExp) =>
  person.client.receive(
    (one) => one.name === 'message' && (one.attrs.from ?? '').startsWith(from) && text.test(bodyOf(one) ?? ''),
  );

export const typedCommands = theme('typed commands', [
  scenario('/topic sets the topic', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    await juliet.does(`MODE ${stage.channel} +o ${romeo.nick}`);
    await romeo.sees(romeo);
    romeo.says('/topic A glooming peace');
    await juliet.sees(romeo, 'TOPIC', 'A glooming peace');
    await juliet.client.roundtrip();
    expect(juliet.client.seen(/PRIVMSG .*\/topic/)).toEqual([]);
  }),

  scenario('/mode is a mode', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    await juliet.does(`MODE ${stage.channel} +o ${romeo.nick}`);
    await romeo.sees(romeo);
    romeo.says('/mode +m');
    await juliet.sees(romeo, 'MODE', '\\+m');
  }),

  scenario('/nick changes the nick, in the room too', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const old = romeo.nick;
    romeo.says(`/nick ${old}n`);
    await juliet.sees(old, 'NICK', `${old}n`);
    romeo.nick = `${old}n`;
    await romeo.sees(romeo);
  }),

  scenario('/msg is a private message', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.says(`/msg ${juliet.nick} by your leave`);
    await juliet.hears(romeo, 'by your leave', juliet.nick);
    await juliet.client.roundtrip();
    expect(juliet.client.seen(new RegExp(`PRIVMSG ${stage.channel} .*by your leave`))).toEqual([]);
  }),

  scenario('a command in a correction or an answer is a command, and not said in the room', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.says('/mgs');
    await juliet.hears(romeo, '/mgs');
    const correction = `<replace xmlns='urn:xmpp:message-correct:0' id='unknown'/>`;
    const answer = `<reply xmlns='urn:xmpp:reply:0' id='unknown' to='${stage.room}/${juliet.nick}'/>`;
    for (const [id, inside] of [
      ['corrected', correction],
      ['answered', answer],
    ] as const) {
      romeo.client.send(
        `<message type='groupchat' id='${id}' to='${stage.room}'><body>/msg ${juliet.nick} ${id}</body>${inside}</message>`,
      );
      await juliet.hears(romeo, id, juliet.nick);
    }
    await juliet.client.roundtrip();
    expect(juliet.client.seen(new RegExp(`PRIVMSG ${stage.channel} .*/msg`))).toEqual([]);
  }),

  scenario('/whois is answered to who asked alone', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.says(`/whois ${juliet.nick}`);
    await told(romeo, '', new RegExp(juliet.nick));
    await juliet.client.roundtrip();
    expect(juliet.client.seen(new RegExp(`:${romeo.nick}!\\S+ PRIVMSG`))).toEqual([]);
  }),

  scenario('//text is said with one slash; a path is said as it is', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.says('/usr/bin/env is a path');
    await juliet.hears(romeo, '/usr/bin/env is a path');
  }),

  scenario('a raw line to the server’s address is sent, and what comes of it is told', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.send(`<message type='chat' id='raw' to='${stage.server}'><body>WHOIS ${juliet.nick}</body></message>`);
    await told(romeo, stage.server, new RegExp(juliet.nick));
    romeo.client.send(
      `<message type='chat' id='raw2' to='${stage.server}'><body>PRIVMSG ${juliet.nick} :raw but true</body></message>`,
    );
    await juliet.hears(romeo, 'raw but true', juliet.nick);
  }),

  scenario('092-01 the version of somebody is asked of their client', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const asked = romeo.client.ask(
      `<iq type='get' to='${stage.address(juliet.nick)}'><query xmlns='jabber:iq:version'/></iq>`,
    );
    await juliet.client.expect(new RegExp(`:${romeo.nick}!\\S+ PRIVMSG ${juliet.nick} :?\u0001VERSION\u0001$`));
    juliet.client.send(`NOTICE ${romeo.nick} :\u0001VERSION balcony 1.0\u0001`);
    expect(textOf(child(child(await asked, 'query'), 'name'))).toContain('balcony');
  }),

  scenario('410-04 a ping to somebody in the room is answered for them, and IRC hears nothing of it', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const answer = await romeo.client.ask(
      `<iq type='get' to='${stage.room}/${juliet.nick}'><ping xmlns='urn:xmpp:ping'/></iq>`,
    );
    expect(answer.attrs.type).toBe('result');
    romeo.says('behind it');
    await juliet.hears(romeo, 'behind it');
    expect(juliet.client.seen(/\u0001PING/)).toEqual([]);
  }),

  scenario('CTCP from IRC is answered: VERSION, PING', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.says('\u0001PING 12345\u0001', romeo.nick);
    await juliet.client.expect(new RegExp(`:${romeo.nick}!\\S+ NOTICE ${juliet.nick} :?\u0001PING 12345\u0001$`));
    juliet.says('\u0001VERSION\u0001', romeo.nick);
    await juliet.client.expect(
      new RegExp(`:${romeo.nick}!\\S+ NOTICE ${juliet.nick} :?\u0001VERSION [^\u0001]+\u0001$`),
    );
  }),

  scenario('the card of somebody has the real name', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    for (const to of [`${stage.room}/${juliet.nick}`, stage.address(juliet.nick)]) {
      const answer = await romeo.client.ask(`<iq type='get' to='${to}'><vCard xmlns='vcard-temp'/></iq>`);
      expect(textOf(child(child(answer, 'vCard', 'vcard-temp'), 'FN')), to).toBe(juliet.nick);
    }
  }),
]);
