/** What the gateway says in errors, in German, by the English: as people say du. test/unit/gateway/sentences.test.ts finds what is missing. */
import type { Sentences } from '../core/sentences.ts';

export const germanSentences: Sentences = {
  'Internal error': 'Interner Fehler',
  "Internal error {}; the operator's log has more": 'Interner Fehler {}; im Protokoll des Betreibers steht mehr',
  "Internal error; the operator's log has more": 'Interner Fehler; im Protokoll des Betreibers steht mehr',
  'Try again later': 'Versuch es später wieder',
  'There is no such shared account': 'Ein solches gemeinsames Konto gibt es nicht',
  'There is no such plumbing': 'Eine solche Verbindung gibt es nicht',
  'That room or its server is banned here': 'Dieser Raum oder sein Server ist hier gesperrt',
  'The gateway is being worked at: nobody new comes in for now; try again later':
    'Am Gateway wird gearbeitet: zurzeit kommt niemand Neues herein; versuch es später wieder',
  'The gateway is being worked at: nobody new comes in for now; try again later. {}':
    'Am Gateway wird gearbeitet: zurzeit kommt niemand Neues herein; versuch es später wieder. {}',
  'At most {} contacts on one server': 'Höchstens {} Kontakte auf einem Server',
  'At most {} people on one server': 'Höchstens {} Leute auf einem Server',
  'At most {} accounts here: remove one first': 'Höchstens {} Konten hier: entferne erst eines',
  'At most {} lines at once': 'Höchstens {} Zeilen auf einmal',
  'At most {} bytes': 'Höchstens {} Bytes',
  'At most 64 KiB': 'Höchstens 64 KiB',
  'Nothing can be taken back on {}: everybody there can still read the message':
    'Auf {} lässt sich nichts zurücknehmen: alle dort können die Nachricht weiterhin lesen',
  'Nothing can be taken back on {}: everybody there can still read how the message begins; the link behind it leads nowhere any more':
    'Auf {} lässt sich nichts zurücknehmen: alle dort können den Anfang der Nachricht weiterhin lesen; der Link dahinter führt nirgends mehr hin',
  'That message was not delivered': 'Diese Nachricht wurde nicht zugestellt',
  'The network has given this message no name: it can’t be taken back there':
    'Das Netzwerk hat dieser Nachricht keinen Namen gegeben: Dort kann sie nicht zurückgenommen werden',
  'This message is too old, or was never seen here': 'Diese Nachricht ist zu alt oder wurde hier nie gesehen',
  'Only your own messages can be corrected': 'Nur deine eigenen Nachrichten lassen sich berichtigen',
  'Only your own messages can be retracted': 'Nur deine eigenen Nachrichten lassen sich zurücknehmen',
  'Only moderators can retract what others have said': 'Nur Moderatoren können zurücknehmen, was andere gesagt haben',
  'Not connected to {}: join a room there first': 'Nicht mit {} verbunden: betritt dort erst einen Raum',
  'Not connected: join a room there first': 'Nicht verbunden: betritt dort erst einen Raum',
  'You are not connected to {}: join the room to configure it.':
    'Du bist nicht mit {} verbunden: betritt den Raum, um ihn einzustellen.',
  'Not connected to {}': 'Nicht mit {} verbunden',
  'Not connected to the network': 'Nicht mit dem Netz verbunden',
  'The login was cancelled': 'Die Anmeldung wurde abgebrochen',
  'The account was removed meanwhile; add it anew': 'Das Konto wurde inzwischen entfernt; füg es neu hinzu',
  'The login took too long; begin anew': 'Die Anmeldung hat zu lange gedauert; fang neu an',
  'Too much of it was wrong; begin anew': 'Zu viel davon war falsch; fang neu an',
  'Too many people are logging in just now; try again in a while':
    'Gerade melden sich zu viele Leute an; versuch es in einer Weile noch einmal',
  'The gateway stops; begin anew': 'Das Gateway hält an; fang neu an',
  'The gateway stops': 'Das Gateway hält an',
  'The gateway is not whole at the moment; try again':
    'Das Gateway ist gerade nicht vollständig; versuch es noch einmal',
  'The gateway is busy; try again in a moment': 'Das Gateway ist beschäftigt; versuch es gleich noch einmal',
  'Not everything is deleted yet; try it again': 'Noch ist nicht alles gelöscht; versuch es noch einmal',
  'This is more than can be kept; remove settings of other rooms first':
    'Das ist mehr, als sich aufbewahren lässt; entferne erst Einstellungen anderer Räume',
  'There was no answer in time': 'Es kam nicht rechtzeitig eine Antwort',
  'The network did not answer in time': 'Das Netz hat nicht rechtzeitig geantwortet',
  'Too many questions wait for an answer already': 'Es warten schon zu viele Fragen auf eine Antwort',
  'Rooms can not be configured on this network': 'Räume lassen sich in diesem Netz nicht einstellen',
  'Configuration of the room': 'Einstellungen des Raums',
  'The network decides who may change the room.': 'Das Netz entscheidet, wer den Raum ändern darf.',
  'You are not in this room: these are your own settings for it. Join it to see the rest.':
    'Du bist nicht in diesem Raum: das sind deine eigenen Einstellungen für ihn. Betritt ihn, um den Rest zu sehen.',
  Name: 'Bezeichnung',
  'Listed publicly': 'Öffentlich aufgeführt',
  'By invitation only': 'Nur auf Einladung',
  'Moderated: only who has voice may speak': 'Moderiert: nur wer das Wort hat, darf sprechen',
  'Everybody may change the subject': 'Alle dürfen das Thema ändern',
  'No messages from people outside': 'Keine Nachrichten von Leuten außerhalb',
  'A password is needed': 'Ein Passwort ist nötig',
  Password: 'Passwort',
  'Most people at a time': 'Höchstzahl der Leute im Raum',
  'The password is too long': 'Das Passwort ist zu lang',
  'A room with a password needs one': 'Ein Raum mit Passwort braucht eines',
  'The number of people is a whole number, or "none"': 'Die Zahl der Leute ist eine ganze Zahl oder „none“',
  'The name is too long': 'Die Bezeichnung ist zu lang',
  '"{}" is either 1 or 0': '„{}“ ist entweder 1 oder 0',
  'Only who is in the room can configure it.': 'Nur wer im Raum ist, kann ihn einstellen.',
  'The room is the network’s: it does not end from here. You can leave it.':
    'Der Raum gehört dem Netz: von hier aus endet er nicht. Du kannst ihn verlassen.',
  'There is no form in it': 'Es ist kein Formular darin',
  'A form is submitted or cancelled': 'Ein Formular wird abgeschickt oder abgebrochen',
  'The rooms of this network can not be listed': 'Die Räume dieses Netzes lassen sich nicht auflisten',
  '{} is in a private network, where this gateway does not connect to unless its operator lists the server.':
    '{} liegt in einem privaten Netz, wohin dieses Gateway sich nicht verbindet, solange sein Betreiber den Server nicht aufführt.',
  'No worker of this gateway is running; its operator has to start one':
    'Kein Arbeitsprozess dieses Gateways läuft; sein Betreiber muss einen starten',
  'It could not be delivered in time': 'Es ließ sich nicht rechtzeitig zustellen',
  'Too much is waiting to be sent there; try again later':
    'Es wartet schon zu viel darauf, dorthin gesendet zu werden; versuch es später noch einmal',
  'The connection was interrupted when this was to be run; look whether it was, and type it again.':
    'Die Verbindung riss ab, als das ausgeführt werden sollte; sieh nach, ob es geschehen ist, und tippe es noch einmal.',
  'There is no field "{}" in this archive': 'In diesem Archiv gibt es kein Feld „{}“',
  'Pages have no numbers here': 'Seiten haben hier keine Nummern',
  'This archive has no message of that id': 'Dieses Archiv hat keine Nachricht mit dieser Kennung',
  'No such node': 'Keinen solchen Knoten gibt es',
  'You have blocked this person; unblock them to write to them':
    'Du hast diese Person blockiert; gib sie frei, um ihr zu schreiben',
  'You are not in this room': 'Du bist nicht in diesem Raum',
  'Commands can not be run here': 'Befehle lassen sich hier nicht ausführen',
  '{} is no address of this network': '{} ist keine Adresse dieses Netzes',
  'A nick needs something visible': 'Ein Nick braucht etwas Sichtbares',
  'There is no such room here; the address of a room begins with #':
    'Keinen solchen Raum gibt es hier; die Adresse eines Raums beginnt mit #',
  '{} may not use {}. Its operator can allow this under "allow" in the configuration.':
    '{} darf {} nicht benutzen. Der Betreiber kann es in der Konfiguration unter „allow“ erlauben.',
  'There is no such place in the list': 'Keine solche Stelle gibt es in der Liste',
  'Reactions that are taken here: at most {} to a message from one person':
    'Reaktionen, die hier angenommen werden: höchstens {} auf eine Nachricht von einer Person',
  'Reactions that are taken here: only {}': 'Reaktionen, die hier angenommen werden: nur {}',
  'Accounts are not registered here': 'Hier werden keine Konten eingerichtet',
  'They are not here': 'Sie sind nicht hier',
  'Nobody here is called {}': 'Niemand hier heißt {}',
  'This is yourself': 'Das bist du selbst',
  'The network does not tell who is banned': 'Das Netz sagt nicht, wer gebannt ist',
  'The network does not tell how long they have been idle':
    'Das Netz sagt nicht, wie lange sie schon nichts getan haben',
  'The network did not tell who we are in this room': 'Das Netz hat nicht gesagt, wer wir in diesem Raum sind',
  'This room is open here as {}': 'Dieser Raum ist hier als {} geöffnet',
  'The room is being entered again': 'Der Raum wird gerade wieder betreten',
  'The nick {} is taken in this room': 'Der Nick {} ist in diesem Raum vergeben',
  'This shared account does not admit you any more': 'Dieses geteilte Konto lässt dich nicht mehr herein',
  'Somebody whom this shared account admits talks with this person: they have both agreed to that':
    'Jemand, der dieses geteilte Konto benutzen darf, redet mit diesem Menschen: Beide wollen es so',
  'You can talk with this person when both of you have agreed to it: run the command "talk" at this address':
    'Du kannst mit diesem Menschen reden, wenn ihr es beide wollt: Führe an dieser Adresse den Befehl „talk“ aus',
  'By a shared account you can speak in its rooms and, where its network can do that, correct and take back what you said; only its operator can do more with it':
    'Über ein geteiltes Konto kannst du in seinen Räumen sprechen und, wo sein Netz das kann, berichtigen und zurücknehmen, was du gesagt hast; nur sein Betreiber kann mehr damit',
  'Somebody else here gave a message the same id: clients could take your correction for one of theirs':
    'Jemand anders hat hier einer Nachricht dieselbe ID gegeben: Clients könnten deine Berichtigung auf sie beziehen',
  'All reactions of a shared account are one on its network, which could not tell whose it is: only its operator reacts by it':
    'Alle Reaktionen eines geteilten Kontos sind in seinem Netz eine, und niemand sähe, von wem sie ist: Nur sein Betreiber reagiert damit',
  'Everybody may speak in this room': 'In diesem Raum dürfen alle sprechen',
  'You may speak in this room already': 'Du darfst in diesem Raum schon sprechen',
  'Ask a moderator in the room for the right to speak': 'Bitte einen Moderator im Raum um das Recht zu sprechen',
  'This is too large for the gateway': 'Das ist zu groß für das Gateway',
  'This card can not be changed from here': 'Diese Karte lässt sich von hier aus nicht ändern',
  'The connection was lost; it is being made again.':
    'Die Verbindung ging verloren; sie wird gerade wieder hergestellt.',
  'The connection to the network has ended.': 'Die Verbindung zum Netz ist zu Ende.',
};
