/** What the bridge says in errors and answers, in German, by the English: as people say du. What servers say themselves stays as it is. */
import type { Sentences } from '#bridge';
import { germanFacts } from './facts-german.ts';
import { germanReasons } from './reasons-german.ts';
import { germanObjections } from './settings-german.ts';

export const germanSentences: Sentences = {
  ...germanFacts,
  ...germanObjections,
  ...germanReasons,
  'This network wants an e-mail address.': 'Dieses Netz verlangt eine E-Mail-Adresse.',
  'That is no e-mail address.': 'Das ist keine E-Mail-Adresse.',
  'A password has from 1 to {} bytes.': 'Ein Passwort hat 1 bis {} Bytes.',
  'The last question about an account is not answered yet.':
    'Die letzte Frage nach einem Konto ist noch nicht beantwortet.',
  'An address on IRC names its server: #channel%irc.example.org.':
    'Eine Adresse im IRC nennt ihren Server: #channel%irc.example.org.',
  '{} is not among the IRC servers of this gateway.': '{} ist keiner der IRC-Server dieses Gateways.',
  'The proxy of this gateway is not socks5://HOST:PORT.': 'Der Proxy dieses Gateways ist nicht socks5://HOST:PORT.',
  'Too many questions to people on IRC; try again in a moment.':
    'Zu viele Fragen an Leute im IRC; versuch es gleich noch einmal.',
  'Too many people are being asked about; try again in a moment.':
    'Es wird gerade nach zu vielen Leuten gefragt; versuch es gleich noch einmal.',
  "{}'s client did not answer {}; many do not.": 'Der Client von {} hat auf {} nicht geantwortet; viele tun es nicht.',
  'The IRC server did not set {} on {}.': 'Der IRC-Server hat {} in {} nicht gesetzt.',
  'The IRC server has given this message no name': 'Der IRC-Server hat dieser Nachricht keinen Namen gegeben',
  'The IRC server cannot be told this message by a name':
    'Dem IRC-Server lässt sich diese Nachricht nicht beim Namen nennen',
  'Nobody on IRC can have that name.': 'Niemand im IRC kann so heißen.',
  'No ban of {} is known in {}. A ban is a mask: it is lifted by the mask that the list of bans shows.':
    'Von einem Bann für {} ist in {} nichts bekannt. Gebannt wird eine Maske: aufgehoben wird die, die in der Liste der Gebannten steht.',
  'You are not in {}.': 'Du bist nicht in {}.',
  'You are not back in {} yet.': 'Du bist noch nicht wieder in {}.',
  'You are not back in {} yet; it is tried again. The IRC server did not answer: joining {}.':
    'Du bist noch nicht wieder in {}; es wird weiter versucht. Der IRC-Server hat auf das Betreten von {} nicht geantwortet.',
  'You are not back in {} yet; it is tried again. {}': 'Du bist noch nicht wieder in {}; es wird weiter versucht. {}',
  '{} You can ask to be let in: by the command "knock" of the room, or by writing /knock and the channel’s name to the server’s address.':
    '{} Du kannst darum bitten, hereingelassen zu werden: mit dem Befehl „knock“ des Raums, oder indem du /knock und den Namen des Kanals an die Adresse des Servers schreibst.',
  'The server has put you into it': 'Der Server hat dich hineingesetzt',
  '{} sends you on to it': '{} schickt dich dorthin weiter',
  'This channel is now called {}.': 'Dieser Kanal heißt jetzt {}.',
  'The page of {}: {}': 'Die Seite von {}: {}',
  'Mode {} [{}] by {}': 'Modus {} [{}] von {}',
  '{} invites {}.': '{} lädt {} ein.',
  '{} knocks: {} To let them in: /invite {}': '{} klopft an: {} Zum Hereinlassen: /invite {}',
  '{} wants an encrypted connection.': '{} will eine verschlüsselte Verbindung.',
  '{} took our connection but did not let us in in time.':
    '{} nahm unsere Verbindung an, ließ uns aber nicht rechtzeitig herein.',
  '{} sends its users on to {}, port {}. There its rooms are #room%{}, where this gateway lets its users choose servers; else its operator can give {} that address.':
    '{} schickt seine Leute weiter zu {}, Port {}. Dort heißen die Räume #raum%{}, wenn man sich hier Server aussuchen darf; sonst kann der Betreiber dieses Gateways {} diese Adresse geben.',
  '{} closed the connection: {}': '{} hat die Verbindung geschlossen: {}',
  '{} closed the connection.': '{} hat die Verbindung geschlossen.',
  '{} refused the connection: nothing listens there.': '{} hat die Verbindung abgelehnt: dort hört niemand zu.',
  'There is no server at {}: the name is unknown.': 'Unter {} gibt es keinen Server: der Name ist unbekannt.',
  '{} cannot be reached from here.': '{} ist von hier aus nicht zu erreichen.',
  '{} did not answer in time.': '{} hat nicht rechtzeitig geantwortet.',
  'The connection to {} broke.': 'Die Verbindung zu {} ist abgerissen.',
  'The certificate of {} is not trusted, so nothing was sent to it.':
    'Dem Zertifikat von {} ist nicht zu trauen, deshalb wurde nichts dorthin gesendet.',
  'The certificate of {} has expired, so nothing was sent to it.':
    'Das Zertifikat von {} ist abgelaufen, deshalb wurde nichts dorthin gesendet.',
  'The certificate of {} is not valid yet, so nothing was sent to it.':
    'Das Zertifikat von {} gilt noch nicht, deshalb wurde nichts dorthin gesendet.',
  'The certificate of {} is for another name, so nothing was sent to it.':
    'Das Zertifikat von {} ist für einen anderen Namen, deshalb wurde nichts dorthin gesendet.',
  'The certificate of {} is not the one with the fingerprint that is set.':
    'Das Zertifikat von {} ist nicht das mit dem Fingerabdruck, der gesetzt ist.',
  '{} does not speak TLS, or none that is safe.': '{} spricht kein TLS, oder keines, das sicher ist.',
  'The proxy on the way to {} cannot be reached.': 'Der Proxy auf dem Weg zu {} ist nicht zu erreichen.',
  'The proxy on the way to {} wants a login that it was not given.':
    'Der Proxy auf dem Weg zu {} will eine Anmeldung, die er nicht bekam.',
  'The proxy on the way to {} did not let us through.': 'Der Proxy auf dem Weg zu {} hat uns nicht durchgelassen.',
  '{} sent a line that is longer than IRC allows.': '{} hat eine Zeile gesendet, die länger ist, als IRC erlaubt.',
  'Too much is waiting to be sent to this IRC server.':
    'Zu viel wartet darauf, an diesen IRC-Server gesendet zu werden.',
  'The connection to {} is down.': 'Die Verbindung zu {} steht nicht.',
  'The connection to {} is not encrypted.': 'Die Verbindung zu {} ist nicht verschlüsselt.',
  'You are connected to {} again.': 'Du bist wieder mit {} verbunden.',
  '{} has ended your connection: {}': '{} hat deine Verbindung beendet: {}',
  'You are number {} in the queue for {}; less than a minute.':
    'Du bist Nummer {} in der Warteschlange für {}; weniger als eine Minute.',
  'You are number {} in the queue for {}; about a minute.':
    'Du bist Nummer {} in der Warteschlange für {}; etwa eine Minute.',
  'You are number {} in the queue for {}; about {} minutes.':
    'Du bist Nummer {} in der Warteschlange für {}; etwa {} Minuten.',
  'This gateway has as many connections to {} as it may have; you are number {} of those who wait for one to end.':
    'Dieses Gateway hat so viele Verbindungen zu {}, wie es haben darf; du bist Nummer {} unter denen, die warten, bis eine endet.',
  '{} has no port to be tried on.': '{} hat keinen Port, auf dem es versucht werden könnte.',
  '{} is no channel of {}.': '{} ist kein Kanal von {}.',
  'Nobody is in {} who could give a voice.': 'In {} ist niemand, der das Recht zu sprechen geben könnte.',
  '{} is being joined already.': '{} wird gerade schon betreten.',
  'You are in that channel already; here it is called {}.': 'Du bist schon in diesem Kanal; hier heißt er {}.',
  'It is written /knock CHANNEL [TEXT].': 'Man schreibt /knock KANAL [TEXT].',
  'It is written /ctcp NICK VERSION (or PING, TIME…).': 'Man schreibt /ctcp NICK VERSION (oder PING, TIME…).',
  'It is written /{} {}.': 'Man schreibt /{} {}.',
  'Another list is being made; try again in a moment.':
    'Es wird gerade eine andere Liste gemacht; versuch es gleich noch einmal.',
  '{} is not on the list, or not any more.': '{} steht nicht auf der Liste, oder nicht mehr.',
  'Everybody may speak in {}, with a voice or without. In a moderated room only those with a voice may.':
    'In {} dürfen alle reden, mit Rederecht oder ohne. In einem moderierten Raum dürfen es nur die mit Rederecht.',
  '{} has no such rank.': '{} kennt keinen solchen Rang.',
  'A mask has no spaces and is at most 200 characters long.':
    'Eine Maske hat keine Leerzeichen und ist höchstens 200 Zeichen lang.',
  '{} does not ban accounts.': '{} bannt keine Konten.',
  'An account on IRC needs a server.': 'Ein Konto im IRC braucht einen Server.',
  'The file of trusted authorities cannot be read.':
    'Die Datei mit den vertrauenswürdigen Zertifizierungsstellen lässt sich nicht lesen.',
  'A channel on IRC has no other name than its address.':
    'Ein Kanal im IRC hat keinen anderen Namen als seine Adresse.',
  'The number of members is between 0, for no limit, and 1000000000.':
    'Die Zahl der Mitglieder liegt zwischen 0, für keine Grenze, und 1000000000.',
  'A key on IRC has no spaces, no commas, and here at most {} bytes.':
    'Ein Schlüssel im IRC hat keine Leerzeichen, keine Kommas und hier höchstens {} Bytes.',
  'A key on IRC has no spaces and no commas.': 'Ein Schlüssel im IRC hat keine Leerzeichen und keine Kommas.',
  '{} has no channel mode {}.': '{} kennt keinen Kanalmodus {}.',
  '{} offers no login (SASL) now. If it has a NickServ, its password belongs into the settings for this server (nickserv_password).':
    '{} bietet gerade keine Anmeldung an (SASL). Gibt es dort ein NickServ, gehört dessen Passwort in die Einstellungen für diesen Server (nickserv_password).',
  'The login on {} was broken off: {}.': 'Die Anmeldung bei {} wurde abgebrochen: {}.',
  'There is no way to log in on {} with what is set{}; it takes {}. What is set is in the settings for this server (sasl_password, client_certificate, sasl_mechanism).':
    'Bei {} kann man sich mit dem, was gesetzt ist{}, nicht anmelden; möglich ist dort {}. Gesetzt wird es in den Einstellungen für diesen Server (sasl_password, client_certificate, sasl_mechanism).',
  'There is no way to log in on {} with what is set{}; it does not say what it takes. What is set is in the settings for this server (sasl_password, client_certificate, sasl_mechanism).':
    'Bei {} kann man sich mit dem, was gesetzt ist{}, nicht anmelden; was möglich ist, sagt der Server nicht. Gesetzt wird es in den Einstellungen für diesen Server (sasl_password, client_certificate, sasl_mechanism).',
  'The IRC server did not pass this message on to {}.': 'Der IRC-Server hat diese Nachricht nicht an {} weitergegeben.',
  'The IRC server answered {}.': 'Der IRC-Server hat mit {} geantwortet.',
  'The IRC server did not answer: LIST.': 'Der IRC-Server hat nicht mit der Liste geantwortet.',
  'The IRC server did not answer: registering an account.': 'Der IRC-Server hat auf das neue Konto nicht geantwortet.',
  'The IRC server did not answer: changing the nick to {}.':
    'Der IRC-Server hat auf den neuen Nick {} nicht geantwortet.',
  'The IRC server did not answer: joining {}.': 'Der IRC-Server hat auf das Betreten von {} nicht geantwortet.',
  'The IRC server did not answer: the past of {}.': 'Der IRC-Server hat nicht gesagt, was in {} war.',
  'The IRC server did not answer: who {} is.': 'Der IRC-Server hat nicht gesagt, wer {} ist.',
  'The IRC server did not answer: {}.': 'Der IRC-Server hat nicht geantwortet: {}.',
  'The nick {} is in use on {}.': 'Der Nick {} wird auf {} schon benutzt.',
  '{} cannot be a nick on IRC: no spaces, and none of , ! @ * ? in it or # & + : $ in front.':
    '{} kann im IRC kein Nick sein: keine Leerzeichen, nichts von , ! @ * ? darin und nichts von # & + : $ davor.',
  '{} is not taken as a nick ({}). Most servers take only A to Z, digits, _ and - in one, and a letter in front.':
    '{} wird als Nick nicht angenommen ({}). Die meisten Server nehmen nur A bis Z, Ziffern, _ und - darin und einen Buchstaben davor.',
  '{} is not taken as a nick ({}). It may be too long.':
    '{} wird als Nick nicht angenommen ({}). Vielleicht ist er zu lang.',
  '{} is no nick.': '{} ist kein Nick.',
  '{} is neither a nick nor a channel.': '{} ist weder ein Nick noch ein Kanal.',
  '{} is not on IRC now.': '{} ist gerade nicht im IRC.',
  'On IRC this would be {} lines, and at most {} are sent at once. Please share it as a file or a link.':
    'Im IRC wären das {} Zeilen, und höchstens {} werden auf einmal gesendet. Teile es bitte als Datei oder Link.',
  'IRC messages are at most {} bytes long here.': 'Nachrichten ins IRC sind hier höchstens {} Bytes lang.',
  'There is nothing in this message to send.': 'In dieser Nachricht ist nichts, was sich senden ließe.',
  'There is nothing to say.': 'Da ist nichts zu sagen.',
  'This cannot be sent to IRC: {}.': 'Das lässt sich nicht ins IRC senden: {}.',
  'This is too long for one line of IRC.': 'Das ist zu lang für eine Zeile im IRC.',
  'A line for an IRC server has at most {} bytes.': 'Eine Zeile für einen IRC-Server hat höchstens {} Bytes.',
  'A line for the server begins with a command: WHOIS, MODE, LUSERS…':
    'Eine Zeile für den Server beginnt mit einem Befehl: WHOIS, MODE, LUSERS…',
  "{} is the gateway's own business with the server.": '{} ist Sache des Gateways selbst mit dem Server.',
  'This command belongs into a channel.': 'Dieser Befehl gehört in einen Kanal.',
  '{} has been invited to {}.': '{} ist nach {} eingeladen.',
  'You are in {} already.': 'Du bist schon in {}.',
  'You have an invitation to {}: accept it to enter.': 'Du hast eine Einladung nach {}: nimm sie an, um einzutreten.',
  'There is no command /{}. /help shows all.': 'Einen Befehl /{} gibt es nicht. /help zeigt alle.',
  'A line that begins with two slashes is said with one.':
    'Eine Zeile, die mit zwei Schrägstrichen beginnt, wird mit einem gesagt.',
  '/me TEXT says what you do.': '/me TEXT sagt, was du tust.',
  'No channel was found.': 'Kein Kanal wurde gefunden.',
  '… and more. /list WORD finds those with that word in their name.':
    '… und weitere. /list WORT findet die mit diesem Wort im Namen.',
  'Sent to {}.': 'An {} gesendet.',
  'You have knocked at {}.': 'Du hast bei {} angeklopft.',
  'So it stays until you write /away, whatever your client shows.':
    'So bleibt es, bis du /away schreibst, was auch immer dein Client zeigt.',
  'Your client shows you as away; the next change of that counts again.':
    'Dein Client zeigt dich als abwesend; die nächste Änderung daran zählt wieder.',
  'You have left {}.': 'Du hast {} verlassen.',
  'The whole name of {} is {}.': 'Der ganze Name von {} ist {}.',
  'Invitations are not possible here.': 'Einladungen sind hier nicht möglich.',
  'Channels cannot be listed here.': 'Kanäle lassen sich hier nicht auflisten.',
  'A command is one line, and nothing behind it. Nothing was sent.':
    'Ein Befehl ist eine Zeile, und dahinter kommt nichts. Nichts wurde gesendet.',
};
