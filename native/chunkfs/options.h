#pragma once

#include <napi.h>

#include "mount.h"

namespace chunkfs {

// Reads the options of a mount as the typed face passes them, and duplicates their descriptors.
// Throws Napi::Error.
MountOptions ReadMountOptions(const Napi::Object &value);

// A whole number of at least 0, exactly as JavaScript can hold it. Throws Napi::Error.
uint64_t ReadWhole(const Napi::Value &value, const char *what);

}  // namespace chunkfs
