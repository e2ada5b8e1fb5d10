/** How a connection is, and what is known of a person, in German: the labels, and what we say behind them ourselves. */
import type { Sentences } from '#bridge';

const labels: Sentences = {
  Account: 'Konto',
  Address: 'Adresse',
  Also: 'Außerdem',
  Away: 'Abwesend',
  Capabilities: 'Erweiterungen',
  Certificate: 'Zertifikat',
  'Certificate of the server': 'Zertifikat des Servers',
  Channels: 'Kanäle',
  Connected: 'Verbunden',
  'Connected since': 'Verbunden seit',
  Connection: 'Verbindung',
  Country: 'Land',
  Encoding: 'Zeichensatz',
  Encryption: 'Verschlüsselung',
  Idle: 'Untätig',
  Lag: 'Verzögerung',
  'Logged in': 'Angemeldet',
  Modes: 'Modi',
  Network: 'Netz',
  'Real name': 'Wirklicher Name',
  Reason: 'Grund',
  'You are': 'Du bist',
  'Your certificate': 'Dein Zertifikat',
};

/** As /whois has them, a line each. */
const labelled: Sentences = Object.fromEntries(
  Object.entries(labels).map(([english, german]) => [`${english}: {}`, `${german}: {}`]),
);

/** Labels alone and in front of what they say, and what we say there ourselves. */
export const germanFacts: Sentences = {
  ...labels,
  ...labelled,
  none: 'keine',
  no: 'nein',
  'as {}': 'als {}',
  '{} ({} is wanted)': '{} (gewünscht ist {})',
  'since {} ({})': 'seit {} ({})',
  'lost since {} ({}); it is being made again': 'verloren seit {} ({}); sie wird wieder hergestellt',
  'no answer within {} seconds': 'keine Antwort innerhalb von {} Sekunden',
  '{}, through a proxy': '{}, über einen Proxy',
  verified: 'geprüft',
  'not verified': 'nicht geprüft',
  'the one with the fingerprint that is set': 'das mit dem Fingerabdruck, der gesetzt ist',
  'shown to the server': 'wird dem Server gezeigt',
  'UTF-8, and nothing else': 'UTF-8 und nichts anderes',
  'sent in {}; what comes and is not UTF-8 is read as {}':
    'gesendet wird in {}; was kommt und kein UTF-8 ist, wird als {} gelesen',
};
