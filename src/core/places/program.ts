import { fileURLToPath } from 'node:url';

/** The folder that holds `package.json`, `dist` and `native`: a checkout, or where it is installed. */
const ROOT = new URL('../../../../', import.meta.url);

/** The absolute path of a part of the program, such as `native/kvm-probe/build/Release/kvm-probe`. */
export function withinProgram(path: string): string {
  return fileURLToPath(new URL(path, ROOT));
}
