/** Formatting both ways: mIRC codes, styling, markup; and files, links and actions as IRC has them. */
import { expect } from 'vitest';
import { bodyOf, child, childrenOf } from '../../harness/markup.ts';
import { scenario, theme } from '../../harness/scenario.ts';

const bold = '\u0002';
const italic = '\u001d';
const strike = '\u001e';
const mono = '\u0011';

export const formatting = theme('formatting', [
  scenario('393-01 styled text is formatted on IRC', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.says('*bold* _italic_ ~gone~ `code` end');
    const text = await juliet.hears(romeo, /end$/);
    expect(text).toContain(`${bold}`);
    expect(text).toContain(`${italic}`);
    expect(text).toContain(`${strike}`);
    expect(text).toContain(`${mono}`);
    expect(text.replace(/[\u0002\u000f\u0011\u001d\u001e\u001f]/g, '')).toBe('*bold* _italic_ ~gone~ `code` end');
  }),

  scenario('393-01 stars that are no styling stay stars', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    for (const text of ['2 * 3 * 4', 'snake_case_name', '* not a list', 'a*b']) {
      romeo.says(text);
      await juliet.hears(romeo, text);
    }
  }),

  scenario('394-01 bold on IRC is bold in the room, and the body is plain to read', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.says(`this is ${bold}important${bold} indeed`);
    const said = await romeo.hears(juliet, /important/);
    expect(bodyOf(said)).toBe('this is important indeed');
    const spans = childrenOf(child(said, 'markup', 'urn:xmpp:markup:0'), 'span');
    expect(spans.map((span) => [span.attrs, child(span, 'emphasis') ?? child(span, 'strong')])).toMatchObject([
      [{ start: '8', end: '17' }, { name: 'strong' }],
    ]);
  }),

  scenario('colours and resets leave their text and nothing else', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.says('\u000304,01red\u0003 \u0004ff00ffhex\u0004 \u000399x\u000f 12 plain');
    await romeo.hears(juliet, 'red hex x 12 plain');
  }),

  scenario('MSG-07 an action is an action both ways, formatted or not', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.says(`\u0001ACTION waves ${bold}twice${bold}\u0001`);
    expect(bodyOf(await romeo.hears(juliet, /^\/me waves/))).toMatch(/^\/me waves \*?twice\*?$/);
    romeo.says('/me bows');
    await juliet.hears(romeo, '\u0001ACTION bows\u0001');
  }),

  scenario('066-01 a file that is shared is its link', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const url = 'https://files.example/a/portrait.png';
    romeo.client.send(
      `<message type='groupchat' id='f' to='${stage.room}'><body>${url}</body><x xmlns='jabber:x:oob'><url>${url}</url></x></message>`,
    );
    expect(await juliet.hears(romeo, /portrait\.png/)).toContain(url);
    expect(juliet.client.seen(new RegExp(`:${romeo.nick}!\\S+ PRIVMSG`))).toHaveLength(1);
  }),

  scenario('a text that looks like IRC stays a text', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    for (const text of [':colon first', 'QUIT :bye', '\u0001', '@tag=x PRIVMSG']) {
      if (text !== '\u0001') {
        romeo.says(text);
        await juliet.hears(romeo, text);
      }
    }
    juliet.says(':as it is');
    await romeo.hears(juliet, ':as it is');
  }),

  scenario('a text of many lines arrives whole and in order, once on Jabber', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const text = Array.from({ length: 6 }, (_, n) => `verse ${n}`).join('\n');
    const id = romeo.says(text);
    for (let n = 0; n < 6; n++) await juliet.hears(romeo, `verse ${n}`);
    const reflection = await romeo.client.receive(`<message type='groupchat' id='${id}'/>`);
    expect(bodyOf(reflection)).toBe(text);
    romeo.says('the end');
    await romeo.hears(romeo, 'the end');
    expect(romeo.client.seen(`<message type='groupchat' id='${id}'/>`)).toHaveLength(1);
  }),
]);
