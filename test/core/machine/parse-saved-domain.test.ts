import assert from 'node:assert/strict';
import { parseDomain, parseSavedDomain } from '../../../src/core/machine/index.js';
import { change, readPackageXml } from './fixtures.js';

const XML = readPackageXml('xp-2012');

function parse(xml: string) {
  return parseSavedDomain(Buffer.from(xml));
}

describe('the domain that libvirt puts before saved memory', () => {
  it('is read as a package’s, whatever its name, its file and what ran it', () => {
    const other = XML.replace('machine</name>', 'winxp</name>')
      .replace('/disk.img', '/home/publisher/winxp.qcow2')
      .replace('type="kvm"', 'type="qemu" id="7"');
    assert.deepEqual(parse(XML), { machine: parseDomain(XML), accelerator: 'kvm' });
    assert.deepEqual(parse(other), { machine: parseDomain(XML), accelerator: 'tcg' });
  });

  const passedOver: readonly (readonly [what: string, from: string, to: string])[] = [
    ['aliases', '<input type="tablet" bus="usb"/>', '<input type="tablet" bus="usb"><alias name="x"/></input>'],
    ['labels', '</devices>', '</devices><seclabel type="dynamic" model="selinux" relabel="yes"/>'],
    ['consoles', '<video>', '<console type="pty" tty="/dev/pts/3"><target type="serial" port="0"/></console><video>'],
    ['ports to somewhere', '<serial type="null">', '<serial type="pty"><source path="/dev/pts/3"/>'],
    ['networks', '<interface type="user">', '<interface type="bridge"><source bridge="br0"/><target dev="vnet3"/>'],
    ['displays', '<graphics type="vnc" port="-1" autoport="yes"/>', '<graphics type="vnc" port="5900" listen="0.0.0.0"/>'],
    ['settings of the disk', '<driver name="qemu" type="qcow2"/>', '<driver name="qemu" type="qcow2" cache="none" io="native"/>'],
    ['tuning', '<os>', '<cputune><shares>1</shares></cputune><os>'],
    ['the mouse of VMware', '<pae/>', '<pae/><vmport state="off"/>'],
  ]; // prettier-ignore
  for (const [what, from, to] of passedOver) {
    it(`may hold what leads to its publisher’s computer, which is passed over: ${what}`, () => {
      assert.deepEqual(parse(change(XML, from, to)).machine, parseDomain(XML));
    });
  }

  const before = (added: string) => ['<video>', `${added}<video>`] as const;
  const disk = '<disk type="file" device="cdrom"><target dev="hdc" bus="ide"/></disk>';
  const refusals: readonly (readonly [what: string, path: string, from: string, to: string])[] = [
    ['a CD-ROM drive', '/domain/devices/disk[2]', ...before(disk)],
    ['a channel', '/domain/devices/channel', ...before('<channel type="unix"/>')],
    ['a watchdog', '/domain/devices/watchdog', ...before('<watchdog model="i6300esb"/>')],
    ['a host’s device', '/domain/devices/hostdev', ...before('<hostdev mode="subsystem"/>')],
    ['a controller for channels', '/domain/devices/controller[3]', ...before('<controller type="virtio-serial" index="0"/>')],
    ['enlightenments', '/domain/features/hyperv', '<pae/>', '<pae/><hyperv><relaxed state="on"/></hyperv>'],
    ['the CPU of its computer', '/domain/cpu', '<cpu match="exact">', '<cpu mode="host-passthrough">'],
    ['a distribution’s machine', '/domain/os/type/@machine', 'pc-1.0', 'pc-i440fx-jammy'],
    ['options of QEMU', '/domain/q:commandline', '<os>', '<q:commandline xmlns:q="http://libvirt.org/schemas/domain/qemu/1.0"/><os>'],
    ['a kernel beside the disk', '/domain/os/kernel', '<boot dev="hd"/>', '<kernel>/boot/vmlinuz</kernel>'],
  ]; // prettier-ignore
  for (const [what, path, from, to] of refusals) {
    it(`is refused with what its state needs and no machine here has: ${what}`, () => {
      assert.throws(() => parse(change(XML, from, to)), (error) => {
        assert.ok(error instanceof Error && 'code' in error && error.code === 'domain-refused');
        assert.ok(error.message.includes(`because of ${path}:`), error.message);
        return true;
      }); // prettier-ignore
    });
  }
});
