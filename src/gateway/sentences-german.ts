/** What the gateway says in errors, in German, by the English: as people say du. test/unit/gateway/sentences.test.ts finds what is missing. */
import type { Sentences } from '../core/sentences.ts';

export const germanSentences: Sentences = {
  'The gateway is being restarted; try again in a moment':
    'Das Gateway wird gerade neu gestartet; versuch es gleich noch einmal',
  'The gateway could not store this; try again in a moment':
    'Das Gateway konnte das nicht aufbewahren; versuch es gleich noch einmal',
  'Internal error': 'Interner Fehler',
  "Internal error {}; the operator's log has more": 'Interner Fehler {}; im Protokoll des Betreibers steht mehr',
  "Internal error; the operator's log has more": 'Interner Fehler; im Protokoll des Betreibers steht mehr',
  'Try again later': 'Versuch es später wieder',
  'There is no such shared account': 'Ein solches geteiltes Konto gibt es nicht',
  '{} is not among those whom this shared account admits. Its operator can add you.':
    '{} gehört nicht zu denen, die dieses geteilte Konto zulässt. Sein Betreiber kann dich hinzufügen.',
  'Nobody but its operator does that by a shared account':
    'Mit einem geteilten Konto tut das niemand als sein Betreiber',
  'Only the operator of this shared account may do that': 'Das darf nur der Betreiber dieses geteilten Kontos',
  'Here a shared account has to hold the plumbing: run this at the room’s address with its name, #room=~+name@…':
    'Hier muss ein geteiltes Konto die Verbindung halten: ruf das an der Adresse des Raums mit dem Namen des Kontos auf, #raum=~+name@…',
  '{} is no address of a room': '{} ist keine Adresse eines Raums',
  'That room is one of this gateway': 'Dieser Raum ist einer dieses Gateways',
  'These two are joined already, by this or by a way over other rooms: what is said would come round for ever':
    'Diese beiden sind schon verbunden, hierdurch oder auf einem Weg über andere Räume: was gesagt wird, käme für immer wieder herum',
  '"{}" is no time; write it as 2026-11-21T07:30:00Z': '„{}“ ist keine Zeit; schreib sie so: 2026-11-21T07:30:00Z',
  '"{}" is no address': '„{}“ ist keine Adresse',
  "The form's type is {}": 'Das Formular ist vom Typ {}',
  'At most {} ids at a time': 'Höchstens {} Kennungen auf einmal',
  'Their clock says: {}': 'Die Uhr dort sagt: {}',
  'There is no such plumbing': 'Eine solche Verbindung gibt es nicht',
  'That room or its server is banned here': 'Dieser Raum oder sein Server ist hier gesperrt',
  'The gateway is being worked at: nobody new comes in for now; try again later':
    'Am Gateway wird gearbeitet: zurzeit kommt niemand Neues herein; versuch es später wieder',
  'The gateway is being worked at: nobody new comes in for now; try again later. {}':
    'Am Gateway wird gearbeitet: zurzeit kommt niemand Neues herein; versuch es später wieder. {}',
  'At most {} contacts on one server': 'Höchstens {} Kontakte auf einem Server',
  'At most {} people on one server': 'Höchstens {} Leute auf einem Server',
  'At most {} accounts here: remove one first': 'Höchstens {} Konten hier: entferne erst eines',
  'At most {} rooms on one server: leave one first': 'Höchstens {} Räume auf einem Server: verlass erst einen',
  'At most {} servers at once: leave the rooms of one first':
    'Höchstens {} Server auf einmal: verlass erst die Räume von einem',
  'At most {} messages a minute: try again in {} s':
    'Höchstens {} Nachrichten in der Minute: versuch es in {} s wieder',
  'You have no such account here; write register to the gateway to add it':
    'Ein solches Konto hast du hier nicht; schreib dem Gateway register, um es hinzuzufügen',
  'You have logged out; write login to the gateway to come back':
    'Du hast dich abgemeldet; schreib dem Gateway login, um zurückzukommen',
  'Your login can not be read any more; register it once more':
    'Deine Anmeldung lässt sich nicht mehr lesen; registriere sie noch einmal',
  'This account may not be used at present': 'Dieses Konto darf zurzeit nicht benutzt werden',
  'At most {} lines at once': 'Höchstens {} Zeilen auf einmal',
  'At most {} bytes': 'Höchstens {} Bytes',
  'At most 64 KiB': 'Höchstens 64 KiB',
  'Nothing can be taken back on {}: everybody there can still read the message':
    'Auf {} lässt sich nichts zurücknehmen: alle dort können die Nachricht weiterhin lesen',
  'Nothing can be taken back on {}: everybody there can still read how the message begins; the link behind it leads nowhere any more':
    'Auf {} lässt sich nichts zurücknehmen: alle dort können den Anfang der Nachricht weiterhin lesen; der Link dahinter führt nirgends mehr hin',
  'That message was not delivered': 'Diese Nachricht wurde nicht zugestellt',
  'The network has given this message no name: it can’t be taken back there':
    'Das Netz hat dieser Nachricht keinen Namen gegeben: Dort kann sie nicht zurückgenommen werden',
  'This message is too old, or was never seen here': 'Diese Nachricht ist zu alt oder wurde hier nie gesehen',
  'Only your own messages can be corrected': 'Nur deine eigenen Nachrichten lassen sich berichtigen',
  'Only your own messages can be retracted': 'Nur deine eigenen Nachrichten lassen sich zurücknehmen',
  'Only moderators can retract what others have said': 'Nur Moderatoren können zurücknehmen, was andere gesagt haben',
  'Only occupants can ask about occupants': 'Nur wer im Raum ist, kann nach anderen darin fragen',
  '{} is nobody who could come': '{} ist niemand, der kommen könnte',
  'At most {} at once': 'Höchstens {} auf einmal',
  'One person of the network at a time': 'Ein Mensch des Netzes auf einmal',
  '{} is no room that they could come to': '{} ist kein Raum, in den sie kommen könnten',
  'The form or the result set is malformed': 'Das Formular oder die Seite ist falsch angegeben',
  'Which data it is stands in "cid"': 'Um welche Daten es geht, steht in „cid“',
  'A command has a node and at most one form': 'Ein Befehl hat einen Knoten und höchstens ein Formular',
  'There is no command {} here': 'Einen Befehl {} gibt es hier nicht',
  'There is at most one of each, and one form': 'Von jedem gibt es höchstens eines, und ein Formular',
  "An iq's type is get, set, result or error": 'Ein iq ist vom Typ get, set, result oder error',
  'A request needs an id': 'Eine Anfrage braucht eine id',
  'A request has exactly one child': 'Eine Anfrage hat genau ein Kind',
  'Messages to a room are of type groupchat': 'Nachrichten an einen Raum sind vom Typ groupchat',
  'Messages of type groupchat are for the room, not for one occupant':
    'Nachrichten vom Typ groupchat sind für den Raum, nicht für jemanden darin',
  'This is a person, not a room': 'Das ist ein Mensch, kein Raum',
  'This is a server, not a room': 'Das ist ein Server, kein Raum',
  'Nobody reads that here; write help, or write to a room or to a person':
    'Hier liest das niemand; schreib help, oder schreib an einen Raum oder einen Menschen',
  'Messages can be retracted, nothing else': 'Nachrichten lassen sich zurücknehmen, sonst nichts',
  'An item names a nick or an address': 'Ein Eintrag nennt einen Nick oder eine Adresse',
  '{} is nobody of this network': '{} ist niemand aus diesem Netz',
  'Between 1 and 100 items': 'Zwischen 1 und 100 Einträge',
  'An item changes either a role or an affiliation': 'Ein Eintrag ändert entweder eine Rolle oder eine Zugehörigkeit',
  'Say which nick you want: room@service/nick': 'Sag, welchen Nick du willst: raum@dienst/nick',
  'The form names nobody': 'Das Formular nennt niemanden',
  'Only the right to speak can be asked for': 'Nur um das Recht zu sprechen lässt sich bitten',
  'A search is a submitted form': 'Eine Suche ist ein abgeschicktes Formular',
  'Rooms are ordered by people or by address': 'Räume werden nach Leuten oder nach Adresse geordnet',
  'Either all rooms, or those that match': 'Entweder alle Räume oder die passenden',
  'Say what to search for': 'Sag, wonach gesucht werden soll',
  'The search text is empty': 'Der Suchtext ist leer',
  'Search rooms': 'Räume suchen',
  'Fill in part of a name, or a mask with * and ?, to find rooms of this network.':
    'Gib einen Teil eines Namens ein oder eine Maske mit * und ?, um Räume dieses Netzes zu finden.',
  'At least so many people': 'Mindestens so viele Leute',
  People: 'Leute',
  Address: 'Adresse',
  Account: 'Konto',
  Away: 'Abwesend',
  'Search for': 'Suchen nach',
  'Return all rooms': 'Alle Räume anzeigen',
  'Search in name': 'Im Namen suchen',
  'Search in description': 'In der Beschreibung suchen',
  'Search in address': 'In der Adresse suchen',
  'Kinds of rooms': 'Arten von Räumen',
  Order: 'Reihenfolge',
  'Number of people': 'Zahl der Leute',
  'You have no account on {} that is connected: write register to the gateway to add one, or login where you have logged out':
    'Du hast auf {} kein Konto, das verbunden ist: schreib register an das Gateway, um eins hinzuzufügen, oder login, wenn du dich abgemeldet hast',
  'Not connected to {}: join a room there first': 'Nicht mit {} verbunden: betritt dort erst einen Raum',
  'You are not connected to {}: join the room to configure it.':
    'Du bist nicht mit {} verbunden: betritt den Raum, um ihn einzustellen.',
  'Not connected to {}': 'Nicht mit {} verbunden',
  'The login was cancelled': 'Die Anmeldung wurde abgebrochen',
  'The account was removed meanwhile; add it anew': 'Das Konto wurde inzwischen entfernt; füg es neu hinzu',
  'The login took too long; begin anew': 'Die Anmeldung hat zu lange gedauert; fang neu an',
  'Too much of it was wrong; begin anew': 'Zu viel davon war falsch; fang neu an',
  'Too many people are logging in just now; try again in a while':
    'Gerade melden sich zu viele Leute an; versuch es in einer Weile noch einmal',
  'The gateway stops; begin anew': 'Das Gateway hält an; fang neu an',
  'The gateway stops': 'Das Gateway hält an',
  'The gateway restarts': 'Das Gateway startet neu',
  'The gateway shuts down': 'Das Gateway wird beendet',
  'Nobody is left': 'Niemand ist mehr da',
  'You had gone': 'Du warst weg',
  'You did not answer after the gateway had been restarted':
    'Du hast nicht geantwortet, nachdem das Gateway neu gestartet war',
  'The room could not be entered again': 'Der Raum ließ sich nicht wieder betreten',
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
  'Moderated: only who has voice may speak': 'Moderiert: nur wer Rederecht hat, darf sprechen',
  'Everybody may change the subject': 'Alle dürfen das Thema ändern',
  'No messages from people outside': 'Keine Nachrichten von Leuten außerhalb',
  'No limit': 'Unbegrenzt',
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
  'It was not sent: its account has been removed': 'Es wurde nicht gesendet: sein Konto ist entfernt worden',
  'It could not be delivered in time': 'Es ließ sich nicht rechtzeitig zustellen',
  'It could not be confirmed in time, and may have been sent all the same: look whether it is there before you send it again':
    'Es ließ sich nicht rechtzeitig bestätigen und kann dennoch gesendet worden sein: sieh nach, ob es da ist, bevor du es noch einmal sendest',
  'Too much is waiting to be sent there; try again later':
    'Es wartet schon zu viel darauf, dorthin gesendet zu werden; versuch es später noch einmal',
  'The connection was interrupted when this was to be run; look whether it was, and type it again.':
    'Die Verbindung riss ab, als das ausgeführt werden sollte; sieh nach, ob es geschehen ist, und tippe es noch einmal.',
  'There is no field "{}" in this archive': 'In diesem Archiv gibt es kein Feld „{}“',
  'Pages have no numbers here': 'Seiten haben hier keine Nummern',
  'This archive has no message of that id': 'Dieses Archiv hat keine Nachricht mit dieser Kennung',
  'No such node': 'Keinen solchen Knoten gibt es',
  'retracted a previous message, which your client can not hide':
    'hat eine frühere Nachricht zurückgenommen, was dein Client nicht zeigen kann',
  'You have blocked this person; unblock them to write to them':
    'Du hast diese Person blockiert; heb das mit unblock auf, um ihr zu schreiben',
  'You are not in this room; please join again': 'Du bist nicht in diesem Raum; bitte betritt ihn neu',
  '{} invites you to {}': '{} lädt dich ein: {}',
  'This is a room: join it, and write to it there': 'Das ist ein Raum: betritt ihn und schreib dort',
  'You are not in this room': 'Du bist nicht in diesem Raum',
  'Commands can not be run here': 'Befehle lassen sich hier nicht ausführen',
  '{} is no address of this network': '{} ist keine Adresse dieses Netzes',
  'A nick needs something visible': 'Ein Nick braucht etwas Sichtbares',
  'There is no such room here; the address of a room is written like this: {}':
    'Einen solchen Raum gibt es hier nicht; die Adresse eines Raums schreibt man so: {}',
  '{} may not use {}. Its operator can allow this under "allow" in the configuration.':
    '{} darf {} nicht benutzen. Der Betreiber kann es in der Konfiguration unter „allow“ erlauben.',
  'There is no such place in the list': 'Keine solche Stelle gibt es in der Liste',
  'Reactions that are taken here: at most {} to a message from one person':
    'Reaktionen, die hier angenommen werden: höchstens {} auf eine Nachricht von einer Person',
  'Reactions that are taken here: only {}': 'Reaktionen, die hier angenommen werden: nur {}',
  'Accounts are not registered here': 'Hier werden keine Konten eingerichtet',
  'They are not here': 'Diese Person ist nicht hier',
  'Nobody here is called {}': 'Niemand hier heißt {}',
  'This is yourself': 'Das bist du selbst',
  'The network does not tell who is banned': 'Das Netz sagt nicht, wer gebannt ist',
  'The network does not tell how long they have been idle':
    'Das Netz sagt nicht, wie lange diese Person schon nichts getan hat',
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
  'Topics are not set here': 'Themen werden hier nicht gesetzt',
  'Names are given by the network here': 'Namen vergibt hier das Netz',
  '{} has written to you, and your server did not let it through. If you want to read them, add {} to your contacts.':
    '{} hat dir geschrieben, und dein Server hat es nicht durchgelassen. Wenn du es lesen willst, nimm {} in deine Kontaktliste auf.',
  'Nobody can be invited there': 'Dorthin lässt sich niemand einladen',
  'Nobody there can be asked for the right to speak': 'Dort lässt sich niemand um das Recht zu sprechen bitten',
  'Ask a moderator in the room for the right to speak': 'Bitte einen Moderator im Raum um das Recht zu sprechen',
  'This is too large for the gateway': 'Das ist zu groß für das Gateway',
  'This card can not be changed from here': 'Diese Karte lässt sich von hier aus nicht ändern',
  'The connection was lost; it is being made again.':
    'Die Verbindung ging verloren; sie wird gerade wieder hergestellt.',
  'The connection to the network is being made.': 'Die Verbindung zum Netz wird gerade hergestellt.',
  'The connection to the network has ended.': 'Die Verbindung zum Netz ist zu Ende.',
};
