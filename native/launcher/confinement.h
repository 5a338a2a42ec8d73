#pragma once

#include <string>

// What one machine's QEMU needs of the computer. Paths are absolute.
struct Needs {
  // The session's private folder: `mount` in it holds the images, sockets are made in it.
  std::string session;
  // The file with the key that libvirt shares with this QEMU; empty for none.
  std::string key;
  // Connections of the guest to others; without it only unix sockets can be made.
  bool network = false;
};

// Confines this process, and QEMU which it becomes, to what is needed. Without Landlock in the
// kernel files are not confined. Throws std::system_error, or std::runtime_error for a session
// without a mount.
void Confine(const Needs &needs);
