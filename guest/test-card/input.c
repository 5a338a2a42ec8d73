#include "input.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_DEVICES 16

/* Slot 0 watches the folder, slot i + 1 belongs to event device i; unused slots hold -1. */
static struct pollfd slots[MOST_DEVICES + 1];
static int keyboard, relative_pointer, tablet;

static int has_bit(int device, unsigned type, unsigned code) {
  unsigned char bits[KEY_MAX / 8 + 1] = {0};
  return ioctl(device, EVIOCGBIT(type, sizeof bits), bits) >= 0 &&
         (bits[code / 8] >> (code % 8) & 1) != 0;
}

static void open_new_devices(void) {
  for (int i = 0; i < MOST_DEVICES; i++) {
    char path[32];
    snprintf(path, sizeof path, "/dev/input/event%d", i);
    if (slots[i + 1].fd >= 0) continue;
    int device = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (device < 0) continue;
    slots[i + 1].fd = device;
    keyboard |= has_bit(device, EV_KEY, KEY_ENTER);
    relative_pointer |= has_bit(device, EV_REL, REL_X);
    tablet |= has_bit(device, EV_ABS, ABS_X) && has_bit(device, EV_KEY, BTN_LEFT);
  }
}

int input_open(void) {
  for (int i = 0; i <= MOST_DEVICES; i++) slots[i] = (struct pollfd){.fd = -1, .events = POLLIN};
  mkdir("/dev/input", 0755);
  slots[0].fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (slots[0].fd < 0 || inotify_add_watch(slots[0].fd, "/dev/input", IN_CREATE) < 0) return -1;
  open_new_devices();
  return 0;
}

static void read_device(struct pollfd *slot,
                        void (*handle)(const struct input_event *event, int range)) {
  struct input_event event;
  while (read(slot->fd, &event, sizeof event) == sizeof event) {
    struct input_absinfo axis = {0};
    if (event.type == EV_ABS) ioctl(slot->fd, EVIOCGABS(event.code), &axis);
    handle(&event, axis.maximum > 0 ? axis.maximum : 1);
  }
  if ((slot->revents & (POLLERR | POLLHUP)) != 0) {
    close(slot->fd);
    slot->fd = -1;
  }
}

void input_wait(int milliseconds, void (*handle)(const struct input_event *event, int range)) {
  if (poll(slots, MOST_DEVICES + 1, milliseconds) <= 0) return;
  if (slots[0].revents != 0) {
    char notices[4096];
    while (read(slots[0].fd, notices, sizeof notices) > 0) continue;
    open_new_devices();
  }
  for (int i = 1; i <= MOST_DEVICES; i++)
    if (slots[i].fd >= 0 && slots[i].revents != 0) read_device(&slots[i], handle);
}

int input_has_keyboard(void) { return keyboard; }
int input_has_relative_pointer(void) { return relative_pointer; }
int input_has_tablet(void) { return tablet; }
