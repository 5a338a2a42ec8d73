import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadGettext } from '../../src/ui/gettext.js';
import { localeOfTexts } from '../../src/ui/translate.js';
import { checkout } from '../support/checkout.js';

/** What the window says with these variables, and no others that name a language. */
async function saidWith(language: Readonly<Record<string, string>>): Promise<unknown> {
  const names = ['LANGUAGE', 'LC_ALL', 'LC_MESSAGES', 'LC_TIME', 'LANG'];
  const others = Object.entries(process.env).filter(([name]) => !names.includes(name));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(checkout, 'dist/test/ui/fixtures/say-words.js')],
    { env: { ...Object.fromEntries(others), ...language } },
  );
  return JSON.parse(stdout);
}

const ENGLISH = {
  unknown: 'Nobody has translated this.',
  error: {
    message: 'The computer machines.example.org refused the connection.',
    hint: 'Check the address, or try again later.',
  },
  own: 'There is no space left for fetched data.',
  nothing: 'There is no space left for .',
  once:
    'Waiting for the network since 08:05 on 9 November 2016 (tried once). ' +
    'The computer machines.example.org refused the connection.',
  often:
    'Waiting for the network (tried 3 times). ' +
    'The computer machines.example.org refused the connection.',
  amount: '0.9 GB of 1.6 GB — a few seconds left',
  rate: '1.2 MB/s',
  map: 'The image has 2,000 chunks. 1,999 are not fetched. 1 was read.',
  locale: 'en-GB',
};

const GERMAN = {
  unknown: 'Nobody has translated this.',
  error: {
    message: 'Der Rechner machines.example.org hat die Verbindung abgelehnt.',
    hint: 'Prüfen Sie die Adresse, oder versuchen Sie es später erneut.',
  },
  own: 'Für geladene Daten ist kein Platz mehr frei.',
  nothing: 'Für  ist kein Platz mehr frei.',
  once:
    'Warten auf das Netzwerk seit dem 9. November 2016, 08:05 Uhr (ein Versuch). ' +
    'Der Rechner machines.example.org hat die Verbindung abgelehnt.',
  often:
    'Warten auf das Netzwerk (3 Versuche). ' +
    'Der Rechner machines.example.org hat die Verbindung abgelehnt.',
  amount: '0,9\u00a0GB von 1,6\u00a0GB – noch einige Sekunden',
  rate: '1,2 MB/s',
  map: 'Das Abbild hat 2.000 Blöcke. 1.999 sind nicht geladen. 1 wurde gelesen.',
  locale: 'de',
};

describe('what the window says', () => {
  it('is in the language of the desktop: sentences, errors, numbers and dates', async () => {
    assert.deepEqual(await saidWith({ LANG: 'C.UTF-8', LANGUAGE: 'de' }), GERMAN);
  });

  it('is English where there is no such language, or none is wanted', async () => {
    assert.deepEqual(await saidWith({ LANG: 'C.UTF-8', LANGUAGE: 'tlh' }), ENGLISH);
    assert.deepEqual(await saidWith({ LANG: 'C', LANGUAGE: 'de' }), ENGLISH);
    assert.deepEqual(await saidWith({ LANG: 'tlh_QO.UTF-8', LANGUAGE: 'de' }), ENGLISH);
    assert.deepEqual(await saidWith({}), ENGLISH);
  });

  it('is English where what translates is missing', () => {
    const gettext = loadGettext('/nowhere/gettext.node');
    assert.equal(gettext.one('Quit'), 'Quit');
    assert.equal(gettext.plural('a thing', 'things', 1), 'a thing');
    assert.equal(gettext.plural('a thing', 'things', 0), 'things');
    assert.equal(gettext.header(), '');
  });

  it('has dates as they are written in the desktop’s region, if that speaks the language', () => {
    assert.equal(localeOfTexts({ LC_TIME: 'en_US.UTF-8', LANG: 'de_DE.UTF-8' }), 'en-US');
    assert.equal(localeOfTexts({ LC_TIME: 'fr_FR.UTF-8', LANG: 'en_US.UTF-8' }), 'en-GB');
    assert.equal(localeOfTexts({ LC_ALL: '', LANG: 'en_CA.UTF-8' }), 'en-CA');
  });
});
