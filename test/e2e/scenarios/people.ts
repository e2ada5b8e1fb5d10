/** Questions about people, what is typed, and talk with the server: against real IRC servers. */
import { expect } from 'vitest';
import type { Element } from '../../../src/xml/element.ts';
import { bodyOf, child, childrenOf, conditionOf, textOf } from '../../harness/markup.ts';
import { present } from '../../harness/present.ts';
import { fills } from '../../harness/requests.ts';
import { scenario, theme } from '../../harness/scenario.ts';
import type { IrcPerson, JabberPerson, Stage } from '../../harness/stage.ts';
import { gatewayDomain } from '../../harness/world.ts';
import { silence } from '../../harness/xmpp-client.ts';

const ask = (person: JabberPerson, to: string, payload: string) =>
  person.client.ask(`<iq type='get' to='${to}'>${payload}</iq>`, 30_000);
const version = "<query xmlns='jabber:iq:version'/>";

const ping = "<ping xmlns='urn:xmpp:ping'/>";
const times = "<time xmlns='urn:xmpp:time'><tzo>+02:00</tzo><utc>2026-11-21T13:42:07Z</utc></time>";

/** Asks as IRC clients do; resolves with what comes back. */
async function asksByCtcp(
  who: IrcPerson,
  whom: JabberPerson,
  what: string,
  text = '',
  target = whom.nick,
): Promise<string> {
  who.says(`\u0001${what}${text === '' ? '' : ` ${text}`}\u0001`, target);
  const answer = new RegExp(`^(?:@\\S+ )?:${whom.nick}!\\S+ NOTICE \\S+ :?\u0001${what} (.*)\u0001`);
  return (await who.client.expect(answer))[1] ?? '';
}

/** As IRC clients do: answers one question by CTCP. */
async function answers(
  stage: Stage,
  nick: string,
  question: string,
  reply: string,
  play: (nick: string) => Promise<Element>,
): Promise<Element> {
  const juliet = await stage.irc(nick);
  const done = play(juliet.nick);
  const [, asker, rest] = await juliet.client.expect(
    new RegExp(`^:([^!]+)!\\S+ PRIVMSG \\S+ :?\u0001${question}(.*)\u0001`),
  );
  juliet.client.send(`NOTICE ${asker} :\u0001${question}${reply === '' ? rest : ` ${reply}`}\u0001`);
  return done;
}

