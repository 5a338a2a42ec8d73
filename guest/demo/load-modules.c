/* Loads the kernel modules that FOLDER/order names, one file name a line, in that order. One
 * process for all of them: starting a program costs more here than loading a module. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int count, char **arguments) {
  if (count != 2 || chdir(arguments[1]) < 0) return 1;
  FILE *order = fopen("order", "r");
  if (order == NULL) return 1;
  char name[128];
  int failed = 0;
  while (fgets(name, sizeof name, order) != NULL) {
    name[strcspn(name, "\n")] = '\0';
    int module = open(name, O_RDONLY | O_CLOEXEC);
    if (module < 0 || (syscall(SYS_finit_module, module, "", 0) < 0 && errno != EEXIST)) {
      perror(name);
      failed = 1;
    }
    if (module >= 0) close(module);
  }
  fclose(order);
  return failed;
}
