/** The settings' texts in German, by the English ones, as people say du. What a field says in two languages by itself keeps that. */
import type { Sentences, SettingField, SettingsForms, SettingWords } from '#bridge';

const german: Readonly<Record<string, string>> = {
  'Record history': 'Verlauf aufbewahren',
  'Whether what is said is kept, for clients that come later.':
    'Ob aufbewahrt wird, was gesagt wird, für Clients, die später dazukommen.',
  'Whether what is said in this channel is kept, for clients that come later.':
    'Ob aufbewahrt wird, was in diesem Kanal gesagt wird, für Clients, die später dazukommen.',
  'As in all channels': 'Wie in allen Kanälen',
  Yes: 'Ja',
  No: 'Nein',
  'Max history length': 'Länge des Verlaufs',
  'How many messages a client is sent at most when it joins a channel.':
    'Wie viele Nachrichten ein Client höchstens bekommt, wenn er einen Kanal betritt.',
  Persistent: 'Dauerhaft',
  'Stay in channels when the last client has left them.':
    'In Kanälen bleiben, wenn der letzte Client sie verlassen hat.',
  'Bookmark channels': 'Kanäle in die Lesezeichen',
  'Channels in which your bouncer has you come into your bookmarks, where your Jabber server lets this gateway at them.':
    'Kanäle, in denen dein Bouncer dich hat, kommen in deine Lesezeichen, wo dein Jabber-Server dieses Gateway an sie lässt.',
  Nickname: 'Nick',
  'Instead of the one that is asked for when a channel is joined.':
    'Statt dessen, um den beim Betreten eines Kanals gebeten wird.',
  'On this server.': 'Auf diesem Server.',
  'Encoding out': 'Zeichensatz beim Senden',
  'In which what you say is sent, as iso-8859-15; characters that it does not have become question marks.':
    'Worin gesendet wird, was du sagst, etwa iso-8859-15; Zeichen, die ihm fehlen, werden zu Fragezeichen.',
  'Encoding in': 'Zeichensatz beim Empfangen',
  'In which that is read which is not valid UTF-8.': 'Worin gelesen wird, was kein gültiges UTF-8 ist.',
  'SOCKS5 proxy': 'SOCKS5-Proxy',
  'The connection is made through it, and it resolves the name: socks5://HOST:PORT.':
    'Über ihn läuft die Verbindung, und er löst den Namen auf: socks5://HOST:PORT.',
  Address: 'Adresse',
  'Where the server really is, where that is not its name: HOST or HOST:PORT.':
    'Wo der Server wirklich steht, wenn das nicht sein Name ist: HOST oder HOST:PORT.',
  'TLS ports': 'TLS-Ports',
  Ports: 'Unverschlüsselte Ports',
  'In plain text; used only where this gateway allows that.':
    'Im Klartext; nur benutzt, wo dieses Gateway das erlaubt.',
  'Throttle limit': 'Zeilen auf einmal',
  'Lines that may be sent at once after a silence; then one a second. -1 is as many as this gateway allows.':
    'Zeilen, die nach einer Stille auf einmal gesendet werden dürfen; danach eine je Sekunde. -1 heißt: so viele, wie dieses Gateway erlaubt.',
  'SASL mechanism': 'SASL-Verfahren',
  'The only one to be tried; else the strongest that the server has.':
    'Das einzige, das versucht wird; sonst das stärkste, das der Server hat.',
  'The strongest': 'Das stärkste',
  'SASL username': 'SASL-Benutzername',
  'Your account with the network, where its name is not your nick.':
    'Dein Konto im Netz, wenn es nicht wie dein Nick heißt.',
  'SASL password': 'SASL-Passwort',
  'You are logged in with it while connecting.': 'Damit wirst du beim Verbinden angemeldet.',
  'NickServ password': 'NickServ-Passwort',
  'Said to NickServ where the server has no SASL.': 'Wird NickServ gesagt, wo der Server kein SASL hat.',
  'Client certificate': 'Client-Zertifikat',
  'Shown to the server; the services know you by its fingerprint (CertFP). Certificate and key as PEM.':
    'Wird dem Server gezeigt; die Dienste kennen dich an seinem Fingerabdruck (CertFP). Zertifikat und Schlüssel als PEM.',
  'Verify certificate': 'Zertifikat prüfen',
  'Where it is off any certificate does, and somebody on the way could read along.':
    'Aus: jedes Zertifikat genügt, und jemand auf dem Weg könnte mitlesen.',
  'Fingerprint of the trusted certificate': 'Fingerabdruck des Zertifikats, dem vertraut wird',
  'Only the certificate with this fingerprint is taken, whoever signed it: SHA-1, SHA-256 or SHA-512 in hexadecimal.':
    'Nur das Zertifikat mit diesem Fingerabdruck gilt, wer auch immer es unterschrieben hat: SHA-1, SHA-256 oder SHA-512, hexadezimal.',
  Username: 'Benutzername',
  'What stands before the @ of your address on IRC.': 'Was in deiner Adresse im IRC vor dem @ steht.',
  Realname: 'Wirklicher Name',
  'Server password': 'Server-Passwort',
  'Sent when connecting (PASS).': 'Wird beim Verbinden gesendet (PASS).',
  'After-connection IRC commands': 'IRC-Befehle nach dem Verbinden',
  'Sent as they stand once connected, a line each.':
    'Werden gesendet, wie sie dastehen, sobald die Verbindung steht, einer je Zeile.',
};

