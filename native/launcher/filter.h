#pragma once

// Becomes a program that reads its standard input and writes its standard output, and is confined
// to just that: to the system's libraries, and to so many bytes of memory. It can be threads, but
// no second process, and no other program. words: how many bytes, the program, its arguments.
//
// Returns only where the program is nowhere in PATH: the exit status for that. Throws
// std::system_error, or std::runtime_error for words that are none of that kind.
int RunFilter(char **words);
