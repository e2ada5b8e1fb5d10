/** What the bridge says to its users, in the languages that it knows. A new text is written in all of them: `Texts` has no optional ones. */

const english = {
  login: 'A bot on Discord',
  loginHow: [
    'Make an application in the developer portal (https://discord.com/developers/applications), and a bot in it.',
    'Under “Bot”, switch on the Server Members Intent, the Presence Intent and the Message Content Intent, and copy the token.',
    'Only tokens of bots are taken: Discord forbids programs that act as a person, and closes such accounts.',
  ],
  loginToken: 'Token of the bot',
  wordTaken: (name: string) => `Discord knows this bot as ${name}.`,
  noGuild: (invitation: string) => `It is in no guild yet. Whoever runs a guild can take it in here: ${invitation}`,
  missing: (what: string) => `The ${what} is switched off in the developer portal (under “Bot”)`,
  withoutMembers: 'so rooms show only those who speak.',
  withoutPresences: 'so nobody can be seen to be online.',
  withoutContent: 'so messages come in empty, but for those that mention the bot or are written to it.',
  application: 'Application',
  guilds: 'Guilds',
};

export type Texts = typeof english;

const german: Texts = {
  login: 'Ein Bot auf Discord',
  loginHow: [
    'Lege im Entwicklerportal (https://discord.com/developers/applications) eine Anwendung an und darin einen Bot.',
    'Schalte unter „Bot“ Server Members Intent, Presence Intent und Message Content Intent ein und kopiere das Token.',
    'Nur Tokens von Bots werden genommen: Discord verbietet Programme, die für einen Menschen handeln, und schließt solche Konten.',
  ],
  loginToken: 'Token des Bots',
  wordTaken: (name) => `Discord kennt diesen Bot als ${name}.`,
  noGuild: (invitation) => `Er ist noch in keiner Guild. Wer eine betreibt, kann ihn hier aufnehmen: ${invitation}`,
  missing: (what) => `${what} ist im Entwicklerportal (unter „Bot“) ausgeschaltet`,
  withoutMembers: 'daher zeigen Räume nur, wer spricht.',
  withoutPresences: 'daher ist nicht zu sehen, wer online ist.',
  withoutContent: 'daher kommen Nachrichten leer an, außer denen, die den Bot nennen oder an ihn gehen.',
  application: 'Anwendung',
  guilds: 'Guilds',
};

/** By their codes. */
export const languages: Readonly<Record<'en' | 'de', Texts>> = { en: english, de: german };

/** English where the bridge does not know it. */
export const textsIn = (language: string): Texts => (/^de\b/i.test(language) ? german : english);
