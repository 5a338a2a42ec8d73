/* The test card: paints /dev/fb0, answers to keys and pointer, and reports on the serial port.
 *
 * SIGUSR1 tells it that the disk is mounted; when the input devices are there as well, its lamp
 * turns green and it prints GUEST-READY. SIGUSR2 has it count from then on, on the screen and in
 * lines COUNT n. The ACPI power button runs /sbin/power-down. */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "card.h"
#include "input.h"
#include "layout.h"
#include "screen.h"

#define POLL_MILLISECONDS 100
#define COUNT_SECONDS 0.2
/* How long a machine that has a mouse may take to show its tablet. */
#define TABLET_SECONDS 3

static volatile sig_atomic_t disk_ready, counting;
static int serial = -1;
static int next_x, next_y;

static void on_disk_ready(int signal_number) {
  (void)signal_number;
  disk_ready = 1;
}

static void on_count(int signal_number) {
  (void)signal_number;
  counting = 1;
}

/* One write for each line, so that lines of several programs do not mix. */
static void report(const char *format, ...) {
  char line[128];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (serial >= 0 && length > 0 && length < (int)sizeof line)
    (void)!write(serial, line, (size_t)length);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void power_down(void) {
  report("POWER-BUTTON\n");
  if (fork() == 0) {
    execl("/sbin/power-down", "power-down", (char *)NULL);
    _exit(127);
  }
}

static void click(uint32_t colour, const char *button) {
  report("CLICK %d %d %s\n", screen_pointer_x(), screen_pointer_y(), button);
  card_click(screen_pointer_x(), screen_pointer_y(), colour);
}

static void on_key(int code, int value) {
  int pressed = value == 1;
  if (value == 2) /* autorepeat */
    return;
  if (code >= BTN_MOUSE && code < BTN_JOYSTICK) {
    if (pressed && code == BTN_LEFT)
      click(MARKER_LEFT, "left");
    else if (pressed && code == BTN_MIDDLE)
      click(MARKER_MIDDLE, "middle");
    else if (pressed && code == BTN_RIGHT)
      click(MARKER_RIGHT, "right");
    return;
  }
  report("KEY %d %d\n", code, value);
  if (pressed && code == KEY_POWER)
    power_down();
  else if (pressed)
    card_key(code);
}

static void handle(const struct input_event *event, int range) {
  static int moved, button, button_value;
  if (event->type == EV_REL && (event->code == REL_X || event->code == REL_Y)) {
    *(event->code == REL_X ? &next_x : &next_y) += event->value;
    moved = 1;
  } else if (event->type == EV_ABS && (event->code == ABS_X || event->code == ABS_Y)) {
    if (event->code == ABS_X)
      next_x = screen_scale_x(event->value, range);
    else
      next_y = screen_scale_y(event->value, range);
    moved = 1;
  } else if (event->type == EV_KEY && event->code >= BTN_MOUSE && event->code < BTN_JOYSTICK) {
    /* A report may name the button before the place: clicks count when it is complete. */
    button = event->code;
    button_value = event->value;
  } else if (event->type == EV_KEY) {
    on_key(event->code, event->value);
  } else if (event->type == EV_SYN) {
    if (moved) screen_move_pointer(next_x, next_y);
    next_x = screen_pointer_x();
    next_y = screen_pointer_y();
    if (button != 0) on_key(button, button_value);
    moved = button = 0;
  }
}

static int input_ready(double since) {
  return input_has_keyboard() &&
         (input_has_tablet() || (input_has_relative_pointer() && now() - since > TABLET_SECONDS));
}

static void count(void) {
  static unsigned number;
  static double next;
  if (now() < next) return;
  next = now() + COUNT_SECONDS;
  number++;
  report("COUNT %u\n", number);
  card_count(number);
}

int main(void) {
  struct sigaction action = {.sa_handler = on_disk_ready};
  sigaction(SIGUSR1, &action, NULL);
  action.sa_handler = on_count;
  sigaction(SIGUSR2, &action, NULL);
  signal(SIGCHLD, SIG_IGN);
  serial = open("/dev/ttyS0", O_WRONLY | O_NOCTTY | O_CLOEXEC);
  if (screen_open() < 0) {
    report("FB NONE\n");
    return 1;
  }
  card_paint();
  report("FB %s READY\n", screen_description());
  if (input_open() < 0) {
    report("INPUT NONE\n");
    return 1;
  }
  next_x = screen_pointer_x();
  next_y = screen_pointer_y();
  double since = 0;
  for (int announced = 0;;) {
    if (!announced && disk_ready) {
      if (since == 0) since = now();
      if (input_ready(since)) {
        announced = 1;
        card_ready();
        report("GUEST-READY uptime=%.2f\n", now());
      }
    }
    if (counting) count();
    input_wait(announced && !counting ? -1 : POLL_MILLISECONDS, handle);
  }
}
