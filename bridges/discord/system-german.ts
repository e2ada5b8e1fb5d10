/** What Discord itself says in a channel (text/system.ts), and why a room ends, in German by the English. Sentences that end with somebody's words are looked for first. */
import type { Sentences } from '#bridge';

export const germanSystem: Sentences = {
  'The channel was deleted.': 'Der Kanal wurde gelöscht.',
  'The bot may not see this channel any more.': 'Der Bot darf diesen Kanal nicht mehr sehen.',
  'The bot is not in this guild any more.': 'Der Bot ist nicht mehr in dieser Guild.',

  'The poll “{}” is over: nothing was chosen ({} votes)':
    'Die Umfrage „{}“ ist vorbei: nichts wurde gewählt ({} Stimmen)',
  'The poll “{}” is over: nothing was chosen (1 vote)': 'Die Umfrage „{}“ ist vorbei: nichts wurde gewählt (1 Stimme)',
  'The poll “{}” is over: “{}” with {} of {} votes': 'Die Umfrage „{}“ ist vorbei: „{}“ mit {} von {} Stimmen',
  'The poll “{}” is over: “{}” with {} of 1 vote': 'Die Umfrage „{}“ ist vorbei: „{}“ mit {} von 1 Stimme',
  '{} changed the name to: {}': '{} hat den Namen geändert: {}',
  '{} has this channel follow: {}': '{} lässt diesen Kanal folgen: {}',
  'Somebody started a thread: {}': 'Jemand hat einen Thread begonnen: {}',
  '{} started a thread: {}': '{} hat einen Thread begonnen: {}',
  '{} started the stage: {}': '{} hat die Bühne eröffnet: {}',
  '{} ended the stage: {}': '{} hat die Bühne beendet: {}',
  "{} changed the stage's topic to: {}": '{} hat das Thema der Bühne geändert: {}',
  'AutoMod found something in a message of {} in #{} (rule “{}”){}':
    'AutoMod hat etwas in einer Nachricht von {} in #{} gefunden (Regel „{}“){}',
  'AutoMod found something in a message of {} (rule “{}”){}':
    'AutoMod hat etwas in einer Nachricht von {} gefunden (Regel „{}“){}',
  'AutoMod found something in a message of {} in #{}': 'AutoMod hat etwas in einer Nachricht von {} in #{} gefunden',
  'AutoMod found something in a message of {}': 'AutoMod hat etwas in einer Nachricht von {} gefunden',
  'AutoMod found something about {} (rule “{}”){}': 'AutoMod hat etwas an {} gefunden (Regel „{}“){}',

  '{} added somebody to the thread': '{} hat jemanden in den Thread geholt',
  '{} added {} to the thread': '{} hat {} in den Thread geholt',
  '{} left the thread': '{} hat den Thread verlassen',
  '{} removed {} from the thread': '{} hat {} aus dem Thread entfernt',
  '{} started a call of a minute': '{} hat angerufen: eine Minute',
  '{} started a call of {} minutes': '{} hat angerufen: {} Minuten',
  '{} started a call': '{} ruft an',
  '{} changed the picture': '{} hat das Bild geändert',
  '{} pinned a message': '{} hat eine Nachricht angeheftet',
  '{} boosted the server {} times': '{} hat den Server {}-mal geboostet',
  '{} boosted the server: it has reached level {}': '{} hat den Server geboostet: er hat Stufe {} erreicht',
  '{} boosted the server': '{} hat den Server geboostet',
  '{} is now a speaker': '{} darf jetzt auf der Bühne sprechen',
  '{} bought something of this server': '{} hat etwas von diesem Server gekauft',
  '{} upgraded an app of this server': '{} hat eine App dieses Servers aufgewertet',
  "{} has this server's security actions on": '{} hat die Sicherheitsmaßnahmen dieses Servers eingeschaltet',
  "{} has this server's security actions off": '{} hat die Sicherheitsmaßnahmen dieses Servers ausgeschaltet',
  '{} reported a raid': '{} hat einen Überfall gemeldet',
  '{} reported that there was no raid': '{} hat gemeldet, dass es kein Überfall war',
  'This server is no longer listed for discovery': 'Dieser Server wird nicht mehr unter den öffentlichen aufgeführt',
  'This server is listed for discovery again': 'Dieser Server wird wieder unter den öffentlichen aufgeführt',
  'This server does not meet the requirements for discovery':
    'Dieser Server erfüllt nicht, was für die öffentliche Liste nötig ist',
  '{} joined': '{} ist dazugekommen',
};
