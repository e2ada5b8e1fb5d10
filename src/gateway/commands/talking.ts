/** Talking with one person of the network by an account that an operator shares: wished for here, and agreed to there (src/design/shared-accounts.md). */
import type { CommandResult } from '../../bridge/commands.ts';
import { GatewayError } from '../../core/errors.ts';
import { chatId } from '../../core/ids.ts';
import type { SettingsPlace } from '../../core/settings.ts';
import { mayTalk, talkerIn, tellThem, unwished, wishedIn, wordsThere } from '../talks.ts';
import type { Command, Here } from './command.ts';

/** One asks the same person again, or somebody whom another has asked, after so long. */
const againMs = { own: 86_400_000, another: 3_600_000 };

const said = (text: string): CommandResult => ({ notes: [{ is: 'info', text }] });

async function standing({ person, on, account, powers }: Here) {
  const chat = chatId(person ?? '');
  const place: SettingsPlace = { level: 'room', chat, ...(on !== undefined && { on }) };
  const settings = (await powers.settings.of(account.owner)).over(place);
  return { chat, place, settings };
}

/** They are asked, or what they asked for is so. */
export const talk: Command = {
  ofShared: true,
  title: (texts) => texts.talk,
  help: (texts) => texts.talkHelp,
  // biome-ignore lint/correctness/useYield: nothing has to be asked
  async *run(here) {
    const { texts, account, asker, session, signal, powers } = here;
    const { chat, place, settings } = await standing(here);
    if (asker === account.owner) return said(texts.talkOwn);
    if (!mayTalk(settings)) return said(texts.talkOff);
    const talker = talkerIn(settings);
    if (talker !== undefined) return said(talker === asker ? texts.talkAlready : texts.talkBusy);
    const { here: other, there, askedAt } = wishedIn(settings);
    const now = here.now();
    const agrees = there === asker;
    if (!agrees && now - askedAt < (other === asker ? againMs.own : againMs.another)) return said(texts.talkAsked);
    if (session === undefined) throw new GatewayError('not-connected', { text: here.notConnected() });
    await tellThem(session, chat, agrees ? wordsThere.agreed(asker) : wordsThere.asks(asker), now, signal);
    await powers.settings.change(account.owner, place, { talk_here: asker, talk_asked: `${now}` });
    return said(agrees ? texts.talkAgreed : texts.talkAsks);
  },
};

/** Neither hears of the other any more. */
export const stopTalking: Command = {
  ofShared: true,
  title: (texts) => texts.stopTalk,
  help: (texts) => texts.stopTalkHelp,
  // biome-ignore lint/correctness/useYield: nothing has to be asked
  async *run(here) {
    const { texts, account, asker, session, signal, powers } = here;
    const { chat, place, settings } = await standing(here);
    const { here: wisher, there } = wishedIn(settings);
    if (wisher !== asker && there !== asker) return said(texts.stopTalkNone);
    await powers.settings.change(account.owner, place, unwished);
    const wasTalking = talkerIn(settings) === asker;
    if (wasTalking && session !== undefined) await tellThem(session, chat, wordsThere.ended(asker), here.now(), signal);
    return said(texts.stopTalkDone);
  },
};
