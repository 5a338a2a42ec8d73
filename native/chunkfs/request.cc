#include "request.h"

namespace chunkfs {

Request::Request(fuse_req_t handle, ServedImage &image, const Operation &operation,
                 std::optional<Clock::time_point> deadline)
    : handle_(handle),
      image_(image),
      operation_(operation),
      data_(operation.data.begin(), operation.data.end()),
      deadline_(deadline) {
  operation_.data = data_;
}

void Refuse(std::unique_ptr<Request> request, int error) {
  fuse_reply_err(request->handle(), error);
}

}  // namespace chunkfs
