import { require as load } from 'node-gtk';
import type { Keyring, Site } from '../core/login/index.js';
import { translate } from './translate.js';

/** Importing this module loads the library, which may be missing. */
const Secret = load('Secret', '1');

/** By these a password is found again: nothing of them is a secret. */
const SCHEMA = Secret.Schema.new('org.vmnetx.VMNetX.Login', Secret.SchemaFlags.NONE, {
  origin: Secret.SchemaAttributeType.STRING,
  realm: Secret.SchemaAttributeType.STRING,
  scheme: Secret.SchemaAttributeType.STRING,
  user: Secret.SchemaAttributeType.STRING,
});

type Retrievable = ReturnType<typeof Secret.passwordSearchFinish>[number];
type AsyncResult = Parameters<typeof Secret.passwordSearchFinish>[0];
type Begin = (done: (source: unknown, result: AsyncResult) => void) => void;

/** The keyring of the desktop: whoever is the Secret Service on the session bus. */
export const secretService: Keyring = {
  find: async (site, username) => {
    const wanted = { ...site, ...(username === null ? {} : { user: username }) };
    const found = await finished(
      (done) => {
        Secret.passwordSearch(SCHEMA, wanted, Secret.SearchFlags.ALL, null, done);
      },
      (result) => Secret.passwordSearchFinish(result),
    );
    const newest = found.toSorted(newestFirst)[0]?.getAttributes()['user'];
    if (newest === undefined) return null;
    return { username: newest, read: () => lookUp(attributesOf(site, newest)) };
  },
  keep: async (site, { username, password }) => {
    const attributes = attributesOf(site, username);
    const label = translate('VMNetX: password of {user} for {site}', {
      user: username,
      site: site.origin,
    });
    await finished(
      (done) => {
        Secret.passwordStore(SCHEMA, attributes, null, label, password, null, done);
      },
      (result) => Secret.passwordStoreFinish(result),
    );
  },
  forget: async (site, username) => {
    await finished(
      (done) => {
        Secret.passwordClear(SCHEMA, attributesOf(site, username), null, done);
      },
      (result) => Secret.passwordClearFinish(result),
    );
  },
};

/** Has the keyring ask to be unlocked, if need be; null where it stays locked, which comes as no text. */
async function lookUp(attributes: Readonly<Record<string, string>>): Promise<string | null> {
  const password = await finished(
    (done) => {
      Secret.passwordLookup(SCHEMA, attributes, null, done);
    },
    (result) => Secret.passwordLookupFinish(result),
  );
  return password === '' ? null : password;
}

function attributesOf({ origin, realm, scheme }: Site, user: string): Record<string, string> {
  return { origin, realm, scheme, user };
}

function newestFirst(one: Retrievable, other: Retrievable): number {
  return Number(other.getModified()) - Number(one.getModified());
}

/** What GLib finishes in a callback. Nothing may be thrown there: that would end the program. */
function finished<Value>(begin: Begin, finish: (result: AsyncResult) => Value): Promise<Value> {
  return new Promise((resolve, reject) => {
    begin((_source, result) => {
      try {
        resolve(finish(result));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}
