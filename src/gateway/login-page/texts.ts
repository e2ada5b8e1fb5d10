/** What the pages of a login say, and what is said of them elsewhere. */

export const webEnglish = {
  webWhere: 'Where shall that be done',
  webHere: 'Here',
  webBrowser: 'In a browser',
  webWhy:
    'What you type here, a password too, passes your server and stays in the history of a chat. In a browser it goes to the gateway alone.',
  webLink: 'Link',
  webLinkFor:
    'Open this link in your browser within ten minutes. It is for you alone, and for one browser: do not pass it on.',
  webInBand: (url: string) => `To do it in a browser, where no password passes your server: ${url}`,

  webFor: 'For',
  webOptional: '(optional)',
  webGo: 'Go on',
  webCancel: 'Cancel',
  webStartTitle: (where: string) => `Log in to ${where}`,
  webStart: 'You add an account of yours to the gateway. Whoever has this Jabber address can use it from then on:',
  webStartWarn:
    'Go on only if this is your own address and you have asked for the link yourself. If somebody has sent it to you, close this page.',
  webStartButton: 'This is my address, go on',
  webOpen: (host: string) => `Open ${host}`,
  webCode: 'Type this code there:',
  webScan: 'Scan this QR code with the other device:',
  webWaits: 'This page goes on by itself.',
  webLook: 'Look now',
  webWorking: 'One moment',
  webWorkingText: 'The network is being asked.',
  webDone: 'Done',
  webClose: 'You can close this page.',
  webFailed: 'It did not work',
  webAskAnew: 'Ask the gateway for a new link, and begin anew.',
  webCanceledTitle: 'Cancelled',
  webCanceled: 'It was cancelled, and nothing was kept.',
  webLate: 'It took too long, and nothing was kept.',
  webGone: 'This link is not good any more',
  webGoneText: 'It was used, it is too old, or you have asked for newer ones.',
  webElsewhere: 'This link is open in another browser',
  webElsewhereText:
    'It is good for one browser alone. If it was not you who opened it, ask the gateway for a new one: what was begun there ends with that.',
  webElsewhereAgain: 'It was this browser: show it',
  webCookies: 'This page needs a cookie',
  webCookiesText:
    'The gateway tells your browser from others by it. Allow cookies for this address, and open the link again.',
  webStale: 'This page was out of date. Please look again.',
  webBusy: 'Too many wrong links were opened. Try again in a minute.',
};

export const webGerman: typeof webEnglish = {
  webWhere: 'Wo soll das geschehen',
  webHere: 'Hier',
  webBrowser: 'Im Browser',
  webWhy:
    'Was du hier eingibst, auch ein Passwort, geht durch deinen Server und bleibt im Verlauf eines Chats stehen. Im Browser geht es nur an das Gateway.',
  webLink: 'Link',
  webLinkFor:
    'Öffne diesen Link innerhalb von zehn Minuten in deinem Browser. Er ist nur für dich und für einen einzigen Browser: Gib ihn nicht weiter.',
  webInBand: (url) => `Im Browser geht es auch, dann geht kein Passwort durch deinen Server: ${url}`,

  webFor: 'Für',
  webOptional: '(freiwillig)',
  webGo: 'Weiter',
  webCancel: 'Abbrechen',
  webStartTitle: (where) => `Bei ${where} anmelden`,
  webStart: 'Du fügst dem Gateway eines deiner Konten hinzu. Wer diese Jabber-Adresse hat, kann es von da an benutzen:',
  webStartWarn:
    'Mach nur weiter, wenn das deine eigene Adresse ist und du den Link selbst verlangt hast. Hat ihn dir jemand geschickt, dann schließ diese Seite.',
  webStartButton: 'Das ist meine Adresse, weiter',
  webOpen: (host) => `${host} öffnen`,
  webCode: 'Gib dort diesen Code ein:',
  webScan: 'Lies diesen QR-Code mit dem anderen Gerät ein:',
  webWaits: 'Diese Seite geht von selbst weiter.',
  webLook: 'Jetzt nachsehen',
  webWorking: 'Einen Augenblick',
  webWorkingText: 'Das Netz wird gefragt.',
  webDone: 'Fertig',
  webClose: 'Du kannst diese Seite schließen.',
  webFailed: 'Das ging nicht',
  webAskAnew: 'Verlange beim Gateway einen neuen Link und beginne noch einmal.',
  webCanceledTitle: 'Abgebrochen',
  webCanceled: 'Es wurde abgebrochen, nichts davon ist aufbewahrt.',
  webLate: 'Es hat zu lange gedauert, nichts davon ist aufbewahrt.',
  webGone: 'Dieser Link gilt nicht mehr',
  webGoneText: 'Er wurde schon benutzt, er ist zu alt, oder du hast neuere verlangt.',
  webElsewhere: 'Dieser Link ist in einem anderen Browser offen',
  webElsewhereText:
    'Er gilt nur für einen einzigen. Hast nicht du ihn geöffnet, dann verlange beim Gateway einen neuen: Was dort begonnen wurde, endet damit.',
  webElsewhereAgain: 'Es war dieser Browser: zeigen',
  webCookies: 'Diese Seite braucht ein Cookie',
  webCookiesText:
    'Daran unterscheidet das Gateway deinen Browser von anderen. Erlaube Cookies für diese Adresse und öffne den Link noch einmal.',
  webStale: 'Diese Seite war veraltet. Bitte sieh noch einmal hin.',
  webBusy: 'Zu viele falsche Links wurden geöffnet. Versuch es in einer Minute noch einmal.',
};
