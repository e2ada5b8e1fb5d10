/** What is said in a room, both ways: text as it was written, each line once, in order. */
import { expect } from 'vitest';
import { bodyOf, child, codesOf, conditionOf } from '../../harness/markup.ts';
import { scenario, theme } from '../../harness/scenario.ts';

const sid = 'urn:xmpp:sid:0';
const occupantId = 'urn:xmpp:occupant-id:0';

export const talking = theme('talking', [
  scenario('45-40 both ways, with the sender’s id, a stanza-id and an occupant-id on the reflection', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const id = romeo.says('But soft!');
    await juliet.hears(romeo, 'But soft!');
    const reflection = await romeo.hears(romeo, 'But soft!');
    expect(reflection.attrs.id).toBe(id);
    expect(child(reflection, 'stanza-id', sid)?.attrs.by).toBe(stage.room);
    expect(child(reflection, 'stanza-id', sid)?.attrs.id).toMatch(/./);
    expect(child(reflection, 'occupant-id', occupantId)?.attrs.id).toMatch(/./);
    juliet.says('Ay me!');
    const said = await romeo.hears(juliet, 'Ay me!');
    expect(child(said, 'stanza-id', sid)?.attrs.by).toBe(stage.room);
  }),

  scenario('45-41 the reflection comes once, behind what others had said before', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    for (let n = 1; n <= 30; n++) {
      romeo.says(`r${n}`);
      juliet.says(`j${n}`);
    }
    for (let n = 1; n <= 30; n++) {
      await juliet.hears(romeo, `r${n}`);
      await romeo.hears(romeo, `r${n}`);
      await romeo.hears(juliet, `j${n}`);
    }
    const heard = romeo.client.seen(`<message type='groupchat'><body/></message>`).map(bodyOf);
    expect(heard.filter((text) => text?.startsWith('r'))).toEqual(Array.from({ length: 30 }, (_, n) => `r${n + 1}`));
    expect(heard.filter((text) => text?.startsWith('j'))).toEqual(Array.from({ length: 30 }, (_, n) => `j${n + 1}`));
  }),

  scenario(
    '45-24 45-40 two Jabber users of one channel see each other come, and hear each other once',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const nurse = await stage.jabber('nurse');
      await nurse.enters();
      await romeo.sees(nurse);
      romeo.says('to both of you');
      await nurse.hears(romeo, 'to both of you');
      await juliet.hears(romeo, 'to both of you');
      await romeo.hears(romeo, 'to both of you');
      await nurse.client.sawNothingLike(`<message type='groupchat' id='twice'/>`, stage.world.domain);
      expect(nurse.client.seen(`<message type='groupchat'><body>to both of you</body></message>`)).toHaveLength(1);
    },
  ),

  scenario('MSG-07 /me is an action on IRC, both ways', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.says('/me climbs the wall');
    await juliet.hears(romeo, '\u0001ACTION climbs the wall\u0001');
    await romeo.hears(romeo, '/me climbs the wall');
    juliet.says('\u0001ACTION appears above\u0001');
    await romeo.hears(juliet, '/me appears above');
  }),

  scenario('emoji, accents and other scripts arrive as they were sent', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const text = 'Ω häßlich 日本語 👩‍👩‍👧‍👦 🇪🇺 é';
    romeo.says(text);
    await juliet.hears(romeo, text);
    juliet.says(text);
    await romeo.hears(juliet, text);
  }),

  scenario(
    'text that is no UTF-8 is read as CP1252',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      juliet.client.raw(Buffer.from(`PRIVMSG ${stage.channel} :caf\xe9 \x80 5\r\n`, 'latin1'));
      await romeo.hears(juliet, 'café € 5');
    },
    { modern: 'it lets nothing but UTF-8 pass' },
  ),

  scenario('114-32 formatting codes of IRC never reach a stanza', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.says(
      '\u0002bold\u000f \u001ditalic\u001d \u001funder\u001f \u000304,01red\u0003 \u0016rev\u0016 \u0011mono\u0011 end',
    );
    const said = await romeo.hears(juliet, /end$/);
    expect(bodyOf(said)).toMatch(/bold.*italic.*under.*red.*rev.*mono.*end/);
    expect(bodyOf(said)).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
  }),

  scenario('a long text is cut within the byte budget at graphemes, and nothing of it is lost', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const text = Array.from({ length: 120 }, (_, n) => `wörd${n}👩‍👩‍👧‍👦`).join(' ');
    const id = romeo.says(text);
    romeo.says('the end');
    await juliet.hears(romeo, 'the end');
    const mark = ` PRIVMSG ${stage.channel} :`;
    const lines = juliet.client
      .seen(new RegExp(`^:${romeo.nick}!.* PRIVMSG`))
      .filter((line) => !line.endsWith('the end'));
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(510);
    const parts = lines.map((line) => line.slice(line.indexOf(mark) + mark.length));
    for (const part of parts) expect(part).not.toMatch(/^\u200d|\u200d$|\ufffd/);
    expect(parts.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    const reflection = await romeo.client.receive(
      `<message type='groupchat' id='${id}' from='${stage.room}/${romeo.nick}'/>`,
    );
    expect(reflection.attrs.type).toBe('groupchat');
  }),

  scenario('a text of several lines becomes several lines, in order', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.says('first\nsecond\n\nthird');
    await juliet.hears(romeo, 'first');
    await juliet.hears(romeo, 'second');
    await juliet.hears(romeo, 'third');
  }),

  scenario('no line of a message is ever a command', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.send(
      `<message type='groupchat' id='inject' to='${stage.room}'><body>a&#13;&#10;QUIT :b&#10;PART ${stage.channel}&#13;JOIN 0</body></message>`,
    );
    romeo.says('still here');
    await juliet.hears(romeo, 'still here');
    expect(juliet.client.seen(new RegExp(`^:${romeo.nick}!\\S+ (QUIT|PART)`))).toEqual([]);
  }),

  scenario(
    '45-41 45-44 a message that the channel refuses (+m) comes back as an error and is not shown as sent',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      await juliet.does(`MODE ${stage.channel} +m`);
      const id = romeo.says('unheard');
      const error = await romeo.client.receive(`<message type='error' id='${id}' from='${stage.room}'/>`);
      expect(conditionOf(error)).toBe('forbidden');
      await juliet.does(`MODE ${stage.channel} -m`);
      romeo.says('heard again');
      await juliet.hears(romeo, 'heard again');
      await romeo.client.sawNothingLike(`<message type='groupchat'><body>unheard</body></message>`, stage.world.domain);
    },
  ),

  scenario('45-44 a message from somebody who is not in the room: not-acceptable', async (stage) => {
    const { juliet } = await stage.pair();
    const tybalt = await stage.jabber('tybalt');
    const id = tybalt.says('peace? I hate the word');
    const error = await tybalt.client.receive(`<message type='error' id='${id}' from='${stage.room}'/>`);
    expect(conditionOf(error)).toBe('not-acceptable');
    await juliet.client.roundtrip();
    expect(juliet.client.seen(/I hate the word/)).toEqual([]);
  }),

  scenario('GEN-07 chat states and other messages without a body are no lines', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.send(
      `<message type='groupchat' to='${stage.room}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    );
    romeo.says('a line');
    await juliet.hears(romeo, 'a line');
    expect(juliet.client.seen(new RegExp(`^:${romeo.nick}!\\S+ PRIVMSG`))).toHaveLength(1);
  }),

  scenario('45-40 a stanza-id that a client invents is not believed', async (stage) => {
    const { romeo } = await stage.pair();
    romeo.client.send(
      `<message type='groupchat' id='sid' to='${stage.room}'><body>forged</body><stanza-id xmlns='${sid}' by='${stage.room}' id='forged'/></message>`,
    );
    const reflection = await romeo.hears(romeo, 'forged');
    expect(child(reflection, 'stanza-id', sid)?.attrs.id).not.toBe('forged');
  }),

  scenario('a notice to the channel is shown', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.client.send(`NOTICE ${stage.channel} :take note`);
    await romeo.hears(juliet, /take note$/);
  }),

  scenario('GEN-11 the same message sent twice is said once', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const id = romeo.says('once');
    await romeo.hears(romeo, 'once');
    romeo.client.say(stage.room, 'once', id);
    romeo.says('after');
    await juliet.hears(romeo, 'after');
    expect(juliet.client.seen(/ :?once$/)).toHaveLength(1);
    expect(codesOf(await romeo.hears(romeo, 'after'))).toEqual([]);
  }),
]);
