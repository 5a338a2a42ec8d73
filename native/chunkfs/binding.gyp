{
  "targets": [
    {
      "target_name": "chunkfs",
      "sources": [
        "addon.cc",
        "arrival.cc",
        "arrivals.cc",
        "chores.cc",
        "chunk_states.cc",
        "claims.cc",
        "courier.cc",
        "deadlines.cc",
        "device.cc",
        "durable_record.cc",
        "file_io.cc",
        "file_lock.cc",
        "file_operations.cc",
        "flusher.cc",
        "fusermount.cc",
        "image.cc",
        "intervals.cc",
        "live_record.cc",
        "log.cc",
        "mount.cc",
        "mount_object.cc",
        "options.cc",
        "overlay.cc",
        "pristine.cc",
        "record.cc",
        "record_format.cc",
        "request.cc",
        "served_image.cc",
        "session.cc",
        "threads.cc",
        "turns.cc",
        "waiters.cc",
        "watch.cc"
      ],
      "include_dirs": ["<!@(node -p \"require('node-addon-api').include\")"],
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_CPP_EXCEPTIONS", "NODE_ADDON_API_CPP_EXCEPTIONS_ALL", "FUSE_USE_VERSION=314"],
      "cflags!": ["-fno-exceptions"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
      "cflags_cc": [
        "-std=c++20",
        "-fexceptions",
        "-fvisibility=hidden",
        "-Wall",
        "-Wextra",
        "-Wno-cast-function-type",
        "<!@(pkg-config --cflags fuse3 libxxhash)"
      ],
      # Libfuse keeps our log function, and a worker of Node unloads its addons when it ends.
      "ldflags": ["-Wl,-z,nodelete"],
      "libraries": ["<!@(pkg-config --libs fuse3 libxxhash)"]
    }
  ]
}
