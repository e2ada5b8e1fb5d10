/** How a plumbing is, in the words of whoever is told. A new text is written in all the languages that we know. */
import { saidIn } from '../gateway/translation.ts';
import type { End, News, Trouble } from './troubles.ts';

export interface About {
  /** What the two are called. */
  readonly title: string;
  readonly muc: string;
  /** Whom an owner has to let in. */
  readonly room: string;
}

const english = {
  both: ({ title, muc }: About) => `${title} and ${muc}`,
  joined: 'are joined now.',
  well: 'are joined again.',
  over: 'are no longer joined',
  banned: 'the MUC does not want us',
  noRoom: 'there is no such MUC.',
  moved: (to: string) => `the MUC is closed, and its people are sent to ${to}. Run plumb with that one.`,
  rival: (nick: string) => `another gateway joins the two already: ${nick} is its occupant.`,
  loop: (nick: string) =>
    `what is said comes round: ${nick} repeats it, or somebody before them. It is stopped here, not there: whoever else joins the two has to end that.`,
  voiceless:
    'the MUC is moderated, and we have no voice: what is said on the network is not heard there until its moderators give it to our occupant.',
  putOut: 'we were put out of the network’s room. It is tried again.',
  refused: (why: string) => `the MUC does not let us in: ${why} It is tried again.`,
  puppets: (why: string) =>
    `the MUC lets none of the network’s people in: ${why} Our own occupant says what they say, with their names before it.`,
  unmoderated: (why: string) =>
    `a moderator of the network took back what somebody in the MUC had said; there it still stands, for we may not moderate it (${why}). Whoever makes our occupant a moderator changes that.`,
  subject: (why: string) =>
    `the MUC did not take a subject that was set on the network (${why}). In many MUCs only moderators may set it: whoever makes our occupant one changes that.`,
  conditions: {
    'registration-required': ({ room }: About) =>
      `only members may enter, and an owner or admin has to make ${room} one.`,
    'not-authorized': () => 'it wants a password, or another one: run plumb again with it.',
    'service-unavailable': () => 'it is full.',
    'not-acceptable': () => 'it takes only names that are registered there.',
    captcha: ({ room }: About) =>
      `it wants a captcha solved, which our occupant can’t: an owner or admin has to make ${room} a member.`,
    conflict: () => 'all names that we tried are taken.',
    kicked: () => 'a moderator put our occupant out.',
    'remote-server-not-found': () => 'its server can not be reached.',
    'remote-server-timeout': () => 'its server can not be reached.',
  } as Readonly<Record<string, (about: About) => string>>,
};

const german: typeof english = {
  both: ({ title, muc }) => `${title} und ${muc}`,
  joined: 'sind nun verbunden.',
  well: 'sind wieder verbunden.',
  over: 'sind nicht mehr verbunden',
  banned: 'der MUC will uns nicht',
  noRoom: 'einen solchen MUC gibt es nicht.',
  moved: (to) => `der MUC ist geschlossen, und seine Leute sollen nach ${to}. Gib plumb für jenen ein.`,
  rival: (nick) => `ein anderes Gateway verbindet die beiden schon: ${nick} ist von ihm.`,
  loop: (nick) =>
    `was gesagt wird, kommt im Kreis zurück: ${nick} wiederholt es, oder jemand davor. Hier ist es angehalten, dort nicht: wer sonst die beiden verbindet, muss das beenden.`,
  voiceless:
    'der MUC ist moderiert, und wir dürfen nichts sagen: was im Netz gesagt wird, ist dort nicht zu hören, bis die Moderatoren es uns erlauben.',
  putOut: 'wir wurden aus dem Raum des Netzes entfernt. Es wird wieder versucht.',
  refused: (why) => `der MUC lässt uns nicht hinein: ${why} Es wird wieder versucht.`,
  puppets: (why) =>
    `der MUC lässt niemanden aus dem Netz hinein: ${why} Was sie sagen, sagt unser Teilnehmer mit ihrem Namen davor.`,
  unmoderated: (why) =>
    `ein Moderator des Netzes hat zurückgenommen, was jemand im MUC gesagt hatte; dort steht es noch, denn wir dürfen dort nicht moderieren (${why}). Wer unseren Teilnehmer zum Moderator macht, ändert das.`,
  subject: (why) =>
    `der MUC hat ein Thema nicht angenommen, das im Netz gesetzt wurde (${why}). In vielen MUCs darf das nur die Moderation: wer unseren Teilnehmer zum Moderator macht, ändert das.`,
  conditions: {
    'registration-required': ({ room }) =>
      `nur Mitglieder dürfen hinein, und ein Besitzer oder Admin muss ${room} zu einem machen.`,
    'not-authorized': () => 'er will ein Passwort, oder ein anderes: gib damit noch einmal plumb ein.',
    'service-unavailable': () => 'er ist voll.',
    'not-acceptable': () => 'er lässt nur Namen zu, die dort eingetragen sind.',
    captcha: ({ room }) =>
      `er will ein Captcha gelöst haben, und das kann unser Teilnehmer nicht: ein Besitzer oder Admin muss ${room} zum Mitglied machen.`,
    conflict: () => 'alle Namen, die wir versucht haben, sind vergeben.',
    kicked: () => 'die Moderation hat unseren Teilnehmer entfernt.',
    'remote-server-not-found': () => 'sein Server ist nicht zu erreichen.',
    'remote-server-timeout': () => 'sein Server ist nicht zu erreichen.',
  },
};

const textsIn = (lang: string): typeof english => (lang === 'de' ? german : english);

/** One sentence of it, without saying of what. */
export function troubleIn(lang: string, trouble: Trouble | News | End, about: About): string {
  const texts = textsIn(lang);
  const why = (condition: string, text = condition): string => texts.conditions[condition]?.(about) ?? `${text}.`;
  switch (trouble.is) {
    case 'joined':
      return texts.joined;
    case 'well':
      return texts.well;
    case 'banned':
      return trouble.reason === undefined ? `${texts.banned}.` : `${texts.banned}: ${trouble.reason}`;
    case 'no-room':
      return trouble.to === undefined ? texts.noRoom : texts.moved(trouble.to);
    case 'rival':
      return texts.rival(trouble.nick);
    case 'refused':
      return texts.refused(why(trouble.condition, trouble.text));
    case 'network':
      return trouble.text === '' ? texts.putOut : saidIn(trouble.text, lang).text;
    case 'voiceless':
      return texts.voiceless;
    case 'puppets':
      return texts.puppets(why(trouble.condition));
    case 'loop':
      return texts.loop(trouble.nick);
    case 'unmoderated':
      return texts.unmoderated(trouble.condition);
    case 'subject':
      return texts.subject(trouble.condition);
    default:
      return trouble satisfies never;
  }
}

/** For who made it. */
export function toldIn(lang: string, what: Trouble | News, about: About): string {
  const isState = what.is === 'joined' || what.is === 'well';
  return `${textsIn(lang).both(about)}${isState ? ' ' : ': '}${troubleIn(lang, what, about)}`;
}

export const endIn = (lang: string, end: End, about: About): string =>
  `${textsIn(lang).both(about)} ${textsIn(lang).over}: ${troubleIn(lang, end, about)}`;
