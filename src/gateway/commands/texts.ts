/** What commands say, in the languages that we know. A new text is written in all of them: `Texts` has no optional ones. */
import { german } from './german.ts';

import { loginEnglish } from './login-texts.ts';

const english = {
  /** Its code (RFC 5646). */
  language: 'en',
  ...loginEnglish,
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
  onlineNum: 'How many users are online',
  onlineNumHelp: 'how many people are connected to any server',
  onlineList: 'Who is online',
  onlineListHelp: 'who is connected to any server',
  onlineMore: (count: number) => `${count} more.`,
  endSession: 'End sessions',
  endSessionHelp: 'ends all connections of the people whom you name; they may come again',
  endSessionWhose: 'Whose? (JIDs)',
  announce: 'Announce',
  announceHelp: 'says something to everybody who is in a room',
  announceWhat: 'What shall be said?',
  announced: (count: number) => (count === 1 ? 'Said to 1 user.' : `Said to ${count} users.`),
  ban: 'Ban users',
  banHelp: 'keeps people or whole domains from using the gateway',
  banText:
    'Their connections end, and they are answered as those who are not allowed. Operators can use the gateway all the same.',
  banWhom: 'Whom? (JIDs or domains)',
  banNoJid: (text: string) => `${text} is neither a JID without a resource nor a domain.`,
  banSelf: 'That would be yourself.',
  banned: (who: string) => `Banned: ${who}.`,
  banNobody: 'Nobody is banned.',
  unban: 'Lift bans',
  unbanHelp: 'shows who is banned, and lets some of them in again',
  unbanWhom: 'Who may come again?',
  unbanned: (who: string) => `Not banned any more: ${who}.`,
  reload: 'Read the configuration again',
  reloadHelp: 'who may use the gateway and who its operators are, without a restart',
  reloaded: (what: string) => `Read again: ${what}.`,
  reloadedNothing: 'Nothing that can be changed without a restart has changed.',
  needsRestart: (what: string) => `Needs a restart: ${what}.`,
  exportData: 'Export my data',
  exportHelp: 'everything that the gateway keeps about you, machine-readable',
  exportFormat:
    'Each line is one thing that the gateway keeps about you, in JSON. What is secret is only said to be set.',
  exportLinks: (days: number) =>
    `Whoever has a link can read it. They lead nowhere any more after ${days} ${days === 1 ? 'day' : 'days'}, or when you run this again.`,
  exportPart: (part: string, count: number) => `Part ${part} of ${count}`,
  exportParts: (count: number) =>
    `It is too much for one answer: there are ${count} parts. Messages that come meanwhile may stand in two of them.`,
  exportWhich: 'Which part?',
  exportNext: (part: number) => `To go on, run this again and choose part ${part}.`,
  exportCut: 'There is more, which can only be had by a link: ask the operator to set storage.uploads.',
  whose: 'Whose? (JID)',
  undelivered: 'What could not be delivered',
  undeliveredHelp: 'what waits, and what could not be delivered: to be tried again or dropped',
  undeliveredOf: 'What could not be delivered for a user',
  undeliveredOfHelp: 'the same for a user, without what the messages say',
  undeliveredSeen: (sender: string, bytes: number) => `from ${sender}, ${bytes} octets`,
  undeliveredNone: (waiting: number) =>
    waiting === 0
      ? 'Nothing waits, and everything was delivered.'
      : `${waiting} on the way; everything else was delivered.`,
  undeliveredText: (waiting: number, failed: number) => `${waiting} on the way, ${failed} could not be delivered.`,
  undeliveredLine: (where: string, when: string, why: string, what: string) => `${where}, ${when}, ${why}: ${what}`,
  undeliveredWhich: 'Which?',
  undeliveredWhat: 'What shall be done?',
  undeliveredRequeue: 'Try again',
  undeliveredDrop: 'Drop',
  undeliveredRequeued: (count: number) => `${count} will be tried again.`,
  undeliveredDropped: (count: number) => `${count} dropped.`,
  block: 'Block',
  blockHelp: 'somebody of the network reaches you no more: neither their messages nor their presence are told',
  blockWhom: 'Whom? (an address, or what they are called)',
  blockNobody: (text: string) => `${text} is nobody’s address here.`,
  blockSelf: 'That would be yourself.',
  blockDone: (who: string) => `${who} is blocked.`,
  unblock: 'Unblock',
  unblockHelp: 'lets somebody reach you again',
  unblockWhom: 'Who may reach you again?',
  unblockDone: (who: string) => `Not blocked any more: ${who}.`,
  blocked: 'Who is blocked',
  blockedHelp: 'whom you have blocked',
  blockedAddress: 'Address',
  blockedNobody: 'You have blocked nobody.',
  deleteData: 'Delete my data',
  deleteHelp: 'ends your connections and deletes everything that the gateway keeps about you',
  deleteText: (where: string) =>
    `You leave all rooms of ${where}, your connections end, and everything that the gateway keeps about you there is deleted: settings, passwords, contacts, the archive. Nobody can bring it back.`,
  deleteConfirm: 'Delete all of it?',
  deleteReason: 'Gone for good',
  deleted: 'You left, and everything was deleted. Coming into a room again begins anew.',
  certificate: 'Client certificate',
  certificateHelp: 'makes, shows, replaces or removes the certificate by which a server knows you',
  certificateFor: (what: string) => `Client certificate for ${what}`,
  certificateText:
    'The services of a network can know you by a certificate instead of a password. It is made and kept here; what you tell them is its fingerprint.',
  certificateWhat: 'What shall be done',
  certificateShow: 'Show its fingerprints',
  certificateMake: 'Make one',
  certificateReplace: 'Replace it by a new one',
  certificateRemove: 'Remove it',
  certificateMade: 'It was made; it is shown to the server from the next connection on.',
  certificateTell:
    'Tell the services its fingerprint once, while you are logged in; on most networks: /msg NickServ CERT ADD FINGERPRINT',
  certificateRemoved: 'It was removed. Take its fingerprint out of your account with the services too.',
  register: 'Register an account',
  registerHelp: 'an account with the services of a server, so that your nick is yours',
  registerAt: (where: string) => `Register an account on ${where}`,
  registerText: 'For the nick that you have there now.',
  registerPassword: 'A password',
  registerEmail: 'E-mail address',
  registerEmailHelp: 'Some networks want one, and send a code to it.',
  registerKeep: 'Log in with it from now on',
  registerCode: 'The code that was sent to you',
  registered: (account: string) => `The account ${account} is registered.`,
  registerKept: 'You are logged in with it from the next connection on.',
  cannotRegister:
    'Accounts can not be registered here by command; ask the services, as in: /msg NickServ HELP REGISTER',
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

/** By primary subtag. */
export const languages: Readonly<Record<string, Texts>> = { en: english, de: german };

/** For a stanza's `xml:lang` (RFC 5646); English where we don't know it. */
export function textsFor(lang: string | undefined): Texts {
  const primary = lang?.toLowerCase().split('-')[0] ?? '';
  return Object.hasOwn(languages, primary) ? (languages[primary] ?? english) : english;
}
