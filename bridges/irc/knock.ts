/** Knocking: who may not come into an invite-only channel asks those who are in it to be let in (KNOCK, 710 to 714). */
import { type ErrorCode, GatewayError, type NetworkCommand, plainText } from '#bridge';
import { isTold } from './channel.ts';
import { commandWords, textsIn } from './command-texts.ts';
import type { Core } from './core.ts';
import { atOf, isChannelHere } from './line-facts.ts';
import { isChannelName } from './names.ts';
import { oneLine, reasonBytes } from './requirements.ts';
import type { Typed } from './typed.ts';
import { answered, told } from './typed-raw.ts';
import { compose } from './wire/compose.ts';
import { readFormat } from './wire/format.ts';
import type { Line } from './wire/line.ts';

/** "Invite only", where the server lets one knock: its own words, and the remedy behind. */
export const mayKnock = (code: ErrorCode, said: string): GatewayError =>
  new GatewayError(code, {
    text: `${said} You can ask to be let in: by the command "knock" of the room, or by writing /knock and the channel’s name to the server’s address.`,
  });

/** /knock CHANNEL [TEXT]; told is the server's answer. */
export async function knock(typed: Typed): Promise<string> {
  const { core } = typed;
  const [, name = '', text = ''] = /^(\S*)\s*(.*)$/.exec(typed.rest) ?? [];
  if (!isChannelName(name) || !isChannelHere(core, name)) {
    throw new GatewayError('bad-request', { text: 'It is written /knock CHANNEL [TEXT].' });
  }
  const said = oneLine(text, reasonBytes);
  // Some servers insist on a reason.
  const line = compose('KNOCK', name, said === '' ? 'Let me in, please.' : said);
  return told(await answered(typed, line, core.fold(name))) ?? `You have knocked at ${name}.`;
}

/** What they say is often their own, without a full stop. */
const ended = (said: string): string =>
  /[.!?…]$/.test(said) ? said : `${said === '' ? 'has asked for an invite' : said}.`;

/** 710: somebody knocks at a channel in which we may let them in. */
export function onKnock(core: Core, line: Line): void {
  const [, name = '', who = ''] = line.params;
  const channel = core.channels.get(core.fold(name));
  const [nick = '', address = ''] = who.split('!', 2);
  if (channel === undefined || !isTold(channel) || nick === '') return;
  const said = readFormat(line.params[3] ?? '').plain;
  const known = address === '' ? nick : `${nick} (${address})`;
  const text = plainText(`${known} knocks: ${ended(said)} To let them in: /invite ${nick}`);
  core.emit({ kind: 'remark', at: atOf(core, line), chat: channel.chat, text });
}

/** On a room: at that one. On a server it asks which. */
export const knockCommand: NetworkCommand = {
  node: 'knock',
  ...commandWords('knock', 'knockHelp'),
  where: ['room', 'server'],
  async *run({ session, chat, on, signal, language }) {
    const texts = textsIn(language);
    const which = { name: 'channel', label: texts.knockChannel, type: 'text', required: true } as const;
    const answer = yield {
      title: texts.knock,
      fields: [...(chat === undefined ? [which] : []), { name: 'text', label: texts.knockText, type: 'text' }],
    };
    if (session?.commands === undefined)
      throw new GatewayError('not-connected', { text: `${texts.notConnected(on)} ${texts.knockLater}` });
    const text = typeof answer.text === 'string' ? answer.text.replace(/\s+/g, ' ') : '';
    const line = `/knock ${chat ?? String(answer.channel)} ${text}`;
    return { notes: [{ is: 'info', text: (await session.commands.raw(line, signal)) ?? texts.knockDone }] };
  },
};
