/** What the bridge says in errors and notices, in German, by the English: as people say du. What Discord says itself stays as it is. */
import type { Sentences } from '#bridge';
import type { Privileged } from './intents.ts';
import { complaints } from './shortcomings.ts';
import { germanSystem } from './system-german.ts';
import { languages } from './texts.ts';

/** Of the API, by refusal-codes.ts. */
const refusals: Sentences = {
  'There is no such channel, or the bot does not see it.':
    'Einen solchen Kanal gibt es nicht, oder der Bot sieht ihn nicht.',
  'There is no such guild, or the bot is not in it.': 'Eine solche Guild gibt es nicht, oder der Bot ist nicht darin.',
  'This person is not in the guild any more.': 'Diese Person ist nicht mehr in der Guild.',
  'Discord has no such message any more.': 'Discord hat diese Nachricht nicht mehr.',
  'There is no such role in the guild any more.': 'Diese Rolle gibt es in der Guild nicht mehr.',
  'There is nobody of that id on Discord.': 'Unter dieser Nummer gibt es auf Discord niemanden.',
  'Discord does not know this emoji.': 'Discord kennt dieses Emoji nicht.',
  'There is no such webhook any more.': 'Diesen Webhook gibt es nicht mehr.',
  'This person is not banned in the guild.': 'Diese Person ist in der Guild nicht gebannt.',
  'There is no such sticker any more.': 'Diesen Sticker gibt es nicht mehr.',
  'Discord finds this too explicit for whom it is for.': 'Discord findet das zu anstößig für die, an die es geht.',
  'Slow mode is on in this channel.': 'In diesem Kanal ist der Langsam-Modus an.',
  'Only the owner of the guild may do that.': 'Das darf nur, wem die Guild gehört.',
  'Announcements are corrected too often; Discord wants us to wait.':
    'Ankündigungen werden zu oft berichtigt; Discord lässt uns warten.',
  'Too much is said in this channel at once; Discord wants us to wait.':
    'In diesem Kanal wird zu viel auf einmal gesagt; Discord lässt uns warten.',
  'Too much is said in this guild at once; Discord wants us to wait.':
    'In dieser Guild wird zu viel auf einmal gesagt; Discord lässt uns warten.',
  'There are words in it that Discord does not allow there.': 'Es enthält Wörter, die Discord dort nicht zulässt.',
  'This channel has as many pinned messages as it can hold.':
    'Dieser Kanal hat so viele angeheftete Nachrichten, wie er fasst.',
  'This channel has as many webhooks as it can hold.': 'Dieser Kanal hat so viele Webhooks, wie er fasst.',
  'This guild has as many webhooks as it can hold.': 'Diese Guild hat so viele Webhooks, wie sie fasst.',
  'This message has as many different reactions as it can hold.':
    'Diese Nachricht hat so viele verschiedene Reaktionen, wie sie fasst.',
  'This guild has as many channels as it can hold.': 'Diese Guild hat so viele Kanäle, wie sie fasst.',
  'This message has as many files as it can hold.': 'Diese Nachricht hat so viele Dateien, wie sie fasst.',
  'This thread has as many members as it can hold.': 'Dieser Thread hat so viele Mitglieder, wie er fasst.',
  'This guild has banned as many people who are not in it as it can.':
    'Diese Guild hat so viele Leute gebannt, die nicht in ihr sind, wie sie kann.',
  'Messages that are older than an hour are corrected too often; Discord wants us to wait.':
    'Nachrichten, die älter als eine Stunde sind, werden zu oft berichtigt; Discord lässt uns warten.',
  'The bot begins conversations too fast; Discord wants us to wait.':
    'Der Bot beginnt Gespräche zu schnell; Discord lässt uns warten.',
  'Discord takes no messages for now.': 'Discord nimmt zurzeit keine Nachrichten an.',
  'Discord does not take a file of that size.': 'Eine Datei dieser Größe nimmt Discord nicht an.',
  'Discord has switched this off for now.': 'Discord hat das zurzeit abgeschaltet.',
  'This person is banned from the guild.': 'Diese Person ist aus der Guild gebannt.',
  'A post in this forum needs a tag.': 'Ein Beitrag in diesem Forum braucht ein Schlagwort.',
  'Discord keeps the gateway out for now.': 'Discord lässt das Gateway zurzeit nicht herein.',
  'The bot does not see this channel.': 'Der Bot sieht diesen Kanal nicht.',
  'That cannot be done in a conversation of two.': 'In einem Gespräch zu zweit geht das nicht.',
  'Discord lets nobody edit the messages of others.': 'Discord lässt niemanden die Nachrichten anderer bearbeiten.',
  'Discord takes no empty message.': 'Eine leere Nachricht nimmt Discord nicht an.',
  'This person takes no messages from the bot.': 'Diese Person nimmt keine Nachrichten des Bots an.',
  'This kind of channel holds no messages.': 'Ein Kanal dieser Art hat keine Nachrichten.',
  'This guild lets only those speak who have verified more of themselves.':
    'In dieser Guild darf nur sprechen, wer sich weiter ausgewiesen hat.',
  'The bot lacks the permission for that here.': 'Dazu hat der Bot hier nicht die Berechtigung.',
  'That cannot be done to a message of the system.': 'Mit einer Nachricht des Systems geht das nicht.',
  'That cannot be done in a channel of this kind.': 'In einem Kanal dieser Art geht das nicht.',
  'Nobody on Discord can be written to at that address.': 'Unter dieser Adresse ist auf Discord niemand zu erreichen.',
  'Discord does not take this file.': 'Diese Datei nimmt Discord nicht an.',
  'Discord does not take a message of that kind here.': 'Eine Nachricht dieser Art nimmt Discord hier nicht an.',
  'Discord does not take this sticker here.': 'Diesen Sticker nimmt Discord hier nicht an.',
  'This thread is archived.': 'Dieser Thread ist archiviert.',
  'This guild cannot be used where the gateway is.': 'Wo das Gateway steht, ist diese Guild nicht zu benutzen.',
  'This person shares no guild with the bot.': 'Diese Person ist mit dem Bot in keiner Guild zusammen.',
  'This guild wants two-factor authentication from the owner of the bot for that.':
    'Diese Guild verlangt dafür von dem, dem der Bot gehört, die Anmeldung in zwei Schritten.',
  'The bot lacks the permission to react here.': 'Der Bot hat nicht die Berechtigung, hier zu reagieren.',
  'The bot may not read the past here, which answering needs.':
    'Der Bot darf hier das Vergangene nicht lesen; zum Antworten muss er das.',
  'This message has a thread already.': 'Diese Nachricht hat schon einen Thread.',
  'This thread is locked.': 'Dieser Thread ist gesperrt.',
  'This guild has as many open threads as it can hold.': 'Diese Guild hat so viele offene Threads, wie sie fasst.',
  'This guild has as many open threads of announcements as it can hold.':
    'Diese Guild hat so viele offene Threads zu Ankündigungen, wie sie fasst.',
  'A rule of this guild (AutoMod) refused the message.':
    'Eine Regel dieser Guild (AutoMod) hat die Nachricht abgelehnt.',
  'A rule of this guild (AutoMod) refused the title.': 'Eine Regel dieser Guild (AutoMod) hat den Titel abgelehnt.',
  'Discord finds a link in it harmful.': 'Discord hält einen Link darin für schädlich.',
  'Discord wants something in “{}”.': 'In „{}“ will Discord etwas haben.',
  '“{}” is too long or too short for Discord.': '„{}“ ist Discord zu lang oder zu kurz.',
  'Discord does not take what is in “{}”: {}': 'Was in „{}“ steht, nimmt Discord nicht an: {}',
  'Discord refused it.': 'Discord hat es abgelehnt.',
  'Discord refused it: {}': 'Discord hat es abgelehnt: {}',
};

