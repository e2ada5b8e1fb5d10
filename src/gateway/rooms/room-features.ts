/** All that a room can do, one line each. The order is that of the joining sequence (45-20) and of who is asked first about a stanza or an intent. */
import { announcedFiles } from './announced-files.ts';
import { archive } from './archive.ts';
import { configuration } from './configuration.ts';
import { corrections } from './corrections.ts';
import type { RoomFeature } from './feature.ts';
import { history } from './history.ts';
import { invitations } from './invitations.ts';
import { joining, meanwhile } from './joining.ts';
import { kicks } from './kicks.ts';
import { learning } from './learning.ts';
import { leaving } from './leaving.ts';
import { members } from './members.ts';
import { messages } from './messages.ts';
import { moderation } from './moderation.ts';
import { nicks } from './nicks.ts';
import { occupantCommands } from './occupant-commands.ts';
import { occupantQuestions } from './occupant-questions.ts';
import { occupants } from './occupants.ts';
import { picture } from './picture.ts';
import { powers } from './powers.ts';
import { presence } from './presence.ts';
import { reactions } from './reactions.ts';
import { requests } from './requests.ts';
import { retractions } from './retractions.ts';
import { createRoomDisco } from './room-disco.ts';
import { selfPing } from './self-ping.ts';
import { settings } from './settings.ts';
import { sharing } from './sharing.ts';
import { spaces } from './spaces.ts';
import { subject } from './subject.ts';
import { typing } from './typing.ts';
import { voice } from './voice.ts';

const announced: readonly RoomFeature[] = [
  messages,
  announcedFiles,
  sharing,
  corrections,
  retractions,
  reactions,
  typing,
  occupants,
  joining,
  history,
  archive,
  subject,
  meanwhile,
  picture,
  members,
  leaving,
  nicks,
  presence,
  powers,
  learning,
  kicks,
  settings,
  spaces,
  moderation,
  configuration,
  invitations,
  voice,
  selfPing,
];

/** In that order. */
export const roomFeatures: readonly RoomFeature[] = [
  ...announced,
  occupantCommands,
  createRoomDisco(announced),
  occupantQuestions,
  requests,
];
