/** Sentences that end with a reason of ours, in German: the reason would stand in English in them, as nothing is looked up that is put in. */
import type { Sentences } from '#bridge';

const brokenOff: Sentences = {
  'the server said too much': 'der Server hat zu viel gesagt',
  'the server proved nothing': 'der Server hat nichts bewiesen',
  'the server asks for an extension that we do not know': 'der Server verlangt eine Erweiterung, die wir nicht kennen',
  'the server answered somebody else': 'der Server hat jemand anderem geantwortet',
  'the server gave no salt': 'der Server hat kein Salz geschickt',
  'the server asks for fewer rounds than is safe, or for more than we do':
    'der Server verlangt weniger Runden, als sicher ist, oder mehr, als wir rechnen',
  'the server refused: {}': 'der Server hat abgelehnt: {}',
  'the server could not prove that it knows the password':
    'der Server konnte nicht beweisen, dass er das Passwort kennt',
  'the server goes on after the end': 'der Server macht nach dem Ende weiter',
  'the login failed': 'die Anmeldung ist gescheitert',
};

const unsendable: Sentences = {
  'an IRC command is letters and digits': 'ein Befehl im IRC besteht aus Buchstaben und Ziffern',
  'an IRC parameter is empty': 'ein Parameter ist leer',
  'an IRC parameter begins with a colon': 'ein Parameter beginnt mit einem Doppelpunkt',
  'an IRC parameter holds a space': 'in einem Parameter ist ein Leerzeichen',
  'an IRC line cannot hold a line break or NUL': 'in einer Zeile im IRC kann kein Umbruch und kein NUL stehen',
};

const joined = (before: readonly [string, string], reasons: Sentences): Sentences =>
  Object.fromEntries(
    Object.entries(reasons).map(([english, german]) => [`${before[0]}: ${english}.`, `${before[1]}: ${german}.`]),
  );

/** Before the same with `{}` for any reason. */
export const germanReasons: Sentences = {
  ...joined(['The login on {} was broken off', 'Die Anmeldung bei {} wurde abgebrochen'], brokenOff),
  ...joined(['This cannot be sent to IRC', 'Das lässt sich nicht ins IRC senden'], unsendable),
};
