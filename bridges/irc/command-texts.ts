/** What the bridge's own commands and its login say, in the languages that it knows. A new text is written in all of them: `Texts` has no optional ones. */
import type { CommandWords } from '#bridge';

const english = {
  notConnected: (server: string | undefined) => `You are not connected to ${server ?? 'the server'}.`,
  knock: 'Knock at a channel',
  knockHelp: 'asks those who are in an invite-only channel to let you in',
  knockChannel: 'Channel',
  knockText: 'What you say',
  knockLater: 'Try to join the channel; if it refuses you, knock within ten minutes.',
  knockDone: 'Done.',
  masks: 'Exceptions of the channel',
  masksHelp: 'shows and changes who is let in in spite of a ban, or without an invitation',
  masksList: 'List',
  masksExceptions: 'Let in in spite of a ban',
  masksInvitations: 'Let in without an invitation',
  masksWhat: 'What shall be done',
  masksShow: 'Show it',
  masksAdd: 'Add a mask',
  masksRemove: 'Remove a mask',
  mask: 'Mask',
  maskHelp: 'nick!user@host, with * for anything',
  maskBy: 'Set by',
  maskAt: 'At',
  maskWhich: 'Which mask?',
  masksNoList: 'This server has no such list.',
  masksEmpty: 'The list is empty.',
  login: 'Log in with an account that you have with the services of a network (NickServ).',
  loginServer: 'Server',
  loginServerHelp: 'Its name, as irc.libera.chat.',
  loginAccount: 'Account',
  loginAccountHelp: "As the network's services know it.",
  loginPassword: 'Password',
  loginPasswordHelp: 'Without one you are logged in by the client certificate that is set for the server.',
  loginOneLine: 'The account is one line.',
  loginNoPassword: 'A password is needed: no client certificate is set for this server.',
  loginRefused: (server: string | undefined, said: string) =>
    `${server ?? 'The server'} refused the account or the password: ${said}`,
};

export type Texts = typeof english;

const german: Texts = {
  notConnected: (server) => `Du bist nicht mit ${server ?? 'dem Server'} verbunden.`,
  knock: 'An einem Kanal anklopfen',
  knockHelp: 'bittet die, die in einem Kanal nur für Eingeladene sind, dich hereinzulassen',
  knockChannel: 'Kanal',
  knockText: 'Was du sagst',
  knockLater: 'Versuche, den Kanal zu betreten; weist er dich ab, klopfe binnen zehn Minuten an.',
  knockDone: 'Erledigt.',
  masks: 'Ausnahmen des Kanals',
  masksHelp: 'zeigt und ändert, wer trotz Bann oder ohne Einladung hereindarf',
  masksList: 'Liste',
  masksExceptions: 'Darf trotz Bann herein',
  masksInvitations: 'Darf ohne Einladung herein',
  masksWhat: 'Was soll geschehen',
  masksShow: 'Zeigen',
  masksAdd: 'Eine Maske hinzufügen',
  masksRemove: 'Eine Maske entfernen',
  mask: 'Maske',
  maskHelp: 'nick!user@host, mit * für Beliebiges',
  maskBy: 'Gesetzt von',
  maskAt: 'Am',
  maskWhich: 'Welche Maske?',
  masksNoList: 'Dieser Server hat keine solche Liste.',
  masksEmpty: 'Die Liste ist leer.',
  login: 'Melde dich mit einem Konto an, das du bei den Diensten eines Netzes hast (NickServ).',
  loginServer: 'Servername',
  loginServerHelp: 'Etwa irc.libera.chat.',
  loginAccount: 'Konto',
  loginAccountHelp: 'Wie die Dienste des Netzes es kennen.',
  loginPassword: 'Passwort',
  loginPasswordHelp: 'Ohne Passwort wirst du mit dem Client-Zertifikat angemeldet, das für den Server gesetzt ist.',
  loginOneLine: 'Das Konto ist eine einzige Zeile.',
  loginNoPassword: 'Ein Passwort ist nötig: für diesen Server ist kein Client-Zertifikat gesetzt.',
  loginRefused: (server, said) => `${server ?? 'Der Server'} hat das Konto oder das Passwort abgelehnt: ${said}`,
};

/** By the code of the language. */
export const languages: Readonly<Record<'en' | 'de', Texts>> = { en: english, de: german };

/** English where we do not know the language. */
export const textsIn = (language: string): Texts => (language === 'de' ? german : english);

/** What a command says of itself, beside the English. */
export const commandWords = (title: 'knock' | 'masks', help: 'knockHelp' | 'masksHelp') => ({
  title: english[title],
  help: english[help],
  words: { de: { title: german[title], help: german[help] } satisfies CommandWords },
});
