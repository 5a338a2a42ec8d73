#pragma once

// Forbids this process, and all that it becomes, the system calls that lead past Landlock: any
// io_uring, whose requests no filter sees; changing modes, owners, times and attributes of files by
// name; limits of other processes, priorities at the disk, and saying to whom a file's signals go;
// and, without a network, connecting to anything and sockets other than unix sockets, so that no
// service of the user's can be asked for help. They fail with EPERM. Failures throw
// std::system_error.
//
// With a network nothing is known of the address that is connected to, so the user's own unix
// sockets can be reached, unless Landlock (version 9) forbids it.
void ForbidSystemCalls(bool has_network);

// Forbids this process, and all that it becomes, besides what is forbidden to all: sockets,
// processes other than its own threads, priorities and processors of any, memory and messages that
// are shared, and parts of the kernel that a program does not need which reads, computes and
// writes. Failures throw std::system_error.
void ForbidAllButFiltering();
