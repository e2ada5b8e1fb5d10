/** What commands about plumbings say, in the languages that we know. */

export const plumbingEnglish = {
  plumb: 'Join this room with a MUC',
  plumbHelp: 'joins a room of the network with a MUC on any server: people of both see and hear each other',
  plumbText: (room: string) =>
    `${room} and a MUC elsewhere become one. Everybody who speaks in one is seen in the other. An owner of the MUC has to agree.`,
  plumbWhere: 'Say which room: plumb #room MUC, or run this at the address of the room.',
  plumbMuc: 'Address of the MUC',
  plumbNick: 'Nick on the network',
  plumbNickHelp: 'Who speaks there for the people of the MUC; nothing: called like the MUC.',
  plumbSuffix: 'Behind names that are taken',
  plumbSuffixHelp: 'Put behind the name of somebody of the network whose name somebody in the MUC has already.',
  plumbPassword: 'Password of the MUC',
  plumbPasswordHelp: 'Where it has one. It is kept sealed; where the two are joined already, it is the new one.',
  plumbAgain: (muc: string) => `${muc} is entered with that password now.`,
  plumbAsks: (muc: string, token: string) =>
    `Now an owner of ${muc} has to say this line in it, so that it is proved that they want it: ${token}\nI am coming in to hear it. Where only members may enter, an owner has to add me first. You are told when it is done.`,
  plumbNone: 'No room is joined with a MUC here.',
  plumbRoom: 'Room',
  plumbBy: 'Made by',
  plumbOn: 'joined',
  plumbWaits: (token: string) => `waits for an owner of the MUC to say there: ${token}`,
  plumbings: 'Rooms that are joined with MUCs',
  plumbingsHelp: 'which rooms are joined with which MUCs',
  unplumb: 'Part a room from a MUC',
  unplumbHelp: 'ends that a room and a MUC are joined',
  unplumbWhich: 'Which',
  unplumbed: (room: string, muc: string) => `${room} and ${muc} are no longer joined.`,
};

export const plumbingGerman: typeof plumbingEnglish = {
  plumb: 'Diesen Raum mit einem MUC verbinden',
  plumbHelp:
    'verbindet einen Raum des Netzes mit einem MUC auf irgendeinem Server: wer in einem ist, sieht und hört die im anderen',
  plumbText: (room) =>
    `Aus ${room} und einem MUC anderswo wird einer. Wer in einem spricht, ist im anderen zu sehen. Ein Besitzer des MUC muss zustimmen.`,
  plumbWhere: 'Sag, welcher Raum: plumb #raum MUC, oder gib dies an der Adresse des Raums ein.',
  plumbMuc: 'Adresse des MUC',
  plumbNick: 'Nick im Netz',
  plumbNickHelp: 'Wer dort für die Leute im MUC spricht; nichts: heißt wie der MUC.',
  plumbSuffix: 'Hinter vergebenen Namen',
  plumbSuffixHelp: 'Steht hinter dem Namen von jemandem aus dem Netz, den im MUC schon jemand trägt.',
  plumbPassword: 'Passwort des MUC',
  plumbPasswordHelp:
    'Wo er eines hat. Es wird versiegelt aufbewahrt; sind die beiden schon verbunden, ist es das neue.',
  plumbAgain: (muc) => `${muc} wird nun mit diesem Passwort betreten.`,
  plumbAsks: (muc, token) =>
    `Nun muss ein Besitzer von ${muc} dort diese Zeile sagen, damit bewiesen ist, dass er es will: ${token}\nIch komme hinein, um sie zu hören. Wo nur Mitglieder hineindürfen, muss ein Besitzer mich vorher eintragen. Du hörst, wenn es so weit ist.`,
  plumbNone: 'Hier ist kein Raum mit einem MUC verbunden.',
  plumbRoom: 'Raum',
  plumbBy: 'Von',
  plumbOn: 'verbunden',
  plumbWaits: (token) => `wartet, dass ein Besitzer des MUC dort sagt: ${token}`,
  plumbings: 'Räume, die mit MUCs verbunden sind',
  plumbingsHelp: 'welche Räume mit welchen MUCs verbunden sind',
  unplumb: 'Einen Raum von einem MUC trennen',
  unplumbHelp: 'beendet, dass ein Raum und ein MUC verbunden sind',
  unplumbWhich: 'Welche',
  unplumbed: (room, muc) => `${room} und ${muc} sind nicht mehr verbunden.`,
};
