/* Brings the kernel and its initial file system into memory, in a fraction of the time that the
 * usual way takes under emulation: the BIOS reads a disk sector by sector (35,000 round trips
 * here), and the xz that Debian's kernel is compressed with takes seconds to unpack. This reads by
 * bus-master DMA from the first IDE disk of an Intel PIIX, and unpacks LZ4. Where the disk may be
 * on another bus, GRUB has brought both, as one initial file system.
 *
 * KERNEL_SECTOR, KERNEL_BYTES, INITRD_SECTOR, INITRD_BYTES (on the disk), KERNEL_ADDRESS,
 * KERNEL_ENTRY and KERNEL_MEMORY (bytes when unpacked, with what starts as zero) come from the
 * build. */
#include <stdint.h>

#define SECTOR 512
/* A transfer is kept small, so that one that is stopped half way is soon done again. */
#define TRANSFER_SECTORS 2048
#define DMA_REGION 65536

/* Behind the kernel; with what lies there the machine needs 160 MiB. */
#define INITRD_ADDRESS 0x6000000
#define PACKED_ADDRESS 0x7000000
_Static_assert(KERNEL_ADDRESS + KERNEL_MEMORY <= INITRD_ADDRESS,
               "the kernel fits below the initrd");
_Static_assert(INITRD_BYTES <= PACKED_ADDRESS - INITRD_ADDRESS, "the initrd fits");
_Static_assert(KERNEL_BYTES <= 0xa000000 - PACKED_ADDRESS, "the packed kernel fits");

/* Offsets in the boot parameters of the Linux boot protocol. */
#define RAMDISK_IMAGE 0x218
#define RAMDISK_SIZE 0x21c

#define ATA 0x1f0
#define ATA_STATUS (ATA + 7)
#define ATA_BUSY 0x80
#define ATA_REQUEST 0x08
#define ATA_ERROR 0x01
#define ATA_READ_DMA_EXTENDED 0x25

#define BUS_MASTER_ACTIVE 0x01
#define BUS_MASTER_ERROR 0x02

extern uint8_t *boot_parameters;

struct region {
  uint32_t address;
  uint32_t size_and_last;
};
/* At most 16 regions of 64 KiB; aligned so that the table crosses no 64 KiB boundary. */
static struct region regions[16] __attribute__((aligned(128)));

static void out8(uint16_t port, uint8_t value) {
  __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}
static void out32(uint16_t port, uint32_t value) {
  __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}
