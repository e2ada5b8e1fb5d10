/** What commands say, in the languages that we know. English is whole; another language says what it has and leaves the rest in English. */

const english = {
  done: 'Done.',
  yes: 'yes',
  no: 'no',
  none: '(none)',
  isSet: '(set, not shown)',
  notSet: '(not set)',
  usual: (value: string) => `${value} (usual)`,

  // forms
  leaveEmpty: 'It is set. Leave this empty to keep it.',
  forget: (label: string) => `Forget: ${label}`,
  missing: (label: string) => `"${label}" has to be filled in.`,
  wrong: (label: string, what: string) => `"${label}": ${what}`,
  notFlag: 'Yes or no.',
  notNumber: 'A whole number.',
  notChoice: (choices: string) => `One of: ${choices}.`,
  tooLong: (most: number) => `At most ${most} characters.`,
  tooMany: (most: number) => `At most ${most} lines.`,
  oneLine: 'One line.',
  busy: 'The last step is still being worked on.',
  expired:
    'This form is not open any more: it was finished, it waited too long, or the gateway was restarted. Start the command again.',
  canceled: 'Left as it was.',
  forOperators: 'This is for the operators of this gateway.',

  // commands
  configureAll: 'Settings for all servers',
  configureAllHelp: 'what holds on every server where nothing else is set',
  configureServer: 'Settings for this server',
  configureServerHelp: 'nick, passwords, ports and the like of one server',
  configureRoom: 'Settings for this room',
  configureRoomHelp: 'what holds in one room',
  configureFor: (what: string) => `Settings for ${what}`,
  configureText: 'What you leave out stays as it is. What you empty has its usual value again.',
  saved: 'Saved. What concerns the connection itself counts from the next connection on.',
  nothingChanged: 'Nothing was changed.',
  disconnect: 'Disconnect from a server',
  disconnectHelp: 'leaves every room there; coming in again connects again',
  disconnectWhich: 'Servers',
  disconnectWho: 'Whose connections?',
  disconnectReason: 'Message for the others',
  disconnectUsual: 'Disconnected by command',
  disconnected: (who: string, count: number) =>
    `${who} was disconnected from ${count} ${count === 1 ? 'server' : 'servers'}.`,
  notConnectedAnywhere: 'You are connected to no server.',
  disconnectUser: 'Disconnect users',
  disconnectUserHelp: 'ends all connections of some people',
  disconnectUserWhich: 'People',
  disconnectUserUsual: 'Disconnected by an operator',
  usersDisconnected: (count: number) =>
    count === 1 ? '1 user has been disconnected.' : `${count} users have been disconnected.`,
  nobodyConnected: 'Nobody is connected.',
  reload: 'Read the configuration again',
  reloadHelp: 'who may use the gateway and who its operators are, without a restart',
  reloaded: (what: string) => `Read again: ${what}.`,
  reloadedNothing: 'Nothing that can be changed without a restart has changed.',
  needsRestart: (what: string) => `Needs a restart: ${what}.`,
  info: 'How the connection is',
  infoHelp: 'server, nick and rooms of one connection',
  infoNick: 'You are',
  infoRooms: 'Rooms',
  infoServer: 'Server',
  infoOwner: 'Account',
  notConnected: (where: string) => `You are not connected to ${where}. Join a room there first.`,
  whois: 'About a person',
  whoisHelp: 'what the network tells of somebody',
  whoisWho: 'Who?',
  whoisNick: 'Nick',
  whoisRealName: 'Real name',
  whoisAccount: 'Account',
  whoisAddress: 'Address',
  cannotLookUp: 'This network tells nothing of its people.',

  // chat
  hello: (name: string, version: string) => `This is the gateway to ${name} (Isthmus ${version}). You can write:`,
  helloServer: (name: string) =>
    `This is ${name}. A line that is none of these commands, or is in CAPITALS, goes to the server as it is. You can write:`,
  helpLine: (word: string, help: string) => `${word} – ${help}`,
  helpForOne: 'help COMMAND – more about one of them',
  helpAddress: (address: string) => `Name the server or the room that you mean, as in: ${address}`,
  helpFields: 'It asks for:',
  helpField: (name: string, label: string, help: string) =>
    help === '' ? `${name}: ${label}` : `${name}: ${label}. ${help}`,
  unknown: (text: string) => `I do not know "${text}". Write help for what I know.`,
  unknownCommand: (word: string) => `There is no command ${word} here. Write help for those there are.`,
  unknownAddress: (text: string) => `${text} is no address where this can be done.`,
  writeThere: (address: string, word: string) => `Write that to ${address}: ${word}`,
  noForm: 'Nothing is open that this could belong to. Write help for what I know.',
  noField: (name: string) => `There is nothing called ${name} here. Write show to see what there is.`,
  howTo: (prefix: string) =>
    `To change something: ${prefix}NAME VALUE. To have the usual again: unset NAME. help NAME tells more. Then done to save, or cancel.`,
  noted: (name: string, value: string) =>
    `${name} = ${value}. Write done to save, cancel to leave everything as it was.`,
  secretNoted:
    'It is kept sealed and not shown again; your message with it is still in the history of your chat, where you may want to delete it.',
  ask: (label: string) => `${label}?`,
  answerChoices: 'Write the name or the number; several with commas between.',
  answerChoice: 'Write the name or the number.',
  answerWith: (line: string) => `Answer with: ${line}`,
  dropped: 'What was open before is left as it was.',
};

