#pragma once

#include <atomic>

#include "conduit.h"

// Passes on what the client says, which is trusted; of the encodings that it knows it offers only
// those that the server may use, and of the motions of its pointer so many a second, or all if that
// is 0. Ends by throwing Over.
void PassClientTalk(Conduit &conduit, int mostMotions, const std::atomic<bool> &isPointerRelative);