static uint8_t in8(uint16_t port) {
  uint8_t value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
  return value;
}
static uint32_t in32(uint16_t port) {
  uint32_t value;
  __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

static void stop(const char *reason) {
  for (; *reason != '\0'; reason++) out8(0x3f8, (uint8_t)*reason);
  for (;;) __asm__ volatile("hlt");
}

static uint32_t pci_read(uint32_t device, uint32_t offset) {
  out32(0xcf8, 0x80000000 | device << 8 | offset);
  return in32(0xcfc);
}

/* Finds the IDE controller, lets it be bus master, and returns the port of its DMA registers. */
static uint16_t find_bus_master(void) {
  for (uint32_t device = 0; device < 256; device++) {
    if (pci_read(device, 0x08) >> 16 != 0x0101) continue;
    uint32_t command = pci_read(device, 0x04);
    uint32_t base = pci_read(device, 0x20);
    out32(0xcf8, 0x80000000 | device << 8 | 0x04);
    out32(0xcfc, (command & 0xffff) | 5);
    return (uint16_t)(base & 0xfff0);
  }
  stop("LOADER: no IDE controller\r\n");
  return 0;
}

static void wait_while(uint8_t bits) {
  while ((in8(ATA_STATUS) & bits) != 0) __asm__ volatile("pause");
}

static void read_sectors(uint16_t bus_master, uint32_t sector, uint32_t count, uint32_t address) {
  uint32_t left = count * SECTOR;
  int last = 0;
  for (int i = 0; !last; i++) {
    uint32_t size = left < DMA_REGION ? left : DMA_REGION;
    left -= size;
    last = left == 0;
    regions[i].address = address;
    regions[i].size_and_last = (size & 0xffff) | (last ? 0x80000000 : 0);
    address += size;
  }
  wait_while(ATA_BUSY | ATA_REQUEST);
  out8(bus_master, 0);
  out8(bus_master + 2, 6); /* clear what an earlier transfer left */
  out32(bus_master + 4, (uint32_t)regions);
  out8(ATA + 6, 0xe0); /* first disk, addressed by sector */
  /* The high halves of the 48-bit address and the count go first. */
  out8(ATA + 2, (uint8_t)(count >> 8));
  out8(ATA + 3, (uint8_t)(sector >> 24));
  out8(ATA + 4, 0);
  out8(ATA + 5, 0);
  out8(ATA + 2, (uint8_t)count);
  out8(ATA + 3, (uint8_t)sector);
  out8(ATA + 4, (uint8_t)(sector >> 8));
  out8(ATA + 5, (uint8_t)(sector >> 16));
  out8(ATA_STATUS, ATA_READ_DMA_EXTENDED);
  out8(bus_master, 9); /* start, towards memory */
  while ((in8(bus_master + 2) & BUS_MASTER_ACTIVE) != 0) __asm__ volatile("pause");
  wait_while(ATA_BUSY);
  int failed = (in8(ATA_STATUS) & ATA_ERROR) != 0 || (in8(bus_master + 2) & BUS_MASTER_ERROR) != 0;
  out8(bus_master, 0);
  out8(bus_master + 2, 6);
  if (failed) stop("LOADER: the disk cannot be read\r\n");
}

static void read_bytes(uint16_t bus_master, uint32_t sector, uint32_t bytes, uint32_t address) {
  uint32_t left = (bytes + SECTOR - 1) / SECTOR;
  while (left > 0) {
    uint32_t count = left < TRANSFER_SECTORS ? left : TRANSFER_SECTORS;
    read_sectors(bus_master, sector, count, address);
    sector += count;
    left -= count;
    address += count * SECTOR;
  }
}

static uint32_t word(const uint8_t *from) { return *(const uint32_t *)from; }

/* Copies words, up to three bytes more than asked for: what follows is written later. */
static void copy(uint8_t *to, const uint8_t *from, uint32_t size) {
  for (uint32_t i = 0; i < size; i += 4) *(uint32_t *)(to + i) = word(from + i);
}

static uint32_t long_length(const uint8_t **in, uint32_t length) {
  if (length != 15) return length;
  uint8_t more;
  do {
    more = *(*in)++;
    length += more;
  } while (more == 255);
  return length;
}

/* Unpacks one LZ4 block; returns the end of what it wrote. */
static uint8_t *unpack_block(const uint8_t *in, const uint8_t *end, uint8_t *out) {
  for (;;) {
    uint8_t token = *in++;
    uint32_t literals = long_length(&in, token >> 4);
    copy(out, in, literals);
    in += literals;
    out += literals;
    if (in >= end) return out;
    uint32_t offset = in[0] | (uint32_t)in[1] << 8;
    in += 2;
    uint32_t length = long_length(&in, token & 15) + 4;
    if (offset >= 4)
      copy(out, out - offset, length);
    else
      for (uint32_t i = 0; i < length; i++) out[i] = *(out + i - offset);
    out += length;
  }
}

uint32_t load(void) {
  uint32_t initrd = word(boot_parameters + RAMDISK_IMAGE);
  uint32_t packed = initrd + (INITRD_BYTES + SECTOR - 1) / SECTOR * SECTOR;
  if (word(boot_parameters + RAMDISK_SIZE) == 0) {
    initrd = INITRD_ADDRESS;
    packed = PACKED_ADDRESS;
    uint16_t bus_master = find_bus_master();
    read_bytes(bus_master, INITRD_SECTOR, INITRD_BYTES, initrd);
    read_bytes(bus_master, KERNEL_SECTOR, KERNEL_BYTES, packed);
  }

  /* lz4's legacy frame: a magic number, then blocks with their size before them. */
  const uint8_t *in = (const uint8_t *)packed, *end = in + KERNEL_BYTES;
  uint8_t *out = (uint8_t *)KERNEL_ADDRESS;
  if (word(in) != 0x184c2102) stop("LOADER: no kernel where it should be\r\n");
  for (in += 4; in < end; in += 4 + word(in)) out = unpack_block(in + 4, in + 4 + word(in), out);
  for (; out < (uint8_t *)KERNEL_ADDRESS + KERNEL_MEMORY; out += 4) *(uint32_t *)out = 0;

  *(uint32_t *)(boot_parameters + RAMDISK_IMAGE) = initrd;
  *(uint32_t *)(boot_parameters + RAMDISK_SIZE) = INITRD_BYTES;
  return KERNEL_ENTRY;
}
