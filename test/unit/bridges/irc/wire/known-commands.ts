/** Every command that a server may send, for the tests of bad input: the words, and all numerics there could be. */
const words =
  'ACCOUNT ACK AUTHENTICATE AWAY BATCH CAP CHGHOST ERROR FAIL INVITE JOIN KICK KILL MARKREAD METADATA MODE MONITOR NICK NOTE NOTICE PART PING PONG ' +
  'PRIVMSG QUIT REDACT REGISTER RENAME SETNAME TAGMSG TOPIC VERIFY WALLOPS WARN WEBIRC WHO';

export const knownCommands: readonly string[] = [
  ...words.split(' '),
  ...Array.from({ length: 1000 }, (_, numeric) => String(numeric).padStart(3, '0')),
];

/** Parameters that mean something to some command. */
export const likelyParams = [
  'me',
  '#a',
  '*',
  '@',
  '+',
  '',
  'LS',
  'ACK',
  'NEW',
  'DEL',
  'END',
  ':',
  ':sasl',
  '+ov',
  '-k',
  '#a,#b',
  '+ref',
  '-ref',
  'PREFIX',
  'PREFIX=',
  'STATUSMSG',
  'CHANMODES',
  'CHANTYPES',
  '0',
  '1700000000',
  'nick!user@host',
  '!',
  '@host',
  '\x01ACTION',
  '\x01',
  '\x01VERSION\x01',
  '\x0304',
  'LIST',
  '=',
  'é',
  '\x02',
  'a=b',
  '~&@%+nick',
];