/** All that is ever said. */
export type Texts = typeof english;

const german: Partial<Texts> = {
  done: 'Erledigt.',
  yes: 'ja',
  no: 'nein',
  none: '(nichts)',
  isSet: '(gesetzt, wird nicht gezeigt)',
  notSet: '(nicht gesetzt)',
  usual: (value) => `${value} (üblich)`,
  leaveEmpty: 'Ist gesetzt. Leer lassen, um es zu behalten.',
  forget: (label) => `Vergessen: ${label}`,
  missing: (label) => `„${label}“ muss ausgefüllt sein.`,
  wrong: (label, what) => `„${label}“: ${what}`,
  notFlag: 'Ja oder nein.',
  notNumber: 'Eine ganze Zahl.',
  notChoice: (choices) => `Eines von: ${choices}.`,
  tooLong: (most) => `Höchstens ${most} Zeichen.`,
  tooMany: (most) => `Höchstens ${most} Zeilen.`,
  oneLine: 'Eine Zeile.',
  expired:
    'Dieses Formular ist nicht mehr offen: es war beendet, hat zu lange gewartet, oder das Gateway wurde neu gestartet. Bitte den Befehl neu beginnen.',
  canceled: 'Alles bleibt, wie es war.',
  forOperators: 'Das ist den Betreibern dieses Gateways vorbehalten.',
  configureAll: 'Einstellungen für alle Server',
  configureAllHelp: 'was auf jedem Server gilt, wo nichts anderes gesetzt ist',
  configureServer: 'Einstellungen für diesen Server',
  configureServerHelp: 'Nick, Passwörter, Ports und dergleichen eines Servers',
  configureRoom: 'Einstellungen für diesen Raum',
  configureRoomHelp: 'was in einem Raum gilt',
  configureFor: (what) => `Einstellungen für ${what}`,
  configureText: 'Was fehlt, bleibt, wie es ist. Was leer ist, hat wieder seinen üblichen Wert.',
  saved: 'Gespeichert. Was die Verbindung selbst betrifft, gilt ab der nächsten Verbindung.',
  nothingChanged: 'Nichts wurde geändert.',
  disconnect: 'Verbindung zu einem Server trennen',
  disconnectHelp: 'verlässt dort alle Räume; wer wiederkommt, ist wieder verbunden',
  disconnectReason: 'Nachricht an die anderen',
  disconnected: (who, count) => `${who} wurde von ${count} ${count === 1 ? 'Server' : 'Servern'} getrennt.`,
  notConnectedAnywhere: 'Du bist mit keinem Server verbunden.',
  info: 'Wie es um die Verbindung steht',
  infoHelp: 'Server, Nick und Räume einer Verbindung',
  infoNick: 'Du bist',
  infoRooms: 'Räume',
  notConnected: (where) => `Du bist nicht mit ${where} verbunden. Betritt zuerst dort einen Raum.`,
  whois: 'Über jemanden',
  whoisHelp: 'was das Netz von jemandem sagt',
  whoisWho: 'Wer?',
  whoisRealName: 'Wirklicher Name',
  whoisAccount: 'Konto',
  whoisAddress: 'Adresse',
  unknown: (text) => `„${text}“ kenne ich nicht. Mit help kommt, was ich kenne.`,
  howTo: (prefix) =>
    `Ändern: ${prefix}NAME WERT. Wieder das Übliche: unset NAME. help NAME sagt mehr. Dann done zum Speichern, oder cancel.`,
  noted: (name, value) => `${name} = ${value}. Mit done wird gespeichert, mit cancel bleibt alles, wie es war.`,
};

const languages: Readonly<Record<string, Texts>> = { en: english, de: { ...english, ...german } };

/** For a stanza's `xml:lang` (RFC 5646); English where we don't know it. */
export function textsFor(lang: string | undefined): Texts {
  const primary = lang?.toLowerCase().split('-')[0] ?? '';
  return Object.hasOwn(languages, primary) ? (languages[primary] ?? english) : english;
}
