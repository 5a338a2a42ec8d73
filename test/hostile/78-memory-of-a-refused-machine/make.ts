import { memoryImage, SAVED_XML, suspendedPackages } from '../support/memory-image.js';
import type { Make } from '../support/scene.js';

const QEMU = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";

const among = (devices: string): Buffer =>
  memoryImage({ xml: SAVED_XML.replace('<audio', () => `${devices}<audio`) });
const beside = (element: string): Buffer =>
  memoryImage({ xml: SAVED_XML.replace('<devices>', () => `${element}<devices>`) });

const make: Make = (scene) =>
  suspendedPackages(scene, {
    'a second disk': among(
      "<disk type='file'><driver type='raw'/><source file='/etc/passwd'/><target dev='hdb'/></disk>",
    ),
    'a CD-ROM drive': among("<disk type='file' device='cdrom'><target dev='hdc'/></disk>"),
    'a folder of the host': among("<filesystem type='mount'/>"),
    'a device of the host': among("<hostdev mode='subsystem' type='usb'/>"),
    'a channel': among("<channel type='unix'><target type='virtio'/></channel>"),
    'options of QEMU': beside(
      `<qemu:commandline ${QEMU}><qemu:arg value='-S'/></qemu:commandline>`,
    ),
    'a kernel of the host': memoryImage({
      xml: SAVED_XML.replace('<boot dev', () => '<kernel>/boot/vmlinuz</kernel><boot dev'),
    }),
    'exabytes of memory': memoryImage({ xml: SAVED_XML.replace('65536', () => '1'.repeat(18)) }),
    'the CPU of its computer': memoryImage({
      xml: SAVED_XML.replace("mode='custom'", () => "mode='host-passthrough'"),
    }),
  });

export default make;
