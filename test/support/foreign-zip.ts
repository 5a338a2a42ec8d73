import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A member of an archive that somebody else's tool makes. */
export interface ForeignMember {
  readonly name: string;
  readonly data: Buffer | string;
  readonly deflated?: boolean;
  /** Writes ZIP64 fields into the local header although the size does not need them. */
  readonly zip64?: boolean;
  /** What Info-ZIP's field for a second name in UTF-8 says, in both headers. */
  readonly unicodePath?: string;
}

const SCRIPT = `
import json, struct, sys, zipfile, zlib
plan = json.load(sys.stdin)
with zipfile.ZipFile(plan['out'], 'w') as archive:
    archive.comment = plan['comment'].encode()
    for member in plan['members']:
        info = zipfile.ZipInfo(member['name'], (2013, 5, 1, 12, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if member['deflated'] else zipfile.ZIP_STORED
        if member['unicodePath'] is not None:
            path = member['unicodePath'].encode()
            crc = zlib.crc32(member['name'].encode())
            info.extra = struct.pack('<HHBL', 0x7075, 5 + len(path), 1, crc) + path
        with archive.open(info, 'w', force_zip64=member['zip64']) as target:
            target.write(bytes.fromhex(member['data']))
`;

/** An archive made by Python's zipfile. */
export function pythonZip(members: readonly ForeignMember[], comment = 'VMNetX package'): Buffer {
  return inScratch((directory) => {
    const out = join(directory, 'out.zip');
    const plan = members.map(({ name, data, deflated = false, zip64 = false, unicodePath }) => ({
      name,
      data: Buffer.from(data).toString('hex'),
      deflated,
      zip64,
      unicodePath: unicodePath ?? null,
    }));
    const input = JSON.stringify({ out, comment, members: plan });
    execFileSync('python3', ['-c', SCRIPT], { input });
    return readFileSync(out);
  });
}

/** An archive made by Info-ZIP, with its extra fields; everything is stored. */
export function infoZip(members: readonly ForeignMember[], ...options: readonly string[]): Buffer {
  return inScratch((directory) => {
    for (const { name, data } of members) writeFileSync(join(directory, name), data);
    const names = members.map(({ name }) => name);
    execFileSync('zip', ['-q', '-0', ...options, 'out.zip', ...names], { cwd: directory });
    return readFileSync(join(directory, 'out.zip'));
  });
}

function inScratch(make: (directory: string) => Buffer): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'foreign-zip-'));
  try {
    return make(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
