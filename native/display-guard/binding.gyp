{
  "targets": [
    {
      "target_name": "display-guard",
      "sources": [
        "addon.cc",
        "client_talk.cc",
        "conduit.cc",
        "guard.cc",
        "pointer_pace.cc",
        "server_talk.cc"
      ],
      "include_dirs": ["<!@(node -p \"require('node-addon-api').include\")"],
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS"],
      "cflags_cc!": ["-std=gnu++17", "-fno-exceptions"],
      "cflags_cc": [
        "-std=c++20",
        "-fexceptions",
        "-fvisibility=hidden",
        "-Wall",
        "-Wextra",
        "-Wno-cast-function-type"
      ],
      # Node unloads an addon with the worker that loaded it, but threads of this one live on.
      "ldflags": ["-Wl,-z,nodelete"]
    }
  ]
}