export const people = theme('people and the server', [
  scenario('the MOTD is told once, however often one is refused', async (stage) => {
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    await juliet.does(`MODE ${stage.channel} +k rose`);
    const romeo = await stage.jabber('romeo');
    for (let times = 0; times < 2; times++) await expect(romeo.enters()).rejects.toThrow(/not-authorized/);
    await romeo.enters(stage.room, { password: 'rose' });
    const said = romeo.client.seen(`<message from='${stage.server}' type='chat'/>`).map(bodyOf);
    const told = said.filter((text) => text?.startsWith('*** ') === false);
    expect([...new Set(told)]).toEqual(told);
  }),

  scenario(
    '054-01 054-03 GEN-10 who somebody is: a card, from the contact and from the occupant, in the language of who asks',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      for (const to of [stage.address(juliet.nick), `${stage.room}/${juliet.nick}`]) {
        const card = child(await ask(romeo, to, "<vCard xmlns='vcard-temp'/>"), 'vCard', 'vcard-temp');
        expect(textOf(child(card, 'FN'))).toBe(juliet.nick);
        expect(textOf(child(card, 'NICKNAME')).toLowerCase()).toBe(juliet.nick);
        expect(textOf(child(card, 'DESC'))).toMatch(/Address: \S+@\S+[\s\S]*Server: /);
        const german = await romeo.client.ask(
          `<iq type='get' xml:lang='de' to='${to}'><vCard xmlns='vcard-temp'/></iq>`,
        );
        expect(textOf(child(child(german, 'vCard', 'vcard-temp'), 'DESC'))).toMatch(/Adresse: \S+@\S+/);
      }
    },
  ),

  scenario('PRE-06 for how long somebody has said nothing', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.says('I wake');
    await romeo.hears(juliet, 'I wake');
    const last = child(await ask(romeo, stage.address(juliet.nick), "<query xmlns='jabber:iq:last'/>"), 'query');
    expect(Number(last?.attrs.seconds)).toBeLessThan(60);
  }),

  scenario('092-01 202-01 410-04 their client answers: version, time, ping', async (stage) => {
    const { romeo } = await stage.pair();
    const named = await answers(stage, 'nurse', 'VERSION', 'irssi v1.4', (nick) =>
      ask(romeo, stage.address(nick), version),
    );
    expect(textOf(child(child(named, 'query'), 'name'))).toBe('irssi v1.4');
    const clock = new Date().toUTCString();
    const timed = await answers(stage, 'friar', 'TIME', clock, (nick) =>
      ask(romeo, stage.address(nick), "<time xmlns='urn:xmpp:time'/>"),
    );
    expect(textOf(child(child(timed, 'time'), 'tzo'))).toBe('+00:00');
    const pinged = await answers(stage, 'abram', 'PING', '', (nick) => ask(romeo, stage.address(nick), ping));
    expect(pinged.attrs.type).toBe('result');
  }),

  scenario('054-01 092-01 nobody of that name: item-not-found', async (stage) => {
    const { romeo } = await stage.pair();
    const nobody = stage.address('nobody-at-all');
    expect(conditionOf(await ask(romeo, nobody, "<vCard xmlns='vcard-temp'/>"))).toBe('item-not-found');
    expect(conditionOf(await ask(romeo, nobody, version))).toBe('item-not-found');
  }),

  scenario('030-08 what a contact and an occupant announce is what they answer', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    for (const to of [stage.address(juliet.nick), `${stage.room}/${juliet.nick}`]) {
      const answer = await ask(romeo, to, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
      const features = childrenOf(child(answer, 'query'), 'feature').map(({ attrs }) => attrs.var);
      expect(features).toEqual(
        expect.arrayContaining(['jabber:iq:last', 'jabber:iq:version', 'urn:xmpp:ping', 'urn:xmpp:time', 'vcard-temp']),
      );
    }
  }),

  scenario('092-01 202-01 199-01 asked by CTCP, the Jabber client answers for itself', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.says.set(
      'jabber:iq:version',
      `${version.slice(0, -2)}><name>Gajim</name><version>1.8</version></query>`,
    );
    romeo.client.says.set('urn:xmpp:time', times);
    expect(await asksByCtcp(juliet, romeo, 'VERSION')).toBe('Gajim 1.8, through Isthmus, an XMPP gateway');
    expect(await asksByCtcp(juliet, romeo, 'TIME')).toBe('Sat, 21 Nov 2026 15:42:07 +0200');
    expect(await asksByCtcp(juliet, romeo, 'PING', '12345')).toBe('12345');
    for (const payload of [version, "<time xmlns='urn:xmpp:time'/>", ping]) {
      expect(
        romeo.client.seen(`<iq type='get' from='${present(stage.address(juliet.nick))}'>${payload}</iq>`),
      ).toHaveLength(1);
    }
    await romeo.client.sawNothingLike(
      `<message type='chat' from='${present(stage.address(juliet.nick))}'/>`,
      gatewayDomain,
    );
  }),

  scenario('092-01 a whole channel asked by CTCP: the Jabber client is asked by the occupant', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.says.set('jabber:iq:version', `${version.slice(0, -2)}><name>Dino</name></query>`);
    expect(await asksByCtcp(juliet, romeo, 'VERSION', '', stage.channel)).toBe(
      'Dino, through Isthmus, an XMPP gateway',
    );
    const from = `${stage.room}/${juliet.nick}`;
    expect(romeo.client.seen(`<iq type='get' from='${from}'>${version}</iq>`)).toHaveLength(1);
  }),

  scenario('asked by CTCP, the gateway answers where no client does', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    expect(await asksByCtcp(juliet, romeo, 'VERSION')).toBe('Isthmus, an XMPP gateway');
    romeo.client.says.set('urn:xmpp:ping', silence);
    expect(await asksByCtcp(juliet, romeo, 'PING', '54321')).toBe('54321');
  }),

  scenario('asked by CTCP, the gateway answers alone, and then nobody, as its user has set', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.says.set('jabber:iq:version', `${version.slice(0, -2)}><name>Gajim</name></query>`);
    await fills(romeo, stage.server, stage.serverForm, { ctcp: 'gateway' });
    expect(await asksByCtcp(juliet, romeo, 'VERSION')).toBe('Isthmus, an XMPP gateway');
    expect(romeo.client.seen(`<iq type='get'>${version}</iq>`)).toEqual([]);
    await fills(romeo, stage.server, stage.serverForm, { ctcp: 'off' });
    juliet.says('\u0001VERSION\u0001', romeo.nick);
    juliet.says('did you get that?', romeo.nick);
    await romeo.client.receive(`<message type='chat' from='${present(stage.address(juliet.nick))}'><body/></message>`);
    romeo.says('get what?');
    await juliet.hears(romeo, 'get what?');
    expect(juliet.client.seen(/NOTICE \S+ :?\u0001VERSION/)).toHaveLength(1);
  }),

  scenario('a typed command is run: nobody hears it, only the client that typed it is answered', async (stage) => {
    const juliet = await stage.irc('juliet');
    const romeo = await stage.jabber('romeo');
    await romeo.enters();
    await juliet.enters();
    await romeo.sees(juliet);
    const phone = await romeo.another('phone');
    await phone.enters();
    romeo.says('/topic Two households');
    await juliet.sees(romeo, 'TOPIC', 'Two households');
    romeo.says('/mode +k sesame');
    await juliet.sees(romeo, 'MODE', '\\+k');
    romeo.says('/mode');
    // What the room remarks of the change itself is kept; what the command answers is not.
    const told = await romeo.client.receive(
      `<message type='groupchat' from='${stage.room}'><body/><no-store xmlns='urn:xmpp:hints'/></message>`,
    );
    expect(bodyOf(told)).toMatch(/\+.*k/);
    const id = romeo.says('/op nobody-at-all');
    expect(conditionOf(await romeo.client.receive(`<message type='error' id='${id}'/>`))).toBe('item-not-found');
    romeo.says('that is all');
    await juliet.hears(romeo, 'that is all');
    await phone.hears(romeo, 'that is all');
    expect(juliet.client.seen(/PRIVMSG .*(sesame|\/mode|\/topic)/)).toEqual([]);
    expect(phone.client.seen((one) => /sesame|\/mode/.test(bodyOf(one) ?? ''))).toEqual([]);
    const tablet = await romeo.another('tablet');
    const { history } = await tablet.enters();
    expect(history.map(bodyOf)).toEqual([expect.stringMatching(/^Mode .*\[\+k \*\] by /), 'that is all']);
  }),

  scenario('/whois, /msg, /nick; two slashes; what is unknown is said', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.says(`/whois ${juliet.nick}`);
    const told = await romeo.client.receive(`<message type='groupchat' from='${stage.room}'><body/></message>`);
    expect(bodyOf(told)).toMatch(new RegExp(`^${juliet.nick}\nReal name: ${juliet.nick}\nAddress: `, 'i'));
    romeo.says(`/msg ${juliet.nick} in your ear`);
    await juliet.hears(romeo, 'in your ear', juliet.nick);
    romeo.says('//topic is a command');
    await juliet.hears(romeo, '/topic is a command');
    await romeo.hears(romeo, '/topic is a command');
    romeo.says('/shrug');
    await juliet.hears(romeo, '/shrug');
    romeo.says(`/nick montague${romeo.nick.slice(5)}`);
    await juliet.sees(romeo, 'NICK', 'montague');
  }),

  scenario('MSG-04 a line to the server, and its answer from there', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const write = (line: string, id = romeo.client.newId()) =>
      romeo.client.send(`<message type='chat' id='${id}' to='${stage.server}'><body>${line}</body></message>`);
    write(`WHOIS ${juliet.nick}`);
    const told = await romeo.client.receive(
      (one) => one.attrs.from === stage.server && (bodyOf(one) ?? '').toLowerCase().includes(`${juliet.nick} `),
    );
    expect(bodyOf(told)?.split('\n').length).toBeGreaterThan(1);
    write('NOSUCHCOMMAND at all');
    await romeo.client.receive((one) => one.attrs.from === stage.server && /NOSUCHCOMMAND/.test(bodyOf(one) ?? ''));
    write('PASS secret', 'pass');
    expect(conditionOf(await romeo.client.receive(`<message type='error' id='pass'/>`))).toBe('not-allowed');
  }),

  scenario(
    'MSG-04 QUIT to the server: out of all rooms, and the network sees a farewell',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      romeo.client.send(
        `<message type='chat' id='raw' to='${stage.server}'><body>QUIT :parting is sorrow</body></message>`,
      );
      await juliet.sees(romeo, 'QUIT', 'parting is sorrow');
      await romeo.sees(romeo, 'unavailable');
      await romeo.enters();
    },
    { hybrid: 'it drops the last words of who has just come' },
  ),

  scenario('a notice of a stranger comes from the server, of whom one wrote to from them', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    await juliet.does(`NOTICE ${romeo.nick} :psst`);
    await romeo.client.receive(
      `<message type='chat' from='${stage.server}'><body>${juliet.nick}: psst</body></message>`,
    );
    romeo.client.send(`<message type='chat' id='d' to='${stage.address(juliet.nick)}'><body>yes?</body></message>`);
    await juliet.hears(romeo, 'yes?', juliet.nick);
    await juliet.does(`NOTICE ${romeo.nick} :come down`);
    await romeo.client.receive(
      `<message type='chat' from='${present(stage.address(juliet.nick))}'><body>come down</body></message>`,
    );
  }),

  scenario('away is told once in a conversation, another name too', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    await juliet.does('AWAY :asleep');
    for (const text of ['one', 'two']) {
      romeo.client.send(
        `<message type='chat' id='${text}' to='${stage.address(juliet.nick)}'><body>${text}</body></message>`,
      );
      await juliet.hears(romeo, text, juliet.nick);
    }
    const away = `<message type='chat' from='${present(stage.address(juliet.nick))}'><body>/me is away: asleep</body></message>`;
    await romeo.client.receive(away);
    const before = juliet.nick;
    const after = `wife${stage.world.next()}`;
    juliet.client.send(`NICK ${after}`);
    const told = await romeo.client.receive(
      (one) => one.attrs.from === present(stage.address(before)) && /is called/.test(bodyOf(one) ?? ''),
    );
    expect(bodyOf(told)).toBe(`/me is called ${after} now (${stage.address(after)})`);
    expect(romeo.client.seen(away)).toHaveLength(1);
  }),

  scenario('OTR between two people passes untouched', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const data = '?OTR:AAMC=.';
    romeo.client.send(`<message type='chat' id='o' to='${stage.address(juliet.nick)}'><body>${data}</body></message>`);
    await juliet.hears(romeo, data, juliet.nick);
    juliet.says('?OTR:AAMD=.', romeo.nick);
    await romeo.client.receive(
      `<message type='chat' from='${present(stage.address(juliet.nick))}'><body>?OTR:AAMD=.</body></message>`,
    );
  }),
]);
