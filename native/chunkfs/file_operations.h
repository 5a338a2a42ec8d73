#pragma once

#include <sys/types.h>

#include <ctime>
#include <memory>
#include <vector>

#include "fuse.h"
#include "served_image.h"

namespace chunkfs {

// What is on the mount: one directory that holds the images.
struct FileTree {
  std::vector<std::unique_ptr<ServedImage>> images;
  uid_t owner;
  gid_t group;
  time_t mounted_at;
};

// Libfuse's table of operations; the session's user data is the FileTree.
const fuse_lowlevel_ops &FileOperations();

}  // namespace chunkfs
