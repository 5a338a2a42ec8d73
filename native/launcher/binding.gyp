{
  "targets": [
    {
      "target_name": "vmnetx-launcher",
      "type": "executable",
      "sources": ["launcher.cc", "confinement.cc", "filter.cc", "landlock.cc", "system_calls.cc"],
      "cflags_cc!": ["-fno-exceptions"],
      "cflags_cc": ["-std=c++17", "-Wall", "-Wextra"]
    }
  ]
}
