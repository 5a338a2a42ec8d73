{
  "targets": [
    {
      "target_name": "libvirt",
      "product_name": "libvirt",
      "sources": [
        "addon.cc",
        "call.cc",
        "connection.cc",
        "connection_core.cc",
        "domain.cc",
        "event_loop.cc",
        "events.cc",
        "failure.cc",
        "mailbox.cc",
        "screenshot.cc",
        "worker_pool.cc"
      ],
      "include_dirs": ["<!@(node -p \"require('node-addon-api').include\")"],
      "defines": [
        "NAPI_VERSION=8",
        "NAPI_CPP_EXCEPTIONS",
        # A worker may be terminated inside of a call: nothing can be thrown into it then.
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
      ],
      "cflags!": ["-fno-exceptions"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
      "cflags_cc": [
        "-std=c++17",
        "-fexceptions",
        "-fvisibility=hidden",
        "-Wall",
        "-Wextra",
        "-Wno-cast-function-type",
        "<!@(pkg-config --cflags libvirt libvirt-qemu)"
      ],
      # Node unloads an addon with the worker that loaded it, but threads of this one live on.
      "ldflags": ["-Wl,-z,nodelete"],
      "libraries": ["<!@(pkg-config --libs libvirt libvirt-qemu)"]
    }
  ]
}
