/** People who reach one no more. */
import { expect } from 'vitest';
import { child, childrenOf, conditionOf, textOf } from '../../harness/markup.ts';
import { present } from '../../harness/present.ts';
import { executes, fills } from '../../harness/requests.ts';
import { scenario, theme } from '../../harness/scenario.ts';
import type { IrcPerson, JabberPerson } from '../../harness/stage.ts';
import { gatewayDomain } from '../../harness/world.ts';

async function runs(person: JabberPerson, node: string, to: string): Promise<string> {
  const command = child(await executes(person, to, `node='${node}'`), 'command');
  return textOf(child(command, 'note'));
}

/** To the room and to that client's user alone, who hears what is said behind it. */
async function speaksUnheard(blocked: IrcPerson, other: IrcPerson, romeo: JabberPerson): Promise<void> {
  blocked.says('my back');
  blocked.says('my other side', romeo.nick);
  await blocked.client.roundtrip();
  await other.hears(blocked, 'my back');
  other.says('how now?');
  await romeo.hears(other, 'how now?');
  for (const text of ['my back', 'my other side'])
    expect(romeo.client.seen(`<message><body>${text}</body></message>`)).toEqual([]);
}

export const blocking = theme('blocking', [
  scenario(
    '191-02 who is blocked is heard neither in a conversation nor in the room, until they are not',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const nurse = await stage.irc('nurse');
      await nurse.enters();
      const to = stage.address(nurse.nick);
      // The answer does not wait for romeo's own connection, which tells the IRC server: what he says there next comes behind that.
      const heeded = async (words: string): Promise<void> => {
        romeo.says(words);
        await nurse.hears(romeo, words);
      };
      expect(await runs(romeo, 'block', to)).toBe(`${to} is blocked.`);
      await heeded('silence!');
      await speaksUnheard(nurse, juliet, romeo);
      romeo.client.send(`<message type='chat' id='no' to='${to}'><body>nurse?</body></message>`);
      const error = await romeo.client.receive(`<message type='error' id='no' from='${to}'/>`);
      expect(conditionOf(error)).toBe('not-acceptable');
      expect(child(child(error, 'error'), 'blocked', 'urn:xmpp:blocking:errors')).toBeDefined();
      expect(await runs(romeo, 'unblock', to)).toBe(`Not blocked any more: ${to}.`);
      await heeded('speak!');
      nurse.says('fie', romeo.nick);
      await romeo.client.receive(`<message type='chat' from='${present(to)}'><body>fie</body></message>`);
    },
  ),

  scenario('JID-13 191-02 whose nick has two spellings is blocked by either', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const nurse = await stage.irc('nurse[m]');
    await nurse.enters();
    const to = stage.address(nurse.nick);
    expect(await runs(romeo, 'block', to)).toBe(`${to} is blocked.`);
    romeo.says('silence!');
    await nurse.hears(romeo, 'silence!');
    await speaksUnheard(nurse, juliet, romeo);
    expect(await runs(romeo, 'unblock', to)).toBe(`Not blocked any more: ${to}.`);
    romeo.says('speak!');
    await nurse.hears(romeo, 'speak!');
    nurse.says('fie');
    await romeo.hears(nurse, 'fie');
  }),

  scenario('191-02 050-11 by nick at the server, and as a list to choose from', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const to = stage.address(juliet.nick);
    const done = await fills(romeo, stage.server, 'block', { jid: juliet.nick });
    expect(textOf(child(done, 'note'))).toBe(`${to} is blocked.`);
    const list = child(await executes(romeo, gatewayDomain, "node='blocked'"), 'command');
    const addresses = child(child(list, 'x', 'jabber:x:data'), 'field');
    expect(childrenOf(addresses, 'value').map(textOf)).toEqual([to]);
    const freed = await fills(romeo, gatewayDomain, 'unblock', { jids: [to] });
    expect(textOf(child(freed, 'note'))).toBe(`Not blocked any more: ${to}.`);
  }),
]);
