#pragma once

#include "conduit.h"

// Passes on what the client says, which is trusted; of the encodings that it knows it offers only
// those that the server may use. Ends by throwing Over.
void PassClientTalk(Conduit &conduit);
