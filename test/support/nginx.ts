import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A line of the access log. */
export interface ServedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  /** Bytes of the answer's body. */
  readonly bodyBytes: number;
  /** The request's Range header, or '' without one. */
  readonly range: string;
  readonly userAgent: string;
}

/** Debian's nginx on a port of its own on 127.0.0.1, with a private configuration. */
export interface Nginx {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** All requests answered so far, in the order of their ends. */
  requests(): Promise<readonly ServedRequest[]>;
  /** Ends it and removes its files, not the ones it serves. May be called twice. */
  stop(): Promise<void>;
}

interface NginxOptions {
  /** Compress what clients accept compressed, also packages: a site's careless configuration. */
  readonly gzipEverything?: boolean;
}

/** Requests to here are answered with 204, and mark a place in the access log. */
const MARKER = '/.log-marker';

/**
 * Serves a folder as docs/package-format.md recommends. Works for any user.
 *
 * @throws Error with nginx's own message when it does not start
 */
export async function startNginx(folder: string, options: NginxOptions = {}): Promise<Nginx> {
  const directory = await mkdtemp(join(tmpdir(), 'nginx-'));
  const log = join(directory, 'access.log');
  const port = await findPort();
  const configuration = join(directory, 'nginx.conf');
  await writeFile(configuration, configurationFor(directory, folder, port, options));
  const child = spawn('nginx', ['-c', configuration, '-p', directory, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  child.on('error', (error) => (complaint += String(error)));

  const origin = `http://127.0.0.1:${port}`;
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopping ??= stopChild(child, directory));
  if (!(await answers(port, child))) {
    await stop();
    throw new Error(`nginx did not start: ${complaint}`);
  }
  let markers = 0;
  return {
    origin,
    stop,
    async requests() {
      const marker = `${MARKER}/${++markers}`;
      await fetch(origin + marker);
      return await readLog(log, marker);
    },
  };
}

function configurationFor(
  directory: string,
  folder: string,
  port: number,
  { gzipEverything = false }: NginxOptions,
): string {
  const format = `'{"method":"$request_method","path":"$uri","status":$status,"bodyBytes":$body_bytes_sent,"range":"$http_range","userAgent":"$http_user_agent"}'`;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const packageHeaders = gzipEverything
    ? ''
    : 'gzip off; add_header Cache-Control "public, max-age=0, must-revalidate, no-transform";';
  return `
daemon off;
master_process off;
pid "${directory}/nginx.pid";
error_log stderr warn;
events { worker_connections 256; }
http {
  ${temporary.map((name) => `${name}_temp_path "${directory}/${name}";`).join('\n  ')}
  log_format json escape=json ${format};
  access_log "${directory}/access.log" json;
  sendfile on;
  keepalive_requests 100000;
  default_type application/octet-stream;
  ${gzipEverything ? 'gzip on; gzip_types *; gzip_min_length 1;' : ''}
  server {
    listen 127.0.0.1:${port};
    root "${folder}";
    location ~ \\.netx$ { types {} default_type application/x-vmnetx-reference+xml; }
    location ~ \\.nxpk$ { types {} default_type application/x-vmnetx-package; ${packageHeaders} }
    location ${MARKER}/ { return 204; }
  }
}
`;
}

/** A port that is free now. nginx itself cannot choose one. */
async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port');
  return address.port;
}

async function answers(port: number, child: ChildProcess): Promise<boolean> {
  for (let tries = 0; tries < 250 && child.exitCode === null && child.pid !== undefined; tries++) {
    const socket = connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return true;
    await sleep(20);
  }
  return false;
}

async function stopChild(child: ChildProcess, directory: string): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }
  await rm(directory, { recursive: true, force: true });
}

/** Reads the log up to the marker, which nginx writes after what it answered before. */
async function readLog(log: string, marker: string): Promise<readonly ServedRequest[]> {
  for (let tries = 0; tries < 250; tries++) {
    const requests = (await readFile(log, 'utf8')).split('\n').filter(Boolean).map(parseLine);
    const end = requests.findIndex(({ path }) => path === marker);
    if (end !== -1) {
      return requests.slice(0, end).filter(({ path }) => !path.startsWith(`${MARKER}/`));
    }
    await sleep(20);
  }
  throw new Error('nginx does not write its log');
}

function parseLine(line: string): ServedRequest {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null) throw new Error(line);
  const fields: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(value));
  const text = (name: string): string => {
    const found = fields[name];
    return typeof found === 'string' ? found : '';
  };
  return {
    method: text('method'),
    path: text('path'),
    status: Number(fields['status']),
    bodyBytes: Number(fields['bodyBytes']),
    range: text('range'),
    userAgent: text('userAgent'),
  };
}
