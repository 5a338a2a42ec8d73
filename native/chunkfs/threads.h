#pragma once

#include <functional>
#include <thread>

namespace chunkfs {

// Starts a thread that takes no signals: they belong to Node's main thread.
std::thread StartThread(std::function<void()> body);

}  // namespace chunkfs
