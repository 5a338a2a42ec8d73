import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { output } from '../programs.js';

/** A certificate with its private key, both PEM. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

/** Certificates for a server on this computer's loopback interface. */
export interface Certificates extends AsyncDisposable {
  /** Path of the authority's own certificate, as NODE_EXTRA_CA_CERTS or SSL_CERT_FILE takes it. */
  readonly authorityPath: string;
  readonly good: Certificate;
  /** By the authority, but it ended yesterday. */
  readonly expired: Certificate;
  /** By the authority, but for `elsewhere.example`. */
  readonly wrongHost: Certificate;
  /** For the right host, but by nobody. */
  readonly selfSigned: Certificate;
}

const THIS_COMPUTER = 'IP:127.0.0.1,DNS:localhost';

/** Has openssl make them in a folder of their own, which is removed when they are disposed of. */
export async function makeCertificates(): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'certificates-'));
  const authority = new Authority(folder);
  await authority.create();
  const [good, expired, wrongHost, selfSigned] = await Promise.all([
    authority.issue('good', THIS_COMPUTER, 30),
    authority.issue('expired', THIS_COMPUTER, -1),
    authority.issue('wrong-host', 'DNS:elsewhere.example', 30),
    authority.signItself('self-signed', THIS_COMPUTER),
  ]);
  return {
    authorityPath: authority.path,
    good,
    expired,
    wrongHost,
    selfSigned,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'] as const;

class Authority {
  readonly path: string;
  readonly #key: string;

  constructor(private readonly folder: string) {
    this.path = join(folder, 'authority.pem');
    this.#key = join(folder, 'authority.key');
  }

  async create(): Promise<void> {
    await output('openssl', 'req', '-x509', ...NEW_KEY, '-keyout', this.#key, '-out', this.path, '-days', '30', '-subj', '/CN=Test authority'); // prettier-ignore
  }

  /** @param days from now to the certificate's end */
  async issue(name: string, hosts: string, days: number): Promise<Certificate> {
    const files = await this.#filesFor(name);
    await writeFile(files.extensions, `subjectAltName=${hosts}\n`);
    await output('openssl', 'req', '-new', ...NEW_KEY, '-keyout', files.key, '-out', files.request, '-subj', `/CN=${name}`); // prettier-ignore
    await output('openssl', 'x509', '-req', '-in', files.request, '-CA', this.path, '-CAkey', this.#key, '-CAserial', files.serial, '-CAcreateserial', '-days', String(days), '-extfile', files.extensions, '-out', files.certificate); // prettier-ignore
    return read(files);
  }

  async signItself(name: string, hosts: string): Promise<Certificate> {
    const files = await this.#filesFor(name);
    await output('openssl', 'req', '-x509', ...NEW_KEY, '-keyout', files.key, '-out', files.certificate, '-days', '30', '-subj', `/CN=${name}`, '-addext', `subjectAltName=${hosts}`); // prettier-ignore
    return read(files);
  }

  async #filesFor(name: string) {
    const folder = join(this.folder, name);
    await mkdir(folder);
    return {
      key: join(folder, 'key.pem'),
      certificate: join(folder, 'certificate.pem'),
      request: join(folder, 'request.pem'),
      extensions: join(folder, 'extensions'),
      serial: join(folder, 'serial'),
    };
  }
}

async function read(files: {
  readonly key: string;
  readonly certificate: string;
}): Promise<Certificate> {
  const [key, certificate] = await Promise.all([
    readFile(files.key, 'utf8'),
    readFile(files.certificate, 'utf8'),
  ]);
  return { key, certificate };
}