const own: Sentences = {
  'Between 0 and {}.': 'Zwischen 0 und {}.',
  Application: 'Anwendung',
  'On Discord since': 'Auf Discord seit',
  'Not connected to Discord.': 'Nicht mit Discord verbunden.',
  'A token of a bot is needed.': 'Es braucht das Token eines Bots.',
  'This is not the token of a bot.': 'Das ist nicht das Token eines Bots.',
  'Discord does not take this as the token of a bot. Tokens of people are not used here: Discord forbids programs that act as a person, and closes such accounts.':
    'Discord nimmt das nicht als Token eines Bots. Tokens von Menschen werden hier nicht benutzt: Discord verbietet Programme, die für einen Menschen handeln, und schließt solche Konten.',
  'Discord does not take the token.': 'Discord nimmt das Token nicht an.',
  'Discord does not take the token any more.': 'Discord nimmt das Token nicht mehr an.',
  'Discord wants another number of shards.': 'Discord will eine andere Zahl von Shards.',
  'Discord wants more shards: the bot is in too many guilds.':
    'Discord will mehr Shards: der Bot ist in zu vielen Guilds.',
  'Discord does not speak this version of its protocol any more.':
    'Discord spricht diese Fassung seines Protokolls nicht mehr.',
  'Discord does not know what was asked of its gateway.': 'Discord kennt nicht, was sein Gateway gefragt wurde.',
  'An intent was switched off in the developer portal; without it a new connection is made.':
    'Im Entwicklerportal wurde ein Intent ausgeschaltet; ohne ihn wird eine neue Verbindung gemacht.',
  'Discord closed the connection ({}).': 'Discord hat die Verbindung geschlossen ({}).',
  'Discord did not let us in in time.': 'Discord hat uns nicht rechtzeitig hereingelassen.',
  'The bot has begun as many connections today as Discord allows.':
    'Der Bot hat heute so viele Verbindungen begonnen, wie Discord zulässt.',
  'Discord did not answer in time.': 'Discord hat nicht rechtzeitig geantwortet.',
  'Discord wants us to wait.': 'Discord lässt uns warten.',
  'Discord cannot be reached.': 'Discord ist nicht zu erreichen.',
  'Discord’s pictures cannot be reached.': 'Die Bilder von Discord sind nicht zu erreichen.',
  'Discord is out of order ({}).': 'Discord ist gestört ({}).',
  'Discord is out of order in this guild.': 'Discord ist in dieser Guild gestört.',
  'The webhook that said this was deleted; nobody can change it any more.':
    'Der Webhook, der das gesagt hat, ist gelöscht; niemand kann es mehr ändern.',
  'A correction can be no longer than the messages that it corrects.':
    'Eine Berichtigung kann nicht länger sein als die Nachrichten, die sie berichtigt.',
  'There is nothing in it that Discord could show.': 'Darin ist nichts, das Discord zeigen könnte.',
  'You are not in this channel.': 'Du bist nicht in diesem Kanal.',
  'This is nobody’s account on Discord.': 'Das ist niemandes Konto auf Discord.',
  'Threads have no topic.': 'Threads haben kein Thema.',
  'On Discord roles say who may do what; they are given there.':
    'Auf Discord sagen Rollen, wer was darf; sie werden dort vergeben.',
  'This is a forum: each of its posts is a room of its own.':
    'Das ist ein Forum: jeder seiner Beiträge ist ein eigener Raum.',
  'Nobody can write in a channel of this kind.': 'In einen Kanal dieser Art kann niemand schreiben.',
  'The bot may not come in here: it needs the permissions to view this channel and to connect.':
    'Der Bot darf hier nicht herein: er braucht die Berechtigungen, diesen Kanal zu sehen und sich zu verbinden.',
  'The bot does not see this channel: it needs the permission to view it.':
    'Der Bot sieht diesen Kanal nicht: er braucht die Berechtigung, ihn zu sehen.',
};

const all: readonly Privileged[] = ['members', 'presences', 'content'];
const german = complaints(all, languages.de);

/** What is switched off, which is told by itself. */
const switchedOff: Sentences = Object.fromEntries(
  complaints(all, languages.en).map((english, at) => [english, german[at] ?? english]),
);

/** See `Network.sentences`. */
export const germanSentences: Sentences = { ...refusals, ...own, ...switchedOff, ...germanSystem };
