#pragma once

// Libfuse's headers are C; the version of its interface is set by the build.
#include <fuse_lowlevel.h>
