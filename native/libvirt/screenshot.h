#pragma once

#include <libvirt/libvirt.h>

#include "call.h"

// Takes a picture of a domain's screen. Blocks. Throws Failure. The answer is an object
// { mimeType, data: Buffer }.
Answer TakeScreenshot(virDomainPtr domain, unsigned screen);
