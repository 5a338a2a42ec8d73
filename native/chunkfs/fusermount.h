#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "descriptor.h"

namespace chunkfs {

// Why a directory could not be mounted.
struct MountFailure {
  enum class Kind {
    kNoFuse,     // no fusermount3, no /dev/fuse, or no permission for them
    kDirectory,  // not there, not a directory, not empty, not ours
    kRecordNewer,
    kRecordUnusable,
    kOther,
  };
  Kind kind;
  std::string detail;
};

// The environment of this process, as it is now: other threads must not read it while JavaScript
// may change it.
std::vector<std::string> CurrentEnvironment();

// Mounts by the set-uid helper fusermount3, which any user may run. We run it ourselves, because
// libfuse lets it write to our stderr. Returns the descriptor of /dev/fuse. `directory` is absolute
// and free of symbolic links.
std::variant<Descriptor, MountFailure> MountDirectory(const std::string &directory,
                                                      const std::vector<std::string> &environment);

// Takes a mount away from its directory; who has files of it open keeps them. Returns what went
// wrong, if anything.
std::optional<std::string> UnmountDirectory(const std::string &directory,
                                            const std::vector<std::string> &environment);

}  // namespace chunkfs