function wordsOf({ label, help, choices }: SettingField): SettingWords | undefined {
  const said = german[label];
  if (said === undefined) return undefined;
  const more = help === undefined ? undefined : german[help];
  const listed = choices?.flatMap((one) => {
    const word = german[one.label];
    return word === undefined ? [] : [[one.value, word] as const];
  });
  return {
    label: said,
    ...(more !== undefined && { help: more }),
    ...(listed !== undefined && { choices: Object.fromEntries(listed) }),
  };
}

function inGerman(field: SettingField): SettingField {
  const de = field.words?.de ?? wordsOf(field);
  return de === undefined ? field : { ...field, words: { ...field.words, de } };
}

/** The same forms, for people who read German too. */
export const alsoInGerman = ({ all, server, room }: SettingsForms): SettingsForms => ({
  all: all.map(inGerman),
  server: server.map(inGerman),
  room: room.map(inGerman),
});

/** What can be wrong with a value. */
export const germanObjections: Sentences = {
  'At most {} characters.': 'Höchstens {} Zeichen.',
  'At most {} lines.': 'Höchstens {} Zeilen.',
  'No line breaks.': 'Keine Zeilenumbrüche.',
  'A whole number from {} to {}.': 'Eine ganze Zahl von {} bis {}.',
  'No spaces, and none of , ! @ * ? in it or # & + : $ in front.':
    'Keine Leerzeichen, keines von , ! @ * ? darin und keines von # & + : $ am Anfang.',
  'No spaces, and none of @ ! :': 'Keine Leerzeichen und keines von @ ! :',
  'No spaces, and no colon in front.': 'Keine Leerzeichen und kein Doppelpunkt am Anfang.',
  'This encoding is not known.': 'Diese Zeichenkodierung ist nicht bekannt.',
  'Written as socks5://HOST:PORT.': 'Geschrieben als socks5://HOST:PORT.',
  'HOST, HOST:PORT or [IPV6]:PORT.': 'HOST, HOST:PORT oder [IPV6]:PORT.',
  'A port a line, from 1 to 65535.': 'In jeder Zeile ein Port, von 1 bis 65535.',
  'One of those that are listed.': 'Eines von denen, die zur Wahl stehen.',
  '40, 64 or 128 hexadecimal digits.': '40, 64 oder 128 hexadezimale Ziffern.',
  'IRC commands of at most {} bytes.': 'IRC-Befehle von höchstens {} Bytes.',
  'This is too long for a certificate and its key.': 'Das ist zu lang für ein Zertifikat und seinen Schlüssel.',
  'The key does not belong to the certificate.': 'Der Schlüssel gehört nicht zum Zertifikat.',
  'A certificate and its key are needed, one behind the other, both as PEM and the key without a password.':
    'Nötig sind ein Zertifikat und sein Schlüssel, hintereinander, beide als PEM und der Schlüssel ohne Passwort.',
};
