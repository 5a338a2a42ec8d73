#include "file_operations.h"

#include <fcntl.h>
#include <linux/falloc.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "turns.h"

namespace chunkfs {

namespace {

// Names never change, and sizes only by calls that the kernel makes itself.
constexpr double kAttributesValidSeconds = 86400;
constexpr unsigned kLargestWriteBytes = 1 << 20;
// Read-ahead requests of the kernel that may wait. The kernel's own limit of 12 would let a few
// missing chunks hold up reads of chunks that are here.
constexpr unsigned kBackgroundRequests = 512;
// Copying so much takes about as long as it takes to wake another thread.
constexpr size_t kLongReadBytes = 64 * 1024;
constexpr fuse_ino_t kFirstImage = FUSE_ROOT_ID + 1;

FileTree &TreeOf(fuse_req_t handle) { return *static_cast<FileTree *>(fuse_req_userdata(handle)); }

// Null for the root directory.
ServedImage *ImageOf(fuse_req_t handle, fuse_ino_t inode) {
  const auto &images = TreeOf(handle).images;
  return inode >= kFirstImage && inode - kFirstImage < images.size()
             ? images[inode - kFirstImage].get()
             : nullptr;
}

struct stat AttributesOf(fuse_req_t handle, fuse_ino_t inode) {
  const FileTree &tree = TreeOf(handle);
  struct stat attributes {};
  attributes.st_ino = inode;
  attributes.st_uid = tree.owner;
  attributes.st_gid = tree.group;
  attributes.st_atime = attributes.st_mtime = attributes.st_ctime = tree.mounted_at;
  attributes.st_blksize = kBlockBytes;
  if (const ServedImage *served = ImageOf(handle, inode)) {
    attributes.st_mode = S_IFREG | 0600;
    attributes.st_nlink = 1;
    attributes.st_size = static_cast<off_t>(served->image().size());
    attributes.st_blocks = (attributes.st_size + 511) / 512;
  } else {
    attributes.st_mode = S_IFDIR | 0700;
    attributes.st_nlink = 2;
  }
  return attributes;
}

void Init(void *, fuse_conn_info *connection) {
  // Off, though libfuse would have them:
  // - ASYNC_DIO: a process that reads with O_DIRECT could not be killed while its chunk is missing;
  // - ATOMIC_O_TRUNC: a truncating open then comes as a change of size, which knows its rules;
  // - AUTO_INVAL_DATA: nobody changes the files behind the kernel's back;
  // - SPLICE_*: small requests are slower with it;
  // - WRITEBACK_CACHE: dirty pages of a FUSE mount can hang a computer that is being suspended.
  connection->want = connection->capable & (FUSE_CAP_ASYNC_READ | FUSE_CAP_PARALLEL_DIROPS);
  connection->max_write = kLargestWriteBytes;
  connection->max_background = kBackgroundRequests;
  connection->congestion_threshold = kBackgroundRequests * 3 / 4;
}

void Lookup(fuse_req_t handle, fuse_ino_t parent, const char *name) {
  const auto &images = TreeOf(handle).images;
  const auto found = std::find_if(images.begin(), images.end(),
                                  [name](const auto &image) { return image->name() == name; });
  if (parent != FUSE_ROOT_ID || found == images.end()) {
    fuse_reply_err(handle, ENOENT);
    return;
  }
  fuse_entry_param entry{};
  entry.ino = kFirstImage + static_cast<fuse_ino_t>(found - images.begin());
  entry.attr = AttributesOf(handle, entry.ino);
  entry.attr_timeout = entry.entry_timeout = kAttributesValidSeconds;
  fuse_reply_entry(handle, &entry);
}

void GetAttributes(fuse_req_t handle, fuse_ino_t inode, fuse_file_info *) {
  const struct stat attributes = AttributesOf(handle, inode);
  fuse_reply_attr(handle, &attributes, kAttributesValidSeconds);
}

void SetAttributes(fuse_req_t handle, fuse_ino_t inode, struct stat *wanted, int which,
                   fuse_file_info *) {
  constexpr int kOwnership = FUSE_SET_ATTR_MODE | FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID;
  ServedImage *served = ImageOf(handle, inode);
  LetOthersServe();
  int error = (which & kOwnership) != 0 ? EPERM : 0;
  if (error == 0 && (which & FUSE_SET_ATTR_SIZE) != 0)
    error = served ? served->image().Resize(static_cast<uint64_t>(wanted->st_size)) : EISDIR;
  if (error != 0) {
    fuse_reply_err(handle, error);
    return;
  }
  GetAttributes(handle, inode, nullptr);
}

// Memory files too open for writing, because QEMU insists; they refuse the writes.
void Open(fuse_req_t handle, fuse_ino_t inode, fuse_file_info *file) {
  ServedImage *served = ImageOf(handle, inode);
  if (served == nullptr) {
    fuse_reply_err(handle, EISDIR);
    return;
  }
  // Without the page cache a file cannot be mapped.
  file->keep_cache = 1;
  served->open_handles.fetch_add(1);
  // An open that was interrupted has no release.
  if (fuse_reply_open(handle, file) != 0) served->open_handles.fetch_sub(1);
}

void Release(fuse_req_t handle, fuse_ino_t inode, fuse_file_info *) {
  if (ServedImage *served = ImageOf(handle, inode)) served->open_handles.fetch_sub(1);
  fuse_reply_err(handle, 0);
}

void Read(fuse_req_t handle, fuse_ino_t inode, size_t bytes, off_t offset, fuse_file_info *) {
  if (bytes >= kLongReadBytes) LetOthersServe();
  ImageOf(handle, inode)
      ->Begin(handle, {Operation::Kind::kRead, static_cast<uint64_t>(offset), bytes});
}

void Write(fuse_req_t handle, fuse_ino_t inode, const char *data, size_t bytes, off_t offset,
           fuse_file_info *) {
  LetOthersServe();
  ImageOf(handle, inode)
      ->Begin(handle,
              {Operation::Kind::kWrite, static_cast<uint64_t>(offset), bytes, {data, bytes}});
}

void Allocate(fuse_req_t handle, fuse_ino_t inode, int mode, off_t offset, off_t length,
              fuse_file_info *) {
  ServedImage *served = ImageOf(handle, inode);
  LetOthersServe();
  const bool grow = (mode & FALLOC_FL_KEEP_SIZE) == 0;
  const auto begin = static_cast<uint64_t>(offset);
  const auto bytes = static_cast<uint64_t>(length);
  switch (mode & ~FALLOC_FL_KEEP_SIZE) {
    case 0: {
      // No space is reserved: a full disk shows at the write, and QEMU pauses the guest for that.
      Image &image = served->image();
      const int error = grow ? image.GrowTo(begin + bytes) : image.is_writable() ? 0 : EPERM;
      fuse_reply_err(handle, error);
      return;
    }
    case FALLOC_FL_PUNCH_HOLE:
    case FALLOC_FL_ZERO_RANGE:
      served->Begin(
          handle, {.kind = Operation::Kind::kZero, .offset = begin, .length = bytes, .grow = grow});
      return;
    default:
      fuse_reply_err(handle, served->image().is_writable() ? EOPNOTSUPP : EPERM);
  }
}

void ReadDirectory(fuse_req_t handle, fuse_ino_t, size_t bytes, off_t offset, fuse_file_info *) {
  const auto &images = TreeOf(handle).images;
  std::vector<char> entries(bytes);
  size_t used = 0;
  for (auto at = static_cast<size_t>(offset); at < images.size() + 2; ++at) {
    const bool is_image = at >= 2;
    const std::string name = is_image ? images[at - 2]->name() : std::string(at + 1, '.');
    const struct stat attributes =
        AttributesOf(handle, is_image ? kFirstImage + (at - 2) : FUSE_ROOT_ID);
    const size_t needed = fuse_add_direntry(handle, entries.data() + used, bytes - used,
                                            name.c_str(), &attributes, static_cast<off_t>(at + 1));
    if (needed > bytes - used) break;
    used += needed;
  }
  fuse_reply_buf(handle, entries.data(), used);
}

void FileSystemStatistics(fuse_req_t handle, fuse_ino_t) {
  struct statvfs statistics {};
  statistics.f_bsize = statistics.f_frsize = kBlockBytes;
  statistics.f_namemax = 255;
  for (const auto &served : TreeOf(handle).images) {
    statistics.f_blocks += (served->image().size() + kBlockBytes - 1) / kBlockBytes;
    statistics.f_files += 1;
    // What is free is what the overlays' file system has left.
    const Overlay *overlay = served->image().overlay();
    struct statvfs below;
    if (overlay == nullptr || fstatvfs(overlay->number(), &below) != 0) continue;
    statistics.f_bfree = statistics.f_bavail = below.f_bavail * below.f_frsize / kBlockBytes;
  }
  statistics.f_blocks += statistics.f_bfree;
  fuse_reply_statfs(handle, &statistics);
}

// The directory never changes.
template <typename... Arguments>
void RefuseChange(fuse_req_t handle, Arguments...) {
  fuse_reply_err(handle, EPERM);
}

fuse_lowlevel_ops MakeTable() {
  // Not here on purpose: flush and fsync (the kernel then stops asking and succeeds; an overlay
  // does not outlive its session), locks (the kernel serves them itself), lseek, ioctl.
  fuse_lowlevel_ops table{};
  table.init = Init;
  table.lookup = Lookup;
  table.getattr = GetAttributes;
  table.setattr = SetAttributes;
  table.open = Open;
  table.release = Release;
  table.read = Read;
  table.write = Write;
  table.fallocate = Allocate;
  table.readdir = ReadDirectory;
  table.statfs = FileSystemStatistics;
  table.create = RefuseChange;
  table.mknod = RefuseChange;
  table.mkdir = RefuseChange;
  table.symlink = RefuseChange;
  table.link = RefuseChange;
  table.unlink = RefuseChange;
  table.rmdir = RefuseChange;
  table.rename = RefuseChange;
  return table;
}

}  // namespace

const fuse_lowlevel_ops &FileOperations() {
  static const fuse_lowlevel_ops table = MakeTable();
  return table;
}

}  // namespace chunkfs
