#pragma once

#include <string>

// Connects to the VNC server at a unix socket, by threads of its own that pass on what may be said.
// Never waits: if there is no server the connection ends at once.
//
// mostMotions: of the client's pointer, in a second; 0: as many as there are.
//
// Returns the client's end of the connection, a blocking socket that is the caller's; -1 if there
// are too many files or threads.
int ConnectGuarded(const std::string &path, int mostMotions);
